package vault

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/testdata"
)

// bench is a dataset on disk with an account of its own.
type bench struct {
	dir   string
	store *ledger.Store
	src   *record.Source
	opts  Options
}

func newBench(t testing.TB, name string, data []byte) *bench {
	t.Helper()
	dir := t.TempDir()
	in := filepath.Join(dir, name)
	if err := os.WriteFile(in, data, 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := ledger.Create(context.Background(), filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if _, err := store.OpenAccount(context.Background(), "d", 100, 1e-4); err != nil {
		t.Fatal(err)
	}
	src, err := record.Open([]string{in}, record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return &bench{dir: dir, store: store, src: src, opts: Options{
		Epsilon: 4, Delta: 1e-6, Output: filepath.Join(dir, "profile.parquet"), Force: true,
	}}
}

func (b *bench) profile(ctx context.Context, sp *spec.Spec) (*profile.Profile, error) {
	return Profile(ctx, sp, b.src, dp.NewLedger(b.store, "d"), b.opts)
}

func (b *bench) mustProfile(t testing.TB, sp *spec.Spec) *profile.Profile {
	t.Helper()
	p, err := b.profile(context.Background(), sp)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// account returns the ledger's view of the dataset.
func (b *bench) account(t *testing.T) ledger.Account {
	t.Helper()
	a, err := b.store.Account(context.Background(), "d")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// nothingLeft fails when a failed run left an artefact or a temporary file.
func (b *bench) nothingLeft(t *testing.T) {
	t.Helper()
	files, err := os.ReadDir(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.Contains(f.Name(), "profile.parquet") {
			t.Errorf("%s was left behind", f.Name())
		}
	}
}

// describe reads the raw cells of a column as its profile says, by the released words.
func describe(t testing.TB, p *profile.Profile, column int, rows [][]string) (cells []mess.Description, coder *profile.Coder) {
	t.Helper()
	c := p.Manifest.Columns[column]
	codec, err := c.Codec()
	if err != nil {
		t.Fatal(err)
	}
	v, f := p.Attribute(c.Name), p.Attribute(profile.FormName(c.Name))
	words := profile.Words(v.Codes)
	for _, row := range rows {
		cells = append(cells, words.Describe(codec, record.Cell{Tag: record.Text, Text: row[column]}))
	}
	return cells, profile.NewCoder(v.Codes, f.Codes)
}

// recount encodes the raw cells of a column with the released domains and returns the exact counts.
func recount(t testing.TB, p *profile.Profile, column int, rows [][]string) (value, form []float64) {
	t.Helper()
	name := p.Manifest.Columns[column].Name
	value, form = make([]float64, len(p.Attribute(name).Codes)), make([]float64, len(p.Attribute(profile.FormName(name)).Codes))
	cells, coder := describe(t, p, column, rows)
	for _, d := range cells {
		code := coder.Value(d)
		value[code]++
		form[coder.Form(d, code)]++
	}
	return value, form
}

// holders counts for each form how many cells have it on any rung of their ladder. Not all of them have its code: a form that was
// released at a lower rung can stand on the ladder of cells that are left with a finer one in the end.
func holders(t testing.TB, p *profile.Profile, column int, rows [][]string) map[string]int {
	t.Helper()
	held := map[string]int{}
	cells, _ := describe(t, p, column, rows)
	for _, d := range cells {
		for _, f := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(d.Forms, d.Variant.Forms)))) {
			held[f]++
		}
	}
	return held
}

func contracts(t testing.TB) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(testdata.Contracts)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// TestNoiseIsWhatItSays recounts every full marginal of a real profile: the residuals over the stated σ are standard
// normal, so their squares sum to χ². Two-sided at 1e-9 for the whole profile.
func TestNoiseIsWhatItSays(t *testing.T) {
	b := newBench(t, "contracts.csv", testdata.Contracts)
	p := b.mustProfile(t, &spec.Spec{Version: 1})
	rows := contracts(t)
	if z := (p.Manifest.Rows - float64(len(rows))) / p.Manifest.RowSigma; math.Abs(z) > 6.2 {
		t.Errorf("the row count is %g σ off", z)
	}
	chi, n := 0.0, 0
	for i, c := range p.Manifest.Columns {
		value, form := recount(t, p, i, rows)
		for _, m := range p.Measurements {
			exact := map[string][]float64{c.Name: value, profile.FormName(c.Name): form}[m.Attributes[0]]
			if len(m.Cells) != len(exact) || len(m.Attributes) != 1 {
				continue // another column, pairs, or a selection, whose noise is cut off below
			}
			for k, cell := range m.Cells {
				z := (m.Values[k] - exact[cell[0]]) / m.Sigma
				chi += z * z
				n++
			}
		}
	}
	if n < 300 {
		t.Fatalf("only %d cells were measured", n)
	}
	law := distuv.ChiSquared{K: float64(n)}
	if lo, hi := law.Quantile(5e-10), law.Quantile(1-5e-10); chi < lo || chi > hi {
		t.Errorf("Σz² over %d cells is %g, want within [%g, %g]", n, chi, lo, hi)
	}
}

// TestLabelsAreShared: no label in a profile stems from a cell that few records hold. A label passes a threshold T with
// noise of σ, so its count is above T − 6.2σ but with probability 3e-10; of some hundred labels none fails but with 1e-7.
func TestLabelsAreShared(t *testing.T) {
	b := newBench(t, "contracts.csv", testdata.Contracts)
	p := b.mustProfile(t, &spec.Spec{Version: 1})
	rows := contracts(t)
	for i, c := range p.Manifest.Columns {
		least := math.Inf(1)
		for _, r := range p.Manifest.Releases {
			if r.Column == c.Name && r.Mechanism == "threshold" {
				least = min(least, r.Threshold-6.2*r.Sigma)
			}
		}
		least = max(2, least) // a single record's key is never released, whatever the noise
		value, _ := recount(t, p, i, rows)
		for k, code := range p.Attribute(c.Name).Codes {
			if code.Origin == profile.Learnt && code.Class != profile.Bin && value[k] < least {
				t.Errorf("%s: a learnt %s is held by fewer than %g records", c.Name, code.Class, least)
			}
		}
		held := holders(t, p, i, rows)
		for _, code := range p.Attribute(profile.FormName(c.Name)).Codes {
			if n := float64(held[code.Label]); code.Origin == profile.Learnt && n < least {
				t.Errorf("%s: a form is held by %g records, fewer than %g", c.Name, n, least)
			}
		}
	}
}

// TestBudgetAddsUp: the releases' costs sum to what the profile and the ledger say, and leave nothing unused.
func TestBudgetAddsUp(t *testing.T) {
	b := newBench(t, "contracts.csv", testdata.Contracts)
	p := b.mustProfile(t, &spec.Spec{Version: 1})
	var rho, delta float64
	thresholds := map[string]int{}
	for _, r := range p.Manifest.Releases {
		rho += r.Rho
		delta += r.Delta
		if r.Column != "" && r.Delta > 0 {
			thresholds[r.Column]++
		}
		if want := r.L2 * r.L2 / (2 * r.Sigma * r.Sigma); math.Abs(want-r.Rho) > 1e-9*want {
			t.Errorf("release %d: ρ = %g, its σ and sensitivity say %g", r.ID, r.Rho, want)
		}
	}
	s := p.Manifest.Privacy
	if rho > s.Rho || rho < 0.999*s.Rho {
		t.Errorf("the releases cost ρ = %g of %g", rho, s.Rho)
	}
	for column, n := range thresholds {
		if n > thresholdsPerColumn {
			t.Errorf("column %s has %d thresholds, %d are planned for", column, n, thresholdsPerColumn)
		}
	}
	if delta > s.ThresholdDelta {
		t.Errorf("the thresholds cost δ = %g of %g", delta, s.ThresholdDelta)
	}
	a := b.account(t)
	if a.Runs != 1 || a.Open != 0 || float64(a.Spent.Rho) != s.Rho {
		t.Errorf("the ledger has %d runs, %d of them open, ρ = %g spent; want 1, 0, %g", a.Runs, a.Open, float64(a.Spent.Rho), s.Rho)
	}
}

func TestKindsAreLearnt(t *testing.T) {
	b := newBench(t, "contracts.csv", testdata.Contracts)
	p := b.mustProfile(t, &spec.Spec{Version: 1})
	want := map[string]string{
		"Contractor Name": "category", "Date of Award": "timestamp", "Total value of Contract": "decimal",
		"Contract Awarded": "boolean", "Unique Project Identifier": "id", "Agency ID": "category",
	}
	for _, c := range p.Manifest.Columns {
		if k, ok := want[c.Name]; ok && k != c.Kind {
			t.Errorf("%s is a column of kind %s, want %s", c.Name, c.Kind, k)
		}
	}
	for _, c := range p.Attribute("Unique Project Identifier").Codes {
		if c.Class == profile.Literal {
			t.Error("an identifier was released as a literal")
		}
	}
}

func TestDeclaredValuesAreNotSelected(t *testing.T) {
	b := newBench(t, "contracts.csv", testdata.Contracts)
	sp, err := spec.Parse([]byte("version: 1\ncolumns:\n- name: Contract Awarded\n  values: [yes, no, maybe]\n"))
	if err != nil {
		t.Fatal(err)
	}
	p := b.mustProfile(t, sp)
	var literals []string
	for _, c := range p.Attribute("Contract Awarded").Codes {
		if c.Class == profile.Literal {
			if c.Origin != profile.Declared {
				t.Errorf("literal %q is %s", c.Label, c.Origin)
			}
			literals = append(literals, c.Label)
		}
	}
	if got := strings.Join(literals, " "); got != "yes no maybe" {
		t.Errorf("literals are %s", got)
	}
}

// TestFewRows: data without rows fails the way data with one row does, on the released count.
func TestFewRows(t *testing.T) {
	for _, data := range []string{"a,b\n", "a,b\n1,2\n"} {
		b := newBench(t, "few.csv", []byte(data))
		_, err := b.profile(context.Background(), &spec.Spec{Version: 1})
		if !errors.Is(err, ErrTooSmall) {
			t.Errorf("got %v, want ErrTooSmall", err)
		}
		b.nothingLeft(t)
		if a := b.account(t); a.Runs != 1 || a.Open != 1 {
			t.Errorf("the ledger has %d runs, %d open: the reservation must stay spent", a.Runs, a.Open)
		}
	}
}

func TestMismatchCostsNothing(t *testing.T) {
	b := newBench(t, "contracts.csv", testdata.Contracts)
	_, err := b.profile(context.Background(), &spec.Spec{Version: 1, Columns: []spec.Column{{Name: "nope"}}})
	if !errors.Is(err, ErrMismatch) || !strings.Contains(err.Error(), `"nope"`) {
		t.Errorf("got %v, want ErrMismatch that names the column", err)
	}
	b.nothingLeft(t)
	if a := b.account(t); a.Runs != 0 {
		t.Error("budget was reserved")
	}
}

func TestRefusalCostsNothing(t *testing.T) {
	b := newBench(t, "contracts.csv", testdata.Contracts)
	b.opts.Epsilon = 1000
	_, err := b.profile(context.Background(), &spec.Spec{Version: 1})
	var refused *ledger.RefusedError
	if !errors.As(err, &refused) {
		t.Errorf("got %v, want a refusal", err)
	}
	b.nothingLeft(t)
	if a := b.account(t); a.Runs != 0 {
		t.Error("budget was reserved")
	}
}

// TestInterruptAnywhere cancels the run at every phase it reports: the ledger stays consistent, nothing half-written stays.
func TestInterruptAnywhere(t *testing.T) {
	for stop := range 6 {
		b := newBench(t, "contracts.csv", testdata.Contracts)
		ctx, cancel := context.WithCancel(context.Background())
		calls := 0
		b.opts.Progress = func(string, float64) {
			if calls == stop {
				cancel()
			}
			calls++
		}
		_, err := b.profile(ctx, &spec.Spec{Version: 1})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("stop %d: got %v, want context.Canceled", stop, err)
		}
		b.nothingLeft(t)
		if a := b.account(t); a.Runs != a.Open {
			t.Errorf("stop %d: a run without an artefact was committed", stop)
		}
		if err := b.store.Verify(context.Background()); err != nil {
			t.Error(err)
		}
	}
}

// TestPanicsAreSilent: a bug of ours ends the run with an error that holds nothing of the panic's text, and no artefact.
func TestPanicsAreSilent(t *testing.T) {
	b := newBench(t, "contracts.csv", testdata.Contracts)
	calls := 0
	b.opts.Progress = func(string, float64) {
		if calls++; calls == 3 {
			panic("6422 rows")
		}
	}
	_, err := b.profile(context.Background(), &spec.Spec{Version: 1})
	if err == nil || strings.Contains(err.Error(), "6422") {
		t.Errorf("got %v, want an error without the panic's text", err)
	}
	b.nothingLeft(t)
	if a := b.account(t); a.Runs != 1 || a.Open != 1 {
		t.Errorf("the ledger has %d runs, %d open: the reservation must stay spent", a.Runs, a.Open)
	}
}

// TestJSONKeys: keys that most records have become columns, in the order of how many have them; a key of one record
// never does.
func TestJSONKeys(t *testing.T) {
	var data bytes.Buffer
	for i := range 4000 {
		fmt.Fprintf(&data, `{"id": %d, "name": "n%d"`, i, i%3)
		if i%2 == 0 {
			fmt.Fprintf(&data, `, "note": null`)
		}
		if i == 1234 {
			fmt.Fprintf(&data, `, "secret": "x"`)
		}
		data.WriteString("}\n")
	}
	p := newBench(t, "records.jsonl", data.Bytes()).mustProfile(t, &spec.Spec{Version: 1})
	var names []string
	for _, c := range p.Manifest.Columns {
		names = append(names, c.Name)
	}
	if len(names) != 3 || names[2] != "note" {
		t.Errorf("columns are %v, want id and name before note, and no other", names)
	}
}

// BenchmarkMarginalError reports how far a profile's fitted value marginals are from the exact ones: the mean total
// variation distance over the columns, ½Σ|p − q|, in [0, 1], lower is better, next to the time of a run.
func BenchmarkMarginalError(b *testing.B) {
	rows := contracts(b)
	for _, epsilon := range []account.Epsilon{0.5, 1, 4} {
		b.Run(fmt.Sprintf("ε=%g", epsilon), func(b *testing.B) {
			total, columns := 0.0, 0
			for b.Loop() {
				env := newBench(b, "contracts.csv", testdata.Contracts)
				env.opts.Epsilon = epsilon
				p := env.mustProfile(b, &spec.Spec{Version: 1})
				for i, c := range p.Manifest.Columns {
					exact, _ := recount(b, p, i, rows)
					total += distance(p, c.Name, exact)
					columns++
				}
			}
			b.ReportMetric(total/float64(columns), "tvd")
		})
	}
}

// distance is the total variation distance of a column's fitted value marginal from exact counts.
func distance(p *profile.Profile, column string, exact []float64) float64 {
	fitted, mass, n := make([]float64, len(exact)), 0.0, 0.0
	for _, t := range p.Tables {
		for i, c := range t.Cells {
			if t.Attributes[0] == column {
				fitted[c[0]] += float64(t.Weights[i])
				mass += float64(t.Weights[i])
			}
		}
	}
	for _, v := range exact {
		n += v
	}
	d := 0.0
	for i := range exact {
		d += math.Abs(fitted[i]/mass-exact[i]/n) / 2
	}
	return d
}

func BenchmarkProfile(b *testing.B) {
	b.SetBytes(int64(len(testdata.Contracts)))
	for b.Loop() {
		newBench(b, "contracts.csv", testdata.Contracts).mustProfile(b, &spec.Spec{Version: 1})
	}
}

// TestRowCountIsNoisy: over 40 runs the row count is the true one plus noise of the σ that is stated. The mean of 40 draws is 7 of its own σ
// off with a probability of 3e-12; Σz² of 40 is outside of [8, 110] with one of 1e-8.
func TestRowCountIsNoisy(t *testing.T) {
	const rows, runs = 400, 40
	data := []byte("a\n" + strings.Repeat("x\n", rows))
	sum, squares := 0.0, 0.0
	for range runs {
		b := newBench(t, "t.csv", data)
		p := b.mustProfile(t, &spec.Spec{Version: 1})
		z := (p.Manifest.Rows - rows) / p.Manifest.RowSigma
		sum, squares = sum+z, squares+z*z
	}
	if math.Abs(sum) > 7*math.Sqrt(runs) || squares < 8 || squares > 110 {
		t.Errorf("of %d row counts the z add up to %.1f, their squares to %.1f", runs, sum, squares)
	}
}

// TestDecisionsAreOfReleasedValues: whether there are rows enough is decided by the noisy count alone. With noise of one record 30 rows are
// enough in any run: 25 σ.
func TestDecisionsAreOfReleasedValues(t *testing.T) {
	b := newBench(t, "t.csv", []byte("a\n"+strings.Repeat("x\n", 30)))
	b.opts.Epsilon = 90
	if p := b.mustProfile(t, &spec.Spec{Version: 1}); p.Manifest.RowSigma > 1.2 {
		t.Errorf("the row count has a σ of %g: the test says nothing", p.Manifest.RowSigma)
	}
}
