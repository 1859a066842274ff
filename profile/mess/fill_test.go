package mess

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/record"
)

// pieces are what random texts are made of: words and characters of all kinds that masks tell apart.
var pieces = []string{
	" ", " ", " ", " ", "_", "-", ".", ",", "/", "{3}", "+", "+{8}", "~", "*", `\`, "#", "!", "@", "&", "\n", "\r", "\t", "\u00a0", "\u200b", "\x01",
	"\xe9", "\x92\x92", "\ufffd", "€", "→", "❤\ufe0f", "\u0301", "\u3000", "、", "٣", "9", "0", "12", "007", "2024", "a", "A", "word", "Word", "WORD",
	"iPhone", "McTavish", "x1y2", "X1Y2", "xY1z2", "3f8a", "3F8A", "ab12", "é", "Émile", "ÉTÉ", "cafe\u0301", "Москва", "МОСКВА", "αβγ", "東京", "タワー",
	"서울", "مرحبا", "שלום", "ไทย", "हिन्दी", "Երևան", "თბილისი", "ᏣᎳᎩ", "a1é2b", "𝐀bc", "ǅ", "one two three four", "One Two Three Four Five", "ONE TWO THREE FOUR", "un été à la mer",
}

func randomText(rng *rand.Rand) string {
	var b strings.Builder
	for range 1 + rng.IntN(6) {
		b.WriteString(pieces[rng.IntN(len(pieces))])
	}
	return b.String()
}

// Every rung of a text's ladder is filled with a text that is on the same rung.
func TestFillHasTheShapeOfItsMask(t *testing.T) {
	r, rng := seeded(20)
	for range 20000 {
		cell := text(randomText(rng))
		if Missing(cell) {
			continue
		}
		for _, mask := range Shapes(cell) {
			checkFill(t, mask, r)
		}
	}
}

func checkFill(t *testing.T, mask string, r *Rand) {
	t.Helper()
	got := Fill(mask, r)
	if tag, _ := cutTag(mask); got.Tag != tag {
		t.Fatalf("%q is filled with a %s", mask, got.Tag)
	}
	if !slices.Contains(Shapes(got), mask) {
		t.Fatalf("%q is filled with %.300q, which has shapes %q", mask, got.Text, Shapes(got))
	}
}

func TestFillOfTypedCells(t *testing.T) {
	r, rng := seeded(21)
	for _, cell := range []record.Cell{
		number("-12.50"), number("1e5"), number("0.07"), number("5"), number(strings.Repeat("9", 30)),
		{Tag: record.Bool, Text: "true"},
		{Tag: record.JSON, Text: `{}`}, {Tag: record.JSON, Text: `[[], {"a": {"b": null}}]`}, {Tag: record.JSON, Text: `[0.05, -10, "null", 120]`},
	} {
		for range 50 {
			for _, mask := range Shapes(cell) {
				checkFill(t, mask, r)
			}
		}
	}
	for range 500 {
		value := randomJSON(rng, 3)
		s, err := json.Marshal([]any{value})
		if err != nil {
			t.Fatal(err)
		}
		for _, mask := range Shapes(record.Cell{Tag: record.JSON, Text: string(s)}) {
			checkFill(t, mask, r)
		}
	}
}

func randomJSON(rng *rand.Rand, depth int) any {
	switch k := rng.IntN(6); {
	case k == 0:
		return rng.IntN(2) == 0
	case k == 1:
		return rng.IntN(2000) - 1000
	case k == 2:
		return float64(rng.IntN(2000)) / 8
	case k == 3 || depth == 0:
		return randomText(rng)
	case k == 4:
		return []any{randomJSON(rng, depth-1), randomJSON(rng, depth-1)}
	}
	return map[string]any{"key": randomJSON(rng, depth-1), "b": nil}
}

func TestFillOfLongTexts(t *testing.T) {
	r, _ := seeded(22)
	for _, s := range []string{
		strings.Repeat("a ", 2047) + "b", strings.Repeat("Ab ", 1300) + "Cd", strings.Repeat("word ", 800) + "x", strings.Repeat("x", 4096),
		strings.Repeat("9", 4096), strings.Repeat("Wörter ", 100) + "5", strings.Repeat("Long text, of words. ", 600),
	} {
		for _, mask := range Shapes(text(s)) {
			checkFill(t, mask, r)
		}
	}
}

// A mask is filled with many different cells: with 26⁶ and more to choose from, a hundred draws of equal cells twice in one
// test have probability below 10⁻³.
func TestFillVaries(t *testing.T) {
	r, _ := seeded(23)
	for _, mask := range []string{"a{12}", "9{12}", "яa{12}", "h{12}", "~16a", "Aa+{4}"} {
		seen := map[string]bool{}
		for range 100 {
			seen[Fill(mask, r).Text] = true
		}
		if len(seen) < 99 {
			t.Errorf("%q gives %d cells in a hundred", mask, len(seen))
		}
	}
}

func TestFillNeverSaysMissing(t *testing.T) {
	r, _ := seeded(24)
	for _, mask := range []string{"a{2}", "a{3}", "A{2}", "~1p", "~2p", "~2a", "~1ap", "Aa{3}"} {
		for range 5000 {
			if cell := Fill(mask, r); Missing(cell) {
				t.Fatalf("%q is filled with %q", mask, cell.Text)
			}
		}
	}
}

var hostileMasks = []string{
	"", "*", "#*", "@*", "!*", "~", "~x", "~999999999999999999999999aA9spunxé", "~0", "~16я", "~4s", "~8zzz", "#~16a", "@~16a", "9", "9{", "9{}", "9{0}", "9{-1}", "9{x}",
	"9{99999999999999999999}", "9{4097}", "a+.", "a+{", "a+{}", "a+{0}", "a+{99999999999999999999}", "é", "éé", "é{3}", "éAa", "é+", "h{1}", "m{2}", "m+", "B+{5}", "X{1}", "Aa{1}",
	`\`, `\\`, `\x\x`, "\xff", "\xe9a{3}", "я\xff", "#a{3}", "#9{3}-", "#0{3}", "@a+", `@"a+`, `@\{"a+":\}`, "!9{3}", "d2z1", "YYYY-MM-DD",
	strings.Repeat("a{4096}", 9000), strings.Repeat("漢a+{4096}", 6000), strings.Repeat("X+{4096}", 6000), strings.Repeat("x", 1<<16), strings.Repeat("@[", 1<<15), "~8192漢",
}

func TestFillOfHostileMasks(t *testing.T) {
	r, _ := seeded(25)
	for _, mask := range hostileMasks {
		checkHostile(t, mask, r)
	}
}

// checkHostile checks what holds for any mask: the cell is short and well formed for its tag.
func checkHostile(t *testing.T, mask string, r *Rand) {
	t.Helper()
	cell := Fill(mask, r)
	if len(cell.Text) > 64<<10 {
		t.Fatalf("%.40q is filled with %d bytes", mask, len(cell.Text))
	}
	ok := true
	switch cell.Tag {
	case record.Text:
		ok = utf8.ValidString(cell.Text) || !utf8.ValidString(mask) || strings.Contains(mask, "x")
	case record.Number, record.JSON:
		ok = json.Valid([]byte(cell.Text))
	case record.Bool:
		ok = cell.Text == "true" || cell.Text == "false"
	default:
		ok = false
	}
	if !ok {
		t.Fatalf("%.40q is filled with the %s %.40q", mask, cell.Tag, cell.Text)
	}
}

func FuzzFill(f *testing.F) {
	for _, mask := range hostileMasks {
		f.Add(mask[:min(len(mask), 200)], uint64(1))
	}
	for _, p := range pieces {
		f.Add(p, uint64(2))
	}
	f.Fuzz(func(t *testing.T, s string, seed uint64) {
		r, _ := seeded(seed)
		checkHostile(t, s, r)
		if cell := text(s); !Missing(cell) && len(s) <= 200 {
			for _, mask := range Shapes(cell) {
				checkFill(t, mask, r)
			}
		}
	})
}
