package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A cellCoder codes the cells of one column over a profile's domains, each distinct one once.
type cellCoder struct {
	codec mess.Codec
	words *mess.Vocabulary
	coder *profile.Coder
	known map[record.Cell][2]int32
}

// maxKnown bounds the cells that are remembered: a column may have as many as rows.
const maxKnown = 1 << 17

// codes returns the codes of the value and the form.
func (c *cellCoder) codes(cell record.Cell) [2]int32 {
	out, ok := c.known[cell]
	if ok {
		return out
	}
	d := mess.Describe(c.codec, cell)
	c.words.Resolve(&d)
	out[0] = c.coder.Value(d)
	out[1] = c.coder.Form(d, out[0])
	if len(c.known) < maxKnown {
		cell.Text = strings.Clone(cell.Text)
		c.known[cell] = out
	}
	return out
}

// A marginal is a measurement of a profile over attributes that rows can be coded in, with what is known of its cells.
type marginal struct {
	sigma    float64 // of the profile's noise
	values   []float64
	complete bool // a threshold has not cut cells off

	parts []attributePart
	cells map[int]int // by the codes in mixed radix
	exact []float64   // [cell] records without canaries
	of    []int       // [canary] its cell, −1 for none
}

// An attributePart is an attribute of a marginal: where a row's code comes from.
type attributePart struct {
	column int
	form   bool
	groups []int32 // of a view; nil for none
	size   int
}

// code returns a row's code in the attribute; −1 for none.
func (a attributePart) code(codes [][2]int32) int32 {
	code := codes[a.column][0]
	if a.form {
		code = codes[a.column][1]
	}
	if a.groups != nil && code >= 0 {
		code = a.groups[code]
	}
	return code
}

// cell returns a row's cell in the marginal; −1 for none.
func (m *marginal) cell(codes [][2]int32) int {
	key := 0
	for _, p := range m.parts {
		code := p.code(codes)
		if code < 0 {
			return -1
		}
		key = key*p.size + int(code)
	}
	if at, ok := m.cells[key]; ok {
		return at
	}
	return -1
}

// A encoder codes rows over a profile.
type encoder struct {
	names     []string // columns of the profile
	columns   []cellCoder
	marginals []*marginal
}

// newEncoder prepares the coders of the columns, and the marginals of values, forms and views.
func newEncoder(p *profile.Profile) (*encoder, error) {
	e := &encoder{}
	part := map[string]attributePart{}
	for i, c := range p.Manifest.Columns {
		codec, err := c.Codec()
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		value, form := p.Attribute(c.Name), p.Attribute(profile.FormName(c.Name))
		if value == nil || form == nil {
			return nil, fmt.Errorf("column %q has no domain in the profile", c.Name)
		}
		e.names = append(e.names, c.Name)
		e.columns = append(e.columns, cellCoder{
			codec: codec, words: profile.Words(value.Codes), coder: profile.NewCoder(value.Codes, form.Codes), known: map[record.Cell][2]int32{},
		})
		for _, a := range []*profile.Attribute{value, form} {
			one := attributePart{column: i, form: a == form, size: len(a.Codes)}
			part[a.Name] = one
			if a.Groups != nil {
				one.groups, one.size = a.Groups, int(slices.Max(a.Groups))+1
				part[profile.ViewName(a.Name)] = one
			}
		}
	}
	for i := range p.Measurements {
		if m := newMarginal(p, &p.Measurements[i], part); m != nil {
			e.marginals = append(e.marginals, m)
		}
	}
	return e, nil
}

// newMarginal returns nil for a measurement of something else.
func newMarginal(p *profile.Profile, m *profile.Measurement, part map[string]attributePart) *marginal {
	out := &marginal{sigma: m.Sigma, values: m.Values, cells: map[int]int{}, complete: true}
	for _, r := range p.Manifest.Releases {
		if r.ID == m.Release {
			out.complete = r.Mechanism == "gaussian"
		}
	}
	for _, name := range m.Attributes {
		one, ok := part[name]
		if !ok {
			return nil
		}
		out.parts = append(out.parts, one)
	}
	for at, cell := range m.Cells {
		key := 0
		for k, code := range cell {
			key = key*out.parts[k].size + int(code)
		}
		out.cells[key] = at
	}
	out.exact = make([]float64, len(m.Cells))
	return out
}

// code codes a row of a batch of the encoder's columns.
func (e *encoder) code(cells [][]record.Cell, row int, codes [][2]int32) {
	for c := range e.columns {
		codes[c] = e.columns[c].codes(cells[c][row])
	}
}

// add counts a row.
func (e *encoder) add(codes [][2]int32) {
	for _, m := range e.marginals {
		if at := m.cell(codes); at >= 0 {
			m.exact[at]++
		}
	}
}

// place finds the cells that the canaries are in.
func (e *encoder) place(d *design) {
	column := make([]int, len(e.names))
	for i, name := range e.names {
		column[i] = slices.Index(d.names, name)
	}
	codes := make([][2]int32, len(e.columns))
	for _, cells := range d.canaries {
		for c := range e.columns {
			cell := record.Cell{}
			if column[c] >= 0 {
				cell = cells[column[c]]
			}
			codes[c] = e.columns[c].codes(cell)
		}
		for _, m := range e.marginals {
			m.of = append(m.of, m.cell(codes))
		}
	}
}

// seen are counts of records in the marginals' cells.
type seen struct {
	rows   int
	counts map[*marginal][]float64
}

// count counts the records of a source.
func (e *encoder) count(ctx context.Context, src *record.Source) (*seen, error) {
	s := &seen{counts: map[*marginal][]float64{}}
	for _, m := range e.marginals {
		s.counts[m] = make([]float64, len(m.values))
	}
	codes := make([][2]int32, len(e.columns))
	err := src.Read(ctx, e.names, func(b *record.Batch) error {
		s.rows += b.Rows
		for i := range b.Rows {
			e.code(b.Cells, i, codes)
			for _, m := range e.marginals {
				if at := m.cell(codes); at >= 0 {
					s.counts[m][at]++
				}
			}
		}
		return nil
	})
	return s, err
}
