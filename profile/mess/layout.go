package mess

import "time"

// A layout is how a time is written: `YYYY-MM-DD`, `M/D/YYYY h:mm AM`, `YYYY-MM-DDThh:mm:ss.fffZ`, with `_` for each
// space before or after. Parts of the time that are zero are part of the layout (`00:00:00`, `hh:mm:00`), so that a
// column of days written with a time stays one. Zones stand for themselves.
type layout struct {
	lead, trail int  // spaces, 0 to maxBlanks
	sep         byte // 'T', ' ', or ',' for ", " between date and clock; 0 for a date alone
	date        dateForm
	clockForm
}

// isoLayouts are the descriptors of ISO timestamps to the second, after T and after a space, by the clock: looked up, not
// made.
var isoLayouts = func() (t [2][anySecond + 1]string) {
	for c := range t[0] {
		for i, sep := range []byte("T ") {
			t[i][c] = layout{sep: sep, clockForm: clockForm{clock: clock(c), seconds: true}}.describe()
		}
	}
	return t
}()

func (l layout) String() string {
	switch {
	case l.lead+l.trail > 0:
	case l.sep == 0:
		return dateTexts[l.date]
	case l.date == 0 && l.sep != ',' && l.clockForm == clockForm{clock: l.clock, seconds: true}:
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
	b = append(b, dateTexts[l.date]...)
	if l.sep != 0 {
		b = l.clockForm.append(l.appendSep(b))
	}
	return string(append(b, blankMarks[:l.trail]...))
}

// appendSep appends what is between date and clock, in descriptors and in cells.
func (l layout) appendSep(b []byte) []byte {
	b = append(b, l.sep)
	if l.sep == ',' {
		b = append(b, ' ')
	}
	return b
}

// cutSep inverts appendSep.
func (l *layout) cutSep(s string) (rest string, ok bool) {
	switch l.sep = s[0]; {
	case l.sep == 'T' || l.sep == ' ':
		return s[1:], true
	case l.sep == ',' && len(s) > 1 && s[1] == ' ':
		return s[2:], true
	}
	return s, false
}

// parseLayout inverts String: it takes no other spelling.
func parseLayout(form string) (l layout, ok bool) {
	var body string
	if l.lead, body, l.trail, ok = cutBlanks(form); !ok {
		return layout{}, false
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
	return clockOf(sec) == l.clock && daySets[l.date].has(n) && l.set().has(sec-n*day)
}

// write fills the layout. Fractions of a second are made up.
func (l layout) write(b []byte, sec int64, r *Rand) []byte {
	b = appendBlanks(b, l.lead)
	y, m, d := time.Unix(sec, 0).UTC().Date()
	if l.date == 0 {
		b = appendDate(b, y, int(m), d)
	} else {
		b = dateForms[l.date].write(b, y, int(m), d)
	}
	if l.sep != 0 {
		b = l.clockForm.write(l.appendSep(b), sec-floorDiv(sec, day)*day, r)
	}
	return appendBlanks(b, l.trail)
}
