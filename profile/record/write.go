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

	// AsInput writes a table as broken as the input was. CSV gets all of its dialect: encoding, byte order mark, line ends, quoting,
	// lines before the header (made-up ones); without it CSV is UTF-8, quoted where needed. JSON lines get a damaged line for a
	// row of shape Malformed, and Batch.Others as members with made-up keys and values; without it every line is the
	// object that the cells make.
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
//   - JSON lines hold every tag; NaN and infinities become null, bytes that are not UTF-8 U+FFFD. If the
//     input was JSON lines or Parquet, columns are named by paths, and nested again.
func Create(path string, schema Schema, opts WriteOptions) (Writer, error) {
	if len(schema.Columns) == 0 {
		return nil, fmt.Errorf("create %s: the table has no columns", path)
	}
	ext := strings.ToLower(filepath.Ext(path))
	if opts.AsInput && !sameFormat(schema.Format, ext) {
		return nil, fmt.Errorf("create %s: only CSV made of CSV and JSON lines made of JSON lines can be written as the input was", path)
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
		create = func(f *AtomicFile, s Schema) (Writer, error) { return newJSONLWriter(f, s, opts.AsInput) }
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

// sameFormat reports whether files with the extension are of a format that can be written with all of its mess.
func sameFormat(f Format, ext string) bool {
	switch ext {
	case ".csv", ".tsv":
		return f == CSV
	case ".jsonl", ".ndjson":
		return f == JSONL
	}
	return false
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
	if b.Shapes != nil && len(b.Shapes) != b.Rows || b.Extra != nil && len(b.Extra) != b.Rows ||
		b.Others != nil && len(b.Others) != b.Rows || b.Reordered != nil && len(b.Reordered) != b.Rows {
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
