package eval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// GapSchema names the form of a [Gap]'s JSON; see JSON.md.
const GapSchema = "patina.gap/1"

// GapOptions say what a gold set should have.
type GapOptions struct {
	MinShare float64 // of production, above 0: slices that hold less are not looked at; 0 is DefaultMinShare
	Examples int     // rows of a slice that are enough; 0 is DefaultExamples
	FDR      float64 // false discovery rate of all findings together; 0 is DefaultFDR
}

// The defaults of [GapOptions].
const (
	DefaultMinShare = 0.01
	DefaultExamples = 3
)

func (o GapOptions) checked() (GapOptions, error) {
	o.MinShare, o.Examples, o.FDR = cmp.Or(o.MinShare, DefaultMinShare), cmp.Or(o.Examples, DefaultExamples), cmp.Or(o.FDR, DefaultFDR)
	switch {
	case !(o.MinShare > 0 && o.MinShare <= 0.5):
		return o, fmt.Errorf("least share %g: want more than 0, at most 0.5", o.MinShare)
	case o.Examples < 1:
		return o, fmt.Errorf("%d examples: want 1 at least", o.Examples)
	case !(o.FDR > 0 && o.FDR < 1):
		return o, fmt.Errorf("false discovery rate %g: want more than 0 and less than 1", o.FDR)
	}
	return o, nil
}

// A Gap is what production has that a gold set lacks.
type Gap struct {
	Schema   string  `json:"schema"`
	Profile  Source  `json:"profile"`
	Gold     Gold    `json:"gold"`
	MinShare float64 `json:"min_share"`
	Examples int     `json:"examples"`
	FDR      float64 `json:"fdr"`

	// Coverage is, of what the profile tells apart about a record, the part that the gold set has examples of:
	//
	//	coverage = mean over facets of Σ pᵢ·min(1, kᵢ/m) / Σ pᵢ
	//
	// over the slices i of a facet that hold MinShare of production or more, where pᵢ is the slice's share of production, kᵢ the number
	// of gold rows in it and m is Examples. A facet is the values or the forms of a column, the shapes of rows, or what was measured of
	// two or three of these together. From 0 to 1; 1 is best; adding rows to the gold set never lowers it. ± is the noise in pᵢ, as
	// if that of all facets pointed the same way.
	Coverage Estimate `json:"coverage"`
	Alone    Estimate `json:"coverage_alone"`    // over the facets of one attribute
	Together Estimate `json:"coverage_together"` // over those of several; 1 ± 0 when there are none

	Facets []Facet `json:"facets"` // the worst first

	// Findings are slices of which the gold set has fewer rows than a random sample of production would, by more than noise and chance,
	// and either fewer than Examples or less than half of production's share. Those that follow from a finding about fewer columns are
	// left out. In order of what is lost.
	Findings []Finding `json:"findings"`
	// Thin are the other slices with fewer rows than Examples: a random sample of this size may well have had as few.
	Thin     []Finding  `json:"thin"`
	Reversed []Reversal `json:"reversed"`
	Copies   *Copies    `json:"copies,omitempty"` // nil when the profile knows of none

	wants []want
}

// Gold is the set that was looked at.
type Gold struct {
	Rows    int      `json:"rows"`
	Shared  []string `json:"shared"`  // columns that the profile has too
	Lacking []string `json:"lacking"` // the profile's other columns, of which nothing is said
	Extra   []string `json:"extra"`   // the set's other columns
	Alike   []Alias  `json:"alike"`   // shared columns whose names differ in case and punctuation
}

// A Part is what a slice says of one column.
type Part struct {
	Column string `json:"column"`
	Form   bool   `json:"form"`  // how it is written, rather than what it says
	Label  string `json:"label"` // as in the profile
}

// A Facet is one way to divide production, and how well the gold set covers it.
type Facet struct {
	Parts    []Part   `json:"parts"` // labels are empty
	Coverage Estimate `json:"coverage"`
	Slices   int      `json:"slices"`
}

// A Finding is a slice of production that the gold set has too little of.
type Finding struct {
	What  string   `json:"what"` // "missing", "category", "value", "range", "form", "shape", "rare" or "slice"
	Parts []Part   `json:"parts"`
	Share Estimate `json:"share"` // of production
	// Rows is how many gold rows are in the slice; their share is between Low and High (Wilson's 95 % interval).
	Rows     int     `json:"rows"`
	Low      float64 `json:"low"`
	High     float64 `json:"high"`
	Expected float64 `json:"expected"` // rows of a random sample of production as large as the gold set
	// P is the probability of so few rows in a sample that has of the slice what production has of it, given what the gold set has of
	// its parts: small where the gold set differs.
	P    float64 `json:"p"`
	Lost float64 `json:"lost"` // share of production: what is not covered, or what the gold set has less of
}

// A Reversal is two attributes that go together in production, and the other way round in the gold set.
type Reversal struct {
	Parts []Part `json:"parts"` // labels are empty
	// Production and Gold are how much more often than independence would have it records fall where production has more of them: the
	// covariance of the two attributes along production's own dependence, Σ (pᵢⱼ − pᵢ·pⱼ)·sᵢⱼ with sᵢⱼ = pᵢⱼ/(pᵢ·pⱼ) − 1 cut off at 3.
	Production float64  `json:"production"`
	Gold       Estimate `json:"gold"`
	P          float64  `json:"p"`
}

// Copies are records exactly like an earlier one, as shares.
type Copies struct {
	Production Estimate `json:"production"`
	Gold       float64  `json:"gold"`
}

// A want is a slice to be sampled.
type want struct {
	within map[string][]int32
	lost   float64
}

// FindGap says what production has, as the profile p knows it, that a gold set lacks. It reads the gold set once (twice if it is
// JSON lines). The gold set need not have all columns. It is [ErrNothingShared] when it has none, and [ErrNoRows] without rows.
func FindGap(ctx context.Context, p *profile.Profile, src *record.Source, o GapOptions) (*Gap, error) {
	o, err := o.checked()
	if err != nil {
		return nil, err
	}
	set, err := readGold(ctx, p, src)
	if err != nil {
		return nil, err
	}
	g := &Gap{
		Schema: GapSchema, Profile: sourceOf(p), MinShare: o.MinShare, Examples: o.Examples, FDR: o.FDR,
		Gold:   Gold{Rows: set.rows, Shared: listed(set.shared), Lacking: listed(set.lacking), Extra: listed(set.extra), Alike: append([]Alias{}, set.alike...)},
		Facets: []Facet{}, Findings: []Finding{}, Thin: []Finding{}, Reversed: []Reversal{},
	}
	facets := facetsOf(p, set, o)
	g.cover(facets)
	g.find(p, set, facets)
	g.reverse(p, set, facets)
	if copies, noise := profile.Duplicates(p); copies != nil {
		g.Copies = &Copies{Gold: float64(set.repeats) / float64(set.rows)}
		g.Copies.Production = Estimate{profile.Summarize(p).Repeats, float64(noise) / rows(p)}
	}
	return g, nil
}

func listed(names []string) []string { return append([]string{}, names...) }

// facetsOf divides production in all ways that the profile knows and the gold set can be placed in.
func facetsOf(p *profile.Profile, set *goldSet, o GapOptions) (out []*facet) {
	kinds := map[string]string{}
	for _, c := range p.Manifest.Columns {
		kinds[c.Name] = c.Kind
	}
	for i := range p.Attributes {
		a := &p.Attributes[i]
		if a.Role != profile.RoleValue && a.Role != profile.RoleForm && a.Name != profile.RowShape {
			continue
		}
		if f, ok := fittedOf(p, a); ok {
			if fc := divide(a, kinds[a.Column], f, o.MinShare); fc.place(set) {
				out = append(out, fc)
			}
		}
	}
	precision := map[string]float64{}
	var order [][]string
	for _, m := range p.Measurements {
		if len(m.Attributes) < 2 || len(m.Attributes) > len(key{}) || p.Attribute(m.Attributes[0]).Role != profile.RoleView {
			continue
		}
		name := strings.Join(m.Attributes, "\x00")
		if precision[name] == 0 {
			order = append(order, m.Attributes)
		}
		precision[name] += 1 / (m.Sigma * m.Sigma)
	}
	for _, names := range order {
		fc := together(p, names, 1/math.Sqrt(precision[strings.Join(names, "\x00")]), o.MinShare)
		if fc != nil && fc.place(set) {
			out = append(out, fc)
		}
	}
	return out
}

// cover measures how well each facet is covered.
func (g *Gap) cover(facets []*facet) {
	var sums [2]Estimate
	var counts [2]float64
	for _, fc := range facets {
		e := fc.coverage(g.Examples)
		g.Facets = append(g.Facets, Facet{Parts: fc.parts, Coverage: e, Slices: len(fc.cells)})
		kind := 1
		if fc.single {
			kind = 0
		}
		sums[kind].Value += e.Value
		sums[kind].PlusMinus += e.PlusMinus
		counts[kind]++
	}
	mean := func(e Estimate, n float64) Estimate {
		if n == 0 {
			return Estimate{1, 0}
		}
		return Estimate{e.Value / n, e.PlusMinus / n}
	}
	g.Alone, g.Together = mean(sums[0], counts[0]), mean(sums[1], counts[1])
	g.Coverage = mean(Estimate{sums[0].Value + sums[1].Value, sums[0].PlusMinus + sums[1].PlusMinus}, counts[0]+counts[1])
	slices.SortStableFunc(g.Facets, func(a, b Facet) int { return cmp.Compare(a.Coverage.Value, b.Coverage.Value) })
}

// coverage is C = Σ pᵢ·cᵢ / Σ pᵢ with cᵢ = min(1, kᵢ/m). To first order its variance is Σ (cᵢ − C)²·σᵢ² / (Σ pᵢ)².
func (fc *facet) coverage(examples int) Estimate {
	var covered, all, variance float64
	part := func(c facetCell) float64 { return min(1, float64(c.gold)/float64(examples)) }
	for _, c := range fc.cells {
		covered += c.share * part(c)
		all += c.share
	}
	value := covered / all
	for _, c := range fc.cells {
		off := (part(c) - value) * c.sd / all
		variance += off * off
	}
	return Estimate{value, z95 * math.Sqrt(variance)}
}
