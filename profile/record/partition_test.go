package record

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// planted writes files below a new directory and returns it.
func planted(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// textsOf reads columns as texts, row by row, with a bar between cells.
func textsOf(t *testing.T, s *Source, columns []string) (rows []string) {
	t.Helper()
	err := s.Read(context.Background(), columns, func(b *Batch) error {
		for i := range b.Rows {
			var row []string
			for _, cells := range b.Cells {
				text := cells[i].Text
				if cells[i].Tag == Null {
					text = "null"
				}
				row = append(row, text)
			}
			rows = append(rows, strings.Join(row, "|"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestPartitions(t *testing.T) {
	dir := planted(t, map[string]string{
		"year=2023/country=DE/a.csv":                         "x,y\n1,2\n3,4\n",
		"year=2023/country=C%C3%B4te%20d%2FIvoire/raw/b.csv": "x,y\n5,6\n",
		"year=2024/country=__HIVE_DEFAULT_PARTITION__/c.csv": "x,y\n7,8\n",
	})
	s, err := Open([]string{dir}, Options{BatchRows: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.Schema().Names(), []string{"x", "y", "year", "country"}; !slices.Equal(got, want) {
		t.Fatalf("the columns are %q, want %q", got, want)
	}
	for _, c := range []struct {
		columns []string
		want    []string
	}{
		{nil, []string{"5|6|2023|Côte d/Ivoire", "1|2|2023|DE", "3|4|2023|DE", "7|8|2024|"}},
		{[]string{"country", "x"}, []string{"Côte d/Ivoire|5", "DE|1", "DE|3", "|7"}},
		{[]string{"year"}, []string{"2023", "2023", "2023", "2024"}},
		{[]string{"y"}, []string{"6", "2", "4", "8"}},
	} {
		if got := textsOf(t, s, c.columns); !slices.Equal(got, c.want) {
			t.Errorf("columns %q hold %q, want %q", c.columns, got, c.want)
		}
	}
	one, err := Open([]string{filepath.Join(dir, "year=2023", "country=DE", "a.csv")}, Options{})
	if err != nil || len(one.Schema().Columns) != 2 {
		t.Errorf("a file by its own name has %d columns, %v", len(one.Schema().Columns), err)
	}
	some, err := Open([]string{filepath.Join(dir, "year=*", "country=DE", "*.csv")}, Options{})
	if err != nil || !slices.Equal(textsOf(t, some, nil), []string{"1|2|2023|DE", "3|4|2023|DE"}) {
		t.Errorf("of a pattern: %v, %v", some, err)
	}
}

// TestPartitionsOfParquet: keys are columns of texts that can be null.
func TestPartitionsOfParquet(t *testing.T) {
	dir := planted(t, map[string]string{"a b=1/x": "", "a b=__HIVE_DEFAULT_PARTITION__/x": ""})
	for _, sub := range []string{"a b=1", "a b=__HIVE_DEFAULT_PARTITION__"} {
		w, err := Create(filepath.Join(dir, sub, "part.parquet"), Schema{Columns: []Column{{Name: "n", Type: "int64"}}}, WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(&Batch{Rows: 2, Cells: [][]Cell{{{Tag: Number, Text: "7"}, {Tag: Number, Text: "8"}}}}); err != nil {
			t.Fatal(err)
		}
		if err := w.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open([]string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := s.Schema().Columns[1]
	if c.Type != StringType || !c.Nullable {
		t.Errorf("the key is %+v", c)
	}
	if got, want := textsOf(t, s, nil), []string{"7|1", "8|1", "7|null", "8|null"}; !slices.Equal(got, want) {
		t.Errorf("the rows are %q, want %q", got, want)
	}
}

// TestBadPartitions: errors name the key and what to do, and no value.
func TestBadPartitions(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"a column twice", map[string]string{"x=secret/a.csv": "x,y\n1,2\n"}, `column "x" is in the file, and in the name of a directory`},
		{"a key twice", map[string]string{"k=secret/k=2/a.csv": "x,y\n1,2\n"}, `column "k" is in the file, and`},
		{"other keys", map[string]string{"k=secret/a.csv": "x,y\n1,2\n", "l=secret/b.csv": "x,y\n1,2\n"}, `the second has no column "k"`},
		{"some without", map[string]string{"a.csv": "x,y\n1,2\n", "k=secret/b.csv": "x,y\n1,2\n"}, `the first has no column "k"`},
		{"no header line", map[string]string{"k=secret/a.csv": ""}, "k=…"},
	} {
		_, err := Open([]string{planted(t, c.files)}, Options{})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	dir := planted(t, map[string]string{"k=secret/a.csv": "x,y\n1,2\n"})
	s, err := Open([]string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "k=secret", "a.csv")); err != nil {
		t.Fatal(err)
	}
	if err := s.Read(context.Background(), nil, func(*Batch) error { return nil }); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a file that is gone: %v", err)
	}
}
