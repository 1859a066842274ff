package spec

import (
	"strings"
	"testing"
)

func TestFocus(t *testing.T) {
	s, err := Parse([]byte("version: 1\nfocus:\n  - amount\n  - [country, device]\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		columns []string
		want    float64
	}{
		{[]string{"amount"}, Emphasis}, {[]string{"amount", "other"}, Emphasis}, {[]string{"country"}, Emphasis},
		{[]string{"device", "country"}, Emphasis}, {[]string{"country", "other"}, 1}, {[]string{"other"}, 1},
		{[]string{"country", "device", "other"}, 1}, {[]string{"country", "country"}, Emphasis},
	} {
		if got := s.Weight(c.columns...); got != c.want {
			t.Errorf("%v weighs %g, want %g", c.columns, got, c.want)
		}
	}
	if err := s.Match([]string{"amount", "country"}); err == nil || !strings.Contains(err.Error(), `"device"`) {
		t.Errorf("a column in focus that the data lacks gives %v", err)
	}
}

func TestFocusIsChecked(t *testing.T) {
	for in, want := range map[string]string{
		"focus: [[]]":                  "focus[0] is empty",
		"focus: [a, [b, b]]":           `focus[1] names column "b" twice`,
		`focus: [""]`:                  "focus[0] has an empty name",
		"focus: [{a: 1}]":              "focus[0] must be a list",
		"focus: {a: 1}":                "focus",
		"focus: [[a, b]]\nalone: true": "focus[0] is a slice",
		"focus:\n  - [a, [b]]":         "focus[0][1] must be one value, a text",
	} {
		if _, err := Parse([]byte("version: 1\n" + in + "\n")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gives %v, want %q", in, err, want)
		}
	}
}
