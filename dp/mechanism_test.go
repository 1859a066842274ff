package dp

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/internal/noise"
)

// falseAlarm is the probability with which one comparison of a statistical test fails though nothing is wrong. The
// tests below make fewer than a hundred, so the package fails by chance less often than once in ten million runs.
const falseAlarm = 1e-9

// TestGaussianSigma compares the noise with the σ of its event, and the event with Δ₂/√(2ρ).
//
//   - (m−1)s²/σ² of m normal draws is χ² with m−1 degrees of freedom, and their mean normal with σ/√m.
//   - Products of neighbouring draws, divided by σ², have mean 0 and variance 1 when the draws are independent;
//     the sum of m of them is normal to within far less than the bound's distance (Berry–Esseen).
//   - The number of draws beyond 2σ is binomial.
func TestGaussianSigma(t *testing.T) {
	const m = 40_000
	chi := distuv.ChiSquared{K: m - 1}
	z := distuv.UnitNormal.Quantile(1 - falseAlarm/2)
	for _, c := range []struct {
		bound Sensitivity
		rho   account.Rho
	}{{UpTo(1).Bound(1), 0.5}, {UpTo(1).Bound(9), 0.02}, {UpTo(40).Bound(4), 1e-4}} {
		exact := make([]int64, m)
		for i := range exact {
			exact[i] = int64(i % 1000)
		}
		n, err := newRun(t, 10, 1e-6).Gaussian(Charge{Purpose: "test", Rho: c.rho}, Seal(exact, c.bound))
		if err != nil {
			t.Fatal(err)
		}
		sigma := float64(n.Event.Sigma)
		if want := c.bound.L2() / math.Sqrt(2*float64(c.rho)); math.Abs(sigma/want-1) > 1e-12 {
			t.Errorf("ρ = %g, Δ₂ = %g: σ is %g, want %g", c.rho, c.bound.L2(), sigma, want)
		}
		noise := make([]float64, m)
		var sum, sq, lag float64
		beyond := 0
		for i, v := range n.Values {
			e := (v - float64(exact[i])) / sigma
			noise[i] = e
			sum += e
			sq += e * e
			if i > 0 {
				lag += e * noise[i-1]
			}
			if math.Abs(e) > 2 {
				beyond++
			}
		}
		if s := sq - sum*sum/m; s < chi.Quantile(falseAlarm/2) || s > chi.Quantile(1-falseAlarm/2) {
			t.Errorf("σ = %g: (m−1)s²/σ² is %g for m = %d", sigma, s, m)
		}
		if math.Abs(sum)/math.Sqrt(m) > z {
			t.Errorf("σ = %g: the mean is %g standard errors from 0", sigma, sum/math.Sqrt(m))
		}
		if math.Abs(lag)/math.Sqrt(m-1) > z {
			t.Errorf("σ = %g: neighbouring draws are correlated, %g standard errors from 0", sigma, lag/math.Sqrt(m-1))
		}
		p := 2 * distuv.UnitNormal.Survival(2)
		if lo, hi := clopperPearson(beyond, m, falseAlarm); p < lo || p > hi {
			t.Errorf("σ = %g: the share beyond 2σ is in [%g, %g], want %g", sigma, lo, hi, p)
		}
	}
}

// clopperPearson returns the interval for a probability of which k successes in n trials were seen. It misses the
// truth with probability alpha at most.
func clopperPearson(k, n int, alpha float64) (lo, hi float64) {
	hi = 1
	if k > 0 {
		lo = distuv.Beta{Alpha: float64(k), Beta: float64(n - k + 1)}.Quantile(alpha / 2)
	}
	if k < n {
		hi = distuv.Beta{Alpha: float64(k + 1), Beta: float64(n - k)}.Quantile(1 - alpha/2)
	}
	return lo, hi
}

// grouped returns groups of size keys each, all with the same count.
func grouped(groups, size int, count int64) map[string]int64 {
	h := map[string]int64{}
	for g := range groups {
		for k := range size {
			h[fmt.Sprintf("%06d/%d", g, k)] = count
		}
	}
	return h
}

// groupsHit counts the groups of which a key was selected.
func groupsHit(selected []Selected) int {
	hit := map[string]bool{}
	for _, s := range selected {
		g, _, _ := strings.Cut(s.Key, "/")
		hit[g] = true
	}
	return len(hit)
}

// shiftOf is what a threshold takes off every count.
func shiftOf(rho account.Rho, bound Sensitivity) int64 {
	return account.ThresholdShift(account.SigmaFor(rho, bound.L2()), bound.Linf())
}

// TestThresholdNeverReleasesASingleton: what one unit alone holds stays private at any noise and any δ. The control, the
// least count that is compared at all, shows that noise and threshold alone would let it pass, each of 2,000 keys with probability δ = 0.2.
func TestThresholdNeverReleasesASingleton(t *testing.T) {
	for _, bound := range []Sensitivity{UpTo(1).Bound(1), UpTo(7).Bound(1), UpTo(3).Bound(20)} {
		for _, rho := range []account.Rho{1e-6, 1e-3, 1} {
			hist := map[string]int64{}
			for count := int64(0); count <= bound.Linf(); count++ {
				for k := range 200 {
					hist[fmt.Sprintf("%d held by %d", k, count)] = count
				}
			}
			selected, _, err := newRun(t, 20, 0.999).Threshold(Charge{Purpose: "test", Rho: rho, Delta: 0.2}, SealKeyed(hist, bound))
			if err != nil {
				t.Fatal(err)
			}
			if len(selected) != 0 {
				t.Errorf("%+v, ρ = %g: %d keys were released, such as one %s", bound, rho, len(selected), selected[0].Key[2:])
			}
		}
	}
	least := shiftOf(1e-6, UpTo(1).Bound(1)) + 1
	selected, _, err := newRun(t, 20, 0.999).Threshold(Charge{Purpose: "test", Rho: 1e-6, Delta: 0.2}, SealKeyed(grouped(2000, 1, least), UpTo(1).Bound(1)))
	if err != nil || len(selected) == 0 {
		t.Errorf("control: %d keys released, error %v", len(selected), err)
	}
}

// TestThresholdRate measures how often a unit is given away by one of the keys that exist because of it. At
// worst these are Δ₀ keys with a count of the shift s ≥ Δ∞ without the unit and s + Δ∞ with it. That one of them passes must have
// probability δ: more would break the guarantee, less would waste budget. Two-sided at 1e-9 a case.
func TestThresholdRate(t *testing.T) {
	const groups = 8000
	for _, c := range []struct {
		bound Sensitivity
		rho   account.Rho
		delta account.Delta
	}{
		{UpTo(1).Bound(1), 0.5, 0.1}, {UpTo(1).Bound(1), 1e-4, 0.02}, {UpTo(2).Bound(1), 0.1, 0.1}, {UpTo(1).Bound(4), 0.05, 0.2}, {UpTo(3).Bound(2), 0.02, 0.1},
	} {
		hist := SealKeyed(grouped(groups, c.bound.L0(), shiftOf(c.rho, c.bound)+c.bound.Linf()), c.bound)
		selected, event, err := newRun(t, 20, 0.999).Threshold(Charge{Purpose: "test", Rho: c.rho, Delta: c.delta}, hist)
		if err != nil {
			t.Fatal(err)
		}
		lo, hi := clopperPearson(groupsHit(selected), groups, falseAlarm)
		if d := float64(c.delta); d < lo || d > hi {
			t.Errorf("%+v, ρ = %g: a unit is given away with a probability in [%.4f, %.4f], want δ = %g", c.bound, c.rho, lo, hi, d)
		}
		for _, s := range selected {
			if s.Value < event.Threshold {
				t.Fatalf("a key was released at %g, below the threshold %g", s.Value, event.Threshold)
			}
		}
		if !slices.IsSortedFunc(selected, func(a, b Selected) int { return strings.Compare(a.Key, b.Key) }) {
			t.Error("the keys are not sorted: their order may say something")
		}
	}
}

// TestThresholdPaysForRounding computes the probability that one of a unit's own keys passes, with the noise as it is drawn:
// rounded to its grid and then compared. It must not exceed δ. Without the half step of the grid in the threshold it is up to 1.6 %
// more.
func TestThresholdPaysForRounding(t *testing.T) {
	for _, bound := range []Sensitivity{UpTo(1).Bound(1), UpTo(1).Bound(48), UpTo(3).Bound(2)} {
		for _, rho := range []account.Rho{1e-8, 1e-6, 1e-4, 0.003, 0.11, 0.5} {
			for _, delta := range []account.Delta{1e-12, 3e-9, 1e-6, 0.01, 0.1} {
				_, e, err := newRun(t, 20, 0.999).Threshold(Charge{Purpose: "test", Rho: rho, Delta: delta}, SealKeyed(nil, bound))
				if err != nil {
					t.Fatal(err)
				}
				half, linf := noise.Rounding(float64(e.Sigma)), float64(bound.Linf())
				// The shifted count is Δ∞ at most, and the shift is added again: the noise must make up for the rest.
				least := math.Ceil((e.Threshold-linf-float64(e.shift()))/(2*half)) * 2 * half
				if got := account.ThresholdDelta(e.Sigma, linf, bound.L0(), least-half+linf); got > delta {
					t.Errorf("%+v, ρ = %g: a unit is given away with probability %g, δ = %g", bound, float64(rho), float64(got), float64(delta))
				}
			}
		}
	}
}

// TestThresholdKeepsFrequentKeys: a count 50σ above the threshold is kept, and its noise is that of the event. The chance
// of a false alarm is below 1e-300 for the keys; the values are compared within 7σ, 2.6e-12 each.
func TestThresholdKeepsFrequentKeys(t *testing.T) {
	hist := map[string]int64{"a": 10_000, "b": 20_000, "c": 1}
	selected, event, err := newRun(t, 1, 1e-6).Threshold(Charge{Purpose: "test", Rho: 0.01, Delta: 1e-9}, SealKeyed(hist, UpTo(1).Bound(1)))
	if err != nil {
		t.Fatal(err)
	}
	if len(selected) != 2 || selected[0].Key != "a" || selected[1].Key != "b" {
		t.Fatalf("%d keys were released, want a and b", len(selected))
	}
	for _, s := range selected {
		if math.Abs(s.Value-float64(hist[s.Key])) > 7*float64(event.Sigma) {
			t.Errorf("%s is released as %g, σ = %g", s.Key, s.Value, event.Sigma)
		}
	}
}
