package spec

import (
	"errors"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

func draft(t *testing.T, schema record.Schema, dataset string) (*Spec, string) {
	t.Helper()
	var b strings.Builder
	if err := Draft(&b, schema, dataset); err != nil {
		t.Fatal(err)
	}
	sp, err := Parse([]byte(b.String()))
	if err != nil {
		t.Fatalf("the draft does not parse: %v\n%s", err, b.String())
	}
	return sp, b.String()
}

func column(name string, typ record.Type) record.Column { return record.Column{Name: name, Type: typ} }

func TestDraftKinds(t *testing.T) {
	tests := []struct {
		name string
		typ  record.Type
		want mess.Kind // "" for a column that is left to be learnt
	}{
		{"status", "string", ""},
		{"Valid", "string", ""},   // ends in id, but is no word of its own
		{"telling", "string", ""}, // begins with tel
		{"amount", "int64", mess.Integer},
		{"amount", "double", mess.Decimal},
		{"seen", "date32", mess.Date},
		{"seen", "timestamp[us, tz=UTC]", mess.Timestamp},
		{"ok", "bool", mess.Boolean},
		{"E-Mail", "string", mess.Email},
		{"email_address", "string", mess.Email},
		{"firstName", "string", mess.Name},
		{"Contractor Name", "string", mess.TextKind},
		{"phone2", "string", mess.Phone},
		{"Home Phone Number", "string", mess.Phone},
		{"phone_type", "string", mess.TextKind}, // about the phone, not the phone
		{"email_verified", "string", mess.TextKind},
		{"surname", "string", mess.Name},
		{"full_name", "string", mess.Name},
		{"client_ip", "string", mess.IP},
		{"IP Address", "string", mess.IP},
		{"userAgent", "string", mess.UserAgent},
		{"username", "string", mess.UserName},
		{"card_number", "string", mess.Card},
		{"card_type", "string", mess.TextKind},
		{"iban", "string", mess.IBAN},
		{"ssn", "string", mess.NationalID},
		{"billing_zip", "string", mess.PostalCode},
		{"Postcode", "string", mess.PostalCode},
		{"zip", "int64", mess.Integer},
		{"address", "string", mess.Address},
		{"address_1", "string", mess.Address},
		{"url", "string", mess.URL},
		{"city", "string", mess.City},
		{"city_id", "string", mess.ID},
		{"lat", "string", mess.Decimal},
		{"longitude", "double", mess.Decimal},
		{"lat_lng", "string", mess.Geo},
		{"product_name", "string", mess.TextKind},
		{"capacity", "string", ""},
		{"shipping", "string", ""},
		{"SSN", "int64", mess.TextKind},
		{"customer_id", "int64", mess.ID},
		{"orderUUID", "string", mess.ID},
		{"contact id", "string", mess.TextKind}, // personal data weighs more
		{"address_changed", "bool", mess.Boolean},
		{"id_date", "date32", mess.Date},
		{"user_ids[]", record.ListType, mess.Integer}, // how many
		{"address", record.StructType, mess.Category}, // whether there is one
	}
	for _, tt := range tests {
		sp, text := draft(t, record.Schema{Format: record.Parquet, Columns: []record.Column{column(tt.name, tt.typ)}}, "d")
		if got := sp.Columns[0].Kind; got != tt.want {
			t.Errorf("%s %s: kind %q, want %q", tt.name, tt.typ, got, tt.want)
		}
		codec, err := mess.ForKind(tt.want)
		masked := err == nil && (codec.Open() && !codec.Literal() || tt.want == mess.TextKind || tt.want == mess.ID)
		if masked != strings.Contains(text, "never be released") {
			t.Errorf("%s %s: the draft says that literals are never released: %v, want %v", tt.name, tt.typ, !masked, masked)
		}
	}
}

// Any name that a schema can hold comes back from the draft as it was.
func TestDraftNames(t *testing.T) {
	names := []string{
		"plain", "two words", " leading", "trailing ", "a: b", "a #b", "#a", "- a", "true", "Null", "~", "123", "1e5", "0x1f", "'", `"`, `a"b\c`,
		"a\nb", "a\tb", "{a}", "[a]", "*a", "&a", "!a", "%a", "@a", "`a", "| a", "> a", "? a", "größe", "名前", "\u2028", "\x01", "=", "<<", ".inf", "a'b",
		"2024-01-01", "N", "yes", "-", "a,b", "\U0001F600", strings.Repeat("x", 300),
	}
	schema := record.Schema{Format: record.CSV, Dialect: record.Dialect{Delimiter: "\t", Encoding: "utf-16le", Quote: "none", NoHeader: true, SkipLines: 3}}
	for _, n := range names {
		schema.Columns = append(schema.Columns, column(n, record.StringType))
	}
	sp, _ := draft(t, schema, "names")
	if err := sp.Match(names); err != nil {
		t.Errorf("a name changed: %v", err)
	}
	if len(sp.Columns) != len(names) {
		t.Errorf("%d columns of %d", len(sp.Columns), len(names))
	}
	d := sp.Dialect()
	if d.Delimiter != "\t" || d.Encoding != "utf-16le" || d.Quote != "none" || !d.NoHeader || sp.Source.Format != record.CSV {
		t.Errorf("the dialect came back as %+v", d)
	}
}

func TestDraftNameThatIsNotUTF8(t *testing.T) {
	sp, text := draft(t, record.Schema{Format: record.CSV, Columns: []record.Column{column("a\xff", "string"), column("b", "string")}}, "d")
	if len(sp.Columns) != 1 || sp.Columns[0].Name != "b" || !strings.Contains(text, "column 1") {
		t.Errorf("drafted %+v", sp.Columns)
	}
}

func TestDraftDeclaresNoBudget(t *testing.T) {
	sp, text := draft(t, record.Schema{Format: record.CSV, Columns: []record.Column{column("a", "string")}}, "d")
	if sp.Privacy != (Privacy{}) || !strings.Contains(text, "# privacy:") {
		t.Errorf("the privacy section is %+v", sp.Privacy)
	}
}

func TestDraftJSONLines(t *testing.T) {
	sp, text := draft(t, record.Schema{Format: record.JSONL}, "events")
	if len(sp.Columns) != 0 || sp.Dataset != "events" || !strings.Contains(text, "no line was read") {
		t.Errorf("drafted %+v", sp)
	}
	// What is commented out works when it is uncommented.
	_, section, _ := strings.Cut(text, "# columns:\n")
	section, _, _ = strings.Cut(section, "#\n")
	section = "version: 1\ncolumns:\n" + strings.ReplaceAll("\n"+section, "\n# ", "\n")
	if sp, err := Parse([]byte(section)); err != nil || len(sp.Columns) != 4 {
		t.Errorf("the example does not parse: %v\n%s", err, section)
	}
}

// A unit is suggested where a name calls for it, never declared; uncommented it is a spec.
func TestDraftUnit(t *testing.T) {
	for name, suggested := range map[string]bool{"customer_id": true, "a b: user id": true, "order_id": false} {
		sp, text := draft(t, record.Schema{Format: record.CSV, Columns: []record.Column{column(name, "string"), column("amount", "int64")}}, "d")
		if sp.Unit.Keyed() || strings.Contains(text, "tell whose a record is: "+name) != suggested {
			t.Errorf("%s: the unit is %+v, suggested: %v, want %v\n%s", name, sp.Unit, !suggested, suggested, text)
		}
		_, section, _ := strings.Cut(text, "# unit:\n")
		section, _, _ = strings.Cut(section, "\n\n")
		sp, err := Parse([]byte("version: 1\nunit:\n" + strings.ReplaceAll("\n"+section, "\n#", "\n")))
		if err != nil || sp.Unit.MaxRecords != 8 || suggested && sp.Unit.Columns[0] != name {
			t.Errorf("%s: uncommented it is %+v, %v", name, sp, err)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestDraftReportsWriteErrors(t *testing.T) {
	if err := Draft(failing{}, record.Schema{Format: record.JSONL}, "d"); err == nil {
		t.Error("no error from a writer that fails")
	}
}

func TestDatasetName(t *testing.T) {
	for path, want := range map[string]string{
		"data.csv":            "data",
		"/a/b/orders.parquet": "orders",
		"parts/":              "parts",
		"my data (1).csv":     "my-data-1",
		"größe.csv":           "gr-e",
		"a..b.csv":            "a.b",
		".hidden":             "hidden",
		"---.csv":             "dataset",
		"日本.csv":              "dataset",
		"v1.2.csv":            "v1.2",

		strings.Repeat("x", 200): strings.Repeat("x", 128),
	} {
		if got := DatasetName(path); got != want {
			t.Errorf("DatasetName(%q) = %q, want %q", path, got, want)
		}
	}
	if got := DatasetName("."); got != "spec" { // this package's directory
		t.Errorf("DatasetName(.) = %q", got)
	}
}
