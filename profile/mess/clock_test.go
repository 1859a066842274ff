package mess

import "testing"

func TestClockForms(t *testing.T) {
	for _, tc := range []struct{ cell, key, form string }{ // no key, no time
		{"09:05", "09:05:00", "hh:mm"},
		{"9:05", "09:05:00", "h:mm"},
		{"0:05", "00:05:00", "h:mm"},
		{"10:05", "10:05:00", "hh:mm"},
		{"0:00", "00:00:00", "0:00"},
		{"0:00:00.0", "00:00:00", "0:00:00.0"},
		{"00:00:00", "00:00:00", "00:00:00"},
		{"9:05:00", "09:05:00", "h:mm:00"},
		{"9:05:07.25Z", "09:05:07", "h:mm:ss.ffZ"},
		{"12:00 AM", "00:00:00", "12:00 AM"},
		{"12:00:00 AM", "00:00:00", "12:00:00 AM"},
		{"12:00 PM", "12:00:00", "hh:00 AM"},
		{"12:30am", "00:30:00", "hh:30am"},
		{"9:30 pm", "21:30:00", "h:30 am"},
		{"09:30PM", "21:30:00", "hh:30AM"},
		{"9:30 a.m.", "09:30:00", "h:30 a.m."},
		{"9:31 a.m.", "09:31:00", "h:mm a.m."},
		{"10:00:00", "10:00:00", "hh:00:00"},
		{"11:59:59.5 P.M.", "23:59:59", "hh:mm:ss.f A.M."},
		{"9:30 PM UTC", "21:30:00", "h:30 AM UTC"},
		{"9:30 GMT", "09:30:00", "h:30 GMT"},
		{"13:00 PM", "", ""},
		{"0:30 AM", "", ""},
		{"00:00 am", "", ""},
		{"9:30 Am", "", ""},
		{"9:30 a.m", "", ""},
		{"9:30  AM", "", ""},
		{"9:30 A", "", ""},
		{"9:30 EST", "09:30:00", "h:30 EST"},
		{"9:30 ES", "", ""},
		{"9 AM", "", ""},
		{"9:5", "", ""},
		{"9:5:00", "", ""},
		{"24:00", "", ""},
		{"9:60", "", ""},
		{":30", "", ""},
		{"009:30", "", ""},
		{"9:30:5", "", ""},
		{"9:30:05,5", "09:30:05", "h:mm:ss,f"},
		{"9:30:05,", "", ""},
		{"9", "", ""},
		{"T9:30", "", ""},
	} {
		v, form, ok := codec(t, Time).Parse(text(tc.cell))
		if ok != (tc.key != "") || v.Key != tc.key || form != tc.form {
			t.Errorf("%q parses to %q in %q (%v), want %q in %q", tc.cell, v.Key, form, ok, tc.key, tc.form)
		}
		if !ok {
			continue
		}
		stamp, stampForm, ok := codec(t, Timestamp).Parse(text("6/1/1930 " + tc.cell))
		if sec, _ := keySeconds("1930-06-01"); !ok || stampForm != "M/D/YYYY "+form || stamp.Pos != float64(sec)+v.Pos {
			t.Errorf("%q after a date parses to %v in %q (%v)", tc.cell, stamp, stampForm, ok)
		}
	}
}

func TestClockFormsReadTheirOwnSpelling(t *testing.T) {
	for _, c := range clockForms() {
		if got, ok := parseClockForm(string(c.append(nil))); !ok || got != c {
			t.Errorf("%q reads as %+v (%v), want %+v", c.append(nil), got, ok, c)
		}
	}
}

// The seconds of each form are counted one by one.
func TestClockSetsCountAndFind(t *testing.T) {
	r, _ := seeded(62)
	seen := map[*clockSet]bool{}
	for _, c := range clockForms() {
		if c.zone != "" || c.frac > 0 || !c.seconds || seen[c.set()] {
			continue
		}
		set, rank := c.set(), int64(0)
		seen[set] = true
		for sec := range int64(day) {
			got, form, ok := readClock(string(c.write(nil, sec, r)))
			want := ok && form == c && got == sec
			if set.has(sec) != want || set.rank(sec) != rank {
				t.Fatalf("%q: second %d: %v, rank %d, want %v, rank %d", c.append(nil), sec, set.has(sec), set.rank(sec), want, rank)
			}
			if want {
				if at := set.at(rank); at != sec {
					t.Fatalf("%q: the one of rank %d is %d, want %d", c.append(nil), rank, at, sec)
				}
				rank++
			}
		}
		if set.rank(day) != rank || rank == 0 {
			t.Errorf("%q: %d seconds, want %d", c.append(nil), set.rank(day), rank)
		}
	}
}
