package record

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func entries(t *testing.T, dir string) string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return strings.Join(names, " ")
}

func begin(t *testing.T, path string, force bool) *AtomicFile {
	t.Helper()
	a, err := CreateAtomic(path, force)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(a, "new"); err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAtomicCommit(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	a := begin(t, path, false)
	if got := entries(t, dir); !strings.HasPrefix(got, ".a.txt.tmp-") || strings.Contains(got, " ") {
		t.Errorf("before Commit the directory has %s", got)
	}
	if err := a.Commit(); err != nil {
		t.Fatal(err)
	}
	a.Abort()
	if got := entries(t, dir); got != "a.txt" || contents(t, path) != "new" {
		t.Errorf("after Commit the directory has %s", got)
	}
	wantError(t, a.Commit(), "committed or aborted before")
}

func TestAtomicAbort(t *testing.T) {
	dir := t.TempDir()
	a := begin(t, filepath.Join(dir, "a.txt"), false)
	a.Abort()
	a.Abort()
	if got := entries(t, dir); got != "" {
		t.Errorf("after Abort the directory has %s", got)
	}
	wantError(t, a.Commit(), "committed or aborted before")
}

func TestAtomicForce(t *testing.T) {
	path := writeFile(t, "a.txt", "old")
	if _, err := CreateAtomic(path, false); err == nil {
		t.Error("an existing file was accepted")
	}
	a := begin(t, path, true)
	if contents(t, path) != "old" {
		t.Error("the old file went before Commit")
	}
	if err := a.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, path); got != "new" {
		t.Errorf("the file holds %q", got)
	}
}

func TestAtomicFileThatAppears(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	a := begin(t, path, false)
	if err := os.WriteFile(path, []byte("theirs"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantError(t, a.Commit(), path, "exists", "--force")
	if got := entries(t, dir); got != "a.txt" || contents(t, path) != "theirs" {
		t.Errorf("the directory has %s", got)
	}
}

func TestAtomicWriteFails(t *testing.T) {
	// A full disk, as nearly as a test can make one: the file is closed behind the writer's back.
	for _, name := range []string{"a.parquet", "a.csv", "a.jsonl"} {
		dir := t.TempDir()
		path := filepath.Join(dir, name)
		w, err := Create(path, Schema{Columns: csvColumns("a")}, WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		switch w := w.(type) {
		case *parquetWriter:
			w.file.Close()
		case *csvWriter:
			w.file.Close()
		case *jsonlWriter:
			w.file.Close()
		}
		err = w.Write(column(texts(strings.Repeat("x", 1<<19))...))
		if name == "a.parquet" {
			err = w.Commit()
		}
		wantError(t, err, path, "closed")
		wantError(t, func() error { w.Abort(); return w.Commit() }(), path)
		if got := entries(t, dir); got != "" {
			t.Errorf("%s: the directory has %s", name, got)
		}
	}
}
