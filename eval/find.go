package eval

import (
	"cmp"
	"math"
	"slices"

	"github.com/patina-data/patina/profile"
)

// A candidate is a slice on its way to a finding.
type candidate struct {
	finding Finding
	facet   *facet
	cell    *facetCell
	within  map[string][]int32
	listed  bool
}

// A finder remembers the shares of the codes of attributes.
type finder struct {
	p      *profile.Profile
	shares map[string][]float64
}

// share returns the shares of an attribute's codes; nil where the model does not have it.
func (f *finder) share(name string) []float64 {
	if s, ok := f.shares[name]; ok {
		return s
	}
	if a := f.p.Attribute(name); a != nil {
		if known, ok := fittedOf(f.p, a); ok {
			f.shares[name] = known.share
		}
	}
	return f.shares[name]
}

// find tests every slice, and lists those that the gold set has too little of.
func (g *Gap) find(p *profile.Profile, set *goldSet, facets []*facet) {
	e := explainer{set: set, rates: map[string]map[int32]float64{}}
	e.learn(p)
	seek := finder{p: p, shares: map[string][]float64{}}
	slices.SortStableFunc(facets, func(a, b *facet) int { return cmp.Compare(len(a.names), len(b.names)) })
	var all []candidate
	var ps []float64
	for _, fc := range facets {
		for i := range fc.cells {
			c := &fc.cells[i]
			f := g.finding(fc, c, set.rows)
			explained := 1.0
			if !fc.single {
				explained = e.rate(fc, c)
			}
			f.P = noisyBinomialTail(c.gold, set.rows, explained*c.share, explained*c.sd)
			all, ps = append(all, candidate{finding: f, facet: fc, cell: c}), append(ps, f.P)
		}
	}
	lacks := rejected(ps, g.FDR)
	for i := range all {
		c := &all[i]
		few := c.cell.gold < g.Examples
		less := float64(c.cell.gold) < 0.5*c.finding.Expected
		if !few && !(less && lacks[i]) {
			continue
		}
		c.listed, c.within = true, within(p, c.facet, c.cell)
		g.wants = append(g.wants, want{within: c.within, lost: c.finding.Lost})
		switch {
		case seek.follows(c, all[:i]):
		case lacks[i]:
			g.Findings = append(g.Findings, c.finding)
		default:
			g.Thin = append(g.Thin, c.finding)
		}
	}
	for _, list := range [][]Finding{g.Findings, g.Thin} {
		slices.SortStableFunc(list, func(a, b Finding) int { return cmp.Compare(b.Lost, a.Lost) })
	}
}

// finding describes a slice.
func (g *Gap) finding(fc *facet, c *facetCell, n int) Finding {
	f := Finding{
		What: "slice", Parts: c.parts, Share: Estimate{c.share, z95 * c.sd}, Rows: c.gold, Expected: c.share * float64(n),
		Lost: c.share * (1 - min(1, float64(c.gold)/float64(g.Examples))),
	}
	f.Low, f.High = wilson(c.gold, n)
	if c.gold >= g.Examples {
		f.Lost = max(0, c.share-float64(c.gold)/float64(n))
	}
	if fc.single {
		f.What = whatOf(c.class, fc.parts[0])
	}
	return f
}

// whatOf says what kind of thing a slice of one attribute is.
func whatOf(class profile.Class, part Part) string {
	switch {
	case profile.IsMissing(class):
		return "missing"
	case part.Form:
		return "form"
	case class == profile.Shape || class == profile.OtherShape:
		return "shape"
	case class == profile.Literal:
		return "category"
	case class == profile.Bin:
		return "range"
	case class == "":
		return "rare"
	}
	return "value"
}

// An explainer knows how much less of each view's codes the gold set has than production, as a part of what it should have.
type explainer struct {
	set   *goldSet
	rates map[string]map[int32]float64
}

// learn compares the views' marginals. Half a row is added to each count, so that what has none is not nothing.
func (e *explainer) learn(p *profile.Profile) {
	for _, a := range p.Attributes {
		view := profile.ViewName(a.Name)
		if a.Groups == nil || e.set.codes[view] == nil {
			continue
		}
		f, ok := fittedOf(p, &a)
		if !ok {
			continue
		}
		share, gold := map[int32]float64{}, map[int32]float64{}
		for i, g := range a.Groups {
			share[g] += f.share[i]
		}
		for _, c := range e.set.codes[view] {
			gold[c]++
		}
		e.rates[view] = map[int32]float64{}
		for g, s := range share {
			e.rates[view][g] = min(1, (gold[g]+0.5)/(float64(e.set.rows)*s+0.5))
		}
	}
}

// rate is the part of a slice that the gold set has if what it lacks of the slice's parts is all that it lacks.
func (e *explainer) rate(fc *facet, c *facetCell) float64 {
	rate := 1.0
	for n, name := range fc.names {
		if r, ok := e.rates[name][c.keys[0][n]]; ok {
			rate *= r
		}
	}
	return rate
}

// follows reports whether a slice lies, by half or more, in one about fewer columns that is listed already.
func (f *finder) follows(c *candidate, before []candidate) bool {
	for i := range before {
		b := &before[i]
		if b.listed && len(b.facet.names) < len(c.facet.names) && f.covers(b.within, c.within) {
			return true
		}
	}
	return false
}

// covers reports whether the records of a slice are, by half or more, those of another one.
func (f *finder) covers(outer, inner map[string][]int32) bool {
	for name, codes := range outer {
		has, ok := inner[name]
		share := f.share(name)
		if !ok || share == nil {
			return false
		}
		var both, all float64
		for _, i := range has {
			all += share[i]
			if slices.Contains(codes, i) {
				both += share[i]
			}
		}
		if both < all/2 {
			return false
		}
	}
	return true
}

// within returns the codes of columns' attributes that records of a slice have.
func within(p *profile.Profile, fc *facet, c *facetCell) map[string][]int32 {
	out := map[string][]int32{}
	if fc.single {
		for _, k := range c.keys {
			out[fc.names[0]] = append(out[fc.names[0]], k[0])
		}
		return out
	}
	for n, name := range fc.names {
		a := viewed(p, name)
		for code, group := range a.Groups {
			if group == c.keys[0][n] {
				out[a.Name] = append(out[a.Name], int32(code))
			}
		}
	}
	return out
}

// mostScore cuts the scores of a reversal off: a cell that independence has hardly any of would outweigh all others.
const mostScore = 3

// reverse tests which pairs go together the other way round.
func (g *Gap) reverse(p *profile.Profile, set *goldSet, facets []*facet) {
	var found []Reversal
	var ps []float64
	for _, fc := range facets {
		if len(fc.names) != 2 {
			continue
		}
		r, ok := reversal(p, set, fc)
		if !ok {
			continue
		}
		found, ps = append(found, r), append(ps, r.P)
	}
	for i, r := range rejected(ps, g.FDR) {
		if r {
			g.Reversed = append(g.Reversed, found[i])
		}
	}
	slices.SortStableFunc(g.Reversed, func(a, b Reversal) int { return cmp.Compare(a.Gold.Value, b.Gold.Value) })
}

// reversal measures how far the gold set's dependence of two attributes goes the way of production's. Its standard error is that of
// a mean: each row adds its score, less what the margins alone make of its row and its column.
func reversal(p *profile.Profile, set *goldSet, fc *facet) (r Reversal, ok bool) {
	t, at := tableOf(p, fc.names...)
	if t == nil {
		return r, false
	}
	joint := map[key]float64{}
	margins := [2]map[int32]float64{{}, {}}
	total := 0.0
	for i, c := range t.Cells {
		w := float64(t.Weights[i])
		joint[key{c[at[0]], c[at[1]]}] += w
		margins[0][c[at[0]]] += w
		margins[1][c[at[1]]] += w
		total += w
	}
	score := func(i, j int32) float64 {
		expected := margins[0][i] * margins[1][j] / total
		if expected <= 0 {
			return 0
		}
		return min(mostScore, joint[key{i, j}]/expected-1)
	}
	for i, a := range margins[0] {
		for j, b := range margins[1] {
			r.Production += (joint[key{i, j}] - a*b/total) / total * score(i, j)
		}
	}
	counts := [2]map[int32]float64{{}, {}}
	n := float64(set.rows)
	first, second := set.codes[fc.names[0]], set.codes[fc.names[1]]
	for row := range first {
		counts[0][first[row]]++
		counts[1][second[row]]++
	}
	byRow, byColumn := map[int32]float64{}, map[int32]float64{}
	for i, a := range counts[0] {
		for j, b := range counts[1] {
			byRow[i] += b / n * score(i, j)
			byColumn[j] += a / n * score(i, j)
		}
	}
	var mean, apart, squares float64
	for row := range first {
		s := score(first[row], second[row])
		mean += s / n
		apart += byRow[first[row]] / n
		h := s - byRow[first[row]] - byColumn[second[row]]
		squares += h * h / n
	}
	sd := math.Sqrt(max(0, squares-(mean-2*apart)*(mean-2*apart)) / n)
	if sd == 0 {
		return r, false
	}
	r.Parts, r.Gold = fc.parts, Estimate{mean - apart, z95 * sd}
	r.P = upperTail(-r.Gold.Value / sd)
	return r, true
}
