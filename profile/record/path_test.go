package record

import (
	"slices"
	"strings"
	"testing"
)

func TestPaths(t *testing.T) {
	key := func(k string) Step { return Step{Key: k, Index: Member} }
	at := func(i int) Step { return Step{Index: i} }
	for text, want := range map[string]Path{
		"a":                 {key("a")},
		"":                  {key("")},
		"a.b":               {key("a"), key("b")},
		"a.":                {key("a"), key("")},
		".":                 {key(""), key("")},
		"a[]":               {key("a"), at(Length)},
		"a[0]":              {key("a"), at(0)},
		"a[12][3].b[]":      {key("a"), at(12), at(3), key("b"), at(Length)},
		"[0]":               {key(""), at(0)},
		`a\.b`:              {key("a.b")},
		`a\[0].\\`:          {key("a[0]"), key(`\`)},
		"a]":                {key("a]")},
		"a b\x00\xff\n.é":   {key("a b\x00\xff\n"), key("é")},
		"a[999999999]":      {key("a"), at(999999999)},
		"$oid.https://x/é?": {key("$oid"), key("https://x/é?")},
	} {
		got, err := ParsePath(text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q is read as %v, %v, want %v", text, got, err, want)
		}
		if got := want.String(); got != text {
			t.Errorf("%v is written %q, want %q", want, got, text)
		}
	}
}

func TestPathsRefused(t *testing.T) {
	for _, text := range []string{
		`a\`, `a\b`, "a[", "a[x]", "a[-1]", "a[+1]", "a[01]", "a[0]b", "a[0", "a[][]", "a[].b", "a[][0]", "a[]b", "a[ 1]", "a[1000000000]",
		"a[" + strings.Repeat("9", 1<<20) + "]",
	} {
		if p, err := ParsePath(text); err == nil {
			t.Errorf("%.20q is read as %v", text, p)
		} else if len(err.Error()) > 200 {
			t.Errorf("%.20q: the error quotes it", text)
		}
	}
}

// A text is refused or the text of one path.
func FuzzParsePath(f *testing.F) {
	for _, s := range []string{"a.b[0].c[]", `a\.b\\\[`, "[][", "..", "a[00]", "\xff[1]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := ParsePath(text); err == nil && p.String() != text {
			t.Fatalf("%q comes back as %q", text, p.String())
		}
	})
}

// Every path comes back from its text.
func FuzzPathText(f *testing.F) {
	f.Add("a.b", "[0]", 3, true)
	f.Add(`\`, "", 0, false)
	f.Fuzz(func(t *testing.T, a, b string, i int, length bool) {
		p := Path{{Key: a, Index: Member}, {Index: i & 0xfffff}, {Key: b, Index: Member}}
		if length {
			p = append(p, Step{Index: Length})
		}
		if got, err := ParsePath(p.String()); err != nil || !slices.Equal(got, p) {
			t.Fatalf("%v is written %q and comes back as %v, %v", p, p.String(), got, err)
		}
	})
}
