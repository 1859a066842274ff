package eval

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// An alignment is the finest partition that two domains have in common: a record falls in one cell by either domain, and in the
// same one. Bins are the same between edges that both have; what one domain tells apart and the other does not is one cell.
type alignment struct {
	of     [2][]int // [side][code] the cell
	labels []string // [cell]
	codes  [][2][]int32
}

// A domain is an attribute of one of two profiles, with the column it belongs to.
type domain struct {
	*profile.Attribute
	column profile.Column
	codec  mess.Codec
	values *profile.Attribute // of forms: the column's values
}

// joiner is a union-find over the codes of two domains, those of the second after those of the first.
type joiner struct {
	parent []int
	first  int
}

func newJoiner(first, second int) *joiner {
	j := &joiner{first: first, parent: make([]int, first+second)}
	for i := range j.parent {
		j.parent[i] = i
	}
	return j
}

func (j *joiner) find(i int) int {
	for j.parent[i] != i {
		j.parent[i] = j.parent[j.parent[i]]
		i = j.parent[i]
	}
	return i
}

// link says that a record may have the one code in one domain and the other in the other.
func (j *joiner) link(a, b int) { j.parent[j.find(a)] = j.find(j.first + b) }

// cells numbers the parts, in the order of the codes.
func (j *joiner) cells() (of [2][]int, n int) {
	number := map[int]int{}
	for i := range j.parent {
		root := j.find(i)
		if _, ok := number[root]; !ok {
			number[root] = len(number)
		}
		side := 0
		if i >= j.first {
			side = 1
		}
		of[side] = append(of[side], number[root])
	}
	return of, len(number)
}

// align partitions the codes of two attributes of the same name and role.
func align(a, b domain) alignment {
	j := newJoiner(len(a.Codes), len(b.Codes))
	for _, l := range links(a, b) {
		j.link(l[0], l[1])
	}
	of, n := j.cells()
	al := alignment{of: of, labels: make([]string, n), codes: make([][2][]int32, n)}
	for side, cells := range of {
		for code, cell := range cells {
			al.codes[cell][side] = append(al.codes[cell][side], int32(code))
		}
	}
	for cell := range al.labels {
		al.labels[cell] = al.label(cell, a, b)
	}
	return al
}

// links lists the pairs of codes of two domains that a record may have.
func links(a, b domain) (out [][2]int) {
	there, back := newMatcher(b), newMatcher(a)
	for i := range a.Codes {
		for _, k := range there.matches(a, i) {
			out = append(out, [2]int{i, k})
		}
	}
	for k := range b.Codes {
		for _, i := range back.matches(b, k) {
			out = append(out, [2]int{i, k})
		}
	}
	if a.values == nil || b.values == nil {
		return out
	}
	out = append(out, there.unwritten(a)...)
	for _, l := range back.unwritten(b) {
		out = append(out, [2]int{l[1], l[0]})
	}
	return out
}

// A matcher looks up where records of another domain's codes fall in its own.
type matcher struct {
	domain
	exact map[profile.Code]int
	class map[profile.Class]int
	bins  []int
}

func newMatcher(d domain) *matcher {
	m := &matcher{domain: d, exact: map[profile.Code]int{}, class: map[profile.Class]int{}}
	for i, c := range d.Codes {
		m.exact[identity(c)] = i
		m.class[c.Class] = i
		if c.Class == profile.Bin {
			m.bins = append(m.bins, i)
		}
	}
	return m
}

// identity is a code without what does not tell it apart.
func identity(c profile.Code) profile.Code {
	c.Origin = ""
	return c
}

// matches returns the codes that records of the code i of another domain may have.
func (m *matcher) matches(from domain, i int) []int {
	c := from.Codes[i]
	if from.column.Kind != m.column.Kind && !profile.IsMissing(c.Class) && c.Class != profile.NoForm {
		return m.present() // what one kind reads may be anything to another
	}
	if c.Class == profile.Bin {
		return m.overlapping(c)
	}
	if k, ok := m.exact[identity(c)]; ok {
		return []int{k}
	}
	switch c.Class {
	case profile.Missing, profile.OtherMissing, profile.Null, profile.Absent:
		return m.first(profile.OtherMissing)
	case profile.Atom:
		return m.holding(c)
	case profile.Form, profile.OtherForm:
		return m.written(from, c)
	case profile.Shape, profile.OtherShape:
		return m.first(profile.OtherShape)
	}
	return m.first(profile.Other)
}

// first returns the code of the first class that the domain has.
func (m *matcher) first(classes ...profile.Class) []int {
	for _, c := range classes {
		if k, ok := m.class[c]; ok {
			return []int{k}
		}
	}
	return nil
}

// present returns all codes that are no missing cells and no literals without a form.
func (m *matcher) present() (out []int) {
	for i, c := range m.Codes {
		if !profile.IsMissing(c.Class) && c.Class != profile.NoForm {
			out = append(out, i)
		}
	}
	return out
}

// overlapping returns the bins that values in a bin may fall in. The outer ones take what is beyond them.
func (m *matcher) overlapping(c profile.Code) (out []int) {
	for n, i := range m.bins {
		b := m.Codes[i]
		if (n == 0 || b.Lo.Compare(c.Hi) < 0) && (n == len(m.bins)-1 || c.Lo.Compare(b.Hi) < 0) {
			out = append(out, i)
		}
	}
	if out == nil {
		return m.first(profile.Generated, profile.Other)
	}
	return out
}

// holding returns the bin that a single value falls in.
func (m *matcher) holding(c profile.Code) []int {
	v, _, ok := m.codec.Parse(record.Cell{Tag: record.Text, Text: c.Label})
	if !ok || len(m.bins) == 0 {
		return m.first(profile.Generated, profile.Other)
	}
	lows := make([]float64, len(m.bins))
	for n, i := range m.bins {
		lows[n] = m.Codes[i].Lo.Float()
	}
	return []int{m.bins[max(0, mess.Locate(lows, v.Pos))]}
}

// written returns the forms in which the domain has cells of a form that it lacks: the next coarser one, found with a made-up cell.
func (m *matcher) written(from domain, c profile.Code) (out []int) {
	switch {
	case c.IsVariant():
		if out = m.variants(); out == nil && from.values != nil {
			for _, v := range from.values.Codes {
				if cell, ok := spelled(v, c, from.values); ok {
					out = append(out, m.shape(cell)...)
				}
			}
		}
		return out
	case c.Class == profile.Form && !m.codec.Own(c.Label):
		return m.shape(mess.Fill(c.Label, &mess.Rand{Source: rand.NewPCG(1, 1)}))
	}
	return m.first(profile.OtherForm)
}

// variants returns the forms that variants of several kinds have.
func (m *matcher) variants() (out []int) {
	for i, c := range m.Codes {
		if c.IsVariant() && strings.HasPrefix(c.Label, mess.AnyVariant) {
			out = append(out, i)
		}
	}
	return out
}

// spelled makes up a cell of a category in a form of variants.
func spelled(v, form profile.Code, values *profile.Attribute) (cell record.Cell, ok bool) {
	words := profile.Words(values.Codes)
	if v.Class != profile.Literal || v.Tag != record.Text || !words.Fits(v.Label, form.Label) {
		return cell, false
	}
	text, _ := words.Render(v.Label, form.Label, &mess.Rand{Source: rand.NewPCG(1, 1)})
	return record.Cell{Tag: record.Text, Text: text}, true
}

// unwritten links the forms in which the other side has categories that only it has, and their variants, with those in which the
// domain has the same cells: there they are no categories.
func (m *matcher) unwritten(from domain) (out [][2]int) {
	known := map[profile.Code]bool{}
	for _, c := range m.values.Codes {
		known[identity(c)] = true
	}
	for _, c := range from.values.Codes {
		if c.Class != profile.Literal || known[identity(c)] {
			continue
		}
		for i, f := range from.Codes {
			cell, ok := record.Cell{Tag: c.Tag, Text: c.Label}, f.Class == profile.NoForm
			if f.IsVariant() {
				cell, ok = spelled(c, f, from.values)
			}
			if !ok {
				continue
			}
			for _, k := range m.shape(cell) {
				out = append(out, [2]int{i, k})
			}
		}
	}
	return out
}

// shape returns the form that the domain has for a cell that is none of its categories and that its kind does not read.
func (m *matcher) shape(cell record.Cell) []int {
	for _, shape := range mess.Shapes(cell) {
		if k, ok := m.exact[profile.Code{Class: profile.Form, Label: shape}]; ok {
			return []int{k}
		}
	}
	return m.first(profile.OtherForm)
}

// label names a cell: by its code where it is one, by its range where it is on an axis, else by what most of it is.
func (al *alignment) label(cell int, a, b domain) string {
	codes := slices.Clone(al.codes[cell][0])
	d := a
	if len(codes) == 0 {
		codes, d = al.codes[cell][1], b
	}
	text := ""
	for _, i := range codes {
		c := d.Codes[i]
		switch {
		case c.Class == profile.Other, c.Class == profile.OtherMissing, c.Class == profile.OtherForm, c.Class == profile.OtherShape:
			return c.Readable(d.column.Kind)
		case c.Class == profile.Bin && text == "":
			text = rangeLabel(d.Attribute, i, d.column.Kind)
		case c.Class == profile.Bin:
			text = joinLabels(text, rangeLabel(d.Attribute, i, d.column.Kind))
		}
	}
	switch {
	case text != "":
		return text
	case len(codes) == 1:
		return d.Codes[codes[0]].Readable(d.column.Kind)
	}
	return fmt.Sprintf("%s and %d more", d.Codes[codes[0]].Readable(d.column.Kind), len(codes)-1)
}

// class returns the class of a cell's first code.
func (al *alignment) class(cell int, a, b domain) profile.Class {
	if codes := al.codes[cell][0]; len(codes) > 0 {
		return a.Codes[codes[0]].Class
	}
	return b.Codes[al.codes[cell][1][0]].Class
}

// order returns where a cell lies on the attribute's axis; ok is false off it.
func (al *alignment) order(cell int, a domain) (lo float64, ok bool) {
	for _, i := range al.codes[cell][0] {
		c := a.Codes[i]
		if c.Class == profile.Other { // holds more than its bins
			return 0, false
		}
		if c.Class == profile.Bin && !ok {
			lo, ok = c.Lo.Float(), true
		}
	}
	return lo, ok
}

// alignViews partitions the codes of two views by the alignment of the attributes that they are views of.
func alignViews(base alignment, a, b *profile.Attribute) (of [2][]int, cells int) {
	sizes := [2]int{groups(a), groups(b)}
	j := newJoiner(sizes[0], sizes[1])
	for _, codes := range base.codes {
		for _, x := range codes[0] {
			for _, y := range codes[1] {
				j.link(int(a.Groups[x]), int(b.Groups[y]))
			}
		}
	}
	return j.cells()
}

func groups(a *profile.Attribute) int { return int(slices.Max(a.Groups)) + 1 }
