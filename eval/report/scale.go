package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A scale maps an interval to [0, 1].
type scale struct{ lo, hi float64 }

// part returns where x lies on the scale, cut to [0, 1]. A scale of no length has everything in its middle.
func (s scale) part(x float64) float64 {
	if !(s.hi > s.lo) {
		return 0.5
	}
	return min(1, max(0, (x-s.lo)/(s.hi-s.lo)))
}

// span returns the smallest scale that holds the values.
func span(values []float64) scale {
	s := scale{math.Inf(1), math.Inf(-1)}
	for _, v := range values {
		s.lo, s.hi = min(s.lo, v), max(s.hi, v)
	}
	return s
}

// A Unit says how the numbers of an axis are written.
type Unit int

// The units of an axis.
const (
	Number  Unit = iota // as it is
	Percent             // 0.25 is 25 %
	Date                // seconds since 1970 in UTC, as Seconds returns them
)

// Seconds returns a time as an axis of dates takes it.
func Seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// An Axis says what is measured along a side of a plot.
type Axis struct {
	Label string
	Unit  Unit
}

// write writes a number of the axis in full.
func (a Axis) write(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case a.Unit == Percent:
		return strconv.FormatFloat(100*x, 'g', 4, 64) + " %"
	case a.Unit == Date:
		return moment(x).Format("2006-01-02 15:04:05")
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}

func moment(x float64) time.Time { return time.UnixMilli(int64(math.Round(x * 1000))).UTC() }

// A tick is a labelled place on an axis.
type tick struct {
	At    float64
	Label string
}

// ticks returns places to label, and the scale widened to end at them where that makes them round.
func (a Axis) ticks(s scale) (scale, []tick) {
	if a.Unit == Date {
		return s, dateTicks(s)
	}
	if !(s.hi > s.lo) {
		s = scale{min(0, s.lo), max(0, s.hi)}
		if s.lo == s.hi {
			s.hi = 1
		}
	}
	step := roundStep((s.hi - s.lo) / 4)
	first, last := math.Floor(s.lo/step+1e-9), math.Ceil(s.hi/step-1e-9)
	var out []tick
	for i := first; i <= last; i++ {
		// Dividing keeps 3·0.1 from becoming 0.30000000000000004.
		x := math.Round(i*step*1e12) / 1e12
		if step < 1e-9 {
			x = i * step
		}
		out = append(out, tick{x, a.write(x)})
	}
	return scale{first * step, last * step}, out
}

// roundStep returns the smallest of 1, 2 and 5 times a power of ten that is at least x > 0.
func roundStep(x float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(x)))
	for _, m := range []float64{1, 2, 5} {
		if m*unit >= x*(1-1e-9) {
			return m * unit
		}
	}
	return 10 * unit
}

// dateTicks labels both ends and the middle of a stretch of time, as exactly as its length asks for: more would not fit
// a phone.
func dateTicks(s scale) []tick {
	const day = 24 * 60 * 60
	layout := "15:04:05"
	switch length := s.hi - s.lo; {
	case length > 1000*day:
		layout = "Jan 2006"
	case length > 3*day:
		layout = "2 Jan 2006"
	case length > 600:
		layout = "2 Jan 15:04"
	}
	if !(s.hi > s.lo) {
		return []tick{{s.lo, moment(s.lo).Format("2 Jan 2006")}}
	}
	var out []tick
	for i := range 3 {
		x := s.lo + (s.hi-s.lo)*float64(i)/2
		out = append(out, tick{x, moment(x).Format(layout)})
	}
	return out
}

// percent writes a part of the whole as a length that SVG stretches with the page.
func percent(part float64) string { return decimal(100*part) + "%" }

// decimal writes a coordinate.
func decimal(x float64) string {
	text := strconv.FormatFloat(x, 'f', 2, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// A path is the corners of a line.
type path struct{ strings.Builder }

func (p *path) to(x, y float64) {
	if p.Len() > 0 {
		p.WriteByte(' ')
	}
	fmt.Fprintf(p, "%s,%s", decimal(x), decimal(y))
}
