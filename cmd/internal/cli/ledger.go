package cli

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/spf13/pflag"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/dp/statement"
)

// defaultLedger is where the ledger is when nothing says otherwise.
const defaultLedger = "./patina-ledger.db"

// ledgerFlag is the ledger's location; "" until given.
type ledgerFlag struct{ value string }

func (f *ledgerFlag) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.value, "ledger", "", "the ledger: a path, or postgres://user@host/database (default: $PATINA_LEDGER, or "+defaultLedger+")")
}

// given reports whether a ledger was named, by the flag or in the environment.
func (f *ledgerFlag) given(streams Streams) bool {
	return f.value != "" || streams.Getenv("PATINA_LEDGER") != ""
}

// location returns where the ledger is: the flag, the environment, or the default. Print it through ledger.Redact only.
func (f *ledgerFlag) location(streams Streams) string {
	if f.value != "" {
		return f.value
	}
	if env := streams.Getenv("PATINA_LEDGER"); env != "" {
		return env
	}
	return defaultLedger
}

// shown returns where the ledger is as it may be printed: without a password.
func (f *ledgerFlag) shown(streams Streams) string { return ledger.Redact(f.location(streams)) }

// word returns the flag as it has to be typed to mean the same ledger again, but for a password, with a space before it; ""
// if it need not.
func (f *ledgerFlag) word() string {
	if f.value == "" {
		return ""
	}
	return " --ledger " + shellWord(ledger.Redact(f.value))
}

// open opens the ledger, which must exist.
func (f *ledgerFlag) open(ctx context.Context, streams Streams) (*ledger.Store, error) {
	return ledger.Open(ctx, f.location(streams))
}

// hint adds to an error of the ledger what to type for a run of that dataset and budget.
func (f *ledgerFlag) hint(err error, dataset string, b budget) error {
	var refused *ledger.RefusedError
	switch {
	case errors.Is(err, ledger.ErrMissing), errors.Is(err, ledger.ErrNoAccount):
		return hint(err, "patina budget init %s --epsilon %s --delta %s%s  (the cap for all runs ever: a larger one leaves room for more)",
			shellWord(dataset), exact(b.epsilon), exact(b.delta), f.word())
	case errors.As(err, &refused):
		return hint(err, "patina budget show %s%s", shellWord(dataset), f.word())
	case errors.Is(err, ledger.ErrBusy):
		return hint(err, "another run is writing the ledger: try again in a moment")
	case errors.Is(err, ledger.ErrDamaged) && f.value == "":
		return hint(err, "is this the ledger you mean? name another with --ledger PATH")
	}
	return err
}

// An accountView is an account as commands print it.
type accountView struct {
	Dataset      string  `json:"dataset"`
	Epsilon      float64 `json:"epsilon"` // the cap
	Delta        float64 `json:"delta"`
	SpentRho     float64 `json:"spent_rho"`
	SpentDelta   float64 `json:"spent_delta"`   // of thresholds
	SpentEpsilon float64 `json:"spent_epsilon"` // at the cap's δ
	LeftRho      float64 `json:"left_rho"`
	NextEpsilon  float64 `json:"next_epsilon"` // the largest ε that one more run may ask for, at NextDelta
	NextDelta    float64 `json:"next_delta"`
	Runs         int     `json:"runs"`
	Uncommitted  int     `json:"uncommitted"` // runs that left no artefact
	Opened       string  `json:"opened"`      // RFC 3339

	Unit      string          `json:"unit,omitempty"`
	Windows   []statement.Cap `json:"windows,omitempty"`
	RunsLeft  *int            `json:"runs_left,omitempty"` // of the last run's size
	Exhausted string          `json:"exhausted,omitempty"` // RFC 3339, at the average rate so far
}

// view prepares an account for printing. delta is that of the next run; 0 takes a tenth of the cap's.
func view(a ledger.Account, delta account.Delta) accountView {
	if delta == 0 {
		delta = a.Delta / 10
	}
	return accountView{
		Dataset: a.Dataset, Epsilon: float64(a.Epsilon), Delta: float64(a.Delta),
		SpentRho: float64(a.Spent.Rho), SpentDelta: float64(a.Spent.Delta), SpentEpsilon: float64(a.SpentEpsilon()),
		LeftRho: float64(a.Left().Rho), NextEpsilon: float64(nextEpsilon(a, delta)), NextDelta: float64(delta),
		Runs: a.Runs, Uncommitted: a.Open, Opened: a.Opened.UTC().Format("2006-01-02T15:04:05Z07:00"),
	}
}

// minNext is the smallest ε worth offering for a further run.
const minNext = 1e-3

// nextEpsilon returns the largest ε of a run at delta that the account still grants; 0 if none worth offering.
func nextEpsilon(a ledger.Account, delta account.Delta) account.Epsilon {
	if eps := dp.NextEpsilon(a, delta); eps >= minNext {
		return eps
	}
	return 0
}

// String says what an account holds, in one line.
func (v accountView) String() string {
	text := fmt.Sprintf("spent ε = %s of %s (δ = %s) in %s", number(v.SpentEpsilon), number(v.Epsilon), number(v.Delta), plural(v.Runs, "run"))
	if v.NextEpsilon == 0 {
		return text + "; nothing left for another"
	}
	return text + fmt.Sprintf("; one more may cost up to ε = %s at δ = %s", roundedDown(v.NextEpsilon), number(v.NextDelta))
}

// roundedDown writes x > 0 with at most three digits, never more than x.
func roundedDown(x float64) string { return number(floorTo(x, 3)) }

// oneDigit returns x > 0 with one digit, never more than x: a figure that does not look measured.
func oneDigit(x float64) float64 { return floorTo(x, 1) }

// floorTo cuts x > 0 to a number of digits.
func floorTo(x float64, digits int) float64 {
	unit := math.Floor(math.Log10(x)) - float64(digits-1)
	if unit < 0 { // dividing by a power of ten is exact where multiplying by its inverse is not
		step := math.Pow(10, -unit)
		return math.Floor(x*step) / step
	}
	step := math.Pow(10, unit)
	return math.Floor(x/step) * step
}
