package synth

import (
	"strconv"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// shapes are the shapes of rows, by what the plan deals them. It is read-only after it is made.
type shapes struct {
	table int     // that deals rows their shapes
	shape []int16 // [cell of the table]
	open  uint64  // the row that ends inside a quote, the table's last; noRow when there is none
}

// noRow is above every row of a table.
const noRow = ^uint64(0)

// newShapes looks up the shapes of n rows in a mixture; nil when all rows are regular. What is no record, a blank line or the
// header again, becomes a record unless the table is written as the input was.
func newShapes(p *profile.Profile, m *mixture, n uint64, asInput bool) *shapes {
	pl := m.parts[0]
	table, at := pl.find(profile.RowShape)
	if table < 0 {
		return nil
	}
	s := &shapes{table: table, open: noRow}
	plain := true
	codes := p.Attribute(profile.RowShape).Codes
	for c, cell := range pl.tables[table].cells {
		shape := shapeOf(codes[cell[at]].Label, p, asInput)
		if shape == record.Unclosed {
			shape = 0 // nothing can follow an open quote, so there is one at most
			if m.dealt(table, c) {
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
	case asInput && k == int(record.Malformed) && p.Manifest.Format == record.JSONL:
		return int16(k)
	case asInput && (k == int(record.Blank) || k == int(record.HeaderAgain) || k == int(record.Unclosed)):
		return int16(k)
	}
	return 0
}

// apply gives rows their shapes: short ones lose their last fields, long ones get more, those that are no records lose
// all. The block's first row is first.
func (s *shapes) apply(batch *record.Batch, first uint64, h hand) {
	if s == nil {
		return
	}
	batch.Shapes = make([]int16, batch.Rows)
	for i, cell := range h.cells[s.table] {
		k := s.shape[cell]
		keep := len(batch.Cells) + min(0, int(k))
		if k == record.Malformed {
			keep = len(batch.Cells) // writers make a damaged line of a record
		}
		if first+uint64(i) == s.open {
			k, keep = record.Unclosed, len(batch.Cells)
		}
		batch.Shapes[i] = k
		for c := max(0, keep); c < len(batch.Cells); c++ {
			batch.Cells[c][i] = record.Cell{}
		}
	}
}
