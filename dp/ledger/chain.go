package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Kind says what an entry records.
type Kind string

// The kinds of entries.
const (
	KindOpen    Kind = "open"    // an account was opened
	KindReserve Kind = "reserve" // an amount was set aside
	KindCommit  Kind = "commit"  // a reservation's artefact was recorded
	KindRaise   Kind = "raise"   // a cap was raised, or a window given its first
)

// An Entry is one line of the ledger.
type Entry struct {
	Seq     int64     `json:"seq"`     // 1, 2, … without gaps
	Time    time.Time `json:"time"`    // UTC, to the second
	Kind    Kind      `json:"kind"`    // says what Payload holds
	Dataset string    `json:"dataset"` // the account
	Payload string    `json:"payload"` // canonical JSON: fields in a fixed order, no spaces, shortest numbers
	Prev    string    `json:"prev"`    // the Hash of entry Seq − 1; 64 zeros for the first
	Hash    string    `json:"hash"`    // of all of the above, lower-case hexadecimal
}

// timeLayout is how an entry's time is written, always in UTC.
const timeLayout = time.RFC3339

// genesis is what the first entry has for a predecessor.
var genesis = strings.Repeat("0", 2*sha256.Size)

// digest returns what the entry's hash must be: SHA-256 over the tag "patina ledger entry 1" and the fields in the order
// above, each as its length in bytes, a colon, the bytes, a comma (D. J. Bernstein's netstrings), so that no two
// entries spell the same bytes. Numbers are decimal, the time is RFC 3339.
func (e Entry) digest() string {
	h := sha256.New()
	for _, field := range []string{
		"patina ledger entry 1",
		strconv.FormatInt(e.Seq, 10), e.Time.Format(timeLayout), string(e.Kind), e.Dataset, e.Payload, e.Prev,
	} {
		fmt.Fprintf(h, "%d:%s,", len(field), field)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// id names a reservation: short enough for a report, and tied to the chain that it was made in.
func (e Entry) id() string { return fmt.Sprintf("%d-%.12s", e.Seq, e.Hash) }

// receipt is the reservation that the entry records.
func (e Entry) receipt(ask Ask) Reservation {
	return Reservation{ID: e.id(), Seq: e.Seq, Hash: e.Hash, Ask: ask, Time: e.Time}
}

// parseTime reads a time in the one spelling that the ledger writes.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(timeLayout, s)
	if err != nil || t.UTC().Format(timeLayout) != s {
		return time.Time{}, fmt.Errorf("%w: a time is not RFC 3339 in UTC", ErrDamaged)
	}
	return t.UTC(), nil
}
