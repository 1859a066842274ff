package mess

import (
	"math/rand/v2"
	"regexp"
	"testing"

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
		{Date, text("2024-1-"), "", ""},
		{Date, text("2024-1-2-3"), "", ""},
		{Date, text("2024-01/01"), "", ""},
		{Date, text("2024-01-011"), "", ""},
		{Date, text("2024-02-29 00:00:00"), "", ""},
		{Date, number("20240229"), "", ""},
		{Timestamp, text("2024-02-29"), "2024-02-29", "YYYY-MM-DD"},
		{Timestamp, text("2024-02-29 00:00:00"), "2024-02-29", "YYYY-MM-DD 00:00:00"},
		{Timestamp, text("2024-02-29T00:00"), "2024-02-29", "YYYY-MM-DDT00:00"},
		{Timestamp, text("2024-02-29 12:00:00"), "2024-02-29T12:00:00", "YYYY-MM-DD hh:00:00"},
		{Timestamp, text("2024-02-29T12:30"), "2024-02-29T12:30:00", "YYYY-MM-DDThh:30"},
		{Timestamp, text("2024-02-29T12:30:15"), "2024-02-29T12:30:15", "YYYY-MM-DDThh:mm:ss"},
		{Timestamp, text("2024-02-29T12:30:15.120Z"), "2024-02-29T12:30:15", "YYYY-MM-DDThh:mm:ss.fffZ"},
		{Timestamp, text("2024-02-29T12:30:00.000z"), "2024-02-29T12:30:00", "YYYY-MM-DDThh:30:00.000z"},
		{Timestamp, text("2024-02-29T12:30:15+00:00"), "2024-02-29T12:30:15", "YYYY-MM-DDThh:mm:ss+00:00"},
		{Timestamp, text("2024-02-29 12:30-0330"), "2024-02-29T12:30:00", "YYYY-MM-DD hh:30-0330"},
		{Timestamp, text("2024-02-29 12:30:15,120"), "2024-02-29T12:30:15", "YYYY-MM-DD hh:mm:ss,fff"},
		{Timestamp, text("2024-02-29 12:30:15 +0100"), "2024-02-29T12:30:15", "YYYY-MM-DD hh:mm:ss +0100"},
		{Timestamp, text("2024-02-29 12:30:15 XYZ"), "", ""},
		{Timestamp, text("Thu Feb 29 12:30:15 2024"), "2024-02-29T12:30:15", "Dy Mon DD hh:mm:ss YYYY"},
		{Timestamp, text("Fri Mar  1 12:30:15 2024"), "2024-03-01T12:30:15", "Dy Mon  D hh:mm:ss YYYY"},
		{Timestamp, text("Fri Mar 01 00:00:00 +0000 2024"), "2024-03-01", "Dy Mon DD 00:00:00 +0000 YYYY"},
		{Timestamp, text("Sat Mar 01 00:00:00 +0000 2024"), "", ""},
		{Timestamp, text("Thu, 29 Feb 2024 12:30:15 GMT"), "2024-02-29T12:30:15", "Dy, DD Mon YYYY hh:mm:ss GMT"},
		{Timestamp, text("29/Feb/2024:12:30:15 +0000"), "2024-02-29T12:30:15", "DD/Mon/YYYY:hh:mm:ss +0000"},
		{Timestamp, text("2024-02-29:12:30:15"), "", ""},
		{Timestamp, text("2024-02 12:30:15"), "", ""},
		{Date, text("Thu Feb 29 12:30:15 2024"), "", ""},
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
		{Timestamp, text("2024-02-29, 12:30"), "2024-02-29T12:30:00", "YYYY-MM-DD, hh:30"},
		{Timestamp, text("2024-02-29,12:30"), "", ""},
		{Timestamp, text("2024-02-29  12:30"), "", ""},
		{Timestamp, text("2024-02-29 "), "2024-02-29", "YYYY-MM-DD_"},
		{Timestamp, text("2024-02-29T"), "", ""},
		{Timestamp, text("2024-02-29T1:3"), "", ""},
		{Timestamp, text("2024-02-29T123:30"), "", ""},
		{Timestamp, text("2024-02-é9"), "", ""},
		{Timestamp, text(""), "", ""},
	} {
		v, form, ok := codec(t, tc.kind).Parse(tc.cell)
		if ok != (tc.form != "") || v.Key != tc.key || form != tc.form {
			t.Errorf("%s: %v parses to %q in %q (%v), want %q in %q", tc.kind, tc.cell, v.Key, form, ok, tc.key, tc.form)
		}
	}
}

// clockForms are all clocks with a choice of the rest.
func clockForms() (all []clockForm) {
	for c := midnight; c <= anySecond; c++ {
		for h := range half(len(halfMarks)) {
			for _, bare := range []bool{false, true} {
				if bare && c == midnight && h != 0 {
					continue // 12:00 has two digits
				}
				for _, zone := range []string{"", "Z", "+00:00", "-0530", "+14", " UTC", " CEST", " +0100"} {
					if c != anySecond {
						all = append(all, clockForm{clock: c, half: h, bare: bare, zone: zone})
					}
					for _, frac := range []uint8{0, 1, 3, 9} {
						all = append(all, clockForm{clock: c, half: h, bare: bare, seconds: true, frac: frac, zone: zone})
						if frac > 0 {
							all = append(all, clockForm{clock: c, half: h, bare: bare, seconds: true, frac: frac, fracZero: true, comma: frac == 3, zone: zone})
						}
					}
				}
			}
		}
	}
	return all
}

// layouts are all clocks after an ISO date, and all dates, alone and before some clocks.
func layouts() []layout {
	all := []layout{{date: isoDate, lead: 2}, {date: isoDate, trail: 1}}
	clocks := clockForms()
	for i, c := range clocks {
		all = append(all, layout{date: isoDate, sep: "T ,"[i%3], clockForm: c, lead: i % 4})
	}
	for d, f := range soundForms() {
		if all = append(all, layout{date: f}); f == isoDate || !f.order.whole() {
			continue
		}
		for i := range 3 {
			sep := "T ,"[i%3]
			if i == 0 && f.name != numbered {
				sep = ':'
			}
			if i == 1 && f.hasInside() {
				sep = inside
			}
			all = append(all, layout{date: f, sep: sep, clockForm: clocks[(d*101+i*37)%len(clocks)]})
		}
	}
	for i := range all {
		all[i].first = monthFirst
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
		"#YYYY-MM-DD", "YYYY-MM-DD\xff", "d0", AnyForm, "MM.DD.YYYY", "M/DD/YYYY", "DD/MM/Y", "YYYY.M.D", "DD-MM-YY", "Mon DD, YY", "DD Mon", "Month. D, YYYY", "MM(de)/DD/YYYY", "month(ap) YYYY", "Dy YYYY-MM", "Dy, MM/DD/YY", "DDth Mon YYYY", "YYYY-MM 00:00", "Mon D hh:mm YYYY", "YYYY-MM-DD:hh:mm", "YYYY-MM-DD,hh:mm",
		"YYYY-MM-DD 00:00 AM", "YYYY-MM-DD 0:00 AM", "YYYY-MM-DD 12:00", "YYYY-MM-DD 12:mm AM", "YYYY-MM-DD hh:mm PM", "YYYY-MM-DD h:mm Am", "YYYY-MM-DDTh:mm AMAM",
	} {
		if l, ok := parseLayout(s); ok {
			t.Errorf("%q reads as %+v", s, l)
		}
	}
	if codec(t, Date).Own("YYYY-MM-DD 00:00:00") || !codec(t, Date).Own("_YYYY-MM-DD") {
		t.Error("dates have no clock")
	}
}

// randomSecond returns a second of the axis, often in the years of every layout, often midnight, a whole minute or early.
func randomSecond(rng *rand.Rand) int64 {
	lo, hi := axisStart, axisEnd
	if rng.IntN(4) > 0 {
		lo, hi = civil(pivotYear), civil(pivotYear+100)
	}
	sec := lo + rng.Int64N((hi-lo)/day)*day
	switch rng.IntN(3) {
	case 0:
		return sec
	case 1:
		return sec + rng.Int64N(day/minute)*minute
	}
	return sec + rng.Int64N(day)
}

// A layout writes a second when, and only when, reading what it writes gives the second in that layout again.
func TestLayoutsWriteWhatTheyRead(t *testing.T) {
	r, rng := seeded(12)
	c := codec(t, Timestamp)
	for i, l := range layouts() {
		const n = 60
		written := 0
		for k := range n {
			sec := randomSecond(rng)
			if k%3 == 0 {
				sec = l.times(secondsSpan(civil(pivotYear), civil(pivotYear+100))).draw(r)
			}
			if l.sep == 0 {
				sec = floorDiv(sec, day) * day
			}
			cell := text(string(l.write(nil, sec, r)))
			v, form, ok := c.Parse(cell)
			if again := ok && form == l.String() && v.Pos == float64(sec); again != l.writes(sec) {
				t.Fatalf("%d: %q, %d s in %q, parses to %v in %q (%v)", i, cell.Text, sec, l, v, form, ok)
			}
			if !l.writes(sec) {
				continue
			}
			written++
			checkWritten(t, c, l, v, cell, r)
		}
		if written == 0 {
			t.Errorf("%q wrote none of %d", l, n)
		}
	}
}

// checkWritten renders the value of a cell and compares the two.
func checkWritten(t *testing.T, c Codec, l layout, v Value, cell record.Cell, r *Rand) {
	t.Helper()
	s := Span{Key: v.Key}
	if at, ok := keySeconds(v.Key); !ok || float64(at) != v.Pos || c.Check(s) != nil || !c.Fits(s, l.String()) {
		t.Fatalf("%q: the key %q is of second %d (%v)", cell.Text, v.Key, at, ok)
	}
	got := c.Render(s, l.String(), r)
	if l.frac > 0 && !l.fracZero { // made up
		got.Text, cell.Text = withoutFraction(got.Text), withoutFraction(cell.Text)
	}
	if got != cell {
		t.Fatalf("%q in %q renders as %q", v.Key, l, got.Text)
	}
}

// fraction is that of a second, after two digits that follow a colon.
var fraction = regexp.MustCompile(`(:\d\d[.,])\d+`)

func withoutFraction(s string) string { return fraction.ReplaceAllString(s, "$1") }

func TestTimeFitsAgreesWithCounting(t *testing.T) {
	r, rng := seeded(13)
	all := layouts()
	start, _ := keySeconds("2024-02-28T23:00:00")
	for range 6000 {
		lo := start + rng.Int64N(2*hour) + rng.Int64N(3)*11*hour
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
