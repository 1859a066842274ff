package model

import (
	"cmp"
	"math/bits"
	"slices"
)

// A set of attributes.
type set []uint64

func newSet(n int) set          { return make(set, (n+63)/64) }
func (s set) add(i int)         { s[i/64] |= 1 << (i % 64) }
func (s set) remove(i int)      { s[i/64] &^= 1 << (i % 64) }
func (s set) has(i int) bool    { return s[i/64]>>(i%64)&1 == 1 }
func (s set) clone() set        { return slices.Clone(s) }
func (s set) within(t set) bool { return s.without(t) == 0 }

// without counts the members that t lacks.
func (s set) without(t set) int {
	n := 0
	for i, w := range s {
		n += bits.OnesCount64(w &^ t[i])
	}
	return n
}

func (s set) join(t set) {
	for i, w := range t {
		s[i] |= w
	}
}

// common returns the members that s and t share.
func (s set) common(t set) set {
	u := s.clone()
	for i, w := range t {
		u[i] &= w
	}
	return u
}

// list appends the members to a, in increasing order.
func (s set) list(a []int) []int {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			a = append(a, i*64+bits.TrailingZeros64(w))
		}
	}
	return a
}

func setOf(n int, attrs []int) set {
	s := newSet(n)
	for _, a := range attrs {
		s.add(a)
	}
	return s
}

// TreeCells is what the junction tree over some cliques would cost: the cells of all its tables together and of the
// largest, either given as 2³¹−1 from there on, and the attributes of the widest. No table is built, so that it can be asked of thousands of candidate
// cliques a second. Attributes must be in the domain; their order does not matter.
func TreeCells(d Domain, cliques [][]int) (total, largest, widest int) {
	var attrs []int
	for _, c := range d.triangulate(cliques) {
		attrs = c.list(attrs[:0])
		n := d.cells(attrs)
		total = int(min(int64(total)+int64(n), maxTable))
		largest, widest = max(largest, n), max(widest, len(attrs))
	}
	return total, largest, widest
}

// An elimination takes the attributes out of a graph one by one, joining the neighbours of each. What is cached for an
// attribute holds until its neighbourhood changes.
type elimination struct {
	d     Domain
	near  []set // the neighbours of each attribute, itself excluded
	left  []int // the attributes that are still there
	fill  []int // edges that taking it out would add, −1 when not known
	cells []int // the size of the clique that it would leave
	list  []int
}

// triangulate returns the maximal cliques of a chordal graph in which every given clique is complete and every
// attribute occurs, found by taking out the attribute that adds the fewest edges, among those the one that leaves the
// smallest table, then the first (min-fill; Koller & Friedman 2009, §9.4.3.2).
func (d Domain) triangulate(cliques [][]int) []set {
	e := newElimination(d, cliques)
	var maximal []set
	for len(e.left) > 0 {
		c := e.takeOut(e.choose())
		// A clique left later lacks every attribute taken out before, so only earlier ones can hold it.
		if !slices.ContainsFunc(maximal, c.within) {
			maximal = append(maximal, c)
		}
	}
	return maximal
}

func newElimination(d Domain, cliques [][]int) *elimination {
	e := &elimination{d: d, near: make([]set, len(d)), fill: make([]int, len(d)), cells: make([]int, len(d))}
	for a := range d {
		e.near[a] = newSet(len(d))
		e.left = append(e.left, a)
		e.fill[a] = -1
	}
	for _, c := range cliques {
		s := setOf(len(d), c)
		for _, a := range c {
			e.near[a].join(s)
			e.near[a].remove(a)
		}
	}
	return e
}

func (e *elimination) choose() int {
	best := -1
	for _, a := range e.left {
		if e.fill[a] < 0 {
			e.measure(a)
		}
		if best < 0 || e.fill[a] < e.fill[best] || e.fill[a] == e.fill[best] && e.cells[a] < e.cells[best] {
			best = a
		}
	}
	return best
}

func (e *elimination) measure(a int) {
	e.list = e.near[a].list(e.list[:0])
	missing := 0
	for _, b := range e.list {
		missing += e.near[a].without(e.near[b]) - 1 // b itself is not its own neighbour
	}
	e.fill[a] = missing / 2
	e.cells[a] = e.d.cells(append(e.list, a))
}

// takeOut removes a from the graph and returns the clique that it made with its neighbours.
func (e *elimination) takeOut(a int) set {
	neighbours, adds := e.near[a].list(nil), e.fill[a] > 0
	for _, b := range neighbours {
		if adds { // edges are added: the neighbours' neighbours see them as well
			for _, c := range e.near[b].list(e.list[:0]) {
				e.fill[c] = -1
			}
			e.near[b].join(e.near[a])
			e.near[b].remove(b)
		}
		e.near[b].remove(a)
		e.fill[b] = -1
	}
	clique := e.near[a].clone()
	clique.add(a)
	i, _ := slices.BinarySearch(e.left, a)
	e.left = slices.Delete(e.left, i, i+1)
	return clique
}

// An edge of the clique graph, with what its cliques share.
type edge struct{ from, to, shared, cells int }

// span returns a spanning forest of the cliques of a chordal graph in which neighbours share as much as can be: then
// whatever two cliques share lies in every clique between them (Koller & Friedman 2009, §10.4.2). Cliques that share
// nothing stay apart.
func (d Domain) span(cliques []set) (neighbours [][]int) {
	var edges []edge
	var attrs []int
	for i, a := range cliques {
		for j := range i {
			if attrs = a.common(cliques[j]).list(attrs[:0]); len(attrs) > 0 {
				edges = append(edges, edge{i, j, len(attrs), d.cells(attrs)})
			}
		}
	}
	slices.SortStableFunc(edges, func(x, y edge) int {
		return cmp.Or(cmp.Compare(y.shared, x.shared), cmp.Compare(x.cells, y.cells))
	})
	group := make([]int, len(cliques))
	for i := range group {
		group[i] = i
	}
	neighbours = make([][]int, len(cliques))
	for _, e := range edges {
		from, to := group[e.from], group[e.to]
		if from == to {
			continue
		}
		for i, g := range group {
			if g == to {
				group[i] = from
			}
		}
		neighbours[e.from] = append(neighbours[e.from], e.to)
		neighbours[e.to] = append(neighbours[e.to], e.from)
	}
	return neighbours
}
