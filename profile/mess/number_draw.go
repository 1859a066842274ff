package mess

import (
	"strconv"
	"strings"
)

// A drawable is the numbers of one sign in an interval that a form writes, as the magnitudes of multiples of 10^unit.
// When those would need more than 18 digits they are multiples of 10^(unit+drop) instead, any of which can be filled up
// with drop digits of either ending without leaving the interval: it is at least 10^−15 of its larger edge wide, see
// [maxMantissa], and so is what a power of ten cuts off it.
type drawable struct {
	lattice
	negative   bool
	unit, drop int
}

// unit returns the exponent of the last digit that the form leaves open, with an exponent of 0: final zeros are not.
func (f *numberForm) unit() int { return f.zeros - f.decimals }

// drawables are the numbers from zero on and those below.
type drawables [2]drawable

// drawables returns the numbers of the interval that the form writes.
func (s Span) drawables(f *numberForm) drawables {
	return drawables{s.drawable(f, false), s.drawable(f, true)}
}

func (s Span) drawable(f *numberForm, negative bool) drawable {
	switch {
	case !f.writes(negative), negative && s.Lo.M >= 0, !negative && s.Hi.M <= 0:
		return drawable{lattice: lattice{last: -1}}
	case f.exponent.mark != 0:
		return s.scientific(f, negative)
	case f.round > 0:
		return s.round(f, negative)
	}
	least, most := f.window()
	lo, hi := Edge{}, Edge{1, int8(most)}
	if least > 0 {
		lo = Edge{1, int8(least - 1)}
	}
	d := s.side(negative, lo, hi, f.unit())
	if f.endsOpen() {
		d.endsOpen()
	}
	if f.decimals == f.zeros {
		d.free = leastRound
	}
	return d
}

// endsOpen reports whether the last of the digits that the form leaves open is not zero, of whole numbers from leastRound on:
// those in which it is have a form of their own.
func (f *numberForm) endsOpen() bool {
	return f.decimals > f.zeros || f.exponent.mark == 0 && f.round == 0 && f.width == 0
}

// endsOpen leaves out the numbers whose last digit is zero.
func (d *drawable) endsOpen() {
	if d.drop == 0 {
		d.skip = 10
	}
}

// scientific returns the numbers of the first decade, from zero, that has some which the form writes.
func (s Span) scientific(f *numberForm, negative bool) (d drawable) {
	least, most := f.exponent.bounds()
	if !negative && f.zeros == f.decimals && f.exponent.sign != '-' && s.Lo.M <= 0 && s.Hi.M > 0 {
		return drawable{lattice: lattice{first: 0, last: 0}} // 0.00e+00
	}
	d.last = -1
	for exp := max(least, -f.unit()-maxDecimals); exp <= most && d.size() == 0; exp++ {
		d = s.side(negative, Edge{1, int8(exp)}, Edge{1, int8(exp + 1)}, f.unit()+exp)
		if f.decimals > f.zeros {
			d.endsOpen()
		}
	}
	return d
}

// side returns the numbers of one sign with a magnitude in [from, to). Of an interval of more than a decade, in which
// nothing is known of where a value lies, they are those of the decade nearest to zero, and of one that touches zero
// those below 100. What is cut off can be written in no form that what is left cannot.
func (s Span) side(negative bool, from, to Edge, unit int) drawable {
	d := drawable{negative: negative, unit: unit}
	lo, hi := greatest(s.Lo, Edge{}), s.Hi
	if negative {
		lo, hi = greatest(Edge{-s.Hi.M, s.Hi.E}, Edge{}), Edge{-s.Lo.M, s.Lo.E}
	}
	base, decade := greatest(lo, from), Edge{1, 2}
	if base.M > 0 {
		first := greatest(base, Edge{1, int8(unit)})
		decade = Edge{first.M, first.E + 1}
	}
	to = least(to, decade)
	end := least(hi, to)
	d.drop = max(0, end.unitsDigits(unit)-18)
	at := unit + d.drop
	switch {
	case negative: // lo < magnitude ≤ hi
		d.first, d.last = max(lo.floor(at)+1, from.ceil(at)), min(hi.floor(at), to.ceil(at)-1)
		if d.drop > 0 {
			d.last = min(d.last, hi.floor(at)-1)
		}
	case d.drop > 0:
		d.first, d.last = base.ceil(at), end.floor(at)-1
	default:
		d.first, d.last = base.ceil(at), end.ceil(at)-1
	}
	return d
}

// empty reports whether the form writes no number of the interval.
func (d *drawables) empty() bool { return d[0].size() == 0 && d[1].size() == 0 }

// draw draws a uniform number, and returns the side it is from and its digits, as multiples of 10^unit. An interval
// on both sides of zero is drawn from either as its numbers are many.
func (d *drawables) draw(buf []byte, f *numberForm, r *Rand) (*drawable, []byte) {
	side := &d[0]
	if below := d[1].size(); below > 0 {
		if above := side.size(); above == 0 || r.N(uint64(above+below)) >= uint64(above) {
			side = &d[1]
		}
	}
	buf = strconv.AppendUint(buf, magnitude(side.lattice.draw(r)), 10)
	for i := range side.drop {
		c := r.Int(10)
		if i == side.drop-1 && f.endsOpen() {
			c = 1 + r.Int(9)
		}
		buf = append(buf, byte('0'+c))
	}
	return side, buf
}

// appendDrawn writes a drawn number.
func (f *numberForm) appendDrawn(b []byte, from *drawables, r *Rand) []byte {
	var room [64]byte // 18 digits, and at most 22 dropped ones and 20 zeros
	d, text := from.draw(room[:0], f, r)
	if f.exponent.mark != 0 {
		return f.appendEnd(f.appendScientific(f.appendStart(b, d.negative), string(text), d.unit-f.unit()))
	}
	text = appendZeros(text, f.decimals+d.unit)
	if f.isPlain() {
		if d.negative {
			b = append(b, '-')
		}
		return appendPointed(b, text, f.decimals)
	}
	var pointed [64]byte
	whole, frac, _ := strings.Cut(string(appendPointed(pointed[:0], text, f.decimals)), ".")
	return f.appendEnd(f.appendDecimal(f.appendStart(b, d.negative), whole, frac))
}

// appendPointed writes digits with a point before the last of them, as many as are decimals.
func appendPointed(b, text []byte, decimals int) []byte {
	if decimals == 0 {
		return append(b, text...)
	}
	whole := len(text) - decimals
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
