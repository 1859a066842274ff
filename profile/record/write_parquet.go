package record

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// rowGroupRows is the number of rows collected before a row group is written.
const rowGroupRows = 128 << 10

// A parquetWriter writes Parquet compressed with zstd, whose checksums tell damage, and without
// statistics, which readers of made-up data have no use for. Every column is nullable.
type parquetWriter struct {
	*AtomicFile
	library *file.Writer
	columns []*columnWriter
	rows    int
}

func newParquetWriter(out *AtomicFile, schema Schema) (Writer, error) {
	w := &parquetWriter{AtomicFile: out}
	logical := make([]arrow.Field, len(schema.Columns)) // as the embedded Arrow schema names them
	stored := make([]arrow.Field, len(schema.Columns))  // as Parquet can store them
	for i, c := range schema.Columns {
		dt, err := parseType(c.Type)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		name := strings.ToValidUTF8(c.Name, "\ufffd")
		logical[i] = arrow.Field{Name: name, Type: dt, Nullable: true}
		stored[i] = arrow.Field{Name: name, Type: storable(dt), Nullable: true}
	}
	props := parquet.NewWriterProperties(
		parquet.WithVersion(parquet.V2_LATEST),
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithStats(false),
		parquet.WithCreatedBy("patina"),
	)
	tree, err := pqarrow.ToParquet(arrow.NewSchema(stored, nil), props, pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, fmt.Errorf("translate the schema: %w", err)
	}
	meta := metadata.NewKeyValueMetadata()
	if err := embedSchema(&meta, arrow.NewSchema(logical, nil)); err != nil {
		return nil, fmt.Errorf("embed the schema: %w", err)
	}
	w.library = file.NewParquetWriter(out, tree.Root(), file.WithWriterProps(props), file.WithWriteMetadata(meta))
	for i, f := range stored {
		w.columns = append(w.columns, newColumnWriter(f.Type, tree.Column(i).PhysicalType()))
	}
	return w, nil
}

// storable returns the type that Parquet stores a type as: it knows no seconds and no durations.
func storable(dt arrow.DataType) arrow.DataType {
	switch dt := dt.(type) {
	case *arrow.TimestampType:
		if dt.Unit == arrow.Second {
			return &arrow.TimestampType{Unit: arrow.Millisecond, TimeZone: dt.TimeZone}
		}
	case *arrow.Time32Type:
		return arrow.FixedWidthTypes.Time32ms
	case *arrow.DurationType:
		return arrow.PrimitiveTypes.Int64
	}
	return dt
}

// embedSchema adds the Arrow schema the way all Arrow implementations do: an IPC stream with nothing but
// the schema in it, in base64.
func embedSchema(meta *metadata.KeyValueMetadata, schema *arrow.Schema) error {
	var buf bytes.Buffer
	w := ipc.NewWriter(&buf, ipc.WithSchema(schema))
	if err := w.Close(); err != nil {
		return err
	}
	return meta.Append("ARROW:schema", base64.StdEncoding.EncodeToString(buf.Bytes()))
}

func (w *parquetWriter) Write(b *Batch) error {
	if err := checkBatch(b, len(w.columns)); err != nil {
		return err
	}
	for from := 0; from < b.Rows; {
		n := min(b.Rows-from, rowGroupRows-w.rows)
		for i, c := range w.columns {
			for _, cell := range b.Cells[i][from : from+n] {
				c.add(cell)
			}
		}
		from += n
		if w.rows += n; w.rows == rowGroupRows {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush writes the collected rows as a row group.
func (w *parquetWriter) flush() error {
	if w.rows == 0 {
		return nil
	}
	w.rows = 0
	return w.guard(func() error {
		group := w.library.AppendRowGroup()
		for _, c := range w.columns {
			chunk, err := group.NextColumn()
			if err != nil {
				return err
			}
			if err := c.flush(chunk); err != nil {
				return err
			}
			if err := chunk.Close(); err != nil {
				return err
			}
		}
		return group.Close()
	})
}

// guard turns what the library makes of a failed write, a panic or an error, into that write's error. A
// panic for another reason is a bug and goes on.
func (w *parquetWriter) guard(f func() error) (err error) {
	defer func() {
		p := recover()
		if _, failed := w.AtomicFile.Write(nil); failed != nil {
			err = failed
		} else if p != nil {
			panic(p)
		}
	}()
	if err := f(); err != nil {
		return fmt.Errorf("write %s: %w", w.path, err)
	}
	return nil
}

func (w *parquetWriter) Commit() error {
	err := w.flush()
	if err == nil {
		// The library's Close would do the same and forget the error.
		err = w.guard(w.library.FlushWithFooter)
	}
	if err != nil {
		w.AtomicFile.Abort()
		return err
	}
	return w.AtomicFile.Commit()
}

// A columnWriter collects the values of one column for a row group.
type columnWriter struct {
	levels []int16 // [row] 1 for a value, 0 for null
	// parse keeps the value of a text, or reports that the type cannot hold it.
	parse func(string) bool
	// write hands the values to the library and forgets them.
	write func(file.ColumnChunkWriter) error
}

func (c *columnWriter) add(cell Cell) {
	level := int16(0)
	if cell.Tag != Absent && cell.Tag != Null && c.parse(cell.Text) {
		level = 1
	}
	c.levels = append(c.levels, level)
}

func (c *columnWriter) flush(chunk file.ColumnChunkWriter) error {
	err := c.write(chunk)
	c.levels = c.levels[:0]
	return err
}

// newColumnWriter connects a type's conversions to the library's typed writers.
func newColumnWriter(dt arrow.DataType, physical parquet.Type) *columnWriter {
	c, text := &columnWriter{}, textOf(dt)
	none := func(string) (int32, bool) { return 0, false }
	switch {
	case dt.ID() == arrow.NULL:
		collect(c, none, func(w file.ColumnChunkWriter) batchWriter[int32] { return w.(*file.Int32ColumnChunkWriter) })
	case physical == parquet.Types.Boolean:
		collect(c, parseBool, func(w file.ColumnChunkWriter) batchWriter[bool] { return w.(*file.BooleanColumnChunkWriter) })
	case physical == parquet.Types.Int32:
		collect(c, narrow[int64, int32](text.parseInt), func(w file.ColumnChunkWriter) batchWriter[int32] { return w.(*file.Int32ColumnChunkWriter) })
	case physical == parquet.Types.Int64:
		collect(c, text.parseInt, func(w file.ColumnChunkWriter) batchWriter[int64] { return w.(*file.Int64ColumnChunkWriter) })
	case physical == parquet.Types.Float:
		collect(c, narrow[float64, float32](text.parseFloat), func(w file.ColumnChunkWriter) batchWriter[float32] { return w.(*file.Float32ColumnChunkWriter) })
	case physical == parquet.Types.Double:
		collect(c, text.parseFloat, func(w file.ColumnChunkWriter) batchWriter[float64] { return w.(*file.Float64ColumnChunkWriter) })
	case physical == parquet.Types.FixedLenByteArray:
		collect(c, retype[parquet.FixedLenByteArray](text.parseBytes), func(w file.ColumnChunkWriter) batchWriter[parquet.FixedLenByteArray] {
			return w.(*file.FixedLenByteArrayColumnChunkWriter)
		})
	default:
		collect(c, retype[parquet.ByteArray](text.parseBytes), func(w file.ColumnChunkWriter) batchWriter[parquet.ByteArray] {
			return w.(*file.ByteArrayColumnChunkWriter)
		})
	}
	return c
}

type batchWriter[T any] interface {
	WriteBatch(values []T, defLevels, repLevels []int16) (int64, error)
}

func collect[T any](c *columnWriter, parse func(string) (T, bool), typed func(file.ColumnChunkWriter) batchWriter[T]) {
	var values []T
	c.parse = func(s string) bool {
		v, ok := parse(s)
		if ok {
			values = append(values, v)
		}
		return ok
	}
	c.write = func(w file.ColumnChunkWriter) error {
		_, err := typed(w).WriteBatch(values, c.levels, nil)
		clear(values) // what they point to can go
		values = values[:0]
		return err
	}
}

// narrow converts what parse has already found to fit.
func narrow[From, To int32 | int64 | float32 | float64](parse func(string) (From, bool)) func(string) (To, bool) {
	return func(s string) (To, bool) {
		v, ok := parse(s)
		return To(v), ok
	}
}

func retype[T ~[]byte](parse func(string) ([]byte, bool)) func(string) (T, bool) {
	return func(s string) (T, bool) {
		v, ok := parse(s)
		return T(v), ok
	}
}

// parseBool knows the words that files use for booleans in their own types, in any case.
func parseBool(s string) (value, ok bool) {
	return strings.EqualFold(s, "true"), strings.EqualFold(s, "true") || strings.EqualFold(s, "false")
}
