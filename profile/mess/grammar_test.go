package mess

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// prose are made-up texts as columns have them.
var prose = []string{
	"Photo Editor & Collage Maker", "RT @someone: look at this!!! https://example.com/a1b2 #wow", "How do I change my PIN?", "It's late - 20 minutes, again...",
	"价格，太高了。为什么？", "Москва: 3 дня (тур)", "a &amp; b &lt;br&gt;", "😀😀😀 ok 😂", "12,5 % off/now", "x1y2z3-77 BIG sale;;; [new]", "tab\there\r\nnext\n\n\nline",
}

func TestPieces(t *testing.T) {
	for text, want := range map[string][]string{
		"":                        nil,
		"Red Shoe 42":             {"Aa_", "9."},
		"Why? No!!! ok":           {"Aa?_", `Aa\!*_`, "a."},
		"(new) x":                 {"(", "a)_", "a."},
		"https://www.example.com": {`"https"://`, `"www"\.`, `a\.`, `"com".`},
		"go 😀😀 now":               {`a_\e\e_`, "a."},
		"价格，高。":                   {"漢a，", "漢a。."},
		"T77 <--> x":              {"A", "9_<--", ">_", "a."}, // three characters stand after a word at most
		`\*~`:                     {`\\\*\~.`},
		"\xff\xff\xff":            {`\x*.`},
	} {
		if got := Pieces(text); !slices.Equal(got, want) {
			t.Errorf("%q has pieces %q, want %q", text, got, want)
		}
	}
}

// checkSteps checks what holds of any text: its steps are different, few, parsed, and steps of the syntax.
func checkSteps(t *testing.T, s *Syntax, text string) {
	t.Helper()
	if n := len(Pieces(text)); n > MaxPieces {
		t.Fatalf("%.60q has %d pieces", text, n)
	}
	for _, p := range cutPieces(text) {
		if q, ok := parsePiece(p.text()); !ok || q.text() != p.text() || q.class != p.class || q.last != p.last {
			t.Fatalf("%.60q: piece %q is read as %+v", text, p.text(), q)
		}
	}
	for _, open := range []Detail{Exact, Loose, Vague} {
		steps := s.Steps(text, open)
		if len(steps) > MaxSteps || open == Exact && len(steps) > 0 {
			t.Fatalf("%.60q has %d steps", text, len(steps))
		}
		if !slices.Equal(steps, s.Steps(text, open)) {
			t.Fatalf("%.60q has other steps the second time", text)
		}
		slices.Sort(steps)
		if len(slices.Compact(slices.Clone(steps))) != len(steps) {
			t.Fatalf("%.60q has a step twice", text)
		}
		for _, c := range steps {
			if !ValidStep(s.Labels()[c]) {
				t.Fatalf("%.60q has the step %q", text, s.Labels()[c])
			}
		}
	}
}

func vocabulary(texts []string) (all []string) {
	for _, s := range texts {
		all = append(all, Pieces(s)...)
	}
	return all
}

func TestStepsOfAnyText(t *testing.T) {
	s := NewSyntax(append(vocabulary(prose), "nonsense", "~", "Aa_"))
	_, rng := seeded(30)
	for range 2000 {
		checkSteps(t, s, randomText(rng))
	}
	for _, text := range append(slices.Clone(prose), "", "\x00", "\xff", strings.Repeat("\x80", 5000), strings.Repeat("long ", 1<<18), strings.Repeat("!", 1<<16), strings.Repeat("漢", 3000)) {
		checkSteps(t, s, text)
	}
}

// The labels of a syntax are different, and all of them are steps: 11 pieces in its vocabulary reach every kind of them.
func TestLabels(t *testing.T) {
	s := NewSyntax(vocabulary(prose)[:11])
	seen := map[string]bool{}
	for _, label := range s.Labels() {
		if seen[label] || !ValidStep(label) {
			t.Fatalf("the step %q is there twice or not one", label)
		}
		seen[label] = true
	}
}

func TestInvalidSteps(t *testing.T) {
	for _, label := range []string{
		"", "@", "@1", "@1~", "@1~word", "@0~a_", "@12~a_", "@1a_~a_", "@2~a_", "@2a.~a_", "@2a_", "@2a_a_", "@xa_~a_", "@9a_~a_", "$a_~a_", "$a.~a.", "$~a.",
		"%a_{3}", "%_a_{17}", "%_a_{03}", "%_a_{3", "%_-_{3}", "%_{3}", "%_a_{99999999999}", "&0", "&", "&-1", "&5000", "&+3", `@1~\q`, "@1~a\xff", "@1~é", "Köln",
		"@1~" + strings.Repeat("-", 200),
	} {
		if ValidStep(label) {
			t.Errorf("%q is taken for a step", label)
		}
	}
}

func TestDetailOf(t *testing.T) {
	for mask, want := range map[string]Detail{
		"Aa{3}_9{2}": Exact, `a{1}\+9{1}`: Exact, "#9": Exact, `@\{"a+":9{1}\}`: Exact, "Aa+_9{2}": Loose, `a+\+`: Loose, "a+{4}?": Vague, "~16aAs": Vague, AnyForm: Vague, "~YYYY-MM-DD": Exact,
	} {
		if got := DetailOf(mask); got != want {
			t.Errorf("%q has detail %d, want %d", mask, got, want)
		}
	}
}

// grammarOf counts texts without noise.
func grammarOf(texts []string) *Grammar {
	s := NewSyntax(vocabulary(texts))
	counts := make([]float64, len(s.Labels()))
	for _, text := range texts {
		for _, c := range s.Steps(text, Vague) {
			counts[c] += 100
		}
	}
	var steps []Step
	for i, label := range s.Labels() {
		steps = append(steps, Step{label, counts[i]})
	}
	return NewGrammar(steps)
}

// A text has the form that is asked for and no finer one that is known, and none of the words it was learnt from.
func TestGrammarKeepsTheForm(t *testing.T) {
	r, _ := seeded(31)
	texts := []string{"Grand Hotel & Spa", "Hotel Astoria", "The Old Inn (closed)", "Villa Rosa - Apartments", "Astoria Inn & Spa", "Old Villa"}
	g := grammarOf(texts)
	known := map[string]bool{"Aa+_Aa+": true}
	for _, form := range []string{"~16aAsp", "~8aAs", "Aa+_Aa+", AnyForm} {
		known[form] = form != AnyForm
	}
	for form, atLeast := range map[string]int{"~16aAsp": 95, "Aa+_Aa+": 95, AnyForm: 50, "~64d": 0} {
		found := 0
		for range 100 {
			text, ok := g.Text(form, known, r)
			if !ok {
				continue
			}
			found++
			if !utf8.ValidString(text) || !hasForm(text, form, known) {
				t.Errorf("%q is made up for %q", text, form)
			}
			for _, word := range []string{"Hotel", "Astoria", "Villa", "closed", "Apart"} {
				if strings.Contains(text, word) {
					t.Errorf("%q has a word of the texts", text)
				}
			}
		}
		if found < atLeast {
			t.Errorf("%d texts in a hundred are found for %q", found, form)
		}
	}
}

// What always follows in the texts always follows in those made up: an address is one.
func TestGrammarFollows(t *testing.T) {
	r, _ := seeded(32)
	g := grammarOf([]string{"https://www.example.com/page", "https://www.sample.com/other"})
	for range 50 {
		text, ok := g.Text("~16ap", map[string]bool{"~16ap": true}, r)
		if !ok || !strings.HasPrefix(text, "https://www.") || !strings.Contains(text, ".com/") {
			t.Fatalf("%q is made up (%t)", text, ok)
		}
	}
}

func TestGrammarOfNothing(t *testing.T) {
	for _, steps := range [][]Step{nil, {{"@1~Aa_", 0}}, {{"@1~Aa_", -5}}, {{"junk", 9}}, {{"@2Aa_~Aa.", 9}}} {
		if NewGrammar(steps) != nil {
			t.Errorf("%v make a grammar", steps)
		}
	}
}

// Equal streams make up equal texts.
func TestGrammarIsDeterministic(t *testing.T) {
	one, _ := seeded(33)
	other, _ := seeded(33)
	for range 100 {
		a, _ := grammarOf(prose).Text("~16aAsp", nil, one)
		b, _ := grammarOf(prose).Text("~16aAsp", nil, other)
		if a != b {
			t.Fatalf("%q and %q", a, b)
		}
	}
}

func FuzzGrammar(f *testing.F) {
	for _, s := range prose {
		f.Add(s, "~16aAsp", "@1~Aa_")
	}
	f.Add(strings.Repeat("!", 5000), "~4096p", `@+~~\!*`)
	f.Add("a", "a+{99999999999}", "$~~~.")
	f.Fuzz(func(t *testing.T, text, form, label string) {
		s := NewSyntax(append(Pieces(text), label))
		checkSteps(t, s, text)
		g := NewGrammar([]Step{{label, 1e300}, {"@1~Aa_", 1}, {"@2Aa_~a.", 5}, {"@+~~~", 5}, {"&4096", 3}})
		r, _ := seeded(1)
		if got, ok := g.Text(form, nil, r); ok && (form != AnyForm && len(got) > 64<<10) {
			t.Errorf("%d bytes are made up for %.60q", len(got), form)
		}
	})
}
