package mess

import (
	"strings"
	"time"
)

// A civilDate is a date as it was read. Its month and day may be impossible.
type civilDate struct{ year, month, day int }

// seconds returns the date's first second.
func (c civilDate) seconds() int64 {
	return time.Date(c.year, time.Month(c.month), c.day, 0, 0, 0, 0, time.UTC).Unix()
}

// weekday returns the day of the week, from Sunday, 0.
func (c civilDate) weekday() int { return int(time.Unix(c.seconds(), 0).UTC().Weekday()) }

// week returns ISO 8601's year and week.
func (c civilDate) week() (year, week int) { return time.Unix(c.seconds(), 0).UTC().ISOWeek() }

// civilOf returns the date of a civil second.
func civilOf(sec int64) civilDate {
	y, m, d := time.Unix(sec, 0).UTC().Date()
	return civilDate{y, int(m), d}
}

// monday returns the first day of an ISO week; ok is false when the year has no such week.
func monday(year, week int) (c civilDate, ok bool) {
	fourth := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // in week 1
	c = civilOf(fourth.AddDate(0, 0, 7*(week-1)-(int(fourth.Weekday())+6)%7).Unix())
	y, w := c.week()
	return c, y == year && w == week
}

// A dateReader reads the date that a text starts with.
type dateReader struct {
	civilDate
	form    dateFields
	first   order // of ambiguous dates: dayFirst or monthFirst
	weekday int   // as read
	rest    string
}

// Length of the shortest date but those of one word.
const minDateText = len("M/D/YY")

// readDate reads the date that a text starts with and returns its first second.
func readDate(s string, first order) (sec int64, form dateFields, rest string, ok bool) {
	if len(s) >= len(dateLayout) && s[4] == '-' {
		if sec, ok = parseDate(s[:len(dateLayout)]); ok {
			return sec, isoDate, s[len(dateLayout):], true
		}
	}
	r := dateReader{rest: s, first: first}
	if !r.read() || !isDay(r.year, r.month, r.day) {
		return 0, r.form, "", false
	}
	sec = r.seconds()
	if r.form.weekday != numbered && r.civilDate.weekday() != r.weekday {
		return 0, r.form, "", false
	}
	return sec, r.form, r.rest, true
}

// read reads the fields of a date, whose month and day may be impossible.
func (r *dateReader) read() bool {
	if len(r.rest) < minDateText {
		return false
	}
	ok := false
	switch c := r.rest[0]; {
	case isDigit(c):
		ok = r.numberFirst()
	case c == 'Q' && isDigit(r.rest[1]):
		ok = r.quarterFirst()
	default:
		ok = r.wordFirst()
	}
	if !ok || !r.form.isSound() {
		return false
	}
	first, end := r.form.years()
	return r.year >= first && r.year < end
}

// wordFirst reads a date that starts with a weekday or a month's name.
func (r *dateReader) wordFirst() (ok bool) {
	word, rest := cutLetters(r.rest)
	w, ok := weekdayWords[word]
	if !ok {
		return r.nameFirst()
	}
	r.weekday, r.form.weekday = w.day, w.name
	rest, r.form.apart = strings.CutPrefix(rest, ",")
	if r.rest, ok = strings.CutPrefix(rest, " "); !ok || r.rest == "" {
		return false
	}
	if isDigit(r.rest[0]) {
		return r.numberFirst()
	}
	return r.nameFirst()
}

// numberFirst reads a date that starts with a number: of eight digits a whole date, of four a year, and else a day or a
// month.
func (r *dateReader) numberFirst() (ok bool) {
	first, rest := cutDigits(r.rest)
	switch len(first) {
	case 8:
		r.civilDate = civilDate{small(first[:4]), small(first[4:6]), small(first[6:])}
		r.rest = rest
		return true
	case 4:
		r.year = small(first)
		return r.afterYear(rest)
	case 1, 2:
	default:
		return false
	}
	r.day = small(first)
	rest = r.cutDayMarks(rest)
	if r.form.sep, rest = cutSeparation(rest); r.form.sep == 0 || rest == "" {
		return false
	}
	if !isDigit(rest[0]) {
		r.rest, r.form.order = rest, dayFirst
		return r.cutMonth() && r.cutYear() && r.padded(first)
	}
	second, rest := cutDigits(rest)
	if r.rest = rest; len(second) == 4 && len(first) == 2 {
		r.form.order, r.civilDate = monthYear, civilDate{small(second), r.day, 1}
		return true
	}
	if !r.cutYear() {
		return false
	}
	r.form.order, r.month, r.day = monthFirst, small(first), small(second)
	if r.form.sep == '.' || r.month > 12 || r.first == dayFirst && r.day <= 12 {
		r.form.order, r.month, r.day = dayFirst, r.day, r.month
	}
	return r.padded(first, second)
}

// cutDayMarks reads what may follow a day before a month's name.
func (r *dateReader) cutDayMarks(s string) (rest string) {
	if rest, ok := strings.CutPrefix(s, ordinalMark(r.day)); ok {
		r.form.ordinal = true
		return rest
	}
	if r.form.point = strings.HasPrefix(s, ". "); r.form.point {
		return s[1:]
	}
	return s
}

// afterYear reads the month and the day after a year, or a quarter or a week.
func (r *dateReader) afterYear(s string) (ok bool) {
	r.form.order, r.day = yearFirst, 1
	r.form.sep, s = cutSeparation(s)
	if s != "" && s[0] == 'Q' {
		r.form.order, r.rest = yearQuarter, s
		return r.cutQuarter()
	}
	if s != "" && s[0] == 'W' {
		week, rest := cutDigits(s[1:])
		if len(week) != 2 {
			return false
		}
		r.form.order, r.rest = yearWeek, rest
		r.civilDate, ok = monday(r.year, small(week))
		return ok
	}
	month, rest := cutDigits(s)
	if rest == "" || rest[0] != r.form.sep {
		r.form.order, r.rest, r.month = yearMonth, rest, small(month[:min(2, len(month))])
		return len(month) == 2
	}
	day, rest := cutDigits(rest[1:])
	if r.rest = rest; !r.padded(month, day) {
		return false
	}
	r.month, r.day = small(month), small(day)
	return true
}

// cutQuarter reads a quarter.
func (r *dateReader) cutQuarter() bool {
	if len(r.rest) < 2 || r.rest[1] < '1' || r.rest[1] > '4' {
		return false
	}
	r.month, r.day, r.rest = 3*int(r.rest[1]-'1')+1, 1, r.rest[2:]
	return true
}

// quarterFirst reads a quarter and a year.
func (r *dateReader) quarterFirst() bool {
	if !r.cutQuarter() || r.rest == "" {
		return false
	}
	r.form.order = quarterYear
	r.form.sep = r.rest[0]
	return r.cutYear()
}

// nameFirst reads a month's name, maybe a day, and a year.
func (r *dateReader) nameFirst() bool {
	if !r.cutMonth() {
		return false
	}
	sep, rest := cutSeparation(r.rest)
	if r.form.sep = sep; sep == 0 {
		return false
	}
	after := strings.TrimPrefix(rest, " ")
	digits, after := cutDigits(after)
	if len(digits) == 4 || sep == '-' {
		r.form.order, r.day = monthYear, 1
		return r.cutYear()
	}
	if len(digits) < 1 || len(digits) > 2 {
		return false
	}
	r.form.order, r.day = monthFirst, small(digits)
	if r.form.ordinal = strings.HasPrefix(after, ordinalMark(r.day)); r.form.ordinal {
		after = after[len("th"):]
	}
	after, r.form.comma = strings.CutPrefix(after, ",")
	if r.rest = after; !r.cutYear() {
		return false
	}
	if rest[0] == ' ' {
		r.form.pad = spaced
		return len(digits) == 1
	}
	return r.padded(digits)
}

// cutMonth reads a month's name.
func (r *dateReader) cutMonth() bool {
	word, rest := cutLetters(r.rest)
	w, ok := monthWords[word]
	if !ok {
		return false
	}
	r.month, r.form.name, r.form.lang = w.month, w.name, w.lang
	r.rest, r.form.dotted = strings.CutPrefix(rest, ".")
	return true
}

// cutYear cuts off a separator and a year of four digits, or of two.
func (r *dateReader) cutYear() bool {
	sep, rest := cutSeparation(r.rest)
	if sep != r.form.sep {
		return false
	}
	year, rest := cutDigits(rest)
	if len(year) != 2 && len(year) != 4 {
		return false
	}
	r.year, r.form.short, r.rest = fullYear(year), len(year) == 2, rest
	return true
}

// padded sees how numbers of at most two digits are padded, which shows in those below ten only; ok is false when some
// of them have a zero and some have not, or when they are no such numbers.
func (r *dateReader) padded(fields ...string) (ok bool) {
	zero, single := false, false
	for _, s := range fields {
		switch {
		case len(s) == 1:
			single = true
		case len(s) != 2:
			return false
		case s[0] == '0':
			zero = true
		}
	}
	if r.form.ordinal {
		return !zero
	}
	if single {
		r.form.pad = bare
	}
	return !single || !zero
}

// cutDigits cuts off the digits that a text starts with.
func cutDigits(s string) (digits, rest string) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n], s[n:]
}

// fullYear returns the year that two or four digits stand for.
func fullYear(s string) int {
	y := small(s)
	if len(s) == 4 {
		return y
	}
	return pivotYear + (y+100-pivotYear%100)%100
}
