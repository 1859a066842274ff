package raw

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/profile/vault/internal/spill"
)

// open writes one file per content and opens them together, in batches so small that every test crosses their borders.
func open(t *testing.T, ext string, contents ...string) *record.Source {
	t.Helper()
	dir := t.TempDir()
	for i, c := range contents {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("part-%d.%s", i, ext)), []byte(c), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	src, err := record.Open([]string{dir}, record.Options{BatchRows: 2})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// every chooses every row.
func every(t *testing.T) *bound.Choice {
	t.Helper()
	c, err := bound.Choose(context.Background(), nil, bound.Rule{}, dp.Key{}, func(float64) {})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func load(t *testing.T, src *record.Source, columns ...string) *Table {
	t.Helper()
	table, err := Load(context.Background(), src, columns, every(t), spill.New(1<<20, ""), DefaultLimits(), func(float64) {})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// cells decodes a column into the cells of its rows.
func (c *Column) cells() []record.Cell {
	var out []record.Cell
	for i := range c.Chunks() {
		for _, cell := range c.RowCells(i, &Scratch{}) {
			out = append(out, record.Cell{Tag: cell.Tag, Text: strings.Clone(cell.Text)})
		}
	}
	return out
}

func text(s string) record.Cell { return record.Cell{Tag: record.Text, Text: s} }

func TestLoad(t *testing.T) {
	absent, null := record.Cell{}, record.Cell{Tag: record.Null}
	number := func(s string) record.Cell { return record.Cell{Tag: record.Number, Text: s} }
	for _, c := range []struct {
		name    string
		ext     string
		files   []string
		columns []string
		want    [][]record.Cell
		shapes  map[int16]int64
	}{{
		name: "regular rows", ext: "csv", files: []string{"a,b\n1,x\n2,x\n1,y\n1,x\n"}, columns: []string{"a", "b"},
		want:   [][]record.Cell{{text("1"), text("2"), text("1"), text("1")}, {text("x"), text("x"), text("y"), text("x")}},
		shapes: map[int16]int64{0: 4},
	}, {
		name: "columns in the order asked for", ext: "csv", files: []string{"a,b,c\n1,2,3\n4,5,6\n"}, columns: []string{"c", "a"},
		want:   [][]record.Cell{{text("3"), text("6")}, {text("1"), text("4")}},
		shapes: map[int16]int64{0: 2},
	}, {
		name: "ragged rows in some batches only", ext: "csv", files: []string{"a,b\n1,2\n3,4\n5\n6,7\n8,9,10,11\n12,13\n"}, columns: []string{"b"},
		want:   [][]record.Cell{{text("2"), text("4"), absent, text("7"), text("9"), text("13")}},
		shapes: map[int16]int64{0: 4, -1: 1, 2: 1},
	}, {
		name: "bytes that are not UTF-8", ext: "csv", files: []string{"a\n\xff\n\xfe\n\xff\n"}, columns: []string{"a"},
		want:   [][]record.Cell{{text("\xff"), text("\xfe"), text("\xff")}},
		shapes: map[int16]int64{0: 3},
	}, {
		name: "several files", ext: "csv", files: []string{"a\nx\ny\nx\n", "a\n", "a\nz\nx\n"}, columns: []string{"a"},
		want:   [][]record.Cell{{text("x"), text("y"), text("x"), text("z"), text("x")}},
		shapes: map[int16]int64{0: 5},
	}, {
		name: "no rows", ext: "csv", files: []string{"a\n"}, columns: []string{"a"},
		want: [][]record.Cell{nil}, shapes: map[int16]int64{},
	}, {
		name: "equal texts under different tags", ext: "jsonl",
		files:   []string{`{"a":12}` + "\n" + `{"a":"12"}` + "\n{}\n" + `{"a":null}` + "\n{broken\n" + `{"a":"12"}` + "\n"},
		columns: []string{"a"},
		want:    [][]record.Cell{{number("12"), text("12"), absent, null, absent, text("12")}},
		shapes:  map[int16]int64{0: 5, record.Malformed: 1},
	}} {
		t.Run(c.name, func(t *testing.T) {
			table := load(t, open(t, c.ext, c.files...), c.columns...)
			if table.Rows != len(c.want[0]) || len(table.Columns) != len(c.want) {
				t.Fatalf("%d rows and %d columns, want %d and %d", table.Rows, len(table.Columns), len(c.want[0]), len(c.want))
			}
			for i := range c.want {
				if got := table.Columns[i].cells(); !slices.Equal(got, c.want[i]) {
					t.Errorf("column %s holds %q, want %q", c.columns[i], got, c.want[i])
				}
			}
			if !maps.Equal(table.Shapes, c.shapes) {
				t.Errorf("shapes are %v, want %v", table.Shapes, c.shapes)
			}
		})
	}
}

// TestDictionary: the cells are distinct and stand in the order of first appearance, whatever batch they came in.
func TestDictionary(t *testing.T) {
	c := load(t, open(t, "csv", "a\nq\np\nq\nr\np\nq\n"), "a").Columns[0]
	if want := []record.Cell{text("q"), text("p"), text("r")}; !slices.Equal(c.Cells, want) {
		t.Errorf("the dictionary is %q, want %q", c.Cells, want)
	}
	if got, want := c.Codes(0, &Scratch{}), []uint32{0, 1, 0, 2, 1, 0}; !slices.Equal(got, want) || c.Chunks() != 1 {
		t.Errorf("the codes of %d chunks are %v, want %v", c.Chunks(), got, want)
	}
	if want := []int64{3, 2, 1}; !slices.Equal(c.Rows, want) {
		t.Errorf("the frequencies are %v, want %v", c.Rows, want)
	}
}

// TestChunks: whatever the limits, and wherever the chunks are kept, the rows are those that were added, in their order.
func TestChunks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var want []record.Cell
	for i := range 3000 {
		n := i // all distinct, then few
		if i > 1500 {
			n = r.IntN(4)
		}
		want = append(want, record.Cell{Tag: record.Tag(r.IntN(6)), Text: strings.Repeat(fmt.Sprint("x", n), r.IntN(3)*r.IntN(20))})
	}
	for _, limits := range []Limits{DefaultLimits(), {Rows: 1, Enough: 1, Most: 1}, {Rows: 7, Enough: 20, Most: 1000}, {Rows: 1000, Enough: 5000, Most: 300}, {Rows: 64, Enough: 100, Most: 5000}} {
		for _, memory := range []int64{0, 500, 1 << 30} {
			store := spill.New(memory, t.TempDir())
			b := NewBuilder(dp.OneRecord(), store, limits)
			for cells := want; len(cells) > 0; {
				n := min(len(cells), 1+r.IntN(100))
				b.Add(cells[:n])
				cells = cells[n:]
			}
			c := b.Column()
			if got := c.cells(); !slices.Equal(got, want) {
				t.Errorf("%+v with %d bytes of memory: other cells came back", limits, memory)
			}
			coded := int64(0)
			for _, n := range c.Rows {
				coded += n
			}
			for i := range c.Chunks() {
				if c.Plain(i) {
					coded += int64(c.Len(i))
				}
			}
			if int(coded) != len(want) || len(c.Cells) > limits.Most+limits.Rows || store.Err() != nil {
				t.Errorf("%+v with %d bytes of memory: %d rows, %d distinct cells, %v", limits, memory, coded, len(c.Cells), store.Err())
			}
			store.Close()
		}
	}
}

// TestPlain: a column is plain from where its dictionary does not pay, and not when it does.
func TestPlain(t *testing.T) {
	for _, c := range []struct {
		name     string
		distinct int
		want     []bool
	}{{"few", 3, []bool{false, false, false, false}}, {"all", 400, []bool{false, false, true, true}}} {
		b := NewBuilder(dp.OneRecord(), spill.New(1<<20, ""), Limits{Rows: 100, Enough: 150, Most: 1000})
		for i := range 400 {
			b.Add([]record.Cell{text(fmt.Sprint(i % c.distinct))})
		}
		var got []bool
		col := b.Column()
		for i := range col.Chunks() {
			got = append(got, col.Plain(i))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s distinct: the chunks are plain: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestCellsOwnTheirText: a distinct cell does not keep the batch that it came in alive.
func TestCellsOwnTheirText(t *testing.T) {
	batch := strings.Repeat("row after row, ", 100)
	b := NewBuilder(dp.OneRecord(), spill.New(1<<20, ""), DefaultLimits())
	b.Add([]record.Cell{text(batch[:3]), text(batch[4:9]), text(batch[15:18])})
	c := b.column
	if len(c.Cells) != 2 {
		t.Fatalf("%d distinct cells, want 2", len(c.Cells))
	}
	start := uintptr(unsafe.Pointer(unsafe.StringData(batch)))
	within := func(s string) bool {
		at := uintptr(unsafe.Pointer(unsafe.StringData(s)))
		return at >= start && at < start+uintptr(len(batch))
	}
	for _, cell := range c.Cells {
		if within(cell.Text) {
			t.Error("a cell of the dictionary shares its batch's memory")
		}
	}
	for text := range b.dict[record.Text] {
		if within(text) {
			t.Error("a key of the look-up shares its batch's memory")
		}
	}
}

func TestLoadStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	table, err := Load(ctx, open(t, "csv", "a\n1\n2\n"), []string{"a"}, every(t), spill.New(0, ""), DefaultLimits(), func(float64) {})
	if !errors.Is(err, context.Canceled) || table != nil {
		t.Errorf("got a table: %t, error %v, want context.Canceled alone", table != nil, err)
	}
}

func TestLoadFails(t *testing.T) {
	if _, err := Load(context.Background(), open(t, "csv", "a\n1\n"), []string{"b"}, every(t), spill.New(0, ""), DefaultLimits(), func(float64) {}); err == nil {
		t.Error("a column that is not there was loaded")
	}
	src := open(t, "csv", "a\n1\n")
	if err := os.Remove(src.Files()[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(context.Background(), src, []string{"a"}, every(t), spill.New(0, ""), DefaultLimits(), func(float64) {}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v of a file that is gone", err)
	}
}
