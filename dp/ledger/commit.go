package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// A Commitment is the artefact made with a reservation.
type Commitment struct {
	Digest string // SHA-256 of the artefact, 64 lower-case hexadecimal digits
	Path   string // where it was to be written, for reports; bytes that are not UTF-8 are replaced
	Spent  Amount // what its releases charged, at most what was reserved; may be nothing
}

func (c Commitment) check() error {
	digest, err := hex.DecodeString(c.Digest)
	if err != nil || len(digest) != sha256.Size || strings.ToLower(c.Digest) != c.Digest {
		return errors.New("the artefact's digest is not 64 lower-case hexadecimal digits of SHA-256")
	}
	if len(c.Path) > maxText {
		return fmt.Errorf("the artefact's path is %d bytes long, the ledger takes %d", len(c.Path), maxText)
	}
	if c.Spent.Rho == 0 {
		return c.Spent.Delta.Check()
	}
	return c.Spent.check()
}

// Commit records the artefact made with a reservation. Call it when the artefact is complete on disk and before it
// is published. It fails if the reservation is unknown or was committed before, or if more was spent than reserved.
// The account is charged with what was reserved all the same.
func (s *Store) Commit(ctx context.Context, reservationID string, c Commitment) error {
	_, err := s.append(ctx, func(b *book) (Entry, error) {
		h, err := b.committable(reservationID, c)
		if err != nil {
			return Entry{}, err
		}
		return b.next(KindCommit, h.Ask.Dataset, c.payload(reservationID)), nil
	})
	if err != nil {
		return s.failed("commit a reservation", err)
	}
	return nil
}
