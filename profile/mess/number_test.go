package mess

import (
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

func TestNumberParse(t *testing.T) {
	for _, tc := range []struct {
		kind      Kind
		cell      record.Cell
		key, form string // "" and "" when it is no number of the kind
	}{
		{Integer, text("0"), "0", "d0"},
		{Integer, text("-7"), "-7", "d0"},
		{Integer, text("90"), "90", "d0"},
		{Integer, text("101"), "101", "d0"},
		{Integer, text("100"), "100", "d0r1"},
		{Integer, text("-250"), "-250", "d0r2"},
		{Integer, number("25000000"), "25000000", "#d0r2"},
		{Integer, text("10010"), "10010", "d0r4"},
		{Integer, text("123456789000"), "123456789000", "d0r4"},
		{Integer, text("1000000000000000000"), "1000000000000000000", "d0r1"},
		{Decimal, text("1500.00"), "1500", "d2z2r2"},
		{Decimal, text("1500.50"), "1500.5", "d2z1"},
		{Integer, text(" 42 "), "42", "_d0_"},
		{Integer, text("   42"), "42", "___d0"},
		{Integer, text("    42"), "", ""},
		{Integer, number("42"), "42", "#d0"},
		{Integer, text("9999999999999999999"), "9999999999999999999", "d0"},
		{Integer, text("10000000000000000000"), "", ""},
		{Integer, text("1.0"), "", ""},
		{Integer, text("007"), "7", "d0w3"},
		{Integer, text(" 000"), "0", "_d0w3"},
		{Integer, text("0100"), "100", "d0w4"},
		{Integer, text("0000000000000000012"), "12", "d0w19"},
		{Integer, text("00000000000000000012"), "", ""},
		{Integer, text("-007"), "", ""},
		{Integer, text("007 km"), "", ""},
		{Integer, number("007"), "", ""},
		{Decimal, text("007"), "", ""},
		{Integer, text("-"), "", ""},
		{Integer, text("-0"), "", ""},
		{Integer, text("٣"), "", ""},
		{Integer, text("5\n"), "", ""},
		{Integer, record.Cell{Tag: record.Bool, Text: "1"}, "", ""},
		{Integer, record.Cell{Tag: record.JSON, Text: "1"}, "", ""},
		{Decimal, text("1"), "1", "d0"},
		{Decimal, text("1.5"), "1.5", "d1"},
		{Decimal, text("1.50"), "1.5", "d2z1"},
		{Decimal, text("1.000"), "1", "d3z3"},
		{Decimal, text("0.00"), "0", "d2z2"},
		{Decimal, text("-0.50"), "-0.5", "d2z1"},
		{Decimal, text("-0.0"), "", ""},
		{Decimal, text("1.2.3"), "", ""},
		{Decimal, text("--1"), "", ""},
		{Decimal, text("0.12345678901234567890"), "0.1234567890123456789", "d20z1"},
		{Decimal, text("0.123456789012345678901"), "", ""},
		{Decimal, number("0.102"), "0.102", "#d3"},
	} {
		v, form, ok := codec(t, tc.kind).Parse(tc.cell)
		if ok != (tc.form != "") || v.Key != tc.key || form != tc.form {
			t.Errorf("%s: %v parses to %q in %q (%v), want %q in %q", tc.kind, tc.cell, v.Key, form, ok, tc.key, tc.form)
		}
	}
}

// randomNumber writes a number of up to 19 digits before the point.
func randomNumber(rng *rand.Rand, kind Kind) string {
	s := ""
	if n := rng.IntN(20); n > 0 {
		s = string(rune('1' + rng.IntN(9)))
		for range n - 1 {
			s += string(rune('0' + rng.IntN(10)*rng.IntN(2)))
		}
	} else {
		s = "0"
	}
	if kind == Decimal && rng.IntN(3) > 0 {
		s += "."
		for range 1 + rng.IntN(20) {
			s += string(rune('0' + rng.IntN(10)*rng.IntN(2)))
		}
	}
	if rng.IntN(3) == 0 && strings.Trim(s, "0.") != "" {
		s = "-" + s
	}
	return strings.Repeat(" ", rng.IntN(4)*rng.IntN(2)) + s + strings.Repeat(" ", rng.IntN(4)*rng.IntN(2))
}

func TestNumberRoundTrip(t *testing.T) {
	r, rng := seeded(7)
	for range 20000 {
		kind := []Kind{Integer, Decimal}[rng.IntN(2)]
		c := codec(t, kind)
		cell := record.Cell{Tag: []record.Tag{record.Text, record.Number}[rng.IntN(2)], Text: randomNumber(rng, kind)}
		v, form, ok := c.Parse(cell)
		if !ok {
			t.Fatalf("%s: %q does not parse", kind, cell.Text)
		}
		s := Span{Key: v.Key}
		if err := c.Check(s); err != nil {
			t.Fatalf("%s: the key %q of %q: %v", kind, v.Key, cell.Text, err)
		}
		if !c.Own(form) || !c.Fits(s, form) {
			t.Fatalf("%s: %q is not a form of %q", kind, form, v.Key)
		}
		if got := c.Render(s, form, r); got != cell {
			t.Fatalf("%s: %v in %q renders as %v", kind, v.Key, form, got)
		}
		if got := c.Render(s, AnyForm, r); strings.TrimSpace(got.Text) != v.Key {
			t.Fatalf("%s: %v renders as %v when any form will do", kind, v.Key, got)
		}
	}
}

func TestEveryNumberHasARootThatHoldsIt(t *testing.T) {
	_, rng := seeded(8)
	for _, kind := range []Kind{Integer, Decimal} {
		c := codec(t, kind)
		roots := c.Axis().Roots(rng.IntN(8))
		var lows []float64
		for _, s := range roots {
			lows = append(lows, s.Lo.Float())
		}
		last := roots[len(roots)-1].Hi.Float()
		for range 5000 {
			v, _, ok := c.Parse(text(randomNumber(rng, kind)))
			if i := Locate(lows, v.Pos); !ok || i < 0 || v.Pos >= last {
				t.Fatalf("%s: no root holds %q", kind, v.Key)
			}
		}
		for _, s := range []string{"9999999999999999999", "-9999999999999999999"} {
			if v, _, ok := c.Parse(text(s)); !ok || Locate(lows, v.Pos) < 0 || v.Pos >= last {
				t.Errorf("%s: no root holds %s", kind, s)
			}
		}
	}
}

// fitsByCounting goes through all multiples of 10^−decimals in the interval.
func fitsByCounting(t *testing.T, kind Kind, s Span, f numberForm) bool {
	if kind == Integer && f.decimals > 0 {
		return false
	}
	unit := Edge{1, int8(-f.decimals)}.rat(t)
	q := new(big.Rat).Quo(s.Lo.rat(t), unit)
	n := new(big.Int).Div(q.Num(), q.Denom()).Int64() - 1
	for ; ; n++ {
		v := new(big.Rat).Mul(new(big.Rat).SetInt64(n), unit)
		if s.Hi.rat(t).Cmp(v) <= 0 {
			return false
		}
		if s.holds(t, v) && endsIn(n, f) {
			return true
		}
	}
}

// endsIn reports whether n, in units of the form's last digit, ends in as many zeros as the form says.
func endsIn(n int64, f numberForm) bool {
	for range f.zeros {
		if n%10 != 0 {
			return false
		}
		n /= 10
	}
	if f.zeros < f.decimals {
		return n%10 != 0
	}
	return f.round == roundness(strconv.FormatInt(max(n, -n), 10))
}

func TestNumberFitsAgreesWithCounting(t *testing.T) {
	r, rng := seeded(9)
	edge := func() Edge {
		m := int64(rng.IntN(41) - 20)
		if rng.IntN(4) == 0 {
			m = int64(rng.IntN(2001) - 1000)
		}
		return edgeOf(m, rng.IntN(8)-4)
	}
	tried := 0
	for tried < 3000 {
		s := Span{Lo: edge(), Hi: edge()}
		if s.Lo.Compare(s.Hi) >= 0 {
			continue
		}
		for _, kind := range []Kind{Integer, Decimal} {
			c := codec(t, kind)
			if c.Check(s) != nil {
				continue
			}
			tried++
			f := numberForm{decimals: rng.IntN(5)}
			f.zeros = rng.IntN(f.decimals + 1)
			if f.decimals == 0 && s.Hi.Float()-s.Lo.Float() < 3000 { // of which there may be none in it
				f.round = uint8(rng.IntN(maxRound+1) * rng.IntN(2))
			}
			if got, want := c.Fits(s, f.String()), fitsByCounting(t, kind, s, f); got != want {
				t.Fatalf("%s: %v fits %s: %v, want %v", kind, s, f, got, want)
			}
			checkRender(t, c, s, f.String(), r)
		}
	}
}

func TestNumberRendersWithinItsBin(t *testing.T) {
	r, rng := seeded(10)
	for range 4000 {
		kind := []Kind{Integer, Decimal}[rng.IntN(2)]
		c := codec(t, kind)
		res := rng.IntN(21)
		roots := c.Axis().Roots(res)
		s := roots[rng.IntN(len(roots))]
		for range rng.IntN(12) {
			children := c.Axis().Split(s, []int{10, 100}[rng.IntN(2)], res)
			if children == nil {
				break
			}
			s = children[rng.IntN(len(children))]
		}
		f := numberForm{tag: []record.Tag{record.Text, record.Number}[rng.IntN(2)], decimals: rng.IntN(21), lead: rng.IntN(4)}
		f.zeros = rng.IntN(f.decimals + 1)
		checkRender(t, c, s, f.String(), r)
		checkRender(t, c, s, AnyForm, r)
	}
}

// A bin of several decades is drawn from near zero, and one of a single decade from all of it.
func TestNumberDrawsWhereTheBinSaysSo(t *testing.T) {
	r, _ := seeded(11)
	for _, tc := range []struct {
		s      Span
		form   string
		lo, hi string // what may be drawn
	}{
		{Span{Lo: Edge{99, 0}, Hi: Edge{1, 2}}, "d0", "99", "99"},
		{Span{Lo: Edge{123, 3}, Hi: Edge{2, 5}}, "d0", "123000", "199999"},
		{Span{Lo: Edge{1, 1}, Hi: Edge{1, 19}}, "d0", "10", "99"},
		{Span{Lo: Edge{1, -3}, Hi: Edge{1, 3}}, "d0", "1", "9"},
		{Span{Lo: Edge{-1, 19}, Hi: Edge{-1, 1}}, "d1", "-100", "-10"},
		{Span{Lo: Edge{-1, 19}}, "d0", "-100", "-1"},
		{Span{Hi: Edge{1, 19}}, "d2", "0", "100"},
		{Span{Lo: Edge{-1, 19}, Hi: Edge{1, 19}}, "d1z1", "-99", "99"},
		{Span{Lo: Edge{-1, 19}, Hi: Edge{5, -1}}, "d0", "-100", "0"},
		{Span{Lo: Edge{-5, 0}, Hi: Edge{5, 0}}, "d0", "-5", "4"},
		{Span{Lo: Edge{1, 7}, Hi: Edge{1, 8}}, "d0r1", "10000000", "90000000"},
		{Span{Lo: Edge{15, 6}, Hi: Edge{3, 7}}, "d0r2", "15000000", "29000000"},
	} {
		lo, hi := rat(t, tc.lo), rat(t, tc.hi)
		for range 200 {
			got := codec(t, Decimal).Render(tc.s, tc.form, r).Text
			if v := rat(t, got); v.Cmp(lo) < 0 || v.Cmp(hi) > 0 {
				t.Fatalf("%v in %s gives %s, outside of %s to %s", tc.s, tc.form, got, tc.lo, tc.hi)
			}
		}
	}
}

func TestNumberForms(t *testing.T) {
	for _, form := range []string{"d0", "d1", "d1z1", "d20z20", "d20", "#d10z2", "_d2", "___d2___", "#__d0_", "d0r1", "d2z2r4", "#_d1z1r3_", "d0w2", "_d0w19"} {
		f, ok := parseNumberForm(form)
		if n, known := NumberDecimals(form); !ok || f.String() != form || !known || n != f.decimals {
			t.Errorf("%q reads as %+v (%v)", form, f, ok)
		}
	}
	for _, form := range []string{
		"", "d", "z", "dz", "d0z", "d21", "d-1", "d+1", "d01", "d 1", "1", "#", "##d1", "!d1", "@d1", "____d1", "d1____", "_#d1", "d1zz", "d1z", "d1z0", "d1z2", "d0r0", "d0r5", "d1r1", "d2z1r1", "d0r", "d0r1r1", "d0w1", "d0w20", "d0w03", "d1w3", "#d0w3", "+d0w3", "d0r1w4", "d0w4g,", "d0w", "d2z01", "e1", "9{1}", "*",
	} {
		if f, ok := parseNumberForm(form); ok {
			t.Errorf("%q reads as %+v", form, f)
		}
		if codec(t, Decimal).Own(form) || codec(t, Decimal).Fits(Span{Key: "1"}, form) {
			t.Errorf("%q is not a number's form", form)
		}
	}
	if codec(t, Integer).Own("d1") || !codec(t, Integer).Own("d0") {
		t.Error("integers have no decimals")
	}
}
