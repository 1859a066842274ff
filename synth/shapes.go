package synth

import (
	"strconv"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// shapes are the shapes of rows, by what the plan deals them. It is read-only after it is made.
type shapes struct {
	node  int     // that deals rows their shapes
	shape []int16 // [slot of the node]
	open  uint64  // the row that ends inside a quote, the table's last; noRow when there is none
}

// noRow is above every row of a table.
const noRow = ^uint64(0)

// newShapes looks up the shapes of n rows in a plan that is built; nil when all rows are regular. What is no record, a
// blank line or the header again, becomes a record unless the table is written as the input was.
func newShapes(p *profile.Profile, pl *plan, n uint64, asInput bool) *shapes {
	node, at := pl.find(profile.RowShape)
	if node < 0 {
		return nil
	}
	s := &shapes{node: node, open: noRow}
	plain := true
	codes, cells := p.Attribute(profile.RowShape).Codes, pl.tables[node].cells
	rows := pl.nodes[node].rows()
	for slot, cell := range pl.nodes[node].cells {
		shape := shapeOf(codes[cells[cell][at]].Label, p, asInput)
		if shape == record.Unclosed {
			shape = 0 // nothing can follow an open quote, so there is one at most
			if rows[slot] > 0 {
				s.open, plain = n-1, false
			}
		}
		plain = plain && shape == 0
		s.shape = append(s.shape, shape)
	}
	if plain {
		return nil
	}
	return s
}

// shapeOf returns the shape of a row with the label, 0 for one that is not to be made.
func shapeOf(label string, p *profile.Profile, asInput bool) int16 {
	k, err := strconv.Atoi(label)
	switch {
	case err != nil:
		return 0
	case k > -len(p.Manifest.Columns) && k <= record.MaxShape:
		return int16(k)
	case k == int(record.HeaderAgain) && p.Manifest.Dialect.NoHeader:
		return 0
	case asInput && (k == int(record.Blank) || k == int(record.HeaderAgain) || k == int(record.Unclosed)):
		return int16(k)
	}
	return 0
}

// apply gives rows their shapes: short ones lose their last fields, long ones get more, those that are no records lose
// all. The block's first row is first.
func (s *shapes) apply(batch *record.Batch, first uint64, places [][]place) {
	if s == nil {
		return
	}
	batch.Shapes = make([]int16, batch.Rows)
	for i, at := range places[s.node] {
		k := s.shape[at.slot]
		keep := len(batch.Cells) + min(0, int(k))
		if first+uint64(i) == s.open {
			k, keep = record.Unclosed, len(batch.Cells)
		}
		batch.Shapes[i] = k
		for c := max(0, keep); c < len(batch.Cells); c++ {
			batch.Cells[c][i] = record.Cell{}
		}
	}
}
