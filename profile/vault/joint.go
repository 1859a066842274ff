package vault

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault/internal/choose"
	"github.com/patina-data/patina/profile/vault/internal/encode"
	"github.com/patina-data/patina/synth/fit"
	"github.com/patina-data/patina/synth/model"
)

// joint finds out which columns go together, once each has been measured by itself. In every round it
//
//  1. scores candidate sets of attributes by how far the model so far is from their exact counts, all in one release;
//  2. measures those whose gain pays for their noise;
//  3. fits the model again to all that has been measured.
//
// The model that the profile gets is fitted in the end, by package fit, to what is in the profile.
//
// A form is an attribute like any other, so how a value is written can go with another column.
type joint struct {
	exits exits
	spec  *spec.Spec
	purse account.Rho
	rows  float64 // released
	room  int     // for the cells of the model's tables

	vars   []variable
	domain model.Domain
	codes  *encode.Joint // the rows, over the variables' views

	known    []model.Measurement // of single variables, and of each column's value and form
	measured []model.Measurement // across columns
	picks    []choose.Pick
	released []profile.Measurement
	fitted   *model.Model
}

// A variable is the view of an attribute.
type variable struct {
	view
	job   *columnJob
	form  bool
	sigma float64 // of a group's count, as far as it is known from the column alone
}

// name returns the name of the variable's view.
func (v *variable) name() string { return profile.ViewName(v.attribute()) }

func (v *variable) attribute() string {
	if v.form {
		return profile.FormName(v.job.name)
	}
	return v.job.name
}

// A round scores sets of size attributes and measures some; shares are of what the joint has in all.
type round struct {
	size           int
	score, measure float64
}

var rounds = []round{{2, 0.035, 0.76}, {2, 0.035, 0.09}, {3, 0.035, 0.045}}

// Bounds on the cells of the model's tables: of all of them for each σ that there are records, and the part of that which the largest
// may have. On public tables of 15 to 25 columns more cells made fits slower and not better.
const (
	cellsPerSigma  = 256
	leastTreeCells = 1 << 19
	largestTable   = 0.125
)

// treeCells bounds the cells of all tables of a model of so many rows, where the count of a cell has noise sigma.
func treeCells(rows, sigma float64) int {
	return int(min(fit.MaxCells, max(leastTreeCells, cellsPerSigma*rows/sigma)))
}

// roughly is the tolerance of the fits between the rounds, which are read through noise that is larger, and only to score by.
const roughly = 0.1

// minVariables is the fewest variables that can go together.
const minVariables = 2

// correlate sets the columns against each other and puts all that was measured into the profile. Where nothing went together, the
// columns are measured once more by themselves.
func (b *build) correlate(ctx context.Context, p *profile.Profile, x exits, pl plan, jobs []*columnJob) error {
	w := newJoint(x, b.spec, pl.joint, p.Manifest.Rows, jobs)
	left := pl.joint
	if w != nil {
		var err error
		left, err = w.run(ctx, func(done float64) { b.opts.Progress("setting columns against each other", done) })
		if err != nil {
			return err
		}
	}
	shares := shareOut(jobs)
	for i, j := range jobs {
		if share := left * spare * account.Rho(shares[i]); left > worthwhile*pl.joint && !x.tooFaint(share, 1) {
			if err := j.again(share); err != nil {
				return fmt.Errorf("measure column %q: %w", j.name, err)
			}
		}
		j.addTo(p)
	}
	if w != nil {
		w.addTo(p)
	}
	return nil
}

// typicalSigma is what the noise of a cell will be like: of n columns, about as many pairs are measured in the first round as
// there are columns, and half as many again.
func typicalSigma(rho account.Rho, n int, unit dp.Unit) float64 {
	return float64(sigmaFor(rho*account.Rho(rounds[0].measure/(1.5*float64(n))), unit.Bound(1)))
}

// newJoint chooses the views. It returns nil when there is nothing to set against anything, or nothing to spend.
func newJoint(x exits, sp *spec.Spec, rho account.Rho, rows float64, jobs []*columnJob) *joint {
	if rho == 0 {
		return nil
	}
	w := &joint{exits: x, spec: sp, purse: rho, rows: rows, codes: &encode.Joint{}}
	typical := typicalSigma(rho, len(jobs), x.unit)
	k := resolution(rows, typical)
	w.room = treeCells(rows, typical)
	for _, j := range jobs {
		value, form := j.fittedMarginals()
		w.addVariable(j, false, j.viewValues(value, k, clearOf*typical))
		w.addVariable(j, true, j.viewForms(form, k, clearOf*typical))
	}
	if len(w.vars) < minVariables {
		return nil
	}
	w.know()
	return w
}

// clearOf is how many σ a group should hold to be told apart.
const clearOf = 1.5

// addVariable adds a view that tells anything apart.
func (w *joint) addVariable(j *columnJob, form bool, v view) {
	second := slices.Clone(v.counts)
	slices.SortFunc(second, func(a, b float64) int { return cmp.Compare(b, a) })
	if len(second) < 2 || second[1] <= 0 || len(v.counts) > encode.MaxView {
		return
	}
	sigma := j.finalSigma(form)
	w.vars = append(w.vars, variable{view: v, job: j, form: form, sigma: sigma})
	w.domain = append(w.domain, len(v.counts))
	coder := profile.NewCoder(j.value, j.form)
	if form {
		w.codes.AddForm(j.cells, coder, v.groups, len(v.counts))
	} else {
		w.codes.AddValue(j.cells, coder, v.groups, len(v.counts))
	}
}

// know takes in what the columns' own measurements say of the variables.
func (w *joint) know() {
	for i := range w.vars {
		v := &w.vars[i]
		w.known = append(w.known, model.Measurement{Attrs: []int{i}, Values: v.counts, Sigma: v.sigma})
		if !v.form || i == 0 || w.vars[i-1].job != v.job {
			continue
		}
		w.known = append(w.known, model.Measurement{Attrs: []int{i - 1, i}, Values: w.ownPair(i-1, i), Sigma: v.sigma})
	}
}

// ownPair returns the fitted counts of a column's value and form views.
func (w *joint) ownPair(value, form int) []float64 {
	a, b := &w.vars[value], &w.vars[form]
	counts := make([]float64, len(a.counts)*len(b.counts))
	for i, cell := range a.job.table.Cells {
		at := int(a.groups[cell[0]])*len(b.counts) + int(b.groups[cell[1]])
		counts[at] += float64(a.job.table.Weights[i]) / model.Unit
	}
	return counts
}

// impossible lists the pairs of a value's and a form's group that no code is in.
func (w *joint) impossible() []model.Zeros {
	var zeros []model.Zeros
	for _, m := range w.known {
		if len(m.Attrs) != 2 {
			continue
		}
		z := model.Zeros{Attrs: m.Attrs}
		size := w.domain[m.Attrs[1]]
		for i, n := range m.Values {
			if n == 0 {
				z.Cells = append(z.Cells, []int32{int32(i / size), int32(i % size)})
			}
		}
		if len(z.Cells) > 0 {
			zeros = append(zeros, z)
		}
	}
	return zeros
}

// run goes through the rounds and returns what they left over. progress is told the share of them that is done.
func (w *joint) run(ctx context.Context, progress func(done float64)) (left account.Rho, err error) {
	if err := w.fit(ctx); err != nil {
		return 0, err
	}
	for i, r := range rounds {
		progress(float64(i) / float64(len(rounds)))
		left += w.purse * account.Rho(r.score+r.measure)
		spent, err := w.round(ctx, r, left)
		if err != nil {
			return 0, err
		}
		left -= spent
	}
	return w.again(left)
}

// again measures what was measured once more, with what the rounds left over, in the proportions that it was paid for. It
// returns what is left over still, which is all where nothing was measured.
func (w *joint) again(rho account.Rho) (left account.Rho, err error) {
	paid := account.Rho(0)
	for _, p := range w.picks {
		paid += p.Rho
	}
	if paid == 0 || rho < worthwhile*w.purse {
		return rho, nil
	}
	left = rho
	for _, p := range slices.Clone(w.picks) {
		if p.Rho = atMost(rho * p.Rho / paid); w.exits.tooFaint(p.Rho, 1) {
			continue
		}
		if err := w.measure(p); err != nil {
			return 0, err
		}
		left -= p.Rho
	}
	return max(0, left), nil
}

// worthwhile is the part of the budget below which what is left over is left.
const worthwhile = 0.001

// round scores, measures and fits, with up to rho, and returns what it spent of it.
func (w *joint) round(ctx context.Context, r round, rho account.Rho) (spent account.Rho, err error) {
	price := atMost(w.purse * account.Rho(r.score))
	cliques, expected, err := w.candidates(ctx, r.size, price)
	if err != nil || len(cliques) == 0 {
		return 0, err
	}
	rounded := make([][]int64, len(expected))
	for i, e := range expected {
		rounded[i] = make([]int64, len(e))
		for cell, m := range e {
			rounded[i][cell] = int64(math.Round(m))
		}
	}
	scores, err := w.exits.misfits(w.codes, cliques, rounded, price)
	if err != nil {
		return 0, err
	}
	spent = price
	candidates := make([]choose.Candidate, len(cliques))
	for i, c := range cliques {
		candidates[i] = choose.Candidate{Attrs: c, Cells: len(expected[i]), Misfit: scores.Values[i], Floor: choose.Floor(expected[i]), Weight: w.weight(c)}
	}
	for _, pick := range choose.Batch(candidates, float64(scores.Event.Sigma), rho-spent, maxRho, w.exits.unit.Records(), w.roomFor) {
		if err := ctx.Err(); err != nil {
			return spent, err
		}
		if w.exits.tooFaint(pick.Rho, 1) {
			continue
		}
		if err := w.measure(pick); err != nil {
			return spent, err
		}
		spent += pick.Rho
	}
	return spent, w.fit(ctx)
}

// weight returns how much the errors of a set of attributes count.
func (w *joint) weight(clique []int) float64 {
	var columns []string
	for _, a := range clique {
		columns = append(columns, w.vars[a].job.name)
	}
	return w.spec.Weight(columns...)
}

// measure releases the counts of one set of attributes.
func (w *joint) measure(pick choose.Pick) error {
	n, err := w.exits.together(w.codes, pick.Attrs, pick.Rho)
	if err != nil {
		return err
	}
	sigma := float64(n.Event.Sigma)
	w.measured = append(w.measured, model.Measurement{Attrs: pick.Attrs, Values: n.Values, Sigma: sigma})
	m := profile.Measurement{Release: n.Event.ID, Values: n.Values, Sigma: sigma}
	for _, a := range pick.Attrs {
		m.Attributes = append(m.Attributes, w.vars[a].name())
	}
	m.Cells = w.cells(pick.Attrs)
	w.released = append(w.released, m)
	w.picks = append(w.picks, pick)
	return nil
}

// cells lists the cells of a table, the last attribute running fastest.
func (w *joint) cells(attrs []int) [][]int32 {
	cells := [][]int32{{}}
	for _, a := range attrs {
		next := make([][]int32, 0, len(cells)*w.domain[a])
		for _, c := range cells {
			for code := range int32(w.domain[a]) {
				next = append(next, append(slices.Clone(c), code))
			}
		}
		cells = next
	}
	return cells
}

// roomFor says how many cells the model would have with some sets of attributes besides what it has, and whether it can hold them.
func (w *joint) roomFor(picked [][]int) (cells int, fits bool) {
	all := slices.Clone(picked)
	for _, ms := range [][]model.Measurement{w.known, w.measured} {
		for _, m := range ms {
			all = append(all, m.Attrs)
		}
	}
	total, largest, widest := model.TreeCells(w.domain, all)
	return total, total <= w.room && float64(largest) <= largestTable*float64(w.room) && widest <= profile.MaxArity
}

// fit fits the model to all measurements, starting from the last one.
func (w *joint) fit(ctx context.Context) error {
	m, err := model.Fit(ctx, w.domain, max(w.rows, 1), slices.Concat(w.known, w.measured), w.impossible(), model.Options{
		MaxCells: fit.MaxCells, MaxIterations: fit.MaxSweeps, Tolerance: roughly, Warm: w.fitted,
	})
	if err != nil {
		return fmt.Errorf("fit the model: %w", err)
	}
	w.fitted = m
	return nil
}

// candidates returns the sets of attributes to score, and what the model expects of their cells: pairs of attributes of
// different columns, or triples that lie within the model's tables as they are, not yet measured, and as many as a
// price can tell apart.
func (w *joint) candidates(ctx context.Context, size int, price account.Rho) (cliques [][]int, expected [][]float64, err error) {
	all := w.pairs()
	if size == 3 {
		all = w.triples()
	}
	potential := func(clique []int) float64 {
		least := math.Inf(1)
		for _, a := range clique {
			least = min(least, w.rows-slices.Max(w.vars[a].counts))
		}
		return 2 * least // rows outside the largest group can be in the wrong cell, and missing in another
	}
	slices.SortStableFunc(all, func(a, b []int) int { return cmp.Compare(potential(b), potential(a)) })
	most := make([]float64, len(all))
	for i, c := range all {
		most[i] = potential(c)
	}
	all = all[:choose.Affordable(most, price, w.exits.unit.Records())]
	for len(all) > 0 && w.exits.tooFaint(price, len(all)) {
		all = all[:len(all)/2]
	}
	expected, err = w.expect(ctx, all)
	return all, expected, err
}

// expect returns what the model expects of the cells of pairs, which may lie anywhere in it, or of triples within its
// tables.
func (w *joint) expect(ctx context.Context, cliques [][]int) ([][]float64, error) {
	expected := make([][]float64, len(cliques))
	at := map[[2]int]int{}
	for i, c := range cliques {
		if len(c) == 2 {
			at[[2]int{c[0], c[1]}] = i
			continue
		}
		var err error
		if expected[i], err = w.fitted.Marginal(c); err != nil {
			return nil, err
		}
	}
	if len(at) == 0 {
		return expected, nil
	}
	return expected, w.fitted.Pairs(ctx, func(a, b int, counts []float64) {
		if i, ok := at[[2]int{a, b}]; ok {
			expected[i] = slices.Clone(counts)
		}
	})
}

// pairs lists the pairs of variables of different columns that have not been measured.
func (w *joint) pairs() [][]int {
	var all [][]int
	for b := range w.vars {
		for a := range b {
			if w.vars[a].job != w.vars[b].job && !w.has([]int{a, b}) {
				all = append(all, []int{a, b})
			}
		}
	}
	return all
}

// maxTripleCells bounds the cells of a triple worth scoring.
const maxTripleCells = 1 << 14

// triples lists the triples of variables that lie in a table of the model.
func (w *joint) triples() [][]int {
	seen := map[[3]int]bool{}
	var all [][]int
	for _, c := range w.fitted.Cliques() {
		for z := range c.Attrs {
			for y := range z {
				for x := range y {
					t := [3]int{c.Attrs[x], c.Attrs[y], c.Attrs[z]}
					small := w.domain[t[0]]*w.domain[t[1]]*w.domain[t[2]] <= maxTripleCells
					if small && !seen[t] {
						seen[t] = true
						all = append(all, []int{t[0], t[1], t[2]})
					}
				}
			}
		}
	}
	return all
}

func (w *joint) has(clique []int) bool {
	return slices.ContainsFunc(w.measured, func(m model.Measurement) bool { return slices.Equal(m.Attrs, clique) })
}

// addTo puts the views and the measurements into the profile.
func (w *joint) addTo(p *profile.Profile) {
	used := w.used()
	for i := range w.vars {
		if used[i] {
			w.vars[i].addTo(p)
		}
	}
	p.Measurements = append(p.Measurements, w.released...)
}

// used says which variables go with those of another column; a column's own table says the rest.
func (w *joint) used() []bool {
	used := make([]bool, len(w.vars))
	for _, m := range w.measured {
		for _, a := range m.Attrs {
			used[a] = true
		}
	}
	return used
}

// addTo gives the attribute its groups and inserts its view after the column's attributes.
func (v *variable) addTo(p *profile.Profile) {
	p.Attribute(v.attribute()).Groups = v.groups
	view := profile.Attribute{Name: v.name(), Column: v.job.name, Role: profile.RoleView}
	for _, label := range v.labels {
		view.Codes = append(view.Codes, profile.Code{Class: profile.Group, Label: label, Origin: profile.Learnt})
	}
	last := 0
	for i, a := range p.Attributes {
		if a.Column == v.job.name {
			last = i
		}
	}
	p.Attributes = slices.Insert(p.Attributes, last+1, view)
}
