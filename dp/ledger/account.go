package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/patina-data/patina/dp/account"
)

// An Amount is a piece of privacy budget.
type Amount struct {
	Rho   account.Rho   // zCDP of Gaussian noise
	Delta account.Delta // of thresholds
}

// String writes the amount for a message.
func (a Amount) String() string {
	return fmt.Sprintf("ρ = %.4g and threshold δ = %.3g", float64(a.Rho), float64(a.Delta))
}

// check accepts what a mechanism can spend: some ρ, and thresholds or none.
func (a Amount) check() error {
	if err := a.Rho.Check(); err != nil {
		return err
	}
	if err := a.Delta.Check(); err != nil {
		return fmt.Errorf("of the thresholds: %w", err)
	}
	return nil
}

// plus adds two amounts, rounded up.
func (a Amount) plus(b Amount) Amount {
	return Amount{Rho: sumUp(a.Rho, b.Rho), Delta: sumUp(a.Delta, b.Delta)}
}

// An Account is a dataset's budget and what has been spent of it, as of the time it was looked up.
type Account struct {
	Dataset string
	Epsilon account.Epsilon // the cap for the account's whole life, at Delta
	Delta   account.Delta
	Unit    string        // what the guarantee protects: "record", or columns, "customer_id"; "" until the first run fixes it
	Windows []WindowState // caps for shorter spans, the shortest first
	Opened  time.Time     // UTC
	Spent   Amount        // all reservations, committed or not
	Runs    int           // reservations
	Open    int           // of these, without a commit

	// Basic is the sum of the (ε, δ) that the runs stated: what basic composition makes of them, for comparison.
	Basic account.Guarantee
}

// lifetime is the limit of the account's whole life.
func (a Account) lifetime() limit {
	return limit{Cap: Cap{Epsilon: a.Epsilon, Delta: a.Delta}, spent: a.Spent}
}

// limits are all that a run has to fit under: the lifetime's first, then the windows'.
func (a Account) limits() []limit {
	all := []limit{a.lifetime()}
	for _, w := range a.Windows {
		all = append(all, limit{Cap: w.Cap, spent: w.Spent})
	}
	return all
}

// SpentEpsilon is the ε that everything spent so far amounts to, at the account's δ less what thresholds took of it.
// It is 0 when nothing was spent, and +Inf when thresholds took all of δ.
func (a Account) SpentEpsilon() account.Epsilon { return a.lifetime().spentEpsilon() }

// SpentEpsilon is the ε that everything spent in the window amounts to, at the window's δ less what thresholds took of it.
func (w WindowState) SpentEpsilon() account.Epsilon {
	return limit{Cap: w.Cap, spent: w.Spent}.spentEpsilon()
}

// Fits reports whether the lifetime's cap and every window's hold what is spent and ask besides. Everything spent under
// a cap is μ-GDP with μ² = 2·Σρ, but for an event of probability Σδ of thresholds (dp/PRIVACY.md), so it is (ε, δ)-DP
// as soon as
//
//	DeltaAt(√(2·Σρ), ε) + Σδ ≤ δ.
//
// All sums are rounded against the spender. An amount that is no amount fits nowhere.
func (a Account) Fits(ask Amount) bool {
	for _, l := range a.limits() {
		if !l.fits(ask) {
			return false
		}
	}
	return true
}

// Left is the largest further ρ that fits now if it comes without thresholds, and the δ that thresholds have not used.
// Either is 0 when there is none.
func (a Account) Left() Amount {
	left := Amount{Rho: a.roomBeside(0), Delta: a.lifetime().unusedDelta(0)}
	for _, l := range a.limits() {
		left.Delta = min(left.Delta, l.unusedDelta(0))
	}
	return left
}

// roomBeside returns the largest further ρ that fits now together with a threshold δ, rounded down; 0 if none does.
func (a Account) roomBeside(delta account.Delta) account.Rho {
	room := a.lifetime().roomBeside(delta)
	for _, l := range a.limits() {
		room = min(room, l.roomBeside(delta))
	}
	return room
}

// An Opening is what an account is opened with.
type Opening struct {
	Dataset string
	Epsilon account.Epsilon // the cap for the account's whole life, at Delta
	Delta   account.Delta
	Unit    string // what the account protects, "record" or columns, "customer_id"; "" leaves it to the first run
	Windows []Cap  // caps for shorter spans, each within the lifetime's; δ = 0 takes the lifetime's
	By      string // who opens it; one line
}

func (o Opening) lifetime() Cap { return Cap{Epsilon: o.Epsilon, Delta: o.Delta} }

// check accepts an opening whose windows have been given their δ.
func (o Opening) check() error {
	if err := checkDataset(o.Dataset); err != nil {
		return err
	}
	if err := checkText("name of who opens the account", o.By); err != nil {
		return err
	}
	if err := checkUnit(o.Unit); err != nil {
		return err
	}
	return checkCaps(o.lifetime(), o.Windows)
}

// OpenAccount opens the account of dataset, with (eps, delta) as the cap on all that will ever be spent on it.
// It fails with ErrExists when the dataset has one.
func (s *Store) OpenAccount(ctx context.Context, dataset string, eps account.Epsilon, delta account.Delta) (Account, error) {
	return s.OpenAccountWith(ctx, Opening{Dataset: dataset, Epsilon: eps, Delta: delta})
}

// OpenAccountWith opens the account of o.Dataset with all that an account can be opened with. It fails with ErrExists
// when the dataset has one.
func (s *Store) OpenAccountWith(ctx context.Context, o Opening) (Account, error) {
	o.Windows = sortCaps(o.lifetime(), o.Windows)
	if err := o.check(); err != nil {
		return Account{}, fmt.Errorf("open an account: %w", err)
	}
	e, err := s.append(ctx, func(b *book) (Entry, error) {
		if b.accounts[o.Dataset] != nil {
			return Entry{}, fmt.Errorf("dataset %q: %w", o.Dataset, ErrExists)
		}
		return b.next(KindOpen, o.Dataset, o.payload())
	})
	if err != nil {
		return Account{}, s.failed("open an account", err)
	}
	return newPage(o, e.Time).account(e.Time), nil
}

// Account returns the account of dataset as it stands, or ErrNoAccount.
func (s *Store) Account(ctx context.Context, dataset string) (Account, error) {
	var a Account
	err := s.view(ctx, func(b *book) (err error) {
		a, err = b.account(dataset)
		return err
	})
	if err != nil {
		return Account{}, s.failed("look up an account", err)
	}
	return a, nil
}

// Accounts returns all accounts as they stand, by dataset.
func (s *Store) Accounts(ctx context.Context) ([]Account, error) {
	var all []Account
	err := s.view(ctx, func(b *book) error {
		all = b.all()
		return nil
	})
	if err != nil {
		return nil, s.failed("list the accounts", err)
	}
	return all, nil
}
