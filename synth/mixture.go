package synth

import "math/bits"

// A mixture deals rows from several plans over the same tables, each of which has its share of them. Where the factors of a
// distribution are no product over tables, as for a condition that sets columns against each other with "or", it is one over
// disjoint parts of the records that have such factors.
type mixture struct {
	parts []*plan   // built, each for its own rows
	odds  []float64 // [part] how many times likelier its records are than without odds
	start []uint64  // [part] the first position dealt from it; one more at the end
	perm  permutation
}

// A share is a plan and the share of the rows that is dealt from it, relative to the others'.
type share struct {
	plan *plan
	mass float64
	odds float64
}

// newMixture deals n rows. The k-th part starts at ⌊cₖ·n/W⌋, for the masses cₖ before it of all W.
func newMixture(shares []share, n, key uint64) *mixture {
	m := &mixture{start: []uint64{0}, perm: newPermutation(max(n, 1), derive(key, 0))}
	total, before := 0.0, 0.0
	for _, s := range shares {
		total += s.mass
	}
	for i, s := range shares {
		before += s.mass
		hi, lo := bits.Mul64(uint64(float64(before/total)*full), n)
		end, _ := bits.Div64(hi, lo, full) // at most n, as before ≤ total
		if i == len(shares)-1 {
			end = n
		}
		first := m.start[len(m.start)-1]
		if end <= first {
			continue
		}
		partKey := key
		if len(shares) > 1 {
			partKey = derive(key, 1, uint64(i))
		}
		s.plan.build(end-first, partKey)
		m.parts, m.odds, m.start = append(m.parts, s.plan), append(m.odds, s.odds), append(m.start, end)
	}
	return m
}

// A hand is what some rows have been dealt.
type hand struct {
	cells [][]int32 // [table][row] the table's cell
	part  []int32   // [row]
}

// deal returns what the rows are dealt.
func (m *mixture) deal(rows []uint64) hand {
	h := hand{cells: make([][]int32, len(m.parts[0].tables)), part: make([]int32, len(rows))}
	for t := range h.cells {
		h.cells[t] = make([]int32, len(rows))
	}
	if len(m.parts) == 1 {
		h.fill(m.parts[0], rows, nil)
		return h
	}
	ranks, at := make([][]uint64, len(m.parts)), make([][]int, len(m.parts))
	for i, row := range rows {
		pos, k := m.perm.at(row), 0
		for pos >= m.start[k+1] { // few
			k++
		}
		h.part[i] = int32(k)
		ranks[k], at[k] = append(ranks[k], pos-m.start[k]), append(at[k], i)
	}
	for k, pl := range m.parts {
		h.fill(pl, ranks[k], at[k])
	}
	return h
}

// fill takes in what a part deals to some of its rows, the i-th of which is at at[i] in the hand, or at i.
func (h *hand) fill(pl *plan, ranks []uint64, at []int) {
	places := make([][]place, len(pl.nodes))
	for t := range places {
		places[t] = make([]place, len(ranks))
	}
	pl.deal(ranks, places)
	for t, n := range pl.nodes {
		for i, p := range places[t] {
			to := i
			if at != nil {
				to = at[i]
			}
			h.cells[t][to] = n.cells[p.slot]
		}
	}
}

// dealt reports whether any row is dealt the cell of a table.
func (m *mixture) dealt(table, cell int) bool {
	for _, pl := range m.parts {
		n := pl.nodes[table]
		for slot, rows := range n.rows() {
			if rows > 0 && int(n.cells[slot]) == cell {
				return true
			}
		}
	}
	return false
}
