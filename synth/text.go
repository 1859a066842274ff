package synth

import (
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// grammar returns the grammar of a column's texts, or nil when the profile has none.
func grammar(p *profile.Profile, column string) *mess.Grammar {
	name := profile.TextName(column)
	a := p.Attribute(name)
	if a == nil {
		return nil
	}
	var steps []mess.Step
	for _, m := range p.Measurements {
		if m.Attributes[0] != name || len(m.Attributes) != 1 {
			continue
		}
		for i, cell := range m.Cells {
			steps = append(steps, mess.Step{Label: a.Codes[cell[0]].Label, Count: m.Values[i]})
		}
	}
	return mess.NewGrammar(steps)
}

// textWriter returns what makes up a text in a form: the column's grammar, where it has one and the form leaves anything
// open, and otherwise the form alone, but that texts of a vague one look like the column's other cells.
func (c *column) textWriter(form string, vary bool) mess.Writer {
	fill := mess.NewFiller(form)
	if vary {
		form = mess.AnyForm
		fill = c.varied(fill)
	}
	if mess.DetailOf(form) == mess.Exact {
		return fill
	}
	if mess.DetailOf(form) == mess.Vague {
		fill = c.likeness(form).orElse(fill)
	}
	if c.text == nil {
		return fill
	}
	return func(b []byte, r *mess.Rand) ([]byte, record.Tag) {
		if text, ok := c.text.Text(form, c.known, r); ok {
			return append(b, text...), record.Text
		}
		return fill(b, r)
	}
}

// varied writes unlike every released form, starting from what fill writes.
func (c *column) varied(fill mess.Writer) mess.Writer {
	return func(b []byte, r *mess.Rand) ([]byte, record.Tag) {
		start := len(b)
		b, tag := fill(b, r)
		if tag == record.Text {
			b = append(b[:start], c.unlike(string(b[start:]), r)...)
		}
		return b, tag
	}
}
