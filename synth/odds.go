package synth

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// WeightColumn is the column of a sample's weights, its last.
const WeightColumn = "_weight"

// ErrNothing is for a wish that no record of the profile fulfils.
var ErrNothing = errors.New("no record of the profile fulfils the condition")

// mixture deals n rows as wished.
func (s *sampler) mixture(w *wish, n, key uint64) (*mixture, error) {
	terms, err := w.terms()
	if err != nil {
		return nil, err
	}
	conditions := make([]map[int]factor, len(terms))
	fixed := combine(s.present(w), s.cleaning(), s.within(w))
	for i, t := range terms {
		conditions[i] = combine(fixed, s.conditions(w, t.part))
	}
	odds := s.messOdds(w)
	if err := s.balance(w, terms, conditions, odds); err != nil {
		return nil, err
	}
	var shares []share
	wanted, sampled := 0.0, 0.0 // mean factors without odds and with them
	for i, t := range terms {
		wanted += s.plan.clone().reweigh(combine(conditions[i]))
		pl := s.plan.clone()
		mass := float64(t.odds * pl.reweigh(combine(conditions[i], odds)))
		if sampled += mass; mass > 0 {
			shares = append(shares, share{pl, mass, t.odds})
		}
	}
	if !(sampled > 0) {
		return nil, ErrNothing
	}
	if w.opts.weighted() {
		s.weights = &weights{scale: sampled / wanted, odds: odds}
	}
	m := newMixture(shares, n, key)
	if s.weights != nil {
		s.weights.parts = m.odds
	}
	return m, nil
}

// cleaning rules out, of a clean sample, what a column's kind cannot read, if it reads anything.
func (s *sampler) cleaning() map[int]factor {
	if !s.clean {
		return nil
	}
	out := map[int]factor{}
	for i := range s.columns {
		col := &s.columns[i]
		read := slices.ContainsFunc(col.cells, func(w writable) bool {
			return w.value.Class == profile.Atom || w.value.Class == profile.Bin || w.value.Class == profile.Generated
		})
		if !read || col.texts() {
			continue
		}
		multiply(out, col.table, len(col.cells), func(c int) float64 {
			if col.cells[c].value.Class == profile.Other {
				return 0
			}
			return 1
		})
	}
	return out
}

// messOdds multiplies the odds of what is not clean.
func (s *sampler) messOdds(w *wish) map[int]factor {
	by := w.opts.MessFactor
	if by == 0 || by == 1 {
		return map[int]factor{}
	}
	odds := func(regular bool) float64 {
		if regular {
			return 1
		}
		return by
	}
	out := combine(s.shapeFactor(w, func(shape int16) float64 { return odds(shape == 0) }))
	if table, at := s.plan.find(profile.RowOrder); table >= 0 {
		codes, cells := w.p.Attribute(profile.RowOrder).Codes, s.plan.tables[table].cells
		multiply(out, table, len(cells), func(c int) float64 { return odds(codes[cells[c][at]].Label != profile.OrderChanged) })
	}
	for i := range s.columns {
		col := &s.columns[i]
		multiply(out, col.table, len(col.cells), func(c int) float64 { return odds(col.cells[c].regular) })
	}
	return out
}

// balanceRounds bounds how often columns are balanced in turn: balancing one unbalances those that go with it. One alone needs
// one round.
const balanceRounds = 20

// balance multiplies the odds of categories until each column's are equally likely in the sample, by iterative proportional
// fitting (Deming & Stephan 1940). What is no category, missing values among it, keeps its share.
func (s *sampler) balance(w *wish, terms []term, conditions []map[int]factor, odds map[int]factor) error {
	var columns []*column
	for _, name := range w.opts.Balance {
		i := slices.IndexFunc(s.columns, func(c column) bool { return c.column.Name == name })
		if i < 0 {
			return fmt.Errorf("balance: the profile has no column %q: it has %s", name, someColumns(w.p))
		}
		if !slices.ContainsFunc(s.columns[i].cells, func(w writable) bool { return isCategory(w.value) }) {
			return fmt.Errorf("balance: column %q has no categories in the profile", name)
		}
		columns = append(columns, &s.columns[i])
	}
	rounds := balanceRounds
	if len(columns) == 1 {
		rounds = 1
	}
	for range rounds {
		for _, col := range columns {
			s.level(col, terms, conditions, odds)
		}
	}
	return nil
}

func isCategory(v profile.Code) bool { return v.Class == profile.Literal || v.Class == profile.Atom }

// level makes the categories of one column equally likely.
func (s *sampler) level(col *column, terms []term, conditions []map[int]factor, odds map[int]factor) {
	codes := 0
	for _, w := range col.cells {
		codes = max(codes, int(w.code)+1)
	}
	shares := make([]float64, codes)
	for i, t := range terms {
		pl := s.plan.clone()
		mass := float64(t.odds * pl.reweigh(combine(conditions[i], odds)))
		if !(mass > 0) {
			continue
		}
		for c, share := range pl.marginals()[col.table] {
			shares[col.cells[c].code] += float64(mass * share)
		}
	}
	mean, n := 0.0, 0.0
	for _, w := range categories(col) {
		if shares[w] > 0 {
			mean += shares[w]
			n++
		}
	}
	if n == 0 {
		return
	}
	mean /= n
	multiply(odds, col.table, len(col.cells), func(c int) float64 {
		w := col.cells[c]
		if !isCategory(w.value) || !(shares[w.code] > 0) {
			return 1
		}
		return mean / shares[w.code]
	})
}

// categories returns the codes of the column's categories.
func categories(col *column) []int32 {
	var codes []int32
	for _, w := range col.cells {
		if isCategory(w.value) && !slices.Contains(codes, w.code) {
			codes = append(codes, w.code)
		}
	}
	return codes
}

// weights undo the odds: a row's is the inverse of how many times likelier it was made, scaled to mean 1 over the sample.
type weights struct {
	scale float64
	odds  map[int]factor // tables with any
	parts []float64      // [part of the mixture]
}

// apply adds the weights of a block as its last column. Rows then all have the same fields.
func (w *weights) apply(b *record.Batch, h hand) {
	if w == nil {
		return
	}
	b.Shapes = nil
	cells := make([]record.Cell, b.Rows)
	tables := make([]int, 0, len(w.odds))
	for t := range w.odds {
		tables = append(tables, t)
	}
	slices.Sort(tables) // the order of multiplications is part of the bytes
	for i := range cells {
		by := w.parts[h.part[i]]
		for _, t := range tables {
			by = float64(by * w.odds[t][h.cells[t][i]])
		}
		cells[i] = record.Cell{Tag: record.Number, Text: formatWeight(w.scale / by)}
	}
	b.Cells = append(b.Cells, cells)
}

// weightDigits are the significant digits of a weight.
const weightDigits = 9

func formatWeight(x float64) string {
	if short, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', weightDigits-1, 64), 64); err == nil {
		x = short
	}
	return strconv.FormatFloat(x, 'f', -1, 64)
}
