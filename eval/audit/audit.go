// Package audit attacks a pipeline that claims differential privacy, on data of the one who runs it.
//
//  1. A design is made: canaries, records that nobody has, each in the data or not by a fair coin; and units that are held out, as a control
//     group. The data's files are not touched and not copied: the pipeline reads an edited [record.Source].
//  2. The [Pipeline], which is the caller's, makes a profile and synthetic records of that.
//  3. The attacker guesses which canaries were in the data, from counts of the profile and from synthetic records. How often he is right
//     bounds ε from below (Steinke, Nasr & Jagielski 2023).
//  4. The noise in the profile's counts is compared with what the profile says of it.
//  5. What canaries hold and nobody else does is looked for, letter by letter.
//  6. Records that were in the data are attacked beside others that were held out (Giomi et al. 2022, Anonymeter).
//
// An attack that fails proves nothing: the claim is a theorem, and an audit can only find that a program does not do what was proved. The
// package looks at real rows, and what it reports is not private.
package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// Schema names the shape of a [Report] as JSON.
const Schema = "patina.audit/1"

// Warning stands above everything that is made of a report.
const Warning = "NOT PRIVATE: this was measured on real rows, without noise. Treat it like the data."

// A Claim is what the pipeline promises for each unit.
type Claim struct {
	Epsilon float64 `json:"epsilon"`
	Delta   float64 `json:"delta"`
	Mu      float64 `json:"mu"` // of Gaussian differential privacy, thresholds apart
}

// Options say how to audit.
type Options struct {
	Claim    Claim
	Unit     Unit
	Columns  []string // of JSON lines; nil are those that its records have
	Canaries int      // 0 is a tenth of the rows, but no fewer than 100 and no more than 1000
	Seed     uint64   // of everything but the canaries' coins and the pipeline's noise

	// Progress is told about the phases; nil is allowed.
	Progress func(phase string, done float64)
}

// The numbers of canaries. A thousand that are all guessed right prove ε = 5, and each takes room of the others in what is measured.
const (
	MinCanaries   = 20
	MaxCanaries   = 3000
	fewCanaries   = 100
	usualCanaries = 1000
)

// canaries is how many there are for so many rows.
func (o Options) canaries(rows int) int {
	if o.Canaries > 0 {
		return o.Canaries
	}
	return min(usualCanaries, max(fewCanaries, rows/10))
}

// Artefacts are what a pipeline makes.
type Artefacts struct {
	Profile   *profile.Profile
	File      *record.Source // the profile's own file, as a table
	Synthetic *record.Source
}

// A Pipeline makes a profile and synthetic records of a source. Nothing of them may be published.
type Pipeline func(ctx context.Context, src *record.Source) (*Artefacts, error)

// ErrNoRows is for data without a record.
var ErrNoRows = errors.New("the data has no records to audit with")

// A Report is what an audit found.
type Report struct {
	Schema     string   `json:"schema"`
	NotPrivate bool     `json:"not_private"` // always true
	Warning    string   `json:"warning"`
	Rows       int      `json:"rows"`     // of the data
	HeldOut    int      `json:"held_out"` // of them, as a control group
	LeftOut    int      `json:"left_out"` // of them, because more of their unit are in the data than count
	Canaries   int      `json:"canaries"`
	Included   int      `json:"included"` // of them
	Seed       uint64   `json:"seed"`
	Claim      Claim    `json:"claim"`
	Confidence float64  `json:"confidence"` // of Epsilon and of the attacks' bounds, all of them together
	Epsilon    float64  `json:"epsilon"`    // at least, by the best attack
	Most       float64  `json:"most"`       // that so many canaries could prove, had every guess been right
	Expected   float64  `json:"expected"`   // that a perfect attacker would prove on average, if the noise is exactly as claimed
	Attacks    []Attack `json:"attacks"`
	Noise      Noise    `json:"noise"`
	Scan       Scan     `json:"scan"`
	Targets    int      `json:"targets"` // records of each group at most, those in the data and those held out, that were attacked
	SingledOut []Risk   `json:"singled_out"`
	Inference  []Risk   `json:"inference"`
	Findings   []string `json:"findings"` // what is wrong; empty when nothing was found
	Warnings   []string `json:"warnings"` // what should be looked into, and may be no fault
	Limits     []string `json:"limits"`   // what this does not show
}

// confidence is that of the bounds on ε, which is divided among them.
const confidence = 0.95

// attackers is how many of them there are; each bound takes an equal part of the probability of being wrong.
const attackers = 2

func wrong() float64 { return (1 - confidence) / float64(attackers*len(guessShares)) }

// Run audits a pipeline on a source.
func Run(ctx context.Context, src *record.Source, pipeline Pipeline, opts Options) (*Report, error) {
	if opts.Progress == nil {
		opts.Progress = func(string, float64) {}
	}
	opts.Progress("making canaries", 0)
	names, err := columnsOf(ctx, src, opts)
	if err != nil {
		return nil, err
	}
	d, err := newDesign(ctx, src, names, opts)
	if err != nil {
		return nil, err
	}
	if d.rows == 0 {
		return nil, ErrNoRows
	}
	made, err := pipeline(ctx, src.Edited(func(row int) bool { return d.left(row) || d.held(row) }, d.added()))
	if err != nil {
		return nil, err
	}
	r := &Report{
		Schema: Schema, NotPrivate: true, Warning: Warning, Rows: d.rows, Canaries: len(d.canaries), Seed: opts.Seed, Claim: opts.Claim, Confidence: confidence,
		Findings: []string{}, Warnings: []string{}, Limits: limits,
	}
	for _, in := range d.in {
		if in {
			r.Included++
		}
	}
	opts.Progress("attacking", 0)
	if err := r.attack(ctx, src, d, made); err != nil {
		return nil, err
	}
	opts.Progress("looking for canaries", 0)
	if err := r.scan(ctx, d, made); err != nil {
		return nil, err
	}
	r.conclude()
	return r, nil
}

// maxColumns bounds the columns of JSON lines, the commonest first.
const maxColumns = 500

// columnsOf returns the columns that canaries have.
func columnsOf(ctx context.Context, src *record.Source, opts Options) ([]string, error) {
	if src.Schema().Format != record.JSONL {
		return src.Schema().Names(), nil
	}
	if opts.Columns != nil {
		return opts.Columns, nil
	}
	count := map[string]int{}
	err := src.Paths(ctx, func(paths []string) error {
		for _, p := range paths {
			if _, ok := count[p]; !ok {
				p = strings.Clone(p)
			}
			count[p]++
		}
		return nil
	})
	for _, c := range opts.Unit.Columns {
		count[c] = math.MaxInt
	}
	names := slices.SortedFunc(maps.Keys(count), func(a, b string) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return strings.Compare(a, b)
	})
	return names[:min(len(names), maxColumns)], err
}

// attack reads the data once more, beside what was made of it.
func (r *Report) attack(ctx context.Context, src *record.Source, d *design, made *Artefacts) error {
	e, err := newEncoder(made.Profile)
	if err != nil {
		return err
	}
	p, err := newPeople(made.Profile)
	if err != nil {
		return err
	}
	var g groups
	row, codes := 0, make([][2]int32, len(e.columns))
	err = src.Read(ctx, e.names, func(b *record.Batch) error {
		for i := range b.Rows {
			switch {
			case d.left(row):
				r.LeftOut++
			case d.held(row):
				r.HeldOut++
				g.control = append(g.control, p.row(b, i))
			default:
				e.code(b.Cells, i, codes)
				e.add(codes)
				if d.target(row) {
					g.training = append(g.training, p.row(b, i))
				}
			}
			row++
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the data again: %w", err)
	}
	e.place(d)
	if err := r.member(ctx, e, d, made); err != nil {
		return err
	}
	return r.people(ctx, p, g, made)
}

// member guesses which canaries were in the data.
func (r *Report) member(ctx context.Context, e *encoder, d *design, made *Artefacts) error {
	seen, err := e.count(ctx, made.Synthetic)
	if err != nil {
		return fmt.Errorf("read the synthetic records: %w", err)
	}
	counted := d.unit.counted()
	profiled := scores(e.marginals, func(m *marginal, at int) (float64, float64) {
		return m.values[at], m.sigma * m.sigma
	}, len(d.canaries), counted)
	scale := made.Profile.Manifest.Rows / float64(max(1, seen.rows))
	sampled := scores(e.marginals, func(m *marginal, at int) (float64, float64) {
		return seen.counts[m][at] * scale, m.sigma*m.sigma + scale*scale
	}, len(d.canaries), counted)
	r.Attacks = []Attack{
		attack("profile", profiled, d.in, r.Claim, wrong()),
		attack("synthetic records", sampled, d.in, r.Claim, wrong()),
	}
	for _, a := range r.Attacks {
		r.Epsilon = max(r.Epsilon, a.best().Epsilon)
	}
	n := len(d.canaries)
	for _, k := range guesses(n) {
		right := int(perfect(n, k, r.Claim.Mu))
		r.Expected = max(r.Expected, leastEpsilon(n, k, right, r.Claim.Delta, wrong()))
		r.Most = max(r.Most, leastEpsilon(n, k, k, r.Claim.Delta, wrong()))
	}
	r.Noise = measureNoise(e.marginals, d.in, counted)
	return nil
}

// people attacks records that were in the data and others.
func (r *Report) people(ctx context.Context, p *people, g groups, made *Artefacts) error {
	rng := seedOf(r.Seed, "people")
	for _, list := range [][][]field{g.training, g.control} {
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
	n := min(len(g.training), len(g.control))
	g.training, g.control = g.training[:n], g.control[:n]
	r.Targets = n
	synthetic, err := p.read(ctx, made.Synthetic, rng)
	if err != nil {
		return fmt.Errorf("read the synthetic records: %w", err)
	}
	var columns []int
	for c, made := range p.made {
		if !made {
			columns = append(columns, c)
		}
	}
	several, err := multivariate(ctx, synthetic, columns, rng)
	if err != nil {
		return err
	}
	r.SingledOut = []Risk{
		singleOut("singling out, one column", univariate(synthetic, columns, rng), g),
		singleOut("singling out, several columns", several, g),
	}
	if r.Inference, err = inference(ctx, p, synthetic, columns, g); r.Inference == nil {
		r.Inference = []Risk{}
	}
	return err
}

// scan looks for canaries in everything that was made.
func (r *Report) scan(ctx context.Context, d *design, made *Artefacts) error {
	needles, texts := d.needles()
	h := newHaystack(needles)
	manifest, err := json.Marshal(made.Profile.Manifest)
	if err != nil {
		return fmt.Errorf("look through the manifest: %w", err)
	}
	h.search(0, string(manifest))
	if err := h.searchTable(ctx, 1, made.File, nil); err != nil {
		return fmt.Errorf("look through the profile: %w", err)
	}
	var names []string
	for _, c := range made.Profile.Manifest.Columns {
		names = append(names, c.Name)
	}
	if err := h.searchTable(ctx, 2, made.Synthetic, names); err != nil {
		return fmt.Errorf("look through the synthetic records: %w", err)
	}
	r.Scan = h.judge(d.in, []string{"the profile's manifest", "the profile's rows", "the synthetic records"})
	r.Scan.Texts = texts
	return nil
}

// falseNoise is the probability with which the noise is called too small though it is not.
const falseNoise = 1e-8

// conclude says what is wrong.
func (r *Report) conclude() {
	if r.Epsilon > r.Claim.Epsilon {
		r.Findings = append(r.Findings, fmt.Sprintf("the attack proves ε ≥ %.2f, and ε = %.4g is claimed", r.Epsilon, r.Claim.Epsilon))
	}
	if r.Noise.P < falseNoise {
		r.Findings = append(r.Findings, fmt.Sprintf("the noise in the profile is %.3f of what it says", r.Noise.Ratio))
	}
	if r.Noise.Above < falseNoise {
		r.Warnings = append(r.Warnings, fmt.Sprintf("counts of the profile differ from the exact ones by %.3f of its noise: it counts otherwise than this audit", r.Noise.Ratio))
	}
	if n := len(r.Scan.Leaks); n > 0 {
		r.Findings = append(r.Findings, fmt.Sprintf("a canary's text is in %s, and %d such places in all", r.Scan.Leaks[0].Where, n))
	} else if r.Scan.leaked() {
		r.Findings = append(r.Findings, fmt.Sprintf("parts of the texts of %d canaries that were in the data were found, and of %d that were not", r.Scan.Included, r.Scan.Excluded))
	}
}

// limits are what no audit shows.
var limits = []string{
	"An attack that fails proves nothing. The claim is a theorem (dp/PRIVACY.md); the audit can only find that this program, on this data, does not keep it.",
	"One run of the pipeline proves far less than the claim even where the claim is exact: see the figure that a perfect attacker would reach.",
	"The run that was attacked was a throw-away, with a ledger of its own. It was charged to no account, and what it made is deleted. Whatever of this report leaves the vault is a release that nobody paid for.",
	"Attacks on records that were held out say what synthetic records of this data give away beside what they teach about anybody. They are three attacks among many.",
}
