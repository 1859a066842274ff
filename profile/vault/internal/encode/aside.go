package encode

import (
	"encoding/binary"
	"slices"
	"sync"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/crew"
)

// Agreements counts for each of other columns, in one vector, the rows whose cell agrees with the first column's, and those whose
// does not; see [mess.Agrees]. Rows in which either kind could not read its cell are not counted, so that a row
// changes one of two counts for each column, or none.
func Agreements(first *Column, others []*Column) dp.Counts {
	counts := make([]int64, 2*len(others))
	for _, e := range append([]*Column{first}, others...) {
		e.look()
	}
	var mu sync.Mutex
	crew.Each(first.raw.Chunks(), func(chunk int) {
		if first.raw.Lost() {
			return
		}
		one, two := readers.Get().(*reader), readers.Get().(*reader)
		defer readers.Put(one)
		defer readers.Put(two)
		part := make([]int64, len(counts))
		a := first.typed(chunk, one)
		for i, other := range others {
			b := other.typed(chunk, two)
			known := map[[2]record.Cell]bool{}
			for row := range a {
				if a[row].Tag == record.Absent || b[row].Tag == record.Absent {
					continue
				}
				if agrees(known, first.codec.Kind(), a[row], other.codec.Kind(), b[row]) {
					part[2*i]++
				} else {
					part[2*i+1]++
				}
			}
		}
		mu.Lock()
		defer mu.Unlock()
		add(counts, part)
	})
	return dp.Seal(counts, first.unit.Bound(len(others)))
}

// typed returns the cells of a chunk's rows that the column's kind could read; the others are absent.
func (e *Column) typed(chunk int, r *reader) []record.Cell {
	if !e.raw.Plain(chunk) {
		codes := e.raw.Codes(chunk, &r.raw)
		cells := make([]record.Cell, len(codes))
		for row, code := range codes {
			if d := &e.cells[code]; d.Typed {
				cells[row] = d.Cell
			}
		}
		return cells
	}
	cells, sorts := e.raw.RowCells(chunk, &r.raw), e.facts[chunk].sorts.Bytes(&r.blocks[0])
	for row := range cells {
		sort := binary.LittleEndian.Uint16(sorts[2*row:])
		if sort == noSort {
			if d := e.describe(cells[row]); !d.Typed {
				cells[row] = record.Cell{}
			}
		} else if !e.sorts.at(sort).Typed {
			cells[row] = record.Cell{}
		}
	}
	return cells
}

// maxKnown bounds the pairs of cells that are remembered: columns on persons mostly have as many as rows.
const maxKnown = 1 << 10

// agrees reports whether two cells agree, and remembers it. It is a function of the two alone.
func agrees(known map[[2]record.Cell]bool, one mess.Kind, a record.Cell, other mess.Kind, b record.Cell) bool {
	pair := [2]record.Cell{a, b}
	if yes, ok := known[pair]; ok {
		return yes
	}
	yes := mess.Agrees(one, a, other, b)
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
		counts = append(counts, e.withheld(reasons)...)
	}
	return dp.Seal(counts, columns[0].unit.Bound(len(columns)))
}

// withheld counts the cells that may not become a category, by reason.
func (e *Column) withheld(reasons []string) []int64 {
	counts := make([]int64, len(reasons))
	count := func(to []int64, d *mess.Description, c record.Cell, rows int64) {
		if d.Missing || d.Typed {
			return
		}
		if reason, ok := mess.WithheldBecause(c); ok {
			to[slices.Index(reasons, reason)] += rows
		}
	}
	for i := range e.cells {
		count(counts, &e.cells[i], e.cells[i].Cell, e.raw.Rows[i])
	}
	e.look()
	var mu sync.Mutex
	e.chunks(func(chunk int, r *reader) {
		part := make([]int64, len(reasons))
		sorts := e.facts[chunk].sorts.Bytes(&r.blocks[0])
		for row, cell := range e.raw.RowCells(chunk, &r.raw) {
			if sort := binary.LittleEndian.Uint16(sorts[2*row:]); sort != noSort {
				count(part, e.sorts.at(sort), cell, 1)
			} else {
				d := mess.Describe(e.codec, cell)
				count(part, &d, cell, 1)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		add(counts, part)
	})
	return counts
}
