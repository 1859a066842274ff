package mess

import "math/bits"

// A Rand draws from a stream of uniform 64-bit words with integer arithmetic only, so that equal streams give
// equal draws on every machine. It is for rendering made-up cells, never for noise.
type Rand struct {
	Source interface{ Uint64() uint64 }

	// Identity is the person whom the cells rendered next are about, so that the columns of a row agree; nil to make
	// up another one for each cell.
	Identity *Identity
}

// N returns a uniform integer in [0, n), by Lemire's method without its rejection step: the bias is below n/2⁶⁴.
func (r *Rand) N(n uint64) uint64 {
	hi, _ := bits.Mul64(r.Source.Uint64(), n)
	return hi
}

// Int returns a uniform int in [0, n).
func (r *Rand) Int(n int) int { return int(r.N(uint64(n))) }
