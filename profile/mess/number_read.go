package mess

import (
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// maxNumberText bounds what is read as a number, in bytes.
const maxNumberText = 80

// A numberText is a number apart from how it is written.
type numberText struct {
	negative    bool
	whole, frac string // digits before and after the point, frac with its zeros at the end; whole is never empty
}

// key returns the canonical text; ok is false for −0 and for what has too many digits.
func (n numberText) key() (key string, ok bool) {
	short := strings.TrimRight(n.frac, "0")
	if len(n.whole) > maxWhole || len(n.frac) > maxDecimals || n.negative && n.whole == "0" && short == "" {
		return "", false
	}
	b := make([]byte, 0, 48)
	if n.negative {
		b = append(b, '-')
	}
	b = append(b, n.whole...)
	if short != "" {
		b = append(append(b, '.'), short...)
	}
	return string(b), true
}

// readNumber reads a number in another than plain notation: [sign][currency][sign]digits[unit].
func readNumber(s string) (f numberForm, n numberText, ok bool) {
	if len(s) > maxNumberText || !strings.ContainsAny(s, "0123456789") {
		return f, n, false
	}
	f.tag = record.Text
	n.negative, s = f.readStart(s)
	digits, rest := cutGrouped(s)
	if digits == "" {
		return f, n, false
	}
	if isExponent(rest) {
		return f, n, f.readScientific(digits, rest, &n) && f.isSound()
	}
	switch {
	case rest == "-" && f.sign == minusFirst && !n.negative:
		f.sign, n.negative = minusLast, true
	case rest != "":
		f.suffix.gap, rest = cutGap(rest)
		if !suffixes[rest] {
			return f, n, false
		}
		f.suffix.text = rest
	}
	if !f.readDigits(digits, &n) {
		return f, n, false
	}
	if f.round = f.roundOf(n.whole); !f.isSound() {
		return f, n, false
	}
	least, most := f.window()
	at := wholeDigits(n.whole)
	return f, n, least <= at && at <= most
}

// wholeDigits counts the digits before the point; a whole part of zero has none.
func wholeDigits(whole string) int {
	if whole == "0" {
		return 0
	}
	return len(whole)
}

// readStart cuts off what stands before the digits, and the bracket after them.
func (f *numberForm) readStart(s string) (negative bool, rest string) {
	signed := true
	switch {
	case s[0] == '+':
		f.sign, s = plusFirst, s[1:]
	case s[0] == '-':
		negative, s = true, s[1:]
	case s[0] == '(' && s[len(s)-1] == ')':
		f.sign, negative, s = bracketed, true, s[1:len(s)-1]
	default:
		signed = false
	}
	if f.prefix.text = longestPrefix(s); f.prefix.text == "" {
		return negative, s
	}
	f.prefix.gap, s = cutGap(s[len(f.prefix.text):])
	if signed || s == "" {
		return negative, s
	}
	switch {
	case s[0] == '-':
		f.sign, negative, s = minusInside, true, s[1:]
	case s[0] == '+':
		f.sign, s = plusInside, s[1:]
	case s[0] == '(' && s[len(s)-1] == ')':
		f.sign, negative, s = bracketedIn, true, s[1:len(s)-1]
	}
	return negative, s
}

// cutGrouped cuts off the front what is digits and separators that a digit follows; a point may also be the last of all.
func cutGrouped(s string) (digits, rest string) {
	end := 0
	for end < len(s) {
		if isDigit(s[end]) {
			end++
			continue
		}
		sep, rest := cutNumberSeparator(s[end:])
		lastPoint := sep == '.' && rest == "" && end > 0
		if sep == 0 || !lastPoint && (rest == "" || !isDigit(rest[0])) {
			break
		}
		end = len(s) - len(rest)
	}
	return s[:end], s[end:]
}

// readDigits tells groups of thousands from decimals in digits with separators.
func (f *numberForm) readDigits(s string, n *numberText) bool {
	var parts [9]string // between separators: more than any number has
	count, last := 0, separator(0)
	for from, at := 0, 0; ; at++ {
		for at < len(s) && isDigit(s[at]) {
			at++
		}
		parts[count] = s[from:at]
		count++
		if at == len(s) {
			break
		}
		if count == len(parts) || last != 0 && f.group != 0 && last != f.group {
			return false // a third kind of separator, or one after the decimal mark
		}
		f.group = last
		var rest string
		last, rest = cutNumberSeparator(s[at:])
		from = len(s) - len(rest)
		at = from - 1
	}
	return f.readParts(parts[:count], last, n)
}

// readParts reads the parts of a number whose last separator is last, and those before it f.group.
func (f *numberForm) readParts(parts []string, last separator, n *numberText) bool {
	end := len(parts) - 1
	single := end == 1
	isMark := last == '.' || last == ',' && (!single || len(parts[1]) != 3)
	switch {
	case end == 0 || last == f.group || single && !isMark:
		f.group = last
		return f.readGroups(parts, n)
	case !isMark:
		return false
	}
	f.comma = last == ','
	n.frac = parts[end]
	f.setDecimals(n.frac)
	if n.frac == "" {
		f.whole = barePoint
	}
	if single && parts[0] == "" {
		f.whole, n.whole = omitted, "0"
		return isDigits(n.frac)
	}
	return (single || n.frac != "") && f.readGroups(parts[:end], n)
}

// setDecimals counts the digits after the point, and the zeros at their end.
func (f *numberForm) setDecimals(frac string) {
	f.decimals = len(frac)
	f.zeros = len(frac) - len(strings.TrimRight(frac, "0"))
}

// readGroups reads the whole part: all groups but the first have three digits.
func (f *numberForm) readGroups(groups []string, n *numberText) bool {
	for i, g := range groups {
		if i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && len(g) > 3 {
			return false
		}
	}
	n.whole = groups[0]
	if len(groups) > 1 {
		n.whole = strings.Join(groups, "")
	}
	return isDigits(n.whole) && (n.whole[0] != '0' || len(n.whole) == 1) && len(n.frac) <= maxDecimals
}
