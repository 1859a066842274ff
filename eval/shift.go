package eval

import (
	"cmp"
	"math"
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// missingShift is the share of missing cells in a column, as the profiles' summaries have it.
func (c *comparison) missingShift(column string) *Shift {
	var out [2]Estimate
	for side, sum := range c.sums {
		for _, col := range sum.Columns {
			if col.Name == column {
				out[side] = Estimate(col.Missing)
			}
		}
	}
	return &Shift{out[0], out[1]}
}

// medianShift is where the median of the values on an axis lies in both profiles, nil where there is no axis.
func medianShift(sides [2]*profile.Profile, a, b domain) *Shift {
	if a.codec == nil || a.codec.Axis() == nil || a.column.Kind != b.column.Kind {
		return nil
	}
	from, ok := median(sides[0], a)
	to, also := median(sides[1], b)
	if !ok || !also {
		return nil
	}
	return &Shift{from, to}
}

// A weighed is a code's place on its axis and the records there.
type weighed struct{ lo, hi, records, variance float64 }

// median interpolates where half of the records lie below, as if values lay evenly within bins. Its ± is the noise in the records
// below, divided by how densely they lie there.
func median(p *profile.Profile, d domain) (Estimate, bool) {
	n, ok := count(p, d.Name)
	if !ok {
		return Estimate{}, false
	}
	var at []weighed
	total, variance := 0.0, 0.0
	for i, c := range d.Codes {
		if n.values[i] <= 0 || c.Origin == profile.Rest { // of the rest of the axis hardly anything is known
			continue
		}
		w := weighed{c.Lo.Float(), c.Hi.Float(), n.values[i], n.variance[i]}
		switch c.Class {
		case profile.Bin:
		case profile.Atom:
			v, _, ok := d.codec.Parse(record.Cell{Tag: record.Text, Text: c.Label})
			if !ok {
				continue
			}
			w.lo, w.hi = v.Pos, v.Pos
		default:
			continue
		}
		at = append(at, w)
		total += w.records
		variance += w.variance
	}
	if total < clear*math.Sqrt(variance) {
		return Estimate{}, false
	}
	slices.SortStableFunc(at, func(a, b weighed) int { return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(a.hi, b.hi)) })
	below := 0.0
	for _, w := range at {
		if below+w.records >= total/2 {
			slope := (w.hi - w.lo) / w.records
			return Estimate{w.lo + slope*(total/2-below), z95 * slope * math.Sqrt(variance) / 2}, true
		}
		below += w.records
	}
	return Estimate{}, false
}
