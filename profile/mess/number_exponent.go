package mess

import "strconv"

// An exponent is how a power of ten is written after a mantissa with one digit before its point.
type exponent struct {
	mark  byte // 'e' or 'E'; 0 for no exponent
	sign  byte // '+' for one of zero or more, '-' for one below zero, 0 for one of zero or more without a sign
	width byte // digits at least, 1 to maxExponentWidth; no more are written
}

const maxExponentWidth = 3

// bounds returns the least and the greatest exponent that is written so and that a number of maxWhole and maxDecimals has.
func (e exponent) bounds() (least, most int) {
	least, most = 0, maxWhole-1
	if e.sign == '-' {
		least, most = -maxDecimals, -1
	}
	if e.width == 1 {
		least, most = max(least, -9), min(most, 9)
	}
	return least, most
}

// isExponent reports whether a text starts with an exponent.
func isExponent(s string) bool {
	if s == "" || s[0] != 'e' && s[0] != 'E' {
		return false
	}
	s = s[1:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	return s != "" && isDigit(s[0])
}

// readScientific reads a mantissa and an exponent.
func (f *numberForm) readScientific(mantissa, power string, n *numberText) bool {
	f.exponent.mark, power = power[0], power[1:]
	if power[0] == '+' || power[0] == '-' {
		f.exponent.sign, power = power[0], power[1:]
	}
	if len(power) > maxExponentWidth || !isDigits(power) {
		return false
	}
	f.exponent.width = byte(len(power))
	exp := small(power)
	if f.exponent.sign == '-' {
		exp = -exp
	}
	frac := ""
	if len(mantissa) > 1 {
		if len(mantissa) == 2 || mantissa[1] != '.' && mantissa[1] != ',' || !isDigits(mantissa[2:]) || len(mantissa)-2 > maxDecimals {
			return false
		}
		f.comma, frac = mantissa[1] == ',', mantissa[2:]
	}
	if !isDigit(mantissa[0]) {
		return false
	}
	f.setDecimals(frac)
	least, most := f.exponent.bounds()
	if exp < least || exp > most || mantissa[0] == '0' && (exp != 0 || f.zeros < f.decimals) {
		return false
	}
	n.whole, n.frac = shift(mantissa[:1]+frac[:f.decimals-f.zeros], exp)
	return true
}

// shift returns the digits before and after the point of d.ddd·10^exp.
func shift(digits string, exp int) (whole, frac string) {
	if exp < 0 {
		return "0", string(appendZeros(nil, -exp-1)) + digits
	}
	if fill := exp + 1 - len(digits); fill > 0 {
		digits += string(appendZeros(nil, fill))
	}
	return digits[:exp+1], digits[exp+1:]
}

// unshift inverts shift: it returns a number's digits from the first to the last that is not zero, and the exponent of the first.
func unshift(whole, frac string) (digits string, exp int) {
	all := whole + frac
	first, last := 0, len(all)
	for first < last-1 && all[first] == '0' {
		first++
	}
	for last > first+1 && all[last-1] == '0' {
		last--
	}
	if all[first] == '0' {
		return "0", 0
	}
	return all[first:last], len(whole) - 1 - first
}

// appendScientific writes d.ddd·10^exp.
func (f *numberForm) appendScientific(b []byte, digits string, exp int) []byte {
	b = append(b, digits[0])
	if f.decimals > 0 {
		b = append(b, f.point())
		b = appendZeros(append(b, digits[1:]...), f.decimals-len(digits)+1)
	}
	b = append(b, f.exponent.mark)
	if f.exponent.sign != 0 {
		b = append(b, f.exponent.sign)
	}
	power := strconv.Itoa(max(exp, -exp))
	return append(appendZeros(b, int(f.exponent.width)-len(power)), power...)
}
