package mess

import (
	"sync"
	"time"
)

// A daySet is the days that a date form writes. It counts them without looking at each: what a form takes depends on
// month and day, so that all years have the same days but for February 29.
type daySet struct {
	first, end int64      // its days since 1970-01-01 are first ≤ day < end
	all        bool       // of them, it has each
	mondays    bool       // of them, it has the Mondays
	before     [367]int64 // of the nth day of a leap year: how many earlier ones it has
	nth        []int64    // inverts before: the days of a leap year that it has, in order
	leap       int64      // 1 when it has February 29, else 0
}

// february29 is how many days of a leap year are before it.
const february29 = 31 + 28

// daySets caches the days of each form that was asked for, of which there are finitely many.
var daySets = struct {
	sync.RWMutex
	of map[daysKey]*daySet
}{of: map[daysKey]*daySet{}}

// A daysKey is what the days of a form depend on.
type daysKey struct {
	form  dateFields
	first order
}

var isoDays = newDaySet(isoDate, monthFirst)

// days returns the days that a form writes in a column whose ambiguous dates have that field first.
func (f dateFields) days(first order) *daySet {
	if f == isoDate {
		return isoDays
	}
	f.weekday, f.apart, f.comma, f.point, f.dotted = numbered, false, false, false, false
	if !f.ambiguous() {
		first = monthFirst
	}
	key := daysKey{f, first}
	daySets.RLock()
	set := daySets.of[key]
	daySets.RUnlock()
	if set == nil {
		set = newDaySet(f, first)
		daySets.Lock()
		daySets.of[key] = set
		daySets.Unlock()
	}
	return set
}

func newDaySet(f dateFields, ambiguousFirst order) *daySet {
	first, end := f.years()
	set := &daySet{first: civil(first) / day, end: civil(end) / day}
	if set.mondays = f.order == yearWeek; set.mondays {
		return set
	}
	for i := range 366 {
		t := time.Date(2000, 1, 1+i, 0, 0, 0, 0, time.UTC)
		set.before[i+1] = set.before[i]
		if f.takes(int(t.Month()), t.Day(), ambiguousFirst) {
			set.before[i+1]++
			set.nth = append(set.nth, int64(i))
		}
	}
	set.leap = set.before[february29+1] - set.before[february29]
	set.all = set.before[366] == 366
	return set
}

// firstMonday is the first Monday since 1970-01-01, in days.
const firstMonday = 4

// rank returns how many days of the set are before n, from any year on.
func (s *daySet) rank(n int64) int64 {
	switch {
	case s.all:
		return n
	case s.mondays:
		return ceilDiv(n-firstMonday, 7)
	}
	t := time.Unix(n*day, 0).UTC()
	at, count := t.YearDay()-1, s.beforeYear(int64(t.Year()))
	if at >= february29 && !isDay(t.Year(), 2, 29) {
		return count + s.before[at+1] - s.leap
	}
	return count + s.before[at]
}

// beforeYear returns how many days of the set are before a year.
func (s *daySet) beforeYear(y int64) int64 {
	past := y - 1
	return past*(s.before[366]-s.leap) + (past/4-past/100+past/400)*s.leap
}

// has reports whether the day is in the set.
func (s *daySet) has(n int64) bool {
	return n >= s.first && n < s.end && (s.all || s.rank(n+1) > s.rank(n))
}

// at inverts rank, for a day after the year 0.
func (s *daySet) at(rank int64) int64 {
	switch {
	case s.all:
		return rank
	case s.mondays:
		return firstMonday + 7*rank
	}
	const cycle, leaps = 400, 97 // years after which the calendar repeats, and how many of them are leap years
	y := 1 + rank*cycle/((s.before[366]-s.leap)*cycle+s.leap*leaps)
	for s.beforeYear(y) > rank { // the average year is at most one off
		y--
	}
	for s.beforeYear(y+1) <= rank {
		y++
	}
	rank -= s.beforeYear(y)
	isLeap := isDay(int(y), 2, 29)
	if !isLeap && rank >= s.before[february29] {
		rank += s.leap
	}
	at := s.nth[rank]
	if !isLeap && at > february29 {
		at--
	}
	return civil(int(y))/day + at
}
