package mess

import (
	"errors"
	"strings"
	"time"

	"github.com/patina-data/patina/profile/record"
)

// timeCodec reads dates and timestamps; its forms are [layout]. Zones are kept as written: the axis is civil time.
type timeCodec struct {
	kind     Kind
	dayFirst bool // of ambiguous dates
}

// DayFirst returns the codec that reads a date such as 03/04/2024 with the day first, which is what a column's writers know and a
// cell does not show. Codecs of kinds without dates are returned as they are.
func DayFirst(c Codec) Codec {
	if t, ok := c.(timeCodec); ok {
		t.dayFirst = true
		return t
	}
	return c
}

// first returns the field that ambiguous dates have first.
func (c timeCodec) first() order {
	if c.dayFirst {
		return dayFirst
	}
	return monthFirst
}

// layout reads a form.
func (c timeCodec) layout(form string) (l layout, ok bool) {
	l, ok = parseLayout(form)
	l.first = c.first()
	return l, ok
}

func (c timeCodec) Kind() Kind    { return c.kind }
func (c timeCodec) Axis() Axis    { return timeAxis{days: c.kind == Date} }
func (c timeCodec) Literal() bool { return true }
func (timeCodec) Open() bool      { return false }

// maxTime bounds a parsed cell without its blanks, and a layout, in bytes: `WEDNESDAY, SEPTEMBER 30, 2024, 12:30:15.123456789 a.m. +02:00`
// has 61.
const maxTime = 64

// Parse reads a date, and for Timestamp a date with or without a time, or a number that stands for one.
func (c timeCodec) Parse(cell record.Cell) (Value, string, bool) {
	if cell.Tag == record.Text {
		if lead, core, trail, ok := blanks(cell.Text); ok && len(core) <= maxTime {
			if l, sec, ok := c.read(core); ok {
				l.lead, l.trail = lead, trail
				return Value{Key: l.key(core, sec), Pos: float64(sec)}, l.String(), true
			}
		}
	}
	if c.kind == Timestamp {
		if sec, f, ok := readEpoch(cell); ok {
			return Value{Key: secondKey(sec), Pos: float64(sec)}, f.String(), true
		}
	}
	return Value{}, "", false
}

// read reads a date with or without a clock.
func (c timeCodec) read(s string) (l layout, sec int64, ok bool) {
	l.first = c.first()
	var rest string
	if sec, l.date, rest, ok = readDate(s, l.first); ok && rest == "" {
		return l, sec, true
	}
	if ok {
		rest, ok = l.cutSep(rest)
	} else if isDigit(s[len(s)-1]) && !isDigit(s[0]) {
		var date, after string
		if date, rest, ok = splitInside(s); ok {
			l.sep = inside
			sec, l.date, after, ok = readDate(date, l.first)
			ok = ok && after == "" && l.date.hasInside()
		}
	}
	if !ok || c.kind == Date {
		return l, 0, false
	}
	clock, form, ok := readClock(rest)
	l.clockForm = form
	return l, sec + clock, ok
}

// key returns the canonical text of a civil second, YYYY-MM-DD at midnight and else YYYY-MM-DDThh:mm:ss; a part of how it
// is written where that has it.
func (l layout) key(core string, sec int64) string {
	iso := l.date == isoDate
	switch {
	case iso && l.clock == midnight:
		return core[:len(dateLayout)]
	case iso && l.sep == 'T' && l.seconds && !l.bare && l.half == 0:
		return core[:len("YYYY-MM-DDThh:mm:ss")]
	}
	return secondKey(sec)
}

// secondKey makes the canonical text of a civil second.
func secondKey(sec int64) string {
	d := civilOf(sec)
	key := appendDate(make([]byte, 0, 20), d.year, d.month, d.day)
	if clockOf(sec) != midnight {
		key = secondClock.write(append(key, 'T'), sec-floorDiv(sec, day)*day, nil)
	}
	return string(key)
}

// secondClock is the clock of keys.
var secondClock = clockForm{clock: anySecond, seconds: true}

// parseDate reads YYYY-MM-DD of years 1 to 9999 and returns its first second.
func parseDate(s string) (sec int64, ok bool) {
	if s[4] != '-' || s[7] != '-' || !isDigits(s[:4]) || !isDigits(s[5:7]) || !isDigits(s[8:10]) {
		return 0, false
	}
	y, m, d := number2(s)*100+number2(s[2:]), number2(s[5:]), number2(s[8:])
	if y < 1 || !isDay(y, m, d) {
		return 0, false
	}
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix(), true
}

// isDay reports whether a month has the day in that year.
func isDay(y, m, d int) bool {
	switch m {
	case 4, 6, 9, 11:
		return d >= 1 && d <= 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return d >= 1 && d <= 29
		}
		return d >= 1 && d <= 28
	}
	return m >= 1 && m <= 12 && d >= 1 && d <= 31
}

// number2 reads two digits.
func number2(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

// keySeconds returns the civil second whose canonical text the key is.
func keySeconds(key string) (sec int64, ok bool) {
	if len(key) < len(dateLayout) {
		return 0, false
	}
	sec, ok = parseDate(key[:len(dateLayout)])
	if rest := key[len(dateLayout):]; ok && rest != "" {
		clock, form, read := readClock(rest[1:])
		ok = read && rest[0] == 'T' && form == clockForm{clock: form.clock, seconds: true} && clock != 0
		sec += clock
	}
	return sec, ok
}

// keyDate returns the date that a key starts with.
func keyDate(key string) (c civilDate, ok bool) {
	sec, ok := keySeconds(key)
	return civilOf(sec), ok
}

// Own reports whether the form is a layout of the kind.
func (c timeCodec) Own(form string) bool {
	if _, ok := c.epoch(form); ok {
		return true
	}
	l, ok := c.layout(form)
	return ok && c.has(l)
}

// epoch reads the form of a number that stands for a time.
func (c timeCodec) epoch(form string) (epochForm, bool) {
	if c.kind != Timestamp || strings.IndexByte(form, 'e') < 0 { // most have none
		return epochForm{}, false
	}
	return parseEpochForm(form)
}

// has reports whether the kind writes the layout: dates have no clock.
func (c timeCodec) has(l layout) bool { return c.kind == Timestamp || l.sep == 0 }

// Check reports an atom that is not the key of a time of the kind, or an interval that is not one of its axis'.
func (c timeCodec) Check(s Span) error {
	if s.Key != "" {
		sec, ok := keySeconds(s.Key)
		if !ok || c.kind == Date && sec%day != 0 {
			return errors.New("the atom is not the canonical text of a time of its kind")
		}
		return nil
	}
	if err := checkInterval(s, edgeOf(axisStart, 0), edgeOf(axisEnd, 0), 0); err != nil {
		return err
	}
	if lo, hi := s.seconds(); c.kind == Date && (lo%day != 0 || hi%day != 0) {
		return errors.New("an edge of a date's interval is within a day")
	}
	return nil
}

// Fits reports whether the span holds a time that the layout writes.
func (c timeCodec) Fits(s Span, form string) bool {
	if f, ok := c.epoch(form); ok {
		return f.fits(s)
	}
	l, ok := c.layout(form)
	return ok && c.fits(s, l)
}

func (c timeCodec) fits(s Span, l layout) bool {
	if !c.has(l) {
		return false
	}
	if s.Key != "" {
		sec, ok := keySeconds(s.Key)
		return ok && l.writes(sec)
	}
	return l.times(s).size() > 0
}

// Render writes a time of the span in the layout.
func (c timeCodec) Render(s Span, form string, r *Rand) record.Cell {
	return c.compile(s, form).cell(r)
}

// compile finds out once which times of the span the form writes.
func (c timeCodec) compile(s Span, form string) Writer {
	if f, ok := c.epoch(form); ok && f.fits(s) {
		return f.compile(s)
	}
	l, ok := c.layout(form)
	if !ok || !c.fits(s, l) {
		l = c.canonical(s)
	}
	if sec, ok := keySeconds(s.Key); ok {
		return func(b []byte, r *Rand) ([]byte, record.Tag) { return l.write(b, sec, r), record.Text }
	}
	times := l.times(s)
	return func(b []byte, r *Rand) ([]byte, record.Tag) { return l.write(b, times.draw(r), r), record.Text }
}

// canonical is the layout for a span whose form was too rare to be released: the first of the plain ones that fits.
func (c timeCodec) canonical(s Span) layout {
	for _, clock := range []clock{midnight, anySecond, wholeMinute, halfHour, wholeHour} {
		l := layout{date: isoDate}
		if clock != midnight {
			l.sep, l.clockForm = 'T', clockForm{clock: clock, seconds: true}
		}
		if c.fits(s, l) {
			return l
		}
	}
	return layout{date: isoDate}
}
