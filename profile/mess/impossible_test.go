package mess

import "testing"

func TestImpossibleDates(t *testing.T) {
	r, _ := seeded(70)
	for _, tc := range []struct {
		kind       Kind
		cell, form string // no form when it is described as any text is
	}{
		{Date, "2023-02-30", "~YYYY-MM-DD"},
		{Date, " 2021-13-01", "~_YYYY-MM-DD"},
		{Date, "00/00/2020", "~MM/DD/YYYY"},
		{Date, "31/04/2021", "~DD/MM/YYYY"},
		{Date, "2/30/2021", "~M/D/YYYY"},
		{Date, "20230230", "~YYYYMMDD"},
		{Date, "31.6.2022", "~D.M.YYYY"},
		{Date, "30-FEB-22", "~DD-MON-YY"},
		{Date, "30 februari 2022", "~DD month(nl) YYYY"},
		{Date, "31st June 2022", "~Dth Month YYYY"},
		{Date, "0 Jan 2022", "~D Mon YYYY"},
		{Timestamp, "2023-02-30 12:30:15", "~YYYY-MM-DD hh:mm:ss"},
		{Timestamp, "2023-02-30T00:00Z", "~YYYY-MM-DDT00:00Z"},
		{Date, "2023-02-30 12:30:15", ""},
		{Timestamp, "2023-02-30 25:30:15", ""},
		{Date, "0000-02-30", ""},
		{Date, "Wed 30 Feb 2022", ""},
		{Date, "2023-13", ""},
		{Date, "31 Sept 2022", "~DD Mon(ap) YYYY"},
		{Date, "31 Mai(fr) 2022", ""},
		{TextKind, "2023-02-30", ""},
	} {
		c := codec(t, tc.kind)
		d := Describe(c, text(tc.cell))
		if _, ok := cutImpossible(d.Forms[0]); ok != (tc.form != "") || ok && d.Forms[0] != tc.form {
			t.Errorf("%s: %q has the forms %q, want %q", tc.kind, tc.cell, d.Forms, tc.form)
		}
		if tc.form == "" {
			continue
		}
		if c.Own(tc.form) || len(d.Forms) < 2 || d.Typed {
			t.Errorf("%s: %q is %+v", tc.kind, tc.cell, d)
		}
		seen := map[string]bool{}
		for range 200 {
			made := Fill(tc.form, r)
			if again := Describe(c, made); again.Typed || again.Missing || again.Forms[0] != tc.form {
				t.Fatalf("%q fills to %q, which is %+v", tc.form, made.Text, again)
			}
			seen[made.Text] = true
		}
		if len(seen) < 10 {
			t.Errorf("%q is filled with %d texts only", tc.form, len(seen))
		}
	}
	for _, mask := range []string{"", "~", "~8ap", "~YYYY-MM", "~Dy YYYY-MM-DD", "~D0", "~YYYY-MM-DDx", "~Dy Mon DD hh:mm:ss YYYY", "YYYY-MM-DD"} {
		if _, ok := cutImpossible(mask); ok {
			t.Errorf("%q is the form of an impossible date", mask)
		}
	}
}
