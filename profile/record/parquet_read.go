package record

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/apache/arrow/go/v17/parquet/schema"

	"github.com/patina-data/patina/profile/record/parquetsafe"
)

// A parquetFile is a Parquet file of flat columns. Every call into the Parquet library is under
// parquetsafe.Guard, after parquetsafe has checked the bytes that it will read.
type parquetFile struct {
	path    string
	columns []Column
	types   []arrow.DataType
}

func openParquet(path string) (part, Schema, error) {
	p := &parquetFile{path: path}
	o, err := p.open()
	if err != nil {
		return nil, Schema{}, err
	}
	defer o.Close()
	err = parquetsafe.Guard(func() error { return p.readSchema(o.library) })
	return p, Schema{Format: Parquet, Columns: p.columns}, err
}

// An openFile is a Parquet file open for reading, by us and by the library.
type openFile struct {
	*os.File
	footer  *parquetsafe.Footer
	library *file.Reader
}

func (p *parquetFile) open() (*openFile, error) {
	f, err := os.Open(p.path)
	if err != nil {
		return nil, err
	}
	o := &openFile{File: f}
	if err := o.readFooter(); err != nil {
		f.Close()
		return nil, err
	}
	return o, nil
}

func (o *openFile) readFooter() error {
	info, err := o.Stat()
	if err != nil {
		return err
	}
	if o.footer, err = parquetsafe.ReadFooter(o.File, info.Size(), parquetsafe.Limits{}); err != nil {
		return err
	}
	props := parquet.NewReaderProperties(memory.NewGoAllocator())
	props.BufferedStreamEnabled = true // a page at a time instead of a whole column chunk
	return parquetsafe.Guard(func() error {
		o.library, err = file.NewParquetReader(o.File, file.WithReadProps(props))
		return err
	})
}

// readSchema translates the library's schema; parquetsafe has checked that it is flat.
func (p *parquetFile) readSchema(r *file.Reader) error {
	meta := r.MetaData()
	manifest, err := pqarrow.NewSchemaManifest(meta.Schema, meta.KeyValueMetadata(), nil)
	if err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	seen := make(map[string]int)
	for i, field := range manifest.Fields {
		name := field.Field.Name
		if j, twice := seen[name]; twice {
			return fmt.Errorf("the schema names column %q twice, at positions %d and %d: rename one", name, j+1, i+1)
		}
		seen[name] = i
		dt := storedType(field.Field.Type, meta.Schema.Column(i).LogicalType())
		if manifest.OriginSchema != nil {
			dt = originalType(dt, manifest.OriginSchema.Field(i).Type)
		}
		t, ok := typeName(dt)
		if !ok {
			return fmt.Errorf("column %q: type %s is not supported yet: leave it out of the file", name, dt.Name())
		}
		p.columns = append(p.columns, Column{Name: name, Type: t, Nullable: field.Field.Nullable})
		p.types = append(p.types, dt)
	}
	return nil
}

// storedType corrects what the library makes of a column: texts that it takes for bytes.
func storedType(dt arrow.DataType, logical schema.LogicalType) arrow.DataType {
	switch logical.(type) {
	case schema.JSONLogicalType, schema.EnumLogicalType:
		return arrow.BinaryTypes.String
	}
	switch dt := dt.(type) {
	case *arrow.DictionaryType:
		return dt.ValueType
	case arrow.ExtensionType:
		return dt.StorageType()
	}
	return dt
}

// originalType restores from the embedded Arrow schema what the library does not: durations, which Parquet
// stores as integers.
func originalType(stored, original arrow.DataType) arrow.DataType {
	if original.ID() == arrow.DURATION && stored.ID() == arrow.INT64 {
		return original
	}
	return stored
}

func (p *parquetFile) read(want []string, b *batcher) error {
	o, err := p.open()
	if err != nil {
		return err
	}
	defer o.Close()
	if len(o.footer.Columns) != len(p.columns) {
		return errors.New("the file has changed since it was opened")
	}
	columns := make([]*columnReader, len(want))
	for i, name := range want {
		at := slices.IndexFunc(p.columns, func(c Column) bool { return c.Name == name })
		columns[i] = &columnReader{index: at, name: name, dt: p.types[at], text: textOf(p.types[at])}
	}
	for g := range o.footer.Groups {
		if err := o.readGroup(g, columns, b); err != nil {
			return err
		}
	}
	return nil
}

// readGroup streams one row group. Batches end where row groups do.
func (o *openFile) readGroup(g int, columns []*columnReader, b *batcher) error {
	if err := b.flush(); err != nil {
		return err
	}
	for _, c := range columns {
		if b.stopped = b.ctx.Err(); b.stopped != nil {
			return b.stopped
		}
		if err := o.footer.CheckChunk(g, c.index); err != nil {
			return err
		}
		if err := parquetsafe.Guard(func() error { return c.start(o.library.RowGroup(g), b.limit) }); err != nil {
			return fmt.Errorf("column %q, row group %d: %w", c.name, g, err)
		}
	}
	for left := o.footer.Groups[g].Rows; left > 0; {
		n := min(left, int64(b.limit))
		for i, c := range columns {
			if err := parquetsafe.Guard(func() error { return c.fill(b.cells[i][:n]) }); err != nil {
				return fmt.Errorf("column %q, row group %d: %w", c.name, g, err)
			}
		}
		left -= n
		b.rows = int(n)
		if err := b.flush(); err != nil {
			return err
		}
	}
	return nil
}

// A columnReader turns the chunks of one column into cells.
type columnReader struct {
	index int
	name  string
	dt    arrow.DataType
	text  valueText

	levels []int16 // [row] 1 for a value, 0 for null; nil when the column has no nulls
	// next decodes as many values as there are rows in n into memory of its own, nulls left out.
	next func(n int) (rows int64, values int, err error)
	// format appends value i of those to dst.
	format func(dst []byte, i int) []byte

	buf  []byte
	ends []int
}

var errRowsMissing = errors.New("it holds fewer rows than the footer says")

// start opens the column's chunk in a row group.
func (c *columnReader) start(group *file.RowGroupReader, batch int) error {
	chunk, err := group.Column(c.index)
	if err != nil {
		return err
	}
	if c.levels == nil && chunk.Descriptor().MaxDefinitionLevel() > 0 {
		c.levels = make([]int16, batch)
	}
	if c.ends == nil {
		c.ends = make([]int, batch)
	}
	if !c.bind(chunk, batch) && c.dt.ID() != arrow.NULL {
		return fmt.Errorf("%s stored as %s is not supported", c.dt.Name(), chunk.Type())
	}
	return nil
}

// bind connects next and format to a chunk of some physical type. It reports false when the column's type
// has no conversion from that.
func (c *columnReader) bind(chunk file.ColumnChunkReader, batch int) bool {
	switch chunk := chunk.(type) {
	case *file.BooleanColumnChunkReader:
		values := connect(c, batch, chunk.ReadBatch)
		c.text.tag = Bool
		c.format = func(dst []byte, i int) []byte {
			if values[i] {
				return append(dst, "true"...)
			}
			return append(dst, "false"...)
		}
	case *file.Int32ColumnChunkReader:
		values := connect(c, batch, chunk.ReadBatch)
		c.format = func(dst []byte, i int) []byte { return c.text.appendInt(dst, int64(values[i])) }
		return c.text.appendInt != nil
	case *file.Int64ColumnChunkReader:
		values := connect(c, batch, chunk.ReadBatch)
		c.format = func(dst []byte, i int) []byte { return c.text.appendInt(dst, values[i]) }
		return c.text.appendInt != nil
	case *file.Int96ColumnChunkReader:
		values := connect(c, batch, chunk.ReadBatch)
		c.format = func(dst []byte, i int) []byte { return appendInt96(dst, values[i][:]) }
	case *file.Float32ColumnChunkReader:
		values := connect(c, batch, chunk.ReadBatch)
		c.format = func(dst []byte, i int) []byte { return c.text.appendFloat(dst, float64(values[i])) }
		return c.text.appendFloat != nil
	case *file.Float64ColumnChunkReader:
		values := connect(c, batch, chunk.ReadBatch)
		c.format = func(dst []byte, i int) []byte { return c.text.appendFloat(dst, values[i]) }
		return c.text.appendFloat != nil
	case *file.ByteArrayColumnChunkReader:
		values := connect(c, batch, chunk.ReadBatch)
		c.format = func(dst []byte, i int) []byte { return c.text.appendBytes(dst, values[i]) }
		return c.text.appendBytes != nil
	case *file.FixedLenByteArrayColumnChunkReader:
		values := connect(c, batch, chunk.ReadBatch)
		c.format = func(dst []byte, i int) []byte { return c.text.appendBytes(dst, values[i]) }
		return c.text.appendBytes != nil
	}
	return true
}

// connect makes c.next read with the library's typed function, and returns the memory it reads into.
func connect[T any](c *columnReader, batch int, read func(int64, []T, []int16, []int16) (int64, int, error)) []T {
	values := make([]T, batch)
	c.next = func(n int) (int64, int, error) { return read(int64(n), values, c.levels, nil) }
	return values
}

// fill decodes len(cells) rows. The texts of a column's batch share one allocation.
func (c *columnReader) fill(cells []Cell) error {
	rows, values, err := c.next(len(cells))
	if err != nil && err != io.EOF {
		// The library's words may quote the page.
		return errors.New("the Parquet library cannot decode it: it is damaged, or written in a way that is not supported")
	}
	if rows != int64(len(cells)) {
		return errRowsMissing
	}
	c.buf = c.buf[:0]
	used := 0
	for i := range cells {
		if c.levels == nil || c.levels[i] == 1 {
			if used == values {
				return errRowsMissing
			}
			c.buf = c.format(c.buf, used)
			used++
		}
		c.ends[i] = len(c.buf)
	}
	text, from := string(c.buf), 0
	for i, to := range c.ends[:len(cells)] {
		if c.levels == nil || c.levels[i] == 1 {
			cells[i] = Cell{Tag: c.text.tag, Text: text[from:to]}
		} else {
			cells[i] = Cell{Tag: Null}
		}
		from = to
	}
	return nil
}
