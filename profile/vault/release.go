package vault

import (
	"strconv"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/profile/vault/internal/encode"
	"github.com/patina-data/patina/profile/vault/internal/raw"
)

// This file is the vault's only exit: every call of a mechanism is here, one method each, with its reason. A test
// compares them with testdata/exits.txt.

// exits spends one run's budget.
type exits struct {
	run  *dp.Run
	unit dp.Unit // what the counts are sealed with, for plans of what noise there will be
}

// units releases how many units have how many records, because that is known from the rows only, and so is what the cap on them
// leaves out.
func (x exits) units(c *bound.Choice, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "records per unit", Rho: rho}, encode.Units(c))
}

// rows releases the number of rows, because adding or removing a record changes it.
func (x exits) rows(t *raw.Table, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "row count", Rho: rho}, encode.Rows(t))
}

// widths releases how many paths JSON records have, because how many of them to count is known from the rows only.
func (x exits) widths(k *encode.PathCounter, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "paths in a record", Rho: rho}, k.Widths())
}

// paths releases the paths of JSON records, because which keys occur is known from the rows only.
func (x exits) paths(k *encode.PathCounter, limit int, rho account.Rho, delta account.Delta) ([]dp.Selected, error) {
	paths, _, err := x.run.Threshold(dp.Charge{Purpose: "json paths", Rho: rho, Delta: delta}, k.Paths(limit))
	return paths, err
}

// follows releases which key of an object comes after which, because the order of keys is known from the rows only.
func (x exits) follows(m *encode.Members, t *raw.Table, limit int, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "order of keys", Rho: rho}, m.Follows(t, limit))
}

// orders releases how many JSON records have keys in another order than most, because some may.
func (x exits) orders(m *encode.Members, t *raw.Table, pairs [][2]int, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "records in order", Rho: rho}, m.Orders(t, pairs))
}

// others releases how many JSON records have keys beyond the columns, because paths below the threshold are in no column.
func (x exits) others(t *raw.Table, lows []int, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "other keys", Rho: rho}, encode.Others(t, lows))
}

// shapes releases the row shapes that occur, because short, long and other odd rows are known from the rows only.
func (x exits) shapes(t *raw.Table, rho account.Rho, delta account.Delta) ([]dp.Selected, dp.Event, error) {
	return x.run.Threshold(dp.Charge{Purpose: "row shapes", Rho: rho, Delta: delta}, encode.Shapes(t))
}

// copies releases how many distinct rows occur how often, because exact duplicates are known from the rows only.
func (x exits) copies(t *raw.Table, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "duplicates", Rho: rho}, encode.Copies(t))
}

// kinds releases the votes on the columns' kinds, because nobody declared them.
func (x exits) kinds(columns []*raw.Column, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "column kinds", Rho: rho}, encode.Votes(columns))
}

// agreements releases in how many records the cells of columns on persons agree with those of the first such column, because
// whether they are about the same person is known from the rows only.
func (x exits) agreements(first *encode.Column, others []*encode.Column, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "columns that agree", Rho: rho}, encode.Agreements(first, others))
}

// withheld releases how many cells of columns with categories may not become one, by reason, because what is in them is known
// from the rows only.
func (x exits) withheld(columns []*encode.Column, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "cells withheld", Rho: rho}, encode.Withheld(columns))
}

// values releases the frequent cells of a column as codes: its null spellings, atoms and categories.
func (x exits) values(column string, e *encode.Column, w encode.Which, rho account.Rho, delta account.Delta) ([]dp.Selected, dp.Event, error) {
	return x.run.Threshold(dp.Charge{Purpose: "frequent values", Column: column, Rho: rho, Delta: delta}, e.Keys(w))
}

// forms releases the frequent descriptors at one rung of the ladder.
func (x exits) forms(column string, e *encode.Column, c *profile.Coder, released map[string]bool, rung int, rho account.Rho, delta account.Delta) ([]dp.Selected, error) {
	purpose := "forms, rung " + strconv.Itoa(rung+1)
	forms, _, err := x.run.Threshold(dp.Charge{Purpose: purpose, Column: column, Rho: rho, Delta: delta}, e.Forms(c, released, rung))
	return forms, err
}

// grid releases the counts of one level of the tree over a column's axis, from which the bins are chosen.
func (x exits) grid(column string, e *encode.Column, c *profile.Coder, spans []mess.Span, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "bin tree", Column: column, Rho: rho}, e.Grid(c, spans))
}

// valueMarginal releases a column's marginal over its value domain.
func (x exits) valueMarginal(column string, e *encode.Column, c *profile.Coder, codes int, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "value marginal", Column: column, Rho: rho}, e.Values(c, codes))
}

// pairs releases how often a column's values are written in which form, because some forms go with some values only.
func (x exits) pairs(column string, e *encode.Column, c *profile.Coder, cells [][]int32, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "value and form pairs", Column: column, Rho: rho}, e.Pairs(c, cells))
}

// misfits releases how far the model so far is from the counts of each candidate set of attributes, because which columns
// go together is known from the rows only.
func (x exits) misfits(t *encode.Joint, cliques [][]int, expected [][]int64, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "misfits", Rho: rho}, t.Misfits(cliques, expected))
}

// distances releases how far the counts of sets of attributes are from those of synthetic records, because the real ones are
// known from the rows only.
func (x exits) distances(t *encode.Joint, cliques [][]int, expected [][]int64, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "distances to synthetic data", Rho: rho}, t.Misfits(cliques, expected))
}

// together releases the marginal over a set of attributes of several columns, because they go together.
func (x exits) together(t *encode.Joint, clique []int, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "joint marginal", Rho: rho}, t.Marginal(clique))
}

// formMarginal releases a column's marginal over its form domain.
func (x exits) formMarginal(column string, e *encode.Column, c *profile.Coder, codes int, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "form marginal", Column: column, Rho: rho}, e.FormCodes(c, codes))
}

// pieces releases the frequent pieces of texts that have no exact form, because how they are put together is known from
// the rows only.
func (x exits) pieces(column string, e *encode.Column, c *profile.Coder, form []profile.Code, rho account.Rho, delta account.Delta) ([]dp.Selected, error) {
	pieces, _, err := x.run.Threshold(dp.Charge{Purpose: "text pieces", Column: column, Rho: rho, Delta: delta}, e.Pieces(c, form))
	return pieces, err
}

// grammar releases how the pieces follow each other and how long their words are.
func (x exits) grammar(column string, e *encode.Column, c *profile.Coder, form []profile.Code, s *mess.Syntax, rho account.Rho) (dp.Noisy, error) {
	return x.run.Gaussian(dp.Charge{Purpose: "text grammar", Column: column, Rho: rho}, e.Steps(c, form, s))
}
