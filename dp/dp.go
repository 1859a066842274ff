// Package dp is the capability to spend privacy budget, and the one mechanism that spends it.
//
//  1. A [Ledger] stands for one dataset's account. [Ledger.Reserve] turns a stated (ε, δ) into a zCDP budget ρ
//     and a δ for thresholds, and writes the reservation durably before anything is drawn.
//  2. The [Run] it returns releases vectors of integer counts, sealed as [Counts] or [Keyed], through
//     [Run.Gaussian] or [Run.Threshold]. Each charges the run before it draws, and fails without drawing when the
//     reservation does not hold the charge.
//  3. [Run.Commit] ties the reservation to the digest of the artefact that was made of it. A run that never commits
//     stays spent: budget can be wasted, never refunded.
//
// Every release is Gaussian noise on integers, so the whole run is μ-GDP with μ² = 2ρ, plus the thresholds' δ.
// PRIVACY.md carries the argument. The package stops mistakes, not a malicious operator: whoever can run code next to
// the raw data can read the raw data.
package dp

import (
	"context"
	"fmt"
	"math"
	"sync"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/internal/noise"
	"github.com/patina-data/patina/dp/ledger"
)

// ThresholdShare is the part of a run's δ that is set aside for thresholds; the rest pays for the Gaussian noise.
// Both enter through the tail of a normal distribution, so the split hardly matters.
const ThresholdShare = 0.25

// MinDelta is the smallest δ of a run. The noise's tails end at 8.8σ, where a normal distribution has 1e-18 left; for a
// hundred thousand draws that a record can touch that comes to a tenth of MinDelta (PRIVACY.md, "The noise").
const MinDelta account.Delta = 1e-12

// MaxSigma is the most noise that is drawn, in records. A release that would need more is refused.
const MaxSigma account.Sigma = noise.MaxSigma

// A Ledger is one dataset's account in a ledger store.
type Ledger struct {
	store   *ledger.Store
	dataset string
}

// NewLedger returns the account of dataset in store. Whether the account exists is found out when it is used.
func NewLedger(store *ledger.Store, dataset string) *Ledger {
	return &Ledger{store: store, dataset: dataset}
}

// Dataset returns the account's name.
func (l *Ledger) Dataset() string { return l.dataset }

// A Request is a run's budget as the user states it. There are no defaults.
type Request struct {
	Epsilon    account.Epsilon
	Delta      account.Delta // in all: noise and thresholds
	Run        string        // a name for the run in reports
	Purpose    string
	Unit       string // what the run protects: "record", or columns, "customer_id"; "" means "record"
	MaxRecords int    // the most records of a unit that are counted; 0 means 1
	Key        string // what makes this run the same as another, SHA-256 in hexadecimal; "": it is like no other
	RunID      string // the run's declared ID, such as the date of its batch
	Spec       string // SHA-256 of the spec in hexadecimal, or ""
	By         string // who or which job
}

// Budget returns what the request buys: ρ for the noise, and δ for thresholds.
func (r Request) Budget() (ledger.Amount, error) {
	if r.Delta < MinDelta {
		return ledger.Amount{}, fmt.Errorf("dp: convert the budget: δ is %g: give at least %g, below which the noise's tails are cut off", float64(r.Delta), float64(MinDelta))
	}
	thresholds := r.Delta * ThresholdShare
	rho, err := account.RhoFor(r.Epsilon, r.Delta-thresholds)
	if err != nil {
		return ledger.Amount{}, fmt.Errorf("dp: convert the budget: %w", err)
	}
	return ledger.Amount{Rho: rho, Delta: thresholds}, nil
}

func (l *Ledger) ask(req Request) (ledger.Ask, error) {
	amount, err := req.Budget()
	if err != nil {
		return ledger.Ask{}, err
	}
	return ledger.Ask{
		Dataset: l.dataset, Run: req.Run, Purpose: req.Purpose,
		Epsilon: req.Epsilon, Delta: req.Delta, Amount: amount,
		Unit: req.Unit, MaxRecords: req.MaxRecords, Key: req.Key, RunID: req.RunID, Spec: req.Spec, By: req.By,
	}, nil
}

// NextEpsilon returns the largest ε that one more run at delta may ask for, rounded down; 0 if the account grants none.
func NextEpsilon(a ledger.Account, delta account.Delta) account.Epsilon {
	if delta < MinDelta {
		return 0
	}
	return a.Grants(delta, delta*ThresholdShare)
}

// Check says what Reserve would say, and reserves nothing.
func (l *Ledger) Check(ctx context.Context, req Request) error {
	ask, err := l.ask(req)
	if err != nil {
		return err
	}
	return l.store.Check(ctx, ask)
}

// Reserve sets the budget aside, durably, and returns the run that may spend it. It fails with a
// *ledger.RefusedError when the account's caps do not hold it or the account protects another unit, and with a
// *ledger.DoneError when a run of the same key was committed before.
func (l *Ledger) Reserve(ctx context.Context, req Request) (*Run, error) {
	ask, err := l.ask(req)
	if err != nil {
		return nil, err
	}
	res, err := l.store.Reserve(ctx, ask)
	if err != nil {
		return nil, err
	}
	return &Run{store: l.store, reservation: res}, nil
}

// An Event is one charge: a release that was made, or was about to be when something failed.
type Event struct {
	ID        int    // 1, 2, … in the order of the charges
	Mechanism string // "gaussian" or "threshold"
	Charge
	Sensitivity Sensitivity
	Sigma       account.Sigma // records
	Threshold   float64       // records; threshold mechanism only
}

// shift is what a threshold takes off every count.
func (e Event) shift() int64 { return account.ThresholdShift(e.Sigma, e.Sensitivity.Linf()) }

// A Run is a reservation being spent. It is safe for concurrent use.
type Run struct {
	store       *ledger.Store
	reservation ledger.Reservation

	mu     sync.Mutex
	spent  ledger.Amount
	events []Event
}

// Reservation returns the ledger's receipt.
func (r *Run) Reservation() ledger.Reservation { return r.reservation }

// Reserved returns what the run may spend in all.
func (r *Run) Reserved() ledger.Amount { return r.reservation.Ask.Amount }

// Spent returns what the run's releases have charged so far.
func (r *Run) Spent() ledger.Amount {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.spent
}

// Events returns the run's charges so far.
func (r *Run) Events() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Event(nil), r.events...)
}

// charge takes c out of the reservation and returns the event that describes the draw it allows. It is
// the only way to an Event, and both mechanisms call it before they look at a count.
func (r *Run) charge(mechanism string, c Charge, s Sensitivity) (Event, error) {
	if err := c.Rho.Check(); err != nil {
		return Event{}, fmt.Errorf("dp: charge for %s: %w", c.Purpose, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	rho, delta := addUp(r.spent.Rho, c.Rho), addUp(r.spent.Delta, c.Delta)
	limit := r.reservation.Ask.Amount
	if rho > limit.Rho || delta > limit.Delta {
		return Event{}, fmt.Errorf("dp: %s would exceed the run's reservation (ρ %.3g of %.3g, δ %.3g of %.3g)",
			c.Purpose, float64(rho), float64(limit.Rho), float64(delta), float64(limit.Delta))
	}
	e := Event{
		ID: len(r.events) + 1, Mechanism: mechanism, Charge: c,
		Sensitivity: s, Sigma: account.SigmaFor(c.Rho, s.L2()),
	}
	// Refused here, because later a mechanism would find out only if it has something to draw for: an error would then
	// depend on the counts.
	if err := noise.CheckSigma(float64(e.Sigma)); err != nil {
		return Event{}, fmt.Errorf("dp: charge for %s: %w", c.Purpose, err)
	}
	if c.Delta > 0 {
		// A draw just below the threshold may be rounded up to it, which δ does not pay for.
		e.Threshold = float64(e.shift()) + account.Threshold(e.Sigma, float64(s.Linf()), s.L0(), c.Delta) + noise.Rounding(float64(e.Sigma))
	}
	if math.IsInf(e.Threshold, 1) {
		return Event{}, fmt.Errorf("dp: charge for %s: no threshold is high enough for δ = %g", c.Purpose, float64(c.Delta))
	}
	r.spent = ledger.Amount{Rho: rho, Delta: delta}
	r.events = append(r.events, e)
	return e, nil
}

// addUp adds two costs, rounded up: rounded to nearest, a charge below half an ulp of what is spent would be free, and
// a million of them too.
func addUp[F ~float64](spent, cost F) F {
	if spent == 0 || cost == 0 {
		return spent + cost
	}
	return F(math.Nextafter(float64(spent+cost), math.Inf(1)))
}

// Commit records the artefact made from the run, by digest and name, before it is published, with every release that
// was charged and, in sentences, what was public input. After it the run can spend no more.
func (r *Run) Commit(ctx context.Context, digest, path string, public []string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := ledger.Commitment{Digest: digest, Path: path, Spent: r.spent, Public: public}
	for _, e := range r.events {
		c.Releases = append(c.Releases, e.spending())
	}
	if err := r.store.Commit(ctx, r.reservation.ID, c); err != nil {
		return fmt.Errorf("dp: commit the run: %w", err)
	}
	r.reservation.Ask.Amount = r.spent
	return nil
}

// spending is the event as the ledger keeps it.
func (e Event) spending() ledger.Spending {
	return ledger.Spending{
		Mechanism: e.Mechanism, Purpose: e.Purpose, Column: e.Column, L2: e.Sensitivity.L2(), Sigma: float64(e.Sigma),
		Rho: e.Rho, Delta: e.Delta, Threshold: e.Threshold,
	}
}
