package raw

import (
	"encoding/binary"
	"strings"
	"unsafe"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/spill"
)

// A Column is one column of a table. Its rows come in chunks, which have the same rows in every column of a table. The rows of a chunk
// are either codes of the column's distinct cells, or plain: cells.
type Column struct {
	Unit  dp.Unit       // how many of the rows are one unit's
	Cells []record.Cell // distinct, in order of first appearance; of the chunks of codes
	Rows  []int64       // [cell] how many rows of those chunks hold it
	parts []part        // the chunks
	store *spill.Store  // where they are
}

// A part is a chunk of a column.
type part struct {
	rows  int
	width int          // bytes of a code; 0 when the chunk is plain
	block *spill.Block // the codes, or the cells
}

// Store returns where the chunks are kept, for what else grows with the rows.
func (c *Column) Store() *spill.Store { return c.store }

// Lost reports whether some chunk could not be kept, or the run is to end: what is counted from then on is of no use.
func (c *Column) Lost() bool { return c.store.Failed() }

// Chunks returns how many chunks there are.
func (c *Column) Chunks() int { return len(c.parts) }

// Len returns how many rows a chunk has.
func (c *Column) Len(chunk int) int { return c.parts[chunk].rows }

// Plain reports whether a chunk is.
func (c *Column) Plain(chunk int) bool { return c.parts[chunk].width == 0 }

// A Scratch is memory for reading chunks, of one goroutine.
type Scratch struct {
	bytes []byte
	codes []uint32
	cells []record.Cell
}

// Codes returns the codes of a chunk that is not plain, [row] index into c.Cells, in memory of the scratch.
func (c *Column) Codes(chunk int, s *Scratch) []uint32 {
	p := &c.parts[chunk]
	b := p.block.Bytes(&s.bytes)
	s.codes = sized(s.codes, p.rows)
	switch p.width {
	case 1:
		for i := range s.codes {
			s.codes[i] = uint32(b[i])
		}
	case 2:
		for i := range s.codes {
			s.codes[i] = uint32(binary.LittleEndian.Uint16(b[2*i:]))
		}
	default:
		for i := range s.codes {
			s.codes[i] = binary.LittleEndian.Uint32(b[4*i:])
		}
	}
	return s.codes
}

// RowCells returns the cells of a chunk, [row], in memory of the scratch; their texts live as long as the next use of it.
func (c *Column) RowCells(chunk int, s *Scratch) []record.Cell {
	p := &c.parts[chunk]
	if p.width > 0 {
		codes := c.Codes(chunk, s)
		s.cells = sized(s.cells, len(codes))
		for i, code := range codes {
			s.cells[i] = c.Cells[code]
		}
		return s.cells
	}
	b := p.block.Bytes(&s.bytes)
	s.cells = sized(s.cells, p.rows)
	for i := range s.cells {
		head, n := binary.Uvarint(b)
		size := head >> tagBits
		cell := record.Cell{Tag: record.Tag(head & (1<<tagBits - 1))}
		if size > 0 {
			cell.Text = unsafe.String(&b[n], size) // the bytes do not change while the cell is in use
		}
		s.cells[i] = cell
		b = b[n+int(size):]
	}
	return s.cells
}

// Drop gives up the texts of a plain chunk.
func (c *Column) Drop(chunk int) { c.parts[chunk].block.Free() }

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// tagBits are the low bits of what a plain cell begins with: its tag. The others are its length.
const tagBits = 3

func appendCell(b []byte, c record.Cell) []byte {
	b = binary.AppendUvarint(b, uint64(len(c.Text))<<tagBits|uint64(c.Tag))
	return append(b, c.Text...)
}

// A Builder makes a column of cells as they come.
type Builder struct {
	limits Limits
	column Column
	codes  []uint32                        // of the chunk at hand
	dict   [1 << tagBits]map[string]uint32 // by tag; nil once it was given up
	plain  bool
	cells  []byte // of the chunk at hand, once it is plain
	rows   int    // of the chunk at hand
	before int    // distinct cells before the chunk at hand
}

// NewBuilder returns a builder of a column without rows.
func NewBuilder(unit dp.Unit, store *spill.Store, limits Limits) *Builder {
	b := &Builder{limits: limits, column: Column{Unit: unit, store: store}}
	for i := range b.dict {
		b.dict[i] = map[string]uint32{}
	}
	return b
}

// Add appends rows.
func (b *Builder) Add(cells []record.Cell) {
	for len(cells) > 0 {
		n := min(len(cells), b.limits.Rows-b.rows)
		if b.plain {
			for _, cell := range cells[:n] {
				b.cells = appendCell(b.cells, cell)
			}
		} else {
			b.encode(cells[:n])
		}
		b.rows += n
		cells = cells[n:]
		if b.rows == b.limits.Rows {
			b.end()
		}
	}
}

// encode appends the codes of cells, of which most are in the dictionary.
func (b *Builder) encode(cells []record.Cell) {
	c := &b.column
	var last record.Cell
	code := uint32(0)
	for i, cell := range cells {
		if i == 0 || cell != last {
			known, ok := b.dict[cell.Tag][cell.Text]
			if !ok {
				known = uint32(len(c.Cells))
				text := strings.Clone(cell.Text) // a cell's text may share a whole batch's memory
				b.dict[cell.Tag][text] = known
				c.Cells, c.Rows = append(c.Cells, record.Cell{Tag: cell.Tag, Text: text}), append(c.Rows, 0)
			}
			last, code = cell, known
		}
		c.Rows[code]++
		b.codes = append(b.codes, code)
	}
}

// end closes the chunk at hand, and gives the dictionary up if it does not pay.
func (b *Builder) end() {
	c := &b.column
	if b.plain {
		c.parts = append(c.parts, part{rows: b.rows, block: c.store.Put(b.cells)})
		b.cells = make([]byte, 0, len(b.cells)+len(b.cells)/16)
	} else {
		width := 1
		if len(c.Cells) > 1<<16 {
			width = 4
		} else if len(c.Cells) > 1<<8 {
			width = 2
		}
		c.parts = append(c.parts, part{rows: b.rows, width: width, block: c.store.Put(packed(b.codes, width))})
		b.codes = b.codes[:0]
		fresh := len(c.Cells) - b.before
		b.before = len(c.Cells)
		if len(c.Cells) >= b.limits.Most || len(c.Cells) >= b.limits.Enough && 2*fresh > b.rows {
			b.plain, b.codes, b.dict = true, nil, [1 << tagBits]map[string]uint32{}
		}
	}
	b.rows = 0
}

func packed(codes []uint32, width int) []byte {
	b := make([]byte, 0, len(codes)*width)
	for _, c := range codes {
		switch width {
		case 1:
			b = append(b, byte(c))
		case 2:
			b = binary.LittleEndian.AppendUint16(b, uint16(c))
		default:
			b = binary.LittleEndian.AppendUint32(b, c)
		}
	}
	return b
}

// Column ends the last chunk and returns the column.
func (b *Builder) Column() *Column {
	if b.rows > 0 {
		b.end()
	}
	return &b.column
}

// Of makes a column of cells, each with a number of rows, in memory.
func Of(unit dp.Unit, limits Limits, cells []record.Cell, rows []int) *Column {
	b := NewBuilder(unit, spill.New(1<<62, ""), limits)
	for i, cell := range cells {
		for range rows[i] {
			b.Add([]record.Cell{cell})
		}
	}
	return b.Column()
}
