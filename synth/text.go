package synth

import (
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
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

// makeText makes up a text in the form of a cell of the deal; ok is false when the column's grammar has none.
func (c *column) makeText(at int, r *mess.Rand) (string, bool) {
	form := c.form[at]
	if c.vary[at] {
		form = mess.AnyForm
	}
	if c.text == nil || mess.DetailOf(form) == mess.Exact {
		return "", false
	}
	return c.text.Text(form, c.known, r)
}
