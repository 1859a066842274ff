package mess

// A lattice is the integers from first to last without the multiples of skip: the values that a form can write, in
// units of its last digit, when values that end in zeros have a form of their own. It is how numbers and times are
// drawn from an interval, and how an interval is known to hold none.
type lattice struct {
	first, last int64 // within ±maxUnits; last < first when there are none
	skip        int64 // 0 to leave nothing out, else at least 2
	free        int64 // nothing is left out below it, from 0 on; 0 or a multiple of skip
}

// rank returns how many integers from 0 up to n, exclusive, the lattice has; n below 0 gives minus those from n to −1.
func (l lattice) rank(n int64) int64 {
	switch {
	case l.skip == 0, n >= 0 && n < l.free:
		return n
	case n >= l.free && l.free > 0:
		return l.free + l.skipping(n-l.free)
	}
	return l.skipping(n)
}

// skipping is rank as though nothing were free.
func (l lattice) skipping(n int64) int64 { return n - ceilDiv(n, l.skip) }

// at inverts rank: skip−1 integers stand between one multiple of skip and the next.
func (l lattice) at(rank int64) int64 {
	switch {
	case l.skip == 0, rank >= 0 && rank < l.free:
		return rank
	case rank >= l.free:
		rank -= l.free
		return l.free + rank + floorDiv(rank, l.skip-1) + 1
	}
	return rank + floorDiv(rank, l.skip-1) + 1
}

// size returns how many integers the lattice has.
func (l lattice) size() int64 { return max(0, l.rank(l.last+1)-l.rank(l.first)) }

// draw returns a uniform integer of the lattice; of an empty one, its first.
func (l lattice) draw(r *Rand) int64 {
	n := l.size()
	if n == 0 {
		return l.first
	}
	return l.at(l.rank(l.first) + int64(r.N(uint64(n))))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && a < 0 {
		q--
	}
	return q
}

func ceilDiv(a, b int64) int64 { return -floorDiv(-a, b) }
