package mess

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Limits on digits, counted over the groups of one number.
const (
	minPhone      = 7 // fewer name nobody: years, postal codes, prices, room numbers
	minRun        = 9 // as many in a row are an identifier wherever they stand
	minCard       = 13
	maxCard       = 19
	minIBANDigits = 10
)

var (
	decimalComma = regexp.MustCompile(`^,\d{1,2}(\D|$)`)
	contact      = regexp.MustCompile(`(?i)\b(tel|phone|ph|mob|mobile|cell|fax|call|sms|whatsapp)\W*$`)
)

// A group is a run of digits and what stands between it and the group before.
type group struct{ sep, digits string }

// holdsLongNumber reports whether a text holds a number that may name a person: a phone number in any notation, a card, a
// social security number, any long identifier. Dates, years, versions, ranges and amounts are not.
func holdsLongNumber(s string) bool {
	for at := 0; at < len(s); {
		groups, start, end := cluster(s, at)
		if groups == nil {
			return false
		}
		alone := strings.Trim(s[:start]+s[end:], " \t\r\n+-#%$€£()") == ""
		alone = alone || contact.MatchString(s[:start])
		if groups = withoutDates(groups); personalGroups(groups, alone, decimalComma.MatchString(s[end:])) {
			return true
		}
		at = end
	}
	return false
}

// cluster returns the groups of the first number in s[at:], as far as up to three separators join them, and its bounds.
func cluster(s string, at int) (groups []group, start, end int) {
	for at < len(s) && !isDigit(s[at]) {
		at++
	}
	start, end = at, at
	for at < len(s) {
		from := at
		for at < len(s) && isDigit(s[at]) {
			at++
		}
		groups = append(groups, group{s[end:from], s[from:at]})
		end = at
		for at < len(s) && !isDigit(s[at]) && strings.IndexByte(" -./()[]*~\t_", s[at]) >= 0 {
			at++
		}
		if at == len(s) || !isDigit(s[at]) || at-end > 3 {
			break
		}
	}
	return groups, start, end
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// withoutDates leaves out the dates that stand apart from what surrounds them.
func withoutDates(groups []group) []group {
	kept := groups[:0]
	for i := 0; i < len(groups); i++ {
		if i+2 < len(groups) && apart(groups[i].sep) && (i+3 == len(groups) || apart(groups[i+3].sep)) && isDate(groups[i:i+3]) {
			i += 2
			continue
		}
		kept = append(kept, groups[i])
	}
	return kept
}

// apart reports whether a separator parts two numbers rather than the groups of one.
func apart(sep string) bool {
	return sep == "" || strings.Contains(sep, " ") || strings.Contains(sep, "\t")
}

// isDate reports whether three groups are a year, month and day, or a day, month and year in either order.
func isDate(g []group) bool {
	a, b, c := g[0].digits, g[1].digits, g[2].digits
	if g[1].sep != g[2].sep || len(g[1].sep) != 1 || strings.IndexByte("-./", g[1].sep[0]) < 0 || len(a) > 4 || len(b) > 2 || len(c) > 4 {
		return false
	}
	if len(a) == 4 {
		return isYear(a) && len(c) <= 2 && isDay(2000, small(b), small(c))
	}
	return len(a) <= 2 && (len(c) == 2 || isYear(c)) && (isDay(2000, small(b), small(a)) || isDay(2000, small(a), small(b)))
}

// isYear reports whether four digits are a year that people write.
func isYear(s string) bool {
	return len(s) == 4 && (s >= "1600" && s < "2200" || s == "9999" || s == "0001")
}

// small reads up to four digits.
func small(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// personalGroups decides on one number; alone when there is nothing else in the cell but what names a phone, comma when
// decimals follow it.
func personalGroups(groups []group, alone, comma bool) bool {
	var all strings.Builder
	longest, years := 0, true
	for _, g := range groups {
		all.WriteString(g.digits)
		if !impersonal(g.digits) {
			longest = max(longest, len(g.digits))
		}
		years = years && isYear(g.digits)
	}
	total := all.String()
	switch {
	case len(total) < minPhone || years || isAmount(groups):
		return false
	case longest >= minRun:
		return true
	case len(groups) == 1:
		return alone && !impersonal(total)
	case len(total) >= minCard && len(total) <= maxCard && luhn(total):
		return true
	}
	return !isFileName(groups) && !isAreaCode(groups) && !isRange(groups) && !isThousands(groups, total, comma) && !isVersion(groups)
}

// impersonal reports whether a run of digits is round, a sentinel, or a date or timestamp without separators, rather than
// an identifier: at most three digits that are not trailing zeros, or one digit over and over.
func impersonal(s string) bool {
	return len(strings.TrimRight(s, "0")) <= 3 || strings.Trim(s, s[:1]) == "" || isStamp(s)
}

// isStamp reports whether digits are YYYYMMDD, or YYYYMMDDhhmmss.
func isStamp(s string) bool {
	if len(s) != 8 && len(s) != 14 || s < "19" || s >= "21" || !isDay(small(s[:4]), number2(s[4:]), number2(s[6:])) {
		return false
	}
	return len(s) == 8 || number2(s[8:]) < 24 && number2(s[10:]) < 60 && number2(s[12:]) < 60
}

// isFileName reports whether underscores part the groups, as in export_2011_070212, which only cards are written with.
func isFileName(g []group) bool {
	return slices.ContainsFunc(g[1:], func(g group) bool { return g.sep == "_" })
}

// isAreaCode reports whether two groups are a region and a number in it, such as 25-00503, as no phone number is grouped.
func isAreaCode(g []group) bool {
	return len(g) == 2 && g[1].sep == "-" && len(g[0].digits) == 2 && len(g[1].digits) == 5
}

// isRange reports whether two groups are the ends of a range of round numbers, such as 25000-49999.
func isRange(g []group) bool {
	if len(g) != 2 || strings.Trim(g[1].sep, " ") != "-" || len(g[0].digits) > 6 || len(g[1].digits) > 6 {
		return false
	}
	a, b := g[0].digits, g[1].digits
	ends := strings.TrimLeft(b[len(b)-min(3, len(b)):], "9") == "" || impersonal(b)
	return len(a) != 3 && a[0] != '0' && impersonal(a) && ends && (len(a) < len(b) || len(a) == len(b) && a < b)
}

// isThousands reports whether groups are one round number, or one with a decimal comma, with separated thousands.
func isThousands(g []group, total string, comma bool) bool {
	for _, g := range g[1:] {
		if len(g.digits) != 3 || g.sep != " " && g.sep != "." {
			return false
		}
	}
	return len(g[0].digits) <= 3 && (impersonal(total) || comma && g[1].sep == ".")
}

// isVersion reports whether groups are a version number: dots between, and a single digit past the first.
func isVersion(g []group) bool {
	single := false
	for i, g := range g {
		if i > 0 && g.sep != "." || len(g.digits) > 6 {
			return false
		}
		single = single || i > 0 && len(g.digits) == 1
	}
	return single && len(g) >= 3
}

// isAmount reports whether groups are a number with decimals, which a short phone number with a dot is not.
func isAmount(g []group) bool {
	return len(g) == 2 && g[1].sep == "." && !(len(g[0].digits) == 3 && len(g[1].digits) == 4) &&
		(len(g[0].digits) < minPhone || len(g[1].digits) <= 2)
}

// asciiDigits replaces the decimal digits of other scripts, full-width ones for instance, and typographic dashes and
// spaces, by ASCII's.
func asciiDigits(s string) string {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < 0x80
	}
	if ascii {
		return s
	}
	return strings.Map(func(c rune) rune {
		switch {
		case c < 0x80:
		case unicode.Is(unicode.Nd, c):
			value := rune(0) // digits stand in blocks of ten from zero
			for unicode.Is(unicode.Nd, c-value-1) {
				value++
			}
			return '0' + value%10
		case unicode.Is(unicode.Pd, c) || c == '−':
			return '-'
		case unicode.Is(unicode.Zs, c) || unicode.Is(unicode.Cf, c):
			return ' '
		case c == '．':
			return '.'
		case c == '＠':
			return '@'
		}
		return c
	}, s)
}
