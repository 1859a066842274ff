package record

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// writeNested writes rows as nested JSON lines and returns the lines.
func writeNested(t *testing.T, columns string, b *Batch, opts WriteOptions) []string {
	t.Helper()
	schema := Schema{Format: JSONL}
	for _, c := range strings.Fields(columns) {
		schema.Columns = append(schema.Columns, Column{Name: c, Type: JSONType})
	}
	path := filepath.Join(t.TempDir(), "a.jsonl")
	w, err := Create(path, schema, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(contents(t, path), "\n"), "\n")
}

func TestWriteNested(t *testing.T) {
	for name, c := range map[string]struct {
		columns    string
		rows, want []string
	}{
		"objects":                   {`a.b a.c.d \\ a\.b`, []string{"1 x 2 3"}, []string{`{"a":{"b":1,"c":{"d":"x"}},"\\":2,"a.b":3}`}},
		"nothing":                   {"a.b c[]", []string{"- -"}, []string{"{}"}},
		"arrays":                    {"a[] a[0] a[1]", []string{"2 x null", "0 - -"}, []string{`{"a":["x",null]}`, `{"a":[]}`}},
		"an element of another row": {"a[] a[0]", []string{"2 x", "1 y"}, []string{`{"a":["x","x"]}`, `{"a":["y"]}`}},
		"elements nobody knows":     {"a[]", []string{"2"}, []string{`{"a":[null,null]}`}},
		"objects in arrays":         {"a[] a[0].b a[0].c", []string{"1 1 -", "1 - x"}, []string{`{"a":[{"b":1}]}`, `{"a":[{"c":"x"}]}`}},
		"arrays in arrays":          {"a[] a[0][] a[0][0]", []string{"1 1 x"}, []string{`{"a":[["x"]]}`}},
		"elements alone":            {"a[1] b[0].c", []string{"x -", "- y"}, []string{`{"a":["x","x"]}`, `{"b":[{"c":"y"}]}`}},
		"a scalar comes first":      {"a a[] a[0] a.b", []string{"7 1 x y"}, []string{`{"a":7}`}},
		"lengths as they come":      {"a[] a[0]", []string{"1.0 x", "x x", "-1 x"}, []string{`{"a":["x"]}`, `{}`, `{}`}},
	} {
		b := grid(len(strings.Fields(c.columns)), c.rows...)
		if got := writeNested(t, c.columns, b, WriteOptions{}); !slices.Equal(got, c.want) {
			t.Errorf("%s: wrote %q, want %q", name, got, c.want)
		}
	}
}

// TestWriteHugeArrays: what a length says is no reason to write without end.
func TestWriteHugeArrays(t *testing.T) {
	rows := []string{"999999999 999999999 x 999999999"}
	lines := writeNested(t, "a[] a[0][] a[0][0] b[]", grid(4, rows...), WriteOptions{})
	if n := len(lines[0]); n > 10*maxElements {
		t.Errorf("wrote %d bytes", n)
	}
}

func TestWriteReordered(t *testing.T) {
	b := grid(6, "1 2 3 4 5 6", "1 2 3 4 5 6", "7 2 3 4 5 6")
	b.Reordered = []bool{false, true, true}
	lines := writeNested(t, "a b c d.x d.y d.z", b, WriteOptions{})
	if want := `{"a":1,"b":2,"c":3,"d":{"x":4,"y":5,"z":6}}`; lines[0] != want || lines[1] == want {
		t.Errorf("wrote %q and %q", lines[0], lines[1])
	}
	for _, line := range lines[1:] {
		if len(line) != len(lines[0]) || !isObject([]byte(line)) {
			t.Errorf("wrote %q for %q in another order", line, lines[0])
		}
	}
}

func TestWriteBroken(t *testing.T) {
	const rows = 200
	b := &Batch{Rows: rows, Cells: make([][]Cell, 2), Shapes: make([]int16, rows), Others: make([]int, rows)}
	for i := range rows {
		b.Cells[0], b.Cells[1] = append(b.Cells[0], Cell{Number, fmt.Sprint(i)}), append(b.Cells[1], Cell{Text, "é'"})
		b.Others[i] = i % 3
		if i%2 == 1 {
			b.Shapes[i] = Malformed
		}
	}
	lines := writeNested(t, "n t.x", b, WriteOptions{AsInput: true})
	if again := writeNested(t, "n t.x", b, WriteOptions{AsInput: true}); !slices.Equal(lines, again) {
		t.Error("the same rows are broken in another way")
	}
	damage := map[byte]bool{}
	for i, line := range lines {
		if isObject([]byte(line)) == (i%2 == 1) || !utf8.ValidString(line) {
			t.Errorf("row %d is written %q", i, line)
		}
		damage[line[len(line)-1]] = damage[line[len(line)-1]] || i%2 == 1
	}
	if len(damage) < 4 || !damage['}'] {
		t.Errorf("lines end in %v: they are all broken alike", damage)
	}
	s := mustOpen(t, Options{}, writeFile(t, "a.jsonl", strings.Join(lines, "\n")))
	row := 0
	err := s.Read(context.Background(), []string{"n", "t.x"}, func(read *Batch) error {
		for i, n := range read.Others {
			if want := b.Others[row] * (1 - row%2); n != want || read.Shapes[i] != b.Shapes[row] {
				t.Errorf("row %d has %d other members and shape %d, want %d, %d", row, n, read.Shapes[i], want, b.Shapes[row])
			}
			row++
		}
		return nil
	})
	if err != nil || row != rows {
		t.Errorf("%d rows, %v", row, err)
	}
}

// No line is an object after it was broken, and nothing breaks on the way.
func FuzzBreakJSON(f *testing.F) {
	f.Add(`{}`, uint64(0))
	f.Add(`{"a":"é"}`, uint64(3))
	f.Fuzz(func(t *testing.T, line string, seed uint64) {
		if line = strings.TrimSpace(line); !isObject([]byte(line)) {
			return
		}
		if more := appendOthers([]byte(line), seed, int(seed%9), func(key []byte) bool { return strings.Contains(line, string(key)) }); !isObject(more) {
			t.Fatalf("%q becomes %q", line, more)
		}
		if broken := breakJSON([]byte(line), seed); isObject(broken) || len(broken) == 0 {
			t.Fatalf("%q is broken as %q", line, broken)
		}
	})
}
