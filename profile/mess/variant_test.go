package mess

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/patina-data/patina/profile/record"
)

// TestNoVariant lists texts that look like a word and say something else.
func TestNoVariant(t *testing.T) {
	for _, c := range []struct{ why, word, text string }{
		{"the word", "Boston", "Boston"},
		{"nothing", "Boston", ""},
		{"a spelled null", "Nail", "nil"},
		{"another word", "Boston", "Denver"},
		{"two edits in a short word", "Boston", "Bustin"},
		{"an edit in a word of three letters", "Ohm", "Oum"},
		{"an edit in a short part", "AL district", "AK district"},
		{"two edits in one short part", "West Lawn", "West Town"},
		{"another number", "12.0 oz", "16.0 oz"},
		{"a number without its point", "12.0 oz", "120 oz"},
		{"a number with a space", "Room 12 North", "Room 1 2 North"},
		{"a dropped digit", "Room number 112", "Room number 12"},
		{"an exchanged digit", "Chapter 12", "Chapter 21"},
		{"a digit that a scanner does not confuse", "Boston", "Bo7ton"},
		{"a letter for a digit that stands alone", "Class 5", "Class S"},
		{"a sign", "+5 to 10", "-5 to 10"},
		{"a grade", "A+", "A"},
		{"a comparison", ">50K", "<50K"},
		{"a lost mark in a short word", "C#", "C"},
		{"a hyphen in a short word", "B-2", "B2"},
		{"Chinese", "東京大学", "北京大学"},
		{"a shorter name", "Boston College", "Boston"},
		{"a cut before a number", "Building 12", "Buil"},
		{"two initials", "New York", "NY"},
		{"three ways", "Boston", " bostn"},
		{"a long text", "Boston", "Boston" + strings.Repeat(" ", maxVariantText)},
		{"a text whose word is long", strings.Repeat("ab ", 50), strings.Repeat("AB ", 50)},
		{"a word that is not UTF-8", "Bost\xffon", "bost\xffon"},
	} {
		if m, ok := NewVocabulary([]string{c.word}).Match(c.text); ok || m.Word != "" {
			t.Errorf("%s: %q is taken for %q in %q", c.why, c.text, c.word, m.Forms)
		}
	}
}

// TestNearestWord: fewer edits win, then fewer ways, then the first word.
func TestNearestWord(t *testing.T) {
	for _, c := range []struct {
		words      []string
		text, want string
	}{
		{[]string{"Martin", "Marlin"}, "Marbin", "Martin"},
		{[]string{"Marlin", "Martin"}, "Marbin", "Marlin"},
		{[]string{"Springfield", "Springfields"}, "Springfieldss", "Springfields"},
		{[]string{"boston", "BOSTON"}, "BOSTN", "BOSTON"},
		{[]string{"Boston", "BOSTON"}, "boston", "Boston"},
		{[]string{"Bostons", "Boston."}, "BOSTON.", "Boston."}, // case is nearer than a typo
		{[]string{"Boston", "Boston"}, "Bostn", "Boston"},
	} {
		if m, _ := NewVocabulary(c.words).Match(c.text); m.Word != c.want {
			t.Errorf("%q is taken for %q, want %q", c.text, m.Word, c.want)
		}
	}
}

// TestEveryWayRenders: each way has a word that shows it, and what is made is recognised.
func TestEveryWayRenders(t *testing.T) {
	words := []string{"Boston", "St. Mary's Hospital", "Zürich-West", "Boys & Girls Club", "Springfield Elementary School", " two  spaces", "12.0 oz"}
	v := NewVocabulary(words)
	r, _ := seeded(1)
	for form, o := range opsOf {
		shown := 0
		for _, w := range words {
			if v.Fits(w, form) {
				shown++
				checkVariant(t, v, w, form, r)
			}
		}
		if shown == 0 && o.len() == 1 {
			t.Errorf("no word can be written in %s", form)
		}
	}
	for _, form := range []string{"=~", "=~code", "=~space", "=~punct", "=~accent", "=~case", "=~typo", "=~short"} {
		if !v.Fits("St. Mary's Hospital", form) && form != "=~code" {
			t.Errorf("nothing is written in %s", form)
		}
		checkVariant(t, v, "Zürich-West", form, r)
	}
}

// checkVariant renders a word and checks that what comes out, if anything, is what was asked for.
func checkVariant(t testing.TB, v *Vocabulary, word, form string, r *Rand) {
	t.Helper()
	text, ok := v.Render(word, form, r)
	if !ok {
		return
	}
	m, isVariant := v.Match(text)
	if !isVariant || m.Word != word || !slices.Contains(m.Forms, form) || missing(text) {
		t.Fatalf("%q in %s became %q, of %q in %q", word, form, text, m.Word, m.Forms)
	}
}

func TestRenderRefuses(t *testing.T) {
	v := NewVocabulary([]string{"Boston", "boston", "BOSTON", strings.Repeat("long ", 40), "\xff"})
	r, _ := seeded(2)
	for _, c := range []struct{ why, word, form string }{
		{"an accent on none", "Boston", "=accent-"},
		{"a case that is another word", "Boston", "=upper"},
		{"a word that is none", "Denver", "=drop"},
		{"a long word", strings.Repeat("long ", 40), "=upper"},
		{"a word that is not UTF-8", "\xff", "=x_"},
		{"a mask", "Boston", "Aa{6}"},
		{"a mask with the mark", "Boston", "=a{3}"},
		{"any form", "Boston", AnyForm},
		{"no form", "Boston", ""},
		{"an unknown way", "Boston", "=better"},
		{"an unknown layer", "Boston", "=~better"},
		{"ways in the wrong order", "Boston", "=drop=upper"},
		{"two ways of one layer", "Boston", "=drop=add"},
		{"three ways", "Boston", "=x_=upper=drop"},
	} {
		if text, ok := v.Render(c.word, c.form, r); ok || v.Fits(c.word, c.form) {
			t.Errorf("%s: %q was made", c.why, text)
		}
	}
	if _, ok := (*Vocabulary)(nil).Match("Boston"); ok || (*Vocabulary)(nil).Fits("Boston", "=drop") {
		t.Error("no vocabulary has variants")
	}
}

// TestFormsOfVariantsAreNoMasks: a released form means one thing, so no text's mask is a variant's form.
func TestFormsOfVariantsAreNoMasks(t *testing.T) {
	for form := range opsOf {
		for _, f := range []string{form, AnyVariant, AnyVariant + "typo"} {
			if !IsVariant(f) {
				t.Errorf("%s is no variant's form", f)
			}
			for _, mask := range Shapes(text(f)) {
				if IsVariant(mask) {
					t.Errorf("%s is the mask of %q", mask, f)
				}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := "=" + rapid.StringOf(rapid.RuneFrom([]rune("ax_.,~= +-19"))).Draw(t, "text")
		for _, mask := range Shapes(text(s)) {
			if IsVariant(mask) {
				t.Fatalf("%s is the mask of %q", mask, s)
			}
		}
	})
}

// words generates vocabularies of one to six made-up words, with some that are close to each other.
func words() *rapid.Generator[[]string] {
	part := rapid.StringMatching(`[A-Z]?[a-zéü]{1,9}|[A-Z]{2,6}|[0-9]{1,3}(\.[0-9])?|&|St\.|Street`)
	word := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(part, 1, 4).Draw(t, "parts"), rapid.SampledFrom([]string{" ", " ", "-", "  "}).Draw(t, "gap"))
	})
	return rapid.SliceOfN(word, 1, 6)
}

// TestRenderedIsRecognised: whatever the words, what is rendered is a variant of the word in the form, and no word; and a
// text that Match recognises has a form that Fits most often: exactly, when it was rendered.
func TestRenderedIsRecognised(t *testing.T) {
	var forms []string
	for f := range opsOf {
		forms = append(forms, f)
	}
	forms = append(forms, "=~", "=~typo", "=~space", "=~case", "=~code", "=~short", "=~punct", "=~accent")
	slices.Sort(forms)
	rapid.Check(t, func(t *rapid.T) {
		list := words().Draw(t, "words")
		v := NewVocabulary(list)
		r, _ := seeded(rapid.Uint64().Draw(t, "seed"))
		word := rapid.SampledFrom(list).Draw(t, "word")
		form := rapid.SampledFrom(forms).Draw(t, "form")
		text, ok := v.Render(word, form, r)
		if !ok {
			return
		}
		m, isVariant := v.Match(text)
		if !isVariant || m.Word != word || !slices.Contains(m.Forms, form) || slices.Contains(list, text) {
			t.Fatalf("%q in %s became %q, of %q in %q", word, form, text, m.Word, m.Forms)
		}
	})
}

// TestTyposAreFound: any single edit within a word of a vocabulary is found, as one of some word.
func TestTyposAreFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.StringMatching(`[A-Z][a-z]{3,14}`), 1, 8).Draw(t, "words")
		word := []rune(rapid.SampledFrom(list).Draw(t, "word"))
		at := rapid.IntRange(0, len(word)-1).Draw(t, "at")
		c := rapid.RuneFrom([]rune("abcdefghijklmnopqrstuvwxyz")).Draw(t, "letter")
		switch rapid.IntRange(0, 2).Draw(t, "edit") {
		case 0:
			word[at] = c
		case 1:
			word = slices.Insert(word, at, c)
		case 2:
			word = slices.Delete(word, at, at+1)
		}
		text := string(word)
		if _, ok := NewVocabulary(list).Match(text); !ok && !slices.Contains(list, text) && !missing(text) {
			t.Fatalf("%q is none of %q", text, list)
		}
	})
}

// TestVariantsAreSpreadLikeTypos: where the form leaves the way open, ways come by their shares. Of 4000 draws a share p has a
// standard deviation of √(p(1−p)/4000) ≤ 0.8 %; bounds of 5 % are over 6 σ, and no way that is rejected more often than
// others moves a share by more than a point or two.
func TestVariantsAreSpreadLikeTypos(t *testing.T) {
	v := NewVocabulary([]string{"Springfield", "Cambridge University"})
	r, _ := seeded(3)
	got := map[string]float64{}
	for range 4000 {
		text, ok := v.Render("Springfield", "=~typo", r)
		if !ok {
			t.Fatal("nothing was made")
		}
		m, _ := v.Match(text)
		got[m.Forms[0]] += 1. / 4000
	}
	for form, want := range map[string]float64{"=drop": 0.34, "=swap": 0.13, "=double": 0.12, "=add": 0.15, "=key": 0.11} {
		if d := got[form] - want; d > 0.05 || d < -0.05 {
			t.Errorf("%s has a share of %.3f, want %.2f", form, got[form], want)
		}
	}
}

func TestResolve(t *testing.T) {
	v := NewVocabulary([]string{"Boston", "12 months"})
	for _, c := range []struct {
		name string
		kind Kind
		cell record.Cell
		want string
	}{
		{"a variant", Category, text("Bostn"), "Boston"},
		{"a variant in a column of numbers", Integer, text("12 mnths"), "12 months"},
		{"a number with a unit", Integer, text("12 %"), ""},
		{"a spelled null", Category, text(" n/a"), ""},
		{"a number of its file's type", Category, number("12"), ""},
		{"JSON", Category, record.Cell{Tag: record.JSON, Text: "Bostn"}, ""},
		{"the word", Category, text("Boston"), ""},
	} {
		d := v.Describe(codec(t, c.kind), c.cell)
		if d.Variant.Word != c.want || (c.want != "") != (d.Variant.Forms != nil) {
			t.Errorf("%s: resolved as %q in %q", c.name, d.Variant.Word, d.Variant.Forms)
		}
		(*Vocabulary)(nil).Resolve(&d)
		if d.Variant.Word != "" || d.Variant.Forms != nil {
			t.Errorf("%s: without words it is still of %q", c.name, d.Variant.Word)
		}
	}
}

// TestVocabulariesAgree: what is a variant does not depend on anything but the words, whatever the order of maps.
func TestVocabulariesAgree(t *testing.T) {
	list := []string{"Main Str", "Main St", "Main Street", "Fort Worth", "Ft. Wayne"}
	first := ""
	for i := range 5 {
		v := NewVocabulary(list)
		r, _ := seeded(4)
		out := ""
		for _, w := range list {
			for _, f := range []string{"=~", "=long", "=abbr", "=ocr", "=two"} {
				text, ok := v.Render(w, f, r)
				out += fmt.Sprintln(text, ok)
			}
		}
		if i == 0 {
			first = out
		} else if out != first {
			t.Fatal("two vocabularies of the same words render differently")
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{
		"boston", "St Marys", "ZÃ¼rich", "Z\xfcrich", "&amp;&#0;", "\u202eBoston", "Bo\x00ston", strings.Repeat("rn", 200), strings.Repeat("&lt;", 100), "\ufffd?", "ｗ",
		strings.Repeat("a\u0301", 60), "????", "- _ / -", "''''", strings.Repeat("m", 120), "12.0.0", "\U0010ffff",
	} {
		f.Add("Boston", s)
		f.Add(s, "Zürich")
		f.Add(s, s+".")
	}
	f.Fuzz(func(t *testing.T, word, text string) {
		v := NewVocabulary([]string{word, "Zürich", "St. Mary's Hospital", "rnrnrn mmmm"})
		m, ok := v.Match(text)
		if ok != (m.Word != "" && len(m.Forms) == 3) || ok && m.Word == text {
			t.Fatalf("%q is of %q in %q", text, m.Word, m.Forms)
		}
		r, _ := seeded(uint64(len(text)))
		for _, form := range append([]string{text, "=~", "=~typo", "=ocr", "=two", "=html"}, m.Forms...) {
			checkVariant(t, v, word, form, r)
		}
		if ok && !utf8.ValidString(word) && m.Word == word {
			t.Fatal("a word that is not UTF-8 has variants")
		}
	})
}

// BenchmarkMatch is of texts that are variants of none of 5,000 words.
func BenchmarkMatch(b *testing.B) {
	r, _ := seeded(5)
	phrase := func() string { return Fill("Aa+_Aa+_a+", r).Text }
	list := make([]string, 5000)
	for i := range list {
		list[i] = phrase()
	}
	v := NewVocabulary(list)
	long := make([]string, 5000)
	for i := range long {
		long[i] = "Department of " + phrase()
	}
	shared := NewVocabulary(long)
	var cells, sharing []string
	for range 1 << 10 {
		cells = append(cells, phrase())
		sharing = append(sharing, "Department of "+phrase())
	}
	for _, c := range []struct {
		name  string
		v     *Vocabulary
		cells []string
	}{
		{"none", v, cells}, {"shared prefix", shared, sharing}, {"hostile", v, []string{strings.Repeat("rnm", 40), strings.Repeat("&amp;", 90), strings.Repeat("é?", 90)}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c.v.Match(c.cells[i%len(c.cells)])
			}
		})
	}
	b.Run("index", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			NewVocabulary(list)
		}
	})
}
