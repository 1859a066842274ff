// Package raw holds real rows in memory, column by column, each as a dictionary of distinct cells and a code per
// row: parsing is then paid once per distinct cell. It is inside the vault; nothing of it is printed or returned to
// anyone but the packages that count.
package raw

import (
	"context"
	"strings"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/profile/vault/internal/crew"
)

// A Column is one column of a loaded table.
type Column struct {
	Cells []record.Cell // distinct, in order of first appearance
	Codes []uint32      // [row] index into Cells
	Unit  dp.Unit       // how many of the rows are one unit's
}

// Frequencies returns how many rows hold each distinct cell.
func (c *Column) Frequencies() []int64 {
	n := make([]int64, len(c.Cells))
	for _, code := range c.Codes {
		n[code]++
	}
	return n
}

// A Table is a dataset in memory.
type Table struct {
	Rows    int
	Unit    dp.Unit  // how many of the rows are one unit's
	Columns []Column // in the order asked for
	Shapes  map[int16]int64

	// Of JSON lines: records by how many members they have beyond the columns, and by the order of their columns, written as
	// [record.Batch] writes it.
	Others map[int]int64
	Orders map[string]int64
}

// Load reads the named columns of the chosen rows.
func Load(ctx context.Context, src *record.Source, columns []string, chosen *bound.Choice) (*Table, error) {
	t := &Table{
		Unit: chosen.Unit(), Columns: make([]Column, len(columns)),
		Shapes: map[int16]int64{}, Others: map[int]int64{}, Orders: map[string]int64{},
	}
	dicts := make([]map[record.Cell]uint32, len(columns))
	for i := range dicts {
		dicts[i] = map[record.Cell]uint32{}
		t.Columns[i].Unit = chosen.Unit()
	}
	read := 0
	err := src.Read(ctx, columns, func(b *record.Batch) error {
		first := read
		read += b.Rows
		chosen.Keep(b, first)
		t.Rows += b.Rows
		for _, s := range b.Shapes {
			t.Shapes[s]++
		}
		if b.Shapes == nil {
			t.Shapes[0] += int64(b.Rows)
		}
		for _, n := range b.Others {
			t.Others[n]++
		}
		for _, o := range b.Orders {
			t.Orders[string(o)]++
		}
		crew.Each(len(columns), func(i int) { t.Columns[i].add(dicts[i], b.Cells[i]) })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return t, chosen.Check(read)
}

// Arrange puts the columns in a new order, given by their old indices. Orders is of the old columns, and dropped.
func (t *Table) Arrange(order []int) {
	columns := make([]Column, len(order))
	for i, old := range order {
		columns[i] = t.Columns[old]
	}
	t.Columns, t.Orders = columns, nil
}

func (c *Column) add(dict map[record.Cell]uint32, cells []record.Cell) {
	for _, cell := range cells {
		code, ok := dict[cell]
		if !ok {
			cell.Text = strings.Clone(cell.Text) // a cell's text may share a whole row's memory
			code = uint32(len(c.Cells))
			dict[cell] = code
			c.Cells = append(c.Cells, cell)
		}
		c.Codes = append(c.Codes, code)
	}
}
