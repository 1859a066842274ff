package mess

// numberAxis is the number line between ±10^maxDecade, cut into decades, then into leading digits, then into further
// digits: the prefix tree of scientific notation. Its edges are the round numbers people use, and integers and
// heaps at round values fall on them.
type numberAxis struct{ integer bool }

// maxDecade bounds the axis: it holds every 64-bit integer.
const maxDecade = 19

// minDecade is the finest decade around zero.
const minDecade = -6

// finest returns the exponent of the finest grid for res decimals. It is one digit coarser than what is read, so that
// an interval always holds a number that does not end in zero.
func (a numberAxis) finest(res int) int {
	if a.integer {
		return 0
	}
	return -min(max(res, 0), maxDecimals-1)
}

// Roots returns the decades of both signs and the two intervals next to zero.
func (a numberAxis) Roots(res int) []Span {
	first := max(a.finest(res), minDecade)
	var spans []Span
	for k := maxDecade - 1; k >= first; k-- {
		spans = append(spans, Span{Lo: Edge{-1, int8(k + 1)}, Hi: Edge{-1, int8(k)}})
	}
	spans = append(spans, Span{Lo: Edge{-1, int8(first)}}, Span{Hi: Edge{1, int8(first)}})
	for k := first; k < maxDecade; k++ {
		spans = append(spans, Span{Lo: Edge{1, int8(k)}, Hi: Edge{1, int8(k + 1)}})
	}
	return spans
}

// Split cuts a decade by its leading digit and any other interval into tenths; once more when fan ≥ 100 and the
// resolution allows.
func (a numberAxis) Split(s Span, fan, res int) []Span {
	lo, hi, exp, ok := s.units()
	if !ok {
		return nil
	}
	// A decade [10^k, 10^(k+1)) is nine units of 10^k wide; anything else is refined to tenths of its width.
	step, stepExp := int64(1), exp
	for step <= (hi-lo)/10 {
		step, stepExp = step*10, stepExp+1
	}
	cuts := 0
	if hi-lo == step {
		cuts++
	}
	if fan >= 100 {
		cuts++
	}
	for finest := a.finest(res); cuts > 0 && stepExp > finest; cuts-- {
		if step > 1 {
			step /= 10
		} else if max(magnitude(lo), magnitude(hi)) > maxMantissa/10 {
			break
		} else {
			lo, hi, exp = lo*10, hi*10, exp-1
		}
		stepExp--
	}
	if hi-lo <= step {
		return nil
	}
	spans := make([]Span, 0, (hi-lo)/step+1)
	for at := lo; at < hi; at += step {
		spans = append(spans, Span{Lo: edgeOf(at, exp), Hi: edgeOf(min(at+step, hi), exp)})
	}
	return spans
}

// units returns the interval's edges as multiples of the largest power of ten that divides both; ok is false when
// they have too many digits for that.
func (s Span) units() (lo, hi int64, exp int, ok bool) {
	switch {
	case s.Key != "" || s.Lo.Compare(s.Hi) >= 0:
		return 0, 0, 0, false
	case s.Lo.M == 0:
		exp = int(s.Hi.E)
	case s.Hi.M == 0:
		exp = int(s.Lo.E)
	default:
		exp = int(min(s.Lo.E, s.Hi.E))
	}
	lo, hi = s.Lo.floor(exp), s.Hi.floor(exp)
	return lo, hi, exp, max(magnitude(lo), magnitude(hi)) <= maxMantissa
}
