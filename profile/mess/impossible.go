package mess

import (
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// impossible marks the form of a text that is written as a date but is none in the calendar, as 2023-02-30. It is the finest
// mask of such a text in a column of dates; digits never follow it, as in the coarse masks.
const impossible = "~"

// impossible describes a text that would be a date if its month had that day.
func (c timeCodec) impossible(cell record.Cell) (form string, ok bool) {
	lead, core, trail, ok := blanks(cell.Text)
	if cell.Tag != record.Text || !ok || len(core) > maxTime {
		return "", false
	}
	r := dateReader{rest: core, first: c.first()}
	if !r.read() || isDay(r.year, r.month, r.day) {
		return "", false
	}
	l := layout{lead: lead, trail: trail, date: r.form}
	if r.rest != "" {
		if r.rest, ok = l.cutSep(r.rest); !ok || c.kind == Date {
			return "", false
		}
		if _, l.clockForm, ok = readClock(r.rest); !ok {
			return "", false
		}
	}
	return impossible + l.String(), len(l.impossibleDays()) > 0
}

// impossibleDays returns the days in a year of 365 days that the layout writes and that are not in the calendar.
func (l layout) impossibleDays() (days []civilDate) {
	if !l.date.order.whole() || l.date.weekday != numbered || l.sep == inside {
		return nil
	}
	for m := 1; m <= 12; m++ {
		for _, d := range []int{0, 29, 30, 31} {
			if c := (civilDate{2001, m, d}); !isDay(c.year, m, d) && l.date.writesImpossible(c) {
				days = append(days, c)
			}
		}
	}
	return days
}

// writesImpossible reports whether such a day is read in the form again. Day 0 is left to the forms that write no others.
func (f dateFields) writesImpossible(c civilDate) bool {
	switch {
	case f.name == numbered:
		return c.day > 0 && (f.pad == zeroed || c.month < 10)
	case f.months()>>c.month&1 == 0:
		return false
	}
	return (c.day > 0) == (f.pad == zeroed)
}

// cutImpossible reads the form of an impossible date.
func cutImpossible(form string) (l layout, ok bool) {
	body, ok := strings.CutPrefix(form, impossible)
	if !ok || body == "" || isDigit(body[0]) {
		return l, false
	}
	l, ok = parseLayout(body)
	return l, ok && len(l.impossibleDays()) > 0
}

// impossibleWriter returns a writer of dates that are not in the calendar.
func (l layout) impossibleWriter() Writer {
	days, set := l.impossibleDays(), l.clockForm.set()
	return func(b []byte, r *Rand) ([]byte, record.Tag) {
		c := days[r.Int(len(days))]
		for c.year = 1971 + r.Int(68); c.year%4 == 0; c.year++ { // those that two digits say too, but for leap years
		}
		b = l.date.write(appendBlanks(b, l.lead), c)
		if l.sep != 0 {
			b, _ = l.openClock(b)
			b = l.clockForm.write(b, set.at(int64(r.N(uint64(set.total)))), r)
		}
		return appendBlanks(b, l.trail), record.Text
	}
}
