package model

import (
	"math"
	"math/big"
)

// The exponential and the logarithm are our own for two reasons: the fit spends most of its time in them, and a model
// must come out the same on every machine, where the standard library's differ in the last bit. For the same reason
// every product that is added to something is converted to float64 first, here and in all of the fit: Go may
// otherwise round product and sum once on some processors, and twice on others.

const (
	expBits  = 6
	expSteps = 1 << expBits
	// ln 2/64 in two parts, the first of 36 bits so that its product with a step count below 2¹⁷ is exact.
	expHigh = 0x1.62e42fefap-7
	expLow  = math.Ln2/expSteps - expHigh
	// Adding it leaves the nearest integer in the low bits of a double.
	expRound = 3 << 51
	// Below it the exponential is taken for zero; above it it is a normal number.
	expLeast = -700
)

// powers holds 2^(i/64), correctly rounded.
var powers = func() (p [expSteps]float64) {
	root := big.NewFloat(2).SetPrec(128)
	for range expBits {
		root.Sqrt(root)
	}
	x := big.NewFloat(1).SetPrec(128)
	for i := range p {
		p[i], _ = x.Float64()
		x.Mul(x, root)
	}
	return p
}()

// expSum replaces every x ≤ shift by e^(x−shift), −∞ by 0, and returns the sum. The relative error is below 2⁻⁵¹.
// With k = round(64x/ln 2) and r the rest, |r| ≤ ln 2/128, e^x = 2^⌊k/64⌋ · 2^(k mod 64 / 64) · e^r; five terms of the
// series of e^r − 1 leave r⁶/720 < 2⁻⁵⁴.
func expSum(row []float64, shift float64) float64 {
	sum := 0.0
	for i, x := range row {
		x -= shift
		if !(x > expLeast) {
			row[i] = 0
			continue
		}
		rounded := float64(x*(expSteps/math.Ln2)) + expRound
		k := int32(math.Float64bits(rounded))
		whole := rounded - expRound
		r := x - float64(whole*expHigh) - float64(whole*expLow)
		q := float64(float64(r*r) * (0.5 + float64(r*(1.0/6+float64(r*(1.0/24+float64(r*(1.0/120))))))))
		base := powers[k&(expSteps-1)]
		y := base + float64(base*(r+q))
		y = math.Float64frombits(math.Float64bits(y) + uint64(int64(k>>expBits))<<52)
		row[i] = y
		sum += y
	}
	return sum
}

// logarithm returns ln x of a normal x > 0, to within 2⁻⁵¹ relative or 2⁻⁵³ absolute: x = 2^k·f with f near 1, and
// ln f = 2 atanh s, s = (f−1)/(f+1), |s| ≤ 0.1716, of whose series the terms to s²¹ are kept.
func logarithm(x float64) float64 {
	bits := math.Float64bits(x)
	k := int(bits>>52) - 1022
	f := math.Float64frombits(bits&^(0x7ff<<52) | 1022<<52)
	if f < math.Sqrt2/2 {
		f *= 2
		k--
	}
	s := (f - 1) / (f + 1)
	s2 := s * s
	series := float64(s2 * (1.0 / 21))
	series = float64(s2 * (1.0/19 + series))
	series = float64(s2 * (1.0/17 + series))
	series = float64(s2 * (1.0/15 + series))
	series = float64(s2 * (1.0/13 + series))
	series = float64(s2 * (1.0/11 + series))
	series = float64(s2 * (1.0/9 + series))
	series = float64(s2 * (1.0/7 + series))
	series = float64(s2 * (1.0/5 + series))
	series = float64(s2 * (1.0/3 + series))
	e := float64(k)
	return float64(e*math.Ln2) + (2*s + float64(2*s*series))
}

// normalise replaces the logarithms of a row by what is proportional to them, with a largest of 1, and returns the sum
// and its logarithm: 0 and −∞ of a row that is impossible.
func normalise(row []float64) (sum, log float64) {
	top := math.Inf(-1)
	for _, x := range row {
		if x > top {
			top = x
		}
	}
	if math.IsInf(top, -1) {
		clear(row)
		return 0, top
	}
	sum = expSum(row, top)
	return sum, top + logarithm(sum)
}
