package fidelity

import (
	"math"
	"math/rand/v2"
)

// buckets is how many features pairs of values share, by hashing (Weinberger et al. 2009): collisions cost power and not validity.
const buckets = 4096

// maxHashed is how many pairs of columns become features.
const maxHashed = 150

// A featurer turns records into features: the codes of the columns' values one by one (one-hot), ordered values standardised, and if asked for
// also how cells are written, and pairs of values.
type featurer struct {
	columns []*column
	skip    int // the column that is not looked at; −1 for none
	scale   []scaling
	base    []int // where a column's value codes start
	forms   []int // where its form codes start; nil without
	number  []int // where its number is
	pairs   [][]int
	hashed  int // where the pairs' buckets start
	width   int
}

// A scaling standardises: (x − mean)/sd, cut off at ±3 so that what lies far out does not lead.
type scaling struct{ mean, sd float64 }

func (s scaling) of(x float64) float64 {
	return max(-3, min(3, (x-s.mean)/s.sd))
}

func (s *suite) featurer(skip int, forms bool, pairs int, rng *rand.Rand) *featurer {
	f := &featurer{columns: s.columns, skip: skip}
	var looked []int
	for at, c := range s.columns {
		f.base = append(f.base, f.width)
		f.width += len(c.value.labels)
		f.number = append(f.number, f.width)
		f.width++
		f.scale = append(f.scale, s.scaling(c, at))
		if forms {
			f.forms = append(f.forms, f.width)
			f.width += len(c.form.labels)
		}
		if at != skip {
			looked = append(looked, at)
		}
	}
	if pairs > 0 && len(looked) > 1 {
		f.pairs, _ = chooseSets(len(looked), 2, pairs, rng)
		f.hashed = f.width
		f.width += buckets
	}
	return f
}

// scaling is that of the reference half.
func (s *suite) scaling(c *column, at int) scaling {
	if !c.ordered() {
		return scaling{}
	}
	list := s.reference.positions(c, at)
	out := scaling{mean: mean(list)}
	for _, v := range list {
		out.sd += (v - out.mean) * (v - out.mean) / float64(len(list))
	}
	out.sd = math.Sqrt(out.sd)
	return out
}

// add appends the features of a sample's row.
func (f *featurer) add(d *design, s *sample, row int) {
	for at, c := range f.columns {
		if at == f.skip {
			continue
		}
		i := s.cell(c, at, row)
		d.add(f.base[at]+int(c.value.codes[i]), 1)
		if v, ok := position(&c.cells[i]); ok && f.scale[at].sd > 0 {
			d.add(f.number[at], f.scale[at].of(v))
		}
		if f.forms != nil {
			d.add(f.forms[at]+int(c.form.codes[i]), 1)
		}
	}
	for k, p := range f.pairs {
		a, b := f.columns[p[0]], f.columns[p[1]]
		h := uint64(k)<<40 | uint64(a.value.codes[s.cell(a, p[0], row)])<<20 | uint64(b.value.codes[s.cell(b, p[1], row)])
		d.add(f.hashed+int(mix(h)%buckets), 1)
	}
	d.endRow()
}

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
