package cli

import (
	"fmt"
	"strings"

	"github.com/patina-data/patina/eval"
	"github.com/patina-data/patina/eval/report"
	"github.com/patina-data/patina/profile"
)

// driftPage makes a page of what changed from profile to profile, the last step first.
func driftPage(r *driftResult, opts *driftOptions) *report.Page {
	last := len(r.Steps) - 1
	d := r.Steps[last]
	levels := map[eval.Verdict]report.Level{eval.Changed: report.Bad, eval.Unchanged: report.Good, eval.CantTell: report.Unsure}
	text := headline(d)
	p := &report.Page{
		Title: "Drift", Subtitle: strings.Join(opts.profiles, " → "), Foot: free,
		Blocks: []report.Block{
			report.Verdict{Level: levels[d.Verdict], Text: strings.ToUpper(text[:1]) + text[1:] + ".",
				More: fmt.Sprintf("Unchanged is what moved by less than %g %% of the records for certain; of what is called changed, %g %% is expected to be noise at most.", 100*d.Margin, 100*d.FDR)},
			report.Facts{
				{Term: "From", Text: fmt.Sprintf("%s: %s rows, ε = %s", opts.profiles[last], count(profile.Approx(d.From.Rows)), number(d.From.Epsilon))},
				{Term: "To", Text: fmt.Sprintf("%s: %s rows, ε = %s", opts.profiles[last+1], count(profile.Approx(d.To.Rows)), number(d.To.Epsilon))},
			},
		},
	}
	if last > 0 {
		p.Sections = append(p.Sections, report.Section{Title: "Timeline", Blocks: r.timelineBlocks(opts)})
	}
	for _, part := range []struct {
		title string
		list  []eval.Change
	}{{"Columns", d.Attributes}, {"Pairs of columns", d.Pairs}} {
		p.Sections = append(p.Sections, report.Section{Title: part.title, Blocks: r.changeBlocks(part.list)})
	}
	if notes := schemaNotes(d); len(notes) > 0 {
		p.Sections = append(p.Sections, report.Section{Title: "Schema and warnings", Blocks: []report.Block{notes}})
	}
	return p
}

func schemaNotes(d *eval.Drift) report.List {
	notes := report.List(d.Warnings)
	if len(d.Added) > 0 {
		notes = append(notes, "New columns: "+strings.Join(shownAll(d.Added), ", "))
	}
	if len(d.Removed) > 0 {
		notes = append(notes, "Columns that are gone: "+strings.Join(shownAll(d.Removed), ", "))
	}
	for _, k := range d.Kinds {
		notes = append(notes, fmt.Sprintf("%s was %s, and is %s", shown(k.Column), k.From, k.To))
	}
	return notes
}

func shownAll(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = shown(n)
	}
	return out
}

// changeBlocks shows the distances of what was compared, changes first, and what moved.
func (r *driftResult) changeBlocks(list []eval.Change) []report.Block {
	if len(list) == 0 {
		return []report.Block{report.Text("Nothing could be compared.")}
	}
	b := report.Bars{Title: "How far it moved", Alt: "For each thing that was compared, how far it moved, and how far noise alone would have it seem to move",
		X: report.Axis{Label: "part of the records", Unit: report.Percent}, Series: []string{"distance", "noise alone"}}
	for _, c := range list[:min(len(list), pageItems)] {
		b.Groups = append(b.Groups, report.BarGroup{Label: clipTo(changeName(c), 44), Bars: []report.Bar{{Value: c.Distance}, {Value: c.Noise}}})
	}
	levels := map[eval.Verdict]report.Level{eval.Changed: report.Bad, eval.Unchanged: report.Good, eval.CantTell: report.Unsure}
	t := report.Table{Caption: "What moved", Columns: report.Columns("", "verdict", "#distance", "#at most", "#p", "what moved")}
	for _, c := range list {
		row := report.Cells(changeName(c), string(c.Verdict), fmt.Sprintf("%.2f %%", 100*c.Distance), fmt.Sprintf("%.2f %%", 100*c.Upper), fmt.Sprintf("%.2g", c.P), "")
		row[1].Level = levels[c.Verdict]
		if c.Verdict == eval.Changed {
			row[5].Text = r.moved(&c)
		}
		t.Rows = append(t.Rows, row)
	}
	t.Note = "At most: what it may have moved by, 95 % sure. p: the probability of as large a difference if nothing changed."
	return []report.Block{b, t}
}

// timelineBlocks shows how much changed from step to step, and since the first profile.
func (r *driftResult) timelineBlocks(opts *driftOptions) []report.Block {
	step := report.Series{Name: "since the one before"}
	first := report.Series{Name: "since the first"}
	t := report.Table{Caption: "From profile to profile", Columns: report.Columns("profile", "#rows", "against the one before", "against the first")}
	t.Rows = append(t.Rows, report.Cells(opts.profiles[0], count(profile.Approx(r.Profiles[0].Rows)), "", ""))
	for i, d := range r.Steps {
		x := float64(i + 2)
		step.Points = append(step.Points, report.Point{X: x, Y: largestChange(d), Label: opts.profiles[i+1]})
		since := d
		text := ""
		if i > 0 {
			since = r.FromFirst[i-1]
			text = counted(verdicts(since))
		}
		first.Points = append(first.Points, report.Point{X: x, Y: largestChange(since), Label: opts.profiles[i+1]})
		t.Rows = append(t.Rows, report.Cells(opts.profiles[i+1], count(profile.Approx(d.To.Rows)), counted(verdicts(d)), text))
	}
	return []report.Block{
		report.Lines{Title: "The largest change", Alt: "For each profile how far the column that moved most has moved, since the profile before and since the first",
			X: report.Axis{Label: "profile"}, Y: report.Axis{Label: "part of the records", Unit: report.Percent}, Series: []report.Series{step, first}},
		t,
	}
}

// largestChange is how far the column moved that moved most.
func largestChange(d *eval.Drift) float64 {
	most := 0.0
	for _, c := range d.Attributes {
		most = max(most, c.Distance)
	}
	return most
}
