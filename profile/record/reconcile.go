package record

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Reconcile makes made-up rows fit the nesting, where each column was drawn without regard to it:
//
//  1. A value is a scalar, null or empty object (its path's own cell), or an array (its length's), or else an object (its
//     members'), in this order of precedence.
//  2. An array has elements below its length only. Without a column for the length, elements are what there is.
//  3. Members of a nested object that are there about equally often are there together, unless the draws say that they
//     exclude each other: so an optional object comes whole.
//
// A cell where these leave no room is swapped with the absent cell of a row of the batch that has room for it: columns
// keep their shares, and only rows that could not have been are changed. Cells for which there is no such row are dropped.
func (t *Nesting) Reconcile(b *Batch) {
	r := reconciler{cells: b.Cells, rows: b.Rows}
	all := make([]bool, b.Rows)
	for i := range all {
		all[i] = true
	}
	r.members(t.root, all, false)
}

type reconciler struct {
	cells [][]Cell
	rows  int
}

// node gives the node the rows where it may be, and returns those where it is.
func (r *reconciler) node(n *node, allowed []bool) (present []bool) {
	present = make([]bool, r.rows)
	if n.cell != noColumn {
		r.move(n.cell, allowed)
		allowed = r.take(n.cell, allowed, present)
	}
	switch {
	case n.length != noColumn:
		r.move(n.length, allowed)
		for _, e := range n.elements {
			r.node(e.node, r.longer(n.length, e.index))
		}
		allowed = r.take(n.length, allowed, present)
	case len(n.elements) > 0:
		free := slices.Clone(allowed)
		for _, e := range n.elements {
			for i, has := range r.node(e.node, allowed) {
				present[i] = present[i] || has
				free[i] = free[i] && !has
			}
		}
		allowed = free
	}
	for i, has := range r.members(n, allowed, true) {
		present[i] = present[i] || has
	}
	return present
}

// take marks the rows where the column has a cell as present, and returns the allowed ones that are left.
func (r *reconciler) take(column int, allowed, present []bool) (left []bool) {
	r.mark(column, present)
	left = slices.Clone(allowed)
	for i, c := range r.cells[column] {
		left[i] = left[i] && c.Tag == Absent
	}
	return left
}

// mark adds the rows where the column has a cell.
func (r *reconciler) mark(column int, rows []bool) {
	for i, c := range r.cells[column] {
		rows[i] = rows[i] || c.Tag != Absent
	}
}

// longer returns the rows whose array is longer than index.
func (r *reconciler) longer(length, index int) []bool {
	rows := make([]bool, r.rows)
	for i, c := range r.cells[length] {
		n, ok := arrayLength(c)
		rows[i] = ok && n > index
	}
	return rows
}

// move swaps the column's cells out of the rows where they may not be.
func (r *reconciler) move(column int, allowed []bool) {
	cells, free := r.cells[column], 0
	for i := range cells {
		if allowed[i] || cells[i].Tag == Absent {
			continue
		}
		for free < r.rows && (!allowed[free] || cells[free].Tag != Absent) {
			free++
		}
		if free < r.rows {
			cells[free] = cells[i]
		}
		cells[i] = Cell{}
	}
}

// members gives the members of a node their rows, the most frequent first. together says that those of about the same
// frequency belong together.
func (r *reconciler) members(n *node, allowed []bool, together bool) (present []bool) {
	present = make([]bool, r.rows)
	type member struct {
		*node
		drawn []bool
		count int
	}
	members := make([]member, len(n.members))
	for i, m := range n.members {
		drawn := r.drawn(m)
		members[i] = member{m, drawn, count(drawn)}
	}
	slices.SortStableFunc(members, func(a, b member) int { return cmp.Compare(b.count, a.count) })
	var first []bool // where the first of those that belong together is
	for _, m := range members {
		within := allowed
		joins := together && first != nil && r.belong(first, m.drawn)
		if joins {
			within = first
		}
		has := r.node(m.node, within)
		if !joins {
			first = has
		}
		for i := range has {
			present[i] = present[i] || has[i]
		}
	}
	return present
}

// drawn returns the rows where the node has a cell as far as its most frequent parts say: an object that is drawn member
// by member has some of them almost everywhere.
func (r *reconciler) drawn(n *node) []bool {
	var best []bool
	for _, m := range n.members {
		if d := r.drawn(m); best == nil || count(d) > count(best) {
			best = d
		}
	}
	if best == nil {
		best = make([]bool, r.rows)
	}
	for _, column := range []int{n.cell, n.length} {
		if column != noColumn {
			r.mark(column, best)
		}
	}
	if n.length == noColumn && len(n.elements) > 0 {
		for i, has := range r.drawn(n.elements[0].node) {
			best[i] = best[i] || has
		}
	}
	return best
}

// belong reports whether what was drawn in the rows of b should be where a is: it is at most a quarter less frequent, and
// not in other rows to a degree that chance does not explain.
func (r *reconciler) belong(a, b []bool) bool {
	both := 0
	for i := range a {
		if a[i] && b[i] {
			both++
		}
	}
	na, nb := count(a), count(b)
	return nb <= na && 4*nb >= 3*na && 2*(both+3)*r.rows >= na*nb
}

func count(rows []bool) (n int) {
	for _, in := range rows {
		if in {
			n++
		}
	}
	return n
}

// arrayLength reads the cell of an array's length.
func arrayLength(c Cell) (n int, ok bool) {
	if c.Tag != Number && c.Tag != Text {
		return 0, false
	}
	whole, _, _ := strings.Cut(strings.TrimSpace(c.Text), ".")
	n, err := strconv.Atoi(whole)
	return n, err == nil && n >= 0
}
