package encode

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
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
	prints := fingerprints(t)
	slices.SortFunc(prints, func(a, b fingerprint) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for first := 0; first < len(prints); {
		next := first + 1
		for next < len(prints) && prints[next] == prints[first] {
			next++
		}
		n := int64(next - first)
		counts[slices.IndexFunc(ranges, func(r profile.CopyRange) bool { return n <= r.Most })]++
		first = next
	}
	return dp.Seal(counts, t.Unit.Bound(copyCells))
}

// A fingerprint is 128 bits that stand for a row, keyed anew in every call. That two of n different rows have the same has
// a probability of about n²/2¹²⁹: 1e-19 for ten billion rows. It would make two distinct rows count as one; the
// sensitivity holds all the same, as a record still moves one fingerprint's count.
type fingerprint [2]uint64

// fingerprints returns those of the rows that hold anything.
func fingerprints(t *raw.Table) []fingerprint {
	keys := [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}
	empty := make([]int64, len(t.Columns)) // the code of Absent in each column
	for i := range t.Columns {
		empty[i] = int64(slices.Index(t.Columns[i].Cells, record.Cell{}))
	}
	out := make([]fingerprint, 0, t.Rows)
	row := make([]byte, 0, 4*len(t.Columns))
	for r := range t.Rows {
		row = row[:0]
		held := false
		for i := range t.Columns {
			code := t.Columns[i].Codes[r]
			row = binary.LittleEndian.AppendUint32(row, code)
			held = held || int64(code) != empty[i]
		}
		if held {
			out = append(out, fingerprint{maphash.Bytes(keys[0], row), maphash.Bytes(keys[1], row)})
		}
	}
	return out
}
