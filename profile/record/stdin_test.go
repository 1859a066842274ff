package record

import (
	"errors"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// TestStdin: standard input is read once, and its rows as often as they are wanted.
func TestStdin(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	text := "a,b\n" + strings.Repeat("secret,2\n", 5000)
	s, err := Open([]string{Stdin}, Options{Format: CSV, Stdin: iotest.HalfReader(strings.NewReader(text))})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if rows := textsOf(t, s, []string{"b", "a"}); len(rows) != 5000 || rows[4999] != "2|secret" {
			t.Fatalf("%d rows", len(rows))
		}
	}
	if s.Size() != int64(len(text)) || s.Done() != s.Size() || !slices.Equal(s.Files(), []string{Stdin}) {
		t.Errorf("%d of %d bytes of %q", s.Done(), s.Size(), s.Files())
	}
	if names, err := os.ReadDir(dir); runtime.GOOS != "windows" && (err != nil || len(names) > 0) {
		t.Errorf("what was read has a name on the disk: %v, %v", names, err)
	}
	j, err := Open([]string{Stdin}, Options{Format: JSONL, Stdin: strings.NewReader("{\"a\": 1}\n{\"a\": 2}\n")})
	if err != nil || !slices.Equal(textsOf(t, j, []string{"a"}), []string{"1", "2"}) {
		t.Errorf("JSON lines: %v", err)
	}
}

// TestSpoolIsSecret: the file holds nothing of what was read.
func TestSpoolIsSecret(t *testing.T) {
	s, err := newSpool(strings.NewReader(strings.Repeat("ann.miller@example.com\n", 1000)))
	if err != nil {
		t.Fatal(err)
	}
	held := make([]byte, s.size)
	if _, err := s.file.ReadAt(held, 0); err != nil || strings.Contains(string(held), "miller") || string(held[:23]) == string(held[23:46]) {
		t.Errorf("the file shows what it holds, %v", err)
	}
	info, err := s.file.Stat()
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
}

func TestBadStdin(t *testing.T) {
	for _, c := range []struct {
		opts Options
		want string
	}{
		{Options{Format: CSV}, "there is no standard input"},
		{Options{Stdin: strings.NewReader("a\n1\n")}, "give --format csv or jsonl"},
		{Options{Stdin: strings.NewReader("PAR1"), Format: Parquet}, "give a file"},
		{Options{Stdin: strings.NewReader(""), Format: CSV}, "no header line"},
		{Options{Stdin: iotest.ErrReader(errors.New("gone")), Format: CSV}, "read standard input"},
	} {
		if _, err := Open([]string{Stdin}, c.opts); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.opts, err, c.want)
		}
	}
	if _, err := Open([]string{Stdin, "a.csv"}, Options{Stdin: io.LimitReader(nil, 0)}); err == nil {
		t.Error("standard input beside a file was opened")
	}
}
