package mess

import (
	"errors"
	"strconv"

	"github.com/patina-data/patina/profile/record"
)

// durationCodec reads how long something takes: 1:30:00, 90 min, 1h30m, 2 days, PT1H30M. Its axis is seconds, its forms are
// [durationForm]. A clock without seconds is a time of day to everybody else, and left to that kind.
type durationCodec struct{}

func (durationCodec) Kind() Kind    { return Duration }
func (durationCodec) Axis() Axis    { return durationAxis{} }
func (durationCodec) Literal() bool { return true }
func (durationCodec) Open() bool    { return false }

// Bounds of what is read.
const (
	maxDuration     = 1_000_000 * day // seconds, exclusive
	maxAmount       = 6               // digits of an amount
	maxDurationText = 64              // bytes, without blanks
)

// Parse reads a duration.
func (durationCodec) Parse(cell record.Cell) (Value, string, bool) {
	lead, core, trail, ok := blanks(cell.Text)
	if cell.Tag != record.Text || !ok || len(core) > maxDurationText || !isDigit(core[0]) && core[0] != 'P' {
		return Value{}, "", false
	}
	sec, f, ok := readDurationClock(core)
	if !ok {
		sec, f, ok = readComponents(core)
	}
	if !ok || sec >= maxDuration {
		return Value{}, "", false
	}
	f.lead, f.trail = lead, trail
	return Value{Key: durationKey(sec), Pos: float64(sec)}, f.String(), true
}

// durationKey is the canonical text, h:mm:ss.
func durationKey(sec int64) string { return string(appendDurationClock(nil, sec, true)) }

// keyDuration inverts durationKey.
func keyDuration(key string) (sec int64, ok bool) {
	sec, _, ok = readDurationClock(key)
	return sec, ok && sec < maxDuration && durationKey(sec) == key
}

// readDurationClock reads h:mm:ss with any number of hours.
func readDurationClock(s string) (sec int64, f durationForm, ok bool) {
	hours, rest := cutDigits(s)
	if len(hours) < 1 || len(hours) > maxAmount+2 || len(hours) > 2 && hours[0] == '0' || len(rest) != len(":mm:ss") ||
		rest[0] != ':' || rest[3] != ':' || !isDigits(rest[1:3]) || !isDigits(rest[4:]) || rest[1] > '5' || rest[4] > '5' {
		return 0, f, false
	}
	f.clock, f.bare = true, len(hours) == 1
	return int64(small(hours))*hour + int64(number2(rest[1:]))*minute + int64(number2(rest[4:])), f, true
}

func appendDurationClock(b []byte, sec int64, bare bool) []byte {
	if sec < 10*hour && !bare {
		b = append(b, '0')
	}
	b = strconv.AppendInt(b, sec/hour, 10)
	b = appendTwo(append(b, ':'), int(sec%hour/minute), false)
	return appendTwo(append(b, ':'), int(sec%minute), false)
}

// Own reports whether the form is a duration's.
func (durationCodec) Own(form string) bool {
	_, ok := parseDurationForm(form)
	return ok
}

// Check reports an atom that is not the key of a duration, or an interval that leaves the axis.
func (durationCodec) Check(s Span) error {
	if s.Key == "" {
		return checkInterval(s, Edge{}, edgeOf(maxDuration, 0), 0)
	}
	if _, ok := keyDuration(s.Key); !ok {
		return errors.New("the atom is not the canonical text of a duration")
	}
	return nil
}

// Fits reports whether the span holds a duration that the form writes.
func (durationCodec) Fits(s Span, form string) bool {
	f, ok := parseDurationForm(form)
	return ok && f.fits(s)
}

// Render writes a duration of the span in the form.
func (c durationCodec) Render(s Span, form string, r *Rand) record.Cell {
	return c.compile(s, form).cell(r)
}

// compile finds out once which durations of the span the form writes.
func (durationCodec) compile(s Span, form string) Writer {
	f, ok := parseDurationForm(form)
	if !ok || !f.fits(s) {
		f = durationForm{clock: true, bare: true}
		if !f.fits(s) {
			f.bare = false
		}
	}
	if sec, ok := keyDuration(s.Key); ok {
		text := appendBlanks(f.write(appendBlanks(nil, f.lead), sec), f.trail)
		return constant(record.Cell{Tag: record.Text, Text: string(text)})
	}
	set, unit := f.durations(s)
	return func(b []byte, r *Rand) ([]byte, record.Tag) {
		b = f.write(appendBlanks(b, f.lead), max(0, set.draw(r)*unit))
		return appendBlanks(b, f.trail), record.Text
	}
}

// durationAxis is seconds, cut at round numbers of seconds, minutes, hours and days.
type durationAxis struct{}

// durationSteps are the widths that intervals are cut to.
var durationSteps = []int64{1, 10, minute, 10 * minute, hour, 6 * hour, day, 10 * day, 100 * day, 1000 * day, 10_000 * day, 100_000 * day}

// Roots returns the seconds below a minute, the minutes, the hours, and the days by decades.
func (durationAxis) Roots(int) []Span {
	var spans []Span
	from := int64(0)
	for _, end := range []int64{minute, hour, day, 10 * day, 100 * day, 1000 * day, 10_000 * day, 100_000 * day, maxDuration} {
		spans = append(spans, secondsSpan(from, end))
		from = end
	}
	return spans
}

// Split cuts at the multiples of the widest step of which there are two or more, of the next one when fan is large.
func (durationAxis) Split(s Span, fan, _ int) []Span {
	lo, hi := max(s.Lo.ceil(0), 0), min(s.Hi.ceil(0), maxDuration)
	at := len(durationSteps) - 1
	for at >= 0 && 2*durationSteps[at] > hi-lo {
		at--
	}
	if at < 0 || s.Key != "" {
		return nil
	}
	if finer := max(0, at-1); fan >= 100 && (hi-lo)/durationSteps[finer] <= 200 {
		at = finer
	}
	step := durationSteps[at]
	for (hi-lo)/step > 1000 { // neighbours joined
		step *= 10
	}
	var spans []Span
	for lo < hi {
		end := min(hi, (lo/step+1)*step)
		spans = append(spans, secondsSpan(lo, end))
		lo = end
	}
	return spans
}
