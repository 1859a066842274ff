package mess

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// maxEdgeExponent bounds |E| of an edge.
const maxEdgeExponent = 30

// String returns the edge as plain decimal text without an exponent: "12.5", "-0.003", "1000". Of a canonical
// edge it is the only such text without superfluous zeros, and [ParseEdge] gives the edge back.
func (e Edge) String() string {
	if e.M == 0 {
		return "0"
	}
	digits, negative := strings.CutPrefix(strconv.FormatInt(e.M, 10), "-")
	sign := ""
	if negative {
		sign = "-"
	}
	if e.E >= 0 {
		return sign + digits + strings.Repeat("0", int(e.E))
	}
	decimals := -int(e.E)
	if len(digits) <= decimals {
		digits = strings.Repeat("0", decimals-len(digits)+1) + digits
	}
	point := len(digits) - decimals
	return sign + digits[:point] + "." + digits[point:]
}

// ParseEdge reads plain decimal text as the canonical edge of that value: M without trailing zeros, and E = 0 when
// M = 0. Text that is not a plain decimal, or whose value no edge holds exactly, is an error.
func ParseEdge(s string) (Edge, error) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, frac, point := strings.Cut(digits, ".")
	if !isDigits(whole) || point && !isDigits(frac) || len(whole) > 1 && whole[0] == '0' {
		return Edge{}, errors.New("edge is not a plain decimal")
	}
	exp := 0
	if frac = strings.TrimRight(frac, "0"); frac == "" {
		short := strings.TrimRight(whole, "0")
		exp = len(whole) - len(short)
		whole = short
	}
	exp -= len(frac)
	mantissa := strings.TrimLeft(whole+frac, "0")
	if mantissa == "" {
		if negative {
			return Edge{}, errors.New("edge is a negative zero")
		}
		return Edge{}, nil
	}
	if negative {
		mantissa = "-" + mantissa
	}
	m, err := strconv.ParseInt(mantissa, 10, 64)
	if err != nil || exp < -maxEdgeExponent || exp > maxEdgeExponent {
		return Edge{}, fmt.Errorf("edge needs more than 64 bits or an exponent past ±%d", maxEdgeExponent)
	}
	return Edge{M: m, E: int8(exp)}, nil
}

// Canonical reports whether the edge is the one that ParseEdge gives for its value.
func (e Edge) Canonical() bool {
	if e.M == 0 {
		return e.E == 0
	}
	return e.M%10 != 0 && e.E >= -maxEdgeExponent && e.E <= maxEdgeExponent
}
