package ledger

import (
	"math"

	"github.com/patina-data/patina/dp/account"
)

// A limit is a cap and what was spent under it: an account has one for its life and one for each of its windows.
type limit struct {
	Cap
	spent Amount
}

// fits reports whether the cap holds what is spent and ask besides: everything together is μ-GDP with
// μ² = 2·Σρ, but for an event of probability Σδ (dp/PRIVACY.md), so it is (ε, δ)-DP as soon as
//
//	DeltaAt(√(2·Σρ), ε) + Σδ ≤ δ.
//
// All sums are rounded against the spender. An amount that is no amount fits nowhere.
func (l limit) fits(ask Amount) bool {
	if ask.check() != nil {
		return false
	}
	total := l.spent.plus(ask)
	unused := l.unusedDelta(ask.Delta)
	return unused > 0 && account.DeltaAt(total.Rho.Mu(), l.Epsilon) <= unused
}

// roomBeside returns the largest further ρ that fits together with a threshold δ, rounded down; 0 if none does.
func (l limit) roomBeside(delta account.Delta) account.Rho {
	most, err := account.RhoFor(l.Epsilon, l.unusedDelta(delta))
	if err != nil {
		return 0 // thresholds have left no δ for noise
	}
	room := account.Rho(math.Nextafter(float64(most-l.spent.Rho), 0))
	if room <= 0 || !l.fits(Amount{Rho: room, Delta: delta}) {
		return 0
	}
	return room
}

// unusedDelta returns what is left of δ for Gaussian noise when thresholds have had theirs and further besides,
// rounded down; 0 if nothing is.
func (l limit) unusedDelta(further account.Delta) account.Delta {
	used := sumUp(l.spent.Delta, further)
	if used == 0 {
		return l.Delta
	}
	unused := account.Delta(math.Nextafter(float64(l.Delta-used), 0))
	if unused < account.MinDelta {
		return 0
	}
	return unused
}

// spentEpsilon is the ε of what was spent, at the cap's δ less what thresholds took of it.
func (l limit) spentEpsilon() account.Epsilon {
	if l.spent == (Amount{}) {
		return 0
	}
	return account.EpsilonAt(l.spent.Rho.Mu(), l.unusedDelta(0))
}
