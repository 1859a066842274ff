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
	others  *choice
	order   *choice
	key     uint64
}

// A choice deals the codes of an attribute of the row.
type choice struct {
	deal  *deal
	codes []profile.Code // [cell of the deal]
}

// newMembers returns nil for a profile of anything but JSON lines.
func newMembers(p *profile.Profile, n, seed uint64) (*members, error) {
	if p.Manifest.Format != record.JSONL {
		return nil, nil
	}
	nesting, err := record.NewNesting(Schema(p).Names())
	if err != nil {
		return nil, fmt.Errorf("nest the columns: %w", err)
	}
	return &members{
		nesting: nesting, key: derive(seed, 6),
		others: newChoice(p, profile.RowOthers, n, derive(seed, 4)), order: newChoice(p, profile.RowOrder, n, derive(seed, 5)),
	}, nil
}

// newChoice returns nil for an attribute that the profile does not have.
func newChoice(p *profile.Profile, attribute string, n, key uint64) *choice {
	t, a := table(p, attribute), p.Attribute(attribute)
	if t == nil || a == nil || len(t.Attributes) != 1 {
		return nil
	}
	c := &choice{deal: newDeal(t.Weights, n, key)}
	for _, cell := range t.Cells {
		c.codes = append(c.codes, a.Codes[cell[0]])
	}
	return c
}

// code returns the code of a row.
func (c *choice) code(row uint64) profile.Code { return c.codes[c.deal.cell(row)] }

// finish reconciles the cells of a block with the nesting, and says what its rows have beyond cells.
func (m *members) finish(b *record.Batch, first uint64) {
	if m == nil {
		return
	}
	m.nesting.Reconcile(b)
	if m.others != nil {
		b.Others = make([]int, b.Rows)
		for i := range b.Others {
			least, most := profile.OthersRange(m.others.code(first + uint64(i)).Label)
			spread, _ := bits.Mul64(derive(m.key, first+uint64(i)), uint64(most-least+1))
			b.Others[i] = least + int(spread)
		}
	}
	if m.order != nil {
		b.Reordered = make([]bool, b.Rows)
		for i := range b.Reordered {
			b.Reordered[i] = m.order.code(first+uint64(i)).Label == profile.OrderChanged
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
