package ledger

import (
	"context"
	"errors"
	"fmt"
)

// A DoneError says that a run of the same key was committed before. Nothing was reserved: the artefact is there to be used,
// and making another of the same input would spend more to learn nothing new.
type DoneError struct {
	Reservation Reservation
	Commitment  Commitment // without its Releases, which Entries has
}

// Error names the run that was done, and its artefact.
func (e *DoneError) Error() string {
	return fmt.Sprintf("the run was done before, as reservation %s, and its artefact is %q (sha256:%.12s…): nothing was spent",
		e.Reservation.ID, e.Commitment.Path, e.Commitment.Digest)
}

// Find returns the reservation of the run with a key: the one that was committed, or else the newest. c is nil if none was
// committed, and comes without its Releases, which Entries has. A dataset without an account is ErrNoAccount.
func (s *Store) Find(ctx context.Context, dataset, key string) (res Reservation, c *Commitment, found bool, err error) {
	if key == "" {
		return Reservation{}, nil, false, errors.New("find a run: no key was given")
	}
	err = s.view(ctx, func(b *book) error {
		if _, err := b.page(dataset); err != nil {
			return err
		}
		h := b.find(dataset, key)
		if h == nil {
			return nil
		}
		res, found = h.Reservation, true
		if h.commitment != nil {
			copied := *h.commitment
			c = &copied
		}
		return nil
	})
	if err != nil {
		return Reservation{}, nil, false, s.failed("find a run", err)
	}
	return res, c, found, nil
}
