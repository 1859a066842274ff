package account

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The bounds are those of the Gaussian mechanism, so a test against its outputs attains them: not better, and not worse.
func TestPowerIsTheGaussians(t *testing.T) {
	for _, mu := range []Mu{0.2, 1, 3} {
		for _, alpha := range []float64{0.001, 0.05, 0.5} {
			cut := quantileBelow(alpha)
			if got, want := Power(mu, 0, alpha), upper(cut-float64(mu)); math.Abs(got/want-1) > 1e-9 {
				t.Errorf("Power(%g, 0, %g) = %g, the likelihood-ratio test has %g", mu, alpha, got, want)
			}
			// The advantage anywhere on the curve is at most the total variation distance.
			if tv := float64(DeltaAt(mu, 0)); Power(mu, 0, alpha)-alpha > tv*(1+1e-9) {
				t.Errorf("at μ = %g, α = %g the advantage %g is above the total variation %g", mu, alpha, Power(mu, 0, alpha)-alpha, tv)
			}
		}
	}
}

// Power lies under every line that (ε, δ)-DP draws, and touches one.
func TestPowerAgreesWithDeltaAt(t *testing.T) {
	for _, mu := range []Mu{0.1, 1, 4} {
		for _, alpha := range []float64{1e-6, 0.01, 0.2} {
			tightest := 1.0
			for eps := 0.0; eps < 30; eps += 0.001 {
				delta := float64(DeltaAt(mu, Epsilon(eps)))
				tightest = min(tightest, math.Exp(eps)*alpha+delta, 1-math.Exp(-eps)*(1-delta-alpha))
			}
			if got := Power(mu, 0, alpha); got > tightest*(1+1e-9) || got < tightest*(1-1e-4) {
				t.Errorf("Power(%g, 0, %g) = %.9g, the tightest (ε, δ) says %.9g", mu, alpha, got, tightest)
			}
		}
	}
}

// A Gaussian release is more telling than OddsFactor allows less often than it allows. With 200000 draws a true rate of
// η has a deviation of √(η/200000); eight of these have a false-alarm probability below 1e-14 each.
func TestOddsFactorHolds(t *testing.T) {
	const draws = 200000
	rng := rand.New(rand.NewPCG(1, 2))
	for _, mu := range []Mu{0.3, 1, 2.5} {
		for _, failing := range []Delta{0.01, 0.05, 0.3} {
			eps, exceeded := float64(OddsFactor(mu, 0, failing)), 0
			for range draws {
				x := rng.NormFloat64() + float64(mu) // the unit is in
				if float64(mu)*x-float64(mu*mu)/2 > eps {
					exceeded++
				}
			}
			most := float64(failing)*draws + 8*math.Sqrt(float64(failing)*draws)
			if float64(exceeded) > most {
				t.Errorf("at μ = %g the odds grew more than e^%g times in %d of %d draws, want at most %g", mu, eps, exceeded, draws, most)
			}
		}
	}
}

// The bound is attained by a release that only says whether a test accuses: Power's, at the rate where it is right η of the
// time.
func TestOddsFactorIsTight(t *testing.T) {
	for _, mu := range []Mu{0.1, 1, 4} {
		for _, thresholds := range []Delta{0, 1e-6} {
			for _, failing := range []Delta{0.01, 0.2} {
				eps := float64(OddsFactor(mu, thresholds, failing))
				alpha := float64(failing) / math.Exp(eps)
				if got := Power(mu, thresholds, alpha); math.Abs(got/float64(failing)-1) > 1e-8 {
					t.Errorf("OddsFactor(%g, %g, %g) = %g, but a test that is right that often has odds for %g", mu, thresholds, failing, eps, got)
				}
			}
		}
	}
}

func TestPosterior(t *testing.T) {
	for _, tc := range []struct {
		prior float64
		eps   Epsilon
		want  float64
	}{
		{0.5, 0, 0.5}, {0.01, 0, 0.01}, {0, 5, 0}, {1, 5, 1}, {0.5, Epsilon(math.Log(3)), 0.75},
		{0.01, Epsilon(math.Log(99)), 0.5}, {0.1, Epsilon(math.Log(9)), 0.5}, {0.5, 800, 1}, {1e-300, 1, math.E * 1e-300},
	} {
		if got := Posterior(tc.prior, tc.eps); !isCost(got, tc.want) {
			t.Errorf("Posterior(%g, %g) = %.17g, want %.17g", tc.prior, tc.eps, got, tc.want)
		}
	}
}

// Who would be told of a smaller risk than there is, would be told so by these.
func TestAttackersFailClosed(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, bad := range []float64{nan, inf, -1} {
		for name, got := range map[string]float64{
			"power of μ": Power(Mu(bad), 0, 0.1),
			"power of δ": Power(1, Delta(bad), 0.1),
			"power of α": Power(1, 0, bad),
			"odds of μ":  float64(OddsFactor(Mu(bad), 0, 0.1)),
			"odds of δ":  float64(OddsFactor(1, Delta(bad), 0.1)),
			"odds of η":  float64(OddsFactor(1, 0, Delta(bad))),
			"prior":      Posterior(bad, 1),
			"ε":          Posterior(0.5, Epsilon(bad)),
			"group of μ": func() float64 { _, d := Group(Mu(bad), 0, 2); return float64(d) }(),
			"group of δ": func() float64 { _, d := Group(1, Delta(bad), 2); return float64(d) }(),
		} {
			if got < 1 || math.IsNaN(got) {
				t.Errorf("%s of %g comes to %g", name, bad, got)
			}
		}
	}
	for _, k := range []int{0, -3} {
		if mu, delta := Group(1, 1e-6, k); !math.IsInf(float64(mu), 1) || delta != 1 {
			t.Errorf("Group of %d = %g, %g", k, mu, delta)
		}
	}
	if got := OddsFactor(1, 1e-6, 1e-6); !math.IsInf(float64(got), 1) {
		t.Errorf("OddsFactor that fails as often as thresholds do = %g, want +Inf", got)
	}
}

func TestNothingReleasedTellsNothing(t *testing.T) {
	if got := Power(0, 0, 0.1); !isCost(got, 0.1) {
		t.Errorf("Power(0, 0, 0.1) = %g", got)
	}
	if got := OddsFactor(0, 0, 0.1); got != 0 {
		t.Errorf("OddsFactor(0, 0, 0.1) = %g", got)
	}
	if got := Power(1, 1e-6, 0); !isCost(got, 1e-6) {
		t.Errorf("who never accuses the innocent is right %g of the time, want δ", got)
	}
}

func TestGroupGrows(t *testing.T) {
	mu, delta := Group(1, 1e-6, 1)
	if mu != 1 || !isCost(float64(delta), 1e-6) {
		t.Errorf("a group of one has %g, %g", mu, delta)
	}
	// Tighter than the classical (kε, k·e^{(k−1)ε}·δ), which takes any one ε of the curve.
	classical := 1.0
	for eps := 0.1; eps < 20; eps += 0.1 {
		if whole := 5 * math.Exp(4*eps) * (float64(DeltaAt(1, Epsilon(eps))) + 1e-6); 5*eps <= 20 {
			classical = min(classical, whole)
		}
	}
	group, thresholds := Group(1, 1e-6, 5)
	if got := float64(DeltaAt(group, 20)) + float64(thresholds); got > classical {
		t.Errorf("five units have δ = %g at ε = 20, classically %g", got, classical)
	}
}

func TestBasicCompositionFailsClosed(t *testing.T) {
	for _, bad := range []float64{math.NaN(), -1, math.Inf(-1)} {
		for _, h := range []Guarantee{{Epsilon(bad), 1e-6}, {1, Delta(bad)}} {
			for _, got := range []Guarantee{h.Plus(Guarantee{1, 1e-6}), (Guarantee{1, 1e-6}).Plus(h)} {
				if !math.IsInf(float64(got.Epsilon), 1) || got.Delta != 1 {
					t.Errorf("with %v the sum is %v", h, got)
				}
			}
		}
	}
}

func TestBasicComposition(t *testing.T) {
	var sum Guarantee
	for range 10 {
		sum = sum.Plus(Guarantee{0.1, 1e-7})
	}
	if !isCost(float64(sum.Epsilon), 1) || !isCost(float64(sum.Delta), 1e-6) {
		t.Errorf("ten times (0.1, 1e-7) is (%.17g, %.17g)", sum.Epsilon, sum.Delta)
	}
	if got := (Guarantee{1, 0.7}).Plus(Guarantee{1, 0.7}); got.Delta != 1 {
		t.Errorf("δ adds up to %g", got.Delta)
	}
	if got := (Guarantee{}).Plus(Guarantee{1, 1e-6}); got != (Guarantee{1, 1e-6}) {
		t.Errorf("nothing and something is %v", got)
	}
}
