package fidelity

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// A Score is one measure on three samples of equal size, each against the same random half of the real table. It is that of the
// synthetic sample which counts; the other two are controls.
type Score struct {
	Synthetic   float64 `json:"synthetic"`
	Floor       float64 `json:"floor"`       // of the other real half: sampling error alone
	Independent float64 `json:"independent"` // of that half with each column permuted by itself
}

// Excess is how much of the measure sampling does not explain, at least 0.
func (s Score) Excess() float64 { return max(0, s.Synthetic-s.Floor) }

// score measures the three samples.
func (s *suite) score(measure func(*sample) float64) Score {
	c := s.candidates()
	return Score{measure(c[0]), measure(c[1]), measure(c[2])}
}

// Caps on the sets of columns that are measured; what is above is a uniform sample of the sets.
const (
	maxPairs   = 2000
	maxTriples = 500
)

// worst is how many of a list's worst are kept in a report.
const worst = 20

// A Marginal says how far joint distributions of Ways columns are from real.
//
// TVD = ½ Σ |p − q| over the cells of the joint domain: the part of the records that would have to be other ones. 0 to 1, smaller is
// nearer. Columns are discretised: spelled nulls and frequent values as they are, other numbers in real deciles, rare categories as one.
type Marginal struct {
	Ways  int        `json:"ways"`
	Sets  int        `json:"sets"` // measured
	Of    int        `json:"of"`   // that there are
	Mean  Score      `json:"mean"`
	Worst []SetScore `json:"worst"` // by what is above the floor
}

// A SetScore is the measure of one set of columns.
type SetScore struct {
	Columns []string `json:"columns"`
	Score
}

// Two or three tables are held against each other by the same attributes.
type tables struct {
	reference  *table
	candidates []*table
	names      []string
}

func (s *suite) tables(of func(c *column) *attribute) *tables {
	t := &tables{reference: s.reference.table(s.columns, of)}
	for _, c := range s.candidates() {
		t.candidates = append(t.candidates, c.table(s.columns, of))
	}
	for _, c := range s.columns {
		t.names = append(t.names, c.name)
	}
	return t
}

// distance is the TVD of some attributes.
func (t *tables) distance(sc *scratch, set []int) SetScore {
	out := SetScore{}
	for _, i := range set {
		out.Columns = append(out.Columns, t.names[i])
	}
	d := [3]float64{}
	for k, c := range t.candidates {
		d[k] = sc.tvd(t.reference, c, set)
	}
	out.Score = Score{d[0], d[1], d[2]}
	return out
}

// marginals measures all sets of one, two and three columns, or a sample of them.
func (s *suite) marginals() []Marginal {
	t, sc := s.tables(func(c *column) *attribute { return &c.value }), &scratch{}
	var out []Marginal
	for k, most := range []int{math.MaxInt, maxPairs, maxTriples} {
		sets, of := chooseSets(len(t.names), k+1, most, s.rng)
		if len(sets) == 0 {
			break
		}
		m := Marginal{Ways: k + 1, Sets: len(sets), Of: of}
		var list []SetScore
		for _, set := range sets {
			list = append(list, t.distance(sc, set))
		}
		m.Mean, m.Worst = meanAndWorst(list)
		out = append(out, m)
	}
	return out
}

// meanAndWorst averages scores, and lists those that are furthest above their floor.
func meanAndWorst(list []SetScore) (Score, []SetScore) {
	var mean Score
	for _, s := range list {
		n := float64(len(list))
		mean.Synthetic += s.Synthetic / n
		mean.Floor += s.Floor / n
		mean.Independent += s.Independent / n
	}
	slices.SortStableFunc(list, func(a, b SetScore) int { return cmp.Compare(b.Synthetic-b.Floor, a.Synthetic-a.Floor) })
	return mean, append([]SetScore{}, list[:min(len(list), worst)]...)
}

// chooseSets returns all sets of k of n things when there are at most so many, else so many different ones at random.
func chooseSets(n, k, most int, rng *rand.Rand) (sets [][]int, of int) {
	of = 1
	for i := range k {
		of = of * (n - i) / (i + 1)
	}
	if of <= most {
		return allSets(n, k), of
	}
	seen := map[[3]int]bool{}
	for len(sets) < most {
		set := rng.Perm(n)[:k]
		slices.Sort(set)
		var key [3]int
		copy(key[:], set)
		if !seen[key] {
			seen[key] = true
			sets = append(sets, set)
		}
	}
	return sets, of
}

func allSets(n, k int) (sets [][]int) {
	var visit func(set []int, from int)
	visit = func(set []int, from int) {
		if len(set) == k {
			sets = append(sets, slices.Clone(set))
			return
		}
		for i := from; i < n; i++ {
			visit(append(set, i), i+1)
		}
	}
	visit(make([]int, 0, k), 0)
	return sets
}
