package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/testdata"
)

// customers is a table of 2,000 customers, of whom customer i has 1 + i mod 7 records, and 100 records of nobody.
func customers() []byte {
	var b bytes.Buffer
	b.WriteString("customer,plan,amount\n")
	for i := range 2000 {
		for k := range 1 + i%7 {
			fmt.Fprintf(&b, "K-%05d,%s,%d\n", 10000+i*13, []string{"basic", "pro"}[i%2], i*k%50)
		}
	}
	b.WriteString(strings.Repeat(",basic,1\n", 100))
	return b.Bytes()
}

func profileUnits(t *testing.T, unit spec.Unit, eps account.Epsilon) *profile.Profile {
	t.Helper()
	b := newBench(t, "t.csv", customers())
	b.opts.Unit, b.opts.Epsilon = unit, eps
	return b.mustProfile(t, &spec.Spec{Version: 1})
}

// TestUnitsAreStated: σ is that of all records that are used of a unit, but for the count of units, and the statement names the unit.
func TestUnitsAreStated(t *testing.T) {
	p := profileUnits(t, spec.Unit{Columns: []string{"customer"}, MaxRecords: 4}, 8)
	if got := p.Manifest.Privacy; got.Unit != "customer" || fmt.Sprint(got.UnitColumns) != "[customer]" || got.MaxRecords != 4 || got.KeylessDropped {
		t.Errorf("the statement is %+v", got)
	}
	for _, r := range p.Manifest.Releases {
		least := 4.0
		if r.Purpose == profile.UnitPurpose {
			least = 1
		}
		if r.L2 < least || r.Purpose == "row count" && r.L2 != 4 {
			t.Errorf("release %d, %s, has an L2 sensitivity of %g records", r.ID, r.Purpose, r.L2)
		}
	}
	// Customers with 1, 2, 3, 4, 5-7 records: 286 or so each, of the last three; 1 + 2 + 3 + 4·4 a seventh.
	rows := 2000.0/7*(1+2+3+4*4) + 100
	if z := (p.Manifest.Rows - rows) / p.Manifest.RowSigma; math.Abs(z) > 7 { // 3e-12, and a rest of ±6 records for 2000 not being a multiple of 7
		t.Errorf("%.0f rows, want %.0f ± %.0f", p.Manifest.Rows, rows, p.Manifest.RowSigma)
	}
	s := profile.Summarize(p).Units
	if s == nil || math.Abs(s.Units.Value-2000) > 4*s.Units.PlusMinus || math.Abs(s.Keyless.Value-100) > 4*s.Keyless.PlusMinus {
		t.Fatalf("the summary of units is %+v", s)
	}
	// In one run of a hundred noise passes for a unit with thousands of records; the summary's ± says so.
	if math.Abs(s.Above.Value-3.0/7) > max(0.05, 4*s.Above.PlusMinus) || math.Abs(s.Unused.Value-6.0/28) > max(0.05, 4*s.Unused.PlusMinus) {
		t.Errorf("%.3f of the units have more than 4 records, and %.3f of the records are not used, want 0.429 and 0.214", s.Above.Value, s.Unused.Value)
	}
}

// TestNoKeyOfAUnitIsReleased: whatever a key's column looks like, or is declared as, its cells are made up.
func TestNoKeyOfAUnitIsReleased(t *testing.T) {
	var frequent bytes.Buffer
	frequent.WriteString("who,x\n")
	for i := range 4000 {
		fmt.Fprintf(&frequent, "%d,%d\n", 70000+i%40, i%3)
	}
	for _, declared := range []spec.Column{{}, {Name: "who", Kind: mess.Integer}, {Name: "who", Values: []string{"70000", "70001"}, Kind: mess.Category}} {
		b := newBench(t, "t.csv", frequent.Bytes())
		b.opts.Unit = spec.Unit{Columns: []string{"who"}, MaxRecords: 100}
		b.opts.Epsilon = 50
		sp := &spec.Spec{Version: 1}
		if declared.Name != "" {
			sp.Columns = []spec.Column{declared}
		}
		p := b.mustProfile(t, sp)
		for _, a := range p.Attributes {
			for _, c := range a.Codes {
				if a.Column == "who" && (c.Class == profile.Literal || c.Class == profile.Atom || c.Class == profile.Bin || strings.Contains(c.Label, "700")) {
					t.Errorf("declared %+v: attribute %s has a code of class %s", declared, a.Name, c.Class)
				}
			}
		}
		if kind := p.Manifest.Columns[0].Kind; kind != string(mess.ID) {
			t.Errorf("declared %+v: the key is read as %s", declared, kind)
		}
	}
}

func TestBadUnits(t *testing.T) {
	for _, c := range []struct {
		name, file string
		data       []byte
		unit       spec.Unit
		want       error
		text       string
	}{
		{"unknown column", "t.csv", testdata.Contracts, spec.Unit{Columns: []string{"customer"}, MaxRecords: 3}, ErrMismatch, `"customer" is none of the data's`},
		{"no limit", "t.csv", customers(), spec.Unit{Columns: []string{"customer"}}, ErrMismatch, "max_records is 0"},
		{"negative limit", "t.csv", customers(), spec.Unit{Columns: []string{"customer"}, MaxRecords: -1}, ErrMismatch, "max_records is -1"},
		{"unknown policy", "t.csv", customers(), spec.Unit{Columns: []string{"customer"}, MaxRecords: 1, Missing: "keep"}, ErrMismatch, "want own or drop"},
		{"misspelt key", "t.jsonl", []byte(strings.Repeat(`{"user":"a1","x":1}`+"\n", 3000)), spec.Unit{Columns: []string{"usr"}, MaxRecords: 3}, ErrTooSmall, "is that the name of the column"},
	} {
		b := newBench(t, c.file, c.data)
		b.opts.Unit = c.unit
		if _, err := b.profile(context.Background(), &spec.Spec{Version: 1}); !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %v with %q", c.name, err, c.want, c.text)
		}
	}
}

// TestTypesOfKeys: made-up keys are texts or numbers.
func TestTypesOfKeys(t *testing.T) {
	for typ, ok := range map[record.Type]bool{record.StringType: true, "int64": true, "uint8": true, "double": true, "bool": false, "date32": false, "timestamp[us]": false, record.JSONType: true} {
		if canBeKey(typ) != ok {
			t.Errorf("a key of type %s is allowed: %v", typ, !ok)
		}
	}
}

// TestEveryRunChoosesAnew: two runs over the same rows use different records of a unit: 8 of 500, alike with a probability of 1e-17.
func TestEveryRunChoosesAnew(t *testing.T) {
	data := []byte("who,x\n" + strings.Repeat("a,1\n", 500))
	choose := func() (used []int) {
		bench := newBench(t, "t.csv", data)
		bench.opts.Unit = spec.Unit{Columns: []string{"who"}, MaxRecords: 8}
		b, err := newBuild(&spec.Spec{Version: 1}, bench.src.Schema(), bench.opts)
		if err != nil {
			t.Fatal(err)
		}
		b.src = bench.src
		if err := b.load(t.Context()); err != nil {
			t.Fatal(err)
		}
		for row := range 500 {
			if b.chosen.Uses(row) {
				used = append(used, row)
			}
		}
		return used
	}
	one, other := choose(), choose()
	if len(one) != 8 || len(other) != 8 {
		t.Fatalf("%d and %d records are used, want 8", len(one), len(other))
	}
	if fmt.Sprint(one) == fmt.Sprint(other) {
		t.Error("two runs chose the same records")
	}
}
