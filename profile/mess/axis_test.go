package mess

import (
	"math"
	"testing"
)

var axisKinds = []Kind{Integer, Decimal, Date, Timestamp, Time, Duration}

func TestRootsAreContiguousAndCoverTheAxis(t *testing.T) {
	ends := map[Kind][2]Edge{
		Integer: {{-1, 19}, {1, 19}}, Decimal: {{-1, 19}, {1, 19}},
		Date: {edgeOf(axisStart, 0), edgeOf(axisEnd, 0)}, Timestamp: {edgeOf(axisStart, 0), edgeOf(axisEnd, 0)},
		Time: {Edge{}, edgeOf(day, 0)}, Duration: {Edge{}, edgeOf(maxDuration, 0)},
	}
	for _, k := range axisKinds {
		c := codec(t, k)
		for _, res := range []int{-1, 0, 2, 6, 20, 99} {
			roots := c.Axis().Roots(res)
			if roots[0].Lo != ends[k][0] || roots[len(roots)-1].Hi != ends[k][1] {
				t.Errorf("%s: roots for %d decimals run from %v to %v", k, res, roots[0].Lo, roots[len(roots)-1].Hi)
			}
			checkPartition(t, c, roots)
		}
	}
}

// checkPartition checks that spans are intervals of the kind, in order, without gaps.
func checkPartition(t *testing.T, c Codec, spans []Span) {
	t.Helper()
	for i, s := range spans {
		if err := c.Check(s); err != nil {
			t.Fatalf("%s: %v: %v", c.Kind(), s, err)
		}
		if i > 0 && s.Lo != spans[i-1].Hi {
			t.Fatalf("%s: a gap between %v and %v", c.Kind(), spans[i-1], s)
		}
	}
}

func TestSplitPartitionsItsParent(t *testing.T) {
	_, rng := seeded(4)
	for _, k := range axisKinds {
		c := codec(t, k)
		for range 2000 {
			res, fan := rng.IntN(22), []int{2, 10, 100, 400}[rng.IntN(4)]
			roots := c.Axis().Roots(res)
			at := rng.IntN(len(roots))
			s := roots[at]
			if rng.IntN(3) == 0 { // neighbours joined, as the vault joins those that do not stand out
				s.Hi = roots[min(at+rng.IntN(4), len(roots)-1)].Hi
			}
			for {
				children := c.Axis().Split(s, fan, res)
				if children == nil {
					break
				}
				checkPartition(t, c, children)
				if children[0].Lo != s.Lo || children[len(children)-1].Hi != s.Hi || len(children) < 2 || len(children) > 1000 {
					t.Fatalf("%s: %d children of %v run from %v to %v", k, len(children), s, children[0].Lo, children[len(children)-1].Hi)
				}
				s = children[rng.IntN(len(children))]
			}
		}
	}
}

func TestSplitReachesTheResolution(t *testing.T) {
	sec := func(s string) int64 {
		v, ok := keySeconds(s)
		if !ok {
			t.Fatalf("%q is no key", s)
		}
		return v
	}
	for _, tc := range []struct {
		kind     Kind
		s        Span
		fan, res int
		children int
	}{
		{Integer, Span{Lo: Edge{1, 0}, Hi: Edge{1, 1}}, 10, 0, 9},
		{Integer, Span{Lo: Edge{1, 0}, Hi: Edge{1, 1}}, 100, 0, 9},
		{Integer, Span{Lo: Edge{1, 1}, Hi: Edge{2, 1}}, 100, 0, 10},
		{Integer, Span{Lo: Edge{1, 1}, Hi: Edge{1, 2}}, 100, 0, 90},
		{Integer, Span{Lo: Edge{-1, 2}, Hi: Edge{-1, 1}}, 10, 0, 9},
		{Integer, Span{Lo: Edge{1, 0}, Hi: Edge{2, 0}}, 100, 0, 0},
		{Integer, Span{Hi: Edge{1, 0}}, 100, 0, 0},
		{Decimal, Span{Hi: Edge{1, -2}}, 10, 2, 0},
		{Decimal, Span{Hi: Edge{1, -2}}, 10, 3, 10},
		{Decimal, Span{Hi: Edge{1, -2}}, 100, 3, 10},
		{Decimal, Span{Hi: Edge{1, -2}}, 100, 4, 100},
		{Decimal, Span{Lo: Edge{99, 0}, Hi: Edge{1, 2}}, 10, 1, 10},
		{Date, secondsSpan(sec("2000-01-01"), sec("2100-01-01")), 10, 0, 100},
		{Date, secondsSpan(sec("2000-01-01"), sec("2001-01-01")), 10, 0, 12},
		{Date, secondsSpan(sec("2000-01-01"), sec("2001-01-01")), 100, 0, 366},
		{Date, secondsSpan(sec("2001-02-01"), sec("2001-03-01")), 10, 0, 28},
		{Date, secondsSpan(sec("2001-02-01"), sec("2001-02-02")), 10, 0, 0},
		{Timestamp, secondsSpan(sec("2001-02-01"), sec("2001-02-02")), 10, 0, 24},
		{Timestamp, secondsSpan(sec("2001-02-01"), sec("2001-02-01T01:00:00")), 10, 0, 6},
		{Timestamp, secondsSpan(sec("2001-02-01"), sec("2001-02-01T00:10:00")), 10, 0, 10},
		{Timestamp, secondsSpan(sec("2001-02-01"), sec("2001-02-01T00:01:00")), 10, 0, 60},
		{Timestamp, secondsSpan(sec("2001-02-01"), sec("2001-02-01T00:00:01")), 10, 0, 0},
	} {
		if got := len(codec(t, tc.kind).Axis().Split(tc.s, tc.fan, tc.res)); got != tc.children {
			t.Errorf("%s: %v in %d with %d decimals has %d children, want %d", tc.kind, tc.s, tc.fan, tc.res, got, tc.children)
		}
	}
}

func TestSplitOfHostileEdgesIsBounded(t *testing.T) {
	for _, k := range axisKinds {
		for _, lo := range hostileEdges {
			for _, hi := range hostileEdges {
				if n := len(codec(t, k).Axis().Split(Span{Lo: lo, Hi: hi}, 100, 20)); n > 10000 {
					t.Errorf("%s: [%v, %v) has %d children", k, lo, hi, n)
				}
			}
		}
	}
}

func TestLocate(t *testing.T) {
	lows := []float64{-5, 0, 2}
	for pos, want := range map[float64]int{-6: -1, -5: 0, -0.1: 0, 0: 1, 1.9: 1, 2: 2, 1e19: 2} {
		if got := Locate(lows, pos); got != want {
			t.Errorf("%v is in span %d, want %d", pos, got, want)
		}
	}
	if Locate(nil, 1) != -1 || Locate(lows, math.Inf(-1)) != -1 {
		t.Error("no span holds what is below the first")
	}
}
