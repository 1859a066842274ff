package mess

import (
	"cmp"
	"errors"
	"math/bits"
	"strconv"
)

// An Edge is the exact decimal M·10^E: a bin's edge on a kind's axis. Canonical edges have no trailing zero in M, and
// zero is Edge{}.
type Edge struct {
	M int64
	E int8
}

// maxMantissa bounds |M| of the edges of an axis, because decimals of at most 15 digits are distinct as float64: a
// [Value.Pos] can tell such edges apart. It also makes an interval at least 10^−15 of its larger edge wide.
const maxMantissa = 1_000_000_000_000_000

// Float returns the edge as the nearest float64, the same that parsing its decimal text would give.
func (e Edge) Float() float64 {
	f, err := strconv.ParseFloat(strconv.FormatInt(e.M, 10)+"e"+strconv.Itoa(int(e.E)), 64)
	if err != nil {
		panic("mess: an edge is out of float64's range") // |M| < 10^19 and |E| ≤ 128 cannot get there
	}
	return f
}

// edgeOf returns the canonical edge m·10^exp.
func edgeOf(m int64, exp int) Edge {
	if m == 0 {
		return Edge{}
	}
	for m%10 == 0 {
		m /= 10
		exp++
	}
	return Edge{M: m, E: int8(exp)}
}

// Compare returns −1, 0 or +1 as e is less than, equal to or greater than o, exactly.
func (e Edge) Compare(o Edge) int {
	switch {
	case e.M == 0 || o.M == 0 || (e.M < 0) != (o.M < 0):
		return cmp.Compare(e.M, o.M)
	case e.M < 0:
		e, o = o, e
	}
	a, b := magnitude(e.M), magnitude(o.M)
	if c := cmp.Compare(digits(a)+int(e.E), digits(b)+int(o.E)); c != 0 {
		return c
	}
	// As many digits before the point: the one with fewer digits in all is filled up, to at most 19.
	if e.E > o.E {
		a *= pow10[e.E-o.E]
	} else {
		b *= pow10[o.E-e.E]
	}
	return cmp.Compare(a, b)
}

func least(a, b Edge) Edge {
	if a.Compare(b) <= 0 {
		return a
	}
	return b
}

func greatest(a, b Edge) Edge {
	if a.Compare(b) >= 0 {
		return a
	}
	return b
}

// maxUnits is what floor and ceil saturate at: there is room above it for sums.
const maxUnits = 1_000_000_000_000_000_000

// ceil returns ⌈e / 10^exp⌉, at most ±maxUnits.
func (e Edge) ceil(exp int) int64 { return -Edge{-e.M, e.E}.floor(exp) }

// floor returns ⌊e / 10^exp⌋, at most ±maxUnits.
func (e Edge) floor(exp int) int64 {
	shift := int(e.E) - exp
	switch {
	case e.M == 0:
		return 0
	case digits(magnitude(e.M))+shift > 18:
		if e.M < 0 {
			return -maxUnits
		}
		return maxUnits
	case shift >= 0:
		return e.M * int64(pow10[shift])
	case shift < -18: // |e| is less than 10^exp
		return min(0, max(-1, e.M))
	}
	return floorDiv(e.M, int64(pow10[-shift]))
}

// unitsDigits bounds the digits of the integer that e is as a multiple of 10^exp, rounded either way.
func (e Edge) unitsDigits(exp int) int {
	if e.M == 0 {
		return 1
	}
	return max(1, digits(magnitude(e.M))+int(e.E)-exp)
}

// check reports an edge that is not canonical, or finer than 10^minE.
func (e Edge) check(minE int) error {
	switch {
	case e.M == 0 && e.E != 0 || e.M != 0 && e.M%10 == 0:
		return errors.New("an edge is not canonical")
	case e.M > maxMantissa || e.M < -maxMantissa:
		return errors.New("an edge has more than 15 digits")
	case int(e.E) < minE:
		return errors.New("an edge is finer than the kind's values")
	}
	return nil
}

// checkInterval reports an interval that is empty, leaves [first, end), or has edges finer than 10^minE.
func checkInterval(s Span, first, end Edge, minE int) error {
	for _, e := range []Edge{s.Lo, s.Hi} {
		if err := e.check(minE); err != nil {
			return err
		}
	}
	switch {
	case s.Lo.Compare(s.Hi) >= 0:
		return errors.New("the interval is empty")
	case s.Lo.Compare(first) < 0 || s.Hi.Compare(end) > 0:
		return errors.New("the interval leaves the kind's axis")
	}
	return nil
}

// pow10 holds the powers of ten that a uint64 holds.
var pow10 = func() (p [20]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// digits returns how many decimal digits x has; 0 has one.
func digits(x uint64) int {
	n := bits.Len64(x) * 1233 >> 12 // ⌊log₁₀ 2ᵇ⌋ for b bits, which is one too few or right
	if n < len(pow10) && x >= pow10[n] {
		n++
	}
	return max(1, n)
}

// magnitude returns |x|, of the least int64 too.
func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}
