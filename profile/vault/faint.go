package vault

import (
	"fmt"
	"slices"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile/mess"
)

// checkNoise refuses a budget that is too small for the columns, before it is reserved: where a release needs more noise
// than can be drawn the run would fail, and what was reserved would be spent. Columns that are still to be found are taken
// to be as many as there can be.
func (b *build) checkNoise(request dp.Request) error {
	budget, err := request.Budget()
	if err != nil {
		return err
	}
	columns, keys := len(b.columns), 0
	if b.paths != nil {
		columns, keys = maxPaths, slices.Max(b.paths.Limits)
	}
	if sigma := newPlan(budget, b).faintest(columns, keys); sigma > dp.MaxSigma {
		return fmt.Errorf("ε = %g at δ = %g is too little for up to %d columns: some noise would have a σ of %.1g records, and at most %.1g can be drawn; "+
			"give a larger ε or fewer columns", float64(request.Epsilon), float64(request.Delta), columns, float64(sigma), float64(dp.MaxSigma))
	}
	return nil
}

// faintest returns the most noise that a release of the plan can need, for so many columns and paths that are counted of a
// record, but for what is released across columns: there, what is too faint is left out.
func (p plan) faintest(columns, keys int) account.Sigma {
	worst := account.Sigma(0)
	for _, r := range []struct {
		rho   account.Rho
		cells int // that a record changes
	}{
		{p.units, 1}, {p.rows, 1}, {p.shapes, 1}, {p.copies, 2}, {p.kinds, columns},
		{p.widths, 1}, {p.paths, keys}, {p.follows, keys}, {p.orders, 1}, {p.others, 1},
	} {
		if r.rho > 0 {
			worst = max(worst, sigmaFor(r.rho, p.unit.Bound(max(1, r.cells))))
		}
	}
	if columns == 0 {
		return worst
	}
	p.columns *= 1 - shareJointMost
	for _, share := range []account.Rho{shareAgreement, shareWithheld} {
		worst = max(worst, sigmaFor(p.takeColumns(share), p.unit.Bound(columns)))
	}
	return max(worst, p.purse(columns).faintest(p.unit))
}

// faintest returns the most noise that a release of a column can need.
func (p purse) faintest(unit dp.Unit) account.Sigma {
	const last = evenly * 0.25 * shareFormIn * sharePairs // a quarter is left of all columns' whole at least, and pooled
	least := min(last, shareNulls, shareUnwritten, shareAtoms, shareValues, shareForm, slices.Min(shareLevels[:]), sharePieces/mess.MaxPieces, shareGrammar/mess.MaxSteps)
	return sigmaFor(atMost(account.Rho(least)*p.whole), unit.Bound(1))
}

// sigmaFor returns the noise that a release will have.
func sigmaFor(rho account.Rho, bound dp.Sensitivity) account.Sigma {
	return account.SigmaFor(rho, bound.L2())
}

// sigma returns the noise that a release will have of which a record changes so many cells.
func (x exits) sigma(rho account.Rho, cells int) account.Sigma {
	return sigmaFor(rho, x.unit.Bound(cells))
}

// tooFaint reports whether a release of which a record changes so many cells would need more noise than can be drawn.
func (x exits) tooFaint(rho account.Rho, cells int) bool { return x.sigma(rho, cells) > dp.MaxSigma }
