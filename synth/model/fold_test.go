package model

import (
	"math"
	"testing"
)

// TestFoldIsExact: one table of ten attributes holds every pair of them, most of which are summed up by way of others.
// What comes out is what going through the whole table for each gives, and the whole table is read less often.
func TestFoldIsExact(t *testing.T) {
	d := Domain{2, 3, 2, 4, 2, 3, 2, 2, 3, 2}
	parent := []int{-1, 0, 1, 1, 3, 4, 0, 6, 2, 8}
	var cliques [][]int
	for b := range d {
		for a := range b {
			cliques = append(cliques, []int{a, b})
		}
	}
	m := mustFit(t, d, 1000, sampled(5, d, parent, cliques, 1000, 5), nil, Options{})
	if len(m.net.nodes) != 1 {
		t.Fatalf("the model has %d tables, not one that holds all pairs", len(m.net.nodes))
	}
	whole := m.net.nodes[0]
	if m.net.reads >= len(cliques)*len(whole.table)/3 {
		t.Errorf("%d cells are read for %d pairs of a table of %d: nothing is shared", m.net.reads, len(cliques), len(whole.table))
	}
	for _, r := range m.net.regions {
		want := make([]float64, len(r.table))
		d.planOf(whole.attrs, r.attrs).sum(want, whole.table, 0)
		for i, p := range r.table {
			if math.Abs(p-want[i]) > 1e-12 {
				t.Fatalf("cell %d of %v is %g, in the whole table %g", i, r.attrs, p, want[i])
			}
		}
	}
}
