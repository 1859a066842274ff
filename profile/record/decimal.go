package record

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// appendScaled appends unscaled·10^-scale, with exactly scale digits after the point.
func appendScaled(dst, unscaled []byte, scale int) []byte {
	if unscaled[0] == '-' {
		dst, unscaled = append(dst, '-'), unscaled[1:]
	}
	if scale <= 0 {
		return append(dst, unscaled...)
	}
	if pad := scale + 1 - len(unscaled); pad > 0 {
		unscaled = append(slices.Repeat([]byte{'0'}, pad), unscaled...)
	}
	point := len(unscaled) - scale
	dst = append(append(dst, unscaled[:point]...), '.')
	return append(dst, unscaled[point:]...)
}

func appendDecimalInt(dst []byte, unscaled int64, scale int) []byte {
	var buf [20]byte
	return appendScaled(dst, strconv.AppendInt(buf[:0], unscaled, 10), scale)
}

// appendDecimalBytes appends a decimal whose unscaled value is big-endian two's complement.
func appendDecimalBytes(dst, b []byte, scale int) []byte {
	v := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return appendScaled(dst, v.Append(nil, 10), scale)
}

// parseDecimal is the inverse: the value of s in width bytes, if it has no more than precision digits and
// none but zeros beyond the scale.
func parseDecimal(s string, precision, scale, width int) ([]byte, bool) {
	neg := strings.HasPrefix(s, "-")
	whole, frac, _ := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	if len(s)-len(strings.TrimLeft(s, "+-")) > 1 || whole+frac == "" {
		return nil, false
	}
	if len(frac) > scale {
		if strings.Trim(frac[scale:], "0") != "" {
			return nil, false
		}
		frac = frac[:scale]
	}
	unscaled := strings.TrimLeft(whole+frac+strings.Repeat("0", scale-len(frac)), "0")
	if len(unscaled) > precision || strings.Trim(unscaled, "0123456789") != "" {
		return nil, false
	}
	v, ok := new(big.Int).SetString("0"+unscaled, 10)
	if !ok || v.BitLen() > 8*width-1 {
		return nil, false
	}
	if neg && v.Sign() > 0 {
		v.Sub(new(big.Int).Lsh(big.NewInt(1), uint(8*width)), v)
	}
	return v.FillBytes(make([]byte, width)), true
}
