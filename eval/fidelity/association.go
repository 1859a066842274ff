package fidelity

import (
	"cmp"
	"math"
	"slices"

	"github.com/patina-data/patina/profile/mess"
)

// The measures of how much two columns depend on each other, chosen by their kinds.
const (
	Spearman = "spearman"          // both ordered: Pearson's r of the values' ranks; −1 to 1, 0 for independent columns
	CramersV = "cramers_v"         // neither: bias-corrected, 0 to 1 (Bergsma 2013, J. Korean Stat. Soc. 42)
	Ratio    = "correlation_ratio" // one: the √ of how much of the ranks' variance is between categories, corrected (ε², Kelley 1935), 0 to 1
)

// Associations compares how much pairs of columns depend on each other. The measures are of the kind's own values: rows in which either
// column has none are left out, but that categories count as they are.
type Associations struct {
	Columns []string      `json:"columns"`
	Pairs   []Association `json:"pairs"`
	Of      int           `json:"of"`   // pairs that there are
	Mean    Score         `json:"mean"` // mean absolute difference from the reference
}

// An Association is one pair of columns.
type Association struct {
	Columns   [2]string `json:"columns"`
	Method    string    `json:"method"`
	Real      float64   `json:"real"` // of the reference half
	Synthetic float64   `json:"synthetic"`
	Floor     float64   `json:"floor"` // of the other half
	// Pearson's r of the values themselves, of ordered pairs; beside ranks, it feels what lies far out.
	PearsonReal      *float64 `json:"pearson_real,omitempty"`
	PearsonSynthetic *float64 `json:"pearson_synthetic,omitempty"`
}

// A coordinates holds a sample's columns for measures of dependence.
type coordinates struct {
	values [][]float64 // [column][row] of ordered columns, NaN where there is no value; nil for others
	ranks  [][]float64
	codes  [][]int32
	sizes  []int
}

func (s *suite) coordinates(x *sample) *coordinates {
	t := x.table(s.columns, func(c *column) *attribute { return &c.value })
	out := &coordinates{codes: t.columns, sizes: t.sizes}
	for at, c := range s.columns {
		if !c.numeric() {
			out.values, out.ranks = append(out.values, nil), append(out.ranks, nil)
			continue
		}
		values := make([]float64, x.rows)
		for r := range values {
			values[r] = math.NaN()
			if v, ok := position(&c.cells[x.cell(c, at, r)]); ok {
				values[r] = v
			}
		}
		out.values, out.ranks = append(out.values, values), append(out.ranks, ranks(values))
	}
	return out
}

// numeric reports whether the column is ordered and not a truth value.
func (c *column) numeric() bool { return c.ordered() && c.kind != mess.Boolean }

// ranks returns the mid-ranks of values, NaN where there is none.
func ranks(values []float64) []float64 {
	order := make([]int, 0, len(values))
	out := make([]float64, len(values))
	for i, v := range values {
		if out[i] = math.NaN(); !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && values[order[j]] == values[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			out[order[k]] = float64(i+j-1) / 2
		}
		i = j
	}
	return out
}

// between measures a pair of columns.
func (x *coordinates) between(a, b int) (method string, v float64) {
	switch {
	case x.values[a] != nil && x.values[b] != nil:
		return Spearman, pearson(x.ranks[a], x.ranks[b])
	case x.values[a] != nil:
		return Ratio, correlationRatio(x.ranks[a], x.codes[b], x.sizes[b])
	case x.values[b] != nil:
		return Ratio, correlationRatio(x.ranks[b], x.codes[a], x.sizes[a])
	}
	return CramersV, cramersV(x.codes[a], x.codes[b], x.sizes[a], x.sizes[b])
}

// associations compares all pairs, or a sample of them.
func (s *suite) associations() *Associations {
	ref := s.coordinates(s.reference)
	var list []*coordinates
	for _, x := range s.candidates() {
		list = append(list, s.coordinates(x))
	}
	out := &Associations{Columns: []string{}, Pairs: []Association{}}
	for _, c := range s.columns {
		out.Columns = append(out.Columns, c.name)
	}
	var pairs [][]int
	pairs, out.Of = chooseSets(len(s.columns), 2, maxPairs, s.rng)
	for _, p := range pairs {
		method, real := ref.between(p[0], p[1])
		var v [3]float64
		for k, x := range list {
			_, v[k] = x.between(p[0], p[1])
		}
		a := Association{Columns: [2]string{s.columns[p[0]].name, s.columns[p[1]].name}, Method: method, Real: real, Synthetic: v[0], Floor: v[1]}
		if method == Spearman {
			r, q := pearson(ref.values[p[0]], ref.values[p[1]]), pearson(list[0].values[p[0]], list[0].values[p[1]])
			a.PearsonReal, a.PearsonSynthetic = &r, &q
		}
		out.Pairs = append(out.Pairs, a)
		n := float64(len(pairs))
		out.Mean.Synthetic += math.Abs(v[0]-real) / n
		out.Mean.Floor += math.Abs(v[1]-real) / n
		out.Mean.Independent += math.Abs(v[2]-real) / n
	}
	return out
}

// Worst returns the pairs whose dependence differs most, beyond what the two real halves differ.
func (a *Associations) Worst() []Association {
	list := slices.Clone(a.Pairs)
	excess := func(p Association) float64 { return math.Abs(p.Synthetic-p.Real) - math.Abs(p.Floor-p.Real) }
	slices.SortStableFunc(list, func(a, b Association) int { return cmp.Compare(excess(b), excess(a)) })
	return list[:min(len(list), worst)]
}

// pearson is the product-moment correlation over the rows where both are there; 0 where one does not vary.
func pearson(a, b []float64) float64 {
	var n, ma, mb, va, vb, cov float64
	for i := range a {
		if math.IsNaN(a[i]) || math.IsNaN(b[i]) {
			continue
		}
		n++ // Welford 1962, so that nothing large cancels
		da, db := a[i]-ma, b[i]-mb
		ma += da / n
		mb += db / n
		va += da * (a[i] - ma)
		vb += db * (b[i] - mb)
		cov += da * (b[i] - mb)
	}
	if va == 0 || vb == 0 {
		return 0
	}
	return max(-1, min(1, cov/math.Sqrt(va)/math.Sqrt(vb)))
}

// correlationRatio is η of values by categories, over the rows that have a value: η² = 1 − (SS within/(n − k))/(SS total/(n − 1)),
// at least 0.
func correlationRatio(values []float64, codes []int32, size int) float64 {
	n, sum, square := make([]float64, size), make([]float64, size), 0.0
	mean, total := 0.0, 0.0
	for _, v := range values {
		if !math.IsNaN(v) {
			total++
			mean += (v - mean) / total
		}
	}
	for i, v := range values {
		if !math.IsNaN(v) {
			n[codes[i]]++
			sum[codes[i]] += v - mean
			square += (v - mean) * (v - mean)
		}
	}
	k, within := 0.0, square
	for c := range n {
		if n[c] > 0 {
			k++
			within -= sum[c] * sum[c] / n[c]
		}
	}
	if square <= 0 || total <= k {
		return 0
	}
	return math.Sqrt(max(0, 1-within/(total-k)*(total-1)/square))
}

// cramersV is Cramér's V with Bergsma's correction, without which independent columns would show some: φ̃² = max(0, φ² −
// (k−1)(r−1)/(n−1)), Ṽ = √(φ̃²/min(k̃−1, r̃−1)), k̃ = k − (k−1)²/(n−1).
func cramersV(a, b []int32, sizeA, sizeB int) float64 {
	joint, ma, mb := make([]float64, sizeA*sizeB), make([]float64, sizeA), make([]float64, sizeB)
	for i := range a {
		joint[int(a[i])*sizeB+int(b[i])]++
		ma[a[i]]++
		mb[b[i]]++
	}
	n := float64(len(a))
	k, r := nonzero(ma), nonzero(mb)
	if k < 2 || r < 2 {
		return 0
	}
	phi := -1.0 // φ² = Σ n_ij²/(n_i n_j) − 1
	for i, x := range joint {
		if x > 0 {
			phi += x / ma[i/sizeB] * x / mb[i%sizeB]
		}
	}
	phi = max(0, phi-(k-1)*(r-1)/(n-1))
	least := min(k-(k-1)*(k-1)/(n-1), r-(r-1)*(r-1)/(n-1)) - 1
	if least <= 0 {
		return 0
	}
	return min(1, math.Sqrt(phi/least))
}

func nonzero(counts []float64) (n float64) {
	for _, c := range counts {
		if c > 0 {
			n++
		}
	}
	return n
}
