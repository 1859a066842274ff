package mess

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTries bounds how often a variant is made anew because what came out is another word, or a variant of one or in another way.
const maxTries = 24

// Render makes up a variant of a word: a text that is none of the words and that [Vocabulary.Match] recognises as a variant of
// this one, with the form among its forms. It reports false where it finds none, as for the accents of a word without
// any; the word itself is then what can be written.
func (v *Vocabulary) Render(word, form string, r *Rand) (string, bool) {
	if v == nil || v.exact[word] < 0 {
		return "", false
	}
	if _, ok := v.exact[word]; !ok {
		return "", false
	}
	fixed, isFine := opsOf[form]
	shares, isOpen := openShares(form)
	if !isFine && !isOpen {
		return "", false
	}
	for range maxTries {
		o := fixed
		if isOpen {
			if o = drawOp(&shares, r); o[0] == opNone {
				return "", false
			}
		}
		text, ok := o.make(word, r)
		if ok {
			if m, isVariant := v.Match(text); isVariant && m.Word == word && slices.Contains(m.Forms, form) {
				return text, true
			}
		}
		if isOpen && !ok {
			shares[o[0]] = 0 // the word has nothing to change in this way
		}
	}
	return "", false
}

// Fits reports whether the form is one that the word can be written in; it tries, with draws that are always the same.
func (v *Vocabulary) Fits(word, form string) bool {
	_, ok := v.Render(word, form, &Rand{Source: new(counter)})
	return ok
}

// drawOp draws an op by its share; opNone when none is left.
func drawOp(shares *[opCount]int, r *Rand) ops {
	total := 0
	for _, s := range shares {
		total += s
	}
	if total == 0 {
		return ops{}
	}
	at := r.Int(total)
	for x, s := range shares {
		if at -= s; at < 0 {
			return ops{op(x)}
		}
	}
	return ops{}
}

// make changes a word, innermost op first.
func (o ops) make(word string, r *Rand) (string, bool) {
	s, ok := word, true
	for i := len(o) - 1; i >= 0 && ok; i-- {
		if o[i] != opNone {
			s, ok = specs[o[i]].make(s, r)
			ok = ok && s != ""
		}
	}
	return s, ok
}

func makeLead(s string, r *Rand) (string, bool)   { return someSpaces(r) + s, true }
func makeTrail(s string, r *Rand) (string, bool)  { return s + someSpaces(r), true }
func makeAround(s string, r *Rand) (string, bool) { return someSpaces(r) + s + someSpaces(r), true }

func someSpaces(r *Rand) string {
	if r.Int(4) > 0 {
		return " "
	}
	return strings.Repeat(" ", 2+r.Int(2))
}

// drawSpace draws one of a text's inner spaces.
func drawSpace(s string, r *Rand) (at int, ok bool) {
	n := strings.Count(strings.Trim(s, " "), " ")
	if n == 0 {
		return 0, false
	}
	at = len(s) - len(strings.TrimLeft(s, " "))
	for range 1 + r.Int(n) {
		next := strings.IndexByte(s[at+1:], ' ')
		at += 1 + next
	}
	return at, true
}

// makeSpaceAs writes something else for one of a text's spaces, or behind it where it has none.
func makeSpaceAs(s, as string, r *Rand) (string, bool) {
	if at, ok := drawSpace(s, r); ok {
		return s[:at] + as + s[at+1:], true
	}
	return s + as, true
}

func makeDouble(s string, r *Rand) (string, bool) {
	at, ok := drawSpace(s, r)
	if !ok {
		return "", false
	}
	return s[:at] + " " + s[at:], true
}

func makeJoin(s string, r *Rand) (string, bool) {
	at, ok := drawSpace(s, r)
	if !ok {
		return "", false
	}
	return s[:at] + s[at+1:], true
}

func makeSplit(s string, r *Rand) (string, bool) {
	at := runeStart(s, r)
	return s[:at] + " " + s[at:], at > 0
}

func makeTrim(s string, _ *Rand) (string, bool) {
	out := strings.Join(splitSpaces(s).parts, " ")
	return out, out != s
}

func makeNBSP(s string, r *Rand) (string, bool) { return makeSpaceAs(s, "\u00a0", r) }
func makeTab(s string, r *Rand) (string, bool)  { return makeSpaceAs(s, "\t", r) }
func makeLine(s string, r *Rand) (string, bool) { return makeSpaceAs(s, "\n", r) }

// makeSpace changes spaces in two ways.
func makeSpace(s string, r *Rand) (string, bool) {
	if r.Int(2) == 0 {
		s = " " + s
	} else {
		s += "  "
	}
	if out, ok := makeJoin(s, r); ok && r.Int(2) == 0 {
		return out, true
	}
	return makeDouble(s, r)
}

func makeStop(s string, _ *Rand) (string, bool) { return s + ".", true }

func makeEnd(s string, r *Rand) (string, bool) { return s + string(",,,;:!?'"[r.Int(8)]), true }

// quotes are the straight quotes and what word processors make of them.
var quotes = strings.NewReplacer("'", "’", "`", "’", "’", "'", "‘", "'", "“", `"`, "”", `"`, `"`, "”")

func makeQuote(s string, r *Rand) (string, bool) {
	if out := quotes.Replace(s); out != s && r.Int(4) > 0 {
		return out, true
	}
	switch r.Int(3) {
	case 0:
		return `"` + s, true
	case 1:
		return s + `"`, true
	}
	return `"` + s + `"`, true
}

func makeHyphen(s string, r *Rand) (string, bool) {
	if at := drawRune(s, joiner, r); at >= 0 {
		_, size := utf8.DecodeRuneInString(s[at:])
		return s[:at] + []string{" ", " ", "", "–"}[r.Int(4)] + s[at+size:], true
	}
	if at, ok := drawSpace(s, r); ok {
		return s[:at] + "-" + s[at+1:], true
	}
	return "", false
}

// drawRune draws where one of the characters that satisfy the condition starts, or −1.
func drawRune(s string, is func(rune) bool, r *Rand) int {
	n := 0
	for _, c := range s {
		if is(c) {
			n++
		}
	}
	if n == 0 {
		return -1
	}
	n = r.Int(n)
	for i, c := range s {
		if is(c) {
			if n == 0 {
				return i
			}
			n--
		}
	}
	return -1
}

func makePunctLess(s string, r *Rand) (string, bool) {
	if r.Int(2) == 0 {
		out := strings.Map(func(c rune) rune {
			if light(c) {
				return -1
			}
			return c
		}, s)
		return out, out != s
	}
	at := drawRune(s, light, r)
	if at < 0 {
		return "", false
	}
	_, size := utf8.DecodeRuneInString(s[at:])
	return s[:at] + s[at+size:], true
}

func makePunctMore(s string, r *Rand) (string, bool) {
	at, ok := drawSpace(s, r)
	if !ok || r.Int(8) == 0 {
		at = runeStart(s, r)
		return s[:at] + string(".'"[r.Int(2)]) + s[at:], at > 0
	}
	if at-1-strings.LastIndexByte(s[:at], ' ') <= 3 { // as in 12 S. Main St. North
		return s[:at] + "." + s[at:], true
	}
	return s[:at] + "," + s[at:], true
}

func makePunct(s string, r *Rand) (string, bool) {
	at := drawRune(s, light, r)
	if at < 0 {
		return "", false
	}
	_, size := utf8.DecodeRuneInString(s[at:])
	return s[:at] + string(",.;:"[r.Int(4)]) + s[at+size:], true
}

func makeAccentLess(s string, _ *Rand) (string, bool) {
	out := strings.Map(stripAccent, s)
	return out, out != s
}

// accents are vowels and how they are written with an accent.
var accents = strings.NewReplacer("a", "á", "e", "é", "i", "í", "o", "ó", "u", "ü", "n", "ñ", "c", "ç",
	"A", "Á", "E", "É", "I", "Í", "O", "Ó", "U", "Ü", "N", "Ñ", "C", "Ç")

func makeAccentMore(s string, r *Rand) (string, bool) {
	at := drawRune(s, func(c rune) bool { return strings.ContainsRune("aeiouncAEIOUNC", c) }, r)
	if at < 0 {
		return "", false
	}
	return s[:at] + accents.Replace(s[at:at+1]) + s[at+1:], true
}

func makeLower(s string, _ *Rand) (string, bool) {
	out := strings.Map(lowerRune, s)
	return out, out != s
}

func makeUpper(s string, _ *Rand) (string, bool) {
	out := strings.Map(unicode.ToUpper, s)
	return out, out != s
}

func makeTitle(s string, _ *Rand) (string, bool) {
	inWord := false
	out := strings.Map(func(c rune) rune {
		first := !inWord
		inWord = isLetter(c) || unicode.IsMark(c) || c == '\'' || c == '’'
		if first {
			return unicode.ToUpper(c)
		}
		return lowerRune(c)
	}, s)
	return out, out != s
}

func makeSentence(s string, _ *Rand) (string, bool) {
	out, _ := makeLower(s, nil)
	if at := strings.IndexFunc(out, isLetter); at >= 0 {
		c, size := utf8.DecodeRuneInString(out[at:])
		out = out[:at] + string(unicode.ToUpper(c)) + out[at+size:]
	}
	return out, out != s
}

// makeCase holds the shift key a letter too long or too late, or all the way round.
func makeCase(s string, r *Rand) (string, bool) {
	flip := func(c rune) rune {
		if u := unicode.ToUpper(c); u != c {
			return u
		}
		return lowerRune(c)
	}
	if r.Int(4) == 0 {
		return strings.Map(flip, s), true
	}
	at := drawRune(s, isLetter, r)
	if r.Int(2) == 0 { // the second letter, as in BOston
		if first := strings.IndexFunc(s, isLetter); first >= 0 && first+1 < len(s) {
			at = first + 1
		}
	}
	if at < 0 || !utf8.RuneStart(s[at]) {
		return "", false
	}
	c, size := utf8.DecodeRuneInString(s[at:])
	return s[:at] + string(flip(c)) + s[at+size:], true
}
