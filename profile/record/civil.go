package record

import (
	"math"
	"strconv"
	"strings"
)

const secondsPerDay = 24 * 60 * 60

// daysFromCivil returns the number of days from 1970-01-01 to a date of the proleptic Gregorian calendar,
// for any year. Years are counted from March, so that the leap day is the last; an era is 400 years.
// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
func daysFromCivil(y, m, d int64) int64 {
	if m <= 2 {
		y--
	}
	era := floorDiv(y, 400)
	yoe := y - era*400
	doy := (153*((m+9)%12)+2)/5 + d - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

// civilFromDays is the inverse of daysFromCivil. Source: the same, civil_from_days.
func civilFromDays(z int64) (y, m, d int64) {
	z += 719468
	era := floorDiv(z, 146097)
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	m = (mp+2)%12 + 1
	y = yoe + era*400
	if m <= 2 {
		y++
	}
	return y, m, doy - (153*mp+2)/5 + 1
}

// floorDiv divides towards minus infinity; b > 0.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// appendPadded appends v with at least width digits, a minus sign not counted.
func appendPadded(dst []byte, v int64, width int) []byte {
	if v < 0 {
		dst = append(dst, '-')
		v = -v
	}
	for limit := int64(10); width > 1; width, limit = width-1, limit*10 {
		if v < limit {
			dst = append(dst, "00000000"[:width-1]...)
			break
		}
	}
	return strconv.AppendInt(dst, v, 10)
}

// appendDate appends days since 1970-01-01 as 2006-01-02. Years beyond 9999 take more digits, years before
// 0 a minus sign.
func appendDate(dst []byte, days int64) []byte {
	y, m, d := civilFromDays(days)
	dst = append(appendPadded(dst, y, 4), '-')
	dst = append(appendPadded(dst, m, 2), '-')
	return appendPadded(dst, d, 2)
}

// parseDate is the inverse of appendDate.
func parseDate(s string) (days int64, ok bool) {
	sign := int64(1)
	if rest, neg := strings.CutPrefix(s, "-"); neg {
		s, sign = rest, -1
	}
	ys, s, _ := strings.Cut(s, "-")
	ms, ds, _ := strings.Cut(s, "-")
	y, okY := digits(ys, 4, 12)
	m, okM := digits(ms, 2, 2)
	d, okD := digits(ds, 2, 2)
	if !okY || !okM || !okD || m < 1 || m > 12 || d < 1 {
		return 0, false
	}
	days = daysFromCivil(sign*y, m, d)
	// A day that the month does not have comes back as another date.
	if _, m2, _ := civilFromDays(days); m2 != m {
		return 0, false
	}
	return days, true
}

// digits parses a run of least to most decimal digits.
func digits(s string, least, most int) (int64, bool) {
	if len(s) < least || len(s) > most {
		return 0, false
	}
	v := int64(0)
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		v = v*10 + int64(s[i]-'0')
	}
	return v, true
}

// appendClock appends a time of day as 15:04:05, followed by a point and the digits of the unit if perSecond,
// its number of units, is not 1. What is not a time of day is written with more hours or a minus sign.
func appendClock(dst []byte, v, perSecond int64) []byte {
	if v < 0 {
		dst = append(dst, '-')
		v = -v
	}
	s := v / perSecond
	dst = append(appendPadded(dst, s/3600, 2), ':')
	dst = append(appendPadded(dst, s/60%60, 2), ':')
	dst = appendPadded(dst, s%60, 2)
	if perSecond > 1 {
		dst = append(dst, '.')
		dst = appendPadded(dst, v%perSecond, len(strconv.FormatInt(perSecond, 10))-1)
	}
	return dst
}

// parseClock is the inverse of appendClock within a day. Further digits of a fraction must be zeros.
func parseClock(s string, perSecond int64) (v int64, ok bool) {
	s, frac, _ := strings.Cut(s, ".")
	if len(s) != 8 || s[2] != ':' || s[5] != ':' {
		return 0, false
	}
	hour, okH := digits(s[:2], 2, 2)
	minute, okM := digits(s[3:5], 2, 2)
	second, okS := digits(s[6:], 2, 2)
	if !okH || !okM || !okS || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	width := len(strconv.FormatInt(perSecond, 10)) - 1
	if len(frac) > width {
		if strings.Trim(frac[width:], "0") != "" {
			return 0, false
		}
		frac = frac[:width]
	}
	frac += "000000000"[:width-len(frac)]
	part, ok := int64(0), true
	if width > 0 {
		part, ok = digits(frac, width, width)
	}
	return (hour*3600+minute*60+second)*perSecond + part, ok
}

// appendTimestamp appends units since 1970-01-01T00:00:00.
func appendTimestamp(dst []byte, v, perSecond int64) []byte {
	perDay := secondsPerDay * perSecond
	days := floorDiv(v, perDay)
	dst = append(appendDate(dst, days), 'T')
	// v - days·perDay, with days·perDay out of range near the smallest v: the wraparound cancels out.
	return appendClock(dst, v-days*perDay, perSecond)
}

// parseTimestamp is the inverse of appendTimestamp. A space may stand for the T, a Z may follow, and the
// time may be left out.
func parseTimestamp(s string, perSecond int64) (v int64, ok bool) {
	s = strings.TrimSuffix(s, "Z")
	date, clock := s, "00:00:00"
	if i := strings.IndexAny(s, "T "); i >= 0 {
		date, clock = s[:i], s[i+1:]
	}
	days, okDate := parseDate(date)
	units, okClock := parseClock(clock, perSecond)
	if !okDate || !okClock {
		return 0, false
	}
	perDay := secondsPerDay * perSecond
	if days < 0 {
		// Moves the rest below zero too, so that the product stays in range whenever the sum does.
		days, units = days+1, units-perDay
	}
	if days > math.MaxInt64/perDay || days < math.MinInt64/perDay {
		return 0, false
	}
	v = days * perDay
	if units > 0 && v > math.MaxInt64-units || units < 0 && v < math.MinInt64-units {
		return 0, false
	}
	return v + units, true
}
