package fidelity

import (
	"math"
	"slices"

	"github.com/patina-data/patina/profile/mess"
)

// tailShares are the quantiles that are compared.
var tailShares = []float64{0.001, 0.01, 0.05, 0.5, 0.95, 0.99, 0.999}

// Numeric is how the values of an ordered column lie on their line: numbers, or seconds since 1970 for dates.
type Numeric struct {
	Quantiles []Quantile `json:"quantiles"`
	// KS is the Kolmogorov–Smirnov statistic sup |F − G| of the distribution functions. 0 to 1, smaller is nearer.
	KS Score `json:"ks"`
	// Wasserstein is the Wasserstein-1 distance ∫ |F⁻¹ − G⁻¹| as a share of the real values' range from the 1 % to the 99 % quantile
	// (from the least to the greatest where that is 0). 0 or more, smaller is nearer.
	Wasserstein Score `json:"wasserstein"`
	// Atoms are values that 2 % of the real records have, in the order of their shares.
	Atoms []Atom `json:"atoms"`
}

// A Quantile is the value below which a share of the values lies, in the reference half and in the synthetic sample.
type Quantile struct {
	Share     float64 `json:"share"`
	Real      float64 `json:"real"`
	Synthetic float64 `json:"synthetic"`
}

// An Atom is a single value and the share of the records that have it.
type Atom struct {
	Label     string  `json:"label"`
	Real      float64 `json:"real"`
	Synthetic float64 `json:"synthetic"`
}

// maxAtoms bounds the atoms of a report.
const maxAtoms = 10

// numeric compares the values of the column at a place; nil when it is not ordered or a sample has no values.
func (s *suite) numeric(at int) *Numeric {
	c := s.columns[at]
	if !c.ordered() {
		return nil
	}
	ref := s.reference.positions(c, at)
	if len(ref) == 0 {
		return nil
	}
	var lists [][]float64
	for _, x := range s.candidates() {
		list := x.positions(c, at)
		if len(list) == 0 {
			return nil
		}
		lists = append(lists, list)
	}
	n := &Numeric{Atoms: []Atom{}}
	for _, q := range tailShares {
		n.Quantiles = append(n.Quantiles, Quantile{q, quantile(ref, q), quantile(lists[0], q)})
	}
	n.KS = Score{ks(ref, lists[0]), ks(ref, lists[1]), ks(ref, lists[2])}
	scale := quantile(ref, 0.99) - quantile(ref, 0.01)
	if scale == 0 {
		scale = ref[len(ref)-1] - ref[0]
	}
	if scale == 0 {
		scale = 1
	}
	n.Wasserstein = Score{wasserstein(ref, lists[0]) / scale, wasserstein(ref, lists[1]) / scale, wasserstein(ref, lists[2]) / scale}
	n.Atoms = s.atoms(at)
	return n
}

// maxPosition bounds what is measured on a line, so that squares do not overflow.
const maxPosition = 1e150

// position returns where an ordered value lies; ok is false for what is none.
func position(d *mess.Description) (at float64, ok bool) {
	return d.Value.Pos, d.Typed && math.Abs(d.Value.Pos) <= maxPosition
}

// positions returns where a sample's values of an ordered column lie, sorted.
func (s *sample) positions(c *column, at int) []float64 {
	var list []float64
	for r := range s.rows {
		if v, ok := position(&c.cells[s.cell(c, at, r)]); ok {
			list = append(list, v)
		}
	}
	slices.Sort(list)
	return list
}

// atoms returns the shares of single values.
func (s *suite) atoms(at int) []Atom {
	c := s.columns[at]
	real, synthetic := s.reference.typedShares(c, at), s.synthetic.typedShares(c, at)
	count := newRanking()
	for l, share := range real {
		count.add(l, int(share*1e9))
	}
	atoms := []Atom{}
	for _, l := range count.top(maxAtoms, int(atomShare*1e9)) {
		atoms = append(atoms, Atom{l, real[l], synthetic[l]})
	}
	return atoms
}

// typedShares returns the share of the records that have each value.
func (s *sample) typedShares(c *column, at int) map[string]float64 {
	shares := map[string]float64{}
	for r := range s.rows {
		if d := &c.cells[s.cell(c, at, r)]; d.Typed {
			shares[word(d)] += 1 / float64(s.rows)
		}
	}
	return shares
}

// quantile is the least of sorted values that a share of them does not exceed (the inverse of the empirical distribution function).
func quantile(sorted []float64, share float64) float64 {
	i := int(math.Ceil(share*float64(len(sorted)))) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}

// sweep calls visit on each stretch between neighbouring values of two sorted lists, with both distribution functions on it.
func sweep(a, b []float64, visit func(width, f, g float64)) {
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		at := math.Inf(1)
		if i < len(a) {
			at = a[i]
		}
		if j < len(b) {
			at = min(at, b[j])
		}
		for i < len(a) && a[i] == at {
			i++
		}
		for j < len(b) && b[j] == at {
			j++
		}
		next := at
		if i < len(a) {
			next = a[i]
		}
		if j < len(b) && (i == len(a) || b[j] < next) {
			next = b[j]
		}
		visit(next-at, float64(i)/float64(len(a)), float64(j)/float64(len(b)))
	}
}

func ks(a, b []float64) (sup float64) {
	sweep(a, b, func(_, f, g float64) { sup = max(sup, math.Abs(f-g)) })
	return sup
}

func wasserstein(a, b []float64) (sum float64) {
	sweep(a, b, func(width, f, g float64) { sum += width * math.Abs(f-g) })
	return sum
}
