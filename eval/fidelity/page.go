package fidelity

import (
	"fmt"
	"math"
	"strings"

	"github.com/patina-data/patina/eval/report"
	"github.com/patina-data/patina/profile/mess"
)

// maxCharted is how many columns have a chart, or a row and a column of a map.
const maxCharted = 40

// maxListed is how many sets of columns a table lists.
const maxListed = 10

// Page makes the report a page.
func (r *Report) Page() *report.Page {
	level := report.Unsure
	if r.Near() {
		level = report.Good
	}
	p := &report.Page{
		Title:    "Fidelity of a synthetic table",
		Subtitle: fmt.Sprintf("%d real rows, %d synthetic; samples of %d rows are compared, seed %d", r.Real.Rows, r.Synthetic.Rows, r.Compared, r.Seed),
		Warning:  Warning,
		Blocks: []report.Block{
			report.Verdict{
				Level: level, Text: strings.ToUpper(r.Verdict()[:1]) + r.Verdict()[1:] + ".",
				More: "The floor is what one half of the real table scores against the other; independent columns are right one by one and " +
					"wrong together.",
			},
			r.facts(), r.summary(),
		},
		Sections: []report.Section{
			{Title: "Values", Blocks: r.valueBlocks()},
			{Title: "Dependence of columns", Blocks: r.dependenceBlocks()},
			{Title: "Mess", Blocks: r.messBlocks()},
			{Title: "Missing values", Blocks: r.missingBlocks()},
			{Title: "Numbers and dates", Blocks: r.numericBlocks()},
			{Title: "Subgroups", Blocks: r.subgroupBlocks()},
			{Title: "Can a model tell?", Blocks: r.modelBlocks()},
			{Title: "Texts and copies", Blocks: r.textBlocks()},
		},
		Foot: "Made by `patina eval fidelity` from real rows, without noise. What each number means is in eval/fidelity/JSON.md.",
	}
	return p
}

func (r *Report) facts() report.Facts {
	f := report.Facts{
		{Term: "Rows read", Text: fmt.Sprintf("%d of %d real, %d of %d synthetic, drawn uniformly where they are fewer",
			r.Real.Read, r.Real.Rows, r.Synthetic.Read, r.Synthetic.Rows)},
		{Term: "Columns", Text: fmt.Sprintf("%d that both tables have", len(r.Columns))},
	}
	if len(r.LeftOut.Real) > 0 {
		f = append(f, report.Fact{Term: "Only in the real table, left out", Text: strings.Join(r.LeftOut.Real, ", ")})
	}
	if len(r.LeftOut.Synthetic) > 0 {
		f = append(f, report.Fact{Term: "Only in the synthetic table, left out", Text: strings.Join(r.LeftOut.Synthetic, ", ")})
	}
	if made := r.MadeUp(); len(made) > 0 {
		f = append(f, report.Fact{Term: "Made up by design, so that what they say is not compared", Text: strings.Join(made, ", ")})
	}
	if r.Untyped {
		f = append(f, report.Fact{Term: "Types", Text: "one table is CSV and the other is not: types, null and absent are not told apart"})
	}
	return f
}

// figure writes a measure.
func figure(x float64) string { return fmt.Sprintf("%.4f", x) }

// scored makes a row of a name and a score.
func scored(s Score, names ...string) []report.Cell {
	return append(report.Cells(names...), report.Cells(figure(s.Synthetic), figure(s.Floor), figure(s.Independent))...)
}

func (r *Report) summary() report.Table {
	t := report.Table{
		Caption: "Means of what was measured",
		Columns: report.Columns("Measure", "#Synthetic", "#Floor", "#Independent", "#Way"),
		Note: "Way: from the floor (0 %, as good as real) to independent columns (100 %), of what is about columns together; none is given " +
			"where the control is no further off than sampling error.",
	}
	for _, l := range r.Summary() {
		t.Rows = append(t.Rows, append(scored(l.Score, l.Name), report.Cell{Text: l.WayText()}))
	}
	return t
}

// setTable lists sets of columns.
func setTable(caption, note string, list []SetScore) report.Table {
	t := report.Table{Caption: caption, Note: note, Columns: report.Columns("Columns", "#Synthetic", "#Floor", "#Independent")}
	for _, s := range list[:min(len(list), maxListed)] {
		t.Rows = append(t.Rows, scored(s.Score, strings.Join(s.Columns, " × ")))
	}
	return t
}

func (r *Report) valueBlocks() []report.Block {
	blocks := []report.Block{report.Text("Total variation distance (TVD) is the part of the records that would have to be other ones: 0 is the same. " +
		"Values are single ones, categories, spelled nulls, and deciles of other numbers; rare categories are one.")}
	for _, m := range r.Marginals {
		note := ""
		if m.Sets < m.Of {
			note = fmt.Sprintf("A random %d of %d sets were measured.", m.Sets, m.Of)
		}
		blocks = append(blocks, setTable("Furthest from real: "+ways[m.Ways], note, m.Worst))
	}
	charts := report.Details{Summary: "Each column's most frequent values"}
	for _, c := range r.Columns[:min(len(r.Columns), maxCharted)] {
		b := report.Bars{Title: c.Name,
			Alt: "shares of the records with each of the most frequent values of " + c.Name + ", real and synthetic",
			X:   report.Axis{Label: "share of the records", Unit: report.Percent}, Series: []string{"real", "synthetic"}}
		for _, s := range c.Bars {
			b.Groups = append(b.Groups, report.BarGroup{Label: s.Label, Bars: []report.Bar{{Value: s.Real}, {Value: s.Synthetic}}})
		}
		charts.Blocks = append(charts.Blocks, b)
	}
	return append(blocks, charts)
}

// hundredths rounds what a map shows.
func hundredths(x float64) float64 { return math.Round(100*x) / 100 }

func rounded(rows [][]float64) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		for _, x := range row {
			out[i] = append(out[i], hundredths(x))
		}
	}
	return out
}

func (r *Report) dependenceBlocks() []report.Block {
	names := r.Associations.Columns[:min(len(r.Associations.Columns), maxCharted)]
	if len(names) < 2 {
		return []report.Block{report.Text("There is one column.")}
	}
	at := map[string]int{}
	for i, n := range names {
		at[n] = i
	}
	grid := func(of func(a Association) float64) [][]float64 {
		g := make([][]float64, len(names))
		for i := range g {
			g[i] = make([]float64, len(names))
			for j := range g[i] {
				g[i][j] = math.NaN()
			}
		}
		for _, a := range r.Associations.Pairs {
			i, okA := at[a.Columns[0]]
			j, okB := at[a.Columns[1]]
			if okA && okB {
				g[i][j] = hundredths(of(a))
				g[j][i] = g[i][j]
			}
		}
		return g
	}
	t := report.Table{Caption: "Furthest from real", Columns: report.Columns("Columns", "Measure", "#Real", "#Synthetic", "#Other real half")}
	for _, a := range r.Associations.Worst() {
		t.Rows = append(t.Rows, report.Cells(a.Columns[0]+" × "+a.Columns[1], a.Method, figure(a.Real), figure(a.Synthetic), figure(a.Floor)))
	}
	return []report.Block{
		report.Text("Spearman's rank correlation of numbers and dates (−1 to 1), bias-corrected Cramér's V of categories, correlation ratio of a " +
			"number by a category (0 to 1)."),
		report.Heat{Title: "Real", Rows: names, Columns: names, Values: grid(func(a Association) float64 { return a.Real }), Max: 1},
		report.Heat{Title: "Synthetic", Rows: names, Columns: names, Values: grid(func(a Association) float64 { return a.Synthetic }), Max: 1},
		t,
	}
}

func (r *Report) messBlocks() []report.Block {
	h := report.Heat{Title: "Distance of how cells are written, above the floor", Unit: report.Percent,
		Note: "TVD of null spellings, masks, forms and damage, less what real rows differ by from real rows."}
	for _, part := range messParts {
		h.Columns = append(h.Columns, part.name)
	}
	for _, c := range r.Columns[:min(len(r.Columns), maxCharted)] {
		h.Rows = append(h.Rows, c.Name)
		var row []float64
		for _, part := range messParts {
			row = append(row, part.of(c.Mess).Excess())
		}
		h.Values = append(h.Values, row)
	}
	if len(r.Forms.Worst) == 0 {
		return []report.Block{h}
	}
	return []report.Block{h, setTable("How the first is written with the value of the second, furthest from real", r.Forms.sampled(), r.Forms.Worst)}
}

// sampled says that some pairs were not measured.
func (t Together) sampled() string {
	if t.Pairs < t.Of {
		return fmt.Sprintf("A random %d of %d pairs were measured.", t.Pairs, t.Of)
	}
	return ""
}

func (r *Report) missingBlocks() []report.Block {
	m := r.MissingMatrix
	if len(m.Missing) == 0 {
		return []report.Block{report.Text("No column has some missing values and some present ones.")}
	}
	rates := report.Table{
		Caption: "Where rates of missing values differ most",
		Columns: report.Columns("Missing", "Where", "Is", "#Of records", "#Real rate", "#Synthetic rate", "#±"),
		Note: "For each pair of columns the value with the greatest share × difference, of those with 30 records or more in both samples and " +
			"nine tenths of them at most. Differences within four standard deviations are left out: some of so many are chance.",
	}
	for _, x := range r.MissingRates {
		rates.Rows = append(rates.Rows, report.Cells(x.Column, x.Where, x.Value,
			percent(x.Share), percent(x.Real), percent(x.Synthetic), percent(x.PlusMinus)))
	}
	note := "Bias-corrected Cramér's V of whether the row's column is missing and the value of the other column."
	blocks := []report.Block{
		report.Heat{Title: "Real", Rows: m.Missing, Columns: m.Others, Values: rounded(m.Real), Max: 1, Note: note},
		report.Heat{Title: "Synthetic", Rows: m.Missing, Columns: m.Others, Values: rounded(m.Synthetic), Max: 1, Note: note},
	}
	if len(rates.Rows) == 0 {
		return append(blocks, report.Text("No rate of missing values differs, in the records with one value of another column, by more than chance "+
			"explains."))
	}
	return append(blocks, rates)
}

func (r *Report) numericBlocks() []report.Block {
	distances := report.Table{Caption: "Distances", Columns: report.Columns("Column", "#KS", "#floor", "#Wasserstein", "#floor")}
	tails := report.Table{Caption: "Quantiles, real and synthetic", Columns: []report.Column{{Name: "Column"}, {Name: ""}}}
	for _, q := range tailShares {
		tails.Columns = append(tails.Columns, report.Column{Name: fmt.Sprintf("%g %%", 100*q), Numeric: true})
	}
	for _, c := range r.Columns {
		n := c.Numeric
		if n == nil {
			continue
		}
		distances.Rows = append(distances.Rows, report.Cells(c.Name,
			figure(n.KS.Synthetic), figure(n.KS.Floor), figure(n.Wasserstein.Synthetic), figure(n.Wasserstein.Floor)))
		position := func(at float64) string { return axisText(mess.Kind(c.Kind), at) }
		real, synthetic := report.Cells(c.Name, "real"), report.Cells("", "synthetic")
		for _, q := range n.Quantiles {
			real = append(real, report.Cell{Text: position(q.Real)})
			synthetic = append(synthetic, report.Cell{Text: position(q.Synthetic)})
		}
		tails.Rows = append(tails.Rows, real, synthetic)
	}
	if len(distances.Rows) == 0 {
		return []report.Block{report.Text("No column is ordered.")}
	}
	return []report.Block{distances, tails}
}

func (r *Report) subgroupBlocks() []report.Block {
	if len(r.Subgroups) == 0 {
		return []report.Block{report.Text("No column has frequent categories to group records by.")}
	}
	t := report.Table{Caption: "Records with one value of a column, the worst served first",
		Columns: report.Columns("Subgroup", "#Share real", "#Synthetic", "#TVD 1", "#floor", "#TVD 2", "#floor"),
		Note: "Mean TVD of the other columns, and of pairs of them, within the group. Floors are what two samples of these sizes of one " +
			"distribution differ by on average."}
	for _, g := range r.Subgroups {
		t.Rows = append(t.Rows, report.Cells(g.Column+" = "+g.Value, percent(g.ShareReal), percent(g.ShareSynthetic),
			figure(g.One), figure(g.OneFloor), figure(g.Two), figure(g.TwoFloor)))
	}
	return []report.Block{t}
}

func (r *Report) modelBlocks() []report.Block {
	var blocks []report.Block
	if c := r.Classifier; c != nil {
		blocks = append(blocks, report.Table{
			Caption: "Telling records from real ones",
			Columns: report.Columns("Measure", "#Synthetic", "#Other real half", "#Independent columns"),
			Rows:    [][]report.Cell{scored(c.AUC, "AUC (0.5: cannot tell)"), scored(c.PMSE, "pMSE (0: cannot tell)")},
			Note: fmt.Sprintf("Logistic regression on values, forms and %d pairs of columns; %d records of each, half to train. AUC ± %.3f. "+
				"The pMSE ratio of the synthetic records to real ones is %.2f (1 is as good as real).",
				c.Pairs, c.Rows, c.PlusMinus, c.Ratio),
		})
	} else {
		blocks = append(blocks, report.Text("There are too few rows to train a classifier."))
	}
	if target := r.Target; target != nil {
		t := report.Table{
			Caption: "Predicting " + target.Column + " of real records",
			Columns: report.Columns("Trained on", "#Accuracy", "#AUC", "#Log-loss"),
			Note: fmt.Sprintf("Multinomial logistic regression; tested on %d real records that nothing was trained on. Accuracy ± %.3f.",
				target.TestRows, target.PlusMinus),
		}
		if target.Cut != nil {
			t.Note += " The classes are at most the median and above it: " + *target.Cut + "."
		}
		for _, row := range target.Rows() {
			t.Rows = append(t.Rows, report.Cells(row.Name, figure(row.Accuracy), figure(row.AUC), figure(row.LogLoss)))
		}
		blocks = append(blocks, t)
	}
	return blocks
}

func (r *Report) textBlocks() []report.Block {
	texts := report.Table{
		Caption: "Distinct cells and lengths",
		Columns: report.Columns("Column", "Kind", "#Distinct real", "#synthetic", "#Mean length real", "#synthetic", "#KS of lengths", "#floor"),
	}
	rare := report.Table{
		Caption: "Rare strings that are in the reference half too",
		Columns: report.Columns("Column", "#Strings", "#Synthetic", "#Other real half"),
		Note:    "Distinct strings of five characters or more that a sample has three times at most.",
	}
	for _, c := range r.Columns {
		t := c.Texts
		texts.Rows = append(texts.Rows, report.Cells(c.Name, c.Kind, percent(t.DistinctReal), percent(t.Distinct.Synthetic),
			fmt.Sprintf("%.1f", t.MeanLengthReal), fmt.Sprintf("%.1f", t.MeanLengthSynthetic), figure(t.Length.Synthetic), figure(t.Length.Floor)))
		if t.Rare != nil {
			rare.Rows = append(rare.Rows, report.Cells(c.Name, fmt.Sprint(t.Rare.Strings),
				percent(t.Rare.Shared.Synthetic), percent(t.Rare.Shared.Floor)))
		}
	}
	blocks := []report.Block{
		texts,
		report.Text(fmt.Sprintf("%s of the synthetic records are exactly like a real record of the reference half, and %s of the records of the "+
			"other half. %s of the synthetic records repeat an earlier one, %s of the real ones.",
			percent(r.Copied.Synthetic), percent(r.Copied.Floor), percent(r.Records.Repeats.Synthetic), percent(r.Records.RepeatsReal))),
		report.Text("Neither says anything about privacy: a table may give people away without copying anybody, and equal records may be " +
			"chance."),
	}
	if len(rare.Rows) > 0 {
		blocks = append(blocks, rare)
	}
	return blocks
}
