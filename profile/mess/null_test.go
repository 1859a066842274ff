package mess

import (
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

func TestMissing(t *testing.T) {
	for _, c := range []record.Cell{
		{}, {Tag: record.Null}, text(""), text(" "), text("\t\n\u00a0"), text(strings.Repeat(" ", 100)), text("NA"), text("n/a"), text("N/A "), text("\u00a0null\n"),
		text("NULL"), text("None"), text("NaN"), text("nil"), text(`\N`), text("(blank)"), text("<Null>"), text("[none]"), text("{null}"), text("#N/A"), text("#DIV/0!"),
		text("-"), text("----------"), text("—"), text("??????"), text("..."), text("****"), text("______"), text("####"), text("…"), text("Not Available"), text("TBD"),
		text("0000-00-00 00:00:00"), text("Keine Angabe"), text("NÃO INFORMADO"), text("Не указано"), text("不明"), text("None                "), number("NaN"),
	} {
		if !Missing(c) {
			t.Errorf("%s %q is not missing", c.Tag, c.Text)
		}
	}
	for _, c := range []record.Cell{
		text("0"), text("a"), text("-1"), text("--x"), text("-."), text("no"), text("nd"), text("nc"), text("nothing else"), text("North Dakota"), text("x"), text("1970-01-01"),
		text(strings.Repeat("-", 25)), text("\xff"), text("NA1"), number("0"), number("null"), {Tag: record.Bool, Text: "false"}, {Tag: record.JSON, Text: "{}"},
	} {
		if Missing(c) {
			t.Errorf("%s %q is missing", c.Tag, c.Text)
		}
	}
}

func TestLexiconIsReachable(t *testing.T) {
	for s := range nulls {
		for _, c := range []string{s, strings.ToUpper(s), " " + s} {
			if len(c) <= maxNull && !Missing(text(c)) {
				t.Errorf("%q is in the lexicon but not missing", c)
			}
		}
	}
}

func TestCommonNullsAreMissing(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range CommonNulls() {
		if !Missing(text(s)) || len(s) > maxNull || seen[s] {
			t.Errorf("%q is not missing, too long, or listed twice", s)
		}
		seen[s] = true
	}
	if len(seen) == 0 {
		t.Error("no common nulls")
	}
}

func TestOtherMissingIsMissing(t *testing.T) {
	r, _ := seeded(30)
	for range 100 {
		if c := OtherMissing(r); !Missing(c) {
			t.Errorf("%q is not missing", c.Text)
		}
	}
}

// A spelled null is released as it is, so only a short one is; a long blank counts as missing and no more.
func TestOnlyShortNullsAreLiterals(t *testing.T) {
	d := Describe(codec(t, Category), text(strings.Repeat(" ", 25)))
	if !d.Missing || d.Literal {
		t.Errorf("a long blank: %+v", d)
	}
	if d = Describe(codec(t, Category), text("N/A")); !d.Missing || !d.Literal || d.Forms != nil {
		t.Errorf("a spelled null: %+v", d)
	}
}
