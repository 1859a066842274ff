package vault

import (
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile/record"
)

// How a run's ρ is shared out. Shares are of the run; the columns split what is left evenly. They were chosen by
// measuring single-column error on messy public tables (BenchmarkMarginalError); the final marginals get most of it,
// because structure found at a tenth of their noise buys nothing.
const (
	shareRows   = 0.01
	shareShapes = 0.01 // CSV only
	shareCopies = 0.01
	shareKeys   = 0.10 // JSON lines with undeclared keys only
	shareKinds  = 0.04 // when a kind is not declared
)

// How a column's ρ is shared out; the rest measures the final marginals.
const (
	shareValues  = 0.22 // selecting categories
	shareAtoms   = 0.16 // selecting atoms, of kinds with an axis
	shareNulls   = 0.06 // selecting null spellings only
	shareForm    = 0.07 // each rung of the ladder
	shareFormIn  = 0.30 // the forms' part of the final measurement
	sharePieces  = 0.05 // selecting pieces of texts, where many have no exact form
	shareGrammar = 0.18 // how they follow each other
	sharePairs   = 0.50 // the pairs' part of that, where a kind's own forms are several
)

// maxRungs is the most rungs of the ladder of forms that are released.
const maxRungs = 3

// shareLevels is the tree's part, level by level from the roots: near the top counts are large and need little.
var shareLevels = [...]float64{0.03, 0.03, 0.03, 0.04, 0.04, 0.04}

// thresholdsPerColumn is how many thresholds a column can charge δ for: its values, maybe read anew, its forms, the pieces of its
// texts.
const thresholdsPerColumn = 3 + maxRungs

// purse is what is left of a column's budget. Steps take fractions of its whole; what they do not take goes to
// the last one.
type purse struct {
	whole, left account.Rho
	delta       account.Delta // for each threshold
}

func (p *purse) take(share float64) account.Rho {
	rho := atMost(account.Rho(share) * p.whole)
	p.left -= rho
	return rho
}

// maxRho keeps every σ at 1 or more, which is the most a record changes a count: there the tails that the noise
// lacks are worth nothing (dp/PRIVACY.md, "The noise"). Budget beyond it is left unspent.
const maxRho = 0.5

func atMost(rho account.Rho) account.Rho { return min(rho, maxRho) }

// plan is the run's budget, shared out before anything is drawn.
type plan struct {
	rows, shapes, copies, keys, kinds account.Rho

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
	p.rows = draw(true, shareRows)
	p.shapes = draw(b.schema.Format == record.CSV, shareShapes)
	p.copies = draw(true, shareCopies)
	p.keys = draw(b.keys != nil, shareKeys)
	p.kinds = draw(b.keys != nil || b.undeclared(), shareKinds)
	return p
}

// A run sets shareJoint of what the columns have aside for setting them against each other, unless there is one only.
const shareJoint = 0.5

// setAside takes the joint's share from the n columns'.
func (p *plan) setAside(n int) {
	if n > 1 {
		p.joint = shareJoint * p.columns
		p.columns -= p.joint
	}
}

// purse returns the budget of one of n columns.
func (p plan) purse(n int) purse {
	share := p.columns / account.Rho(n)
	return purse{whole: share, left: share, delta: p.columnDelta / account.Delta(n*thresholdsPerColumn)}
}
