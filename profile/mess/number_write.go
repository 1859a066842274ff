package mess

import "strings"

// appendStart writes what stands before a number's digits: its sign and currency.
func (f *numberForm) appendStart(b []byte, negative bool) []byte {
	open, inner, _ := f.sign.marks()
	if negative && f.sign == minusFirst {
		open = "-"
	}
	b = append(append(append(b, open...), f.prefix.text...), f.prefix.gap.text()...)
	return append(b, inner...)
}

// appendEnd writes what stands after them: its unit, and its sign or bracket.
func (f *numberForm) appendEnd(b []byte) []byte {
	b = append(append(b, f.suffix.gap.text()...), f.suffix.text...)
	_, _, closing := f.sign.marks()
	return append(b, closing...)
}

// appendDecimal writes digits before and after the point with the form's marks.
func (f *numberForm) appendDecimal(b []byte, whole, frac string) []byte {
	if f.whole != omitted {
		b = f.appendGroups(appendZeros(b, int(f.width)-len(whole)), whole)
	}
	if f.decimals > 0 || f.whole == barePoint {
		b = append(append(b, f.point()), frac...)
	}
	return b
}

func (f *numberForm) appendGroups(b []byte, whole string) []byte {
	for i := range len(whole) {
		if i > 0 && f.group != 0 && (len(whole)-i)%3 == 0 {
			b = append(b, string(rune(f.group))...)
		}
		b = append(b, whole[i])
	}
	return b
}

// point returns the decimal mark.
func (f *numberForm) point() byte {
	if f.comma {
		return ','
	}
	return '.'
}

// appendAtom writes a number known by its key, in a form that fits it.
func (f *numberForm) appendAtom(b []byte, key string) []byte {
	if f.isPlain() {
		return appendKey(b, key, f.decimals)
	}
	magnitude, negative := strings.CutPrefix(key, "-")
	whole, frac, _ := strings.Cut(magnitude, ".")
	if f.exponent.mark != 0 {
		text, exp := unshift(whole, frac)
		return f.appendEnd(f.appendScientific(f.appendStart(b, negative), text, exp))
	}
	frac += string(appendZeros(nil, f.zeros))
	return f.appendEnd(f.appendDecimal(f.appendStart(b, negative), whole, frac))
}

// fitsAtom reports whether the form writes the number with the key.
func (f *numberForm) fitsAtom(key string) bool {
	magnitude, negative := strings.CutPrefix(key, "-")
	whole, frac, _ := strings.Cut(magnitude, ".")
	if !f.writes(negative) || f.exponent.mark == 0 && f.round != f.roundOf(whole) {
		return false
	}
	if f.isPlain() {
		return len(frac) == f.decimals-f.zeros
	}
	if f.exponent.mark != 0 {
		text, exp := unshift(whole, frac)
		least, most := f.exponent.bounds()
		return len(text) == f.decimals-f.zeros+1 && least <= exp && exp <= most
	}
	least, most := f.window()
	n := wholeDigits(whole)
	return len(frac) == f.decimals-f.zeros && least <= n && n <= most
}

// roundOf returns how round a number with that whole part is when its decimals are those of the form.
func (f *numberForm) roundOf(whole string) uint8 {
	if f.zeros < f.decimals || f.exponent.mark != 0 || f.width > 0 {
		return 0
	}
	return roundness(whole)
}

// appendKey writes an atom in plain notation with that many decimals or more.
func appendKey(b []byte, key string, decimals int) []byte {
	b = append(b, key...)
	has := keyDecimals(key)
	if has == 0 && decimals > 0 {
		b = append(b, '.')
	}
	return appendZeros(b, decimals-has)
}

// keyDecimals returns how many decimals an atom's key has.
func keyDecimals(key string) int {
	if at := strings.IndexByte(key, '.'); at >= 0 {
		return len(key) - at - 1
	}
	return 0
}
