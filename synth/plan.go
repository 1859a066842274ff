package synth

import (
	"errors"
	"fmt"
	"slices"

	"github.com/patina-data/patina/profile"
)

// A plan is the fitted tables of a profile as a forest of nodes, each after its parent: first the tables of the model
// over views and row attributes, then each column's table of (value, form), below the table that holds its views.
type plan struct {
	nodes  []*node
	tables []planned // [node]
}

// A planned table is what the nodes below it need to know of it.
type planned struct {
	attributes []string
	cells      [][]int32 // [cell of the table]
}

// errNoTree is for tables that share attributes in a way that no order of sampling respects.
var errNoTree = errors.New("the profile's tables do not form a tree")

// newPlan plans the tables of the model.
func newPlan(p *profile.Profile, rows, seed uint64) (*plan, error) {
	var pl plan
	for i := range p.Tables {
		t := &p.Tables[i]
		if a := p.Attribute(t.Attributes[0]); a.Role == profile.RoleValue || a.Role == profile.RoleForm {
			continue // a column's own table
		}
		if err := pl.add(t.Attributes, t.Cells, t.Weights, rows, derive(seed, 1, uint64(i))); err != nil {
			return nil, fmt.Errorf("table %d: %w", i, err)
		}
	}
	return &pl, nil
}

// add appends a table below the first one that holds all the attributes it shares with any.
func (pl *plan) add(attributes []string, cells [][]int32, weights []int64, rows, key uint64) error {
	parent, common := -1, []string(nil)
	for i, t := range pl.tables {
		if both := shared(attributes, t.attributes); len(both) > len(common) {
			parent, common = i, both
		}
	}
	for _, t := range pl.tables {
		for _, name := range shared(attributes, t.attributes) {
			if !slices.Contains(common, name) {
				return errNoTree
			}
		}
	}
	s := spread{weights: weights, keys: project(cells, attributes, common)}
	n := newRoot(s, rows, key)
	if parent >= 0 {
		up := pl.nodes[parent]
		of := project(pl.tables[parent].cells, pl.tables[parent].attributes, common)
		slots := make([]separator, len(up.cells))
		for slot, cell := range up.cells {
			slots[slot] = of[cell]
		}
		n = newChild(s, up, parent, slots, key)
	}
	pl.nodes = append(pl.nodes, n)
	pl.tables = append(pl.tables, planned{attributes, cells})
	return nil
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

// find returns the first node that deals the attribute, and the attribute's place in its table.
func (pl *plan) find(attribute string) (node, at int) {
	for i, t := range pl.tables {
		if at := slices.Index(t.attributes, attribute); at >= 0 {
			return i, at
		}
	}
	return -1, -1
}

// deal fills in where each row of a block has been dealt to by every node: places[node][row].
func (pl *plan) deal(first uint64, rows int, places [][]place) {
	for k, n := range pl.nodes {
		for i := range rows {
			at := place{rank: first + uint64(i)}
			if n.parent >= 0 {
				at = places[n.parent][i]
			}
			places[k][i] = n.deal(at)
		}
	}
}
