package record

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// edited writes a file, opens it with the edit, and returns its rows as texts, with their shapes, and for JSON lines its paths.
func edited(t *testing.T, name, content string, dropped func(row int) bool, added Added, columns []string) (rows, paths []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := Open([]string{file}, Options{BatchRows: 3})
	if err != nil {
		t.Fatal(err)
	}
	src = src.Edited(dropped, added)
	err = src.Read(context.Background(), columns, func(b *Batch) error {
		for i := range b.Rows {
			var cells []string
			for _, c := range b.Cells {
				cells = append(cells, c[i].Tag.String()+":"+c[i].Text)
			}
			text := strings.Join(cells, " ")
			if b.Shapes != nil && b.Shapes[i] != 0 {
				text += fmt.Sprintf(" shape %d", b.Shapes[i])
			}
			if b.Orders != nil {
				text += fmt.Sprintf(" order %v others %d", b.Orders[i], b.Others[i])
			}
			rows = append(rows, text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if src.Schema().Format == JSONL {
		if err := src.Paths(context.Background(), func(p []string) error {
			paths = append(paths, strings.Join(p, ","))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return rows, paths
}

func words(texts ...string) (cells []Cell) {
	for _, text := range texts {
		cells = append(cells, Cell{Text, text})
	}
	return cells
}

func TestEdited(t *testing.T) {
	odd := func(row int) bool { return row%2 == 1 }
	for _, c := range []struct {
		name, file, content string
		dropped             func(row int) bool
		added               Added
		columns             []string
		rows, paths         []string
	}{
		{
			"CSV", "a.csv", "a,b\n0,x\n1,y\n2\n3,z\n4,w,v\n5,u\n", odd, Added{[]string{"b", "a"}, [][]Cell{words("B", "A"), words("D", "C")}}, nil,
			[]string{"text:A text:B", "text:C text:D", "text:0 text:x", "text:2 absent: shape -1", "text:4 text:w shape 1"}, nil,
		},
		{
			"one column of it", "a.csv", "a,b\n0,x\n1,y\n", odd, Added{[]string{"b"}, [][]Cell{words("B")}}, []string{"a"},
			[]string{"absent:", "text:0"}, nil,
		},
		{
			"nothing left", "a.csv", "a\n1\n2\n3\n4\n", func(int) bool { return true }, Added{}, nil, nil, nil,
		},
		{
			"JSON lines", "a.jsonl", "{\"b\":1,\"a\":2,\"c\":3}\nno object\n{\"a\":4}\n{\"a\":5}\n", odd,
			Added{[]string{"a", "b"}, [][]Cell{{{Tag: Null}, {}}, {{Number, "7"}, {Number, "8"}}}}, []string{"a", "b"},
			[]string{
				"null: absent: order [0 0] others 0", "number:7 number:8 order [0 0 1 0] others 0",
				"number:2 number:1 order [1 0 0 0] others 1", "number:4 absent: order [0 0] others 0",
			},
			[]string{"a", "a,b", "b,a,c", "a"},
		},
	} {
		rows, paths := edited(t, c.file, c.content, c.dropped, c.added, c.columns)
		if !reflect.DeepEqual(rows, c.rows) || !reflect.DeepEqual(paths, c.paths) {
			t.Errorf("%s: rows %q, paths %q; want %q and %q", c.name, rows, paths, c.rows, c.paths)
		}
	}
}

// TestEditedLeavesTheSource: the source that was edited is as it was.
func TestEditedLeavesTheSource(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(file, []byte("a\n1\n2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := Open([]string{file}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	src.Edited(func(int) bool { return true }, Added{[]string{"a"}, [][]Cell{words("3")}})
	n := 0
	if err := src.Read(context.Background(), nil, func(b *Batch) error { n += b.Rows; return nil }); err != nil || n != 2 || len(src.Files()) != 1 {
		t.Errorf("%d rows of %q, error %v", n, src.Files(), err)
	}
}
