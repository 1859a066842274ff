package mess

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// minTypoLetters is how many letters a word has at least for a text that lacks one of its characters to be a variant of
// it; shorter words vary by spaces, case and a full stop only.
const minTypoLetters = 4

// relate says how a text with the skeleton of a word differs from it, layer by layer: spaces, punctuation, accents, case.
func relate(e *entry, text string) (ops, bool) {
	space, punct, w, t := alignSpaces(e, text)
	word, other := dissect(w), dissect(t)
	if len(word.kept) != len(other.kept) {
		return ops{}, false
	}
	if punct == opNone {
		punct = punctOp(word.marks, other.marks, len(word.kept))
	}
	accent, cased, ok := letterOps(word.kept, other.kept)
	if !ok || e.letters < minTypoLetters && (punct != opNone && punct != opStop || accent != opNone) {
		return ops{}, false
	}
	var o ops
	return o, o.push(space) && o.push(punct) && o.push(accent) && o.push(cased)
}

// alignSpaces returns how the text differs from the word in its spaces, or by a hyphen in the place of one, and both in
// the same spacing.
func alignSpaces(e *entry, text string) (space, punct op, w, t string) {
	a, b := e.split, splitSpaces(text)
	if len(a.parts) == len(b.parts) {
		return gapOp(a.gaps, b.gaps), opNone, strings.Join(a.parts, " "), strings.Join(b.parts, " ")
	}
	x, y := splitSpaces(unjoin(e.plain)), splitSpaces(unjoin(text))
	if len(x.parts) == len(y.parts) {
		return gapOp(a.edges(), b.edges()), opHyphen, strings.Join(x.parts, " "), strings.Join(y.parts, " ")
	}
	space = opSplit
	if len(b.parts) < len(a.parts) {
		space = opJoin
	}
	if !slices.Equal(a.edges(), b.edges()) {
		space = opSpace
	}
	return space, opNone, strings.Join(a.parts, ""), strings.Join(b.parts, "")
}

// edges are the gaps before and after.
func (p split) edges() []string { return []string{p.gaps[0], p.gaps[len(p.gaps)-1]} }

// unjoin writes spaces for the characters that join words.
func unjoin(s string) string {
	return strings.Map(func(c rune) rune {
		if joiner(c) {
			return ' '
		}
		return c
	}, s)
}

// gapOp says how the text's gaps differ from the word's, gap by gap.
func gapOp(word, text []string) op {
	var seen [opCount]bool
	kinds, only := 0, opNone
	for i := range word {
		if x := oneGapOp(word[i], text[i], i == 0, i == len(word)-1); x != opNone && !seen[x] {
			seen[x] = true
			kinds++
			only = x
		}
	}
	switch {
	case kinds <= 1:
		return only
	case kinds == 2 && seen[opLead] && seen[opTrail]:
		return opAround
	}
	return opSpace
}

func oneGapOp(word, text string, first, last bool) op {
	has := func(chars string) bool { return strings.ContainsAny(text, chars) && !strings.ContainsAny(word, chars) }
	switch {
	case word == text:
		return opNone
	case has("\u00a0\u202f"):
		return opNBSP
	case has("\t"):
		return opTab
	case has("\r\n"):
		return opLine
	case len(text) < len(word):
		return opTrim
	case first:
		return opLead
	case last:
		return opTrail
	}
	return opDouble
}

// A dissected text is its characters without light punctuation, and the punctuation with how many characters are before.
type dissected struct {
	kept  []rune
	marks []mark
}

type mark struct {
	at int
	c  rune
}

func dissect(s string) dissected {
	var d dissected
	for i, c := range s {
		if (light(c) || joiner(c)) && !between(s[:i], s[i:]) {
			d.marks = append(d.marks, mark{len(d.kept), c})
		} else {
			d.kept = append(d.kept, c)
		}
	}
	return d
}

func isQuote(c rune) bool { return strings.ContainsRune("'\"`‘’‚“”„´", c) }

// punctOp says how the punctuation differs; end is the position behind the last character.
func punctOp(word, text []mark, end int) op {
	less, more := without(word, text), without(text, word)
	quotes := func(m mark) bool { return !isQuote(m.c) }
	hyphens := func(m mark) bool { return !joiner(m.c) }
	both := slices.Concat(less, more)
	switch {
	case len(both) == 0:
		return opNone
	case !slices.ContainsFunc(both, quotes):
		return opQuote
	case !slices.ContainsFunc(both, hyphens):
		return opHyphen
	case len(more) == 0:
		return opPunctLess
	case len(less) == 0 && len(more) == 1 && more[0].at == end && more[0].c == '.':
		return opStop
	case len(less) == 0 && len(more) == 1 && more[0].at == end:
		return opEnd
	case len(less) == 0:
		return opPunctMore
	}
	return opPunct
}

// without returns the marks of a that b lacks.
func without(a, b []mark) []mark {
	var out []mark
	for _, m := range a {
		if !slices.Contains(b, m) {
			out = append(out, m)
		}
	}
	return out
}

// letterOps compares characters one by one, first without regard to accents and case.
func letterOps(word, text []rune) (accent, cased op, ok bool) {
	for i, w := range word {
		t := text[i]
		if w == t {
			continue
		}
		bareW, bareT := stripAccent(w), stripAccent(t)
		switch {
		case lowerRune(bareW) != lowerRune(bareT):
			return 0, 0, false
		case lowerRune(w) == lowerRune(t):
		case bareT != t:
			accent = opAccentMore
		case accent == opNone:
			accent = opAccentLess
		}
		if bareW != bareT {
			cased = opCase
		}
	}
	if cased != opNone {
		cased = caseOp(text)
	}
	return accent, cased, true
}

// caseOp names the case that a text is in.
func caseOp(s []rune) op {
	var lowers, uppers, titles, words int
	inWord := false
	for _, c := range s {
		k := classify(c)
		cased := k == upper || k == lower && unicode.ToUpper(c) != c
		switch {
		case !cased:
		case k == upper && !inWord:
			titles++
			fallthrough
		case k == upper:
			uppers++
		default:
			lowers++
		}
		if (k == upper || k == lower) && !inWord {
			words++
		}
		inWord = k == upper || k == lower || k == combining || c == '\'' || c == '’'
	}
	first := slices.IndexFunc(s, isLetter)
	switch {
	case uppers == 0:
		return opLower
	case lowers == 0:
		return opUpper
	case titles == uppers && titles == words:
		return opTitle
	case uppers == 1 && classify(s[first]) == upper:
		return opSentence
	}
	return opCase
}

// blank writes a question mark for each character beyond ASCII.
func blank(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= utf8.RuneSelf {
			return '?'
		}
		return c
	}, s)
}
