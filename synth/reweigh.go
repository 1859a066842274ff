package synth

// A factor says how many times likelier each cell of a table is to be drawn than the profile has it; 0 is never.
type factor []float64

// full is about the total of a reweighed table: far below what [deal] can add up, far above what shares need.
const full = 1 << 60

// reweigh multiplies the distribution that the plan stands for by the factors of some tables: the probability of a
// record goes by the product of its cells' factors. What that does to an attribute further up is carried there, from
// the last table to the first: a parent's cell is multiplied by what its child's total within the separator was (variable
// elimination; Koller & Friedman 2009, §10.2). A table whose cells would all vanish is left as it is.
//
// Go may fuse a multiplication and an addition, which rounds differently on different machines; the conversions forbid it.
func (pl *plan) reweigh(factors map[int]factor) {
	for i := len(pl.tables) - 1; i >= 0; i-- {
		f := factors[i]
		if f == nil {
			continue
		}
		t := &pl.tables[i]
		weights := make([]float64, len(t.weights))
		after := 0.0
		for c, w := range t.weights {
			weights[c] = float64(float64(w) * f[c])
			after += weights[c]
		}
		if !(after > 0) {
			continue
		}
		if t.parent >= 0 {
			factors[t.parent] = t.carry(weights, factors[t.parent])
		}
		scale := full / after
		t.weights = make([]int64, len(weights)) // the profile keeps its own
		for c, w := range weights {
			t.weights[c] = int64(float64(w * scale)) // what rounds to nothing is dealt to nobody
		}
	}
}

// carry returns the parent's factor, multiplied by how much the table's total within each separator changes.
func (t *planned) carry(weights []float64, parent factor) factor {
	before, after := map[separator]float64{}, map[separator]float64{}
	for c, w := range t.weights {
		before[t.keys[c]] += float64(w)
		after[t.keys[c]] += weights[c]
	}
	if parent == nil {
		parent = make(factor, len(t.parentKeys))
		for i := range parent {
			parent[i] = 1
		}
	}
	for i, key := range t.parentKeys {
		if before[key] > 0 {
			parent[i] = float64(parent[i] * float64(after[key]/before[key]))
		}
	}
	return parent
}
