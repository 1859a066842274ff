package encode

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// DefaultLimits are what the number of paths that are counted of a JSON record may be limited to, where nobody declared a
// limit.
func DefaultLimits() []int {
	return []int{4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096}
}

// A PathCounter counts the paths of JSON records under each of several limits on how many paths of a record are counted,
// at once. Which ones are counted where there are more depends on the record alone: they are taken in an order by hash that
// is another one for every set of paths, so that none is always last. A path with a key that looks like personal data is
// never counted.
type PathCounter struct {
	Limits []int   // ascending
	Unit   dp.Unit // how many of the records are one unit's

	paths  map[string]*pathTally
	widths []int64      // [limit] records whose number of paths is within it, but not within the one before
	record []*pathTally // scratch
}

// A pathTally is what is known of a path.
type pathTally struct {
	hash uint64
	out  bool    // never counted
	turn uint64  // when it is taken in the record at hand
	rows []int64 // [limit] records that take it within the limit, but not within the one before
}

// Add counts one record's paths, which are distinct.
func (k *PathCounter) Add(paths []string) {
	if k.paths == nil {
		k.paths, k.widths = map[string]*pathTally{}, make([]int64, len(k.Limits))
	}
	k.record = k.record[:0]
	var set uint64
	for _, p := range paths {
		if t := k.tally(p); !t.out {
			set += t.hash
			k.record = append(k.record, t)
		}
	}
	k.widths[k.limit(max(0, len(k.record)-1))]++
	if len(k.record) > k.Limits[0] {
		for _, t := range k.record {
			t.turn = mix(t.hash ^ set)
		}
		slices.SortFunc(k.record, func(a, b *pathTally) int { return cmp.Or(cmp.Compare(a.turn, b.turn), cmp.Compare(a.hash, b.hash)) })
	}
	for i, t := range k.record[:min(len(k.record), k.Limits[len(k.Limits)-1])] {
		at := k.limit(i)
		for len(t.rows) <= at {
			t.rows = append(t.rows, 0)
		}
		t.rows[at]++
	}
}

// limit returns the first limit within which the path of index i is; the last one if none is.
func (k *PathCounter) limit(i int) int {
	at, _ := slices.BinarySearch(k.Limits, i+1)
	return min(at, len(k.Limits)-1)
}

// tally returns the tally of a path.
func (k *PathCounter) tally(path string) *pathTally {
	t := k.paths[path]
	if t == nil {
		h := fnv.New64a()
		h.Write([]byte(path))
		t = &pathTally{hash: h.Sum64(), out: !countable(path)}
		k.paths[strings.Clone(path)] = t
	}
	return t
}

// countable reports whether a path may become the name of a column.
func countable(path string) bool {
	p, err := record.ParsePath(path)
	if err != nil || path == "" || !utf8.ValidString(path) || profile.Reserved(path) {
		return false
	}
	return !slices.ContainsFunc(p, func(s record.Step) bool {
		return s.Index == record.Member && s.Key != "" && !mess.Releasable(record.Cell{Tag: record.Text, Text: s.Key})
	})
}

// mix scatters the bits of x (the finaliser of MurmurHash3, Appleby).
func mix(x uint64) uint64 {
	x = (x ^ x>>33) * 0xff51afd7ed558ccd
	x = (x ^ x>>33) * 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// Widths counts the records by the first of the limits that all of their paths are within; the last one has the wider
// ones too.
func (k *PathCounter) Widths() dp.Counts {
	widths := make([]int64, len(k.Limits))
	copy(widths, k.widths)
	return dp.Seal(widths, k.Unit.Bound(1))
}

// Paths is the histogram over paths under a limit, which must be one of k.Limits.
func (k *PathCounter) Paths(limit int) dp.Keyed {
	last := slices.Index(k.Limits, limit)
	hist := map[string]int64{}
	for path, t := range k.paths {
		for _, n := range t.rows[:min(last+1, len(t.rows))] {
			hist[path] += n
		}
	}
	return dp.SealKeyed(hist, k.Unit.Bound(limit))
}
