package record

import (
	"math"
	"path/filepath"
	"testing"
)

// parquetCases are, for each type, texts that it holds exactly as the reader writes them.
var parquetCases = []struct {
	typ  Type
	tag  Tag
	text []string
}{
	{"bool", Bool, []string{"true", "false"}},
	{"int8", Number, []string{"-128", "0", "127"}},
	{"int16", Number, []string{"-32768", "32767"}},
	{"int32", Number, []string{"-2147483648", "2147483647"}},
	{"int64", Number, []string{"-9223372036854775808", "9223372036854775807", "-1"}},
	{"uint8", Number, []string{"0", "255"}},
	{"uint16", Number, []string{"65535"}},
	{"uint32", Number, []string{"4294967295"}},
	{"uint64", Number, []string{"18446744073709551615", "0"}},
	{"float16", Number, []string{"0.1", "-65500", "NaN", "+Inf", "-Inf", "0.00000006", "-0", "1.001"}},
	{"float", Number, []string{"0.1", "16777216", "340282350000000000000000000000000000000", "NaN", "-Inf", "-0"}},
	{"double", Number, []string{"0.1", "-2.5", "NaN", "+Inf", "100000000000000000000000", "0.000001", "-0", "0"}},
	{"decimal(10, 2)", Number, []string{"12.50", "-0.01", "0.00", "99999999.99", "-99999999.99"}},
	{"decimal(5, 0)", Number, []string{"-42", "99999"}},
	{"decimal(3, 3)", Number, []string{"0.001", "-0.999"}},
	{"decimal(38, 10)", Number, []string{"-1234567890123456789012345678.0123456789"}},
	{"decimal(50, 4)", Number, []string{"-1.0000", "1234567890123456789012345678901234567890.1234", "-255.0000"}},
	{"decimal(76, 0)", Number, []string{"-9999999999999999999999999999999999999999999999999999999999999999999999999999"}},
	{"date32", Text, []string{"1970-01-01", "2024-02-29", "0000-01-01", "-0044-03-15", "12024-12-31", "1969-12-31"}},
	{"time32[ms]", Text, []string{"00:00:00.000", "23:59:59.999"}},
	{"time64[us]", Text, []string{"15:04:05.000006"}},
	{"time64[ns]", Text, []string{"15:04:05.000000007"}},
	{"timestamp[ms]", Text, []string{"2006-01-02T15:04:05.123", "1969-12-31T23:59:59.999"}},
	{"timestamp[us]", Text, []string{"0001-01-01T00:00:00.000000", "9999-12-31T23:59:59.999999"}},
	{"timestamp[ns]", Text, []string{"1677-09-21T00:12:43.145224192", "2262-04-11T23:47:16.854775807"}},
	{"timestamp[us, tz=UTC]", Text, []string{"2006-01-02T15:04:05.000000Z"}},
	{"timestamp[ms, tz=Europe/Paris]", Text, []string{"2006-01-02T15:04:05.000Z"}},
	{"duration[ms]", Number, []string{"-5", "86400000"}},
	{"string", Text, []string{"", "a", "Zoë", "line\nbreak", "\x00", "e\u0301"}},
	{"large_string", Text, []string{"x"}},
	{"binary", Text, []string{"\xff\x00", ""}},
	{"large_binary", Text, []string{"\xfe"}},
	{"fixed_size_binary[3]", Text, []string{"abc", "\x00\xff\x01"}},
}

func TestParquetRoundTrip(t *testing.T) {
	for _, c := range parquetCases {
		t.Run(string(c.typ), func(t *testing.T) {
			cells := []Cell{{Tag: Null}}
			for _, text := range c.text {
				cells = append(cells, Cell{c.tag, text}, Cell{Tag: Null})
			}
			path := filepath.Join(t.TempDir(), "a.parquet")
			writeTable(t, path, Schema{Columns: []Column{{Name: "x", Type: c.typ}}}, column(cells...))
			s := mustOpen(t, Options{}, path)
			if got := s.Schema().Columns; len(got) != 1 || got[0] != (Column{"x", c.typ, true}) {
				t.Errorf("schema is %v", got)
			}
			want := table{cells: [][]Cell{cells}, shapes: make([]int16, len(cells))}
			equalRows(t, readAll(t, s, nil).rows(), want.rows())
		})
	}
}

func TestParquetStoresOtherwise(t *testing.T) {
	// Types that Parquet does not have come back as the nearest that it has.
	for _, c := range []struct {
		typ, stored Type
		in, out     Cell
	}{
		{"timestamp[s]", "timestamp[ms]", Cell{Text, "2006-01-02T15:04:05"}, Cell{Text, "2006-01-02T15:04:05.000"}},
		{"time32[s]", "time32[ms]", Cell{Text, "15:04:05"}, Cell{Text, "15:04:05.000"}},
		{"date64", "date32", Cell{Text, "2006-01-02"}, Cell{Text, "2006-01-02"}},
		{JSONType, StringType, Cell{JSON, `{"a":1}`}, Cell{Text, `{"a":1}`}},
		{JSONType, StringType, Cell{Number, `1e3`}, Cell{Text, `1e3`}},
		{"null", "null", Cell{Text, "x"}, Cell{Tag: Null}},
	} {
		path := filepath.Join(t.TempDir(), "a.parquet")
		writeTable(t, path, Schema{Columns: []Column{{Name: "x", Type: c.typ}}}, column(c.in))
		s := mustOpen(t, Options{}, path)
		if got := s.Schema().Columns[0].Type; got != c.stored {
			t.Errorf("%s is stored as %s, want %s", c.typ, got, c.stored)
		}
		if got := readAll(t, s, nil).cells[0][0]; got != c.out {
			t.Errorf("%s: wrote %v, read %v, want %v", c.typ, c.in, got, c.out)
		}
	}
}

func TestParquetCannotHold(t *testing.T) {
	for _, c := range []struct {
		typ  Type
		text []string
	}{
		{"bool", []string{"", "yes", "1"}},
		{"int8", []string{"128", "x", "", "1.5", " 1", "1e2"}},
		{"uint64", []string{"-1", "18446744073709551616"}},
		{"float16", []string{"70000", "x"}},
		{"float", []string{"1e39", "x", ""}},
		{"double", []string{"1e999", "1,5"}},
		{"decimal(4, 2)", []string{"123", "1.234", "", ".", "--1", "+-1", "1e1", "x", "NaN"}},
		{"date32", []string{"2023-02-29", "2023-13-01", "2023-00-10", "2023-01-00", "20230101", "9999999999-01-01", "2023-1-1"}},
		{"time32[ms]", []string{"24:00:00", "12:60:00", "12:00:60", "12:00", "12:00:00.0001", "1:00:00"}},
		{"timestamp[ns]", []string{"2262-04-11T23:47:16.854775808", "1677-09-21T00:12:43.145224191", "9999-01-01T00:00:00", "x"}},
		{"timestamp[ms]", []string{"2006-01-02T15:04:05.0001", "2006-01-02T15:04:05+01:00"}},
		{"fixed_size_binary[3]", []string{"", "ab", "abcd"}},
	} {
		path := filepath.Join(t.TempDir(), "a.parquet")
		writeTable(t, path, Schema{Columns: []Column{{Name: "x", Type: c.typ}}}, column(texts(c.text...)...))
		for i, cell := range readAll(t, mustOpen(t, Options{}, path), nil).cells[0] {
			if cell.Tag != Null {
				t.Errorf("%s holds %q as %v, want null", c.typ, c.text[i], cell)
			}
		}
	}
}

func TestParquetLenientParsing(t *testing.T) {
	for _, c := range []struct {
		typ      Type
		in, want string
	}{
		{"bool", "TRUE", "true"},
		{"int64", "12.00", "12"},
		{"int64", "+7", "7"},
		{"double", "1e3", "1000"},
		{"double", "nan", "NaN"},
		{"decimal(6, 2)", "1", "1.00"},
		{"decimal(6, 2)", "1.5000", "1.50"},
		{"decimal(6, 2)", "-.5", "-0.50"},
		{"timestamp[ms]", "2006-01-02 15:04:05.1", "2006-01-02T15:04:05.100"},
		{"timestamp[ms]", "2006-01-02", "2006-01-02T00:00:00.000"},
		{"timestamp[ms]", "2006-01-02T15:04:05.1000000Z", "2006-01-02T15:04:05.100"},
		{"string", "a\xffb", "a\ufffdb"},
	} {
		path := filepath.Join(t.TempDir(), "a.parquet")
		writeTable(t, path, Schema{Columns: []Column{{Name: "x", Type: c.typ}}}, column(Cell{Text, c.in}))
		if got := readAll(t, mustOpen(t, Options{}, path), nil).cells[0][0].Text; got != c.want {
			t.Errorf("%s: wrote %q, read %q, want %q", c.typ, c.in, got, c.want)
		}
	}
}

func TestTypesRoundTrip(t *testing.T) {
	for _, c := range parquetCases {
		dt, err := parseType(c.typ)
		if err != nil {
			t.Errorf("parseType(%q): %v", c.typ, err)
			continue
		}
		if name, ok := typeName(dt); !ok || name != c.typ {
			t.Errorf("%q comes back as %q", c.typ, name)
		}
	}
	for _, bad := range []Type{"", "int", "list<int64>", "decimal(0, 0)", "decimal(77, 0)", "decimal(4, 5)", "decimal(4, -1)",
		"decimal(4", "fixed_size_binary[0]", "fixed_size_binary[x]", "time32[us]", "time64[ms]", "timestamp[]", "timestamp", "duration[m]"} {
		if dt, err := parseType(bad); err == nil {
			t.Errorf("parseType(%q) is %v, want an error", bad, dt)
		}
	}
}

func TestCreateParquetNamesTheBadColumn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.parquet")
	_, err := Create(path, Schema{Columns: []Column{{Name: "ok", Type: "int64"}, {Name: "bad", Type: "list<int64>"}}}, WriteOptions{})
	wantError(t, err, path, `column "bad"`, "list<int64>")
}

func TestShortestHalf(t *testing.T) {
	// Every finite 16-bit float reads back from its text.
	text := textOf(plainTypes["float16"])
	for v := range math.MaxUint16 + 1 {
		b := []byte{byte(v), byte(v >> 8)}
		s := string(text.appendBytes(nil, b))
		got, ok := text.parseBytes(s)
		if s == "NaN" {
			continue
		}
		if !ok || string(got) != string(b) {
			t.Fatalf("%#04x is written %s and read %x, %v", v, s, got, ok)
		}
	}
}
