package synth

// A factor says how many times likelier each cell of a table is to be drawn than the profile has it; 0 is never.
type factor []float64

// full is about the total of a reweighed table: far below what [deal] can add up, far above what shares need.
const full = 1 << 60

// reweigh multiplies the distribution that the plan stands for by the factors of some tables: the probability of a
// record goes by the product of its cells' factors. What that does to an attribute further up is carried there, from
// the last table to the first: a parent's cell is multiplied by what its child's total within the separator was (variable
// elimination; Koller & Friedman 2009, §10.2). It returns the mean of that product over the records there were: for
// factors of 0 and 1, the share of those left. A table whose cells would all vanish is left as it is, and the mean is 0.
//
// Go may fuse a multiplication and an addition, which rounds differently on different machines; the conversions forbid it.
func (pl *plan) reweigh(factors map[int]factor) (mean float64) {
	mean = 1
	for i := len(pl.tables) - 1; i >= 0; i-- {
		f := factors[i]
		if f == nil {
			continue
		}
		t := &pl.tables[i]
		weights := make([]float64, len(t.weights))
		before, after := 0.0, 0.0
		for c, w := range t.weights {
			weights[c] = float64(float64(w) * f[c])
			before += float64(w)
			after += weights[c]
		}
		if !(after > 0) {
			mean = 0
			continue
		}
		if t.parent >= 0 {
			factors[t.parent] = t.carry(weights, factors[t.parent])
		} else {
			mean = float64(mean * (after / before))
		}
		scale := full / after
		t.weights = make([]int64, len(weights)) // the profile keeps its own
		for c, w := range weights {
			t.weights[c] = int64(float64(w * scale)) // what rounds to nothing is dealt to nobody
		}
	}
	return mean
}

// carry returns the parent's factor, multiplied by how much the table's total within each separator changes. For a separator
// of which the table has no cell, those that are dealt in its place speak.
func (t *planned) carry(weights []float64, parent factor) factor {
	out := make(factor, len(t.parentKeys))
	members := spread{t.weights, t.keys}.members()
	ratios := map[separator]float64{}
	for i, key := range t.parentKeys {
		ratio, ok := ratios[key]
		if !ok {
			before, after := 0.0, 0.0
			for _, c := range (spread{t.weights, t.keys}).matching(key, members) {
				before += float64(t.weights[c])
				after += weights[c]
			}
			if ratio = 1; before > 0 {
				ratio = after / before
			}
			ratios[key] = ratio
		}
		if out[i] = ratio; parent != nil {
			out[i] = float64(parent[i] * ratio)
		}
	}
	return out
}

// marginals returns each cell's share of the records, table by table.
func (pl *plan) marginals() [][]float64 {
	out := make([][]float64, len(pl.tables))
	for i := range pl.tables {
		t := &pl.tables[i]
		out[i] = make([]float64, len(t.weights))
		if t.parent < 0 {
			t.share(out[i], nil, 1)
			continue
		}
		var order []separator
		mass := map[separator]float64{}
		for c, key := range t.parentKeys {
			if _, ok := mass[key]; !ok {
				order = append(order, key)
			}
			mass[key] += out[t.parent][c]
		}
		s := spread{t.weights, t.keys}
		members := s.members()
		for _, key := range order {
			t.share(out[i], s.matching(key, members), mass[key])
		}
	}
	return out
}

// share adds a mass to some cells, in proportion to their weights; nil is all cells.
func (t *planned) share(to []float64, cells []int32, mass float64) {
	if cells == nil {
		for c := range t.weights {
			cells = append(cells, int32(c))
		}
	}
	total := 0.0
	for _, c := range cells {
		total += float64(t.weights[c])
	}
	if !(total > 0) {
		return
	}
	for _, c := range cells {
		to[c] += float64(mass * (float64(t.weights[c]) / total))
	}
}
