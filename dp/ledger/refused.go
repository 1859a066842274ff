package ledger

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/patina-data/patina/dp/account"
)

// A RefusedError says that an account's cap does not hold what was asked. Nothing was reserved.
type RefusedError struct {
	Dataset string
	Asked   Ask
	Account Account // as it stood
}

// Error says what was asked, spent and left, and what can be done.
func (e *RefusedError) Error() string {
	a, left := e.Account, e.Account.Left()
	var s strings.Builder
	fmt.Fprintf(&s, "budget refused for dataset %q: asked for ε = %s at δ = %s (%s)", e.Dataset,
		roundUp(float64(e.Asked.Epsilon)), roundUp(float64(e.Asked.Delta)), e.Asked.Amount)
	fmt.Fprintf(&s, "; spent ε = %s of %s at δ = %s (%s; runs: %d)", roundUp(float64(a.SpentEpsilon())),
		roundUp(float64(a.Epsilon)), roundUp(float64(a.Delta)), a.Spent, a.Runs)
	fmt.Fprintf(&s, "; left ε = %s at δ = %s (%s)", roundDown(float64(account.EpsilonAt(left.Rho.Mu(), a.Delta))),
		roundUp(float64(a.Delta)), left)
	fmt.Fprintf(&s, ": %s; sampling from a profile that was already made costs nothing", e.advice())
	return s.String()
}

// advice names the largest ε that would have been granted.
func (e *RefusedError) advice() string {
	if eps := e.MaxEpsilon(); eps > 0 {
		return fmt.Sprintf("ask for at most ε = %s at the same δ", roundDown(float64(eps)))
	}
	if e.Account.Left().Rho > 0 {
		return "ask for a smaller δ"
	}
	return "the account is used up"
}

// MaxEpsilon is the largest ε that the account still grants at the δ that was asked for, split between noise and
// thresholds as it was in the ask. It is 0 when there is none.
func (e *RefusedError) MaxEpsilon() account.Epsilon {
	room := e.Account.roomBeside(e.Asked.Amount.Delta)
	noise := e.Asked.Delta - e.Asked.Amount.Delta
	if room == 0 || noise.CheckPositive() != nil {
		return 0
	}
	return account.EpsilonAt(room.Mu(), noise)
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
