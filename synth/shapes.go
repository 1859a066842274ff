package synth

import (
	"math/bits"
	"slices"
	"strconv"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// shapes deals the shapes of rows. It is read-only after it is made.
type shapes struct {
	deal  *deal
	shape []int16 // [cell of the deal]
	open  uint64  // the row that ends inside a quote, the table's last; above any row when there is none
}

// noRow is above every row of a table.
const noRow = ^uint64(0)

// newShapes returns the deal of the profile's row shapes over n rows, or nil when all rows are regular. What is no
// record, a blank line or the header again, becomes a record unless the table is written as the input was.
func newShapes(p *profile.Profile, n, key uint64, asInput bool) *shapes {
	t, a := table(p, profile.RowShape), p.Attribute(profile.RowShape)
	if t == nil || a == nil {
		return nil
	}
	s := &shapes{open: noRow}
	var weights []int64
	var total, open int64
	add := func(shape int16, w int64) {
		i := slices.Index(s.shape, shape)
		if i < 0 {
			i = len(s.shape)
			s.shape, weights = append(s.shape, shape), append(weights, 0)
		}
		weights[i] += w
		total += w
	}
	for i, cell := range t.Cells {
		k, err := strconv.Atoi(a.Codes[cell[0]].Label)
		shape := int16(k)
		switch w := t.Weights[i]; {
		case err != nil:
		case k > -len(p.Manifest.Columns) && k <= record.MaxShape:
			add(shape, w)
		case shape == record.Blank, shape == record.HeaderAgain && !p.Manifest.Dialect.NoHeader:
			if !asInput {
				shape = 0
			}
			add(shape, w)
		case shape == record.Unclosed:
			add(0, w)
			open += w
		}
	}
	// Nothing can follow an open quote, so there is one at most, whatever its share of the rows.
	if hi, lo := bits.Mul64(uint64(open), n); asInput && open > 0 && (hi > 0 || lo >= uint64(total-total/2)) {
		s.open = n - 1
	}
	if len(weights) == 0 || len(s.shape) == 1 && s.shape[0] == 0 && s.open == noRow {
		return nil
	}
	s.deal = newDeal(weights, n, key)
	return s
}

// apply gives rows their shapes: short ones lose their last fields, long ones get more, those that are no records lose
// all. The block's first row is first, and row i is made of sources[i].
func (s *shapes) apply(batch *record.Batch, first uint64, sources []uint64) {
	if s == nil {
		return
	}
	batch.Shapes = make([]int16, batch.Rows)
	for i := range batch.Shapes {
		k := s.shape[s.deal.cell(sources[i])]
		if first+uint64(i) == s.open {
			k = record.Unclosed
		}
		batch.Shapes[i] = k
		keep := len(batch.Cells) + min(0, int(k))
		if k == record.Unclosed {
			keep = len(batch.Cells)
		}
		for c := max(0, keep); c < len(batch.Cells); c++ {
			batch.Cells[c][i] = record.Cell{}
		}
	}
}
