// Package encode reads the distinct cells of a raw column with its kind's codec and counts them: by the keys
// that may be released, by form, by bin, by code. What it returns is exact and sealed; only a mechanism can open it.
//
// Each histogram's sensitivity is stated where it is sealed, and follows from two facts: a row has one cell in a
// column, and a cell falls in at most one bucket of each histogram, but for the pieces and steps of texts, which
// package mess bounds; and how many of the rows are one unit's, which the rows carry with them ([dp.Unit]).
package encode

import (
	"fmt"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/profile/vault/internal/raw"
)

// A Column is a raw column, read by a codec.
type Column struct {
	codec mess.Codec
	unit  dp.Unit
	cells []mess.Description
	rows  []int64  // how many rows hold each cell
	codes []uint32 // [row] the cell it holds
}

// New describes the distinct cells of a raw column.
func New(codec mess.Codec, c *raw.Column) *Column {
	e := &Column{codec: codec, unit: c.Unit, cells: make([]mess.Description, len(c.Cells)), rows: c.Frequencies(), codes: c.Codes}
	for i, cell := range c.Cells {
		e.cells[i] = mess.Describe(codec, cell)
	}
	return e
}

// Resolve completes the descriptions by a vocabulary of released words: which cells are variants of one. It is asked once
// for each distinct cell.
func (e *Column) Resolve(words *mess.Vocabulary) {
	for i := range e.cells {
		words.Resolve(&e.cells[i])
	}
}

// seal adds the rows up by a private key; cells without one are not counted.
func (e *Column) seal(key func(d *mess.Description) (string, bool)) dp.Keyed {
	hist := map[string]int64{}
	for i := range e.cells {
		if k, ok := key(&e.cells[i]); ok {
			hist[k] += e.rows[i]
		}
	}
	return dp.SealKeyed(hist, e.unit.Bound(1))
}

// count adds the rows up by a code of a public or released domain; cells without one are not counted.
func (e *Column) count(cells int, code func(d *mess.Description) int32) dp.Counts {
	counts := make([]int64, cells)
	for i := range e.cells {
		if c := code(&e.cells[i]); c >= 0 {
			counts[c] += e.rows[i]
		}
	}
	return dp.Seal(counts, e.unit.Bound(1))
}

// Which chooses the cells that may become codes of their own.
type Which struct {
	Atoms    bool // values the kind parsed
	Literals bool // text as it is
}

// Keys is the histogram over the cells that may be released as codes: spelled nulls always, atoms and literals as
// chosen. [DecodeKey] turns a selected key into its code.
func (e *Column) Keys(w Which) dp.Keyed {
	return e.seal(func(d *mess.Description) (string, bool) {
		switch {
		case !d.Literal:
			return "", false
		case d.Missing:
			return encodeKey(profile.Missing, d.Cell.Tag, d.Cell.Text), true
		case d.Typed:
			return encodeKey(profile.Atom, 0, d.Value.Key), w.Atoms
		}
		return encodeKey(profile.Literal, d.Cell.Tag, d.Cell.Text), w.Literals
	})
}

// keyClasses gives each class of key one letter.
var keyClasses = map[profile.Class]byte{profile.Missing: 'm', profile.Atom: 'a', profile.Literal: 'l'}

func encodeKey(class profile.Class, tag record.Tag, label string) string {
	return string([]byte{keyClasses[class], '0' + byte(tag)}) + label
}

// DecodeKey returns the code that a key of [Column.Keys] stands for.
func DecodeKey(key string) profile.Code {
	for class, letter := range keyClasses {
		if len(key) >= 2 && key[0] == letter {
			tag := record.Tag(key[1] - '0')
			code := profile.Code{Class: class, Tag: tag, Label: key[2:], Origin: profile.Learnt}
			switch {
			case class != profile.Missing:
			case tag == record.Absent:
				code.Class = profile.Absent
			case tag == record.Null:
				code.Class, code.Tag = profile.Null, 0
			}
			return code
		}
	}
	panic(fmt.Sprintf("encode: a key has no class: %d bytes", len(key)))
}

// Forms is the histogram over the descriptors at one rung of the ladder, of the cells that are written (neither missing
// nor a literal under the coder) and have none of the forms released so far. A variant of a literal has the forms of
// variants only: what its mask would be is a matter of the literal.
func (e *Column) Forms(c *profile.Coder, released map[string]bool, rung int) dp.Keyed {
	return e.seal(func(d *mess.Description) (string, bool) {
		ladder := d.Forms
		if d.Variant.Forms != nil {
			ladder = d.Variant.Forms
		}
		if d.Missing || rung >= len(ladder) || !c.Written(*d) {
			return "", false
		}
		for _, f := range ladder {
			if released[f] {
				return "", false
			}
		}
		return ladder[rung], true
	})
}

// Grid counts the parsed values that are not atoms under the coder in the given spans.
func (e *Column) Grid(c *profile.Coder, spans []mess.Span) dp.Counts {
	lows := make([]float64, len(spans))
	highs := make([]float64, len(spans))
	for i, s := range spans {
		lows[i], highs[i] = s.Lo.Float(), s.Hi.Float()
	}
	return e.count(len(spans), func(d *mess.Description) int32 {
		if !d.Typed || c.IsAtom(*d) {
			return profile.NoCode
		}
		i := mess.Locate(lows, d.Value.Pos)
		if i < 0 || d.Value.Pos >= highs[i] {
			return profile.NoCode
		}
		return int32(i)
	})
}

// Values counts the codes of the value domain.
func (e *Column) Values(c *profile.Coder, codes int) dp.Counts {
	return e.count(codes, func(d *mess.Description) int32 { return c.Value(*d) })
}

// FormCodes counts the codes of the form domain.
func (e *Column) FormCodes(c *profile.Coder, codes int) dp.Counts {
	return e.count(codes, func(d *mess.Description) int32 { return c.Form(*d, c.Value(*d)) })
}

// Pairs counts the given cells, distinct pairs of a value code and a form code.
func (e *Column) Pairs(c *profile.Coder, cells [][]int32) dp.Counts {
	index := make(map[[2]int32]int32, len(cells))
	for i, cell := range cells {
		index[[2]int32{cell[0], cell[1]}] = int32(i)
	}
	return e.count(len(cells), func(d *mess.Description) int32 {
		v := c.Value(*d)
		if i, ok := index[[2]int32{v, c.Form(*d, v)}]; ok {
			return i
		}
		return profile.NoCode
	})
}

// detail says how much of a cell its form leaves open; ok is false for cells that are no text or have no form.
func detail(c *profile.Coder, form []profile.Code, d *mess.Description) (open mess.Detail, ok bool) {
	if d.Missing || d.Typed || d.Cell.Tag != record.Text {
		return 0, false
	}
	code := c.Form(*d, c.Value(*d))
	switch {
	case code < 0 || form[code].Class == profile.NoForm:
		return 0, false
	case form[code].Class == profile.OtherForm:
		return mess.Vague, true
	}
	return mess.DetailOf(form[code].Label), true
}

// Pieces is the histogram over the pieces of texts whose form leaves open which words they have.
func (e *Column) Pieces(c *profile.Coder, form []profile.Code) dp.Keyed {
	hist := map[string]int64{}
	for i := range e.cells {
		if open, ok := detail(c, form, &e.cells[i]); ok && open == mess.Vague {
			for _, p := range mess.Pieces(e.cells[i].Cell.Text) {
				hist[p] += e.rows[i]
			}
		}
	}
	return dp.SealKeyed(hist, e.unit.Bound(mess.MaxPieces))
}

// Steps counts the steps of texts whose form leaves something open.
func (e *Column) Steps(c *profile.Coder, form []profile.Code, s *mess.Syntax) dp.Counts {
	counts := make([]int64, len(s.Labels()))
	for i := range e.cells {
		if open, ok := detail(c, form, &e.cells[i]); ok {
			for _, code := range s.Steps(e.cells[i].Cell.Text, open) {
				counts[code] += e.rows[i]
			}
		}
	}
	return dp.Seal(counts, e.unit.Bound(mess.MaxSteps))
}

// Votes counts what the cells of each column look like, over [mess.Ballot], for all columns in one vector. A row votes
// once in each column.
func Votes(columns []*raw.Column) dp.Counts {
	options := len(mess.Ballot())
	votes := make([]int64, 0, options*len(columns))
	for _, c := range columns {
		tally := make([]int64, options)
		rows := c.Frequencies()
		for i, cell := range c.Cells {
			tally[mess.Vote(cell)] += rows[i]
		}
		votes = append(votes, tally...)
	}
	return dp.Seal(votes, columns[0].Unit.Bound(len(columns)))
}

// Units counts the units by how many records they have, and the records without a key: how many there are of each
// unit, used or not. A unit, or a record without a key, changes one count.
func Units(c *bound.Choice) dp.Counts {
	return dp.Seal(c.Sizes(), c.Unit().BoundUnits(1))
}

// Rows counts the rows.
func Rows(t *raw.Table) dp.Counts {
	return dp.Seal([]int64{int64(t.Rows)}, t.Unit.Bound(1))
}

// Shapes is the histogram over row shapes.
func Shapes(t *raw.Table) dp.Keyed {
	hist := map[string]int64{}
	for s, n := range t.Shapes {
		hist[fmt.Sprint(s)] = n
	}
	return dp.SealKeyed(hist, t.Unit.Bound(1))
}
