package synth

import (
	"errors"
	"fmt"
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/synth/where"
)

// A Boost makes records that fulfil a condition likelier.
type Boost struct {
	Where  where.Expr
	Factor float64 // of the odds: > 0, at most MaxFactor
}

// MaxFactor bounds how many times likelier or less likely anything can be made.
const MaxFactor = 1000

// A wish is what is to be sampled rather than the profile's own distribution.
type wish struct {
	p      *profile.Profile
	opts   Options
	tests  tests
	wanted []where.Part // disjoint; one without literals when all records are
	boosts []boosted
}

// boosted is a boost taken apart.
type boosted struct {
	yes, no []where.Part
	factor  float64
}

// newWish checks the options against the profile.
func newWish(p *profile.Profile, opts Options) (*wish, error) {
	w := &wish{p: p, opts: opts, wanted: []where.Part{nil}, tests: newTests()}
	if f := opts.MessFactor; f != 0 && !isFactor(f) {
		return nil, fmt.Errorf("mess factor %g: want more than 0, at most %d", f, MaxFactor)
	}
	if opts.Where != nil {
		if err := w.tests.bind(p, opts.Where); err != nil {
			return nil, err
		}
		var err error
		if w.wanted, _, err = where.Parts(opts.Where); err != nil {
			return nil, err
		}
	}
	for name := range opts.Within {
		if a := p.Attribute(name); a == nil || a.Role != profile.RoleValue && a.Role != profile.RoleForm {
			return nil, fmt.Errorf("the profile has no values or forms %q", name)
		}
	}
	for _, b := range opts.Boost {
		if !isFactor(b.Factor) {
			return nil, fmt.Errorf("boost factor %g: want more than 0, at most %d", b.Factor, MaxFactor)
		}
		if err := w.tests.bind(p, b.Where); err != nil {
			return nil, err
		}
		yes, no, err := where.Parts(b.Where)
		if err != nil {
			return nil, err
		}
		w.boosts = append(w.boosts, boosted{yes, no, b.Factor})
	}
	if (opts.weighted()) && slices.ContainsFunc(p.Manifest.Columns, func(c profile.Column) bool { return c.Name == WeightColumn }) {
		return nil, fmt.Errorf("the profile has a column %s of its own: weights have no place", WeightColumn)
	}
	return w, nil
}

func isFactor(f float64) bool { return f > 0 && f <= MaxFactor }

func newTests() tests {
	return tests{bound: map[testKey]*bound{}, cuts: map[string][]mess.Edge{}}
}

// A term is a conjunction whose records have the same odds.
type term struct {
	part where.Part
	odds float64
}

// maxTerms bounds the plans of a mixture.
const maxTerms = 128

// terms combines what is wanted with what is boosted: disjoint terms.
func (w *wish) terms() ([]term, error) {
	var terms []term
	for _, part := range w.wanted {
		terms = append(terms, term{part, 1})
	}
	for _, b := range w.boosts {
		var finer []term
		for _, t := range terms {
			for _, part := range b.yes {
				finer = append(finer, term{slices.Concat(t.part, part), t.odds * b.factor})
			}
			for _, part := range b.no {
				finer = append(finer, term{slices.Concat(t.part, part), t.odds})
			}
		}
		if terms = finer; len(terms) > maxTerms {
			return nil, errTooMany
		}
	}
	return terms, nil
}

var errTooMany = errors.New("the condition and the boosts mix columns in too many ways: use fewer of them at a time")

// conditions returns the factors, 0 or 1, of a conjunction.
func (s *sampler) conditions(w *wish, part where.Part) map[int]factor {
	out := map[int]factor{}
	for _, l := range part {
		name, _ := where.Column(l.X)
		i := slices.IndexFunc(s.columns, func(c column) bool { return c.column.Name == name })
		col := &s.columns[i]
		multiply(out, col.table, len(col.cells), func(c int) float64 {
			if w.tests.holds(col, l.X, &col.cells[c]) == l.Want {
				return 1
			}
			return 0
		})
	}
	return out
}

// within returns the factors, 0 or 1, of records that have one of some codes in each of some attributes.
func (s *sampler) within(w *wish) map[int]factor {
	out := map[int]factor{}
	for i := range s.columns {
		col := &s.columns[i]
		values, byValue := w.opts.Within[col.column.Name]
		forms, byForm := w.opts.Within[profile.FormName(col.column.Name)]
		if !byValue && !byForm {
			continue
		}
		multiply(out, col.table, len(col.cells), func(c int) float64 {
			if byValue && !slices.Contains(values, col.cells[c].code) || byForm && !slices.Contains(forms, col.cells[c].written) {
				return 0
			}
			return 1
		})
	}
	return out
}

// multiply multiplies the factor of a table.
func multiply(factors map[int]factor, table, cells int, by func(cell int) float64) {
	f := factors[table]
	if f == nil {
		f = make(factor, cells)
		for i := range f {
			f[i] = 1
		}
		factors[table] = f
	}
	for i := range f {
		f[i] = float64(f[i] * by(i))
	}
}

// combine multiplies sets of factors.
func combine(sets ...map[int]factor) map[int]factor {
	out := map[int]factor{}
	for _, set := range sets {
		for table, f := range set {
			multiply(out, table, len(f), func(c int) float64 { return f[c] })
		}
	}
	return out
}

// present returns the factors of the records that have all columns which the condition is about, and that are records at all:
// those of a shape that ends before are left out.
func (s *sampler) present(w *wish) map[int]factor {
	least := -1
	if w.opts.Where != nil {
		where.Tests(w.opts.Where, func(t where.Test) {
			least = max(least, slices.IndexFunc(s.columns, func(c column) bool { return c.column.Name == t.Column }))
		})
	}
	if least < 0 && !w.opts.weighted() {
		return nil
	}
	return s.shapeFactor(w, func(shape int16) float64 {
		if int(shape) <= -len(s.columns) || shape < 0 && len(s.columns)+int(shape) <= least || shape == record.Malformed {
			return 0
		}
		return 1
	})
}

// shapeFactor returns the factors of rows by their shapes, as they will be made.
func (s *sampler) shapeFactor(w *wish, of func(shape int16) float64) map[int]factor {
	table, at := s.plan.find(profile.RowShape)
	if table < 0 || w.opts.Clean {
		return nil
	}
	codes, cells := w.p.Attribute(profile.RowShape).Codes, s.plan.tables[table].cells
	out := map[int]factor{}
	multiply(out, table, len(cells), func(c int) float64 { return of(shapeOf(codes[cells[c][at]].Label, w.p, w.opts.AsInput)) })
	return out
}
