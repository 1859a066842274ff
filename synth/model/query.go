package model

import (
	"errors"
	"fmt"
	"slices"
)

// A Clique is a table of the junction forest that a model factors into: p is the product of the cliques' conditional
// distributions given their separators.
type Clique struct {
	Attrs     []int     // in increasing order
	Parent    int       // the index of an earlier clique, −1 for the first of a tree
	Separator []int     // what it shares with all earlier cliques; its parent has all of it; in increasing order
	Prob      []float64 // row-major over Attrs, the last varying fastest; sums to 1
}

// Cliques returns the model's tables, parents before children. Tables that share attributes agree on them.
func (m *Model) Cliques() []Clique {
	cliques := make([]Clique, len(m.net.nodes))
	m.parallel(len(cliques), func(i int) {
		n := m.net.nodes[i]
		attrs := slices.Sorted(slices.Values(n.attrs))
		cliques[i] = Clique{Attrs: attrs, Parent: n.parent, Separator: slices.Clone(n.separator()), Prob: m.sum(n, attrs)}
	})
	return cliques
}

func (m *Model) parallel(tasks int, do func(i int)) { parallel(min(m.net.workers, tasks), tasks, do) }

// sum is the marginal of some attributes of a node, in the order given.
func (m *Model) sum(n *node, attrs []int) []float64 {
	out := make([]float64, m.d.cells(attrs))
	m.d.planOf(n.attrs, attrs).sum(out, n.table, 0)
	return out
}

// Marginal returns the counts, in records, that the model expects over attrs, which must be in increasing order; the
// table is row-major, the last attribute varying fastest. It fails where a table that it needs on the way is larger
// than Options.MaxCells.
func (m *Model) Marginal(attrs []int) ([]float64, error) {
	if err := m.d.clique(attrs); err != nil {
		return nil, fmt.Errorf("marginal: %w", err)
	}
	var p []float64
	if i := home(m.d, m.net.nodes, attrs); i >= 0 {
		p = m.sum(m.net.nodes[i], attrs)
	} else {
		joint, err := m.eliminate(attrs)
		if err != nil {
			return nil, fmt.Errorf("marginal of %d attributes: %w", len(attrs), err)
		}
		p = joint.over(m.d, attrs).values
	}
	for i := range p {
		p[i] *= m.total
	}
	return p, nil
}

// A factor is a table over attributes in an order of its own.
type factor struct {
	attrs  []int
	values []float64
}

// over sums a factor down to some of its attributes.
func (f factor) over(d Domain, attrs []int) factor {
	if slices.Equal(f.attrs, attrs) {
		return f
	}
	out := make([]float64, d.cells(attrs))
	d.planOf(f.attrs, attrs).sum(out, f.values, 0)
	return factor{attrs, out}
}

var errLarge = errors.New("a table on the way is larger than the cap on cells: ask for fewer attributes or raise MaxCells")

// times is the product, over the attributes of either.
func (m *Model) times(f, g factor) (factor, error) {
	attrs := slices.Clone(f.attrs)
	for _, a := range g.attrs {
		if !slices.Contains(attrs, a) {
			attrs = append(attrs, a)
		}
	}
	n := m.d.cells(attrs)
	if n > m.maxCells {
		return factor{}, errLarge
	}
	out := factor{attrs, make([]float64, n)}
	m.d.planOf(attrs, f.attrs).add(out.values, 0, f.values)
	other := make([]float64, n)
	m.d.planOf(attrs, g.attrs).add(other, 0, g.values)
	for i, v := range other {
		out.values[i] *= v
	}
	return out, nil
}

// eliminate sums out of the model all but attrs, from the leaves of each tree up to the node below which all of attrs
// that the tree has are found. A tree's attributes are those that its nodes have as their own.
func (m *Model) eliminate(attrs []int) (factor, error) {
	nodes := m.net.nodes
	wanted := make([]int, len(nodes)) // how many of attrs are own to a node or to one below it
	for i := len(nodes) - 1; i >= 0; i-- {
		for _, a := range nodes[i].own() {
			if slices.Contains(attrs, a) {
				wanted[i]++
			}
		}
		if p := nodes[i].parent; p >= 0 {
			wanted[p] += wanted[i]
		}
	}
	root := make([]int, len(nodes))
	for i, n := range nodes {
		root[i] = i
		if n.parent >= 0 {
			root[i] = root[n.parent]
		}
	}
	passed := make([][]factor, len(nodes)) // what the children hand up
	joint := factor{values: []float64{1}}
	for i := len(nodes) - 1; i >= 0; i-- {
		if wanted[i] == 0 || wanted[root[i]] == 0 {
			continue
		}
		n, top := nodes[i], wanted[i] == wanted[root[i]]
		f, err := m.combine(n, attrs, passed[i], top)
		if err != nil {
			return factor{}, err
		}
		if !top {
			passed[n.parent] = append(passed[n.parent], f)
			continue
		}
		wanted[root[i]] = 0 // the tree is done
		if joint, err = m.times(joint, f); err != nil {
			return factor{}, err
		}
	}
	return joint, nil
}

// combine multiplies the distribution of a node's attributes, given its separator unless it is the top, with what its
// children hand up, and keeps attrs and the separator. What nothing needs any more is summed out after each child.
func (m *Model) combine(n *node, attrs []int, children []factor, top bool) (factor, error) {
	separator := n.separator()
	if top {
		separator = nil
	}
	keep := func(f factor, children []factor) factor {
		return f.over(m.d, slices.DeleteFunc(slices.Clone(f.attrs), func(a int) bool {
			return !slices.Contains(attrs, a) && !slices.Contains(separator, a) &&
				!slices.ContainsFunc(children, func(c factor) bool { return slices.Contains(c.attrs, a) })
		}))
	}
	f := keep(factor{n.attrs, n.table}, children)
	var err error
	if len(separator) > 0 {
		given := f.over(m.d, separator)
		inverse := factor{separator, make([]float64, len(given.values))}
		for i, p := range given.values {
			if p > 0 {
				inverse.values[i] = 1 / p
			}
		}
		if f, err = m.times(f, inverse); err != nil {
			return f, err
		}
	}
	for i, c := range children {
		if f, err = m.times(f, c); err != nil {
			return f, err
		}
		f = keep(f, children[i+1:])
	}
	return f, nil
}
