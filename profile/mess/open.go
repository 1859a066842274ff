package mess

import (
	"errors"
	"slices"

	"github.com/patina-data/patina/profile/record"
)

// An openCodec is for kinds whose values are made up when they are not atoms. What is read of a cell is a generalisation,
// such as an e-mail's domain, and a form; what is written is made up within the generalisation. Both directions are a
// grammar's, and whatever is written is read again before it leaves: so the two halves cannot disagree.
type openCodec struct {
	kind    Kind
	literal bool // cells that are not of the kind may be released as they are
	grammar grammar
}

// A grammar is what is particular to an open kind. Texts have no spaces around, forms no marks for them.
type grammar interface {
	// read returns the generalisation of a text, "" when there is nothing to release, and its form.
	read(s string) (key, form string, ok bool)

	// write makes up a text of the generalisation, any for "", in the form. Where it cannot, or is unlucky, what it
	// returns reads as something else.
	write(key, form string, r *Rand) string

	// plain returns the form that the generalisation is written in when no other is known.
	plain(key string) string

	// likely reports whether a text is of the kind also where nobody says that it should be.
	likely(s string) bool
}

const (
	maxOpen  = 400 // bytes of a parsed cell: user agents are long
	maxKey   = 41  // bytes of a key
	maxDraws = 16  // attempts at a text that reads as it should
	maxBad   = 6   // of which as many that are not of the kind at all show that the form is of no use
)

func (c openCodec) Kind() Kind    { return c.kind }
func (c openCodec) Axis() Axis    { return nil }
func (c openCodec) Literal() bool { return c.literal }

// Open is true: values that are no atoms are made up.
func (c openCodec) Open() bool { return true }

// Parse reads text, and the numbers of typed files where the kind has values of digits alone.
func (c openCodec) Parse(cell record.Cell) (Value, string, bool) {
	lead, core, trail, ok := blanks(cell.Text)
	if !ok || len(core) > maxOpen || cell.Tag != record.Text && !isWhole(cell) {
		return Value{}, "", false
	}
	key, form, ok := c.grammar.read(core)
	if !ok || len(form) > maxMask {
		return Value{}, "", false
	}
	if len(key) > maxKey {
		key = ""
	}
	if lead+trail > 0 || cell.Tag != record.Text {
		form = tagMark(cell.Tag) + blankMarks[:lead] + form + blankMarks[:trail]
	}
	return Value{Key: key}, form, true
}

// isWhole reports whether a cell is a number of digits alone.
func isWhole(c record.Cell) bool {
	return c.Tag == record.Number && isDigits(c.Text) && c.Text[0] != '0'
}

// likely reports whether a cell is of the kind whatever its column is.
func (c openCodec) likely(cell record.Cell) bool {
	_, core, _, ok := blanks(cell.Text)
	return ok && cell.Tag == record.Text && len(core) <= maxOpen && c.grammar.likely(core)
}

// Own reports whether some text of the kind has the form.
func (c openCodec) Own(form string) bool { return c.Fits(Span{}, form) }

// Check reports a span that is neither the kind's whole nor one of its generalisations.
func (c openCodec) Check(s Span) error {
	if s.Lo != (Edge{}) || s.Hi != (Edge{}) {
		return errors.New("the kind has no intervals")
	}
	if len(s.Key) > maxKey || s.Key != "" && !c.Fits(s, c.grammar.plain(s.Key)) {
		return errors.New("the atom is not one of the kind's generalisations")
	}
	return nil
}

// Fits reports whether a text of the generalisation can be written in the form, by writing some.
func (c openCodec) Fits(s Span, form string) bool {
	_, ok := c.draw(s.Key, form, &Rand{Source: new(counter)})
	return ok
}

// Render makes up a text of the generalisation in the form.
func (c openCodec) Render(s Span, form string, r *Rand) record.Cell {
	if cell, ok := c.draw(s.Key, form, r); ok {
		return cell
	}
	if cell, ok := c.draw(s.Key, c.grammar.plain(s.Key), r); ok {
		return cell
	}
	cell, _ := c.draw("", c.grammar.plain(""), r)
	return cell
}

// draw writes texts until one reads as it should.
func (c openCodec) draw(key, form string, r *Rand) (record.Cell, bool) {
	tag, body := cutTag(form)
	lead, body, trail, ok := cutBlanks(body)
	if !ok || body == "" || len(form) > maxMask+2*maxBlanks+1 || len(key) > maxKey {
		return record.Cell{}, false
	}
	bad := 0
	for range maxDraws {
		text := c.grammar.write(key, c.tighten(body, r), r)
		b := appendBlanks(append(appendBlanks(nil, lead), text...), trail)
		cell := record.Cell{Tag: tag, Text: string(b)}
		v, got, ok := c.Parse(cell)
		if ok && (got == form || slices.Contains(c.loosen(got), form)) && (key == "" || v.Key == key) && !Missing(cell) {
			return cell, true
		}
		if !ok {
			if bad++; bad == maxBad {
				break
			}
		}
		r = &Rand{Source: r.Source} // a shared identity may be what does not fit
	}
	return record.Cell{}, false
}

// A counter is a stream of draws that is always the same: SplitMix64 from zero (Steele, Lea, Flood 2014).
type counter uint64

// Uint64 returns the next word.
func (c *counter) Uint64() uint64 {
	*c += 0x9e3779b97f4a7c15
	z := uint64(*c)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
