package report

import (
	"fmt"
	"math"
)

// Bars is a plot of horizontal bars in groups, each group one thing measured in several ways, with intervals.
type Bars struct {
	Title  string
	Alt    string // what the plot shows, in words, for who cannot see it
	X      Axis
	Series []string // names of the bars in a group
	Groups []BarGroup
}

// A BarGroup is the bars of one thing.
type BarGroup struct {
	Label string
	Bars  []Bar // one for each series
}

// A Bar is a number with half the width of its interval.
type Bar struct{ Value, PlusMinus float64 }

func (b Bars) check() error {
	if len(b.Groups) == 0 {
		return fmt.Errorf("plot %q has no bar", b.Title)
	}
	for _, g := range b.Groups {
		if len(g.Bars) != len(b.Series) {
			return fmt.Errorf("plot %q: group %q has %d bars for %d series", b.Title, g.Label, len(g.Bars), len(b.Series))
		}
		for _, bar := range g.Bars {
			if sum := bar.Value + bar.PlusMinus; math.IsNaN(sum) || math.IsInf(sum, 0) {
				return fmt.Errorf("plot %q: group %q has a number that is not finite", b.Title, g.Label)
			}
		}
	}
	return nil
}

// Heights of a bar and of the room that it has, in CSS pixels.
const (
	barHeight = 10
	barRoom   = 18
)

func (b Bars) view() (string, any) {
	x, ticks := b.scale()
	type bar struct {
		Class, X, Width, Y, Mid, Low, High, Text string
		Whisker                                  bool
	}
	type group struct {
		Label  string
		Height int
		Bars   []bar
	}
	v := struct {
		Bars
		Legend []place
		Zero   string
		Ticks  []place
		Drawn  []group
		Height int
		Data   Table
	}{Bars: b, Zero: percent(x.part(0)), Ticks: alongX(x, ticks), Data: b.table()}
	for i, name := range b.Series {
		v.Legend = append(v.Legend, place{At: seriesClass(i), Label: name})
	}
	for _, g := range b.Groups {
		drawn := group{Label: g.Label, Height: barRoom * len(g.Bars)}
		for i, one := range g.Bars {
			lo, hi := x.part(min(0, one.Value)), x.part(max(0, one.Value))
			top := float64(barRoom*i) + float64(barRoom-barHeight)/2
			drawn.Bars = append(drawn.Bars, bar{
				Class: seriesClass(i), X: percent(lo), Width: percent(hi - lo), Y: decimal(top), Mid: decimal(top + barHeight/2),
				Low: percent(x.part(one.Value - one.PlusMinus)), High: percent(x.part(one.Value + one.PlusMinus)),
				Whisker: one.PlusMinus > 0, Text: b.text(one),
			})
		}
		v.Drawn = append(v.Drawn, drawn)
	}
	return "bars", v
}

// scale fits the axis to every bar and its interval, and to zero.
func (b Bars) scale() (scale, []tick) {
	values := []float64{0}
	for _, g := range b.Groups {
		for _, one := range g.Bars {
			values = append(values, one.Value-one.PlusMinus, one.Value+one.PlusMinus)
		}
	}
	return b.X.ticks(span(values))
}

func (b Bars) text(one Bar) string {
	if one.PlusMinus == 0 {
		return b.X.write(one.Value)
	}
	return b.X.write(one.Value) + " ± " + b.X.write(one.PlusMinus)
}

// table returns the numbers behind the plot.
func (b Bars) table() Table {
	t := Table{Caption: b.Title, Columns: Columns("")}
	for _, name := range b.Series {
		t.Columns = append(t.Columns, Column{Name: name, Numeric: true})
	}
	for _, g := range b.Groups {
		row := Cells(g.Label)
		for _, one := range g.Bars {
			row = append(row, Cell{Text: b.text(one)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
