package ledger

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// A book is what a run of entries from the first one adds up to.
type book struct {
	clock    func() time.Time
	seq      int64     // of the last entry; 0 before the first
	hash     string    // of the last entry
	time     time.Time // the latest of all entries
	accounts map[string]*page
	holdings map[string]*holding   // by reservation ID
	keyed    map[runKey][]*holding // the newest last
}

// A holding is a reservation and what became of it.
type holding struct {
	Reservation
	commitment *Commitment // nil until there is one; without its Releases, which nobody asks the book for
}

// A runKey is what a run is known by if it is to be made once only.
type runKey struct{ dataset, key string }

func newBook(clock func() time.Time) *book {
	return &book{
		clock: clock, hash: genesis,
		accounts: map[string]*page{}, holdings: map[string]*holding{}, keyed: map[runKey][]*holding{},
	}
}

// maxBehind is how far this machine's clock may be behind the last entry's time. Clocks of machines that share a
// ledger differ by seconds; one that is hours behind would spend in a window that is over.
const maxBehind = 10 * time.Minute

// now is the time of the next entry: the clock's, but never before the last entry's.
func (b *book) now() time.Time {
	if at := b.clock(); at.After(b.time) {
		return at
	}
	return b.time
}

// checkClock refuses a clock that has gone back.
func (b *book) checkClock() error {
	at := b.clock()
	if behind := b.time.Sub(at); behind > maxBehind {
		return fmt.Errorf("the clock of this machine (%s) is before the ledger's last entry (%s): set it, nothing was spent",
			at.Format(timeLayout), b.time.Format(timeLayout))
	}
	return nil
}

// next returns the entry that would follow, if the clock is right.
func (b *book) next(kind Kind, dataset string, payload any) (Entry, error) {
	if err := b.checkClock(); err != nil {
		return Entry{}, err
	}
	return b.follow(kind, dataset, payload), nil
}

// follow returns the entry that would follow, stamped and chained.
func (b *book) follow(kind Kind, dataset string, payload any) Entry {
	e := Entry{
		Seq: b.seq + 1, Time: b.now(), Kind: kind, Dataset: dataset, Payload: encode(payload), Prev: b.hash,
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
	if e.Time.After(b.time) {
		b.time = e.Time
	}
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
	case KindRaise:
		return b.raise(e)
	}
	return errors.New("its kind is unknown to this version")
}

func (b *book) open(e Entry) error {
	p, err := decode[openPayload](e.Payload)
	if err != nil {
		return err
	}
	o := p.opening(e.Dataset)
	if err := o.check(); err != nil {
		return err
	}
	if b.accounts[e.Dataset] != nil {
		return ErrExists
	}
	b.accounts[e.Dataset] = newPage(o, e.Time)
	return nil
}

func (b *book) reserve(e Entry) error {
	p, err := decode[reservePayload](e.Payload)
	if err != nil {
		return err
	}
	ask := p.ask(e.Dataset)
	if err := ask.check(); err != nil {
		return err
	}
	account := b.accounts[e.Dataset]
	switch {
	case account == nil:
		return ErrNoAccount
	case !account.protects(ask.Unit):
		return errors.New("it protects another unit than its account")
	}
	h := &holding{Reservation: e.receipt(ask)}
	b.holdings[h.ID] = h
	if ask.Key != "" {
		k := runKey{e.Dataset, ask.Key}
		b.keyed[k] = append(b.keyed[k], h)
	}
	account.reserve(h.Reservation)
	return nil
}

func (b *book) commit(e Entry) error {
	p, err := decode[commitPayload](e.Payload)
	if err != nil {
		return err
	}
	c := p.commitment()
	h, err := b.committable(p.Reservation, c)
	if err != nil {
		return err
	}
	if h.Ask.Dataset != e.Dataset {
		return errors.New("it commits another dataset's reservation")
	}
	c.Releases = nil
	h.commitment = &c
	b.accounts[e.Dataset].open--
	return nil
}

func (b *book) raise(e Entry) error {
	p, err := decode[raisePayload](e.Payload)
	if err != nil {
		return err
	}
	r := p.raise(e.Dataset)
	if err := r.check(); err != nil {
		return err
	}
	account := b.accounts[e.Dataset]
	if account == nil {
		return ErrNoAccount
	}
	if err := account.raisable(r.Cap); err != nil {
		return err
	}
	account.setCap(r.Cap)
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
	case h.commitment != nil:
		return nil, errors.New("the reservation was committed before")
	case c.Spent.Rho > h.Ask.Amount.Rho || c.Spent.Delta > h.Ask.Amount.Delta:
		return nil, fmt.Errorf("more was spent than reserved: %s of %s", c.Spent, h.Ask.Amount)
	}
	return h, nil
}

// find returns the reservation of a run: the one that was committed, or else the newest; nil if there is none.
func (b *book) find(dataset, key string) *holding {
	all := b.keyed[runKey{dataset, key}]
	for _, h := range slices.Backward(all) {
		if h.commitment != nil {
			return h
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// page returns what the book knows of a dataset's account, or ErrNoAccount.
func (b *book) page(dataset string) (*page, error) {
	if err := checkDataset(dataset); err != nil {
		return nil, err
	}
	p := b.accounts[dataset]
	if p == nil {
		return nil, fmt.Errorf("dataset %q: %w", dataset, ErrNoAccount)
	}
	return p, nil
}

// account returns a dataset's account as of now.
func (b *book) account(dataset string) (Account, error) {
	p, err := b.page(dataset)
	if err != nil {
		return Account{}, err
	}
	return p.account(b.now()), nil
}

// all returns the accounts as of now, by name.
func (b *book) all() []Account {
	var out []Account
	for _, dataset := range slices.Sorted(maps.Keys(b.accounts)) {
		out = append(out, b.accounts[dataset].account(b.now()))
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
