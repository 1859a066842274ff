// Package account is the arithmetic of privacy loss. It knows no data and draws no noise.
//
//  1. A mechanism's noise is an event: a [Sigma] and an L2 sensitivity. [RhoOf] says what it costs in
//     zero-concentrated DP, [SigmaFor] how much noise a cost buys.
//  2. Costs in [Rho] add up, also when each release is chosen after seeing the ones before. As all noise is
//     Gaussian, a total ρ is exactly μ-Gaussian DP with μ² = 2ρ: [Rho.Mu], [Mu.Rho].
//  3. [DeltaAt], [EpsilonAt], [MuFor] and [RhoFor] convert between μ and the (ε, δ) a person states, tightly.
//     [ZCDPEpsilon] and [BasicZCDPEpsilon] are the figures for readers who know only ρ.
//  4. [Threshold] and [ThresholdDelta] price the one thing that is not Gaussian: dropping noisy counts below a
//     threshold, which costs δ.
//  5. [Group] says what holds for several units together; [Power], [OddsFactor] and [Posterior] what the best attacker can
//     do; [Guarantee.Plus] is basic composition, the figure that needs none of the above.
//
// Rounding never flatters. A cost (ρ, ε, δ) comes out at least as large as the truth, an allowance (the μ or ρ that an
// (ε, δ) buys) at most as large, each within a relative 1e-9 where 1e-15 ≤ δ ≤ 0.1 and 1e-3 ≤ ε ≤ 50. What a function
// cannot price, because an argument fails its Check, costs everything: δ = 1, ε = +Inf, ρ = +Inf.
//
// Sources: Bun & Steinke 2016 (zCDP); Dong, Roth & Su 2022 (GDP); Balle & Wang 2018 (the analytic Gaussian mechanism);
// Canonne, Kamath & Steinke 2020 (the tight zCDP conversion); Google, "Delta for Thresholding" (partition selection).
package account

import (
	"fmt"
	"math"
)

// Rho is a privacy loss in zero-concentrated DP.
type Rho float64

// Mu is a privacy loss in Gaussian DP: telling two neighbouring datasets apart is at least as hard as telling
// N(0, 1) from N(μ, 1) by one draw.
type Mu float64

// Epsilon is the ε of (ε, δ)-DP, in nats.
type Epsilon float64

// Delta is the δ of (ε, δ)-DP, a probability.
type Delta float64

// Sigma is a standard deviation of noise, in units of the counts it is added to.
type Sigma float64

// MinDelta is the smallest δ other than 0 that can be stated or priced. Below it float64 runs out of exponent before
// it runs out of digits.
const MinDelta Delta = 1e-300

// Check reports whether ρ can be spent: finite and > 0.
func (r Rho) Check() error { return checkPositive("ρ", float64(r)) }

// Check reports whether μ is finite and > 0.
func (m Mu) Check() error { return checkPositive("μ", float64(m)) }

// Check reports whether ε is finite and > 0.
func (e Epsilon) Check() error { return checkPositive("ε", float64(e)) }

// Check reports whether σ is finite and > 0.
func (s Sigma) Check() error { return checkPositive("σ", float64(s)) }

// Check reports whether δ is in [0, 1): 0, or at least MinDelta. See CheckPositive for where 0 will not do.
func (d Delta) Check() error {
	if d == 0 || (d >= MinDelta && d < 1) {
		return nil
	}
	return fmt.Errorf("δ must be 0 or in [%g, 1), got %g", float64(MinDelta), float64(d))
}

// CheckPositive reports whether δ is in (0, 1), which is what Gaussian noise and thresholds need.
func (d Delta) CheckPositive() error {
	if d == 0 {
		return fmt.Errorf("δ must be in (0, 1), got 0: Gaussian noise has no guarantee at δ = 0")
	}
	return d.Check()
}

func checkPositive(symbol string, x float64) error {
	if x > 0 && !math.IsInf(x, 1) {
		return nil
	}
	return fmt.Errorf("%s must be finite and > 0, got %g", symbol, x)
}
