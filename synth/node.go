package synth

import (
	"math/bits"
	"sort"
)

// A node deals the cells of one fitted table to the rows of a synthetic table, given what its parent dealt them. The
// rows that agree on the attributes it shares with the parent are one group; a group's rows are handed the cells that
// agree with it in proportion to their weights, each its exact share rounded up or down: systematic sampling (Madow
// 1949) at the positions of a keyed permutation of the group.
//
// Every row has a rank within its group, and a rank among those that are dealt the same cell in the group, both computed
// and neither stored: rows can be dealt in any order, by any number of processors, with memory that depends on the tables
// alone.
type node struct {
	parent int      // index in the plan; −1 for a root, where all rows are one group
	group  []int32  // [slot of the parent] the group that its rows are in
	offset []uint64 // [slot of the parent] how many rows of the group come before its rows
	deals  []deal   // [group]
	cells  []int32  // [slot] the table's cell; a cell has one slot in every group it is dealt in
}

// A deal hands out the slots of one group, which follow each other.
type deal struct {
	perm  permutation
	first int32    // slot
	start []uint64 // [slot − first] the position from which on it is dealt; one more at the end
}

// A place is where a row has been dealt to: a slot of a node, and the row's rank among the slot's rows.
type place struct {
	slot int32
	rank uint64
}

// A separator is the codes of the attributes that a node shares with its parent, −1 in the slots it does not use.
type separator [maxSeparator]int32

const maxSeparator = 8

// newSeparator returns the separator that holds the given codes.
func newSeparator(codes ...int32) separator {
	sep := separator{-1, -1, -1, -1, -1, -1, -1, -1}
	copy(sep[:], codes)
	return sep
}

// A spread is what a table's cells weigh, and what each says of the attributes shared with the parent.
type spread struct {
	weights []int64
	keys    []separator
}

// newRoot returns a node without a parent, dealing to n rows.
func newRoot(weights []int64, n, key uint64) *node {
	all := make([]int32, len(weights))
	for i := range all {
		all[i] = int32(i)
	}
	root := &node{parent: -1}
	root.add(all, weights, n, derive(key, 0))
	return root
}

// newChild returns a node below another, given what the parent's slots say of the attributes shared.
func newChild(s spread, parent *node, index int, of []separator, key uint64) *node {
	n := &node{parent: index, group: make([]int32, len(of)), offset: make([]uint64, len(of))}
	groups := map[separator]int32{}
	var sizes []uint64
	var order []separator
	for slot, rows := range parent.rows() {
		g, ok := groups[of[slot]]
		if !ok {
			g = int32(len(sizes))
			groups[of[slot]] = g
			sizes, order = append(sizes, 0), append(order, of[slot])
		}
		n.group[slot], n.offset[slot] = g, sizes[g]
		sizes[g] += rows
	}
	members := s.members()
	for g, sep := range order {
		n.add(s.matching(sep, members), s.weights, sizes[g], derive(key, uint64(g)))
	}
	return n
}

// members returns the cells of each separator.
func (s spread) members() map[separator][]int32 {
	m := map[separator][]int32{}
	for i, k := range s.keys {
		m[k] = append(m[k], int32(i))
	}
	return m
}

// matching returns the cells that agree with a separator. Where rounding left the table no cell for what its parent
// says, those that agree in the first attribute stand in, or all.
func (s spread) matching(sep separator, members map[separator][]int32) []int32 {
	if cells := members[sep]; len(cells) > 0 {
		return cells
	}
	var first, all []int32
	for i, k := range s.keys {
		all = append(all, int32(i))
		if k[0] == sep[0] {
			first = append(first, int32(i))
		}
	}
	if len(first) > 0 {
		return first
	}
	return all
}

// add shares the n rows of the next group out: the k-th cell starts at position ⌊(cₖ·n + u)/W⌋, for the weight cₖ of
// the cells before it, the weight W of all, and an offset u < W that makes the rounding fair.
func (n *node) add(cells []int32, weights []int64, rows, key uint64) {
	d := deal{perm: newPermutation(max(rows, 1), key), first: int32(len(n.cells)), start: make([]uint64, len(cells)+1)}
	var total, before uint64
	for _, c := range cells {
		total += uint64(weights[c])
	}
	if total == 0 { // all its cells were ruled out, and so should the rows have been: the first takes what rounding left
		before, total = 1, 1
	}
	offset, _ := bits.Mul64(mix(key+1), total)
	for i, c := range cells {
		before += uint64(weights[c])
		hi, lo := bits.Mul64(before, rows)
		lo, carry := bits.Add64(lo, offset, 0)
		d.start[i+1], _ = bits.Div64(hi+carry, lo, total) // at most rows, as before ≤ total and offset < total < 2⁶²
	}
	n.deals = append(n.deals, d)
	n.cells = append(n.cells, cells...)
}

// rows returns how many rows each slot is dealt to.
func (n *node) rows() []uint64 {
	rows := make([]uint64, 0, len(n.cells))
	for _, d := range n.deals {
		for i := range len(d.start) - 1 {
			rows = append(rows, d.start[i+1]-d.start[i])
		}
	}
	return rows
}

// deal returns the place of a row, given its place in the parent; at a root the rank is the row itself.
func (n *node) deal(at place) place {
	d, rank := &n.deals[0], at.rank
	if n.parent >= 0 {
		d = &n.deals[n.group[at.slot]]
		rank += n.offset[at.slot]
	}
	pos := d.perm.at(rank)
	// The last slot that starts at or before pos; those dealt to no row start where the next one does.
	i := sort.Search(len(d.start)-2, func(i int) bool { return d.start[i+1] > pos })
	return place{d.first + int32(i), pos - d.start[i]}
}
