package mess

import "time"

// A civilDate is a date as it was read. Its month and day may be impossible.
type civilDate struct{ year, month, day int }

// readDate reads the date that a text starts with, in one of [dateForms], and returns its first second.
func readDate(s string) (sec int64, form dateForm, rest string, ok bool) {
	if len(s) >= len(dateLayout) && s[4] == '-' {
		if sec, ok = parseDate(s[:len(dateLayout)]); ok {
			return sec, 0, s[len(dateLayout):], true
		}
	}
	if len(s) < minDateText {
		return 0, 0, "", false
	}
	var c civilDate
	var f dateFields
	if s[0] < '0' || s[0] > '9' {
		c, f, rest, ok = readNameFirst(s)
	} else {
		c, f, rest, ok = readNumberFirst(s)
	}
	if !ok {
		return 0, 0, "", false
	}
	form, ok = dateFormOf[f]
	if first, end := f.years(); !ok || c.year < first || c.year >= end || !isDay(c.year, c.month, c.day) {
		return 0, 0, "", false
	}
	return c.seconds(), form, rest, true
}

// seconds returns the date's first second.
func (c civilDate) seconds() int64 {
	return time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC).Unix()
}

// readNumberFirst reads a date that starts with a number: of eight digits a whole date, of four a year, and else a day or a
// month.
func readNumberFirst(s string) (c civilDate, f dateFields, rest string, ok bool) {
	first, rest := cutDigits(s)
	switch len(first) {
	case 8:
		c = civilDate{small(first[:4]), small(first[4:6]), small(first[6:])}
		return c, dateFields{order: yearFirst}, rest, true
	case 4:
		return readYearFirst(first, rest)
	case 1, 2:
	default:
		return c, f, rest, false
	}
	if f.sep, rest, ok = cutSeparator(rest); !ok {
		return c, f, rest, false
	}
	if rest != "" && (rest[0] < '0' || rest[0] > '9') {
		return readNameSecond(first, f, rest)
	}
	second, rest := cutDigits(rest)
	var year string
	if year, f.short, rest, ok = cutYear(rest, f.sep); !ok {
		return c, f, rest, false
	}
	f.order, c = monthFirst, civilDate{fullYear(year), small(first), small(second)}
	if f.sep == '.' || c.month > 12 {
		f.order, c.month, c.day = dayFirst, c.day, c.month
	}
	f.bare, ok = zeros(first, second)
	return c, f, rest, ok
}

// readYearFirst reads the month and the day after a year.
func readYearFirst(year, s string) (c civilDate, f dateFields, rest string, ok bool) {
	f.order = yearFirst
	if f.sep, rest, ok = cutSeparator(s); !ok {
		return c, f, rest, false
	}
	month, rest := cutDigits(rest)
	if rest == "" || rest[0] != f.sep {
		return c, f, rest, false
	}
	day, rest := cutDigits(rest[1:])
	f.bare, ok = zeros(month, day)
	return civilDate{small(year), small(month), small(day)}, f, rest, ok
}

// readNameSecond reads the month's name and the year after a day.
func readNameSecond(day string, f dateFields, s string) (c civilDate, _ dateFields, rest string, ok bool) {
	word, rest, ok := cutMonth(s)
	if !ok {
		return c, f, rest, false
	}
	var year string
	if year, f.short, rest, ok = cutYear(rest, f.sep); !ok {
		return c, f, rest, false
	}
	f.order, f.name = dayFirst, word.name
	f.bare, ok = zeros(day)
	return civilDate{fullYear(year), word.month, small(day)}, f, rest, ok
}

// readNameFirst reads a month's name, a day and a year.
func readNameFirst(s string) (c civilDate, f dateFields, rest string, ok bool) {
	word, rest, ok := cutMonth(s)
	if !ok {
		return c, f, rest, false
	}
	if f.sep, rest, ok = cutSeparator(rest); !ok {
		return c, f, rest, false
	}
	day, rest := cutDigits(rest)
	if f.comma = rest != "" && rest[0] == ','; f.comma {
		rest = rest[1:]
	}
	var year string
	if year, f.short, rest, ok = cutYear(rest, f.sep); !ok {
		return c, f, rest, false
	}
	f.order, f.name = monthFirst, word.name
	f.bare, ok = zeros(day)
	return civilDate{fullYear(year), word.month, small(day)}, f, rest, ok
}

// cutDigits cuts off the digits that a text starts with.
func cutDigits(s string) (digits, rest string) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}

// cutSeparator cuts off what may stand between a date's fields.
func cutSeparator(s string) (sep byte, rest string, ok bool) {
	if s == "" {
		return 0, s, false
	}
	switch s[0] {
	case '-', '/', '.', ' ':
		return s[0], s[1:], true
	}
	return 0, s, false
}

// cutYear cuts off a separator and a year of four digits, or of two.
func cutYear(s string, sep byte) (year string, short bool, rest string, ok bool) {
	if s == "" || s[0] != sep {
		return "", false, s, false
	}
	year, rest = cutDigits(s[1:])
	return year, len(year) == 2, rest, len(year) == 2 || len(year) == 4
}

// fullYear returns the year that two or four digits stand for.
func fullYear(s string) int {
	y := small(s)
	if len(s) == 4 {
		return y
	}
	return pivotYear + (y+100-pivotYear%100)%100
}

// zeros reports whether numbers of at most two digits are bare of leading zeros, which shows in those below ten only; ok is
// false when some of them are and some are not, or when they are no such numbers.
func zeros(fields ...string) (bare, ok bool) {
	padded := false
	for _, s := range fields {
		switch {
		case len(s) == 1:
			bare = true
		case len(s) != 2:
			return false, false
		case s[0] == '0':
			padded = true
		}
	}
	return bare, !bare || !padded
}
