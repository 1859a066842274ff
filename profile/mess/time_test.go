package mess

import (
	"strings"
	"testing"
	"time"

	"github.com/patina-data/patina/profile/record"
)

func TestTimeParse(t *testing.T) {
	for _, tc := range []struct {
		kind      Kind
		cell      record.Cell
		key, form string // "" and "" when it is no time of the kind
	}{
		{Date, text("2024-02-29"), "2024-02-29", "YYYY-MM-DD"},
		{Date, text(" 2024-02-29  "), "2024-02-29", "_YYYY-MM-DD__"},
		{Date, text("0001-01-01"), "0001-01-01", "YYYY-MM-DD"},
		{Date, text("9999-12-31"), "9999-12-31", "YYYY-MM-DD"},
		{Date, text("0000-01-01"), "", ""},
		{Date, text("2023-02-29"), "", ""},
		{Date, text("1900-02-29"), "", ""},
		{Date, text("2000-02-29"), "2000-02-29", "YYYY-MM-DD"},
		{Date, text("2024-13-01"), "", ""},
		{Date, text("2024-1-01"), "", ""},
		{Date, text("2024/01/01"), "", ""},
		{Date, text("2024-02-29 00:00:00"), "", ""},
		{Date, number("20240229"), "", ""},
		{Timestamp, text("2024-02-29"), "2024-02-29", "YYYY-MM-DD"},
		{Timestamp, text("2024-02-29 00:00:00"), "2024-02-29", "YYYY-MM-DD 00:00:00"},
		{Timestamp, text("2024-02-29T00:00"), "2024-02-29", "YYYY-MM-DDT00:00"},
		{Timestamp, text("2024-02-29 12:00:00"), "2024-02-29T12:00:00", "YYYY-MM-DD hh:mm:00"},
		{Timestamp, text("2024-02-29T12:30"), "2024-02-29T12:30:00", "YYYY-MM-DDThh:mm"},
		{Timestamp, text("2024-02-29T12:30:15"), "2024-02-29T12:30:15", "YYYY-MM-DDThh:mm:ss"},
		{Timestamp, text("2024-02-29T12:30:15.120Z"), "2024-02-29T12:30:15", "YYYY-MM-DDThh:mm:ss.fffZ"},
		{Timestamp, text("2024-02-29T12:30:00.000z"), "2024-02-29T12:30:00", "YYYY-MM-DDThh:mm:00.000z"},
		{Timestamp, text("2024-02-29T12:30:15+00:00"), "2024-02-29T12:30:15", "YYYY-MM-DDThh:mm:ss+00:00"},
		{Timestamp, text("2024-02-29 12:30-0330"), "2024-02-29T12:30:00", "YYYY-MM-DD hh:mm-0330"},
		{Timestamp, text("2024-02-29 12:30:15 UTC"), "2024-02-29T12:30:15", "YYYY-MM-DD hh:mm:ss UTC"},
		{Timestamp, text("2024-02-29 12:30:15+15:00"), "", ""},
		{Timestamp, text("2024-02-29 12:30:15+01:60"), "", ""},
		{Timestamp, text("2024-02-29 12:30:15+0:200"), "", ""},
		{Timestamp, text("2024-02-29 12:30:15."), "", ""},
		{Timestamp, text("2024-02-29 12:30:15.1234567890"), "", ""},
		{Timestamp, text("2024-02-29 24:00:00"), "", ""},
		{Timestamp, text("2024-02-29 12:60:00"), "", ""},
		{Timestamp, text("2024-02-29 12:30:60"), "", ""},
		{Timestamp, text("2024-02-29x12:30:15"), "", ""},
		{Timestamp, text("2024-02-29T1:30:15"), "", ""},
		{Timestamp, text("2024-02-29 12:30 PM"), "", ""},
		{Timestamp, text("2024-02-é9"), "", ""},
		{Timestamp, text(""), "", ""},
	} {
		v, form, ok := codec(t, tc.kind).Parse(tc.cell)
		if ok != (tc.form != "") || v.Key != tc.key || form != tc.form {
			t.Errorf("%s: %v parses to %q in %q (%v), want %q in %q", tc.kind, tc.cell, v.Key, form, ok, tc.key, tc.form)
		}
	}
}

// layouts are all clocks with a choice of the rest.
func layouts() []layout {
	all := []layout{{}, {lead: 2}, {trail: 1}}
	for _, sep := range []byte("T ") {
		for c := midnight; c <= anySecond; c++ {
			for _, zone := range []string{"", "Z", "+00:00", "-0530", "+14", " UTC"} {
				if c != anySecond {
					all = append(all, layout{sep: sep, clock: c, zone: zone})
				}
				for _, frac := range []int{0, 1, 3, 9} {
					all = append(all, layout{sep: sep, clock: c, seconds: true, frac: frac, zone: zone, lead: frac % 4})
					if frac > 0 {
						all = append(all, layout{sep: sep, clock: c, seconds: true, frac: frac, fracZero: true, zone: zone})
					}
				}
			}
		}
	}
	return all
}

func TestLayoutsReadTheirOwnSpelling(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range layouts() {
		s := l.String()
		if got, ok := parseLayout(s); !ok || got != l {
			t.Errorf("%q reads as %+v (%v), want %+v", s, got, ok, l)
		}
		if seen[s] {
			t.Errorf("%q stands for two layouts", s)
		}
		seen[s] = true
	}
	for _, s := range []string{
		"", "YYYY", "YYYY-MM-DDT", "YYYY-MM-DD hh", "YYYY-MM-DDxhh:mm", "YYYY-MM-DD hh:mm:xx", "YYYY-MM-DD hh:mm:ss.", "YYYY-MM-DD hh:mm.fff",
		"YYYY-MM-DD hh:mm:ss.ffffffffff", "YYYY-MM-DD hh:mm:ss.f0", "YYYY-MM-DD hh:mm:ss+", "YYYY-MM-DD hh:mm:ss+99:00", "____YYYY-MM-DD", "YYYY-MM-DDZ",
		"#YYYY-MM-DD", "YYYY-MM-DD\xff", "d0", AnyForm,
	} {
		if l, ok := parseLayout(s); ok {
			t.Errorf("%q reads as %+v", s, l)
		}
	}
	if codec(t, Date).Own("YYYY-MM-DD 00:00:00") || !codec(t, Date).Own("_YYYY-MM-DD") {
		t.Error("dates have no clock")
	}
}

func TestTimeRoundTrip(t *testing.T) {
	r, rng := seeded(12)
	c := codec(t, Timestamp)
	for _, l := range layouts() {
		for range 20 {
			sec := axisStart + rng.Int64N((axisEnd-axisStart)/day)*day
			switch l.clock {
			case wholeMinute:
				sec += minute * (1 + rng.Int64N(day/minute-1))
			case anySecond:
				sec += rng.Int64N(day/minute)*minute + 1 + rng.Int64N(minute-1)
			}
			cell := text(l.write(time.Unix(sec, 0).UTC(), r))
			v, form, ok := c.Parse(cell)
			s := Span{Key: v.Key}
			if !ok || form != l.String() || v.Pos != float64(sec) || c.Check(s) != nil || !c.Fits(s, form) {
				t.Fatalf("%q, %d s in %q, parses to %v in %q (%v)", cell.Text, sec, l, v, form, ok)
			}
			got := c.Render(s, form, r)
			if l.frac > 0 && !l.fracZero { // made up
				at := strings.IndexByte(cell.Text, '.')
				got.Text = got.Text[:at+1] + cell.Text[at+1:at+1+l.frac] + got.Text[at+1+l.frac:]
			}
			if got != cell {
				t.Fatalf("%q in %q renders as %q", v.Key, form, got.Text)
			}
		}
	}
}

func TestTimeFitsAgreesWithCounting(t *testing.T) {
	r, rng := seeded(13)
	all := layouts()
	start, _ := keySeconds("2024-02-28T23:00:00")
	for range 3000 {
		lo := start + rng.Int64N(2*hour)
		if rng.IntN(3) == 0 {
			lo = lo / minute * minute
		}
		hi := lo + 1 + rng.Int64N([]int64{2, minute + 5, 2 * hour}[rng.IntN(3)])
		s, l := secondsSpan(lo, hi), all[rng.IntN(len(all))]
		want := false
		for sec := lo; sec < hi; sec++ {
			want = want || l.writes(sec)
		}
		if got := codec(t, Timestamp).Fits(s, l.String()); got != want {
			t.Fatalf("[%d, %d) fits %q: %v, want %v", lo, hi, l, got, want)
		}
		checkRender(t, codec(t, Timestamp), s, l.String(), r)
	}
}

func TestTimeRendersWithinItsBin(t *testing.T) {
	r, rng := seeded(14)
	all := layouts()
	for _, k := range []Kind{Date, Timestamp} {
		c := codec(t, k)
		roots := c.Axis().Roots(0)
		for range 2000 {
			at := rng.IntN(len(roots))
			s := roots[at]
			if rng.IntN(3) == 0 {
				s.Hi = roots[at+rng.IntN(len(roots)-at)].Hi
			}
			for range rng.IntN(8) {
				children := c.Axis().Split(s, []int{10, 100}[rng.IntN(2)], 0)
				if children == nil {
					break
				}
				s = children[rng.IntN(len(children))]
			}
			checkRender(t, c, s, all[rng.IntN(len(all))].String(), r)
			checkRender(t, c, s, AnyForm, r)
		}
	}
}

// Of a span of many centuries the years are drawn that people write.
func TestWideTimesAreDrawnNearThePresent(t *testing.T) {
	r, _ := seeded(15)
	for _, tc := range []struct{ from, to, lo, hi int }{
		{1, 10000, firstYear, lastYear - 1}, {1, 1900, 1800, 1899}, {2050, 10000, 2050, 2099}, {2500, 10000, 2500, 2600}, {1, 1901, 1800, 1900},
	} {
		s := secondsSpan(civil(tc.from), civil(tc.to))
		for range 200 {
			got := codec(t, Date).Render(s, dateLayout, r).Text
			if y := small(got[:4]); y < tc.lo-1 || y > tc.hi {
				t.Fatalf("years %d to %d give %s", tc.from, tc.to, got)
			}
		}
	}
}
