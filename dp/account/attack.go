package account

import "math"

// What follows says what μ-GDP, but for thresholds of δ, means for an attacker: one who knows all of the data but whether
// one unit is in it, has what was released, and any computer. The attacker of these functions is the best there can be; a
// real one does worse.

// Power is the largest true-positive rate of any test of whether a unit is in the data, among those that accuse a unit that
// is not with probability at most falsePositives:
//
//	Φ(Φ⁻¹(α) + μ) + δ
//
// (Dong, Roth & Su 2022, Def. 2.6; the idea is that of Wasserman & Zhou 2010, Thm 2.4, and Kairouz, Oh & Viswanath 2015,
// Thm 2.1), rounded up. It is 1 when an argument is no number of its kind.
func Power(mu Mu, thresholds Delta, falsePositives float64) float64 {
	if mu < 0 || thresholds.Check() != nil || !(falsePositives >= 0 && falsePositives < 1) || !(mu == 0 || mu.Check() == nil) {
		return 1
	}
	power := falsePositives
	if mu > 0 && falsePositives > 0 {
		power = upper(quantileBelow(falsePositives)-float64(mu)) * (1 + slack)
	}
	return min(1, math.Nextafter(power+float64(thresholds), 2))
}

// OddsFactor bounds what a release can do to somebody's belief. Let an attacker hold the odds p : 1 − p that a unit is in
// the data, before. Over the noise, and if the unit is in, the odds afterwards are at most e^ε times as large, except with
// probability failing = η, for
//
//	ε = ln η − ln Φ(Φ⁻¹(η − δ) − μ),
//
// rounded up. Posterior turns ε into a probability. No finite ε holds with η = 0: noise that is Gaussian can, rarely, be
// as telling as you like. It is +Inf when η ≤ δ, or an argument is no number of its kind.
//
// Proof. Let S be the outputs whose likelihood ratio is above e^ε; P(S) > e^ε·Q(S) or both are 0. By Group's F,
// P(S) ≤ F(Q(S)) + δ ≤ F(e^{−ε}·P(S)) + δ. The function x − F(e^{−ε}·x) − δ is convex and at most 0 at x = 0, so once it
// is at least 0, at η say, it is above 0 beyond, and P(S) ≤ η. It is 0 at η when e^{−ε}·η = F⁻¹(η − δ), which is the
// formula. ∎
//
// (ε, δ)-DP alone says less: that the bound fails with probability δ does not follow from it (Kasiviswanathan & Smith 2014).
func OddsFactor(mu Mu, thresholds, failing Delta) Epsilon {
	if mu == 0 && thresholds == 0 && failing.CheckPositive() == nil {
		return 0
	}
	rest := math.Nextafter(float64(failing-thresholds), 0)
	if thresholds == 0 {
		rest = float64(failing)
	}
	if !(mu == 0 || mu.Check() == nil) || thresholds.Check() != nil || failing.CheckPositive() != nil || !(rest > 0) {
		return Epsilon(math.Inf(1))
	}
	falsePositives := upper(quantileAbove(rest) + float64(mu))
	if falsePositives < float64(MinDelta) { // float64 has no digits left
		return Epsilon(math.Inf(1))
	}
	// Relative errors of the quotient, at most a tenth of slack, are absolute ones of its logarithm.
	return Epsilon(max(0, math.Log(float64(failing)/falsePositives)+slack/4) * (1 + slack))
}

// Posterior returns the probability that odds e^ε times those of prior stand for, e^ε·p/(1 − p + e^ε·p), rounded up. It is
// 1 when ε is not finite and ≥ 0, or prior is not in [0, 1].
func Posterior(prior float64, eps Epsilon) float64 {
	if !(prior >= 0 && prior <= 1) || !(eps >= 0) || math.IsInf(float64(eps), 1) {
		return 1
	}
	if prior == 0 {
		return 0
	}
	// Divided by e^ε·p, so that nothing overflows.
	return min(1, 1/(1+math.Exp(-float64(eps))*(1-prior)/prior)*(1+slack))
}
