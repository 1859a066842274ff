package mess

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	day0 := edgeOf(0, 0)
	for _, tc := range []struct {
		kind Kind
		s    Span
		want string // part of the error; "" when the span is one of the kind's
	}{
		{Integer, Span{Key: "12"}, ""},
		{Integer, Span{Key: "-9223372036854775808"}, ""},
		{Integer, Span{Key: "012"}, "canonical"},
		{Integer, Span{Key: "-0"}, "canonical"},
		{Integer, Span{Key: " 1"}, "canonical"},
		{Integer, Span{Key: "1.5"}, "canonical"},
		{Integer, Span{Key: strings.Repeat("9", 1<<16)}, "canonical"},
		{Decimal, Span{Key: "1.5"}, ""},
		{Decimal, Span{Key: "1.50"}, "canonical"},
		{Decimal, Span{Key: "1e5"}, "canonical"},
		{Integer, Span{Hi: Edge{1, 0}}, ""},
		{Integer, Span{Lo: Edge{-1, 19}, Hi: Edge{1, 19}}, ""},
		{Integer, Span{Hi: Edge{5, -1}}, "finer"},
		{Decimal, Span{Hi: Edge{5, -19}}, ""},
		{Decimal, Span{Hi: Edge{5, -20}}, "finer"},
		{Decimal, Span{Lo: Edge{5, -1}, Hi: Edge{5, -1}}, "empty"},
		{Decimal, Span{Lo: Edge{6, -1}, Hi: Edge{5, -1}}, "empty"},
		{Decimal, Span{}, "empty"},
		{Decimal, Span{Hi: Edge{10, 0}}, "canonical"},
		{Decimal, Span{Lo: Edge{0, 3}, Hi: Edge{1, 0}}, "canonical"},
		{Decimal, Span{Hi: Edge{11, 18}}, "axis"},
		{Decimal, Span{Lo: Edge{-1, 20}, Hi: Edge{1, 0}}, "axis"},
		{Decimal, Span{Lo: Edge{1000000000000001, 0}, Hi: Edge{1, 19}}, "15 digits"},
		{Date, Span{Key: "2024-02-29"}, ""},
		{Date, Span{Key: "2023-02-29"}, "canonical"},
		{Date, Span{Key: "2024-02-29T00:00:01"}, "canonical"},
		{Timestamp, Span{Key: "2024-02-29T00:00:01"}, ""},
		{Timestamp, Span{Key: "2024-02-29T00:00:00"}, "canonical"},
		{Timestamp, Span{Key: "2024-02-29 00:00:01"}, "canonical"},
		{Timestamp, Span{Key: "2024-02-29T00:00:01Z"}, "canonical"},
		{Timestamp, Span{Key: "2024-02-29T00:00:01.5"}, "canonical"},
		{Timestamp, Span{Key: "short"}, "canonical"},
		{Date, Span{Lo: day0, Hi: edgeOf(day, 0)}, ""},
		{Date, Span{Lo: day0, Hi: edgeOf(hour, 0)}, "within a day"},
		{Timestamp, Span{Lo: day0, Hi: edgeOf(1, 0)}, ""},
		{Timestamp, Span{Lo: day0, Hi: Edge{5, -1}}, "finer"},
		{Timestamp, Span{Lo: edgeOf(axisStart, 0), Hi: edgeOf(axisEnd, 0)}, ""},
		{Timestamp, Span{Lo: edgeOf(axisStart, 0), Hi: edgeOf(axisEnd+1, 0)}, "axis"},
		{Time, Span{Key: "09:05:00"}, ""},
		{Time, Span{Key: "00:00:00"}, ""},
		{Time, Span{Key: "09:05"}, "canonical"},
		{Time, Span{Key: "2024-02-29"}, "canonical"},
		{Time, Span{Hi: edgeOf(day, 0)}, ""},
		{Time, Span{Hi: edgeOf(day+1, 0)}, "axis"},
		{Duration, Span{Key: "1:30:00"}, ""},
		{Duration, Span{Key: "01:30:00"}, "canonical"},
		{Duration, Span{Key: "90 min"}, "canonical"},
		{Duration, Span{Hi: edgeOf(maxDuration, 0)}, ""},
		{Duration, Span{Lo: Edge{-1, 0}, Hi: Edge{1, 0}}, "axis"},
		{Boolean, Span{Key: "true"}, ""},
		{Boolean, Span{Key: "yes"}, "atoms"},
		{Boolean, Span{Hi: Edge{1, 0}}, "atoms"},
		{Category, Span{Key: "a"}, "neither"},
		{TextKind, Span{}, "neither"},
		{ID, Span{Hi: Edge{1, 0}}, "neither"},
	} {
		err := codec(t, tc.kind).Check(tc.s)
		if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %.80v: error %v, want %q", tc.kind, tc.s, err, tc.want)
		}
	}
}

// Whatever passes Check is rendered in any form, in a form that fits, as a short cell that parses and lies in the span.
func TestWhatPassesCheckRenders(t *testing.T) {
	r, _ := seeded(5)
	forms := []string{
		"", AnyForm, "d0", "d1z1", "#d2", "d20", "d20z9", "___d7___", "+d0", "(d2)", "d1-", "$-d2g,", "$(d2z2)", "€_d1g.", "d0gs", "d3gnc", "d2c", "d1o", "d20z19o", "d0p", "d0e1", "d1E+2", "d20e-3", "d20z20E-2",
		"d0\"k\"", "-d0", "d0g", "d0\"", "$", "(d", "d1e", "d0_\"kk\"", strings.Repeat("(", 1<<16), "d0\"" + strings.Repeat("k", 1<<16) + "\"", "d21", "d-1", "d+1", "dz", "9{3}", "YYYY-MM-DD", "YYYY-MM-DD hh:mm:ss",
		"YYYY-MM-DDT00:00", "hh:mm:ss", "_hh:mm", "00:00:00.000", "hh:mm:ss.ff+02:00", "YYYY-MM-DDThh:mm:00.000+14:00", "YYYY-MM-DDxx", "_YYYY-MM-DD hh:mm:ss.fff UTC_", "yes/no", "!true/false", "#1/0", "!1/0", "NhNm", "N min", "N.n hours", "PNDTNH", "N hours N minutes", "hh:mm:ss", "h:mm:ss", "epoch s", "#epoch ms0", "_epoch ns", "serial", "#serial.f", "serial.ffffff", "d0r1", "d2z2r3",
		"MM/DD/YYYY", "M/D/YYYY", "DD/MM/YYYY", "D/M/YYYY", "D/M/YY", "YYYYMMDD", "_D.M.YYYY", "DD-MON-YY", "Month D, YYYY", "M/D/YYYY h:mm AM", "D/M/YY, h:mm:ss.fff a.m.", "D/M/YY, 12:00 a.m.",
		"M/D/YYYY 0:00:00", "h:mm", "12:00 AM", "h:mm:ss.fffPM", "h:mm:ss.fffAM+14", "MM.DD.YYYY", "D/MM/YYYY", "0:00 AM", "12:00", "YYYYMMDD" + strings.Repeat("D", 1<<16), "Month", "MD", "h:mm" + strings.Repeat(" AM", 1<<15),
		strings.Repeat("_", 1<<16), "d" + strings.Repeat("9", 1<<16), strings.Repeat("_", 1<<16) + "yes/no", "YYYY-MM-DD" + strings.Repeat("f", 1<<16),
	}
	var spans []Span
	for _, lo := range hostileEdges {
		for _, hi := range hostileEdges {
			spans = append(spans, Span{Lo: lo, Hi: hi})
		}
	}
	for _, key := range []string{"true", "false", "1", "-12.5", "1234", "-1234567", "0", "0.00001", "550000000000000000", "2024-02-29", "2024-02-29T01:02:03", "0001-01-01", "9999-12-31", "00:00:00", "09:05:00", "23:59:59", "0:00:00", "1:30:00", "100:00:01", "48:00:00"} {
		spans = append(spans, Span{Key: key})
	}
	for _, k := range Kinds() {
		c, passed := codec(t, k), 0
		for _, s := range spans {
			if c.Check(s) != nil {
				continue
			}
			passed++
			for _, f := range forms {
				checkRender(t, c, s, f, r)
			}
		}
		if passed == 0 && (c.Axis() != nil || k == Boolean) {
			t.Errorf("%s: no span passed", k)
		}
	}
}

// checkRender renders a span in a form and checks the cell against both.
func checkRender(t *testing.T, c Codec, s Span, form string, r *Rand) {
	t.Helper()
	fits := c.Fits(s, form)
	cell := c.Render(s, form, r)
	v, got, ok := c.Parse(cell)
	switch {
	case len(cell.Text) > maxOpen:
		t.Fatalf("%s: %v in %.60q gives %d bytes", c.Kind(), s, form, len(cell.Text))
	case !ok:
		t.Fatalf("%s: %v in %.60q gives %q, which does not parse", c.Kind(), s, form, cell.Text)
	case fits && got != form:
		t.Fatalf("%s: %v in %.60q gives %q, which is %q", c.Kind(), s, form, cell.Text, got)
	case !c.Own(got):
		t.Fatalf("%s: %q is not a form of its own", c.Kind(), got)
	case c.Open() && s.Key == "":
	case s.Key != "":
		if v.Key != s.Key {
			t.Fatalf("%s: %v in %.60q gives %q", c.Kind(), s, form, cell.Text)
		}
	default:
		exact := rat(t, "0")
		if c.Kind() == Date || c.Kind() == Timestamp || c.Kind() == Time || c.Kind() == Duration {
			exact.SetFloat64(v.Pos)
		} else {
			exact = rat(t, v.Key)
		}
		if !s.holds(t, exact) {
			t.Fatalf("%s: %v in %.60q gives %q, outside of it", c.Kind(), s, form, cell.Text)
		}
	}
}

// The methods of a codec take spans that did not pass Check without panics and without long cells.
func TestHostileSpansDoNotPanic(t *testing.T) {
	r, _ := seeded(6)
	for _, k := range Kinds() {
		c := codec(t, k)
		for _, lo := range hostileEdges {
			for _, hi := range hostileEdges {
				for _, form := range []string{"*", "d0", "d20z9", "#d3", "d0g,", "(d20z1)", "d18o", "d20e-3", "d0e2", "d19z3E+1", "d1gs", "YYYY-MM-DD", "YYYY-MM-DDThh:mm:ss.fff", "D/M/YY", "Month D, YYYY h:mm:ss am", "YYYYMMDD 0:00", "h:mmAM", "yes/no"} {
					s := Span{Lo: lo, Hi: hi}
					c.Fits(s, form)
					if cell := c.Render(s, form, r); len(cell.Text) > 200 {
						t.Fatalf("%s: %v in %q gives %d bytes", k, s, form, len(cell.Text))
					}
				}
			}
		}
	}
}
