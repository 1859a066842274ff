package synth

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// members makes records of nested JSON out of columns that were drawn without regard to the nesting.
type members struct {
	nesting *record.Nesting
	others  choice
	order   choice
	key     uint64
}

// A choice is what a node deals rows of one attribute.
type choice struct {
	node   int      // −1 for an attribute that the profile does not have
	labels []string // [slot of the node]
}

// planMembers returns nil for a profile of anything but JSON lines.
func (s *sampler) planMembers(p *profile.Profile) (*members, error) {
	if p.Manifest.Format != record.JSONL {
		return nil, nil
	}
	nesting, err := record.NewNesting(Schema(p).Names())
	if err != nil {
		return nil, fmt.Errorf("nest the columns: %w", err)
	}
	return &members{nesting: nesting, key: derive(s.seed, 4), others: s.plan.choice(p, profile.RowOthers), order: s.plan.choice(p, profile.RowOrder)}, nil
}

// choice looks up the label of each slot of the node that deals an attribute.
func (pl *plan) choice(p *profile.Profile, attribute string) choice {
	node, at := pl.find(attribute)
	c := choice{node: node}
	if node < 0 {
		return c
	}
	codes := p.Attribute(attribute).Codes
	for _, cell := range pl.nodes[node].cells {
		c.labels = append(c.labels, codes[pl.tables[node].cells[cell][at]].Label)
	}
	return c
}

// finish reconciles the cells of a block with the nesting, and says what its rows have beyond cells.
func (m *members) finish(b *record.Batch, first uint64, places [][]place) {
	if m == nil {
		return
	}
	m.nesting.Reconcile(b)
	if m.others.node >= 0 {
		b.Others = make([]int, b.Rows)
		for i, at := range places[m.others.node] {
			least, most := profile.OthersRange(m.others.labels[at.slot])
			spread, _ := bits.Mul64(derive(m.key, first+uint64(i)), uint64(most-least+1))
			b.Others[i] = least + int(spread)
		}
	}
	if m.order.node >= 0 {
		b.Reordered = make([]bool, b.Rows)
		for i, at := range places[m.order.node] {
			b.Reordered[i] = m.order.labels[at.slot] == profile.OrderChanged
		}
	}
}

// malformedWeight returns the part of a column's fitted weight that lines which are no records have: all their cells count as
// absent, and records are not to have them.
func malformedWeight(p *profile.Profile, column *profile.Table) int64 {
	t, a := table(p, profile.RowShape), p.Attribute(profile.RowShape)
	if p.Manifest.Format != record.JSONL || t == nil || a == nil {
		return 0
	}
	at := slices.IndexFunc(t.Cells, func(cell []int32) bool {
		return a.Codes[cell[0]].Label == strconv.Itoa(int(record.Malformed))
	})
	if at < 0 {
		return 0
	}
	hi, lo := bits.Mul64(total(column.Weights), uint64(t.Weights[at]))
	part, _ := bits.Div64(hi, lo, total(t.Weights)) // at most the column's total, which is below 2⁶²
	return int64(part)
}

func total(weights []int64) (sum uint64) {
	for _, w := range weights {
		sum += uint64(w)
	}
	return sum
}

// native gives a JSON number or boolean that no form is known of the type of its own that JSON has for it.
func native(c profile.Column, v profile.Code, form string) string {
	if form != mess.AnyForm || c.Type != record.JSONType || v.Class != profile.Atom && v.Class != profile.Bin {
		return form
	}
	switch mess.Kind(c.Kind) {
	case mess.Integer, mess.Decimal:
		return mess.AnyFormOf(record.Number)
	case mess.Boolean:
		return mess.AnyFormOf(record.Bool)
	}
	return form
}
