package record

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// WriteOptions say how to write a table.
type WriteOptions struct {
	Force bool // replace an existing file

	// AsInput writes CSV as the input was in all of its dialect: encoding, byte order mark, line ends, quoting, lines
	// before the header (made-up ones). Without it CSV is UTF-8, quoted where needed.
	AsInput bool
}

// A Writer writes a table to a file that appears under its name at Commit. The texts of a batch are not
// kept after Write returns. Abort removes what was written and does nothing after Commit.
type Writer interface {
	Write(*Batch) error
	Commit() error
	Abort()
}

// Create begins a table at path, in the format of its extension: .parquet, .pq, .csv, .tsv, .jsonl or
// .ndjson. The schema is that of the input: whatever its format, its column names and types count, and
// for CSV from CSV its dialect.
//
// Each format holds what it can of a cell:
//   - CSV holds every text, and nothing for both Absent and Null; row shapes are written. A character that the
//     encoding lacks becomes the encoding's substitute.
//   - Parquet is typed: a text that its column's type cannot hold exactly becomes null, as do Absent and
//     Null, or repeats the last value where the input's column cannot be null; bytes that are not UTF-8
//     become U+FFFD in a string column. Parquet has no seconds and no durations: timestamps and times
//     in seconds are stored in milliseconds, durations as integers. Nested input is nested again.
//   - JSON lines hold every tag; NaN and infinities become null, bytes that are not UTF-8 U+FFFD. A row
//     of shape Malformed is written as a line that is malformed.
func Create(path string, schema Schema, opts WriteOptions) (Writer, error) {
	if len(schema.Columns) == 0 {
		return nil, fmt.Errorf("create %s: the table has no columns", path)
	}
	ext := strings.ToLower(filepath.Ext(path))
	if opts.AsInput && (schema.Format != CSV || ext != ".csv" && ext != ".tsv") {
		return nil, fmt.Errorf("create %s: only CSV that is made of CSV can be written as the input was", path)
	}
	var create func(*AtomicFile, Schema) (Writer, error)
	switch ext {
	case ".parquet", ".pq":
		create = newParquetWriter
	case ".csv", ".tsv":
		schema.Dialect = outputDialect(schema, ext, opts.AsInput)
		schema.Columns = unescapedColumns(schema)
		create = newCSVWriter
	case ".jsonl", ".ndjson":
		create = newJSONLWriter
	default:
		return nil, fmt.Errorf("create %s: cannot tell the format by the name: end it in .parquet, .csv, .tsv, .jsonl or .ndjson", path)
	}
	schema.Columns = slices.Clone(schema.Columns)
	file, err := CreateAtomic(path, opts.Force)
	if err != nil {
		return nil, err
	}
	w, err := create(file, schema)
	if err != nil {
		file.Abort()
		return nil, fmt.Errorf("create %s: %w", path, err)
	}
	return w, nil
}

// checkBatch refuses a batch that does not fit the schema, which is a bug of the caller.
func checkBatch(b *Batch, columns int) error {
	if len(b.Cells) != columns {
		return fmt.Errorf("write a batch of %d columns to a table of %d", len(b.Cells), columns)
	}
	for i, c := range b.Cells {
		if len(c) != b.Rows {
			return fmt.Errorf("write a batch whose column %d has %d cells in %d rows", i+1, len(c), b.Rows)
		}
	}
	if b.Shapes != nil && len(b.Shapes) != b.Rows || b.Extra != nil && len(b.Extra) != b.Rows {
		return errors.New("write a batch whose shapes do not match its rows")
	}
	return nil
}

// shape returns the shape of a row.
func (b *Batch) shape(row int) int16 {
	if b.Shapes == nil {
		return 0
	}
	return b.Shapes[row]
}
