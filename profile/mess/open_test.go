package mess

import (
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

// openCells are cells of the open kinds as people write them, made up all of them, with what is read of each.
var openCells = map[Kind][]struct{ cell, key, form string }{
	Email: {
		{"jane.smith@example.org", "example.org", "first.last@d"},
		{"jsmith42@mail.example.com", "mail.example.com", "flast9{2}@d"},
		{"  JANE_SMITH@EXAMPLE.ORG ", "example.org", `__FIRST\_LAST@D_`},
		{"Jane.Smith@Example.org", "example.org", "First.Last@Dd"},
		{"janesmith@gmail.com", "gmail.com", "firstlast@d"},
		{"j.smith@example.org", "example.org", "f.last@d"},
		{"info@example.org", "example.org", "word@d"},
		{"JaneSmith@example.org", "example.org", "wOrd@d"},
		{"jane+news@example.org", "example.org", "first+word@d"},
		{"jane..smith@example.org", "example.org", "first..last@d"},
		{"jane.smith@@example.org", "example.org", "first.last<@@>d"},
		{"jane.smith AT example.org", "example.org", "first.last<_AT_>d"},
		{"jane.smith [at] example [dot] org", "", ""},
		{"jane.smith[at]example[dot]org", "example.org", "first.last<[at]>d[dot]d"},
		{"jane.smith at example dot org", "example.org", "first.last<_at_>d_dot_d"},
		{"jane.smith@example..org", "example.org", "first.last@d..d"},
		{"jane.smith@example,org", "example.org", "first.last@d,d"},
		{"jane.smith@example.org.", "example.org", "first.last@d."},
		{"jane.smithgmail.com", "gmail.com", "first.last<>d"},
		{"jane.smith@gmailcom", "gmail.com", "first.last@dd"},
		{"mailto:jane@example.org", "example.org", "mailto:first@d"},
		{"<jane@example.org>", "example.org", "<first@d>"},
		{"jane@smith-1234567.example.org", "", "first@d"},
		{"me@janesmith.org", "", "word@d"},
		{"me@jane-smith.org", "", "word@d"},
	},
	IP: {
		{"8.8.8.8", "v4 public", "v4"}, {"192.168.0.1", "v4 private", "v4"}, {"10.0.0.0/8", "v4 private", "v4/8"}, {"203.0.113.9:8080", "v4 public", "v4:9{4}"},
		{"2001:db8::1", "v6", "v6"}, {"2001:DB8::A1", "v6", "V6"}, {"2001:0db8:0000:0000:0000:0000:0000:0001", "v6", "v6long"}, {"[2001:db8::1]:443", "v6", "[v6]:9{3}"},
		{"2001:db8::/32", "v6", "v6/32"}, {"[2001:db8::1]", "v6", "[v6]"},
	},
	URL: {
		{"https://example.org", "https://example.org", "h"}, {"http://www.example.org/a/b-c/12.html?x=1&y=2#top", "http://www.example.org", "h/a/a/9{2}.html?2#a"},
		{"www.example.org/", "www.example.org", "h/"}, {"https://example.org:8080/q?x", "https://example.org", "h:9{4}/a?1"}, {"https://shop1234567.example.org/A1.b", "", "h/m"},
		{"ftp://example.org/pub//x.zip", "ftp://example.org", "h/a//a.zip"},
	},
	UserAgent: {
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36", "Chrome on Windows", "browser"},
		{"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1", "Safari on iOS", "browser"},
		{"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Firefox on Linux", "browser"},
		{"curl/8.4.0", "curl", "tool"}, {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot", "bot"}, {"Mozilla/5.0 (PlayStation 4)", "", "browser"},
		{"Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)", "Internet Explorer on Windows", "browser"},
	},
	Version: {
		{"1.2.3", "1.2.3", "9.9.9"}, {"v2.0.1", "2.0.1", "v9.9.9"}, {"10.0.19041", "10.0.19041", "9{2}.9.9{5}"}, {"V1.10.0-RC.2", "1.10.0-RC.2", "V9.9{2}.9-RC.9"}, {"22.04", "22.04", "9{2}.9{2}"},
		{"3.9.0b1", "3.9.0b1", "9.9.9b9"}, {"1.0.0-SNAPSHOT", "1.0.0-SNAPSHOT", "9.9.9-SNAPSHOT"}, {" v7", "7", "_v9"}, {"120.0.6099.109", "120.0.6099.109", "9{3}.9.9{4}.9{3}"}, {"192.168.0.12", "", "9{3}.9{3}.9.9{2}"},
		{"7", "", ""}, {"1.2.", "", ""}, {"vv1.2", "", ""}, {"1.2.3-jane", "", ""}, {"1.2.3-", "", ""}, {"1.2.3.4.5.6", "", ""}, {"1..2", "", ""}, {"123456789.1", "", ""}, {"1.2rc.", "", ""},
	},
	Card: {
		{"4111 1111 1111 1111", "Visa valid", "9999_9999_9999_9999"}, {"4111-1111-1111-1112", "Visa invalid", "9999-9999-9999-9999"}, {"378282246310005", "American Express valid", "999999999999999"},
		{"3782 822463 10005", "American Express valid", "9999_999999_99999"}, {"5555555555554444", "Mastercard valid", "9999999999999999"}, {"6011000990139424", "Discover valid", "9999999999999999"},
		{"30569309025904", "Diners Club valid", "99999999999999"}, {"3530111333300000", "JCB valid", "9999999999999999"},
	},
	IBAN: {
		{"DE89370400440532013000", "DE valid", "AA99"}, {"DE89 3704 0044 0532 0130 00", "DE valid", "AA99_AA99"}, {"gb82west12345698765432", "GB valid", "aa99"}, {"GB82-WEST-1234-5698-7654-33", "GB invalid", "AA99-AA99"},
		{"MT84MALT011000012345MTLCAST001S", "MT valid", "AA99"}, {"NO9386011117947", "NO valid", "AA99"},
	},
	NationalID: {
		{"123-45-6789", "US-SSN valid", "999-99-9999"}, {"000-45-6789", "US-SSN invalid", "999-99-9999"}, {"046 454 286", "CA-SIN valid", "999_999_999"}, {"529.982.247-25", "BR-CPF valid", "999.999.999-99"},
		{"44051401359", "PL-PESEL valid", "99999999999"}, {"12345678Z", "ES-DNI valid", "99999999A"}, {"X1234567L", "ES-NIE valid", "A9999999A"}, {"131052-308T", "FI-HETU valid", "999999-999A"},
		{"811228-9874", "SE-PNR valid", "999999-9999"}, {"756.9217.0769.85", "CH-AHV valid", "999.9999.9999.99"}, {"30.686.957-4", "CL-RUT valid", "99.999.999-9"}, {"AB 12 34 56 C", "GB-NINO valid", "AA_99_99_99_A"},
		{"2341 2341 2346", "IN-AADHAAR valid", "9999_9999_9999"}, {"11010519491231002X", "CN-RIC valid", "99999999999999999A"}, {"2 55 08 14 168 025 38", "FR-NIR valid", "9_99_99_99_999_999_99"},
	},
	Geo: {
		{"48.8566, 2.3522", "48,2", "d4,_d4"}, {"(-33.86880;151.20930)", "-34,151", "(d5;d5)"}, {"40.7128N 74.0060W", "40,-75", "d4N_d4E"}, {"0.000,-0.001", "0,-1", "d3,d3"}, {"-90.0000/180.0000", "-90,179", "d4/d4"},
	},
	Phone: {
		{"(212) 555-0123", "+1", "(999)_999-9999"}, {"+1 212 555 0123", "+1", "+c_999_999_9999"}, {"1-800-555-0123", "+1 toll-free", "9-999-999-9999"}, {"+44 (0)20 7946 0958", "+44", "+c_(0)99_9999_9999"},
		{"020 7946 0958", "", "099_9999_9999"}, {"212.555.0123 x12", "+1", "999.999.9999_x99"}, {"0049 30 901820", "+49", "00c_99_999999"}, {"tel:+12125550123", "+1", "tel:+c9999999999"}, {"555-0123", "", "999-9999"},
		{"(055) 555-0123", "", "(099)_999-9999"}, {"+39 06 698 12345", "+39", "+c_09_999_99999"}, {"+999 12345678", "", ""},
	},
	PostalCode: {
		{"02139", "US-021", "99999"}, {"02139-4307", "US-021", "99999-9999"}, {"SW1A 1AA", "GB-SW", "AA9A_9AA"}, {"m5v 3l9", "CA-M5V", "a9a_9a9"}, {"1012 AB", "NL-10", "9999_AA"}, {"D-10115", "DE-10", "D-99999"}, {"2000", "9999-20", "9999"},
	},
	Address: {
		{"12 Main St", "", "9{2}_Name_St"}, {"742 N. Evergreen Terrace, Apt 4B", "", `9{3}_N\._Name_Terrace,_Apt_9{1}A`}, {"Hauptstraße 5a", "", "Namestraße_9{1}a"}, {"15 rue Victor Hugo", "", "9{2}_rue_Name_Name"},
		{"PO Box 123", "", "PO_Box_9{3}"}, {"350 5TH AVE", "", "9{3}_NTH_AVE"},
	},
	City: {{"Chicago", "chicago", "City"}, {"SAN ANTONIO", "san antonio", "CITY"}, {"rio de janeiro", "rio de janeiro", "city"}, {"Rio de Janeiro", "rio de janeiro", "City"}},
	Name: {
		{"Jane Smith", "", "First_Last"}, {"Smith, Jane", "", "Last,_First"}, {"SMITH, JANE M", "", "LAST,_FIRST_M"}, {"Dr. Jane M. Smith Jr.", "", `Dr\._First_M\._Last_Jr\.`}, {"Smith Jane", "", "Last_First"},
		{"Jane", "given", "Name"}, {"SMITH", "family", "NAME"}, {"Qwertz", "", "Name"}, {"José García", "", "éFirst_Last"}, {"Jane Smith-Jones", "", "First_Last-Last"}, {"Ludwig van Beethoven", "", "First_van_Last"},
		{"Jane Mary Smith", "", "First_Middle_Last"}, {"jane smith", "", "first_last"}, {"J. Smith", "", `M\._Last`},
	},
	UserName: {{"@jane_smith", "", `\@first\_last`}, {"jsmith42", "", "flast9{2}"}, {"xkq7", "", "word9{1}"}, {"jane.smith", "", "first.last"}},
}

// Each cell is read as it says, its form fits its generalisation, and what is made up of both reads as they do.
func TestOpenCells(t *testing.T) {
	r, _ := seeded(60)
	for _, k := range Kinds() {
		c := codec(t, k)
		if c.Open() != (openCells[k] != nil) {
			t.Errorf("%s: no examples, or examples of a kind that is not open", k)
		}
		for _, tc := range openCells[k] {
			v, form, ok := c.Parse(text(tc.cell))
			if ok != (tc.form != "") || v.Key != tc.key || form != tc.form {
				t.Errorf("%s: %q is %q in %q, want %q in %q", k, tc.cell, v.Key, form, tc.key, tc.form)
				continue
			}
			if !ok {
				continue
			}
			span := Span{Key: v.Key}
			if err := c.Check(span); err != nil {
				t.Errorf("%s: key of %q: %v", k, tc.cell, err)
			}
			if !c.Own(form) || !c.Fits(span, form) {
				t.Errorf("%s: the form of %q does not fit", k, tc.cell)
			}
			for range 40 {
				checkOpen(t, c, span, form, r)
				checkOpen(t, c, Span{}, form, r)
			}
		}
	}
}

// checkOpen renders a span in a form of its own.
func checkOpen(t *testing.T, c Codec, s Span, form string, r *Rand) {
	t.Helper()
	r.Identity = nil
	if r.Int(2) == 0 {
		r.Identity = NewIdentity(r)
	}
	cell := c.Render(s, form, r)
	v, got, ok := c.Parse(cell)
	if !ok || s.Key != "" && v.Key != s.Key || c.Fits(s, form) && got != form {
		t.Fatalf("%s: %q in %q gives %q, which is %q in %q", c.Kind(), s.Key, form, cell.Text, v.Key, got)
	}
}

func TestOpenCheck(t *testing.T) {
	for k, keys := range map[Kind][]string{
		Email: {"example", "Example.org", "jane@example.org", "janesmith.org", strings.Repeat("a", 60) + ".org"}, IP: {"v4", "8.8.8.8"}, URL: {"example.org", "https://"},
		Card: {"Visa", "Visa valid invalid", "4111111111111111", " valid"}, IBAN: {"XX valid", "DE"}, NationalID: {"US-SSN", "XX valid"}, Geo: {"48", "91,0", "48,2,1", "048,2", "-0,2"}, Phone: {"44", "+", "+999", "+44 toll-free"},
		PostalCode: {"US-02", "US-02A", "XX-12", "US-0213"}, Address: {"Main"}, City: {"Chicago", "nowhere at all"}, Name: {"Jane", "First"}, UserName: {"jane"}, UserAgent: {"Chrome", "Chrome on Toaster"},
		Version: {"v1.2.3", "1.2.x", "192.168.0.12", "1.2.3-jane"},
	} {
		c := codec(t, k)
		if err := c.Check(Span{}); err != nil {
			t.Errorf("%s: the whole kind: %v", k, err)
		}
		if c.Check(Span{Hi: Edge{1, 0}}) == nil {
			t.Errorf("%s: an interval passes", k)
		}
		for _, key := range keys {
			if c.Check(Span{Key: key}) == nil {
				t.Errorf("%s: %.40q passes", k, key)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, cells := range openCells {
		for _, tc := range cells {
			f.Add(tc.cell, tc.form)
		}
	}
	f.Add("\xff@a.b", "9{99999999999}")
	f.Add("000-00-00", "-0")
	f.Fuzz(func(t *testing.T, s, hostile string) {
		r, _ := seeded(61)
		for k := range openCells {
			c := codec(t, k)
			c.Fits(Span{Key: s}, hostile)
			if cell := c.Render(Span{Key: s}, hostile, r); len(cell.Text) > 2*maxOpen || cell.Tag == record.Absent {
				t.Fatalf("%s: %d bytes", k, len(cell.Text))
			}
			v, form, ok := c.Parse(text(s))
			if !ok {
				continue
			}
			if len(v.Key) > maxKey || len(form) > maxMask+2*maxBlanks {
				t.Fatalf("%s: %q has a long key or form", k, s)
			}
			if !c.Fits(Span{}, form) || !c.Fits(Span{Key: v.Key}, form) || c.Check(Span{Key: v.Key}) != nil {
				t.Errorf("%s: %q is %q in %q, which do not fit", k, s, v.Key, form)
			}
		}
	})
}
