package record

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fuzzRead reads a file of arbitrary bytes: it may fail and must not panic, and what it yields must be
// consistent.
func fuzzRead(t *testing.T, name string, data []byte, dialect Dialect, columns []string) {
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open([]string{path}, Options{Dialect: dialect, BatchRows: 16})
	if err != nil {
		return
	}
	_ = s.Read(context.Background(), columns, func(b *Batch) error {
		if b.Rows == 0 || b.Rows > 16 {
			t.Fatalf("a batch of %d rows", b.Rows)
		}
		if err := checkBatch(b, len(b.Cells)); err != nil {
			t.Fatal(err)
		}
		for _, cells := range b.Cells {
			for _, c := range cells {
				if c.Text != "" && (c.Tag == Absent || c.Tag == Null) {
					t.Fatalf("%v with a text", c.Tag)
				}
			}
		}
		return nil
	})
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n\"x\ny\",\"z\n"), false, "")
	f.Add([]byte("\xff\xfea\x00;\x00b\x00\r\x00\n\x00"), false, "gbk")
	f.Add([]byte("a\tb\r1\t2\r"), true, "shift_jis")
	f.Fuzz(func(t *testing.T, data []byte, bare bool, encoding string) {
		dialect := Dialect{Encoding: encoding}
		if bare {
			dialect.Quote = noQuote
		}
		fuzzRead(t, "a.csv", data, dialect, nil)
	})
}

func FuzzReadJSONL(f *testing.F) {
	f.Add([]byte("{\"a\":1,\"b\":\"\\ud83d\\ude00\"}\n\n[1]\n{\"a\":{\"x\":[null]}}"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, "a.jsonl", data, Dialect{}, []string{"a", "b"}) })
}

// FuzzWriteNested writes a table of columns with any names, and reads it again: as many rows, or an error before any is written.
func FuzzWriteNested(f *testing.F) {
	f.Add("a[]\na[0]\na[1]\nb.c\nb.d[0].e\nb", uint64(1))
	f.Add("m[]\nm[0].key\nm[0].value", uint64(7))
	f.Add("\n.\n..[0][1]\n[]", uint64(3))
	f.Fuzz(func(t *testing.T, names string, kinds uint64) {
		types := []Type{"string", StructType, ListType, MapType, "int32", "bool", "decimal(4, 1)", "fixed_size_binary[3]"}
		schema, b := Schema{Format: Parquet}, &Batch{Rows: 3}
		for i, name := range strings.SplitN(names, "\n", 20) {
			k := kinds >> (4 * (i % 16))
			schema.Columns = append(schema.Columns, Column{Name: name, Type: types[k%8], Nullable: k&8 != 0})
			b.Cells = append(b.Cells, [][]Cell{{{Number, "2"}, {Tag: Null}, {}}, {{Text, "x"}, {Number, "0"}, {Number, "1"}}}[i%2])
		}
		path := filepath.Join(t.TempDir(), "a.parquet")
		w, err := Create(path, schema, WriteOptions{})
		if err != nil {
			return
		}
		defer w.Abort()
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		s, err := Open([]string{path}, Options{})
		if err != nil {
			return // names of a kind that are one once they are UTF-8, or too long
		}
		if got := readAll(t, s, nil); len(got.shapes) != 3 {
			t.Fatalf("read %d rows", len(got.shapes))
		}
	})
}

func FuzzReadParquet(f *testing.F) {
	f.Add(foreignParquet(f, 20))
	f.Add(nestedParquet(f, 2))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, "a.parquet", data, Dialect{}, nil) })
}
