package profile

import (
	"errors"
	"fmt"

	"github.com/apache/arrow/go/v17/parquet/file"
)

// A cursor walks one column chunk row by row.
type cursor interface {
	// read takes the next cell into the row. A text is a view of its page.
	read(*row) error

	// end checks that there are no more cells.
	end() error
}

// batchRows is the number of rows a cursor decodes at a time. Texts keep their pages, so more rows would be more pages.
const batchRows = 64

// chunk is the cursor of a column of Ts.
type chunk[T any] struct {
	spec   spec[T]
	reader chunkReader[T]
	buffer []T
	values []T     // of the batch: the front of buffer
	levels []int16 // of the batch, of an optional column
	rows   int     // in the batch
	at     int     // rows taken
	taken  int     // values taken
}

type chunkReader[T any] interface {
	HasNext() bool
	ReadBatch(size int64, values []T, def, rep []int16) (rows int64, present int, err error)
}

func (s spec[T]) cursor(c file.ColumnChunkReader) (cursor, error) {
	reader, ok := c.(chunkReader[T])
	if !ok {
		return nil, fmt.Errorf("column %s has another type", s.name)
	}
	return &chunk[T]{spec: s, reader: reader}, nil
}

func (c *chunk[T]) read(r *row) error {
	if c.at == c.rows {
		if err := c.fill(); err != nil {
			return fmt.Errorf("column %s: %w", c.spec.name, err)
		}
	}
	cell := c.spec.field(r)
	*cell = opt[T]{ok: c.levels == nil || c.levels[c.at] == 1}
	if cell.ok {
		cell.v = c.values[c.taken]
		c.taken++
	}
	c.at++
	return nil
}

// fill decodes the next batch.
func (c *chunk[T]) fill() error {
	if c.buffer == nil {
		c.buffer = make([]T, batchRows)
		if c.spec.rep == optional {
			c.levels = make([]int16, batchRows)
		}
	}
	rows, n, err := c.reader.ReadBatch(batchRows, c.buffer, c.levels, nil)
	if err != nil {
		return err
	}
	if rows == 0 {
		return errors.New("fewer cells than rows")
	}
	// Slicing values to n makes a wrong count a panic under the guard, not a stale value.
	c.values, c.rows, c.at, c.taken = c.buffer[:n], int(rows), 0, 0
	return nil
}

func (c *chunk[T]) end() error {
	if c.at < c.rows || c.reader.HasNext() {
		return fmt.Errorf("column %s has more cells than rows", c.spec.name)
	}
	return nil
}
