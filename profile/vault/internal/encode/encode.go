// Package encode reads the distinct cells of a raw column with its kind's codec and counts them: by the keys
// that may be released, by form, by bin, by code. What it returns is exact and sealed; only a mechanism can open it.
//
// Each histogram's sensitivity is stated where it is sealed, and follows from two facts: a row has one cell in a
// column, and a cell falls in at most one bucket of each histogram, but for the pieces and steps of texts, which
// package mess bounds; and how many of the rows are one unit's, which the rows carry with them ([dp.Unit]).
package encode

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"sync"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/profile/vault/internal/crew"
	"github.com/patina-data/patina/profile/vault/internal/raw"
)

// A Column is a raw column, read by a codec: the distinct cells of its dictionary, and the cells of its plain chunks row by
// row.
type Column struct {
	codec mess.Codec
	unit  dp.Unit
	raw   *raw.Column
	cells []mess.Description // of the dictionary
	words *mess.Vocabulary

	plain   []int   // the plain chunks
	facts   []facts // [chunk]; nil until the plain chunks are looked at
	sorts   *sorts
	most    int // sorts that are kept
	seed    maphash.Seed
	settled bool
}

// New describes the distinct cells of a raw column.
func New(codec mess.Codec, c *raw.Column) *Column {
	e := &Column{codec: codec, unit: c.Unit, raw: c, most: maxSorts, cells: make([]mess.Description, len(c.Cells))}
	const run = 1 << 12
	crew.Each((len(e.cells)+run-1)/run, func(part int) {
		for i := part * run; i < min(len(e.cells), (part+1)*run); i++ {
			e.cells[i] = mess.Describe(codec, c.Cells[i])
		}
	})
	for i := range c.Chunks() {
		if c.Plain(i) {
			e.plain = append(e.plain, i)
		}
	}
	return e
}

// count adds the rows up by a code of a public or released domain: of distinct cells, and of rows of plain chunks. What has no code is
// not counted.
func (e *Column) count(c *profile.Coder, cells int, code func(s *seen) int32) dp.Counts {
	counts := make([]int64, cells)
	var s seen
	for i := range e.cells {
		s.see(c, &e.cells[i])
		if at := code(&s); at >= 0 {
			counts[at] += e.raw.Rows[i]
		}
	}
	var mu sync.Mutex
	p := e.newPass(c)
	e.chunks(func(chunk int, r *reader) {
		part := make([]int64, cells)
		e.each(p, chunk, r, func(_ int, s *seen) {
			if at := code(s); at >= 0 {
				part[at]++
			}
		})
		mu.Lock()
		defer mu.Unlock()
		add(counts, part)
	})
	return dp.Seal(counts, e.unit.Bound(1))
}

// add adds partial counts to others. The sum is the same in whatever order the parts come.
func add(counts, part []int64) {
	for i, n := range part {
		counts[i] += n
	}
}

// Which chooses the cells that may become codes of their own.
type Which struct {
	Atoms    bool // values the kind parsed
	Literals bool // text as it is
}

// Keys is the histogram over the cells that may be released as codes: spelled nulls always, atoms and literals as
// chosen. [DecodeKey] turns a selected key into its code.
func (e *Column) Keys(w Which) dp.Keyed {
	hist := map[string]int64{}
	for i := range e.cells {
		if d := &e.cells[i]; w.has(d) {
			hist[keyOf(d)] += e.raw.Rows[i]
		}
	}
	e.addPlainKeys(hist, w)
	return dp.SealKeyed(hist, e.unit.Bound(1))
}

// has reports whether a cell may become a code of its own.
func (w Which) has(d *mess.Description) bool {
	return d.Literal && (d.Missing || d.Typed && w.Atoms || !d.Typed && w.Literals)
}

func keyOf(d *mess.Description) string { return encodeKey(identity(d)) }

// keyClasses gives each class of key one letter.
var keyClasses = map[profile.Class]byte{profile.Missing: 'm', profile.Atom: 'a', profile.Literal: 'l'}

func encodeKey(class profile.Class, tag record.Tag, label string) string {
	return string([]byte{keyClasses[class], '0' + byte(tag)}) + label
}

// DecodeKey returns the code that a key of [Column.Keys] stands for.
func DecodeKey(key string) profile.Code {
	for class, letter := range keyClasses {
		if len(key) >= 2 && key[0] == letter {
			tag := record.Tag(key[1] - '0')
			code := profile.Code{Class: class, Tag: tag, Label: key[2:], Origin: profile.Learnt}
			switch {
			case class != profile.Missing:
			case tag == record.Absent:
				code.Class = profile.Absent
			case tag == record.Null:
				code.Class, code.Tag = profile.Null, 0
			}
			return code
		}
	}
	panic(fmt.Sprintf("encode: a key has no class: %d bytes", len(key)))
}

// Forms is the histogram over the descriptors at one rung of the ladder, of the cells that are written (neither missing
// nor a literal under the coder) and have none of the forms released so far. A variant of a literal has the forms of
// variants only: what its mask would be is a matter of the literal.
func (e *Column) Forms(c *profile.Coder, released map[string]bool, rung int) dp.Keyed {
	hist := map[string]int64{}
	count := func(d *mess.Description, rows int64) {
		if form, ok := formAt(d, released, rung); ok && rows > 0 {
			hist[strings.Clone(form)] += rows // it may share the cell's memory, which is used again
		}
	}
	for i := range e.cells {
		if d := &e.cells[i]; c.Written(*d) {
			count(d, e.raw.Rows[i])
		}
	}
	var mu sync.Mutex
	p := e.newPass(c)
	total := make([]int64, len(p.sorts))
	e.chunks(func(chunk int, r *reader) {
		part := make([]int64, len(p.sorts))
		e.each(p, chunk, r, func(_ int, s *seen) {
			switch {
			case !c.IsWritten(s.value):
			case s.sort != noSort:
				part[s.sort]++
			default:
				mu.Lock()
				count(s.cell, 1)
				mu.Unlock()
			}
		})
		mu.Lock()
		defer mu.Unlock()
		add(total, part)
	})
	for i, n := range total {
		count(&p.sorts[i], n)
	}
	return dp.SealKeyed(hist, e.unit.Bound(1))
}

// formAt returns a cell's descriptor at a rung, unless it has a form that was released.
func formAt(d *mess.Description, released map[string]bool, rung int) (string, bool) {
	ladder := d.Forms
	if d.Variant.Forms != nil {
		ladder = d.Variant.Forms
	}
	if d.Missing || rung >= len(ladder) || slices.ContainsFunc(ladder, func(f string) bool { return released[f] }) {
		return "", false
	}
	return ladder[rung], true
}

// Grid counts the parsed values that are not atoms under the coder in the given spans.
func (e *Column) Grid(c *profile.Coder, spans []mess.Span) dp.Counts {
	lows := make([]float64, len(spans))
	highs := make([]float64, len(spans))
	for i, s := range spans {
		lows[i], highs[i] = s.Lo.Float(), s.Hi.Float()
	}
	return e.count(c, len(spans), func(s *seen) int32 {
		if !s.cell.Typed || s.known {
			return profile.NoCode
		}
		i := mess.Locate(lows, s.pos)
		if i < 0 || s.pos >= highs[i] {
			return profile.NoCode
		}
		return int32(i)
	})
}

// Values counts the codes of the value domain.
func (e *Column) Values(c *profile.Coder, codes int) dp.Counts {
	return e.count(c, codes, func(s *seen) int32 { return s.value })
}

// FormCodes counts the codes of the form domain.
func (e *Column) FormCodes(c *profile.Coder, codes int) dp.Counts {
	return e.count(c, codes, func(s *seen) int32 { return s.form(c) })
}

// Pairs counts the given cells, distinct pairs of a value code and a form code.
func (e *Column) Pairs(c *profile.Coder, cells [][]int32) dp.Counts {
	index := make(map[[2]int32]int32, len(cells))
	for i, cell := range cells {
		index[[2]int32{cell[0], cell[1]}] = int32(i)
	}
	return e.count(c, len(cells), func(s *seen) int32 {
		if i, ok := index[[2]int32{s.value, s.form(c)}]; ok {
			return i
		}
		return profile.NoCode
	})
}

// detail says how much of a cell its form leaves open; ok is false for cells that are no text or have no form.
func detail(c *profile.Coder, form []profile.Code, s *seen) (open mess.Detail, ok bool) {
	if s.cell.Missing || s.cell.Typed || s.cell.Cell.Tag != record.Text {
		return 0, false
	}
	code := s.form(c)
	switch {
	case code < 0 || form[code].Class == profile.NoForm:
		return 0, false
	case form[code].Class == profile.OtherForm:
		return mess.Vague, true
	}
	return mess.DetailOf(form[code].Label), true
}

// eachOpen goes through the texts whose form leaves something open. begin returns what takes in a text and in how many rows it is, and
// what adds all of that up; it is called for every part of the cells, and add by one of them at a time.
func (e *Column) eachOpen(c *profile.Coder, form []profile.Code, begin func() (take func(text string, open mess.Detail, rows int64), add func())) {
	take, add := begin()
	var s seen
	for i := range e.cells {
		s.see(c, &e.cells[i])
		if open, ok := detail(c, form, &s); ok {
			take(e.cells[i].Cell.Text, open, e.raw.Rows[i])
		}
	}
	add()
	var mu sync.Mutex
	p := e.newPass(c)
	e.chunks(func(chunk int, r *reader) {
		take, add := begin()
		cells := e.raw.RowCells(chunk, &r.raw)
		e.each(p, chunk, r, func(row int, s *seen) {
			if open, ok := detail(c, form, s); ok {
				take(cells[row].Text, open, 1)
			}
		})
		mu.Lock()
		defer mu.Unlock()
		add()
	})
}

// Pieces is the histogram over the pieces of texts whose form leaves open which words they have.
func (e *Column) Pieces(c *profile.Coder, form []profile.Code) dp.Keyed {
	hist := map[string]int64{}
	e.eachOpen(c, form, func() (func(string, mess.Detail, int64), func()) {
		part := map[string]int64{}
		take := func(text string, open mess.Detail, rows int64) {
			if open == mess.Vague {
				for _, p := range mess.Pieces(text) {
					part[p] += rows
				}
			}
		}
		return take, func() { addKeys(hist, part) }
	})
	return dp.SealKeyed(hist, e.unit.Bound(mess.MaxPieces))
}

// addKeys adds a partial histogram to another.
func addKeys(hist, part map[string]int64) {
	for k, n := range part {
		hist[strings.Clone(k)] += n // a key may share a chunk's memory
	}
}

// Steps counts the steps of texts whose form leaves something open.
func (e *Column) Steps(c *profile.Coder, form []profile.Code, s *mess.Syntax) dp.Counts {
	counts := make([]int64, len(s.Labels()))
	e.eachOpen(c, form, func() (func(string, mess.Detail, int64), func()) {
		part := make([]int64, len(counts))
		take := func(text string, open mess.Detail, rows int64) {
			for _, code := range s.Steps(text, open) {
				part[code] += rows
			}
		}
		return take, func() { add(counts, part) }
	})
	return dp.Seal(counts, e.unit.Bound(mess.MaxSteps))
}

// Votes counts what the cells of each column look like, over [mess.Ballot], for all columns in one vector. A row votes
// once in each column.
func Votes(columns []*raw.Column) dp.Counts {
	options := len(mess.Ballot())
	votes := make([]int64, 0, options*len(columns))
	for _, c := range columns {
		votes = append(votes, tally(c, options, mess.Vote)...)
	}
	return dp.Seal(votes, columns[0].Unit.Bound(len(columns)))
}

// tally counts the rows of a raw column by what its cells are.
func tally(c *raw.Column, options int, of func(record.Cell) int) []int64 {
	counts := make([]int64, options)
	var mu sync.Mutex
	vote := func(rows func(i int) int64, cells []record.Cell) {
		part := make([]int64, options)
		for i, cell := range cells {
			if at := of(cell); at >= 0 {
				part[at] += rows(i)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		add(counts, part)
	}
	const run = 1 << 12
	crew.Each((len(c.Cells)+run-1)/run, func(part int) {
		from := part * run
		vote(func(i int) int64 { return c.Rows[from+i] }, c.Cells[from:min(len(c.Cells), from+run)])
	})
	crew.Each(c.Chunks(), func(chunk int) {
		if c.Plain(chunk) && !c.Lost() {
			r := readers.Get().(*reader)
			defer readers.Put(r)
			vote(func(int) int64 { return 1 }, c.RowCells(chunk, &r.raw))
		}
	})
	return counts
}

// Units counts the units by how many records they have, and the records without a key: how many there are of each
// unit, used or not. A unit, or a record without a key, changes one count.
func Units(c *bound.Choice) dp.Counts {
	return dp.Seal(c.Sizes(), c.Unit().BoundUnits(1))
}

// Rows counts the rows.
func Rows(t *raw.Table) dp.Counts {
	return dp.Seal([]int64{int64(t.Rows)}, t.Unit.Bound(1))
}

// Shapes is the histogram over row shapes.
func Shapes(t *raw.Table) dp.Keyed {
	hist := map[string]int64{}
	for s, n := range t.Shapes {
		hist[fmt.Sprint(s)] = n
	}
	return dp.SealKeyed(hist, t.Unit.Bound(1))
}
