package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/profile"
)

type inspectOptions struct {
	*globals
	profile string
	column  string
}

func newInspectCommand(g *globals, streams Streams) *cobra.Command {
	opts := &inspectOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "inspect PROFILE",
		Short: "Show what a profile says, with its uncertainty",
		Long: `Shows a profile's columns: kind, missing values by spelling, the most frequent values, and the forms they are written in,
each with the half-width of its 95 % interval. Costs no privacy: everything shown is in the profile already.

JSON: dataset, run, rows, format, privacy, shapes, columns; a column has name, type, kind, origin, missing, spellings,
values, bins, forms, plus_minus. Shares are fractions of the records.`,
		Example: example("patina inspect patina-demo/profile.parquet",
			"patina inspect patina-demo/profile.parquet --column 'Type of Contract'",
			"patina inspect patina-demo/profile.parquet --json"),
		Args: between(1, 1, "one profile"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.profile = args[0]
			return runInspect(cmd.Context(), opts, streams)
		},
	}
	cmd.Flags().StringVar(&opts.column, "column", "", "show this column in full")
	return cmd
}

func runInspect(_ context.Context, opts *inspectOptions, streams Streams) error {
	p, err := profile.ReadFile(opts.profile)
	if err != nil {
		return err
	}
	sum := profile.Summarize(p)
	if opts.column == "" {
		return opts.printer(streams).print(sum, func(s *screen) { inspectAll(s, sum, opts.profile) })
	}
	for _, c := range sum.Columns {
		if c.Name == opts.column {
			return opts.printer(streams).print(c, func(s *screen) { inspectColumn(s, c) })
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
	if len(sum.Shapes) > 1 {
		s.fact("rows", "fields too many (+) or short (−): %s", shapes(sum.Shapes))
	}
	if sum.Repeats > 0 {
		s.fact("copies", "%.1f %% of the rows are exactly like an earlier one", 100*sum.Repeats)
	}
	s.gap()
	t := &table{
		header: []string{"column", "kind", "missing %", "frequent values %", "forms by example %", "±"},
		right:  []bool{false, false, true, false, false, true},
	}
	for _, c := range sum.Columns[:min(len(sum.Columns), maxColumns)] {
		t.add(shown(c.Name), kindMark(c), missing(c), values(c), top(named(c.Forms, profile.OtherForm), 2, true), halfWidth(c.PlusMinus))
	}
	s.table(t)
	if n := len(sum.Columns) - maxColumns; n > 0 {
		s.line("… and %s more: --column NAME, or --json", plural(n, "column"))
	}
	s.line("%s", s.style.faint("kinds: ! declared, = from the file's types, learnt otherwise; ±: 95 % half-width of one share"))
	example := "NAME"
	if len(sum.Columns) > 0 && shown(sum.Columns[0].Name) == sum.Columns[0].Name {
		example = sum.Columns[0].Name
	}
	s.next("patina inspect "+shellWord(path)+" --column "+shellWord(example),
		"patina sample "+shellWord(path)+" -o "+shellWord(beside(path, "synthetic", sum.Format)))
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

// values writes a column's commonest values or intervals.
func values(c profile.ColumnSummary) string {
	switch list := named(c.Values, profile.Other); {
	case len(list) > 0:
		return top(list, 2, false)
	case len(c.Bins) > 0:
		return top(c.Bins, 1, false)
	case c.Masked:
		return "(never released)"
	}
	return "(none frequent enough)"
}

// named returns the items that are not of the catch-all class.
func named(items []profile.Item, catchAll profile.Class) []profile.Item {
	return slices.DeleteFunc(slices.Clone(items), func(it profile.Item) bool { return it.Class == catchAll })
}

// top writes the first n items in short.
func top(items []profile.Item, n int, examples bool) string {
	var parts []string
	for _, it := range items[:min(n, len(items))] {
		text := shown(it.Label)
		if examples && it.Example != "" {
			text = shown(it.Example)
		}
		parts = append(parts, fmt.Sprintf("%s %.0f", clipTo(text, maxCell/(n+1)), 100*it.Share.Value))
	}
	return strings.Join(parts, ", ")
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

func inspectColumn(s *screen, c profile.ColumnSummary) {
	s.verdict("%s: %s (%s), %s missing", shown(c.Name), c.Kind, c.Origin, share(c.Missing))
	s.line("physical type %s; ± is the 95 %% half-width of the noise; shares are of all records", shown(string(c.Type)))
	if c.Masked {
		s.line("no cell of this column is ever released: its texts are made up to the forms below")
	}
	s.items("missing", c.Spellings, false)
	s.items("values", c.Values, false)
	s.items("bins", c.Bins, false)
	s.items("forms", c.Forms, true)
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
