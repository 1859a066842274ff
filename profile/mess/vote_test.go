package mess

import (
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

func TestVote(t *testing.T) {
	for _, tc := range []struct {
		cell record.Cell
		want Kind
	}{
		{text(""), "missing"}, {text("N/A"), "missing"}, {record.Cell{Tag: record.Null}, "missing"},
		{text("yes"), Boolean}, {text("TRUE"), Boolean}, {record.Cell{Tag: record.Bool, Text: "true"}, Boolean},
		{text("0"), Integer}, {text("1"), Integer}, {text("-42"), Integer}, {number("7"), Integer}, {text("20240131"), Integer},
		{text("1.0"), Decimal}, {number("0.5"), Decimal},
		{text("2024-01-31"), Date}, {text("2024-01-31 00:00:00"), Timestamp}, {text("2024-01-31T12:00Z"), Timestamp},
		{text("31.01.2024"), Date}, {text("1/31/24"), Date}, {text("Jan 31, 2024"), Date}, {text("6/1/1930 22:00"), Timestamp}, {text("20240131 22:00"), Timestamp},
		{text("31/01/2024"), dateDayFirst}, {text("31-01-2024 10:00"), timestampDayFirst}, {text("03/04/2024"), Date}, {text("31/Jan/2024"), Date}, {text("31.01.24 10:00"), Category},
		{text("22:00"), Time}, {text("9:05 PM"), Time}, {text("1:30:00"), Time},
		{text("25:30:00"), Duration}, {text("90 min"), Duration}, {text("1.5 hours"), Duration}, {text("1h30m"), Duration}, {text("PT5M"), Duration}, {text("90 m"), Integer}, {text("5s"), Integer}, {text("about 5 min"), Category},
		{text("1.2.24"), Category}, {text("10.10.10"), Category}, {text("1/2"), Category}, {text("9-5"), Category}, {text("1-2-24"), Category},
		{text("red"), Category}, {text("007"), padded}, {text(" 00 "), padded}, {number("0"), Integer}, {text("FFP: Firm Fixed Price"), Category},
		{text("one two three four five six seven eight"), TextKind}, {text(string(make([]byte, 100))), TextKind}, {record.Cell{Tag: record.JSON, Text: "[]"}, TextKind},
		{text("005-03-01-01-01-1000-00"), ID}, {text("00123456789"), ID}, {text("3f2504e04f89"), ID}, {text("INV-0001234"), ID}, {text("31/02/2024"), ID}, {text("555 123 4567"), Phone},
		{text("$1,234,567.89"), Decimal}, {text("$4.99"), Decimal}, {text("10,000+"), Integer}, {text("19M"), Integer}, {text("12.0 oz"), Decimal}, {text("50%"), Integer},
		{text("5.5E+17"), Decimal}, {text("(1,234)"), Integer}, {text("123 456"), Integer}, {text("1.2.3"), Version}, {text("v2.0"), Version}, {text("10.0.19041"), Version}, {text("2.0-rc.1"), Version}, {text("v7"), Category}, {text("005.1.2"), Category}, {text("1.234.567"), ID}, {text("192.168.100.200"), IP}, {text("R101"), Category},
		{text("555 123 456"), Category}, {text("555.123.456"), ID}, {text("555 123.4567"), Phone}, {text("+15551234567"), Phone}, {text("(555) 123-4567"), Phone}, {text("0012.5"), Category},
		{text("jane@example.org"), Email}, {text("https://example.org/a"), URL}, {text("curl/8.1"), UserAgent}, {text("4111 1111 1111 1111"), Card}, {text("DE89370400440532013000"), IBAN},
		{text("123-45-6789"), NationalID}, {text("48.8566, 2.3522"), Geo}, {text("+49 30 901820"), Phone}, {text("SW1A 1AA"), PostalCode}, {text("02139"), PostalCode}, {text("12 Main St"), Address},
		{text("Chicago"), City}, {text("Jane Smith"), Name}, {text("Jane"), Name}, {text("@jane_smith"), UserName}, {text("jsmith42"), UserName},
		{text("SKU-12345"), Category}, {text("AB-1234"), Category}, {text("New Product"), Category}, {text("North Carolina"), Category}, {text("General Motors"), Category}, {text("2000"), Integer},
		{text("status_code"), Category}, {text("Main Street"), Category}, {text("jane"), Name}, {text("3 rooms"), Category}, {text("10-K"), Category},
	} {
		got := Ballot()[Vote(tc.cell)]
		if kind, order, ok := strings.Cut(string(got), ", "); ok && order == "month first" {
			got = Kind(kind)
		}
		if got != tc.want {
			t.Errorf("%s %.40q votes %s, want %s", tc.cell.Tag, tc.cell.Text, got, tc.want)
		}
	}
}

// Vote counts on the ballot's kinds with parsed values standing in the registry's order.
func TestBallotFollowsTheRegistry(t *testing.T) {
	b := Ballot()
	if more := 5; len(b) != len(codecs)+1+more {
		t.Fatalf("%d votes for %d kinds", len(b), len(codecs))
	}
	for i, k := range Kinds() {
		if b[i+1] != k {
			t.Errorf("vote %d is %s, kind %d is %s", i+1, b[i+1], i, k)
		}
	}
	b[0] = "changed"
	if Ballot()[0] == "changed" {
		t.Error("the ballot can be changed from outside")
	}
	if _, err := ForKind("colour"); err == nil {
		t.Error("an unknown kind has a codec")
	}
}

func TestElect(t *testing.T) {
	// In the order of Ballot without durations and the open kinds: missing, boolean, integer, decimal, date, timestamp, time, category, text, id.
	for _, tc := range []struct {
		name  string
		votes []float64
		want  Kind
	}{
		{"none", []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, Category},
		{"all missing", []float64{1000, 2, -3, 4, 1, 0, 0, 5, -2, 3}, Category},
		{"noise only", []float64{0, 25, 20, 5, 5, 5, 0, -5, 0, 0}, Category},
		{"booleans", []float64{50, 900, 10, 0, 0, 0, 0, 40, 0, 0}, Boolean},
		{"integers", []float64{50, 3, 900, 4, 0, 0, 0, 40, 0, 0}, Integer},
		{"a few decimals", []float64{0, 0, 900, 40, 0, 0, 0, 0, 0, 0}, Decimal},
		{"decimals below noise", []float64{0, 0, 900, 29, 0, 0, 0, 0, 0, 0}, Integer},
		{"decimals in a million", []float64{0, 0, 1e6, 1500, 0, 0, 0, 0, 0, 0}, Integer},
		{"dates", []float64{0, 0, 0, 0, 700, 5, 0, 200, 0, 0}, Date},
		{"times", []float64{0, 0, 0, 0, 0, 700, 0, 200, 0, 0}, Timestamp},
		{"times of day", []float64{0, 0, 0, 0, 0, 0, 700, 200, 0, 0}, Time},
		{"categories win", []float64{0, 0, 400, 0, 0, 0, 0, 500, 0, 0}, Category},
		{"prose", []float64{0, 0, 0, 0, 0, 0, 0, 200, 500, 0}, TextKind},
		{"identifiers", []float64{0, 0, 100, 0, 0, 0, 0, 50, 0, 500}, ID},
		{"mixed texts", []float64{0, 0, 0, 0, 0, 0, 0, 300, 250, 200}, Category},
		{"few identifiers", []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 50}, Category},
		{"negative noise", []float64{-9, -9, -9, -9, -9, -9, 0, -9, -9, -9}, Category},
	} {
		if got := Elect(withOpen(tc.votes, nil), 10); got != tc.want {
			t.Errorf("%s elect %s, want %s", tc.name, got, tc.want)
		}
	}
}

// withOpen puts the votes for open kinds among those for the others.
func withOpen(others []float64, open map[Kind]float64) []float64 {
	votes := append(slices.Clone(others[:7]), 0) // durations
	for _, k := range openKinds {
		votes = append(votes, open[k])
	}
	votes = append(votes, others[7:]...)
	return append(votes, make([]float64, len(ballot)-len(votes))...)
}

func TestElectOpenKinds(t *testing.T) {
	for _, tc := range []struct {
		name  string
		votes []float64
		open  map[Kind]float64
		want  Kind
	}{
		{"e-mails", []float64{50, 0, 0, 0, 0, 0, 0, 40, 0, 0}, map[Kind]float64{Email: 700}, Email},
		{"phones with others", []float64{0, 0, 100, 0, 0, 0, 0, 100, 0, 100}, map[Kind]float64{Phone: 700}, Phone},
		{"a third of cities", []float64{0, 0, 0, 0, 0, 0, 0, 600, 0, 0}, map[Kind]float64{City: 300}, Category},
		{"names and places", []float64{0, 0, 0, 0, 0, 0, 0, 300, 0, 0}, map[Kind]float64{Name: 400, City: 300}, Category},
		{"a few handles", []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, map[Kind]float64{UserName: 50}, Category},
		{"numbers of which some are cards", []float64{0, 0, 900, 0, 0, 0, 0, 0, 0, 0}, map[Kind]float64{Card: 90}, Integer},
	} {
		if got := Elect(withOpen(tc.votes, tc.open), 10); got != tc.want {
			t.Errorf("%s elect %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestElectDayFirst(t *testing.T) {
	for _, tc := range []struct {
		name  string
		votes map[Kind]float64
		kind  Kind
		want  bool
	}{
		{"no dates", map[Kind]float64{Integer: 900}, Integer, false},
		{"nothing shows", map[Kind]float64{Date: 900}, Date, false},
		{"months first", map[Kind]float64{Date: 400, dateMonthFirst: 600}, Date, false},
		{"days first", map[Kind]float64{Date: 400, dateDayFirst: 600, dateMonthFirst: 5}, Date, true},
		{"durations", map[Kind]float64{Duration: 500, Integer: 300}, Duration, false},
		{"times of day and beyond", map[Kind]float64{Duration: 40, Time: 900}, Duration, false},
		{"codes", map[Kind]float64{Integer: 850, padded: 150}, Category, false},
		{"a few codes", map[Kind]float64{Integer: 9000, padded: 60}, Integer, false},
		{"noise of codes", map[Kind]float64{Integer: 900, padded: 29}, Integer, false},
		{"codes only", map[Kind]float64{padded: 900, Integer: 300}, Category, false},
		{"postal codes of which some start with zero", map[Kind]float64{Integer: 850, PostalCode: 150}, PostalCode, false},
		{"codes some of which could be postal", map[Kind]float64{Integer: 850, PostalCode: 20, padded: 130}, Category, false},
		{"days first, some of them", map[Kind]float64{Date: 900, dateDayFirst: 60, dateMonthFirst: 5}, Date, true},
		{"days first, mostly", map[Kind]float64{Date: 400, dateDayFirst: 400, dateMonthFirst: 200}, Date, true},
		{"noise", map[Kind]float64{Date: 900, dateDayFirst: 40, dateMonthFirst: -20}, Date, false},
		{"times too", map[Kind]float64{Timestamp: 100, timestampDayFirst: 300}, Timestamp, true},
		{"mixed", map[Kind]float64{Date: 100, timestampDayFirst: 300, dateMonthFirst: 500, timestampMonthFirst: 1}, Timestamp, false},
		{"only what shows", map[Kind]float64{dateDayFirst: 300}, Date, true},
	} {
		votes := make([]float64, len(ballot))
		for k, n := range tc.votes {
			votes[slices.Index(ballot, k)] = n
		}
		if got, kind := ElectDayFirst(votes, 10), Elect(votes, 10); got != tc.want || kind != tc.kind {
			t.Errorf("%s: %s, day first %v, want %s, %v", tc.name, kind, got, tc.kind, tc.want)
		}
	}
}
