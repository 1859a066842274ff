package synth

import (
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A likeness makes up texts of which little is known but the column that they are in: those that have none of its forms, and those
// of a vague one. They are made to look like other cells of the column, as a rare category looks like a frequent one: a literal's
// letters and digits are drawn anew.
type likeness struct {
	column *column
	form   string   // that the texts are to have; AnyForm for none of those released
	cells  []int    // of the column's table: what they are made to look like
	ends   []uint64 // cumulated weights
}

// likeness returns what makes up texts of a vague form, after the column's cells and before its pens. For the catch-all
// it goes by all cells that are written; for a form by the literals that have it, with the others of their shape.
func (c *column) likeness(form string) *likeness {
	l := &likeness{column: c, form: form}
	total := uint64(0)
	for i, w := range c.cells {
		if w.weight > 0 && l.admits(w) {
			total += uint64(w.weight)
			l.cells, l.ends = append(l.cells, i), append(l.ends, total)
		}
	}
	return l
}

// admits reports whether texts can be made to look like what a cell of the table stands for.
func (l *likeness) admits(w writable) bool {
	if w.value.Class == profile.Literal {
		shapes := mess.Shapes(record.Cell{Tag: w.value.Tag, Text: w.value.Label})
		return w.value.Tag == record.Text && (l.form == mess.AnyForm || slices.Contains(shapes[1:], l.form))
	}
	return l.form == mess.AnyForm && profile.Written(w.value.Class) && !w.vary
}

// orElse writes such texts, and what fill writes where the column has nothing to go by.
func (l *likeness) orElse(fill mess.Writer) mess.Writer {
	return func(b []byte, r *mess.Rand) ([]byte, record.Tag) {
		if text, ok := l.text(r); ok {
			return append(b, text...), record.Text
		}
		return fill(b, r)
	}
}

// text makes up a text; ok is false where the column has nothing to go by.
func (l *likeness) text(r *mess.Rand) (text string, ok bool) {
	if len(l.cells) == 0 {
		return "", false
	}
	at, _ := slices.BinarySearch(l.ends, r.N(l.ends[len(l.ends)-1])+1)
	cell := l.draw(l.cells[at], r)
	switch {
	case cell.Tag != record.Text || cell.Text == "":
		return "", false
	case l.form == mess.AnyForm:
		return l.column.unlike(cell.Text, r), true
	}
	return cell.Text, slices.Contains(mess.Shapes(cell), l.form)
}

// draw writes a cell like one of the table.
func (l *likeness) draw(i int, r *mess.Rand) record.Cell {
	c := l.column
	if c.cells[i].value.Class == profile.Literal {
		return mess.Fill(mess.Shapes(record.Cell{Text: c.cells[i].value.Label})[0], r)
	}
	b, tag := c.pens[i].write(nil, r)
	return record.Cell{Tag: tag, Text: string(b)}
}
