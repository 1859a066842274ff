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
	columns []column
	shapes  *deal // nil when rows have no shape
	shape   []int16
}

// A column renders one column's cells.
type column struct {
	codec mess.Codec
	deal  *deal
	value []profile.Code  // [cell of the deal]
	form  []string        // [cell of the deal] descriptor to write in
	vary  []bool          // [cell of the deal] write unlike every released form, starting from that one
	known map[string]bool // released forms
	avoid map[string]bool // atoms: values with a code of their own, which no bin stands for
}

// newSampler prepares a profile for sampling n rows.
func newSampler(p *profile.Profile, n, seed uint64) (*sampler, error) {
	s := &sampler{rows: n, seed: seed}
	for i, c := range p.Manifest.Columns {
		col, err := newColumn(p, c, n, derive(seed, 1, uint64(i)))
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		s.columns = append(s.columns, col)
	}
	if t, a := table(p, profile.RowShape), p.Attribute(profile.RowShape); t != nil && a != nil {
		var weights []int64
		for i, cell := range t.Cells {
			k, err := strconv.Atoi(a.Codes[cell[0]].Label)
			if err == nil && k > -len(s.columns) && k <= record.MaxShape {
				weights = append(weights, t.Weights[i])
				s.shape = append(s.shape, int16(k))
			}
		}
		if len(weights) > 0 {
			s.shapes = newDeal(weights, n, derive(seed, 2))
		}
	}
	return s, nil
}

// table returns the fitted table whose first attribute has the name, or nil.
func table(p *profile.Profile, name string) *profile.Table {
	i := slices.IndexFunc(p.Tables, func(t profile.Table) bool { return t.Attributes[0] == name })
	if i < 0 {
		return nil
	}
	return &p.Tables[i]
}

func newColumn(p *profile.Profile, c profile.Column, n, key uint64) (column, error) {
	codec, err := c.Codec()
	if err != nil {
		return column{}, err
	}
	t, value, form := table(p, c.Name), p.Attribute(c.Name), p.Attribute(profile.FormName(c.Name))
	if t == nil || value == nil || len(t.Attributes) != 2 || form == nil || t.Attributes[1] != form.Name {
		return column{}, errNoModel
	}
	col := column{codec: codec, avoid: map[string]bool{}, known: map[string]bool{}}
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
	popular := formWeights(t, form)
	for i, cell := range t.Cells {
		v := value.Codes[cell[0]]
		if v.Class == profile.Absent && p.Manifest.Format == record.CSV {
			continue // fields are absent where the row is short, which its shape says
		}
		if v.Class == profile.Other && !c.Type.Textual() {
			continue // what the kind cannot read, the type cannot hold once it is made up
		}
		for _, w := range written(codec, v, cell[1], t.Weights[i], form, popular) {
			weights = append(weights, w.weight)
			col.value = append(col.value, v)
			col.form = append(col.form, w.form)
			col.vary = append(col.vary, v.Class == profile.Other && form.Codes[cell[1]].Class == profile.OtherForm)
		}
	}
	if len(weights) == 0 {
		return column{}, errNoModel
	}
	col.deal = newDeal(weights, n, key)
	return col, nil
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

// A deal hands the cells of a table to the rows, each cell its exact share rounded up or down: row i gets the cell at
// position (π(i)·W + u)/n of the cumulated weights, for a permutation π and an offset u (systematic sampling,
// Madow 1949, in random order).
type deal struct {
	ends   []uint64 // cumulated weights
	total  uint64   // W < 2⁶²
	offset uint64   // u < W
	perm   permutation
}

func newDeal(weights []int64, n, key uint64) *deal {
	d := &deal{perm: newPermutation(n, key)}
	for _, w := range weights {
		d.total += uint64(w)
		d.ends = append(d.ends, d.total)
	}
	d.offset, _ = bits.Mul64(mix(key+1), d.total)
	return d
}

// cell returns the index of the cell that row gets.
func (d *deal) cell(row uint64) int {
	hi, lo := bits.Mul64(d.perm.at(row), d.total)
	lo, carry := bits.Add64(lo, d.offset, 0)
	at, _ := bits.Div64(hi+carry, lo, d.perm.n) // below total, as π(i) ≤ n−1 and u < W
	i, _ := slices.BinarySearch(d.ends, at+1)
	return i
}

// block renders the rows of block b.
func (s *sampler) block(b uint64) *record.Batch {
	first := b * blockRows
	rows := int(min(blockRows, s.rows-first))
	batch := &record.Batch{Rows: rows, Cells: make([][]record.Cell, len(s.columns))}
	for c := range s.columns {
		r := &mess.Rand{Source: &stream{state: derive(s.seed, 3, b, uint64(c))}}
		cells := make([]record.Cell, rows)
		for i := range cells {
			cells[i] = s.columns[c].render(s.columns[c].deal.cell(first+uint64(i)), r)
		}
		batch.Cells[c] = cells
	}
	s.breakRows(batch, first)
	return batch
}

// breakRows gives rows their shapes: short ones lose their last fields, long ones get more.
func (s *sampler) breakRows(batch *record.Batch, first uint64) {
	if s.shapes == nil || len(s.shape) == 1 && s.shape[0] == 0 {
		return
	}
	batch.Shapes = make([]int16, batch.Rows)
	for i := range batch.Shapes {
		k := s.shape[s.shapes.cell(first+uint64(i))]
		batch.Shapes[i] = k
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
