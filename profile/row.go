package profile

import (
	"iter"

	"github.com/apache/arrow/go/v17/parquet"
)

// The sections of the file, in their order.
const (
	sectionDomain      = "domain"
	sectionMeasurement = "measurement"
	sectionModel       = "model"
)

// A text is the bytes of a string cell. When reading it is a view of the page it came from.
type text = parquet.ByteArray

// An opt is a nullable cell.
type opt[T any] struct {
	v  T
	ok bool
}

func some[T any](v T) opt[T] { return opt[T]{v, true} }

// A row is one row of the file, as FORMAT.md specifies it.
type row struct {
	section opt[text]
	item    opt[int32]

	value, sigma opt[float64] // measurement
	release      opt[int32]   // measurement
	weight       opt[int64]   // model

	class, role, column, tag, labelBytes, origin, lo, hi opt[text] // domain
	group                                                opt[int32]

	// Slots: the first k are set, for k attributes.
	attributes [MaxArity]opt[text]
	codes      [MaxArity]opt[int32]
	labels     [MaxArity]opt[text]
}

// newRow returns a row of an item over the attributes.
func newRow(section string, item int, attributes ...string) *row {
	r := &row{section: some(text(section)), item: some(int32(item))}
	for i, name := range attributes {
		r.attributes[i] = some(text(name))
	}
	return r
}

// setCell sets the slots' codes and labels. labels has every code's label for each attribute.
func (r *row) setCell(cell []int32, labels [][]text) {
	for i, code := range cell {
		r.codes[i], r.labels[i] = some(code), some(labels[i][code])
	}
}

// arity returns the number of slots that are set, or an error when the set slots are not the first ones or are only
// set in part.
func (r *row) arity() (int, error) {
	k := 0
	for k < MaxArity && r.attributes[k].ok {
		k++
	}
	for i := range MaxArity {
		if set := i < k; r.attributes[i].ok != set || r.codes[i].ok != set || r.labels[i].ok != set {
			return 0, errNulls
		}
	}
	return k, nil
}

// rows yields the rows of a valid profile in the order of the file. A row is overwritten by the next.
func rows(p *Profile) iter.Seq[*row] {
	return func(yield func(*row) bool) {
		labels := p.labels()
		for i := range p.Attributes {
			if !domainRows(i, &p.Attributes[i], labels[p.Attributes[i].Name], yield) {
				return
			}
		}
		for i := range p.Measurements {
			if !measurementRows(i, &p.Measurements[i], labels, yield) {
				return
			}
		}
		for i := range p.Tables {
			if !tableRows(i, &p.Tables[i], labels, yield) {
				return
			}
		}
	}
}

// labels returns the readable label of every code of every attribute, by the attribute's name.
func (p *Profile) labels() map[string][]text {
	kinds := p.Manifest.kinds()
	labels := make(map[string][]text, len(p.Attributes))
	for _, a := range p.Attributes {
		labels[a.Name] = texts(readables(a.Codes, kinds[a.Column]))
	}
	return labels
}

// kinds returns the kind of each column by name.
func (m *Manifest) kinds() map[string]string {
	kinds := make(map[string]string, len(m.Columns))
	for _, c := range m.Columns {
		kinds[c.Name] = c.Kind
	}
	return kinds
}

func texts(ss []string) []text {
	ts := make([]text, len(ss))
	for i, s := range ss {
		ts[i] = text(s)
	}
	return ts
}

func domainRows(item int, a *Attribute, labels []text, yield func(*row) bool) bool {
	for i, c := range a.Codes {
		r := newRow(sectionDomain, item, a.Name)
		r.setCell([]int32{int32(i)}, [][]text{labels})
		r.class, r.role, r.origin = some(text(c.Class)), some(text(a.Role)), some(text(c.Origin))
		if a.Role != RoleRow {
			r.column = some(text(a.Column))
		}
		if c.Class.carriesTag() {
			r.tag = some(text(c.Tag.String()))
		}
		if c.Class.carriesLabel() {
			r.labelBytes = some(text(c.Label))
		}
		if c.Class == Bin {
			r.lo, r.hi = some(text(c.Lo.String())), some(text(c.Hi.String()))
		}
		if a.Groups != nil {
			r.group = some(a.Groups[i])
		}
		if !yield(r) {
			return false
		}
	}
	return true
}

func measurementRows(item int, m *Measurement, labels map[string][]text, yield func(*row) bool) bool {
	r := newRow(sectionMeasurement, item, m.Attributes...)
	r.sigma, r.release = some(m.Sigma), some(int32(m.Release))
	of := labelsOf(m.Attributes, labels)
	for i, cell := range m.Cells {
		r.setCell(cell, of)
		r.value = some(m.Values[i])
		if !yield(r) {
			return false
		}
	}
	return true
}

func tableRows(item int, t *Table, labels map[string][]text, yield func(*row) bool) bool {
	r := newRow(sectionModel, item, t.Attributes...)
	of := labelsOf(t.Attributes, labels)
	for i, cell := range t.Cells {
		r.setCell(cell, of)
		r.weight = some(t.Weights[i])
		if !yield(r) {
			return false
		}
	}
	return true
}

func labelsOf(attributes []string, labels map[string][]text) [][]text {
	of := make([][]text, len(attributes))
	for i, name := range attributes {
		of[i] = labels[name]
	}
	return of
}
