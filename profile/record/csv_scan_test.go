package record

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// scanAll returns the records of a text, read in pieces of any size; blank lines are empty.
func scanAll(t testing.TB, r io.Reader, d Dialect) (rows [][]string, open bool) {
	t.Helper()
	if d.Delimiter == "" {
		d.Delimiter = ","
	}
	s := newCSVScanner(r, d)
	s.buf = make([]byte, 4) // so that every record crosses its border
	for {
		row, err := s.next()
		if err == io.EOF {
			return rows, open
		}
		if err != nil {
			t.Fatal(err)
		}
		if open {
			t.Fatal("a record follows one that is open")
		}
		rows, open = append(rows, slices.Clone(row.fields)), row.open
	}
}

func TestCSVScanner(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "",
		"\n":                       "",
		"\r\n\n":                   "/",
		"a":                        "a",
		"a,b\n":                    "a|b",
		"a,b\r\nc\r":               "a|b/c",
		"a\rb\n":                   "a\rb",
		"a\r\r\n":                  "a\r",
		",\n":                      "|",
		"\"\"\n":                   "",
		"\"a\r\nb\",c\r\n":         "a\r\nb|c",
		"\"a\n\nb\"\n\nc":          "a\n\nb//c",
		"\"a\"\"b\"\"\"\n":         "a\"b\"",
		"\"a\"b\",c":               "a\"b|c",
		"\"a\" ,b\nc\"":            "a\" ,b\nc",
		"a\"b\",c\"\n\"d\"":        "a\"b\"|c\"/d",
		"\"a\"\rb\"\r":             "a\"\rb",
		"\"a\"\r\n\"b\"\r":         "a/b",
		"\"a\",\"b":                "a|b",
		"\"\"\"\n":                 "\"\n",
		"x,\"long\nfield\",\ny,\n": "x|long\nfield|/y|",
	} {
		for _, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text))} {
			rows, _ := scanAll(t, r, Dialect{})
			var lines []string
			for _, fields := range rows {
				lines = append(lines, strings.Join(fields, "|"))
			}
			if got := strings.Join(lines, "/"); got != want {
				t.Errorf("%q: got %q, want %q", text, got, want)
			}
		}
	}
}

func TestCSVScannerTellsOpenQuotes(t *testing.T) {
	for text, want := range map[string]bool{
		"a,\"b": true, "\"": true, "\"a\"\"": true, "\"a\"b": true, "a\"": false, "\"a\"": false, "\"a\"\r": false, "\"a\n": true,
	} {
		if _, open := scanAll(t, strings.NewReader(text), Dialect{}); open != want {
			t.Errorf("%q: open is %t", text, open)
		}
	}
	if _, open := scanAll(t, strings.NewReader("a,\"b"), Dialect{Quote: noQuote}); open {
		t.Error("a quote is open where quotes mean nothing")
	}
}

func TestCSVScannerBoundsRecords(t *testing.T) {
	s := newCSVScanner(strings.NewReader("a\n\"b"+strings.Repeat("x", 1<<20)), Dialect{Delimiter: ","})
	s.buf, s.limit = make([]byte, 16), 1000
	if _, err := s.next(); err != nil {
		t.Fatal(err)
	}
	_, err := s.next()
	wantError(t, err, "longer than", "quote: none")
	if len(s.buf) > 4000 {
		t.Errorf("%d bytes were held", len(s.buf))
	}
}

// TestCSVScannerPassesErrors: what was read of a record before the file failed is not taken for a record.
func TestCSVScannerPassesErrors(t *testing.T) {
	broken := errors.New("broken")
	s := newCSVScanner(io.MultiReader(strings.NewReader("a\nb,"), iotest.ErrReader(broken)), Dialect{Delimiter: ","})
	if row, err := s.next(); err != nil || len(row.fields) != 1 {
		t.Errorf("got %d fields, %v", len(row.fields), err)
	}
	if _, err := s.next(); err != broken {
		t.Errorf("got %v, want the reader's error", err)
	}
}

// FuzzCSVScanner holds the scanner against encoding/csv, which drops blank lines, turns CR LF inside quotes into LF,
// and drops a CR before the end of the file.
func FuzzCSVScanner(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", "\"x\r\ny\",\"z", "a;\"b\"\"\";\"c\"d\n\n;", "\"a\"\r", "\r\n\"", "\"\r\n\"\"\r\n\",é\xff"} {
		for _, comma := range []string{",", ";", "¦", "a"} {
			f.Add([]byte(seed), comma)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, comma string) {
		if !validDelimiter(comma) || len(data) > 1<<16 {
			return
		}
		reference := csv.NewReader(bytes.NewReader(data))
		reference.Comma = []rune(comma)[0]
		reference.LazyQuotes, reference.FieldsPerRecord = true, -1
		want, err := reference.ReadAll()
		if err != nil {
			t.Skip()
		}
		rows, _ := scanAll(t, bytes.NewReader(data), Dialect{Delimiter: comma})
		var got [][]string
		for _, fields := range rows {
			if len(fields) == 0 {
				continue
			}
			for i := range fields {
				fields[i] = strings.ReplaceAll(fields[i], "\r\n", "\n")
			}
			got = append(got, fields)
		}
		if n := len(got) - 1; n >= 0 && n < len(want) && bytes.HasSuffix(data, []byte{'\r'}) {
			field := &got[n][len(got[n])-1]
			if open := strings.TrimSuffix(*field, "\r"); open == want[n][len(want[n])-1] {
				*field = open
			}
		}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%q: got %q, encoding/csv has %q", data, got, want)
		}
	})
}
