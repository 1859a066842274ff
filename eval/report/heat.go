package report

import (
	"fmt"
	"math"
)

// Heat is a table of numbers that are coloured by size, such as of every column against every other. It is its own
// table of numbers.
type Heat struct {
	Title   string
	Rows    []string
	Columns []string
	Values  [][]float64 // by row; NaN where there is none
	Unit    Unit        // Number or Percent
	Max     float64     // the number with the deepest colour; 0 takes the largest
	Note    string      // "" if none
}

// shades is how many colours a heat map has, without none.
const shades = 8

func (h Heat) check() error {
	if len(h.Values) != len(h.Rows) {
		return fmt.Errorf("heat map %q has %d rows of numbers for %d names", h.Title, len(h.Values), len(h.Rows))
	}
	for i, row := range h.Values {
		if len(row) != len(h.Columns) {
			return fmt.Errorf("heat map %q: row %q has %d numbers for %d columns", h.Title, h.Rows[i], len(row), len(h.Columns))
		}
	}
	return nil
}

func (h Heat) view() (string, any) {
	type cell struct{ Class, Text string }
	type row struct {
		Name  string
		Cells []cell
	}
	top := h.top()
	v := struct {
		Heat
		Lines []row
	}{Heat: h}
	for i, values := range h.Values {
		r := row{Name: h.Rows[i]}
		for _, x := range values {
			r.Cells = append(r.Cells, cell{shade(x, top), Axis{Unit: h.Unit}.write(x)})
		}
		v.Lines = append(v.Lines, r)
	}
	return "heat", v
}

func (h Heat) top() float64 {
	top := h.Max
	for _, row := range h.Values {
		for _, x := range row {
			if h.Max == 0 && !math.IsNaN(x) {
				top = max(top, math.Abs(x))
			}
		}
	}
	return top
}

// shade names the colour of a number.
func shade(x, top float64) string {
	if math.IsNaN(x) || !(top > 0) {
		return "none"
	}
	return fmt.Sprintf("h%d", int(math.Round(shades*min(1, math.Abs(x)/top))))
}
