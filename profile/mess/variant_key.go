package mess

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// accentless maps Latin and Greek letters to the letter under their accents.
var accentless = func() map[rune]rune {
	m := map[rune]rune{'ø': 'o', 'Ø': 'O', 'ł': 'l', 'Ł': 'L', 'đ': 'd', 'Đ': 'D', 'ı': 'i'}
	for _, block := range [][2]rune{{0xc0, 0x3ff}, {0x1e00, 0x1fff}} {
		for c := block[0]; c <= block[1]; c++ {
			base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(c)))
			if base != c && unicode.IsLetter(c) {
				m[c] = base
			}
		}
	}
	return m
}()

func stripAccent(c rune) rune {
	if c >= 0x80 {
		if base, ok := accentless[c]; ok {
			return base
		}
	}
	return c
}

func lowerRune(c rune) rune {
	if c < 0x80 {
		if c >= 'A' && c <= 'Z' {
			return c + 'a' - 'A'
		}
		return c
	}
	return unicode.ToLower(c)
}

func lowerRunes(s []rune) []rune {
	out := make([]rune, len(s))
	for i, c := range s {
		out[i] = lowerRune(c)
	}
	return out
}

func isLetter(c rune) bool { k := classify(c); return k == lower || k == upper }

// countLetters counts letters of scripts in which words have several: one of Chinese characters says too much to be a typo.
func countLetters(s []rune) int {
	n := 0
	for _, c := range s {
		if c < 0x2e80 && isLetter(c) {
			n++
		}
	}
	return n
}

func isDigitRune(c rune) bool { return c >= '0' && c <= '9' }

// light reports punctuation that a text may have or lack and say the same, but between digits.
func light(c rune) bool {
	if c < 0x80 {
		return strings.IndexByte(".,;:!?'\"()[]`", byte(c)) >= 0
	}
	return strings.ContainsRune("‘’‚“”„´", c)
}

// joiner reports characters that stand for a space between words.
func joiner(c rune) bool {
	if c < 0x80 {
		return c == '-' || c == '_' || c == '/'
	}
	return c == '‐' || c == '–' || c == '—'
}

// appendSkeleton appends what all variants by spacing, punctuation, accents and case have in common: letters and digits,
// and what stands between digits, as in 12.0, or may have a meaning, as in A+, -5 and <50K.
func appendSkeleton(b []byte, s string) []byte {
	last := rune(0) // the last character kept
	gap := false    // whether something was left out since
	for i, c := range s {
		switch {
		case unicode.IsMark(c):
			continue
		case isLetter(c) || isDigitRune(c):
			c = lowerRune(stripAccent(c))
			if gap && isDigitRune(last) && isDigitRune(c) {
				b = append(b, ' ')
			}
		case unicode.IsSpace(c) || (light(c) || joiner(c)) && !between(s[:i], s[i:]):
			gap = true
			continue
		}
		b = utf8.AppendRune(b, c)
		last, gap = c, false
	}
	return b
}

// between reports whether the punctuation at the start of after has a meaning where it stands: between digits, and where
// it joins nothing, first or last.
func between(before, after string) bool {
	c, size := utf8.DecodeRuneInString(after)
	prev, _ := utf8.DecodeLastRuneInString(before)
	next, n := utf8.DecodeRuneInString(after[size:])
	if joiner(c) && (before == "" || n == 0 || unicode.IsSpace(next) != unicode.IsSpace(prev)) {
		return true
	}
	return isDigitRune(prev) && isDigitRune(next)
}

// A split is a text cut at its spaces.
type split struct {
	parts []string
	gaps  []string // one more than parts: before, between, after
}

func splitSpaces(s string) split {
	var p split
	start, space := 0, true // of the current run, which is of spaces first
	for i, c := range s {
		if unicode.IsSpace(c) == space {
			continue
		}
		p.push(s[start:i], space)
		start, space = i, !space
	}
	p.push(s[start:], space)
	if !space {
		p.gaps = append(p.gaps, "")
	}
	return p
}

func (p *split) push(run string, space bool) {
	if space {
		p.gaps = append(p.gaps, run)
	} else {
		p.parts = append(p.parts, run)
	}
}

// A loose is a text as typos are looked for in it: composed, spaces single, without case.
type loose struct {
	split   split
	cased   []rune
	lowered []rune
}

func newLoose(text string) loose {
	t := loose{split: splitSpaces(text)}
	n := 0
	for _, p := range t.split.parts {
		n += len(p) + 1
	}
	both := make([]rune, 0, 2*n)
	for i, p := range t.split.parts {
		if i > 0 {
			both = append(both, ' ')
		}
		for _, c := range p {
			both = append(both, c)
		}
	}
	n = len(both)
	for _, c := range both[:n:n] {
		both = append(both, lowerRune(c))
	}
	t.cased, t.lowered = both[:n:n], both[n:]
	return t
}
