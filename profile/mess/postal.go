package mess

import (
	"strconv"
	"strings"
)

// postalGrammar reads postal codes. The generalisation is the style of a country and the first characters, "US-021", "GB-SW",
// "CA-M5V"; five digits alone are of the United States' style, whatever country they are of, and four of nobody's, "9999-20". The form is the code's pattern, with `9`
// for digits and `A` for letters, `a` for small ones: `99999-9999`, `A9A_9A9`.
type postalGrammar struct{}

// A postalStyle is how one country writes codes.
type postalStyle struct {
	country string
	keep    int    // characters that the generalisation keeps
	layout  string // of digits 9 and letters A
}

var postalStyles = []postalStyle{
	{"US", 3, "99999"}, {"US", 3, "99999-9999"}, {"BR", 2, "99999-999"}, {"PL", 2, "99-999"}, {"PT", 2, "9999-999"},
	{"CA", 3, "A9A 9A9"}, {"CA", 3, "A9A9A9"}, {"CA", 3, "A9A-9A9"}, {"NL", 2, "9999 AA"}, {"NL", 2, "9999AA"}, {"SE", 2, "999 99"}, {"IN", 2, "999 999"},
	{"GB", 2, "AA9 9AA"}, {"GB", 2, "AA99 9AA"}, {"GB", 2, "AA9A 9AA"}, {"GB", 1, "A9 9AA"}, {"GB", 1, "A99 9AA"}, {"GB", 1, "A9A 9AA"},
	{"GB", 2, "AA99AA"}, {"GB", 2, "AA999AA"}, {"GB", 1, "A99AA"}, {"GB", 1, "A999AA"}, {"DE", 2, "D-99999"}, {"AT", 2, "A-9999"}, {"CH", 2, "CH-9999"}, {"9999", 2, "9999"},
}

// layoutOf writes digits as 9, letters as A or a, and keeps the rest.
func layoutOf(s string) (layout string, small bool) {
	b := []byte(s)
	for i, c := range b {
		switch {
		case isDigit(c):
			b[i] = '9'
		case c >= 'a' && c <= 'z':
			b[i], small = 'A', true
		case c >= 'A' && c <= 'Z':
			b[i] = 'A'
		}
	}
	return string(b), small
}

// holds reports whether a code is of the style; some layouts have letters that stand for themselves.
func (p postalStyle) holds(s, layout string) bool {
	prefix := p.prefix()
	if prefix == "" {
		return p.layout == layout
	}
	return strings.HasPrefix(s, prefix) && len(s) == len(p.layout) && strings.TrimPrefix(p.layout, prefix) == layout[len(prefix):]
}

// prefix returns the country's mark in front, if the style has one.
func (p postalStyle) prefix() string {
	if mark, rest, ok := strings.Cut(p.layout, "-"); ok && isDigits(rest) && mark != "" && !isDigit(mark[0]) {
		return mark + "-"
	}
	return ""
}

func (postalGrammar) read(s string) (key, form string, ok bool) {
	if len(s) < 4 || len(s) > 10 {
		return "", "", false
	}
	layout, small := layoutOf(s)
	upper := strings.ToUpper(s)
	if small && strings.ToLower(s) != s {
		return "", "", false
	}
	for _, p := range postalStyles {
		if !p.holds(upper, layout) {
			continue
		}
		form = strings.ReplaceAll(p.layout, " ", "_")
		if small {
			form = strings.ToLower(form)
		}
		body := strings.TrimPrefix(upper, p.prefix())
		return p.country + "-" + body[:p.keep], form, true
	}
	return "", "", false
}

func (postalGrammar) plain(key string) string {
	country, _, _ := strings.Cut(key, "-")
	for _, p := range postalStyles {
		if p.country == country && len(key) == len(country)+1+p.keep {
			return strings.ReplaceAll(p.layout, " ", "_")
		}
	}
	return "99999"
}

// likely leaves out what digits alone, or with a dash, may be: years, numbers, ranges.
func (postalGrammar) likely(s string) bool {
	key, form, ok := postalGrammar{}.read(s)
	switch {
	case !ok || isDigits(s) && (len(s) != 5 || s[0] != '0'):
		return false
	case isDigits(s) || form == "99999-9999":
		return true
	}
	return strings.HasPrefix(key, "GB-") && strings.Contains(s, " ") || strings.HasPrefix(key, "CA-") && len(s) == 7 || strings.HasPrefix(form, "9999_AA")
}

func (postalGrammar) write(key, form string, r *Rand) string {
	country, kept, _ := strings.Cut(key, "-")
	layout := strings.ReplaceAll(form, "_", " ")
	small := strings.ToLower(layout) == layout && strings.ToUpper(layout) != layout
	b := []byte(strings.ToUpper(layout))
	style := postalStyle{layout: string(b)}
	from := len(style.prefix())
	for i := from; i < len(b) && i < maxMask; i++ {
		switch {
		case country != "" && i-from < len(kept):
			b[i] = kept[i-from]
		case b[i] == '9':
			b[i] = strconv.Itoa(r.Int(10))[0]
		case b[i] == 'A':
			b[i] = "ABCEGHJKLMNPRSTVWXYZ"[r.Int(20)]
		}
	}
	if small {
		return strings.ToLower(string(b))
	}
	return string(b)
}
