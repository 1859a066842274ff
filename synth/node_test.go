package synth

import (
	"errors"
	"math"
	"testing"

	"github.com/patina-data/patina/profile"
)

// dealt returns how many rows each cell of a root's table gets.
func dealt(n *node, rows uint64) []float64 {
	got := make([]float64, len(n.cells))
	for row := range rows {
		got[n.cells[n.deal(place{rank: row}).slot]]++
	}
	return got
}

// TestDealIsExact checks that every cell of a table gets its share of the rows, rounded up or down, and that the ranks of
// a slot's rows are each number below their count once.
func TestDealIsExact(t *testing.T) {
	weights := []int64{1, 500, 3, 7_000_000, 1 << 40, 12}
	total := 0.0
	for _, w := range weights {
		total += float64(w)
	}
	for _, n := range []uint64{1, 2, 3, 17, 1000, 4096, 30_001} {
		root := newRoot(weights, n, derive(1, n))
		seen := map[place]bool{}
		for row := range n {
			at := root.deal(place{rank: row})
			if seen[at] || at.rank >= root.rows()[at.slot] {
				t.Fatalf("n = %d: row %d has a rank that is taken or too high", n, row)
			}
			seen[at] = true
		}
		for i, got := range dealt(root, n) {
			if share := float64(weights[i]) / total * float64(n); math.Abs(got-share) > 1 {
				t.Errorf("n = %d: cell %d got %g rows, its share is %g", n, i, got, share)
			}
		}
	}
}

// TestRootsAreIndependent: unrelated tables deal the same rows with different permutations. The test counts rows where
// both of two half-and-half tables give their first cell; under independence the count is hypergeometric with standard
// deviation √n/4, and 6 of them have a false-alarm probability below 1e-8. The seed is fixed, so the test never flickers.
func TestRootsAreIndependent(t *testing.T) {
	const n = 100_000
	half := []int64{1, 1}
	a, b := newRoot(half, n, derive(5, 0)), newRoot(half, n, derive(5, 1))
	both := 0
	for row := range uint64(n) {
		if a.deal(place{rank: row}).slot == 0 && b.deal(place{rank: row}).slot == 0 {
			both++
		}
	}
	if d := float64(both) - n/4; d > 6*80 || d < -6*80 {
		t.Errorf("%d of %d rows are in both first halves, want %d ± 480", both, n, n/4)
	}
}

// chain is a model over three attributes in which the first and the last meet in the middle only.
func chain() *profile.Profile {
	codes := func(n int) []profile.Code { return make([]profile.Code, n) }
	p := &profile.Profile{Attributes: []profile.Attribute{
		{Name: "a", Role: profile.RoleRow, Codes: codes(2)}, {Name: "b", Role: profile.RoleRow, Codes: codes(3)}, {Name: "c", Role: profile.RoleRow, Codes: codes(2)},
	}}
	p.Tables = []profile.Table{
		{Attributes: []string{"a", "b"}, Cells: [][]int32{{0, 0}, {0, 1}, {1, 1}, {1, 2}}, Weights: []int64{400, 100, 200, 300}},
		{Attributes: []string{"b", "c"}, Cells: [][]int32{{0, 0}, {1, 0}, {1, 1}, {2, 1}}, Weights: []int64{400, 75, 225, 300}},
	}
	return p
}

// TestTreeIsExact bounds the distance of a sample from its model: each cell of a child table is off by less than one row
// for each group of rows it is dealt in, and attributes that meet in the middle only are independent given it.
func TestTreeIsExact(t *testing.T) {
	const rows = 10_000
	pl, err := newPlan(chain())
	if err != nil {
		t.Fatal(err)
	}
	pl.build(rows, 3)
	places := [][]place{make([]place, rows), make([]place, rows)}
	pl.deal((*copies)(nil).sources(0, rows), places)
	pairs := map[[2]int32]float64{}
	given := map[[2]int32]float64{} // a and c where b is 1
	for i := range rows {
		ab := pl.tables[0].cells[pl.nodes[0].cells[places[0][i].slot]]
		bc := pl.tables[1].cells[pl.nodes[1].cells[places[1][i].slot]]
		if ab[1] != bc[0] {
			t.Fatalf("row %d: the tables disagree on b", i)
		}
		pairs[[2]int32{bc[0], bc[1]}]++
		if ab[1] == 1 {
			given[[2]int32{ab[0], bc[1]}]++
		}
	}
	for i, cell := range pl.tables[1].cells {
		want := float64(chain().Tables[1].Weights[i]) * rows / 1000
		if got := pairs[[2]int32{cell[0], cell[1]}]; math.Abs(got-want) > 1 {
			t.Errorf("cell %v of the child has %g rows, want %g ± 1", cell, got, want)
		}
	}
	// Hypergeometric: 3000 rows, of which 1000 have a = 0 and 750 have c = 0; σ = 20.4, and 6 σ alarm falsely once in 1e8.
	if got := given[[2]int32{0, 0}]; math.Abs(got-250) > 6*20.4 {
		t.Errorf("where b is 1, %g rows have a = 0 and c = 0, want 250 ± 122", got)
	}
}

// TestTreeSurvivesRounding: a child without a cell for what its parent says deals something all the same.
func TestTreeSurvivesRounding(t *testing.T) {
	p := chain()
	p.Tables[1].Cells, p.Tables[1].Weights = p.Tables[1].Cells[:1], p.Tables[1].Weights[:1]
	pl, err := newPlan(p)
	if err != nil {
		t.Fatal(err)
	}
	pl.build(1000, 3)
	places := [][]place{make([]place, 1000), make([]place, 1000)}
	pl.deal((*copies)(nil).sources(0, 1000), places)
	for i, at := range places[1] {
		if pl.nodes[1].cells[at.slot] != 0 {
			t.Fatalf("row %d has cell %d of a table with one", i, pl.nodes[1].cells[at.slot])
		}
	}
}

func TestLoopsAreRefused(t *testing.T) {
	p := chain()
	p.Tables = append(p.Tables, profile.Table{Attributes: []string{"a", "c"}, Cells: [][]int32{{0, 0}}, Weights: []int64{1}})
	if _, err := newPlan(p); !errors.Is(err, errNoTree) {
		t.Errorf("a loop of tables: %v, want errNoTree", err)
	}
}
