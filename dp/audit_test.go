package dp

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/patina-data/patina/dp/account"
)

// The tests of this file attack the mechanisms as they are reached through a ledger and a run, with neighbouring counts and the noise
// that is drawn, and hold what an attacker finds out against what is charged (Nasr et al. 2023, Tight Auditing of Differentially
// Private Machine Learning, §4: an attack's false and true positive rates bound μ from below).

// draws is how much noise the Gaussian mechanism is attacked with; the other tests take a part of it. A bound is sure to 1 − falseAlarm whatever
// it is, and more draws make it tighter.
var draws = flag.Int("draws", 1_000_000, "how many draws the audit of the Gaussian mechanism takes")

// An attack is scores of the same number of trials without the unit and with it, as the attacker computes them from releases.
type attack struct{ without, with []float64 }

// leastMu returns a lower bound on μ that is wrong with probability falseAlarm at most. The threshold above which the attacker says
// "with" is chosen on a tenth of the trials, the rates are those of the others: a test at any threshold of μ-GDP outputs has
// Φ⁻¹(true positives) − Φ⁻¹(false positives) ≤ μ (Dong, Roth & Su 2022, Def. 2.4), and each rate is beyond its bound with half of the alarm.
func (a attack) leastMu() float64 {
	n := len(a.with) / 10
	best, at := math.Inf(-1), 0.0
	tried := slices.Sorted(slices.Values(a.with[:n]))
	for q := 1; q < 40; q++ {
		t := tried[q*n/40]
		if mu := muAbove(a.without[:n], a.with[:n], t); mu > best {
			best, at = mu, t
		}
	}
	return muAbove(a.without[n:], a.with[n:], at)
}

// muAbove bounds μ from below by the test that says "with" of scores from t on.
func muAbove(without, with []float64, t float64) float64 {
	_, falsely := clopperPearson(atLeast(without, t), len(without), falseAlarm)
	truly, _ := clopperPearson(atLeast(with, t), len(with), falseAlarm)
	return distuv.UnitNormal.Quantile(truly) - distuv.UnitNormal.Quantile(falsely)
}

func atLeast(scores []float64, t float64) (n int) {
	for _, s := range scores {
		if s >= t {
			n++
		}
	}
	return n
}

// holds checks that what the attack proves is at least nine tenths of the claim and no more than it. That it is more, though nothing
// is wrong, has probability 1e-9. That it is less has too: of n trials a side the bound is below μ by 2·6·s on average and by 2·6·s + √2·6·s with
// probability 1e-9, s = √(¼/n)/φ(μ/2) about, which is 0.08 of μ = 0.85 for n = 180,000 and 0.09 of μ = 1.5 for n = 40,000.
func (a attack) holds(t *testing.T, claim float64) {
	t.Helper()
	got := a.leastMu()
	if got > claim {
		t.Errorf("an attack proves μ ≥ %.4f, and %.4f is claimed", got, claim)
	}
	if got < 0.9*claim {
		t.Errorf("an attack proves μ ≥ %.4f only, of the %.4f that are claimed: there is more noise than was paid for, or the test is dull", got, claim)
	}
	t.Logf("μ ≥ %.4f of %.4f", got, claim)
}

// spread is n counts, of which the attacker knows all but the unit: they differ, so that noise that depends on a count would show.
func spread(n int, more int64) []int64 {
	counts := make([]int64, n)
	for i := range counts {
		counts[i] = int64(i%1000) + more
	}
	return counts
}

// TestAuditGaussian attacks the Gaussian mechanism. Each coordinate is a trial: a unit with r records in c cells each moves c
// counts by r, of which the attacker adds up the noise. σ is compared with the standard deviation measured, by the χ² interval of a
// variance (Gaussian draws; missed with probability 1e-9) and within 1 %.
func TestAuditGaussian(t *testing.T) {
	for _, c := range []struct {
		eps            account.Epsilon
		records, cells int
		share          float64 // of the draws
	}{{4, 1, 1, 0.4}, {8, 1, 4, 0.4}, {8, 3, 2, 0.2}} {
		t.Run(fmt.Sprintf("ε=%g,%dx%d", float64(c.eps), c.records, c.cells), func(t *testing.T) {
			bound := UpTo(c.records).Bound(c.cells)
			n := int(c.share*float64(*draws)) / 2 / c.cells * c.cells // half of them without and half with the unit
			side := func(more int64) []float64 {
				run := newRun(t, c.eps, 1e-6)
				out, err := run.Gaussian(Charge{Purpose: "audit", Rho: run.Reserved().Rho}, Seal(spread(n, more), bound))
				if err != nil {
					t.Fatal(err)
				}
				return noiseOf(t, out, spread(n, more))
			}
			claim := math.Sqrt(2 * float64(newRun(t, c.eps, 1e-6).Reserved().Rho))
			a := attack{}
			for i, z := range side(0) {
				a.without = addTo(a.without, i, c.cells, z)
			}
			for i, z := range side(int64(c.records)) {
				a.with = addTo(a.with, i, c.cells, z+float64(c.records))
			}
			a.holds(t, claim)
		})
	}
}

// addTo adds a coordinate to its trial.
func addTo(scores []float64, i, cells int, z float64) []float64 {
	if i%cells == 0 {
		scores = append(scores, 0)
	}
	scores[len(scores)-1] += z
	return scores
}

// noiseOf returns what was added to counts, and checks it against the σ of the event that the profile and the ledger keep.
func noiseOf(t *testing.T, out Noisy, exact []int64) []float64 {
	t.Helper()
	noise := make([]float64, len(exact))
	sum := 0.0
	for i, v := range out.Values {
		noise[i] = v - float64(exact[i])
		sum += noise[i] * noise[i]
	}
	n := float64(len(exact))
	sigma := out.Event.spending().Sigma
	chi := distuv.ChiSquared{K: n}
	lo, hi := math.Sqrt(chi.Quantile(falseAlarm/2)/n), math.Sqrt(chi.Quantile(1-falseAlarm/2)/n)
	ratio := math.Sqrt(sum/n) / sigma
	if ratio < lo || ratio > hi || math.Abs(ratio-1) > 0.01 {
		t.Errorf("noise has the standard deviation %.5f of the σ = %g that is on record; want it in [%.5f, %.5f]", ratio, sigma, lo, hi)
	}
	return noise
}

// TestAuditThreshold attacks the values that a threshold lets pass. Without the unit the count is at the threshold, so that it is
// absent as often as present: absence is an output as well, and the lowest score.
func TestAuditThreshold(t *testing.T) {
	for _, bound := range []Sensitivity{UpTo(1).Bound(1), UpTo(3).Bound(1)} {
		t.Run(fmt.Sprintf("%d records", bound.Linf()), func(t *testing.T) {
			const eps, delta = 8, 1e-6
			run := newRun(t, eps, delta)
			charge := Charge{Purpose: "audit", Rho: run.Reserved().Rho, Delta: run.Reserved().Delta}
			_, event, err := run.Threshold(charge, SealKeyed(nil, bound))
			if err != nil {
				t.Fatal(err)
			}
			n := *draws / 20
			base := int64(math.Round(event.Threshold))
			side := func(count int64) []float64 {
				out, _, err := newRun(t, eps, delta).Threshold(charge, SealKeyed(grouped(n, 1, count), bound))
				if err != nil {
					t.Fatal(err)
				}
				scores := slices.Repeat([]float64{math.Inf(-1)}, n)
				for _, s := range out {
					group, _, _ := strings.Cut(s.Key, "/")
					trial, err := strconv.Atoi(group)
					if err != nil {
						t.Fatal(err)
					}
					scores[trial] = s.Value
				}
				return scores
			}
			a := attack{side(base), side(base + bound.Linf())}
			a.holds(t, math.Sqrt(2*float64(charge.Rho)))
		})
	}
}

// TestAuditThresholdDelta measures how often a key gives its only unit away. Alone it never does. With as many records of others as
// are shifted away, which is the worst case, it or another of as many as a unit may have passes with probability δ: the interval of 1 − 1e-9 must hold δ.
func TestAuditThresholdDelta(t *testing.T) {
	const delta = 0.01
	groups := *draws / 10
	for _, bound := range []Sensitivity{UpTo(1).Bound(1), UpTo(4).Bound(1)} {
		charge := Charge{Purpose: "audit", Rho: newRun(t, 1, 0.5).Reserved().Rho, Delta: delta}
		alone, event, err := newRun(t, 1, 0.5).Threshold(charge, SealKeyed(grouped(groups, 1, bound.Linf()), bound))
		if err != nil || len(alone) != 0 {
			t.Errorf("%d of %d keys of one unit were released, error %v", len(alone), groups, err)
		}
		worst, _, err := newRun(t, 1, 0.5).Threshold(charge, SealKeyed(grouped(groups/bound.L0(), bound.L0(), event.shift()+bound.Linf()), bound))
		if err != nil {
			t.Fatal(err)
		}
		lo, hi := clopperPearson(groupsHit(worst), groups/bound.L0(), falseAlarm)
		if lo > delta || hi < delta || hi-lo > 0.9*delta {
			t.Errorf("Δ∞ = %d: a unit is given away with probability in [%.5f, %.5f], δ = %g", bound.Linf(), lo, hi, float64(delta))
		}
	}
}

// TestAuditRun attacks a whole run, which spends its reservation in five releases of different size: together they must be the μ that the
// reservation claims. The attacker weighs each release by Δ/σ², which is the best he can do.
func TestAuditRun(t *testing.T) {
	shares := []float64{0.4, 0.3, 0.15, 0.1, 0.05}
	n := *draws * 3 / 100
	claim := math.Sqrt(2 * float64(newRun(t, 8, 1e-6).Reserved().Rho))
	side := func(more int64) []float64 {
		run := newRun(t, 8, 1e-6)
		scores, known := make([]float64, n), spread(n, 0)
		for i, share := range shares {
			rho := run.Reserved().Rho * account.Rho(share)
			if i == len(shares)-1 {
				rho = (run.Reserved().Rho - run.Spent().Rho) * (1 - 1e-12)
			}
			out, err := run.Gaussian(Charge{Purpose: "audit", Rho: rho}, Seal(spread(n, more), UpTo(1).Bound(1)))
			if err != nil {
				t.Fatal(err)
			}
			for k, v := range out.Values {
				scores[k] += (v - float64(known[k])) / (float64(out.Event.Sigma) * float64(out.Event.Sigma))
			}
		}
		refuses(t, run, run.Reserved().Rho*1e-6, 1e-9)
		return scores
	}
	attack{side(0), side(1)}.holds(t, claim)
}

// TestAuditsCanFail: noise that is a fifth too small is proved to be too small, and noise a fifth too large is noticed.
func TestAuditsCanFail(t *testing.T) {
	run := newRun(t, 8, 1e-6)
	n := *draws / 20
	out, err := run.Gaussian(Charge{Purpose: "audit", Rho: run.Reserved().Rho}, Seal(spread(2*n, 0), UpTo(1).Bound(1)))
	if err != nil {
		t.Fatal(err)
	}
	z := noiseOf(t, out, spread(2*n, 0))
	for _, scale := range []float64{0.8, 1.2} {
		a := attack{}
		for i := range n {
			a.without, a.with = append(a.without, scale*z[i]), append(a.with, scale*z[n+i]+1)
		}
		claim := run.Reserved().Rho.Mu()
		if mu := a.leastMu(); scale < 1 && mu <= float64(claim) || scale > 1 && mu >= 0.9*float64(claim) {
			t.Errorf("noise of %g σ: an attack proves μ ≥ %.4f of %.4f", scale, mu, float64(claim))
		}
	}
}
