package encode

import (
	"encoding/binary"
	"slices"
	"strconv"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/raw"
)

// Members are the members of objects on the way to columns that are named by paths.
type Members struct {
	Of       [][]int  // [column] the members on its way, from the top
	Siblings [][]int  // the members of each object, in the order of the columns
	at       [][2]int // [member] index of its object, and its own in there
	first    []int    // [object] its first cell in the histogram of Follows
	cells    int
}

// NewMembers returns the members on the way to the columns.
func NewMembers(columns []string) (*Members, error) {
	m := &Members{Of: make([][]int, len(columns))}
	known, objects := map[string]int{}, map[string]int{}
	for c, name := range columns {
		p, err := record.ParsePath(name)
		if err != nil {
			return nil, err
		}
		for i, s := range p {
			if s.Index != record.Member {
				continue
			}
			id, ok := known[p[:i+1].String()]
			if !ok {
				id = m.add(p[:i], objects)
				known[p[:i+1].String()] = id
			}
			m.Of[c] = append(m.Of[c], id)
		}
	}
	for _, ids := range m.Siblings {
		m.first = append(m.first, m.cells)
		m.cells += len(ids) * len(ids)
	}
	return m, nil
}

// add adds a member of the object at a path and returns its number.
func (m *Members) add(object record.Path, objects map[string]int) int {
	key := strconv.Itoa(len(object)) + object.String() // the record itself has no key, not the empty one
	o, ok := objects[key]
	if !ok {
		o = len(m.Siblings)
		objects[key] = o
		m.Siblings = append(m.Siblings, nil)
	}
	id := len(m.at)
	m.at = append(m.at, [2]int{o, len(m.Siblings[o])})
	m.Siblings[o] = append(m.Siblings[o], id)
	return id
}

// Cell returns where Follows counts that member b comes right after its sibling a.
func (m *Members) Cell(a, b int) int {
	o := m.at[a][0]
	return m.first[o] + m.at[a][1]*len(m.Siblings[o]) + m.at[b][1]
}

// Follows counts which member of an object comes right after which, of those that are on the way to columns. At most limit
// such pairs of a record are counted, spread evenly over it.
func (m *Members) Follows(t *raw.Table, limit int) dp.Counts {
	counts := make([]int64, m.cells)
	for order, rows := range t.Orders {
		cells := m.follows(order)
		n := min(limit, len(cells))
		for i := range n {
			counts[cells[i*len(cells)/n]] += rows
		}
	}
	return dp.Seal(counts, t.Unit.Bound(limit))
}

// follows returns the cells of the histogram that one record is in. They are distinct, as its members are.
func (m *Members) follows(order string) (cells []int) {
	last := map[int]int{} // [object] the member seen last
	seen := map[int]bool{}
	for c := range columnsOf(order) {
		for _, id := range m.Of[c] {
			if seen[id] {
				continue
			}
			seen[id] = true
			object := m.at[id][0]
			if before, ok := last[object]; ok {
				cells = append(cells, m.Cell(before, id))
			}
			last[object] = id
		}
	}
	return cells
}

// Orders counts the records in which no pair of members comes in another order than given, first the earlier one, and
// those in which one does.
func (m *Members) Orders(t *raw.Table, pairs [][2]int) dp.Counts {
	counts := make([]int64, 2)
	for order, rows := range t.Orders {
		place := make(map[int]int, len(order))
		for c := range columnsOf(order) {
			for _, id := range m.Of[c] {
				if _, ok := place[id]; !ok {
					place[id] = len(place)
				}
			}
		}
		changed := slices.ContainsFunc(pairs, func(p [2]int) bool {
			a, hasA := place[p[0]]
			b, hasB := place[p[1]]
			return hasA && hasB && a > b
		})
		if changed {
			counts[1] += rows
		} else {
			counts[0] += rows
		}
	}
	return dp.Seal(counts, t.Unit.Bound(1))
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
	return dp.Seal(counts, t.Unit.Bound(1))
}
