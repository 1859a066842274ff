package fidelity

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/eval/report/reporttest"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// Seeds are fixed in all tests here, so that they either pass or fail; the margins are those that hold for nearly every seed.

var header = []string{"id", "plan", "age", "spend", "joined", "note", "churned"}

// A row of made-up customers: plan, age, spend and churn go together, notes are missing by plan, amounts are written by plan.
func customer(rng *rand.Rand, i int) []string {
	plan := []string{"basic", "basic", "basic", "plus", "plus", "family"}[rng.IntN(6)]
	age := 18 + rng.IntN(30)
	if plan == "family" {
		age += 25
	}
	spend := float64(age)*2 + rng.ExpFloat64()*20
	written := fmt.Sprintf("%.2f", spend)
	if plan == "plus" {
		written = fmt.Sprintf("$%.0f", spend)
	}
	note := "called " + string(rune('a'+rng.IntN(26))) + string(rune('a'+rng.IntN(26)))
	if plan != "family" && rng.IntN(3) > 0 {
		note = []string{"", "N/A"}[rng.IntN(2)]
	}
	churned := "no"
	if rng.Float64() < float64(age-18)/60 {
		churned = "yes"
	}
	return []string{fmt.Sprintf("C-%010d", i), plan, fmt.Sprint(age), written, fmt.Sprintf("20%02d-%02d-%02d", 10+rng.IntN(10), 1+rng.IntN(12), 1+rng.IntN(28)), note, churned}
}

func customers(seed uint64, n int) [][]string {
	rng := rand.New(rand.NewPCG(seed, 0))
	var rows [][]string
	for range n {
		rows = append(rows, customer(rng, rng.IntN(1_000_000)))
	}
	return rows
}

// each returns the rows after change.
func each(rows [][]string, change func(row []string)) [][]string {
	var out [][]string
	for _, r := range rows {
		r = slices.Clone(r)
		change(r)
		out = append(out, r)
	}
	return out
}

// shuffled permutes every column by itself.
func shuffled(rows [][]string) [][]string {
	rng := rand.New(rand.NewPCG(9, 9))
	out := each(rows, func([]string) {})
	for c := range header {
		for i, j := range rng.Perm(len(rows)) {
			out[i][c] = rows[j][c]
		}
	}
	return out
}

func write(t *testing.T, name string, header []string, rows [][]string) *record.Source {
	t.Helper()
	var b bytes.Buffer
	for _, r := range append([][]string{header}, rows...) {
		b.WriteString(strings.Join(r, ",") + "\n")
	}
	return open(t, name, b.Bytes())
}

func open(t *testing.T, name string, content []byte) *record.Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := record.Open([]string{path}, record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func mustCompare(t *testing.T, real, synthetic *record.Source, opts Options) *Report {
	t.Helper()
	r, err := Compare(context.Background(), real, synthetic, opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const rowsOfTests = 4000

// compareRows compares made-up customers with others.
func compareRows(t *testing.T, synthetic [][]string) *Report {
	t.Helper()
	return mustCompare(t, write(t, "real.csv", header, customers(1, rowsOfTests)), write(t, "synth.csv", header, synthetic), Options{Target: "churned"})
}

func TestKinds(t *testing.T) {
	r := compareRows(t, customers(2, rowsOfTests))
	want := []mess.Kind{mess.ID, mess.Category, mess.Integer, mess.Decimal, mess.Date, mess.Category, mess.Boolean}
	for i, c := range r.Columns {
		if c.Kind != string(want[i]) {
			t.Errorf("%s is taken for %s, want %s", c.Name, c.Kind, want[i])
		}
	}
}

// TestSame: rows of the same distribution score like the floor, everywhere.
func TestSame(t *testing.T) {
	r := compareRows(t, customers(2, rowsOfTests))
	for _, l := range r.Summary() {
		if margin := 0.15*l.Floor + 0.01; l.Synthetic > l.Floor+margin {
			t.Errorf("%s: %g, floor %g", l.Name, l.Synthetic, l.Floor)
		}
	}
	near(t, "AUC", r.Classifier.AUC.Synthetic, 0.5, 0.05)
	near(t, "pMSE ratio", r.Classifier.Ratio, 1, 0.15)
	near(t, "AUC of a model trained on synthetic rows", r.Target.Synthetic.AUC, r.Target.Real.AUC, 0.03)
	if !r.Near() {
		t.Error("the table is not near")
	}
	if len(r.MissingRates) > 0 {
		t.Errorf("missing rates: %+v", r.MissingRates)
	}
	for _, g := range r.Subgroups {
		if g.One > 1.6*g.OneFloor || g.Two > 1.6*g.TwoFloor {
			t.Errorf("subgroup %s: %g and %g, floors %g and %g", g.Value, g.One, g.Two, g.OneFloor, g.TwoFloor)
		}
	}
}

// TestIndependent: columns that are right by themselves are found to have lost what they had together.
func TestIndependent(t *testing.T) {
	r := compareRows(t, shuffled(customers(2, rowsOfTests)))
	for _, l := range r.Summary() {
		way, ok := l.Way()
		if !l.Together {
			continue
		}
		if !ok {
			t.Errorf("%s: no way, of %+v", l.Name, l.Score)
		}
		near(t, "the way of "+l.Name, way, 1, 0.2)
	}
	one := r.Marginals[0].Mean
	near(t, "one column", one.Synthetic, one.Floor, 0.01)
	if r.Classifier.AUC.Synthetic < 0.75 || r.Near() {
		t.Errorf("AUC %g; near: %v", r.Classifier.AUC.Synthetic, r.Near())
	}
	near(t, "AUC of a model trained on independent columns", r.Target.Synthetic.AUC, 0.5, 0.1)
	near(t, "AUC of the permuted control", r.Target.Permuted.AUC, 0.5, 0.1)
	if r.Target.Real.AUC < 0.6 {
		t.Errorf("AUC of the model trained on real rows: %g", r.Target.Real.AUC)
	}
}

// TestFindings breaks one thing at a time, and looks whether it is the first that is named.
func TestFindings(t *testing.T) {
	const plan, age, spend, note = 1, 2, 3, 5
	for _, w := range []struct {
		name   string
		change func(row []string)
		found  func(r *Report) string
		want   string
	}{
		{"spelling", func(row []string) {
			if row[note] == "N/A" {
				row[note] = "null"
			}
		}, func(r *Report) string { return r.WorstMess()[0].Part + " of " + r.WorstMess()[0].Column }, "null spellings of note"},
		{"form", func(row []string) { row[spend] = strings.TrimPrefix(row[spend], "$") },
			func(r *Report) string { return r.WorstMess()[0].Column }, "spend"},
		{"form by value", func(row []string) { row[age] += ".0" },
			func(r *Report) string { return strings.Join(r.Forms.Worst[0].Columns[:1], "") }, "age"},
		{"damage", func(row []string) { row[plan] = " " + row[plan] },
			func(r *Report) string { return fmt.Sprint(r.Columns[plan].Mess.Damage.Synthetic > 0.9) }, "true"},
		{"missing by value", func(row []string) {
			if row[plan] == "family" {
				row[note] = ""
			}
		}, func(r *Report) string {
			x := r.MissingRates[0]
			return x.Column + " where " + x.Where + " is " + x.Value
		}, "note where plan is family"},
		{"subgroup", func(row []string) {
			if row[plan] == "family" {
				row[age], row[spend] = "20", "1.00"
			}
		}, func(r *Report) string { return r.Subgroups[0].Value }, "family"},
		{"lost category", func(row []string) {
			if row[plan] == "family" {
				row[plan] = "plus"
			}
		}, func(r *Report) string { return fmt.Sprint(r.Subgroups[0].Value, " ", r.Subgroups[0].RowsSynthetic) }, "family 0"},
		{"tail", func(row []string) {
			if len(row[spend]) == 6 && row[spend] > "150" {
				row[spend] = "150.00"
			}
		}, func(r *Report) string {
			q := r.Columns[spend].Numeric.Quantiles
			last := q[len(q)-1]
			return fmt.Sprint(last.Synthetic < last.Real-10, " ", r.WorstNumeric()[0].Name)
		}, "true spend"},
		{"pair", func(row []string) { row[age] = fmt.Sprint(18 + len(row[0])%2 + int(row[0][11])%30) },
			func(r *Report) string { return fmt.Sprint(slices.Contains(r.Marginals[1].Worst[0].Columns, "age")) }, "true"},
	} {
		t.Run(w.name, func(t *testing.T) {
			if got := w.found(compareRows(t, each(customers(2, rowsOfTests), w.change))); got != w.want {
				t.Errorf("found %q, want %q", got, w.want)
			}
		})
	}
}

// TestCopies: rows taken from the real table are copies of the reference half about every other time, and their notes and ids come back.
func TestCopies(t *testing.T) {
	real := customers(1, rowsOfTests)
	r := compareRows(t, real)
	if !strings.Contains(r.Verdict(), "as copies would be") || r.Near() {
		t.Errorf("near: %v; verdict: %s", r.Near(), r.Verdict())
	}
	near(t, "copied rows", r.Copied.Synthetic, 0.5, 0.05)
	near(t, "copied rows of the other half", r.Copied.Floor, 0, 0.01)
	near(t, "shared ids", r.Columns[0].Texts.Rare.Shared.Synthetic, 0.5, 0.05)
	r = compareRows(t, append(real[:rowsOfTests/2:rowsOfTests/2], slices.Repeat([][]string{real[0]}, rowsOfTests/2)...))
	near(t, "repeated rows", r.Records.Repeats.Synthetic, 0.5, 0.05)
}

func TestErrors(t *testing.T) {
	ctx := context.Background()
	real := write(t, "real.csv", header, customers(1, 400))
	constant := each(customers(1, 400), func(row []string) { row[6] = "yes" })
	for _, w := range []struct {
		name            string
		real, synthetic *record.Source
		opts            Options
		want            error
		text            string
	}{
		{"no overlap", real, write(t, "s.csv", []string{"x", "y"}, [][]string{{"a", "b"}}), Options{}, ErrMismatch, "no column in common"},
		{"few real rows", write(t, "s.csv", header, customers(1, 30)), real, Options{}, ErrMismatch, "the real table has 30 rows"},
		{"few synthetic rows", real, write(t, "s.csv", header, customers(1, 3)), Options{}, ErrMismatch, "the synthetic one 3"},
		{"unknown target", real, real, Options{Target: "nope"}, ErrUnknownColumn, `target "nope"`},
		{"unknown subgroup", real, real, Options{Subgroups: []string{"nope"}}, ErrUnknownColumn, `subgroups by "nope"`},
		{"one class", write(t, "s.csv", header, constant), real, Options{Target: "churned"}, ErrMismatch, `target "churned" has 1 frequent classes`},
		{"no class", real, real, Options{Target: "id"}, ErrMismatch, `target "id" has`},
	} {
		_, err := Compare(ctx, w.real, w.synthetic, w.opts)
		if !errors.Is(err, w.want) || !strings.Contains(err.Error(), w.text) {
			t.Errorf("%s: %v", w.name, err)
		}
	}
	if _, err := Compare(ctx, real, real, Options{MaxRows: -1}); err == nil {
		t.Error("a negative number of rows passed")
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := Compare(ctx, real, real, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestShapes compares tables of which little is left.
func TestShapes(t *testing.T) {
	one := func(cell string) *record.Source {
		return write(t, "one.csv", []string{"x"}, slices.Repeat([][]string{{cell}}, 60))
	}
	for _, w := range []struct {
		name            string
		real, synthetic *record.Source
	}{
		{"constant", one("a"), one("a")},
		{"missing", one("NULL"), one("NULL")},
		{"missing for present", one("NULL"), one("7")},
		{"present for missing", one("7"), one("NULL")},
		{"huge", one("1" + strings.Repeat("0", 400)), one("9" + strings.Repeat("0", 300))},
		{"not UTF-8", one("\xff\xfe"), one("ok")},
	} {
		t.Run(w.name, func(t *testing.T) {
			r := mustCompare(t, w.real, w.synthetic, Options{})
			if _, err := json.Marshal(r); err != nil {
				t.Error(err)
			}
			if err := r.Page().Write(&bytes.Buffer{}); err != nil {
				t.Error(err)
			}
			if r.Verdict() == "" {
				t.Error("no verdict")
			}
		})
	}
}

// TestFormats: the same records as JSON lines, with another column, are compared by what both have.
func TestFormats(t *testing.T) {
	var b bytes.Buffer
	for _, row := range customers(2, 1000) {
		fmt.Fprintf(&b, `{"plan":%q,"age":%s,"extra":{"deep":1}}`+"\n", row[1], row[2])
	}
	r := mustCompare(t, write(t, "real.csv", header, customers(1, 1000)), open(t, "s.jsonl", b.Bytes()), Options{})
	if len(r.Columns) != 2 || !r.Untyped || len(r.LeftOut.Real) != 5 || !slices.Equal(r.LeftOut.Synthetic, []string{"extra.deep"}) {
		t.Errorf("%d columns, untyped %v, left out %v", len(r.Columns), r.Untyped, r.LeftOut)
	}
	for _, c := range r.Columns {
		if c.Value.Excess() > 0.03 || c.Mess.Forms.Excess() > 0.03 {
			t.Errorf("%s: %+v, %+v", c.Name, c.Value, c.Mess.Forms)
		}
	}
}

// TestRagged: rows that lack a field are found by their shape.
func TestRagged(t *testing.T) {
	short := customers(2, 1000)
	for i := range short[:500] {
		short[i] = short[i][:5]
	}
	r := mustCompare(t, write(t, "real.csv", header, customers(1, 1000)), write(t, "s.csv", header, short), Options{})
	near(t, "shapes of rows", r.Records.Shapes.Synthetic, 0.5, 0.1)
	near(t, "shapes of real rows", r.Records.Shapes.Floor, 0, 1e-12)
	if x := r.WorstMess()[0]; x.Part != "null spellings" || x.Column != "note" && x.Column != "churned" {
		t.Errorf("worst mess: %s of %s", x.Part, x.Column)
	}
}

// TestSampled: of a table that is too large every row is as likely to be looked at.
func TestSampled(t *testing.T) {
	var rows [][]string
	for i := range 20_000 {
		rows = append(rows, []string{fmt.Sprint(i)})
	}
	src := write(t, "n.csv", []string{"n"}, rows)
	raw, err := readRows(context.Background(), src, []string{"n"}, 4000, rand.New(rand.NewPCG(1, 1)))
	if err != nil || raw.seen != len(rows) || len(raw.shapes) != 4000 {
		t.Fatalf("%d of %d rows, %v", len(raw.shapes), raw.seen, err)
	}
	seen, low := map[string]bool{}, 0
	for _, c := range raw.cells[0] {
		seen[c.Text] = true
		if len(c.Text) < 5 { // below 10,000
			low++
		}
	}
	if len(seen) != 4000 {
		t.Errorf("%d different rows", len(seen))
	}
	near(t, "rows of the first half", float64(low)/4000, 0.5, 0.05) // 6 standard deviations
	a := mustCompare(t, src, src, Options{MaxRows: 500, Seed: 7})
	if a.Compared != 250 || a.Real != (Table{20_000, 500}) {
		t.Errorf("%d compared, %+v", a.Compared, a.Real)
	}
	b := mustCompare(t, src, src, Options{MaxRows: 500, Seed: 7})
	if !reflect.DeepEqual(a, b) {
		t.Error("the same seed gives another report")
	}
}

// TestDocumented: every field of the JSON is in JSON.md.
func TestDocumented(t *testing.T) {
	text, err := os.ReadFile("JSON.md")
	if err != nil {
		t.Fatal(err)
	}
	fields := 0
	var visit func(typ reflect.Type)
	visit = func(typ reflect.Type) {
		switch typ.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array:
			visit(typ.Elem())
		case reflect.Struct:
			for i := range typ.NumField() {
				f := typ.Field(i)
				name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				if name != "" {
					fields++
					if !bytes.Contains(text, []byte("`"+name+"`")) {
						t.Errorf("JSON.md does not have `%s` of %s", name, typ.Name())
					}
				}
				visit(f.Type)
			}
		}
	}
	visit(reflect.TypeFor[Report]())
	if fields < 80 {
		t.Errorf("%d fields", fields)
	}
}

func TestPage(t *testing.T) {
	broken := each(shuffled(customers(2, 1000)), func(row []string) {
		if row[1] == "family" {
			row[1] = "<b>" + strings.Repeat("very long ", 12)
		}
	})
	r := mustCompare(t, write(t, "real.csv", header, customers(1, 1000)), write(t, "s.csv", header, broken), Options{Target: "spend"})
	var b bytes.Buffer
	if err := r.Page().Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"NOT PRIVATE", "Subgroups", "Trained on", "median", "Neither says anything about privacy"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(b.String(), "<b>very") {
		t.Error("a label is markup")
	}
	reporttest.Browse(t, "fidelity", b.Bytes())
}
