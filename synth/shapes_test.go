package synth

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// oddProfile is the test profile with rows that are no records: a tenth blank, a fiftieth the header, one open quote.
func oddProfile() *profile.Profile {
	p := testProfile()
	a := p.Attribute(profile.RowShape)
	for _, s := range []int16{record.Blank, record.HeaderAgain, record.Unclosed} {
		a.Codes = append(a.Codes, profile.Code{Class: profile.Shape, Label: strconv.Itoa(int(s))})
	}
	p.Tables[0] = profile.Table{
		Attributes: []string{profile.RowShape}, Cells: [][]int32{{1}, {2}, {3}, {4}, {5}}, Weights: []int64{779, 100, 100, 20, 1},
	}
	p.Manifest.Dialect = record.Dialect{Delimiter: ";", Encoding: "utf-16le", BOM: true, CRLF: true, Quoting: record.QuoteAll}
	return p
}

// TestRowsThatAreNoRecords: they are there as often as learnt where the table is written as the input was, and records
// elsewhere.
func TestRowsThatAreNoRecords(t *testing.T) {
	for _, asInput := range []bool{true, false} {
		p := oddProfile()
		path := filepath.Join(t.TempDir(), "out.csv")
		w, err := record.Create(path, Schema(p), record.WriteOptions{AsInput: asInput})
		if err != nil {
			t.Fatal(err)
		}
		defer w.Abort()
		if err := Generate(context.Background(), p, Options{Rows: 1000, Seed: 4, AsInput: asInput}, w); err != nil {
			t.Fatal(err)
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
		got := map[int16]int{}
		src, err := record.Open([]string{path}, record.Options{})
		if err != nil {
			t.Fatal(err)
		}
		err = src.Read(context.Background(), nil, func(b *record.Batch) error {
			for _, s := range b.Shapes {
				got[s]++
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		blank, header, open := 0, 0, 0
		if asInput {
			blank, header, open = 100, 20, 1
		}
		near := func(got, want int) bool { return want-1 <= got && got <= want+1 && (want > 0 || got == 0) }
		if !near(got[record.Blank], blank) || !near(got[record.HeaderAgain], header) || got[record.Unclosed] != open || !near(got[-1], 100) {
			t.Errorf("as the input %t: shapes are %v", asInput, got)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(string(data), "\xff\xfe\"\x00") != asInput {
			t.Errorf("as the input %t: the file begins with %q", asInput, data[:8])
		}
	}
}
