package mess

// A dateFields is how a date is written. The zero value but for its separator is YYYY-MM-DD.
//
// A form without leading zeros is one of dates that show it, because their month or day has one digit: 12/31/2024 is
// MM/DD/YYYY in any column. Likewise May is an abbreviation, and 03/04/2024 has the month first unless the codec was told
// that its column has the day first: each date in each spelling has one form.
type dateFields struct {
	order   order
	sep     byte // between the fields: one of "-/. ", 'd' for " de ", or 0 for none
	name    naming
	lang    language // of the name
	dotted  bool     // a point after the name, as in Jan.
	short   bool     // the year has two digits
	pad     padding  // of month and day, which one of them shows
	comma   bool     // after the day
	point   bool     // after the day, as in 3. Januar
	ordinal bool     // as in 3rd
	weekday naming   // before the date, in English; numbered for none
	apart   bool     // a comma after the weekday
}

// An order says which fields a date has, and in what order.
type order uint8

const (
	yearFirst order = iota
	dayFirst
	monthFirst
	yearMonth // the first day of the month, as are the following
	monthYear
	yearQuarter
	quarterYear
	yearWeek // ISO 8601's, of which the value is the Monday
)

// orders are the first letters of the fields.
var orders = [...]string{"YMD", "DMY", "MDY", "YM", "MY", "YQ", "QY", "YW"}

// whole reports whether dates of the order have a day.
func (o order) whole() bool { return o <= monthFirst }

// A padding says what stands before a month or day of one digit.
type padding uint8

const (
	zeroed padding = iota // 05, and nothing before those of two
	bare                  // 5
	spaced                // a second space, as in C's ctime
)

// isoDate is YYYY-MM-DD, which nearly all dates in files are in.
var isoDate = dateFields{order: yearFirst, sep: '-'}

const dateLayout = "YYYY-MM-DD"

// dateShapes are the forms that are read, but for the month's name and the weekday. What else people number the same
// way is left out: 1.2.24 and 2024.1.2 may be versions, and 1-2-24 a part or a clause.
var dateShapes = func() map[dateFields]bool {
	all := []dateFields{
		{order: yearFirst, sep: '-'}, {order: yearFirst, sep: '/'}, {order: yearFirst, sep: '.'}, {order: yearFirst},
		{order: yearFirst, sep: '-', pad: bare}, {order: yearFirst, sep: '/', pad: bare},
		{order: yearMonth, sep: '-'}, {order: yearMonth, sep: '/'}, {order: monthYear, sep: '-'}, {order: monthYear, sep: '/'},
		{order: yearQuarter}, {order: yearQuarter, sep: '-'}, {order: yearQuarter, sep: ' '},
		{order: quarterYear, sep: ' '}, {order: quarterYear, sep: '-'}, {order: yearWeek}, {order: yearWeek, sep: '-'},
	}
	for _, pad := range []padding{zeroed, bare} {
		all = append(all, dateFields{order: dayFirst, sep: '.', pad: pad})
		for _, o := range []order{monthFirst, dayFirst} {
			all = append(all, dateFields{order: o, sep: '/', pad: pad}, dateFields{order: o, sep: '-', pad: pad},
				dateFields{order: o, sep: '/', pad: pad, short: true})
		}
	}
	for _, f := range namedShapes() {
		f.name = abbreviated
		all = append(all, f)
	}
	m := map[dateFields]bool{}
	for _, f := range all {
		m[f] = true
	}
	return m
}()

// namedShapes are the shapes with a month's name.
func namedShapes() []dateFields {
	all := []dateFields{
		{order: monthYear, sep: ' '}, {order: monthYear, sep: '-'}, {order: monthYear, sep: '-', short: true}, {order: monthYear, sep: 'd'},
		{order: dayFirst, sep: ' ', ordinal: true}, {order: monthFirst, sep: ' ', ordinal: true}, {order: monthFirst, sep: ' ', ordinal: true, comma: true},
		{order: monthFirst, sep: ' ', pad: spaced},
	}
	for _, pad := range []padding{zeroed, bare} {
		for _, sep := range []byte(" -") {
			all = append(all, dateFields{order: dayFirst, sep: sep, pad: pad}, dateFields{order: dayFirst, sep: sep, pad: pad, short: true})
		}
		all = append(all, dateFields{order: dayFirst, sep: '/', pad: pad}, dateFields{order: dayFirst, sep: 'd', pad: pad},
			dateFields{order: dayFirst, sep: ' ', pad: pad, point: true},
			dateFields{order: monthFirst, sep: ' ', pad: pad}, dateFields{order: monthFirst, sep: ' ', pad: pad, comma: true})
	}
	return all
}

// isSound reports whether the fields go together to a form that is read.
func (f dateFields) isSound() bool {
	shape := f
	shape.lang, shape.dotted, shape.weekday, shape.apart = 0, false, numbered, false
	if f.name != numbered {
		shape.name = abbreviated
	}
	switch {
	case !dateShapes[shape],
		f.name == numbered && (f.lang != english || f.dotted),
		f.name != numbered && f.months() == 0,
		f.dotted && f.name.full(),
		f.weekday == numbered && f.apart,
		f.weekday != numbered && (!f.order.whole() || f.short || f.sep == 0 || f.sep == 'd'):
		return false
	}
	return true
}

// assemble appends what field appends for each field, in order, and what is between.
func (f dateFields) assemble(b []byte, field func([]byte, byte) []byte) []byte {
	letters := orders[f.order]
	for i := range len(letters) {
		if i > 0 {
			b = append(b, separation(f.sep)...)
		}
		b = field(b, letters[i])
		switch {
		case letters[i] == 'D' && f.comma:
			b = append(b, ',')
		case letters[i] == 'D' && f.point, letters[i] == 'M' && f.dotted:
			b = append(b, '.')
		}
	}
	return b
}

// separation is the text of a separator.
func separation(sep byte) string {
	switch sep {
	case 0:
		return ""
	case 'd':
		return " de "
	}
	return asciiText[sep : sep+1]
}

// write appends a date.
func (f dateFields) write(b []byte, c civilDate) []byte {
	if f.weekday != numbered {
		b = append(f.appendApart(append(b, weekdayNames[f.weekday][c.weekday()]...)), ' ')
	}
	if f.order == yearWeek {
		c.year, c.day = c.week()
	}
	return f.assemble(b, func(b []byte, field byte) []byte {
		switch {
		case field == 'M' && f.name != numbered:
			return append(b, f.monthName(c.month)...)
		case field == 'M':
			return appendTwo(b, c.month, f.pad == bare)
		case field == 'D':
			return f.appendDay(b, c.day)
		case field == 'Q':
			return append(b, 'Q', byte('1'+(c.month-1)/3))
		case field == 'W':
			return appendTwo(append(b, 'W'), c.day, false)
		case f.short:
			return appendTwo(b, c.year%100, false)
		}
		return appendTwo(appendTwo(b, c.year/100, false), c.year%100, false)
	})
}

func (f dateFields) appendApart(b []byte) []byte {
	if f.apart {
		b = append(b, ',')
	}
	return b
}

func (f dateFields) appendDay(b []byte, d int) []byte {
	if f.ordinal {
		return append(appendTwo(b, d, true), ordinalMark(d)...)
	}
	if f.pad == spaced {
		b = append(b, ' ')
	}
	return appendTwo(b, d, f.pad != zeroed)
}

// ordinalMark is what follows a day of the month as in 1st.
func ordinalMark(d int) string {
	switch {
	case d/10 == 1:
	case d%10 == 1:
		return "st"
	case d%10 == 2:
		return "nd"
	case d%10 == 3:
		return "rd"
	}
	return "th"
}

// appendDate appends YYYY-MM-DD.
func appendDate(b []byte, y, m, d int) []byte {
	b = append(appendTwo(appendTwo(b, y/100, false), y%100, false), '-')
	b = append(appendTwo(b, m, false), '-')
	return appendTwo(b, d, false)
}

// appendTwo appends a number below 100 with two digits, or as many as it needs.
func appendTwo(b []byte, n int, bare bool) []byte {
	if n >= 10 || !bare {
		b = append(b, byte('0'+n/10))
	}
	return append(b, byte('0'+n%10))
}

// Two-digit years stand for pivotYear and the 99 after it, as in POSIX.
const pivotYear = 1969

// years returns the first year that the form writes, and the one after the last.
func (f dateFields) years() (first, end int) {
	switch {
	case f.short:
		return pivotYear, pivotYear + 100
	case f.sep == 0 || !f.order.whole():
		return firstYear, lastYear // what looks like other years is just a number
	}
	return 1, 10000
}

// ambiguous reports whether day and month are told apart by their values only.
func (f dateFields) ambiguous() bool {
	return f.name == numbered && (f.order == dayFirst || f.order == monthFirst) && f.sep != '.'
}

// takes reports whether the form is the one of a month's day in its spelling. An ambiguous form that is not of the
// column's first, the month or the day, is of days that cannot be a month only.
func (f dateFields) takes(m, d int, first order) bool {
	switch {
	case !f.order.whole() && (d != 1 || f.order >= yearQuarter && m%3 != 1):
		return false
	case f.ambiguous() && f.order != first && d <= 12:
		return false
	case f.pad == spaced && d >= 10:
		return false
	case f.pad == bare && d >= 10 && (f.name != numbered || m >= 10):
		return false
	}
	return f.name == numbered || f.months()>>m&1 != 0
}
