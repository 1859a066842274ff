package cli

import (
	"fmt"
	"slices"

	"github.com/patina-data/patina/dp/statement"
	"github.com/patina-data/patina/eval/report"
)

// runs lists the runs, and each with its releases.
func runs(st *statement.Statement) []report.Block {
	if len(st.Runs) == 0 {
		return []report.Block{report.Text("There was no run yet.")}
	}
	t := report.Table{
		Caption: "Runs, in the order they were granted",
		Columns: report.Columns("when (UTC)", "run", "by", "#ε asked", "#at δ", "#ρ", "#ε of all so far", "artefact"),
		Note:    "A run without an artefact has failed, was interrupted, or is running. What was reserved for it is spent: it may have drawn noise before it ended.",
	}
	for _, r := range st.Runs {
		row := report.Cells(stamp(r.Time), name(r), shown(r.By), number(float64(r.Epsilon)), number(float64(r.Delta)), number(float64(r.Rho)),
			roundedUp(float64(r.After)), "committed")
		row[len(row)-1].Level = report.Good
		if !r.Committed {
			row[len(row)-1] = report.Cell{Text: "none: orphaned or running", Level: report.Unsure}
		}
		t.Rows = append(t.Rows, row)
	}
	blocks := []report.Block{t, report.Heading("Each run")}
	for _, r := range slices.Backward(st.Runs) {
		blocks = append(blocks, oneRun(r))
	}
	return blocks
}

// name is what a run is called.
func name(r statement.Run) string {
	if r.RunID != "" && r.RunID != r.Name {
		return join(shown(r.Name), shown(r.RunID))
	}
	return shown(r.Name)
}

func oneRun(r statement.Run) report.Details {
	d := report.Details{Summary: fmt.Sprintf("%s, %s: ε = %s", stamp(r.Time), name(r), number(float64(r.Epsilon)))}
	facts := report.Facts{
		{Term: "reservation", Text: "`" + r.ID + "`"},
		{Term: "purpose", Text: shown(r.Purpose)},
		{Term: "asked for", Text: fmt.Sprintf("ε = %s, δ = %s", number(float64(r.Epsilon)), number(float64(r.Delta)))},
		{Term: "reserved", Text: fmt.Sprintf("ρ = %s for noise, δ = %s for thresholds", number(float64(r.Rho)), number(float64(r.Threshold)))},
		{Term: "unit", Text: fmt.Sprintf("%s, of which at most %s counted", shown(r.Unit), plural(r.MaxRecords, "record is", "records are"))},
	}
	if r.By != "" {
		facts = append(facts, report.Fact{Term: "by", Text: shown(r.By)})
	}
	if r.Spec != "" {
		facts = append(facts, report.Fact{Term: "spec (SHA-256)", Text: "`" + r.Spec + "`"})
	}
	a := r.Artefact
	if a == nil {
		d.Summary += ", no artefact"
		d.Blocks = []report.Block{append(facts, report.Fact{Term: "artefact", Text: "none was recorded; what was reserved is spent"})}
		return d
	}
	d.Summary += ", " + plural(len(a.Releases), "release")
	facts = append(facts,
		report.Fact{Term: "artefact", Text: shown(a.Path)},
		report.Fact{Term: "its SHA-256", Text: "`" + a.Digest + "`"},
		report.Fact{Term: "committed", Text: stamp(a.Time) + " UTC"},
		report.Fact{Term: "charged", Text: fmt.Sprintf("ρ = %s, thresholds' δ = %s", number(float64(a.Rho)), number(float64(a.Delta)))})
	d.Blocks = append([]report.Block{facts, report.Heading("Public input")}, publicInput(a)...)
	if len(a.Releases) == 0 {
		d.Blocks = append(d.Blocks, report.Text("The releases were not recorded in the ledger; the profile has them."))
		return d
	}
	d.Blocks = append(d.Blocks, releases(a))
	return d
}

func publicInput(a *statement.Artefact) []report.Block {
	if len(a.Public) == 0 {
		return []report.Block{report.Text("Nothing was recorded. The names and types of columns, and what the spec declares, are always public.")}
	}
	var list report.List
	for _, sentence := range a.Public {
		list = append(list, shown(sentence))
	}
	return []report.Block{list}
}

func releases(a *statement.Artefact) report.Table {
	t := report.Table{
		Caption: "Releases, in the order they were charged",
		Columns: report.Columns("#", "what", "column", "#Δ₂", "#σ", "#95 % within ±", "#ρ", "#threshold", "#its δ"),
		Note:    "σ and ± are in units of counts. A label that did not reach its threshold was not released.",
	}
	t.Columns[0].Numeric = true
	for i, c := range a.Releases {
		threshold, delta := "", ""
		if c.Delta > 0 {
			threshold, delta = number(c.Threshold), number(float64(c.Delta))
		}
		t.Rows = append(t.Rows, report.Cells(fmt.Sprint(i+1), shown(c.Purpose), shown(c.Column), number(c.Sensitivity), number(c.Sigma), number(c.Error),
			number(float64(c.Rho)), threshold, delta))
	}
	return t
}
