package fidelity

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A Line is one measure of the summary.
type Line struct {
	Name string
	Score
	Together bool // of how columns go together, for which the independent control is the far end
}

// Way is how far the synthetic sample is on the way from real to independent columns, in excess of sampling: 0 is as good as real, more than
// 1 further off than independent columns. ok is false where the control is about as near as real rows are, or is not the far end.
func (l Line) Way() (way float64, ok bool) {
	if !l.Together || l.Independent < 1.2*l.Floor+1e-4 {
		return 0, false
	}
	return max(0, (l.Synthetic-l.Floor)/(l.Independent-l.Floor)), true
}

// Summary lists the means of what was measured.
func (r *Report) Summary() []Line {
	var list []Line
	for _, m := range r.Marginals {
		list = append(list, Line{fmt.Sprintf("values of %s (TVD)", ways[m.Ways]), m.Mean, m.Ways > 1})
	}
	if r.Associations.Of > 0 {
		list = append(list, Line{"dependence of pairs (mean |difference|)", r.Associations.Mean, true})
	}
	for _, part := range messParts {
		list = append(list, Line{part.name + " (TVD)", r.meanMess(part.of), false})
	}
	list = append(list, Line{"shapes of rows (TVD)", r.Records.Shapes, false})
	if r.Forms.Of > 0 {
		list = append(list, Line{"forms × values (TVD)", r.Forms.Mean, false})
	}
	if r.Missing.Of > 0 {
		list = append(list, Line{"missing × values (TVD)", r.Missing.Mean, false})
	}
	list = append(list, Line{"repeated records (share)", r.Records.Repeats, false})
	if c := r.Classifier; c != nil {
		list = append(list, Line{"classifier (AUC)", c.AUC, true}, Line{"classifier (pMSE)", c.PMSE, true})
	}
	return list
}

var ways = map[int]string{1: "single columns", 2: "pairs of columns", 3: "triples of columns"}

// messParts are the parts of [Mess].
var messParts = []struct {
	name string
	of   func(m Mess) Score
}{
	{"null spellings", func(m Mess) Score { return m.Nulls }},
	{"shapes", func(m Mess) Score { return m.Shapes }},
	{"forms", func(m Mess) Score { return m.Forms }},
	{"damage", func(m Mess) Score { return m.Damage }},
}

func (r *Report) meanMess(of func(m Mess) Score) (mean Score) {
	n := float64(len(r.Columns))
	for _, c := range r.Columns {
		s := of(c.Mess)
		mean.Synthetic += s.Synthetic / n
		mean.Floor += s.Floor / n
		mean.Independent += s.Independent / n
	}
	return mean
}

// Verdict says in a sentence how near the synthetic table is.
func (r *Report) Verdict() string {
	last := r.Marginals[min(len(r.Marginals), 2)-1]
	line := Line{Score: last.Mean, Together: true}
	text := fmt.Sprintf("%s differ by %s on average, where real rows differ by %s from real rows",
		ways[last.Ways], percent(line.Synthetic), percent(line.Floor))
	switch way, ok := line.Way(); {
	case ok && way > 1:
		text += ": further off than independent columns"
	case ok:
		text += fmt.Sprintf(": %.0f %% of the way to independent columns", 100*way)
	}
	if c := r.Classifier; c != nil {
		text += fmt.Sprintf("; a classifier tells synthetic from real with AUC %.3f ± %.3f (0.5: not at all)", c.AUC.Synthetic, c.PlusMinus)
		if c.copies() {
			text += ", which is below chance: synthetic records are nearer to real ones than other real records are, as copies would be"
		}
	}
	return text
}

// copies reports whether the model was led astray by records that it was shown as real ones and met again as synthetic ones.
func (c *Classifier) copies() bool { return c.AUC.Synthetic < 0.5-2*c.PlusMinus }

// Near reports whether the synthetic sample is about as near as real rows are to each other: pairs within a tenth of the way to independent
// columns, and a classifier that does little better than chance.
func (r *Report) Near() bool {
	last := r.Marginals[min(len(r.Marginals), 2)-1]
	way, ok := Line{Score: last.Mean, Together: true}.Way()
	if !ok {
		way = last.Mean.Excess() / max(last.Mean.Floor, 1e-9)
	}
	return way < 0.1 && (r.Classifier == nil || math.Abs(r.Classifier.AUC.Synthetic-0.5) < 0.05+r.Classifier.PlusMinus)
}

func percent(x float64) string { return fmt.Sprintf("%.1f %%", 100*x) }

// WorstNumeric lists the ordered columns whose values lie furthest from real, by what of the Wasserstein distance is above the floor.
func (r *Report) WorstNumeric() []Column {
	list := slices.DeleteFunc(slices.Clone(r.Columns), func(c Column) bool { return c.Numeric == nil || c.Numeric.Wasserstein.Excess() == 0 })
	excess := func(c Column) float64 { return c.Numeric.Wasserstein.Excess() }
	slices.SortStableFunc(list, func(a, b Column) int { return cmp.Compare(excess(b), excess(a)) })
	return list[:min(len(list), worst)]
}

// A MessScore is one part of one column's mess.
type MessScore struct {
	Column string
	Part   string
	Score
}

// WorstMess lists what is written least like the real table, by what is above the floor.
func (r *Report) WorstMess() []MessScore {
	var list []MessScore
	for _, c := range r.Columns {
		for _, part := range messParts {
			if s := part.of(c.Mess); s.Excess() > 0 {
				list = append(list, MessScore{c.Name, part.name, s})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b MessScore) int { return cmp.Compare(b.Synthetic-b.Floor, a.Synthetic-a.Floor) })
	return list[:min(len(list), worst)]
}

// WayText writes the way from real to independent columns, "" where there is none.
func (l Line) WayText() string {
	way, ok := l.Way()
	switch {
	case !ok:
		return ""
	case way > 1:
		return "> 100 %"
	}
	return fmt.Sprintf("%.0f %%", 100*way)
}
