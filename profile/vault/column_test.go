package vault

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// TestWithhold: literals of what looks like identifiers, or like prose, are released only if they hold the share of the
// present cells that makes a category.
func TestWithhold(t *testing.T) {
	null := dp.Selected{Key: "m2", Value: 200} // 200 of 1,000 rows are empty, 800 are present
	literals := func(total float64) []dp.Selected {
		return []dp.Selected{{Key: "l2A", Value: total / 2}, {Key: "l2B", Value: total / 2}, null}
	}
	for _, c := range []struct {
		name    string
		suspect mess.Kind
		in      []dp.Selected
		kept    bool
	}{
		{"identifiers, half of them a few", mess.ID, literals(400), true},
		{"identifiers, below half", mess.ID, literals(399), false},
		{"prose, a tenth of it a few", mess.TextKind, literals(80), true},
		{"prose, below a tenth", mess.TextKind, literals(79), false},
		{"no literals at all", mess.ID, []dp.Selected{null}, false},
		{"nothing present", mess.ID, []dp.Selected{{Key: "m2", Value: 1100}}, true}, // and so nothing to withhold
		{"no suspicion", "", literals(1), true},
	} {
		j := &columnJob{codec: codecOf(t, mess.Category), rows: 1000}
		if c.suspect != "" {
			j.suspect = codecOf(t, c.suspect)
		}
		got := j.withhold(slices.Clone(c.in))
		wantKind, want := mess.Category, c.in
		if !c.kept {
			wantKind, want = c.suspect, []dp.Selected{null}
		}
		if j.codec.Kind() != wantKind || !slices.Equal(got, want) {
			t.Errorf("%s: a column of kind %s with %d codes, want %s with %d", c.name, j.codec.Kind(), len(got), wantKind, len(want))
		}
	}
}

// public lists the classes and labels of a job's public codes, but for the common nulls.
func public(codes []profile.Code) (list []string, nulls int) {
	for _, c := range codes {
		switch {
		case c.Class == profile.Missing && c.Tag == record.Text && c.Label != "":
			nulls++
		case c.Label != "":
			list = append(list, string(c.Class)+" "+c.Label)
		default:
			list = append(list, string(c.Class))
		}
	}
	slices.Sort(list)
	return list, nulls
}

// What a Parquet column cannot hold by its schema is no code: nulls where it is required, absence where nothing is around it.
func TestPublicCodesOfNested(t *testing.T) {
	for _, c := range []struct {
		column record.Column
		want   []string
	}{
		{record.Column{Name: "a", Type: "int64"}, []string{"other"}},
		{record.Column{Name: `a\.b`, Type: "int64"}, []string{"other"}},
		{record.Column{Name: "a.b", Type: "int64"}, []string{"absent", "other"}},
		{record.Column{Name: "a", Type: record.StructType, Nullable: true}, []string{"absent", "null", "other"}},
		{record.Column{Name: "a[]", Type: record.ListType}, []string{"other"}},
		{record.Column{Name: "a[]", Type: record.MapType, Nullable: true}, []string{"null", "other"}},
		{record.Column{Name: "a[0]", Type: "int64", Nullable: true}, []string{"absent", "null", "other"}},
		{record.Column{Name: "a[0].b[]", Type: record.ListType}, []string{"absent", "other"}},
	} {
		j := &columnJob{column: c.column, format: record.Parquet, codec: codecOf(t, mess.Integer)}
		if got, _ := public(j.publicCodes()); !slices.Equal(got, c.want) {
			t.Errorf("%+v: the codes are %q, want %q", c.column, got, c.want)
		}
	}
}

func TestPublicCodes(t *testing.T) {
	for _, c := range []struct {
		name     string
		format   record.Format
		typ      record.Type
		kind     mess.Kind
		declared []string
		want     []string
		nulls    bool
	}{
		{"CSV text", record.CSV, "string", mess.Category, nil, []string{"absent", "missing", "other", "other missing"}, true},
		{"CSV numbers", record.CSV, "string", mess.Integer, nil, []string{"absent", "missing", "other", "other missing"}, true},
		{"JSON lines", record.JSONL, "json", mess.Date, nil, []string{"absent", "missing", "null", "other", "other missing"}, true},
		{"Parquet text", record.Parquet, "large_string", mess.TextKind, nil, []string{"missing", "null", "other", "other missing"}, true},
		{"Parquet integers", record.Parquet, "int64", mess.Integer, nil, []string{"null", "other"}, false},
		{"Parquet floats", record.Parquet, "double", mess.Decimal, nil, []string{"missing NaN", "null", "other"}, false},
		{"Parquet truth values", record.Parquet, "bool", mess.Boolean, nil, []string{"atom false", "atom true", "null", "other"}, false},
		{"Parquet bytes", record.Parquet, "binary", mess.TextKind, nil, []string{"missing", "null", "other", "other missing"}, true},
		{"truth values as text", record.CSV, "string", mess.Boolean, nil, []string{"absent", "atom false", "atom true", "missing", "other", "other missing"}, true},
		{"declared", record.CSV, "string", mess.Category, []string{"b", "a"},
			[]string{"absent", "literal a", "literal b", "missing", "other", "other missing"}, true},
	} {
		j := &columnJob{column: record.Column{Name: "c", Type: c.typ, Nullable: true}, format: c.format, codec: codecOf(t, c.kind), declared: c.declared}
		codes := j.publicCodes()
		got, nulls := public(codes)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: the codes are %q, want %q", c.name, got, c.want)
		}
		if want := map[bool]int{true: len(mess.CommonNulls())}[c.nulls]; nulls != want {
			t.Errorf("%s: %d common nulls, want %d", c.name, nulls, want)
		}
		seen := map[profile.Code]bool{}
		for _, code := range codes {
			origin := profile.Schema
			if code.Class == profile.Literal {
				origin = profile.Declared
			}
			if code.Origin != origin {
				t.Errorf("%s: %s %q is %s, want %s", c.name, code.Class, code.Label, code.Origin, origin)
			}
			if seen[code] {
				t.Errorf("%s: %s %q is there twice", c.name, code.Class, code.Label)
			}
			seen[code] = true
		}
	}
}

func TestUnresolved(t *testing.T) {
	value := []profile.Code{{Class: profile.Missing}, {Class: profile.Atom, Label: "0"}, {Class: profile.Literal, Label: "x"}}
	found := profile.Measurement{Cells: [][]int32{{0}, {1}, {2}}, Values: []float64{100, 300, 200}, Sigma: 4}
	for _, c := range []struct {
		name         string
		rows, sigma  float64
		measurements []profile.Measurement
		written      bool
		want         float64
		significant  bool
	}{
		{"nothing found", 1000, 3, nil, false, 1000, true},
		{"nothing there", 8, 3, nil, false, 8, false}, // 3 σ are 9
		{"just there", 10, 3, nil, false, 10, true},
		{"what is found is resolved", 1000, 3, []profile.Measurement{found}, false, 400, true},
		{"an atom still needs a form", 1000, 3, []profile.Measurement{found}, true, 700, true},
		{"noise adds up", 622, 3, []profile.Measurement{found}, false, 22, false}, // 3√(9 + 3·16) = 22.6
		{"and no further", 623, 3, []profile.Measurement{found}, false, 23, true},
		{"noise of what counts only", 320, 3, []profile.Measurement{found}, true, 20, true}, // 3√(9 + 2·16) = 19.2
		{"more than there is", 500, 3, []profile.Measurement{found}, false, -100, false},
	} {
		j := &columnJob{rows: c.rows, rowSigma: c.sigma, value: value, measurements: c.measurements}
		if rows, significant := j.unresolved(c.written); math.Abs(rows-c.want) > 1e-9 || significant != c.significant {
			t.Errorf("%s: %g rows, significant %t, want %g, %t", c.name, rows, significant, c.want, c.significant)
		}
	}
}

// TestRunStopsBetweenSteps: an interrupted job charges nothing more.
func TestRunStopsBetweenSteps(t *testing.T) {
	j := integerJob(t, []pile{{5, 400}})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := j.alone(ctx); !errors.Is(err, context.Canceled) || len(j.exits.run.Events()) != 0 {
		t.Errorf("got %v after %d charges", err, len(j.exits.run.Events()))
	}
}

// TestRunMeasuresEveryCode: the last release covers each code of the value domain once, and the fitted table holds the
// rows. The noise has σ = 1 or little more, so that 20 records are beyond any chance.
func TestRunMeasuresEveryCode(t *testing.T) {
	j := integerJob(t, []pile{{5, 4000}, {123, 600}, {124, 700}})
	j.rows, j.format = 5300, record.CSV
	if err := j.alone(t.Context()); err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(j.measurements, func(m profile.Measurement) bool { return len(m.Cells) == len(j.value) })
	if at < 0 {
		t.Fatal("no measurement covers the value domain")
	}
	total := 0.0
	for i, code := range j.value {
		n := j.measurements[at].Values[i]
		total += n
		if want := map[string]float64{"5": 4000, "123": 600, "124": 700}[code.Label]; code.Class == profile.Atom && math.Abs(n-want) > 20 {
			t.Errorf("the atom %s has %g records, want %g", code.Label, n, want)
		}
	}
	if tolerance := 8 * math.Sqrt(float64(len(j.value))) * j.measurements[at].Sigma; math.Abs(total-5300) > tolerance {
		t.Errorf("the marginal sums to %g, want 5300 ± %g", total, tolerance)
	}
	if table := j.table; len(table.Cells) == 0 || len(table.Cells) != len(table.Weights) {
		t.Errorf("the table has %d cells and %d weights", len(table.Cells), len(table.Weights))
	}
}

// alone takes a column through all its releases.
func (j *columnJob) alone(ctx context.Context) error {
	if err := j.explore(ctx); err != nil {
		return err
	}
	return j.settle(ctx)
}
