package mess

import (
	"strconv"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// An epochForm is how a timestamp is written as a number: `epoch s`, `epoch ms`, `epoch us` or `epoch ns` for as many seconds or
// parts of them since 1970-01-01T00:00:00Z, followed by `0` when all digits below the second are zeros; `serial` for
// the days since 1899-12-30 that spreadsheets count, with a point and an `f` for each digit of the part of a day. Digits below
// the second are no part of the value, and are made up. Numbers do not say whether they are times, so these are read
// in columns of timestamps only, and no cell votes for them.
type epochForm struct {
	tag         record.Tag // Text or Number
	lead, trail int        // spaces, 0 to maxBlanks
	serial      bool
	digits      uint8 // after the seconds, 0, 3, 6 or 9; after the days of a serial
	zero        bool  // all of them are zeros
}

// epochUnits are the units by digits below the second.
var epochUnits = map[uint8]string{0: "s", 3: "ms", 6: "us", 9: "ns"}

// The times that are read: those with nine digits or ten before 2100, and those with five digits up to about 2119.
const (
	firstEpoch  = 100_000_000
	endEpoch    = 4_102_444_800
	firstSerial = 10_000
	endSerial   = 80_000
	serialZero  = -25_569 // 1899-12-30, in days since 1970-01-01
)

// maxSerial bounds the digits of a part of a day: as many times the seconds of a day are an int64.
const maxSerial = 14

// unit returns the seconds that the form's values are multiples of, and how many multiples of its last digit are zeros, which it
// leaves out. Parts of a day of three or four digits are no whole seconds, and not read.
func (f epochForm) unit() (unit, skip int64) {
	switch {
	case f.serial && f.digits == 0:
		return day, 0
	case f.serial && f.digits <= 2:
		return day / int64(pow10[f.digits]), 10
	}
	return 1, 0
}

// bounds returns the seconds first ≤ s < end that the form writes.
func (f epochForm) bounds() (first, end int64) {
	if f.serial {
		return (firstSerial + serialZero) * day, (endSerial + serialZero) * day
	}
	return firstEpoch, endEpoch
}

// isSound reports whether the parts go together.
func (f epochForm) isSound() bool {
	if f.serial {
		return !f.zero && f.digits <= maxSerial && f.digits != 3 && f.digits != 4
	}
	return epochUnits[f.digits] != "" && (!f.zero || f.digits > 0)
}

// String returns the descriptor.
func (f epochForm) String() string {
	b := append(append(make([]byte, 0, 32), tagMark(f.tag)...), blankMarks[:f.lead]...)
	switch {
	case f.serial:
		b = append(b, "serial"...)
		if f.digits > 0 {
			b = append(append(b, '.'), strings.Repeat("f", int(f.digits))...)
		}
	default:
		b = append(append(b, "epoch "...), epochUnits[f.digits]...)
		if f.zero {
			b = append(b, '0')
		}
	}
	return string(append(b, blankMarks[:f.trail]...))
}

// parseEpochForm inverts String: it takes no other spelling.
func parseEpochForm(form string) (f epochForm, ok bool) {
	if len(form) > 40 {
		return f, false
	}
	f.tag, form = cutTag(form)
	var body string
	if f.lead, body, f.trail, ok = cutBlanks(form); !ok || f.tag != record.Text && f.tag != record.Number {
		return f, false
	}
	if rest, ok := strings.CutPrefix(body, "serial"); ok {
		digits, point := strings.CutPrefix(rest, ".")
		f.serial, f.digits = true, uint8(len(digits))
		return f, f.isSound() && strings.Trim(digits, "f") == "" && point == (f.digits > 0)
	}
	rest, ok := strings.CutPrefix(body, "epoch ")
	rest, f.zero = strings.CutSuffix(rest, "0")
	for digits, unit := range epochUnits {
		if ok && rest == unit {
			f.digits = digits
			return f, f.isSound()
		}
	}
	return f, false
}

// readEpoch reads a number as a time and returns the second.
func readEpoch(cell record.Cell) (sec int64, f epochForm, ok bool) {
	text := cell.Text
	if cell.Tag == record.Number {
		text = plain(text)
	}
	lead, core, trail, ok := blanks(text)
	if !ok || len(core) > 5+1+maxSerial || !isDigit(core[0]) || core[0] == '0' || cell.Tag != record.Text && cell.Tag != record.Number {
		return 0, f, false
	}
	f = epochForm{tag: cell.Tag, lead: lead, trail: trail}
	whole, frac, point := strings.Cut(core, ".")
	if !isDigits(whole) || point && !isDigits(frac) {
		return 0, f, false
	}
	if len(whole) == 5 {
		sec, ok = f.readSerial(whole, frac)
		return sec, f, ok
	}
	for f.digits = 9; f.digits > 0 && len(whole) < 9+int(f.digits); {
		f.digits -= 3
	}
	at := len(whole) - int(f.digits)
	if point || at < 9 || at > 10 {
		return 0, f, false
	}
	f.zero = f.digits > 0 && strings.Trim(whole[at:], "0") == ""
	sec = int64(small(whole[:at]))
	return sec, f, sec >= firstEpoch && sec < endEpoch
}

// readSerial reads the days and the part of a day of a spreadsheet's date, to the nearest second.
func (f *epochForm) readSerial(days, part string) (sec int64, ok bool) {
	f.serial, f.digits = true, uint8(len(part))
	n := int64(small(days))
	if !f.isSound() || n < firstSerial || n >= endSerial {
		return 0, false
	}
	if part != "" {
		ten := int64(pow10[f.digits])
		sec = (int64(small(part))*day + ten/2) / ten
	}
	if _, skip := f.unit(); skip > 0 && part[len(part)-1] == '0' {
		return 0, false
	}
	return (n+serialZero)*day + sec, sec < day
}

// times returns the seconds of an interval that the form writes, as multiples of its unit.
func (f epochForm) times(s Span) lattice {
	first, end := f.bounds()
	lo, hi := s.seconds()
	unit, skip := f.unit()
	return lattice{first: ceilDiv(max(lo, first), unit), last: ceilDiv(min(hi, end), unit) - 1, skip: skip}
}

// writes reports whether the form is one for the second.
func (f epochForm) writes(sec int64) bool {
	first, end := f.bounds()
	unit, skip := f.unit()
	return sec >= first && sec < end && sec%unit == 0 && (skip == 0 || sec/unit%skip != 0)
}

// fits reports whether the span holds a second that the form writes.
func (f epochForm) fits(s Span) bool {
	if s.Key != "" {
		sec, ok := keySeconds(s.Key)
		return ok && f.writes(sec)
	}
	times := f.times(s)
	return times.size() > 0
}

// compile returns a writer of seconds of a span that fits the form.
func (f epochForm) compile(s Span) Writer {
	if sec, ok := keySeconds(s.Key); ok {
		return func(b []byte, r *Rand) ([]byte, record.Tag) { return f.write(b, sec, r), f.tag }
	}
	times := f.times(s)
	unit, _ := f.unit()
	return func(b []byte, r *Rand) ([]byte, record.Tag) { return f.write(b, times.draw(r)*unit, r), f.tag }
}

// write appends a second.
func (f epochForm) write(b []byte, sec int64, r *Rand) []byte {
	b = appendBlanks(b, f.lead)
	if !f.serial {
		b = strconv.AppendInt(b, sec, 10)
		b = clockForm{frac: f.digits, fracZero: f.zero}.appendDigits(b, r)
	} else {
		days := floorDiv(sec, day)
		b = strconv.AppendInt(b, days-serialZero, 10)
		if f.digits > 0 {
			ten := int64(pow10[f.digits])
			part := strconv.FormatInt(((sec-days*day)*ten+day/2)/day, 10)
			b = append(appendZeros(append(b, '.'), int(f.digits)-len(part)), part...)
		}
	}
	return appendBlanks(b, f.trail)
}
