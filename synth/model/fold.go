package model

import "slices"

// house gives each region that lies in no other one a node, and returns the regions by node.
func (n *network) house() [][]int {
	at := make([][]int, len(n.nodes))
	for i, r := range n.regions {
		if r.within < 0 {
			r.node = home(n.d, n.nodes, r.attrs)
			at[r.node] = append(at[r.node], i)
		}
	}
	return at
}

// fold says from what each of some regions of a node is summed up: from the node's table, or another one that attrs are
// the attributes of, or from one between them, made for many regions that lack the same attribute. So the many pairs that
// a large table holds do not go through all of it one by one. A table between is a region of which nothing was measured.
func (n *network) fold(node int, attrs []int, regions []int) (direct []int) {
	regions = slices.Clone(regions)
	for {
		a, lacking := n.cheapest(attrs, regions)
		if a < 0 {
			break
		}
		i := len(n.regions)
		inner := without(attrs, a)
		r := &region{attrs: inner, within: -1, node: node, table: make([]float64, n.d.cells(inner))}
		n.regions = append(n.regions, r)
		r.up = n.d.planOf(attrs, inner)
		r.inner = n.fold(node, inner, lacking)
		for _, j := range r.inner {
			n.regions[j].within = i
		}
		direct = append(direct, i)
		regions = slices.DeleteFunc(regions, func(j int) bool { return slices.Contains(lacking, j) })
	}
	for _, i := range regions {
		n.regions[i].up = n.d.planOf(attrs, n.regions[i].attrs)
	}
	return append(direct, regions...)
}

// cheapest returns the attribute that most is saved by summing out first, and the regions that lack it; or −1.
func (n *network) cheapest(attrs []int, regions []int) (best int, lacking []int) {
	best = -1
	most := 0
	cells := n.d.cells(attrs)
	for _, a := range attrs {
		var lack []int
		for _, i := range regions {
			if !slices.Contains(n.regions[i].attrs, a) {
				lack = append(lack, i)
			}
		}
		// Each of them goes through the smaller table instead, which is made once.
		if saved := len(lack)*(cells-cells/n.d[a]) - cells; saved > most {
			best, most, lacking = a, saved, lack
		}
	}
	return best, lacking
}

// without returns attrs less one.
func without(attrs []int, a int) []int {
	return slices.DeleteFunc(slices.Clone(attrs), func(b int) bool { return b == a })
}
