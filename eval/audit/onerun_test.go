package audit

import (
	"math"
	"math/big"
	"testing"
)

// exactTail is P(Binomial(n, q) ≥ k) in rational numbers.
func exactTail(n, k int, q *big.Rat) *big.Rat {
	sum := new(big.Rat)
	for i := max(0, k); i <= n; i++ {
		sum.Add(sum, exactMass(n, i, q))
	}
	return sum
}

func exactMass(n, k int, q *big.Rat) *big.Rat {
	p := new(big.Rat).SetInt(new(big.Int).Binomial(int64(n), int64(k)))
	for range k {
		p.Mul(p, q)
	}
	for range n - k {
		p.Mul(p, new(big.Rat).Sub(big.NewRat(1, 1), q))
	}
	return p
}

// TestPValue compares it with the theorem's formula in rational numbers, for ε with a rational e^ε/(1+e^ε).
func TestPValue(t *testing.T) {
	for _, c := range []struct {
		m, r, v int
		odds    int64 // e^ε
		delta   float64
	}{
		{10, 10, 10, 1, 0}, {10, 10, 7, 1, 0}, {100, 20, 19, 3, 0}, {100, 60, 55, 4, 1e-3}, {50, 50, 50, 9, 1e-2}, {30, 30, 0, 2, 1e-3},
		{200, 120, 110, 7, 1e-4}, {40, 20, 1, 1, 1e-6},
	} {
		q := big.NewRat(c.odds, c.odds+1)
		f := func(v int) *big.Rat { return exactTail(c.r, v, q) }
		best := new(big.Rat)
		for i := 1; i <= c.v; i++ {
			slope := new(big.Rat).Sub(f(c.v-i), f(c.v))
			if slope.Quo(slope, big.NewRat(int64(i), 1)); slope.Cmp(best) > 0 {
				best = slope
			}
		}
		want, _ := f(c.v).Float64()
		add, _ := best.Float64()
		want = min(1, want+2*float64(c.m)*c.delta*add)
		if got := pValue(c.m, c.r, c.v, math.Log(float64(c.odds)), c.delta); math.Abs(got-want) > 1e-12+1e-10*want {
			t.Errorf("%+v: p = %g, want %g", c, got, want)
		}
	}
}

// TestLeastEpsilon: with every guess right, q^m = p has the solution ε = ln(q/(1−q)), q = p^(1/m).
func TestLeastEpsilon(t *testing.T) {
	for _, m := range []int{1, 5, 20, 100, 1000, 3000} {
		q := math.Pow(0.05, 1/float64(m))
		want := math.Max(0, math.Log(q/(1-q)))
		if got := leastEpsilon(m, m, m, 0, 0.05); math.Abs(got-want) > 1e-6 {
			t.Errorf("%d right of %d: ε ≥ %g, want %g", m, m, got, want)
		}
	}
	for _, c := range [][3]int{{100, 0, 0}, {100, 100, 50}, {100, 100, 0}, {100, 4, 4}} {
		if got := leastEpsilon(c[0], c[1], c[2], 1e-6, 0.05); got != 0 {
			t.Errorf("%v prove ε ≥ %g, want nothing", c, got)
		}
	}
	if with, without := leastEpsilon(1000, 1000, 700, 1e-3, 0.05), leastEpsilon(1000, 1000, 700, 0, 0.05); with >= without {
		t.Errorf("with δ = 1e-3 ε ≥ %g is proved, without %g: δ must cost", with, without)
	}
}

// TestLeastEpsilonIsRarelyWrong: randomized response answers each coin rightly with probability e^ε/(1+e^ε), the most that ε allows. That guesses prove more than ε
// has, summed over everything that can happen, the probability that was asked for at most, and not much less.
func TestLeastEpsilonIsRarelyWrong(t *testing.T) {
	const wrong = 0.05
	for _, epsilon := range []float64{0.1, 1, 3} {
		for _, m := range []int{50, 400} {
			q := 1 / (1 + math.Exp(-epsilon))
			p := 0.0
			for v := range m + 1 {
				if leastEpsilon(m, m, v, 0, wrong) > epsilon {
					p += mass(m, v, q)
				}
			}
			if p > wrong || p < wrong/5 && q < 0.9 {
				t.Errorf("ε = %g, m = %d: the bound is wrong with probability %g", epsilon, m, p)
			}
		}
	}
}

// TestPerfect: of all canaries Φ(μ/2) are guessed right; of few, those whose score is high, more. The last was computed by numerical integration.
func TestPerfect(t *testing.T) {
	for _, mu := range []float64{0.2, 1, 3} {
		if got, want := perfect(1000, 1000, mu), 1000*phi(-mu/2); math.Abs(got-want) > 1e-6 {
			t.Errorf("μ = %g: %g of 1000 are right, want %g", mu, got, want)
		}
		if few, all := perfect(1000, 10, mu)/10, perfect(1000, 1000, mu)/1000; few <= all {
			t.Errorf("μ = %g: of 10 guesses %g are right, of all %g", mu, few, all)
		}
	}
	// By simulation of the definition with sums over a grid.
	const mu, share = 0.8, 0.1
	step, all, right := 1e-3, 0.0, 0.0
	density := func(x float64) float64 { return math.Exp(-x * x / 2) }
	var t0 float64
	for t0 = 12; all < share; t0 -= step {
		a, b := density(t0-mu/2), density(t0+mu/2)
		all += step * (a + b) / math.Sqrt(2*math.Pi)
		right += step * a / math.Sqrt(2*math.Pi)
	}
	if got, want := perfect(1000, 100, mu)/100, right/all; math.Abs(got-want) > 1e-3 {
		t.Errorf("of the surest tenth %g are right, want %g", got, want)
	}
}
