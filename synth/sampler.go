package synth

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A sampler renders any block of a synthetic table. It is read-only after it is made.
type sampler struct {
	rows    uint64
	seed    uint64
	plan    *plan
	columns []column
	shape   []int16  // [slot of the shapes' node] the shape of a row
	shapes  int      // the node that deals rows their shapes; −1 when they have none
	members *members // nil when rows are not nested
}

// A column renders one column's cells.
type column struct {
	codec mess.Codec
	node  int             // that deals its cells
	value []profile.Code  // [cell of the node's table]
	form  []string        // [cell] descriptor to write in
	vary  []bool          // [cell] write unlike every released form, starting from that one
	known map[string]bool // released forms
	avoid map[string]bool // atoms: values with a code of their own, which no bin stands for
}

// newSampler prepares a profile for sampling n rows.
func newSampler(p *profile.Profile, n, seed uint64) (*sampler, error) {
	s := &sampler{rows: n, seed: seed}
	var err error
	if s.plan, err = newPlan(p); err != nil {
		return nil, err
	}
	for _, c := range p.Manifest.Columns {
		col, err := s.newColumn(p, c)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		s.columns = append(s.columns, col)
	}
	s.plan.build(n, derive(seed, 1))
	s.planShapes(p)
	s.members, err = s.planMembers(p)
	return s, err
}

// planShapes looks up the shape of each slot of the node that deals them.
func (s *sampler) planShapes(p *profile.Profile) {
	at := 0
	if s.shapes, at = s.plan.find(profile.RowShape); s.shapes < 0 {
		return
	}
	codes, cells := p.Attribute(profile.RowShape).Codes, s.plan.tables[s.shapes].cells
	plain := true
	for _, cell := range s.plan.nodes[s.shapes].cells {
		k, err := strconv.Atoi(codes[cells[cell][at]].Label)
		malformed := k == int(record.Malformed) && p.Manifest.Format == record.JSONL
		if err != nil || !malformed && (k <= -len(p.Manifest.Columns) || k > record.MaxShape) {
			k = 0 // another shape, or one that this writer does not make
		}
		plain = plain && k == 0
		s.shape = append(s.shape, int16(k))
	}
	if plain {
		s.shapes = -1
	}
}

// table returns the fitted table whose first attribute has the name, or nil.
func table(p *profile.Profile, name string) *profile.Table {
	i := slices.IndexFunc(p.Tables, func(t profile.Table) bool { return t.Attributes[0] == name })
	if i < 0 {
		return nil
	}
	return &p.Tables[i]
}

// newColumn plans a column's own table below the model's.
func (s *sampler) newColumn(p *profile.Profile, c profile.Column) (column, error) {
	codec, err := mess.ForKind(mess.Kind(c.Kind))
	if err != nil {
		return column{}, err
	}
	t, value, form := table(p, c.Name), p.Attribute(c.Name), p.Attribute(profile.FormName(c.Name))
	if t == nil || value == nil || len(t.Attributes) != 2 || form == nil || t.Attributes[1] != form.Name {
		return column{}, errNoModel
	}
	col := column{codec: codec, node: len(s.plan.tables), avoid: map[string]bool{}, known: map[string]bool{}}
	for _, f := range form.Codes {
		if f.Class == profile.Form {
			col.known[f.Label] = true
		}
	}
	for _, v := range value.Codes {
		if v.Class == profile.Atom {
			col.avoid[v.Label] = true
		}
	}
	var weights []int64
	var cells [][]int32 // the views' codes
	popular, malformed := formWeights(t, form), malformedWeight(p, t)
	for i, cell := range t.Cells {
		v, weight := value.Codes[cell[0]], t.Weights[i]
		if v.Class == profile.Absent && malformed > 0 {
			if weight <= malformed && len(t.Cells) > 1 {
				continue
			}
			weight = max(1, weight-malformed)
		}
		if v.Class == profile.Absent && p.Manifest.Format == record.CSV {
			continue // fields are absent where the row is short, which its shape says
		}
		if v.Class == profile.Other && !c.Type.Textual() {
			continue // what the kind cannot read, the type cannot hold once it is made up
		}
		for _, w := range written(codec, v, cell[1], weight, form, popular) {
			weights = append(weights, w.weight)
			cells = append(cells, []int32{group(value, cell[0]), group(form, cell[1])})
			col.value = append(col.value, v)
			col.form = append(col.form, native(c, v, w.form))
			col.vary = append(col.vary, v.Class == profile.Other && form.Codes[cell[1]].Class == profile.OtherForm)
		}
	}
	if len(weights) == 0 {
		return column{}, errNoModel
	}
	views := []string{profile.ViewName(value.Name), profile.ViewName(form.Name)}
	return col, s.plan.add(views, cells, weights)
}

// group returns the code of an attribute's view that a code belongs to.
func group(a *profile.Attribute, code int32) int32 {
	if a.Groups == nil {
		return 0
	}
	return a.Groups[code]
}

// formWeights returns how much weight each form code has in all.
func formWeights(t *profile.Table, form *profile.Attribute) []uint64 {
	total := make([]uint64, len(form.Codes))
	for i, cell := range t.Cells {
		total[cell[1]] += uint64(t.Weights[i])
	}
	return total
}

// A writing is a form to write a value in, with its part of a cell's weight.
type writing struct {
	form   string
	weight int64
}

// written returns the forms that a cell of the table is written in: its own, or for the catch-all form those that fit
// the value, in proportion to their weight in the column.
func written(codec mess.Codec, v profile.Code, f int32, weight int64, form *profile.Attribute, popular []uint64) []writing {
	if form.Codes[f].Class != profile.OtherForm {
		return []writing{{form.Codes[f].Label, weight}}
	}
	var fits []int
	var total uint64
	for k, code := range form.Codes {
		if code.Class == profile.Form && popular[k] > 0 && profile.Fits(codec, v, code) {
			fits = append(fits, k)
			total += popular[k]
		}
	}
	if total == 0 {
		return []writing{{mess.AnyForm, weight}}
	}
	var out []writing
	left := weight
	for _, k := range fits {
		hi, lo := bits.Mul64(uint64(weight), popular[k])
		part, _ := bits.Div64(hi, lo, total) // at most weight, as popular[k] ≤ total
		if part > 0 {
			out = append(out, writing{form.Codes[k].Label, int64(part)})
			left -= int64(part)
		}
	}
	if left > 0 { // what rounding down left over
		out = append(out, writing{form.Codes[fits[0]].Label, left})
	}
	return out
}

// block renders the rows of block b.
func (s *sampler) block(b uint64) *record.Batch {
	first := b * blockRows
	rows := int(min(blockRows, s.rows-first))
	places := make([][]place, len(s.plan.nodes))
	for k := range places {
		places[k] = make([]place, rows)
	}
	s.plan.deal(first, rows, places)
	batch := &record.Batch{Rows: rows, Cells: make([][]record.Cell, len(s.columns))}
	for c := range s.columns {
		r := &mess.Rand{Source: &stream{state: derive(s.seed, 3, b, uint64(c))}}
		col := &s.columns[c]
		table := s.plan.nodes[col.node].cells
		cells := make([]record.Cell, rows)
		for i, at := range places[col.node] {
			cells[i] = col.render(int(table[at.slot]), r)
		}
		batch.Cells[c] = cells
	}
	if s.shapes >= 0 {
		s.breakRows(batch, places[s.shapes])
	}
	s.members.finish(batch, first, places)
	return batch
}

// breakRows gives rows their shapes: short ones lose their last fields, long ones get more.
func (s *sampler) breakRows(batch *record.Batch, places []place) {
	batch.Shapes = make([]int16, batch.Rows)
	for i := range batch.Shapes {
		k := s.shape[places[i].slot]
		batch.Shapes[i] = k
		if k == record.Malformed { // which writers that can make of a record
			continue
		}
		for c := len(s.columns) + min(0, int(k)); c < len(s.columns); c++ {
			batch.Cells[c][i] = record.Cell{}
		}
	}
}

// render makes up the cell of one code.
func (c *column) render(at int, r *mess.Rand) record.Cell {
	v := c.value[at]
	switch v.Class {
	case profile.Absent:
		return record.Cell{Tag: record.Absent}
	case profile.Null:
		return record.Cell{Tag: record.Null}
	case profile.Missing, profile.Literal:
		return record.Cell{Tag: v.Tag, Text: v.Label}
	case profile.OtherMissing:
		return mess.OtherMissing(r)
	case profile.Other:
		cell := mess.Fill(c.form[at], r)
		if c.vary[at] && cell.Tag == record.Text {
			cell.Text = c.unlike(cell.Text, r)
		}
		return cell
	}
	return c.renderValue(v, c.form[at], r)
}

// maxVaried bounds how often a text is varied, and maxUnlike its length in bytes on the way.
const (
	maxVaried = 12
	maxUnlike = 1 << 12
)

// unlike varies a text until it has none of the released forms, nor says that there is no value.
func (c *column) unlike(text string, r *mess.Rand) string {
	for range maxVaried {
		text = mess.Vary(text[:min(len(text), maxUnlike)], r)
		d := mess.Describe(c.codec, record.Cell{Tag: record.Text, Text: text})
		if !d.Missing && !d.Typed && !slices.ContainsFunc(d.Forms, func(f string) bool { return c.known[f] }) {
			break
		}
	}
	return text
}

// maxRedraws bounds how often a value is drawn again because it is an atom; a bin made of little else keeps one.
const maxRedraws = 64

// renderValue makes up a cell for an atom or a bin.
func (c *column) renderValue(v profile.Code, form string, r *mess.Rand) record.Cell {
	cell := c.codec.Render(v.Span(), form, r)
	if v.Class != profile.Bin || len(c.avoid) == 0 {
		return cell
	}
	for range maxRedraws {
		value, _, ok := c.codec.Parse(cell)
		if !ok || !c.avoid[value.Key] {
			break
		}
		cell = c.codec.Render(v.Span(), form, r)
	}
	return cell
}
