package vault

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
)

// numbersCSV returns a table of one column of numbers, one in five of them missing.
func numbersCSV(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("n,m\n")
	for i := range rows {
		if i%5 == 0 {
			fmt.Fprintf(&b, ",x%d\n", i%3)
		} else {
			fmt.Fprintf(&b, "%d,x%d\n", i%97, i%3)
		}
	}
	return b.Bytes()
}

// purposes counts a profile's releases by purpose.
func purposes(p *profile.Profile) map[string]int {
	n := map[string]int{}
	for _, r := range p.Manifest.Releases {
		n[r.Purpose]++
	}
	return n
}

func TestKindOf(t *testing.T) {
	b := &build{spec: &spec.Spec{Columns: []spec.Column{{Name: "declared", Kind: mess.Date}, {Name: "listed", Values: []string{"x"}}}}}
	for _, c := range []struct {
		column record.Column
		kind   mess.Kind
		origin profile.Origin
	}{
		{record.Column{Name: "declared", Type: "string"}, mess.Date, profile.Declared},
		{record.Column{Name: "declared", Type: "int64"}, mess.Date, profile.Declared}, // the spec knows better than the schema
		{record.Column{Name: "listed", Type: "int64"}, mess.Integer, profile.Schema},  // nothing is said of its kind
		{record.Column{Name: "listed", Type: "string"}, "", profile.Learnt},
		{record.Column{Name: "other", Type: "timestamp[us]"}, mess.Timestamp, profile.Schema},
		{record.Column{Name: "other", Type: "string"}, "", profile.Learnt},
		{record.Column{Name: "other", Type: "json"}, "", profile.Learnt},
	} {
		kind, origin := b.kindOf(c.column)
		if kind != c.kind || origin != c.origin {
			t.Errorf("%s of type %s is %q, %s, want %q, %s", c.column.Name, c.column.Type, kind, origin, c.kind, c.origin)
		}
		b.columns = []record.Column{c.column}
		if got := b.undeclared(); got != (c.origin == profile.Learnt) {
			t.Errorf("%s of type %s: undeclared is %t", c.column.Name, c.column.Type, got)
		}
	}
	b.columns = []record.Column{{Name: "declared", Type: "string"}, {Name: "other", Type: "string"}}
	if !b.undeclared() {
		t.Error("one open column among declared ones is overlooked")
	}
}

// TestDeclaredKindsTakeNoVote: what the spec says is not paid for.
func TestDeclaredKindsTakeNoVote(t *testing.T) {
	n, m := spec.Column{Name: "n", Kind: mess.Integer}, spec.Column{Name: "m", Kind: mess.Category}
	for _, c := range []struct {
		name    string
		columns []spec.Column
		votes   int
		l2      float64
	}{{"both declared", []spec.Column{n, m}, 0, 0}, {"one declared", []spec.Column{m}, 1, 1}, {"none", nil, 1, math.Sqrt2}} {
		p := newBench(t, "t.csv", numbersCSV(500)).mustProfile(t, &spec.Spec{Version: 1, Columns: c.columns})
		if got := purposes(p)["column kinds"]; got != c.votes {
			t.Errorf("%s: %d votes, want %d", c.name, got, c.votes)
		}
		for _, r := range p.Manifest.Releases {
			if r.Purpose == "column kinds" && math.Abs(r.L2-c.l2) > 1e-12 {
				t.Errorf("%s: the vote has an L2 sensitivity of %g, want %g", c.name, r.L2, c.l2)
			}
		}
		for _, column := range p.Manifest.Columns {
			declared := slices.ContainsFunc(c.columns, func(d spec.Column) bool { return d.Name == column.Name })
			if want := map[bool]profile.Origin{true: profile.Declared, false: profile.Learnt}[declared]; column.Origin != want {
				t.Errorf("%s: the kind of %s is %s, want %s", c.name, column.Name, column.Origin, want)
			}
			if want := map[string]mess.Kind{"n": mess.Integer, "m": mess.Category}[column.Name]; column.Kind != string(want) {
				t.Errorf("%s: %s is a column of kind %s, want %s", c.name, column.Name, column.Kind, want)
			}
		}
	}
}

// datesCSV returns two columns of the first half of 2023: one written day first, one month first.
func datesCSV(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("uk,us\n")
	for i := range rows {
		month, day := 1+i%6, 1+i%28
		fmt.Fprintf(&b, "%02d/%02d/2023,%02d/%02d/2023\n", day, month, month, day)
	}
	return b.Bytes()
}

// TestDayFirst: the order of a column's dates is learnt with its kind, or declared, and then the dates are the right ones.
// Wrongly read, half of the days up to 12 were in the other half of the year, 21 % of the records; rightly read none. Half of that,
// 10 %, is 200 records away from both: more than 10 σ of the noise at this budget, or 1e-22.
func TestDayFirst(t *testing.T) {
	no, yes := false, true
	end := profile.Edge{M: 16881696, E: 2} // 2023-07-01
	for _, c := range []struct {
		name    string
		columns []spec.Column
		uk, us  bool
	}{
		{"learnt", nil, true, false},
		{"declared", []spec.Column{{Name: "uk", Kind: mess.Date, DayFirst: &yes}, {Name: "us", Kind: mess.Date}}, true, false},
		{"declared wrongly", []spec.Column{{Name: "uk", DayFirst: &no}, {Name: "us", DayFirst: &yes}}, false, true},
	} {
		p := newBench(t, "t.csv", datesCSV(2000)).mustProfile(t, &spec.Spec{Version: 1, Columns: c.columns})
		for i, want := range []bool{c.uk, c.us} {
			column, table := p.Manifest.Columns[i], p.Tables[len(p.Tables)-2+i]
			if column.Kind != "date" || column.DayFirst != want {
				t.Errorf("%s: %s is a %s with the day first: %v, want %v", c.name, column.Name, column.Kind, column.DayFirst, want)
			}
			var all, late int64
			codec, err := column.Codec()
			if err != nil {
				t.Fatal(err)
			}
			for k, cell := range table.Cells {
				code := p.Attribute(column.Name).Codes[cell[0]]
				v, _, typed := codec.Parse(record.Cell{Tag: record.Text, Text: code.Label})
				all += table.Weights[k]
				if code.Class == profile.Bin && code.Lo.Compare(end) >= 0 || typed && v.Pos >= end.Float() {
					late += table.Weights[k]
				}
			}
			if got, right := float64(late)/float64(all), want == (i == 0); (got < 0.1) != right {
				t.Errorf("%s: %.3f of %s are after June, read right: %v", c.name, got, column.Name, right)
			}
		}
	}
}

func TestCheckNames(t *testing.T) {
	bare, header, none := record.Dialect{}, record.Dialect{Header: true}, record.Dialect{NoHeader: true}
	for _, c := range []struct {
		name    string
		format  record.Format
		dialect record.Dialect
		columns []string
		blamed  string // what the error must say; "" when there is none
	}{
		{"ordinary", record.CSV, bare, []string{"a", "b", "a form", "~", "row"}, ""},
		{"no columns", record.JSONL, bare, nil, ""},
		{"a form attribute's", record.Parquet, bare, []string{"a", "a~form"}, `"a~form"`},
		{"of a column that is not there", record.JSONL, bare, []string{"a~form"}, `"a~form"`},
		{"the row attribute's", record.CSV, header, []string{"~row"}, `"~row"`},
		{"not UTF-8", record.Parquet, bare, []string{"a", "secret\xff"}, "column 2"},
		{"a record for a header", record.CSV, bare, []string{"a", "secret@example.com"}, "column 2"},
		{"said to be a header", record.CSV, header, []string{"a", "secret@example.com"}, ""},
		{"named by hand", record.CSV, none, []string{"a", "secret@example.com"}, ""},
		{"a schema's", record.Parquet, bare, []string{"secret@example.com"}, ""},
	} {
		b := &build{schema: record.Schema{Format: c.format, Dialect: c.dialect}}
		for _, n := range c.columns {
			b.columns = append(b.columns, record.Column{Name: n})
		}
		err := b.checkNames()
		switch {
		case (err != nil) != (c.blamed != ""):
			t.Errorf("%s: got %v", c.name, err)
		case err != nil && (!strings.Contains(err.Error(), c.blamed) || strings.Contains(err.Error(), "secret")):
			t.Errorf("%s: got %v, want %s blamed, and no name that may be data", c.name, err, c.blamed)
		}
	}
}

// TestBadNamesCostNothing: names that no profile can hold are found before anything is reserved.
func TestBadNamesCostNothing(t *testing.T) {
	for _, c := range []struct{ name, file, data, columns string }{
		{"a form attribute's", "t.csv", "a,a~form\n1,2\n", ""},
		{"the row attribute's", "t.csv", "~row,b\n1,2\n", ""},
		{"not UTF-8", "t.csv", "a,\xffsecret\n1,2\n", ""},
		{"a form attribute's, declared for JSON lines", "t.jsonl", "{}\n", "a a~form"},
		{"the row attribute's, declared for JSON lines", "t.jsonl", "{}\n", "~row"},
	} {
		b := newBench(t, c.file, []byte(c.data))
		sp := &spec.Spec{Version: 1}
		for _, n := range strings.Fields(c.columns) {
			sp.Columns = append(sp.Columns, spec.Column{Name: n, Kind: mess.Category})
		}
		_, err := b.profile(t.Context(), sp)
		if !errors.Is(err, ErrMismatch) {
			t.Errorf("%s: got %v, want ErrMismatch", c.name, err)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error quotes bytes that may be anything: %v", c.name, err)
		}
		b.nothingLeft(t)
		if a := b.account(t); a.Runs != 0 {
			t.Errorf("%s: budget was reserved", c.name)
		}
	}
}

// weightOf returns the share of a one-attribute table's mass that a code has.
func weightOf(p *profile.Profile, attribute string, code int) float64 {
	mass, all := 0.0, 0.0
	for _, t := range p.Tables {
		if t.Attributes[0] != attribute {
			continue
		}
		for i, c := range t.Cells {
			all += float64(t.Weights[i])
			if c[0] == int32(code) {
				mass += float64(t.Weights[i])
			}
		}
	}
	return mass / all
}

// TestShapesOfRaggedRows: short and long rows are found at the rate at which they occur, and a shape of one row is not.
// Each shape's released count is off by more than 7 σ with a probability of 2.6e-12.
func TestShapesOfRaggedRows(t *testing.T) {
	const rows = 3000
	var data bytes.Buffer
	data.WriteString("a,b,c\n")
	want := map[string]int{}
	for i := range rows {
		switch {
		case i == 77:
			data.WriteString("1,2,3,4,5,6,7\n")
			want["0"]-- // it is no regular row, and its own shape is not released
		case i%10 == 0:
			data.WriteString("1,2\n")
			want["-1"]++
		case i%10 == 1:
			data.WriteString("1,2,3,4\n")
			want["1"]++
			continue
		default:
			data.WriteString("1,2,3\n")
		}
	}
	want["0"] = rows - want["-1"] - want["1"] - 1
	p := newBench(t, "ragged.csv", data.Bytes()).mustProfile(t, &spec.Spec{Version: 1})
	attr := p.Attribute(profile.RowShape)
	if attr == nil || attr.Role != profile.RoleRow || p.Attributes[0].Name != profile.RowShape {
		t.Fatal("there is no row attribute in front")
	}
	sigma := 0.0
	for _, r := range p.Manifest.Releases {
		if r.Purpose == "row shapes" {
			sigma = r.Sigma
		}
	}
	found := 0
	for i, code := range attr.Codes {
		switch n, ok := want[code.Label]; {
		case code.Class == profile.OtherShape:
		case !ok:
			t.Errorf("the shape %s was released, which one row has", code.Label)
		default:
			found++
			if share := weightOf(p, profile.RowShape, i); math.Abs(share-float64(n)/rows) > 14*sigma/rows {
				t.Errorf("the shape %s has a share of %.4f, want %.4f", code.Label, share, float64(n)/rows)
			}
		}
	}
	if found != len(want) {
		t.Errorf("%d shapes of %d were released", found, len(want))
	}
	absent := slices.IndexFunc(p.Attribute("c").Codes, func(c profile.Code) bool { return c.Class == profile.Absent })
	if share := weightOf(p, "c", absent); math.Abs(share-0.1) > 0.02 {
		t.Errorf("the last column is absent from a share of %.4f of the rows, want 0.1", share)
	}
}

// TestRegularRowsHaveOneShape: the regular shape is public, and all there is.
func TestRegularRowsHaveOneShape(t *testing.T) {
	p := newBench(t, "t.csv", numbersCSV(500)).mustProfile(t, &spec.Spec{Version: 1})
	for _, code := range p.Attribute(profile.RowShape).Codes {
		if code.Origin != profile.Schema {
			t.Errorf("the shape %s is %s", code.Label, code.Origin)
		}
	}
	if share := weightOf(p, profile.RowShape, 1); share != 1 {
		t.Errorf("regular rows have a share of %g", share)
	}
}

// TestJSONLinesWithDeclaredColumns: declared columns are all that is read, in the spec's order, and no key is paid for.
func TestJSONLinesWithDeclaredColumns(t *testing.T) {
	var data bytes.Buffer
	for i := range 2000 {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&data, `{"n": %d, "color": "red", "undeclared": 1}`+"\n", i%50)
		case 1:
			fmt.Fprintf(&data, `{"color": null}`+"\n")
		default:
			fmt.Fprintf(&data, `{"n": %d, "color": "green"}`+"\n", i%50)
		}
	}
	sp := &spec.Spec{Version: 1, Columns: []spec.Column{
		{Name: "color", Kind: mess.Category, Values: []string{"red", "green", "blue"}}, {Name: "n", Kind: mess.Integer}, {Name: "never", Kind: mess.Category},
	}}
	p := newBench(t, "t.jsonl", data.Bytes()).mustProfile(t, sp)
	var names []string
	for _, c := range p.Manifest.Columns {
		names = append(names, c.Name)
		if c.Type != record.JSONType || !c.Nullable || c.Origin != profile.Declared {
			t.Errorf("column %s is %+v", c.Name, c)
		}
	}
	if !slices.Equal(names, []string{"color", "n", "never"}) {
		t.Errorf("columns are %q", names)
	}
	if got := purposes(p); got["json paths"]+got["paths in a record"]+got["order of keys"]+got["other keys"]+got["column kinds"] > 0 {
		t.Errorf("releases are %v: keys and kinds need none", got)
	}
	// The noise is far below 2 % of 2,000 rows.
	share := func(attribute string, is func(profile.Code) bool) float64 {
		return weightOf(p, attribute, slices.IndexFunc(p.Attribute(attribute).Codes, is))
	}
	of := func(class profile.Class, label string) func(profile.Code) bool {
		return func(c profile.Code) bool { return c.Class == class && c.Label == label }
	}
	for _, c := range []struct {
		attribute string
		is        func(profile.Code) bool
		want      float64
	}{
		{"color", of(profile.Literal, "red"), 0.25}, {"color", of(profile.Literal, "green"), 0.5}, {"color", of(profile.Literal, "blue"), 0},
		{"color", of(profile.Null, ""), 0.25}, {"n", of(profile.Absent, ""), 0.25}, {"never", of(profile.Absent, ""), 1},
	} {
		if got := share(c.attribute, c.is); math.Abs(got-c.want) > 0.03 {
			t.Errorf("%s: a share of %.4f, want %.2f", c.attribute, got, c.want)
		}
	}
}

// TestRowsThatAreNoRecords: blank lines and repeated headers are records of their own shape, absent from every column,
// and duplicates are counted without them. σ is about 2 rows here, so that 40 are far beyond it.
func TestRowsThatAreNoRecords(t *testing.T) {
	const rows = 6000
	data := bytes.NewBufferString("id,color\r\n")
	for i := range rows {
		switch {
		case i%10 == 0:
			data.WriteString("\r\n")
		case i%10 == 1:
			data.WriteString("id,color\r\n")
		case i%10 == 2:
			fmt.Fprintf(data, "%d,red\r\n", 100_000+i+1) // like the next
		default:
			fmt.Fprintf(data, "%d,red\r\n", 100_000+i)
		}
	}
	p := newBench(t, "t.csv", data.Bytes()).mustProfile(t, &spec.Spec{Version: 1})
	if math.Abs(p.Manifest.Rows-rows) > 40 {
		t.Errorf("%.0f rows, want %d", p.Manifest.Rows, rows)
	}
	for _, shape := range []int16{record.Blank, record.HeaderAgain} {
		i := slices.IndexFunc(p.Attribute(profile.RowShape).Codes, func(c profile.Code) bool { return c.Label == fmt.Sprint(shape) })
		if i < 0 {
			t.Fatalf("the shape %d was not released", shape)
		}
		if share := weightOf(p, profile.RowShape, i); math.Abs(share-0.1) > 40./rows {
			t.Errorf("the shape %d has a share of %.4f, want 0.1", shape, share)
		}
	}
	absent := slices.IndexFunc(p.Attribute("color").Codes, func(c profile.Code) bool { return c.Class == profile.Absent })
	if share := weightOf(p, "color", absent); math.Abs(share-0.2) > 40./rows {
		t.Errorf("the column is absent from a share of %.4f of the rows, want 0.2", share)
	}
	for _, m := range p.Measurements {
		if m.Attributes[0] != profile.RowCopies {
			continue
		}
		for i, want := range []float64{rows * 0.6, rows * 0.1, 0, 0, 0, 0, 0} {
			if math.Abs(m.Values[i]-want) > 8*m.Sigma {
				t.Errorf("%.0f rows occur %s times, want %.0f", m.Values[i], profile.CopyRanges()[i].Label, want)
			}
		}
		return
	}
	t.Error("copies were not measured")
}
