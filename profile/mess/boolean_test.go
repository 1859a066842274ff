package mess

import (
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

func TestBooleanRoundTrip(t *testing.T) {
	r, _ := seeded(16)
	c := codec(t, Boolean)
	seen := map[string]bool{}
	for _, pair := range booleans {
		for i, word := range strings.Split(pair, "/") {
			if seen[word] {
				t.Errorf("%q is in two pairs", word)
			}
			seen[word] = true
			key := []string{"true", "false"}[i]
			for _, tag := range []record.Tag{record.Text, record.Number, record.Bool} {
				for _, blank := range []string{"", " ", "   "} {
					cell := record.Cell{Tag: tag, Text: blank + word + blank}
					v, form, ok := c.Parse(cell)
					if ok != taggedBoolean(tag, pair) {
						t.Errorf("%v parses: %v", cell, ok)
					}
					if !ok {
						continue
					}
					s := Span{Key: v.Key}
					if v.Key != key || c.Check(s) != nil || !c.Own(form) || !c.Fits(s, form) {
						t.Errorf("%v parses to %q in %q", cell, v.Key, form)
					}
					if got := c.Render(s, form, r); got != cell {
						t.Errorf("%v in %q renders as %v", v.Key, form, got)
					}
				}
			}
		}
	}
}

func TestBooleanRefuses(t *testing.T) {
	r, _ := seeded(17)
	c := codec(t, Boolean)
	for _, cell := range []record.Cell{
		text("maybe"), text("2"), text("tRUE"), text("    yes"), text("yes no"), text(""), number("yes"), number("2"),
		{Tag: record.Bool, Text: "1"}, {Tag: record.JSON, Text: "true"}, {Tag: record.Null},
	} {
		if _, form, ok := c.Parse(cell); ok {
			t.Errorf("%v parses in %q", cell, form)
		}
	}
	for _, form := range []string{"", "yes", "yes/true", "#yes/no", "!1/0", "@1/0", "____1/0", AnyForm, "#*"} {
		if c.Own(form) || c.Fits(Span{Key: "true"}, form) {
			t.Errorf("%q is not a pair", form)
		}
		if got := c.Render(Span{Key: "false"}, form, r); got.Text != "false" {
			t.Errorf("%q renders as %v", form, got)
		}
	}
}
