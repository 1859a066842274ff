package profile

import (
	"math"
	"testing"
)

// messy is a column of decimals: 60 plain, 20 with a currency, 10 unread of which 4 have stray spaces, 10 missing.
func messy() *Profile {
	p := colours()
	p.Manifest.Columns[0].Kind = "decimal"
	p.Attributes[0].Codes = []Code{{Class: Null, Origin: Schema}, {Class: Bin, Hi: Edge{M: 9}, Origin: Learnt}, {Class: Other, Origin: Schema}}
	p.Attributes[1].Codes = []Code{
		{Class: NoForm, Origin: Schema}, {Class: Form, Label: "d2", Origin: Learnt}, {Class: Form, Label: "d1", Origin: Learnt},
		{Class: Form, Label: "$d2", Origin: Learnt}, {Class: Form, Label: "a{3}", Origin: Learnt}, {Class: Form, Label: "a{3}_", Origin: Learnt},
	}
	p.Measurements = []Measurement{
		{Release: 1, Attributes: []string{"c"}, Cells: [][]int32{{0}, {1}, {2}}, Values: []float64{10, 80, 10}, Sigma: 3},
		{Release: 2, Attributes: []string{"c~form"}, Cells: [][]int32{{0}, {1}, {2}, {3}, {4}, {5}}, Values: []float64{10, 40, 20, 20, 6, 4}, Sigma: 2},
	}
	p.Tables = []Table{{
		Attributes: []string{"c", "c~form"},
		Cells:      [][]int32{{0, 0}, {1, 1}, {1, 2}, {1, 3}, {2, 4}, {2, 5}},
		Weights:    []int64{10, 40, 20, 20, 6, 4},
	}}
	return p
}

func TestSummarizeMess(t *testing.T) {
	c := Summarize(messy()).Columns[0]
	// 20 with a currency, 4 with spaces and 6 others that are no numbers, of 90; two forms with σ = 2 and one value with σ = 3.
	if want := z95 * math.Sqrt(4+4+9) / 90; !near(c.Mess.Value, 30.0/90) || !near(c.Mess.PlusMinus, want) {
		t.Errorf("mess is %v, want %v ± %v", c.Mess, 30.0/90, want)
	}
	if len(c.Damage) != 1 || c.Damage[0].Label != "stray spaces" || !near(c.Damage[0].Share.Value, 0.04) || c.Damage[0].Example == "" {
		t.Errorf("damage is %v, want 4 %% stray spaces", c.Damage)
	}
	if c := Summarize(colours()).Columns[0]; c.Mess.Value != 0 || c.Mess.PlusMinus <= 0 {
		t.Errorf("mess of plain categories is %v", c.Mess)
	}
}

// Two columns of which one follows from the other are as far from independent as can be; a third has nothing to do with them.
func TestSummarizeTogether(t *testing.T) {
	p := &Profile{Manifest: Manifest{Rows: 400, Releases: []Release{{ID: 1, Rho: 0.1}, {ID: 2, Rho: 0.2}, {ID: 3, Rho: 0.4}}}}
	for _, name := range []string{"a", "b", "c"} {
		p.Manifest.Columns = append(p.Manifest.Columns, Column{})
		p.Manifest.Columns[len(p.Manifest.Columns)-1].Name = name
		p.Attributes = append(p.Attributes,
			Attribute{Name: name, Column: name, Role: RoleValue, Codes: []Code{{Class: Null}, {Class: Other}}, Groups: []int32{0, 1}},
			Attribute{Name: name + "~view", Column: name, Role: RoleView, Codes: []Code{{Class: Group, Label: "x"}, {Class: Group, Label: "y"}}})
	}
	all := [][]int32{{0, 0}, {0, 1}, {1, 0}, {1, 1}}
	ab, bc := []string{"a~view", "b~view"}, []string{"b~view", "c~view"}
	p.Measurements = []Measurement{
		{Release: 1, Attributes: bc, Cells: all, Values: make([]float64, 4), Sigma: 5},
		{Release: 2, Attributes: ab, Cells: all, Values: make([]float64, 4), Sigma: 8},
		{Release: 3, Attributes: ab, Cells: all, Values: make([]float64, 4), Sigma: 6},
	}
	p.Tables = []Table{
		{Attributes: ab, Cells: [][]int32{{0, 0}, {1, 1}}, Weights: []int64{5, 5}},
		{Attributes: bc, Cells: all, Weights: []int64{1, 1, 1, 1}},
	}
	got := Summarize(p).Together
	if len(got) != 2 || got[0].Columns[0].Column != "a" || got[1].Columns[0].Column != "b" {
		t.Fatalf("together are %v", got)
	}
	if a := got[0]; !near(a.Strength, 0.5) || !near(a.Rho, 0.6) || !near(a.Sigma, 4.8) || a.Cells != 4 {
		t.Errorf("a and b are %+v, want strength 0.5 for ρ = 0.6 at σ = 4.8", a)
	}
	// Four cells, each of a noise whose mean size is √(2/π)·σ, less the half of its variance that the margins know.
	if want := 0.5 * 4 * math.Sqrt(2/math.Pi) * 4.8 / 2 / 400; !near(got[0].Noise, want) || got[1].Strength != 0 {
		t.Errorf("noise is %v, want %v; b and c are %+v", got[0].Noise, want, got[1])
	}
}
