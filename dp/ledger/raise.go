package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/patina-data/patina/dp/account"
)

// A Raise gives an account a larger cap, or a window that has none its first. Both the decision and who made it
// stay in the ledger for ever: people were promised the smaller one.
type Raise struct {
	Dataset string
	Cap     Cap    // the new cap, nowhere below the one it replaces; δ = 0 keeps the δ
	Reason  string // why; one line
	By      string // who decided; one line
}

func (r Raise) check() error {
	if err := checkDataset(r.Dataset); err != nil {
		return err
	}
	if r.Reason == "" || r.By == "" {
		return errors.New("say why, and who decided: a raised cap is on record for ever")
	}
	return errors.Join(checkText("reason", r.Reason), checkText("name of who decided", r.By), r.Cap.Window.Check())
}

// Raise puts a larger cap in the place of an account's, and returns the account as it is then. It fails with
// ErrNoAccount, or when the new cap is below the old one anywhere, or is the same: caps are never lowered, because what
// was spent under them cannot be taken back.
func (s *Store) Raise(ctx context.Context, r Raise) (Account, error) {
	if err := r.check(); err != nil {
		return Account{}, fmt.Errorf("raise a cap: %w", err)
	}
	var after Account
	_, err := s.append(ctx, func(b *book) (Entry, error) {
		p, err := b.page(r.Dataset)
		if err != nil {
			return Entry{}, err
		}
		if r.Cap.Delta == 0 {
			r.Cap.Delta = p.usualDelta(r.Cap.Window)
		}
		if err := p.raisable(r.Cap); err != nil {
			return Entry{}, err
		}
		e, err := b.next(KindRaise, r.Dataset, r.payload())
		if err != nil {
			return Entry{}, err
		}
		raised := *p
		raised.setCap(r.Cap)
		after = raised.account(e.Time)
		return e, nil
	})
	if err != nil {
		return Account{}, s.failed("raise a cap", err)
	}
	return after, nil
}

// usualDelta is the δ of a window's cap, or the lifetime's if it has none.
func (p *page) usualDelta(w Window) account.Delta {
	if c, found := p.capOf(w); found {
		return c.Delta
	}
	return p.delta
}

// raisable accepts a cap that is above the one it replaces, or a window's first.
func (p *page) raisable(c Cap) error {
	if err := c.check(); err != nil {
		return err
	}
	old, found := p.capOf(c.Window)
	switch {
	case found && (c.Epsilon < old.Epsilon || c.Delta < old.Delta):
		return fmt.Errorf("the %s cap is ε = %g, δ = %g, and a cap is never lowered: give at least that", c.Window, float64(old.Epsilon), float64(old.Delta))
	case found && c == old:
		return fmt.Errorf("the %s cap is ε = %g, δ = %g already", c.Window, float64(old.Epsilon), float64(old.Delta))
	case c.Window != Lifetime:
		return c.within(p.lifetime())
	}
	return nil
}
