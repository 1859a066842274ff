package mess

import "strings"

// A dateForm is how a date is written: an index of [dateForms], 0 for YYYY-MM-DD.
type dateForm uint8

// dateFields say which fields a date form has.
//
// A form without leading zeros is one of dates that show it, because their month or day has one digit: 12/31/2024 is
// MM/DD/YYYY in any column. Likewise May is an abbreviation, and 03/04/2024 has the month first: each date
// in each spelling has one form, whatever its column looks like.
type dateFields struct {
	order order
	sep   byte   // between the fields: one of "-/. ", or 0 for none
	name  naming // of the month
	short bool   // the year has two digits
	bare  bool   // month and day are without leading zeros, which one of them would have
	comma bool   // after the day
}

// An order is the first letters of the fields, in order.
type order string

const (
	yearFirst  order = "YMD"
	dayFirst   order = "DMY"
	monthFirst order = "MDY"
)

const dateLayout = "YYYY-MM-DD"

// dateForms are the forms that are read. What else people number the same way is left out: 1.2.24 and 2024.1.2 may be
// versions, and 1-2-24 a part or a clause.
var dateForms = func() []dateFields {
	all := []dateFields{
		{order: yearFirst, sep: '-'}, {order: yearFirst, sep: '/'}, {order: yearFirst, sep: '.'}, {order: yearFirst},
		{order: yearFirst, sep: '-', bare: true}, {order: yearFirst, sep: '/', bare: true},
	}
	for _, bare := range []bool{false, true} {
		all = append(all, dateFields{order: dayFirst, sep: '.', bare: bare})
		for _, o := range []order{monthFirst, dayFirst} {
			all = append(all, dateFields{order: o, sep: '/', bare: bare}, dateFields{order: o, sep: '-', bare: bare},
				dateFields{order: o, sep: '/', bare: bare, short: true})
		}
		for name := abbreviated; name < namings; name++ {
			for _, sep := range []byte(" -") {
				all = append(all, dateFields{order: dayFirst, sep: sep, name: name, bare: bare},
					dateFields{order: dayFirst, sep: sep, name: name, bare: bare, short: true})
			}
			all = append(all, dateFields{order: monthFirst, sep: ' ', name: name, bare: bare},
				dateFields{order: monthFirst, sep: ' ', name: name, bare: bare, comma: true})
		}
	}
	return all
}()

// dateFormOf inverts dateForms.
var dateFormOf = func() map[dateFields]dateForm {
	m := map[dateFields]dateForm{}
	for i, f := range dateForms {
		m[f] = dateForm(i)
	}
	return m
}()

// dateTexts are the descriptors of dateForms, and dateFormNamed inverts them.
var dateTexts, dateFormNamed = func() (texts []string, named map[string]dateForm) {
	named = map[string]dateForm{}
	for i, f := range dateForms {
		texts = append(texts, f.describe())
		named[texts[i]] = dateForm(i)
	}
	return texts, named
}()

// Lengths of the shortest and the longest descriptor.
const minDateText, maxDateText = len("M/D/YY"), len("Month DD, YYYY")

// cutDateForm reads a descriptor that a form starts with, the longest.
func cutDateForm(s string) (d dateForm, rest string, ok bool) {
	if rest, ok = strings.CutPrefix(s, dateLayout); ok {
		return 0, rest, true
	}
	for n := min(len(s), maxDateText); n >= minDateText; n-- {
		if d, ok = dateFormNamed[s[:n]]; ok {
			return d, s[n:], true
		}
	}
	return 0, s, false
}

// assemble appends what append appends for each field, in order, and what is between.
func (f dateFields) assemble(b []byte, field func([]byte, byte) []byte) []byte {
	for i := range len(f.order) {
		if i > 0 && f.sep != 0 {
			b = append(b, f.sep)
		}
		b = field(b, f.order[i])
		if f.comma && f.order[i] == 'D' {
			b = append(b, ',')
		}
	}
	return b
}

// describe returns the form's descriptor.
func (f dateFields) describe() string {
	return string(f.assemble(nil, func(b []byte, field byte) []byte {
		switch {
		case field == 'M' && f.name != numbered:
			return append(b, monthMarks[f.name]...)
		case field == 'Y' && !f.short:
			return append(b, "YYYY"...)
		case field == 'Y' || !f.bare:
			b = append(b, field)
		}
		return append(b, field)
	}))
}

// write appends a date.
func (f dateFields) write(b []byte, y, m, d int) []byte {
	return f.assemble(b, func(b []byte, field byte) []byte {
		switch {
		case field == 'M' && f.name != numbered:
			return append(b, monthNames[f.name][m-1]...)
		case field == 'M':
			return appendTwo(b, m, f.bare)
		case field == 'D':
			return appendTwo(b, d, f.bare)
		case f.short:
			return appendTwo(b, y%100, false)
		}
		return appendTwo(appendTwo(b, y/100, false), y%100, false)
	})
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
	case f.sep == 0:
		return firstYear, lastYear // eight digits of other years are just a number
	}
	return 1, 10000
}

// ambiguous reports whether day and month are told apart by their values only: the first number is the month when it
// can be.
func (f dateFields) ambiguous() bool {
	return f.name == numbered && f.order != yearFirst && f.sep != '.'
}

// takes reports whether the form is the one of a month's day in its spelling.
func (f dateFields) takes(m, d int) bool {
	switch {
	case f.order == dayFirst && f.ambiguous() && d <= 12:
		return false
	case f.bare && d >= 10 && (f.name != numbered || m >= 10):
		return false
	}
	return !f.name.full() || m != may
}
