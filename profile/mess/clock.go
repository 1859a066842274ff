package mess

import "strings"

// A clock is a class of the seconds of a day. Each second has one, so that layouts tell them apart.
type clock uint8

const (
	midnight    clock = iota // 00:00 or 00:00:00, and a date alone
	wholeHour                // hh:00 or hh:00:00, but no midnight: people round
	halfHour                 // hh:30 or hh:30:00
	wholeMinute              // hh:mm or hh:mm:00, but none of these
	anySecond                // hh:mm:ss, but no whole minute
)

// A clockForm is how a time of day is written.
type clockForm struct {
	clock    clock  // which seconds of the day are written so
	seconds  bool   // it has its third part
	bare     bool   // the hour has one digit
	half     half   // of the day, after hours from 12 to 11
	frac     uint8  // digits of a second's fraction, 0 to 9
	fracZero bool   // all of them are 0
	comma    bool   // before the fraction, not a point
	zone     string // "", "Z", "z", "+hh", "+hhmm", "+hh:mm" or the same with "-", with a space before, or a name after a space
}

// A half is how the half of the day is marked: an index of halfMarks, 0 for hours from 0 to 23.
type half uint8

// halfMarks are the marks of either half; those of the first stand for both in a form.
var halfMarks = [...][2]string{
	{}, {" AM", " PM"}, {"AM", "PM"}, {" am", " pm"}, {"am", "pm"}, {" A.M.", " P.M."}, {"A.M.", "P.M."}, {" a.m.", " p.m."}, {"a.m.", "p.m."},
}

// append appends the form's descriptor.
func (c clockForm) append(b []byte) []byte {
	switch {
	case c.clock == midnight && c.half != 0:
		b = append(b, "12:00"...)
	case c.clock == midnight && c.bare:
		b = append(b, "0:00"...)
	case c.clock == midnight:
		b = append(b, "00:00"...)
	default:
		if !c.bare {
			b = append(b, 'h')
		}
		b = append(append(b, "h:"...), c.minutes()...)
	}
	switch {
	case c.clock == anySecond:
		b = append(b, ":ss"...)
	case c.seconds:
		b = append(b, ":00"...)
	}
	if c.frac > 0 {
		b = append(b, c.mark())
		mark := byte('f')
		if c.fracZero {
			mark = '0'
		}
		for range c.frac {
			b = append(b, mark)
		}
	}
	b = append(b, halfMarks[c.half][0]...)
	return append(b, c.zone...)
}

// minutes is how a descriptor has the minutes.
func (c clockForm) minutes() string {
	switch c.clock {
	case wholeHour:
		return "00"
	case halfHour:
		return "30"
	}
	return "mm"
}

// hourMarks are how descriptors start, and what that says of the clock.
var hourMarks = []struct {
	text  string
	clock clock
	bare  bool
	half  bool // hours are from 12 to 11, for sure
}{
	{"hh:mm", wholeMinute, false, false}, {"h:mm", wholeMinute, true, false}, {"hh:00", wholeHour, false, false}, {"h:00", wholeHour, true, false},
	{"hh:30", halfHour, false, false}, {"h:30", halfHour, true, false},
	{"00:00", midnight, false, false}, {"0:00", midnight, true, false}, {"12:00", midnight, false, true},
}

// parseClockForm inverts append: it takes no other spelling.
func parseClockForm(s string) (c clockForm, ok bool) {
	twelve := false
	for _, m := range hourMarks {
		if s, ok = strings.CutPrefix(s, m.text); ok {
			c.clock, c.bare, twelve = m.clock, m.bare, m.half
			break
		}
	}
	if !ok {
		return c, false
	}
	if s, c.seconds = strings.CutPrefix(s, ":00"); !c.seconds && c.clock == wholeMinute {
		if s, c.seconds = strings.CutPrefix(s, ":ss"); c.seconds {
			c.clock = anySecond
		}
	}
	if c.comma = strings.HasPrefix(s, ","); c.seconds && (c.comma || strings.HasPrefix(s, ".")) {
		mark := "f"
		if c.fracZero = strings.HasPrefix(s[1:], "0"); c.fracZero {
			mark = "0"
		}
		rest := strings.TrimLeft(s[1:], mark)
		n := len(s) - 1 - len(rest)
		if n < 1 || n > 9 {
			return c, false
		}
		c.frac, s = uint8(n), rest
	}
	for i := 1; i < len(halfMarks) && c.half == 0; i++ {
		if rest, ok := strings.CutPrefix(s, halfMarks[i][0]); ok {
			c.half, s = half(i), rest
		}
	}
	c.zone = s
	return c, isZone(s) && (c.clock != midnight || twelve == (c.half != 0))
}

// readClock reads `hh:mm[:ss[.fff]][half][zone]` and returns the seconds of the day.
func readClock(s string) (sec int64, c clockForm, ok bool) {
	at := strings.IndexByte(s[:min(len(s), 3)], ':')
	if at < 1 || len(s) < at+3 || !isDigits(s[:at]) || !isDigits(s[at+1:at+3]) {
		return 0, c, false
	}
	h, m, sub := small(s[:at]), number2(s[at+1:]), 0
	c.bare = at == 1
	rest := s[at+3:]
	if len(rest) >= 3 && rest[0] == ':' && isDigits(rest[1:3]) {
		c.seconds, sub, rest = true, number2(rest[1:]), rest[3:]
		if rest, ok = c.cutFraction(rest); !ok {
			return 0, c, false
		}
	}
	if h, rest, ok = c.cutHalf(h, rest); !ok || h > 23 || m > 59 || sub > 59 || !isZone(rest) {
		return 0, c, false
	}
	c.zone = rest
	sec = int64(h*hour + m*minute + sub)
	c.clock = clockOf(sec)
	return sec, c, true
}

// cutFraction reads a fraction of a second, if there is one.
func (c *clockForm) cutFraction(s string) (rest string, ok bool) {
	if s == "" || s[0] != '.' && s[0] != ',' {
		return s, true
	}
	c.comma = s[0] == ','
	digits, rest := cutDigits(s[1:])
	if len(digits) < 1 || len(digits) > 9 {
		return s, false
	}
	c.frac, c.fracZero = uint8(len(digits)), strings.Trim(digits, "0") == ""
	return rest, true
}

// cutHalf reads the half of the day, if there is one, and returns the hour from 0 to 23; ok is false when it is none of
// a half's.
func (c *clockForm) cutHalf(h int, s string) (_ int, rest string, ok bool) {
	if s == "" || !strings.Contains(" aApP", s[:1]) {
		return h, s, true
	}
	for i, marks := range halfMarks[1:] {
		for second, mark := range marks {
			if rest, ok = strings.CutPrefix(s, mark); ok {
				c.half = half(i + 1)
				return h%12 + 12*second, rest, h >= 1 && h <= 12
			}
		}
	}
	return h, s, true
}

// zoneNames are the names of zones that are read, after a space.
var zoneNames = set(`UTC GMT EST EDT CST CDT MST MDT PST PDT AKST AKDT HST AST ADT NST NDT BRT ART CLT WET WEST BST CET CEST EET EEST MSK TRT
	SAST EAT WAT IST PKT SGT HKT JST KST AWST ACST ACDT AEST AEDT NZST NZDT`)

func isZone(z string) bool {
	if z == "" || z == "Z" || z == "z" || z[0] == ' ' && zoneNames[z[1:]] {
		return true
	}
	z = strings.TrimPrefix(z, " ")
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
	case sec%hour == 0:
		return wholeHour
	case sec%(hour/2) == 0:
		return halfHour
	case sec%minute == 0:
		return wholeMinute
	}
	return anySecond
}

// mark returns what is before a fraction.
func (c clockForm) mark() byte {
	if c.comma {
		return ','
	}
	return '.'
}

// write appends the time of a second of the day. Fractions of a second are made up.
func (c clockForm) write(b []byte, sec int64, r *Rand) []byte {
	h, second := int(sec/hour), 0
	if c.half != 0 {
		second, h = h/12, (h+11)%12+1
	}
	b = appendTwo(b, h, c.bare)
	b = appendTwo(append(b, ':'), int(sec%hour/minute), false)
	if c.seconds {
		b = appendTwo(append(b, ':'), int(sec%minute), false)
	}
	b = c.appendFraction(b, r)
	b = append(b, halfMarks[c.half][second]...)
	return append(b, c.zone...)
}

// appendFraction makes up a fraction, which is not all zeros unless the form says so.
func (c clockForm) appendFraction(b []byte, r *Rand) []byte {
	if c.frac == 0 {
		return b
	}
	return c.appendDigits(append(b, c.mark()), r)
}

// appendDigits makes up the digits of a fraction.
func (c clockForm) appendDigits(b []byte, r *Rand) []byte {
	if c.fracZero || c.frac == 0 {
		return appendZeros(b, int(c.frac))
	}
	limit := pow10[c.frac]
	n := 1 + r.N(limit-1)
	for limit /= 10; limit > 0; limit /= 10 {
		b = append(b, byte('0'+n/limit%10))
	}
	return b
}
