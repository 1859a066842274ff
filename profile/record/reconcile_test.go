package record

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// grid makes the cells of a table from rows of fields: "-" is absent, "null" and {} are themselves, a digit is a number.
func grid(columns int, rows ...string) *Batch {
	b := &Batch{Rows: len(rows), Cells: make([][]Cell, columns)}
	for _, row := range rows {
		for i, f := range strings.Fields(row) {
			cell := Cell{Text, f}
			switch {
			case f == "-":
				cell = Cell{}
			case f == "null":
				cell = Cell{Tag: Null}
			case f == "{}":
				cell = Cell{JSON, f}
			case f[0] <= '9':
				cell = Cell{Number, f}
			}
			b.Cells[i] = append(b.Cells[i], cell)
		}
	}
	return b
}

func TestReconcile(t *testing.T) {
	for name, c := range map[string]struct {
		columns    string
		rows, want []string
	}{
		"nothing to do":           {"a b", []string{"1 x", "- y"}, []string{"number:1 \"x\"", "absent \"y\""}},
		"a null has no members":   {"a a.b", []string{"null x"}, []string{"null absent"}},
		"nor an empty object":     {"a a.b", []string{"{} x", "- -"}, []string{"json:{} absent", `absent "x"`}},
		"beyond the length":       {"a[] a[0] a[1]", []string{"1 x y", "2 z -", "0 - -"}, []string{`number:1 "x" absent`, `number:2 "z" "y"`, "number:0 absent absent"}},
		"no length":               {"a[] a[0]", []string{"- x", "- y"}, []string{"absent absent", "absent absent"}},
		"an array has no members": {"a[] a.b", []string{"1 x", "- -"}, []string{"number:1 absent", `absent "x"`}},
		"elements alone":          {"a[0] a[1] a.b", []string{"x - u", "- y v", "- - -"}, []string{`"x" absent absent`, `absent "y" absent`, `absent absent "u"`}},
		"in objects of arrays":    {"a[] a[0].b a[0].c", []string{"0 1 x", "1 - -"}, []string{"number:0 absent absent", `number:1 number:1 "x"`}},
		"deep":                    {"a.b.c a.b a", []string{"x null null", "- - -"}, []string{"absent absent null", "absent null absent"}},
		"a length that is none":   {"a[] a[0]", []string{"x y"}, []string{`"x" absent`}},
	} {
		nesting, err := NewNesting(strings.Fields(c.columns))
		if err != nil {
			t.Fatal(err)
		}
		b := grid(len(strings.Fields(c.columns)), c.rows...)
		nesting.Reconcile(b)
		if got := (table{b.Cells, make([]int16, b.Rows)}).rows(); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// drawn makes columns of which each row has each cell with a chance of one in five. The seed is fixed.
func drawn(columns, rows int) *Batch {
	r := rand.New(rand.NewPCG(1, 1))
	b := &Batch{Rows: rows, Cells: make([][]Cell, columns)}
	for i := range b.Cells {
		b.Cells[i] = make([]Cell, rows)
		for row := range rows {
			if r.IntN(5) == 0 {
				b.Cells[i][row] = Cell{Number, fmt.Sprint(i)}
			}
		}
	}
	return b
}

// present counts the rows of a batch that have a cell, by column, and those that have all.
func present(b *Batch) (columns []int, all int) {
	columns = make([]int, len(b.Cells))
	for row := range b.Rows {
		has := 0
		for i := range b.Cells {
			if b.Cells[i][row].Tag != Absent {
				columns[i]++
				has++
			}
		}
		if has == len(b.Cells) {
			all++
		}
	}
	return columns, all
}

// TestObjectsComeWhole: the members of an object, drawn one by one, are in the same rows then, as often as before.
func TestObjectsComeWhole(t *testing.T) {
	nesting, err := NewNesting([]string{"o.a", "o.b", "o.p.c", "o.p.d"})
	if err != nil {
		t.Fatal(err)
	}
	b := drawn(4, 4000)
	before, _ := present(b)
	nesting.Reconcile(b)
	after, all := present(b)
	if !slices.Equal(after, before) {
		t.Errorf("members are in %v rows, were in %v", after, before)
	}
	if least := slices.Min(before); all < least*95/100 {
		t.Errorf("%d rows have the whole object; its members are in %v", all, before)
	}
}

// TestNothingToReconcile: what can be stays where it is: the members of a record, and members that exclude each other.
func TestNothingToReconcile(t *testing.T) {
	for name, columns := range map[string][]string{"members of a record": {"a", "b"}, "alternatives": {"o.a", "o.b"}} {
		nesting, err := NewNesting(columns)
		if err != nil {
			t.Fatal(err)
		}
		b := drawn(2, 4000)
		if name == "alternatives" {
			for row, c := range b.Cells[0] {
				if c.Tag != Absent {
					b.Cells[1][row] = Cell{}
				}
			}
		}
		want := [][]Cell{slices.Clone(b.Cells[0]), slices.Clone(b.Cells[1])}
		nesting.Reconcile(b)
		for i := range want {
			if !slices.Equal(b.Cells[i], want[i]) {
				t.Errorf("%s: column %d was changed", name, i)
			}
		}
	}
}

// Whatever is drawn, what is written is one object per row, which fills the columns with what is left of the cells.
func FuzzReconcile(f *testing.F) {
	f.Add("a a.b a[] a[0] a[0].c", uint64(1))
	f.Add("a[0][0][] a[0][0][1] b.c.d b.c b", uint64(2))
	f.Fuzz(func(t *testing.T, names string, seed uint64) {
		var columns []string
		for _, n := range strings.Fields(names) {
			if p, err := ParsePath(n); err == nil && len(p) <= maxSteps && !slices.Contains(columns, n) && len(columns) < 20 {
				columns = append(columns, n)
			}
		}
		nesting, err := NewNesting(columns)
		if err != nil || len(columns) == 0 {
			return
		}
		r := rand.New(rand.NewPCG(seed, 0))
		b := &Batch{Rows: 7, Cells: make([][]Cell, len(columns)), Reordered: make([]bool, 7)}
		for i := range columns {
			for range b.Rows {
				cell := []Cell{{}, {}, {Tag: Null}, {Number, "2"}, {Text, "x"}, {JSON, "{}"}, {Number, "1e9"}, {Number, "9999999999"}}[r.IntN(8)]
				b.Cells[i] = append(b.Cells[i], cell)
			}
		}
		b.Reordered[3] = true
		nesting.Reconcile(b)
		schema := Schema{Format: JSONL}
		for _, n := range columns {
			schema.Columns = append(schema.Columns, Column{Name: n, Type: JSONType})
		}
		path := filepath.Join(t.TempDir(), "a.jsonl")
		writeTable(t, path, schema, b)
		for _, line := range strings.Split(strings.TrimSpace(contents(t, path)), "\n") {
			if !isObject([]byte(line)) {
				t.Fatalf("%q is written of %q", line, columns)
			}
		}
		if info, err := os.Stat(path); err != nil || info.Size() > 8*maxLine {
			t.Fatalf("%v: %v", info, err)
		}
	})
}
