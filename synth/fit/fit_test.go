package fit

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/synth/model"
)

// pets is a profile of two categories that were measured almost exactly, by themselves and then together, and by themselves again.
func pets() *profile.Profile {
	p := &profile.Profile{Manifest: profile.Manifest{Rows: 1000}}
	shape := func(s string) profile.Code { return profile.Code{Class: profile.Shape, Label: s} }
	p.Attributes = []profile.Attribute{
		{Name: profile.RowShape, Role: profile.RoleRow, Codes: []profile.Code{{Class: profile.OtherShape}, shape("0"), shape("-1")}},
		{Name: profile.RowCopies, Role: profile.RoleRow, Codes: make([]profile.Code, 2)},
		{Name: profile.RowOrder, Role: profile.RoleRow, Codes: make([]profile.Code, 2)},
	}
	p.Measurements = []profile.Measurement{
		{Release: 1, Attributes: []string{profile.RowShape}, Cells: [][]int32{{1}, {2}}, Values: []float64{980, 10}, Sigma: 1},
		{Release: 2, Attributes: []string{profile.RowCopies}, Cells: [][]int32{{0}, {1}}, Values: []float64{900, 50}, Sigma: 1},
		{Release: 3, Attributes: []string{profile.RowOrder}, Cells: [][]int32{{0}, {1}}, Values: []float64{1001, 1}, Sigma: 1},
	}
	for i, name := range []string{"pet", "home"} {
		p.Manifest.Columns = append(p.Manifest.Columns, profile.Column{Column: record.Column{Name: name, Type: record.StringType}, Kind: "category"})
		literal := func(s string) profile.Code {
			return profile.Code{Class: profile.Literal, Tag: record.Text, Label: s, Origin: profile.Learnt}
		}
		p.Attributes = append(p.Attributes,
			profile.Attribute{Name: name, Column: name, Role: profile.RoleValue, Groups: []int32{0, 1, 1}, Codes: []profile.Code{
				literal("a"), literal("b"), {Class: profile.Other, Origin: profile.Schema},
			}},
			profile.Attribute{Name: profile.FormName(name), Column: name, Role: profile.RoleForm, Codes: []profile.Code{{Class: profile.NoForm}, {Class: profile.OtherForm}}},
			profile.Attribute{Name: profile.ViewName(name), Column: name, Role: profile.RoleView, Codes: make([]profile.Code, 2)})
		p.Measurements = append(p.Measurements,
			profile.Measurement{Release: 4 + i, Attributes: []string{name}, Cells: [][]int32{{0}, {1}, {2}}, Values: []float64{400, 600, 0.01}, Sigma: 0.01})
	}
	p.Measurements = append(p.Measurements, profile.Measurement{
		Release: 6, Attributes: []string{profile.ViewName("pet"), profile.ViewName("home")}, Cells: [][]int32{{0, 0}, {0, 1}, {1, 0}, {1, 1}},
		Values: []float64{300, 100, 100, 500}, Sigma: 0.01,
	})
	return p
}

// records returns a table's cells in records.
func records(t profile.Table) map[[2]int32]float64 {
	out := map[[2]int32]float64{}
	for i, c := range t.Cells {
		out[[2]int32{c[0], c[len(c)-1]}] = float64(t.Weights[i]) / model.Unit
	}
	return out
}

// TestTablesAreWhatWasMeasured: with hardly any noise the tables are the counts.
func TestTablesAreWhatWasMeasured(t *testing.T) {
	r, err := Tables(context.Background(), pets())
	if err != nil {
		t.Fatal(err)
	}
	want := []map[[2]int32]float64{
		{{0, 0}: 300, {0, 1}: 100, {1, 0}: 100, {1, 1}: 500}, // across columns
		{{1, 1}: 980, {2, 2}: 10},                            // shapes, as they were measured
		{{0, 0}: 1000},                                       // order: one record is in doubt
		{{0, 0}: 400, {1, 0}: 600},                           // pet
		{{0, 0}: 400, {1, 0}: 600},                           // home
	}
	if len(r.Tables) != len(want) || r.Gap > profile.MaxGap {
		t.Fatalf("%d tables with a gap of %g, want %d", len(r.Tables), r.Gap, len(want))
	}
	for i, table := range r.Tables {
		got := records(table)
		if len(got) != len(want[i]) {
			t.Errorf("table %d over %v is %v, want %v", i, table.Attributes, got, want[i])
		}
		for cell, n := range want[i] {
			if math.Abs(got[cell]-n) > 0.5 {
				t.Errorf("table %d over %v has %g records in %v, want %g", i, table.Attributes, got[cell], cell, n)
			}
		}
	}
}

// TestLaterMeasurementsDoNotReachBack: what is measured of a column after columns were set against each other is not in the model
// across them, but in the column's own table.
func TestLaterMeasurementsDoNotReachBack(t *testing.T) {
	before, err := Tables(context.Background(), pets())
	if err != nil {
		t.Fatal(err)
	}
	p := pets()
	p.Measurements = append(p.Measurements, profile.Measurement{Release: 7, Attributes: []string{"pet"}, Cells: [][]int32{{0}, {1}}, Values: []float64{500, 500}, Sigma: 0.01})
	after, err := Tables(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(before.Tables[0], after.Tables[0]) {
		t.Error("the table across columns changed")
	}
	if n := records(after.Tables[3])[[2]int32{0, 0}]; math.Abs(n-450) > 0.5 {
		t.Errorf("pet has %g records of its first category, want 450", n)
	}
}

func TestColumnsOutOfOrder(t *testing.T) {
	p := pets()
	names := p.Measurements[5].Attributes
	names[0], names[1] = names[1], names[0]
	if _, err := Tables(context.Background(), p); err == nil || !strings.Contains(err.Error(), "release 6") {
		t.Errorf("got %v", err)
	}
}
