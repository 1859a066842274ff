package encode

import (
	"sync"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/vault/internal/crew"
	"github.com/patina-data/patina/profile/vault/internal/spill"
)

// A Joint is rows encoded over views: for each attribute, one code a row. It is as secret as the rows.
type Joint struct {
	unit  dp.Unit
	sizes []int
	rows  []int            // [chunk]
	lost  func() bool      // what is counted is of no use any more
	codes [][]*spill.Block // [attribute][chunk] a byte a row
}

// MaxView is the most codes a view can have.
const MaxView = 255

// noView is what a cell without a place in the view is encoded as. Its row is not counted where the view is.
const noView = MaxView

// AddValue appends the view of a column's values as the next attribute: groups has the view's code of each code.
func (t *Joint) AddValue(e *Column, c *profile.Coder, groups []int32, size int) {
	t.add(e, c, size, func(s *seen) int32 { return at(groups, s.value) })
}

// AddForm appends the view of a column's forms as the next attribute.
func (t *Joint) AddForm(e *Column, c *profile.Coder, groups []int32, size int) {
	t.add(e, c, size, func(s *seen) int32 { return at(groups, s.form(c)) })
}

func at(groups []int32, code int32) int32 {
	if code < 0 {
		return noView
	}
	return groups[code]
}

func (t *Joint) add(e *Column, c *profile.Coder, size int, view func(s *seen) int32) {
	of := make([]uint8, len(e.cells))
	var s seen
	for i := range of {
		s.see(c, &e.cells[i])
		of[i] = uint8(view(&s))
	}
	p := e.newPass(c)
	blocks := make([]*spill.Block, e.raw.Chunks())
	t.rows = make([]int, len(blocks))
	crew.Each(len(blocks), func(chunk int) {
		if e.raw.Lost() {
			blocks[chunk] = e.raw.Store().Put(nil)
			return
		}
		r := readers.Get().(*reader)
		defer readers.Put(r)
		t.rows[chunk] = e.raw.Len(chunk)
		codes := make([]byte, t.rows[chunk])
		if e.raw.Plain(chunk) {
			e.each(p, chunk, r, func(row int, s *seen) { codes[row] = uint8(view(s)) })
		} else {
			for row, cell := range e.raw.Codes(chunk, &r.raw) {
				codes[row] = of[cell]
			}
		}
		blocks[chunk] = e.raw.Store().Put(codes)
	})
	t.lost, t.unit, t.sizes, t.codes = e.raw.Lost, e.unit, append(t.sizes, size), append(t.codes, blocks)
}

// Marginal counts the rows in each cell of a clique of attributes, the last one running fastest. A row is in one cell.
func (t *Joint) Marginal(clique []int) dp.Counts {
	return dp.Seal(t.count([][]int{clique})[0], t.unit.Bound(1))
}

// roomForCounts is how many cells are counted in one go through the rows, by each goroutine: more would fall out of the processor's
// caches.
const roomForCounts = 1 << 20

// batches cuts cliques into runs that are counted together.
func (t *Joint) batches(cliques [][]int) (runs [][][]int) {
	room := 0
	for i, c := range cliques {
		if room -= t.cells(c); room < 0 || i == 0 {
			runs = append(runs, nil)
			room = roomForCounts - t.cells(c)
		}
		last := len(runs) - 1
		runs[last] = append(runs[last], c)
	}
	return runs
}

func (t *Joint) cells(clique []int) int {
	cells := 1
	for _, a := range clique {
		cells *= t.sizes[a]
	}
	return cells
}

// count counts the rows in the cells of some cliques. Every goroutine counts chunks of its own; the sums are the same in whatever order they
// are added up.
func (t *Joint) count(cliques [][]int) [][]int64 {
	counts := make([][]int64, len(cliques))
	for i, c := range cliques {
		counts[i] = make([]int64, t.cells(c))
	}
	var mu sync.Mutex
	crew.Parts(len(t.rows), func(next func() (chunk int, ok bool)) {
		k := newChunkCounter(t, cliques)
		for chunk, ok := next(); ok && !t.lost(); chunk, ok = next() {
			k.count(chunk)
		}
		mu.Lock()
		defer mu.Unlock()
		for i := range counts {
			add(counts[i], k.counts[i])
		}
	})
	return counts
}

// A chunkCounter counts rows in the cells of cliques, a chunk at a time.
type chunkCounter struct {
	joint   *Joint
	cliques [][]int
	counts  [][]int64
	codes   [][]byte // [attribute] of the chunk at hand; nil where no clique needs them
	memory  [][]byte // [attribute]
}

func newChunkCounter(t *Joint, cliques [][]int) *chunkCounter {
	k := &chunkCounter{joint: t, cliques: cliques, codes: make([][]byte, len(t.codes)), memory: make([][]byte, len(t.codes))}
	for _, c := range cliques {
		k.counts = append(k.counts, make([]int64, t.cells(c)))
	}
	return k
}

func (k *chunkCounter) count(chunk int) {
	t := k.joint
	clear(k.codes)
	for i, clique := range k.cliques {
		for _, a := range clique {
			if k.codes[a] == nil {
				k.codes[a] = t.codes[a][chunk].Bytes(&k.memory[a])
			}
		}
		if len(clique) == 2 {
			countPair(k.counts[i], k.codes[clique[0]], k.codes[clique[1]], t.sizes[clique[1]])
		} else {
			countCells(k.counts[i], k.codes, clique, t.sizes, t.rows[chunk])
		}
	}
}

// countCells counts rows over any number of attributes.
func countCells(counts []int64, codes [][]byte, clique, sizes []int, rows int) {
	for row := range rows {
		cell, whole := 0, true
		for _, a := range clique {
			code := codes[a][row]
			whole = whole && code != noView
			cell = cell*sizes[a] + int(code)
		}
		if whole {
			counts[cell]++
		}
	}
}

// countPair is countCells for two attributes, where nearly all of the time goes.
func countPair(counts []int64, a, b []uint8, size int) {
	b = b[:len(a)]
	for row, x := range a {
		if y := b[row]; x != noView && y != noView {
			counts[int(x)*size+int(y)]++
		}
	}
}

// Misfits returns, for each clique, how far its exact counts are from what is expected of them: Σ|count − expected| over
// its cells. A row is in at most one cell of each clique, so that it moves each misfit by at most one, whatever the
// expectation, which must come from released values.
func (t *Joint) Misfits(cliques [][]int, expected [][]int64) dp.Counts {
	misfits := make([]int64, 0, len(cliques))
	for _, run := range t.batches(cliques) {
		for _, counts := range t.count(run) {
			misfit, of := int64(0), expected[len(misfits)]
			for cell, n := range counts {
				misfit += max(n-of[cell], of[cell]-n)
			}
			misfits = append(misfits, misfit)
		}
	}
	return dp.Seal(misfits, t.unit.Bound(len(cliques)))
}
