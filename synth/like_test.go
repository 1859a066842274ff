package synth

import (
	"slices"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// strayProfile has one column of a kind, with one value code and one for all others, which has a form or none of those there are.
func strayProfile(kind mess.Kind, value profile.Code, valueForm profile.Class, forms ...string) *profile.Profile {
	p := &profile.Profile{}
	p.Manifest.Format = record.CSV
	p.Manifest.Columns = []profile.Column{{Column: record.Column{Name: "c", Type: record.StringType}, Kind: string(kind)}}
	form := profile.Attribute{Name: profile.FormName("c"), Column: "c", Role: profile.RoleForm, Codes: []profile.Code{
		{Class: profile.NoForm}, {Class: profile.OtherForm},
	}}
	for _, f := range forms {
		form.Codes = append(form.Codes, profile.Code{Class: profile.Form, Label: f})
	}
	last := int32(len(form.Codes) - 1)
	valueAt := int32(slices.IndexFunc(form.Codes, func(c profile.Code) bool { return c.Class == valueForm }))
	p.Attributes = []profile.Attribute{
		{Name: "c", Column: "c", Role: profile.RoleValue, Codes: []profile.Code{{Class: profile.Other}, value}}, form,
	}
	other := int32(1)
	if valueForm == profile.NoForm {
		other = last
	}
	p.Tables = []profile.Table{{Attributes: []string{"c", form.Name}, Cells: [][]int32{{0, other}, {1, valueAt}}, Weights: []int64{1, 1}}}
	return p
}

// TestStraysLookLikeTheColumn: of texts whose shape was too rare to be released nothing is known, so that they look like the
// column's other cells; and so do texts of a vague form that the column's literals have.
func TestStraysLookLikeTheColumn(t *testing.T) {
	literal := func(s string) profile.Code { return profile.Code{Class: profile.Literal, Tag: record.Text, Label: s} }
	tests := []struct {
		name    string
		profile *profile.Profile
		stray   func(c record.Cell, shape string) bool
	}{
		{"a category without forms", strayProfile(mess.Category, literal("QQ"), profile.NoForm), func(_ record.Cell, shape string) bool {
			return shape == "A{2}"
		}},
		{"a vague form of a category", strayProfile(mess.Category, literal("Risk 0 (High)"), profile.NoForm, "~8aAdsp"), func(_ record.Cell, shape string) bool {
			return shape == "Aa{4}_9{1}_(Aa{4})"
		}},
		{"a vague form that no literal has", strayProfile(mess.Category, literal("QQ"), profile.NoForm, "~8a"), func(c record.Cell, _ string) bool {
			return mess.Shapes(c)[len(mess.Shapes(c))-1] == "~8a"
		}},
		{"a kind that is read", strayProfile(mess.PostalCode, profile.Code{Class: profile.Generated}, profile.Form, "99999"), func(c record.Cell, _ string) bool {
			digits := 0
			for _, b := range []byte(c.Text) {
				if b >= '0' && b <= '9' {
					digits++
				}
			}
			return digits >= 3
		}},
	}
	for _, tt := range tests {
		s, err := newSampler(tt.profile, 400, 1, Options{})
		if err != nil {
			t.Fatal(err)
		}
		col := &s.columns[0]
		strays, like := 0, 0
		for _, cell := range s.block(0).Cells[0] {
			if cell.Text == "QQ" || cell.Text == "Risk 0 (High)" || mess.Describe(col.codec, cell).Typed {
				continue
			}
			strays++
			if tt.stray(cell, mess.Shapes(cell)[0]) {
				like++
			}
		}
		if strays < 150 || like < strays*8/10 {
			t.Errorf("%s: of %d strays %d look like the column's cells", tt.name, strays, like)
		}
	}
}
