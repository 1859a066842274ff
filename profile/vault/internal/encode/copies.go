package encode

import (
	"cmp"
	"hash/maphash"
	"slices"
	"sync"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/crew"
	"github.com/patina-data/patina/profile/vault/internal/raw"
)

// copyCells is how many counts of the histogram over copies a record changes: it moves one distinct row from one range
// to the next, or makes or ends one.
const copyCells = 2

// Copies is the histogram over [profile.CopyRanges] of how often each distinct row occurs, in the loaded columns. It
// counts distinct rows. Rows of which no column is there, such as blank lines, are not counted.
func Copies(t *raw.Table) dp.Counts {
	ranges := profile.CopyRanges()
	counts := make([]int64, len(ranges))
	buckets := fingerprints(t)
	var mu sync.Mutex
	crew.Each(len(buckets), func(i int) {
		part := make([]int64, len(ranges))
		prints := buckets[i]
		slices.SortFunc(prints, func(a, b fingerprint) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
		for first := 0; first < len(prints); {
			next := first + 1
			for next < len(prints) && prints[next] == prints[first] {
				next++
			}
			n := int64(next - first)
			part[slices.IndexFunc(ranges, func(r profile.CopyRange) bool { return n <= r.Most })]++
			first = next
		}
		mu.Lock()
		defer mu.Unlock()
		add(counts, part)
	})
	return dp.Seal(counts, t.Unit.Bound(copyCells))
}

// A fingerprint is 128 bits that stand for a row, keyed anew in every call. That two of n different rows have the same has
// a probability of about n²/2¹²⁹: 1e-19 for ten billion rows. It would make two distinct rows count as one; the
// sensitivity holds all the same, as a record still moves one fingerprint's count.
type fingerprint [2]uint64

// fingerprints returns those of the rows that hold anything, each in the bucket of its first bits.
func fingerprints(t *raw.Table) (buckets [hashParts][]fingerprint) {
	if len(t.Columns) == 0 {
		return buckets
	}
	seeds := [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	dicts := make([][]fingerprint, len(t.Columns))
	crew.Each(len(t.Columns), func(c int) {
		for _, cell := range t.Columns[c].Cells {
			dicts[c] = append(dicts[c], printOf(cell, seeds))
		}
	})
	var locks [hashParts]sync.Mutex
	crew.Each(t.Columns[0].Chunks(), func(chunk int) {
		if t.Columns[0].Lost() {
			return
		}
		r := readers.Get().(*reader)
		defer readers.Put(r)
		var part [hashParts][]fingerprint
		for _, f := range rowPrints(t, chunk, r, dicts, seeds) {
			if f != (fingerprint{}) {
				part[f[0]%hashParts] = append(part[f[0]%hashParts], f)
			}
		}
		for i, p := range part {
			locks[i].Lock()
			buckets[i] = append(buckets[i], p...)
			locks[i].Unlock()
		}
	})
	return buckets
}

// rowPrints returns the fingerprints of a chunk's rows; it is zero where a row holds nothing.
func rowPrints(t *raw.Table, chunk int, r *reader, dicts [][]fingerprint, seeds [2]maphash.Seed) []fingerprint {
	prints := make([]fingerprint, t.Columns[0].Len(chunk))
	held := make([]bool, len(prints))
	for c := range t.Columns {
		col := &t.Columns[c]
		salt := fingerprint{mix(uint64(2*c) + 1), mix(uint64(2*c) + 2)}
		if col.Plain(chunk) {
			for row, cell := range col.RowCells(chunk, &r.raw) {
				prints[row].add(printOf(cell, seeds), salt)
				held[row] = held[row] || cell.Tag != record.Absent
			}
			continue
		}
		for row, code := range col.Codes(chunk, &r.raw) {
			prints[row].add(dicts[c][code], salt)
			held[row] = held[row] || col.Cells[code].Tag != record.Absent
		}
	}
	for row := range prints {
		if !held[row] {
			prints[row] = fingerprint{}
		}
	}
	return prints
}

// printOf returns the fingerprint of a cell.
func printOf(c record.Cell, seeds [2]maphash.Seed) (f fingerprint) {
	for i, seed := range seeds {
		f[i] = mix(maphash.String(seed, c.Text) + uint64(c.Tag))
	}
	return f
}

// add takes a cell of the next column into a row's fingerprint.
func (f *fingerprint) add(cell, salt fingerprint) {
	for i := range f {
		f[i] = mix(f[i] + mix(cell[i]^salt[i]))
	}
}
