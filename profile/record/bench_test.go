package record

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

const benchRows = 100_000

// benchRead measures reading all of a file of benchRows rows, in bytes of the file.
func benchRead(b *testing.B, path string, columns []string) {
	s, err := Open([]string{path}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		err := s.Read(context.Background(), columns, func(batch *Batch) error {
			rows += batch.Rows
			return nil
		})
		if err != nil || rows != benchRows {
			b.Fatalf("%d rows, %v", rows, err)
		}
	}
	b.ReportMetric(float64(benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func benchFile(b *testing.B, name, header, format string) string {
	var buf bytes.Buffer
	buf.WriteString(header)
	for i := range benchRows {
		fmt.Fprintf(&buf, format, i, i%7, float64(i)/8, i%97)
	}
	return writeFile(b, name, buf.String())
}

func BenchmarkReadCSV(b *testing.B) {
	benchRead(b, benchFile(b, "a.csv", "id,day,amount,name\n", "%d,2024-01-0%d,%.3f,\"name %d\"\n"), nil)
}

func BenchmarkReadCSVNoQuotes(b *testing.B) {
	path := benchFile(b, "a.csv", "id,day,amount,name\n", "%d,2024-01-0%d,%.3f,name %d\n")
	s, err := Open([]string{path}, Options{Dialect: Dialect{Quote: "none"}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := s.Read(context.Background(), nil, func(*Batch) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadJSONL(b *testing.B) {
	benchRead(b, benchFile(b, "a.jsonl", "", `{"id":%d,"day":"2024-01-0%d","amount":%.3f,"name":"name %d"}`+"\n"), []string{"id", "day", "amount", "name"})
}

func BenchmarkReadParquet(b *testing.B) {
	path := filepath.Join(b.TempDir(), "a.parquet")
	schema := Schema{Columns: []Column{{Name: "id", Type: "int64"}, {Name: "day", Type: "date32"}, {Name: "amount", Type: "double"}, {Name: "name", Type: "string"}}}
	batch := &Batch{Rows: benchRows, Cells: make([][]Cell, 4)}
	for i := range benchRows {
		for c, text := range []string{fmt.Sprint(i), fmt.Sprintf("2024-01-0%d", i%7+1), fmt.Sprint(float64(i) / 8), fmt.Sprintf("name %d", i%97)} {
			batch.Cells[c] = append(batch.Cells[c], Cell{Text, text})
		}
	}
	writeTable(b, path, schema, batch)
	benchRead(b, path, nil)
}

// nestedFormat is a record of a wide nested table.
const nestedFormat = `{"id":%d,"at":"2024-01-0%dT10:00:00Z","user":{"name":"someone","address":{"city":"Ulm","zip":"89073","geo":[48.4,9.99]},"flags":{}},` +
	`"items":[{"sku":"AB-1234","price":%.3f,"tags":["x","y"]},{"sku":"CD-5678","price":2,"tags":[]}],"note":null,"text":"a \"quoted\" text, number %d"}` + "\n"

var nestedColumns = []string{
	"id", "at", "user.name", "user.address.city", "user.address.zip", "user.address.geo[]", "user.address.geo[0]", "user.address.geo[1]", "user.flags",
	"items[]", "items[0].sku", "items[0].price", "items[0].tags[]", "items[0].tags[0]", "items[1].sku", "items[1].price", "note", "text",
}

func BenchmarkReadNested(b *testing.B) {
	benchRead(b, benchFile(b, "a.jsonl", "", nestedFormat), nestedColumns)
}

func BenchmarkPaths(b *testing.B) {
	path := benchFile(b, "a.jsonl", "", nestedFormat)
	s, err := Open([]string{path}, Options{})
	if err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	for b.Loop() {
		if err := s.Paths(context.Background(), func([]string) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
