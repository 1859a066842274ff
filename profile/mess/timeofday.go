package mess

import (
	"errors"
	"slices"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// timeOfDayCodec reads times of day, the clocks of timestamps, as the timestamps they would be on the first day of the
// axis. Its forms are the clock's part of a [layout], its axis the seconds of a day.
type timeOfDayCodec struct{}

// firstDay stands before a time of day to make it a timestamp, and firstLayout before its form.
const (
	firstDay    = "1970-01-01T"
	firstLayout = dateLayout + "T"
)

var onFirstDay = timeCodec{kind: Timestamp}

func (timeOfDayCodec) Kind() Kind    { return Time }
func (timeOfDayCodec) Axis() Axis    { return timeOfDayAxis{} }
func (timeOfDayCodec) Literal() bool { return true }
func (timeOfDayCodec) Open() bool    { return false }

// Parse reads a time of day.
func (timeOfDayCodec) Parse(cell record.Cell) (Value, string, bool) {
	lead, core, trail, ok := blanks(cell.Text)
	if cell.Tag != record.Text || !ok || len(core) > maxTime {
		return Value{}, "", false
	}
	l := layout{lead: lead, trail: trail, sep: 'T', date: isoDate}
	sec, form, ok := readClock(core)
	if !ok {
		return Value{}, "", false
	}
	l.clockForm = form
	key := secondClock.write(make([]byte, 0, 8), sec, nil)
	return Value{Key: string(key), Pos: float64(sec)}, strings.Replace(l.String(), firstLayout, "", 1), true
}

// stamp returns the span on the timestamps' axis.
func (timeOfDayCodec) stamp(s Span) Span {
	switch s.Key {
	case "":
	case "00:00:00":
		s.Key = strings.TrimSuffix(firstDay, "T")
	default:
		s.Key = firstDay + s.Key
	}
	return s
}

// layout returns the timestamps' form; ok is false when it is not one of a time of day.
func (timeOfDayCodec) layout(form string) (string, bool) {
	at := len(form) - len(strings.TrimLeft(form, "_"))
	full := form[:at] + firstLayout + form[at:]
	l, ok := parseLayout(full)
	return full, ok && l.sep == 'T'
}

// Own reports whether the form is a clock's.
func (c timeOfDayCodec) Own(form string) bool {
	_, ok := c.layout(form)
	return ok
}

// Check reports an atom that is not the key of a time of day, or an interval that leaves the day.
func (c timeOfDayCodec) Check(s Span) error {
	if s.Key == "" {
		return checkInterval(s, Edge{}, edgeOf(day, 0), 0)
	}
	if v, _, ok := c.Parse(record.Cell{Tag: record.Text, Text: s.Key}); !ok || v.Key != s.Key {
		return errors.New("the atom is not the canonical text of a time of day")
	}
	return nil
}

// Fits reports whether the span holds a time that the form writes.
func (c timeOfDayCodec) Fits(s Span, form string) bool {
	full, ok := c.layout(form)
	return ok && onFirstDay.Fits(c.stamp(s), full)
}

// Render writes a time of the span in the form.
func (c timeOfDayCodec) Render(s Span, form string, r *Rand) record.Cell {
	return c.compile(s, form).cell(r)
}

// compile writes timestamps on the first day, and cuts that off.
func (c timeOfDayCodec) compile(s Span, form string) Writer {
	for _, f := range []string{form, "hh:mm:ss", "hh:mm:00", "hh:30:00", "hh:00:00", "00:00:00"} {
		full, ok := c.layout(f)
		if !ok || !onFirstDay.Fits(c.stamp(s), full) {
			continue
		}
		stamp, lead := onFirstDay.compile(c.stamp(s), full), len(full)-len(strings.TrimLeft(full, "_"))
		return func(b []byte, r *Rand) ([]byte, record.Tag) {
			at := len(b) + lead
			b, tag := stamp(b, r)
			return slices.Delete(b, at, at+len(firstDay)), tag
		}
	}
	return constant(record.Cell{Tag: record.Text, Text: "00:00:00"})
}

// timeOfDayAxis is the seconds of a day, cut into hours and on.
type timeOfDayAxis struct{}

// Roots returns the hours.
func (timeOfDayAxis) Roots(int) []Span {
	spans := make([]Span, day/hour)
	for i := range spans {
		spans[i] = secondsSpan(int64(i)*hour, int64(i+1)*hour)
	}
	return spans
}

// Split cuts an hour into ten minutes, those into minutes, and those into seconds.
func (timeOfDayAxis) Split(s Span, fan, res int) []Span { return timeAxis{}.Split(s, fan, res) }
