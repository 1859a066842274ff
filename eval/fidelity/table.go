package fidelity

import (
	"math"
	"math/rand/v2"
)

// A table is rows of discrete attributes.
type table struct {
	rows    int
	columns [][]int32 // [attribute][row]
	sizes   []int     // [attribute] number of codes
}

// A sample is rows of one of the two tables, or of none: the columns of the independent sample are permuted one by one.
type sample struct {
	from  int
	rows  int
	order [][]int32 // [column] rows of the table, in the sample's order
}

// row returns the distinct cell of a column in a row of the sample.
func (s *sample) cell(c *column, at, row int) uint32 { return c.rows[s.from][s.order[at][row]] }

// A suite is the samples of equal size that everything is measured on. Each measure is a distance from the reference, one
// half of the real table; what is left of it is then the same sampling error in all three.
type suite struct {
	columns     []*column
	reference   *sample // a random half of the real rows
	synthetic   *sample // random synthetic rows
	floor       *sample // real rows of the other half: how far real is from real
	independent *sample // the same rows, each column permuted by itself: right by column, wrong together
	rng         *rand.Rand
}

// candidates are the samples that are held against the reference, in the order of a [Score].
func (s *suite) candidates() []*sample { return []*sample{s.synthetic, s.floor, s.independent} }

// newSuite draws the samples.
func newSuite(columns []*column, real, synthetic int, rng *rand.Rand) *suite {
	n := min(real/2, synthetic)
	order := rows(rng.Perm(real))
	whole := func(from int, rows []int32) *sample {
		s := &sample{from: from, rows: len(rows)}
		for range columns {
			s.order = append(s.order, rows)
		}
		return s
	}
	s := &suite{columns: columns, rng: rng}
	s.reference = whole(fromReal, order[:n])
	s.floor = whole(fromReal, order[n:2*n])
	s.synthetic = whole(fromSynthetic, rows(rng.Perm(synthetic)[:n]))
	s.independent = s.floor.permuted(rng)
	return s
}

func rows(list []int) []int32 {
	out := make([]int32, len(list))
	for i, r := range list {
		out[i] = int32(r)
	}
	return out
}

// permuted returns the sample with each column in an order of its own.
func (s *sample) permuted(rng *rand.Rand) *sample {
	out := &sample{from: s.from, rows: s.rows}
	for _, column := range s.order {
		order := append([]int32(nil), column...)
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		out.order = append(out.order, order)
	}
	return out
}

// first returns the sample's first rows, at most so many.
func (s *sample) first(most int) *sample {
	n := min(most, s.rows)
	out := &sample{from: s.from, rows: n}
	for _, column := range s.order {
		out.order = append(out.order, column[:n])
	}
	return out
}

// table codes one attribute of each column.
func (s *sample) table(columns []*column, of func(c *column) *attribute) *table {
	t := &table{rows: s.rows}
	for at, c := range columns {
		a := of(c)
		codes := make([]int32, s.rows)
		for r := range codes {
			codes[r] = a.codes[s.cell(c, at, r)]
		}
		t.columns, t.sizes = append(t.columns, codes), append(t.sizes, len(a.labels))
	}
	return t
}

// join puts the attributes of two tables of the same rows side by side.
func (t *table) join(u *table) *table {
	return &table{t.rows, append(append([][]int32(nil), t.columns...), u.columns...), append(append([]int(nil), t.sizes...), u.sizes...)}
}

// cells is the size of the joint domain of some attributes.
func (t *table) cells(attributes []int) int {
	n := 1
	for _, a := range attributes {
		n *= t.sizes[a]
	}
	return n
}

// key is the cell of the joint domain that a row is in.
func (t *table) key(attributes []int, row int) int {
	at := 0
	for _, a := range attributes {
		at = at*t.sizes[a] + int(t.columns[a][row])
	}
	return at
}

// A scratch adds up in arrays that are used again.
type scratch struct{ diff []float64 }

// tvd is the total variation distance ½ Σ |p − q| of two tables' joint distributions of some attributes.
func (s *scratch) tvd(t, u *table, attributes []int) float64 {
	if n := t.cells(attributes); n > len(s.diff) {
		s.diff = make([]float64, n)
	}
	for r := range t.rows {
		s.diff[t.key(attributes, r)] += 1 / float64(t.rows)
	}
	for r := range u.rows {
		s.diff[u.key(attributes, r)] -= 1 / float64(u.rows)
	}
	sum := 0.0
	take := func(t *table) {
		for r := range t.rows {
			k := t.key(attributes, r)
			sum += math.Abs(s.diff[k])
			s.diff[k] = 0
		}
	}
	take(t)
	take(u)
	return sum / 2
}
