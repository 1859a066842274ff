package record

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFlatten(t *testing.T) {
	for name, c := range map[string]struct {
		columns, line, want string
		others              int
	}{
		"members":                {"a.b a.c", `{"a":{"b":1,"c":"x"}}`, `number:1 "x"`, 0},
		"null":                   {"a a.b", `{"a":null}`, "null absent", 0},
		"empty object":           {"a a.b", `{"a":{ }}`, "json:{} absent", 0},
		"object":                 {"a a.b", `{"a":{"b":null}}`, "absent null", 0},
		"not there":              {"a a.b a[]", `{"b":2}`, "absent absent absent", 1},
		"length":                 {"a a[] a[0] a[1]", `{"a":["x"]}`, `absent number:1 "x" absent`, 0},
		"empty array":            {"a a[] a[0]", `{"a":[ ]}`, "absent number:0 absent", 0},
		"beyond the cap":         {"a[] a[1]", `{"a":[1,{"x":[2]},3]}`, `number:3 json:{"x":[2]}`, 0},
		"objects in arrays":      {"a[0].p a[1].p", `{"a":[{"p":1},{"q":0,"p":2}]}`, "number:1 number:2", 1},
		"arrays in arrays":       {"a[0][] a[0][1]", `{"a":[[1,2],[3]]}`, "number:2 number:2", 0},
		"whole object":           {"a", `{"a":{"b":[1, 2]}}`, `json:{"b":[1,2]}`, 0},
		"whole array":            {"a a.b", `{"a":[1, {}]}`, "json:[1,{}] absent", 0},
		"whole object, no array": {"a a[]", `{"a":{"b": 1}}`, `json:{"b":1} absent`, 0},
		"scalar without a place": {"a.b", `{"a":7,"c":{"d":{},"e":[]}}`, "absent", 2},
		"escaped keys":           {`a\.b.c\[ \\`, `{"a.b":{"c[":1},"\\":2}`, "number:1 number:2", 0},
		"empty keys":             {"a. .b", `{"a":{"":1},"":{"b":2}}`, "number:1 number:2", 0},
		"twice":                  {"a.b a.c d", `{"a":{"b":1},"d":0,"a":{"c":2}}`, "absent number:2 number:0", 0},
		"twice, then a scalar":   {"a a.b a[0]", `{"a":{"b":1},"a":[5],"a":3}`, "number:3 absent absent", 0},
		"twice, other order":     {"a.b b.a", `{"b":{"a":1},"a":{"b":2},"b":{}}`, "number:2 absent", 1},
	} {
		columns := strings.Fields(c.columns)
		if name == "empty keys" {
			columns = []string{"a.", ".b"}
		}
		s := mustOpen(t, Options{}, writeFile(t, "a.jsonl", c.line+"\n"))
		others := 0
		err := s.Read(context.Background(), columns, func(b *Batch) error {
			others = b.Others[0]
			return nil
		})
		if err != nil || others != c.others {
			t.Errorf("%s: %d other members, %v, want %d", name, others, err, c.others)
		}
		if got := readAll(t, s, columns).rows(); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestReadRefusesPaths(t *testing.T) {
	s := mustOpen(t, Options{}, writeFile(t, "a.jsonl", "{}\n"))
	_, err := readTable(s, []string{"a", "b["})
	wantError(t, err, "a.jsonl", "column 2", "parse path")
	_, err = readTable(s, make([]string, 0, 1))
	if err != nil {
		t.Errorf("no columns: %v", err)
	}
	many := make([]string, maxJSONColumns+1)
	for i := range many {
		many[i] = fmt.Sprint("k", i)
	}
	wantError(t, (&jsonFile{openerOf("a.jsonl")}).read(many, nil), "at most")
}

// Orders are what the record says, row by row, and nothing of the row before.
func TestOrders(t *testing.T) {
	s := mustOpen(t, Options{}, writeFile(t, "a.jsonl", `{"c":{"d":1},"x":0,"a":[1]}`+"\nbroken\n"+`{"a":[],"c":{"d":2}}`+"\n{}\n"))
	var got []string
	err := s.Read(context.Background(), []string{"a[]", "c.d", "a[0]"}, func(b *Batch) error {
		for _, o := range b.Orders {
			row := []string{}
			for ; len(o) > 0; o = o[2:] {
				row = append(row, fmt.Sprint(binary.LittleEndian.Uint16(o)))
			}
			got = append(got, strings.Join(row, " "))
		}
		return nil
	})
	if want := []string{"1 0 2", "", "0 1", ""}; err != nil || !slices.Equal(got, want) {
		t.Errorf("orders are %q, %v, want %q", got, err, want)
	}
}

func TestPathsFound(t *testing.T) {
	deep := strings.Repeat(`{"k":`, MaxDepth+2) + "1" + strings.Repeat("}", MaxDepth+2)
	long := strings.Repeat("k", maxPath)
	for name, c := range map[string]struct {
		line string
		want []string
	}{
		"scalars":        {`{"b":1,"a":null,"b":2}`, []string{"b", "a"}},
		"objects":        {`{"a":{"b":{"c":1},"d":{}},"e":{ }}`, []string{"a.b.c", "a.d", "e"}},
		"arrays":         {`{"a":[1,2,3,4],"b":[]}`, []string{"a[]", "a[0]", "a[1]", "b[]"}},
		"nested arrays":  {`{"a":[[1],{"x":2}]}`, []string{"a[]", "a[0][]", "a[0][0]", "a[1].x"}},
		"escapes":        {`{"a.b":{"\u005b":1}}`, []string{`a\.b.\[`}},
		"twice, in both": {`{"a":{"b":1},"a":{"c":1,"b":2}}`, []string{"a.b", "a.c"}},
		"deep":           {deep, []string{strings.Repeat("k.", MaxDepth-1) + "k"}},
		"long":           {`{"` + long + `":1,"` + long + `+":2,"a":{"` + long + `":3}}`, []string{long}},
		"malformed":      {`{"a":1`, nil},
		"empty":          {`{}`, nil},
	} {
		s := mustOpen(t, Options{MaxElements: 2}, writeFile(t, "a.jsonl", c.line+"\n"))
		err := s.Paths(context.Background(), func(paths []string) error {
			if !slices.Equal(paths, c.want) {
				t.Errorf("%s: found %q, want %q", name, paths, c.want)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// rebuild reads a record into the columns that it fills and writes it again.
func rebuild(t *testing.T, line string, paths []string) (cells [][]Cell, others int, rebuilt string) {
	t.Helper()
	nesting, err := NewNesting(paths)
	if err != nil {
		t.Fatal(err)
	}
	fl := flattener{nesting: nesting, cells: make([][]Cell, len(paths))}
	for i := range fl.cells {
		fl.cells[i] = make([]Cell, 1)
	}
	fl.record([]byte(line), 0, nil)
	schema := Schema{Format: JSONL}
	for _, p := range paths {
		schema.Columns = append(schema.Columns, Column{Name: p, Type: JSONType})
	}
	w, err := newJSONLWriter(nil, schema, false)
	if err != nil {
		t.Fatal(err)
	}
	j := w.(*jsonlWriter)
	j.batch = &Batch{Rows: 1, Cells: fl.cells}
	j.record(0)
	return fl.cells, fl.others, string(j.line)
}

// A record within the caps is written as what it was, and fills the same columns then.
func FuzzFlatten(f *testing.F) {
	f.Add(`{"a":{"b":[1,{"c":null}],"":"\ud800"},"d":{},"e":[],"a.b":[[2]]}`)
	f.Add(`{"a":1,"a":{"b":1},"a":[{"b":[]},3]}`)
	f.Add(`{"[":[[],[{}]],"\\":{".":[null]}}`)
	f.Add(strings.Repeat(`{"k":[`, 12) + strings.Repeat("]}", 12))
	f.Fuzz(func(t *testing.T, line string) {
		line = strings.TrimSpace(line)
		if len(line) > maxPath || !isObject([]byte(line)) || !utf8.ValidString(line) || strings.Contains(line, "\ufffd") {
			return
		}
		finder := pathFinder{elements: maxPath}
		paths := slices.Clone(finder.record([]byte(line)))
		cells, others, rebuilt := rebuild(t, line, paths)
		if others > 0 {
			t.Fatalf("%d members of %q have no place among %q", others, line, paths)
		}
		var want, got any
		if err := json.Unmarshal([]byte(line), &want); err != nil {
			t.Skip() // a number too large for encoding/json
		}
		if err := json.Unmarshal([]byte(rebuilt), &got); err != nil || !reflect.DeepEqual(got, want) && !strings.Contains(fmt.Sprint(want), "\ufffd") {
			t.Fatalf("%q over %q comes back as %q, %v", line, paths, rebuilt, err)
		}
		if again, _, _ := rebuild(t, rebuilt, paths); !reflect.DeepEqual(again, cells) && !strings.Contains(fmt.Sprint(want), "\ufffd") {
			t.Fatalf("%q fills %v, and rebuilt %v", line, cells, again)
		}
	})
}
