package cli

import (
	"fmt"

	"github.com/patina-data/patina/eval"
	"github.com/patina-data/patina/eval/report"
)

// gapPage makes a page of what a gold set lacks.
func gapPage(r *gapResult, opts *gapOptions) *report.Page {
	found := len(r.Findings) + len(r.Reversed)
	v := report.Verdict{Level: report.Good, Text: fmt.Sprintf("The gold set covers %s of what is told apart in production: %s.", percentOf(r.Coverage), plural(found, "gap"))}
	switch {
	case found > 0:
		v.Level = report.Bad
	case len(r.Thin) > 0:
		v.Level = report.Unsure
	}
	v.More = fmt.Sprintf("Coverage is, of the slices that hold %.3g %% of production or more, the part with %s or more; fewer count in part.", 100*r.MinShare, plural(r.Examples, "gold row"))
	p := &report.Page{
		Title: "What production has that the gold set lacks", Subtitle: opts.gold[0] + " against " + opts.profile, Foot: free,
		Blocks: []report.Block{v, report.Facts{
			{Term: "Gold set", Text: fmt.Sprintf("%s, %s shared with the profile%s", plural(r.Gold.Rows, "row"), plural(len(r.Gold.Shared), "column"), leftOut(r.Gold))},
			{Term: "Columns by themselves", Text: percentOf(r.Alone)},
			{Term: "Columns together", Text: percentOf(r.Together)},
		}},
	}
	if len(r.Findings) > 0 {
		p.Sections = append(p.Sections, report.Section{Title: "Lacking", Blocks: []report.Block{gapBars(r.Findings), findingsTable("What the gold set has too little of, by more than noise and chance explain", r.Findings)}})
	}
	if len(r.Reversed) > 0 {
		t := report.Table{Caption: "Columns that go together the other way round", Columns: report.Columns("columns")}
		for _, x := range r.Reversed {
			t.Rows = append(t.Rows, report.Cells(names(x.Parts)))
		}
		p.Sections = append(p.Sections, report.Section{Title: "Reversed", Blocks: []report.Block{t}})
	}
	p.Sections = append(p.Sections, report.Section{Title: "Coverage", Blocks: coverageBlocks(r.Facets)})
	if len(r.Thin) > 0 {
		p.Sections = append(p.Sections, report.Section{Title: "Too thin to say", Blocks: []report.Block{
			report.Text("These have fewer gold rows than are enough, and a random sample of production this small may have as few."),
			findingsTable("Slices with few gold rows", r.Thin),
		}})
	}
	return p
}

// gapBars sets production against the gold set.
func gapBars(findings []eval.Finding) report.Bars {
	b := report.Bars{Title: "Production and the gold set", Alt: "For each slice that is lacking, its share of production and of the gold set",
		X: report.Axis{Label: "share", Unit: report.Percent}, Series: []string{"production", "gold set"}}
	for _, f := range findings[:min(len(findings), pageItems)] {
		half := (f.High - f.Low) / 2
		b.Groups = append(b.Groups, report.BarGroup{Label: clipTo(describe(f), 44), Bars: []report.Bar{
			{Value: f.Share.Value, PlusMinus: f.Share.PlusMinus}, {Value: f.Low + half, PlusMinus: half},
		}})
	}
	return b
}

func findingsTable(caption string, findings []eval.Finding) report.Table {
	t := report.Table{Caption: caption, Columns: report.Columns("slice", "what", "#production", "#gold rows", "#expected", "#lost")}
	for _, f := range findings[:min(len(findings), pageColumns)] {
		t.Rows = append(t.Rows, report.Cells(describe(f), f.What, percentOf(f.Share), fmt.Sprint(f.Rows), fmt.Sprintf("%.0f", f.Expected), halfWidth(f.Lost)))
	}
	t.Note = "Expected: rows of a random sample of production as large as the gold set."
	if n := len(findings) - pageColumns; n > 0 {
		t.Note += fmt.Sprintf(" %d more are in the JSON.", n)
	}
	return t
}

// coverageBlocks shows how well each facet is covered, the worst first.
func coverageBlocks(facets []eval.Facet) []report.Block {
	if len(facets) == 0 {
		return []report.Block{report.Text("Nothing of production holds as large a share.")}
	}
	b := report.Bars{Title: "Covered", Alt: "For each column, or set of columns, the part of production that the gold set has examples of",
		X: report.Axis{Label: "covered", Unit: report.Percent}, Series: []string{"covered"}}
	for _, f := range facets[:min(len(facets), pageItems)] {
		b.Groups = append(b.Groups, report.BarGroup{Label: clipTo(names(f.Parts), 44), Bars: []report.Bar{{Value: f.Coverage.Value, PlusMinus: f.Coverage.PlusMinus}}})
	}
	return []report.Block{b}
}
