package synth

import (
	"context"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
)

// FuzzGenerate samples profiles in which somebody has changed something: a label, an edge, a weight, a column's kind. Those that
// validate are sampled, without a panic and without an error.
func FuzzGenerate(f *testing.F) {
	const golden = "../profile/testdata/golden-v1.parquet"
	p := fitted(f, golden)
	for a := range p.Attributes {
		for c, code := range p.Attributes[a].Codes {
			f.Add(uint8(a), uint8(c), code.Label, int64(-5), int8(3), int64(7), uint8(a+c), false)
		}
	}
	f.Add(uint8(4), uint8(1), "9{99999999999}", int64(1), int8(-100), int64(1<<61), uint8(3), true)
	f.Add(uint8(8), uint8(0), "@+~~~", int64(1), int8(0), int64(1), uint8(200), true)
	kinds := mess.Kinds()
	f.Fuzz(func(t *testing.T, attribute, code uint8, label string, m int64, e int8, weight int64, kind uint8, asInput bool) {
		p := fitted(t, golden)
		a := &p.Attributes[int(attribute)%len(p.Attributes)]
		c := &a.Codes[int(code)%len(a.Codes)]
		c.Label = label
		if c.Class == profile.Bin {
			c.Label, c.Hi = "", profile.Edge{M: m, E: e}
		}
		p.Tables[0].Weights[int(code)%3] = weight
		if k := int(kind); k < len(kinds) {
			p.Manifest.Columns[k%len(p.Manifest.Columns)].Kind = string(kinds[k])
		}
		if p.Validate() != nil {
			return
		}
		if err := Generate(context.Background(), p, Options{Rows: 20, Seed: uint64(m), AsInput: asInput}, &keptRows{}); err != nil {
			t.Errorf("a valid profile is not sampled: %v", err)
		}
		if err := Generate(context.Background(), p, Options{Rows: 5, Seed: 1, Clean: true}, &keptRows{}); err != nil {
			t.Errorf("a valid profile is not sampled cleanly: %v", err)
		}
	})
}

// fitted reads a profile and gives its columns forms, where they have none, and fitted tables in which all is equally likely.
func fitted(t testing.TB, path string) *profile.Profile {
	t.Helper()
	p, err := profile.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []profile.Attribute
	for i, a := range p.Attributes {
		all = append(all, a)
		if last := i == len(p.Attributes)-1; a.Role == profile.RoleValue && (last || p.Attributes[i+1].Role != profile.RoleForm) {
			all = append(all, profile.Attribute{Name: profile.FormName(a.Column), Column: a.Column, Role: profile.RoleForm, Codes: []profile.Code{
				{Class: profile.NoForm, Origin: profile.Schema}, {Class: profile.OtherForm, Origin: profile.Schema},
			}})
		}
	}
	p.Attributes, p.Tables = all, nil
	for i, a := range all {
		if a.Role != profile.RoleValue {
			continue
		}
		table := profile.Table{Attributes: []string{a.Name, profile.FormName(a.Name)}}
		for c := range a.Codes {
			for f := range all[i+1].Codes {
				table.Cells, table.Weights = append(table.Cells, []int32{int32(c), int32(f)}), append(table.Weights, 1)
			}
		}
		p.Tables = append(p.Tables, table)
	}
	return p
}
