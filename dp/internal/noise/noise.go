// Package noise is the only door to Google's differential privacy library, and the only source of
// randomness in the vault's releases.
//
//  1. The library draws from a discrete Gaussian, a scaled binomial cut off at 8.8σ (Secure Noise Generation, §Gaussian,
//     github.com/google/differential-privacy/common_docs). Its API takes (ε, δ) and a sensitivity; σ is linear in the L∞
//     sensitivity, so any σ can be asked for exactly.
//  2. The draw is rounded to a multiple of a public grid that is finer than σ, and coarser than the last bit of any
//     draw.
//  3. It is added to an integer count, which is a multiple of the grid as well.
//
// The second step matters. The library turns its draw into a float64, which has fewer bits after the point the larger
// it is. Added to the count as it is, it tells in its last bits how large it was, and thereby what the count is: 7 and 8
// could be told apart for sure in one of a hundred releases at σ = 10 (Haney et al. 2022, Precision-based
// attacks). Rounded, every count can give every multiple of the grid: noise is x + round(Z), which is round(x + Z), a
// post-processing of the Gaussian mechanism.
package noise

import (
	"encoding/binary"
	"fmt"
	"math"
	"sync"

	"github.com/google/differential-privacy/go/v3/noise"
	"github.com/google/differential-privacy/go/v3/rand"
)

// The reference call whose σ is scaled. Any valid pair would do.
const (
	refEpsilon = 1.0
	refDelta   = 1e-5
)

// MaxSigma keeps the last bit of every draw a 2⁻²⁸th of the grid or less, so that where the library rounds is
// no matter.
const MaxSigma = 1 << 20

// MinSigma refuses standard deviations so small that noise would hide nothing.
const MinSigma = 1e-3

// maxCount is the largest magnitude that float64 holds exactly next to its neighbours.
const maxCount = 1 << 53

var refSigma = sync.OnceValue(func() float64 {
	return noise.SigmaForGaussian(1, 1, refEpsilon, refDelta)
})

// CheckSigma reports whether noise of standard deviation sigma can be drawn.
func CheckSigma(sigma float64) error {
	if sigma >= MinSigma && sigma <= MaxSigma { // NaN is not
		return nil
	}
	return fmt.Errorf("noise: σ = %g is outside [%g, %g]: the budget is too large or too small for this release", sigma, MinSigma, float64(MaxSigma))
}

// AddGaussian returns x plus a draw of centred Gaussian noise of standard deviation sigma. It fails on
// a sigma or x outside the range in which the library's guarantees hold; it never passes x through.
func AddGaussian(x int64, sigma float64) (float64, error) {
	if err := CheckSigma(sigma); err != nil {
		return 0, err
	}
	if x > maxCount || x < -maxCount {
		return 0, fmt.Errorf("noise: a count is beyond ±2⁵³")
	}
	z, err := noise.Gaussian().AddNoiseFloat64(0, 1, sigma/refSigma(), refEpsilon, refDelta)
	if err != nil {
		return 0, fmt.Errorf("noise: %w", err)
	}
	if math.IsNaN(z) || math.IsInf(z, 0) {
		return 0, fmt.Errorf("noise: the library returned a value that is not finite")
	}
	g := grid(sigma)
	// Both terms are exact. Should their sum need rounding, it depends on the sum alone.
	return float64(x) + math.Round(z/g)*g, nil
}

// Rounding returns the most by which a draw of standard deviation sigma is moved onto the grid, in records. A draw that is at
// least t + Rounding(sigma) was at least t before.
func Rounding(sigma float64) float64 { return grid(sigma) / 2 }

// grid returns the spacing of the noise, in records: a power of two between σ/512 and σ/256, and at most 1. It adds
// a millionth or so to the variance.
func grid(sigma float64) float64 {
	_, exp := math.Frexp(sigma) // 2^(exp−1) ≤ σ < 2^exp
	return math.Ldexp(1, min(0, exp-9))
}

// Key returns 256 bits from the library's source, which is the operating system's. Where that fails the library ends the
// process.
func Key() (key [32]byte) {
	for i := 0; i < len(key); i += 8 {
		binary.LittleEndian.PutUint64(key[i:], rand.U64())
	}
	return key
}
