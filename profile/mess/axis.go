package mess

// An Axis is an ordered line with a public grid that can be refined where the data turns out to be dense: the
// top of an order-preserving tree whose nodes are half-open intervals.
type Axis interface {
	// Roots returns the coarsest intervals, contiguous and in order; together they hold every value the kind parses.
	// res is the number of decimals worth resolving.
	Roots(res int) []Span

	// Split returns the children of an interval, contiguous and in order, about fan of them or fewer, or nil when it
	// is at the axis' resolution.
	Split(s Span, fan, res int) []Span
}

// Locate returns the index of the span that holds pos, given the spans' lower edges in order, or −1 below the first.
func Locate(lows []float64, pos float64) int {
	lo, hi := 0, len(lows)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if lows[mid] <= pos {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo - 1
}
