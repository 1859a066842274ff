package dp

import (
	"context"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
)

const dataset = "visits"

// digest stands for an artefact's SHA-256.
var digest = strings.Repeat("0123456789abcdef", 4)

// newLedger returns an account with the given cap in a fresh ledger, and the ledger's path.
func newLedger(t *testing.T, eps account.Epsilon, delta account.Delta) (*Ledger, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ledger.db")
	store, err := ledger.Create(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	if _, err := store.OpenAccount(context.Background(), dataset, eps, delta); err != nil {
		t.Fatal(err)
	}
	return NewLedger(store, dataset), path
}

// newRun returns a run that may spend (eps, delta), and nothing else may.
func newRun(t *testing.T, eps account.Epsilon, delta account.Delta) *Run {
	t.Helper()
	l, _ := newLedger(t, eps, delta)
	run, err := l.Reserve(context.Background(), Request{Epsilon: eps, Delta: delta, Run: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// TestReservationHoldsWhatWasAsked checks that a run's ρ and threshold δ together are no more than the (ε, δ) that
// the user stated, and not much less.
func TestReservationHoldsWhatWasAsked(t *testing.T) {
	for _, ask := range []struct {
		eps   account.Epsilon
		delta account.Delta
	}{{0.01, 1e-9}, {0.5, 1e-6}, {1, 1e-5}, {8, 1e-10}, {20, 0.01}} {
		amount := newRun(t, ask.eps, ask.delta).Reserved()
		total := account.DeltaAt(amount.Rho.Mu(), ask.eps) + amount.Delta
		if total > ask.delta || total < ask.delta*(1-1e-6) {
			t.Errorf("(%g, %g): the reservation amounts to δ = %g", ask.eps, ask.delta, total)
		}
		if amount.Delta != ask.delta*ThresholdShare {
			t.Errorf("(%g, %g): the thresholds have δ = %g", ask.eps, ask.delta, amount.Delta)
		}
	}
}

func TestRefusesBadRequests(t *testing.T) {
	l, _ := newLedger(t, 1, 1e-6)
	nan := math.NaN()
	for name, req := range map[string]Request{
		"nothing":    {},
		"no ε":       {Delta: 1e-6},
		"no δ":       {Epsilon: 1},
		"ε negative": {Epsilon: -1, Delta: 1e-6},
		"ε NaN":      {Epsilon: account.Epsilon(nan), Delta: 1e-6},
		"ε infinite": {Epsilon: account.Epsilon(math.Inf(1)), Delta: 1e-6},
		"δ negative": {Epsilon: 1, Delta: -1e-6},
		"δ NaN":      {Epsilon: 1, Delta: account.Delta(nan)},
		"δ one":      {Epsilon: 1, Delta: 1},
		"δ tiny":     {Epsilon: 1, Delta: MinDelta / 2},
	} {
		if _, err := l.Reserve(context.Background(), req); err == nil {
			t.Errorf("%s: Reserve accepted it", name)
		}
		if err := l.Check(context.Background(), req); err == nil {
			t.Errorf("%s: Check accepted it", name)
		}
	}
	a, err := l.store.Account(context.Background(), dataset)
	if err != nil || a.Runs != 0 {
		t.Errorf("after refusals the account has %d runs, error %v", a.Runs, err)
	}
}

// TestReservationSurvivesCrash drops a run without committing it, as a crash would, and finds it spent by whoever
// opens the ledger next.
func TestReservationSurvivesCrash(t *testing.T) {
	ctx := context.Background()
	l, path := newLedger(t, 1, 1e-6)
	run, err := l.Reserve(ctx, Request{Epsilon: 0.9, Delta: 0.9e-6, Run: "first"})
	if err != nil {
		t.Fatal(err)
	}
	// The first store stays open, as that of a process that was killed would.
	store, err := ledger.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	a, err := store.Account(ctx, dataset)
	if err != nil {
		t.Fatal(err)
	}
	if a.Spent != run.Reserved() || a.Runs != 1 || a.Open != 1 {
		t.Errorf("the account has %v spent in %d runs, %d of them open; want %v, 1, 1", a.Spent, a.Runs, a.Open, run.Reserved())
	}
	_, err = NewLedger(store, dataset).Reserve(ctx, Request{Epsilon: 0.9, Delta: 0.9e-6, Run: "second"})
	var refused *ledger.RefusedError
	if !errors.As(err, &refused) {
		t.Errorf("a second run of the same size: error %v, want a refusal", err)
	}
}

func TestCommitEnds(t *testing.T) {
	ctx := context.Background()
	for name, rho := range map[string]account.Rho{"an ordinary charge": 1e-3, "a charge lost in rounding": 1e-12} {
		run := newRun(t, 1e9, 1e-6)
		if _, err := run.Gaussian(Charge{Purpose: "count", Rho: 1e5}, Seal([]int64{5}, UpTo(1).Bound(1))); err != nil {
			t.Fatal(err)
		}
		spent := run.Spent()
		if err := run.Commit(ctx, digest, "out.parquet", nil); err != nil {
			t.Fatal(err)
		}
		if _, err := run.Gaussian(Charge{Purpose: "late", Rho: rho}, unseen(t)); err == nil {
			t.Errorf("%s was accepted after the commit", name)
		}
		if _, _, err := run.Threshold(Charge{Purpose: "late", Rho: rho, Delta: 1e-12}, unseenKeys(t)); err == nil {
			t.Errorf("%s of a threshold was accepted after the commit", name)
		}
		if run.Spent() != spent || len(run.Events()) != 1 {
			t.Errorf("%s left a trace: %v spent in %d events", name, run.Spent(), len(run.Events()))
		}
		if err := run.Commit(ctx, digest, "out.parquet", nil); err == nil {
			t.Error("a run was committed twice")
		}
		a, err := run.store.Account(ctx, dataset)
		if err != nil || a.Open != 0 || a.Spent.Rho < spent.Rho {
			t.Errorf("the account has %v spent in %d open runs, error %v", a.Spent, a.Open, err)
		}
	}
}

// TestCommitRefundsNothing: what a run did not use stays spent, because the ledger cannot know what was drawn.
func TestCommitRefundsNothing(t *testing.T) {
	ctx := context.Background()
	run := newRun(t, 1, 1e-6)
	reserved := run.Reserved()
	if err := run.Commit(ctx, digest, "out.parquet", nil); err != nil {
		t.Fatal(err)
	}
	a, err := run.store.Account(ctx, dataset)
	if err != nil || a.Spent != reserved {
		t.Errorf("after an empty run the account has %v spent, want %v (error %v)", a.Spent, reserved, err)
	}
}

// TestRaces charges one run from many goroutines, far beyond what it holds. Run it with -race.
func TestRaces(t *testing.T) {
	const workers, each, fits = 16, 2000, 10_000
	run := newRun(t, 2, 1e-6)
	charge := Charge{Purpose: "count", Rho: run.Reserved().Rho / fits}
	var wg sync.WaitGroup
	var mu sync.Mutex
	ids := map[int]bool{}
	for range workers {
		wg.Go(func() {
			for range each {
				// Without counts there is nothing to draw, so the charges meet head-on.
				n, err := run.Gaussian(charge, Seal(nil, UpTo(1).Bound(1)))
				if err != nil {
					continue
				}
				mu.Lock()
				ids[n.Event.ID] = true
				mu.Unlock()
				run.Spent()
			}
		})
	}
	wg.Wait()
	if spent := run.Spent(); spent.Rho > run.Reserved().Rho {
		t.Errorf("spent %v of %v", spent, run.Reserved())
	}
	// Sums are rounded up, so the last of the charges that fit on paper need not.
	if n := len(run.Events()); n != len(ids) || n > fits || n < fits-1 {
		t.Errorf("%d events with %d different ids, want %d", n, len(ids), fits)
	}
}
