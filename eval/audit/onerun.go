package audit

import "math"

// A Bound is what guesses about canaries prove about ε.
type Bound struct {
	Canaries int     `json:"canaries"` // each was in the data or not by a fair coin
	Guesses  int     `json:"guesses"`  // the surest ones; the attacker abstains from the others
	Right    int     `json:"right"`
	Epsilon  float64 `json:"epsilon"` // at least, at the claim's δ; 0 when nothing is proved
}

// pValue bounds the probability that an attacker who makes r guesses about m canaries is right about v of them or more, if the mechanism is
// (ε, δ)-DP and the canaries' coins are fair: with f(v) = P(Binomial(r, e^ε/(1+e^ε)) ≥ v) it is at most
//
//	f(v) + 2mδ · max over i from 1 to v of (f(v−i) − f(v))/i.
//
// Source: Steinke, Nasr & Jagielski 2023, Privacy Auditing with One (1) Training Run, Thm 5.2.
func pValue(m, r, v int, epsilon, delta float64) float64 {
	q := 1 / (1 + math.Exp(-epsilon))
	beta := tail(r, v, q)
	alpha, sum := 0.0, 0.0
	for i := 1; i <= v; i++ {
		sum += mass(r, v-i, q)
		alpha = max(alpha, sum/float64(i))
	}
	return min(1, beta+2*float64(m)*delta*alpha)
}

// maxEpsilon is where the search for a bound ends: no number of canaries that an audit takes proves more.
const maxEpsilon = 64

// leastEpsilon returns the largest ε, to within 1e-9, that guesses refute with the given probability of being wrong; 0 when they refute
// none.
func leastEpsilon(m, r, v int, delta, wrong float64) float64 {
	if r == 0 || pValue(m, r, v, 0, delta) >= wrong {
		return 0
	}
	lo, hi := 0.0, float64(maxEpsilon)
	for hi-lo > 1e-9 {
		mid := (lo + hi) / 2
		if pValue(m, r, v, mid, delta) < wrong {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// mass returns P(Binomial(n, q) = k), for q in (0, 1).
func mass(n, k int, q float64) float64 {
	if q == 1 { // as large an ε as that has none
		if k == n {
			return 1
		}
		return 0
	}
	return math.Exp(logChoose(n, k) + float64(k)*math.Log(q) + float64(n-k)*math.Log1p(-q))
}

// tail returns P(Binomial(n, q) ≥ k).
func tail(n, k int, q float64) float64 {
	if k <= 0 {
		return 1
	}
	sum := 0.0
	for i := n; i >= k; i-- {
		sum += mass(n, i, q)
	}
	return min(1, sum)
}

func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// phi is the standard normal distribution's upper tail.
func phi(x float64) float64 { return math.Erfc(x/math.Sqrt2) / 2 }

// perfect returns how many of the k surest guesses about m canaries are right on average when each canary's score is normal with a standard
// deviation of 1 and its mean at ±μ/2: the best attacker there is against noise that is exactly as claimed, if canaries do not get in each other's way.
func perfect(m, k int, mu float64) float64 {
	sure := func(t float64) float64 { return phi(t-mu/2) + phi(t+mu/2) } // P(|score| > t)
	lo, hi := 0.0, 40.0
	for range 60 {
		if mid := (lo + hi) / 2; sure(mid) > float64(k)/float64(m) {
			lo = mid
		} else {
			hi = mid
		}
	}
	if sure(lo) == 0 {
		return float64(k)
	}
	return float64(k) * phi(lo-mu/2) / sure(lo)
}
