package mess

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestLooseForms: a text that is written in a coarser form is one of those that the form stands for, the texts differ in what it
// forgets, and no address has a number that nobody lives at.
func TestLooseForms(t *testing.T) {
	r, _ := seeded(52)
	for _, tt := range []struct {
		kind   Kind
		form   string
		fine   *regexp.Regexp // of every fine form
		forms  int            // at least, of two hundred texts
		refuse bool           // no text is written so
	}{
		{kind: Email, form: "flast9+@d", fine: regexp.MustCompile(`^flast9\{[1-4]\}@d$`), forms: 4},
		{kind: UserName, form: `\@first9+`, fine: regexp.MustCompile(`^\\@first9\{[1-4]\}$`), forms: 4},
		{kind: Version, form: "9+.9+", fine: regexp.MustCompile(`^9(\{[23]\})?\.9(\{[23]\})?$`), forms: 7},
		{kind: Address, form: "9{3}_Name_Type", fine: regexp.MustCompile(`^9\{3\}_Name_[A-Z][a-z]+$`), forms: 8},
		{kind: Address, form: `9+_Dir_Name+_TYPE\.,_UNIT_9+`, fine: regexp.MustCompile(`^9\{[1-4]\}_[A-Z][a-z]*(_Name){2,3}_[A-Z]+\\\.,_[A-Z]+_9\{[1-4]\}$`), forms: 50},
		{kind: URL, form: "h/*/*.html?+", fine: regexp.MustCompile(`^h/[^/]+/[^/]+\.html\?[1-3]$`), forms: 10},
		{kind: URL, form: "h/+", fine: regexp.MustCompile(`^h(/[^/]+)+$`), forms: 50},
		{kind: URL, form: "h/h{32}", fine: regexp.MustCompile(`^h/h\{32\}$`), forms: 1},
		{kind: Address, form: "Type_9+", refuse: true},
		{kind: Phone, form: "9+", refuse: true},
	} {
		c := codec(t, tt.kind)
		if c.Fits(Span{}, tt.form) == tt.refuse {
			t.Errorf("%s: %q fits: %v", tt.kind, tt.form, !tt.refuse)
			continue
		}
		fine := map[string]bool{}
		for range 200 {
			if tt.refuse {
				break
			}
			d := Describe(c, c.Render(Span{}, tt.form, r))
			if !slices.Contains(d.Forms, tt.form) || !tt.fine.MatchString(d.Forms[0]) {
				t.Fatalf("%s: %q gives %q of %q", tt.kind, tt.form, d.Cell.Text, d.Forms)
			}
			fine[d.Forms[0]] = true
		}
		if len(fine) < tt.forms && !tt.refuse {
			t.Errorf("%s: %q gives %d forms, want %d", tt.kind, tt.form, len(fine), tt.forms)
		}
	}
}

// TestUserAgentsHaveVersions: a version is put in where one belongs and in no word that starts with the same letter.
func TestUserAgentsHaveVersions(t *testing.T) {
	r, _ := seeded(53)
	for range 300 {
		text := userAgentGrammar{}.write("Safari on macOS", formBrowser, r)
		if !strings.Contains(text, " Version/") {
			t.Fatalf("%q has no version", text)
		}
	}
}
