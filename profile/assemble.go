package profile

import (
	"errors"
	"fmt"
)

// An assembler turns rows back into a profile. It checks what the profile can no longer show: that the rows are in
// order, that each has the cells of its section and no others, and that the readable labels are the codes' own.
type assembler struct {
	p       Profile
	kinds   map[string]string // of the columns
	section string            // of the last row

	text       int               // bytes of labels and names so far
	attributes map[string]*known // by name, once all are read
	item       joint             // the measurement or table being read
}

// known is what cells of an attribute are checked against.
type known struct {
	name   string
	labels []string // readable
}

// A joint is the attributes and cells of a measurement or table.
type joint struct {
	attributes []*known
	flat       []int32 // cells one after the other
}

func newAssembler(m Manifest) *assembler {
	return &assembler{p: Profile{Manifest: m}, kinds: m.kinds(), section: sectionDomain}
}

var (
	errOrder   = errors.New("rows are out of order")
	errNulls   = errors.New("a cell of another section is set, or one of its own is null")
	errLabel   = errors.New("a label differs from its code's")
	errText    = fmt.Errorf("more than %d attributes, or %d bytes of names and labels", MaxAttributes, MaxDomainText)
	errUnknown = errors.New("an attribute is unknown or a code is out of range")
)

// add takes the next row.
func (a *assembler) add(r *row) error {
	if string(r.section.v) != a.section {
		if err := a.enter(r.section.v); err != nil {
			return err
		}
	}
	isDomain, isMeasurement := a.section == sectionDomain, a.section == sectionMeasurement
	if r.class.ok != isDomain || r.role.ok != isDomain || r.origin.ok != isDomain ||
		!isDomain && (r.column.ok || r.tag.ok || r.labelBytes.ok || r.lo.ok || r.hi.ok || r.group.ok) ||
		r.value.ok != isMeasurement || r.sigma.ok != isMeasurement || r.release.ok != isMeasurement ||
		r.weight.ok != (a.section == sectionModel) {
		return errNulls
	}
	k, err := r.arity()
	if err != nil {
		return err
	}
	switch {
	case isDomain:
		return a.addCode(r, k)
	case isMeasurement:
		return a.addMeasured(r, k)
	}
	return a.addWeight(r, k)
}

// enter begins a later section.
func (a *assembler) enter(name text) error {
	section, ok := oneOf(name, sectionDomain, sectionMeasurement, sectionModel)
	if !ok || section == sectionDomain || a.section == sectionModel {
		return errOrder
	}
	if a.attributes == nil {
		a.attributes = make(map[string]*known, len(a.p.Attributes))
		for _, attr := range a.p.Attributes {
			a.attributes[attr.Name] = &known{attr.Name, readables(attr.Codes, a.kinds[attr.Column])}
		}
	}
	a.close()
	a.section = section
	return nil
}

// addCode takes a row of the domain section: one code.
func (a *assembler) addCode(r *row, k int) error {
	if k != 1 {
		return errors.New("a domain row is not about one attribute")
	}
	// The totals come before any copy, so that a dictionary page cannot be unfolded into more text than this.
	if a.text += len(r.labelBytes.v); a.text > MaxDomainText {
		return errText
	}
	attr, err := a.attribute(r)
	if err != nil {
		return fmt.Errorf("attribute %d: %w", r.item.v, err)
	}
	if int(r.codes[0].v) != len(attr.Codes) {
		return errOrder
	}
	if len(attr.Codes) == MaxCodes {
		return fmt.Errorf("attribute %d: more than %d codes", r.item.v, MaxCodes)
	}
	code, err := readCode(r)
	if err != nil {
		return fmt.Errorf("attribute %d: code %d: %w", r.item.v, len(attr.Codes), err)
	}
	if code.Readable(a.kinds[attr.Column]) != string(r.labels[0].v) {
		return fmt.Errorf("attribute %d: code %d: %w", r.item.v, len(attr.Codes), errLabel)
	}
	if r.group.ok != (attr.Groups != nil) && len(attr.Codes) > 0 {
		return fmt.Errorf("attribute %d: code %d: %w", r.item.v, len(attr.Codes), errNulls)
	}
	if r.group.ok {
		attr.Groups = append(attr.Groups, r.group.v)
	}
	attr.Codes = append(attr.Codes, code)
	return nil
}

// attribute returns the attribute a domain row is about: the last one, or the next.
func (a *assembler) attribute(r *row) (*Attribute, error) {
	name, n := r.attributes[0].v, int32(len(a.p.Attributes))
	if r.item.v == n {
		role, ok := oneOf(r.role.v, RoleRow, RoleValue, RoleForm, RoleText, RoleView)
		if !ok {
			return nil, errors.New("unknown role")
		}
		if a.text += len(name) + len(r.column.v); a.text > MaxDomainText || n == MaxAttributes {
			return nil, errText
		}
		a.p.Attributes = append(a.p.Attributes, Attribute{Name: string(name), Column: string(r.column.v), Role: role})
		n++
	}
	if n == 0 || r.item.v != n-1 {
		return nil, errOrder
	}
	attr := &a.p.Attributes[n-1]
	if r.column.ok == (attr.Role == RoleRow) {
		return nil, errNulls
	}
	if attr.Name != string(name) || attr.Column != string(r.column.v) || string(attr.Role) != string(r.role.v) {
		return nil, errors.New("it changes between its rows")
	}
	return attr, nil
}

// addMeasured takes a row of the measurement section: one noisy count.
func (a *assembler) addMeasured(r *row, k int) error {
	fresh, err := a.begin(r, k, len(a.p.Measurements))
	if err != nil {
		return err
	}
	if fresh {
		a.p.Measurements = append(a.p.Measurements, Measurement{Release: int(r.release.v), Attributes: a.item.names(), Sigma: r.sigma.v})
	}
	m := &a.p.Measurements[r.item.v]
	if m.Release != int(r.release.v) || m.Sigma != r.sigma.v {
		return fmt.Errorf("measurement %d changes its release or sigma between its rows", r.item.v)
	}
	m.Values = append(m.Values, r.value.v)
	return a.item.add(r)
}

// addWeight takes a row of the model section: one cell's weight.
func (a *assembler) addWeight(r *row, k int) error {
	fresh, err := a.begin(r, k, len(a.p.Tables))
	if err != nil {
		return err
	}
	if fresh {
		a.p.Tables = append(a.p.Tables, Table{Attributes: a.item.names()})
	}
	t := &a.p.Tables[r.item.v]
	t.Weights = append(t.Weights, r.weight.v)
	return a.item.add(r)
}

// begin starts a new item when the row's item is the next one, n, and otherwise checks that the row continues the
// last one.
func (a *assembler) begin(r *row, k, n int) (fresh bool, err error) {
	switch {
	case int(r.item.v) == n && n == MaxItems:
		return false, fmt.Errorf("more than %d items in section %s", MaxItems, a.section)
	case int(r.item.v) == n:
		a.close()
		return true, a.open(r, k)
	case n == 0 || int(r.item.v) != n-1:
		return false, errOrder
	}
	same := k == len(a.item.attributes)
	for i := 0; same && i < k; i++ {
		same = a.item.attributes[i].name == string(r.attributes[i].v)
	}
	if !same {
		return false, fmt.Errorf("item %d of section %s changes its attributes between its rows", r.item.v, a.section)
	}
	return false, nil
}

// open starts the cells of a new item over the row's k attributes.
func (a *assembler) open(r *row, k int) error {
	if k == 0 {
		return errUnknown
	}
	a.item = joint{}
	for _, name := range r.attributes[:k] {
		if len(name.v) > MaxText {
			return errUnknown // not worth hashing
		}
		attr, ok := a.attributes[string(name.v)]
		if !ok {
			return errUnknown
		}
		a.item.attributes = append(a.item.attributes, attr)
	}
	return nil
}

// add takes a row's cell.
func (j *joint) add(r *row) error {
	for i, attr := range j.attributes {
		code := r.codes[i].v
		if code < 0 || int(code) >= len(attr.labels) {
			return errUnknown
		}
		if attr.labels[code] != string(r.labels[i].v) {
			return errLabel
		}
		j.flat = append(j.flat, code)
	}
	return nil
}

func (j *joint) names() []string {
	names := make([]string, len(j.attributes))
	for i, attr := range j.attributes {
		names[i] = attr.name
	}
	return names
}

// cells cuts the flat cells into rows of the joint's arity.
func (j *joint) cells() [][]int32 {
	k := len(j.attributes)
	cells := make([][]int32, len(j.flat)/k)
	for i := range cells {
		cells[i] = j.flat[i*k : (i+1)*k : (i+1)*k]
	}
	return cells
}

// close hands the cells read to the measurement or table they belong to.
func (a *assembler) close() {
	if len(a.item.flat) == 0 {
		return
	}
	switch a.section {
	case sectionMeasurement:
		a.p.Measurements[len(a.p.Measurements)-1].Cells = a.item.cells()
	case sectionModel:
		a.p.Tables[len(a.p.Tables)-1].Cells = a.item.cells()
	}
	a.item = joint{}
}

// finish returns the profile once all rows are read.
func (a *assembler) finish() *Profile {
	a.close()
	return &a.p
}
