package encode

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math"
	"strings"
	"sync"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/crew"
	"github.com/patina-data/patina/profile/vault/internal/raw"
	"github.com/patina-data/patina/profile/vault/internal/spill"
)

// Facts are what is kept of the cells of a plain chunk once they have been read, so that they need not be read again for every count: which
// sort they are, where on the axis, and which code of the value domain they are found to be.
type facts struct {
	sorts *spill.Block // [row] uint16
	pos   *spill.Block // [row] float64; nil of a kind without an axis
	keys  *spill.Block // [row] uint32, a hash of what may be released of the cell; until the column is settled
	known *spill.Block // [row] int32, a code or NoCode; nil when all are that
	odd   bool         // some cells are of no sort
}

// noSort is what a cell is when its column has more sorts than are kept: it is read again each time.
const noSort = math.MaxUint16

// Sorts are descriptions without what tells the cells of a sort apart: the text, the value.
type sorts struct {
	most  int
	mu    sync.RWMutex
	index map[string]uint16
	of    []mess.Description
}

// appendSort appends what makes a sort: keyed ones have one value.
func appendSort(b []byte, d *mess.Description, keyed bool) []byte {
	flags := byte(d.Cell.Tag) << 3
	for i, set := range []bool{d.Missing, d.Typed, d.Literal} {
		if set {
			flags |= 1 << i
		}
	}
	b = append(b, flags)
	if keyed {
		b = append(append(append(b, 2), d.Value.Key...), 0)
	}
	for _, f := range d.Forms {
		b = append(append(b, f...), 0)
	}
	if d.Variant.Forms != nil {
		b = append(append(append(b, 1), d.Variant.Word...), 0)
		for _, f := range d.Variant.Forms {
			b = append(append(b, f...), 0)
		}
	}
	return b
}

// find returns the sort of a description, which key tells, and makes it one if there is room. Keyed sorts have half of it.
func (s *sorts) find(key []byte, d *mess.Description, keyed bool) uint16 {
	s.mu.RLock()
	i, ok := s.index[string(key)]
	s.mu.RUnlock()
	if ok {
		return i
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i, ok := s.index[string(key)]; ok {
		return i
	}
	if len(s.of) >= s.most || keyed && len(s.of) >= s.most/2 {
		return noSort
	}
	i = uint16(len(s.of))
	of := *d
	of.Cell.Text, of.Value, of.Forms = "", mess.Value{}, make([]string, len(d.Forms))
	for i, f := range d.Forms {
		of.Forms[i] = strings.Clone(f) // it may share the cell's memory, which is used again
	}
	if keyed {
		of.Value.Key = strings.Clone(d.Value.Key)
	}
	s.index[string(key)] = i
	s.of = append(s.of, of)
	return i
}

// at returns a sort.
func (s *sorts) at(i uint16) *mess.Description {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return &s.of[i]
}

// maxSorts bounds the sorts of a column.
const maxSorts = 1 << 15

// A reader is what one goroutine reads chunks with.
type reader struct {
	raw    raw.Scratch
	sort   []byte
	known  map[string]uint16 // sorts met before
	blocks [4][]byte
}

var readers = sync.Pool{New: func() any { return &reader{} }}

// chunks calls do for every plain chunk of a column, on as many goroutines as there are processors.
func (e *Column) chunks(do func(chunk int, r *reader)) {
	crew.Each(len(e.plain), func(i int) {
		if e.raw.Lost() {
			return
		}
		r := readers.Get().(*reader)
		defer readers.Put(r)
		do(e.plain[i], r)
	})
}

// describe reads a cell as the column does.
func (e *Column) describe(c record.Cell) mess.Description {
	d := mess.Describe(e.codec, c)
	e.words.Resolve(&d)
	return d
}

// look reads the plain cells.
func (e *Column) look() {
	if e.facts != nil || len(e.plain) == 0 {
		return
	}
	e.sorts = &sorts{most: e.most, index: map[string]uint16{}}
	e.facts = make([]facts, e.raw.Chunks())
	e.seed = maphash.MakeSeed()
	e.chunks(func(chunk int, r *reader) {
		clearSorts(r)
		cells := e.raw.RowCells(chunk, &r.raw)
		sorts, keys := make([]byte, 0, 2*len(cells)), make([]byte, 0, 4*len(cells))
		var pos []byte
		if e.codec.Axis() != nil {
			pos = make([]byte, 0, 8*len(cells))
		}
		f := &e.facts[chunk]
		for _, cell := range cells {
			d := mess.Describe(e.codec, cell)
			sort := e.sortOf(&d, r)
			f.odd = f.odd || sort == noSort
			sorts = binary.LittleEndian.AppendUint16(sorts, sort)
			keys = binary.LittleEndian.AppendUint32(keys, e.hash(&d))
			if pos != nil {
				pos = binary.LittleEndian.AppendUint64(pos, math.Float64bits(d.Value.Pos))
			}
		}
		store := e.raw.Store()
		f.sorts, f.keys = store.Put(sorts), store.Put(keys)
		if pos != nil {
			f.pos = store.Put(pos)
		}
	})
}

func clearSorts(r *reader) { r.known = map[string]uint16{} }

// sortOf finds a description's sort. Many cells of an open kind have one value, as addresses have a domain: sorts by value spare that these are
// read again for it.
func (e *Column) sortOf(d *mess.Description, r *reader) uint16 {
	if e.codec.Open() && d.Typed && d.Value.Key != "" {
		if i := e.sortAs(d, r, true); i != noSort {
			return i
		}
	}
	return e.sortAs(d, r, false)
}

// sortAs looks first among the sorts that the goroutine has met.
func (e *Column) sortAs(d *mess.Description, r *reader, keyed bool) uint16 {
	r.sort = appendSort(r.sort[:0], d, keyed)
	if i, ok := r.known[string(r.sort)]; ok {
		return i
	}
	i := e.sorts.find(r.sort, d, keyed)
	if i != noSort {
		r.known[string(r.sort)] = i
	}
	return i
}

// isKeyed reports whether a sort has one value.
func isKeyed(sort *mess.Description) bool { return sort.Value.Key != "" }

// hash returns 32 bits for what may be released of a cell. They only sort cells out: what they find is compared as it is.
func (e *Column) hash(d *mess.Description) uint32 {
	class, tag, label := identity(d)
	var h maphash.Hash
	h.SetSeed(e.seed)
	h.WriteByte(keyClasses[class])
	h.WriteByte(byte(tag))
	h.WriteString(label)
	return uint32(h.Sum64())
}

// identity returns what a cell says, as a code would.
func identity(d *mess.Description) (profile.Class, record.Tag, string) {
	switch {
	case d.Missing:
		return profile.Missing, d.Cell.Tag, d.Cell.Text
	case d.Typed:
		return profile.Atom, 0, d.Value.Key
	}
	return profile.Literal, d.Cell.Tag, d.Cell.Text
}

// Settle completes the descriptions once the keys of the value domain are known: which cells are one of them, and which are variants of one of
// the words. Codes may be added to the domain afterwards, but for such keys.
func (e *Column) Settle(value []profile.Code, words *mess.Vocabulary) {
	e.words = words
	for i := range e.cells {
		words.Resolve(&e.cells[i])
	}
	if len(e.plain) == 0 {
		return
	}
	e.look()
	codes, coder := map[uint32]bool{}, profile.NewCoder(value, nil)
	for _, c := range value {
		d := mess.Description{Cell: record.Cell{Tag: c.Tag, Text: c.Label}}
		switch c.Class {
		case profile.Missing:
			d.Missing = true
		case profile.Atom:
			d.Typed, d.Value.Key = true, c.Label
		case profile.Literal:
		default:
			continue
		}
		codes[e.hash(&d)] = true
	}
	of := e.sorts.of // variants make new ones
	e.chunks(func(chunk int, r *reader) { e.settle(chunk, r, codes, coder, of) })
	e.settled = true
}

// settle finds the codes of a chunk's cells, and the variants among the texts. codes are the hashes that cells with a code have, of the
// sorts.
func (e *Column) settle(chunk int, r *reader, codes map[uint32]bool, coder *profile.Coder, of []mess.Description) {
	f := &e.facts[chunk]
	keys, sorts := f.keys.Bytes(&r.blocks[0]), f.sorts.Bytes(&r.blocks[1])
	found := map[record.Cell]int32{}
	var known []byte
	for row, cell := range e.raw.RowCells(chunk, &r.raw) {
		if !codes[binary.LittleEndian.Uint32(keys[4*row:])] {
			continue
		}
		sort := binary.LittleEndian.Uint16(sorts[2*row:])
		keyed := sort != noSort && isKeyed(&of[sort])
		if keyed {
			cell = record.Cell{Text: of[sort].Value.Key}
		}
		code, ok := found[cell]
		switch {
		case ok:
		case keyed:
			code = coder.Known(of[sort])
		default:
			code = coder.Known(mess.Describe(e.codec, cell))
		}
		found[cell] = code
		if code == profile.NoCode {
			continue
		}
		if known == nil {
			known = bytes.Repeat([]byte{0xff}, len(keys)) // NoCode
		}
		binary.LittleEndian.PutUint32(known[4*row:], uint32(code))
	}
	f.keys.Free()
	f.keys = nil
	if known != nil {
		f.known = e.raw.Store().Put(known)
	}
	if !e.words.Empty() {
		e.vary(chunk, r, known)
	}
}

// vary finds the sorts of texts anew, as variants of words.
func (e *Column) vary(chunk int, r *reader, known []byte) {
	clearSorts(r)
	f := &e.facts[chunk]
	old := f.sorts.Bytes(&r.blocks[1])
	sorts := append([]byte(nil), old...)
	cells := e.raw.RowCells(chunk, &r.raw)
	changed := false
	for i := range cells {
		sort := binary.LittleEndian.Uint16(sorts[2*i:])
		if sort == noSort || known != nil && codeAt(known, i) != profile.NoCode {
			continue
		}
		if of := e.sorts.at(sort); of.Missing || of.Typed || of.Cell.Tag != record.Text {
			continue
		}
		variant, ok := e.words.Match(cells[i].Text)
		if !ok {
			continue
		}
		d := *e.sorts.at(sort)
		d.Variant = variant
		sort = e.sortOf(&d, r)
		f.odd, changed = f.odd || sort == noSort, true
		binary.LittleEndian.PutUint16(sorts[2*i:], sort)
	}
	if changed {
		f.sorts.Free()
		f.sorts = e.raw.Store().Put(sorts)
	}
}

func codeAt(b []byte, row int) int32 { return int32(binary.LittleEndian.Uint32(b[4*row:])) }

// cloned returns a cell with memory of its own.
func cloned(c record.Cell) record.Cell { return record.Cell{Tag: c.Tag, Text: strings.Clone(c.Text)} }
