package mess

import (
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

func TestPersonalTextsAreNotReleasable(t *testing.T) {
	for _, s := range []string{
		// e-mail and network addresses
		"a@b.io", "Jane Doe <jane.doe@example.com>", "mailto:x@y.org", "contact jane@example.co.uk today", "jane＠example.com",
		"192.168.1.17", "http://10.0.0.1:8080/x", "10.0.0.0/24", "host=172.16.254.1;", "2001:db8::ff00:42:8329", "[2001:db8::1]:443", "fe80::1", "::1",
		"00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e", "550e8400-e29b-41d4-a716-446655440000", "52.520008, 13.404954", "-33.8688 151.2093",
		// phones
		"555-1234", "555.1234", "555 1234", "5551234", "12345678", "555-123-4567", "555.123.4567", "555 123 4567", "(555) 123-4567", "(555)123-4567",
		"+1-555-123-4567", "+1 (555) 123-4567", "+15551234567", "0015551234567", "1.555.123.4567", "+44 20 7946 0958", "020 7946 0958", "06 12 34 56 78", "06.12.34.56.78",
		"01.02.03.04.05", "612 345 678", "612.345.678", "555.123.456, NY", "0171/1234567", "+49 (0)30 901820", "call 555-123-4567 now", "tel: 5551234", "Phone 55512345",
		"555-123-4567 x12", "  555-1234\n", "555–123–4567", "555\u00a0123\u00a04567", "５５５-１２３４", "٥٥٥-١٢٣٤", "2024-01-31 555-123-4567", "2024-01-31-5551234567", "0800-100000",
		"555-12-34-5678", "01-02-2003-555-1234",
		// cards, accounts, social security
		"4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "4111_1111_1111_1111", "378282246310005", "3782 822463 10005", "card 6011 0009 9013 9424 ok",
		"GB82WEST12345698765432", "GB82 WEST 1234 5698 7654 32", "gb82 west 1234 5698 7654 32", "IBAN: DE89 3704 0044 0532 0130 00", "MT84MALT011000012345MTLCAST001S",
		"NO93 8601 1117 947", "123-45-6789", "SSN 123-45-6789", "123 45 6789", "123456789", "customer 123456789", "ID123456789X", "ref 987654321 of 2024-01-31",
		strings.Repeat("long ", 20),
	} {
		if Releasable(text(s)) {
			t.Errorf("%q would be released", s)
		}
	}
	for _, c := range []record.Cell{{Tag: record.JSON, Text: "{}"}, {Tag: record.Null}, {}, number("4111111111111111")} {
		if Releasable(c) {
			t.Errorf("%v would be released", c)
		}
	}
}

// Each reason is given for what it is about, and none for labels.
func TestWithheldBecause(t *testing.T) {
	seen := map[string]bool{}
	for reason, cells := range map[string][]string{
		becauseEmail: {
			"jane@example.org", "jane.smith AT example.org", "jane [at] example [dot] org", "jane(at)example.org", "jane.smith at example dot org", "JANE.SMITH AT EXAMPLE DOT ORG", "jane.smith (AT) example",
			"write to jane.smith at example.com please",
		},
		becauseHandle:     {"@jane_smith", "seen by @jane.smith", "@home", "jane @ example.org"},
		becauseNetwork:    {"8.8.8.8", "from 8.8.8.8:53", "2001:db8::1"},
		becauseHardware:   {"00:1a:2b:3c:4d:5e"},
		becauseUUID:       {"550e8400-e29b-41d4-a716-446655440000"},
		becausePlace:      {"52.520008, 13.404954"},
		becausePhone:      {"(212) 555-0123", "212/555-0123", "+49 30 901820", "212.555.0123 x12", "1 (800) 555 0123"},
		becauseCard:       {"4111 1111 1111 1111", "378282246310005"},
		becauseAccount:    {"DE89370400440532013000", "DE89 3704 0044 0532 0130 01"},
		becauseNational:   {"123-45-6789", "12345678Z", "AB 12 34 56 C", "529.982.247-25", "131052-308T"},
		becauseRecord:     {"C1234567", "AB 12345678", "MRN: 123456", "Passport No. X123456", "patient 00123", "account #12345"},
		becauseLongNumber: {"123456789", "ref 987654321", "555-0123 / 4", "[212] 555-0123", "212*555*0123"},
		becausePerson:     {"Jane Smith", "SMITH, JANE", "Jane M. Smith", "Jane Zqwertz", "Dr. Jane Smith", "Patient: Jane Smith", "Jane Smith (nurse)", "José García", "jane smith"},
		becauseLong:       {strings.Repeat("long ", 20)},
	} {
		seen[reason] = true
		for _, s := range cells {
			if got, withheld := WithheldBecause(text(s)); !withheld || got != reason {
				t.Errorf("%q is withheld because of %q, want %q", s, got, reason)
			}
		}
	}
	if got, withheld := WithheldBecause(record.Cell{Tag: record.JSON, Text: "{}"}); !withheld || got != becauseNested {
		t.Errorf("JSON is withheld because of %q", got)
	}
	for _, reason := range Reasons() {
		if !seen[reason] && reason != becauseNested {
			t.Errorf("no example of %q", reason)
		}
	}
}

func TestLabelsAreNotPersons(t *testing.T) {
	for _, s := range []string{
		"New York", "Los Angeles", "San Jose", "North Carolina", "West Virginia", "Virginia Beach", "Mercedes Benz", "Mercedes-Benz", "General Motors", "Toni Morrison Prize", "Ford Motor Company", "Grand Rapids",
		"Paris, France", "Austin, TX", "Madison WI", "Green River", "Royal Oak", "Firm Fixed Price", "Time and Materials", "Good Characters", "Blue Eyes", "Black Hair", "Secret Identity", "Living Characters", "Human Resources", "Sales Manager", "United Kingdom", "South Dakota",
		"Masters degree", "Never married", "Machine op inspct", "American Indian", "Windows Phone", "Office Depot", "Art & Design", "Health & Fitness", "Charlotte", "Jane", "Risk 1 (High)", "meet at noon", "look at example",
		"at home", "Cost-Plus-Fixed-Fee", "Prof-specialty", "Married-civ-spouse",
	} {
		if reason, withheld := WithheldBecause(text(s)); withheld {
			t.Errorf("%q is withheld because of %q", s, reason)
		}
	}
}

func TestCategoriesAreReleasable(t *testing.T) {
	for _, s := range []string{
		"red", "FFP: Firm Fixed Price", "T&M", "9-5 full-day", "1,000,000+", "24/7", "50%", "99.95 %", "$1,234,567.89", "€ 1.234.567,89", "1 000 000", "2.500.000", "1,000-4,999",
		"2024", "2001-2005", "2019/2020", "2019 2020 2021", "FY2008", "12345", "02139", "SW1A 1AA", "SKU-12345", "AB-123456", "A1B2C3", "029", "0.102000", "1234567.89",
		"0.123456789012", "-12.5", "25000-49999", "100000-199999", "10000 - 19999", "$50,000 - $74,999", "10000000", "1000000000", "9999999", "0000000", "99999999999",
		"20240131", "20240131120000", "2024-01-31", "2024-01-31 12:00", "2024-01-31 12:00:00.123456789", "2024-01-31T12:00:00Z", "31.01.2024", "1/31/2024 9:15", "01/02/03",
		"2024-01-01 - 2024-12-31", "9999-12-31", "12:30:45", "25-00503", "providers_2011_070212.csv", "v1.2.3", "10.0.19041.1", "120.0.6099.129", "Windows 10", "iPhone 15 Pro", "3 x 4 x 5", "1/2", "Q3 2021", "C++::x", "a@b",
		"Ω 5", "café", "東京",
	} {
		if !Releasable(text(s)) {
			t.Errorf("%q would not be released", s)
		}
	}
	for _, c := range []record.Cell{number("12.5"), {Tag: record.Bool, Text: "true"}} {
		if !Releasable(c) {
			t.Errorf("%v would not be released", c)
		}
	}
}

func TestReleasableKey(t *testing.T) {
	for key, want := range map[string]bool{
		"0": true, "-1": true, "123456": true, "1234567": false, "-1234567": false, "5551234567": false, "1000000": true, "1250000": true, "9999999": true, "-9999999999": true,
		"20240131": true, "20241331": false, "1234567.5": true, "2024-01-31": true, "2024-01-31T12:00:01": true, "true": true,
	} {
		if got := ReleasableKey(Value{Key: key}); got != want {
			t.Errorf("%s: %v, want %v", key, got, want)
		}
	}
}

func TestChecksums(t *testing.T) {
	for s, want := range map[string]bool{"4111111111111111": true, "4111111111111112": false, "79927398713": true, "79927398710": false, "0": true} {
		if luhn(s) != want {
			t.Errorf("luhn of %s is %v", s, !want)
		}
	}
	for s, want := range map[string]bool{
		"GB82WEST12345698765432": true, "GB82WEST12345698765433": false, "pay to GB82 WEST 1234 5698 7654 32 please": true,
		"XGB82WEST12345698765432": false, "GB82WEST": false, "8282WEST12345698765432": false, "": false,
	} {
		if holdsIBAN(s) != want {
			t.Errorf("%q holds an IBAN: %v", s, !want)
		}
	}
}

func FuzzReleasable(f *testing.F) {
	for _, s := range append([]string{"555-1234", "GB82WEST12345698765432", "1.2.3.4", "\xff555", "٥"}, pieces...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, secret := range []string{"jane.doe@example.com", "+1 555-123-4567", "4111 1111 1111 1111"} {
			if Releasable(text(s + "; " + secret)) {
				t.Errorf("%q and %q would be released", s, secret)
			}
		}
	})
}
