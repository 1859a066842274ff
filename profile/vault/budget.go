package vault

import (
	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile/record"
)

// How a run's ρ is shared out. Shares are of the run; the columns split what is left evenly. They were chosen by
// measuring single-column error on messy public tables (BenchmarkMarginalError); the final marginals get most of it,
// because structure found at a tenth of their noise buys nothing.
const (
	shareUnits  = 0.01 // where the unit has a key
	shareRows   = 0.01
	shareShapes = 0.01 // CSV and JSON lines
	shareCopies = 0.01
	shareKinds  = 0.04 // when a kind is not declared

	// JSON lines with undeclared keys only.
	shareWidths = 0.01 // when the limit on a record's paths is not declared
	sharePaths  = 0.08
	shareFollow = 0.03
	shareOrders = 0.005
	shareOthers = 0.005
)

// How a column's ρ is shared out; the rest measures the final marginals.
const (
	shareValues    = 0.22 // selecting categories
	shareAtoms     = 0.16 // selecting atoms, of kinds with an axis
	shareNulls     = 0.06 // selecting null spellings only
	shareForm      = 0.07 // each rung of the ladder
	shareUnwritten = 0.02 // how many cells are none of the declared categories
	shareFormIn    = 0.30 // the forms' part of the final measurement
	sharePieces    = 0.05 // selecting pieces of texts, where many have no exact form
	shareGrammar   = 0.18 // how they follow each other, at least
	sharePairs     = 0.50 // the pairs' part of that, where a kind's own forms are several
)

// What is taken of the columns' ρ, before they share it, where some columns are of kinds that it is about.
const (
	shareAgreement = 0.01 // whether columns on persons agree
	shareWithheld  = 0.01 // what could not become a category
)

// maxRungs is the most rungs of the ladder of forms that are released.
const maxRungs = 3

// shareLevels is the tree's part, level by level from the roots: near the top counts are large and need little.
var shareLevels = [...]float64{0.03, 0.03, 0.03, 0.04, 0.04, 0.04}

// thresholdsPerColumn is how many thresholds a column can charge δ for: its values, maybe read anew, its forms, the pieces of its
// texts.
const thresholdsPerColumn = 3 + maxRungs

// purse is what is left of a column's budget. Steps take fractions of its whole, and never more than is left; what
// they do not take goes to the last one.
type purse struct {
	whole, left account.Rho
	selecting   float64       // the share that selecting values has taken
	delta       account.Delta // for each threshold
}

func (p *purse) take(share float64) account.Rho {
	rho := min(atMost(account.Rho(share)*p.whole), p.left)
	p.left -= rho
	return rho
}

// takeForValues takes a share for selecting values.
func (p *purse) takeForValues(share float64) account.Rho {
	p.selecting += share
	return p.take(share)
}

// grammarShare is the share of a grammar: its own, and what selecting categories has not taken.
func (p *purse) grammarShare() float64 { return shareGrammar + max(0, shareValues-p.selecting) }

// maxRho keeps every σ at 1 or more, which is the most a record changes a count: there the tails that the noise
// lacks are worth nothing (dp/PRIVACY.md, "The noise"). Budget beyond it is left unspent.
const maxRho = 0.5

func atMost(rho account.Rho) account.Rho { return min(rho, maxRho) }

// plan is the run's budget, shared out before anything is drawn.
type plan struct {
	unit  dp.Unit
	alone bool // columns are not set against each other

	units, rows, shapes, copies, kinds     account.Rho
	widths, paths, follows, orders, others account.Rho // of JSON lines

	columns     account.Rho   // for all columns, each by itself
	joint       account.Rho   // for setting columns against each other
	columnDelta account.Delta // for all thresholds of all columns together
	delta       account.Delta // for each threshold outside the columns
}

// spare keeps the sum of the shares below the reservation whatever their rounding.
const spare = 1 - 1e-9

// deltaOutside is the part of the thresholds' δ that each of the two outside the columns may use.
const deltaOutside = 0.1

func newPlan(reserved ledger.Amount, b *build) plan {
	rho := reserved.Rho * spare
	p := plan{
		unit:        b.rule.Unit(),
		alone:       b.spec.Alone,
		columns:     rho,
		delta:       reserved.Delta * deltaOutside,
		columnDelta: reserved.Delta * spare * (1 - 2*deltaOutside),
	}
	draw := func(need bool, share account.Rho) account.Rho {
		if !need {
			return 0
		}
		p.columns -= share * rho
		return atMost(share * rho)
	}
	p.units = draw(b.rule.Keyed(), shareUnits)
	p.rows = draw(true, shareRows)
	p.shapes = draw(b.schema.Format != record.Parquet, shareShapes)
	p.copies = draw(true, shareCopies)
	p.kinds = draw(b.paths != nil || b.undeclared(), shareKinds)
	p.widths = draw(b.paths != nil && b.spec.Source.MaxKeys == 0, shareWidths)
	p.paths = draw(b.paths != nil, sharePaths)
	p.follows = draw(b.paths != nil, shareFollow)
	p.orders = draw(b.paths != nil, shareOrders)
	p.others = draw(b.paths != nil, shareOthers)
	return p
}

// What is set aside, of what the columns have, for setting them against each other: more the more there is to be seen.
const (
	shareJointLeast = 0.25
	shareJointMost  = 0.50
)

// setAside takes the joint's share from the n columns', where there are rows enough to see more than noise.
func (p *plan) setAside(n int, rows float64) {
	k := resolution(rows, typicalSigma(shareJointMost*p.columns, n, p.unit))
	if n < 2 || k < minResolution || p.alone {
		return
	}
	plenty := min(1, float64(k-minResolution)/minResolution)
	p.joint = p.columns * account.Rho(shareJointLeast+(shareJointMost-shareJointLeast)*plenty)
	p.columns -= p.joint
}

// takeColumns takes a share of what the columns have.
func (p *plan) takeColumns(share account.Rho) account.Rho {
	rho := atMost(share * p.columns)
	p.columns -= rho
	return rho
}

// purse returns the budget of one of n columns.
func (p plan) purse(n int) purse {
	share := p.columns / account.Rho(n)
	return purse{whole: share, left: share, delta: p.columnDelta / account.Delta(n*thresholdsPerColumn)}
}
