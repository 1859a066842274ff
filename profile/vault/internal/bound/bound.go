// Package bound chooses the records that are counted where the unit of privacy has several: of each unit, the records that
// share a key such as a customer's number, at most so many.
//
//  1. [Choose] reads the unit's columns of all rows. Of each unit it keeps a uniformly random sample by a reservoir whose
//     draws are a keyed hash of the unit and of the record's place among the unit's own.
//  2. [Choice.Keep] then drops the other rows from whatever is read: nothing else ever sees them.
//  3. [Choice.Unit] is the cap as the sensitivity of counts has it, and [Choice.Sizes] how many units have how many
//     records, of which the cap leaves nothing out.
//
// Which of a unit's records are chosen depends on the unit's own records and on the key, which is drawn for the run: another
// unit that comes or goes changes nothing of it. So two neighbouring datasets differ, after the choice, by the at
// most so many records of one unit.
package bound

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/bits"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A Rule says what a unit is.
type Rule struct {
	Columns []string // whose cells together are a record's key; none: every record is a unit of its own
	Most    int      // records of a unit that are used
	// DropKeyless leaves out the records without a key, which are units of their own otherwise. A key is missing
	// when one of its cells is.
	DropKeyless bool
}

// Keyed reports whether a unit is the records that share a key, and not the record.
func (r Rule) Keyed() bool { return len(r.Columns) > 0 }

// Unit returns how many records of a unit the rule leaves.
func (r Rule) Unit() dp.Unit {
	if !r.Keyed() {
		return dp.OneRecord()
	}
	return dp.UpTo(r.Most)
}

// A Choice is the rows that are used. It is as secret as the rows.
type Choice struct {
	unit  dp.Unit
	all   bool     // every row is used
	rows  int      // that were read
	used  []uint64 // [row/64] a bit for each row
	sizes []int64  // [profile.UnitRanges] units
}

// Choose reads the source and chooses. progress is told the share of the files that has been read.
func Choose(ctx context.Context, src *record.Source, rule Rule, key dp.Key, progress func(done float64)) (*Choice, error) {
	c := &Choice{unit: rule.Unit(), all: !rule.Keyed()}
	if c.all {
		return c, nil
	}
	r := newReservoirs(rule.Most, key)
	keyless, size := int64(0), max(1, src.Size())
	err := src.Read(ctx, rule.Columns, func(b *record.Batch) error {
		for i := range b.Rows {
			if unit, ok := r.digest(b.Cells, i); ok {
				r.add(unit, uint64(c.rows))
			} else {
				keyless++
				if !rule.DropKeyless {
					c.use(uint64(c.rows))
				}
			}
			c.rows++
		}
		progress(min(1, float64(src.Done())/float64(size)))
		return nil
	})
	if err != nil {
		return nil, err
	}
	r.each(c.use)
	c.count(r.seen, keyless)
	return c, nil
}

func (c *Choice) use(row uint64) {
	for uint64(len(c.used)) <= row/64 {
		c.used = append(c.used, 0)
	}
	c.used[row/64] |= 1 << (row % 64)
}

// count counts the units by how many records they have, and the records without a key.
func (c *Choice) count(records []uint32, keyless int64) {
	ranges := profile.UnitRanges()
	c.sizes = make([]int64, len(ranges))
	c.sizes[0] = keyless
	for _, n := range records {
		i := 1
		for int64(n) > ranges[i].Most {
			i++
		}
		c.sizes[i]++
	}
}

// Unit returns what a unit can do to counts of the rows that are used.
func (c *Choice) Unit() dp.Unit { return c.unit }

// Sizes returns how many units have how many records, over [profile.UnitRanges]. A unit is counted in one range. Records
// without a key are counted in the first, whether they are used or not.
func (c *Choice) Sizes() []int64 { return c.sizes }

// Uses reports whether a row is used, by its number from 0 in the order of reading.
func (c *Choice) Uses(row int) bool {
	return c.all || row/64 < len(c.used) && c.used[row/64]>>(row%64)&1 == 1
}

// errChanged is for files that are written to while they are read.
var errChanged = errors.New("the data changed while it was read: give files that nobody writes to")

// Check reports an error when another reading of the source did not have as many rows.
func (c *Choice) Check(rows int) error {
	if !c.all && rows != c.rows {
		return errChanged
	}
	return nil
}

// Keep drops the rows of a batch, whose first is row number first, that are not used.
func (c *Choice) Keep(b *record.Batch, first int) {
	if !c.all {
		b.Keep(func(row int) bool { return c.Uses(first + row) })
	}
}

// A digest is 128 bits of a keyed hash that stand for a unit's key. That any two of n units have the same has a probability of
// n²/2¹²⁹: 1e-19 for ten billion. They would then be one unit.
type digest [16]byte

// reservoirs are a sample of at most a number of rows of each unit. A unit takes some 60 bytes, and 16 for each row that is kept
// of it beyond.
type reservoirs struct {
	most  int
	key   dp.Key
	known map[digest]uint32 // index of a unit
	seen  []uint32          // [unit] records so far
	first []uint32          // [unit] its last slot, the head of a list
	slots []slot
	text  []byte // scratch
}

// A slot holds a row that is kept, and says which one of the same unit is next; the first slot is nobody's.
type slot struct {
	row  uint64
	next uint32
}

func newReservoirs(most int, key dp.Key) *reservoirs {
	return &reservoirs{most: most, key: key, known: map[digest]uint32{}, slots: make([]slot, 1)}
}

// The uses of the key, which no two inputs of the hash share.
const (
	useDigest = 1
	useDraw   = 2
)

// digest returns the digest of a row's key, and whether it has one. Keys are compared as texts without the spaces around
// them: 17 is "17", and not 17.0.
func (r *reservoirs) digest(columns [][]record.Cell, row int) (p digest, ok bool) {
	r.text = append(append(r.text[:0], r.key[:]...), useDigest)
	for _, cells := range columns {
		cell := cells[row]
		if cell.Tag == record.Absent || mess.Missing(cell) {
			return p, false
		}
		at := len(r.text)
		r.text = append(r.text, 0, 0, 0, 0, 0, 0, 0, 0)
		r.text = append(r.text, cell.Text...)
		trimmed := bytes.TrimSpace(r.text[at+8:])
		n := copy(r.text[at+8:], trimmed)
		r.text = r.text[:at+8+n]
		binary.LittleEndian.PutUint64(r.text[at:], uint64(n))
	}
	hash := sha256.Sum256(r.text)
	return digest(hash[:len(p)]), true
}

// add takes in a unit's next row (Vitter 1985, Algorithm R): of the j so far each is kept with the same probability.
func (r *reservoirs) add(p digest, row uint64) {
	unit, ok := r.known[p]
	if !ok {
		unit = uint32(len(r.seen))
		r.known[p] = unit
		r.seen, r.first = append(r.seen, 0), append(r.first, 0)
	}
	r.seen[unit]++
	j := r.seen[unit]
	if int(j) <= r.most {
		r.slots = append(r.slots, slot{row: row, next: r.first[unit]})
		r.first[unit] = uint32(len(r.slots) - 1)
		return
	}
	if at := r.draw(p, j); at < uint64(r.most) {
		s := r.first[unit]
		for range at {
			s = r.slots[s].next
		}
		r.slots[s].row = row
	}
}

// draw returns a number below j that is as good as random, for a unit's j-th record.
func (r *reservoirs) draw(p digest, j uint32) uint64 {
	var in [len(dp.Key{}) + 1 + len(p) + 4]byte
	copy(in[:], r.key[:])
	in[len(r.key)] = useDraw
	copy(in[len(r.key)+1:], p[:])
	binary.LittleEndian.PutUint32(in[len(in)-4:], j)
	hash := sha256.Sum256(in[:])
	at, _ := bits.Mul64(binary.LittleEndian.Uint64(hash[:]), uint64(j))
	return at
}

// each calls use with every row that is kept.
func (r *reservoirs) each(use func(row uint64)) {
	for _, s := range r.slots[1:] {
		use(s.row)
	}
}
