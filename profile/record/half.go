package record

import (
	"encoding/binary"
	"math"
	"strconv"
)

// appendHalf appends the shortest decimal that reads back as the same 16-bit float.
func appendHalf(dst, v []byte) []byte {
	half := binary.LittleEndian.Uint16(v)
	exact := fromHalf(half)
	short := exact
	for digits := 0; digits < 5; digits++ { // five digits tell all of them apart
		v, err := strconv.ParseFloat(strconv.FormatFloat(exact, 'e', digits, 64), 64)
		if err == nil && toHalf(v) == half {
			short = v
			break
		}
	}
	return strconv.AppendFloat(dst, short, 'f', -1, 64)
}

// fromHalf returns the value of a 16-bit float: a sign, 5 bits of exponent, 10 of mantissa. Arrow's own
// conversion gets those wrong whose exponent field is 0.
func fromHalf(half uint16) float64 {
	sign := 1.0
	if half>>15 == 1 {
		sign = -1
	}
	exponent, mantissa := int(half>>10)&0x1f, float64(half&0x3ff)
	switch {
	case exponent == 0x1f && mantissa != 0:
		return math.NaN()
	case exponent == 0x1f:
		return math.Inf(int(sign))
	case exponent == 0:
		return math.Copysign(math.Ldexp(mantissa, -24), sign)
	}
	return sign * math.Ldexp(1024+mantissa, exponent-25)
}

// toHalf rounds to the nearest 16-bit float, to even on a tie, as IEEE 754 does; Arrow's own conversion
// truncates. A float has 10 bits after the point and its exponent is at least -14, so the last bit
// weighs 2^(e-10). Any NaN becomes the quiet one.
func toHalf(v float64) uint16 {
	sign := uint16(0)
	if math.Signbit(v) {
		sign = 1 << 15
	}
	if math.IsNaN(v) {
		return sign | 0x7e00
	}
	v = math.Abs(v)
	e := -14
	if v > 0 {
		_, e = math.Frexp(v) // v = f·2^e with f in [½, 1)
		e = max(e-1, -14)
	}
	mantissa := math.RoundToEven(math.Ldexp(v, 10-e)) // of 2^10 steps to the next power of two
	if math.IsInf(v, 0) || e > 15 || e == 15 && mantissa == 1<<11 {
		return sign | 0x7c00
	}
	// The implicit leading bit, where there is one, adds one to the exponent field.
	return sign | uint16((e+14)<<10+int(mantissa))
}

func parseHalf(s string) ([]byte, bool) {
	v, err := strconv.ParseFloat(s, 64)
	half := toHalf(v)
	if err != nil || half&0x7fff == 0x7c00 && !math.IsInf(v, 0) {
		return nil, false
	}
	return binary.LittleEndian.AppendUint16(nil, half), true
}
