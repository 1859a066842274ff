package account

import (
	"math"
	"math/rand/v2"
	"testing"
)

var (
	inf = math.Inf(1)
	nan = math.NaN()
)

func TestCheck(t *testing.T) {
	for _, x := range []float64{5e-324, 1e-9, 1, 1e300} {
		for name, err := range map[string]error{
			"ρ": Rho(x).Check(), "μ": Mu(x).Check(), "ε": Epsilon(x).Check(), "σ": Sigma(x).Check(),
		} {
			if err != nil {
				t.Errorf("%s = %g: %v", name, x, err)
			}
		}
	}
	for _, x := range []float64{0, math.Copysign(0, -1), -1e-300, -1, inf, -inf, nan} {
		for name, err := range map[string]error{
			"ρ": Rho(x).Check(), "μ": Mu(x).Check(), "ε": Epsilon(x).Check(), "σ": Sigma(x).Check(),
		} {
			if err == nil {
				t.Errorf("%s = %g passed its check", name, x)
			}
		}
	}
}

func TestDeltaCheck(t *testing.T) {
	for _, tc := range []struct {
		delta          float64
		ok, okPositive bool
	}{
		{0, true, false},
		{1e-300, true, true}, {1e-6, true, true}, {0.999, true, true},
		{1, false, false}, {2, false, false}, {-1e-9, false, false}, {1e-301, false, false},
		{inf, false, false}, {-inf, false, false}, {nan, false, false},
	} {
		if got := Delta(tc.delta).Check() == nil; got != tc.ok {
			t.Errorf("Delta(%g).Check() passed = %v, want %v", tc.delta, got, tc.ok)
		}
		if got := Delta(tc.delta).CheckPositive() == nil; got != tc.okPositive {
			t.Errorf("Delta(%g).CheckPositive() passed = %v, want %v", tc.delta, got, tc.okPositive)
		}
	}
}

func TestDeltaAtPublished(t *testing.T) {
	for _, tc := range []struct {
		name         string
		sigma, l2    float64
		eps, want    float64
		wantRelative float64
	}{
		// Google's differential-privacy library, gaussian_noise_test.go, "Correct value calculated …".
		{"σ = 10, ε = 0.1", 10, 1, 0.1, 0.008751768145810, 1e-10},
		{"σ = 10, Δ₂ = 5, ε = ln 3", 10, 5, math.Log(3), 0.004159742234000802, 1e-10},
		{"σ = 0.5, ε = 0", 0.5, 1, 0, 0.6826894921370859, 1e-10},
		// Balle & Wang 2018: their algorithm calibrates (1, 1e-5) to σ = 3.730631634816464.
		{"σ = 3.73063, ε = 1", 3.730631634816464, 1, 1, 1e-5, 1e-7},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := float64(DeltaAt(Mu(tc.l2/tc.sigma), Epsilon(tc.eps)))
			if math.Abs(got/tc.want-1) > tc.wantRelative {
				t.Errorf("δ = %.12g, want %.12g", got, tc.want)
			}
		})
	}
}

func TestMuForPublished(t *testing.T) {
	mu, err := MuFor(1, 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	if sigma := 1 / float64(mu); math.Abs(sigma-3.730632) > 1e-6 {
		t.Errorf("σ for (1, 1e-5) = %.7f, want 3.730632 (Balle & Wang 2018)", sigma)
	}
}

func TestBasicZCDPEpsilon(t *testing.T) {
	// Bun & Steinke 2016, Prop. 1.3, by hand: δ = e⁻⁴ makes √(ρ·ln(1/δ)) = 2√ρ.
	for _, tc := range []struct{ rho, want float64 }{{1, 5}, {0.25, 2.25}, {4, 12}} {
		got := float64(BasicZCDPEpsilon(Rho(tc.rho), Delta(math.Exp(-4))))
		if !isCost(got, tc.want) {
			t.Errorf("BasicZCDPEpsilon(%g, e⁻⁴) = %.12g, want %g", tc.rho, got, tc.want)
		}
	}
}

// The three conversions are ever tighter bounds on the same thing.
func TestConversionsAreOrdered(t *testing.T) {
	for _, rho := range []Rho{1e-4, 1e-3, 0.05, 0.5, 3, 40} {
		for _, delta := range []Delta{1e-12, 1e-9, 1e-6, 1e-4} {
			gdp, tight, basic := EpsilonAt(rho.Mu(), delta), ZCDPEpsilon(rho, delta), BasicZCDPEpsilon(rho, delta)
			if !(0 < gdp && gdp < tight && tight < basic) {
				t.Errorf("ρ = %g, δ = %g: GDP %g, tight zCDP %g, basic zCDP %g: want them to rise", rho, delta, gdp, tight, basic)
			}
		}
	}
}

// Random points, so that no hidden corner of the grid is special: what an allowance allows never costs more
// than was stated, and adding its shares up again does not either. The seed is fixed: the test cannot flake.
func TestRoundTrips(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	between := func(lo, hi float64) float64 { return lo * math.Pow(hi/lo, rng.Float64()) }
	for range 300 {
		eps, delta := Epsilon(between(1e-3, 50)), Delta(between(1e-15, 0.1))
		mu, err := MuFor(eps, delta)
		if err != nil {
			t.Fatal(err)
		}
		if got := DeltaAt(mu, eps); got > delta || got < delta*(1-1e-6) {
			t.Errorf("DeltaAt(MuFor(%g, %g)) = %g", eps, delta, got)
		}
		if got := EpsilonAt(mu, delta); got > eps || got < eps*(1-1e-8) {
			t.Errorf("EpsilonAt(MuFor(%g, %g)) = %g", eps, delta, got)
		}
		rho, err := RhoFor(eps, delta)
		if err != nil {
			t.Fatal(err)
		}
		if got := DeltaAt(rho.Mu(), eps); got > delta {
			t.Errorf("DeltaAt(RhoFor(%g, %g).Mu()) = %g, above δ", eps, delta, got)
		}
		var sum Rho
		for range 1000 {
			sum = Rho(math.Nextafter(float64(sum+rho/1000), inf))
		}
		if got := DeltaAt(sum.Mu(), eps); got > delta {
			t.Errorf("a thousand thousandths of RhoFor(%g, %g) cost δ = %g", eps, delta, got)
		}
		if back := rho.Mu().Rho(); math.Abs(float64(back/rho-1)) > 1e-15 {
			t.Errorf("ρ = %g comes back from μ as %g", rho, back)
		}
	}
}

func TestSigmaAndRho(t *testing.T) {
	if got := SigmaFor(0.5, 1); math.Abs(float64(got)-1) > 1e-14 {
		t.Errorf("SigmaFor(½, 1) = %.17g, want 1", got)
	}
	if got := RhoOf(2, 2); math.Abs(float64(got)-0.5) > 1e-15 {
		t.Errorf("RhoOf(2, 2) = %.17g, want ½", got)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for range 10000 {
		rho := Rho(math.Exp(40 * (rng.Float64() - 0.5)))
		l2 := math.Exp(40 * (rng.Float64() - 0.5))
		sigma := SigmaFor(rho, l2)
		if back := RhoOf(sigma, l2); back > rho || back < rho*(1-1e-14) {
			t.Fatalf("RhoOf(SigmaFor(%g, %g)) = %.17g", rho, l2, back)
		}
	}
}

func TestAccuracy(t *testing.T) {
	for _, tc := range []struct{ mu, want float64 }{
		{0, 0.5}, {1, 0.691462461274013}, {2, 0.8413447460685429}, {100, 1}, {-1, 1}, {nan, 1}, {inf, 1},
	} {
		if got := Mu(tc.mu).Accuracy(); math.Abs(got-tc.want) > 1e-14 {
			t.Errorf("Mu(%g).Accuracy() = %.16g, want %.16g", tc.mu, got, tc.want)
		}
	}
}

// Where the answer is outside the tables: more ε never costs more δ, more μ never less, and nothing is lost to
// under- or overflow.
func TestDeltaAtExtremes(t *testing.T) {
	for _, tc := range []struct {
		mu, eps  float64
		low, top Delta
	}{
		{0, 0, 0, 0}, {0, 1, 0, 0},
		{1, 1e6, MinDelta, MinDelta}, {1e-200, 1, MinDelta, MinDelta}, {5e-324, 1e308, MinDelta, MinDelta},
		{1e3, 1, 1, 1}, {1e200, 1, 1, 1}, {math.MaxFloat64, math.MaxFloat64, 1, 1},
		{1e5, 5e9, 0.4999, 0.5001}, // ε = μ²/2: Φ(0), less a vanishing part
	} {
		if got := DeltaAt(Mu(tc.mu), Epsilon(tc.eps)); !(got >= tc.low && got <= tc.top) {
			t.Errorf("DeltaAt(%g, %g) = %g, want within [%g, %g]", tc.mu, tc.eps, got, tc.low, tc.top)
		}
	}
}

func TestDeltaAtIsMonotone(t *testing.T) {
	// Steps are far larger than the rounding error, and cross both branches of the formula.
	for eps := 1e-3; eps < 60; eps *= 1.5 {
		last := Delta(0)
		for mu := 1e-3; mu < 30; mu *= 1.02 {
			got := DeltaAt(Mu(mu), Epsilon(eps))
			if got < last {
				t.Fatalf("DeltaAt(%g, %g) = %g, below %g at a smaller μ", mu, eps, got, last)
			}
			if more := DeltaAt(Mu(mu), Epsilon(eps*1.01)); more > got {
				t.Fatalf("DeltaAt(%g, ·) rises from %g to %g at ε = %g", mu, got, more, eps)
			}
			last = got
		}
	}
}

func TestMillsSeries(t *testing.T) {
	// The two formulas meet at 25: both sides of the seam obey R' = xR − 1.
	below, above := mills(25-1e-9), mills(25+1e-9)
	slope := 25*mills(25) - 1
	if want := below + 2e-9*slope; math.Abs(above/want-1) > 1e-12 {
		t.Errorf("mills jumps from %.17g to %.17g at 25", below, above)
	}
}

func TestThresholdByHand(t *testing.T) {
	// One key, σ = 1, Δ∞ = 1: T = 1 + Φ⁻¹(1 − 1e-5) = 1 + 4.264890793922825.
	if got := Threshold(1, 1, 1, 1e-5); math.Abs(got-5.264890793922825) > 1e-9 {
		t.Errorf("Threshold = %.15g, want 5.264890793922825", got)
	}
	// Many keys: 1 − (1 − q)^k ≤ kq, and nearly so.
	one, many := ThresholdDelta(3, 1, 1, 20), ThresholdDelta(3, 1, 1000, 20)
	if r := float64(many) / float64(one) / 1000; r > 1 || r < 0.999 {
		t.Errorf("a thousand keys cost %g times one key's δ, want just below 1000", r*1000)
	}
	// A tiny δ does not vanish in 1 − δ.
	if got := Threshold(1, 1, 10, 1e-30); !(got > 12 && got < 13) {
		t.Errorf("Threshold at δ = 1e-30 is %g, want 1 + Φ⁻¹(1 − 1e-31) ≈ 12.7", got)
	}
}

func TestThresholdRoundTrip(t *testing.T) {
	for _, delta := range []Delta{1e-300, 1e-15, 1e-9, 1e-5, 0.1, 0.9} {
		for _, keys := range []int{1, 7, 1 << 40} {
			for _, sigma := range []Sigma{1e-3, 1, 1e6} {
				threshold := Threshold(sigma, 2, keys, delta)
				got := ThresholdDelta(sigma, 2, keys, threshold)
				if got > delta || got < delta*(1-1e-6) {
					t.Errorf("ThresholdDelta(Threshold(%g, 2, %d, %g)) = %g", sigma, keys, delta, got)
				}
			}
		}
	}
}

// An argument that makes no sense costs everything and buys nothing.
func TestBadArgumentsFailClosed(t *testing.T) {
	for _, bad := range []float64{-1, inf, -inf, nan} {
		if got := DeltaAt(Mu(bad), 1); got != 1 {
			t.Errorf("DeltaAt(%g, 1) = %g, want 1", bad, got)
		}
		if got := DeltaAt(1, Epsilon(bad)); got != 1 {
			t.Errorf("DeltaAt(1, %g) = %g, want 1", bad, got)
		}
		for name, got := range map[string]float64{
			"EpsilonAt(bad, 1e-6)":        float64(EpsilonAt(Mu(bad), 1e-6)),
			"ZCDPEpsilon(bad, 1e-6)":      float64(ZCDPEpsilon(Rho(bad), 1e-6)),
			"BasicZCDPEpsilon(bad, 1e-6)": float64(BasicZCDPEpsilon(Rho(bad), 1e-6)),
		} {
			if !math.IsInf(got, 1) {
				t.Errorf("%s with bad = %g is %g, want +Inf", name, bad, got)
			}
		}
		if got := ThresholdDelta(1, bad, 1, 5); got != 1 {
			t.Errorf("ThresholdDelta with Δ∞ = %g is %g, want 1", bad, got)
		}
	}
	for _, bad := range []float64{-1, 0, inf, -inf, nan} {
		if _, err := MuFor(Epsilon(bad), 1e-6); err == nil {
			t.Errorf("MuFor(%g, 1e-6) has no error", bad)
		}
		if _, err := RhoFor(Epsilon(bad), 1e-6); err == nil {
			t.Errorf("RhoFor(%g, 1e-6) has no error", bad)
		}
		for name, got := range map[string]float64{
			"SigmaFor(bad, 1)":              float64(SigmaFor(Rho(bad), 1)),
			"SigmaFor(1, bad)":              float64(SigmaFor(1, bad)),
			"RhoOf(bad, 1)":                 float64(RhoOf(Sigma(bad), 1)),
			"RhoOf(1, bad)":                 float64(RhoOf(1, bad)),
			"Threshold(bad, 1, 1, 1e-6)":    Threshold(Sigma(bad), 1, 1, 1e-6),
			"Threshold(1, bad, 1, 1e-6)":    Threshold(1, bad, 1, 1e-6),
			"Threshold(1, 1, 0, 1e-6)":      Threshold(1, 1, 0, 1e-6),
			"Threshold, σ lost in Δ∞":       Threshold(1e-30, 1e10, 1, 1e-6),
			"SigmaFor, overflowing":         float64(SigmaFor(1e-300, 1e300)),
			"SigmaFor, underflowing":        float64(SigmaFor(1e308, 1e-300)),
			"EpsilonAt, μ²/2 overflows":     float64(EpsilonAt(1e200, 1e-6)),
			"BasicZCDPEpsilon, overflowing": float64(BasicZCDPEpsilon(math.MaxFloat64, 1e-6)),
		} {
			if !math.IsInf(got, 1) {
				t.Errorf("%s with bad = %g is %g, want +Inf", name, bad, got)
			}
		}
		if got := ThresholdDelta(Sigma(bad), 1, 1, 5); got != 1 {
			t.Errorf("ThresholdDelta with σ = %g is %g, want 1", bad, got)
		}
	}
	if ThresholdDelta(1, 1, 0, 5) != 1 || ThresholdDelta(1, 1, 1, nan) != 1 {
		t.Error("ThresholdDelta without keys or threshold must be 1")
	}
	for _, bad := range []float64{-1, 0, 1, 2, 1e-301, inf, nan} {
		if _, err := MuFor(1, Delta(bad)); err == nil {
			t.Errorf("MuFor(1, %g) has no error", bad)
		}
		if got := EpsilonAt(1, Delta(bad)); !math.IsInf(float64(got), 1) {
			t.Errorf("EpsilonAt(1, %g) = %g, want +Inf", bad, got)
		}
		if got := ZCDPEpsilon(1, Delta(bad)); !math.IsInf(float64(got), 1) {
			t.Errorf("ZCDPEpsilon(1, %g) = %g, want +Inf", bad, got)
		}
		if got := Threshold(1, 1, 1, Delta(bad)); !math.IsInf(got, 1) {
			t.Errorf("Threshold at δ = %g is %g, want +Inf", bad, got)
		}
	}
}

func TestNothingSpentCostsNothing(t *testing.T) {
	for name, got := range map[string]Epsilon{
		"EpsilonAt":        EpsilonAt(0, 1e-6),
		"ZCDPEpsilon":      ZCDPEpsilon(0, 1e-6),
		"BasicZCDPEpsilon": BasicZCDPEpsilon(0, 1e-6),
		"EpsilonAt with δ above the total variation": EpsilonAt(0.1, 0.5),
	} {
		if got != 0 {
			t.Errorf("%s = %g, want 0", name, got)
		}
	}
}

// Budgets that no noise can meet in float64 are refused, not rounded to something.
func TestUnreachableBudgets(t *testing.T) {
	if rho, err := RhoFor(1e-200, 1e-280); err == nil {
		t.Errorf("RhoFor(1e-200, 1e-280) = %g without an error", rho)
	}
	if mu, err := MuFor(5e-324, MinDelta); err == nil && DeltaAt(mu, 5e-324) > MinDelta {
		t.Errorf("MuFor(5e-324, 1e-300) = %g, which does not fit", mu)
	}
}

func BenchmarkRhoFor(b *testing.B) {
	for b.Loop() {
		if _, err := RhoFor(1, 1e-6); err != nil {
			b.Fatal(err)
		}
	}
}
