package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/eval/audit"
	"github.com/patina-data/patina/eval/report"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault"
	"github.com/patina-data/patina/synth"
)

type auditOptions struct {
	*globals
	data     []string
	spec     string
	canaries int
	seed     uint64
	budget   budget
	unit     unitFlags
	page     pageFlags
	source   sourceFlags
}

func newAuditCommand(g *globals, streams Streams) *cobra.Command {
	opts := &auditOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "audit DATA… --epsilon E --delta D",
		Short: "Attack a profile of your data, to see whether it keeps its claim (not private)",
		Long: `Profiles the data, with made-up records (canaries) among them that are there or not by a fair coin each, and attacks what comes
out as somebody would who knows all other records:

  ε        how often guesses about the coins are right bounds ε from below (Steinke, Nasr & Jagielski 2023), at 95 % confidence
  noise    the profile's counts against exact ones: is the noise what the profile says it is?
  canaries their texts, parts and encodings of them, are looked for in the profile and in synthetic records
  people   records that were in the data against others that were held out: can they be singled out by synthetic records, can the value of
           a column be guessed from the others? (Anonymeter, Giomi et al. 2022)

What it shows: a program that does not keep its claim, if it fails to by enough. What it does not: that nothing leaks. An attack that
fails proves nothing, and one run proves far less than the claim even where the claim is exact; what a perfect attacker would
have reached is printed beside it. The claim rests on dp/PRIVACY.md.

NOT PRIVATE: it looks at real rows without noise. Treat what it prints and writes like the data. The run is a throw-away: its ledger is
made for it in a temporary directory ($TMPDIR) and deleted with everything else, your account is not charged, and nothing of it may be
published. The data's files are read, and neither changed nor copied.

It exits with 100 if it found something: guesses prove more than the claim, the noise is smaller than stated, or a canary's text was
found. By chance alone the first happens in less than 5 of 100 audits, the others in less than 1 of 10,000,000.

JSON: see eval/JSON.md, schema patina.audit/1.`,
		Example: example("patina audit patina-demo/contracts.csv --epsilon 2 --delta 1e-6",
			"patina audit patina-demo/contracts.csv -s patina-demo/patina.yaml --canaries 300 --html audit.html"),
		Args: between(1, -1, "the data: files, directories or patterns"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.data = args
			return runAudit(cmd.Context(), opts, streams)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&opts.spec, "spec", "s", "", "the spec, as patina init drafts it (default: $PATINA_SPEC, or none)")
	flags.IntVar(&opts.canaries, "canaries", 0, fmt.Sprintf("how many made-up records, %d to %d (default: a tenth of the rows, 100 to 1000); half of them are added",
		audit.MinCanaries, audit.MaxCanaries))
	flags.Uint64Var(&opts.seed, "seed", 1, "of canaries, control group and attacks; the coins and the noise are drawn anew each time")
	opts.budget.register(flags, "the run that is attacked")
	opts.unit.register(flags)
	opts.page.register(flags)
	opts.source.register(flags)
	return cmd
}

func runAudit(ctx context.Context, opts *auditOptions, streams Streams) error {
	if n := opts.canaries; n != 0 && (n < audit.MinCanaries || n > audit.MaxCanaries) {
		return usagef("--canaries %d: want %d to %d", n, audit.MinCanaries, audit.MaxCanaries)
	}
	opts.spec = specPath(opts.spec, streams)
	sp, err := readSpec(opts.spec)
	if err != nil {
		return err
	}
	b, err := opts.budget.require(sp)
	if err != nil {
		return err
	}
	if sp.Unit, err = opts.unit.unit(sp); err != nil {
		return err
	}
	src, err := openSource(opts.data, &opts.source, sp)
	if err != nil {
		return err
	}
	if err := opts.checkUnit(sp, src); err != nil {
		return err
	}
	if err := opts.page.check(append(src.Files(), opts.spec)...); err != nil {
		return err
	}
	r, err := opts.audit(ctx, sp, b, src, streams)
	if errors.Is(err, audit.ErrNoRows) {
		return &tableError{err}
	}
	if err != nil {
		return err
	}
	if err := opts.page.write(false, append(src.Files(), opts.spec), func() *report.Page { return r.Page() }); err != nil {
		return err
	}
	opts.result.Output = opts.page.path
	if err := opts.printer(streams).print(r, func(s *screen) { writeAudit(s, r, opts) }); err != nil {
		return err
	}
	if len(r.Findings) > 0 {
		return hint(gatef(exitGate, "the audit found something: %s", strings.Join(r.Findings, "; ")),
			"run it again with another --seed: what is found twice is no chance, and a bug; please report it, with the version you run and without the data")
	}
	return nil
}

// checkUnit refuses a unit whose columns the data does not have, before the data is read.
func (o *auditOptions) checkUnit(sp *spec.Spec, src *record.Source) error {
	if src.Schema().Format == record.JSONL {
		return nil
	}
	for _, c := range sp.Unit.Columns {
		if !slices.Contains(src.Schema().Names(), c) {
			return fmt.Errorf("%w: the unit's column %q is none of the data's", vault.ErrMismatch, c)
		}
	}
	return nil
}

// audit makes the throw-away run in a directory of its own and attacks it.
func (o *auditOptions) audit(ctx context.Context, sp *spec.Spec, b budget, src *record.Source, streams Streams) (r *audit.Report, err error) {
	amount, err := dp.Request{Epsilon: b.epsilon, Delta: b.delta}.Budget()
	if err != nil {
		return nil, usageError{err}
	}
	dir, err := os.MkdirTemp("", "patina-audit-")
	if err != nil {
		return nil, fmt.Errorf("make a directory for the run that is attacked: %w", err)
	}
	defer func() {
		if gone := os.RemoveAll(dir); gone != nil && err == nil {
			err = fmt.Errorf("delete the run that was attacked, which is not private: %w", gone)
		}
	}()
	progress := newProgress(o.globals, streams, src.Size())
	defer progress.stop()
	run := &throwaway{dir: dir, spec: sp, budget: b, progress: progress.report}
	opts := audit.Options{
		Claim: audit.Claim{Epsilon: float64(b.epsilon), Delta: float64(b.delta), Mu: float64(amount.Rho.Mu())},
		Unit: audit.Unit{
			Columns: sp.Unit.Columns, MaxRecords: sp.Unit.MaxRecords, DropKeyless: sp.Unit.Missing == spec.DropMissing,
		},
		Canaries: o.canaries, Seed: o.seed, Progress: progress.report,
	}
	for _, c := range sp.Columns {
		opts.Columns = append(opts.Columns, c.Name)
	}
	return audit.Run(ctx, src, run.pipeline, opts)
}

// A throwaway is a run that is made to be attacked.
type throwaway struct {
	dir      string
	spec     *spec.Spec
	budget   budget
	progress func(phase string, done float64)
}

// pipeline does what profile and sample do, under a ledger of its own.
func (t *throwaway) pipeline(ctx context.Context, src *record.Source) (*audit.Artefacts, error) {
	const dataset = "audit"
	location := filepath.Join(t.dir, "ledger.db")
	opening := ledger.Opening{Dataset: dataset, Epsilon: t.budget.epsilon, Delta: t.budget.delta}
	if _, err := openAccount(ctx, location, opening); err != nil {
		return nil, err
	}
	store, err := ledger.Open(ctx, location)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	file := filepath.Join(t.dir, "profile.parquet")
	p, err := vault.Profile(ctx, t.spec, src, dp.NewLedger(store, dataset), vault.Options{
		Epsilon: t.budget.epsilon, Delta: t.budget.delta, Output: file, Purpose: "audit", Unit: t.spec.Unit, Progress: t.progress,
	})
	if err != nil {
		return nil, hint(fmt.Errorf("the run that is attacked: %w", err), "that run is a throw-away: no account of yours was charged")
	}
	made := &audit.Artefacts{Profile: p}
	if made.File, err = record.Open([]string{file}, record.Options{}); err != nil {
		return nil, err
	}
	made.Synthetic, err = t.sample(ctx, p)
	return made, err
}

// maxAudited bounds the synthetic records that are attacked.
const maxAudited = 100_000

// sample samples synthetic records, in the input's format, and opens them.
func (t *throwaway) sample(ctx context.Context, p *profile.Profile) (*record.Source, error) {
	r := sampled{File: filepath.Join(t.dir, "synthetic."+string(p.Manifest.Format)), Rows: min(maxAudited, synth.Rows(p)), Seed: randomSeed()}
	t.progress("sampling", 0)
	if err := sample(ctx, p, r, r.File, false, synth.Options{Rows: r.Rows, Seed: r.Seed}); err != nil {
		return nil, err
	}
	d := p.Manifest.Dialect
	written := record.Dialect{Delimiter: d.Delimiter, Quote: d.Quote, Header: !d.NoHeader, NoHeader: d.NoHeader} // in UTF-8, without lines before the header
	if d.NoHeader {
		for _, c := range p.Manifest.Columns {
			written.Columns = append(written.Columns, c.Name)
		}
	}
	return record.Open([]string{r.File}, record.Options{Dialect: written, MaxElements: t.spec.Source.MaxElements})
}

// maxRisks is how many columns whose values were guessed the screen has room for.
const maxRisks = 3

func writeAudit(s *screen, r *audit.Report, opts *auditOptions) {
	s.line("%s", s.style.bad(audit.Warning))
	s.verdict("%s", r.Verdict())
	s.gap()
	s.fact("data", "%s rows, of which %s were held out; %s of %d canaries added by coin; seed %d", thousands(float64(r.Rows)), thousands(float64(r.HeldOut)),
		thousands(float64(r.Included)), r.Canaries, r.Seed)
	if r.LeftOut > 0 {
		s.fact("", "%s left out as well: more of their unit than count (--max-records), or without a key", thousands(float64(r.LeftOut)))
	}
	s.fact("run", "a throw-away: charged to no account, deleted, not to be published")
	s.gap()
	t := &table{header: []string{"who guesses, seeing", "guesses", "right", "by chance", "proves ε ≥"}, right: []bool{false, true, true, true, true}}
	for _, a := range r.Attacks {
		for i, b := range a.Bounds {
			who := a.Sees
			if i > 0 {
				who = ""
			}
			t.add(who, fmt.Sprint(b.Guesses), fmt.Sprintf("%.1f %%", 100*float64(b.Right)/float64(max(1, b.Guesses))), "50.0 %", fmt.Sprintf("%.2f", b.Epsilon))
		}
	}
	s.table(t)
	s.line("%s", s.style.faint(fmt.Sprintf("all at %.0f %% confidence together; claimed ε = %s at δ = %s; a perfect attacker would prove about %.2f, all guesses right %.2f",
		100*r.Confidence, number(r.Claim.Epsilon), number(r.Claim.Delta), r.Expected, r.Most)))
	s.gap()
	s.fact("noise", "%s", r.NoiseText())
	s.fact("canaries", "%s", r.ScanText())
	for _, w := range r.Warnings {
		s.fact("warning", "%s", w)
	}
	s.gap()
	s.table(riskTable(r))
	s.line("%s", s.style.faint(riskNote(r)))
	s.gap()
	s.fact("means", "%s", "an attack that fails proves nothing: this can find bugs, and the claim is a theorem (dp/PRIVACY.md)")
	if opts.page.path != "" {
		s.fact("wrote", "%s (NOT PRIVATE)", opts.page.path)
	}
}

// riskTable lists attacks on people, of guesses those that gain most.
func riskTable(r *audit.Report) *table {
	t := &table{header: []string{"attack on records", "tries", "in the data %", "held out %", "gain %", "± %"}, right: []bool{false, true, true, true, true, true}}
	for _, risk := range append(slices.Clone(r.SingledOut), firstRisks(r.WorstInference())...) {
		name := risk.Attack
		if risk.Column != "" {
			name = "guessing " + shown(risk.Column)
		}
		t.add(name, fmt.Sprint(risk.Training.Attacks), fmt.Sprintf("%.1f", 100*risk.Training.Value), fmt.Sprintf("%.1f", 100*risk.Control.Value),
			fmt.Sprintf("%+.1f", 100*risk.Residual), fmt.Sprintf("%.1f", 50*(risk.High-risk.Low)))
	}
	return t
}

// riskNote says what the table is about.
func riskNote(r *audit.Report) string {
	note := fmt.Sprintf("on %s records that were in the data, and as many that were held out; gain: beyond what those show", thousands(float64(r.Targets)))
	if n := len(r.Inference); n > maxRisks {
		note += fmt.Sprintf("; the %d columns of %d that gain most, some by chance", maxRisks, n)
	}
	return note
}

func firstRisks(list []audit.Risk) []audit.Risk { return list[:min(len(list), maxRisks)] }
