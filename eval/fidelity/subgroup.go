package fidelity

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/patina-data/patina/profile/mess"
)

// A Subgroup is the records with one value of a column, and how well they are served. A mean over all records hides a small group that
// is served badly.
//
// The distances are means of TVD within the group, over the other columns and over up to 100 pairs of them. Floors are what two samples of
// these sizes of the same distribution would differ by on average: ½ Σ min(√(2/π·p(1−p)(1/n+1/m)), 2p) over the pooled p.
type Subgroup struct {
	Column         string  `json:"column"`
	Value          string  `json:"value"`
	ShareReal      float64 `json:"share_real"`
	ShareSynthetic float64 `json:"share_synthetic"`
	RowsReal       int     `json:"rows_real"` // of the reference half
	RowsSynthetic  int     `json:"rows_synthetic"`
	One            float64 `json:"tvd_1"`
	OneFloor       float64 `json:"floor_1"`
	Two            float64 `json:"tvd_2"`
	TwoFloor       float64 `json:"floor_2"`
}

// excess is what sorts subgroups.
func (g Subgroup) excess() float64 { return g.One - g.OneFloor + g.Two - g.TwoFloor }

const (
	minGroup      = 50  // real rows, at least
	groupPairs    = 100 // pairs of columns that are measured in each
	groupColumns  = 5   // columns when none are named
	maxGroups     = 20  // values of a column
	minGroupShare = 0.01
)

// subgroupColumns are the columns by which records are grouped: the named ones, or those categories that group most records into few
// frequent values.
func (s *suite) subgroupColumns(named []string) ([]int, error) {
	if len(named) > 0 {
		var list []int
		for _, n := range named {
			i := slices.IndexFunc(s.columns, func(c *column) bool { return c.name == n })
			if i < 0 {
				return nil, fmt.Errorf("subgroups by %q: %w", n, ErrUnknownColumn)
			}
			list = append(list, i)
		}
		return list, nil
	}
	var list []int
	count := map[int]int{}
	for i, c := range s.columns {
		if n := len(c.value.labels); (c.kind == mess.Category || c.kind == mess.Boolean) && n >= 2 && n <= maxValues {
			list = append(list, i)
			count[i] = n
		}
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(count[a], count[b]) })
	return list[:min(len(list), groupColumns)], nil
}

// subgroups measures the frequent values of some columns, the worst served first.
func (s *suite) subgroups(named []string) ([]Subgroup, error) {
	by, err := s.subgroupColumns(named)
	if err != nil {
		return nil, err
	}
	t := s.tables(func(c *column) *attribute { return &c.value })
	sc := &scratch{}
	list := []Subgroup{}
	for _, at := range by {
		real, synthetic := t.reference.groups(at), t.candidates[0].groups(at)
		codes := make([]int, len(real))
		for i := range codes {
			codes[i] = i
		}
		slices.SortStableFunc(codes, func(a, b int) int { return cmp.Compare(len(real[b]), len(real[a])) })
		for _, code := range codes[:min(len(codes), maxGroups)] {
			if n := len(real[code]); n < minGroup || float64(n) < minGroupShare*float64(s.reference.rows) {
				break
			}
			g := s.within(sc, at, t.reference.pick(real[code]), t.candidates[0].pick(synthetic[code]))
			g.Column, g.Value = s.columns[at].name, s.columns[at].value.labels[code]
			g.ShareReal = float64(g.RowsReal) / float64(s.reference.rows)
			g.ShareSynthetic = float64(g.RowsSynthetic) / float64(s.synthetic.rows)
			list = append(list, g)
		}
	}
	slices.SortStableFunc(list, func(a, b Subgroup) int { return cmp.Compare(b.excess(), a.excess()) })
	return list, nil
}

// groups returns the rows that have each code.
func (t *table) groups(at int) [][]int32 {
	list := make([][]int32, t.sizes[at])
	for r, c := range t.columns[at] {
		list[c] = append(list[c], int32(r))
	}
	return list
}

// pick returns some rows of the table.
func (t *table) pick(rows []int32) *table {
	out := &table{rows: len(rows), sizes: t.sizes}
	for _, column := range t.columns {
		picked := make([]int32, len(rows))
		for i, r := range rows {
			picked[i] = column[r]
		}
		out.columns = append(out.columns, picked)
	}
	return out
}

// within measures a group by all columns but the one that makes it.
func (s *suite) within(sc *scratch, at int, real, synthetic *table) Subgroup {
	g := Subgroup{RowsReal: real.rows, RowsSynthetic: synthetic.rows}
	if synthetic.rows == 0 {
		g.One, g.Two = 1, 1
		return g
	}
	mean := func(k, most int) (tvd, floor float64) {
		sets, _ := chooseSets(len(s.columns)-1, k, most, s.rng)
		for _, set := range sets {
			for i := range set {
				if set[i] >= at {
					set[i]++
				}
			}
			d, f := sc.tvdAndFloor(real, synthetic, set)
			tvd += d / float64(len(sets))
			floor += f / float64(len(sets))
		}
		return tvd, floor
	}
	g.One, g.OneFloor = mean(1, math.MaxInt)
	g.Two, g.TwoFloor = mean(2, groupPairs)
	return g
}

// tvdAndFloor is the TVD of two tables, and about what it would be on average if both were samples of one distribution.
func (s *scratch) tvdAndFloor(t, u *table, attributes []int) (tvd, floor float64) {
	size := t.cells(attributes)
	if 2*size > len(s.diff) {
		s.diff = make([]float64, 2*size)
	}
	for r := range t.rows {
		s.diff[t.key(attributes, r)]++
	}
	for r := range u.rows {
		s.diff[size+u.key(attributes, r)]++
	}
	n, m := float64(t.rows), float64(u.rows)
	take := func(k int) {
		a, b := s.diff[k], s.diff[size+k]
		p := (a + b) / (n + m) // 0 for a cell that was taken
		tvd += math.Abs(a/n-b/m) / 2
		floor += min(math.Sqrt(2/math.Pi*p*(1-p)*(1/n+1/m)), 2*p) / 2
		s.diff[k], s.diff[size+k] = 0, 0
	}
	for r := range t.rows {
		take(t.key(attributes, r))
	}
	for r := range u.rows {
		take(u.key(attributes, r))
	}
	return tvd, floor
}
