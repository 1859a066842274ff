package ledger

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/patina-data/patina/dp/account"
)

// A RefusedError says that an account does not hold what was asked, or protects another unit. Nothing was reserved.
type RefusedError struct {
	Dataset string
	Asked   Ask
	Account Account // as it stood
}

// Error says what was asked, spent and left, and what can be done.
func (e *RefusedError) Error() string {
	a := e.Account
	if e.otherUnit() {
		return fmt.Sprintf("budget refused for dataset %q: the account protects %s, the run would protect %s: "+
			"what is spent on one says nothing about the other; open another account for it", e.Dataset, unitName(a.Unit), unitName(e.Asked.Unit))
	}
	var s strings.Builder
	fmt.Fprintf(&s, "budget refused for dataset %q: asked for ε = %s at δ = %s (%s)", e.Dataset,
		roundUp(float64(e.Asked.Epsilon)), roundUp(float64(e.Asked.Delta)), e.Asked.Amount)
	fmt.Fprintf(&s, "; spent %s (%s; runs: %d)", a.lifetime().summary(), a.Spent, a.Runs)
	for _, w := range a.Windows {
		fmt.Fprintf(&s, "; spent this %s %s", w.Window, limit{Cap: w.Cap, spent: w.Spent}.summary())
	}
	left := a.Left()
	fmt.Fprintf(&s, "; left ε = %s at δ = %s (%s)", roundDown(float64(account.EpsilonAt(left.Rho.Mu(), a.Delta))),
		roundUp(float64(a.Delta)), left)
	fmt.Fprintf(&s, ": %s; sampling from a profile that was already made costs nothing", e.advice())
	return s.String()
}

// summary says what was spent of a cap.
func (l limit) summary() string {
	return fmt.Sprintf("ε = %s of %s at δ = %s", roundUp(float64(l.spentEpsilon())), roundUp(float64(l.Epsilon)), roundUp(float64(l.Delta)))
}

func (e *RefusedError) otherUnit() bool {
	return e.Account.Unit != "" && e.Account.Unit != e.Asked.Unit
}

// unitName names a unit in a sentence.
func unitName(unit string) string {
	if unit == UnitRecord {
		return "single records"
	}
	return fmt.Sprintf("all records of a %q", unit)
}

// advice names the largest ε that would have been granted, or when more will be.
func (e *RefusedError) advice() string {
	if eps := e.MaxEpsilon(); eps > 0 {
		return fmt.Sprintf("ask for at most ε = %s at the same δ%s", roundDown(float64(eps)), e.wait())
	}
	if e.Account.Left().Rho > 0 {
		return "ask for a smaller δ" + e.wait()
	}
	if wait := e.wait(); wait != "" {
		return strings.TrimPrefix(wait, ", or ")
	}
	return "the account is used up"
}

// wait says when the windows have room for what was asked, if it is only they that have not.
func (e *RefusedError) wait() string {
	a := e.Account
	if !a.lifetime().fits(e.Asked.Amount) {
		return ""
	}
	until := ""
	for _, w := range a.Windows {
		switch {
		case !(limit{Cap: w.Cap}).fits(e.Asked.Amount):
			return "" // not in any window
		case !(limit{Cap: w.Cap, spent: w.Spent}).fits(e.Asked.Amount):
			until = fmt.Sprintf(", or wait until %s, when the next %s begins", w.End.Format(timeLayout), w.Window)
		}
	}
	return until
}

// MaxEpsilon is the largest ε that the account still grants at the δ that was asked for, split between noise and
// thresholds as it was in the ask. It is 0 when there is none.
func (e *RefusedError) MaxEpsilon() account.Epsilon {
	if e.otherUnit() {
		return 0
	}
	return e.Account.Grants(e.Asked.Delta, e.Asked.Amount.Delta)
}

// roundUp and roundDown write x ≥ 0 with three digits, away from zero and towards it: what was spent is never
// shown as less, what is left never as more.
func roundUp(x float64) string   { return threeDigits(x, 1) }
func roundDown(x float64) string { return threeDigits(x, -1) }

func threeDigits(x float64, direction int) string {
	text := strconv.FormatFloat(x, 'e', 2, 64) // d.dde±xx
	nearest, err := strconv.ParseFloat(text, 64)
	if err != nil || x == 0 || nearest == x || (nearest > x) == (direction > 0) {
		return strconv.FormatFloat(nearest, 'g', -1, 64)
	}
	// One step of the third digit, written as the decimal it is.
	mantissa, exponent, _ := strings.Cut(text, "e")
	digits, err := strconv.Atoi(strings.Replace(mantissa, ".", "", 1))
	if err != nil { // ±Inf
		return text
	}
	stepped, err := strconv.ParseFloat(fmt.Sprintf("%de%s", digits+direction, exponent), 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(stepped/100, 'g', 3, 64)
}
