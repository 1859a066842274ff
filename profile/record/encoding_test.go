package record

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestEncodingsByName: names mean what people mean by them, and the name that is kept finds the same encoding again.
func TestEncodingsByName(t *testing.T) {
	for name, want := range map[string]string{
		"": "utf-8", "UTF8": "utf-8", "utf-8-sig": "utf-8", "csutf8": "utf-8", "ascii": "utf-8",
		"ISO-8859-1": "latin-1", "cp819": "latin-1", "windows-1252": "windows-1252", "CP1252": "windows-1252", "cp1250": "windows-1250",
		"windows-1258": "windows-1258", "latin-9": "iso-8859-15", "iso-8859-9": "iso-8859-9", "mac-roman": "macintosh",
		"cp437": "ibm437", "cp850": "ibm850", "koi8-r": "koi8-r", "utf-16": "utf-16le", "UTF-16BE": "utf-16be",
		"cp932": "shift_jis", "windows-31j": "shift_jis", "euc-jp": "euc-jp", "gb2312": "gbk", "gb18030": "gb18030", "big5": "big5", "euc-kr": "euc-kr",
	} {
		got, e, err := findEncoding(name)
		if err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", name, got, err, want)
			continue
		}
		if again, same, err := findEncoding(got); err != nil || again != got || same != e {
			t.Errorf("%q does not find itself again: %q, %v", got, again, err)
		}
	}
	for _, name := range []string{"utf-9", "iso-2022-cn", "replacement", "latin", "\xff"} {
		_, _, err := findEncoding(name)
		wantError(t, err, "unknown encoding", "latin-1", "shift_jis")
	}
}

// TestWriteAsInput: what is read of a file and written as it was gives the file again, byte for byte.
func TestWriteAsInput(t *testing.T) {
	for name, c := range map[string]struct {
		file    string
		declare Dialect
	}{
		"latin-1":        {"name;n\r\ncaf\xe9;1\r\n", Dialect{Encoding: "latin-1"}},
		"windows-1252":   {"name,n\n\x80 \x93x\x94,1\n", Dialect{Encoding: "cp1252"}},
		"macintosh":      {"name\tn\rcaf\x8e\t1\r", Dialect{Encoding: "macroman"}},
		"shift_jis":      {"a,b\n\x83\x5c,\x95\x5c\n", Dialect{Encoding: "shift_jis"}},
		"gbk":            {"a,b\n\xc4\xe3\xba\xc3,1\n", Dialect{Encoding: "gbk"}},
		"utf-16le":       {"\xff\xfea\x00,\x00b\x00\n\x00\xe9\x00,\x001\x00\n\x00", Dialect{}},
		"utf-16be":       {"\x00a\x00,\x00b\x00\n\x00\xe9\x00,\x001\x00\n", Dialect{Encoding: "utf-16be"}},
		"utf-8 mark":     {"\xef\xbb\xbfa,b\n\xc3\xa9,1\n", Dialect{}},
		"damage":         {"a,b\n\xc3\xa9\xff,\xe9\n", Dialect{}},
		"all quoted":     {"\"a\",\"b\"\n\"1\",\"\"\n\"x\"\n\"1\",\"2\",\"\"\n", Dialect{}},
		"non-numeric":    {"\"a\",\"b\"\n1,\"x\"\n-2.50,\"\"\n\"007\",\"1,5\"\n", Dialect{Quoting: QuoteNonNumeric}},
		"rows of sorts":  {"a,b\n1,2\n\na,b\n1\n1,\"x\ny", Dialect{}},
		"lines in cells": {"a,b\n\"x\r\ny\",\"p\rq\"\n", Dialect{}},
		"skipped":        {"line 1\r\nline 2\r\na,b\r\n1,2\r\n", Dialect{SkipLines: 2}},
		"no quotes":      {"a|b\n\"x|1\"\"\n", Dialect{Quote: noQuote}},
		"no header":      {"1;2\n\n3;4\n", Dialect{Delimiter: ";", NoHeader: true, Columns: []string{"x", "y"}}},
	} {
		t.Run(name, func(t *testing.T) {
			src := mustOpen(t, Options{Dialect: c.declare}, writeFile(t, "a.csv", c.file))
			in := readAll(t, src, nil)
			b := &Batch{Rows: len(in.shapes), Cells: in.cells, Shapes: in.shapes}
			out := filepath.Join(t.TempDir(), "a.csv")
			w, err := Create(out, src.Schema(), WriteOptions{AsInput: true})
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
			if got := contents(t, out); got != c.file {
				t.Errorf("wrote %q, read %q", got, c.file)
			}
		})
	}
}

// TestEncodeSubstitutes: a character that an encoding lacks becomes its substitute, and damage stays the bytes it is.
func TestEncodeSubstitutes(t *testing.T) {
	for _, c := range []struct{ encoding, text, want string }{
		{"latin-1", "é€\xff\xc3,x", "\xe9\x1a\xff\xc3,x"},
		{"windows-1252", "€ソ", "\x80\x1a"},
		{"shift_jis", "ソ\xffé", "\x83\x5c\xff\x1a"},
		{"utf-16le", "a\xffé", "a\x00\xfd\xff\xe9\x00"},
		{"utf-16be", "😀", "\xd8\x3d\xde\x00"},
		{"iso-2022-jp", "あ\n", "\x1b$B$\"\x1b(B\n"},
	} {
		e, err := newEncoder(Dialect{Encoding: c.encoding})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // no state is left behind
			if got, err := e.encode([]byte(c.text)); err != nil || string(got) != c.want {
				t.Errorf("%s: %q is %q, %v; want %q", c.encoding, c.text, got, err, c.want)
			}
		}
	}
}

func TestAsInputNeedsCSV(t *testing.T) {
	columns := csvColumns("a")
	for path, schema := range map[string]Schema{
		"a.parquet": {Format: CSV, Columns: columns},
		"a.jsonl":   {Format: CSV, Columns: columns},
		"a.csv":     {Format: Parquet, Columns: columns},
		"b.csv":     {Format: CSV, Columns: columns, Dialect: Dialect{Encoding: "nonsense"}},
	} {
		_, err := Create(filepath.Join(t.TempDir(), path), schema, WriteOptions{AsInput: true})
		wantError(t, err, path)
	}
}

func TestSkipLines(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		skip int
		want string
	}{
		"too few":   {"a\nb", 2, "ends within the first 2 lines"},
		"too long":  {strings.Repeat("x", maxHeaderLine+2), 1, "longer than"},
		"negative":  {"a\n", -1, "want 0 to"},
		"very many": {"a\n", MaxSkipLines + 1, "want 0 to"},
	} {
		_, err := Open([]string{writeFile(t, "a.csv", c.file)}, Options{Dialect: Dialect{SkipLines: c.skip}})
		if t.Run(name, func(t *testing.T) { wantError(t, err, "a.csv", c.want) }); strings.Contains(err.Error(), "xx") {
			t.Errorf("%s: the error quotes the file", name)
		}
	}
}

func TestQuotingIsChecked(t *testing.T) {
	for _, d := range []Dialect{{Quoting: "some"}, {Quoting: QuoteAll, Quote: noQuote}} {
		_, err := Open([]string{writeFile(t, "a.csv", "a\n")}, Options{Dialect: d})
		wantError(t, err, "quot")
	}
}
