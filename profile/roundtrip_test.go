package profile

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func write(t *testing.T, p *Profile) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := Write(&buf, p); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func readBytes(b []byte) (*Profile, error) { return Read(bytes.NewReader(b), int64(len(b))) }

func TestRoundTrip(t *testing.T) {
	profiles := []*Profile{sample()}
	for seed := range uint64(20) {
		profiles = append(profiles, random(rand.New(rand.NewPCG(seed, 7))))
	}
	for i, p := range profiles {
		data := write(t, p)
		if again := write(t, p); !bytes.Equal(data, again) {
			t.Errorf("profile %d: two writes differ", i)
		}
		got, err := readBytes(data)
		if err != nil {
			t.Fatalf("profile %d: %v", i, err)
		}
		if !reflect.DeepEqual(got, p) {
			t.Errorf("profile %d: read back\n%+v\nwant\n%+v", i, got, p)
		}
	}
}

// TestRoundTripLarge crosses batches, pages and row groups.
func TestRoundTripLarge(t *testing.T) {
	p := sample()
	a := &p.Attributes[6]
	a.Codes = nil
	for i := range 3000 {
		a.Codes = append(a.Codes, Code{Class: Literal, Tag: 2, Label: strconv.Itoa(i) + strings.Repeat("x", 400), Origin: Learnt})
	}
	m := &p.Measurements[1]
	m.Cells, m.Values = nil, nil
	for i := range int32(12) {
		for j := range int32(3000) {
			for k := range int32(4) {
				m.Cells = append(m.Cells, []int32{i, j, k})
				m.Values = append(m.Values, float64(i*j-k))
			}
		}
	}
	if len(m.Cells) <= groupRows {
		t.Fatal("the test no longer crosses row groups")
	}
	got, err := readBytes(write(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, p) {
		t.Error("a large profile is not read back as written")
	}
}

func TestGolden(t *testing.T) {
	path := filepath.Join("testdata", "golden-v1.parquet")
	if *update {
		if err := os.WriteFile(path, write(t, sample()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := sample(); !reflect.DeepEqual(got, want) {
		t.Errorf("%s reads as\n%+v\nwant\n%+v", path, got, want)
	}
}

// TestIndependentReader reads a file with another implementation of Parquet and compares it with the profile by the
// words of FORMAT.md.
func TestIndependentReader(t *testing.T) {
	p := sample()
	data := write(t, p)
	f, err := pq.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := f.Lookup("patina.version"); !ok || v != "1" {
		t.Errorf("patina.version = %q, %v", v, ok)
	}
	got, want := independentRows(t, f), expectedRows(p)
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("row %d: %v, want %v", i, got[i], want[i])
		}
	}
}

// independentRows reads the file's rows as maps that leave nulls out.
func independentRows(t *testing.T, f *pq.File) []map[string]any {
	t.Helper()
	rows := pq.NewReader(f)
	defer rows.Close()
	var out []map[string]any
	buf := make([]pq.Row, 16)
	for {
		n, err := rows.ReadRows(buf)
		for _, r := range buf[:n] {
			m := map[string]any{}
			for _, v := range r {
				name := f.Schema().Columns()[v.Column()][0]
				switch {
				case v.IsNull():
				case v.Kind() == pq.ByteArray:
					m[name] = string(v.ByteArray())
				case v.Kind() == pq.Double:
					m[name] = v.Double()
				default:
					m[name] = v.Int64()
				}
			}
			out = append(out, m)
		}
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// expectedRows lays a profile out as FORMAT.md says.
func expectedRows(p *Profile) []map[string]any {
	kinds := map[string]string{}
	for _, c := range p.Manifest.Columns {
		kinds[c.Name] = c.Kind
	}
	var out []map[string]any
	add := func(section string, item int, attributes []string, cell []int32) map[string]any {
		m := map[string]any{"section": section, "item": int64(item)}
		for i, name := range attributes {
			slot := strconv.Itoa(i + 1)
			a := p.Attribute(name)
			m["attribute_"+slot], m["code_"+slot] = name, int64(cell[i])
			m["label_"+slot] = a.Codes[cell[i]].Readable(kinds[a.Column])
		}
		out = append(out, m)
		return m
	}
	for i, a := range p.Attributes {
		for j, c := range a.Codes {
			m := add("domain", i, []string{a.Name}, []int32{int32(j)})
			m["class"], m["role"], m["origin"] = string(c.Class), string(a.Role), string(c.Origin)
			if a.Column != "" {
				m["column"] = a.Column
			}
			switch c.Class {
			case Literal, Missing:
				m["tag"], m["label_bytes"] = c.Tag.String(), c.Label
			case Atom, Form, Shape, CopyCount, UnitSize, Others, Order, Group, Step, Agreement, Withheld:
				m["label_bytes"] = c.Label
			case Bin:
				m["lo"], m["hi"] = c.Lo.String(), c.Hi.String()
			}
			if a.Groups != nil {
				m["group"] = int64(a.Groups[j])
			}
		}
	}
	for i, x := range p.Measurements {
		for j, cell := range x.Cells {
			m := add("measurement", i, x.Attributes, cell)
			m["value"], m["sigma"], m["release"] = x.Values[j], x.Sigma, int64(x.Release)
		}
	}
	for i, x := range p.Tables {
		for j, cell := range x.Cells {
			add("model", i, x.Attributes, cell)["weight"] = x.Weights[j]
		}
	}
	return out
}

func TestReadable(t *testing.T) {
	for _, tt := range []struct {
		code Code
		kind string
		want string
	}{
		{Code{Class: Absent}, "text", "<absent>"},
		{Code{Class: OtherMissing}, "text", "<other missing>"},
		{Code{Class: NoForm}, "text", "<none>"},
		{Code{Class: Missing}, "text", "<empty>"},
		{Code{Class: Literal, Label: "Köln"}, "category", "Köln"},
		{Code{Class: Literal, Label: "K\xf6ln\xff"}, "category", `K\xf6ln\xff`},
		{Code{Class: Bin, Lo: Edge{M: -5, E: -1}, Hi: Edge{M: 1, E: 2}}, "decimal", "[-0.5, 100)"},
		{Code{Class: Bin, Hi: Edge{M: 86401, E: 0}}, "date", "[1970-01-01, 1970-01-02T00:00:01)"},
		{Code{Class: Bin, Hi: Edge{M: 5, E: -1}}, "timestamp", "[1970-01-01, 0.5)"},
	} {
		if got := tt.code.Readable(tt.kind); got != tt.want {
			t.Errorf("%+v as %s reads %q, want %q", tt.code, tt.kind, got, tt.want)
		}
	}
}

func TestDigest(t *testing.T) {
	const want = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-2, B.1
	if got := Digest([]byte("abc")); got != want {
		t.Errorf("Digest(abc) = %s, want %s", got, want)
	}
}

func TestReadFileErrors(t *testing.T) {
	dir := t.TempDir()
	short := filepath.Join(dir, "short.parquet")
	huge := filepath.Join(dir, "huge.parquet")
	if err := errors.Join(os.WriteFile(short, []byte("PAR1"), 0o600), os.WriteFile(huge, nil, 0o600), os.Truncate(huge, MaxFileBytes+1)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path    string
		invalid bool
	}{{filepath.Join(dir, "none.parquet"), false}, {dir, true}, {short, true}, {huge, true}} {
		_, err := ReadFile(tt.path)
		if err == nil || errors.Is(err, ErrInvalid) != tt.invalid || !strings.Contains(err.Error(), tt.path) {
			t.Errorf("ReadFile(%s) = %v, want an error with the path, ErrInvalid %v", tt.path, err, tt.invalid)
		}
	}
	if _, err := ReadFile(filepath.Join(dir, "none.parquet")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file gives %v, want fs.ErrNotExist", err)
	}
}

type brokenReader struct{}

func (brokenReader) ReadAt([]byte, int64) (int, error) { return 0, fs.ErrPermission }

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, fs.ErrPermission }

func TestIOErrorsAreNotInvalid(t *testing.T) {
	if _, err := Read(brokenReader{}, 100); !errors.Is(err, fs.ErrPermission) || errors.Is(err, ErrInvalid) {
		t.Errorf("a failing reader gives %v", err)
	}
	if _, err := Read(strings.NewReader("abc"), 100); !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, ErrInvalid) {
		t.Errorf("a reader shorter than its size gives %v", err)
	}
	if err := Write(brokenWriter{}, sample()); !errors.Is(err, fs.ErrPermission) || errors.Is(err, ErrInvalid) {
		t.Errorf("a failing writer gives %v", err)
	}
}

// TestNothingBesideThePages: the file says nothing of its cells but in its pages: no statistics, no dictionaries, no indexes, no filters.
func TestNothingBesideThePages(t *testing.T) {
	data := write(t, sample())
	f, err := pq.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	columns := 0
	for _, group := range f.Metadata().RowGroups {
		for _, c := range group.Columns {
			columns++
			m := c.MetaData
			name := m.PathInSchema
			if s := m.Statistics; len(s.MinValue)+len(s.MaxValue)+len(s.Min)+len(s.Max) > 0 || s.DistinctCount != 0 {
				t.Errorf("column %v has statistics", name)
			}
			if m.DictionaryPageOffset != 0 {
				t.Errorf("column %v has a dictionary", name)
			}
			if m.BloomFilterOffset != 0 || m.IndexPageOffset != 0 || c.ColumnIndexOffset != 0 || len(m.KeyValueMetadata) > 0 {
				t.Errorf("column %v has a filter, an index or metadata", name)
			}
		}
	}
	if columns == 0 {
		t.Error("no column was looked at")
	}
}
