package profile

import (
	"fmt"

	"github.com/apache/arrow/go/v17/parquet/file"
)

// A sheet collects the cells of one column for one row group.
type sheet interface {
	add(*row)

	// flush writes the cells as the row group's next column and empties the sheet.
	flush(file.SerialRowGroupWriter) error
}

// leaf is the sheet of a column of Ts: the values that are there and, of an optional column, a definition level for
// each row, 1 where there is one.
type leaf[T any] struct {
	spec   spec[T]
	values []T
	levels []int16
}

func (s spec[T]) sheet() sheet { return &leaf[T]{spec: s} }

func (l *leaf[T]) add(r *row) {
	cell := l.spec.field(r)
	if cell.ok {
		l.values = append(l.values, cell.v)
	}
	if l.spec.rep == optional {
		level := int16(0)
		if cell.ok {
			level = 1
		}
		l.levels = append(l.levels, level)
	}
}

func (l *leaf[T]) flush(rg file.SerialRowGroupWriter) error {
	chunk, err := rg.NextColumn()
	if err != nil {
		return fmt.Errorf("encode column %s: %w", l.spec.name, err)
	}
	w, ok := chunk.(interface {
		WriteBatch(values []T, def, rep []int16) (int64, error)
	})
	if !ok {
		panic("profile: column " + l.spec.name + " has a schema node of another type")
	}
	// l.levels is nil for a required column, as the library wants it.
	if _, err := w.WriteBatch(l.values, l.levels, nil); err != nil {
		return fmt.Errorf("encode column %s: %w", l.spec.name, err)
	}
	l.values, l.levels = l.values[:0], l.levels[:0]
	return nil
}
