package noise

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// TestSigma checks the variance of the draws against the σ that was asked for. For normal draws
// (m−1)s²/σ² is χ² with m−1 degrees of freedom; a two-sided test at p = 1e-9 a case, 3e-9 over all.
func TestSigma(t *testing.T) {
	const m, p = 100_000, 1e-9
	chi := distuv.ChiSquared{K: m - 1}
	lo, hi := chi.Quantile(p/2), chi.Quantile(1-p/2)
	for _, sigma := range []float64{0.7, 12.5, 4096} {
		var sum, sq float64
		for range m {
			v, err := AddGaussian(1000, sigma)
			if err != nil {
				t.Fatal(err)
			}
			sum += v - 1000
			sq += (v - 1000) * (v - 1000)
		}
		mean := sum / m
		if s := (sq - m*mean*mean) / (sigma * sigma); s < lo || s > hi {
			t.Errorf("σ = %g: (m−1)s²/σ² = %g, want within [%g, %g]", sigma, s, lo, hi)
		}
		if z := math.Abs(mean) * math.Sqrt(m) / sigma; z > distuv.UnitNormal.Quantile(1-p/2) {
			t.Errorf("σ = %g: mean is %g standard errors from 0", sigma, z)
		}
	}
}

func TestRefuses(t *testing.T) {
	for _, sigma := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1), MinSigma / 2, MaxSigma * 2} {
		if _, err := AddGaussian(1, sigma); err == nil {
			t.Errorf("σ = %g was accepted", sigma)
		}
	}
	for _, x := range []int64{math.MaxInt64, math.MinInt64, maxCount + 1} {
		if _, err := AddGaussian(x, 1); err == nil {
			t.Errorf("count %d was accepted", x)
		}
	}
}

// TestGrid checks that noise and counts share a grid that the last bit of any draw is far below, and that the grid is
// fine against σ.
func TestGrid(t *testing.T) {
	for _, sigma := range []float64{MinSigma, 0.7, 1, 10, 255, 256, 511.9, 512, 1e5, MaxSigma} {
		g := grid(sigma)
		if frac, _ := math.Frexp(g); frac != 0.5 || g > 1 || g > sigma/256 {
			t.Errorf("σ = %g: the grid is %g", sigma, g)
		}
		largest := 9 * sigma
		if ulp := math.Nextafter(largest, math.Inf(1)) - largest; ulp > g*0x1p-28 {
			t.Errorf("σ = %g: the last bit of a draw is %g, the grid %g", sigma, ulp, g)
		}
	}
}

// TestLastBitsSayNothing: whatever the count, what is released lies on one grid. It is the attack that took the last bits
// of a sum for the size of the noise: with float64 noise on the count itself, a fourth of the releases of 7 in (3, 4) at
// σ = 10 are odd multiples of 2⁻⁵¹, and none of those of 8. It cannot fail by chance.
func TestLastBitsSayNothing(t *testing.T) {
	for _, sigma := range []float64{MinSigma, 0.3, 10, 1000, MaxSigma} {
		for _, x := range []int64{0, 1, 7, 8, 1023, 1024, 1<<30 + 1} {
			for range 300 {
				v, err := AddGaussian(x, sigma)
				if err != nil {
					t.Fatal(err)
				}
				if rest := math.Mod(v, grid(sigma)); rest != 0 {
					t.Fatalf("σ = %g: a release is %g beside the grid", sigma, rest)
				}
			}
		}
	}
}

// TestEveryPointIsReached: near to the count, no point of the grid is left out. At σ = 0.05 there are 205 points within
// σ/4, each with a probability of φ(¼)/410 or more; that 30,000 draws miss one of them has a probability below 3e-10.
func TestEveryPointIsReached(t *testing.T) {
	const sigma = 0.05
	g := grid(sigma)
	missing := map[float64]bool{}
	for i := math.Ceil(-sigma / 4 / g); i <= sigma/4/g; i++ {
		missing[5+i*g] = true
	}
	for range 30_000 {
		v, err := AddGaussian(5, sigma)
		if err != nil {
			t.Fatal(err)
		}
		delete(missing, v)
	}
	if len(missing) > 0 {
		t.Errorf("%d points of the grid were never released", len(missing))
	}
}

// TestCheckSigma: what is no σ is refused before anything is drawn.
func TestCheckSigma(t *testing.T) {
	for _, sigma := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1, MinSigma / 2, 2 * MaxSigma} {
		if CheckSigma(sigma) == nil {
			t.Errorf("σ = %g passes", sigma)
		}
	}
	for _, sigma := range []float64{MinSigma, 1, MaxSigma} {
		if err := CheckSigma(sigma); err != nil {
			t.Error(err)
		}
	}
}
