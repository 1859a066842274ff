package record

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestJSONLCells(t *testing.T) {
	const malformed = "absent absent -32768"
	for name, c := range map[string]struct {
		line, want string
	}{
		"tags":           {`{"a":null,"b":true}`, "null bool:true"},
		"absent":         {`{"c":1}`, "absent absent"},
		"empty":          {`{}`, "absent absent"},
		"numbers":        {`{"a":1.50e+3,"b":-0}`, "number:1.50e+3 number:-0"},
		"long number":    {`{"a":123456789012345678901234567890}`, "number:123456789012345678901234567890 absent"},
		"strings":        {`{"a":"x","b":""}`, `"x" ""`},
		"escapes":        {`{"a":"\"\\\/\b\f\n\r\t\u00e9","b":"\ud83d\ude00"}`, `"\"\\/\b\f\n\r\té" "😀"`},
		"surrogates":     {`{"a":"\ud83d","b":"x\ude00\u0041"}`, `"\xed\xa0\xbd" "x\xed\xb8\x80A"`},
		"high then high": {`{"a":"\ud83d\ud83d\ude00"}`, `"\xed\xa0\xbd😀" absent`},
		"invalid utf-8":  {"{\"a\":\"\xff\",\"b\":\"\xff\\n\"}", `"\xff" "\xff\n"`},
		"nested":         {`{"a": [1, {"x": "]} "}] , "b": { } }`, `json:[1,{"x":"]} "}] json:{}`},
		"twice":          {`{"a":1,"a":"x"}`, `"x" absent`},
		"escaped key":    {`{"\u0061":1}`, "number:1 absent"},
		"spaces":         {" \t{ \"a\" : 1 , \"b\" :\tfalse } \r", "number:1 bool:false"},
		"array":          {`[1]`, malformed},
		"scalar":         {`1`, malformed},
		"cut":            {`{"a":1`, malformed},
		"two":            {`{"a":1}{"a":2}`, malformed},
		"trailing comma": {`{"a":1,}`, malformed},
		"single quotes":  {`{'a':1}`, malformed},
		"NaN":            {`{"a":NaN}`, malformed},
		"raw control":    {"{\"a\":\"\x01\"}", malformed},
		"binary":         {"\x00\xff", malformed},
		"deep":           {strings.Repeat(`{"a":`, 20000), malformed},
	} {
		s := mustOpen(t, Options{}, writeFile(t, "a.jsonl", c.line+"\n"))
		if got := readAll(t, s, []string{"a", "b"}).rows(); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestJSONLLines(t *testing.T) {
	s := mustOpen(t, Options{BatchRows: 2}, writeFile(t, "a.ndjson", "\xef\xbb\xbf{\"a\":1}\r\n\n  \n{\"a\":2}\nbroken\n{\"a\":3}"))
	if s.Schema().Columns != nil {
		t.Errorf("columns are %v: the keys are data", s.Schema().Columns)
	}
	equalRows(t, readAll(t, s, []string{"a"}).rows(), []string{"number:1", "number:2", "absent -32768", "number:3"})
	equalRows(t, readAll(t, mustOpen(t, Options{}, writeFile(t, "b.json", "")), []string{"a"}).rows(), nil)
}

func TestJSONLLongLines(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 200 MB")
	}
	long := func(n int) string { return `{"a":"` + strings.Repeat("x", n-len(`{"a":""}`)) + `"}` }
	s := mustOpen(t, Options{}, writeFile(t, "a.jsonl", long(maxJSONLine)+"\n"+long(maxJSONLine+1)+"\n{\"a\":1}\n"+long(maxJSONLine+1)))
	got := readAll(t, s, []string{"a"})
	if want := []int16{0, Malformed, 0, Malformed}; !slices.Equal(got.shapes, want) {
		t.Errorf("shapes are %v, want %v", got.shapes, want)
	}
}

func TestPathsOfLines(t *testing.T) {
	s := mustOpen(t, Options{}, writeFile(t, "a.jsonl", `{"b":1,"a":{"x":1},"b":2,"\u0061":3}`+"\nbroken\n{}\n"+`{"c":null}`))
	var got []string
	err := s.Paths(context.Background(), func(paths []string) error {
		got = append(got, fmt.Sprint(paths))
		return nil
	})
	if want := "[b a.x a] [] [] [c]"; err != nil || strings.Join(got, " ") != want {
		t.Errorf("paths are %s, %v, want %s", got, err, want)
	}
	own := errors.New("enough")
	if err := s.Paths(context.Background(), func([]string) error { return own }); err != own {
		t.Errorf("emit's error comes back as %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Paths(ctx, func([]string) error { t.Error("called"); return nil }); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
}

// The scanner and encoding/json agree on every valid object, as far as the latter keeps what is there.
func FuzzMembers(f *testing.F) {
	f.Add(`{"a":1,"b":"\u00e9\ud83d\ude00","c":[1,2,{"d":null}],"e":true}`)
	f.Add(` { "a" : "\\\"" , "b" : -1.5e3 } `)
	f.Fuzz(func(t *testing.T, line string) {
		line = strings.TrimSpace(line)
		if !isObject([]byte(line)) {
			return
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal([]byte(line), &want); err != nil {
			t.Skip()
		}
		var d jsonDecoder
		for key, value := range want {
			cell := d.cell(value)
			if cell.Tag == Text {
				var s string
				if err := json.Unmarshal(value, &s); err != nil {
					t.Fatal(err)
				}
				if got := cell.Text; got != s && !strings.Contains(s, "\ufffd") {
					t.Fatalf("string %q is read %q", s, got)
				}
			}
			f := flattener{nesting: flat([]string{key}), cells: [][]Cell{make([]Cell, 1)}}
			if f.record([]byte(line), 0, nil); f.cells[0][0] != cell && !strings.Contains(line+key, "\ufffd") && utf8.ValidString(line) {
				t.Fatalf("member %q is read %v, want %v", key, f.cells[0][0], cell)
			}
		}
	})
}
