package cli

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/eval/report"
	"github.com/patina-data/patina/profile"
)

// Bounds on what a page of a wide profile holds.
const (
	pageColumns = 60
	pageItems   = 24
)

// inspectPage makes a page of everything that inspect says.
func inspectPage(sum profile.Summary, path string) *report.Page {
	p := sum.Privacy
	rho := account.Rho(p.Rho)
	facts := report.Facts{
		{Term: "Rows", Text: count(sum.Rows)},
		{Term: "Privacy", Text: fmt.Sprintf("ε = %s, δ = %s for the unit %s: %s", number(p.Epsilon), number(p.Delta), shown(p.Unit), shown(p.Neighbours))},
		{Term: "Noise, in all", Text: fmt.Sprintf("ρ = %s zCDP, μ = %s Gaussian DP", number(p.Rho), number(float64(rho.Mu())))},
		{Term: "Spent on", Text: spentOn(sum.Spent)},
		{Term: "Account and run", Text: shown(sum.Dataset) + ", " + sum.Run},
	}
	if u := sum.Units; u != nil {
		facts = append(facts, report.Fact{Term: "Units", Text: fmt.Sprintf("%s by %s, at most %s of each used", count(u.Units), shown(strings.Join(u.Columns, ", ")), plural(u.MaxRecords, "record"))})
	}
	blocks := []report.Block{
		report.Verdict{Level: report.Good, Text: fmt.Sprintf("A profile of %s: %s rows, %s.", shown(sum.Dataset), count(sum.Rows), plural(len(sum.Columns), "column")),
			More: "Every number is noisy; ± is half the width of its 95 % interval."}, facts,
	}
	if len(sum.Warnings) > 0 {
		blocks = append(blocks, report.List(sum.Warnings))
	}
	columns := sum.Columns[:min(len(sum.Columns), pageColumns)]
	page := &report.Page{
		Title: "Profile of " + shown(sum.Dataset), Subtitle: path, Blocks: blocks, Foot: free,
		Sections: []report.Section{
			{Title: "Columns", Blocks: []report.Block{columnsTable(columns, len(sum.Columns))}},
			{Title: "Missing values", Blocks: missingBlocks(columns)},
			{Title: "Mess", Blocks: messBlocks(columns)},
			{Title: "Columns together", Blocks: togetherBlocks(sum, columns)},
			{Title: "Values", Blocks: valueBlocks(columns)},
		},
	}
	return page
}

func columnsTable(columns []profile.ColumnSummary, all int) report.Table {
	t := report.Table{Caption: "Kinds, and how exact the shares are", Columns: report.Columns("column", "kind", "#missing", "found", "#written messily", "#one share ±")}
	for _, c := range columns {
		t.Rows = append(t.Rows, report.Cells(shown(c.Name), c.Kind+" ("+string(c.Origin)+")", share(c.Missing), found(c), share(c.Mess), halfWidth(c.PlusMinus)))
	}
	if n := all - len(columns); n > 0 {
		t.Note = fmt.Sprintf("%s are not on this page: inspect --json has them.", plural(n, "more column"))
	}
	return t
}

// labelled returns the labels of items over all columns, the most frequent first, at most most.
func labelled(columns []profile.ColumnSummary, items func(profile.ColumnSummary) []profile.Item, most int) []string {
	total := map[string]float64{}
	for _, c := range columns {
		for _, i := range items(c) {
			total[i.Label] += i.Share.Value
		}
	}
	labels := make([]string, 0, len(total))
	for l, x := range total {
		if x > 0 {
			labels = append(labels, l)
		}
	}
	slices.SortFunc(labels, func(a, b string) int {
		if total[a] != total[b] {
			if total[a] > total[b] {
				return -1
			}
			return 1
		}
		return strings.Compare(a, b)
	})
	return labels[:min(len(labels), most)]
}

// matrix is a heat map of columns by labels of their items.
func matrix(title, note string, columns []profile.ColumnSummary, labels []string, items func(profile.ColumnSummary) []profile.Item) report.Heat {
	h := report.Heat{Title: title, Unit: report.Percent, Note: note}
	for _, l := range labels {
		h.Columns = append(h.Columns, clipTo(shown(l), maxCell))
	}
	for _, c := range columns {
		row := make([]float64, len(labels))
		any := false
		for i := range row {
			row[i] = math.NaN()
		}
		for _, item := range items(c) {
			if at := slices.Index(labels, item.Label); at >= 0 && item.Share.Value > 0 {
				row[at], any = item.Share.Value, true
			}
		}
		if any {
			h.Rows, h.Values = append(h.Rows, shown(c.Name)), append(h.Values, row)
		}
	}
	return h
}

func spellingsOf(c profile.ColumnSummary) []profile.Item { return c.Spellings }
func damageOf(c profile.ColumnSummary) []profile.Item    { return c.Damage }
func formsOf(c profile.ColumnSummary) []profile.Item     { return named(c.Forms, profile.OtherForm) }

// mapWidth is how many columns a heat map has.
const mapWidth = 14

func missingBlocks(columns []profile.ColumnSummary) []report.Block {
	labels := labelled(columns, spellingsOf, mapWidth)
	if len(labels) == 0 {
		return []report.Block{report.Text("Nothing is missing.")}
	}
	return []report.Block{matrix("How missing values are spelled", "Share of the records, by column.", columns, labels, spellingsOf)}
}

func messBlocks(columns []profile.ColumnSummary) []report.Block {
	var blocks []report.Block
	bars := report.Bars{Title: "Values that are not written plainly", Alt: "For each column the part of the present values that are not written plainly",
		X: report.Axis{Label: "part of the present values", Unit: report.Percent}, Series: []string{"written messily"}}
	for _, c := range columns {
		if c.Mess.Value > 0 {
			bars.Groups = append(bars.Groups, report.BarGroup{Label: shown(c.Name), Bars: []report.Bar{{Value: c.Mess.Value, PlusMinus: c.Mess.PlusMinus}}})
		}
	}
	if len(bars.Groups) > 0 {
		blocks = append(blocks, bars)
	}
	if labels := labelled(columns, damageOf, mapWidth); len(labels) > 0 {
		blocks = append(blocks, matrix("Damage", "Share of the records, by column.", columns, labels, damageOf))
	}
	if labels := labelled(columns, formsOf, mapWidth); len(labels) > 0 {
		blocks = append(blocks, matrix("Forms", "The most frequent over all columns, as shares of the records. profile/mess/FORMS.md says how to read them.", columns, labels, formsOf))
	}
	forms := report.Table{Caption: "How values are written", Columns: report.Columns("column", "form", "for example", "#share of the records")}
	for _, c := range columns {
		for i, f := range c.Forms {
			if i == 6 {
				break
			}
			name := ""
			if i == 0 {
				name = shown(c.Name)
			}
			forms.Rows = append(forms.Rows, report.Cells(name, clipTo(shown(f.Label), 28), clipTo(shown(f.Example), 28), share(f.Share)))
		}
	}
	if len(forms.Rows) > 0 {
		forms.Note = "The six most frequent of each column. Examples are made up."
		blocks = append(blocks, forms)
	}
	if len(blocks) == 0 {
		blocks = append(blocks, report.Text("Everything is written plainly."))
	}
	return blocks
}

func togetherBlocks(sum profile.Summary, columns []profile.ColumnSummary) []report.Block {
	if len(sum.Together) == 0 {
		return []report.Block{report.Text("No columns were found to go together: nothing between them stood out from the noise.")}
	}
	return []report.Block{
		report.Text("The part of the records that would be in another cell if the columns were independent: from 0, independent. Empty cells were not measured."),
		strengths(sum.Together, columns), togetherTable(sum.Together),
	}
}

// strengths is a heat map of pairs of columns, of those that were measured with any other.
func strengths(together []profile.Association, columns []profile.ColumnSummary) report.Heat {
	strength := map[[2]string]float64{}
	in := map[string]bool{}
	for _, t := range together {
		for i, a := range t.Columns {
			for _, b := range t.Columns[:i] {
				if len(t.Columns) == 2 && a.Column != b.Column {
					for _, key := range [][2]string{{a.Column, b.Column}, {b.Column, a.Column}} {
						strength[key] = max(strength[key], t.Strength)
					}
					in[a.Column], in[b.Column] = true, true
				}
			}
		}
	}
	h := report.Heat{Title: "Pairs of columns", Unit: report.Percent}
	for _, c := range columns {
		if in[c.Name] {
			h.Rows, h.Columns = append(h.Rows, shown(c.Name)), append(h.Columns, shown(c.Name))
		}
	}
	for _, a := range columns {
		if !in[a.Name] {
			continue
		}
		var row []float64
		for _, b := range columns {
			if !in[b.Name] {
				continue
			}
			x, ok := strength[[2]string{a.Name, b.Name}]
			if !ok {
				x = math.NaN()
			}
			row = append(row, x)
		}
		h.Values = append(h.Values, row)
	}
	return h
}

func togetherTable(together []profile.Association) report.Table {
	t := report.Table{Caption: "What goes together most", Columns: report.Columns("columns", "#strength", "#by noise", "#cells")}
	for _, a := range together[:min(len(together), pageItems)] {
		var names []string
		for _, c := range a.Columns {
			name := shown(c.Column)
			if c.Form {
				name += " (form)"
			}
			names = append(names, name)
		}
		t.Rows = append(t.Rows, report.Cells(strings.Join(names, " × "), halfWidth(a.Strength), halfWidth(a.Noise), fmt.Sprint(a.Cells)))
	}
	return t
}

// valueBlocks shows each column's most frequent values, or where its numbers lie.
func valueBlocks(columns []profile.ColumnSummary) []report.Block {
	var blocks []report.Block
	for _, c := range columns {
		items := named(c.Values, profile.Other)
		axis := "most frequent values"
		if len(c.Bins) > len(items) {
			items, axis = slices.Clone(c.Bins), "intervals"
			slices.SortFunc(items, func(a, b profile.Item) int { return a.Code - b.Code })
		}
		items = strongest(items, pageItems)
		if len(items) == 0 {
			continue
		}
		bars := report.Bars{Title: shown(c.Name), Alt: "Shares of the " + axis + " of " + shown(c.Name), X: report.Axis{Label: "share of the records", Unit: report.Percent}, Series: []string{axis}}
		for _, i := range items {
			bars.Groups = append(bars.Groups, report.BarGroup{Label: clipTo(shown(i.Label), 36), Bars: []report.Bar{{Value: i.Share.Value, PlusMinus: i.Share.PlusMinus}}})
		}
		blocks = append(blocks, report.Details{Summary: shown(c.Name) + ": " + axis, Blocks: []report.Block{bars}})
	}
	return blocks
}

// strongest returns the items of largest share, in the order they were in.
func strongest(items []profile.Item, most int) []profile.Item {
	if len(items) <= most {
		return items
	}
	shares := make([]float64, len(items))
	for i, item := range items {
		shares[i] = item.Share.Value
	}
	slices.Sort(shares)
	least := shares[len(shares)-most]
	var out []profile.Item
	for _, item := range items {
		if item.Share.Value >= least && len(out) < most {
			out = append(out, item)
		}
	}
	return out
}
