package mess

import (
	"strings"
)

// Numbers that people write in groups, as those of phones and cards, have a layout for a form: `9` for each digit, `0` for a
// zero in front, `_` for a space; other separators stand for themselves. No mask of a text is like it: there, runs of
// digits have their length in braces.

// groupSeparators are what may stand between the groups.
const groupSeparators = " -./()"

// digitLayout describes groups of digits, and returns the digits alone, of which there are at most max.
func digitLayout(s string, max int) (layout, digits string, ok bool) {
	b := make([]byte, 0, 40)
	all := make([]byte, 0, 24)
	for i := range len(s) {
		c := s[i]
		switch {
		case !isDigit(c):
			if strings.IndexByte(groupSeparators, c) < 0 {
				return "", "", false
			}
			b = append(b, maskByte(c))
			continue
		case len(all) == max:
			return "", "", false
		case len(all) == 0 && c == '0':
			b = append(b, '0')
		default:
			b = append(b, '9')
		}
		all = append(all, c)
	}
	return string(b), string(all), len(all) > 0
}

// maskByte writes a separator in a form.
func maskByte(c byte) byte {
	if c == ' ' {
		return '_'
	}
	return c
}

// layoutDigits returns how many digits a layout has.
func layoutDigits(layout string) (n int) {
	for i := range len(layout) {
		if isDigit(layout[i]) {
			n++
		}
	}
	return n
}

// startsWithZero reports whether a zero is the first digit of a layout.
func startsWithZero(layout string) bool {
	at := strings.IndexAny(layout, "0123456789")
	return at >= 0 && layout[at] == '0'
}

// fillLayout writes digits in a layout, as far as there are any.
func fillLayout(layout, digits string) string {
	b := []byte(strings.ReplaceAll(layout, "_", " "))
	for i := range b {
		if isDigit(b[i]) && digits != "" {
			b[i], digits = digits[0], digits[1:]
		}
	}
	return string(b)
}

// randomDigits draws n digits.
func randomDigits(n int, r *Rand) string {
	b := make([]byte, max(n, 0))
	for i := range b {
		b[i] = byte('0' + r.Int(10))
	}
	return string(b)
}
