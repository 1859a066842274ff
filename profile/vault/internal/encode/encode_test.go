package encode

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/raw"
)

// An opener reads sealed counts through noise of σ = 0.002 on each, 250 σ away from the next integer: exactly, then, and
// at a price that no real account would hold.
type opener struct{ run *dp.Run }

const (
	openCost  account.Rho   = 125_000 // at L2 sensitivity 1
	openDelta account.Delta = 1e-9    // thresholds then are above 2 records and below 3
)

func newOpener(t *testing.T) opener {
	t.Helper()
	ctx := context.Background()
	store, err := ledger.Create(ctx, filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	const eps, delta = 1e10, 0.1
	if _, err := store.OpenAccount(ctx, "d", eps, delta); err != nil {
		t.Fatal(err)
	}
	run, err := dp.NewLedger(store, "d").Reserve(ctx, dp.Request{Epsilon: eps, Delta: delta, Run: "opener"})
	if err != nil {
		t.Fatal(err)
	}
	return opener{run}
}

func cost(s dp.Sensitivity) account.Rho { return openCost * account.Rho(s.L2()*s.L2()) }

func (o opener) counts(t *testing.T, c dp.Counts) []int64 {
	t.Helper()
	n, err := o.run.Gaussian(dp.Charge{Purpose: "test", Rho: cost(c.Sensitivity())}, c)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]int64, len(n.Values))
	for i, v := range n.Values {
		out[i] = int64(math.Round(v))
	}
	return out
}

// keyed returns the counts of three records or more.
func (o opener) keyed(t *testing.T, k dp.Keyed) map[string]int64 {
	t.Helper()
	selected, _, err := o.run.Threshold(dp.Charge{Purpose: "test", Rho: cost(k.Sensitivity()), Delta: openDelta}, k)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int64{}
	for _, s := range selected {
		out[s.Key] = int64(math.Round(s.Value))
	}
	return out
}

// A run of equal cells.
type run struct {
	cell record.Cell
	rows int
}

func text(s string, rows int) run   { return run{record.Cell{Tag: record.Text, Text: s}, rows} }
func number(s string, rows int) run { return run{record.Cell{Tag: record.Number, Text: s}, rows} }

// column makes a raw column of distinct cells.
func column(runs ...run) *raw.Column {
	var cells []record.Cell
	var rows []int
	for _, r := range runs {
		cells, rows = append(cells, r.cell), append(rows, r.rows)
	}
	return raw.Of(dp.OneRecord(), raw.DefaultLimits(), cells, rows)
}

func encoded(t *testing.T, kind mess.Kind, runs ...run) *Column {
	t.Helper()
	codec, err := mess.ForKind(kind)
	if err != nil {
		t.Fatal(err)
	}
	return New(codec, column(runs...))
}

func sameHist(t *testing.T, what string, got, want map[string]int64) {
	t.Helper()
	if !maps.Equal(got, want) {
		t.Errorf("%s is %q, want %q", what, fmt.Sprint(got), fmt.Sprint(want))
	}
}

func TestKeysRoundTrip(t *testing.T) {
	seen := map[string]bool{}
	for _, label := range []string{"", "x", "N/A", " ", "m2x", "\xff", "a\x00b", "é"} {
		for tag := record.Absent; tag <= record.JSON; tag++ {
			for class := range keyClasses {
				key := encodeKey(class, tag, label)
				if seen[key] {
					t.Errorf("two codes have the key %q", key)
				}
				seen[key] = true
				want := profile.Code{Class: class, Tag: tag, Label: label, Origin: profile.Learnt}
				if class == profile.Missing && tag == record.Absent {
					want.Class = profile.Absent
				}
				if class == profile.Missing && tag == record.Null {
					want.Class, want.Tag = profile.Null, 0
				}
				if got := DecodeKey(key); got != want {
					t.Errorf("%s %s %q comes back as %+v", class, tag, label, got)
				}
			}
		}
	}
}

func TestDecodeKeyPanicsWithoutQuoting(t *testing.T) {
	for _, key := range []string{"", "m", "x2secret"} {
		func() {
			defer func() {
				switch r := recover(); {
				case r == nil:
					t.Errorf("key %q was decoded", key)
				case strings.Contains(fmt.Sprint(r), "secret"):
					t.Errorf("the panic quotes the key: %v", r)
				}
			}()
			DecodeKey(key)
		}()
	}
}

func TestKeys(t *testing.T) {
	cells := []run{
		{record.Cell{}, 3}, {record.Cell{Tag: record.Null}, 4}, text("", 5), text(" n/a ", 6), number("NaN", 7),
		text(strings.Repeat(" ", 30), 8), // missing, but longer than any spelled null
		text("12", 9), text(" 12", 3), number("12", 10), text("-4", 11), number("7654321", 12),
		text("Acme", 13), text("ann@example.com", 14), text(strings.Repeat("long ", 40), 15), {record.Cell{Tag: record.Bool, Text: "true"}, 16},
		{record.Cell{Tag: record.JSON, Text: "[1]"}, 17}, text("\xff", 18),
	}
	missing := map[string]int64{"m0": 3, "m1": 4, "m2": 5, "m2 n/a ": 6, "m3NaN": 7}
	with := func(more map[string]int64) map[string]int64 {
		out := maps.Clone(missing)
		maps.Copy(out, more)
		return out
	}
	integers := map[string]int64{"a012": 9 + 3 + 10, "a0-4": 11} // one atom however it is written
	texts := map[string]int64{"l2Acme": 13, "l4true": 16, "l2\xff": 18}
	literals := map[string]int64{"l212": 9, "l2 12": 3, "l312": 10, "l2-4": 11}
	maps.Copy(literals, texts)
	both := maps.Clone(texts)
	maps.Copy(both, integers)
	o := newOpener(t)
	for _, c := range []struct {
		kind  mess.Kind
		which Which
		want  map[string]int64
	}{
		{mess.Integer, Which{}, missing},
		{mess.Integer, Which{Atoms: true}, with(integers)},
		{mess.Integer, Which{Literals: true}, with(texts)}, // 12 is no text where it is a number
		{mess.Integer, Which{Atoms: true, Literals: true}, with(both)},
		{mess.Category, Which{}, missing},
		{mess.Category, Which{Literals: true}, with(literals)},
		{mess.Category, Which{Atoms: true}, missing},
		{mess.ID, Which{Atoms: true, Literals: true}, missing},
		{mess.TextKind, Which{Atoms: true, Literals: true}, missing},
	} {
		got := o.keyed(t, encoded(t, c.kind, cells...).Keys(c.which))
		sameHist(t, fmt.Sprintf("%s with %+v", c.kind, c.which), got, c.want)
	}
}

// domain is a value domain with a place for everything.
func domain(more ...profile.Code) []profile.Code {
	return append([]profile.Code{
		{Class: profile.Absent}, {Class: profile.Null}, {Class: profile.Missing, Tag: record.Text},
		{Class: profile.OtherMissing}, {Class: profile.Other},
	}, more...)
}

func bin(lo, hi int64) profile.Code {
	return profile.Code{Class: profile.Bin, Lo: edge(lo), Hi: edge(hi)}
}

func span(lo, hi int64) mess.Span { return mess.Span{Lo: edge(lo), Hi: edge(hi)} }

func edge(m int64) mess.Edge {
	e := mess.Edge{M: m}
	for e.M != 0 && e.M%10 == 0 {
		e.M, e.E = e.M/10, e.E+1
	}
	return e
}

func literal(label string) profile.Code {
	return profile.Code{Class: profile.Literal, Tag: record.Text, Label: label}
}

func form(label string) profile.Code { return profile.Code{Class: profile.Form, Label: label} }

func TestForms(t *testing.T) {
	rungs := func(s string) []string { return mess.Shapes(record.Cell{Tag: record.Text, Text: s}) }
	acme, zeta := rungs("Acme"), rungs("zeta-9 ltd")
	if len(acme) < 2 || len(zeta) < 2 || acme[0] == zeta[0] {
		t.Fatalf("the ladders %q and %q cannot show a thing", acme, zeta)
	}
	cells := []run{text("", 5), {record.Cell{Tag: record.Null}, 5}, text("Acme", 4), text("zeta-9 ltd", 6), text("Gone", 7)}
	skipsGone := domain(literal("Gone"))
	o := newOpener(t)
	for _, c := range []struct {
		name     string
		value    []profile.Code
		released []string
		rung     int
		want     map[string]int64
	}{
		{"the finest rung", skipsGone, nil, 0, map[string]int64{acme[0]: 4, zeta[0]: 6}},
		{"the next one", skipsGone, nil, 1, map[string]int64{acme[1]: 4, zeta[1]: 6}},
		{"a literal that is none has a form", domain(), nil, 0, map[string]int64{acme[0]: 4 + 7, zeta[0]: 6}}, // Acme and Gone look alike
		{"a cell with a released form is done", skipsGone, []string{acme[0]}, 0, map[string]int64{zeta[0]: 6}},
		{"on lower rungs too", skipsGone, []string{acme[0]}, 1, map[string]int64{zeta[1]: 6}},
		{"and by any of its rungs", skipsGone, []string{zeta[len(zeta)-1]}, 0, map[string]int64{acme[0]: 4}},
		{"below the ladder there is nothing", skipsGone, nil, 99, nil},
		{"without a place cells have forms", nil, nil, 0, map[string]int64{acme[0]: 4 + 7, zeta[0]: 6}},
	} {
		released := map[string]bool{}
		for _, f := range c.released {
			released[f] = true
		}
		e := encoded(t, mess.Category, cells...)
		sameHist(t, c.name, o.keyed(t, e.Forms(profile.NewCoder(c.value, nil), released, c.rung)), c.want)
	}
}

// TestFormsOfVariants: a variant of a literal has the forms of variants, rung by rung, and no mask; without a vocabulary it is
// any text.
func TestFormsOfVariants(t *testing.T) {
	value := domain(literal("Boston"))
	e := encoded(t, mess.Category, text("Boston", 9), text("BOSTON", 4), text("Bostn", 5), text("Reims", 6))
	o, coder := newOpener(t), profile.NewCoder(value, nil)
	e.Settle(value, profile.Words(value))
	sameHist(t, "the finest rung", o.keyed(t, e.Forms(coder, nil, 0)), map[string]int64{"=upper": 4, "=drop": 5, "Aa{5}": 6})
	sameHist(t, "the next", o.keyed(t, e.Forms(coder, map[string]bool{"=upper": true}, 1)), map[string]int64{"=~typo": 5, "Aa+": 6})
	sameHist(t, "the last", o.keyed(t, e.Forms(coder, nil, 2)), map[string]int64{"=~": 9, "~4aA": 6})
	e.Settle(nil, nil)
	sameHist(t, "without words", o.keyed(t, e.Forms(coder, nil, 1)), map[string]int64{"A+": 4, "Aa+": 11})
}

// TestFormsOfParsedCells: a value that the kind parsed has its one form, also when it is an atom.
func TestFormsOfParsedCells(t *testing.T) {
	e := encoded(t, mess.Decimal, text("12", 3), text("12.50", 4), number("-1", 5))
	coder := profile.NewCoder(domain(profile.Code{Class: profile.Atom, Label: "12"}), nil)
	want := map[string]int64{}
	for i := range e.cells {
		want[e.cells[i].Forms[0]] += e.raw.Rows[i]
	}
	o := newOpener(t)
	sameHist(t, "rung 0", o.keyed(t, e.Forms(coder, nil, 0)), want)
	sameHist(t, "rung 1", o.keyed(t, e.Forms(coder, nil, 1)), nil)
}

func TestGrid(t *testing.T) {
	e := encoded(t, mess.Integer,
		text("-1", 1), text("0", 2), text("9", 4), text("10", 8), text(" 10", 16), text("12", 32), text("19", 64), text("20", 128), text("29", 256),
		text("30", 512), text("39", 1024), text("40", 2048), text("x", 4096), text("", 8192))
	spans := []mess.Span{span(0, 10), span(10, 20), span(30, 40)}
	for _, c := range []struct {
		name  string
		value []profile.Code
		want  []int64
	}{
		{"half-open, with a gap", domain(), []int64{2 + 4, 8 + 16 + 32 + 64, 512 + 1024}},
		{"without atoms", domain(profile.Code{Class: profile.Atom, Label: "12"}, profile.Code{Class: profile.Atom, Label: "0"}), []int64{4, 8 + 16 + 64, 512 + 1024}},
		{"bins of the domain are no atoms", domain(bin(0, 20)), []int64{2 + 4, 8 + 16 + 32 + 64, 512 + 1024}},
	} {
		if got := newOpener(t).counts(t, e.Grid(profile.NewCoder(c.value, nil), spans)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := newOpener(t).counts(t, e.Grid(profile.NewCoder(nil, nil), nil)); len(got) != 0 {
		t.Errorf("no spans have the counts %v", got)
	}
}

func TestMarginals(t *testing.T) {
	e := encoded(t, mess.Integer, run{record.Cell{}, 1}, run{record.Cell{Tag: record.Null}, 2}, text("", 4), text("n/a", 8),
		text("12", 16), text("13", 32), text(" 13", 64), text("-5", 128), text("one", 256))
	value := domain(profile.Code{Class: profile.Atom, Label: "12"}, bin(0, 20)) // −5 is below the bins, and in the first of them
	forms := []profile.Code{{Class: profile.NoForm}, {Class: profile.OtherForm}, form("d0")}
	if f := e.cells[4].Forms[0]; f != "d0" {
		t.Fatalf("12 has the form %s", f)
	}
	const rows = 1<<9 - 1
	for _, c := range []struct {
		name        string
		value, form []profile.Code
		wantValue   []int64
		wantForm    []int64
	}{
		{"a place for everything", value, forms, []int64{1, 2, 4, 8, 256, 16, 32 + 64 + 128}, []int64{1 + 2 + 4 + 8, 64 + 256, 16 + 32 + 128}},
		{"no place for text", []profile.Code{bin(0, 20)}, forms, []int64{16 + 32 + 64 + 128}, []int64{0, rows - 16 - 32 - 128, 16 + 32 + 128}},
		{"no catch-all form", value, []profile.Code{{Class: profile.NoForm}}, []int64{1, 2, 4, 8, 256, 16, 32 + 64 + 128}, []int64{1 + 2 + 4 + 8}},
	} {
		o, coder := newOpener(t), profile.NewCoder(c.value, c.form)
		if got := o.counts(t, e.Values(coder, len(c.value))); !slices.Equal(got, c.wantValue) {
			t.Errorf("%s: values %v, want %v", c.name, got, c.wantValue)
		}
		if got := o.counts(t, e.FormCodes(coder, len(c.form))); !slices.Equal(got, c.wantForm) {
			t.Errorf("%s: forms %v, want %v", c.name, got, c.wantForm)
		}
	}
}

// TestMarginalsSumToTheRows: under a domain with its catch-alls, every row has one value and one form, for every kind.
func TestMarginalsSumToTheRows(t *testing.T) {
	var runs []run
	rows := int64(0)
	for i, s := range []string{"", "n/a", "12", "-0.5", "2024-01-31", "2024-01-31T10:00:00", "10:30", "yes", "Acme", "A1-99-XYZ-77", "\xff", "a\nb"} {
		runs = append(runs, text(s, i+1))
		rows += int64(i + 1)
	}
	runs = append(runs, run{record.Cell{}, 40}, run{record.Cell{Tag: record.Null}, 50}, run{record.Cell{Tag: record.JSON, Text: "{}"}, 60})
	rows += 150
	value := domain(literal("Acme"), profile.Code{Class: profile.Atom, Label: "12"})
	forms := []profile.Code{{Class: profile.NoForm}, {Class: profile.OtherForm}, form("d0")}
	o, coder := newOpener(t), profile.NewCoder(value, forms)
	for _, kind := range mess.Kinds() {
		e := encoded(t, kind, runs...)
		for what, counts := range map[string]dp.Counts{"values": e.Values(coder, len(value)), "forms": e.FormCodes(coder, len(forms))} {
			sum := int64(0)
			for _, n := range o.counts(t, counts) {
				sum += n
			}
			if sum != rows {
				t.Errorf("%s: the %s sum to %d of %d rows", kind, what, sum, rows)
			}
		}
	}
}

func TestVotes(t *testing.T) {
	columns := []*raw.Column{
		column(text("12", 3), text("", 4), text("13", 5)),
		column(text("Acme", 6), text("2024-01-31", 6)),
		column(),
	}
	want := []map[mess.Kind]int64{{mess.Integer: 3 + 5, "missing": 4}, {mess.Category: 6, mess.Date: 6}, {}}
	got := newOpener(t).counts(t, Votes(columns))
	ballot := mess.Ballot()
	if len(got) != len(columns)*len(ballot) {
		t.Fatalf("%d votes on %d columns", len(got), len(columns))
	}
	for i, n := range got {
		column, kind := i/len(ballot), ballot[i%len(ballot)]
		if n != want[column][kind] {
			t.Errorf("column %d has %d votes for %s, want %d", column, n, kind, want[column][kind])
		}
	}
}

func TestRowsAndShapes(t *testing.T) {
	o := newOpener(t)
	table := &raw.Table{Unit: dp.OneRecord(), Rows: 42, Shapes: map[int16]int64{0: 30, -1: 7, 12: 4, record.Malformed: 3, 5: 1}}
	if got := o.counts(t, Rows(table)); !slices.Equal(got, []int64{42}) {
		t.Errorf("rows are %v", got)
	}
	sameHist(t, "the histogram of shapes", o.keyed(t, Shapes(table)), map[string]int64{"0": 30, "-1": 7, "12": 4, "-32768": 3})
}

// TestSensitivities states for each histogram how many of its buckets one record can raise: one, but for the votes, one
// in each column, and what JSON records have several of, as many as are counted.
func TestSensitivities(t *testing.T) {
	e := encoded(t, mess.Category, text("x", 3))
	coder := profile.NewCoder(domain(), nil)
	table := &raw.Table{Unit: dp.OneRecord(), Rows: 3, Shapes: map[int16]int64{0: 3}}
	one := column(text("x", 3))
	for _, c := range []struct {
		name  string
		got   dp.Sensitivity
		cells int
	}{
		{"Keys", e.Keys(Which{Atoms: true, Literals: true}).Sensitivity(), 1},
		{"Forms", e.Forms(coder, nil, 0).Sensitivity(), 1},
		{"Grid", e.Grid(coder, nil).Sensitivity(), 1},
		{"Values", e.Values(coder, 5).Sensitivity(), 1},
		{"FormCodes", e.FormCodes(coder, 0).Sensitivity(), 1},
		{"Rows", Rows(table).Sensitivity(), 1},
		{"Shapes", Shapes(table).Sensitivity(), 1},
		{"Votes on one column", Votes([]*raw.Column{one}).Sensitivity(), 1},
		{"Votes on four", Votes([]*raw.Column{one, one, one, one}).Sensitivity(), 4},
		{"Widths", (&PathCounter{Unit: dp.OneRecord(), Limits: []int{9}}).Widths().Sensitivity(), 1},
		{"Paths", (&PathCounter{Unit: dp.OneRecord(), Limits: []int{4, 9}}).Paths(9).Sensitivity(), 9},
		{"Follows", new(Members).Follows(table, 7).Sensitivity(), 7},
		{"Orders", new(Members).Orders(table, nil).Sensitivity(), 1},
		{"Others", Others(table, []int{0}).Sensitivity(), 1},
	} {
		if want := dp.UpTo(1).Bound(c.cells); c.got != want {
			t.Errorf("%s is sealed with L2 %g, L∞ %d, L0 %d, want %g, %d, %d", c.name, c.got.L2(), c.got.Linf(), c.got.L0(), want.L2(), want.Linf(), want.L0())
		}
	}
}

// TestVotesOnNothingPanic: votes on nothing have no sensitivity, and asking for them is a mistake of ours.
func TestVotesOnNothingPanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("votes on no columns were sealed")
		}
	}()
	Votes(nil)
}

// TestOrderOfCellsIsNothing: the counts do not depend on which cell was met first.
func TestOrderOfCellsIsNothing(t *testing.T) {
	runs := []run{text("12", 3), text("x", 4), text("", 5), text(" 12", 6), number("12", 7)}
	o := newOpener(t)
	want := o.keyed(t, encoded(t, mess.Integer, runs...).Keys(Which{Atoms: true}))
	slices.SortFunc(runs, func(a, b run) int { return cmp.Compare(b.rows, a.rows) })
	sameHist(t, "the reverse order", o.keyed(t, encoded(t, mess.Integer, runs...).Keys(Which{Atoms: true})), want)
}
