package synth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// testProfile is a small profile with every class of code.
func testProfile() *profile.Profile {
	learnt := profile.Learnt
	text := func(class profile.Class, label string) profile.Code {
		return profile.Code{Class: class, Tag: record.Text, Label: label, Origin: learnt}
	}
	form := func(labels ...string) []profile.Code {
		codes := []profile.Code{{Class: profile.NoForm}, {Class: profile.OtherForm}}
		for _, l := range labels {
			codes = append(codes, profile.Code{Class: profile.Form, Label: l, Origin: learnt})
		}
		return codes
	}
	p := &profile.Profile{}
	add := func(name, kind string, value, form []profile.Code, cells [][]int32, weights []int64) {
		p.Manifest.Columns = append(p.Manifest.Columns, profile.Column{
			Column: record.Column{Name: name, Type: record.StringType}, Kind: kind,
		})
		p.Attributes = append(p.Attributes,
			profile.Attribute{Name: name, Column: name, Role: profile.RoleValue, Codes: value},
			profile.Attribute{Name: profile.FormName(name), Column: name, Role: profile.RoleForm, Codes: form})
		p.Tables = append(p.Tables, profile.Table{
			Attributes: []string{name, profile.FormName(name)}, Cells: cells, Weights: weights,
		})
	}
	p.Attributes = append(p.Attributes, profile.Attribute{Name: profile.RowShape, Role: profile.RoleRow, Codes: []profile.Code{
		{Class: profile.OtherShape}, {Class: profile.Shape, Label: "0"}, {Class: profile.Shape, Label: "-1"},
	}})
	p.Tables = append(p.Tables, profile.Table{
		Attributes: []string{profile.RowShape}, Cells: [][]int32{{1}, {2}}, Weights: []int64{9 << 16, 1 << 16},
	})
	p.Manifest.Format = record.CSV
	p.Manifest.Rows = 1000.4
	add("amount", "integer",
		[]profile.Code{
			text(profile.Missing, ""), {Class: profile.Atom, Label: "42"}, {Class: profile.Other}, {Class: profile.OtherMissing},
			{Class: profile.Bin, Lo: profile.Edge{M: 4, E: 1}, Hi: profile.Edge{M: 5, E: 1}},
		},
		form("d0", "A{3}"),
		[][]int32{{0, 0}, {1, 2}, {4, 2}, {2, 3}, {3, 0}}, []int64{100, 300, 500, 50, 50})
	add("name", "category",
		[]profile.Code{text(profile.Literal, "north, \"or\" so"), {Class: profile.Other}}, form("Aa+"),
		[][]int32{{0, 0}, {1, 2}, {1, 1}}, []int64{700, 200, 100})
	add("when", "timestamp",
		[]profile.Code{{Class: profile.Bin, Lo: profile.Edge{}, Hi: profile.Edge{M: 864, E: 5}}}, form("YYYY-MM-DDThh:mm:ss"),
		[][]int32{{0, 2}}, []int64{1})
	return p
}

// sample renders the test profile to a file and returns its path.
func sample(t *testing.T, name string, opts Options) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	p := testProfile()
	w, err := record.Create(path, Schema(p), record.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := Generate(context.Background(), p, opts, w); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestGoldenBytes pins the bytes of a seed, over several blocks: they are the same on every machine, for every number of
// processors and in every release that claims to be able to repeat a sample.
func TestGoldenBytes(t *testing.T) {
	const want = "b4429020281f853fe8a62c3b3e43a3caca6800ac05238149df01f4193e63ca15"
	for _, procs := range []int{1, 2, 7} {
		t.Run(strconv.Itoa(procs), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			data, err := os.ReadFile(sample(t, "out.csv", Options{Rows: 3*blockRows + 17, Seed: 7}))
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(data)
			if got := hex.EncodeToString(sum[:]); got != want {
				t.Errorf("sha256 is %s, want %s", got, want)
			}
		})
	}
}

func TestSeedsDiffer(t *testing.T) {
	read := func(seed uint64) string {
		data, err := os.ReadFile(sample(t, "out.csv", Options{Rows: 100, Seed: seed}))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if read(1) == read(2) {
		t.Error("two seeds gave the same bytes")
	}
}

func TestPermutationIsABijection(t *testing.T) {
	for _, n := range []uint64{1, 2, 3, 5, 16, 17, 1000, 4097} {
		p := newPermutation(n, 99)
		seen := make([]bool, n)
		for i := range n {
			j := p.at(i)
			if j >= n || seen[j] {
				t.Fatalf("n = %d: %d ↦ %d twice or outside", n, i, j)
			}
			seen[j] = true
		}
	}
}

// TestBinsAvoidAtoms: a bin stands for the values between its edges that have no code of their own.
func TestBinsAvoidAtoms(t *testing.T) {
	src, err := record.Open([]string{sample(t, "out.csv", Options{Rows: 1000, Seed: 3})}, record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	shapes := map[int16]int{}
	err = src.Read(context.Background(), nil, func(b *record.Batch) error {
		for _, c := range b.Cells[0] {
			counts[c.Text]++
		}
		for _, s := range b.Shapes {
			shapes[s]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if counts["42"] != 300 || counts[""] != 100 {
		t.Errorf("42 has %d rows and blank %d, want 300 and 100", counts["42"], counts[""])
	}
	rest := 0
	for v := 40; v < 50; v++ {
		rest += counts[strconv.Itoa(v)]
	}
	if rest != 800 {
		t.Errorf("40 to 49 have %d rows, want 800", rest)
	}
	if shapes[-1] != 100 {
		t.Errorf("%d rows are short, want 100", shapes[-1])
	}
}

// TestOtherFormsAreUnlike: texts whose form was not released have none of the released ones, so that those keep their shares.
func TestOtherFormsAreUnlike(t *testing.T) {
	src, err := record.Open([]string{sample(t, "out.csv", Options{Rows: 1000, Seed: 3})}, record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	counts := map[bool]int{}
	err = src.Read(context.Background(), []string{"name"}, func(b *record.Batch) error {
		for _, c := range b.Cells[0] {
			if c.Text != "north, \"or\" so" && c.Text != "" {
				counts[slices.Contains(mess.Shapes(c), "Aa+")]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if counts[true] != 200 || counts[false] == 0 {
		t.Errorf("%d texts have the released form, want 200; %d have another", counts[true], counts[false])
	}
}

func TestRefuses(t *testing.T) {
	p := testProfile()
	for _, n := range []int64{-1, MaxRows + 1} {
		if err := Generate(context.Background(), p, Options{Rows: n}, nil); err == nil {
			t.Errorf("%d rows were accepted", n)
		}
	}
	p.Tables = nil
	if err := Generate(context.Background(), p, Options{Rows: 1}, nil); err == nil {
		t.Error("a profile without tables was accepted")
	}
}

// TestStops: a cancelled context ends sampling with its error.
func TestStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	w := &countingWriter{after: cancel}
	err := Generate(ctx, testProfile(), Options{Rows: 1 << 30}, w)
	if err == nil || ctx.Err() == nil {
		t.Fatalf("got %v, want the context's error", err)
	}
	if w.rows > 100*blockRows {
		t.Errorf("%d rows were written after the cancellation", w.rows)
	}
}

type countingWriter struct {
	rows  int
	after func()
}

func (w *countingWriter) Write(b *record.Batch) error { w.rows += b.Rows; w.after(); return nil }
func (w *countingWriter) Commit() error               { return nil }
func (w *countingWriter) Abort()                      {}

func TestStreamIsUniformEnough(t *testing.T) {
	// χ² with 15 degrees of freedom exceeds 60 with probability 2e-7; the seed is fixed.
	r := &mess.Rand{Source: &stream{state: 12}}
	counts := make([]float64, 16)
	const n = 160_000
	for range n {
		counts[r.Int(16)]++
	}
	chi := 0.0
	for _, c := range counts {
		chi += (c - n/16) * (c - n/16) / (n / 16)
	}
	if chi > 60 {
		t.Errorf("χ² = %g", chi)
	}
}

func BenchmarkGenerate(b *testing.B) {
	p := testProfile()
	const rows = 100_000
	for b.Loop() {
		if err := Generate(context.Background(), p, Options{Rows: rows, Seed: 1}, &countingWriter{after: func() {}}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func ExampleRows() {
	p := &profile.Profile{Manifest: profile.Manifest{Rows: 1234.7}}
	fmt.Println(Rows(p))
	// Output: 1235
}
