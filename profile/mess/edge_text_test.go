package mess

import (
	"cmp"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

func TestEdgeText(t *testing.T) {
	for _, tt := range []struct {
		edge Edge
		text string
	}{
		{Edge{}, "0"},
		{Edge{125, -1}, "12.5"},
		{Edge{-3, -3}, "-0.003"},
		{Edge{1, 3}, "1000"},
		{Edge{-12, 2}, "-1200"},
		{Edge{5, -1}, "0.5"},
		{Edge{1, -30}, "0.000000000000000000000000000001"},
		{Edge{math.MinInt64, -30}, "-0.000000000009223372036854775808"},
		{Edge{math.MaxInt64, 30}, "9223372036854775807000000000000000000000000000000"},
		{Edge{math.MinInt64, 0}, "-9223372036854775808"},
	} {
		if got := tt.edge.String(); got != tt.text {
			t.Errorf("Edge{%d, %d}.String() = %q, want %q", tt.edge.M, tt.edge.E, got, tt.text)
		}
		got, err := ParseEdge(tt.text)
		if err != nil || got != tt.edge {
			t.Errorf("ParseEdge(%q) = %v, %v, want %v", tt.text, got, err, tt.edge)
		}
	}
}

func TestParseEdgeMakesCanonical(t *testing.T) {
	for text, want := range map[string]Edge{
		"0.0": {}, "12.50": {125, -1}, "10": {1, 1}, "100.00": {1, 2}, "86400": {864, 2},
		"0.10": {1, -1}, "9223372036854775807.0": {math.MaxInt64, 0},
	} {
		got, err := ParseEdge(text)
		if err != nil || got != want || !got.Canonical() {
			t.Errorf("ParseEdge(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestParseEdgeRefuses(t *testing.T) {
	for _, text := range []string{
		"", "-", "+1", "01", "1.", ".5", "1e3", "1,5", " 1", "1 ", "0x1", "NaN", "Inf", "-0", "-0.0", "--1", "1.2.3", "١",
		"9223372036854775808", "0.0000000000000000000000000000001", "10000000000000000000000000000000",
	} {
		if got, err := ParseEdge(text); err == nil {
			t.Errorf("ParseEdge(%q) = %v, want an error", text, got)
		}
	}
}

func randomEdge(rng *rand.Rand) Edge {
	m := rng.Int64() >> rng.IntN(63)
	if rng.IntN(2) == 0 {
		m = -m
	}
	for m%10 == 0 && m != 0 {
		m /= 10
	}
	if m == 0 {
		return Edge{}
	}
	return Edge{m, int8(rng.IntN(2*maxEdgeExponent+1) - maxEdgeExponent)}
}

// TestEdgesAgreeWithRationals compares text, order and float with math/big's rationals, which are exact too.
func TestEdgesAgreeWithRationals(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	rational := func(e Edge) *big.Rat {
		r, ok := new(big.Rat).SetString(e.String())
		if !ok {
			t.Fatalf("%q is no number", e)
		}
		return r
	}
	last := Edge{}
	for range 5000 {
		e := randomEdge(rng)
		if back, err := ParseEdge(e.String()); err != nil || back != e {
			t.Fatalf("%#v: text %q reads back as %#v, %v", e, e, back, err)
		}
		if got, want := e.Compare(last), rational(e).Cmp(rational(last)); got != want {
			t.Fatalf("%v.Compare(%v) = %d, want %d", e, last, got, want)
		}
		if e.Compare(e) != 0 || cmp.Compare(0, last.Compare(e)) != e.Compare(last) {
			t.Fatalf("Compare is no order at %v, %v", e, last)
		}
		if want, _ := rational(e).Float64(); e.Float() != want {
			t.Fatalf("%v.Float() = %v, want %v", e, e.Float(), want)
		}
		last = e
	}
}

func TestCompareOfEqualValue(t *testing.T) {
	if got := (Edge{100, 0}).Compare(Edge{1, 2}); got != 0 {
		t.Errorf("100 and 1e2 compare as %d", got)
	}
}
