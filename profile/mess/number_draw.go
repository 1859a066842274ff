package mess

import "strconv"

// unit returns the exponent of the last digit that the form leaves open: final zeros are not.
func (f numberForm) unit() int { return f.zeros - f.decimals }

// numbers returns the numbers of the interval that the form writes, as multiples of its unit. When those need more than
// 18 digits they are multiples of 10^drop units instead, any of which can be filled up with drop digits of either
// ending without leaving the interval: it is at least 10^−15 of its larger edge wide, see [maxMantissa].
func (s Span) numbers(f numberForm) (l lattice, drop int) {
	unit := f.unit()
	lo, hi := s.clip(Edge{1, int8(unit)})
	drop = max(0, max(lo.unitsDigits(unit), hi.unitsDigits(unit))-18)
	if drop > 0 {
		l = lattice{first: lo.ceil(unit + drop), last: hi.floor(unit+drop) - 1}
		if lo.M < 0 {
			l.first++ // digits are added to the magnitude: a negative number gets less
		}
		return l, drop
	}
	l = lattice{first: lo.ceil(unit), last: hi.ceil(unit) - 1}
	if f.decimals > f.zeros {
		l.skip = 10
	}
	return l, 0
}

// clip narrows an interval of more than a decade, in which nothing is known of where a value lies, to the decade
// nearest to zero that has multiples of unit, and one that touches zero to below 100. What is cut off can be
// written in no form that what is left cannot.
func (s Span) clip(unit Edge) (lo, hi Edge) {
	lo, hi = s.Lo, s.Hi
	hundred, minusHundred := Edge{1, 2}, Edge{-1, 2}
	switch {
	case lo.M > 0:
		base := greatest(lo, unit)
		hi = least(hi, Edge{base.M, base.E + 1})
	case hi.M < 0:
		base := least(hi, Edge{-unit.M, unit.E})
		lo = greatest(lo, Edge{base.M, base.E + 1})
	case lo.Compare(minusHundred) < 0 && hi.Compare(Edge{1, 0}) >= 0:
		lo, hi = Edge{}, least(hi, hundred)
	default:
		lo, hi = greatest(lo, minusHundred), least(hi, hundred)
	}
	return lo, hi
}

// appendNumber writes a uniform number of the interval in a form that fits it.
func (s Span) appendNumber(b []byte, f numberForm, r *Rand) []byte {
	l, drop := s.numbers(f)
	n := l.draw(r)
	if n < 0 {
		b = append(b, '-')
	}
	var buf [64]byte // 18 digits, and at most 22 dropped ones and 20 zeros
	text := strconv.AppendUint(buf[:0], magnitude(n), 10)
	for i := range drop {
		d := r.Int(10)
		if i == drop-1 && f.decimals > f.zeros {
			d = 1 + r.Int(9)
		}
		text = append(text, byte('0'+d))
	}
	text = appendZeros(text, f.zeros)
	if f.decimals == 0 {
		return append(b, text...)
	}
	whole := len(text) - f.decimals
	if whole <= 0 {
		b = append(b, "0."...)
		return append(appendZeros(b, -whole), text...)
	}
	b = append(append(b, text[:whole]...), '.')
	return append(b, text[whole:]...)
}

func appendZeros(b []byte, n int) []byte {
	for range n {
		b = append(b, '0')
	}
	return b
}
