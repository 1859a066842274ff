package mess

// A clockSet is the seconds of a day that a clock form writes.
type clockSet struct {
	units lattice     // of the class, as multiples of unit; only its skip counts
	unit  int64       // seconds
	hours [2][2]int64 // the seconds first ≤ s < end of its hours
	sizes [2]int64    // how many seconds of the set they have
	total int64       // the sum of sizes
}

// clockSets are the sets of each class, with two digits for the hour and with one, of hours to 23 and to 12.
var clockSets = func() (t [anySecond + 1][2][2]clockSet) {
	for c := range t {
		units := []lattice{{}, {skip: day / hour}, {skip: 2}, {skip: hour / 2 / minute}, {skip: minute}}[c]
		unit := []int64{day, hour, hour / 2, minute, 1}[c]
		t[c][0][0] = newClockSet(units, unit, [2][2]int64{{0, day}})
		t[c][0][1] = t[c][0][0]
		t[c][1][0] = newClockSet(units, unit, [2][2]int64{{0, 10 * hour}})
		t[c][1][1] = newClockSet(units, unit, [2][2]int64{{1 * hour, 10 * hour}, {13 * hour, 22 * hour}})
	}
	return t
}()

func newClockSet(units lattice, unit int64, hours [2][2]int64) clockSet {
	c := clockSet{units: units, unit: unit, hours: hours}
	for i, h := range hours {
		c.sizes[i] = c.between(h[0], h[1])
		c.total += c.sizes[i]
	}
	return c
}

// set returns the seconds of a day that the form writes.
func (c clockForm) set() *clockSet {
	bare, half := 0, 0
	if c.bare {
		bare = 1
	}
	if c.half != 0 {
		half = 1
	}
	return &clockSets[c.clock][bare][half]
}

// rank returns how many seconds of the set are before sec, 0 to day.
func (c *clockSet) rank(sec int64) (n int64) {
	for _, h := range c.hours {
		n += c.between(h[0], min(max(sec, h[0]), h[1]))
	}
	return n
}

// between returns how many seconds of the class are between two of them.
func (c *clockSet) between(from, to int64) int64 {
	if from == to {
		return 0
	}
	return c.units.rank(ceilDiv(to, c.unit)) - c.units.rank(ceilDiv(from, c.unit))
}

// at inverts rank.
func (c *clockSet) at(rank int64) int64 {
	from := c.hours[0][0]
	if rank >= c.sizes[0] {
		from, rank = c.hours[1][0], rank-c.sizes[0]
	}
	return c.units.at(c.units.rank(ceilDiv(from, c.unit))+rank) * c.unit
}

// has reports whether the second of a day is in the set.
func (c *clockSet) has(sec int64) bool { return c.rank(sec+1) > c.rank(sec) }
