package eval

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// z95 and z90 are the 97.5 % and the 95 % quantiles of the normal distribution: two-sided and one-sided 95 %.
const (
	z95 = 1.959963984540054
	z90 = 1.6448536269514722
)

// foldedMean is E|Z| of a standard normal Z.
var foldedMean = math.Sqrt(2 / math.Pi)

// upperTail is P(Z > z).
func upperTail(z float64) float64 { return 0.5 * math.Erfc(z/math.Sqrt2) }

// chiSquaredTail is P(χ² > x) with so many degrees of freedom, which need not be whole.
func chiSquaredTail(x, freedom float64) float64 {
	if x <= 0 || freedom <= 0 {
		return 1
	}
	return mathext.GammaIncRegComp(freedom/2, x/2)
}

// folded is E|c + Z|, which grows from foldedMean at 0 to c.
func folded(c float64) float64 {
	return foldedMean*math.Exp(-c*c/2) + c*math.Erf(c/math.Sqrt2)
}

// unfold returns the c ≥ 0 for which folded(c) is h; 0 where h is less than folded ever is. Bisection: folded is increasing and
// at least c.
func unfold(h float64) float64 {
	lo, hi := 0.0, max(h, 1)
	for range 60 {
		mid := (lo + hi) / 2
		if folded(mid) < h {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// rejected returns which hypotheses are rejected when the expected part of false rejections among all is to be at most rate
// (Benjamini & Hochberg 1995: the k smallest p-values, for the largest k with p₍ₖ₎ ≤ k·rate/m). Where all hypotheses are true,
// the probability that any is rejected is at most rate too.
func rejected(p []float64, rate float64) []bool {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	last := 0
	for k, i := range order {
		if p[i] <= float64(k+1)*rate/float64(len(p)) {
			last = k + 1
		}
	}
	out := make([]bool, len(p))
	for _, i := range order[:last] {
		out[i] = true
	}
	return out
}

// binomialTail is P(X ≤ k) of a binomial X of n draws, of probability p each: a regularised incomplete beta function.
func binomialTail(k, n int, p float64) float64 {
	switch {
	case k >= n || p <= 0:
		return 1
	case p >= 1:
		return 0
	}
	return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
}

// noisyBinomialTail is P(X ≤ k) of a binomial of n draws whose probability is known as p ± sigma only: the mean over a normal
// distribution of it (Cousins & Highland 1992).
func noisyBinomialTail(k, n int, p, sigma float64) float64 {
	const steps, reach = 40, 5.0
	var sum, weights float64
	for i := -steps; i <= steps; i++ {
		z := reach * float64(i) / steps
		w := math.Exp(-z * z / 2)
		sum += w * binomialTail(k, n, p+z*sigma)
		weights += w
	}
	return min(1, sum/weights)
}

// wilson is the 95 % interval of a share of which k of n draws are known (Wilson 1927).
func wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	size, share := float64(n), float64(k)/float64(n)
	centre := share + z95*z95/(2*size)
	half := z95 * math.Sqrt(share*(1-share)/size+z95*z95/(4*size*size))
	return max(0, (centre-half)/(1+z95*z95/size)), min(1, (centre+half)/(1+z95*z95/size))
}
