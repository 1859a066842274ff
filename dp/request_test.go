package dp

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
)

// keyed is a request that says all that one can.
var keyed = Request{
	Epsilon: 0.5, Delta: 1e-7, Run: "night", Purpose: "profile", Unit: "customer_id", MaxRecords: 8,
	Key: strings.Repeat("ab", 32), RunID: "2025-03-01", Spec: strings.Repeat("cd", 32), By: "cron job 7",
}

func TestRequestReachesTheLedger(t *testing.T) {
	l, _ := newLedger(t, 1, 1e-6)
	run, err := l.Reserve(t.Context(), keyed)
	if err != nil {
		t.Fatal(err)
	}
	want := ledger.Ask{
		Dataset: dataset, Run: "night", Purpose: "profile", Epsilon: 0.5, Delta: 1e-7, Amount: run.Reserved(), Unit: "customer_id",
		MaxRecords: 8, Key: keyed.Key, RunID: "2025-03-01", Spec: keyed.Spec, By: "cron job 7",
	}
	if got := run.Reservation().Ask; got != want {
		t.Errorf("the ledger was asked %+v, want %+v", got, want)
	}
}

// What the ledger keeps of a run is what it drew: every charge in order, and nothing else.
func TestCommitRecordsEveryRelease(t *testing.T) {
	ctx := t.Context()
	l, _ := newLedger(t, 1, 1e-6)
	run, err := l.Reserve(ctx, keyed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run.Gaussian(Charge{Purpose: "row count", Rho: 1e-3}, Seal([]int64{5}, UpTo(1).Bound(1))); err != nil {
		t.Fatal(err)
	}
	keys := SealKeyed(map[string]int64{"a": 900}, UpTo(1).Bound(1))
	if _, _, err := run.Threshold(Charge{Purpose: "frequent values", Column: "town", Rho: 1e-3, Delta: 1e-9}, keys); err != nil {
		t.Fatal(err)
	}
	if err := run.Commit(ctx, digest, "out.parquet", []string{"column names, from the header"}); err != nil {
		t.Fatal(err)
	}
	entries, err := l.store.Entries(ctx, dataset)
	if err != nil {
		t.Fatal(err)
	}
	_, c, ok := entries[len(entries)-1].Commitment()
	if !ok || len(c.Releases) != 2 || c.Spent != run.Spent() || len(c.Public) != 1 {
		t.Fatalf("the commitment is %+v", c)
	}
	for i, e := range run.Events() {
		if r := c.Releases[i]; r.Mechanism != e.Mechanism || r.Purpose != e.Purpose || r.Column != e.Column || r.Rho != e.Rho || r.Delta != e.Delta ||
			r.Sigma != float64(e.Sigma) || r.L2 != e.Sensitivity.L2() || r.Threshold != e.Threshold {
			t.Errorf("release %d is recorded as %+v, was %+v", i+1, r, e)
		}
	}
	var done *ledger.DoneError
	if _, err := l.Reserve(ctx, keyed); !errors.As(err, &done) || done.Commitment.Path != "out.parquet" {
		t.Errorf("the same run again = %v, want it to be done", err)
	}
	if err := l.Check(ctx, keyed); !errors.As(err, &done) {
		t.Errorf("Check of the same run again = %v, want it to be done", err)
	}
}

func TestBadRequestsCostNothing(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	l, _ := newLedger(t, 1, 1e-6)
	for name, spoil := range map[string]func(*Request){
		"ε = 0":           func(r *Request) { r.Epsilon = 0 },
		"ε = −10":         func(r *Request) { r.Epsilon = -10 },
		"ε NaN":           func(r *Request) { r.Epsilon = account.Epsilon(nan) },
		"ε Inf":           func(r *Request) { r.Epsilon = account.Epsilon(inf) },
		"δ = 0":           func(r *Request) { r.Delta = 0 },
		"δ < 0":           func(r *Request) { r.Delta = -1e-7 },
		"δ NaN":           func(r *Request) { r.Delta = account.Delta(nan) },
		"δ = 1":           func(r *Request) { r.Delta = 1 },
		"max records < 0": func(r *Request) { r.MaxRecords = -1 },
		"key no digest":   func(r *Request) { r.Key = "2025-03-01" },
		"two lines":       func(r *Request) { r.By = "a\nb" },
	} {
		r := keyed
		spoil(&r)
		if err := l.Check(t.Context(), r); err == nil {
			t.Errorf("%s: checked", name)
		}
		if _, err := l.Reserve(t.Context(), r); err == nil {
			t.Errorf("%s: reserved", name)
		}
	}
	if a, err := l.store.Account(context.Background(), dataset); err != nil || a.Runs != 0 || a.Unit != "" {
		t.Errorf("bad requests left %+v, %v", a, err)
	}
}

func TestNextEpsilonIsGranted(t *testing.T) {
	l, _ := newLedger(t, 1, 1e-6)
	for range 3 {
		a, err := l.store.Account(t.Context(), dataset)
		if err != nil {
			t.Fatal(err)
		}
		most := NextEpsilon(a, 1e-7)
		if l.Check(t.Context(), Request{Epsilon: most * 1.0001, Delta: 1e-7}) == nil {
			t.Errorf("more than NextEpsilon = %g is granted", most)
		}
		if err := l.Check(t.Context(), Request{Epsilon: most, Delta: 1e-7}); err != nil {
			t.Errorf("NextEpsilon = %g is refused: %v", most, err)
		}
		if _, err := l.Reserve(t.Context(), Request{Epsilon: most / 2, Delta: 1e-7}); err != nil {
			t.Fatal(err)
		}
	}
	a, err := l.store.Account(t.Context(), dataset)
	if err != nil {
		t.Fatal(err)
	}
	for _, delta := range []account.Delta{0, -1, MinDelta / 2, 1e-5, 1, account.Delta(math.NaN())} {
		if got := NextEpsilon(a, delta); got != 0 {
			t.Errorf("NextEpsilon at δ = %g is %g, want 0", delta, got)
		}
	}
}
