package mess

import (
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// maxNumberForm bounds a number's form, in bytes: none is longer.
const maxNumberForm = 48

// parseNumberForm inverts String: it takes no other spelling. The tag is set even when the rest is not a form.
func parseNumberForm(s string) (f numberForm, ok bool) {
	f.tag, s = cutTag(s)
	lead, body, trail, ok := cutBlanks(s)
	if !ok || f.tag != record.Text && f.tag != record.Number || body == "" || len(s) > maxNumberForm {
		return f, false
	}
	f.lead, f.trail = lead, trail
	plain := body[0] == 'd'
	if !plain {
		f.sign, f.prefix, body = cutFormStart(body)
		if body == "" || body[0] != 'd' {
			return f, false
		}
	}
	rest, ok := f.parseCounts(body[1:])
	if !ok {
		return f, false
	}
	return f, f.parseDigits(&rest) && f.parseEnd(rest) && f.isSound()
}

// cutFormStart cuts off what stands before the digits.
func cutFormStart(s string) (sign signStyle, prefix affix, rest string) {
	switch s[0] {
	case '+':
		sign, s = plusFirst, s[1:]
	case '(':
		sign, s = bracketed, s[1:]
	}
	if text := longestPrefix(s); text != "" {
		prefix.text, s = text, s[len(text):]
		prefix.gap, s = cutGapMark(s)
	}
	if sign == minusFirst && s != "" {
		switch s[0] {
		case '-':
			return minusInside, prefix, s[1:]
		case '+':
			return plusInside, prefix, s[1:]
		case '(':
			return bracketedIn, prefix, s[1:]
		}
	}
	return sign, prefix, s
}

// parseCounts reads how many digits there are after the point, how many of them are zeros, and how round the number is.
func (f *numberForm) parseCounts(s string) (rest string, ok bool) {
	if f.decimals, s, ok = formCount(s); !ok {
		return s, false
	}
	if strings.HasPrefix(s, "z") {
		if f.zeros, s, ok = formCount(s[1:]); !ok || f.zeros == 0 || f.zeros > f.decimals {
			return s, false
		}
	}
	if len(s) > 1 && s[0] == 'r' && s[1] > '0' && s[1] <= '0'+maxRound {
		f.round, s = s[1]-'0', s[2:]
	}
	return s, true
}

// formCount cuts a number from 0 to maxDecimals, without leading zeros, off the front.
func formCount(s string) (n int, rest string, ok bool) {
	end := 0
	for end < len(s) && isDigit(s[end]) && end < 3 {
		n = n*10 + int(s[end]-'0')
		end++
	}
	return n, s[end:], end > 0 && n <= maxDecimals && (end == 1 || s[0] != '0')
}

// parseDigits cuts the marks that appendDigits writes off the front.
func (f *numberForm) parseDigits(s *string) (ok bool) {
	rest := *s
	if strings.HasPrefix(rest, "w") {
		width, after, ok := formCount(rest[1:])
		if !ok || width == 0 {
			return false
		}
		f.width, rest = uint8(width), after
	}
	if rest != "" && (rest[0] == byte(omitted) || rest[0] == byte(barePoint)) {
		f.whole, rest = wholeStyle(rest[0]), rest[1:]
	}
	if strings.HasPrefix(rest, "g") {
		if f.group, rest = cutSeparatorMark(rest[1:]); f.group == 0 {
			return false
		}
		f.comma = f.group == '.'
	}
	if strings.HasPrefix(rest, "c") {
		if f.comma {
			return false
		}
		f.comma, rest = true, rest[1:]
	}
	if rest != "" && (rest[0] == 'e' || rest[0] == 'E') {
		f.exponent.mark, rest = rest[0], rest[1:]
		if rest != "" && (rest[0] == '+' || rest[0] == '-') {
			f.exponent.sign, rest = rest[0], rest[1:]
		}
		if rest == "" || rest[0] < '1' || rest[0] > '0'+maxExponentWidth {
			return false
		}
		f.exponent.width, rest = rest[0]-'0', rest[1:]
	}
	*s = rest
	return true
}

// parseEnd reads what stands after the digits' marks.
func (f *numberForm) parseEnd(s string) (ok bool) {
	switch f.sign {
	case bracketed, bracketedIn:
		if s, ok = strings.CutSuffix(s, ")"); !ok {
			return false
		}
	case minusFirst:
		if s == "-" {
			f.sign = minusLast
			return true
		}
	}
	if s == "" {
		return true
	}
	f.suffix.gap, s = cutGapMark(s)
	if len(s) < 3 || s[0] != '"' || s[len(s)-1] != '"' {
		return false
	}
	f.suffix.text = s[1 : len(s)-1]
	return suffixes[f.suffix.text]
}
