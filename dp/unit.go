package dp

import "fmt"

// A Unit says how many records of one unit, a person say, are among those that were counted. Sensitivities are made of it
// only, and it is made where the cap on a unit's records is applied: the cap and every σ have one source. The zero
// Unit is none, and bounds nothing.
type Unit struct{ records int }

// OneRecord is the unit that is the record itself.
func OneRecord() Unit { return Unit{records: 1} }

// UpTo is a unit of which at most so many records are counted. Who makes it has seen to that.
func UpTo(records int) Unit {
	if records < 1 {
		panic(fmt.Sprintf("dp: UpTo(%d): a unit has at least one record", records))
	}
	return Unit{records: records}
}

// Records returns how many records of a unit are counted, at most.
func (u Unit) Records() int { return u.records }

// Bound returns the sensitivity of a vector of counts of records, in which every record changes at most cells entries, by
// one each, up or down.
func (u Unit) Bound(cells int) Sensitivity {
	if u.records < 1 || cells < 1 {
		panic(fmt.Sprintf("dp: a unit of %d records that change %d cells each: both must be at least 1", u.records, cells))
	}
	return Sensitivity{records: u.records, cells: cells}
}

// BoundUnits returns the sensitivity of a vector of counts of units: each changes at most cells entries, by one each,
// however many records it has.
func (u Unit) BoundUnits(cells int) Sensitivity {
	bound := u.Bound(cells)
	bound.records = 1
	return bound
}

// A Key is secret randomness of one run. It decides which records of a unit are used.
type Key [32]byte

// NewKey draws a key. It owes nothing to the data.
func NewKey() Key { return newKey() }
