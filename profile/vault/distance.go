package vault

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/profile/vault/internal/choose"
	"github.com/patina-data/patina/profile/vault/internal/encode"
	"github.com/patina-data/patina/profile/vault/internal/raw"
	"github.com/patina-data/patina/profile/vault/internal/spill"
)

// DistanceSchema names the shape of [Distances] as JSON.
const DistanceSchema = "patina.distances/1"

// A DistanceRequest says how to measure how far synthetic records are from real ones. Epsilon and Delta have no defaults.
type DistanceRequest struct {
	Epsilon account.Epsilon
	Delta   account.Delta
	Unit    spec.Unit         // of privacy; the zero Unit is the record
	Profile *profile.Profile  // whose domains the cells are counted in, and whose columns both tables have
	Purpose string            // for the ledger's report
	By      string            // who or which job, for the ledger's report
	Memory  int64             // as Options.Memory
	Held    func(bytes int64) // as Options.Held

	Progress func(phase string, done float64) // as Options.Progress
}

// Distances are how far synthetic records are from real ones, as measured under differential privacy: they may leave the vault.
type Distances struct {
	Schema    string          `json:"schema"`
	Privacy   profile.Privacy `json:"privacy"`
	Dataset   string          `json:"dataset"` // the account that paid
	Run       string          `json:"run"`     // the reservation's ID
	Rows      profile.Approx  `json:"rows"`    // real records that were used
	Synthetic int             `json:"synthetic_rows"`
	Columns   []Distance      `json:"columns"` // of single attributes
	Pairs     []Distance      `json:"pairs"`
	Omitted   int             `json:"omitted_pairs"` // pairs of attributes that were not measured, to keep the noise of the others low
}

// A Distance is the total variation distance ½Σ|p − q| between the real and the synthetic shares of the cells of some attributes: the
// part of the records that would have to change, from 0, the same, to 1; lower is better.
type Distance struct {
	Attributes []string       `json:"attributes"`
	TV         profile.Approx `json:"tv"`
	// Floor is what the distance would be if both were drawn from the same distribution, by chance alone.
	Floor float64 `json:"floor"`
}

// maxDistancePairs bounds the pairs: noise grows with the square root of their number.
const maxDistancePairs = 120

// What of a comparison's ρ goes where.
const (
	distanceRows   = 0.05
	distanceSingle = 0.35
)

// MeasureDistance measures how far the synthetic records are from the real ones, over the marginals of single attributes and of pairs: of
// each, Σ|x − e|, x the real counts and e what the synthetic records let expect, of which one record moves each by at
// most one, as misfits are ([encode.Joint.Misfits]). The budget is reserved before anything is counted, and the result's digest
// committed before it is returned. Errors are those of Profile.
func MeasureDistance(ctx context.Context, real, synthetic *record.Source, ledger *dp.Ledger, req DistanceRequest) (out *Distances, err error) {
	defer func() {
		if recover() != nil {
			out, err = nil, errors.New("vault: internal error (what was reserved stays spent)")
		}
	}()
	c, err := newComparison(real, synthetic, req)
	if err != nil {
		return nil, err
	}
	c.store = newStore(req.Memory, req.Held)
	defer c.store.Close()
	defer c.store.Watch(ctx)()
	request := dp.Request{
		Epsilon: req.Epsilon, Delta: req.Delta, Run: "distance to synthetic data", Purpose: req.Purpose, By: req.By,
		Unit: req.Unit.Name(), MaxRecords: c.rule.Unit().Records(),
	}
	budget, err := request.Budget()
	if err != nil {
		return nil, err
	}
	if least := min(distanceRows, distanceSingle/account.Rho(len(c.singles))); sigmaFor(budget.Rho*least, c.rule.Unit().Bound(1)) > dp.MaxSigma {
		return nil, fmt.Errorf("ε = %g at δ = %g is too little: the noise could not be drawn", float64(req.Epsilon), float64(req.Delta))
	}
	if err := ledger.Check(ctx, request); err != nil {
		return nil, err
	}
	if err := c.load(ctx); err != nil {
		return nil, err
	}
	run, err := ledger.Reserve(ctx, request)
	if err != nil {
		return nil, err
	}
	if out, err = c.measure(run, ledger.Dataset()); err == nil {
		err = commitResult(ctx, run, out)
	}
	if err != nil {
		return nil, fmt.Errorf("%w (reservation %s stays spent)", err, run.Reservation().ID)
	}
	return out, nil
}

// commitResult commits the digest of a result as JSON.
func commitResult(ctx context.Context, run *dp.Run, out *Distances) error {
	data, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("encode the distances: %w", err)
	}
	sum := sha256.Sum256(data)
	return run.Commit(context.WithoutCancel(ctx), hex.EncodeToString(sum[:]), "distances", []string{"the columns' domains are those of the profile that was given"})
}

// A comparison is a measurement of distances in the making.
type comparison struct {
	req             DistanceRequest
	rule            bound.Rule
	real, synthetic *record.Source
	columns         []profile.Column
	attributes      []comparedAttribute
	singles, pairs  [][]int // attributes
	omitted         int

	store    *spill.Store
	rows     *raw.Table
	joint    *encode.Joint
	expected *syntheticCounts
}

// A comparedAttribute is a column's values or forms, in groups.
type comparedAttribute struct {
	name   string
	column int
	form   bool
	groups []int32 // [code]
	size   int
}

func newComparison(real, synthetic *record.Source, req DistanceRequest) (*comparison, error) {
	c := &comparison{req: req, real: real, synthetic: synthetic, rule: bound.Rule{
		Columns: req.Unit.Columns, Most: req.Unit.MaxRecords, DropKeyless: req.Unit.Missing == spec.DropMissing,
	}}
	if err := req.Unit.Validate(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMismatch, err)
	}
	for _, col := range req.Profile.Manifest.Columns {
		if has(real, col.Name) && has(synthetic, col.Name) {
			c.columns = append(c.columns, col)
		}
	}
	if len(c.columns) == 0 {
		return nil, fmt.Errorf("%w: the real and the synthetic table have no column of the profile in common", ErrMismatch)
	}
	for _, name := range c.rule.Columns {
		if !has(real, name) {
			return nil, fmt.Errorf("%w: the unit's column %q is none of the real table's", ErrMismatch, name)
		}
	}
	for i, col := range c.columns {
		for _, form := range []bool{false, true} {
			c.addAttribute(i, col, form)
		}
	}
	c.choosePairs()
	return c, nil
}

// has reports whether a table has a column; JSON lines may have any.
func has(src *record.Source, name string) bool {
	s := src.Schema()
	return s.Format == record.JSONL || slices.Contains(s.Names(), name)
}

// addAttribute adds a column's values or forms, in the groups of their view or as they are. One of a single group says nothing.
func (c *comparison) addAttribute(column int, col profile.Column, form bool) {
	name := col.Name
	if form {
		name = profile.FormName(col.Name)
	}
	a := c.req.Profile.Attribute(name)
	if a == nil {
		return
	}
	out := comparedAttribute{name: name, column: column, form: form, groups: a.Groups}
	if out.groups == nil || !slices.ContainsFunc(a.Groups, func(g int32) bool { return g > 0 }) {
		out.groups = make([]int32, len(a.Codes))
		for i := range out.groups {
			out.groups[i] = int32(min(i, encode.MaxView-1))
		}
	}
	if out.size = int(slices.Max(out.groups)) + 1; out.size > 1 {
		c.singles = append(c.singles, []int{len(c.attributes)})
		c.attributes = append(c.attributes, out)
	}
}

// choosePairs takes the pairs of attributes of different columns, values before forms, as many as are measured.
func (c *comparison) choosePairs() {
	for i, a := range c.attributes {
		for k, b := range c.attributes[:i] {
			if a.column != b.column {
				c.pairs = append(c.pairs, []int{k, i})
			}
		}
	}
	forms := func(pair []int) (n int) {
		for _, i := range pair {
			if c.attributes[i].form {
				n++
			}
		}
		return n
	}
	slices.SortStableFunc(c.pairs, func(a, b []int) int { return forms(a) - forms(b) })
	if n := len(c.pairs); n > maxDistancePairs {
		c.pairs, c.omitted = c.pairs[:maxDistancePairs], n-maxDistancePairs
	}
}

// load reads both tables. Nothing of the real one leaves the process by it.
func (c *comparison) load(ctx context.Context) error {
	names := make([]string, len(c.columns))
	for i, col := range c.columns {
		names[i] = col.Name
	}
	chosen, err := bound.Choose(ctx, c.real, c.rule, dp.NewKey(), c.read)
	if err != nil {
		return err
	}
	if c.rows, err = raw.Load(ctx, c.real, names, chosen, c.store, raw.DefaultLimits(), c.read); err != nil {
		return err
	}
	coders, codecs := make([]*profile.Coder, len(c.columns)), make([]mess.Codec, len(c.columns))
	for i, col := range c.columns {
		if codecs[i], err = col.Codec(); err != nil {
			return fmt.Errorf("%w: column %q: %w", ErrMismatch, col.Name, err)
		}
		value, form := c.req.Profile.Attribute(col.Name), c.req.Profile.Attribute(profile.FormName(col.Name))
		coders[i] = profile.NewCoder(value.Codes, form.Codes)
	}
	c.joint = &encode.Joint{}
	words := make([]*mess.Vocabulary, len(c.columns))
	encoded := make([]*encode.Column, len(c.columns))
	for i, col := range c.columns {
		words[i] = profile.Words(c.req.Profile.Attribute(col.Name).Codes)
		encoded[i] = encode.New(codecs[i], &c.rows.Columns[i])
		encoded[i].Settle(c.req.Profile.Attribute(col.Name).Codes, words[i])
	}
	for _, a := range c.attributes {
		add := c.joint.AddValue
		if a.form {
			add = c.joint.AddForm
		}
		add(encoded[a.column], coders[a.column], a.groups, a.size)
	}
	c.expected, err = countSynthetic(ctx, c, names, codecs, coders, words)
	return err
}

// read tells how far the reading is.
func (c *comparison) read(done float64) {
	if c.req.Progress != nil {
		c.req.Progress("reading", done)
	}
}

// measure spends the run.
func (c *comparison) measure(run *dp.Run, dataset string) (*Distances, error) {
	x := exits{run: run, unit: c.rule.Unit()}
	rho := run.Reserved().Rho * spare
	rows, err := x.rows(c.rows, atMost(rho*distanceRows))
	if err != nil {
		return nil, err
	}
	n, sigma := rows.Values[0], float64(rows.Event.Sigma)
	if n < minRows*sigma {
		return nil, fmt.Errorf("%w: the noisy row count is %.0f ± %.0f", ErrTooSmall, n, 1.96*sigma)
	}
	out := &Distances{
		Schema: DistanceSchema, Dataset: dataset, Run: run.Reservation().ID, Omitted: c.omitted,
		Rows: profile.Approx{Value: n, PlusMinus: 1.96 * sigma}, Synthetic: c.expected.rows, Pairs: []Distance{},
	}
	if out.Columns, err = c.distances(x, c.singles, n, atMost(rho*distanceSingle)); err != nil {
		return nil, err
	}
	share := account.Rho(1 - distanceRows - distanceSingle)
	if len(c.pairs) > 0 && !x.tooFaint(atMost(rho*share), len(c.pairs)) {
		if out.Pairs, err = c.distances(x, c.pairs, n, atMost(rho*share)); err != nil {
			return nil, err
		}
	}
	if err := c.rows.Err(); err != nil {
		return nil, err
	}
	b := &build{opts: Options{Epsilon: c.req.Epsilon, Delta: c.req.Delta, Unit: c.req.Unit}, rule: c.rule}
	p := &profile.Profile{}
	b.state(p, run)
	out.Privacy = p.Manifest.Privacy
	return out, nil
}

// distances releases the misfits of some sets of attributes, and what they are as shares of n records.
func (c *comparison) distances(x exits, cliques [][]int, n float64, rho account.Rho) ([]Distance, error) {
	scale := n / float64(max(1, c.expected.rows))
	expected := make([][]int64, len(cliques))
	floors := make([]float64, len(cliques))
	for i, clique := range cliques {
		counts := c.expected.count(clique)
		means := make([]float64, len(counts))
		expected[i] = make([]int64, len(counts))
		for k, m := range counts {
			means[k] = float64(m) * scale
			expected[i][k] = int64(math.Round(means[k]))
		}
		// The synthetic records are a sample themselves: by chance they are off by as much again, at their scale.
		floors[i] = choose.Floor(means) * math.Sqrt(1+scale)
	}
	noisy, err := x.distances(c.joint, cliques, expected, rho)
	if err != nil {
		return nil, err
	}
	out := make([]Distance, len(cliques))
	half := 1.96 * float64(noisy.Event.Sigma) / (2 * n)
	for i, clique := range cliques {
		out[i] = Distance{TV: profile.Approx{Value: min(1, max(0, noisy.Values[i]/(2*n))), PlusMinus: min(1, half)}, Floor: min(1, floors[i]/(2*n))}
		for _, a := range clique {
			out[i].Attributes = append(out[i].Attributes, c.attributes[a].name)
		}
	}
	return out, nil
}

// syntheticCounts are the synthetic records over the compared attributes. They are public.
type syntheticCounts struct {
	rows  int
	sizes []int
	codes [][]int32 // [attribute][row]; −1 for a cell without a place
}

// countSynthetic encodes the synthetic records as the real ones are.
func countSynthetic(ctx context.Context, c *comparison, names []string, codecs []mess.Codec, coders []*profile.Coder, words []*mess.Vocabulary) (*syntheticCounts, error) {
	s := &syntheticCounts{codes: make([][]int32, len(c.attributes))}
	for _, a := range c.attributes {
		s.sizes = append(s.sizes, a.size)
	}
	err := c.synthetic.Read(ctx, names, func(b *record.Batch) error {
		s.rows += b.Rows
		for i, a := range c.attributes {
			for _, cell := range b.Cells[a.column] {
				d := mess.Describe(codecs[a.column], cell)
				words[a.column].Resolve(&d)
				code := coders[a.column].Value(d)
				if a.form {
					code = coders[a.column].Form(d, code)
				}
				if code >= 0 {
					code = a.groups[code]
				}
				s.codes[i] = append(s.codes[i], code)
			}
		}
		return nil
	})
	if err == nil && s.rows == 0 {
		err = fmt.Errorf("%w: there are no synthetic records", ErrMismatch)
	}
	return s, err
}

// count counts the synthetic records in the cells of some attributes, the last one running fastest.
func (s *syntheticCounts) count(clique []int) []int64 {
	cells := 1
	for _, a := range clique {
		cells *= s.sizes[a]
	}
	counts := make([]int64, cells)
	for row := range s.rows {
		cell, whole := 0, true
		for _, a := range clique {
			code := s.codes[a][row]
			whole = whole && code >= 0
			cell = cell*s.sizes[a] + int(code)
		}
		if whole {
			counts[cell]++
		}
	}
	return counts
}
