package record

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func csvColumns(names ...string) []Column {
	var columns []Column
	for _, n := range names {
		columns = append(columns, Column{Name: n, Type: StringType})
	}
	return columns
}

func TestWriteCSV(t *testing.T) {
	two := csvColumns("a", "b")
	row := func(a, b string) *Batch { return &Batch{Rows: 1, Cells: [][]Cell{texts(a), texts(b)}} }
	shaped := func(shape int16, extra ...string) *Batch {
		b := row("1", "2")
		b.Shapes = []int16{shape}
		if extra != nil {
			b.Extra = [][]string{extra}
		}
		return b
	}
	for name, c := range map[string]struct {
		file   string
		schema Schema
		batch  *Batch
		want   string
	}{
		"plain":           {"a.csv", Schema{Columns: two}, row("1", "x y"), "a,b\n1,x y\n"},
		"quotes":          {"a.csv", Schema{Columns: two}, row(`x,"y"`, "p\nq"), "a,b\n\"x,\"\"y\"\"\",\"p\nq\"\n"},
		"dialect":         {"a.csv", Schema{Format: CSV, Columns: two, Dialect: Dialect{Delimiter: ";", CRLF: true}}, row("1;", "2,"), "a;b\r\n\"1;\";2,\r\n"},
		"tsv":             {"a.tsv", Schema{Format: CSV, Columns: two, Dialect: Dialect{Delimiter: ";"}}, row("1;", "2\t"), "a\tb\n1;\t\"2\t\"\n"},
		"not from csv":    {"a.csv", Schema{Format: JSONL, Columns: two, Dialect: Dialect{Delimiter: ";"}}, row("1", "2"), "a,b\n1,2\n"},
		"byte order mark": {"a.csv", Schema{Format: CSV, Columns: two, Dialect: Dialect{BOM: true, Encoding: "utf-8"}}, row("1", "2"), "\ufeffa,b\n1,2\n"},
		"utf-16":          {"a.csv", Schema{Format: CSV, Columns: two, Dialect: Dialect{BOM: true, Encoding: "utf-16le"}}, row("1", "é"), "a,b\n1,é\n"},
		"no header":       {"a.csv", Schema{Format: CSV, Columns: two, Dialect: Dialect{NoHeader: true}}, row("1", "2"), "1,2\n"},
		"no quotes":       {"a.csv", Schema{Format: CSV, Columns: two, Dialect: Dialect{Quote: "none"}}, row(`"x`, "1,2\n3"), "a,b\n\"x,1 2 3\n"},
		"bytes":           {"a.csv", Schema{Columns: two}, row("\xff", "\x00"), "a,b\n\xff,\x00\n"},
		"short":           {"a.csv", Schema{Columns: two}, shaped(-1), "a,b\n1\n"},
		"shorter":         {"a.csv", Schema{Columns: two}, shaped(-9), "a,b\n1\n"},
		"long":            {"a.csv", Schema{Columns: two}, shaped(2), "a,b\n1,2,,\n"},
		"extra":           {"a.csv", Schema{Columns: two}, shaped(3, "x", "y,z"), "a,b\n1,2,x,\"y,z\",\n"},
		"malformed":       {"a.csv", Schema{Columns: two}, shaped(Malformed), "a,b\n1,2\n"},
		"one empty field": {"a.csv", Schema{Columns: csvColumns("a")}, column(texts("", "x")...), "a\n\"\"\nx\n"},
		"misleading name": {"a.csv", Schema{Columns: csvColumns("a;b|c")}, column(), "\"a;b|c\"\n"},
		"null and absent": {"a.csv", Schema{Columns: two}, &Batch{Rows: 1, Cells: [][]Cell{{{Tag: Null}}, {{Tag: Absent}}}}, "a,b\n,\n"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.file)
			writeTable(t, path, c.schema, c.batch)
			if got := contents(t, path); got != c.want {
				t.Errorf("wrote %q, want %q", got, c.want)
			}
		})
	}
}

func TestWriteJSONL(t *testing.T) {
	for name, c := range map[string]struct {
		cell Cell
		want string
	}{
		"absent":       {Cell{}, `{}`},
		"null":         {Cell{Tag: Null}, `{"a":null}`},
		"text":         {Cell{Text, "<\"\\\n\r\t\x01é\u2028"}, `{"a":"<\"\\\n\r\t\u0001é` + "\u2028" + `"}`},
		"invalid":      {Cell{Text, "x\xff\xffy"}, "{\"a\":\"x\ufffd\ufffdy\"}"},
		"number":       {Cell{Number, "-1.50"}, `{"a":-1.50}`},
		"not a number": {Cell{Number, "007"}, `{"a":"007"}`},
		"padded":       {Cell{Number, "1 "}, `{"a":"1 "}`},
		"empty number": {Cell{Number, ""}, `{"a":""}`},
		"NaN":          {Cell{Number, "NaN"}, `{"a":null}`},
		"infinity":     {Cell{Number, "-Inf"}, `{"a":null}`},
		"bool":         {Cell{Bool, "true"}, `{"a":true}`},
		"not a bool":   {Cell{Bool, "TRUE"}, `{"a":"TRUE"}`},
		"json":         {Cell{JSON, "{\"x\":\n[1, 2]}"}, `{"a":{"x":[1,2]}}`},
		"not json":     {Cell{JSON, "{x"}, `{"a":"{x"}`},
	} {
		path := filepath.Join(t.TempDir(), "a.jsonl")
		writeTable(t, path, Schema{Columns: csvColumns("a")}, column(c.cell))
		if got := contents(t, path); got != c.want+"\n" {
			t.Errorf("%s: wrote %q, want %q", name, got, c.want)
		}
	}
}

func TestWriteJSONLRows(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jsonl")
	writeTable(t, path, Schema{Columns: csvColumns(`a"`, "b")}, &Batch{Rows: 3, Shapes: []int16{0, Malformed, 0},
		Cells: [][]Cell{{{Number, "1"}, {}, {}}, {{Number, "2"}, {}, {Number, "3"}}}})
	if got, want := contents(t, path), "{\"a\\\"\":1,\"b\":2}\n{\n{\"b\":3}\n"; got != want {
		t.Errorf("wrote %q, want %q", got, want)
	}
	equalRows(t, readAll(t, mustOpen(t, Options{}, path), []string{"b"}).rows(), []string{"number:2", "absent -32768", "number:3"})
}

func TestWriteManyRowGroups(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.parquet")
	w, err := Create(path, Schema{Columns: []Column{{Name: "x", Type: "int32"}}}, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	const rows = rowGroupRows + 5000
	cells := make([]Cell, rows)
	for i := range cells {
		cells[i] = Cell{Number, string(appendPadded(nil, int64(i), 1))}
	}
	for part := range slices.Chunk(cells, 7000) {
		if err := w.Write(column(part...)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	got := readAll(t, mustOpen(t, Options{}, path), nil)
	if !slices.Equal(got.cells[0], cells) {
		t.Errorf("%d rows came back different", len(got.shapes))
	}
}

func TestCreateRefuses(t *testing.T) {
	dir := tree(t, map[string]string{"old.csv": "kept", "folder.csv/x": ""})
	one := Schema{Columns: csvColumns("a")}
	for _, c := range []struct {
		path   string
		schema Schema
		want   []string
	}{
		{"old.csv", one, []string{"old.csv", "exists", "--force"}},
		{"folder.csv", one, []string{"folder.csv", "is a directory"}},
		{"nowhere/a.csv", one, []string{"a.csv", "cannot write to directory", "nowhere"}},
		{"a.xlsx", one, []string{"a.xlsx", ".parquet"}},
		{"a.csv", Schema{}, []string{"a.csv", "no columns"}},
	} {
		_, err := Create(filepath.Join(dir, c.path), c.schema, WriteOptions{})
		wantError(t, err, c.want...)
	}
	if got := contents(t, filepath.Join(dir, "old.csv")); got != "kept" {
		t.Errorf("old.csv is %q", got)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("%v were left behind", entries)
	}
}

func TestWriteRefusesBatches(t *testing.T) {
	for _, ext := range []string{".csv", ".jsonl", ".parquet"} {
		w, err := Create(filepath.Join(t.TempDir(), "a"+ext), Schema{Columns: csvColumns("a", "b")}, WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for want, b := range map[string]*Batch{
			"1 columns":             column(texts("x")...),
			"column 2 has 0 cells":  {Rows: 1, Cells: [][]Cell{texts("x"), nil}},
			"shapes do not match":   {Rows: 1, Cells: [][]Cell{texts("x"), texts("x")}, Shapes: []int16{}},
			"do not match its rows": {Rows: 1, Cells: [][]Cell{texts("x"), texts("x")}, Extra: [][]string{nil, nil}},
		} {
			wantError(t, w.Write(b), want)
		}
		w.Abort()
	}
}

// cellTexts draws texts of the characters that formats care about.
func cellTexts() *rapid.Generator[string] {
	return rapid.StringOfN(rapid.RuneFrom([]rune("ab,;|\t\"'\n\\ \r{}[]:é😀\u0000\u2028\u00a0")), 0, 8, -1)
}

func TestCSVRoundTrip(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.StringOfN(rapid.RuneFrom([]rune("ab,;|\t\" é")), 1, 5, -1), 1, 4,
			func(s string) string { return strings.TrimSpace(s) }).Draw(t, "names")
		if slices.ContainsFunc(names, func(s string) bool { return strings.TrimSpace(s) == "" }) {
			t.Skip() // blank names are replaced
		}
		dialect := Dialect{
			Delimiter: rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "delimiter"),
			CRLF:      rapid.Bool().Draw(t, "crlf"), BOM: rapid.Bool().Draw(t, "bom"), Encoding: "utf-8",
			Quoting: rapid.SampledFrom([]Quoting{"", QuoteMinimal, QuoteAll, QuoteNonNumeric}).Draw(t, "quoting"),
		}
		rows := rapid.IntRange(0, 20).Draw(t, "rows")
		b := &Batch{Rows: rows, Shapes: make([]int16, rows)}
		for r := range b.Shapes {
			b.Shapes[r] = int16(rapid.IntRange(1-len(names), 3).Draw(t, "shape"))
		}
		for c := range names {
			var cells []Cell
			for r := range rows {
				cell := Cell{}
				if c < len(names)+int(b.Shapes[r]) {
					cell = Cell{Text, cellTexts().Draw(t, "cell")}
				}
				cells = append(cells, cell)
			}
			b.Cells = append(b.Cells, cells)
		}
		for r := range rows {
			b.asRead(r, names)
		}
		read := Dialect{}
		if len(names) == 1 {
			read.Delimiter = dialect.Delimiter // the header line cannot tell
		}
		path := filepath.Join(dir, "a.csv")
		roundTrip(t, path, Schema{Format: CSV, Columns: csvColumns(names...), Dialect: dialect}, read, b, func(s *Source) {
			if got := s.Schema().Names(); !slices.Equal(got, names) {
				t.Fatalf("names are %q, want %q", got, names)
			}
		})
	})
}

// asRead gives a row that spells out the header the shape that it is read with.
func (b *Batch) asRead(row int, names []string) {
	for c := range b.Cells {
		if b.Shapes[row] != 0 || b.Cells[c][row].Text != names[c] {
			return
		}
	}
	b.Shapes[row] = HeaderAgain
	for c := range b.Cells {
		b.Cells[c][row] = Cell{}
	}
}

func TestJSONLRoundTrip(t *testing.T) {
	dir := t.TempDir()
	cell := rapid.Custom(func(t *rapid.T) Cell {
		switch tag := rapid.SampledFrom([]Tag{Absent, Null, Text, Number, Bool, JSON}).Draw(t, "tag"); tag {
		case Text:
			return Cell{tag, cellTexts().Draw(t, "text")}
		case Number:
			return Cell{tag, rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?`).Draw(t, "number")}
		case Bool:
			return Cell{tag, rapid.SampledFrom([]string{"true", "false"}).Draw(t, "bool")}
		case JSON:
			return Cell{tag, "[" + string(appendJSONString(nil, cellTexts().Draw(t, "json"))) + `,{"x":null}]`}
		default:
			return Cell{Tag: tag}
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(cellTexts(), 1, 4, rapid.ID[string]).Draw(t, "names")
		rows := rapid.IntRange(0, 20).Draw(t, "rows")
		b := &Batch{Rows: rows, Shapes: make([]int16, rows)}
		for range names {
			b.Cells = append(b.Cells, rapid.SliceOfN(cell, rows, rows).Draw(t, "cells"))
		}
		roundTrip(t, filepath.Join(dir, "a.jsonl"), Schema{Columns: csvColumns(names...)}, Dialect{}, b, func(*Source) {})
	})
}

func roundTrip(t *rapid.T, path string, schema Schema, read Dialect, b *Batch, check func(*Source)) {
	w, err := Create(path, schema, WriteOptions{Force: true, AsInput: schema.Format == CSV})
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
	s, err := Open([]string{path}, Options{BatchRows: 7, Dialect: read})
	if err != nil {
		t.Fatal(err)
	}
	check(s)
	got, err := readTable(s, schema.Names())
	if err != nil {
		t.Fatal(err)
	}
	want := table{b.Cells, b.Shapes}.rows()
	if !slices.Equal(got.rows(), want) {
		t.Fatalf("got rows %q, want %q", got.rows(), want)
	}
}
