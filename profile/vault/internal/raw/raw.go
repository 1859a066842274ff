// Package raw holds real rows column by column. A column is a dictionary of distinct cells and a code a row, so that parsing is
// paid once per distinct cell; one in which hardly any cell occurs twice is held as its cells, row by row. It is inside the vault;
// nothing of it is printed or returned to anyone but the packages that count.
package raw

import (
	"context"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/profile/vault/internal/crew"
	"github.com/patina-data/patina/profile/vault/internal/spill"
)

// Limits say how a table is held. They decide what is faster, and change no count.
type Limits struct {
	Rows   int // of a chunk
	Enough int // distinct cells, from which on a dictionary is given up that most new rows add to
	Most   int // distinct cells of a dictionary
}

// DefaultLimits keep what a reader works on in the processor's caches.
func DefaultLimits() Limits { return Limits{Rows: 1 << 16, Enough: 1 << 16, Most: 1 << 18} }

// A Table is a dataset as it was read.
type Table struct {
	Rows    int
	Unit    dp.Unit  // how many of the rows are one unit's
	Columns []Column // in the order asked for
	Shapes  map[int16]int64

	// Of JSON lines: records by how many members they have beyond the columns, and by the order of their columns, written as
	// [record.Batch] writes it.
	Others map[int]int64
	Orders map[string]int64

	store *spill.Store
}

// Load reads the named columns of the chosen rows. What grows with the rows is kept in the store. progress is told the share
// of the files that has been read.
func Load(ctx context.Context, src *record.Source, columns []string, chosen *bound.Choice, store *spill.Store, limits Limits, progress func(done float64)) (*Table, error) {
	t := &Table{
		Unit: chosen.Unit(), Columns: make([]Column, len(columns)), store: store,
		Shapes: map[int16]int64{}, Others: map[int]int64{}, Orders: map[string]int64{},
	}
	builders := make([]*Builder, len(columns))
	for i := range builders {
		builders[i] = NewBuilder(chosen.Unit(), store, limits)
	}
	read, size := 0, max(1, src.Size())
	err := src.Read(ctx, columns, func(b *record.Batch) error {
		first := read
		read += b.Rows
		chosen.Keep(b, first)
		t.count(b)
		crew.Each(len(columns), func(i int) { builders[i].Add(b.Cells[i]) })
		progress(min(1, float64(src.Done())/float64(size)))
		return store.Err()
	})
	if err != nil {
		return nil, err
	}
	for i, b := range builders {
		t.Columns[i] = *b.Column()
	}
	if err := store.Err(); err != nil {
		return nil, err
	}
	return t, chosen.Check(read)
}

// count takes in what a batch says of whole rows.
func (t *Table) count(b *record.Batch) {
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
}

// Err reports that some of the rows could not be kept, so that what was counted since is not of all of them.
func (t *Table) Err() error {
	if t.store == nil {
		return nil
	}
	return t.store.Err()
}

// Arrange puts the columns in a new order, given by their old indices. Orders is of the old columns, and dropped.
func (t *Table) Arrange(order []int) {
	columns := make([]Column, len(order))
	for i, old := range order {
		columns[i] = t.Columns[old]
	}
	t.Columns, t.Orders = columns, nil
}
