package cli

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/eval"
	"github.com/patina-data/patina/eval/report"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/synth"
)

type gapOptions struct {
	*globals
	profile   string
	gold      []string
	minShare  float64
	examples  int
	failUnder float64
	fill      rowsFlag
	output    string
	seed      uint64
	seeded    bool
	force     bool
	page      pageFlags
	source    sourceFlags
}

func newGapCommand(g *globals, streams Streams) *cobra.Command {
	opts := &gapOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "gap --gold FILE PROFILE",
		Short: "Say what production has that a gold set lacks",
		Long: `Reads a gold set (a test set, an evaluation set, a fixture: records that you may look at) and says what production has, as the
profile knows it, that the gold set has nothing or too little of: missing values and how they are spelled, categories, ranges, ways of
writing and damage, and slices of two or three columns together. Costs no privacy.

Coverage is, of the slices that hold --min-share of production or more, the part with --examples gold rows or more; fewer rows count
in part. It is the mean over all columns' values and forms, and all sets of columns that the profile measured together. Adding rows
never lowers it. A slice is listed when a random sample of production as large as the gold set would have more of it, by more than
noise and chance explain (false discovery rate 5 %); the others that have too few rows are counted as too thin to say. What follows
from a finding about fewer columns is not repeated.

--fail-under 0.9 exits with 100 when coverage is below, and with 101 when noise does not allow to say. --fill N samples N
records of what is lacking, in proportion to what is lost, to be appended to the gold set.

JSON: see eval/JSON.md, schema patina.gap/1.`,
		Example: example("patina gap --gold patina-demo/synthetic.csv patina-demo/profile.parquet",
			"patina gap --gold patina-demo/synthetic.csv patina-demo/profile.parquet --fail-under 0.5 --html gap.html",
			"patina gap --gold patina-demo/synthetic.csv patina-demo/profile.parquet --fill 200 -o extra.csv"),
		Args: between(1, 1, "one profile"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.profile = args[0]
			opts.seeded = cmd.Flags().Changed("seed")
			return runGap(cmd.Context(), opts, streams)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&opts.gold, "gold", nil, "the gold set: a file, a directory or a pattern; may be repeated")
	flags.Float64Var(&opts.minShare, "min-share", eval.DefaultMinShare, "the share of production that a slice holds at least")
	flags.IntVar(&opts.examples, "examples", eval.DefaultExamples, "how many gold rows of a slice are enough")
	flags.Float64Var(&opts.failUnder, "fail-under", 0, "exit with 100 when coverage is below this, from 0 to 1")
	flags.Var(&opts.fill, "fill", "sample so many records of what the gold set lacks; needs -o")
	flags.StringVarP(&opts.output, "output", "o", "", "the file to write them to: .parquet, .csv, .tsv, .jsonl or .ndjson")
	flags.Uint64Var(&opts.seed, "seed", 0, "for the same records again (default: a random one, which is printed)")
	flags.BoolVar(&opts.force, "force", false, "replace an existing file")
	opts.page.register(flags)
	opts.source.register(flags)
	return cmd
}

// check refuses options that do not go together.
func (o *gapOptions) check() error {
	switch {
	case len(o.gold) == 0:
		return hint(usagef("gap needs a gold set"), "add --gold FILE")
	case !(o.failUnder >= 0 && o.failUnder <= 1):
		return usagef("--fail-under %g: want a number from 0 to 1, such as 0.9", o.failUnder)
	case !(o.minShare > 0 && o.minShare <= 0.5):
		return usagef("--min-share %g: want more than 0, at most 0.5", o.minShare)
	case o.examples < 1:
		return usagef("--examples %d: want 1 at least", o.examples)
	case o.fill > 0 && o.output == "":
		return hint(usagef("--fill needs an output"), "add -o extra.csv")
	case o.fill == 0 && o.output != "":
		return hint(usagef("-o is for the records of --fill"), "add --fill 200")
	}
	return nil
}

// A gapResult is what gap prints.
type gapResult struct {
	*eval.Gap
	PrivacyCost float64 `json:"privacy_cost"` // always 0
	Filled      *filled `json:"filled,omitempty"`
}

// A filled file has records of what is lacking.
type filled struct {
	File string `json:"file"`
	Rows int64  `json:"rows"`
	Seed uint64 `json:"seed"`
}

func runGap(ctx context.Context, opts *gapOptions, streams Streams) error {
	if err := opts.check(); err != nil {
		return err
	}
	p, err := profile.ReadFile(opts.profile)
	if err != nil {
		return err
	}
	src, err := openSource(opts.gold, &opts.source, &spec.Spec{Version: spec.Version})
	if err != nil {
		return err
	}
	if err := distinctOutput(opts.output, append(src.Files(), opts.profile)...); err != nil {
		return err
	}
	g, err := eval.FindGap(ctx, p, src, eval.GapOptions{MinShare: opts.minShare, Examples: opts.examples})
	if err != nil {
		return fmt.Errorf("gap of %s: %w", opts.gold[0], err)
	}
	r := &gapResult{Gap: g}
	if opts.fill > 0 {
		if r.Filled, err = fillGap(ctx, p, g, opts, streams); err != nil {
			return err
		}
	}
	if err := opts.page.write(opts.force, append(src.Files(), opts.profile, opts.output), func() *report.Page { return gapPage(r, opts) }); err != nil {
		return err
	}
	if err := opts.printer(streams).print(r, func(s *screen) { r.write(s, opts) }); err != nil {
		return err
	}
	return opts.gate(g.Coverage)
}

// gate holds coverage against what was asked for. All of the interval must be on one side.
func (o *gapOptions) gate(c eval.Estimate) error {
	switch {
	case c.Value-c.PlusMinus >= o.failUnder:
		return nil
	case c.Value+c.PlusMinus < o.failUnder:
		return gatef(exitGate, "coverage is %s, below %s", percentOf(c), halfWidth(o.failUnder))
	}
	return gatef(exitUnsure, "coverage is %s: noise does not allow to say whether that is below %s", percentOf(c), halfWidth(o.failUnder))
}

func percentOf(e eval.Estimate) string { return share(profile.Approx(e)) }

// fillGap samples what is lacking into the output, all of it or nothing.
func fillGap(ctx context.Context, p *profile.Profile, g *eval.Gap, opts *gapOptions, streams Streams) (*filled, error) {
	f := &filled{File: opts.output, Seed: opts.seed}
	if !opts.seeded {
		f.Seed = randomSeed()
	}
	w, err := record.Create(f.File, synth.Schema(p), record.WriteOptions{Force: opts.force})
	if err != nil {
		return nil, err
	}
	defer w.Abort()
	progress := newProgress(opts.globals, streams, 0)
	defer progress.stop()
	f.Rows, err = g.Fill(ctx, p, eval.FillOptions{Rows: int64(opts.fill), Seed: f.Seed, Progress: func(done float64) { progress.report("sampling", done) }}, w)
	if err != nil {
		return nil, fmt.Errorf("fill the gap: %w", err)
	}
	return f, w.Commit()
}

// maxGaps and maxFacets are how many findings and facets a screen has room for.
const (
	maxGaps   = 16
	maxFacets = 4
)

func (r *gapResult) write(s *screen, opts *gapOptions) {
	found := len(r.Findings) + len(r.Reversed)
	what := plural(found, "gap")
	if found == 0 {
		what = "no gap that noise and chance do not explain"
	}
	s.verdict("the gold set covers %s of what is told apart in production: %s", percentOf(r.Coverage), what)
	s.gap()
	s.fact("gold", "%s, %s shared with the profile%s", plural(r.Gold.Rows, "row"), plural(len(r.Gold.Shared), "column"), leftOut(r.Gold))
	s.fact("meaning", "of slices with %s of production or more, the part with %s or more (fewer count in part)", strconv.FormatFloat(100*r.MinShare, 'g', 3, 64)+" %", plural(r.Examples, "gold row"))
	s.fact("coverage", "%s of columns by themselves, %s of columns together", percentOf(r.Alone), percentOf(r.Together))
	r.findings(s)
	for _, v := range r.Reversed {
		s.fact("reversed", "%s go together the other way round in the gold set", names(v.Parts))
	}
	if c := r.Copies; c != nil && c.Production.Value >= r.MinShare && c.Gold < c.Production.Value/2 {
		s.fact("copies", "%s of production is exactly like an earlier record, %s of the gold set", percentOf(c.Production), halfWidth(c.Gold))
	}
	if n := len(r.Thin); n > 0 {
		t := r.Thin[0]
		s.fact("thin", "%s have fewer gold rows than %d, as a random sample this small may have;", plural(n, "further slice"), r.Examples)
		s.fact("", "the largest: %s (%s, %s)", clipTo(describe(t), maxCell), percentOf(t.Share), plural(t.Rows, "gold row"))
	}
	s.gap()
	if r.Filled != nil {
		s.fact("wrote", "%s: %s of what is lacking (--seed %d)", r.Filled.File, plural(int(r.Filled.Rows), "record"), r.Filled.Seed)
	}
	opts.page.said(s)
	s.fact("privacy", "cost: 0 (post-processing of %s)", opts.profile)
	if r.Filled == nil && found+len(r.Thin) > 0 {
		s.next("patina gap --gold " + shellWord(opts.gold[0]) + " " + shellWord(opts.profile) + " --fill " + fmt.Sprint(r.suggested()) + " -o " +
			shellWord(beside(opts.gold[0], "extra", synthFormat(opts.gold[0]))))
	}
}

// suggested is how many records would give every slice that lacks some about as many as are enough, if each record were in one.
func (r *gapResult) suggested() int {
	n := 0
	for _, list := range [][]eval.Finding{r.Findings, r.Thin} {
		for _, f := range list {
			n += max(r.Examples, int(math.Ceil(f.Expected/2))) - min(r.Examples, f.Rows)
		}
	}
	return n
}

// synthFormat is the format of a file like path.
func synthFormat(path string) record.Format {
	for _, f := range []record.Format{record.Parquet, record.JSONL} {
		if strings.HasSuffix(path, "."+string(f)) {
			return f
		}
	}
	return record.CSV
}

// findings writes what is lacking, the most first, and which columns are covered least.
func (r *gapResult) findings(s *screen) {
	if len(r.Findings) > 0 {
		s.gap()
		t := &table{header: []string{"lacking in the gold set", "production", "gold rows", "expected", "lost"}, right: []bool{false, true, true, true, true}}
		for _, f := range r.Findings[:min(len(r.Findings), maxGaps)] {
			t.add(describe(f), percentOf(f.Share), fmt.Sprint(f.Rows), fmt.Sprintf("%.0f", f.Expected), halfWidth(f.Lost))
		}
		s.table(t)
		if n := len(r.Findings) - maxGaps; n > 0 {
			s.line("… and %d more: --json", n)
		}
	}
	if len(r.Facets) == 0 || r.Facets[0].Coverage.Value >= 1 {
		s.gap()
		return
	}
	s.gap()
	t := &table{header: []string{"covered least", "covered", "slices"}, right: []bool{false, true, true}}
	for _, f := range r.Facets[:min(len(r.Facets), maxFacets)] {
		t.add(names(f.Parts), percentOf(f.Coverage), fmt.Sprint(f.Slices))
	}
	s.table(t)
	s.gap()
}

// leftOut says which columns were not compared.
func leftOut(g eval.Gold) string {
	var parts []string
	if len(g.Lacking) > 0 {
		parts = append(parts, "not in the gold set: "+few(g.Lacking))
	}
	if len(g.Extra) > 0 {
		parts = append(parts, "not in the profile: "+few(g.Extra))
	}
	if n := len(g.Alike); n > 0 {
		parts = append(parts, fmt.Sprintf("%d by names that differ in case or punctuation, such as %s for %s", n, shown(g.Alike[0].Gold), shown(g.Alike[0].Column)))
	}
	if parts == nil {
		return ""
	}
	return " (" + strings.Join(parts, "; ") + ")"
}

// few lists the first names.
func few(list []string) string {
	const most = 4
	var out []string
	for _, n := range list[:min(len(list), most)] {
		out = append(out, shown(n))
	}
	if n := len(list) - most; n > 0 {
		out = append(out, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(out, ", ")
}

// describe writes a slice.
func describe(f eval.Finding) string {
	var parts []string
	for _, p := range f.Parts {
		switch {
		case p.Form:
			parts = append(parts, shown(p.Column)+" written "+shown(p.Label))
		case f.What == "range" && strings.HasPrefix(p.Label, "["):
			parts = append(parts, shown(p.Column)+" in "+shown(p.Label))
		case f.What == "range":
			parts = append(parts, shown(p.Column)+" "+shown(p.Label))
		case f.What == "missing":
			parts = append(parts, shown(p.Column)+" missing as "+shown(p.Label))
		default:
			parts = append(parts, shown(p.Column)+" = "+shown(p.Label))
		}
	}
	return strings.Join(parts, ", ")
}

// names writes which columns, or how they are written, parts are about.
func names(parts []eval.Part) string {
	var out []string
	for _, p := range parts {
		name := shown(p.Column)
		if p.Column == profile.RowShape {
			name = "shape of rows"
		}
		if p.Form {
			name += " (form)"
		}
		out = append(out, name)
	}
	return strings.Join(out, " × ")
}
