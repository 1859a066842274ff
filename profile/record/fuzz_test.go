package record

import (
	"context"
	"os"
	"path/filepath"
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
	f.Add([]byte("a,b\n1,2\n\"x\ny\",\"z\n"), false)
	f.Add([]byte("\xff\xfea\x00;\x00b\x00\r\x00\n\x00"), false)
	f.Add([]byte("a\tb\r1\t2\r"), true)
	f.Fuzz(func(t *testing.T, data []byte, bare bool) {
		dialect := Dialect{}
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

func FuzzReadParquet(f *testing.F) {
	f.Add(foreignParquet(f, 20))
	f.Add(nestedParquet(f, 2))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, "a.parquet", data, Dialect{}, nil) })
}
