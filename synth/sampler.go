package synth

import (
	"fmt"
	"math/bits"
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A sampler renders any block of a synthetic table. It is read-only after it is made.
type sampler struct {
	rows    uint64
	seed    uint64
	clean   bool
	plan    *plan // the model, before anything is made likelier
	mix     *mixture
	columns []column
	shapes  *shapes  // nil when all rows are regular
	copies  *copies  // nil when no rows are copies of others
	members *members // nil when rows are not nested
	people  *people  // nil when no columns agree on persons
	units   *units   // nil when the unit of privacy is the record
	weights *weights // nil when they are not asked for
}

// A column renders one column's cells.
type column struct {
	column  profile.Column
	format  record.Format
	codec   mess.Codec
	words   *mess.Vocabulary // literals, of which there may be variants
	table   int              // that deals its cells
	cells   []writable       // [cell of the table]
	pens    []pen            // [cell of the table]
	known   map[string]bool  // released forms
	avoid   map[string]bool  // atoms: values with a code of their own, which no bin stands for
	atoms   []float64        // where they lie on the axis, ascending
	strange bool             // where one of them lies is not known
	key     *keyColumn       // nil when it is no part of the unit's key
	text    *mess.Grammar    // of texts; nil when it was not measured
}

// A writable is what a cell of a column's table stands for.
type writable struct {
	value   profile.Code // of a bin, the part of it
	code    int32        // in the value's domain
	written int32        // code in the form's domain
	form    string       // to write it in
	vary    bool         // the form is the catch-all: it is to be unlike the others
	regular bool         // clean as it is
	weight  int64
}

// newSampler prepares a profile for sampling n rows.
func newSampler(p *profile.Profile, n, seed uint64, opts Options) (*sampler, error) {
	s, wish, err := newModel(p, opts)
	if err != nil {
		return nil, err
	}
	s.rows, s.seed = n, seed
	if s.mix, err = s.mixture(wish, n, derive(seed, 1)); err != nil {
		return nil, err
	}
	s.people = s.planPeople(p)
	s.units = newUnits(p, s.keyed(p), n, seed)
	for i := range s.columns {
		s.columns[i].key = s.units.newKeyColumn(p, &s.columns[i])
	}
	if !opts.Clean {
		s.shapes = newShapes(p, s.mix, n, opts.AsInput)
		if learnt, noise := profile.Duplicates(p); learnt != nil {
			s.copies = newCopies(learnt, noise, n, s.natural, derive(seed, 4))
		}
	}
	s.members, err = s.planMembers(p)
	return s, err
}

// newModel plans the tables of a profile, and what is wished of them.
func newModel(p *profile.Profile, opts Options) (*sampler, *wish, error) {
	s := &sampler{clean: opts.Clean}
	var err error
	if s.plan, err = newPlan(p); err != nil {
		return nil, nil, err
	}
	w, err := newWish(p, opts)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range p.Manifest.Columns {
		col, err := s.newColumn(p, c, w.tests.cuts[c.Name])
		if err != nil {
			return nil, nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		s.columns = append(s.columns, col)
	}
	return s, w, nil
}

// table returns the fitted table whose first attribute has the name, or nil.
func table(p *profile.Profile, name string) *profile.Table {
	i := slices.IndexFunc(p.Tables, func(t profile.Table) bool { return t.Attributes[0] == name })
	if i < 0 {
		return nil
	}
	return &p.Tables[i]
}

// newColumn plans a column's own table below the model's, with its bins cut at some edges.
func (s *sampler) newColumn(p *profile.Profile, c profile.Column, cuts []mess.Edge) (column, error) {
	codec, err := c.Codec()
	if err != nil {
		return column{}, err
	}
	t, value, form := table(p, c.Name), p.Attribute(c.Name), p.Attribute(profile.FormName(c.Name))
	if t == nil || value == nil || len(t.Attributes) != 2 || form == nil || t.Attributes[1] != form.Name {
		return column{}, errNoModel
	}
	col := column{
		column: c, format: p.Manifest.Format, codec: codec, text: grammar(p, c.Name), words: profile.Words(value.Codes),
		table: len(s.plan.tables), avoid: map[string]bool{}, known: map[string]bool{},
	}
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
	col.placeAtoms()
	if col.spell(p, t, value, form); len(col.cells) == 0 {
		return column{}, errNoModel
	}
	col.cut(cuts)
	var weights []int64
	var cells [][]int32 // the views' codes
	styles := newStyles(&col, form, formWeights(t, form))
	for i := range col.cells {
		w := &col.cells[i]
		weights = append(weights, w.weight)
		cells = append(cells, []int32{group(value, w.code), group(form, w.written)})
		clean := styles.clean(w.value, w.form)
		w.regular = clean.regular
		if s.clean && (!w.regular || w.value.Class == profile.Other) {
			col.pens = append(col.pens, col.cleanPen(clean, w.value, w.vary))
		} else {
			col.pens = append(col.pens, col.newPen(w.value, native(c, w.value, w.form), w.vary))
		}
	}
	views := []string{profile.ViewName(value.Name), profile.ViewName(form.Name)}
	return col, s.plan.add(views, cells, weights)
}

// spell lists the cells of the column's fitted table, each in the forms that it is written in.
func (c *column) spell(p *profile.Profile, t *profile.Table, value, form *profile.Attribute) {
	popular, malformed := formWeights(t, form), malformedWeight(p, t)
	for i, cell := range t.Cells {
		v, weight := value.Codes[cell[0]], t.Weights[i]
		if v.Class == profile.Absent && malformed > 0 {
			if weight <= malformed && len(t.Cells) > 1 {
				continue
			}
			weight = max(1, weight-malformed)
		}
		if v.Class == profile.Absent && c.format == record.CSV {
			continue // fields are absent where the row is short, which its shape says
		}
		if v.Class == profile.Other && !c.column.Type.Textual() && !slices.Contains(p.Manifest.Privacy.UnitColumns, c.column.Name) {
			continue // what the kind cannot read, the type cannot hold once it is made up
		}
		for _, w := range c.written(v, cell[1], weight, form, popular) {
			c.cells = append(c.cells, writable{
				value: v, code: cell[0], written: cell[1], form: w.form, weight: w.weight, vary: form.Codes[cell[1]].Class == profile.OtherForm,
			})
		}
	}
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
func (c *column) written(v profile.Code, f int32, weight int64, form *profile.Attribute, popular []uint64) []writing {
	if form.Codes[f].Class != profile.OtherForm {
		return []writing{{form.Codes[f].Label, weight}}
	}
	var fits []int
	var total uint64
	for k, code := range form.Codes {
		if code.Class == profile.Form && popular[k] > 0 && profile.Fits(c.codec, c.words, v, code) {
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
	sources := s.copies.sources(first, rows)
	h := s.mix.deal(sources)
	people := s.people.of(sources)
	batch := &record.Batch{Rows: rows, Cells: make([][]record.Cell, len(s.columns))}
	for c := range s.columns {
		batch.Cells[c] = s.cells(c, sources, h, people.in(c))
	}
	s.shapes.apply(batch, first, h)
	s.members.finish(batch, first, h)
	s.weights.apply(batch, h)
	return batch
}

// cells renders the cells of column c from a hand; who says whom those of a row are about.
func (s *sampler) cells(c int, sources []uint64, h hand, who person) []record.Cell {
	col := &s.columns[c]
	if col.key != nil {
		return s.units.keys(col.key, sources, h.cells[col.table], derive(s.seed, 3, uint64(c)))
	}
	cells := make([]record.Cell, len(sources))
	col.render(cells, h.cells[col.table], sources, derive(s.seed, 3, uint64(c)), who)
	return cells
}
