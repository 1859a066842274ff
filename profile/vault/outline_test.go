package vault

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/testdata"
)

// TestPlanForetells holds a plan against the run that it is of: what it costs, and how exact each column comes out, to within a
// factor of two where an earlier profile says what is in the columns, and of four where nothing does. Runs that measure something
// else than the earlier one, by their noise, are that near all the same.
func TestPlanForetells(t *testing.T) {
	unit := spec.Unit{Columns: []string{"customer"}, MaxRecords: 3}
	for _, c := range []struct {
		name string
		data []byte
		unit spec.Unit
	}{{"contracts.csv", testdata.Contracts, spec.Unit{}}, {"customers.csv", customers(), unit}} {
		b := newBench(t, c.name, c.data)
		b.opts.Unit, b.opts.Epsilon = c.unit, 8
		sp := &spec.Spec{Version: 1}
		p := b.mustProfile(t, sp)
		achieved := profile.Summarize(p)
		for earlier, factor := range map[*profile.Profile]float64{p: 2, nil: 4} {
			o, err := Plan(sp, b.src.Schema(), b.opts, Guess{Rows: p.Manifest.Rows, Earlier: earlier})
			if err != nil {
				t.Fatal(err)
			}
			if o.Rho != p.Manifest.Privacy.Rho {
				t.Errorf("%s: the plan reserves ρ = %g, the run %g", c.name, o.Rho, p.Manifest.Privacy.Rho)
			}
			total := 0.0
			for _, s := range o.Steps {
				total += s.Share
			}
			if total > 1 || total < 0.9 {
				t.Errorf("%s: the steps cost %.3f of the run", c.name, total)
			}
			for i, column := range o.Columns {
				got := achieved.Columns[i].PlusMinus
				if ratio := column.PlusMinus / got; ratio > factor || ratio < 1/factor {
					t.Errorf("%s: column %s was to be known to ± %.4f, and is to ± %.4f", c.name, column.Name, column.PlusMinus, got)
				}
			}
		}
	}
}

func declared() *spec.Spec {
	return &spec.Spec{Version: 1, Columns: []spec.Column{
		{Name: "yes", Kind: mess.Category, Values: []string{"y", "n"}}, {Name: "when", Kind: mess.Date}, {Name: "open"},
	}, Focus: []spec.Focus{{"yes"}, {"yes", "when"}, {"yes", "when", "open"}}}
}

func declaredSchema() record.Schema {
	s := record.Schema{Format: record.CSV, Dialect: record.Dialect{Header: true}}
	for _, name := range []string{"yes", "when", "open"} {
		s.Columns = append(s.Columns, record.Column{Name: name, Type: record.StringType})
	}
	return s
}

// TestPlanSaysWhatIsTooSmall: slices in focus are resolved with many rows and not with few, and neither are rare values found.
func TestPlanSaysWhatIsTooSmall(t *testing.T) {
	opts := Options{Epsilon: 1, Delta: 1e-6}
	few, err := Plan(declared(), declaredSchema(), opts, Guess{Rows: 500})
	if err != nil {
		t.Fatal(err)
	}
	many, err := Plan(declared(), declaredSchema(), opts, Guess{Rows: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	if len(few.Slices) != 2 || few.Slices[0].Resolved || few.Slices[1].Resolved {
		t.Errorf("of 500 rows: %+v", few.Slices)
	}
	if len(many.Slices) != 2 || !many.Slices[0].Resolved {
		t.Errorf("of a million rows: %+v", many.Slices)
	}
	if few.Columns[2].Smallest < 100*many.Columns[2].Smallest || many.Columns[2].Smallest <= 0 || few.Columns[0].Smallest != 0 {
		t.Errorf("values are found from %g and from %g, declared ones from %g", few.Columns[2].Smallest, many.Columns[2].Smallest, few.Columns[0].Smallest)
	}
	if few.Together != nil && many.Together == nil {
		t.Error("few rows are set against each other, and many are not")
	}
}

// TestPlanScalesWithTheUnit: twice the records of a unit are twice the noise.
func TestPlanScalesWithTheUnit(t *testing.T) {
	at := func(most int) *Outline {
		o, err := Plan(declared(), declaredSchema(), Options{Epsilon: 1, Delta: 1e-6, Unit: spec.Unit{Columns: []string{"open"}, MaxRecords: most}}, Guess{Rows: 1e5})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	one, four := at(1), at(4)
	if ratio := four.Columns[1].PlusMinus / one.Columns[1].PlusMinus; math.Abs(ratio-4) > 0.01 {
		t.Errorf("4 records of a unit have %g times the noise of one", ratio)
	}
}

func TestBadPlans(t *testing.T) {
	for name, c := range map[string]struct {
		sp     *spec.Spec
		schema record.Schema
		opts   Options
		text   string
	}{
		"JSON without columns": {&spec.Spec{Version: 1}, record.Schema{Format: record.JSONL}, Options{Epsilon: 1, Delta: 1e-6}, "declare them in the spec"},
		"unknown column":       {declared(), record.Schema{Format: record.CSV}, Options{Epsilon: 1, Delta: 1e-6}, "which the data lacks"},
		"too little budget":    {declared(), declaredSchema(), Options{Epsilon: 1e-9, Delta: 1e-10}, "too little"},
		"no budget":            {declared(), declaredSchema(), Options{}, "δ"},
	} {
		if _, err := Plan(c.sp, c.schema, c.opts, Guess{Rows: 1000}); err == nil || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %q", name, err, c.text)
		}
	}
	if _, err := Plan(&spec.Spec{Version: 1}, record.Schema{Format: record.JSONL}, Options{Epsilon: 1, Delta: 1e-6}, Guess{Rows: 1}); !errors.Is(err, ErrMismatch) {
		t.Error(err)
	}
}
