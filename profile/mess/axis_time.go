package mess

import "time"

// timeAxis is civil time in seconds since 1970-01-01T00:00:00, cut into years, months, days and on.
type timeAxis struct{ days bool } // days: nothing finer than a day

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
	year   = 366 * day // the longest
)

// civil returns the seconds at the start of a year.
func civil(year int) int64 { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Unix() }

// The years with a root of their own; centuries stand for the rest of years 1 to 9999.
const firstYear, lastYear = 1900, 2100

// The axis holds years 1 to 9999.
var axisStart, axisEnd = civil(1), civil(10000)

// The years from firstYear to lastYear.
var rootsStart, rootsEnd = civil(firstYear), civil(lastYear)

// Roots returns centuries, then years from firstYear to lastYear, then centuries.
func (timeAxis) Roots(int) []Span {
	var years []int
	for y := 1; y < firstYear; y = y/100*100 + 100 {
		years = append(years, y)
	}
	for y := firstYear; y < lastYear; y++ {
		years = append(years, y)
	}
	for y := lastYear; y <= 10000; y += 100 {
		years = append(years, y)
	}
	spans := make([]Span, len(years)-1)
	for i := range spans {
		spans[i] = secondsSpan(civil(years[i]), civil(years[i+1]))
	}
	return spans
}

func secondsSpan(lo, hi int64) Span { return Span{Lo: edgeOf(lo, 0), Hi: edgeOf(hi, 0)} }

// seconds returns the interval's edges in whole seconds, within the axis.
func (s Span) seconds() (lo, hi int64) {
	return max(s.Lo.ceil(0), axisStart), min(s.Hi.ceil(0), axisEnd)
}

// Split cuts a century into years, a year into months (days when fan is large), a month into days, and so on to seconds.
func (a timeAxis) Split(s Span, fan, _ int) []Span {
	lo, hi := s.seconds()
	next := a.cut(hi-lo, fan)
	if next == nil || s.Key != "" {
		return nil
	}
	var spans []Span
	for t := time.Unix(lo, 0).UTC(); t.Unix() < hi; {
		end := next(t)
		spans = append(spans, secondsSpan(t.Unix(), min(end.Unix(), hi)))
		t = end
	}
	if len(spans) < 2 {
		return nil
	}
	return spans
}

// cut returns how to get from one cut of an interval to the next, or nil when it is at the axis' resolution.
func (a timeAxis) cut(width int64, fan int) func(time.Time) time.Time {
	every := func(d time.Duration) func(time.Time) time.Time {
		return func(t time.Time) time.Time { return t.Truncate(d).Add(d) }
	}
	switch {
	case width > year:
		return func(t time.Time) time.Time { return time.Date(t.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC) }
	case width > 31*day && fan < 100:
		return func(t time.Time) time.Time { return time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC) }
	case width > day:
		return every(24 * time.Hour)
	case a.days:
		return nil
	case width > hour:
		return every(time.Hour)
	case width > 10*minute:
		return every(10 * time.Minute)
	case width > minute:
		return every(time.Minute)
	case width > 1:
		return every(time.Second)
	}
	return nil
}
