package profile

import (
	"math"
	"slices"
	"testing"
)

// copied is a profile of rows records with the given counts of [RowCopies].
func copied(rows, sigma float64, counts ...float64) *Profile {
	p := &Profile{Manifest: Manifest{Rows: rows, RowSigma: sigma}}
	a := Attribute{Name: RowCopies, Role: RoleRow}
	m := Measurement{Attributes: []string{RowCopies}, Sigma: sigma, Values: counts}
	for i, r := range CopyRanges() {
		a.Codes = append(a.Codes, Code{Class: CopyCount, Label: r.Label, Origin: Schema})
		m.Cells = append(m.Cells, []int32{int32(i)})
	}
	p.Attributes, p.Measurements = []Attribute{a}, []Measurement{m}
	return p
}

func TestDuplicates(t *testing.T) {
	for name, c := range map[string]struct {
		p       *Profile
		want    []Copies
		repeats float64
	}{
		"not measured": {&Profile{Manifest: Manifest{Rows: 100, RowSigma: 1}}, nil, 0},
		"none":         {copied(1000, 5, 1002.4, 3, -8, 0, 2, -1, 4), []Copies{{1, 1002}}, 0},
		"pairs":        {copied(1000, 5, 800, 100, 3, -8, 0, 2, -1), []Copies{{1, 800}, {2, 100}}, 0.1},
		"ranges":       {copied(10_000, 1, 1000, 0, 0, 0, 500, 500, 0), []Copies{{1, 1000}, {6, 500}, {12, 500}}, 0.8},
		"often":        {copied(50_000, 5, 10_000, 0, 0, 0, 0, 0, 400), []Copies{{1, 10_000}, {100, 400}}, 0.792},
		"one, often":   {copied(20_000, 10, 15_000, 0, 0, 0, 0, 0, -6), []Copies{{1, 15_000}, {5000, 1}}, 0.24995},
		"all the same": {copied(20_000, 10, -20, 0, 0, 0, 0, 0, 1), []Copies{{1, 0}, {20_000, 1}}, 0.99995},
		"hostile":      {copied(math.MaxFloat64, 1e300, math.MaxFloat64, -math.MaxFloat64, 1e300, 1, 1e300, 1e300, 1e300), nil, -1},
	} {
		got, _ := Duplicates(c.p)
		if c.repeats < 0 {
			for _, g := range got {
				if g.Size < 1 || g.Groups < 0 || g.Size*g.Groups > 1<<50 {
					t.Errorf("%s: got %v", name, g)
				}
			}
			continue
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
		if share := repeats(c.p); math.Abs(share-c.repeats) > 1e-4 {
			t.Errorf("%s: a share of %g repeats, want %g", name, share, c.repeats)
		}
	}
}
