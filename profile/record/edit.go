package record

import (
	"context"
	"encoding/binary"
	"slices"
)

// Added are regular records that are in no file.
type Added struct {
	Columns []string // of the source; paths of JSON lines
	Rows    [][]Cell // [row][column]
}

// addedName stands for a file's name in errors.
const addedName = "added records"

// Edited returns a source that yields the added records and then those of s, but for the ones that dropped names by their number from 0 in
// the order of reading: what the dataset would be with other records in it, without a copy of its files. It is for a source that is not
// edited yet. A column that the added records do not have is absent in them.
func (s *Source) Edited(dropped func(row int) bool, added Added) *Source {
	out := *s
	first := len(added.Rows)
	out.dropped = func(row int) bool { return row >= first && dropped(row-first) }
	out.files = append([]string{addedName}, s.files...)
	out.parts = append([]part{addedRows{added, s.schema.Format}}, s.parts...)
	return &out
}

// without passes batches on without the rows that are left out.
func (s *Source) without(emit func(*Batch) error) func(*Batch) error {
	if s.dropped == nil {
		return emit
	}
	first := 0
	return func(b *Batch) error {
		rows := b.Rows
		b.Keep(func(row int) bool { return !s.dropped(first + row) })
		first += rows
		if b.Rows == 0 {
			return nil
		}
		return emit(b)
	}
}

// withoutPaths passes the paths of records on but for those that are left out.
func (s *Source) withoutPaths(emit func([]string) error) func([]string) error {
	if s.dropped == nil {
		return emit
	}
	row := -1
	return func(paths []string) error {
		if row++; s.dropped(row) {
			return nil
		}
		return emit(paths)
	}
}

// addedRows is a part that is in memory.
type addedRows struct {
	Added
	format Format
}

func (a addedRows) read(want []string, b *batcher) error {
	at := make([]int, len(want))
	for i, name := range want {
		at[i] = slices.Index(a.Columns, name)
	}
	if a.format == JSONL {
		b.keepOrder()
	}
	for _, row := range a.Rows {
		var order []byte
		for i, column := range at {
			cell := Cell{}
			if column >= 0 {
				cell = row[column]
			}
			b.cells[i][b.rows] = cell
			if cell.Tag != Absent {
				order = binary.LittleEndian.AppendUint16(order, uint16(i))
			}
		}
		if a.format == JSONL {
			b.others[b.rows], b.orders[b.rows] = 0, order
		}
		if err := b.end(0); err != nil {
			return err
		}
	}
	return nil
}

func (a addedRows) paths(ctx context.Context, _ *pathFinder, emit func([]string) error) (stopped bool, err error) {
	for _, row := range a.Rows {
		var paths []string
		for i, cell := range row {
			if cell.Tag != Absent {
				paths = append(paths, a.Columns[i])
			}
		}
		if err := ctx.Err(); err != nil {
			return true, err
		}
		if err := emit(paths); err != nil {
			return true, err
		}
	}
	return false, nil
}
