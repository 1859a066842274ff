package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"

	"github.com/patina-data/patina/eval"
	"github.com/patina-data/patina/eval/report"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
)

type driftOptions struct {
	*globals
	profiles   []string
	margin     float64
	failOn     failOnFlag
	failUnsure bool
	page       pageFlags
}

// failOnFlag is the value of --fail-on: "" or changed.
type failOnFlag string

func (f *failOnFlag) Type() string   { return "VERDICT" }
func (f *failOnFlag) String() string { return string(*f) }
func (f *failOnFlag) Set(s string) error {
	if s != string(eval.Changed) {
		return errors.New("want changed")
	}
	*f = failOnFlag(s)
	return nil
}

func newDriftCommand(g *globals, streams Streams) *cobra.Command {
	opts := &driftOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "drift OLD NEW [MORE…]",
		Short: "Say what changed from one profile to another",
		Long: `Compares what two profiles measured: columns, kinds, each column's values and forms, row shapes, copies, and how columns go together.
Costs no privacy. Of each it says how far apart the two distributions are (total variation: the part of the records that would have
to be something else), and one of three verdicts:

    changed      by more than noise and chance explain, at a false discovery rate of 5 % for all of them together
    unchanged    nearer than --margin, at 95 %
    can't tell   noise and chance are too large to say which

Noise is what the profiles say it is; chance counts both profiles' records as samples, so two profiles of the same records are found
unchanged or can't be told apart. Where domains differ, they are compared in the finest cells that both have. Pairs of columns are
compared for what their columns' own changes do not explain.

With more than two profiles each is compared with the one before, and with the first. --fail-on changed exits with 100 when anything
changed; with --fail-unsure also with 101 when nothing did and something can't be told.

JSON: see eval/JSON.md, schema patina.drift.timeline/1; its steps have schema patina.drift/1.`,
		Example: example("patina drift patina-demo/profile.parquet patina-demo/profile.parquet",
			"patina drift patina-demo/profile.parquet patina-demo/profile.parquet --fail-on changed --html drift.html"),
		Args: between(2, -1, "two profiles or more"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.profiles = args
			return runDrift(cmd.Context(), opts, streams)
		},
	}
	flags := cmd.Flags()
	flags.Float64Var(&opts.margin, "margin", eval.DefaultMargin, "the distance that is taken for no change, a share of the records")
	flags.Var(&opts.failOn, "fail-on", "changed: exit with 100 when anything changed")
	flags.BoolVar(&opts.failUnsure, "fail-unsure", false, "exit with 101 when nothing is known to have changed but something may have")
	opts.page.register(flags)
	return cmd
}

// A driftResult is what drift prints.
type driftResult struct {
	*eval.Timeline
	PrivacyCost float64 `json:"privacy_cost"` // always 0

	kinds map[string]string
}

func runDrift(ctx context.Context, opts *driftOptions, streams Streams) error {
	if !(opts.margin > 0 && opts.margin < 1) {
		return usagef("--margin %g: want a share of the records, above 0 and below 1", opts.margin)
	}
	var all []*profile.Profile
	for _, path := range opts.profiles {
		p, err := profile.ReadFile(path)
		if err != nil {
			return err
		}
		all = append(all, p)
	}
	line, err := eval.CompareTimeline(ctx, all, eval.DriftOptions{Margin: opts.margin})
	if err != nil {
		return err
	}
	r := &driftResult{Timeline: line, kinds: map[string]string{}}
	for _, c := range all[0].Manifest.Columns {
		r.kinds[c.Name] = c.Kind
	}
	if err := opts.page.write(false, opts.profiles, func() *report.Page { return driftPage(r, opts) }); err != nil {
		return err
	}
	if err := opts.printer(streams).print(r, func(s *screen) { r.write(s, opts) }); err != nil {
		return err
	}
	return opts.gate(line)
}

// gate holds every step against what was asked for.
func (o *driftOptions) gate(line *eval.Timeline) error {
	unsure := false
	for i, d := range append(line.Steps, line.FromFirst...) {
		if d.Verdict == eval.Changed && o.failOn != "" {
			return gatef(exitGate, "%s changed", opt(i < len(line.Steps), o.step(i), "what was in "+o.profiles[0]))
		}
		unsure = unsure || d.Verdict == eval.CantTell
	}
	if unsure && o.failUnsure {
		return gatef(exitUnsure, "noise does not allow to say that nothing changed")
	}
	return nil
}

func (o *driftOptions) step(i int) string {
	if i+1 < len(o.profiles) {
		return "from " + o.profiles[i] + " to " + o.profiles[i+1] + " it"
	}
	return ""
}

func opt(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// maxChanges is how many changes a screen has room for.
const maxChanges = 16

func (r *driftResult) write(s *screen, opts *driftOptions) {
	last := len(r.Steps) - 1
	d := r.Steps[last]
	s.verdict("%s", headline(d))
	s.gap()
	s.fact("from", "%s: %s rows, ε = %s", opts.profiles[last], count(profile.Approx(d.From.Rows)), number(d.From.Epsilon))
	s.fact("to", "%s: %s rows, ε = %s", opts.profiles[last+1], count(profile.Approx(d.To.Rows)), number(d.To.Epsilon))
	s.fact("margin", "%g %% of the records; of what is called changed, %g %% is expected to be noise at most", 100*d.Margin, 100*d.FDR)
	columnsChanged(s, d)
	for _, w := range d.Warnings {
		s.fact("warning", "%s", w)
	}
	r.changes(s, d)
	if last > 0 {
		r.timeline(s, opts)
	}
	s.gap()
	opts.page.said(s)
	s.fact("privacy", "cost: 0 (post-processing of the profiles)")
	s.next("patina inspect "+shellWord(opts.profiles[last+1]), "patina drift "+shellWords(opts.profiles)+" --json")
}

func shellWords(paths []string) string {
	var out []string
	for _, p := range paths {
		out = append(out, shellWord(p))
	}
	return strings.Join(out, " ")
}

// headline says in a line what a drift is.
func headline(d *eval.Drift) string {
	n := verdicts(d)
	if n[eval.Changed]+n[eval.CantTell] == 0 {
		return fmt.Sprintf("unchanged: all %d that were compared are within %g %%", n[eval.Unchanged], 100*d.Margin)
	}
	return fmt.Sprintf("%s: %s", d.Verdict, counted(n))
}

func counted(n map[eval.Verdict]int) string {
	return fmt.Sprintf("%d changed, %d can't tell, %d unchanged", n[eval.Changed], n[eval.CantTell], n[eval.Unchanged])
}

// verdicts counts the verdicts.
func verdicts(d *eval.Drift) map[eval.Verdict]int {
	n := map[eval.Verdict]int{}
	for _, list := range [][]eval.Change{d.Attributes, d.Pairs} {
		for _, c := range list {
			n[c.Verdict]++
		}
	}
	n[eval.Changed] += len(d.Added) + len(d.Removed) + len(d.Kinds)
	return n
}

// columnsChanged writes which columns came, went or are of another kind.
func columnsChanged(s *screen, d *eval.Drift) {
	if len(d.Added) > 0 {
		s.fact("new", "%s: %s", plural(len(d.Added), "column"), few(d.Added))
	}
	if len(d.Removed) > 0 {
		s.fact("gone", "%s: %s", plural(len(d.Removed), "column"), few(d.Removed))
	}
	for _, k := range d.Kinds {
		s.fact("kind", "%s was %s, and is %s", shown(k.Column), k.From, k.To)
	}
}

// changes writes what changed, and counts the rest.
func (r *driftResult) changes(s *screen, d *eval.Drift) {
	t := &table{header: []string{"changed", "distance", "noise", "what moved"}, right: []bool{false, true, true, false}}
	more, unsure := 0, 0
	var widest *eval.Change
	for _, list := range [][]eval.Change{d.Attributes, d.Pairs} {
		for i := range list {
			c := &list[i]
			switch {
			case c.Verdict == eval.CantTell:
				unsure++
				if widest == nil || c.Upper > widest.Upper {
					widest = c
				}
			case c.Verdict != eval.Changed:
			case len(t.rows) == maxChanges:
				more++
			default:
				t.add(changeName(*c), fmt.Sprintf("%.1f %%", 100*c.Distance), fmt.Sprintf("%.1f %%", 100*c.Noise), r.moved(c))
			}
		}
	}
	if len(t.rows) > 0 {
		s.gap()
		s.table(t)
	}
	if more > 0 {
		s.line("… and %d more: --json", more)
	}
	s.gap()
	if widest != nil {
		s.fact("can't", "tell of %d; the least known: %s may have moved by up to %.1f %%", unsure, changeName(*widest), 100*widest.Upper)
	}
	if d.Unmatched > 0 {
		s.fact("pairs", "%d were not measured by both, or not in cells that both have", d.Unmatched)
	}
}

// changeName writes what a change is about.
func changeName(c eval.Change) string {
	special := map[string]string{
		profile.RowShape: "shape of rows", profile.RowCopies: "exact copies", profile.RowOthers: "other keys",
		profile.RowOrder: "order of keys", profile.RowUnits: "records per unit",
	}
	if len(c.Columns) == 1 && c.Role == profile.RoleRow && special[c.Columns[0]] != "" {
		return special[c.Columns[0]]
	}
	return shown(c.String())
}

// moved writes what moved the most: the median of values on an axis first, where it did.
func (r *driftResult) moved(c *eval.Change) string {
	var parts []string
	if m := c.Median; m != nil && apart(m) {
		kind := mess.Kind(r.kinds[c.Columns[0]])
		parts = append(parts, "median "+onAxis(m.From.Value, kind)+" → "+onAxis(m.To.Value, kind))
	}
	missing := c.Missing != nil && apart(c.Missing)
	if missing {
		parts = append(parts, fmt.Sprintf("missing %.1f → %.1f %%", 100*c.Missing.From.Value, 100*c.Missing.To.Value))
	}
	for _, m := range c.Moved {
		if missing && profile.IsMissing(m.Class) {
			continue // said already
		}
		text := strings.Join(append(parts, move(m)), "; ")
		if len(parts) > 0 && runewidth.StringWidth(text) > maxCell {
			break
		}
		parts = append(parts, move(m))
	}
	return strings.Join(parts, "; ")
}

// apart reports whether the intervals of both sides do not meet.
func apart(m *eval.Shift) bool {
	lo, hi := m.From, m.To
	if hi.Value < lo.Value {
		lo, hi = hi, lo
	}
	return lo.Value+lo.PlusMinus < hi.Value-hi.PlusMinus
}

// move writes how the share of a cell changed.
func move(m eval.Move) string {
	label := clipTo(shown(m.Label), maxMoved)
	switch m.Unseen {
	case "to":
		return fmt.Sprintf("%s gone (was %.1f %%)", label, 100*m.From.Value)
	case "from":
		return fmt.Sprintf("%s new (%.1f %%)", label, 100*m.To.Value)
	}
	return fmt.Sprintf("%s %.1f → %.1f %%", label, 100*max(0, m.From.Value), 100*max(0, m.To.Value))
}

// maxMoved bounds the width of a label among what moved.
const maxMoved = 22

// onAxis writes a value of a kind's axis.
func onAxis(x float64, kind mess.Kind) string {
	switch kind {
	case mess.Date, mess.Timestamp:
		const day = 86400
		return profile.FormatSeconds(int64(x) / day * day)
	case mess.Time, mess.Duration:
		sec := int64(x)
		return fmt.Sprintf("%02d:%02d:%02d", sec/3600, sec/60%60, sec%60)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

// timeline writes a line for each profile after the first.
func (r *driftResult) timeline(s *screen, opts *driftOptions) {
	t := &table{header: []string{"profile", "rows", "against the one before", "against the first"}, right: []bool{false, true, false, false}}
	t.add(opts.profiles[0], count(profile.Approx(r.Profiles[0].Rows)), "", "")
	for i, step := range r.Steps {
		first := ""
		if i > 0 {
			first = counted(verdicts(r.FromFirst[i-1]))
		}
		t.add(opts.profiles[i+1], count(profile.Approx(step.To.Rows)), counted(verdicts(step)), first)
	}
	s.gap()
	s.table(t)
}
