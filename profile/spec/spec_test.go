package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

func TestParse(t *testing.T) {
	s, err := Parse([]byte(`
version: 1
dataset: contracts
privacy: {epsilon: 2, delta: 1e-6}
source: {format: csv, delimiter: ";", encoding: latin-1, quoting: all, skip_lines: 2, no_header: true}
columns:
- name: id
  kind: id
- name: state
  values: [open, closed]
- name: note
`))
	if err != nil {
		t.Fatal(err)
	}
	if s.Privacy.Epsilon != 2 || s.Privacy.Delta != 1e-6 || s.Dataset != "contracts" || s.Source.Format != record.CSV {
		t.Errorf("got %+v", s)
	}
	if k := s.Column("state").Kind; k != mess.Category {
		t.Errorf("a column with values has kind %q, want category", k)
	}
	if s.Column("nope") != nil {
		t.Error("a column that is not declared was found")
	}
	d := s.Dialect()
	if d.Delimiter != ";" || d.Encoding != "latin-1" || d.Quoting != record.QuoteAll || d.SkipLines != 2 || strings.Join(d.Columns, " ") != "id state note" {
		t.Errorf("dialect is %+v", d)
	}
}

// TestRefuses: a wrong spec is an error that says where and what; what is not understood is never ignored.
func TestRefuses(t *testing.T) {
	for name, c := range map[string]struct{ spec, want string }{
		"empty":             {"", "version: 1"},
		"no version":        {"dataset: x\n", "version"},
		"future version":    {"version: 2\n", "version is 2"},
		"unknown key":       {"version: 1\ncolums: []\n", "colums"},
		"position":          {"version: 1\ncolumns:\n- name: a\n  knd: id\n", "line 4, column 3: unknown key `knd`: did you mean `kind`?"},
		"wrong type":        {"version: one\n", "line 1, column 10: version must be a whole number"},
		"unknown kind":      {"version: 1\ncolumns:\n- {name: a, kind: float}\n", `unknown kind "float"`},
		"no name":           {"version: 1\ncolumns:\n- {kind: id}\n", "columns[0] has no name"},
		"twice":             {"version: 1\ncolumns:\n- {name: a}\n- {name: a}\n", "declared twice"},
		"epsilon zero":      {"version: 1\nprivacy: {epsilon: 0, delta: 1e-6}\n", "privacy.epsilon"},
		"epsilon negative":  {"version: 1\nprivacy: {epsilon: -1, delta: 1e-6}\n", "privacy.epsilon"},
		"epsilon infinite":  {"version: 1\nprivacy: {epsilon: .inf, delta: 1e-6}\n", "privacy.epsilon"},
		"epsilon nan":       {"version: 1\nprivacy: {epsilon: .nan, delta: 1e-6}\n", "privacy.epsilon"},
		"delta missing":     {"version: 1\nprivacy: {epsilon: 1}\n", "privacy.delta"},
		"delta one":         {"version: 1\nprivacy: {epsilon: 1, delta: 1}\n", "privacy.delta"},
		"format":            {"version: 1\nsource: {format: xlsx}\n", "source.format"},
		"quoting":           {"version: 1\nsource: {quoting: some}\n", "source.quoting"},
		"skip lines":        {"version: 1\nsource: {skip_lines: -1}\n", "source.skip_lines"},
		"max elements":      {"version: 1\nsource: {max_elements: 65}\n", "max_elements"},
		"max keys":          {"version: 1\nsource: {max_keys: -1}\n", "max_keys"},
		"values of a kind":  {"version: 1\ncolumns:\n- {name: a, kind: integer, values: [x]}\n", "kind category"},
		"order of a number": {"version: 1\ncolumns:\n- {name: a, kind: integer, day_first: true}\n", "date and timestamp"},
		"order of values":   {"version: 1\ncolumns:\n- {name: a, values: [x], day_first: false}\n", "either values or day_first"},
		"no values":         {"version: 1\ncolumns:\n- {name: a, values: []}\n", "values is empty"},
		"value twice":       {"version: 1\ncolumns:\n- {name: a, values: [x, x]}\n", "declared twice"},
		"null among values": {"version: 1\ncolumns:\n- {name: a, values: [x, N/A]}\n", "null spelling"},
	} {
		_, err := Parse([]byte(c.spec))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, c.want)
		}
	}
}

func TestReadFileNamesThePath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "patina.yaml")
	if _, err := ReadFile(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a missing file: got %v", err)
	}
	if err := os.WriteFile(path, []byte("version: 9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a wrong file: got %v", err)
	}
}

func TestMatch(t *testing.T) {
	s := &Spec{Columns: []Column{{Name: "a"}, {Name: "zip"}}}
	if err := s.Match([]string{"zip", "a", "b"}); err != nil {
		t.Error(err)
	}
	if err := s.Match([]string{"a", "b"}); err == nil || !strings.Contains(err.Error(), `"zip"`) {
		t.Errorf("got %v, want an error that names the column", err)
	}
}

func TestKindOf(t *testing.T) {
	for typ, want := range map[record.Type]mess.Kind{
		"bool": mess.Boolean, "int8": mess.Integer, "uint64": mess.Integer, "double": mess.Decimal, "decimal(10, 2)": mess.Decimal,
		"date32": mess.Date, "timestamp[us, tz=UTC]": mess.Timestamp, "binary": mess.TextKind, "null": mess.Category,
		"struct": mess.Category, "list": mess.Integer, "map": mess.Integer, "string": "", "large_string": "", "json": "",
	} {
		if k, ok := KindOf(typ); k != want || ok != (want != "") {
			t.Errorf("%s implies %q, %t; want %q", typ, k, ok, want)
		}
	}
}

// FuzzParse: no input makes the parser panic, and what it accepts is valid.
func FuzzParse(f *testing.F) {
	f.Add([]byte("version: 1\ncolumns:\n- {name: a, kind: id}\n"))
	f.Add([]byte("version: 1\nprivacy: {epsilon: 1, delta: 1e-6}\nsource: {format: csv, max_keys: 3}\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := Parse(data); err == nil && s.validate() != nil {
			t.Error("an invalid spec was accepted")
		}
	})
}
