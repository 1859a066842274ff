package profile

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// An Association is a set of attributes that were measured together, and how much they depend on each other.
type Association struct {
	Columns []AssociationPart `json:"columns"`
	Cells   int               `json:"cells"` // of the measured table
	Sigma   float64           `json:"sigma"` // of a cell, of all its measurements together, records
	Rho     float64           `json:"rho"`   // what they cost
	// Strength is the part of the records that are in another cell than they would be if the attributes were independent: the
	// total variation, in the fitted model. Noise is about what it would be for independent attributes, by the noise of the
	// measurements alone; the fit takes some of that out, so that it is rather less.
	Strength float64 `json:"strength"`
	Noise    float64 `json:"noise"`
}

// An AssociationPart is a column, or how it is written.
type AssociationPart struct {
	Column string `json:"column"`
	Form   bool   `json:"form"` // how it is written, rather than what it says
}

// together lists the sets of attributes that were measured together, the most dependent first.
func (z *summarizer) together() []Association {
	at := map[string]int{}
	list := []Association{}
	precision := []float64{}
	for _, m := range z.p.Measurements {
		if !z.acrossColumns(m.Attributes) {
			continue
		}
		key := strings.Join(m.Attributes, "\x00")
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			list, precision = append(list, z.association(m.Attributes)), append(precision, 0)
		}
		precision[i] += 1 / (m.Sigma * m.Sigma)
		if r := m.Release; r >= 1 && r <= len(z.p.Manifest.Releases) {
			list[i].Rho += z.p.Manifest.Releases[r-1].Rho
		}
	}
	for i := range list {
		list[i].Sigma = 1 / math.Sqrt(precision[i])
		list[i].Noise = min(1, list[i].Noise*list[i].Sigma/z.rows)
	}
	slices.SortStableFunc(list, func(a, b Association) int { return cmp.Compare(b.Strength, a.Strength) })
	return list
}

// acrossColumns reports whether attributes belong to more than one column: what a column says goes with how it is written anyway.
func (z *summarizer) acrossColumns(names []string) bool {
	first := z.p.Attribute(names[0]).Column
	return slices.ContainsFunc(names, func(name string) bool { return z.p.Attribute(name).Column != first })
}

// association describes a set of attributes; its Noise is for σ = 1 in one record.
func (z *summarizer) association(names []string) Association {
	a := Association{Cells: 1, Noise: 0.5 * math.Sqrt(2/math.Pi)} // half the mean of |N(0, 1)|, for each cell
	for _, name := range names {
		attr := z.p.Attribute(name)
		a.Columns = append(a.Columns, AssociationPart{attr.Column, name == FormName(attr.Column) || name == ViewName(FormName(attr.Column))})
		a.Cells *= len(attr.Codes)
		a.Noise *= math.Sqrt(1 - 1/float64(len(attr.Codes))) // margins are known better by themselves
	}
	a.Noise *= float64(a.Cells)
	a.Strength = z.dependence(names)
	return a
}

// dependence returns the total variation between the fitted distribution of some attributes and the product of their own: 0 where
// no table has all of them.
func (z *summarizer) dependence(names []string) float64 {
	for i := range z.p.Tables {
		if at := places(z.p.Tables[i].Attributes, names); at != nil {
			return z.p.Tables[i].dependence(at, z.marginal, names)
		}
	}
	return 0
}

// places returns where each of some names is in a list, or nil when one is not.
func places(list, names []string) []int {
	at := make([]int, len(names))
	for k, name := range names {
		if at[k] = slices.Index(list, name); at[k] < 0 {
			return nil
		}
	}
	return at
}

// dependence sums the table down to the attributes at some places. Cells that do not occur add what independence would
// put there, so half the sum of differences is the sum of those above zero.
func (t *Table) dependence(at []int, marginal map[string][]float64, names []string) float64 {
	joint := map[[MaxArity]int32]float64{}
	total := 0.0
	for i, c := range t.Cells {
		var key [MaxArity]int32
		for k, p := range at {
			key[k] = c[p]
		}
		joint[key] += float64(t.Weights[i])
		total += float64(t.Weights[i])
	}
	var above []float64
	for key, w := range joint {
		product := 1.0
		for k, name := range names {
			product *= marginal[name][key[k]]
		}
		above = append(above, max(0, w/total-product))
	}
	slices.Sort(above) // the order of a map is not the same each time
	sum := 0.0
	for _, x := range above {
		sum += x
	}
	return min(1, sum)
}
