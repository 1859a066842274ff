package mess

// A timeSet is the civil seconds of an interval that a layout writes: the same seconds of some days. They are counted and
// drawn by their rank among all that the layout writes, without a look at each.
type timeSet struct {
	lo, hi int64 // lo ≤ second < hi; none when hi < lo
	days   *daySet
	clock  *clockSet
}

// times returns the civil times of the interval that the layout writes.
func (l layout) times(s Span) timeSet {
	set := timeSet{days: l.date.days(l.first), clock: l.set()}
	set.lo, set.hi = s.seconds()
	set.lo, set.hi = clipTime(max(set.lo, set.days.first*day), min(set.hi, set.days.end*day))
	return set
}

// clipTime narrows an interval of more than a century, in which nothing is known of where a value lies, to the years
// with roots of their own, or to the century next to them. What is left has a whole year, of which every
// layout writes some second.
func clipTime(lo, hi int64) (int64, int64) {
	const century = 100 * year
	switch {
	case hi-lo <= century+year:
	case hi-rootsStart < year:
		lo = hi - century
	case rootsEnd-lo < year:
		hi = lo + century
	default:
		lo, hi = max(lo, rootsStart), min(hi, rootsEnd)
	}
	return lo, hi
}

// rank returns how many seconds the layout writes before sec.
func (t timeSet) rank(sec int64) int64 {
	n := floorDiv(sec, day)
	rank := t.days.rank(n) * t.clock.total
	if rest := sec - n*day; rest > 0 && t.days.has(n) {
		rank += t.clock.rank(rest)
	}
	return rank
}

// size returns how many seconds the set has.
func (t timeSet) size() int64 {
	if t.hi <= t.lo {
		return 0
	}
	return t.rank(t.hi) - t.rank(t.lo)
}

// draw returns a uniform second of the set; of an empty one, its lower bound, or the axis'.
func (t timeSet) draw(r *Rand) int64 {
	n := t.size()
	if n == 0 {
		return min(t.lo, axisEnd-1)
	}
	rank := t.rank(t.lo) + int64(r.N(uint64(n)))
	days := floorDiv(rank, t.clock.total)
	at := t.days.at(days)
	return at*day + t.clock.at(rank-days*t.clock.total)
}
