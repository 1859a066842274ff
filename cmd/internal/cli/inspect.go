package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"

	"github.com/patina-data/patina/eval/report"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

type inspectOptions struct {
	*globals
	profile string
	column  string
	model   bool
	page    pageFlags
}

func newInspectCommand(g *globals, streams Streams) *cobra.Command {
	opts := &inspectOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "inspect PROFILE",
		Short: "Show what a profile says, with its uncertainty",
		Long: `Shows a profile's columns: kind, missing values by spelling, the most frequent values, and the forms they are written in,
each with the half-width of its 95 % interval; and which columns were found to go together. Costs no privacy: everything shown is in the
profile already.

"mess %" is the part of the present values that are not written plainly: variants of a category, damaged texts, values that the kind does
not read, typed values in another style than most. "together" is the part of the records that would be elsewhere if the columns were
independent, "by noise" about what independent columns would show at most.

JSON (schema patina.inspect/1): dataset, run, rows, format, privacy, spent, units, shapes, repeats, others, order, columns, together; a column has name, type, kind, origin, missing,
spellings, values, bins, forms, variants, damage, mess, value_view, form_view, agrees, agrees_with, withheld, plus_minus. Shares are
fractions of the records, but of the present values in mess, and of the records with both columns in agrees. An item of together has
columns, cells, sigma, rho, strength, noise.`,
		Example: example("patina inspect patina-demo/profile.parquet",
			"patina inspect patina-demo/profile.parquet --column 'Type of Contract'",
			"patina inspect patina-demo/profile.parquet --model",
			"patina inspect patina-demo/profile.parquet --html profile.html",
			"patina inspect patina-demo/profile.parquet --json"),
		Args: between(1, 1, "one profile"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.profile = args[0]
			return runInspect(cmd.Context(), opts, streams)
		},
	}
	cmd.Flags().StringVar(&opts.column, "column", "", "show this column in full")
	cmd.Flags().BoolVar(&opts.model, "model", false, "show all that was measured together")
	opts.page.register(cmd.Flags())
	return cmd
}

func runInspect(_ context.Context, opts *inspectOptions, streams Streams) error {
	if opts.model && opts.column != "" {
		return usagef("--column and --model show different things: give one of them")
	}
	p, err := profile.ReadFile(opts.profile)
	if err != nil {
		return err
	}
	sum := profile.Summarize(p)
	if err := opts.page.write(false, []string{opts.profile}, func() *report.Page { return inspectPage(sum, opts.profile) }); err != nil {
		return err
	}
	if opts.model {
		return opts.printer(streams).print(sum.Together, func(s *screen) { inspectModel(s, sum, opts.profile) })
	}
	if opts.column == "" {
		return opts.printer(streams).print(sum, func(s *screen) { inspectAll(s, sum, opts.profile); opts.page.said(s) })
	}
	for _, c := range sum.Columns {
		if c.Name == opts.column {
			return opts.printer(streams).print(c, func(s *screen) { inspectColumn(s, c, sum.Together) })
		}
	}
	return usagef("%s has no column %q: it has %s", opts.profile, opts.column, columnList(sum.Columns))
}

// columnList names the first columns.
func columnList(columns []profile.ColumnSummary) string {
	var names []string
	for i, c := range columns {
		if i == maxColumns {
			names = append(names, "…")
			break
		}
		names = append(names, shown(c.Name))
	}
	return strings.Join(names, ", ")
}

func inspectAll(s *screen, sum profile.Summary, path string) {
	s.verdict("%s is a valid profile of %s: %s rows, %s, (ε = %s, δ = %s)", path, shown(sum.Dataset), count(sum.Rows),
		plural(len(sum.Columns), "column"), number(sum.Privacy.Epsilon), number(sum.Privacy.Delta))
	s.gap()
	s.privacy(sum)
	s.rowFacts(sum)
	s.gap()
	t := &table{
		header: []string{"column", "kind", "missing %", "frequent values", "mess %", "forms by example", "±"},
		right:  []bool{false, false, true, false, true, false, true},
	}
	for _, c := range sum.Columns[:min(len(sum.Columns), maxColumns)] {
		t.add(clipTo(shown(c.Name), columnWidth), kindMark(c), clipTo(missing(c), missingWidth), values(c), messy(c), ways(c), halfWidth(c.PlusMinus))
	}
	s.table(t)
	if n := len(sum.Columns) - maxColumns; n > 0 {
		s.line("… and %s: --column NAME, or --json", plural(n, "more column"))
	}
	s.line("%s", s.style.faint("kinds: ! declared, = from the file's types, learnt otherwise; ±: 95 % half-width of one share"))
	s.together(sum.Together, maxTogether)
	s.warnings(sum.Warnings)
	example := "NAME"
	if len(sum.Columns) > 0 && shown(sum.Columns[0].Name) == sum.Columns[0].Name {
		example = sum.Columns[0].Name
	}
	s.next("patina inspect "+shellWord(path)+" --column "+shellWord(example),
		"patina sample "+shellWord(path)+" -o "+shellWord(beside(path, "synthetic", sum.Format)))
}

// rowFacts writes what the profile says of rows as such, where that is more than one thing.
func (s *screen) rowFacts(sum profile.Summary) {
	s.units(sum.Units)
	if len(sum.Shapes) > 1 {
		what := "fields too many (+) or short (−)"
		if sum.Format == record.JSONL {
			what = "0 is a record"
		}
		s.fact("rows", "%s: %s", what, shapes(sum.Shapes))
	}
	if sum.Repeats > 0 {
		s.fact("copies", "%.1f %% of the rows are exactly like an earlier one", 100*sum.Repeats)
	}
	if len(sum.Others) > 1 {
		s.fact("other keys", "in a record, none of them frequent: %s", top(sum.Others, 4, maxCell, false))
	}
	if len(sum.Order) > 1 {
		s.fact("key order", "of the columns, or another: %s", top(sum.Order, 2, maxCell, false))
	}
	if held := heldBack(sum.Columns); held != "" {
		s.fact("withheld", "however frequent: %s", held)
	}
}

// maxHeld is how many reasons for withholding cells the overview has room for.
const maxHeld = 3

// heldBack names the reasons, of all columns, for which most cells could not become values, with the share of the records.
func heldBack(columns []profile.ColumnSummary) string {
	type held struct {
		profile.Item
		column string
	}
	var all []held
	for _, c := range columns {
		for _, it := range c.Withheld {
			all = append(all, held{it, c.Name})
		}
	}
	slices.SortStableFunc(all, func(a, b held) int { return cmp.Compare(b.Share.Value, a.Share.Value) })
	var parts []string
	for _, h := range all[:min(maxHeld, len(all))] {
		parts = append(parts, fmt.Sprintf("%s in %s %s", h.Label, shown(h.column), share(h.Share)))
	}
	if n := len(all) - maxHeld; n > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(parts, ", ")
}

// kindMark writes a column's kind and how it is known.
func kindMark(c profile.ColumnSummary) string {
	switch c.Origin {
	case profile.Declared:
		return c.Kind + " !"
	case profile.Schema:
		return c.Kind + " ="
	}
	return c.Kind
}

// Widths on the overview, in terminal columns: a row has room on 120.
const (
	columnWidth  = 20
	missingWidth = 13
	valuesWidth  = 30
	waysWidth    = 24
)

// missing writes the share of missing values and their commonest spelling.
func missing(c profile.ColumnSummary) string {
	if c.Missing.Value == 0 {
		return "0"
	}
	text := fmt.Sprintf("%.1f", 100*c.Missing.Value)
	if len(c.Spellings) > 0 {
		text += " " + shown(c.Spellings[0].Label)
	}
	return text
}

// values writes a column's commonest values, or where there are none that stand out, its commonest interval.
func values(c profile.ColumnSummary) string {
	const standsOut = 0.005
	list := named(named(c.Values, profile.Other), profile.Generated)
	switch {
	case c.Missing.Value >= 1:
		return ""
	case len(list) > 0 && (list[0].Share.Value >= standsOut || len(c.Bins) == 0):
		return top(list, 2, valuesWidth, false)
	case len(c.Bins) > 0:
		return top(c.Bins, 1, valuesWidth, false)
	case len(c.Values) > 0 && c.Values[0].Class == profile.Generated:
		return "made up"
	case c.Masked:
		return "never released"
	}
	return "none frequent enough"
}

// messy writes the part of the present values that are not written plainly.
func messy(c profile.ColumnSummary) string {
	d := decimals(100*c.Mess.PlusMinus, 1)
	switch {
	case c.Mess.Value == 0:
		return "0"
	case c.Mess.PlusMinus >= 1: // nearly all values are missing: there is nothing to tell
		return "?"
	}
	return fmt.Sprintf("%.*f ± %.*f", d, 100*c.Mess.Value, d, 100*c.Mess.PlusMinus)
}

// ways writes the commonest form, and the commonest variant where there is one.
func ways(c profile.ColumnSummary) string {
	list := named(c.Forms, profile.OtherForm)
	if len(c.Variants) > 0 {
		list = append(list[:min(1, len(list))], c.Variants[0])
	}
	return top(list, 2, waysWidth, true)
}

// named returns the items that are not of the catch-all class.
func named(items []profile.Item, catchAll profile.Class) []profile.Item {
	return slices.DeleteFunc(slices.Clone(items), func(it profile.Item) bool { return it.Class == catchAll })
}

// top writes the first items, up to n, as far as they can be read in a width; of the first at least a part.
func top(items []profile.Item, n, width int, examples bool) string {
	text := ""
	for _, it := range items[:min(n, len(items))] {
		label := shown(it.Label)
		if examples && it.Example != "" {
			label = shown(it.Example)
		}
		part := percent(it.Share.Value)
		if room := width - len(part) - 1; text == "" {
			text = clipTo(label, room) + " " + part
		} else if more := text + ", " + label + " " + part; runewidth.StringWidth(more) <= width {
			text = more
		}
	}
	return text
}

// percent writes a share in short.
func percent(x float64) string {
	if 0 < x && x < 0.005 {
		return "<1%"
	}
	return fmt.Sprintf("%.0f%%", 100*x)
}

// shapes lists the most frequent row shapes with their shares in percent.
func shapes(items []profile.Item) string {
	var parts []string
	for _, it := range items[:min(4, len(items))] {
		parts = append(parts, fmt.Sprintf("%s %.0f", shown(it.Label), 100*it.Share.Value))
	}
	return strings.Join(parts, ", ")
}

// maxItems is how many items of a kind a screen has room for.
const maxItems = 12

func inspectColumn(s *screen, c profile.ColumnSummary, together []profile.Association) {
	s.verdict("%s: %s (%s), %s missing", shown(c.Name), c.Kind, c.Origin, share(c.Missing))
	s.line("physical type %s; ± is the 95 %% half-width of the noise; shares are of all records", shown(string(c.Type)))
	s.line("%s of the present values are not written plainly", share(c.Mess))
	if c.Masked {
		s.line("no cell of this column is ever released: its texts are made up to the forms below")
	}
	if c.Agrees != nil {
		s.line("about the same person as %s in %s of the records that have both", shown(c.AgreesWith), share(*c.Agrees))
	}
	s.items("missing", c.Spellings, false)
	s.items("values", c.Values, false)
	s.items("bins", c.Bins, false)
	s.items("forms", c.Forms, true)
	s.items("variants", c.Variants, true)
	s.items("damage", c.Damage, true)
	s.items("withheld", c.Withheld, false)
	s.view("set against others by value", c.ValueView)
	s.view("set against others by form", c.FormView)
	s.together(slices.DeleteFunc(slices.Clone(together), func(a profile.Association) bool {
		return !slices.ContainsFunc(a.Columns, func(p profile.AssociationPart) bool { return p.Column == c.Name })
	}), maxTogether)
}

// view writes the coarser codes in which a column is set against others.
func (s *screen) view(title string, groups []profile.GroupItem) {
	if len(groups) == 0 {
		return
	}
	s.gap()
	t := &table{header: []string{title, "share", "values"}, right: []bool{false, true, true}}
	for _, g := range groups[:min(len(groups), maxItems)] {
		t.add(shown(g.Label), share(g.Share), strconv.Itoa(g.Codes))
	}
	s.table(t)
	if n := len(groups) - maxItems; n > 0 {
		s.line("… and %d more: --json", n)
	}
}

// items writes one section of a column.
func (s *screen) items(title string, items []profile.Item, examples bool) {
	if len(items) == 0 {
		return
	}
	s.gap()
	t := &table{header: []string{title, "share", "known"}, right: []bool{false, true, false}}
	if examples {
		t.header = append(t.header, "for example")
	}
	for _, it := range items[:min(len(items), maxItems)] {
		row := []string{shown(it.Label), share(it.Share), string(it.Origin)}
		if examples {
			row = append(row, shown(it.Example))
		}
		t.add(row...)
	}
	s.table(t)
	if n := len(items) - maxItems; n > 0 {
		s.line("… and %d more: --json", n)
	}
}
