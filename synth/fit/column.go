package fit

import (
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/synth/model"
)

// How many σ above zero the count of a code must stand that is in the domain whether or not the data holds it. There are many
// common nulls.
const (
	inDoubt     = 2.5
	nullInDoubt = 4.5
)

// Column fits the table over the values and the forms of one column, in records times [model.Unit], to those of some measurements
// that are about them. rows is the number of records.
func Column(codec mess.Codec, value, form *profile.Attribute, rows float64, measurements []profile.Measurement) profile.Table {
	values, forms := model.NewEstimate(len(value.Codes)), model.NewEstimate(len(form.Codes))
	var pairs model.Pairs
	for _, m := range measurements {
		switch {
		case len(m.Attributes) == 2 && m.Attributes[0] == value.Name && m.Attributes[1] == form.Name:
			pairs.Add(m.Cells, m.Values, m.Sigma)
		case len(m.Attributes) == 1 && m.Attributes[0] == value.Name:
			add(values, m)
		case len(m.Attributes) == 1 && m.Attributes[0] == form.Name:
			add(forms, m)
		}
	}
	for i, c := range value.Codes {
		switch {
		case c.Class == profile.Missing && c.Origin == profile.Schema && c.Label != "":
			values.Doubt(i, nullInDoubt)
		case c.Origin == profile.Schema || c.Origin == profile.Rest:
			values.Doubt(i, inDoubt)
		}
	}
	for i, c := range form.Codes {
		if c.Class == profile.OtherForm {
			forms.Doubt(i, inDoubt)
		}
	}
	t := profile.Table{Attributes: []string{value.Name, form.Name}}
	words := profile.Words(value.Codes)
	fits := func(v, f int) bool { return profile.Fits(codec, words, value.Codes[v], form.Codes[f]) }
	for _, c := range model.Pair(values.Fit(rows), forms.Fit(rows), pairs, remembering(len(form.Codes), fits)) {
		t.Cells = append(t.Cells, []int32{int32(c.A), int32(c.B)})
		t.Weights = append(t.Weights, c.Weight)
	}
	return t
}

func add(e *model.Estimate, m profile.Measurement) {
	for i, c := range m.Cells {
		e.Add(int(c[0]), m.Values[i], m.Sigma)
	}
}

// remembering returns a function of two indices, the second of which is below n, that asks of only once for each.
func remembering(n int, of func(a, b int) bool) func(a, b int) bool {
	known := map[int][]bool{}
	return func(a, b int) bool {
		row := known[a]
		if row == nil {
			row = make([]bool, n)
			for i := range row {
				row[i] = of(a, i)
			}
			known[a] = row
		}
		return row[b]
	}
}
