package synth

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// withUnits gives the test profile's column a key, whose units are as many as counts says, over [profile.UnitRanges].
func withUnits(p *profile.Profile, column string, counts ...float64) *profile.Profile {
	p.Manifest.Privacy.UnitColumns, p.Manifest.Privacy.MaxRecords = []string{column}, 4
	a := profile.Attribute{Name: profile.RowUnits, Role: profile.RoleRow}
	m := profile.Measurement{Attributes: []string{a.Name}, Sigma: 1, Values: counts}
	for i, r := range profile.UnitRanges()[:len(counts)] {
		a.Codes = append(a.Codes, profile.Code{Class: profile.UnitSize, Label: r.Label})
		m.Cells = append(m.Cells, []int32{int32(i)})
	}
	p.Attributes, p.Measurements = append([]profile.Attribute{a}, p.Attributes...), append(p.Measurements, m)
	return p
}

// keyed is a profile with one column, a key written in a mask or missing.
func keyed(typ record.Type, mask string, missing int64, counts ...float64) *profile.Profile {
	p := &profile.Profile{Manifest: profile.Manifest{Format: record.CSV, Rows: 1000, RowSigma: 1}}
	p.Manifest.Columns = []profile.Column{{Column: record.Column{Name: "k", Type: typ, Nullable: true}, Kind: "id"}}
	p.Attributes = []profile.Attribute{
		{Name: "k", Column: "k", Role: profile.RoleValue, Codes: []profile.Code{{Class: profile.Other}, {Class: profile.Missing, Tag: record.Text, Label: "N/A"}}},
		{Name: "k~form", Column: "k", Role: profile.RoleForm, Codes: []profile.Code{{Class: profile.NoForm}, {Class: profile.Form, Label: mask}}},
	}
	table := profile.Table{Attributes: []string{"k", "k~form"}, Cells: [][]int32{{0, 1}}, Weights: []int64{1000 - missing}}
	if missing > 0 {
		table.Cells, table.Weights = append(table.Cells, []int32{1, 0}), append(table.Weights, missing)
	}
	p.Tables = []profile.Table{table}
	return withUnits(p, "k", counts...)
}

// keys samples n records and returns how many have each key.
func keys(t *testing.T, p *profile.Profile, n int64) map[string]int {
	t.Helper()
	c := &collector{times: map[string]int{}}
	if err := Generate(context.Background(), p, Options{Rows: n, Seed: 3}, c); err != nil {
		t.Fatal(err)
	}
	return c.times
}

// TestUnitsHaveSizes: as many units have one record, two and so on as were measured, in proportion.
func TestUnitsHaveSizes(t *testing.T) {
	// 600 units of 1, 100 of 3, 10 of 9 to 12: 600 + 300 + 105 records.
	p := keyed(record.StringType, `K-9{6}`, 0, 0, 600, 0, 100, 0, 0, 0, 10)
	sizes := map[int]int{}
	units := keys(t, p, 20_000)
	for key, n := range units {
		if !strings.HasPrefix(key[strings.IndexByte(key, ':')+1:], "K-") {
			t.Fatalf("a key is %q", key)
		}
		sizes[n]++
	}
	scale := 20_000.0 / 1005
	for size, want := range map[int]float64{1: 600, 2: 0, 3: 100, 4: 0, 9: 2.5, 10: 2.5, 11: 2.5, 12: 2.5} {
		if got := float64(sizes[size]); math.Abs(got-want*scale) > 12 {
			t.Errorf("%g units have %d records, want %.0f", got, size, want*scale)
		}
	}
	if want := 710 * scale; math.Abs(float64(len(units))-want) > 15 {
		t.Errorf("%d units, want %.0f", len(units), want)
	}
}

// TestKeysOfUnitsDiffer: digits number the units where there are enough of them, and so do keys of a type of numbers.
func TestKeysOfUnitsDiffer(t *testing.T) {
	for _, c := range []struct {
		typ  record.Type
		mask string
	}{{record.StringType, "9{4}"}, {record.StringType, `\I\D-9{5}/a`}, {"int64", "9{4}"}, {"int16", "9{4}"}, {record.StringType, "H{16}"}} {
		p := keyed(c.typ, c.mask, 0, 0, 0, 1000)
		if got := keys(t, p, 6000); len(got) < 2990 || len(got) > 3010 {
			t.Errorf("%s %s: 6000 records of pairs have %d different keys", c.typ, c.mask, len(got))
		}
	}
}

// TestRecordsWithoutKeys: as many as the model says have none, and units are as large as they were all the same.
func TestRecordsWithoutKeys(t *testing.T) {
	units := keys(t, keyed(record.StringType, "9{8}", 250, 0, 0, 0, 0, 0, 0, 0, 400), 40_000)
	missing, records := 0, 0
	for key, n := range units {
		if strings.Contains(key, "N/A") {
			missing += n
		} else {
			records += n
		}
	}
	if missing != 10_000 {
		t.Errorf("%d of 40,000 records have no key, want a quarter", missing)
	}
	if mean := float64(records) / float64(len(units)-1); math.Abs(mean-10.5) > 0.3 {
		t.Errorf("a unit has %.2f records, want 10.5", mean)
	}
}

// TestKeysAreTheSeeds: one seed gives the same keys, whatever the order they are asked in, and no units none.
func TestKeysAreTheSeeds(t *testing.T) {
	p := keyed(record.StringType, "9{6}", 0, 0, 300, 200)
	if a, b := keys(t, p, 5000), keys(t, p, 5000); fmt.Sprint(a) != fmt.Sprint(b) {
		t.Error("one seed gave two tables")
	}
	if u := newUnits(keyed(record.StringType, "9{6}", 0), 1, 100, 1); u != nil {
		t.Error("there are units of a profile that measured none")
	}
}
