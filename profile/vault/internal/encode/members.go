package encode

import (
	"encoding/binary"
	"slices"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/raw"
)

// Members are the members of objects on the way to columns that are named by paths. They make a tree.
type Members struct {
	Parent []int   // [member] the member whose object or array it is in; -1 at the top
	Of     [][]int // [column] the members on its way, from the top
}

// NewMembers returns the members on the way to the columns.
func NewMembers(columns []string) (Members, error) {
	m := Members{Of: make([][]int, len(columns))}
	known := map[string]int{}
	for c, name := range columns {
		p, err := record.ParsePath(name)
		if err != nil {
			return m, err
		}
		parent := -1
		for i, s := range p {
			if s.Index != record.Member {
				continue
			}
			id, ok := known[p[:i+1].String()]
			if !ok {
				id = len(m.Parent)
				known[p[:i+1].String()] = id
				m.Parent = append(m.Parent, parent)
			}
			m.Of[c], parent = append(m.Of[c], id), id
		}
	}
	return m, nil
}

// Places of a member among those of its object that a record has: the first ones each have a bucket, later ones share.
const (
	ownPlaces    = 48
	sharedPlaces = 16 // places of one shared bucket
	placeBuckets = 64
)

// Place returns the place that a bucket stands for, from 0.
func Place(bucket int) float64 {
	if bucket < ownPlaces {
		return float64(bucket)
	}
	return ownPlaces + (float64(bucket-ownPlaces)+0.5)*sharedPlaces
}

func placeBucket(place int) int {
	if place < ownPlaces {
		return place
	}
	return min(ownPlaces+(place-ownPlaces)/sharedPlaces, placeBuckets-1)
}

// Places counts in which place among the members of their object members stand, in buckets, member by member. At most
// limit members of a record are counted, spread evenly over it.
func (m Members) Places(t *raw.Table, limit int) dp.Counts {
	counts := make([]int64, len(m.Parent)*placeBuckets)
	for order, rows := range t.Orders {
		cells := m.places(order)
		n := min(limit, len(cells))
		for i := range n {
			counts[cells[i*len(cells)/n]] += rows
		}
	}
	return dp.Seal(counts, dp.Bound(recordsPerUnit, limit))
}

// places returns the cells of the histogram that one record is in, in its order. They are distinct, as its members are.
func (m Members) places(order string) (cells []int) {
	size := map[int]int{} // members seen, by parent
	seen := map[int]bool{}
	for c := range columnsOf(order) {
		for _, id := range m.Of[c] {
			if seen[id] {
				continue
			}
			seen[id] = true
			place := size[m.Parent[id]]
			size[m.Parent[id]]++
			cells = append(cells, id*placeBuckets+placeBucket(place))
		}
	}
	return cells
}

// MeanPlaces estimates each member's mean place from noisy counts of Places, out of the buckets that stand out from
// noise of standard deviation sigma, or else the fullest one.
func MeanPlaces(counts []float64, sigma float64) []float64 {
	var means []float64
	for buckets := range slices.Chunk(counts, placeBuckets) {
		sum, total, fullest := 0.0, 0.0, 0
		for i, n := range buckets {
			if n > 3*sigma {
				sum, total = sum+n*Place(i), total+n
			}
			if n > buckets[fullest] {
				fullest = i
			}
		}
		if total == 0 {
			sum, total = Place(fullest), 1
		}
		means = append(means, sum/total)
	}
	return means
}

// Orders counts the records that have their columns in the order of the table, and those that do not.
func Orders(t *raw.Table) dp.Counts {
	counts := make([]int64, 2)
	for order, rows := range t.Orders {
		last, changed := 0, 0
		for c := range columnsOf(order) {
			if c < last {
				changed = 1
			}
			last = c
		}
		counts[changed] += rows
	}
	return dp.Seal(counts, dp.Bound(recordsPerUnit, 1))
}

// columnsOf yields the columns of an order, as [record.Batch] writes it.
func columnsOf(order string) func(func(int) bool) {
	return func(yield func(int) bool) {
		for b := []byte(order); len(b) >= 2; b = b[2:] {
			if !yield(int(binary.LittleEndian.Uint16(b))) {
				return
			}
		}
	}
}

// Others counts the records by how many members they have beyond the columns, in the intervals that begin at lows, of
// which the first is 0.
func Others(t *raw.Table, lows []int) dp.Counts {
	counts := make([]int64, len(lows))
	for n, rows := range t.Others {
		i, exact := slices.BinarySearch(lows, n)
		if !exact {
			i--
		}
		counts[i] += rows
	}
	return dp.Seal(counts, dp.Bound(recordsPerUnit, 1))
}
