package ledger

import (
	"context"
	"fmt"
	"math"
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

// plus adds two amounts, rounded up.
func (a Amount) plus(b Amount) Amount {
	return Amount{Rho: sumUp(a.Rho, b.Rho), Delta: sumUp(a.Delta, b.Delta)}
}

// An Account is a dataset's budget and what has been spent of it.
type Account struct {
	Dataset string
	Epsilon account.Epsilon // the cap for the account's whole life, at Delta
	Delta   account.Delta
	Opened  time.Time // UTC
	Spent   Amount    // all reservations, committed or not
	Runs    int       // reservations
	Open    int       // of these, without a commit
}

// SpentEpsilon is the ε that everything spent so far amounts to, at the account's δ less what thresholds took of it.
// It is 0 when nothing was spent, and +Inf when thresholds took all of δ.
func (a Account) SpentEpsilon() account.Epsilon {
	if a.Spent == (Amount{}) {
		return 0
	}
	return account.EpsilonAt(a.Spent.Rho.Mu(), a.unusedDelta(0))
}

// Fits reports whether the cap holds what is spent and ask besides: everything together is μ-GDP with
// μ² = 2·Σρ, but for an event of probability Σδ (dp/PRIVACY.md), so it is (ε, δ)-DP as soon as
//
//	DeltaAt(√(2·Σρ), ε) + Σδ ≤ δ.
//
// All sums are rounded against the spender. An amount that is no amount fits nowhere.
func (a Account) Fits(ask Amount) bool {
	if ask.check() != nil {
		return false
	}
	total := a.Spent.plus(ask)
	unused := a.unusedDelta(ask.Delta)
	return unused > 0 && account.DeltaAt(total.Rho.Mu(), a.Epsilon) <= unused
}

// Left is the largest further ρ that fits if it comes without thresholds, and the δ that thresholds have not used.
// Either is 0 when there is none.
func (a Account) Left() Amount {
	return Amount{Rho: a.roomBeside(0), Delta: a.unusedDelta(0)}
}

// roomBeside returns the largest further ρ that fits together with a threshold δ, rounded down; 0 if none does.
func (a Account) roomBeside(delta account.Delta) account.Rho {
	limit, err := account.RhoFor(a.Epsilon, a.unusedDelta(delta))
	if err != nil {
		return 0 // thresholds have left no δ for noise
	}
	room := account.Rho(math.Nextafter(float64(limit-a.Spent.Rho), 0))
	if room <= 0 || !a.Fits(Amount{Rho: room, Delta: delta}) {
		return 0
	}
	return room
}

// unusedDelta returns what is left of δ for Gaussian noise when thresholds have had theirs and further besides,
// rounded down; 0 if nothing is.
func (a Account) unusedDelta(further account.Delta) account.Delta {
	used := sumUp(a.Spent.Delta, further)
	if used == 0 {
		return a.Delta
	}
	unused := account.Delta(math.Nextafter(float64(a.Delta-used), 0))
	if unused < account.MinDelta {
		return 0
	}
	return unused
}

// OpenAccount opens the account of dataset, with (eps, delta) as the cap on all that will ever be spent on it.
// It fails with ErrExists when the dataset has one.
func (s *Store) OpenAccount(ctx context.Context, dataset string, eps account.Epsilon, delta account.Delta) (Account, error) {
	if err := checkOpening(dataset, eps, delta); err != nil {
		return Account{}, fmt.Errorf("open an account: %w", err)
	}
	e, err := s.append(ctx, func(b *book) (Entry, error) {
		if b.accounts[dataset] != nil {
			return Entry{}, fmt.Errorf("dataset %q: %w", dataset, ErrExists)
		}
		return b.next(KindOpen, dataset, openPayload{Epsilon: eps, Delta: delta}), nil
	})
	if err != nil {
		return Account{}, s.failed("open an account", err)
	}
	return Account{Dataset: dataset, Epsilon: eps, Delta: delta, Opened: e.Time}, nil
}

func checkOpening(dataset string, eps account.Epsilon, delta account.Delta) error {
	if err := checkDataset(dataset); err != nil {
		return err
	}
	if err := eps.Check(); err != nil {
		return fmt.Errorf("the cap: %w", err)
	}
	if err := delta.CheckPositive(); err != nil {
		return fmt.Errorf("the cap: %w", err)
	}
	return nil
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
