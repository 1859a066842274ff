package record

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// writeFile puts a file into a new temporary directory.
func writeFile(t testing.TB, name string, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A table is all rows of a source, in memory.
type table struct {
	cells  [][]Cell // [column][row]
	shapes []int16
}

func readAll(t testing.TB, s *Source, columns []string) table {
	t.Helper()
	got, err := readTable(s, columns)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return got
}

func readTable(s *Source, columns []string) (table, error) {
	var all table
	err := s.Read(context.Background(), columns, func(b *Batch) error {
		if all.cells == nil {
			all.cells = make([][]Cell, len(b.Cells))
		}
		for i, c := range b.Cells {
			all.cells[i] = append(all.cells[i], c...)
		}
		shapes := b.Shapes
		if shapes == nil {
			shapes = make([]int16, b.Rows)
		}
		all.shapes = append(all.shapes, shapes...)
		return nil
	})
	return all, err
}

// rows renders a table, one string per row: texts in quotes, other tags by name.
func (tb table) rows() []string {
	var out []string
	for r := range tb.shapes {
		var row []string
		for _, c := range tb.cells {
			row = append(row, show(c[r]))
		}
		text := strings.Join(row, " ")
		if tb.shapes[r] != 0 {
			text += fmt.Sprintf(" %+d", tb.shapes[r])
		}
		out = append(out, text)
	}
	return out
}

func show(c Cell) string {
	switch c.Tag {
	case Text:
		return fmt.Sprintf("%q", c.Text)
	case Absent, Null:
		return c.Tag.String()
	}
	return c.Tag.String() + ":" + c.Text
}

func mustOpen(t testing.TB, opts Options, paths ...string) *Source {
	t.Helper()
	s, err := Open(paths, opts)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return s
}

// writeTable writes one batch.
func writeTable(t testing.TB, path string, schema Schema, b *Batch) {
	t.Helper()
	w, err := Create(path, schema, WriteOptions{})
	if err != nil {
		t.Fatalf("Create: %v", err)
	}
	defer w.Abort()
	if err := w.Write(b); err != nil {
		t.Fatalf("Write: %v", err)
	}
	if err := w.Commit(); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// column makes a batch of one column.
func column(cells ...Cell) *Batch { return &Batch{Rows: len(cells), Cells: [][]Cell{cells}} }

func texts(values ...string) []Cell {
	var cells []Cell
	for _, v := range values {
		cells = append(cells, Cell{Text, v})
	}
	return cells
}

func equalRows(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got rows\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// wantError checks that err says all of want.
func wantError(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("got no error, want one with %q", want)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not say %q", err, w)
		}
	}
}

func contents(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.Clone(b))
}
