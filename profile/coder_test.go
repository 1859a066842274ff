package profile

import (
	"testing"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// TestCoderVariants: a variant has its literal's code in a form that is in the domain, the finest of them, and is any other
// value when none is.
func TestCoderVariants(t *testing.T) {
	codec, err := mess.ForKind(mess.Category)
	if err != nil {
		t.Fatal(err)
	}
	value := []Code{{Class: Other}, {Class: Literal, Tag: record.Text, Label: "Boston"}, {Class: Literal, Tag: record.Number, Label: "12345"}}
	form := func(labels ...string) []Code {
		codes := []Code{{Class: NoForm}, {Class: OtherForm}}
		for _, l := range labels {
			codes = append(codes, Code{Class: Form, Label: l})
		}
		return codes
	}
	words := Words(value)
	for _, c := range []struct {
		name        string
		form        []Code
		cell        string
		value, code int32
	}{
		{"the literal", form("=drop"), "Boston", 1, 0},
		{"its variant", form("Aa{5}", "=drop"), "Bostn", 1, 3},
		{"the finest form", form("=~", "=drop"), "Bostn", 1, 3},
		{"a coarse form", form("=~typo"), "Bostn", 1, 2},
		{"a form of other variants", form("=upper", "Aa{5}"), "Bostn", 0, 3},
		{"no form of variants", form("Aa+"), "Bostn", 0, 2},
		{"no form", form(), "Bostn", 0, 1},
		{"no variant", form("=~", "Aa+"), "Denver", 0, 3},
	} {
		coder := NewCoder(value, c.form)
		d := words.Describe(codec, record.Cell{Tag: record.Text, Text: c.cell})
		v := coder.Value(d)
		f := coder.Form(d, v)
		if v != c.value || f != c.code {
			t.Errorf("%s: value %d in form %d, want %d in %d", c.name, v, f, c.value, c.code)
		}
		if v >= 0 && f >= 0 && !Fits(codec, words, value[v], c.form[f]) {
			t.Errorf("%s: value %d and form %d occur and do not fit", c.name, v, f)
		}
		if written := coder.Written(d); written != (v == 0) {
			t.Errorf("%s: written is %t", c.name, written)
		}
	}
	for _, bad := range []struct{ value, form Code }{
		{value[0], Code{Class: Form, Label: "=drop"}}, {value[2], Code{Class: Form, Label: "=x_"}}, {value[1], Code{Class: Form, Label: "Aa{6}"}},
		{value[1], Code{Class: OtherForm}}, {value[1], Code{Class: Form, Label: "=accent-"}},
	} {
		if Fits(codec, words, bad.value, bad.form) {
			t.Errorf("%s %q fits %s", bad.value.Class, bad.value.Label, bad.form.Label)
		}
	}
	if Words(value[:1]) != nil || Words(nil) != nil {
		t.Error("a domain without literals has words")
	}
}
