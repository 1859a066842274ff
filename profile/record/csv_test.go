package record

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func TestCSVDialect(t *testing.T) {
	utf16le, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("a;b\r\né;2\r\n")
	if err != nil {
		t.Fatal(err)
	}
	utf16be, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String("a,b\né,2\n")
	if err != nil {
		t.Fatal(err)
	}
	latin, err := charmap.ISO8859_1.NewEncoder().String("a,b\né,2\n")
	if err != nil {
		t.Fatal(err)
	}
	quoted := `"`
	for name, c := range map[string]struct {
		file string // extension .tsv when the name says so
		in   Dialect
		want Dialect
		row  string
	}{
		"comma":        {"a,b\n1,2\n", Dialect{}, Dialect{Delimiter: ","}, `"1" "2"`},
		"semicolon":    {"a;b\n1,5;2\n", Dialect{}, Dialect{Delimiter: ";"}, `"1,5" "2"`},
		"tab":          {"a\tb,c\td\n1\t2\t3\n", Dialect{}, Dialect{Delimiter: "\t"}, `"1" "2" "3"`},
		"pipe":         {"a|b\n1|2", Dialect{}, Dialect{Delimiter: "|"}, `"1" "2"`},
		"one column":   {"a\n1,2\n", Dialect{}, Dialect{Delimiter: ","}, `"1" +1`},
		"in quotes":    {"\"a,b,c\";d\n1;2\n", Dialect{}, Dialect{Delimiter: ";"}, `"1" "2"`},
		"stray quote":  {"5\" pipe;b\n1;2\n", Dialect{}, Dialect{Delimiter: ";"}, `"1" "2"`},
		"lazy quote":   {"\"a\"x;b\",,;c\n1;2\n", Dialect{}, Dialect{Delimiter: ","}, `"1;2" absent absent -2`},
		"tsv":          {"a,b\n1,2\n", Dialect{}, Dialect{Delimiter: "\t"}, `"1,2"`},
		"declared":     {"a,b^c\n1^2\n", Dialect{Delimiter: "^"}, Dialect{Delimiter: "^"}, `"1" "2"`},
		"wide":         {"a¦b\n1¦2\n", Dialect{Delimiter: "¦"}, Dialect{Delimiter: "¦"}, `"1" "2"`},
		"named tab":    {"a\tb\n1\t2\n", Dialect{Delimiter: "tab"}, Dialect{Delimiter: "\t"}, `"1" "2"`},
		"escaped tab":  {"a\tb\n1\t2\n", Dialect{Delimiter: `\t`}, Dialect{Delimiter: "\t"}, `"1" "2"`},
		"crlf":         {"a,b\r\n1,2\r\n", Dialect{}, Dialect{Delimiter: ",", CRLF: true}, `"1" "2"`},
		"cr":           {"a,b\r1,2\r", Dialect{}, Dialect{Delimiter: ",", CR: true}, `"1" "2"`},
		"cr and crlf":  {"a,b\r1,2\r\n", Dialect{}, Dialect{Delimiter: ",", CR: true}, `"1" "2"`},
		"all quoted":   {"\"a\",\"b\"\n1,2\n", Dialect{}, Dialect{Delimiter: ",", Quoting: QuoteAll}, `"1" "2"`},
		"some quoted":  {"\"a\",b\n1,2\n", Dialect{}, Dialect{Delimiter: ","}, `"1" "2"`},
		"need quotes":  {"\"a,b\"\n1\n", Dialect{Delimiter: ","}, Dialect{Delimiter: ","}, `"1"`},
		"said quoting": {"\"a\"\n1\n", Dialect{Quoting: QuoteNonNumeric}, Dialect{Delimiter: ",", Quoting: QuoteNonNumeric}, `"1"`},
		"preamble":     {"Report; \"of\n\r\n2024\ra;b\n1;2\n", Dialect{SkipLines: 3}, Dialect{Delimiter: ";", SkipLines: 3}, `"1" "2"`},
		"shift_jis":    {"a,b\n\x83\x5c,2\n", Dialect{Encoding: "SJIS"}, Dialect{Delimiter: ",", Encoding: "shift_jis"}, `"ソ" "2"`},
		"utf-8-sig":    {"a\n1\n", Dialect{Encoding: "utf-8-sig"}, Dialect{Delimiter: ","}, `"1"`},
		"blank first":  {"\r\n\na,b\n1,2\n", Dialect{}, Dialect{Delimiter: ","}, `"1" "2"`},
		"bom":          {"\xef\xbb\xbfa,b\n1,2\n", Dialect{Encoding: "latin-1"}, Dialect{Delimiter: ",", BOM: true}, `"1" "2"`},
		"bom, quotes":  {"\xef\xbb\xbf\"a\",b\n1,2\n", Dialect{}, Dialect{Delimiter: ",", BOM: true}, `"1" "2"`},
		"utf-16 bom":   {utf16le, Dialect{}, Dialect{Delimiter: ";", Encoding: "utf-16le", BOM: true, CRLF: true}, `"é" "2"`},
		"utf-16be":     {utf16be, Dialect{Encoding: "UTF-16BE"}, Dialect{Delimiter: ",", Encoding: "utf-16be"}, `"é" "2"`},
		"latin-1":      {latin, Dialect{Encoding: "iso-8859-1"}, Dialect{Delimiter: ",", Encoding: "latin-1"}, `"é" "2"`},
		"not utf-8":    {"a,b\n\xe9,2\n", Dialect{}, Dialect{Delimiter: ","}, `"\xe9" "2"`},
		"quoted bytes": {"a,b\n\"\xe9\n\",2\n", Dialect{}, Dialect{Delimiter: ","}, `"\xe9\n" "2"`},
		"no quotes":    {"a,b\n\"x,y\"\n", Dialect{Quote: "none"}, Dialect{Delimiter: ",", Quote: "none"}, `"\"x" "y\""`},
		"none, crlf":   {"a,b\r\n1,2\r\n", Dialect{Quote: "none"}, Dialect{Delimiter: ",", Quote: "none", CRLF: true}, `"1" "2"`},
		"none, cr":     {"a,b\r1,2", Dialect{Quote: "none"}, Dialect{Delimiter: ",", Quote: "none", CR: true}, `"1" "2"`},
	} {
		t.Run(name, func(t *testing.T) {
			if c.want.Encoding == "" {
				c.want.Encoding = "utf-8"
			}
			if c.want.Quote == "" {
				c.want.Quote = quoted
			}
			ext := "csv"
			if name == "tsv" {
				ext = name
			}
			s := mustOpen(t, Options{Dialect: c.in}, writeFile(t, "a."+ext, c.file))
			got := s.Schema().Dialect
			if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", c.want) {
				t.Errorf("dialect is %+v, want %+v", got, c.want)
			}
			equalRows(t, readAll(t, s, nil).rows(), []string{c.row})
		})
	}
}

func TestCSVRows(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"header only":   {"a,b", nil},
		"ragged":        {"a,b,c\n1\n1,2,3,4,5\n1,2,3\n,\n", []string{`"1" absent absent -2`, `"1" "2" "3" +2`, `"1" "2" "3"`, `"" "" absent -1`}},
		"blank lines":   {"a,b\n\n1,2\n\r\n3,4\n\n", []string{"absent absent -32767", `"1" "2"`, "absent absent -32767", `"3" "4"`, "absent absent -32767"}},
		"header again":  {"a,b\n1,2\na,b\n\"a\",b\nb,a\na,b,c\n", []string{`"1" "2"`, "absent absent -32766", "absent absent -32766", `"b" "a"`, `"a" "b" +1`}},
		"empty fields":  {"a,b\n,\n\"\",\n", []string{`"" ""`, `"" ""`}},
		"quotes":        {"a,b\n\"x \"\"y\"\"\",\"p,q\"\n", []string{`"x \"y\"" "p,q"`}},
		"newlines":      {"a,b\n\"x\ny\",\"p\r\nq\"\n", []string{`"x\ny" "p\r\nq"`}},
		"lazy":          {"a,b\nx\"y,\"p\"q\"\n", []string{`"x\"y" "p\"q"`}},
		"spaces":        {"a,b\n 1 ,\u00a02\n", []string{"\" 1 \" \"\\u00a02\""}},
		"no last break": {"a,b\n1,2", []string{`"1" "2"`}},
		"open quote":    {"a,b\n1,\"2\n3,4\n", []string{`"1" "2\n3,4\n" -32765`}},
	} {
		s := mustOpen(t, Options{BatchRows: 2}, writeFile(t, "a.csv", c.file))
		got := readAll(t, s, nil)
		if !slices.Equal(got.rows(), c.want) {
			t.Errorf("%s: got %q, want %q", name, got.rows(), c.want)
		}
	}
}

func TestCSVShapeIsBounded(t *testing.T) {
	s := mustOpen(t, Options{}, writeFile(t, "a.csv", "a\n"+strings.Repeat(",", 5000)+"\n"))
	if got := readAll(t, s, nil).shapes; len(got) != 1 || got[0] != MaxShape {
		t.Errorf("shapes are %v", got)
	}
}

func TestCSVNoHeader(t *testing.T) {
	d := Dialect{NoHeader: true, Columns: []string{"x", "y", ""}}
	s := mustOpen(t, Options{Dialect: d}, writeFile(t, "a.csv", "1;2,3\n4,5,6\n"))
	if got := s.Schema().Names(); !slices.Equal(got, []string{"x", "y", "column_3"}) {
		t.Errorf("names are %q", got)
	}
	equalRows(t, readAll(t, s, nil).rows(), []string{`"1;2" "3" absent -1`, `"4" "5" "6"`})
	// Without a header line there is nothing that an empty file lacks.
	equalRows(t, readAll(t, mustOpen(t, Options{Dialect: d}, writeFile(t, "b.csv", "")), nil).rows(), nil)
}

func TestHeaderNames(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a| b |b", "a| b |b"},
		{"|x|", "column_1|x|column_3"},
		{"column_2||column_2_2| ", "column_2|column_2_3|column_2_2|column_4"},
		{"\ufeffa|b", "a|b"},
		{"\ufeff", "column_1"},
	} {
		got, err := headerNames(strings.Split(c.in, "|"))
		if err != nil || strings.Join(got, "|") != c.want {
			t.Errorf("headerNames(%q) = %q, %v, want %q", c.in, got, err, c.want)
		}
	}
}

// TestManyFields: a header of as many blank fields as are read is named at once, and one more is too many.
func TestManyFields(t *testing.T) {
	if names, err := headerNames(make([]string, maxColumns)); err != nil || names[maxColumns-1] != "column_65536" {
		t.Errorf("%d names, %v", len(names), err)
	}
	_, err := Open([]string{writeFile(t, "a.csv", strings.Repeat(",", maxColumns)+"\n1\n")}, Options{})
	wantError(t, err, "a.csv", "65537 fields", "delimiter")
}

func TestCSVHeaderTooLong(t *testing.T) {
	_, err := Open([]string{writeFile(t, "a.csv", strings.Repeat("x", maxHeaderLine+1))}, Options{})
	wantError(t, err, "a.csv", "header line is longer")
}
