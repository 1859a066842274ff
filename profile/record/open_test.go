package record

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree makes a directory of files; names that end in a slash are folders.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOpenExpandsPaths(t *testing.T) {
	const row = "a,b\n1,2\n"
	dir := tree(t, map[string]string{
		"b.csv": row, "a.csv": row, "sub/c.csv": row, "sub/deeper/d.txt": row,
		".hidden.csv": "x", "_temporary.csv": "x", "_log/e.csv": "x", ".git/f.csv": "x", "README.md": "x",
		"plain/g.csv": row,
	})
	if err := os.Symlink(filepath.Join(dir, "a.csv"), filepath.Join(dir, "z.csv")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		paths []string
		want  string
	}{
		"directory":   {[]string{"."}, "a.csv b.csv plain/g.csv sub/c.csv sub/deeper/d.txt"},
		"glob":        {[]string{"*.csv"}, ".hidden.csv _temporary.csv a.csv b.csv"},
		"file":        {[]string{"b.csv"}, "b.csv"},
		"many":        {[]string{"sub", "b.csv", "b.csv", "./b.csv"}, "b.csv sub/c.csv sub/deeper/d.txt"},
		"glob of dir": {[]string{"pl*"}, "plain/g.csv"},
		"by link":     {[]string{"z.csv", "a.csv"}, "a.csv"},
	} {
		var paths []string
		for _, p := range c.paths {
			paths = append(paths, filepath.Join(dir, p))
		}
		files, _, err := expand(paths, "")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for i := range files {
			files[i], _ = filepath.Rel(dir, files[i])
		}
		if got := filepath.ToSlash(strings.Join(files, " ")); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	dir := tree(t, map[string]string{
		"a.csv": "id,name\n", "b.csv": "name,id\n", "c.csv": "id\n", "d.csv": "id,name,age\n",
		"twice.csv": "id,name,id\n", "empty.csv": "", "bom.csv": "\xef\xbb\xbf", "blank.csv": "\n\r\n",
		"a.dat": "id\n", "a.jsonl": "{}\n", "array.json": " \n[{}]", "text.parquet": "id,name and more\n", "none/x.md": "",
	})
	for name, c := range map[string]struct {
		paths []string
		opts  Options
		want  []string
	}{
		"nothing":      {nil, Options{}, []string{"no files given"}},
		"missing":      {[]string{"x.csv"}, Options{}, []string{"there is no file", "x.csv"}},
		"no match":     {[]string{"x*.csv"}, Options{}, []string{"no file matches", "x*.csv"}},
		"bad pattern":  {[]string{"[.csv"}, Options{}, []string{"[.csv"}},
		"no data":      {[]string{"none"}, Options{}, []string{"none", "has no data files"}},
		"extension":    {[]string{"a.dat"}, Options{}, []string{"a.dat", "--format"}},
		"format":       {[]string{"a.dat"}, Options{Format: "xml"}, []string{`"xml"`, "csv, parquet or jsonl"}},
		"mixed":        {[]string{"a.csv", "a.jsonl"}, Options{}, []string{"a.csv", "a.jsonl", "one format"}},
		"order":        {[]string{"a.csv", "b.csv"}, Options{}, []string{"a.csv", "b.csv", `column "id" is number 1 in the first and 2 in the second`}},
		"fewer":        {[]string{"a.csv", "c.csv"}, Options{}, []string{`the second has no column "name"`}},
		"more":         {[]string{"a.csv", "d.csv"}, Options{}, []string{`the first has no column "age"`}},
		"twice":        {[]string{"twice.csv"}, Options{}, []string{"twice.csv", `"id" twice, at positions 1 and 3`}},
		"empty":        {[]string{"empty.csv"}, Options{}, []string{"empty.csv", "has no header line"}},
		"only a BOM":   {[]string{"bom.csv"}, Options{}, []string{"has no header line"}},
		"only blank":   {[]string{"blank.csv"}, Options{}, []string{"has no header line"}},
		"array":        {[]string{"array.json"}, Options{}, []string{"array.json", "one JSON array", "one object per line"}},
		"not parquet":  {[]string{"text.parquet"}, Options{}, []string{"text.parquet", "not a Parquet file"}},
		"encoding":     {[]string{"a.csv"}, Options{Dialect: Dialect{Encoding: "ebcdic"}}, []string{`"ebcdic"`, "utf-8"}},
		"delimiter":    {[]string{"a.csv"}, Options{Dialect: Dialect{Delimiter: ",,"}}, []string{`",,"`, "one character"}},
		"quote":        {[]string{"a.csv"}, Options{Dialect: Dialect{Quote: "'"}}, []string{`"'"`}},
		"no names":     {[]string{"a.csv"}, Options{Dialect: Dialect{NoHeader: true}}, []string{"--columns"}},
		"batch":        {[]string{"a.csv"}, Options{BatchRows: -1}, []string{"rows per batch"}},
		"not a file":   {[]string{"/dev/null"}, Options{Format: CSV}, []string{"not a regular file"}},
		"names in dir": {[]string{"none"}, Options{Format: Parquet}, []string{"has no data files"}},
	} {
		t.Run(name, func(t *testing.T) {
			var paths []string
			for _, p := range c.paths {
				if !filepath.IsAbs(p) {
					p = filepath.Join(dir, p)
				}
				paths = append(paths, p)
			}
			_, err := Open(paths, c.opts)
			wantError(t, err, c.want...)
		})
	}
}

func TestOpenTypesDiffer(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a.parquet"), filepath.Join(dir, "b.parquet")
	writeTable(t, a, Schema{Columns: []Column{{Name: "x", Type: "int64"}}}, column())
	writeTable(t, b, Schema{Columns: []Column{{Name: "x", Type: "double"}}}, column())
	_, err := Open([]string{dir}, Options{})
	wantError(t, err, a, b, `column "x" is int64 in the first and double in the second`)
}

func TestReadManyFiles(t *testing.T) {
	dir := tree(t, map[string]string{"b.csv": "a,b\n3,4\n", "a.csv": "a;b\n1;2\n", "c.csv": "a,b\n"})
	s := mustOpen(t, Options{}, dir)
	if got := s.Files(); len(got) != 3 || !slices.IsSorted(got) {
		t.Errorf("files are %v", got)
	}
	equalRows(t, readAll(t, s, nil).rows(), []string{`"1" "2"`, `"3" "4"`})
	equalRows(t, readAll(t, s, []string{"b", "a"}).rows(), []string{`"2" "1"`, `"4" "3"`})
}

func TestReadRefuses(t *testing.T) {
	csv := mustOpen(t, Options{}, writeFile(t, "a.csv", "a,b\n"))
	_, err := readTable(csv, []string{"c"})
	wantError(t, err, "a.csv", `no column "c"`)
	_, err = readTable(csv, []string{"a", "a"})
	wantError(t, err, `"a" is asked for twice`)
	_, err = readTable(mustOpen(t, Options{}, writeFile(t, "a.jsonl", "")), nil)
	wantError(t, err, "name the paths")
	err = csv.Paths(context.Background(), func([]string) error { return nil })
	wantError(t, err, "a.csv", "not JSON lines")
}

// sources opens the same three rows in each format.
func sources(t *testing.T) map[string]*Source {
	parquet := filepath.Join(t.TempDir(), "a.parquet")
	writeTable(t, parquet, Schema{Columns: []Column{{Name: "a", Type: "int64"}}}, column(texts("1", "2", "3")...))
	opts := Options{BatchRows: 1}
	return map[string]*Source{
		"csv":     mustOpen(t, opts, writeFile(t, "a.csv", "a\n1\n2\n3\n")),
		"jsonl":   mustOpen(t, opts, writeFile(t, "a.jsonl", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n")),
		"parquet": mustOpen(t, opts, parquet),
	}
}

func TestReadStops(t *testing.T) {
	for name, s := range sources(t) {
		calls := 0
		ctx, cancel := context.WithCancel(context.Background())
		err := s.Read(ctx, []string{"a"}, func(*Batch) error { calls++; cancel(); return nil })
		if err != context.Canceled || calls != 1 {
			t.Errorf("%s: cancelled in the first of 3 batches: %v after %d", name, err, calls)
		}
		own := errors.New("enough")
		if err := s.Read(context.Background(), []string{"a"}, func(*Batch) error { return own }); err != own {
			t.Errorf("%s: emit's error comes back as %v", name, err)
		}
		if err := s.Read(ctx, []string{"a"}, func(*Batch) error { t.Error("called"); return nil }); err != context.Canceled {
			t.Errorf("%s: cancelled before: %v", name, err)
		}
	}
}

func TestReadTextsStayValid(t *testing.T) {
	for name, s := range sources(t) {
		var kept []Cell
		if err := s.Read(context.Background(), []string{"a"}, func(b *Batch) error {
			kept = append(kept, b.Cells[0]...)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if len(kept) != 3 || kept[0].Text != "1" || kept[1].Text != "2" || kept[2].Text != "3" {
			t.Errorf("%s: %v", name, kept)
		}
	}
}

func TestReadAFileThatWent(t *testing.T) {
	for name, s := range sources(t) {
		if err := os.Remove(s.Files()[0]); err != nil {
			t.Fatal(err)
		}
		_, err := readTable(s, []string{"a"})
		if !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBatchesOfWideTablesAreShort(t *testing.T) {
	var largest int
	b := newBatcher(context.Background(), 1<<12, DefaultBatchRows, func(b *Batch) error { largest = max(largest, b.Rows); return nil })
	for range 1000 {
		if err := b.end(0); err != nil {
			t.Fatal(err)
		}
	}
	if largest != maxBatchCells>>12 {
		t.Errorf("a batch of %d columns has %d rows", 1<<12, largest)
	}
}
