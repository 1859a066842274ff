package dp

import (
	"maps"
	"math"
	"slices"
)

// A Sensitivity bounds what adding or removing one unit can do to a vector of counts. It is made of
// a [Unit] only, so that the cap on a unit's records and the sensitivity of every count have one source.
type Sensitivity struct {
	records int // records a unit may contribute
	cells   int // cells of the vector that one record may change, by one each
}

// L2 is the Euclidean sensitivity in records. All of a unit's records may change the same cells, so it is
// records·√cells.
func (s Sensitivity) L2() float64 { return float64(s.records) * math.Sqrt(float64(s.cells)) }

// Linf is the most that one count can change, in records.
func (s Sensitivity) Linf() int64 { return int64(s.records) }

// L0 is the most counts that can change at all.
func (s Sensitivity) L0() int { return s.records * s.cells }

func (s Sensitivity) valid() bool { return s.records >= 1 && s.cells >= 1 }

// Counts is a vector of exact counts that can be released only through a mechanism. The counts sit in a
// closure, because fmt prints unexported struct fields but not what a function has captured.
type Counts struct {
	reveal func() []int64
	bound  Sensitivity
}

// Seal takes a copy of exact counts out of everybody's sight.
func Seal(counts []int64, bound Sensitivity) Counts {
	held := slices.Clone(counts)
	return Counts{reveal: func() []int64 { return held }, bound: bound}
}

// Sensitivity returns the bound the counts were sealed with, which is public.
func (c Counts) Sensitivity() Sensitivity { return c.bound }

// String keeps the counts out of messages.
func (c Counts) String() string { return "dp.Counts(sealed)" }

// Keyed is a histogram over keys that are themselves private: which keys are there is known only from
// the data. Only [Run.Threshold] can release it.
type Keyed struct {
	reveal func() map[string]int64
	bound  Sensitivity
}

// SealKeyed takes a copy of an exact histogram out of everybody's sight.
func SealKeyed(counts map[string]int64, bound Sensitivity) Keyed {
	held := maps.Clone(counts)
	return Keyed{reveal: func() map[string]int64 { return held }, bound: bound}
}

// Sensitivity returns the bound the histogram was sealed with, which is public.
func (k Keyed) Sensitivity() Sensitivity { return k.bound }

// String keeps keys and counts out of messages.
func (k Keyed) String() string { return "dp.Keyed(sealed)" }
