package account

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// slack is the relative amount by which a computed cost is raised above what was computed. The formulas of
// this package are good to a relative 2e-13 (TestFormulaErrorIsBelowSlack), so a raised cost is above the
// truth, and still within 1e-9 of it, even inverted: where ε is small, ε moves hundreds of times as fast as δ.
const slack = 2e-12

// raise rounds a computed probability away from zero, and into [MinDelta, 1].
func raise(p float64) Delta {
	return Delta(min(1, max(float64(MinDelta), p*(1+slack))))
}

// phi is the standard normal density.
func phi(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }

// upper is 1 − Φ(x), accurate in both tails.
func upper(x float64) float64 { return math.Erfc(x/math.Sqrt2) / 2 }

// mills is the Mills ratio (1 − Φ(x))/φ(x) for x ≥ 0. Numerator and denominator underflow together, so
// far out it is taken from its asymptotic series 1/x·(1 − 1/x² + 1·3/x⁴ − …), whose error is below its
// first omitted term: at x ≥ 25, after ten terms, 1·3·…·19/25²⁰ < 1e-19.
func mills(x float64) float64 {
	if x < 25 {
		return upper(x) / phi(x)
	}
	term, sum := 1.0, 1.0
	for k := 1.0; k < 10; k++ {
		term *= -(2*k - 1) / (x * x)
		sum += term
	}
	return sum / x
}

// hockeyStick is ∫ (dP − e^ε dQ)₊ for P = N(μ, 1) and Q = N(0, 1), with s = ε/μ − μ/2:
//
//	δ = Φ(−s) − e^ε·Φ(−s − μ) = φ(s)·(R(s) − R(s + μ)),  R the Mills ratio,
//
// because φ(s) = e^ε·φ(s + μ). The difference loses digits only where its two terms are close, and there it is
// rewritten with R(x) = ∫₀^∞ exp(−xu − u²/2) du as an integral of positive terms, which loses none:
//
//	δ = φ(s)·∫₀^∞ exp(−su − u²/2)·(1 − e^{−μu}) du.
func hockeyStick(mu, s float64) float64 {
	whole := upper(s)
	if s+mu <= 0 { // only by overflow: s + μ = ε/μ + μ/2 > 0
		return whole
	}
	if part := phi(s) * mills(s+mu); part <= whole/2 {
		return whole - part
	}
	// Here s ≥ −μ/2 and R(s + μ) > R(s)/2, which bounds μ by 1 or so, so the integrand is smooth on the
	// scale of its decay. It has fallen by e⁻⁴⁵ at the upper end, where su + u²/2 = 45.
	end := 90 / (s + math.Sqrt(s*s+90))
	integral := quad.Fixed(func(u float64) float64 {
		return -math.Exp(-u*(s+u/2)) * math.Expm1(-mu*u)
	}, 0, end, 48, quad.Legendre{}, 0)
	return phi(s) * integral
}
