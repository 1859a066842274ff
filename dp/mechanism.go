package dp

import (
	"fmt"

	"github.com/patina-data/patina/dp/account"
)

// A Charge says what a release costs and why it is made.
type Charge struct {
	Purpose string        // why the release is made, for the report: "row count", "categories", …
	Column  string        // the column it is about; "" when it is about the record
	Rho     account.Rho   // zCDP of the noise
	Delta   account.Delta // of the threshold; zero for the Gaussian mechanism
}

// Noisy is a released vector of counts.
type Noisy struct {
	Event  Event
	Values []float64 // records
}

// Selected is a key that passed a threshold, with its noisy count.
type Selected struct {
	Key   string
	Value float64 // records
}

// Gaussian releases counts with independent Gaussian noise of σ = Δ₂/√(2ρ) on each.
//
// Guarantee: ρ-zCDP; exactly √(2ρ)-GDP.
// Neighbours: add or remove one unit; Δ₂ is the sealed [Sensitivity].
// Assumes: integer counts below 2⁵³, so that they lie on the noise's grid; noise from a cryptographic source.
// Source: Bun & Steinke 2016, Prop. 1.6; Dong, Roth & Su 2022, Thm 2.7; adaptively chosen charges
// compose by addition as long as their sum stays within the reservation (Whitehouse et al. 2023, Thm 1, for zCDP
// filters; Smith & Thakurta 2022 for GDP).
// Tests: TestGaussianSigma, TestAuditGaussian, TestAuditRun, TestChargesBeforeDraw, TestRefusesBadCharges.
func (r *Run) Gaussian(c Charge, counts Counts) (Noisy, error) {
	if c.Delta != 0 {
		return Noisy{}, fmt.Errorf("dp: the Gaussian mechanism takes no δ, got %g for %s", float64(c.Delta), c.Purpose)
	}
	if counts.reveal == nil || !counts.bound.valid() {
		return Noisy{}, fmt.Errorf("dp: counts for %s were not sealed with a sensitivity", c.Purpose)
	}
	event, err := r.charge("gaussian", c, counts.bound)
	if err != nil {
		return Noisy{}, err
	}
	values, err := draw(event, counts.reveal())
	if err != nil {
		return Noisy{}, err
	}
	return Noisy{Event: event, Values: values}, nil
}

// Threshold releases those keys of a histogram whose noisy count reaches a threshold, with that count:
// partition selection. Keys come back sorted, so their order says nothing.
//
// A count x enters as max(0, x − s), and s is added to what comes out, with s = max(Δ∞, ⌊σ/8⌋)
// ([account.ThresholdShift]): a key that a single unit holds is never released, whatever the noise, and most keys of a
// near-unique column need no draw.
//
// Guarantee: √(2ρ)-GDP but for an event of probability δ; so (ε, δ(ε; √(2ρ)) + δ)-DP for every ε. δs of
// several thresholds add up.
// Neighbours: add or remove one unit; it changes at most Δ₀ counts by at most Δ∞ each, in L2 by at most Δ₂.
// Assumes: as Gaussian. x ↦ max(0, x − s) is 1-Lipschitz, so the sensitivities hold after it. A key
// present on one side only has a shifted count ≤ Δ∞ there, and passes T = Δ∞ + σΦ⁻¹((1 − δ)^(1/Δ₀)) with
// probability 1 − Φ((T − Δ∞)/σ); none of the at most Δ₀ such keys passes with probability ≥ 1 − δ,
// and given that, the output is a post-processing of Gaussian noise on the common keys. The noise is rounded to a grid
// before it is compared, so that half a step of the grid is added to T.
// Source: Korolova et al. 2009; Google, Delta_For_Thresholding, §2; Swanberg et al. 2023, Thm 5 (Gaussian).
// Tests: TestThresholdNeverReleasesASingleton, TestThresholdRate, TestAuditThreshold, TestAuditThresholdDelta, TestThresholdPaysForRounding,
// TestChargesBeforeDraw.
func (r *Run) Threshold(c Charge, hist Keyed) ([]Selected, Event, error) {
	if hist.reveal == nil || !hist.bound.valid() {
		return nil, Event{}, fmt.Errorf("dp: the histogram for %s was not sealed with a sensitivity", c.Purpose)
	}
	if err := c.Delta.Check(); err != nil || c.Delta == 0 {
		return nil, Event{}, fmt.Errorf("dp: the threshold for %s needs a δ in (0, 1)", c.Purpose)
	}
	event, err := r.charge("threshold", c, hist.bound)
	if err != nil {
		return nil, Event{}, err
	}
	out, err := sift(event, hist.reveal())
	if err != nil {
		return nil, Event{}, err
	}
	return out, event, nil
}
