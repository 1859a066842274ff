package account

import (
	"fmt"
	"math"
)

// Mu returns the μ of Gaussian noise whose zCDP cost is ρ: μ = √(2ρ). It is rounded to nearest, which the slack of
// the conversions to (ε, δ) covers.
func (r Rho) Mu() Mu { return Mu(math.Sqrt(2 * float64(r))) }

// Rho returns the zCDP cost of Gaussian noise that is μ-GDP: ρ = μ²/2, rounded to nearest.
func (m Mu) Rho() Rho { return Rho(m * m / 2) }

// Accuracy is how often the best attacker is right who knows all but whether one unit is in the data, and
// for whom in and out are equally likely: Φ(μ/2). One half is a coin toss.
func (m Mu) Accuracy() float64 {
	if !(m >= 0) {
		return 1
	}
	return upper(-float64(m) / 2)
}

// SigmaFor returns the noise that a release of L2 sensitivity Δ₂ = l2 needs to cost at most ρ:
// σ = Δ₂/√(2ρ) (Bun & Steinke 2016, Prop. 1.6), rounded up so that RhoOf(SigmaFor(ρ, Δ₂), Δ₂) ≤ ρ.
// It is +Inf, which fails its Check, when an argument is not finite and > 0.
func SigmaFor(rho Rho, l2 float64) Sigma {
	if rho.Check() != nil || checkPositive("Δ₂", l2) != nil {
		return Sigma(math.Inf(1))
	}
	// The raise is worth more than the rounding errors of this quotient and of RhoOf together: 16 of
	// them against 9, in units of 2⁻⁵³.
	sigma := Sigma(l2 / math.Sqrt(2*float64(rho)) * (1 + 0x1p-50))
	if RhoOf(sigma, l2) > rho { // σ under- or overflowed
		return Sigma(math.Inf(1))
	}
	return sigma
}

// RhoOf returns the zCDP cost of noise σ on a vector of L2 sensitivity Δ₂ = l2: Δ₂²/(2σ²), rounded up.
// It is +Inf when an argument is not finite and > 0.
func RhoOf(sigma Sigma, l2 float64) Rho {
	if sigma.Check() != nil || checkPositive("Δ₂", l2) != nil {
		return Rho(math.Inf(1))
	}
	ratio := l2 / float64(sigma)
	// The division and the square are off by at most half an ulp each, the division's counts twice.
	rho := ratio * ratio / 2 * (1 + 0x1p-51)
	return Rho(max(rho, float64(MinDelta))) // below it float64 would round, not we
}

// DeltaAt returns the smallest δ for which μ-GDP is (ε, δ)-DP,
//
//	δ = Φ(μ/2 − ε/μ) − e^ε·Φ(−μ/2 − ε/μ)
//
// (Dong, Roth & Su 2022, Cor. 2.13; Balle & Wang 2018, Thm 8), rounded up. μ = 0, nothing released, has δ = 0; ε = 0 gives
// the total variation distance. It is 1 when an argument is negative or not finite.
func DeltaAt(mu Mu, eps Epsilon) Delta {
	if mu == 0 && eps >= 0 {
		return 0
	}
	if mu.Check() != nil || !(eps >= 0) || math.IsInf(float64(eps), 1) {
		return 1
	}
	m := float64(mu)
	// Fused, s keeps its relative accuracy where ε ≈ μ²/2.
	s := math.FMA(-m/2, m, float64(eps)) / m
	return raise(hockeyStick(m, s))
}

// EpsilonAt returns the smallest ε ≥ 0 for which μ-GDP is (ε, δ)-DP, rounded up. It is +Inf when μ is negative or not
// finite, or δ is not in (0, 1).
func EpsilonAt(mu Mu, delta Delta) Epsilon {
	if mu == 0 && delta.CheckPositive() == nil {
		return 0
	}
	if mu.Check() != nil || delta.CheckPositive() != nil {
		return Epsilon(math.Inf(1))
	}
	if DeltaAt(mu, 0) <= delta {
		return 0
	}
	// ρ-zCDP covers μ-GDP, so its simplest conversion is above the answer, but for slack.
	above := 1.01 * float64(BasicZCDPEpsilon(mu.Rho(), delta))
	if DeltaAt(mu, Epsilon(above)) > delta { // ρ under- or overflowed
		return Epsilon(math.Inf(1))
	}
	_, eps := bisect(0, above, func(x float64) bool { return DeltaAt(mu, Epsilon(x)) > delta })
	return Epsilon(eps)
}

// headroom is the relative part of an allowance that is left unused, so that it can be cut into shares and added up
// again, each step rounded against the spender, and still fit: a million additions lose about 1e-10.
const headroom = 1e-10

// MuFor returns the largest μ for which μ-GDP is (ε, δ)-DP, less a headroom of a relative 1e-10 that absorbs the
// rounding of whoever divides it up. DeltaAt(MuFor(ε, δ), ε) ≤ δ always. ε and δ must be > 0, finite, and δ < 1.
func MuFor(eps Epsilon, delta Delta) (Mu, error) {
	if err := eps.Check(); err != nil {
		return 0, fmt.Errorf("convert (ε, δ) to μ: %w", err)
	}
	if err := delta.CheckPositive(); err != nil {
		return 0, fmt.Errorf("convert (ε, δ) to μ: %w", err)
	}
	fits := func(x float64) bool { return DeltaAt(Mu(x), eps) <= delta }
	// Φ(μ/2 − ε/μ) − e^ε·Φ(…) reaches any δ < 1 in float64 by μ/2 − ε/μ = 40.
	above := 80 + 2*math.Sqrt(float64(eps))
	mu, _ := bisect(0, above, fits)
	mu *= 1 - headroom
	if err := Mu(mu).Check(); err != nil || !fits(mu) {
		return 0, fmt.Errorf("convert (ε, δ) to μ: no noise reaches ε = %g at δ = %g", float64(eps), float64(delta))
	}
	return Mu(mu), nil
}

// RhoFor returns the zCDP budget that (ε, δ) buys: MuFor's, as ρ = μ²/2. DeltaAt(RhoFor(ε, δ).Mu(), ε) ≤ δ.
func RhoFor(eps Epsilon, delta Delta) (Rho, error) {
	mu, err := MuFor(eps, delta)
	if err != nil {
		return 0, err
	}
	rho := mu.Rho() // rounding there and back is an ulp or two, the headroom half a million of them
	if err := rho.Check(); err != nil {
		return 0, fmt.Errorf("convert (ε, δ) to ρ: %w", err)
	}
	return rho, nil
}

// bisect narrows [lo, hi] around the place where holds, true at lo and false at hi, changes, until the ends are a
// relative 1e-14 apart. It returns both, so that the caller can take the side that errs in favour of privacy.
func bisect(lo, hi float64, holds func(float64) bool) (last, first float64) {
	for hi-lo > 1e-14*math.Abs(hi) {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			break
		}
		if holds(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo, hi
}
