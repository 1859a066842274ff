package ledger

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
)

// A book is what a run of entries from the first one adds up to.
type book struct {
	seq      int64  // of the last entry; 0 before the first
	hash     string // of the last entry
	accounts map[string]*Account
	holdings map[string]*holding // by reservation ID
}

// A holding is a reservation and what became of it.
type holding struct {
	Reservation
	committed bool
}

func newBook() *book {
	return &book{hash: genesis, accounts: map[string]*Account{}, holdings: map[string]*holding{}}
}

// next returns the entry that would follow, stamped and chained.
func (b *book) next(kind Kind, dataset string, payload any) Entry {
	e := Entry{
		Seq: b.seq + 1, Time: now(), Kind: kind, Dataset: dataset, Payload: encode(payload), Prev: b.hash,
	}
	e.Hash = e.digest()
	return e
}

// add takes in the next entry. An entry that does not follow, or makes no sense after the others, is ErrDamaged
// and changes nothing.
func (b *book) add(e Entry) error {
	err := b.follows(e)
	if err == nil {
		err = b.apply(e)
	}
	if err != nil {
		return fmt.Errorf("%w: entry %d: %w", ErrDamaged, b.seq+1, err)
	}
	b.seq, b.hash = e.Seq, e.Hash
	return nil
}

func (b *book) follows(e Entry) error {
	switch {
	case e.Seq != b.seq+1:
		return fmt.Errorf("found number %d in its place", e.Seq)
	case e.Prev != b.hash:
		return errors.New("it does not name the entry before it")
	case e.Hash != e.digest():
		return errors.New("its hash is not the hash of what it says")
	}
	return nil
}

func (b *book) apply(e Entry) error {
	switch e.Kind {
	case KindOpen:
		return b.open(e)
	case KindReserve:
		return b.reserve(e)
	case KindCommit:
		return b.commit(e)
	}
	return errors.New("its kind is unknown to this version")
}

func (b *book) open(e Entry) error {
	p, err := decode[openPayload](e.Payload)
	if err != nil {
		return err
	}
	if err := checkOpening(e.Dataset, p.Epsilon, p.Delta); err != nil {
		return err
	}
	if b.accounts[e.Dataset] != nil {
		return ErrExists
	}
	b.accounts[e.Dataset] = &Account{Dataset: e.Dataset, Epsilon: p.Epsilon, Delta: p.Delta, Opened: e.Time}
	return nil
}

// reserve does not ask whether the amount fits: what is in the ledger was spent, and a total above the cap
// has the right consequence, that nothing more fits.
func (b *book) reserve(e Entry) error {
	p, err := decode[reservePayload](e.Payload)
	if err != nil {
		return err
	}
	ask := p.ask(e.Dataset)
	if err := ask.check(); err != nil {
		return err
	}
	a := b.accounts[e.Dataset]
	if a == nil {
		return ErrNoAccount
	}
	b.holdings[e.id()] = &holding{Reservation: Reservation{ID: e.id(), Seq: e.Seq, Hash: e.Hash, Ask: ask, Time: e.Time}}
	a.Spent = a.Spent.plus(ask.Amount)
	a.Runs++
	a.Open++
	return nil
}

func (b *book) commit(e Entry) error {
	p, err := decode[commitPayload](e.Payload)
	if err != nil {
		return err
	}
	h, err := b.committable(p.Reservation, p.commitment())
	if err != nil {
		return err
	}
	if h.Ask.Dataset != e.Dataset {
		return errors.New("it commits another dataset's reservation")
	}
	h.committed = true
	b.accounts[e.Dataset].Open--
	return nil
}

// committable returns the reservation that c may be recorded for.
func (b *book) committable(id string, c Commitment) (*holding, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	h := b.holdings[id]
	switch {
	case h == nil:
		return nil, errors.New("there is no such reservation in this ledger")
	case h.committed:
		return nil, errors.New("the reservation was committed before")
	case c.Spent.Rho > h.Ask.Amount.Rho || c.Spent.Delta > h.Ask.Amount.Delta:
		return nil, fmt.Errorf("more was spent than reserved: %s of %s", c.Spent, h.Ask.Amount)
	}
	return h, nil
}

// account returns a copy of a dataset's account.
func (b *book) account(dataset string) (Account, error) {
	if err := checkDataset(dataset); err != nil {
		return Account{}, err
	}
	a := b.accounts[dataset]
	if a == nil {
		return Account{}, fmt.Errorf("dataset %q: %w", dataset, ErrNoAccount)
	}
	return *a, nil
}

// all returns copies of the accounts, by name.
func (b *book) all() []Account {
	var out []Account
	for _, dataset := range slices.Sorted(maps.Keys(b.accounts)) {
		out = append(out, *b.accounts[dataset])
	}
	return out
}

// sumUp is x + y for x, y ≥ 0, rounded up, so that no number of small reservations adds up to less than the truth.
func sumUp[F ~float64](x, y F) F {
	if x == 0 || y == 0 {
		return x + y
	}
	return F(math.Nextafter(float64(x+y), math.Inf(1)))
}
