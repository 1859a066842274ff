package eval

import (
	"fmt"
	"math"

	"github.com/patina-data/patina/profile"
)

// maxPairCells bounds the cells of a pair that are compared.
const maxPairCells = 4096

// pairs tests what two attributes of different columns have to do with each other, for all that both profiles measured together, and
// returns how many were measured and could not be compared.
func (c *comparison) pairs() (unmatched int) {
	measured := [2]map[[2]string]bool{{}, {}}
	var order [][2]string
	for side, p := range c.sides {
		for _, m := range p.Measurements {
			if key, ok := viewPair(p, m); ok && !measured[side][key] {
				if !measured[0][key] {
					order = append(order, key)
				}
				measured[side][key] = true
			}
		}
	}
	for _, key := range order {
		if !measured[0][key] || !measured[1][key] || !c.pair(key) {
			unmatched++
		}
	}
	return unmatched
}

// viewPair returns the two views that a measurement is about.
func viewPair(p *profile.Profile, m profile.Measurement) (key [2]string, ok bool) {
	if len(m.Attributes) != 2 {
		return key, false
	}
	a, b := p.Attribute(m.Attributes[0]), p.Attribute(m.Attributes[1])
	return [2]string{a.Name, b.Name}, a.Role == profile.RoleView && b.Role == profile.RoleView
}

// A margin is one attribute of a pair.
type margin struct {
	of     [2][]int // [side][code of the view] the cell
	cells  int
	labels []string
	form   bool
	share  [2][]float64 // of the attribute by itself
	noise  [2][]float64
}

// margin aligns a view and adds up what is known of the attribute by itself; ok is false where that is not enough.
func (c *comparison) margin(view string) (m margin, ok bool) {
	a, b := viewed(c.sides[0], view), viewed(c.sides[1], view)
	if a == nil || b == nil {
		return m, false
	}
	base, ok := c.bases[a.Name]
	if !ok {
		return m, false
	}
	m.of, m.cells = alignViews(base, a, b)
	m.form = a.Role == profile.RoleForm
	m.labels = make([]string, m.cells)
	views := [2]*profile.Attribute{c.sides[0].Attribute(view), c.sides[1].Attribute(view)}
	for side := 1; side >= 0; side-- { // the first side's labels win
		for code, cell := range m.of[side] {
			m.labels[cell] = views[side].Codes[code].Label
		}
	}
	for side, x := range []*profile.Attribute{a, b} {
		n, ok := count(c.sides[side], x.Name)
		if !ok {
			return m, false
		}
		total := rows(c.sides[side])
		m.share[side], m.noise[side] = make([]float64, m.cells), make([]float64, m.cells)
		for code, v := range n.values {
			cell := m.of[side][x.Groups[code]]
			m.share[side][cell] += v / total
			m.noise[side][cell] += n.variance[code] / (total * total)
		}
	}
	return m, m.cells > 1
}

// viewed returns the attribute that a view is of.
func viewed(p *profile.Profile, view string) *profile.Attribute {
	for i := range p.Attributes {
		if a := &p.Attributes[i]; a.Groups != nil && profile.ViewName(a.Name) == view {
			return a
		}
	}
	return nil
}

// pair tests a pair of views for a change that the attributes' own changes do not explain. What these explain is the difference
// between the two sides' joint distribution scaled to the margins of each: iterative proportional fitting leaves all odds ratios as
// they are (Deming & Stephan 1940).
func (c *comparison) pair(key [2]string) bool {
	a, okA := c.margin(key[0])
	b, okB := c.margin(key[1])
	if !okA || !okB || a.cells*b.cells > maxPairCells {
		return false
	}
	x := &contrast{chanced: true, labels: make([]string, a.cells*b.cells), order: make([]float64, a.cells*b.cells), classes: make([]profile.Class, a.cells*b.cells)}
	for i := range a.cells {
		for j := range b.cells {
			x.labels[i*b.cells+j] = a.labels[i] + " × " + b.labels[j]
			x.order[i*b.cells+j] = math.NaN()
		}
	}
	for side, p := range c.sides {
		n, ok := count(p, key[0], key[1])
		if !ok {
			return false
		}
		cell := make([]int, len(n.values))
		wide := len(b.of[side])
		for k := range cell {
			cell[k] = a.of[side][k/wide]*b.cells + b.of[side][k%wide]
		}
		x.fill(side, p, n, cell)
	}
	x.explain(&a, &b)
	f := found{pair: true, tested: x.test(), change: Change{Forms: []bool{a.form, b.form}}}
	for _, view := range key {
		f.change.Columns = append(f.change.Columns, c.sides[0].Attribute(view).Column)
	}
	c.found = append(c.found, f)
	return true
}

// explain takes out of the second side what the change of the margins explains, and counts the doubt in them as noise.
func (x *contrast) explain(a, b *margin) {
	joint := make([]float64, len(x.labels))
	for k := range joint {
		joint[k] = x.mean(k)
	}
	was := scaled(joint, a.share[0], b.share[0])
	is := scaled(joint, a.share[1], b.share[1])
	rows, columns := sums(joint, a.cells, b.cells)
	for k := range joint {
		i, j := k/b.cells, k%b.cells
		x.share[1][k] -= is[k] - was[k]
		for side := range x.noise {
			given, other := part(joint[k], rows[i]), part(joint[k], columns[j])
			x.noise[side][k] += given*given*a.noise[side][i] + other*other*b.noise[side][j]
		}
	}
}

func part(of, all float64) float64 {
	if all <= 0 {
		return 0
	}
	return of / all
}

// sums adds a table up by rows and by columns.
func sums(table []float64, rows, columns int) (row, column []float64) {
	row, column = make([]float64, rows), make([]float64, columns)
	for k, v := range table {
		row[k/columns] += v
		column[k%columns] += v
	}
	return row, column
}

// scalings is how often a table is scaled to both margins: it converges fast unless cells are zero, and then noise matters more.
const scalings = 30

// scaled returns a table with other margins and its own odds ratios. Margins that noise made negative are taken for zero.
func scaled(table, a, b []float64) []float64 {
	out := append([]float64(nil), table...)
	a, b = normal(a), normal(b)
	for range scalings {
		row, _ := sums(out, len(a), len(b))
		for k := range out {
			out[k] *= part(a[k/len(b)], row[k/len(b)])
		}
		_, column := sums(out, len(a), len(b))
		for k := range out {
			out[k] *= part(b[k%len(b)], column[k%len(b)])
		}
	}
	return out
}

// normal returns shares without negative ones, adding up to 1.
func normal(x []float64) []float64 {
	out := make([]float64, len(x))
	sum := 0.0
	for i, v := range x {
		out[i] = max(0, v)
		sum += out[i]
	}
	for i := range out {
		out[i] = part(out[i], sum)
	}
	return out
}

// String says what a change is about.
func (c Change) String() string {
	name := func(i int) string {
		if c.Forms[i] {
			return c.Columns[i] + " (form)"
		}
		return c.Columns[i]
	}
	if len(c.Columns) == 2 {
		return fmt.Sprintf("%s × %s", name(0), name(1))
	}
	return name(0)
}
