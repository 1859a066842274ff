package model

import (
	"context"
	"slices"
)

// Pairs calls visit once for every two attributes a < b, with the counts, in records, that the model expects over
// them: row-major, a row per code of a. Calls come from several goroutines at once and in no particular order; the
// table is theirs to use until they return. It ends early, with the context's error, when that is cancelled.
//
// Where no clique has both, the joint distribution of the separators on the way and of a clique's own attributes is
// carried from clique to clique, once for all that lie behind.
func (m *Model) Pairs(ctx context.Context, visit func(a, b int, counts []float64)) error {
	near := make([][]int, len(m.net.nodes))
	for i, n := range m.net.nodes {
		if n.parent >= 0 {
			near[i] = append(near[i], n.parent)
			near[n.parent] = append(near[n.parent], i)
		}
	}
	m.parallel(len(near), func(i int) {
		if ctx.Err() == nil {
			c := carrier{m: m, near: near, home: i, attrs: m.net.nodes[i].own(), visit: visit}
			c.run()
		}
	})
	return ctx.Err()
}

// A carrier makes the pairs of which one attribute is a node's own and the other one is too, or belongs to an earlier
// node: so every pair has one carrier.
type carrier struct {
	m     *Model
	near  [][]int
	home  int
	attrs []int // the node's own
	size  int   // codes of all of them together
	met   set   // nodes that were visited
	visit func(a, b int, counts []float64)
}

func (c *carrier) run() {
	n := c.m.net.nodes[c.home]
	for _, a := range c.attrs {
		c.size += c.m.d[a]
		for _, b := range n.attrs {
			if b < a || slices.Contains(n.separator(), b) {
				c.emit(a, b, c.m.sum(n, []int{a, b}))
			}
		}
	}
	c.met = newSet(len(c.near))
	c.met.add(c.home)
	if n.parent >= 0 {
		c.enter(n.parent, n.separator(), c.leave(n, n.separator()))
	}
	c.apart()
}

// leave returns, for each cell of a separator of the home node, its joint distribution with each own attribute.
func (c *carrier) leave(n *node, separator []int) []float64 {
	out := make([]float64, c.m.d.cells(separator)*c.size)
	at := 0
	for _, a := range c.attrs {
		codes := c.m.d[a]
		joint := c.m.sum(n, append(slices.Clone(separator), a))
		for s := 0; len(joint) > 0; s++ {
			copy(out[s*c.size+at:], joint[:codes])
			joint = joint[codes:]
		}
		at += codes
	}
	return out
}

// enter goes on to a node through a separator, whose cells come with the joint distribution of each with each own
// attribute: it emits the pairs with what is new there, and goes on from there.
func (c *carrier) enter(i int, separator []int, carried []float64) {
	c.met.add(i)
	n := c.m.net.nodes[i]
	for _, b := range n.attrs {
		if !slices.Contains(separator, b) {
			c.split(b, c.pass(n, separator, []int{b}, carried))
		}
	}
	for _, next := range c.near[i] {
		if c.met.has(next) || next > c.home { // behind later nodes are only later ones
			continue
		}
		through := n.separator()
		if next != n.parent {
			through = c.m.net.nodes[next].separator()
		}
		c.enter(next, through, c.pass(n, separator, through, carried))
	}
}

// pass turns what is carried for the cells of one set of a node's attributes into what is for those of another:
// p(to, a) = Σ p(to | from)·p(from, a).
func (c *carrier) pass(n *node, from, to []int, carried []float64) []float64 {
	both := slices.Clone(from)
	for _, a := range to {
		if !slices.Contains(both, a) {
			both = append(both, a)
		}
	}
	d := c.m.d
	joint := c.m.sum(n, both)
	step := len(joint) / d.cells(from)
	target := d.planOf(both, to).cells(len(joint))
	out := make([]float64, d.cells(to)*c.size)
	for s := range d.cells(from) {
		row := joint[s*step:][:step]
		weight := total(row)
		source := carried[s*c.size:][:c.size]
		for i, p := range row {
			if p > 0 {
				at := int(target[s*step+i])
				axpy(out[at*c.size:][:c.size], p/weight, source)
			}
		}
	}
	return out
}

// split emits the pairs of b with each own attribute.
func (c *carrier) split(b int, joint []float64) {
	at := 0
	for _, a := range c.attrs {
		codes := c.m.d[a]
		pair := make([]float64, c.m.d[b]*codes)
		for k := range c.m.d[b] {
			copy(pair[k*codes:], joint[k*c.size+at:][:codes])
		}
		c.emit(b, a, pair)
		at += codes
	}
}

// apart emits the pairs with attributes of other trees, of which the own ones are independent.
func (c *carrier) apart() {
	for i, other := range c.m.net.nodes[:c.home] {
		if c.met.has(i) {
			continue
		}
		for _, b := range other.own() {
			for _, a := range c.attrs {
				x, y := c.m.sum(other, []int{b}), c.m.sum(c.m.net.nodes[c.home], []int{a})
				pair := make([]float64, 0, len(x)*len(y))
				for _, p := range x {
					for _, q := range y {
						pair = append(pair, p*q)
					}
				}
				c.emit(b, a, pair)
			}
		}
	}
}

// emit hands a table of probabilities over a and b, in that order, on in the order that is promised.
func (c *carrier) emit(a, b int, pair []float64) {
	if a > b {
		rows, columns := c.m.d[a], c.m.d[b]
		turned := make([]float64, len(pair))
		for i := range rows {
			for j := range columns {
				turned[j*rows+i] = pair[i*columns+j]
			}
		}
		a, b, pair = b, a, turned
	}
	for i := range pair {
		pair[i] *= c.m.total
	}
	c.visit(a, b, pair)
}
