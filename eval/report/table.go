package report

import "fmt"

// A Table is rows of cells under named columns. A wide one scrolls by itself, not with the page.
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]Cell // each with one cell for each column
	Note    string   // what a reader must know to read it; "" if nothing
}

// A Column is a column of a table.
type Column struct {
	Name    string
	Numeric bool // aligned to the right, digits under digits
	Code    bool // set as code: digests, names of columns
}

// A Cell is one entry of a table.
type Cell struct {
	Text  string
	Level Level
	Spark []float64 // a small line behind the text: what led to it, the oldest first; nil for none
}

// Cells makes a row of plain cells.
func Cells(texts ...string) []Cell {
	row := make([]Cell, len(texts))
	for i, t := range texts {
		row[i].Text = t
	}
	return row
}

// Columns makes columns of names; those that start with "#" are numeric, and lose the sign.
func Columns(names ...string) []Column {
	out := make([]Column, len(names))
	for i, name := range names {
		out[i].Name = name
		if name != "" && name[0] == '#' {
			out[i] = Column{Name: name[1:], Numeric: true}
		}
	}
	return out
}

func (t Table) check() error {
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("table %q: row %d has %d cells for %d columns", t.Caption, i+1, len(row), len(t.Columns))
		}
	}
	return nil
}

func (t Table) view() (string, any) {
	type cell struct {
		Text, Class, Sign string
		Spark             string
		Code              bool
	}
	rows := make([][]cell, len(t.Rows))
	for i, row := range t.Rows {
		for j, c := range row {
			v := cell{Text: c.Text, Class: c.Level.class(), Sign: c.Level.sign(), Spark: spark(c.Spark), Code: t.Columns[j].Code}
			if t.Columns[j].Numeric {
				v.Class += " num"
			}
			rows[i] = append(rows[i], v)
		}
	}
	return "table", struct {
		Table
		Rows [][]cell
	}{t, rows}
}

// spark returns the corners of a small line of 100 by 20, "" when there is nothing to draw.
func spark(values []float64) string {
	if len(values) < 2 {
		return ""
	}
	x, y := scale{0, float64(len(values) - 1)}, span(values)
	var line path
	for i, v := range values {
		line.to(100*x.part(float64(i)), 19-18*y.part(v))
	}
	return line.String()
}
