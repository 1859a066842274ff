package profile

import "math"

// RowUnits is the name of the attribute that says how many records a unit of privacy has. Its measurement counts units, not
// records: those with one record, two, and so on, and the records without a key, each a unit of its own.
const RowUnits = "~units"

// UnitPurpose is the purpose of the release that counts units. Its sensitivity is that of one unit, whatever its records.
const UnitPurpose = "records per unit"

// A UnitRange is how many records a unit has: one code of [RowUnits].
type UnitRange struct {
	Label       string
	Least, Most int64 // records; 0 in the range of records without a key
}

// unitRanges grow by half or so, so that a range is a narrow statement about the units in it.
var unitRanges = [...]UnitRange{
	{"no key", 0, 0}, {"1", 1, 1}, {"2", 2, 2}, {"3", 3, 3}, {"4", 4, 4}, {"5-6", 5, 6}, {"7-8", 7, 8}, {"9-12", 9, 12}, {"13-16", 13, 16},
	{"17-24", 17, 24}, {"25-32", 25, 32}, {"33-48", 33, 48}, {"49-64", 49, 64}, {"65-128", 65, 128}, {"129-256", 129, 256},
	{"257-1024", 257, 1024}, {"1025-4096", 1025, 4096}, {"4097-16384", 4097, 16384}, {"16385-65536", 16385, 65536}, {"65537+", 65537, math.MaxInt64},
}

// UnitRanges returns the codes of [RowUnits], which are public.
func UnitRanges() []UnitRange { return unitRanges[:] }

func isUnitRange(label string) bool {
	for _, r := range unitRanges {
		if r.Label == label {
			return true
		}
	}
	return false
}

// middle is a typical number of records in the range: the geometric mean of its ends.
func (r UnitRange) middle() float64 {
	if r.Most == math.MaxInt64 {
		return float64(r.Least)
	}
	return math.Sqrt(float64(r.Least) * float64(r.Most))
}

// beyond returns the share of the units in the range that have more than most records, and how many records each unit in the
// range has beyond them on average, all numbers in the range being as likely.
func (r UnitRange) beyond(most float64) (share, records float64) {
	if r.Most == math.MaxInt64 {
		return 1, max(0, float64(r.Least)-most)
	}
	least, last := float64(r.Least), float64(r.Most)
	switch {
	case last <= most:
		return 0, 0
	case least > most:
		return 1, r.middle() - most
	}
	share = (last - most) / (last - least + 1)
	return share, share * (last - most + 1) / 2
}

// A UnitCount is how many units have a number of records in a range.
type UnitCount struct {
	UnitRange
	Units float64 // noisy; 0 where it does not stand out
}

// unitClear is how many σ a count of units must be to be taken for one: of twenty ranges without a unit, one is by chance in
// forty profiles.
const unitClear = 3

// UnitSizes returns how many records units have, from the measurement of [RowUnits], and how many records have no key; sizes is
// nil when the unit is the record. sigma is the noise of each count. Counts that do not stand out from their noise are 0.
func UnitSizes(p *Profile) (sizes []UnitCount, keyless, sigma float64) {
	a := p.Attribute(RowUnits)
	if a == nil {
		return nil, 0, 0
	}
	for _, m := range p.Measurements {
		if len(m.Attributes) != 1 || m.Attributes[0] != RowUnits {
			continue
		}
		sigma = m.Sigma
		counts := map[string]float64{}
		for i, cell := range m.Cells {
			if m.Values[i] >= unitClear*m.Sigma {
				counts[a.Codes[cell[0]].Label] = m.Values[i]
			}
		}
		keyless = counts[unitRanges[0].Label]
		for _, r := range unitRanges[1:] {
			sizes = append(sizes, UnitCount{r, counts[r.Label]})
		}
	}
	return sizes, keyless, sigma
}

// A UnitSummary is what a profile says of its units of privacy.
type UnitSummary struct {
	Columns    []string   `json:"columns"`     // whose cells together are a record's key
	MaxRecords int        `json:"max_records"` // of a unit that were used
	Units      Approx     `json:"units"`       // units with a key
	Keyless    Approx     `json:"keyless"`     // records without a key, each a unit of its own
	Dropped    bool       `json:"dropped"`     // those were left out
	Above      Approx     `json:"above"`       // share of the units with a key that have more records than were used
	Unused     Approx     `json:"unused"`      // share of the records with a key that were therefore not used
	Sizes      []UnitItem `json:"sizes"`
}

// A UnitItem is how many units have a number of records in a range.
type UnitItem struct {
	Label string `json:"label"`
	Units Approx `json:"units"`
}

// summarizeUnits returns nil when the unit is the record. Shares follow from the ranges, whose units are taken to have a typical
// number of records.
func summarizeUnits(p *Profile) *UnitSummary {
	sizes, keyless, sigma := UnitSizes(p)
	if sizes == nil {
		return nil
	}
	s := &UnitSummary{
		Columns: p.Manifest.Privacy.UnitColumns, MaxRecords: p.Manifest.Privacy.MaxRecords, Dropped: p.Manifest.Privacy.KeylessDropped,
		Keyless: Approx{keyless, z95 * sigma},
	}
	var units, above, records, unused, doubt float64
	most := float64(s.MaxRecords)
	for _, size := range sizes {
		units += size.Units
		share, over := size.beyond(most)
		above += size.Units * share
		unused += size.Units * over
		records += size.Units * size.middle()
		if size.Units > 0 {
			doubt += over * over * sigma * sigma
			s.Sizes = append(s.Sizes, UnitItem{size.Label, Approx{size.Units, z95 * sigma}})
		}
	}
	n := math.Sqrt(float64(max(1, len(s.Sizes))))
	s.Units = Approx{units, z95 * sigma * n}
	if units > 0 {
		s.Above = Approx{above / units, min(1, z95*sigma*n/units)}
		s.Unused = Approx{unused / records, min(1, z95*math.Sqrt(doubt)/records)}
	}
	return s
}
