package encode

import (
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/crew"
)

// hashParts is how many parts hashes are sorted in, so that each fits the processor's caches.
const hashParts = 64

// A repeat is what may be released of cells that have the same hash, of which there are several.
type repeat struct {
	cell record.Cell // one of them
	key  string
}

// addPlainKeys adds the keys of the plain cells to a histogram, but for those that only one row has and no distinct cell: these pass no
// threshold. Hashes tell which cells may be of one key; whether they are is then seen from the cells.
func (e *Column) addPlainKeys(hist map[string]int64, w Which) {
	if len(e.plain) == 0 {
		return
	}
	e.look()
	repeated := e.repeated(w)
	firsts := make([]atomic.Pointer[repeat], len(repeated))
	totals := make([]int64, len(repeated))
	var mu sync.Mutex
	crew.Parts(len(e.plain), func(next func() (int, bool)) {
		counts, bySort, others := make([]int64, len(repeated)), make([]int64, len(e.sorts.of)), map[string]int64{}
		r := readers.Get().(*reader)
		defer readers.Put(r)
		for i, ok := next(); ok && !e.raw.Lost(); i, ok = next() {
			chunk := e.plain[i]
			keys, sorts := e.facts[chunk].keys.Bytes(&r.blocks[0]), e.facts[chunk].sorts.Bytes(&r.blocks[1])
			for row, cell := range e.raw.RowCells(chunk, &r.raw) {
				if sort := binary.LittleEndian.Uint16(sorts[2*row:]); sort != noSort && isKeyed(&e.sorts.of[sort]) {
					bySort[sort]++
					continue
				}
				if at, ok := repeated[binary.LittleEndian.Uint32(keys[4*row:])]; ok {
					e.countRepeat(cell, w, &firsts[at], &counts[at], others)
				}
			}
		}
		mu.Lock()
		defer mu.Unlock()
		add(totals, counts)
		addKeys(hist, others)
		for i, n := range bySort {
			if d := &e.sorts.of[i]; n > 0 && w.has(d) {
				hist[keyOf(d)] += n
			}
		}
	})
	for i, n := range totals {
		if n > 0 {
			hist[firsts[i].Load().key] += n
		}
	}
}

// countRepeat counts a cell: with the first of its hash where they have the same key, and otherwise by itself.
func (e *Column) countRepeat(cell record.Cell, w Which, first *atomic.Pointer[repeat], count *int64, others map[string]int64) {
	if f := first.Load(); f != nil && f.cell == cell {
		*count++
		return
	}
	d := mess.Describe(e.codec, cell)
	if !w.has(&d) {
		return
	}
	key := keyOf(&d)
	if first.Load() == nil {
		first.CompareAndSwap(nil, &repeat{cell: cloned(cell), key: key})
	}
	if first.Load().key == key {
		*count++
	} else {
		others[key]++
	}
}

// repeated numbers the hashes that more than one plain cell has, or one and a distinct cell, or a sort of one value.
func (e *Column) repeated(w Which) map[uint32]uint32 {
	var buckets [hashParts][]uint32
	var locks [hashParts]sync.Mutex
	e.chunks(func(chunk int, r *reader) {
		var part [hashParts][]uint32
		keys, sorts := e.facts[chunk].keys.Bytes(&r.blocks[0]), e.facts[chunk].sorts.Bytes(&r.blocks[1])
		for row := range len(keys) / 4 {
			if sort := binary.LittleEndian.Uint16(sorts[2*row:]); sort == noSort || w.has(&e.sorts.of[sort]) && !isKeyed(&e.sorts.of[sort]) {
				h := binary.LittleEndian.Uint32(keys[4*row:])
				part[h%hashParts] = append(part[h%hashParts], h)
			}
		}
		for i, p := range part {
			locks[i].Lock()
			buckets[i] = append(buckets[i], p...)
			locks[i].Unlock()
		}
	})
	add := func(d *mess.Description) {
		if w.has(d) {
			h := e.hash(d)
			buckets[h%hashParts] = append(buckets[h%hashParts], h)
		}
	}
	for i := range e.cells {
		add(&e.cells[i])
	}
	for i := range e.sorts.of {
		if isKeyed(&e.sorts.of[i]) {
			add(&e.sorts.of[i])
		}
	}
	repeated := map[uint32]uint32{}
	var mu sync.Mutex
	crew.Each(hashParts, func(i int) {
		slices.Sort(buckets[i])
		mu.Lock()
		defer mu.Unlock()
		for k, h := range buckets[i] {
			if k > 0 && h == buckets[i][k-1] {
				if _, ok := repeated[h]; !ok {
					repeated[h] = uint32(len(repeated))
				}
			}
		}
	})
	return repeated
}
