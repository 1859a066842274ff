package synth

import (
	"math/bits"
	"slices"
	"strconv"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// copies makes exact duplicates: it says for each row of which source it is made, and rows with the same source are the
// same. A permutation takes row i to slot π(i); the first slots are cut into groups, all of a group share the source of
// its first, and every other slot is a source of its own. Copies are so spread over the whole table, at random.
//
// It is read-only after it is made, and nil when no copies are to be made: row i is then made of source i.
type copies struct {
	perm   permutation
	groups []copyGroups // in order, side by side from slot 0
}

// copyGroups are groups of one size.
type copyGroups struct{ first, end, size uint64 } // slots [first, end), a whole number of groups

// newCopies returns how to make n rows of which as many repeat an earlier one as the profile says, or nil if they
// already do, up to noise in the number of distinct records: natural says how many of n rows the model repeats by itself.
//
// The more it does, the less is made up for what is lacking. Where rows have few values they repeat by coincidence, not by
// mistake, and many copies of few rows would bend every share that the model has right.
func newCopies(learnt []profile.Copies, noise int64, n uint64, natural func() uint64, key uint64) *copies {
	var rows, repeats uint64
	for _, g := range learnt {
		rows += uint64(g.Size * g.Groups)
		repeats += uint64((g.Size - 1) * g.Groups)
	}
	if repeats == 0 {
		return nil
	}
	wanted := mulDiv(repeats, n, rows)
	if mulDiv(wanted, rows, n) <= uint64(noise) {
		return nil
	}
	own := natural()
	if wanted <= own || mulDiv(wanted-own, rows, n) <= uint64(noise) {
		return nil
	}
	extra := mulDiv(wanted-own, n-own, n)
	c := &copies{perm: newPermutation(n, key)}
	var owed uint64 // repeats that did not fill a group of a larger size
	for _, g := range slices.Backward(learnt) {
		if g.Size < 2 {
			continue
		}
		each := uint64(g.Size - 1)
		owed += mulDiv(each*uint64(g.Groups), extra, repeats)
		c.add(owed/each, each+1)
		owed %= each
	}
	if owed > 0 {
		c.add(1, owed+1)
	}
	return c
}

// add appends groups, as many as there are slots for.
func (c *copies) add(groups, size uint64) {
	first := uint64(0)
	if len(c.groups) > 0 {
		first = c.groups[len(c.groups)-1].end
	}
	if groups = min(groups, (c.perm.n-first)/size); groups > 0 {
		c.groups = append(c.groups, copyGroups{first: first, end: first + groups*size, size: size})
	}
}

// of returns the source of a row.
func (c *copies) of(row uint64) uint64 {
	if c == nil {
		return row
	}
	slot := c.perm.at(row)
	for _, g := range c.groups { // a handful
		if slot < g.end {
			return slot - (slot-g.first)%g.size
		}
	}
	return slot
}

// sources returns the sources of a block's rows.
func (c *copies) sources(first uint64, rows int) []uint64 {
	out := make([]uint64, rows)
	for i := range out {
		out[i] = c.of(first + uint64(i))
	}
	return out
}

// pilotBlocks is how many blocks are rendered to see how many rows the model repeats by itself.
const pilotBlocks = 2

// natural estimates how many of the sampler's rows repeat an earlier one although none is a copy. Up to pilotBlocks it
// counts them. Beyond, d distinct rows of p are taken for d = p·K/(p + K), what is expected of K kinds of rows whose
// shares are uniformly distributed (flat Dirichlet), and the K that solves it is used for all rows.
func (s *sampler) natural() uint64 {
	var rows, repeats uint64
	seen := map[string]bool{}
	for b := range min(pilotBlocks, (s.rows+blockRows-1)/blockRows) {
		batch := s.block(b)
		for i := range batch.Rows {
			row := rowKey(batch, i)
			if row == "" {
				continue
			}
			rows++
			if seen[row] {
				repeats++
			}
			seen[row] = true
		}
	}
	if repeats == 0 || s.rows <= pilotBlocks*blockRows {
		return repeats
	}
	kinds := mulDiv(rows, rows-repeats, repeats)
	return mulDiv(s.rows, s.rows, s.rows+kinds)
}

// rowKey writes a row's cells so that different rows differ; "" for a row without any.
func rowKey(b *record.Batch, row int) string {
	var key []byte
	held := false
	for _, cells := range b.Cells {
		c := cells[row]
		held = held || c.Tag != record.Absent
		key = append(strconv.AppendInt(append(key, byte(c.Tag)), int64(len(c.Text)), 10), ':')
		key = append(key, c.Text...)
	}
	if !held {
		return ""
	}
	return string(key)
}

// mulDiv returns ⌊a·b/c⌋, which must be below 2⁶⁴.
func mulDiv(a, b, c uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	q, _ := bits.Div64(hi, lo, c)
	return q
}
