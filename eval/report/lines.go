package report

import (
	"fmt"
	"math"
)

// Lines is a plot of numbers along an axis, such as time, and of the limits that they must not pass.
type Lines struct {
	Title  string
	Alt    string // what the plot shows, in words, for who cannot see it
	X, Y   Axis
	Series []Series
	Limits []Limit
}

// A Series is one line.
type Series struct {
	Name   string
	Points []Point // in the order of X
	Steps  bool    // the number stays until the next point, as a balance does
}

// A Point is one number of a series.
type Point struct {
	X, Y      float64
	PlusMinus float64 // half the width of its interval; 0 for none
	Label     string  // what happened there; "" if nothing
}

// A Limit is a number of Y that must not be passed.
type Limit struct {
	Name string
	Y    float64
}

// plotHeight is the height of the plotting area in CSS pixels, plotWidth its width in its own units: it is stretched
// to the page, while text keeps its size.
const (
	plotHeight = 220
	plotWidth  = 1000
)

func (l Lines) check() error {
	points := 0
	for _, s := range l.Series {
		for _, p := range s.Points {
			points++
			if math.IsNaN(p.X+p.Y+p.PlusMinus) || math.IsInf(p.X+p.Y+p.PlusMinus, 0) {
				return fmt.Errorf("plot %q: series %q has a number that is not finite", l.Title, s.Name)
			}
		}
	}
	if points == 0 {
		return fmt.Errorf("plot %q has no point", l.Title)
	}
	return nil
}

// A place is a tick where it is drawn.
type place struct {
	At, Label, Anchor string
}

// A dot is a point where it is drawn.
type dot struct {
	X, Y, Low, High, Label, Class string
	Whisker                       bool
}

func (l Lines) view() (string, any) {
	x, y, xTicks, yTicks := l.scales()
	type line struct{ Class, Name, Points string }
	type limit struct{ Name, Y, TextY string }
	v := struct {
		Lines
		Height         int
		XTicks, YTicks []place
		Drawn          []line
		Dots           []dot
		Lims           []limit
		Data           Table
	}{Lines: l, Height: plotHeight, XTicks: alongX(x, xTicks), YTicks: alongY(y, yTicks), Data: l.table()}
	for i, s := range l.Series {
		class := seriesClass(i)
		v.Drawn = append(v.Drawn, line{class, s.Name, s.corners(x, y)})
		for _, p := range s.Points {
			v.Dots = append(v.Dots, l.dot(x, y, class, p))
		}
	}
	for _, one := range l.Limits {
		at := down(y, one.Y)
		v.Lims = append(v.Lims, limit{one.Name, decimal(at), decimal(at - 5)})
	}
	return "lines", v
}

// scales fits the axes to everything that is drawn; Y starts at zero, so that lengths can be compared.
func (l Lines) scales() (x, y scale, xTicks, yTicks []tick) {
	var xs []float64
	ys := []float64{0}
	for _, s := range l.Series {
		for _, p := range s.Points {
			xs = append(xs, p.X)
			ys = append(ys, p.Y+p.PlusMinus, p.Y-p.PlusMinus)
		}
	}
	for _, limit := range l.Limits {
		ys = append(ys, limit.Y)
	}
	x, xTicks = l.X.ticks(span(xs))
	y, yTicks = l.Y.ticks(span(ys))
	return x, y, xTicks, yTicks
}

// corners returns the series' line in the plotting area's own units.
func (s Series) corners(x, y scale) string {
	var line path
	last := 0.0
	for i, p := range s.Points {
		across := plotWidth * x.part(p.X)
		if s.Steps && i > 0 {
			line.to(across, last)
		}
		last = down(y, p.Y)
		line.to(across, last)
	}
	return line.String()
}

func (l Lines) dot(x, y scale, class string, p Point) dot {
	label := l.X.write(p.X) + ": " + l.Y.write(p.Y)
	if p.Label != "" {
		label = p.Label + ", " + label
	}
	return dot{
		X: percent(x.part(p.X)), Y: decimal(down(y, p.Y)), Class: class, Label: label,
		Low: decimal(down(y, p.Y-p.PlusMinus)), High: decimal(down(y, p.Y+p.PlusMinus)), Whisker: p.PlusMinus > 0,
	}
}

// down returns where a number lies, in pixels from the top.
func down(y scale, value float64) float64 { return plotHeight * (1 - y.part(value)) }

func alongX(s scale, ticks []tick) []place {
	var out []place
	for i, t := range ticks {
		anchor := "middle"
		if i == 0 && len(ticks) > 1 {
			anchor = "start"
		} else if i == len(ticks)-1 && len(ticks) > 1 {
			anchor = "end"
		}
		out = append(out, place{percent(s.part(t.At)), t.Label, anchor})
	}
	return out
}

func alongY(s scale, ticks []tick) []place {
	var out []place
	for _, t := range ticks {
		out = append(out, place{decimal(down(s, t.At)), t.Label, "end"})
	}
	return out
}

// seriesClass names a series' colour; there are six.
func seriesClass(i int) string { return fmt.Sprintf("s%d", i%6) }

// table returns the numbers behind the plot.
func (l Lines) table() Table {
	t := Table{Caption: l.Title, Columns: Columns("series", l.X.Label, "#"+l.Y.Label, "#±", "what")}
	for _, s := range l.Series {
		for _, p := range s.Points {
			half := ""
			if p.PlusMinus > 0 {
				half = l.Y.write(p.PlusMinus)
			}
			t.Rows = append(t.Rows, Cells(s.Name, l.X.write(p.X), l.Y.write(p.Y), half, p.Label))
		}
	}
	for _, limit := range l.Limits {
		t.Rows = append(t.Rows, Cells(limit.Name, "", l.Y.write(limit.Y), "", "limit"))
	}
	return t
}
