package model

import "slices"

// A node is a clique of the junction tree. Its table has the attributes that it shares with its parent first, so that
// all that happens given those happens in one row: the table is rows × width.
type node struct {
	attrs  []int // the separator, then the rest; each in increasing order
	shared int   // how many of attrs are the separator
	parent int   // −1 for a root
	toSep  plan  // from the parent's table to the rows

	rows, width int
	table       []float64 // while messages rise: logarithms; then e^(x − the row's largest); then probabilities
	scale       []float64 // per row: its sum before it is scaled, then its probability over that sum
	message     []float64 // per row: the logarithm of the sum
}

// separator is the attributes shared with the parent: none for a root.
func (n *node) separator() []int { return n.attrs[:n.shared] }

// own is the attributes of which no clique nearer to the root has any: each attribute of the domain is one node's own.
func (n *node) own() []int { return n.attrs[n.shared:] }

// rowAttrs is the attributes of the rows. A root has no separator; its first attribute does as well, and lets the
// table be worked on in parts.
func (n *node) rowAttrs() []int { return n.attrs[:max(n.shared, 1)] }

// junction returns a junction forest whose cliques hold the given ones, parents before their children, in levels of
// equal depth: levels[k] is where level k ends. Each tree is rooted where it is least deep.
func (d Domain) junction(cliques [][]int) (nodes []*node, levels []int) {
	sets := d.triangulate(cliques)
	near := d.span(sets)
	place := make([]int, len(sets)) // where a clique stands in nodes
	type step struct{ clique, parent int }
	var level []step
	seen := make([]bool, len(sets))
	for i := range sets {
		if !seen[i] {
			level = append(level, step{centre(near, i, seen), -1})
		}
	}
	for len(level) > 0 {
		var next []step
		for _, s := range level {
			shared, parent := newSet(len(d)), -1
			if s.parent >= 0 {
				shared, parent = sets[s.clique].common(sets[s.parent]), place[s.parent]
			}
			place[s.clique] = len(nodes)
			nodes = append(nodes, d.newNode(sets[s.clique], shared, parent))
			for _, c := range near[s.clique] {
				if c != s.parent {
					next = append(next, step{c, s.clique})
				}
			}
		}
		levels = append(levels, len(nodes))
		level = next
	}
	for _, n := range nodes {
		if n.parent >= 0 {
			n.toSep = d.planOf(nodes[n.parent].attrs, n.separator())
		}
	}
	return nodes, levels
}

func (d Domain) newNode(clique, shared set, parent int) *node {
	attrs, rest := shared.list(nil), clique.clone()
	n := &node{parent: parent, shared: len(attrs)}
	for _, a := range attrs {
		rest.remove(a)
	}
	n.attrs = rest.list(attrs)
	n.rows = d.cells(n.rowAttrs())
	n.width = d.cells(n.attrs) / n.rows
	return n
}

// centre returns the middle of a longest path of the tree that i lies in, and marks the tree as seen.
func centre(near [][]int, i int, seen []bool) int {
	far := func(from int) []int { // a longest path from there, backwards
		before := map[int]int{from: -1}
		queue := []int{from}
		for k := 0; k < len(queue); k++ {
			for _, c := range near[queue[k]] {
				if _, ok := before[c]; !ok {
					before[c] = queue[k]
					queue = append(queue, c)
				}
			}
		}
		var path []int
		for c := queue[len(queue)-1]; c >= 0; c = before[c] {
			path = append(path, c)
		}
		for _, c := range queue {
			seen[c] = true
		}
		return path
	}
	path := far(far(i)[0])
	return path[len(path)/2]
}

// home returns the node of the smallest table that holds all of attrs, or −1.
func home(d Domain, nodes []*node, attrs []int) int {
	best := -1
	for i, n := range nodes {
		if holds(n.attrs, attrs) && (best < 0 || n.rows*n.width < nodes[best].rows*nodes[best].width) {
			best = i
		}
	}
	return best
}

// holds reports whether every one of attrs is in clique.
func holds(clique, attrs []int) bool {
	return !slices.ContainsFunc(attrs, func(a int) bool { return !slices.Contains(clique, a) })
}
