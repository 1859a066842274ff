package encode

import (
	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/vault/internal/crew"
)

// A Joint is rows encoded over views: for each attribute, one code a row. It is as secret as the rows.
type Joint struct {
	rows  int
	unit  dp.Unit
	sizes []int
	codes [][]uint8 // [attribute][row]
}

// MaxView is the most codes a view can have.
const MaxView = 255

// noView is what a cell without a place in the view is encoded as. Its row is not counted where the view is.
const noView = MaxView

// AddValue appends the view of a column's values as the next attribute: groups has the view's code of each code.
func (t *Joint) AddValue(e *Column, c *profile.Coder, groups []int32, size int) {
	t.add(e, size, func(i int) int32 { return at(groups, c.Value(e.cells[i])) })
}

// AddForm appends the view of a column's forms as the next attribute.
func (t *Joint) AddForm(e *Column, c *profile.Coder, groups []int32, size int) {
	t.add(e, size, func(i int) int32 { return at(groups, c.Form(e.cells[i], c.Value(e.cells[i]))) })
}

func at(groups []int32, code int32) int32 {
	if code < 0 {
		return noView
	}
	return groups[code]
}

func (t *Joint) add(e *Column, size int, view func(cell int) int32) {
	of := make([]uint8, len(e.cells))
	for i := range of {
		of[i] = uint8(view(i))
	}
	codes := make([]uint8, len(e.codes))
	for row, cell := range e.codes {
		codes[row] = of[cell]
	}
	t.rows, t.unit, t.sizes, t.codes = len(codes), e.unit, append(t.sizes, size), append(t.codes, codes)
}

// Marginal counts the rows in each cell of a clique of attributes, the last one running fastest. A row is in one cell.
func (t *Joint) Marginal(clique []int) dp.Counts {
	return dp.Seal(t.count(clique), t.unit.Bound(1))
}

func (t *Joint) count(clique []int) []int64 {
	cells := 1
	for _, a := range clique {
		cells *= t.sizes[a]
	}
	counts := make([]int64, cells)
	if len(clique) == 2 {
		countPair(counts, t.codes[clique[0]], t.codes[clique[1]], t.sizes[clique[1]])
		return counts
	}
	for row := range t.rows {
		cell, whole := 0, true
		for _, a := range clique {
			code := t.codes[a][row]
			whole = whole && code != noView
			cell = cell*t.sizes[a] + int(code)
		}
		if whole {
			counts[cell]++
		}
	}
	return counts
}

// countPair is count for two attributes, where nearly all of the time goes.
func countPair(counts []int64, a, b []uint8, size int) {
	for row, x := range a {
		if y := b[row]; x != noView && y != noView {
			counts[int(x)*size+int(y)]++
		}
	}
}

// Misfits returns, for each clique, how far its exact counts are from what is expected of them: Σ|count − expected| over
// its cells. A row is in at most one cell of each clique, so that it moves each misfit by at most one, whatever the
// expectation, which must come from released values.
func (t *Joint) Misfits(cliques [][]int, expected [][]int64) dp.Counts {
	misfits := make([]int64, len(cliques))
	crew.Each(len(cliques), func(i int) {
		for cell, n := range t.count(cliques[i]) {
			misfits[i] += max(n-expected[i][cell], expected[i][cell]-n)
		}
	})
	return dp.Seal(misfits, t.unit.Bound(len(cliques)))
}
