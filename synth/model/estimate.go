// Package model turns noisy marginals into a consistent distribution that can be sampled. It sees released values
// only: everything here is post-processing.
//
//  1. [Estimate] combines the measurements of one attribute and projects them on what a histogram can be.
//  2. [Pair] joins two attributes of a column, given which of their codes can occur together.
//  3. [Fit] joins all attributes: given measurements of any small sets of them, it spans a junction tree over the sets
//     and finds, by propagation along the tree, the distribution that agrees with what was measured as far as the noise
//     makes that worth it and is otherwise as even as can be. [TreeCells] says beforehand what that would cost.
//  4. A [Model] is asked for any [Model.Marginal], for all [Model.Pairs], or for its [Model.Cliques], from which
//     records can be drawn one clique after the other.
package model

import (
	"math"
	"slices"
)

// An Estimate combines independent noisy measurements of the counts of one attribute's codes.
type Estimate struct {
	sum    []float64 // Σ value/σ²
	weight []float64 // Σ 1/σ², 1/records²
	doubt  []float64 // σ a code must stand above zero
}

// NewEstimate returns an estimate over n codes, of which nothing is known.
func NewEstimate(n int) *Estimate {
	return &Estimate{sum: make([]float64, n), weight: make([]float64, n), doubt: make([]float64, n)}
}

// Add takes in a measurement of one code's count with standard deviation sigma, both in records.
func (e *Estimate) Add(code int, value, sigma float64) {
	e.sum[code] += value / (sigma * sigma)
	e.weight[code] += 1 / (sigma * sigma)
}

// Doubt marks a code that is in the domain whether or not the data holds it: it is taken for empty unless it stands
// sigmas standard deviations above zero. At 2.5 an empty code shows up in 0.6 % of profiles, at 3.5 in 0.02 %; what is
// lost is within the noise.
func (e *Estimate) Doubt(code int, sigmas float64) { e.doubt[code] = sigmas }

// Fit returns non-negative counts that sum to total: the least-squares projection of the inverse-variance mean on the
// simplex. Codes never measured are zero. Where every measured code is in doubt, none is: the total must go somewhere.
func (e *Estimate) Fit(total float64) []float64 {
	x := make([]float64, len(e.sum))
	var measured, kept []int
	for i, w := range e.weight {
		if w == 0 {
			continue
		}
		measured = append(measured, i)
		if e.doubt[i] == 0 || e.sum[i]/w >= e.doubt[i]/math.Sqrt(w) {
			kept = append(kept, i)
		}
	}
	if len(kept) == 0 {
		kept = measured
	}
	for _, i := range kept {
		x[i] = e.sum[i] / e.weight[i]
	}
	project(x, e.weight, kept, max(total, 0))
	return x
}

// project moves x[at] to the nearest point, in the norm weighted by w, of {x ≥ 0, Σx = total}; the solution is
// max(0, x − λ/w) for the λ that makes the sum right (Wang & Carreira-Perpiñán 2013, with weights).
func project(x, w []float64, at []int, total float64) {
	if len(at) == 0 {
		return
	}
	// x_i − λ/w_i > 0 as long as λ < x_i·w_i, so the support is a prefix in descending order of x·w.
	slices.SortFunc(at, func(a, b int) int {
		switch d := x[b]*w[b] - x[a]*w[a]; {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return a - b
	})
	var sum, inverse, lambda float64
	for k, i := range at {
		sum += x[i]
		inverse += 1 / w[i]
		lambda = (sum - total) / inverse
		if k+1 == len(at) || lambda >= x[at[k+1]]*w[at[k+1]] {
			break
		}
	}
	for _, i := range at {
		x[i] = max(0, x[i]-lambda/w[i])
	}
}
