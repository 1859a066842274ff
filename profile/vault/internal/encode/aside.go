package encode

import (
	"slices"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile/mess"
)

// Agreements counts for each of other columns, in one vector, the rows whose cell agrees with the first column's, and those whose
// does not; see [mess.Agrees]. Rows in which either kind could not read its cell are not counted, so that a row
// changes one of two counts for each column, or none.
func Agreements(first *Column, others []*Column) dp.Counts {
	counts := make([]int64, 2*len(others))
	for i, other := range others {
		known := map[uint64]bool{}
		for row, a := range first.codes {
			if b := other.codes[row]; first.cells[a].Typed && other.cells[b].Typed {
				if agrees(known, first, a, other, b) {
					counts[2*i]++
				} else {
					counts[2*i+1]++
				}
			}
		}
	}
	return dp.Seal(counts, first.unit.Bound(len(others)))
}

// maxKnown bounds the pairs of cells that are remembered: columns on persons mostly have as many as rows.
const maxKnown = 1 << 16

// agrees reports whether two cells agree, and remembers it. It is a function of the two alone.
func agrees(known map[uint64]bool, one *Column, a uint32, other *Column, b uint32) bool {
	pair := uint64(a)<<32 | uint64(b)
	if yes, ok := known[pair]; ok {
		return yes
	}
	yes := mess.Agrees(one.codec.Kind(), one.cells[a].Cell, other.codec.Kind(), other.cells[b].Cell)
	if len(known) < maxKnown {
		known[pair] = yes
	}
	return yes
}

// Withheld counts for each column, in one vector, the cells that may not become a category, over [mess.Reasons]. A row has one
// cell in a column, and a cell one reason or none.
func Withheld(columns []*Column) dp.Counts {
	reasons := mess.Reasons()
	counts := make([]int64, 0, len(reasons)*len(columns))
	for _, e := range columns {
		tally := make([]int64, len(reasons))
		for i := range e.cells {
			if d := &e.cells[i]; !d.Missing && !d.Typed {
				if reason, withheld := mess.WithheldBecause(d.Cell); withheld {
					tally[slices.Index(reasons, reason)] += e.rows[i]
				}
			}
		}
		counts = append(counts, tally...)
	}
	return dp.Seal(counts, columns[0].unit.Bound(len(columns)))
}
