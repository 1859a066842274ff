package model

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A Measurement is noisy counts of the cells of a table over a few attributes.
type Measurement struct {
	Attrs  []int     // in increasing order
	Cells  [][]int32 // the cells measured, a code per attribute; nil for all cells, in row-major order
	Values []float64 // in records, one per cell
	Sigma  float64   // the noise's standard deviation, in records; > 0
}

// Zeros are cells of a table that no record can be in.
type Zeros struct {
	Attrs []int // in increasing order
	Cells [][]int32
}

// A region is a set of attributes of which something is known. A small region lies in a larger one where there is one,
// so that the large tables of the junction tree are gone through once for both.
type region struct {
	attrs  []int
	within int   // a larger region that holds it, or −1: then it belongs to a node
	node   int   // the node of the region, or of the region that holds it
	up     plan  // from the table of within, or of the node, to that of the region
	inner  []int // the regions that lie in it

	zeros    []int32   // cells that no record can be in
	cells    []int32   // cells measured, in order
	from, to int       // where they are in the vector of all cells measured
	table    []float64 // logarithm of the potential of this region and those in it; then their marginal
}

// known is all that is known, cell by cell: of several measurements of one cell the mean weighted by 1/σ².
type known struct {
	regions  []*region // large ones first
	value    []float64 // per measured cell, in records
	variance []float64 // in records²
}

// merge joins measurements and zeros of the same attributes, and refuses what cannot be meant.
func (d Domain) merge(ms []Measurement, zeros []Zeros, maxCells int) (*known, error) {
	g := merger{d: d, at: map[string]*draft{}, room: maxCells}
	for i, m := range ms {
		if err := g.measure(m); err != nil {
			return nil, fmt.Errorf("measurement %d: %w", i, err)
		}
	}
	for i, z := range zeros {
		if err := g.forbid(z); err != nil {
			return nil, fmt.Errorf("zeros %d: %w", i, err)
		}
	}
	slices.SortFunc(g.drafts, func(a, b *draft) int {
		return cmp.Or(cmp.Compare(len(b.attrs), len(a.attrs)), slices.Compare(a.attrs, b.attrs))
	})
	k := &known{}
	for _, x := range g.drafts {
		k.take(x)
	}
	k.nest(d)
	return k, nil
}

// A draft is a region while its measurements come in: Σ value/σ², Σ 1/σ² per cell.
type draft struct {
	attrs       []int
	sum, weight []float64
	zero        []bool
}

type merger struct {
	d      Domain
	at     map[string]*draft
	drafts []*draft
	room   int // cells that further drafts may have
}

func (g *merger) draft(attrs []int) (*draft, error) {
	if err := g.d.clique(attrs); err != nil {
		return nil, err
	}
	key := fmt.Sprint(attrs)
	if x := g.at[key]; x != nil {
		return x, nil
	}
	n := g.d.cells(attrs)
	if n > g.room {
		return nil, fmt.Errorf("the tables measured are larger than the cap on cells: measure fewer or raise MaxCells")
	}
	g.room -= n
	x := &draft{attrs: slices.Clone(attrs), sum: make([]float64, n), weight: make([]float64, n), zero: make([]bool, n)}
	g.at[key] = x
	g.drafts = append(g.drafts, x)
	return x, nil
}

// maxCount bounds what a count and its noise may be, in records: squares of it and their ratios stay finite.
const maxCount = 1e18

func (g *merger) measure(m Measurement) error {
	x, err := g.draft(m.Attrs)
	if err != nil {
		return err
	}
	if !(m.Sigma >= 1/maxCount && m.Sigma <= maxCount) {
		return fmt.Errorf("σ is %g: it must be positive, and no more than %g", m.Sigma, maxCount)
	}
	want := len(m.Cells)
	if m.Cells == nil {
		want = len(x.sum)
	}
	if len(m.Values) != want {
		return fmt.Errorf("it has %d values for %d cells", len(m.Values), want)
	}
	w := 1 / (m.Sigma * m.Sigma)
	for i, v := range m.Values {
		if !(math.Abs(v) <= maxCount) {
			return fmt.Errorf("value %d is not a count of at most %g records", i, maxCount)
		}
		at := i
		if m.Cells != nil {
			if at, err = g.d.index(m.Attrs, m.Cells[i]); err != nil {
				return err
			}
		}
		x.sum[at] += float64(v * w)
		x.weight[at] += w
	}
	return nil
}

func (g *merger) forbid(z Zeros) error {
	x, err := g.draft(z.Attrs)
	if err != nil {
		return err
	}
	for _, c := range z.Cells {
		at, err := g.d.index(z.Attrs, c)
		if err != nil {
			return err
		}
		x.zero[at] = true
	}
	return nil
}

// take makes a region of a draft. What was measured of an impossible cell is noise, and says nothing.
func (k *known) take(x *draft) {
	r := &region{attrs: x.attrs, within: -1, from: len(k.value), table: make([]float64, len(x.sum))}
	for i, w := range x.weight {
		switch {
		case x.zero[i]:
			r.zeros = append(r.zeros, int32(i))
		case w > 0:
			r.cells = append(r.cells, int32(i))
			k.value = append(k.value, x.sum[i]/w)
			k.variance = append(k.variance, 1/w)
		}
	}
	r.to = len(k.value)
	k.regions = append(k.regions, r)
}

// nest puts each region into the smallest larger one that holds it. Larger ones come first.
func (k *known) nest(d Domain) {
	for i, r := range k.regions {
		for j, outer := range k.regions[:i] {
			if holds(outer.attrs, r.attrs) && (r.within < 0 || len(outer.table) <= len(k.regions[r.within].table)) {
				r.within = j
			}
		}
		if r.within >= 0 {
			outer := k.regions[r.within]
			outer.inner = append(outer.inner, i)
			r.up = d.planOf(outer.attrs, r.attrs)
		}
	}
}

// cliques is the sets of attributes that a junction tree must hold.
func (k *known) cliques() (cliques [][]int) {
	for _, r := range k.regions {
		if r.within < 0 {
			cliques = append(cliques, r.attrs)
		}
	}
	return cliques
}
