package mess

import (
	"strings"
	"time"
)

// A layout is how a time is written: `YYYY-MM-DD`, `YYYY-MM-DD hh:mm:ss`, `YYYY-MM-DDThh:mm:ss.fffZ`, with `_` for each space
// before or after. Parts of the time that are zero are part of the layout (`00:00:00`, `hh:mm:00`), so that a column
// of days written with a time stays one. Zones stand for themselves.
type layout struct {
	lead, trail int    // spaces, 0 to maxBlanks
	sep         byte   // 'T' or ' ' between date and clock; 0 for a date alone
	clock       clock  // which seconds of the day are written so
	seconds     bool   // the clock has its third part
	frac        int    // digits of a second's fraction, 0 to 9
	fracZero    bool   // all of them are 0
	zone        string // "", "Z", "z", " UTC", "+hh", "+hhmm", "+hh:mm" or the same with "-"
}

// A clock is a class of the seconds of a day. Each second has one, so that layouts tell them apart.
type clock uint8

const (
	midnight    clock = iota // 00:00 or 00:00:00, and a date alone
	wholeMinute              // hh:mm or hh:mm:00, but no midnight
	anySecond                // hh:mm:ss, but no whole minute
)

const dateLayout = "YYYY-MM-DD"

// clockText is a clock's part of the descriptor, without and with seconds.
var clockText = [...][2]string{{"00:00", "00:00:00"}, {"hh:mm", "hh:mm:00"}, {"hh:mm:ss", "hh:mm:ss"}}

// commonLayouts are descriptors that are looked up rather than made.
var commonLayouts = func() map[layout]string {
	m := map[layout]string{{}: dateLayout}
	for c := midnight; c <= anySecond; c++ {
		for _, sep := range []byte("T ") {
			for _, zone := range []string{"", "Z"} {
				l := layout{sep: sep, clock: c, seconds: true, zone: zone}
				m[l] = l.describe()
			}
		}
	}
	return m
}()

func (l layout) String() string {
	if s, ok := commonLayouts[l]; ok {
		return s
	}
	return l.describe()
}

func (l layout) describe() string {
	b := append(make([]byte, 0, 48), blankMarks[:l.lead]...)
	b = append(b, dateLayout...)
	if l.sep != 0 {
		b = append(b, l.sep)
		at := 0
		if l.seconds {
			at = 1
		}
		b = append(b, clockText[l.clock][at]...)
		if l.frac > 0 {
			b = append(b, '.')
			mark := byte('f')
			if l.fracZero {
				mark = '0'
			}
			for range l.frac {
				b = append(b, mark)
			}
		}
		b = append(b, l.zone...)
	}
	return string(append(b, blankMarks[:l.trail]...))
}

// parseLayout inverts String: it takes no other spelling.
func parseLayout(form string) (l layout, ok bool) {
	var body string
	if l.lead, body, l.trail, ok = cutBlanks(form); !ok {
		return layout{}, false
	}
	rest, ok := strings.CutPrefix(body, dateLayout)
	if !ok || rest == "" {
		return l, ok
	}
	l.sep, rest = rest[0], rest[1:]
	if l.sep != 'T' && l.sep != ' ' {
		return l, false
	}
	if rest, ok = l.cutClock(rest); !ok {
		return l, false
	}
	if l.seconds && strings.HasPrefix(rest, ".") {
		digits := rest[1:]
		rest = strings.TrimLeft(digits, "f")
		if l.fracZero = strings.HasPrefix(digits, "0"); l.fracZero {
			rest = strings.TrimLeft(digits, "0")
		}
		if l.frac = len(digits) - len(rest); l.frac < 1 || l.frac > 9 {
			return l, false
		}
	}
	l.zone = rest
	return l, isZone(rest)
}

// cutClock reads the clock's part of a descriptor, the longest that it can be.
func (l *layout) cutClock(s string) (rest string, ok bool) {
	for at := 1; at >= 0; at-- {
		for c := midnight; c <= anySecond; c++ {
			if rest, ok = strings.CutPrefix(s, clockText[c][at]); ok {
				l.clock, l.seconds = c, at == 1 || c == anySecond
				return rest, true
			}
		}
	}
	return s, false
}

// readClock reads `Thh:mm[:ss[.fff]][zone]`, with T or a space, into the layout and returns the seconds of the day.
func (l *layout) readClock(s string) (sec int64, ok bool) {
	if len(s) < 6 || s[0] != 'T' && s[0] != ' ' || s[3] != ':' || !isDigits(s[1:3]) || !isDigits(s[4:6]) {
		return 0, false
	}
	l.sep = s[0]
	h, m, sub := number2(s[1:]), number2(s[4:]), 0
	rest := s[6:]
	if len(rest) >= 3 && rest[0] == ':' && isDigits(rest[1:3]) {
		l.seconds, sub, rest = true, number2(rest[1:]), rest[3:]
		if rest, ok = l.readFraction(rest); !ok {
			return 0, false
		}
	}
	if h > 23 || m > 59 || sub > 59 || !isZone(rest) {
		return 0, false
	}
	l.zone = rest
	sec = int64(h*hour + m*minute + sub)
	l.clock = clockOf(sec)
	return sec, true
}

// readFraction reads a fraction of a second, if there is one.
func (l *layout) readFraction(s string) (rest string, ok bool) {
	if s == "" || s[0] != '.' {
		return s, true
	}
	rest = strings.TrimLeft(s[1:], "0123456789")
	l.frac = len(s) - 1 - len(rest)
	l.fracZero = strings.Trim(s[1:1+l.frac], "0") == ""
	return rest, l.frac >= 1 && l.frac <= 9
}

func isZone(z string) bool {
	switch z {
	case "", "Z", "z", " UTC":
		return true
	}
	if len(z) < 3 || z[0] != '+' && z[0] != '-' || !isDigits(z[1:3]) || number2(z[1:]) > 14 {
		return false
	}
	rest := strings.TrimPrefix(z[3:], ":")
	return z[3:] == "" || len(rest) == 2 && isDigits(rest) && number2(rest) <= 59
}

// clockOf returns the class of a civil second.
func clockOf(sec int64) clock {
	switch {
	case sec%day == 0:
		return midnight
	case sec%minute == 0:
		return wholeMinute
	}
	return anySecond
}

// writes reports whether the layout is one for the civil second.
func (l layout) writes(sec int64) bool { return clockOf(sec) == l.clock }

// unit is the grid of civil seconds that the layout can write.
func (l layout) unit() int64 {
	switch l.clock {
	case midnight:
		return day
	case wholeMinute:
		return minute
	}
	return 1
}

// times returns the civil times of the interval that the layout writes, as multiples of its unit.
func (l layout) times(s Span) lattice {
	lo, hi := s.clipTime()
	unit := l.unit()
	found := lattice{first: ceilDiv(lo, unit), last: ceilDiv(hi, unit) - 1}
	switch l.clock {
	case wholeMinute:
		found.skip = day / minute
	case anySecond:
		found.skip = minute
	}
	return found
}

// clipTime narrows an interval of more than a century, in which nothing is known of where a value lies, to the years
// with roots of their own, or to the century next to them. Every layout can be written in what is left.
func (s Span) clipTime() (lo, hi int64) {
	lo, hi = s.seconds()
	const century = 100 * year
	switch {
	case hi-lo <= century+year:
	case hi-rootsStart < year:
		lo = hi - century
	case rootsEnd-lo < year:
		hi = lo + century
	default:
		lo, hi = max(lo, rootsStart), min(hi, rootsEnd)
	}
	return lo, hi
}

// write fills the layout. Fractions of a second are made up.
func (l layout) write(t time.Time, r *Rand) string {
	b := t.AppendFormat(appendBlanks(make([]byte, 0, maxTime), l.lead), time.DateOnly)
	if l.sep != 0 {
		b = append(b, l.sep)
		h, m, s := t.Clock()
		b = append(b, byte('0'+h/10), byte('0'+h%10), ':', byte('0'+m/10), byte('0'+m%10))
		if l.seconds {
			b = append(b, ':', byte('0'+s/10), byte('0'+s%10))
		}
		b = append(l.appendFraction(b, r), l.zone...)
	}
	return string(appendBlanks(b, l.trail))
}

// appendFraction makes up a fraction, which is not all zeros unless the layout says so.
func (l layout) appendFraction(b []byte, r *Rand) []byte {
	if l.frac == 0 {
		return b
	}
	b = append(b, '.')
	if l.fracZero {
		return appendZeros(b, l.frac)
	}
	limit := pow10[l.frac]
	n := 1 + r.N(limit-1)
	for limit /= 10; limit > 0; limit /= 10 {
		b = append(b, byte('0'+n/limit%10))
	}
	return b
}
