package mess

import "testing"

func TestDamageOf(t *testing.T) {
	for form, want := range map[string]Damage{
		"a{3}": "", "Aa+_9{4}": "", "_a{3}": StraySpaces, "a{3}_": StraySpaces, "a{3}__a{2}": StraySpaces, `a{3}\_`: "", `a{3}\__a{2}`: "", `a{3}\s9{2}`: StraySpaces,
		`a{2}\x`: InvalidBytes, `_a{2}\x`: InvalidBytes, `a\c_`: ControlCharacters, `\z9{2}`: ControlCharacters, "~8aAx": InvalidBytes, "~8aAds": "", "*": "", "": "",
		"_d0": StraySpaces, `d1_"€"`: "", "US$_d2": "", "#d2": "", "!true/false": "", `@\{"a+":null\}`: "",
		"=upper": "", "=x_": StraySpaces, "=x_=upper": StraySpaces, "=mojibake": EncodingDamage, "=latin1": InvalidBytes, "=invisible": ControlCharacters, "=~code": EncodingDamage, "=~": "", "=trim": "",
	} {
		if got := DamageOf(form); got != want {
			t.Errorf("%q: %q, want %q", form, got, want)
		}
	}
}

func TestStyle(t *testing.T) {
	for _, tc := range []struct {
		kind Kind
		a, b string
		same bool
	}{
		{Decimal, "d2", "d1", true}, {Decimal, "d2", "d3z2", true}, {Decimal, "$d2", "d2", false}, {Integer, `d0"+"`, `d0g,"+"`, true}, {Decimal, "d2c", "d2", false},
		{Decimal, "USD_d2", "USD_d1z1", true}, {Decimal, "kr_d0", "d0", false}, {Integer, "_d0", "d0", false}, {Decimal, "d2g’", "d1", true}, {Integer, "d0r1", "d0", true}, {Integer, "d0w5", "d0", true}, {Decimal, `d1"M"`, `d0"k"`, false},
		{Date, "MM/DD/YYYY", "M/D/YYYY", true}, {Date, "DD/MM/YYYY", "MM/DD/YYYY", true}, {Date, "YYYY-MM-DD", "MM/DD/YYYY", false}, {Date, "Mon DD, YYYY", "Mon D, YYYY", true},
		{Timestamp, "YYYY-MM-DD 00:00:00", "YYYY-MM-DD hh:mm:ss", true}, {Timestamp, "YYYY-MM-DD hh:mm:00", "YYYY-MM-DD hh:mm:ss", true}, {Timestamp, "YYYY-MM-DD hh:mm", "YYYY-MM-DD", false},
		{Timestamp, "M/D/YYYY 12:00 AM", "M/D/YYYY h:mm AM", true}, {Boolean, "yes/no", "Yes/No", false}, {Email, "first@d", "flast@d", true},
	} {
		if got := Style(tc.kind, tc.a) == Style(tc.kind, tc.b); got != tc.same {
			t.Errorf("%s: %q and %q are of one style: %v", tc.kind, tc.a, tc.b, got)
		}
	}
}

// What a damaged profile may hold is read without a panic.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"", "=", "d", "dd", "d0g", "g", `\`, "_", "~", "#", "@", "d0z", "d1g’"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, form string) {
		DamageOf(form)
		for _, k := range Kinds() {
			Style(k, form)
		}
	})
}
