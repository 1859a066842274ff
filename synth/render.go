package synth

import (
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A pen writes the cells of one code of a column. What can be known of them beforehand is.
type pen struct {
	cell  record.Cell // the whole cell, when write is nil
	write mess.Writer // makes up the others
	atoms bool        // what write writes may be a value with a code of its own, which no bin stands for
}

// newPen prepares a code to be written in a form.
func (c *column) newPen(v profile.Code, form string, vary bool) pen {
	switch v.Class {
	case profile.Absent:
		return pen{cell: record.Cell{Tag: record.Absent}}
	case profile.Null:
		return pen{cell: record.Cell{Tag: record.Null}}
	case profile.Missing:
		return pen{cell: record.Cell{Tag: v.Tag, Text: v.Label}}
	case profile.Literal:
		literal := record.Cell{Tag: v.Tag, Text: v.Label}
		if form == "" {
			return pen{cell: literal}
		}
		return pen{write: func(b []byte, r *mess.Rand) ([]byte, record.Tag) {
			cell := c.variant(literal, form, r)
			return append(b, cell.Text...), cell.Tag
		}}
	case profile.OtherMissing:
		return pen{write: writeMissing}
	case profile.Other:
		return pen{write: c.textWriter(form, vary)}
	}
	return pen{write: mess.NewWriter(c.codec, v.Span(), form), atoms: v.Class == profile.Bin && c.holdsAtom(v)}
}

// variant writes a variant of a literal. One that the kind would parse is none, and neither is one that cannot be had: it is
// the literal then.
func (c *column) variant(literal record.Cell, form string, r *mess.Rand) record.Cell {
	if text, ok := c.words.Render(literal.Text, form, r); ok {
		cell := record.Cell{Tag: record.Text, Text: text}
		if _, _, parsed := c.codec.Parse(cell); !parsed {
			return cell
		}
	}
	return literal
}

func writeMissing(b []byte, r *mess.Rand) ([]byte, record.Tag) {
	cell := mess.OtherMissing(r)
	return append(b, cell.Text...), cell.Tag
}

// holdsAtom reports whether an atom may lie in the bin; for one beside an edge it may be wrong.
func (c *column) holdsAtom(bin profile.Code) bool {
	lo, hi := bin.Lo.Float(), bin.Hi.Float()
	at, _ := slices.BinarySearch(c.atoms, lo)
	return c.strange || at < len(c.atoms) && c.atoms[at] <= hi
}

// placeAtoms finds where on the axis the atoms lie.
func (c *column) placeAtoms() {
	for key := range c.avoid {
		v, _, ok := c.codec.Parse(record.Cell{Tag: record.Text, Text: key})
		c.strange = c.strange || !ok
		c.atoms = append(c.atoms, v.Pos)
	}
	slices.Sort(c.atoms)
}

// render fills a block's cells of the column: cell i is of code codes[i], and made up from the draws of its source, so that
// copies of a row are the same. Made-up texts share one allocation. Where who is not nil it says whom cells are about.
func (c *column) render(cells []record.Cell, codes []int32, sources []uint64, key uint64, who person) {
	var draws stream
	r := &mess.Rand{Source: &draws}
	b := make([]byte, 0, 16*len(cells))
	ends := make([]int, len(cells))
	for i, code := range codes {
		if p := &c.pens[code]; p.write == nil {
			cells[i] = p.cell
		} else {
			draws.state = derive(key, sources[i])
			if who != nil {
				r.Identity = who(i)
			}
			b, cells[i].Tag = c.make(b, p, r)
		}
		ends[i] = len(b)
	}
	text, from := string(b), 0
	for i, to := range ends {
		if to > from {
			cells[i].Text = text[from:to]
		}
		from = to
	}
}

// make makes up a cell at the end of b.
func (c *column) make(b []byte, p *pen, r *mess.Rand) ([]byte, record.Tag) {
	start := len(b)
	b, tag := p.write(b, r)
	if p.atoms {
		return c.redraw(b, start, tag, p, r)
	}
	return b, tag
}

// maxRedraws bounds how often a value is drawn again because it is an atom; a bin made of little else keeps one.
const maxRedraws = 64

// redraw draws a bin's value again while it is an atom.
func (c *column) redraw(b []byte, start int, tag record.Tag, p *pen, r *mess.Rand) ([]byte, record.Tag) {
	for range maxRedraws {
		value, _, ok := c.codec.Parse(record.Cell{Tag: tag, Text: string(b[start:])})
		if !ok || !c.avoid[value.Key] {
			break
		}
		b, tag = p.write(b[:start], r)
	}
	return b, tag
}

// maxVaried bounds how often a text is varied, and maxUnlike its length in bytes on the way.
const (
	maxVaried = 12
	maxUnlike = 1 << 12
)

// unlike varies a text until it has none of the released forms, nor says that there is no value.
func (c *column) unlike(text string, r *mess.Rand) string {
	for range maxVaried {
		d := mess.Describe(c.codec, record.Cell{Tag: record.Text, Text: text})
		if !d.Missing && !d.Typed && !slices.ContainsFunc(d.Forms, func(f string) bool { return c.known[f] }) {
			break
		}
		text = mess.Vary(text[:min(len(text), maxUnlike)], r)
	}
	return text
}
