package mess

import (
	"strconv"
	"strings"
)

// A durationForm is how a duration is written: as a clock, `h:mm:ss`, or `hh:mm:ss` when its hours have two digits or more;
// or as amounts of units, each amount an `N`: `N min`, `NhNm`, `N hours N minutes`, `PTNHNM`. Hour and hours, in full, are
// one unit, of which the amount decides. A single amount may have one decimal other than zero, `N.n`. Of several amounts the first and
// the last are not zero, and each is below what makes one of the unit before.
type durationForm struct {
	lead, trail int  // spaces, 0 to maxBlanks
	clock, bare bool // as a clock; its hours have one digit
	tenths      bool
	iso         bool   // P1DT2H
	gap         bool   // a space between amount and unit
	apart       bool   // a space between amounts
	units       string // indices of durationUnits, one a byte, widest first
}

// A durationUnit is a spelling of a unit.
type durationUnit struct {
	text    string // the plural, or what is written of any amount
	one     string // the singular; "" when it is the same
	seconds int64
	iso     byte // in ISO 8601; 0 for none
}

// durationUnits are the units, widest first, the longer spellings before the shorter ones.
var durationUnits = []durationUnit{
	{"weeks", "week", 7 * day, 0}, {"wks", "", 7 * day, 0}, {"wk", "", 7 * day, 0}, {"w", "", 7 * day, 'W'},
	{"days", "day", day, 0}, {"d", "", day, 'D'},
	{"hours", "hour", hour, 0}, {"hrs", "", hour, 0}, {"hr", "", hour, 0}, {"h", "", hour, 'H'},
	{"minutes", "minute", minute, 0}, {"mins", "", minute, 0}, {"min", "", minute, 0}, {"m", "", minute, 'M'},
	{"seconds", "second", 1, 0}, {"secs", "", 1, 0}, {"sec", "", 1, 0}, {"s", "", 1, 'S'},
}

// maxDurationUnits bounds the amounts of a duration.
const maxDurationUnits = 4

// unitSpellings are the indices of durationUnits by their texts.
var unitSpellings = func() map[string]byte {
	m := map[string]byte{}
	for i, u := range durationUnits {
		m[u.text] = byte(i)
		if u.one != "" {
			m[u.one] = byte(i)
		}
	}
	return m
}()

// isoUnits are the units by their letters in ISO 8601.
var isoUnits = func() map[byte]byte {
	m := map[byte]byte{}
	for i, u := range durationUnits {
		if u.iso != 0 {
			m[u.iso] = byte(i)
		}
	}
	return m
}()

// unitSeconds returns the seconds of the ith unit.
func (f durationForm) unitSeconds(i int) int64 { return durationUnits[f.units[i]].seconds }

// isSound reports whether the parts go together.
func (f durationForm) isSound() bool {
	if f.clock {
		return f.units == ""
	}
	n := len(f.units)
	if n == 0 || n > maxDurationUnits || f.apart && n == 1 || f.tenths && (n > 1 || f.iso || f.unitSeconds(0) == 1) || f.iso && (f.gap || f.apart) {
		return false
	}
	for i := range n {
		if i > 0 && f.unitSeconds(i) >= f.unitSeconds(i-1) || i > 0 && f.gap && !f.apart {
			return false
		}
	}
	return true
}

// durations returns the durations of an interval that the form writes, as multiples of unit.
func (f durationForm) durations(s Span) (set lattice, unit int64) {
	lo, hi := max(s.Lo.ceil(0), 0), min(s.Hi.ceil(0), maxDuration)
	unit = 1
	switch n := len(f.units); {
	case f.clock && f.bare:
		hi = min(hi, 10*hour)
	case f.clock:
	case f.tenths:
		unit, set.skip = f.unitSeconds(0)/10, 10
		hi = min(hi, int64(pow10[maxAmount])*f.unitSeconds(0))
	default:
		unit = f.unitSeconds(n - 1)
		hi = min(hi, int64(pow10[maxAmount])*f.unitSeconds(0))
		if n > 1 {
			lo, set.skip = max(lo, f.unitSeconds(0)), f.unitSeconds(n-2)/unit
		}
	}
	set.first, set.last = ceilDiv(lo, unit), ceilDiv(hi, unit)-1
	return set, unit
}

// fits reports whether the span holds a duration that the form writes.
func (f durationForm) fits(s Span) bool {
	if s.Key != "" {
		sec, ok := keyDuration(s.Key)
		return ok && f.fits(secondsSpan(sec, sec+1))
	}
	set, _ := f.durations(s)
	return set.size() > 0
}

// write appends a duration that the form writes.
func (f durationForm) write(b []byte, sec int64) []byte {
	if f.clock {
		return appendDurationClock(b, sec, f.bare)
	}
	f.eachPart(func(text string) { b = append(b, text...) }, func(i int) {
		amount := sec / f.unitSeconds(i)
		b = strconv.AppendInt(b, amount, 10)
		sec -= amount * f.unitSeconds(i)
		u := durationUnits[f.units[i]]
		switch {
		case f.tenths:
			b = append(b, '.', byte('0'+sec*10/u.seconds))
			f.appendUnit(&b, u.text)
		case amount == 1 && u.one != "":
			f.appendUnit(&b, u.one)
		default:
			f.appendUnit(&b, u.text)
		}
	})
	return b
}

func (f durationForm) appendUnit(b *[]byte, text string) {
	if f.gap {
		*b = append(*b, ' ')
	}
	if f.iso {
		text = strings.ToUpper(text)
	}
	*b = append(*b, text...)
}

// eachPart goes through what is between the amounts, and the amounts.
func (f durationForm) eachPart(between func(string), amount func(int)) {
	if f.iso {
		between("P")
	}
	timed := false
	for i := range len(f.units) {
		if i > 0 && f.apart {
			between(" ")
		}
		if f.iso && !timed && f.unitSeconds(i) < day {
			between("T")
			timed = true
		}
		amount(i)
	}
}

// String returns the descriptor.
func (f durationForm) String() string {
	b := append(make([]byte, 0, 32), blankMarks[:f.lead]...)
	switch {
	case f.clock && f.bare:
		b = append(b, "h:mm:ss"...)
	case f.clock:
		b = append(b, "hh:mm:ss"...)
	default:
		f.eachPart(func(text string) { b = append(b, text...) }, func(i int) {
			b = append(b, 'N')
			if f.tenths {
				b = append(b, ".n"...)
			}
			f.appendUnit(&b, durationUnits[f.units[i]].text)
		})
	}
	return string(append(b, blankMarks[:f.trail]...))
}
