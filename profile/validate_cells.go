package profile

import (
	"errors"
	"fmt"
	"slices"
)

// maxTotal bounds a table's weights together, so that sampling can add them in an int64.
const maxTotal = 1 << 62

func (p *Profile) checkMeasurements() error {
	sizes := p.sizes()
	for i := range p.Measurements {
		m := &p.Measurements[i]
		if err := m.check(sizes, p.Manifest.Releases); err != nil {
			return fmt.Errorf("measurement %d: %w", i, err)
		}
		if len(m.Attributes) > 1 && slices.ContainsFunc(m.Attributes, p.countsSteps) {
			return fmt.Errorf("measurement %d: it joins steps of a text with another attribute", i)
		}
	}
	return nil
}

func (m *Measurement) check(sizes map[string]int, releases []Release) error {
	if m.Release < 1 || m.Release > len(releases) {
		return fmt.Errorf("there is no release %d", m.Release)
	}
	if m.Sigma != releases[m.Release-1].Sigma {
		return errors.New("its sigma is not its release's")
	}
	if len(m.Values) != len(m.Cells) {
		return errors.New("its values and cells differ in number")
	}
	for _, v := range m.Values {
		if !finite(v) {
			return errors.New("a value is not finite")
		}
	}
	return checkCells(m.Attributes, m.Cells, sizes)
}

func (p *Profile) checkTables() error {
	sizes := p.sizes()
	for i := range p.Tables {
		if err := p.Tables[i].check(sizes); err != nil {
			return fmt.Errorf("table %d: %w", i, err)
		}
		if slices.ContainsFunc(p.Tables[i].Attributes, p.countsSteps) {
			return fmt.Errorf("table %d: it is about steps of a text, of which a record has many", i)
		}
	}
	return nil
}

func (t *Table) check(sizes map[string]int) error {
	if len(t.Weights) != len(t.Cells) {
		return errors.New("its weights and cells differ in number")
	}
	var total int64
	for _, w := range t.Weights {
		// total < 2^62 before each step, so that the sum cannot overflow where w < 2^62.
		if w <= 0 || w >= maxTotal || total+w >= maxTotal {
			return errors.New("weights must be positive and sum to less than 2^62")
		}
		total += w
	}
	return checkCells(t.Attributes, t.Cells, sizes)
}

// countsSteps reports whether a record can have several codes of the attribute.
func (p *Profile) countsSteps(attribute string) bool {
	a := p.Attribute(attribute)
	return a != nil && a.Role == RoleText
}

// sizes returns the number of codes of each attribute.
func (p *Profile) sizes() map[string]int {
	sizes := make(map[string]int, len(p.Attributes))
	for _, a := range p.Attributes {
		sizes[a.Name] = len(a.Codes)
	}
	return sizes
}

// checkCells checks a marginal's attributes and its cells' codes, and that no cell is there twice.
func checkCells(attributes []string, cells [][]int32, sizes map[string]int) error {
	k := len(attributes)
	if k < 1 || k > MaxArity {
		return fmt.Errorf("%d attributes: want 1 to %d", k, MaxArity)
	}
	for j, name := range attributes {
		if _, ok := sizes[name]; !ok {
			return fmt.Errorf("there is no attribute %q", name)
		}
		if slices.Contains(attributes[:j], name) {
			return fmt.Errorf("attribute %q is there twice", name)
		}
	}
	if len(cells) == 0 {
		return errors.New("no cells")
	}
	for i, cell := range cells {
		if len(cell) != k {
			return fmt.Errorf("cell %d has %d codes for %d attributes", i, len(cell), k)
		}
		for j, code := range cell {
			if code < 0 || int(code) >= sizes[attributes[j]] {
				return fmt.Errorf("cell %d: attribute %q has no code %d", i, attributes[j], code)
			}
		}
	}
	return checkDistinct(cells)
}

// checkDistinct sorts a copy, unless the cells are in order already as the vault writes them.
func checkDistinct(cells [][]int32) error {
	if !slices.IsSortedFunc(cells, slices.Compare) {
		cells = slices.Clone(cells)
		slices.SortFunc(cells, slices.Compare)
	}
	for i := 1; i < len(cells); i++ {
		if slices.Equal(cells[i-1], cells[i]) {
			return errors.New("a cell is there twice")
		}
	}
	return nil
}
