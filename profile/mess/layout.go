package mess

import "strings"

// A layout is how a time is written: `YYYY-MM-DD`, `M/D/YYYY h:mm AM`, `YYYY-MM-DDThh:mm:ss.fffZ`, with `_` for each
// space before or after. Parts of the time that are zero are part of the layout (`00:00:00`, `hh:mm:00`), so that a
// column of days written with a time stays one. Zones stand for themselves.
type layout struct {
	lead, trail int  // spaces, 0 to maxBlanks
	sep         byte // 'T', ' ', ':', or ',' for ", " between date and clock, inside when the year is last; 0 for a date alone
	date        dateFields
	first       order // of ambiguous dates, which the codec knows: dayFirst or monthFirst; no part of the descriptor
	clockForm
}

// inside says that the clock is before the year, as in C's ctime.
const inside = 'c'

// isoLayouts are the descriptors of ISO timestamps to the second, after T and after a space, by the clock: looked up, not
// made.
var isoLayouts = func() (t [2][anySecond + 1]string) {
	for c := range t[0] {
		for i, sep := range []byte("T ") {
			t[i][c] = layout{sep: sep, date: isoDate, clockForm: clockForm{clock: clock(c), seconds: true}}.describe()
		}
	}
	return t
}()

func (l layout) String() string {
	switch {
	case l.lead+l.trail > 0:
	case l.sep == 0:
		if text, ok := dateTexts[l.date]; ok {
			return text
		}
	case l.date == isoDate && (l.sep == 'T' || l.sep == ' ') && l.clockForm == clockForm{clock: l.clock, seconds: true}:
		at := 0
		if l.sep == ' ' {
			at = 1
		}
		return isoLayouts[at][l.clock]
	}
	return l.describe()
}

func (l layout) describe() string {
	b := append(make([]byte, 0, 64), blankMarks[:l.lead]...)
	b = l.date.appendText(b)
	if l.sep != 0 {
		after := ""
		b, after = l.openClock(b)
		b = append(l.clockForm.append(b), after...)
	}
	return string(append(b, blankMarks[:l.trail]...))
}

// openClock appends what is between a date and a clock, in descriptors and in cells, and takes off what comes after the clock.
func (l layout) openClock(b []byte) (_ []byte, after string) {
	switch l.sep {
	case inside:
		at := len(b) - len(" YYYY")
		return append(b[:at], ' '), string(b[at:])
	case ',':
		return append(b, ", "...), ""
	}
	return append(b, l.sep), ""
}

// cutSep cuts off what is between date and clock.
func (l *layout) cutSep(s string) (rest string, ok bool) {
	if !l.date.order.whole() || s == "" {
		return s, false
	}
	switch l.sep = s[0]; {
	case l.sep == 'T' || l.sep == ' ' || l.sep == ':' && l.date.name != numbered:
		return s[1:], true
	case l.sep == ',' && len(s) > 1 && s[1] == ' ':
		return s[2:], true
	}
	return s, false
}

// splitInside takes a date with a clock before its year apart, in descriptors and in cells.
func splitInside(s string) (date, clock string, ok bool) {
	colon, year := strings.IndexByte(s, ':'), len(s)-len(" YYYY")
	if colon < 0 || year <= colon || s[year] != ' ' {
		return "", "", false
	}
	at := strings.LastIndexByte(s[:colon], ' ')
	if at < 0 {
		return "", "", false
	}
	return s[:at] + s[year:], s[at+1 : year], true
}

// hasInside reports whether dates of the form may have their clock before the year.
func (f dateFields) hasInside() bool {
	return f.order == monthFirst && f.weekday != numbered && !f.comma && !f.ordinal && f.sep == ' '
}

// parseLayout inverts String: it takes no other spelling.
func parseLayout(form string) (l layout, ok bool) {
	var body string
	l.first = monthFirst
	if l.lead, body, l.trail, ok = cutBlanks(form); !ok {
		return l, false
	}
	if date, clock, ok := splitInside(body); ok && len(body) <= maxTime {
		rest := ""
		if l.date, rest, ok = cutDateForm(date); ok && rest == "" && l.date.hasInside() {
			l.sep = inside
			l.clockForm, ok = parseClockForm(clock)
			return l, ok
		}
	}
	rest, ok := "", false
	if l.date, rest, ok = cutDateForm(body); !ok || rest == "" {
		return l, ok
	}
	if rest, ok = l.cutSep(rest); ok {
		l.clockForm, ok = parseClockForm(rest)
	}
	return l, ok
}

// writes reports whether the layout is one for the civil second.
func (l layout) writes(sec int64) bool {
	n := floorDiv(sec, day)
	return clockOf(sec) == l.clock && l.date.days(l.first).has(n) && l.set().has(sec-n*day)
}

// write fills the layout. Fractions of a second are made up.
func (l layout) write(b []byte, sec int64, r *Rand) []byte {
	b = appendBlanks(b, l.lead)
	c := civilOf(sec)
	if l.date == isoDate {
		b = appendDate(b, c.year, c.month, c.day)
	} else {
		b = l.date.write(b, c)
	}
	if l.sep != 0 {
		after := ""
		b, after = l.openClock(b)
		b = append(l.clockForm.write(b, sec-floorDiv(sec, day)*day, r), after...)
	}
	return appendBlanks(b, l.trail)
}
