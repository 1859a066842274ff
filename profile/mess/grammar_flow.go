package mess

import (
	"cmp"
	"maps"
	"slices"
)

// A flow is how many texts are thought to take the steps from one piece at one place to the next.
type flow struct {
	steps []step
	texts []float64
}

// settleFlows makes the counts of paths agree: as many texts go on from a piece at a place as came to it. Counts that are
// mostly noise have more going on than coming; what is too much is taken from each step alike, which leaves nothing of
// the small ones. Steps from a piece that no text came to are dropped. Later pieces are counted by a sample, and stay.
func settleFlows(paths []Step) []Step {
	var flows [places]map[string]*flow
	for i := range flows {
		flows[i] = map[string]*flow{}
	}
	var out []Step
	for _, p := range paths {
		s, ok := parseStep(p.Label)
		if !ok || s.kind != pathStep || s.place == places {
			out = append(out, p)
			continue
		}
		f := flows[s.place][s.from]
		if f == nil {
			f = &flow{}
			flows[s.place][s.from] = f
		}
		f.steps, f.texts = append(f.steps, s), append(f.texts, p.Count)
	}
	var came map[string]float64
	for place, from := range flows {
		next := map[string]float64{}
		for _, piece := range slices.Sorted(maps.Keys(from)) {
			f := from[piece]
			if place > 0 {
				f.limit(came[piece])
			}
			for i, s := range f.steps {
				to := s.to.text()
				next[to] += f.texts[i]
				out = append(out, Step{Label: pathLabel(place, piece, to), Count: f.texts[i]})
			}
		}
		came = next
	}
	return out
}

// limit takes the same from all counts above zero until they sum to at most most.
func (f *flow) limit(most float64) {
	sorted := slices.SortedFunc(slices.Values(f.texts), func(a, b float64) int { return cmp.Compare(b, a) })
	sum, excess := 0.0, 0.0
	for i, n := range sorted {
		if sum += n; n > (sum-most)/float64(i+1) {
			excess = (sum - most) / float64(i+1)
		}
	}
	if sum <= most {
		return
	}
	for i := range f.texts {
		f.texts[i] = max(0, f.texts[i]-excess)
	}
}
