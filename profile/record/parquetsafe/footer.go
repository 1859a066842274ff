package parquetsafe

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// magic begins and ends every Parquet file; the ending one follows the footer and its length in 4 bytes.
const (
	magic       = "PAR1"
	magicSecret = "PARE"
	tailLen     = 8
)

// Physical types, by their codes in parquet.thrift.
const (
	boolean   = 0
	int32Type = 1
	int64Type = 2
	int96     = 3
	float     = 4
	double    = 5
	byteArray = 6
	fixed     = 7
)

// A Column is a leaf of the file's schema.
type Column struct {
	Name   string // with those of the groups around it, cut short when they are long
	MaxDef int    // definition level of its values; 0 when it has no levels
	MaxRep int    // the most that its repetition levels can be; 0 when it has none

	physical   int32
	typeLength int32 // bytes, of fixed only
}

// A RowGroup is a run of rows stored column by column.
type RowGroup struct {
	Rows   int64
	chunks []chunk
}

// A chunk is one column of one row group.
type chunk struct {
	physical, codec int32
	values          int64 // nulls included
	compressed      int64 // bytes, page headers included
	uncompressed    int64
	start, end      int64 // offsets in the file
	dictionary      int64 // offset, 0 when there is none
	data            int64 // offset of the first data page
	elsewhere       bool  // in another file
	encrypted       bool
}

// A Footer is what CheckChunk needs to know of a file. It is not safe for concurrent use.
type Footer struct {
	Rows    int64
	Columns []Column
	Groups  []RowGroup

	r      io.ReaderAt
	limits Limits
	total  int64 // uncompressed bytes seen so far
	codecs decompressor
	body   []byte // scratch
}

// ReadFooter reads and checks the footer of the file of size bytes behind r. No page is read.
func ReadFooter(r io.ReaderAt, size int64, limits Limits) (*Footer, error) {
	limits = limits.withDefaults()
	raw, err := footerBytes(r, size, limits.MaxFooter)
	if err != nil {
		return nil, err
	}
	meta := parseFooter(raw)
	if meta.c.err != nil {
		return nil, fmt.Errorf("the footer is damaged: %w", meta.c.err)
	}
	if err := meta.check(limits); err != nil {
		return nil, err
	}
	f := &Footer{Rows: meta.rows, Groups: meta.groups, r: r, limits: limits}
	if f.Columns, err = leaves(meta.schema, limits.MaxNesting); err != nil {
		return nil, err
	}
	return f, f.checkGroups(size - tailLen - int64(len(raw)))
}

func footerBytes(r io.ReaderAt, size, limit int64) ([]byte, error) {
	if size < int64(len(magic))+tailLen {
		return nil, errors.New("it is too short to be a Parquet file")
	}
	var head [len(magic)]byte
	var tail [tailLen]byte
	if err := readFull(r, head[:], 0); err != nil {
		return nil, err
	}
	if err := readFull(r, tail[:], size-tailLen); err != nil {
		return nil, err
	}
	if string(tail[4:]) == magicSecret {
		return nil, errors.New("it is encrypted, which is not supported")
	}
	if string(head[:]) != magic || string(tail[4:]) != magic {
		return nil, errors.New("it is not a Parquet file, or only a part of one")
	}
	n := int64(binary.LittleEndian.Uint32(tail[:]))
	if n > size-tailLen-int64(len(magic)) {
		return nil, errors.New("the footer is longer than the file: the file is damaged")
	}
	if n > limit {
		return nil, fmt.Errorf("the footer has %d bytes, and at most %d are accepted", n, limit)
	}
	raw := make([]byte, n)
	return raw, readFull(r, raw, size-tailLen-n)
}

func readFull(r io.ReaderAt, b []byte, off int64) error {
	n, err := r.ReadAt(b, off)
	if n == len(b) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("read %d bytes at offset %d: %w", len(b), off, err)
}

// metadata is the part of parquet.thrift's FileMetaData that matters here.
type metadata struct {
	c           cursor
	rows        int64
	schema      []element
	groups      []RowGroup
	arrowSchema string
	encrypted   bool
}

// An element is a SchemaElement: a leaf, or a group with children.
type element struct {
	physical, typeLength, repetition, children int32
	name                                       string
}

func parseFooter(raw []byte) *metadata {
	m := &metadata{c: cursor{b: raw}}
	c := &m.c
	c.fields(func(id int16, typ byte) {
		switch {
		case id == 2 && typ == typeList:
			c.list(typeStruct, func() { m.schema = append(m.schema, parseElement(c)) })
		case id == 3:
			c.i64(typ, &m.rows)
		case id == 4 && typ == typeList:
			c.list(typeStruct, func() { m.groups = append(m.groups, parseGroup(c)) })
		case id == 5 && typ == typeList:
			c.list(typeStruct, func() { parseKeyValue(c, "ARROW:schema", &m.arrowSchema) })
		case id == 8:
			m.encrypted = true
			c.skip(typ)
		default:
			c.skip(typ)
		}
	})
	return m
}

func parseElement(c *cursor) element {
	e := element{physical: -1}
	c.fields(func(id int16, typ byte) {
		switch {
		case id == 1:
			c.i32(typ, &e.physical)
		case id == 2:
			c.i32(typ, &e.typeLength)
		case id == 3:
			c.i32(typ, &e.repetition)
		case id == 4 && typ == typeBinary:
			e.name = c.string()
		case id == 5:
			c.i32(typ, &e.children)
		default:
			c.skip(typ)
		}
	})
	return e
}

func parseGroup(c *cursor) RowGroup {
	var g RowGroup
	c.fields(func(id int16, typ byte) {
		switch {
		case id == 1 && typ == typeList:
			c.list(typeStruct, func() { g.chunks = append(g.chunks, parseChunk(c)) })
		case id == 3:
			c.i64(typ, &g.Rows)
		default:
			c.skip(typ)
		}
	})
	return g
}

func parseChunk(c *cursor) chunk {
	k := chunk{physical: -1, codec: -1}
	c.fields(func(id int16, typ byte) {
		switch {
		case id == 1:
			k.elsewhere = true
			c.skip(typ)
		case id == 3 && typ == typeStruct:
			c.fields(func(id int16, typ byte) { parseChunkMeta(c, &k, id, typ) })
		case id == 8, id == 9:
			k.encrypted = true
			c.skip(typ)
		default:
			c.skip(typ)
		}
	})
	return k
}

func parseChunkMeta(c *cursor, k *chunk, id int16, typ byte) {
	switch id {
	case 1:
		c.i32(typ, &k.physical)
	case 4:
		c.i32(typ, &k.codec)
	case 5:
		c.i64(typ, &k.values)
	case 6:
		c.i64(typ, &k.uncompressed)
	case 7:
		c.i64(typ, &k.compressed)
	case 9:
		c.i64(typ, &k.data)
	case 11:
		c.i64(typ, &k.dictionary)
	default:
		c.skip(typ)
	}
}

// parseKeyValue keeps the value of one key.
func parseKeyValue(c *cursor, want string, value *string) {
	var key, v string
	c.fields(func(id int16, typ byte) {
		switch {
		case id == 1 && typ == typeBinary:
			key = c.string()
		case id == 2 && typ == typeBinary:
			v = c.string()
		default:
			c.skip(typ)
		}
	})
	if key == want {
		*value = v
	}
}

func (m *metadata) check(limits Limits) error {
	switch {
	case m.encrypted:
		return errors.New("it is encrypted, which is not supported")
	case m.rows < 0:
		return errors.New("the footer is damaged: a negative number of rows")
	case m.rows > limits.MaxRows:
		return fmt.Errorf("it has more than %d rows", limits.MaxRows)
	case m.arrowSchema != "" && limits.NoArrowSchema:
		return errors.New("it embeds an Arrow schema, which is not accepted here")
	}
	return checkArrowSchema(m.arrowSchema)
}

// checkArrowSchema checks the length that frames the embedded schema's message, which the library
// allocates before it reads.
func checkArrowSchema(encoded string) error {
	if encoded == "" {
		return nil
	}
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err != nil {
		return errors.New("the embedded Arrow schema is not valid base64")
	}
	const continuation = math.MaxUint32 // begins a message since Arrow 0.15
	if len(b) >= 4 && binary.LittleEndian.Uint32(b) == continuation {
		b = b[4:]
	}
	if len(b) < 4 || uint64(binary.LittleEndian.Uint32(b)) > uint64(len(b)-4) {
		return errors.New("the embedded Arrow schema is cut short")
	}
	return nil
}

// checkGroups checks that the row groups add up and that every chunk lies before limit, the footer's
// offset.
func (f *Footer) checkGroups(limit int64) error {
	rows, total := int64(0), int64(0)
	for g := range f.Groups {
		group := &f.Groups[g]
		if group.Rows < 0 || group.Rows > f.Rows-rows {
			return errors.New("the footer is damaged: the row groups do not add up to the file's rows")
		}
		rows += group.Rows
		if len(group.chunks) != len(f.Columns) {
			return fmt.Errorf("the footer is damaged: row group %d has %d columns and the schema %d", g, len(group.chunks), len(f.Columns))
		}
		for i := range group.chunks {
			if err := group.chunks[i].check(f.Columns[i], group.Rows, limit); err != nil {
				return fmt.Errorf("column %q, row group %d: %w", f.Columns[i].Name, g, err)
			}
			if total += group.chunks[i].uncompressed; total > f.limits.MaxTotal {
				return fmt.Errorf("it holds more than the %d bytes that are accepted", f.limits.MaxTotal)
			}
		}
	}
	if rows != f.Rows {
		return errors.New("the footer is damaged: the row groups do not add up to the file's rows")
	}
	return nil
}

// maxChunkValues bounds what a chunk of a repeated column may hold, empty lists included.
const maxChunkValues = 1 << 40

func (k *chunk) check(column Column, rows, limit int64) error {
	switch {
	case k.elsewhere:
		return errors.New("its data are in another file, which is not supported")
	case k.encrypted:
		return errors.New("it is encrypted, which is not supported")
	case k.physical != column.physical:
		return errors.New("its type is not the one of the schema")
	case k.values != rows && column.MaxRep == 0 || k.values < rows || k.values > maxChunkValues:
		return errors.New("its number of values is not that of the rows")
	case k.uncompressed < 0 || k.uncompressed > math.MaxInt64/2:
		return errors.New("its size is impossible")
	}
	// The library starts at the dictionary page only when it comes first.
	k.start = k.data
	if k.dictionary > 0 && k.dictionary < k.data {
		k.start = k.dictionary
	}
	k.end = k.start + k.compressed
	if k.start < int64(len(magic)) || k.compressed < 0 || k.end < k.start || k.end > limit {
		return errors.New("its pages lie outside the file")
	}
	return supportedCodec(k.codec)
}
