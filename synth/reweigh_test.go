package synth

import (
	"math"
	"testing"
)

// TestReweighIsExact compares a reweighed tree with the distribution that it should stand for, cell by cell: that of the
// chain, times the factors of its tables, scaled to one.
func TestReweighIsExact(t *testing.T) {
	pl, err := newPlan(chain())
	if err != nil {
		t.Fatal(err)
	}
	up, down := factor{1, 3, 1, 0.5}, factor{2, 1, 0, 1}
	want := map[[3]int32]float64{}
	sum := 0.0
	ab, bc := pl.tables[0], pl.tables[1]
	given := map[int32]float64{}
	for i, c := range bc.cells {
		given[c[0]] += float64(bc.weights[i])
	}
	for i, x := range ab.cells {
		for k, y := range bc.cells {
			if x[1] == y[0] {
				p := float64(ab.weights[i]) * float64(bc.weights[k]) / given[y[0]] * up[i] * down[k]
				want[[3]int32{x[0], x[1], y[1]}] = p
				sum += p
			}
		}
	}
	pl.reweigh(map[int]factor{0: up, 1: down})
	total, within := 0.0, map[int32]float64{}
	for i := range pl.tables[0].cells {
		total += float64(pl.tables[0].weights[i])
	}
	for i, c := range pl.tables[1].cells {
		within[c[0]] += float64(pl.tables[1].weights[i])
	}
	for i, x := range pl.tables[0].cells {
		for k, y := range pl.tables[1].cells {
			if x[1] != y[0] {
				continue
			}
			got := float64(pl.tables[0].weights[i]) / total * float64(pl.tables[1].weights[k]) / within[y[0]]
			if p := want[[3]int32{x[0], x[1], y[1]}] / sum; math.Abs(got-p) > 1e-12 {
				t.Errorf("a, b, c = %d, %d, %d has probability %g, want %g", x[0], x[1], y[1], got, p)
			}
		}
	}
	if w := chain().Tables[0].Weights; w[1] != 100 {
		t.Error("the profile's own weights changed")
	}
}

// TestReweighNeverEmpties: factors that rule everything out are not obeyed.
func TestReweighNeverEmpties(t *testing.T) {
	pl, err := newPlan(chain())
	if err != nil {
		t.Fatal(err)
	}
	pl.reweigh(map[int]factor{0: make(factor, 4)})
	if pl.tables[0].weights[0] != 400 {
		t.Errorf("the first cell weighs %d, want 400 as before", pl.tables[0].weights[0])
	}
}
