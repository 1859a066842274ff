package account

import "math"

// A Guarantee is (ε, δ)-DP. The zero Guarantee is that of nothing released.
type Guarantee struct {
	Epsilon Epsilon
	Delta   Delta // at most 1, which guarantees nothing
}

// Plus returns the guarantee of two releases together by basic composition, (ε₁ + ε₂, δ₁ + δ₂) (Dwork & Roth 2014, Thm
// 3.16), rounded up. It holds whatever the mechanisms are, and is the figure that anybody can check by adding up; what
// noise that is Gaussian costs together is far less, and is what DeltaAt says of the sum of the ρ. An argument that is
// no guarantee costs everything.
func (g Guarantee) Plus(h Guarantee) Guarantee {
	for _, x := range []Guarantee{g, h} {
		if !(x.Epsilon >= 0) || !(x.Delta >= 0) {
			return Guarantee{Epsilon: Epsilon(math.Inf(1)), Delta: 1}
		}
	}
	return Guarantee{Epsilon: addUp(g.Epsilon, h.Epsilon), Delta: min(1, addUp(g.Delta, h.Delta))}
}

// addUp is x + y for x, y ≥ 0, rounded up.
func addUp[F ~float64](x, y F) F {
	if x == 0 || y == 0 {
		return x + y
	}
	return F(math.Nextafter(float64(x+y), math.Inf(1)))
}
