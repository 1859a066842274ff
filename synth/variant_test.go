package synth

import (
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// TestVariantsAreRendered: a literal's variants get their exact share of the rows, as new texts that are recognised; a form that
// the literal cannot have leaves it as it is.
func TestVariantsAreRendered(t *testing.T) {
	literal := func(s string) profile.Code {
		return profile.Code{Class: profile.Literal, Tag: record.Text, Label: s}
	}
	name := profile.FormName("city")
	p := &profile.Profile{
		Manifest: profile.Manifest{Columns: []profile.Column{{Column: record.Column{Name: "city", Type: record.StringType}, Kind: "category"}}},
		Attributes: []profile.Attribute{
			{Name: "city", Column: "city", Role: profile.RoleValue, Codes: []profile.Code{literal("Springfield"), literal("Ohm")}},
			{Name: name, Column: "city", Role: profile.RoleForm, Codes: []profile.Code{
				{Class: profile.NoForm}, {Class: profile.OtherForm}, {Class: profile.Form, Label: "=~typo"}, {Class: profile.Form, Label: "=upper"},
			}},
		},
		Tables: []profile.Table{{
			Attributes: []string{"city", name}, Cells: [][]int32{{0, 0}, {0, 2}, {0, 3}, {1, 0}, {1, 2}}, Weights: []int64{600, 200, 100, 60, 40},
		}},
	}
	const rows = 1000
	s, err := newSampler(p, rows, 3, Options{})
	if err != nil {
		t.Fatal(err)
	}
	words := profile.Words(p.Attributes[0].Codes)
	got, distinct := map[string]int{}, map[string]bool{}
	for _, c := range s.block(0).Cells[0] {
		m, ok := words.Match(c.Text)
		switch {
		case !ok:
			got[c.Text]++
		case m.Forms[0] == "=upper":
			got[m.Word+"=upper"]++
		default:
			got[m.Word+m.Forms[1]]++
			distinct[c.Text] = true
		}
	}
	for what, want := range map[string]int{"Springfield": 600, "Springfield=~typo": 200, "Springfield=upper": 100, "Ohm": 100} {
		if got[what] != want {
			t.Errorf("%s is in %d rows, want %d", what, got[what], want)
		}
	}
	if len(distinct) < 50 {
		t.Errorf("only %d different typos", len(distinct))
	}
}

// TestVariantsThatTheKindParses: a variant that would be a value of the column's kind is none.
func TestVariantsThatTheKindParses(t *testing.T) {
	codec, err := mess.ForKind(mess.Boolean)
	if err != nil {
		t.Fatal(err)
	}
	word := profile.Code{Class: profile.Literal, Tag: record.Text, Label: "TRue"}
	c := column{codec: codec, words: profile.Words([]profile.Code{word})}
	r := &mess.Rand{Source: &stream{state: 1}}
	for _, form := range []string{"=lower", "=upper", "=title"} {
		if cell := c.variant(record.Cell{Tag: record.Text, Text: word.Label}, form, r); cell.Text != "TRue" {
			t.Errorf("in %s it is written %q, which is true", form, cell.Text)
		}
	}
}
