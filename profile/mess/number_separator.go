package mess

import (
	"strings"
	"unicode/utf8"
)

// A separator stands between groups of three digits; 0 for none.
type separator rune

// separators are a comma, a point, apostrophes, and spaces, each with its mark in a form.
var separators = []struct {
	s    separator
	mark string
}{
	{',', ","}, {'.', "."}, {'\'', "'"}, {'’', "’"}, {' ', "s"}, {'\u00a0', "~"}, {'\u2009', "t"}, {'\u202f', "n"},
}

func (s separator) isSpace() bool {
	return s == ' ' || s == '\u00a0' || s == '\u2009' || s == '\u202f'
}

func (s separator) mark() string {
	for _, known := range separators {
		if known.s == s {
			return known.mark
		}
	}
	return ""
}

// cutSeparatorMark cuts a separator's mark off the front of a form; 0 when there is none.
func cutSeparatorMark(form string) (separator, string) {
	for _, known := range separators {
		if rest, ok := strings.CutPrefix(form, known.mark); ok {
			return known.s, rest
		}
	}
	return 0, form
}

// cutNumberSeparator cuts a separator off the front of a text; 0 when there is none.
func cutNumberSeparator(s string) (separator, string) {
	c, size := utf8.DecodeRuneInString(s)
	for _, known := range separators {
		if known.s == separator(c) {
			return known.s, s[size:]
		}
	}
	return 0, s
}
