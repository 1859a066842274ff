package record

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/ipc"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// rowGroupRows is the number of rows collected before a row group is written.
const rowGroupRows = 128 << 10

// A parquetWriter writes Parquet compressed with zstd, whose checksums tell damage, and without
// statistics, which readers of made-up data have no use for. What was nested or could not be null in a Parquet input is so
// again; columns from other formats are nullable.
type parquetWriter struct {
	*AtomicFile
	library *file.Writer
	root    *outNode
	columns []*columnWriter // leaves
	wide    int             // columns of a batch
	rows    int
}

func newParquetWriter(out *AtomicFile, s Schema) (Writer, error) {
	w := &parquetWriter{AtomicFile: out, wide: len(s.Columns)}
	var err error
	if w.root, err = newOutTree(s); err != nil {
		return nil, err
	}
	props := parquet.NewWriterProperties(
		parquet.WithVersion(parquet.V2_LATEST),
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithStats(false),
		parquet.WithCreatedBy("patina"),
	)
	fields, leaves, err := w.root.fieldNodes(props)
	if err != nil {
		return nil, fmt.Errorf("translate the schema: %w", err)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Repeated, fields, -1)
	if err != nil {
		return nil, fmt.Errorf("translate the schema: %w", err)
	}
	meta := metadata.NewKeyValueMetadata()
	if err := embedSchema(&meta, arrow.NewSchema(w.root.arrowFields(), nil)); err != nil {
		return nil, fmt.Errorf("embed the schema: %w", err)
	}
	w.library = file.NewParquetWriter(out, root, file.WithWriterProps(props), file.WithWriteMetadata(meta))
	w.columns = leaves
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

// stride is the number of rows after which it is seen whether a row group is full, and maxGroupEntries the elements of lists
// that make it so.
const (
	stride          = 512
	maxGroupEntries = 4 << 20
)

func (w *parquetWriter) Write(b *Batch) error {
	if err := checkBatch(b, w.wide); err != nil {
		return err
	}
	for from := 0; from < b.Rows; {
		n := min(b.Rows-from, rowGroupRows-w.rows, stride)
		for _, f := range w.root.fields {
			for row := from; row < from+n; row++ {
				s := shredder{cells: b.Cells, row: row}
				s.write(f, f, 0)
			}
		}
		from += n
		if w.rows += n; w.rows == rowGroupRows || w.isFull() {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *parquetWriter) isFull() bool {
	return slices.ContainsFunc(w.columns, func(c *columnWriter) bool { return c.entries >= maxGroupEntries })
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
	hasDef, hasRep bool    // whether the column has levels
	levels, reps   []int16 // [entry] definition and repetition levels
	entries        int     // rows, or elements and what there is in their place

	// parse keeps the value of a text, or reports that the type cannot hold it.
	parse func(string) bool
	// repeat keeps the last value again.
	repeat func()
	// write hands the values to the library and forgets them.
	write func(file.ColumnChunkWriter) error
}

func (c *columnWriter) flush(chunk file.ColumnChunkWriter) error {
	err := c.write(chunk)
	c.levels, c.reps, c.entries = c.levels[:0], c.reps[:0], 0
	return err
}

// newColumnWriter connects a type's conversions to the library's typed writers.
func newColumnWriter(dt arrow.DataType, physical parquet.Type) *columnWriter {
	c, text := &columnWriter{}, textOf(dt)
	width := 0
	if fixed, ok := dt.(*arrow.FixedSizeBinaryType); ok {
		width = fixed.ByteWidth
	}
	none := func(string) (int32, bool) { return 0, false }
	switch {
	case dt.ID() == arrow.NULL:
		collect(c, width, none, func(w file.ColumnChunkWriter) batchWriter[int32] { return w.(*file.Int32ColumnChunkWriter) })
	case physical == parquet.Types.Boolean:
		collect(c, width, parseBool, func(w file.ColumnChunkWriter) batchWriter[bool] { return w.(*file.BooleanColumnChunkWriter) })
	case physical == parquet.Types.Int32:
		collect(c, width, narrow[int64, int32](text.parseInt), func(w file.ColumnChunkWriter) batchWriter[int32] { return w.(*file.Int32ColumnChunkWriter) })
	case physical == parquet.Types.Int64:
		collect(c, width, text.parseInt, func(w file.ColumnChunkWriter) batchWriter[int64] { return w.(*file.Int64ColumnChunkWriter) })
	case physical == parquet.Types.Float:
		collect(c, width, narrow[float64, float32](text.parseFloat), func(w file.ColumnChunkWriter) batchWriter[float32] { return w.(*file.Float32ColumnChunkWriter) })
	case physical == parquet.Types.Double:
		collect(c, width, text.parseFloat, func(w file.ColumnChunkWriter) batchWriter[float64] { return w.(*file.Float64ColumnChunkWriter) })
	case physical == parquet.Types.FixedLenByteArray:
		collect(c, width, retype[parquet.FixedLenByteArray](text.parseBytes), func(w file.ColumnChunkWriter) batchWriter[parquet.FixedLenByteArray] {
			return w.(*file.FixedLenByteArrayColumnChunkWriter)
		})
	default:
		collect(c, width, retype[parquet.ByteArray](text.parseBytes), func(w file.ColumnChunkWriter) batchWriter[parquet.ByteArray] {
			return w.(*file.ByteArrayColumnChunkWriter)
		})
	}
	return c
}

type batchWriter[T any] interface {
	WriteBatch(values []T, defLevels, repLevels []int16) (int64, error)
}

func collect[T any](c *columnWriter, width int, parse func(string) (T, bool), typed func(file.ColumnChunkWriter) batchWriter[T]) {
	var values []T
	last := plainest(parse, width)
	c.parse = func(s string) bool {
		v, ok := parse(s)
		if ok {
			last = v
			values = append(values, v)
		}
		return ok
	}
	c.repeat = func() { values = append(values, last) }
	c.write = func(w file.ColumnChunkWriter) error {
		_, err := typed(w).WriteBatch(values, c.levels, c.reps)
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
