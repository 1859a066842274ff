package profile

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
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
	if !allDigits(whole) || point && !allDigits(frac) || len(whole) > 1 && whole[0] == '0' {
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

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// Float returns the float64 nearest to the edge.
func (e Edge) Float() float64 {
	f, err := strconv.ParseFloat(strconv.FormatInt(e.M, 10)+"e"+strconv.Itoa(int(e.E)), 64)
	if err != nil {
		panic("profile: edge out of float64's range") // |M| < 10^19 and |E| ≤ 128 cannot get there
	}
	return f
}

// CompareEdges returns −1, 0 or +1 as a is less than, equal to or greater than b, exactly.
func CompareEdges(a, b Edge) int {
	if a.E == b.E {
		return cmp.Compare(a.M, b.M)
	}
	exp := min(a.E, b.E)
	return a.over(exp).Cmp(b.over(exp))
}

// over returns the edge divided by 10^exp, an integer because exp ≤ e.E.
func (e Edge) over(exp int8) *big.Int {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(e.E)-int64(exp)), nil)
	return scale.Mul(scale, big.NewInt(e.M))
}

// canonical reports whether the edge is the one that ParseEdge gives for its value.
func (e Edge) canonical() bool {
	if e.M == 0 {
		return e.E == 0
	}
	return e.M%10 != 0 && e.E >= -maxEdgeExponent && e.E <= maxEdgeExponent
}

// maxYear is the last year FormatSeconds writes: the exclusive end of the years with four digits is in it.
const maxYear = 10000

// FormatSeconds writes civil seconds since 1970-01-01T00:00:00 as "2006-01-02" at midnight and as
// "2006-01-02T15:04:05" otherwise. Outside the years 0 to 10000 it writes the plain number of seconds.
func FormatSeconds(sec int64) string {
	first := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	end := time.Date(maxYear+1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	if sec < first || sec >= end {
		return strconv.FormatInt(sec, 10)
	}
	t := time.Unix(sec, 0).UTC()
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02T15:04:05")
}
