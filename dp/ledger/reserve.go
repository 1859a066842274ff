package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/patina-data/patina/dp/account"
)

// An Ask is what a run wants to spend.
type Ask struct {
	Dataset string
	Run     string          // the run's name in reports; one line
	Purpose string          // what for; one line
	Epsilon account.Epsilon // as the user stated it, at Delta
	Delta   account.Delta   // as the user stated it: noise and thresholds
	Amount  Amount          // what is set aside: the ρ that (Epsilon, Delta) buys, and the thresholds' δ
}

func (a Ask) check() error {
	if err := checkDataset(a.Dataset); err != nil {
		return err
	}
	return errors.Join(
		checkText("run's name", a.Run), checkText("purpose", a.Purpose),
		a.Epsilon.Check(), a.Delta.CheckPositive(), a.Amount.check(),
	)
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

// A Reservation is the ledger's receipt for an amount that was set aside.
type Reservation struct {
	ID   string // Seq and the first digits of Hash
	Seq  int64  // the entry's number
	Hash string // the entry's hash
	Ask  Ask
	Time time.Time // UTC
}

// Check returns the error that Reserve would, and reserves nothing.
func (s *Store) Check(ctx context.Context, ask Ask) error {
	if err := ask.check(); err != nil {
		return fmt.Errorf("check a reservation: %w", err)
	}
	err := s.view(ctx, func(b *book) error { return b.afford(ask) })
	if err != nil {
		return s.failed("check a reservation", err)
	}
	return nil
}

// Reserve sets ask.Amount aside for ever. It is on disk when Reserve returns, and was found to fit under the cap
// with the ledger locked against everybody else. It fails with a *RefusedError when it does not fit, and with
// ErrNoAccount or ErrBusy. After an error that is none of these the amount may be spent or not; the account tells.
func (s *Store) Reserve(ctx context.Context, ask Ask) (Reservation, error) {
	if err := ask.check(); err != nil {
		return Reservation{}, fmt.Errorf("reserve budget: %w", err)
	}
	e, err := s.append(ctx, func(b *book) (Entry, error) {
		if err := b.afford(ask); err != nil {
			return Entry{}, err
		}
		return b.next(KindReserve, ask.Dataset, ask.payload()), nil
	})
	if err != nil {
		return Reservation{}, s.failed("reserve budget", err)
	}
	return Reservation{ID: e.id(), Seq: e.Seq, Hash: e.Hash, Ask: ask, Time: e.Time}, nil
}

// afford returns nil if ask fits into its account.
func (b *book) afford(ask Ask) error {
	a, err := b.account(ask.Dataset)
	if err != nil {
		return err
	}
	if !a.Fits(ask.Amount) {
		return &RefusedError{Dataset: ask.Dataset, Asked: ask, Account: a}
	}
	return nil
}
