package cli

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/dp/statement"
	"github.com/patina-data/patina/eval/report"
)

// budgetPage makes the page of an account.
func budgetPage(st *statement.Statement) *report.Page {
	return &report.Page{
		Title: "Privacy budget of " + st.Dataset,
		Subtitle: fmt.Sprintf("as of %s UTC, at entry %d of the ledger, whose hash is `%s`",
			stamp(st.Made), st.Ledger.Entries, st.Ledger.Head),
		Blocks: []report.Block{guaranteed(st), gauges(st), accountFacts(st)},
		Sections: []report.Section{
			{Title: "What it means", Blocks: meaning(st)},
			{Title: "Spending", Blocks: spending(st)},
			{Title: "Limits", Blocks: limits(st)},
			{Title: "Runs and releases", Blocks: runs(st)},
			{Title: "What is not protected", Blocks: []report.Block{notProtected}},
			{Title: "Recompute it", Blocks: recompute(st)},
			{Title: "NIST SP 800-226, question by question", Blocks: answers(st)},
		},
		Foot: "Made by `patina budget report` from the ledger alone. It holds no count and no cell of the data. `patina budget verify` recomputes the ledger's chain of hashes.",
	}
}

// guaranteed is the account in a sentence that stands by itself.
func guaranteed(st *statement.Statement) report.Verdict {
	life := st.Caps[0]
	if st.Total.Runs == 0 {
		return report.Verdict{Text: fmt.Sprintf("Nothing has been released from the dataset %s under this account. At most (ε = %s, δ = %s) ever will be.",
			st.Dataset, number(float64(life.Epsilon)), number(float64(life.Delta)))}
	}
	return report.Verdict{
		Level: report.Good,
		Text: fmt.Sprintf("Everything that was released from the dataset %s under this account up to %s, taken together, is (ε = %s, δ = %s)-differentially private for %s: "+
			"with or without %s, no outcome was more than %s times as probable as it was otherwise, give or take a probability of %s.",
			st.Dataset, date(st.Made), roundedUp(float64(st.Total.Epsilon)), number(float64(life.Delta)), unitNoun(st.Unit), pronoun(st.Unit),
			roundedUp(math.Exp(float64(st.Total.Epsilon))), oneIn(float64(life.Delta))),
		More: fmt.Sprintf("That is within the limit of ε = %s that was set when the account was opened or raised; a run that would exceed it is refused.", number(float64(life.Epsilon))),
	}
}

// unitNoun names one unit.
func unitNoun(unit string) string {
	if unit == ledger.UnitRecord || unit == "" {
		return "any one record"
	}
	return "all counted records with one value of " + shown(unit)
}

// pronoun stands for what unitNoun names.
func pronoun(unit string) string {
	if unit == ledger.UnitRecord || unit == "" {
		return "it"
	}
	return "them"
}

// oneIn writes a small probability the way people say it, never smaller than it is.
func oneIn(p float64) string {
	if p < 1e-12 {
		return number(p)
	}
	return "1 in " + thousands(math.Floor(1/p*(1+1e-12)))
}

// roundedUp writes x ≥ 0 with at most four digits, never less than x.
func roundedUp(x float64) string {
	if !(x > 0) || math.IsInf(x, 1) {
		return number(x)
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-3)
	rounded := number(math.Ceil(x/unit*(1-1e-12)) * unit)
	return rounded
}

func gauges(st *statement.Statement) report.Gauges {
	var list report.Gauges
	for _, c := range st.Caps {
		g := report.Gauge{
			Label: c.Window, Used: float64(c.SpentEpsilon), Cap: float64(c.Epsilon),
			Text: fmt.Sprintf("ε = %s of %s", roundedUp(float64(c.SpentEpsilon)), number(float64(c.Epsilon))),
			Note: "at δ = " + number(float64(c.Delta)),
		}
		if c.Start != nil {
			g.Label, g.Note = running(c.Window), g.Note+fmt.Sprintf(", from %s until %s", date(*c.Start), date(*c.End))
		}
		if g.Used > 0.9*g.Cap {
			g.Level = report.Unsure
		}
		list = append(list, g)
	}
	return list
}

// running names the window that is running.
func running(window string) string {
	if window == string(ledger.WindowDay) {
		return "today"
	}
	return "this " + window
}

func accountFacts(st *statement.Statement) report.Facts {
	t := st.Total
	f := report.Facts{
		{Term: "unit of privacy", Text: unitWords(st.Unit)},
		{Term: "neighbouring data", Text: "differ by adding or removing one unit; the number of units is private too"},
		{Term: "opened", Text: join(stamp(st.Opened)+" UTC", by(st.By))},
		{Term: "runs", Text: fmt.Sprintf("%d, of which %d left no artefact; those are spent all the same", t.Runs, t.Uncommitted)},
		{Term: "noise, in all", Text: fmt.Sprintf("ρ = %s zCDP, which is exactly μ = %s Gaussian DP; thresholds added δ = %s",
			number(float64(t.Rho)), number(float64(t.Mu)), number(float64(t.Delta)))},
	}
	if t.Runs > 0 {
		f = append(f, report.Fact{Term: "by other accountings", Text: fmt.Sprintf("zCDP's own conversion: ε = %s. Adding up what the runs asked for: ε = %s at δ = %s",
			roundedUp(float64(t.ZCDPEpsilon)), roundedUp(float64(t.BasicEpsilon)), number(float64(t.BasicDelta)))})
	}
	if at, ok := usedUp(st); ok {
		f = append(f, report.Fact{Term: "used up", Text: "about " + date(at) + ", if spending goes on as it has on average since the account was opened"})
	}
	return f
}

// by names who did something, if anybody is named.
func by(who string) string {
	if who == "" {
		return ""
	}
	return "by " + shown(who)
}

// join puts words that are there behind one another.
func join(words ...string) string {
	text := ""
	for _, w := range words {
		if w != "" && text != "" {
			text += ", "
		}
		text += w
	}
	return text
}

func meaning(st *statement.Statement) []report.Block {
	t, life := st.Total, st.Caps[0]
	if t.Runs == 0 {
		return []report.Block{report.Text("Nothing was released, so nothing can be learnt from it about anybody.")}
	}
	blocks := []report.Block{
		report.Text(fmt.Sprintf("Somebody who knows everything about the data but whether %s is in it, and holds everything that was released, guesses that right "+
			"at most %s %% of the time, out of even odds. A coin is right 50 %% of the time. With at most one false accusation in a hundred, at most %s %% of those who are in the data are found out.",
			unitNoun(st.Unit), percentUp(t.Accuracy+float64(t.Delta)), percentUp(account.Power(t.Mu, t.Delta, 0.01)))),
		beliefs(st),
		report.Text(fmt.Sprintf("For every set of outcomes, its probabilities with and without the unit, P and Q, satisfy P ≤ e^ε·Q + δ, here with ε = %s and δ = %s. "+
			"What follows from the released artefacts, such as every synthetic table that was sampled from them, is covered by the same sentence.",
			roundedUp(float64(t.Epsilon)), number(float64(life.Delta)))),
	}
	if st.Unit != ledger.UnitRecord {
		return blocks
	}
	return append(blocks,
		report.Text("The unit is one record, not one person. Somebody who is in several records is protected less: whoever is in k of them has k times the μ, as if each noise were k times smaller."),
		manyRecords(st))
}

// percentUp writes a probability in per cent, rounded up to one digit after the point.
func percentUp(p float64) string {
	return strconv.FormatFloat(math.Ceil(1000*min(1, p)*(1-1e-12))/10, 'f', 1, 64)
}

// surprise is how often beliefs may end up higher than the page says: no bound holds always, as noise can be telling.
const surprise = 0.01

// beliefs says what the releases can do to somebody's opinion.
func beliefs(st *statement.Statement) report.Table {
	t := report.Table{
		Caption: "How sure somebody can become that one unit is in the data",
		Columns: report.Columns("#sure before", "#sure afterwards, at most"),
		Note:    "Of a unit that is in the data, and 99 times out of 100, over the noise.",
	}
	factor := account.OddsFactor(st.Total.Mu, st.Total.Delta, surprise)
	for _, prior := range []float64{0.01, 0.1, 0.5, 0.9} {
		t.Rows = append(t.Rows, report.Cells(number(100*prior)+" %", percentUp(account.Posterior(prior, factor))+" %"))
	}
	return t
}

// maxStatedDelta is the δ beyond which an ε says nothing.
const maxStatedDelta = 0.01

// manyRecords says what somebody with several records gets.
func manyRecords(st *statement.Statement) report.Table {
	t := report.Table{
		Caption: "What somebody with several records gets",
		Columns: report.Columns("#records", "#μ", "#thresholds' δ", "#ε", "#best guess right"),
		Note:    "ε is at the account's δ, or where thresholds alone take that, at ten times what they take. By group privacy: Dong, Roth and Su 2022, Theorem 2.14; for thresholds `account.Group`.",
	}
	for _, k := range []int{1, 2, 5, 10} {
		mu, delta := account.Group(st.Total.Mu, st.Total.Delta, k)
		at := st.Account.Delta
		if delta >= at {
			at = min(10*delta, 1)
		}
		eps := "none worth the name"
		if x := float64(account.EpsilonAt(mu, at-delta)); !math.IsInf(x, 1) && at <= maxStatedDelta {
			eps = roundedUp(x) + " at δ = " + number(float64(at))
		}
		t.Rows = append(t.Rows, report.Cells(strconv.Itoa(k), number(float64(mu)), roundedUp(float64(delta)), eps, percentUp(mu.Accuracy()+float64(delta))+" %"))
	}
	return t
}

func spending(st *statement.Statement) []report.Block {
	if len(st.Runs) == 0 {
		return []report.Block{report.Text("There was no run yet.")}
	}
	line := report.Series{Name: "spent", Steps: true, Points: []report.Point{{X: report.Seconds(st.Opened), Label: "opened"}}}
	for _, r := range st.Runs {
		line.Points = append(line.Points, report.Point{X: report.Seconds(r.Time), Y: float64(r.After), Label: shown(r.Name)})
	}
	line.Points = append(line.Points, report.Point{X: report.Seconds(st.Made), Y: float64(st.Total.Epsilon), Label: "now"})
	life := st.Caps[0]
	blocks := []report.Block{report.Lines{
		Title:  "ε of everything released so far, and the limit",
		Alt:    fmt.Sprintf("Spending rises in %s to ε = %s of %s.", plural(len(st.Runs), "step"), number(float64(st.Total.Epsilon)), number(float64(life.Epsilon))),
		X:      report.Axis{Label: "time (UTC)", Unit: report.Date},
		Y:      report.Axis{Label: "ε at δ = " + number(float64(life.Delta))},
		Series: []report.Series{line},
		Limits: []report.Limit{{Name: "limit: ε = " + number(float64(life.Epsilon)), Y: float64(life.Epsilon)}},
	}}
	if bars, ok := purposes(st); ok {
		blocks = append(blocks, bars)
	}
	return blocks
}

// maxPurposes is how many purposes the page shows; they are few.
const maxPurposes = 12

// purposes says what the noise was spent on.
func purposes(st *statement.Statement) (report.Bars, bool) {
	spent := map[string]float64{}
	for _, r := range st.Runs {
		if r.Artefact == nil {
			continue
		}
		for _, c := range r.Artefact.Releases {
			spent[c.Purpose] += float64(c.Rho)
		}
	}
	var names []string
	for name := range spent {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(spent[b], spent[a]), cmp.Compare(a, b)) })
	b := report.Bars{
		Title: "What the budget was spent on", Alt: "Share of the privacy loss ρ by purpose, the largest first.",
		X: report.Axis{Label: "share of all ρ that was reserved", Unit: report.Percent}, Series: []string{"share of ρ"},
	}
	rest := float64(st.Total.Rho)
	for _, name := range names[:min(maxPurposes, len(names))] {
		rest -= spent[name]
		b.Groups = append(b.Groups, report.BarGroup{Label: name, Bars: []report.Bar{{Value: spent[name] / float64(st.Total.Rho)}}})
	}
	if rest > 1e-9*float64(st.Total.Rho) {
		b.Groups = append(b.Groups, report.BarGroup{Label: "anything else, or reserved and not used", Bars: []report.Bar{{Value: rest / float64(st.Total.Rho)}}})
	}
	return b, len(names) > 0
}

func limits(st *statement.Statement) []report.Block {
	t := report.Table{Caption: "Caps", Columns: report.Columns("cap on", "from", "until", "#cap ε", "#cap δ", "#spent ε", "#spent ρ", "#spent threshold δ")}
	for _, c := range st.Caps {
		from, until := date(st.Opened), "for ever"
		if c.Start != nil {
			from, until = date(*c.Start), date(*c.End)
		}
		t.Rows = append(t.Rows, report.Cells(c.Window, from, until, number(float64(c.Epsilon)), number(float64(c.Delta)),
			roundedUp(float64(c.SpentEpsilon)), number(float64(c.SpentRho)), number(float64(c.SpentDelta))))
	}
	blocks := []report.Block{t}
	if len(st.Caps) > 1 {
		blocks = append(blocks, report.Text("A cap on a day, week or month paces spending. It does not protect somebody who is in the data for longer: only the lifetime's cap does."))
	}
	if len(st.Raises) == 0 {
		return append(blocks, report.Text("No cap was ever raised."))
	}
	r := report.Table{Caption: "Caps that were raised", Columns: report.Columns("when (UTC)", "cap on", "#to ε", "#δ", "by", "why")}
	for _, one := range st.Raises {
		r.Rows = append(r.Rows, report.Cells(stamp(one.Time), one.Window, number(float64(one.Epsilon)), number(float64(one.Delta)), shown(one.By), shown(one.Reason)))
	}
	return append(blocks, r)
}

// notProtected is what the guarantee does not cover; dp/PRIVACY.md has the reasons.
var notProtected = report.List{
	"What is true of many people: that is what was measured, and it holds for those outside of the data as well.",
	"Public inputs: column names, types, and what a spec declares. Whoever writes a spec from the data publishes what was seen.",
	"Whatever else is released about the same people: from accounts of other names, by other means, or before this account was opened.",
	"How long a run took, how much memory and disk it used, whether it failed to read its input, and where. Do not show these to those you would not show the data.",
	"The existence of the dataset and of its runs, their times, and this accounting.",
	"Anything from whoever can run programs where the data lies, or can write the ledger. The ledger's chain of hashes shows changes to those who noted an earlier hash.",
}

func recompute(st *statement.Statement) []report.Block {
	if len(st.Runs) == 0 {
		return []report.Block{report.Text("There is nothing to add up yet.")}
	}
	return []report.Block{
		report.Text("Noise of standard deviation σ on counts of which one unit changes Δ₂ (in Euclidean length) costs ρ = Δ₂²/(2σ²). The ρ of all releases add up, and all of them together are exactly " +
			"μ-Gaussian differentially private with μ = √(2Σρ). Thresholds add their own δ. So ε is the smallest number for which Φ(μ/2 − ε/μ) − e^ε·Φ(−μ/2 − ε/μ) + Σδ is at most the account's δ."),
		report.Text("Counted is what was reserved for a run before it began, whatever its releases used of it. The program below needs Python and nothing else; it prints the ε of this page."),
		report.Code(pythonCheck(st)),
		report.Text("Sources: Bun and Steinke 2016, Proposition 1.6; Dong, Roth and Su 2022, Corollary 2.13; Balle and Wang 2018, Theorem 8."),
	}
}

// pythonCheck is a program that computes the total from the runs' costs.
func pythonCheck(st *statement.Statement) string {
	rho, delta := "", ""
	for i, r := range st.Runs {
		if i > 0 {
			rho, delta = rho+", ", delta+", "
		}
		rho += strconv.FormatFloat(float64(r.Rho), 'g', -1, 64)
		delta += strconv.FormatFloat(float64(r.Threshold), 'g', -1, 64)
	}
	return `from math import erfc, exp, sqrt
rho = [` + rho + `]
delta = [` + delta + `]
mu, left = sqrt(2 * sum(rho)), ` + strconv.FormatFloat(float64(st.Account.Delta), 'g', -1, 64) + ` - sum(delta)
phi = lambda x: erfc(-x / sqrt(2)) / 2
low, high = 0.0, 600.0
for _ in range(100):
    eps = (low + high) / 2
    too_small = phi(mu / 2 - eps / mu) - exp(eps) * phi(-mu / 2 - eps / mu) > left
    low, high = (eps, high) if too_small else (low, eps)
print("epsilon = %.6g" % high)
`
}
