package mess

// People round numbers, and a column of guesses or prices has other digits at the end than one of measurements. A whole number
// from 100 on that ends in zero therefore has a form of its own, by how many digits it has before its zeros: 25000000
// and 1200 have two. Below 100 the axis is fine enough to tell.
const (
	maxRound = 4 // digits or more
	minRound = 3 // digits before the point of the least such number
)

// leastRound is the least number with minRound digits.
const leastRound = 100

// roundness returns how many digits a whole number has before its zeros, at most maxRound; 0 when it is not round.
func roundness(whole string) uint8 {
	n := len(whole)
	if n < minRound || whole[n-1] != '0' {
		return 0
	}
	for n > 0 && whole[n-1] == '0' {
		n--
	}
	return uint8(min(n, maxRound))
}

// round returns the round numbers of one sign in the first decade, from zero, that has some which the form writes.
func (s Span) round(f *numberForm, negative bool) (d drawable) {
	least, most := f.window()
	d.last = -1
	for digits := max(least, int(f.round)+1); digits <= most && d.size() == 0; digits++ {
		unit, skip := digits-int(f.round), int64(10)
		if f.round == maxRound { // any multiple of ten with as many digits or more
			unit, skip = 1, int64(pow10[digits-maxRound])
		}
		d = s.side(negative, Edge{1, int8(digits - 1)}, Edge{1, int8(digits)}, unit)
		d.skip = skip
	}
	return d
}
