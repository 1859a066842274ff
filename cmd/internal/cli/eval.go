package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/eval/fidelity"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
)

func newEvalCommand(g *globals, streams Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "eval",
		Short: "Measure synthetic tables against the real one, inside the vault",
		Long: `Measures on real rows how good a synthetic table is. What is printed is not private: it is for those who may see the data.
Outside of the vault, inspect works on a profile alone.`,
		Example: example("patina eval fidelity --real patina-demo/contracts.csv --synth patina-demo/synthetic.csv"),
		Args:    noCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newFidelityCommand(g, streams))
	return cmd
}

type fidelityOptions struct {
	*globals
	real      []string
	synthetic []string
	profile   string
	html      string
	target    string
	subgroups []string
	maxRows   int
	seed      uint64
	force     bool
	private   privateFlags
	source    sourceFlags
}

func newFidelityCommand(g *globals, streams Streams) *cobra.Command {
	opts := &fidelityOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "fidelity --real FILE --synth FILE",
		Short: "Say how near a synthetic table is to the real one (not private)",
		Long: `Reads real rows and synthetic ones and says how near the synthetic table is: how values are distributed, by one, two and three columns
together; how columns depend on each other; null spellings, shapes, forms, damage, and where cells are missing; tails of numbers; how well
each subgroup is served; whether a classifier tells synthetic records from real ones; with --target, what a model trained on synthetic
records is worth on real ones; distinct cells, lengths of texts, repeated and copied records.

Every measure is taken on a sample of synthetic records, on real ones ("floor": as good as real), and on real ones with each column
permuted by itself ("independent": right by column, wrong together), all of one size, against the same random half of the real table.

NOT PRIVATE: what is printed and written was measured on real rows without noise. Treat it like the data. Nor does it measure privacy:
that few records are copied proves nothing.

With --private-epsilon and --private-delta it measures with noise instead, under differential privacy: the distances of columns and of pairs,
in the domains of the --profile. They are charged to the profile's account, and may leave the vault. JSON is then of the schema
patina.distances/1: privacy, rows, columns and pairs (attributes, tv, floor).

Kinds are the profile's when there is one (--profile), else elected by the real cells. The flags on how files are
written are about the real table, and those on delimiters, quotes and names also about the synthetic one. Columns that only one of the tables has are left out and named.

JSON: see eval/fidelity/JSON.md, schema patina.fidelity/1.`,
		Example: example("patina eval fidelity --real patina-demo/contracts.csv --synth patina-demo/synthetic.csv",
			"patina eval fidelity --real patina-demo/contracts.csv --synth patina-demo/synthetic.csv --profile patina-demo/profile.parquet "+
				"--target 'Contract Awarded' --html fidelity.html"),
		Args: between(0, 0, "no arguments, but --real and --synth"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runFidelity(cmd.Context(), opts, streams)
		},
	}
	flags := cmd.Flags()
	flags.StringArrayVar(&opts.real, "real", nil, "the real table: a file, a directory or a pattern; may be repeated")
	flags.StringArrayVar(&opts.synthetic, "synth", nil, "the synthetic table: likewise")
	flags.StringVar(&opts.profile, "profile", "", "a profile, whose kinds the columns have")
	flags.StringVar(&opts.target, "target", "", "a column that a model is to predict")
	flags.StringArrayVar(&opts.subgroups, "subgroups", nil, "a column by which records are grouped; may be repeated (default: up to five categories)")
	flags.StringVar(&opts.html, "html", "", "write a page for a browser to this file")
	flags.IntVar(&opts.maxRows, "max-rows", fidelity.DefaultMaxRows, "how many rows of each table are looked at; of a larger one, a random sample")
	flags.Uint64Var(&opts.seed, "seed", 1, "of samples and controls: the same seed prints the same")
	flags.BoolVar(&opts.force, "force", false, "replace an existing page")
	opts.private.register(flags)
	opts.source.register(flags)
	return cmd
}

// check refuses options that do not go together.
func (o *fidelityOptions) check() error {
	switch {
	case len(o.real) == 0:
		return hint(usagef("fidelity needs the real table"), "add --real FILE")
	case len(o.synthetic) == 0:
		return hint(usagef("fidelity needs the synthetic table"), "add --synth FILE")
	case o.maxRows < 1:
		return usagef("--max-rows %d: want 1 at least", o.maxRows)
	}
	return o.checkPrivate()
}

func runFidelity(ctx context.Context, opts *fidelityOptions, streams Streams) error {
	if err := opts.check(); err != nil {
		return err
	}
	lib := fidelity.Options{MaxRows: opts.maxRows, Seed: opts.seed, Target: opts.target, Subgroups: opts.subgroups}
	if opts.profile != "" {
		p, err := profile.ReadFile(opts.profile)
		if err != nil {
			return err
		}
		lib.Profile = p
	}
	real, err := openSource(opts.real, &opts.source, &spec.Spec{Version: spec.Version})
	if err != nil {
		return err
	}
	synthetic, err := openSource(opts.synthetic, opts.syntheticFlags(), &spec.Spec{Version: spec.Version})
	if err != nil {
		return err
	}
	if opts.html != "" {
		if err := distinctOutput(opts.html, append(append(real.Files(), synthetic.Files()...), opts.profile)...); err != nil {
			return err
		}
	}
	if opts.private.epsilon > 0 {
		return runPrivateFidelity(ctx, opts, real, synthetic, lib.Profile, streams)
	}
	r, err := opts.compare(ctx, real, synthetic, lib, streams)
	if err != nil {
		return err
	}
	if err := opts.writePage(r); err != nil {
		return err
	}
	return opts.printer(streams).print(r, func(s *screen) { writeFidelity(s, r, opts) })
}

// syntheticFlags say how the synthetic table is written: like the real one, but in UTF-8 and without lines before the header, as samples are.
func (o *fidelityOptions) syntheticFlags() *sourceFlags {
	f := o.source
	f.format, f.encoding, f.skipLines = "", "", 0
	return &f
}

// compare measures, and tells what is wrong with the data from what is wrong with the command line.
func (o *fidelityOptions) compare(
	ctx context.Context, real, synthetic *record.Source, lib fidelity.Options, streams Streams,
) (*fidelity.Report, error) {
	progress := newProgress(o.globals, streams, 0)
	defer progress.stop()
	lib.Progress = progress.report
	r, err := fidelity.Compare(ctx, real, synthetic, lib)
	switch {
	case errors.Is(err, fidelity.ErrUnknownColumn):
		return nil, usageError{err}
	case errors.Is(err, fidelity.ErrMismatch):
		return nil, &tableError{err}
	}
	return r, err
}

// writePage writes the page, if one is wanted.
func (o *fidelityOptions) writePage(r *fidelity.Report) error {
	if o.html == "" {
		return nil
	}
	var b bytes.Buffer
	if err := r.Page().Write(&b); err != nil {
		return fmt.Errorf("make the page: %w", err)
	}
	if err := writeFile(o.html, b.Bytes(), o.force); err != nil {
		return err
	}
	o.result.Output = o.html
	return nil
}

// worstShown is how many of each list a screen has room for.
const worstShown = 3

func writeFidelity(s *screen, r *fidelity.Report, opts *fidelityOptions) {
	s.line("%s", s.style.bad(fidelity.Warning))
	s.verdict("%s", r.Verdict())
	s.gap()
	s.fact("rows", "%s real, %s synthetic; samples of %s are compared%s", thousands(float64(r.Real.Rows)), thousands(float64(r.Synthetic.Rows)),
		thousands(float64(r.Compared)), sampledNote(r))
	s.fact("columns", "%d shared%s", len(r.Columns), leftOutNote(r.LeftOut))
	if made := r.MadeUp(); len(made) > 0 {
		s.fact("made up", "%s: by the profile's design, so that how they are written is compared and not what they say", fewNames(made))
	}
	if r.Untyped {
		s.fact("types", "one table is CSV and the other is not: types, null and absent are not told apart")
	}
	s.gap()
	s.table(summaryTable(r))
	s.line("%s", s.style.faint("floor: real against real, the sampling error; independent: real columns permuted; way: from floor to independent"))
	if r.Target != nil {
		s.gap()
		s.table(targetTable(r.Target))
		s.line("%s", s.style.faint(fmt.Sprintf("logistic regression, tested on %s real records; accuracy ± %s",
			thousands(float64(r.Target.TestRows)), halfWidth(r.Target.PlusMinus))))
	}
	for _, t := range worstTables(r) {
		if len(t.rows) > 0 {
			s.gap()
			s.table(t)
		}
	}
	s.gap()
	s.fact("copied", "%s of the synthetic records are exactly like one of the reference half, %s of the other real half: proves nothing about privacy",
		halfWidth(r.Copied.Synthetic), halfWidth(r.Copied.Floor))
	if opts.html != "" {
		s.fact("wrote", "%s (NOT PRIVATE)", opts.html)
		return
	}
	s.next("patina eval fidelity --real " + shellWord(opts.real[0]) + " --synth " + shellWord(opts.synthetic[0]) + " --html fidelity.html")
}

// sampledNote says that rows were left out, if they were.
func sampledNote(r *fidelity.Report) string {
	if r.Real.Read == r.Real.Rows && r.Synthetic.Read == r.Synthetic.Rows {
		return ""
	}
	return fmt.Sprintf(", from %s and %s rows drawn at random (--max-rows)", thousands(float64(r.Real.Read)), thousands(float64(r.Synthetic.Read)))
}

// fewNames lists the first names.
func fewNames(list []string) string {
	var names []string
	for _, c := range firstOf(list) {
		names = append(names, shown(c))
	}
	if len(list) > worstShown {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// leftOutNote names the columns that only one table has.
func leftOutNote(l fidelity.LeftOut) string {
	var parts []string
	for _, side := range []struct {
		name    string
		columns []string
	}{{"real", l.Real}, {"synthetic", l.Synthetic}} {
		if n := len(side.columns); n > 0 {
			parts = append(parts, fmt.Sprintf("only in the %s table: %s", side.name, fewNames(side.columns)))
		}
	}
	if parts == nil {
		return ""
	}
	return " (left out, " + strings.Join(parts, "; ") + ")"
}

// distance writes a measure with as many digits as tell it from its floor.
func distance(x float64) string { return fmt.Sprintf("%.4f", x) }

func summaryTable(r *fidelity.Report) *table {
	t := &table{header: []string{"mean of", "synthetic", "floor", "independent", "way"}, right: []bool{false, true, true, true, true}}
	for _, l := range r.Summary() {
		t.add(l.Name, distance(l.Synthetic), distance(l.Floor), distance(l.Independent), l.WayText())
	}
	if c := r.Classifier; c != nil {
		t.add("classifier (pMSE ratio; 1 is real)", fmt.Sprintf("%.2f", c.Ratio), "1.00", "", "")
	}
	return t
}

func targetTable(target *fidelity.Target) *table {
	t := &table{header: []string{"predicting " + shown(target.Column) + ", trained on", "accuracy", "AUC", "log-loss"}, right: []bool{false, true, true, true}}
	for _, row := range target.Rows() {
		t.add(row.Name, fmt.Sprintf("%.3f", row.Accuracy), fmt.Sprintf("%.3f", row.AUC), fmt.Sprintf("%.3f", row.LogLoss))
	}
	return t
}

// worstTables list what is furthest from real.
func worstTables(r *fidelity.Report) []*table {
	sets := func(title string, list []fidelity.SetScore) *table {
		t := &table{header: []string{title, "TVD", "floor", "independent"}, right: []bool{false, true, true, true}}
		for _, x := range firstOf(list) {
			var names []string
			for _, c := range x.Columns {
				names = append(names, shown(c))
			}
			t.add(strings.Join(names, " × "), distance(x.Synthetic), distance(x.Floor), distance(x.Independent))
		}
		return t
	}
	var list []*table
	if len(r.Marginals) > 1 {
		list = append(list, sets("worst pairs", r.Marginals[1].Worst))
	}
	t := &table{header: []string{"worst mess", "of", "TVD", "floor"}, right: []bool{false, false, true, true}}
	for _, x := range firstOf(r.WorstMess()) {
		t.add(shown(x.Column), x.Part, distance(x.Synthetic), distance(x.Floor))
	}
	list = append(list, dependenceTable(r), numericTable(r), t, missingTable(r))
	t = &table{
		header: []string{"worst subgroups", "share real %", "synthetic %", "TVD 1", "floor", "TVD 2", "floor"},
		right:  []bool{false, true, true, true, true, true, true},
	}
	for _, g := range firstOf(r.Subgroups) {
		t.add(shown(g.Column)+" = "+shown(g.Value), fmt.Sprintf("%.1f", 100*g.ShareReal), fmt.Sprintf("%.1f", 100*g.ShareSynthetic),
			distance(g.One), distance(g.OneFloor), distance(g.Two), distance(g.TwoFloor))
	}
	return append(list, t)
}

// dependenceTable lists pairs of columns whose dependence differs most.
func dependenceTable(r *fidelity.Report) *table {
	t := &table{header: []string{"worst dependence", "measure", "real", "synthetic", "other half"}, right: []bool{false, false, true, true, true}}
	for _, a := range firstOf(r.Associations.Worst()) {
		t.add(shown(a.Columns[0])+" × "+shown(a.Columns[1]), strings.ReplaceAll(a.Method, "_", " "),
			fmt.Sprintf("%.3f", a.Real), fmt.Sprintf("%.3f", a.Synthetic), fmt.Sprintf("%.3f", a.Floor))
	}
	return t
}

// numericTable lists ordered columns whose values lie furthest from real.
func numericTable(r *fidelity.Report) *table {
	t := &table{header: []string{"worst numbers and dates", "Wasserstein", "floor", "KS", "floor"}, right: []bool{false, true, true, true, true}}
	for _, c := range firstOf(r.WorstNumeric()) {
		t.add(shown(c.Name), distance(c.Numeric.Wasserstein.Synthetic), distance(c.Numeric.Wasserstein.Floor),
			distance(c.Numeric.KS.Synthetic), distance(c.Numeric.KS.Floor))
	}
	return t
}

// firstOf returns as much of a list as a screen has room for.
func firstOf[T any](list []T) []T { return list[:min(len(list), worstShown)] }

// missingTable lists where rates of missing values differ most.
func missingTable(r *fidelity.Report) *table {
	t := &table{header: []string{"missing where", "rate real %", "synthetic %", "±", "records %"}, right: []bool{false, true, true, true, true}}
	for _, m := range firstOf(r.MissingRates) {
		t.add(shown(m.Column)+", "+shown(m.Where)+" = "+shown(m.Value), fmt.Sprintf("%.1f", 100*m.Real), fmt.Sprintf("%.1f", 100*m.Synthetic),
			halfWidth(m.PlusMinus), fmt.Sprintf("%.1f", 100*m.Share))
	}
	return t
}
