package bound

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

func open(t *testing.T, name, content string) *record.Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := record.Open([]string{path}, record.Options{BatchRows: 3})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func choose(t *testing.T, src *record.Source, rule Rule, key dp.Key) *Choice {
	t.Helper()
	c, err := Choose(context.Background(), src, rule, key, func(float64) {})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func used(c *Choice, rows int) (out []int) {
	for row := range rows {
		if c.Uses(row) {
			out = append(out, row)
		}
	}
	return out
}

func TestNoKeyUsesEverything(t *testing.T) {
	c := choose(t, nil, Rule{}, dp.Key{})
	if got := used(c, 4); len(got) != 4 || c.Unit() != dp.OneRecord() || c.Check(17) != nil {
		t.Errorf("of 4 rows %v are used, for a unit of %d", got, c.Unit().Records())
	}
}

func TestAtMostSoManyOfEachUnit(t *testing.T) {
	keys := []string{"a", "b", "a", "a", " a ", "", "N/A", "b", "c", `"a"`, "A", ""}
	unit := map[string]string{" a ": "a", `"a"`: "a", "": "none", "N/A": "none"}
	for _, drop := range []bool{false, true} {
		c := choose(t, open(t, "d.csv", "k,x\n"+strings.Join(keys, ",1\n")+",1\n"), Rule{Columns: []string{"k"}, Most: 2, DropKeyless: drop}, dp.Key{9})
		got := map[string]int{}
		for _, row := range used(c, len(keys)) {
			key := keys[row]
			if of, ok := unit[key]; ok {
				key = of
			}
			got[key]++
		}
		want := map[string]int{"a": 2, "b": 2, "c": 1, "A": 1, "none": 3}
		if drop {
			delete(want, "none")
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("dropping records without a key %v: used are %v, want %v", drop, got, want)
		}
		if c.Unit() != dp.UpTo(2) {
			t.Errorf("the sensitivity is that of %d records", c.Unit().Records())
		}
		sizes := map[string]int64{}
		for i, n := range c.Sizes() {
			if n != 0 {
				sizes[profile.UnitRanges()[i].Label] = n
			}
		}
		if want := map[string]int64{"no key": 3, "1": 2, "2": 1, "5-6": 1}; fmt.Sprint(sizes) != fmt.Sprint(want) {
			t.Errorf("the sizes are %v, want %v", sizes, want)
		}
	}
}

// TestKeysOfSeveralColumns: cells are not run together, and a key with a cell missing is none.
func TestKeysOfSeveralColumns(t *testing.T) {
	src := open(t, "d.jsonl", `{"a":"x","b":"yz"}
{"a":"xy","b":"z"}
{"a":1,"b":"z"}
{"a":"1","b":"z"}
{"a":"x"}
{"a":null,"b":"z"}
not json
`)
	c := choose(t, src, Rule{Columns: []string{"a", "b"}, Most: 1}, dp.Key{})
	if sizes := c.Sizes(); sizes[0] != 3 || sizes[1] != 2 || sizes[2] != 1 {
		t.Errorf("sizes are %v, want 3 records without a key, 2 units of one and 1 of two", sizes[:4])
	}
}

// TestOthersAreChosenAlike: a unit that comes changes nothing of which of the others' records are used.
func TestOthersAreChosenAlike(t *testing.T) {
	var with, without strings.Builder
	with.WriteString("k\n")
	without.WriteString("k\n")
	var kept []int // rows of with that are in without
	for i := range 3000 {
		if i%7 == 3 {
			with.WriteString("new\n")
			continue
		}
		line := fmt.Sprintf("unit%d\n", i*i%91)
		with.WriteString(line)
		without.WriteString(line)
		kept = append(kept, i)
	}
	rule := Rule{Columns: []string{"k"}, Most: 5}
	a, b := choose(t, open(t, "a.csv", with.String()), rule, dp.Key{4}), choose(t, open(t, "b.csv", without.String()), rule, dp.Key{4})
	news := len(used(a, 3000))
	for i, row := range kept {
		if a.Uses(row) != b.Uses(i) {
			t.Fatalf("row %d is used in one dataset only", row)
		}
		if a.Uses(row) {
			news--
		}
	}
	if news != 5 {
		t.Errorf("%d records of the new unit are used, want 5", news)
	}
}

// TestChoiceIsUniform: over many keys every record of a unit is used as often as any other. 4·10⁴ keys, 20 records, 6 used: a
// count is Binomial(4·10⁴, 0.3), σ = 92; |z| > 6 has a probability of 2e-9 for each, 4e-8 for all.
func TestChoiceIsUniform(t *testing.T) {
	const keys, records, most = 40_000, 20, 6
	counts := make([]int, records)
	for i := range keys {
		var key dp.Key
		binary.LittleEndian.PutUint32(key[:], uint32(i))
		r := newReservoirs(most, key)
		for row := range records {
			r.add(digest{1}, uint64(row))
		}
		r.each(func(row uint64) { counts[row]++ })
	}
	const p = float64(most) / records
	sigma := math.Sqrt(keys * p * (1 - p))
	for row, n := range counts {
		if z := (float64(n) - keys*p) / sigma; math.Abs(z) > 6 {
			t.Errorf("record %d is used %d times, want %.0f ± %.0f", row, n, keys*p, sigma)
		}
	}
}

func TestKeysDecide(t *testing.T) {
	src := open(t, "d.csv", "k\n"+strings.Repeat("a\n", 200))
	rule := Rule{Columns: []string{"k"}, Most: 8}
	one := used(choose(t, src, rule, dp.Key{1}), 200)
	if again := used(choose(t, src, rule, dp.Key{1}), 200); !slices.Equal(one, again) {
		t.Error("one key chose differently twice")
	}
	if other := used(choose(t, src, rule, dp.Key{2}), 200); slices.Equal(one, other) { // one in 10¹³
		t.Error("two keys chose alike")
	}
}

// TestKeep: a batch loses the rows that are not used, and what it has besides cells with them.
func TestKeep(t *testing.T) {
	c := &Choice{unit: dp.UpTo(1), used: []uint64{0b1011 << 2}}
	cell := func(s string) record.Cell { return record.Cell{Tag: record.Text, Text: s} }
	b := &record.Batch{
		Rows: 5, Cells: [][]record.Cell{{cell("0"), cell("1"), cell("2"), cell("3"), cell("4")}},
		Shapes: []int16{0, 1, 2, 3, 4}, Others: []int{0, 1, 2, 3, 4}, Orders: [][]byte{{0}, {1}, {2}, {3}, {4}},
	}
	orders := b.Orders
	c.Keep(b, 2)
	if fmt.Sprint(b.Rows, b.Shapes, b.Others, b.Orders) != "3 [0 1 3] [0 1 3] [[0] [1] [3]]" || b.Cells[0][2].Text != "3" || len(b.Cells[0]) != 3 {
		t.Errorf("the batch holds %d rows, %v, %v, %v, %v", b.Rows, b.Cells, b.Shapes, b.Others, b.Orders)
	}
	seen := map[byte]bool{}
	for _, o := range orders {
		seen[o[0]] = true
	}
	if len(seen) != 5 {
		t.Errorf("two rows share the memory of an order: %v", orders)
	}
}

func TestChangedData(t *testing.T) {
	c := choose(t, open(t, "d.csv", "k\na\nb\n"), Rule{Columns: []string{"k"}, Most: 1}, dp.Key{})
	if err := c.Check(3); !errors.Is(err, errChanged) || c.Check(2) != nil {
		t.Errorf("of 2 rows read, 3 and 2 read again: %v, %v", err, c.Check(2))
	}
}

// BenchmarkChoose is ten records of each of 100,000 units: rows per second, and bytes per unit as B/op.
func BenchmarkChoose(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		r := newReservoirs(4, dp.Key{})
		cells := [][]record.Cell{{{Tag: record.Text}}}
		for row := range uint64(1_000_000) {
			cells[0][0].Text = fmt.Sprintf("C%06d", row*7%100_000)
			p, _ := r.digest(cells, 0)
			r.add(p, row)
		}
	}
}
