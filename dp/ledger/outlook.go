package ledger

import (
	"math"
	"time"

	"github.com/patina-data/patina/dp/account"
)

// Grants returns the largest ε of a run at delta, of which thresholds take a part, that every cap holds now. It is rounded
// down, so that a run that asks for it is granted; 0 when there is none.
func (a Account) Grants(delta, thresholds account.Delta) account.Epsilon {
	noise := delta - thresholds
	if thresholds.Check() != nil || noise.CheckPositive() != nil {
		return 0
	}
	room := a.roomBeside(thresholds)
	if room == 0 {
		return 0
	}
	return account.EpsilonAt(room.Mu(), noise) * (1 - grantMargin)
}

// grantMargin is what keeps an ε that was computed from a ρ from buying a larger ρ when it is converted back:
// conversions are good to a relative 1e-9, here and there.
const grantMargin = 4e-9

// RunsLeft returns how many more runs of an amount the account holds in its whole life, at least; windows may make them
// wait. It is 0 if a run does not fit into a window that nothing was spent in.
func (a Account) RunsLeft(amount Amount) int {
	for _, w := range a.Windows {
		if !(limit{Cap: w.Cap}).fits(amount) {
			return 0
		}
	}
	life := a.lifetime()
	fits := func(n int) bool {
		// Each of n additions is rounded up by less than 2⁻⁵¹ of the sum.
		times := float64(n) * (1 + float64(n)*0x1p-51)
		return life.fits(Amount{Rho: amount.Rho * account.Rho(times), Delta: amount.Delta * account.Delta(times)})
	}
	if !life.fits(amount) {
		return 0
	}
	few, many := 1, maxRunsLeft
	if fits(many) {
		return many
	}
	for many-few > 1 {
		if mid := few + (many-few)/2; fits(mid) {
			few = mid
		} else {
			many = mid
		}
	}
	return few
}

// maxRunsLeft is as far as RunsLeft counts.
const maxRunsLeft = 1_000_000

// Exhausted returns when the lifetime's cap is used up if spending goes on as it has on average since the account was
// opened, with thresholds and noise in the proportion they had. ok is false when nothing tells: nothing was spent, no time
// has passed, or there is room for more than a hundred years. Windows are left out: they slow spending down, they do
// not stop it.
func (a Account) Exhausted(now time.Time) (at time.Time, ok bool) {
	age := now.Sub(a.Opened)
	if a.Spent == (Amount{}) || age <= 0 {
		return time.Time{}, false
	}
	fresh := limit{Cap: a.lifetime().Cap}
	holds := func(factor float64) bool {
		return fresh.fits(Amount{Rho: a.Spent.Rho * account.Rho(factor), Delta: a.Spent.Delta * account.Delta(factor)})
	}
	most := float64(horizon) / float64(age)
	if !holds(1) {
		return now, true
	}
	if most < 1 || holds(most) {
		return time.Time{}, false
	}
	lo, hi := 1.0, most
	for hi-lo > 1e-9*hi {
		if mid := lo + (hi-lo)/2; holds(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return a.Opened.Add(time.Duration(math.Round(float64(age) * lo))).Truncate(time.Second), true
}

// horizon is as far ahead as Exhausted looks.
const horizon = 100 * 365 * 24 * time.Hour
