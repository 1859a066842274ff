package synth

import (
	"errors"
	"slices"

	"github.com/patina-data/patina/profile"
)

// A plan is the fitted tables of a profile as a forest, each after its parent: first the tables of the model over views
// and row attributes, then each column's table of (value, form), below the table that holds its views.
//
// It stands for the distribution in which every table is drawn given what it shares with its parent, so that only a
// table's proportions within a separator matter.
type plan struct {
	tables []planned
	nodes  []*node // [table], once built
}

// A planned table is one of the plan's.
type planned struct {
	attributes []string
	cells      [][]int32 // over the attributes
	weights    []int64
	parent     int         // −1 for a root
	keys       []separator // [cell] what it says of what is shared with the parent
	parentKeys []separator // [cell of the parent]
}

// errNoTree is for tables that share attributes in a way that no order of sampling respects.
var errNoTree = errors.New("the profile's tables do not form a tree")

// newPlan plans the tables of the model.
func newPlan(p *profile.Profile) (*plan, error) {
	var pl plan
	for i := range p.Tables {
		t := &p.Tables[i]
		if role := p.Attribute(t.Attributes[0]).Role; role == profile.RoleValue || role == profile.RoleForm {
			continue // a column's own table
		}
		if err := pl.add(t.Attributes, t.Cells, t.Weights); err != nil {
			return nil, err
		}
	}
	return &pl, nil
}

// add appends a table below the first one that holds all the attributes it shares with any.
func (pl *plan) add(attributes []string, cells [][]int32, weights []int64) error {
	t := planned{attributes: attributes, cells: cells, weights: weights, parent: -1}
	var common []string
	for i, other := range pl.tables {
		if both := shared(attributes, other.attributes); len(both) > len(common) {
			t.parent, common = i, both
		}
	}
	for _, other := range pl.tables {
		for _, name := range shared(attributes, other.attributes) {
			if !slices.Contains(common, name) {
				return errNoTree
			}
		}
	}
	if t.parent >= 0 {
		up := &pl.tables[t.parent]
		t.keys = project(cells, attributes, common)
		t.parentKeys = project(up.cells, up.attributes, common)
	}
	pl.tables = append(pl.tables, t)
	return nil
}

// shared returns the attributes that are in both lists, in the order of the first.
func shared(a, b []string) []string {
	var both []string
	for _, name := range a {
		if slices.Contains(b, name) {
			both = append(both, name)
		}
	}
	return both
}

// project returns what each cell says of some of its attributes.
func project(cells [][]int32, attributes, to []string) []separator {
	out := make([]separator, len(cells))
	for i, cell := range cells {
		out[i] = newSeparator()
		for k, name := range to {
			out[i][k] = cell[slices.Index(attributes, name)]
		}
	}
	return out
}

// build makes the nodes that deal the tables to n rows.
func (pl *plan) build(n, key uint64) {
	for i := range pl.tables {
		t := &pl.tables[i]
		key := derive(key, uint64(i))
		if t.parent < 0 {
			pl.nodes = append(pl.nodes, newRoot(t.weights, n, key))
			continue
		}
		up := pl.nodes[t.parent]
		slots := make([]separator, len(up.cells))
		for slot, cell := range up.cells {
			slots[slot] = t.parentKeys[cell]
		}
		pl.nodes = append(pl.nodes, newChild(spread{t.weights, t.keys}, up, t.parent, slots, key))
	}
}

// find returns the first table that has the attribute, and the attribute's place in it.
func (pl *plan) find(attribute string) (table, at int) {
	for i, t := range pl.tables {
		if at := slices.Index(t.attributes, attribute); at >= 0 {
			return i, at
		}
	}
	return -1, -1
}

// deal fills in where each of some rows has been dealt to by every node: places[node][i] for rows[i].
func (pl *plan) deal(rows []uint64, places [][]place) {
	for k, n := range pl.nodes {
		for i, row := range rows {
			at := place{rank: row}
			if n.parent >= 0 {
				at = places[n.parent][i]
			}
			places[k][i] = n.deal(at)
		}
	}
}

// clone returns a plan over the same tables that can be reweighed and built by itself.
func (pl *plan) clone() *plan { return &plan{tables: slices.Clone(pl.tables)} }
