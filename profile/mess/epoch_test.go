package mess

import (
	"testing"

	"github.com/patina-data/patina/profile/record"
)

func TestEpochs(t *testing.T) {
	for _, tc := range []struct {
		cell      record.Cell
		key, form string // no key, no time
	}{
		{text("1704110415"), "2024-01-01T12:00:15", "epoch s"},
		{number("1704067200"), "2024-01-01", "#epoch s"},
		{text(" 1704110415123"), "2024-01-01T12:00:15", "_epoch ms"},
		{text("1704110415000"), "2024-01-01T12:00:15", "epoch ms0"},
		{text("1704110415000001"), "2024-01-01T12:00:15", "epoch us"},
		{number("1704110415123456789"), "2024-01-01T12:00:15", "#epoch ns"},
		{text("999999999"), "2001-09-09T01:46:39", "epoch s"},
		{text("99999999"), "", ""},
		{text("4102444800"), "", ""},
		{text("17041104151"), "", ""},
		{text("1704110415.5"), "", ""},
		{text("-1704110415"), "", ""},
		{text("0704110415"), "", ""},
		{text("45292"), "2024-01-01", "serial"},
		{number("45292.5"), "2024-01-01T12:00:00", "#serial.f"},
		{text("45292.25"), "2024-01-01T06:00:00", "serial.ff"},
		{text("45292.520833333336"), "2024-01-01T12:30:00", "serial.ffffffffffff"},
		{text("45292.50"), "", ""},
		{text("45292.125"), "", ""},
		{text("45292.999999999"), "", ""},
		{text("45292."), "", ""},
		{text("9999"), "", ""},
		{text("99999"), "", ""},
		{text("45292.123456789012345"), "", ""},
		{record.Cell{Tag: record.JSON, Text: "1704110415"}, "", ""},
	} {
		v, form, ok := codec(t, Timestamp).Parse(tc.cell)
		if ok != (tc.key != "") || v.Key != tc.key || form != tc.form {
			t.Errorf("%v parses to %q in %q (%v), want %q in %q", tc.cell, v.Key, form, ok, tc.key, tc.form)
		}
		if _, _, ok := codec(t, Date).Parse(tc.cell); ok {
			t.Errorf("%v parses as a date", tc.cell)
		}
	}
}

func epochForms() (all []epochForm) {
	for digits := range uint8(16) {
		for i := range 8 {
			f := epochForm{tag: []record.Tag{record.Text, record.Number}[i%2], lead: i % 3, serial: i >= 4, digits: digits, zero: i%4 >= 2}
			if f.isSound() {
				all = append(all, f)
			}
		}
	}
	return all
}

// What fits is counted second by second, and what is drawn is read in its form again.
func TestEpochFormsWriteWhatTheyRead(t *testing.T) {
	r, rng := seeded(71)
	c := codec(t, Timestamp)
	for _, f := range epochForms() {
		if got, ok := parseEpochForm(f.String()); !ok || got != f {
			t.Fatalf("%q reads as %+v", f, got)
		}
		written := 0
		for range 200 {
			sec := civil(1960) + rng.Int64N(civil(2105)-civil(1960))
			if unit, _ := f.unit(); rng.IntN(4) > 0 {
				sec -= sec % unit
			}
			cell := record.Cell{Tag: f.tag, Text: string(f.write(nil, sec, r))}
			v, form, ok := c.Parse(cell)
			if again := ok && form == f.String() && v.Pos == float64(sec); again != f.writes(sec) {
				t.Fatalf("%d in %q is %q, which parses to %v in %q", sec, f, cell.Text, v, form)
			}
			if f.writes(sec) {
				written++
				checkRender(t, c, Span{Key: v.Key}, f.String(), r)
			}
			lo := sec - rng.Int64N(2*day)
			checkRender(t, c, secondsSpan(lo, lo+1+rng.Int64N(3*day)), f.String(), r)
		}
		if written == 0 {
			t.Errorf("%q wrote nothing", f)
		}
	}
	for _, form := range []string{"", "epoch", "epoch m", "epoch s0", "epoch  ms", "!epoch s", "serial.", "serial.fff", "serial.fg", "serialf", "epoch ms00", "serial.fffffffffffffff", "____epoch s"} {
		if f, ok := parseEpochForm(form); ok {
			t.Errorf("%q reads as %+v", form, f)
		}
	}
	if codec(t, Date).Own("epoch s") || !c.Own("#_epoch ms0") {
		t.Error("epochs are timestamps")
	}
}
