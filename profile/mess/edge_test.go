package mess

import (
	"math/big"
	"testing"
)

func TestEdgeOrderAndRounding(t *testing.T) {
	_, rng := seeded(1)
	edges := append([]Edge(nil), hostileEdges...)
	for range 300 {
		e := Edge{M: rng.Int64() >> rng.IntN(63), E: int8(rng.IntN(61) - 30)}
		if rng.IntN(2) == 0 {
			e.M = -e.M
		}
		edges = append(edges, e)
	}
	for _, a := range edges {
		for _, b := range edges[:40] {
			if got, want := a.Compare(b), a.rat(t).Cmp(b.rat(t)); got != want {
				t.Errorf("%v compared with %v gives %d, want %d", a, b, got, want)
			}
		}
		if a.M == -1<<63 {
			continue // its negation overflows; check refuses it
		}
		for _, exp := range []int{-25, -3, 0, 2, 20} {
			unit := Edge{1, int8(exp)}.rat(t)
			q := new(big.Rat).Quo(a.rat(t), unit)
			floor := new(big.Int).Div(q.Num(), q.Denom()) // Euclidean: floors, as the denominator is positive
			limit := big.NewInt(maxUnits)
			if floor.CmpAbs(limit) > 0 {
				floor = limit.Mul(limit, big.NewInt(int64(q.Sign())))
			}
			if got := a.floor(exp); got != floor.Int64() && magnitude(got) != maxUnits {
				t.Errorf("⌊%v / 1e%d⌋ = %d, want %d", a, exp, got, floor)
			}
			if got := a.unitsDigits(exp); got <= 18 && digits(magnitude(a.floor(exp))) > got+1 {
				t.Errorf("%v / 1e%d has more than %d digits", a, exp, got)
			}
		}
	}
}

func TestEdgeFloatIsFiniteAndOrdered(t *testing.T) {
	for _, a := range hostileEdges {
		for _, b := range hostileEdges {
			if a.Compare(b) < 0 && a.Float() > b.Float() {
				t.Errorf("%v < %v, but not as floats", a, b)
			}
		}
	}
}

func TestLatticeAgainstBruteForce(t *testing.T) {
	r, _ := seeded(2)
	for _, tc := range [][2]int64{{0, 0}, {2, 0}, {10, 0}, {60, 0}, {10, 20}, {2, 100}} {
		skip, free := tc[0], tc[1]
		for first := int64(-70); first < 70; first += 7 {
			for last := first - 3; last < first+25; last++ {
				l := lattice{first: first, last: last, skip: skip, free: free}
				want := map[int64]bool{}
				for n := first; n <= last; n++ {
					if skip == 0 || n%skip != 0 || n >= 0 && n < free {
						want[n] = true
					}
				}
				if got := l.size(); got != int64(len(want)) {
					t.Fatalf("%+v has %d integers, want %d", l, got, len(want))
				}
				for range len(want) {
					if n := l.draw(r); !want[n] {
						t.Fatalf("%+v drew %d", l, n)
					}
				}
			}
		}
	}
}

// A χ² test with 8 degrees of freedom at 36: were the draws uniform, a fresh seed would fail with probability 1.8·10⁻⁵.
func TestLatticeDrawsUniformly(t *testing.T) {
	r, _ := seeded(3)
	l := lattice{first: -4, last: 5, skip: 10}
	counts := map[int64]int{}
	const draws = 9000
	for range draws {
		counts[l.draw(r)]++
	}
	chi2 := 0.0
	for n := int64(-4); n <= 5; n++ {
		if n != 0 {
			d := float64(counts[n]) - draws/9
			chi2 += d * d / (draws / 9)
		}
	}
	if chi2 > 36 || counts[0] > 0 {
		t.Errorf("χ² = %.1f, counts %v", chi2, counts)
	}
}
