package account

import "math"

// BasicZCDPEpsilon returns ε = ρ + 2√(ρ·ln(1/δ)), for which ρ-zCDP is (ε, δ)-DP (Bun & Steinke 2016, Prop. 1.3),
// rounded up. It is the figure that can be checked on a pocket calculator. ρ = 0 costs 0; the result is +Inf when
// ρ is negative or not finite, or δ is not in (0, 1).
func BasicZCDPEpsilon(rho Rho, delta Delta) Epsilon {
	if rho == 0 && delta.CheckPositive() == nil {
		return 0
	}
	if rho.Check() != nil || delta.CheckPositive() != nil {
		return Epsilon(math.Inf(1))
	}
	r := float64(rho)
	return Epsilon((r + 2*math.Sqrt(r)*math.Sqrt(-math.Log(float64(delta)))) * (1 + slack))
}

// ZCDPEpsilon returns the best known ε ≥ 0 for which every ρ-zCDP mechanism is (ε, δ)-DP, rounded up:
//
//	ε = inf over α > 1 of  αρ + (ln(1/δ) + (α − 1)·ln(1 − 1/α) − ln α)/(α − 1)
//
// (Canonne, Kamath & Steinke 2020, Prop. 12 with the Rényi divergences of zCDP; the same as their Cor. 13).
// With x = α − 1 and L = ln(1/δ) the objective is
//
//	f(x) = ρ(1 + x) + (L − ln(1 + x))/x − ln(1 + 1/x),   f'(x) = ρ − (L − ln(1 + x))/x²,
//
// so the minimum is the one root of ρx² + ln(1 + x) = L, whose left side only grows. Any x gives a valid ε, so
// an inexact root costs tightness, never validity. ρ = 0 costs 0; the result is +Inf when ρ is negative or not finite,
// or δ is not in (0, 1).
func ZCDPEpsilon(rho Rho, delta Delta) Epsilon {
	if rho == 0 && delta.CheckPositive() == nil {
		return 0
	}
	if rho.Check() != nil || delta.CheckPositive() != nil {
		return Epsilon(math.Inf(1))
	}
	r, l := float64(rho), -math.Log(float64(delta))
	// At x = √(L/ρ) the first term alone is L.
	x, _ := bisect(0, math.Sqrt(l/r), func(x float64) bool { return r*x*x+math.Log1p(x) < l })
	gain := math.Log1p(1 / x)
	cost := r*(1+x) + (l-math.Log1p(x))/x
	return Epsilon(max(0, cost*(1+slack)-gain*(1-slack)))
}
