package spec

import (
	"fmt"
	"slices"
	"strings"
)

// A Unit is the unit of privacy: what a profile protects as a whole. The zero Unit is the record; otherwise it is all records
// that share a key, a customer's number say.
type Unit struct {
	Columns    []string      `yaml:"columns"`     // whose cells together are the key
	MaxRecords int           `yaml:"max_records"` // records of a unit that are used, chosen at random
	Missing    MissingPolicy `yaml:"missing"`     // of records without a key; "" is OwnMissing
}

// A MissingPolicy says what becomes of records without a key.
type MissingPolicy string

// The policies.
const (
	OwnMissing  MissingPolicy = "own"  // each is a unit of its own
	DropMissing MissingPolicy = "drop" // they are not used
)

// RecordUnit is the name of the unit that is the record itself.
const RecordUnit = "record"

// MaxUnitRecords bounds max_records: noise grows in proportion to it.
const MaxUnitRecords = 10_000

// Keyed reports whether the unit is the records that share a key.
func (u Unit) Keyed() bool { return len(u.Columns) > 0 }

// Name names the unit in statements: its columns, or "record".
func (u Unit) Name() string {
	if !u.Keyed() {
		return RecordUnit
	}
	return strings.Join(u.Columns, ", ")
}

// Validate reports what is wrong with the unit by itself.
func (u Unit) Validate() error {
	switch {
	case !u.Keyed() && (u.MaxRecords != 0 || u.Missing != ""):
		return fmt.Errorf("unit: it has no columns: name those whose cells are the key, such as customer_id")
	case !u.Keyed():
		return nil
	case u.MaxRecords < 1 || u.MaxRecords > MaxUnitRecords:
		return fmt.Errorf("unit: max_records is %d: say how many records of one %s are used at most, from 1 to %d; noise grows in proportion to it", u.MaxRecords, u.Name(), MaxUnitRecords)
	case u.Missing != "" && u.Missing != OwnMissing && u.Missing != DropMissing:
		return fmt.Errorf("unit: missing is %q: want %s or %s", u.Missing, OwnMissing, DropMissing)
	}
	for i, name := range u.Columns {
		if name == "" || slices.Contains(u.Columns[:i], name) {
			return fmt.Errorf("unit: column %q is named twice or not at all", name)
		}
	}
	return nil
}
