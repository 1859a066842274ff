// Package statement tells what an account of the ledger has spent, on what, and under which limits, in numbers that
// somebody else can add up again.
//
//  1. [Read] takes an account and its entries from a ledger.
//  2. [Of] puts them in order: the caps and what is left of them, the raises, and the runs with their releases, each with
//     what had been spent in all when it was granted.
//  3. A [Statement] is the JSON document "patina.budget/1", and what reports are made of.
//
// It reads the ledger alone. Everything in it is public in the sense that the accounting itself is: it holds no count, no
// cell, and nothing that was not decided before a run or charged by it.
package statement

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
)

// Schema names the JSON document and its version. Fields may be added to a version, and none is taken away or changed.
const Schema = "patina.budget/1"

// A Statement is an account's history as of one of the ledger's entries.
type Statement struct {
	Schema  string         `json:"schema"`
	Made    time.Time      `json:"made"` // UTC
	Dataset string         `json:"dataset"`
	Unit    string         `json:"unit"` // what the account protects: "record", or columns; "" until a run says
	Opened  time.Time      `json:"opened"`
	By      string         `json:"by,omitempty"` // who opened it
	Caps    []Cap          `json:"caps"`         // the lifetime's first
	Total   Total          `json:"total"`
	Raises  []Raise        `json:"raises"`
	Runs    []Run          `json:"runs"` // in the order granted
	Ledger  Position       `json:"ledger"`
	Account ledger.Account `json:"-"` // as the ledger gives it
}

// A Position is where in the ledger a statement was made.
type Position struct {
	Entries int64  `json:"entries"` // of all accounts
	Head    string `json:"head"`    // the last entry's hash, which covers all before it
}

// A Cap is a limit, and what has been spent under it.
type Cap struct {
	Window       string          `json:"window"` // "lifetime", "month", …
	Epsilon      account.Epsilon `json:"epsilon"`
	Delta        account.Delta   `json:"delta"`
	Start        *time.Time      `json:"start,omitempty"` // of the running window; nil for the lifetime
	End          *time.Time      `json:"end,omitempty"`
	SpentRho     account.Rho     `json:"spent_rho"`
	SpentDelta   account.Delta   `json:"spent_delta"`   // of thresholds
	SpentEpsilon account.Epsilon `json:"spent_epsilon"` // at Delta
}

// A Total is what all runs together come to.
type Total struct {
	Rho          account.Rho     `json:"rho"`             // zCDP of the noise
	Delta        account.Delta   `json:"threshold_delta"` // of thresholds
	Mu           account.Mu      `json:"mu"`              // √(2ρ), exact
	Epsilon      account.Epsilon `json:"epsilon"`         // at the lifetime's δ, thresholds included: the tight conversion
	ZCDPEpsilon  account.Epsilon `json:"zcdp_epsilon"`    // the same by zCDP's own conversion
	BasicEpsilon account.Epsilon `json:"basic_epsilon"`   // the sum of what the runs asked for, at BasicDelta
	BasicDelta   account.Delta   `json:"basic_delta"`
	Accuracy     float64         `json:"best_attacker"` // of guessing whether one unit is in the data, out of even odds
	Runs         int             `json:"runs"`
	Uncommitted  int             `json:"uncommitted"` // of these, without an artefact
	Releases     int             `json:"releases"`    // of committed runs that say
}

// A Raise is a cap that was raised, or a window's first.
type Raise struct {
	Time    time.Time       `json:"time"`
	Window  string          `json:"window"`
	Epsilon account.Epsilon `json:"epsilon"`
	Delta   account.Delta   `json:"delta"`
	Reason  string          `json:"reason"`
	By      string          `json:"by"`
}

// A Run is a reservation, and what became of it.
type Run struct {
	ID         string          `json:"id"`
	Time       time.Time       `json:"time"` // when it was granted
	Name       string          `json:"run"`
	RunID      string          `json:"run_id,omitempty"`
	Purpose    string          `json:"purpose"`
	By         string          `json:"by,omitempty"`
	Spec       string          `json:"spec,omitempty"` // SHA-256
	Unit       string          `json:"unit"`
	MaxRecords int             `json:"max_records"`
	Epsilon    account.Epsilon `json:"epsilon"` // as asked for, at Delta
	Delta      account.Delta   `json:"delta"`
	Rho        account.Rho     `json:"rho"`             // reserved, and so spent
	Threshold  account.Delta   `json:"threshold_delta"` // reserved for thresholds, and so spent
	After      account.Epsilon `json:"epsilon_after"`   // what all runs up to this one come to, at the lifetime's δ
	Committed  bool            `json:"committed"`       // an artefact was recorded
	Artefact   *Artefact       `json:"artefact,omitempty"`
}

// An Artefact is what a run left.
type Artefact struct {
	Time     time.Time     `json:"time"`
	Digest   string        `json:"sha256"`
	Path     string        `json:"path"`
	Rho      account.Rho   `json:"rho"`             // charged by the releases, at most what was reserved
	Delta    account.Delta `json:"threshold_delta"` // the same of thresholds
	Public   []string      `json:"public"`          // sentences: what was public input
	Releases []Release     `json:"releases"`        // empty for runs from before they were recorded
}

// A Release is one vector of counts that left with noise.
type Release struct {
	Mechanism   string        `json:"mechanism"` // "gaussian" or "threshold"
	Purpose     string        `json:"purpose"`
	Column      string        `json:"column"`      // "" if of several or none
	Sensitivity float64       `json:"sensitivity"` // Δ₂
	Sigma       float64       `json:"sigma"`       // of the noise on each count
	Error       float64       `json:"error"`       // no more than this off, with probability 95 %, is each count
	Rho         account.Rho   `json:"rho"`
	Delta       account.Delta `json:"delta"`     // of the threshold; 0 without
	Threshold   float64       `json:"threshold"` // what a count had to reach; 0 without
}

// Within95 is how many σ hold 95 % of a normal distribution, on both sides.
const Within95 = 1.959964

// Read returns the statement of a dataset's account as of now, or, for "", those of all accounts by name. It fails as
// Store.Account and Store.Entries do.
func Read(ctx context.Context, store *ledger.Store, dataset string, now time.Time) ([]*Statement, error) {
	const tries = 5 // a run that is granted between the two looks makes them differ
	for range tries {
		accounts, err := lookUp(ctx, store, dataset)
		if err != nil {
			return nil, err
		}
		entries, err := store.Entries(ctx, "")
		if err != nil {
			return nil, err
		}
		list, err := ofAll(accounts, entries, now)
		if !errors.Is(err, errMoved) {
			return list, err
		}
	}
	return nil, fmt.Errorf("read the accounts: %w", ledger.ErrBusy)
}

func lookUp(ctx context.Context, store *ledger.Store, dataset string) ([]ledger.Account, error) {
	if dataset == "" {
		return store.Accounts(ctx)
	}
	a, err := store.Account(ctx, dataset)
	return []ledger.Account{a}, err
}

func ofAll(accounts []ledger.Account, entries []ledger.Entry, now time.Time) ([]*Statement, error) {
	var list []*Statement
	for _, a := range accounts {
		s, err := Of(a, entries, now)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// errMoved says that an account and entries are of different moments.
var errMoved = errors.New("the account and the entries do not belong together")

// Of returns the statement of an account. The entries are the whole ledger's, those of other accounts too, as they
// were when the account was looked up.
func Of(a ledger.Account, entries []ledger.Entry, now time.Time) (*Statement, error) {
	s := &Statement{
		Schema: Schema, Made: now.UTC().Truncate(time.Second), Dataset: a.Dataset, Unit: a.Unit, Opened: a.Opened, Account: a,
		Caps: caps(a), Raises: []Raise{}, Runs: []Run{},
	}
	at := map[string]int{} // of runs, by ID
	sum := ledger.Amount{}
	for _, e := range entries {
		s.Ledger = Position{e.Seq, e.Hash}
		if e.Dataset != a.Dataset {
			continue
		}
		if o, ok := e.Opening(); ok {
			s.By = o.By
		}
		if r, ok := e.Raise(); ok {
			s.Raises = append(s.Raises, Raise{e.Time, r.Cap.Window.String(), r.Cap.Epsilon, r.Cap.Delta, r.Reason, r.By})
		}
		if r, ok := e.Reservation(); ok {
			sum = ledger.Amount{Rho: addUp(sum.Rho, r.Ask.Amount.Rho), Delta: addUp(sum.Delta, r.Ask.Amount.Delta)}
			at[r.ID] = len(s.Runs)
			s.Runs = append(s.Runs, granted(r, a, sum))
		}
		if id, c, ok := e.Commitment(); ok {
			if i, known := at[id]; known {
				s.Runs[i].Committed, s.Runs[i].Artefact = true, left(e.Time, c)
			}
		}
	}
	s.Total = s.total()
	if sum != a.Spent || s.Total.Runs != a.Runs || s.Total.Uncommitted != a.Open {
		return nil, errMoved
	}
	return s, nil
}

func caps(a ledger.Account) []Cap {
	list := []Cap{{
		Window: ledger.Lifetime.String(), Epsilon: a.Epsilon, Delta: a.Delta,
		SpentRho: a.Spent.Rho, SpentDelta: a.Spent.Delta, SpentEpsilon: a.SpentEpsilon(),
	}}
	for _, w := range a.Windows {
		start, end := w.Start, w.End
		list = append(list, Cap{
			Window: w.Window.String(), Epsilon: w.Epsilon, Delta: w.Delta, Start: &start, End: &end,
			SpentRho: w.Spent.Rho, SpentDelta: w.Spent.Delta, SpentEpsilon: w.SpentEpsilon(),
		})
	}
	return list
}

// granted is a run as of its reservation, when sum had been spent with it.
func granted(r ledger.Reservation, a ledger.Account, sum ledger.Amount) Run {
	a.Spent = sum
	return Run{
		ID: r.ID, Time: r.Time, Name: r.Ask.Run, RunID: r.Ask.RunID, Purpose: r.Ask.Purpose, By: r.Ask.By, Spec: r.Ask.Spec,
		Unit: r.Ask.Unit, MaxRecords: r.Ask.MaxRecords, Epsilon: r.Ask.Epsilon, Delta: r.Ask.Delta,
		Rho: r.Ask.Amount.Rho, Threshold: r.Ask.Amount.Delta, After: a.SpentEpsilon(),
	}
}

func left(at time.Time, c ledger.Commitment) *Artefact {
	a := &Artefact{
		Time: at, Digest: c.Digest, Path: c.Path, Rho: c.Spent.Rho, Delta: c.Spent.Delta,
		Public: append([]string{}, c.Public...), Releases: []Release{},
	}
	for _, r := range c.Releases {
		a.Releases = append(a.Releases, Release{
			Mechanism: r.Mechanism, Purpose: r.Purpose, Column: r.Column, Sensitivity: r.L2, Sigma: r.Sigma,
			Error: Within95 * r.Sigma, Rho: r.Rho, Delta: r.Delta, Threshold: r.Threshold,
		})
	}
	return a
}

func (s *Statement) total() Total {
	a := s.Account
	t := Total{
		Rho: a.Spent.Rho, Delta: a.Spent.Delta, Mu: a.Spent.Rho.Mu(), Epsilon: a.SpentEpsilon(),
		Accuracy: a.Spent.Rho.Mu().Accuracy(), Runs: len(s.Runs),
	}
	if t.Runs > 0 {
		t.ZCDPEpsilon = account.ZCDPEpsilon(t.Rho, a.Delta-t.Delta)
	}
	var basic account.Guarantee
	for _, r := range s.Runs {
		basic = basic.Plus(account.Guarantee{Epsilon: r.Epsilon, Delta: r.Delta})
		if !r.Committed {
			t.Uncommitted++
			continue
		}
		t.Releases += len(r.Artefact.Releases)
	}
	t.BasicEpsilon, t.BasicDelta = basic.Epsilon, basic.Delta
	return t
}

// addUp adds two costs, rounded up as the ledger does.
func addUp[F ~float64](sum, cost F) F {
	if sum == 0 || cost == 0 {
		return sum + cost
	}
	return F(math.Nextafter(float64(sum+cost), math.Inf(1)))
}
