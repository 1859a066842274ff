package ledger

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/patina-data/patina/dp/account"
)

// A Commitment is the artefact made with a reservation.
type Commitment struct {
	Digest   string     // SHA-256 of the artefact, 64 lower-case hexadecimal digits
	Path     string     // where it was to be written, for reports; bytes that are not UTF-8 are replaced
	Spent    Amount     // what its releases charged, at most what was reserved; may be nothing
	Releases []Spending // in the order charged; if there are any they add up to Spent
	Public   []string   // sentences: what was public input, and from where
}

// A Spending is one release: one vector of counts with noise.
type Spending struct {
	Mechanism string        // "gaussian" or "threshold"
	Purpose   string        // what was measured
	Column    string        // of which column; "" if of several or none
	L2        float64       // the L2 sensitivity Δ₂ of the counts
	Sigma     float64       // the noise's standard deviation, in units of the counts
	Rho       account.Rho   // the noise's cost
	Delta     account.Delta // the threshold's cost; 0 without
	Threshold float64       // the threshold, in units of the counts; 0 without
}

func (s Spending) check() error {
	if err := (Amount{Rho: s.Rho, Delta: s.Delta}).check(); err != nil {
		return err
	}
	for _, x := range []float64{s.L2, s.Sigma} {
		if !(x > 0) || math.IsInf(x, 1) {
			return errors.New("its sensitivity and its noise must be finite and > 0")
		}
	}
	if math.IsNaN(s.Threshold) || math.IsInf(s.Threshold, 0) || s.Delta == 0 && s.Threshold != 0 {
		return errors.New("its threshold must be finite, and 0 if it costs no δ")
	}
	return nil
}

// printable is the release in text that the ledger can keep.
func (s Spending) printable() Spending {
	s.Mechanism, s.Purpose, s.Column = printable(s.Mechanism), printable(s.Purpose), printable(s.Column)
	return s
}

func (c Commitment) check() error {
	if !isDigest(c.Digest) {
		return errors.New("the artefact's digest is not 64 lower-case hexadecimal digits of SHA-256")
	}
	if len(c.Path) > maxText {
		return fmt.Errorf("the artefact's path is %d bytes long, the ledger takes %d", len(c.Path), maxText)
	}
	if err := c.checkReleases(); err != nil {
		return err
	}
	if c.Spent.Rho == 0 {
		return c.Spent.Delta.Check()
	}
	return c.Spent.check()
}

func (c Commitment) checkReleases() error {
	var sum Amount
	for i, r := range c.Releases {
		if err := r.check(); err != nil {
			return fmt.Errorf("release %d: %w", i+1, err)
		}
		sum = sum.plus(Amount{Rho: r.Rho, Delta: r.Delta})
	}
	if len(c.Releases) > 0 && sum != c.Spent {
		return fmt.Errorf("the releases add up to %s, the run spent %s", sum, c.Spent)
	}
	return nil
}

// Commit records the artefact made with a reservation. Call it when the artefact is complete on disk and before it
// is published. It fails if the reservation is unknown or was committed before, or if more was spent than reserved.
// The account is charged with what was reserved all the same. A clock that has gone back since does not stop it: a commit
// spends nothing, and is stamped with the last entry's time.
func (s *Store) Commit(ctx context.Context, reservationID string, c Commitment) error {
	_, err := s.append(ctx, func(b *book) (Entry, error) {
		h, err := b.committable(reservationID, c)
		if err != nil {
			return Entry{}, err
		}
		return b.follow(KindCommit, h.Ask.Dataset, c.payload(reservationID)), nil
	})
	if err != nil {
		return s.failed("commit a reservation", err)
	}
	return nil
}
