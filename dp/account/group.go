package account

import "math"

// Group returns what holds for k units together when one unit has μ-GDP but for thresholds of δ: (k·μ)-GDP, but for
//
//	δₖ = Σ_{j<k} Φ(Φ⁻¹(δ) + j·μ),
//
// both rounded up. So k units are (ε, DeltaAt(kμ, ε) + δₖ)-DP. It is (+Inf, 1) when k < 1, μ is not finite and > 0, or δ is
// not in [0, 1).
//
// Proof. F(x) = Φ(Φ⁻¹(x) + μ) is the best true-positive rate at a false-positive rate of x against μ-GDP. F grows, is
// concave, and F(0) = 0. "But for δ" means that P(S) ≤ F(Q(S)) + δ for the outputs P and Q on any two neighbours, either way
// round, and any set S; dp/PRIVACY.md, §5, proves it with F(x) in the place of e^ε·x + δ*(ε), as it uses no more of that
// than the above. Datasets that differ in k units are the ends of a chain of k neighbours, so P₀(S) ≤ F(P₁(S)) + δ,
// P₁(S) ≤ F(P₂(S)) + δ, and so on. F(x + y) ≤ F(x) + F(y), whence P₀(S) ≤ Fᵏ(Pₖ(S)) + Σ_{j<k} Fʲ(δ). F applied j times is F
// with j·μ in the place of μ. ∎
//
// The part without thresholds is Thm 2.14 of Dong, Roth & Su 2022. That δₖ grows faster than k·δ cannot be helped: a key
// that a group holds is k times as frequent as one that a unit holds, and the threshold stays where it is.
func Group(mu Mu, thresholds Delta, k int) (Mu, Delta) {
	if mu.Check() != nil || thresholds.Check() != nil || k < 1 {
		return Mu(math.Inf(1)), 1
	}
	group := mu
	if k > 1 {
		group = Mu(math.Nextafter(float64(k)*float64(mu), math.Inf(1)))
	}
	if thresholds == 0 {
		return group, 0
	}
	z := quantileBelow(float64(thresholds))
	sum := float64(thresholds)
	for j := 1; j < k && sum < 1; j++ {
		sum += upper(z-float64(j)*float64(mu)) * (1 + slack)
	}
	return group, Delta(min(1, math.Nextafter(sum, 2)))
}

// quantileBelow returns the largest z that float64 finds for which 1 − Φ(z) ≥ p, for p in (0, 1).
func quantileBelow(p float64) float64 {
	z, _ := bisect(-40, 40, func(x float64) bool { return upper(x) >= p })
	return z
}

// quantileAbove returns the smallest z that float64 finds for which 1 − Φ(z) < p, for p in (0, 1).
func quantileAbove(p float64) float64 {
	_, z := bisect(-40, 40, func(x float64) bool { return upper(x) >= p })
	return z
}
