package model

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestJunction holds trees of random graphs, up to 120 attributes, against what a junction tree is: each given clique
// lies in a node, each attribute occurs, and whatever a node shares with earlier ones its parent has.
func TestJunction(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 3))
		d := make(Domain, 1+rng.IntN(120))
		for a := range d {
			d[a] = 1 + rng.IntN(40)
		}
		var cliques [][]int
		for range rng.IntN(2 * len(d)) {
			cliques = append(cliques, randomAttrs(rng, len(d), 4))
		}
		nodes, levels := d.junction(cliques)
		for _, c := range cliques {
			if home(d, nodes, c) < 0 {
				t.Fatalf("seed %d: no node holds %v", seed, c)
			}
		}
		met, cells, largest := newSet(len(d)), int64(0), 0
		for i, n := range nodes {
			if shared := setOf(len(d), n.attrs).common(met).list(nil); !slices.Equal(shared, n.separator()) {
				t.Fatalf("seed %d: node %d shares %v, its separator is %v", seed, i, shared, n.separator())
			}
			if n.parent >= i || n.parent >= 0 && !holds(nodes[n.parent].attrs, n.separator()) {
				t.Fatalf("seed %d: node %d has parent %d, which lacks some of its separator", seed, i, n.parent)
			}
			for j := range nodes {
				if i != j && holds(nodes[j].attrs, n.attrs) {
					t.Fatalf("seed %d: node %d lies in node %d", seed, i, j)
				}
			}
			met.join(setOf(len(d), n.attrs))
			cells += int64(d.cells(n.attrs))
			largest = max(largest, d.cells(n.attrs))
		}
		if len(met.list(nil)) != len(d) || levels[len(levels)-1] != len(nodes) {
			t.Fatalf("seed %d: nodes or attributes are missing", seed)
		}
		if total, most, _ := TreeCells(d, cliques); int64(total) != min(cells, maxTable) || most != largest {
			t.Fatalf("seed %d: TreeCells says %d and %d, the tree has %d and %d", seed, total, most, cells, largest)
		}
	}
}

func TestTreeCells(t *testing.T) {
	d := Domain{10, 10, 10, 10, 10, 1000000}
	for _, c := range []struct {
		cliques                [][]int
		total, largest, widest int
	}{
		{nil, 1000050, 1000000, 1},
		{[][]int{{0, 1}, {1, 2}}, 100 + 100 + 10 + 10 + 1000000, 1000000, 2},
		{[][]int{{0, 1}, {1, 2}, {0, 2}, {3}}, 1000 + 10 + 10 + 1000000, 1000000, 3},
		{[][]int{{0, 1}, {1, 2}, {2, 3}, {3, 0}, {4, 5}}, 2000 + 10000000, 10000000, 3},
		{[][]int{{0, 1, 2, 3, 4, 5}}, math.MaxInt32, math.MaxInt32, 6},
	} {
		if total, largest, widest := TreeCells(d, c.cliques); total != c.total || largest != c.largest || widest != c.widest {
			t.Errorf("%v: %d, %d and %d, want %d, %d and %d", c.cliques, total, largest, widest, c.total, c.largest, c.widest)
		}
	}
}
