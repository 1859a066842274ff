package audit

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/patina-data/patina/eval/report"
)

// Verdict says in a sentence what came of it.
func (r *Report) Verdict() string {
	if len(r.Findings) > 0 {
		return "FOUND: " + r.Findings[0]
	}
	if r.Epsilon == 0 {
		return fmt.Sprintf("nothing found: the attacks prove nothing about ε, of which %.4g is claimed; a perfect one would prove about %.2f", r.Claim.Epsilon, r.Expected)
	}
	return fmt.Sprintf("nothing found: the attacks prove ε ≥ %.2f, of which %.4g is claimed; a perfect one would prove about %.2f", r.Epsilon, r.Claim.Epsilon, r.Expected)
}

// NoiseText says how the noise compares with what the profile states.
func (r *Report) NoiseText() string {
	n := r.Noise
	if n.Counts == 0 {
		return "not known: no count could be compared with an exact one"
	}
	return fmt.Sprintf("%.3f of the σ that the profile states (95 %%: %.3f to %.3f), over %d counts", n.Ratio, n.Low, n.High, n.Counts)
}

// ScanText says what was found of the canaries' texts.
func (r *Report) ScanText() string {
	s := r.Scan
	switch {
	case s.Needles == 0:
		return "no column has texts of its own, so there was nothing to look for"
	case len(s.Leaks) > 0:
		return fmt.Sprintf("%d places hold a text that only a canary had, the first %s (%s)", len(s.Leaks), s.Leaks[0].Where, s.Leaks[0].Way)
	}
	text := fmt.Sprintf("none of %d made-up texts was found, in %d ways and parts, in %.1f MB", s.Texts, s.Needles, float64(s.Bytes)/1e6)
	if n := s.Included + s.Excluded; n > 0 {
		text += fmt.Sprintf("; short parts of %d were, by chance: %d were in the data and %d not", n, s.Included, s.Excluded)
	}
	return text
}

// WorstInference returns the guessed columns, those that gain most beyond chance first.
func (r *Report) WorstInference() []Risk {
	list := slices.Clone(r.Inference)
	slices.SortStableFunc(list, func(a, b Risk) int { return cmp.Compare(b.surplus(), a.surplus()) })
	return list
}

// Page makes the report a page.
func (r *Report) Page() *report.Page {
	level, more := report.Plain, "That attacks fail proves nothing: the claim is a theorem, and an audit can only find that a program does not keep it."
	if len(r.Findings) > 0 {
		level, more = report.Bad, "Run it again with another seed. What is found twice is no chance."
	}
	return &report.Page{
		Title:    "Audit of a profile",
		Subtitle: fmt.Sprintf("%d rows, %d of them held out; %d of %d canaries added, each by a fair coin; seed %d", r.Rows, r.HeldOut, r.Included, r.Canaries, r.Seed),
		Warning:  Warning,
		Blocks:   append([]report.Block{report.Verdict{Level: level, Text: strings.ToUpper(r.Verdict()[:1]) + r.Verdict()[1:] + ".", More: more}, r.facts()}, r.warnings()...),
		Sections: []report.Section{
			{Title: "Who was in the data?", Blocks: r.memberBlocks()},
			{Title: "Noise", Blocks: r.noiseBlocks()},
			{Title: "Texts of canaries", Blocks: r.scanBlocks()},
			{Title: "Attacks on records", Blocks: r.peopleBlocks()},
			{Title: "What this does not show", Blocks: []report.Block{report.List(r.Limits)}},
		},
		Foot: "Made by `patina audit` from real rows and a throw-away run. What each number means is in eval/JSON.md.",
	}
}

func (r *Report) facts() report.Facts {
	return report.Facts{
		{Term: "Claimed", Text: fmt.Sprintf("ε = %.4g at δ = %s; μ = %.4g of Gaussian differential privacy", r.Claim.Epsilon,
			strings.Replace(strconv.FormatFloat(r.Claim.Delta, 'g', 3, 64), "e-0", "e-", 1), r.Claim.Mu)},
		{Term: "Proved by attacks", Text: fmt.Sprintf("ε ≥ %.2f, at %.0f %% confidence", r.Epsilon, 100*r.Confidence)},
		{Term: "What a perfect attacker would prove", Text: fmt.Sprintf("ε ≥ %.2f on average, if the noise is exactly as claimed and canaries are not in each other's way", r.Expected)},
		{Term: "What so many canaries could prove", Text: fmt.Sprintf("ε ≥ %.2f, if every guess were right", r.Most)},
	}
}

// warnings are a list, if there are some.
func (r *Report) warnings() []report.Block {
	if len(r.Warnings) == 0 {
		return nil
	}
	return []report.Block{report.Heading("Warnings"), report.List(r.Warnings)}
}

func (r *Report) memberBlocks() []report.Block {
	t := report.Table{
		Caption: "Guesses about which canaries were in the data",
		Columns: report.Columns("Seeing", "#Canaries", "#Guesses", "#Right", "#Proves ε ≥"),
		Note: "Each canary was added or not by a fair coin, so that half of the guesses are right by chance. The attacker knows every other record, and abstains " +
			"where he is not sure. ε by Theorem 5.2 of Steinke, Nasr & Jagielski 2023, Privacy Auditing with One (1) Training Run.",
	}
	bars := report.Bars{
		Title: "ε: proved, and claimed", Alt: "the ε that the attacks prove, beside what a perfect attacker would prove, what the canaries could prove, and the claim",
		X: report.Axis{Label: "ε"}, Series: []string{"ε"},
		Groups: []report.BarGroup{
			{Label: "proved by the best attack", Bars: []report.Bar{{Value: hundredths(r.Epsilon)}}},
			{Label: "by a perfect one, on average", Bars: []report.Bar{{Value: hundredths(r.Expected)}}},
			{Label: "if every guess were right", Bars: []report.Bar{{Value: hundredths(r.Most)}}},
			{Label: "claimed", Bars: []report.Bar{{Value: hundredths(r.Claim.Epsilon)}}},
		},
	}
	for _, a := range r.Attacks {
		for _, b := range a.Bounds {
			t.Rows = append(t.Rows, report.Cells(a.Sees, fmt.Sprint(b.Canaries), fmt.Sprint(b.Guesses),
				fmt.Sprintf("%d (%s)", b.Right, percent(float64(b.Right)/float64(max(1, b.Guesses)))), fmt.Sprintf("%.2f", b.Epsilon)))
		}
	}
	return []report.Block{bars, t}
}

func (r *Report) noiseBlocks() []report.Block {
	return []report.Block{report.Text("What the counts in the profile differ by from the exact ones is " + r.NoiseText() + ". Below 1 there is less " +
		"noise than is paid for; above 1 there is more, or the pipeline counts otherwise than this audit.")}
}

// maxLeaks is how many leaks a page lists.
const maxLeaks = 20

func (r *Report) scanBlocks() []report.Block {
	blocks := []report.Block{report.Text("Texts of canaries were drawn at random, letter by letter: " + r.ScanText() + ".")}
	if len(r.Scan.Leaks) == 0 {
		return blocks
	}
	t := report.Table{Caption: "Found", Columns: report.Columns("Where", "How", "Text")}
	for _, l := range r.Scan.Leaks[:min(len(r.Scan.Leaks), maxLeaks)] {
		t.Rows = append(t.Rows, report.Cells(l.Where, l.Way, l.Text))
	}
	return append(blocks, t)
}

func (r *Report) peopleBlocks() []report.Block {
	t := report.Table{
		Caption: "Success on records that were in the data, and on as many that were held out",
		Columns: report.Columns("Attack", "#Tries", "#In the data", "#Held out", "#Gain", "#95 %"),
		Note: "Gain: (in the data − held out) / (1 − held out), Anonymeter's residual risk (Giomi et al. 2022). Singling out: a condition that one synthetic record " +
			"fulfils is fulfilled by exactly one record of the group. Guessing: the column of the synthetic record that is nearest in all others. Of many columns some " +
			"gain by chance.",
	}
	row := func(name string, risk Risk) {
		t.Rows = append(t.Rows, report.Cells(name, fmt.Sprint(risk.Training.Attacks), percent(risk.Training.Value), percent(risk.Control.Value),
			fmt.Sprintf("%+.1f %%", 100*risk.Residual), fmt.Sprintf("%+.1f to %+.1f %%", 100*risk.Low, 100*risk.High)))
	}
	for _, risk := range r.SingledOut {
		row(risk.Attack, risk)
	}
	for _, risk := range r.WorstInference() {
		row("guessing "+risk.Column, risk)
	}
	return []report.Block{t}
}

func percent(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }

// hundredths rounds what a plot shows.
func hundredths(x float64) float64 { return math.Round(100*x) / 100 }
