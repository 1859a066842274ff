package model

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A joint is a distribution over all attributes of a small domain, cell by cell.
type joint struct {
	d Domain
	p []float64
}

func (d Domain) all() []int {
	attrs := make([]int, len(d))
	for a := range d {
		attrs[a] = a
	}
	return attrs
}

// codes is the code of each attribute in a cell of the table over all of them.
func (d Domain) codes(cell int) []int32 {
	c := make([]int32, len(d))
	for a := len(d) - 1; a >= 0; a-- {
		c[a] = int32(cell % d[a])
		cell /= d[a]
	}
	return c
}

// project is the cell of the table over attrs that a cell of the joint one falls in.
func (d Domain) project(cell int, attrs []int) int {
	c, at := d.codes(cell), 0
	for _, a := range attrs {
		at = at*d[a] + int(c[a])
	}
	return at
}

func (j joint) marginal(attrs []int) []float64 {
	out := make([]float64, j.d.cells(attrs))
	for x, p := range j.p {
		out[j.d.project(x, attrs)] += p
	}
	return out
}

// enumerate is the distribution that a model's potentials define, by the definition.
func enumerate(m *Model) joint {
	j := joint{m.d, make([]float64, m.d.cells(m.d.all()))}
	sum := 0.0
	for x := range j.p {
		log := 0.0
		for _, r := range m.net.regions {
			at := int32(m.d.project(x, r.attrs))
			if i, ok := slices.BinarySearch(r.cells, at); ok {
				log += m.potential[r.from+i]
			}
			if slices.Contains(r.zeros, at) {
				log = math.Inf(-1)
			}
		}
		j.p[x] = log
	}
	top := slices.Max(j.p)
	for x, log := range j.p {
		j.p[x] = math.Exp(log - top)
		sum += j.p[x]
	}
	for x := range j.p {
		j.p[x] /= sum
	}
	return j
}

// randomProblem is measurements, dense and sparse, and zeros on random cliques of a small domain: cyclic, overlapping,
// repeated, of disconnected parts, noisy enough to contradict each other.
func randomProblem(rng *rand.Rand) (d Domain, n float64, ms []Measurement, zeros []Zeros) {
	d = make(Domain, 2+rng.IntN(5))
	for a := range d {
		d[a] = 1 + rng.IntN(4)
	}
	n = 50 + 500*rng.Float64()
	for range 1 + rng.IntN(8) {
		attrs := randomAttrs(rng, len(d), 3)
		m := Measurement{Attrs: attrs, Sigma: 0.5 + 20*rng.Float64()}
		cells := d.cells(attrs)
		for c := range cells {
			if rng.IntN(3) == 0 {
				m.Cells = append(m.Cells, cellOf(d, attrs, c))
			}
		}
		if rng.IntN(3) > 0 {
			m.Cells = nil
		} else {
			cells = len(m.Cells)
			m.Cells = append([][]int32{}, m.Cells...) // not nil: no cell is not all cells
		}
		for range cells {
			m.Values = append(m.Values, n*rng.Float64()*2/float64(cells)+m.Sigma*rng.NormFloat64())
		}
		ms = append(ms, m)
	}
	if attrs := randomAttrs(rng, len(d), 2); d.cells(attrs) > 2 && rng.IntN(2) == 0 {
		z := Zeros{Attrs: attrs}
		for range 1 + rng.IntN(2) {
			z.Cells = append(z.Cells, cellOf(d, attrs, rng.IntN(d.cells(attrs))))
		}
		zeros = append(zeros, z)
	}
	return d, n, ms, zeros
}

func randomAttrs(rng *rand.Rand, d, most int) []int {
	attrs := rng.Perm(d)[:1+rng.IntN(min(d, most))]
	slices.Sort(attrs)
	return attrs
}

func cellOf(d Domain, attrs []int, cell int) []int32 {
	sizes := make(Domain, len(attrs))
	for i, a := range attrs {
		sizes[i] = d[a]
	}
	return sizes.codes(cell)
}

func mustFit(t testing.TB, d Domain, n float64, ms []Measurement, zeros []Zeros, o Options) *Model {
	t.Helper()
	m, err := Fit(t.Context(), d, n, ms, zeros, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d cells, want %d", what, len(got), len(want))
	}
	for i := range want {
		if !(math.Abs(got[i]-want[i]) <= tolerance) {
			t.Fatalf("%s: cell %d is %.15g, want %.15g", what, i, got[i], want[i])
		}
	}
}
