package account

import "math"

// Threshold returns the smallest T such that noisy counts below T can be dropped, and the keys of the
// others named, at a cost of δ:
//
//	1 − Φ((T − Δ∞)/σ)^keys ≤ δ
//
// where a unit may bring into being up to keys counts, none above Δ∞ = linf (Google, "Delta for Thresholding", §2). T is
// in units of the counts, rounded up; ThresholdDelta(σ, Δ∞, keys, T) ≤ δ. It is +Inf, which no count
// reaches, when σ or linf is not finite and > 0, keys < 1, or δ is not in (0, 1).
func Threshold(sigma Sigma, linf float64, keys int, delta Delta) float64 {
	if !thresholdable(sigma, linf, keys) || delta.CheckPositive() != nil {
		return math.Inf(1)
	}
	tooLow := func(t float64) bool { return ThresholdDelta(sigma, linf, keys, t) > delta }
	// Φ is 0 in float64 below −40, and 1 above 40 for any number of keys.
	lo, hi := linf-40*float64(sigma), linf+40*float64(sigma)
	if tooLow(hi) { // σ is lost in linf's rounding
		return math.Inf(1)
	}
	_, t := bisect(lo, hi, tooLow)
	return t
}

// ThresholdShift returns what is taken off a count before it is compared with a threshold: at least Δ∞ = linf, so that what one unit alone
// holds is never named, and where σ is large an eighth of it, so that the many keys of a near-unique column, none of which could pass,
// need no noise. In units of the counts.
func ThresholdShift(sigma Sigma, linf int64) int64 {
	if !(sigma < 1<<53) {
		return linf
	}
	return max(linf, int64(sigma/8))
}

// ThresholdDelta returns the δ that dropping noisy counts below threshold costs, 1 − Φ((T − Δ∞)/σ)^keys,
// rounded up. It is 1 when σ or linf is not finite and > 0, keys < 1, or the threshold is NaN.
func ThresholdDelta(sigma Sigma, linf float64, keys int, threshold float64) Delta {
	if !thresholdable(sigma, linf, keys) || math.IsNaN(threshold) {
		return 1
	}
	// 1 − (1 − q)^k, in logarithms: q may be 1e-300 and k a million.
	q := upper((threshold - linf) / float64(sigma))
	return raise(-math.Expm1(float64(keys) * math.Log1p(-q)))
}

func thresholdable(sigma Sigma, linf float64, keys int) bool {
	return sigma.Check() == nil && checkPositive("Δ∞", linf) == nil && keys >= 1
}
