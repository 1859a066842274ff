package synth

import (
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// withGrammar returns a profile of one column, whose texts have one vague form, one with open lengths, and others, with the
// measured steps.
func withGrammar(steps map[string]float64) *profile.Profile {
	p := &profile.Profile{}
	p.Manifest.Format = record.CSV
	p.Manifest.Columns = []profile.Column{{Column: record.Column{Name: "c", Type: record.StringType}, Kind: "text"}}
	text := profile.Attribute{Name: profile.TextName("c"), Column: "c", Role: profile.RoleText}
	m := profile.Measurement{Attributes: []string{text.Name}, Sigma: 10}
	var labels []string
	for label := range steps {
		labels = append(labels, label)
	}
	slices.Sort(labels)
	for i, label := range labels {
		text.Codes = append(text.Codes, profile.Code{Class: profile.Step, Label: label})
		m.Cells = append(m.Cells, []int32{int32(i)})
		m.Values = append(m.Values, steps[label])
	}
	p.Attributes = []profile.Attribute{
		{Name: "c", Column: "c", Role: profile.RoleValue, Codes: []profile.Code{{Class: profile.Other}}},
		{Name: profile.FormName("c"), Column: "c", Role: profile.RoleForm, Codes: []profile.Code{
			{Class: profile.OtherForm}, {Class: profile.Form, Label: "~16aAsp"}, {Class: profile.Form, Label: "Aa+-9{2}"},
		}},
		text,
	}
	p.Measurements = []profile.Measurement{m}
	p.Tables = []profile.Table{{Attributes: []string{"c", profile.FormName("c")}, Cells: [][]int32{{0, 0}, {0, 1}, {0, 2}}, Weights: []int64{1, 8, 1}}}
	return p
}

// TestTextsFollowTheGrammar: texts in vague forms are put together as measured, and those in others keep their form.
func TestTextsFollowTheGrammar(t *testing.T) {
	p := withGrammar(map[string]float64{
		"@1~Aa_": 100, "@2Aa_~(": 100, "@3(~a).": 100, `@3(~a)_`: 30, "@4a)_~9.": 30, "%^Aa_{9}": 100, "%,a).{7}": 90, "%,Aa-{3}": 20, "%_9.{2}": 1, "&20": 100,
	})
	s, err := newSampler(p, 1000, 1, Options{})
	if err != nil {
		t.Fatal(err)
	}
	vague, loose := 0, 0
	for _, cell := range s.block(0).Cells[0] {
		shapes := mess.Shapes(cell)
		switch {
		case slices.Contains(shapes, "~16aAsp"):
			vague++
			if at := strings.Index(cell.Text, " ("); at < 0 || !strings.Contains(cell.Text, ")") {
				t.Errorf("%q is not put together as measured", cell.Text)
			}
		case slices.Contains(shapes, "Aa+-9{2}"):
			loose++
		}
	}
	if vague < 790 || loose < 90 {
		t.Errorf("of a thousand texts %d and %d have the forms, want 800 and 100", vague, loose)
	}
}

// TestTextsWithoutGrammar: a grammar that says nothing, or has nothing of the form, leaves the form to be filled.
func TestTextsWithoutGrammar(t *testing.T) {
	for _, steps := range []map[string]float64{nil, {"@1~9.": 50}, {"@1~Aa_": -3}} {
		s, err := newSampler(withGrammar(steps), 100, 1, Options{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, cell := range s.block(0).Cells[0] {
			if slices.Contains(mess.Shapes(cell), "~16aAsp") {
				n++
			}
		}
		if n < 79 {
			t.Errorf("%v: of a hundred texts %d have the form, want 80", steps, n)
		}
	}
}
