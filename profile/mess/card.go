package mess

import (
	"strconv"
	"strings"
)

// cardGrammar reads numbers of payment cards. The generalisation is the brand and whether the check digit is right,
// "Visa valid"; the form is the layout of the groups, `9999_9999_9999_9999`.
type cardGrammar struct{}

// A brand owns the numbers that start from lo to hi, to the length of these, and have one of the lengths (ISO/IEC 7812;
// the ranges are those that the brands publish).
type brand struct {
	name    string
	lo, hi  string
	lengths []int
}

var brands = []brand{
	{"Visa", "4", "4", []int{16, 13, 19}},
	{"Mastercard", "51", "55", []int{16}},
	{"Mastercard", "2221", "2720", []int{16}},
	{"American Express", "34", "34", []int{15}},
	{"American Express", "37", "37", []int{15}},
	{"Discover", "6011", "6011", []int{16}},
	{"Discover", "644", "659", []int{16}},
	{"Diners Club", "300", "305", []int{14}},
	{"Diners Club", "36", "36", []int{14}},
	{"Diners Club", "38", "39", []int{14}},
	{"JCB", "3528", "3589", []int{16}},
	{"UnionPay", "62", "62", []int{16, 17, 18, 19}},
}

// holds reports whether digits are a number of the brand's, but for the check digit.
func (b brand) holds(digits string) bool {
	if p := digits[:len(b.lo)]; p < b.lo || p > b.hi {
		return false
	}
	for _, n := range b.lengths {
		if n == len(digits) {
			return true
		}
	}
	return false
}

// The end of keys with check digits.
const (
	valid   = " valid"
	invalid = " invalid"
)

// validity returns the end of the key.
func validity(ok bool) string {
	if ok {
		return valid
	}
	return invalid
}

// cutValidity splits a key.
func cutValidity(key string) (name string, ok bool) {
	if name, found := strings.CutSuffix(key, valid); found {
		return name, true
	}
	return strings.TrimSuffix(key, invalid), false
}

func (cardGrammar) read(s string) (key, form string, ok bool) {
	if len(s) < minCard || s[0] < '2' || s[0] > '6' {
		return "", "", false
	}
	form, digits, ok := digitLayout(s, maxCard)
	if !ok || len(digits) < minCard || !isDigit(s[len(s)-1]) || !evenlyGrouped(s) {
		return "", "", false
	}
	for _, b := range brands {
		if b.holds(digits) {
			return b.name + validity(luhn(digits)), form, true
		}
	}
	return "", "", false
}

// evenlyGrouped reports whether there is nothing between digits, or one space or one dash each, and groups of three
// digits or more.
func evenlyGrouped(s string) bool {
	sep, run := byte(0), 0
	for i := range len(s) {
		switch c := s[i]; {
		case isDigit(c):
			run++
		case c != ' ' && c != '-' || run < 3 || sep != 0 && c != sep:
			return false
		default:
			sep, run = c, 0
		}
	}
	return run >= 3
}

func (cardGrammar) plain(key string) string {
	name, _ := cutValidity(key)
	for _, b := range brands {
		if b.name == name {
			return strings.Repeat("9", b.lengths[0])
		}
	}
	return strings.Repeat("9", 16)
}

// likely is true of right check digits, and of what is grouped.
func (cardGrammar) likely(s string) bool {
	key, _, ok := cardGrammar{}.read(s)
	_, right := cutValidity(key)
	return ok && (right || !isDigits(s))
}

func (cardGrammar) write(key, form string, r *Rand) string {
	name, right := cutValidity(key)
	n := layoutDigits(form)
	if n < minCard || n > maxCard {
		return ""
	}
	var of []brand
	for _, b := range brands {
		if (key == "" || b.name == name) && b.holds(b.lo+strings.Repeat("0", n-len(b.lo))) {
			of = append(of, b)
		}
	}
	if len(of) == 0 {
		return ""
	}
	b := pick(of, r)
	lo, _ := strconv.Atoi(b.lo) // digits, by the table
	hi, _ := strconv.Atoi(b.hi)
	digits := strconv.Itoa(lo + r.Int(hi-lo+1))
	digits += randomDigits(n-1-len(digits), r)
	return fillLayout(form, checkDigit(digits, right || key == "", r))
}

// checkDigit appends the digit that makes digits pass the check, or another.
func checkDigit(digits string, right bool, r *Rand) string {
	shift := 0
	if !right {
		shift = 1 + r.Int(9)
	}
	for c := range 10 {
		if luhn(digits + strconv.Itoa(c)) {
			return digits + strconv.Itoa((c+shift)%10)
		}
	}
	panic("mess: no check digit") // one of ten passes: the last digit counts once
}
