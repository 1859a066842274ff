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

// A choice is what a table deals rows of one attribute.
type choice struct {
	table  int      // −1 for an attribute that the profile does not have
	labels []string // [cell of the table]
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
	m := &members{nesting: nesting, key: derive(s.seed, 4), others: choice{table: -1}, order: choice{table: -1}}
	if !s.clean {
		m.others, m.order = s.plan.choice(p, profile.RowOthers), s.plan.choice(p, profile.RowOrder)
	}
	return m, nil
}

// choice looks up the label of each cell of the table that deals an attribute.
func (pl *plan) choice(p *profile.Profile, attribute string) choice {
	table, at := pl.find(attribute)
	c := choice{table: table}
	if table < 0 {
		return c
	}
	codes := p.Attribute(attribute).Codes
	for _, cell := range pl.tables[table].cells {
		c.labels = append(c.labels, codes[cell[at]].Label)
	}
	return c
}

// finish reconciles the cells of a block with the nesting, and says what its rows have beyond cells.
func (m *members) finish(b *record.Batch, first uint64, h hand) {
	if m == nil {
		return
	}
	m.nesting.Reconcile(b)
	if m.others.table >= 0 {
		b.Others = make([]int, b.Rows)
		for i, cell := range h.cells[m.others.table] {
			least, most := profile.OthersRange(m.others.labels[cell])
			spread, _ := bits.Mul64(derive(m.key, first+uint64(i)), uint64(most-least+1))
			b.Others[i] = least + int(spread)
		}
	}
	if m.order.table >= 0 {
		b.Reordered = make([]bool, b.Rows)
		for i, cell := range h.cells[m.order.table] {
			b.Reordered[i] = m.order.labels[cell] == profile.OrderChanged
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
