package eval

import (
	"fmt"
	"math"
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
)

// A facet is one way in which a profile divides the records: by the values or the forms of a column, by row shapes, or by two or
// three of them together.
type facet struct {
	names  []string // of the attributes that divide, views of several
	parts  []Part   // without labels
	cells  []facetCell
	of     []int32 // [gold row] its cell, −1 for none of them
	single bool
}

// A facetCell is a slice of production.
type facetCell struct {
	parts []Part
	class profile.Class // of a single facet's cell that is one code
	share float64       // of production
	sd    float64       // of the noise in it
	keys  []key         // codes of the attributes that divide
	gold  int           // rows
}

// A key is a code of each attribute that divides, of which there are three at most.
type key [3]int32

// fitted is what a profile says of one attribute: the model's shares, and the noise in its own counts.
type fitted struct {
	share, variance []float64
}

// fittedOf looks an attribute up; ok is false when the model does not have it.
func fittedOf(p *profile.Profile, a *profile.Attribute) (f fitted, ok bool) {
	t, at := tableOf(p, a.Name)
	if t == nil {
		return f, false
	}
	f = fitted{make([]float64, len(a.Codes)), make([]float64, len(a.Codes))}
	total := 0.0
	for i, c := range t.Cells {
		f.share[c[at[0]]] += float64(t.Weights[i])
		total += float64(t.Weights[i])
	}
	weight := make([]float64, len(a.Codes))
	for _, m := range p.Measurements {
		if len(m.Attributes) == 1 && m.Attributes[0] == a.Name && m.Sigma > 0 {
			for _, c := range m.Cells {
				weight[c[0]] += 1 / (m.Sigma * m.Sigma)
			}
		}
	}
	n := rows(p)
	for i := range f.share {
		f.share[i] /= total
		f.variance[i] = p.Manifest.RowSigma * p.Manifest.RowSigma / (n * n)
		if weight[i] > 0 {
			f.variance[i] = 1 / (weight[i] * n * n)
		}
	}
	return f, true
}

// tableOf returns the first fitted table that has all of some attributes, and where they are in it.
func tableOf(p *profile.Profile, names ...string) (*profile.Table, []int) {
	for i := range p.Tables {
		at := make([]int, len(names))
		all := true
		for k, name := range names {
			at[k] = slices.Index(p.Tables[i].Attributes, name)
			all = all && at[k] >= 0
		}
		if all {
			return &p.Tables[i], at
		}
	}
	return nil, nil
}

// interval is the share of production that an interval of an axis should hold to be a slice: about twenty of them.
const interval = 0.05

// divide groups the codes of an attribute into slices: each code that holds least of production is one, neighbours on an axis
// are joined until they hold an interval's share, damaged forms are joined by their damage, and what is left is one, or none when
// it holds less than least.
func divide(a *profile.Attribute, kind string, f fitted, least float64) *facet {
	part := Part{Column: a.Column, Form: a.Role == profile.RoleForm}
	if a.Role == profile.RoleRow {
		part.Column = a.Name
	}
	fc := &facet{names: []string{a.Name}, parts: []Part{part}, single: true}
	add := func(label string, class profile.Class, codes ...int32) {
		c := facetCell{class: class}
		for _, i := range codes {
			c.keys = append(c.keys, key{i})
			c.share += f.share[i]
			c.sd += f.variance[i]
		}
		c.sd = math.Sqrt(c.sd)
		if c.share >= least {
			named := part
			named.Label = label
			c.parts = []Part{named}
			fc.cells = append(fc.cells, c)
		}
	}
	var axis, rare []int32
	damaged := map[mess.Damage][]int32{}
	for i, c := range a.Codes {
		code := int32(i)
		switch {
		case c.Class == profile.NoForm: // says nothing that values do not
		case c.Class == profile.Bin:
			axis = append(axis, code)
		case f.share[i] >= least:
			add(c.Readable(kind), c.Class, code)
		case c.Class == profile.Form && mess.DamageOf(c.Label) != "":
			damaged[mess.DamageOf(c.Label)] = append(damaged[mess.DamageOf(c.Label)], code)
		case f.share[i] > 0:
			rare = append(rare, code)
		}
	}
	var open []int32
	held := 0.0
	for n, code := range axis {
		open = append(open, code)
		held += f.share[code]
		if held >= interval || n == len(axis)-1 {
			add(joinLabels(rangeLabel(a, open[0], kind), rangeLabel(a, code, kind)), profile.Bin, open...)
			open, held = nil, 0
		}
	}
	for _, d := range []mess.Damage{mess.EncodingDamage, mess.InvalidBytes, mess.ControlCharacters, mess.StraySpaces} {
		add("<"+string(d)+">", profile.Form, damaged[d]...)
	}
	add(fmt.Sprintf("<rare: %d>", len(rare)), "", rare...)
	return fc
}

// together divides the records by some views as they were measured together, into slices that hold least of production.
func together(p *profile.Profile, names []string, sigma, least float64) *facet {
	t, at := tableOf(p, names...)
	if t == nil {
		return nil
	}
	fc := &facet{names: names}
	for _, name := range names {
		a := viewed(p, name)
		if a == nil {
			return nil
		}
		fc.parts = append(fc.parts, Part{Column: a.Column, Form: a.Role == profile.RoleForm})
	}
	share := map[key]float64{}
	total := 0.0
	for i, c := range t.Cells {
		var k key
		for n, place := range at {
			k[n] = c[place]
		}
		share[k] += float64(t.Weights[i])
		total += float64(t.Weights[i])
	}
	for k, w := range share {
		if w < least*total || formless(p, names, k) {
			continue
		}
		c := facetCell{share: w / total, sd: sigma / rows(p), keys: []key{k}}
		for n, part := range fc.parts {
			part.Label = p.Attribute(names[n]).Codes[k[n]].Readable("")
			c.parts = append(c.parts, part)
		}
		fc.cells = append(fc.cells, c)
	}
	slices.SortFunc(fc.cells, func(a, b facetCell) int { return slices.Compare(a.keys[0][:], b.keys[0][:]) })
	return fc
}

// formless reports whether a slice is about cells that have no form: what they say is another facet's.
func formless(p *profile.Profile, names []string, k key) bool {
	for n, name := range names {
		a := viewed(p, name)
		if a.Role != profile.RoleForm {
			continue
		}
		written := false
		for code, group := range a.Groups {
			written = written || group == k[n] && a.Codes[code].Class != profile.NoForm
		}
		if !written {
			return true
		}
	}
	return false
}

// place finds the cell of each gold row; ok is false when the gold set lacks a column.
func (fc *facet) place(g *goldSet) (ok bool) {
	for _, name := range fc.names {
		if g.codes[name] == nil {
			return false
		}
	}
	at := map[key]int32{}
	for i, c := range fc.cells {
		for _, k := range c.keys {
			at[k] = int32(i)
		}
	}
	fc.of = make([]int32, g.rows)
	for r := range fc.of {
		fc.of[r] = -1
		if i, ok := at[g.key(fc.names, r)]; ok {
			fc.of[r] = i
			fc.cells[i].gold++
		}
	}
	return len(fc.cells) > 0
}

// key returns a row's codes of some attributes.
func (g *goldSet) key(names []string, row int) (k key) {
	for n, name := range names {
		k[n] = g.codes[name][row]
	}
	return k
}
