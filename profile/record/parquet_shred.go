package record

import (
	"strconv"
	"strings"
)

// Shredding makes nested values of a row's cells, and of those the levels and values of Parquet's columns (Melnik et al.,
// Dremel, 2010). The cells of made-up rows were drawn column by column and need not go together. They are reconciled here,
// from the outside in, and nowhere else:
//
//   - A struct whose own cell is Null is null, whatever its fields' cells are.
//   - A list is as long as its length's cell says. One that says nothing is null, or empty if it cannot be null.
//   - An element that has no cells, because it is Absent or beyond the columns, repeats one of the row's that has.
//   - A value that its type cannot hold, or that is Absent, is null; where it cannot be null it repeats the column's last.

// maxListLength bounds the lists that are written.
const maxListLength = 1 << 12

// A shredder writes the rows of a batch.
type shredder struct {
	cells [][]Cell
	row   int
}

// cell returns a node's own cell, Absent when it has none.
func (s *shredder) cell(n *outNode) Cell {
	if n == nil || n.own == noOwn {
		return Cell{}
	}
	return s.cells[n.own][s.row]
}

// write writes what is at a node of the schema from the cells of from, which is a node like it or nil. What surrounds it is
// there; rep is the level at which it repeats.
func (s *shredder) write(n, from *outNode, rep int) {
	cell := s.cell(from)
	switch {
	case n.shape != nil:
		s.list(n, from, cell, rep)
	case n.typ != StructType:
		n.leaf.put(cell, n, rep)
	case n.nullable && cell.Tag == Null:
		n.absent(n.def-1, rep)
	default:
		for i, f := range n.fields {
			var cells *outNode
			if from != nil {
				cells = from.fields[i]
			}
			s.write(f, cells, rep)
		}
	}
}

func (s *shredder) list(n, from *outNode, cell Cell, rep int) {
	length, ok := listLength(cell)
	if from != nil && from.own == noOwn { // the length was left out
		for i, e := range from.elements {
			if s.has(e) {
				length, ok = i+1, true
			}
		}
	}
	switch {
	case !ok && n.nullable:
		n.absent(n.def-1, rep)
		return
	case length == 0:
		n.absent(n.def, rep)
		return
	}
	for i := range length {
		s.write(n.shape, s.pick(from, i), rep)
		rep = n.rep
	}
}

// pick returns the element of the row that is or stands for element i.
func (s *shredder) pick(list *outNode, i int) *outNode {
	if list == nil {
		return nil
	}
	for k := range list.elements {
		if e := list.elements[(i+k)%len(list.elements)]; s.has(e) {
			return e
		}
	}
	return nil
}

// has reports whether the row has cells of a node.
func (s *shredder) has(n *outNode) bool {
	if n == nil {
		return false
	}
	if s.cell(n).Tag != Absent {
		return true
	}
	for _, f := range n.fields {
		if s.has(f) {
			return true
		}
	}
	for _, e := range n.elements {
		if s.has(e) {
			return true
		}
	}
	return false
}

// absent writes that there is nothing at a node.
func (n *outNode) absent(def, rep int) {
	switch {
	case n.shape != nil:
		n.shape.absent(def, rep)
	case n.typ == StructType:
		for _, f := range n.fields {
			f.absent(def, rep)
		}
	default:
		n.leaf.level(def, rep)
	}
}

// listLength reads the cell of a list's length; ok is false when it says nothing.
func listLength(c Cell) (n int, ok bool) {
	if c.Tag != Number && c.Tag != Text {
		return 0, false
	}
	whole, _, _ := strings.Cut(c.Text, ".")
	n, err := strconv.Atoi(whole)
	return max(0, min(n, maxListLength)), err == nil
}

// put writes the value of a cell at a leaf.
func (c *columnWriter) put(cell Cell, n *outNode, rep int) {
	switch {
	case cell.Tag != Absent && cell.Tag != Null && c.parse(cell.Text):
		c.level(n.def, rep)
	case n.nullable:
		c.level(n.def-1, rep)
	default:
		c.repeat()
		c.level(n.def, rep)
	}
}

// level writes the levels of what has been put, or is not there.
func (c *columnWriter) level(def, rep int) {
	c.entries++
	if c.hasDef {
		c.levels = append(c.levels, int16(def))
	}
	if c.hasRep {
		c.reps = append(c.reps, int16(rep))
	}
}

// plainest returns the first of some plain values that a type holds: what a column that cannot be null starts with if the
// first cell has no value for it.
func plainest[T any](parse func(string) (T, bool), width int) (v T) {
	for _, s := range []string{"0", "false", "1970-01-01", "1970-01-01T00:00:00", "00:00:00", strings.Repeat("\x00", width)} {
		if v, ok := parse(s); ok {
			return v
		}
	}
	return v
}
