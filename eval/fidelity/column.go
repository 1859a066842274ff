package fidelity

import (
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A column is one column of both tables: its distinct cells, described once each, and which of them each row has.
type column struct {
	name  string
	kind  mess.Kind
	codec mess.Codec
	made  bool // the profile makes its texts up, so that what they say is not compared
	cells []mess.Description
	real  []int // [cell] rows of the real table that have it
	rows  [2][]uint32

	value, spelling, shape, form, damage attribute
	miss                                 attribute // missing or not
}

// The tables of [column.rows].
const (
	fromReal = iota
	fromSynthetic
)

// newColumn reads a column. Its kind is the profile's, or else elected by the real cells, each of which votes.
func newColumn(name string, raw [2][]record.Cell, p *profile.Profile) (*column, error) {
	c := &column{name: name}
	index := map[record.Cell]uint32{}
	var distinct []record.Cell
	for t, cells := range raw {
		c.rows[t] = make([]uint32, len(cells))
		for r, cell := range cells {
			i, ok := index[cell]
			if !ok {
				i = uint32(len(distinct))
				index[cell] = i
				distinct = append(distinct, cell)
			}
			c.rows[t][r] = i
		}
	}
	c.real = make([]int, len(distinct))
	for _, i := range c.rows[fromReal] {
		c.real[i]++
	}
	if err := c.chooseCodec(distinct, p); err != nil {
		return nil, err
	}
	c.describe(distinct)
	c.encode()
	return c, nil
}

func (c *column) chooseCodec(distinct []record.Cell, p *profile.Profile) (err error) {
	if p != nil {
		for _, known := range p.Manifest.Columns {
			if known.Name == c.name {
				c.kind, c.made = mess.Kind(known.Kind), known.Masked
				c.codec, err = known.Codec()
				return err
			}
		}
	}
	votes := make([]float64, len(mess.Ballot()))
	for i, cell := range distinct {
		if c.real[i] > 0 {
			votes[mess.Vote(cell)] += float64(c.real[i])
		}
	}
	c.kind = mess.Elect(votes, 0)
	if c.codec, err = mess.ForKind(c.kind); err == nil && mess.ElectDayFirst(votes, 0) {
		c.codec = mess.DayFirst(c.codec)
	}
	return err
}

// describe reads each distinct cell; of categories, texts that are a frequent word in another spelling are variants of it.
func (c *column) describe(distinct []record.Cell) {
	c.cells = make([]mess.Description, len(distinct))
	frequent := newRanking()
	for i, cell := range distinct {
		c.cells[i] = mess.Describe(c.codec, cell)
		if d := &c.cells[i]; !d.Missing && !d.Typed && cell.Tag == record.Text {
			frequent.add(cell.Text, c.real[i])
		}
	}
	if c.kind != mess.Category {
		return
	}
	if words := frequent.top(maxWords, c.atLeast(wordShare)); len(words) > 0 {
		vocabulary := mess.NewVocabulary(words)
		for i := range c.cells {
			vocabulary.Resolve(&c.cells[i])
		}
	}
}

// ordered reports whether the column's values lie on a line.
func (c *column) ordered() bool { return c.codec.Axis() != nil }

// atLeast is the number of real rows that is a share of them, at least 2.
func (c *column) atLeast(share float64) int {
	return max(2, int(share*float64(len(c.rows[fromReal]))))
}
