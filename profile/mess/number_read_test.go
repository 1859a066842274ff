package mess

import "testing"

func TestNumberNotations(t *testing.T) {
	for _, tc := range []struct {
		kind            Kind
		cell, key, form string // "" and "" when it is no number of the kind
	}{
		// signs
		{Integer, "+7", "7", "+d0"},
		{Integer, "+0", "0", "+d0"},
		{Decimal, "+0.50", "0.5", "+d2z1"},
		{Integer, "(5)", "-5", "(d0)"},
		{Decimal, "(1,234.50)", "-1234.5", "(d2z1g,)"},
		{Integer, "5-", "-5", "d0-"},
		{Integer, " 5- ", "-5", "_d0-_"},
		{Integer, "-$5", "-5", "$d0"},
		{Integer, "$-5", "-5", "$-d0"},
		{Integer, "$+5", "5", "$+d0"},
		{Integer, "+$5", "5", "+$d0"},
		{Integer, "($5)", "-5", "($d0)"},
		{Integer, "$(5)", "-5", "$(d0)"},
		{Integer, "$ (5)", "-5", "$_(d0)"},
		{Integer, "(5%)", "-5", `(d0"%")`},
		{Integer, "(0)", "", ""},
		{Decimal, "(0.00)", "", ""},
		{Integer, "0-", "", ""},
		{Integer, "(-5)", "", ""},
		{Integer, "-5-", "", ""},
		{Integer, "+-5", "", ""},
		{Integer, "+5-", "", ""},
		{Integer, "- 5", "", ""},
		{Integer, "( 5 )", "", ""},
		{Integer, "(5", "", ""},
		{Integer, "5)", "", ""},
		{Integer, "()", "", ""},
		{Integer, "+", "", ""},
		{Integer, "$", "", ""},
		{Integer, "+999999", "999999", "+d0"},
		{Integer, "+1234567", "", ""}, // a phone number
		// currencies
		{Decimal, "$4.99", "4.99", "$d2"},
		{Decimal, "$ 4.99", "4.99", "$_d2"},
		{Decimal, "€\u00a04,99", "4.99", "€~d2c"},
		{Decimal, "4,99 €", "4.99", `d2c_"€"`},
		{Decimal, "4,99\u00a0€", "4.99", `d2c~"€"`},
		{Decimal, "US$1,234.50", "1234.5", "US$d2z1g,"},
		{Decimal, "USD 12.50", "12.5", "USD_d2z1"},
		{Integer, "100 kr", "100", `d0r1_"kr"`},
		{Integer, "kr 100", "100", "kr_d0r1"},
		{Integer, "$5 USD", "5", `$d0_"USD"`},
		{Integer, "$19M", "19", `$d0"M"`},
		{Decimal, "£.50", "0.5", "£d2z1o"},
		{Integer, "$  5", "", ""},
		{Integer, "$$5", "", ""},
		{Integer, "$5$$", "", ""},
		{Integer, "usd 5", "", ""},
		// thousands and decimal commas
		{Integer, "1,234", "1234", "d0g,"},
		{Integer, "-1,234,567", "-1234567", "d0g,"},
		{Decimal, "1,234.5", "1234.5", "d1g,"},
		{Decimal, "1,234.567", "1234.567", "d3g,"},
		{Decimal, "1.234,5", "1234.5", "d1g."},
		{Decimal, "1.234.567,890", "1234567.89", "d3z1g."},
		{Integer, "1 234", "1234", "d0gs"},
		{Integer, "123\u00a0456", "123456", "d0g~"},
		{Integer, "123\u2009456", "123456", "d0gt"},
		{Decimal, "1\u202f234\u202f567,89", "1234567.89", "d2gnc"},
		{Decimal, "1 234.5", "1234.5", "d1gs"},
		{Decimal, "1 234,567", "1234.567", "d3gsc"},
		{Decimal, "1'234.50", "1234.5", "d2z1g'"},
		{Integer, "1’234’567", "1234567", "d0g’"},
		{Decimal, "12,5", "12.5", "d1c"},
		{Decimal, "12,50", "12.5", "d2z1c"},
		{Decimal, "0,1234", "0.1234", "d4c"},
		{Decimal, ",5", "0.5", "d1oc"},
		{Decimal, "1.234", "1.234", "d3"},
		{Decimal, "0,123", "", ""}, // three digits after a comma are thousands
		{Decimal, "1234,567", "", ""},
		{Decimal, ",123", "", ""},
		{Integer, "12,5", "", ""},
		{Integer, "1.234.567", "", ""},
		{Decimal, "1.234.567", "", ""},
		{Integer, "0,123,456", "", ""},
		{Integer, "12,34,567", "", ""},
		{Integer, "1234,567,890", "", ""},
		{Integer, "1,2345", "", ""},
		{Decimal, "1,234,56", "", ""},
		{Decimal, "1,234.567.8", "", ""},
		{Decimal, "1,234 567.8", "", ""},
		{Decimal, "1,234.", "", ""},
		{Decimal, "1,,234", "", ""},
		{Integer, "1,", "", ""},
		{Integer, "1  234", "", ""},
		{Integer, "555 123 456", "", ""}, // a phone number
		{Integer, "555 123 4567", "", ""},
		{Decimal, "555 123.4567", "", ""},
		{Decimal, "192.168.100.200", "", ""},
		{Integer, "1,2,3,4,5,6,7,8,9,10,11", "", ""},
		{Integer, "9,999,999,999,999,999,999", "9999999999999999999", "d0g,"},
		{Integer, "10,000,000,000,000,000,000", "", ""},
		// without a whole part, with a bare point, leading zeros
		{Decimal, ".5", "0.5", "d1o"},
		{Decimal, "-.50", "-0.5", "d2z1o"},
		{Decimal, ".0", "0", "d1z1o"},
		{Decimal, "-.0", "", ""},
		{Decimal, "5.", "5", "d0p"},
		{Integer, "5.", "", ""},
		{Decimal, "-0.", "", ""},
		{Decimal, ".", "", ""},
		{Decimal, "$5.", "5", "$d0p"},
		{Decimal, "5. %", "", ""},
		{Decimal, "5.-", "", ""},
		{Decimal, "(5.)", "-5", "(d0p)"},
		{Decimal, "1.2.", "", ""},
		{Integer, "007", "7", "d0w3"},
		{Decimal, "0012.5", "", ""},
		{Integer, "$007", "", ""},
		{Integer, "+05", "", ""},
		// powers of ten
		{Decimal, "5.5E+17", "550000000000000000", "d1E+2"},
		{Decimal, "1e-05", "0.00001", "d0e-2"},
		{Decimal, "1.2e3", "1200", "d1e1"},
		{Decimal, "-1.20e3", "-1200", "d2z1e1"},
		{Decimal, "+1.2e+003", "1200", "+d1e+3"},
		{Decimal, "5,5E+17", "550000000000000000", "d1cE+2"},
		{Decimal, "1,234E+05", "123400", "d3cE+2"},
		{Decimal, "0.00E+00", "0", "d2z2E+2"},
		{Integer, "1e5", "100000", "d0e1"},
		{Integer, "1.5e5", "", ""},
		{Integer, "1e-5", "", ""},
		{Decimal, "9e18", "9000000000000000000", "d0e2"},
		{Decimal, "1e19", "", ""},
		{Decimal, "1e-20", "0.00000000000000000001", "d0e-2"},
		{Decimal, "1.5e-20", "", ""},
		{Decimal, "1e-21", "", ""},
		{Decimal, "12e5", "", ""},
		{Decimal, "0.5e5", "", ""},
		{Decimal, ".5e5", "", ""},
		{Decimal, "1.e5", "", ""},
		{Decimal, "0e5", "", ""},
		{Decimal, "1e-0", "", ""},
		{Decimal, "-0e0", "", ""},
		{Decimal, "1e0005", "", ""},
		{Decimal, "1e", "", ""},
		{Decimal, "1e+", "", ""},
		{Decimal, "1e5 km", "", ""},
		{Decimal, "$1e5", "", ""},
		{Decimal, "1e5-", "", ""},
		{Decimal, "(1e5)", "", ""},
		// units
		{Integer, "19M", "19", `d0"M"`},
		{Integer, "201k", "201", `d0"k"`},
		{Integer, "10,000+", "10000", `d0r1g,"+"`},
		{Decimal, "12.0 oz", "12", `d1z1_"oz"`},
		{Integer, "-5 km", "-5", `d0_"km"`},
		{Decimal, "12,5%", "12.5", `d1c"%"`},
		{Integer, "50 %", "50", `d0_"%"`},
		{Integer, "20 °C", "20", `d0_"°C"`},
		{Integer, "3×", "3", `d0"×"`},
		{Integer, "5 g", "5", `d0_"g"`},
		{Integer, "5cm", "5", `d0"cm"`},
		{Integer, "5 KM", "", ""},
		{Integer, "5  km", "", ""},
		{Integer, "5 km km", "", ""},
		{Integer, "km 5", "", ""},
		{Integer, "12A", "", ""},
		{Integer, "12.0 OZ.", "", ""},
		{Integer, "1 2 km", "", ""},
		{Integer, "5%-", "", ""},
		{Integer, "٣ km", "", ""},
		{Integer, "5 km\n", "", ""},
		{Integer, "5\xff", "", ""},
		{Integer, "1\xff234", "", ""},
	} {
		v, form, ok := codec(t, tc.kind).Parse(text(tc.cell))
		if ok != (tc.form != "") || v.Key != tc.key || form != tc.form {
			t.Errorf("%s: %q parses to %q in %q (%v), want %q in %q", tc.kind, tc.cell, v.Key, form, ok, tc.key, tc.form)
		}
		if _, form, ok := codec(t, tc.kind).Parse(number(tc.cell)); ok && tc.form != "d3" && form[:2] != "#d" {
			t.Errorf("%s: the typed number %q parses in %q", tc.kind, tc.cell, form)
		}
	}
}

func TestAffixesAreShortAndApart(t *testing.T) {
	for s := range suffixes {
		if len(s) > maxAffix {
			t.Errorf("%q is longer than %d bytes", s, maxAffix)
		}
		for _, c := range []byte(s) {
			if isDigit(c) && (c != '2' && c != '3' || isDigit(s[0])) || c == '"' || c == ' ' || c == '_' {
				t.Errorf("%q cannot be told from what is around it", s)
			}
		}
		if isExponent(s) {
			t.Errorf("%q is a power of ten", s)
		}
	}
	for s := range currencies {
		if units[s] {
			t.Errorf("%q is a currency and a unit", s)
		}
		if c := s[0]; isDigit(c) || c == '-' || c == '+' || c == '(' || c == 'd' {
			t.Errorf("the currency %q cannot be told from what follows it", s)
		}
	}
}
