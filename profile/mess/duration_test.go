package mess

import "testing"

func TestDurations(t *testing.T) {
	for _, tc := range []struct{ cell, key, form string }{ // no key, no duration
		{"1:30:00", "1:30:00", "h:mm:ss"},
		{"01:30:05", "1:30:05", "hh:mm:ss"},
		{"100:00:00", "100:00:00", "hh:mm:ss"},
		{"0:00:00", "0:00:00", "h:mm:ss"},
		{"90 min", "1:30:00", "N min"},
		{"90min", "1:30:00", "Nmin"},
		{"0 mins", "0:00:00", "N mins"},
		{" 1h30m", "1:30:00", "_NhNm"},
		{"1h 30m", "1:30:00", "Nh Nm"},
		{"1 h 30 min", "1:30:00", "N h N min"},
		{"1 hour 1 minute", "1:01:00", "N hours N minutes"},
		{"2 hours 5 seconds", "2:00:05", "N hours N seconds"},
		{"1 day", "24:00:00", "N days"},
		{"2 days", "48:00:00", "N days"},
		{"1.5 hours", "1:30:00", "N.n hours"},
		{"0.5 min", "0:00:30", "N.n min"},
		{"PT1H30M", "1:30:00", "PTNHNM"},
		{"P1DT12H", "36:00:00", "PNDTNH"},
		{"P2W", "336:00:00", "PNW"},
		{"1d0h5m", "24:05:00", "NdNhNm"},
		{"1:30", "", ""},
		{"1:60:00", "", ""},
		{"001:30:00", "", ""},
		{"1h0m", "", ""},
		{"0h5m", "", ""},
		{"1h60m", "", ""},
		{"1m1h", "", ""},
		{"1 days", "", ""},
		{"2 day", "", ""},
		{"1h  5m", "", ""},
		{"1 h5 m", "", ""},
		{"1h 5m1s", "", ""},
		{"1.50 hours", "", ""},
		{"1.0 hours", "", ""},
		{"1.5 sec", "", ""},
		{"01 min", "", ""},
		{"1000000 s", "", ""},
		{"P", "", ""},
		{"PT", "", ""},
		{"P1H", "", ""},
		{"PT1D", "", ""},
		{"PT1H30MT", "", ""},
		{"5 years", "", ""},
		{"about 5 min", "", ""},
		{"5", "", ""},
		{"", "", ""},
	} {
		v, form, ok := codec(t, Duration).Parse(text(tc.cell))
		if ok != (tc.key != "") || v.Key != tc.key || form != tc.form {
			t.Errorf("%q parses to %q in %q (%v), want %q in %q", tc.cell, v.Key, form, ok, tc.key, tc.form)
		}
	}
}

// durationForms are the clocks, and amounts of each choice of at most two units with every spelling of what is between.
func durationForms() (all []durationForm) {
	all = []durationForm{{clock: true}, {clock: true, bare: true, lead: 1}}
	for a := range durationUnits {
		for b := a; b < len(durationUnits); b++ {
			for i := range 16 {
				f := durationForm{units: string([]byte{byte(a), byte(b)}), tenths: i&1 != 0, gap: i&2 != 0, apart: i&4 != 0, iso: i&8 != 0, trail: i % 3}
				if a == b {
					f.units = f.units[:1]
				}
				if f.iso && (durationUnits[a].iso == 0 || durationUnits[b].iso == 0) {
					continue
				}
				if f.isSound() {
					all = append(all, f)
				}
			}
		}
	}
	return all
}

func TestDurationFormsWriteWhatTheyRead(t *testing.T) {
	r, rng := seeded(90)
	c := codec(t, Duration)
	seen := map[string]bool{}
	for _, f := range durationForms() {
		s := f.String()
		if got, ok := parseDurationForm(s); !ok || got != f || seen[s] {
			t.Fatalf("%q reads as %+v (%v), want %+v", s, got, ok, f)
		}
		seen[s] = true
		written := 0
		for range 60 {
			sec := rng.Int64N([]int64{100, 2 * hour, 3 * day, 900 * day}[rng.IntN(4)])
			if set, unit := f.durations(secondsSpan(0, maxDuration)); rng.IntN(2) == 0 {
				sec = set.draw(r) * unit
			}
			key := Span{Key: durationKey(sec)}
			if !c.Fits(key, s) {
				continue
			}
			written++
			cell := c.Render(key, s, r)
			if v, form, ok := c.Parse(cell); !ok || form != s || v.Pos != float64(sec) {
				t.Fatalf("%d s in %q is %q, which is %v in %q", sec, s, cell.Text, v, form)
			}
			lo := max(0, sec-rng.Int64N(2*hour))
			checkRender(t, c, secondsSpan(lo, min(maxDuration, lo+1+rng.Int64N(3*hour))), s, r)
			checkRender(t, c, key, AnyForm, r)
		}
		if written == 0 {
			t.Errorf("%q wrote nothing", s)
		}
	}
	for _, s := range []string{"", "N", "h:mm", "N parsec", "Nminutes Nh", "PNH", "N.n s", "PN.nD", "N hour", "NhNhNm", "____Nh", "N  h", "PTNHT", "NwNdNhNmNs"} {
		if f, ok := parseDurationForm(s); ok {
			t.Errorf("%q reads as %+v", s, f)
		}
	}
}
