package record

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/apache/arrow/go/v17/parquet/schema"
	"golang.org/x/sync/errgroup"

	"github.com/patina-data/patina/profile/record/parquetsafe"
)

// A parquetFile is a Parquet file. Every call into the Parquet library is under
// parquetsafe.Guard, after parquetsafe has checked the bytes that it will read.
type parquetFile struct {
	path    string
	columns []flattened
	leaves  int // columns as the file counts them
}

func openParquet(path string, elements int) (part, Schema, error) {
	p := &parquetFile{path: path}
	o, err := p.open()
	if err != nil {
		return nil, Schema{}, err
	}
	defer o.Close()
	err = parquetsafe.Guard(func() error { return p.readSchema(o.library, elements) })
	s := Schema{Format: Parquet}
	for _, c := range p.columns {
		s.Columns = append(s.Columns, c.Column)
	}
	return p, s, err
}

// An openFile is a Parquet file open for reading, by us and by the library.
type openFile struct {
	*os.File
	footer *parquetsafe.Footer

	bytesPerRow float64
	library     *file.Reader
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
	if o.footer, err = parquetsafe.ReadFooter(o.File, info.Size(), parquetsafe.Limits{MaxNesting: maxNesting}); err != nil {
		return err
	}
	props := parquet.NewReaderProperties(memory.NewGoAllocator())
	props.BufferedStreamEnabled = true // a page at a time instead of a whole column chunk
	return parquetsafe.Guard(func() error {
		o.library, err = file.NewParquetReader(o.File, file.WithReadProps(props))
		return err
	})
}

// readSchema translates the library's schema; parquetsafe has checked how deep it is.
func (p *parquetFile) readSchema(r *file.Reader, elements int) error {
	meta := r.MetaData()
	p.leaves = meta.Schema.NumColumns()
	types, err := nestedTypes(meta.Schema)
	if p.leaves == meta.Schema.Root().NumFields() && !hasLists(meta.Schema) {
		types, err = flatTypes(meta.Schema, meta.KeyValueMetadata())
	}
	if err != nil {
		return err
	}
	if p.columns, err = flatten(meta.Schema, types, elements); err != nil {
		return err
	}
	seen := make(map[string]int)
	for i, c := range p.columns {
		if j, twice := seen[c.Name]; twice {
			return fmt.Errorf("the schema names column %q twice, at positions %d and %d: rename one", c.Name, j+1, i+1)
		}
		seen[c.Name] = i
	}
	return nil
}

func hasLists(s *schema.Schema) bool {
	for i := range s.NumColumns() {
		if s.Column(i).MaxRepetitionLevel() > 0 {
			return true
		}
	}
	return false
}

// flatTypes returns the Arrow types of the columns of a flat file.
func flatTypes(s *schema.Schema, meta metadata.KeyValueMetadata) (types []arrow.DataType, err error) {
	manifest, err := pqarrow.NewSchemaManifest(s, meta, nil)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	for i, field := range manifest.Fields {
		dt := storedType(field.Field.Type, s.Column(i).LogicalType())
		if manifest.OriginSchema != nil {
			dt = originalType(dt, manifest.OriginSchema.Field(i).Type)
		}
		types = append(types, dt)
	}
	return types, nil
}

// nestedTypes returns the Arrow type of each leaf, as of a column of a flat file: of some nested types the library's own
// translation makes an error.
func nestedTypes(s *schema.Schema) ([]arrow.DataType, error) {
	var fields schema.FieldList
	for i := range s.NumColumns() {
		c := s.Column(i)
		n, err := schema.NewPrimitiveNodeLogical(strconv.Itoa(i), parquet.Repetitions.Optional, c.LogicalType(), c.PhysicalType(), c.TypeLength(), -1)
		if err != nil {
			return nil, fmt.Errorf("column %q: read its type: %w", c.Path(), err)
		}
		fields = append(fields, n)
	}
	root, err := schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	return flatTypes(schema.NewSchema(root), nil)
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
	if len(o.footer.Columns) != p.leaves {
		return errors.New("the file has changed since it was opened")
	}
	columns := p.readers(o.footer, want)
	info, err := o.Stat()
	if err != nil {
		return err
	}
	o.bytesPerRow = float64(info.Size()) / max(1, float64(o.footer.Rows))
	for g := range o.footer.Groups {
		if err := o.readGroup(g, columns, b); err != nil {
			return err
		}
	}
	return nil
}

// readers returns a reader for each leaf that tells some of the columns.
func (p *parquetFile) readers(f *parquetsafe.Footer, want []string) (readers []*columnReader) {
	byLeaf := make(map[int]*columnReader)
	byName := make(map[string]*flattened)
	for i := range p.columns {
		byName[p.columns[i].Name] = &p.columns[i]
	}
	for i, name := range want {
		c := byName[name]
		r := byLeaf[c.leaf]
		if r == nil {
			leaf := f.Columns[c.leaf]
			r = &columnReader{index: c.leaf, name: name, maxDef: int16(leaf.MaxDef), maxRep: leaf.MaxRep}
			byLeaf[c.leaf] = r
			readers = append(readers, r)
		}
		if c.dt != nil {
			r.dt, r.text = c.dt, textOf(c.dt)
		}
		r.outputs = append(r.outputs, output{flattened: c, column: i})
	}
	return readers
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
		if err := readColumns(columns, b.cells, int(n)); err != nil {
			return fmt.Errorf("row group %d: %w", g, err)
		}
		left -= n
		b.done.Add(int64(float64(n) * o.bytesPerRow))
		b.rows = int(n)
		if err := b.flush(); err != nil {
			return err
		}
	}
	return nil
}

// readColumns decodes n rows of every column, on as many goroutines as there are processors.
func readColumns(columns []*columnReader, cells [][]Cell, n int) error {
	var work errgroup.Group
	work.SetLimit(runtime.GOMAXPROCS(0))
	for _, c := range columns {
		work.Go(func() error {
			if err := parquetsafe.Guard(func() error { return c.read(cells, n) }); err != nil {
				return fmt.Errorf("column %q: %w", c.name, err)
			}
			return nil
		})
	}
	return work.Wait()
}

// A columnReader turns the chunks of one leaf into the cells of one or more columns.
type columnReader struct {
	index   int
	name    string
	dt      arrow.DataType // nil when no column wants the values
	text    valueText
	maxDef  int16 // level of values
	maxRep  int   // lists around it
	outputs []output

	levels []int16 // [row or element] maxDef for a value, less for what has none; nil when all are values
	reps   []int16 // [element] the list in which it is one more, 0 for a new row; nil when there are no lists
	nested nestedState
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
	if c.levels == nil && c.maxDef > 0 {
		c.levels = make([]int16, batch)
	}
	if c.reps == nil && c.maxRep > 0 {
		c.reps = make([]int16, batch)
	}
	c.nested = nestedState{}
	if c.ends == nil {
		c.ends = make([]int, batch)
	}
	if !c.bind(chunk, batch) && c.dt != nil && c.dt.ID() != arrow.NULL {
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
	c.next = func(n int) (int64, int, error) { return read(int64(n), values, c.levels, c.reps) }
	return values
}

// read decodes n rows into the cells of its columns.
func (c *columnReader) read(cells [][]Cell, n int) error {
	if out := c.outputs[0]; len(c.outputs) == 1 && out.dt != nil && c.maxRep == 0 {
		return c.fill(cells[out.column][:n], out.flattened)
	}
	return c.fillNested(cells, n)
}

var errDecode = errors.New("the Parquet library cannot decode it: it is damaged, or written in a way that is not supported")

// fill decodes len(cells) rows of a column outside of lists. The texts of a column's batch share one allocation.
func (c *columnReader) fill(cells []Cell, column *flattened) error {
	rows, values, err := c.next(len(cells))
	if err != nil && err != io.EOF {
		// The library's words may quote the page.
		return errDecode
	}
	if rows != int64(len(cells)) {
		return errRowsMissing
	}
	c.buf = c.buf[:0]
	used := 0
	for i := range cells {
		if c.levels == nil || c.levels[i] == c.maxDef {
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
		if c.levels == nil || c.levels[i] == c.maxDef {
			cells[i] = Cell{Tag: c.text.tag, Text: text[from:to]}
		} else {
			cells[i] = Cell{Tag: column.without(c.levels[i])}
		}
		from = to
	}
	return nil
}
