package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/patina-data/patina/dp/account"
)

// UnitRecord is the unit of an account that protects single records.
const UnitRecord = "record"

// An Ask is what a run wants to spend.
type Ask struct {
	Dataset    string
	Run        string          // the run's name in reports; one line
	Purpose    string          // what for; one line
	Epsilon    account.Epsilon // as the user stated it, at Delta
	Delta      account.Delta   // as the user stated it: noise and thresholds
	Amount     Amount          // what is set aside: the ρ that (Epsilon, Delta) buys, and the thresholds' δ
	Unit       string          // what the run protects, UnitRecord or columns, "customer_id"; "" means UnitRecord
	MaxRecords int             // the most records of a unit that are counted; 0 means 1
	Key        string          // what makes this run the same as another, SHA-256 in hexadecimal; "": it is like no other
	RunID      string          // the run's declared ID, such as the date of its batch; one line
	Spec       string          // SHA-256 of the spec in hexadecimal, or ""
	By         string          // who or which job; one line
}

// complete fills in what empty fields stand for.
func (a Ask) complete() Ask {
	if a.Unit == "" {
		a.Unit = UnitRecord
	}
	if a.MaxRecords == 0 {
		a.MaxRecords = 1
	}
	return a
}

func (a Ask) check() error {
	if err := checkDataset(a.Dataset); err != nil {
		return err
	}
	if a.MaxRecords < 0 {
		return fmt.Errorf("a unit has at most %d records: give 1 or more", a.MaxRecords)
	}
	return errors.Join(
		checkText("run's name", a.Run), checkText("purpose", a.Purpose), checkText("run's ID", a.RunID),
		checkText("name of who runs it", a.By), checkUnit(a.Unit), checkHex("run's key", a.Key), checkHex("spec's digest", a.Spec),
		a.Epsilon.Check(), a.Delta.CheckPositive(), a.Amount.check(),
	)
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
	ask = ask.complete()
	if err := ask.check(); err != nil {
		return fmt.Errorf("check a reservation: %w", err)
	}
	err := s.view(ctx, func(b *book) error {
		if err := b.checkClock(); err != nil {
			return err
		}
		return b.afford(ask)
	})
	if err != nil {
		return s.failed("check a reservation", err)
	}
	return nil
}

// Reserve sets ask.Amount aside for ever. It is on disk when Reserve returns, and was found to fit under the caps
// with the ledger locked against everybody else. It fails with a *RefusedError when it does not fit or the account
// protects another unit, with a *DoneError when a run of the same key was committed before, and with ErrNoAccount or
// ErrBusy. After an error that is none of these the amount may be spent or not; the account tells.
func (s *Store) Reserve(ctx context.Context, ask Ask) (Reservation, error) {
	ask = ask.complete()
	if err := ask.check(); err != nil {
		return Reservation{}, fmt.Errorf("reserve budget: %w", err)
	}
	e, err := s.append(ctx, func(b *book) (Entry, error) {
		if err := b.afford(ask); err != nil {
			return Entry{}, err
		}
		return b.next(KindReserve, ask.Dataset, ask.payload())
	})
	if err != nil {
		return Reservation{}, s.failed("reserve budget", err)
	}
	return e.receipt(ask), nil
}

// afford returns nil if ask fits into its account, and was not done before.
func (b *book) afford(ask Ask) error {
	p, err := b.page(ask.Dataset)
	if err != nil {
		return err
	}
	if ask.Key != "" {
		if h := b.find(ask.Dataset, ask.Key); h != nil && h.commitment != nil {
			return &DoneError{Reservation: h.Reservation, Commitment: *h.commitment}
		}
	}
	if a := p.account(b.now()); !p.protects(ask.Unit) || !a.Fits(ask.Amount) {
		return &RefusedError{Dataset: ask.Dataset, Asked: ask, Account: a}
	}
	return nil
}
