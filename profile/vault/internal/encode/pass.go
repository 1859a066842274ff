package encode

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
)

// A seen is a cell as a coder sees it.
type seen struct {
	cell  *mess.Description // of a plain cell's sort: without text and value
	sort  uint16
	pos   float64
	value int32   // its code
	known bool    // the code is of just what it says
	forms []int32 // [sort] how a written value is written
}

// see codes a cell that is described whole.
func (s *seen) see(c *profile.Coder, d *mess.Description) {
	s.cell, s.sort, s.pos, s.value = d, noSort, d.Value.Pos, c.Known(*d)
	if s.known = s.value != profile.NoCode; !s.known {
		s.value = c.Rest(*d)
	}
}

// form returns the code of how the cell is written.
func (s *seen) form(c *profile.Coder) int32 {
	switch {
	case s.sort == noSort:
		return c.FormOf(*s.cell, s.value, s.known)
	case c.IsWritten(s.value):
		return s.forms[s.sort]
	}
	return c.FormOf(*s.cell, s.value, s.known)
}

// A pass is what a coder says of the sorts of a column, and goes through its plain chunks.
type pass struct {
	coder *profile.Coder
	sorts []mess.Description
	rest  []int32 // [sort] the code of a cell that is not known, but for those in bins
	forms []int32 // [sort] the code of how a written value of it is written
}

func (e *Column) newPass(c *profile.Coder) *pass {
	p := &pass{coder: c}
	if len(e.plain) == 0 || !e.settled {
		return p
	}
	p.sorts = e.sorts.of
	p.rest, p.forms = make([]int32, len(p.sorts)), make([]int32, len(p.sorts))
	for i, d := range p.sorts {
		if !d.Typed || !c.Binned() {
			p.rest[i] = c.Rest(d)
		}
		p.forms[i] = c.FormOf(d, profile.NoCode, false)
	}
	return p
}

// each calls do for the rows of a plain chunk: by what is known of them once the column is settled, and otherwise by reading them.
func (e *Column) each(p *pass, chunk int, r *reader, do func(row int, s *seen)) {
	s := &seen{forms: p.forms}
	if !e.settled {
		for row, cell := range e.raw.RowCells(chunk, &r.raw) {
			d := e.describe(cell)
			s.see(p.coder, &d)
			do(row, s)
		}
		return
	}
	f := &e.facts[chunk]
	sorts, n := f.sorts.Bytes(&r.blocks[0]), e.raw.Len(chunk)
	var pos, known []byte
	if f.pos != nil {
		pos = f.pos.Bytes(&r.blocks[1])
	}
	if f.known != nil {
		known = f.known.Bytes(&r.blocks[2])
	}
	binned := p.coder.Binned()
	for row := range n {
		if s.sort = binary.LittleEndian.Uint16(sorts[2*row:]); s.sort == noSort {
			continue
		}
		s.cell, s.value, s.known = &p.sorts[s.sort], profile.NoCode, false
		if pos != nil {
			s.pos = math.Float64frombits(binary.LittleEndian.Uint64(pos[8*row:]))
		}
		if known != nil {
			s.value = codeAt(known, row)
			s.known = s.value != profile.NoCode
		}
		switch {
		case s.known:
		case binned && s.cell.Typed:
			s.value = p.coder.Bin(s.pos)
		default:
			s.value = p.rest[s.sort]
		}
		do(row, s)
	}
	if f.odd {
		for row, cell := range e.raw.RowCells(chunk, &r.raw) {
			if binary.LittleEndian.Uint16(sorts[2*row:]) == noSort {
				d := e.describe(cell)
				s.see(p.coder, &d)
				do(row, s)
			}
		}
	}
}

// Bind codes the parsed values once, when the bins of the domain are known. Codes may not be added to it afterwards.
func (e *Column) Bind(c *profile.Coder) {
	if !e.settled || !c.Binned() {
		return
	}
	e.chunks(func(chunk int, r *reader) {
		f := &e.facts[chunk]
		sorts, pos := f.sorts.Bytes(&r.blocks[0]), f.pos.Bytes(&r.blocks[1])
		known := bytes.Repeat([]byte{0xff}, 4*e.raw.Len(chunk)) // NoCode
		if f.known != nil {
			copy(known, f.known.Bytes(&r.blocks[2]))
		}
		for row := range len(pos) / 8 {
			if sort := binary.LittleEndian.Uint16(sorts[2*row:]); sort != noSort && e.sorts.of[sort].Typed && codeAt(known, row) == profile.NoCode {
				code := c.Bin(math.Float64frombits(binary.LittleEndian.Uint64(pos[8*row:])))
				binary.LittleEndian.PutUint32(known[4*row:], uint32(code))
			}
		}
		f.pos.Free()
		f.known.Free()
		f.pos, f.known = nil, e.raw.Store().Put(known)
	})
}

// Release gives up what is no longer needed once the column has been explored: its texts, but for cells that must be read again.
func (e *Column) Release() {
	if !e.settled {
		return
	}
	for _, chunk := range e.plain {
		if !e.facts[chunk].odd {
			e.raw.Drop(chunk)
		}
	}
}

// Forget gives up what was kept of the cells; the column cannot be counted any more.
func (e *Column) Forget() {
	for i := range e.facts {
		for _, b := range []interface{ Free() }{e.facts[i].sorts, e.facts[i].pos, e.facts[i].keys, e.facts[i].known} {
			b.Free()
		}
	}
	e.facts, e.settled = nil, false
}
