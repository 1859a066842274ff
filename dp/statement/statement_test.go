package statement

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
)

// An open ledger with an account that has three runs, the second without an artefact, and another account with one.
func open(t *testing.T) *ledger.Store {
	t.Helper()
	ctx := context.Background()
	store, err := ledger.Create(ctx, filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	for _, o := range []ledger.Opening{
		{Dataset: "a", Epsilon: 8, Delta: 1e-5, By: "opener", Windows: []ledger.Cap{{Window: ledger.WindowMonth, Epsilon: 4, Delta: 1e-6}}},
		{Dataset: "b", Epsilon: 1, Delta: 1e-6},
	} {
		if _, err := store.OpenAccountWith(ctx, o); err != nil {
			t.Fatal(err)
		}
	}
	spend(t, store, "a", 0.1, true)
	spend(t, store, "b", 0.001, true)
	spend(t, store, "a", 0.01, false)
	if _, err := store.Raise(ctx, ledger.Raise{Dataset: "a", Cap: ledger.Cap{Epsilon: 9}, Reason: "why", By: "who"}); err != nil {
		t.Fatal(err)
	}
	spend(t, store, "a", 0.03, true)
	return store
}

func spend(t *testing.T, store *ledger.Store, dataset string, rho account.Rho, commit bool) {
	t.Helper()
	ctx := context.Background()
	r, err := store.Reserve(ctx, ledger.Ask{
		Dataset: dataset, Run: "run", Purpose: "purpose", Epsilon: 1, Delta: 1e-7, Amount: ledger.Amount{Rho: rho, Delta: 1e-8}, RunID: "id", By: "job",
	})
	if err != nil || !commit {
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	c := ledger.Commitment{
		Digest: strings.Repeat("ab", 32), Path: "p.parquet", Spent: ledger.Amount{Rho: rho / 2, Delta: 1e-9}, Public: []string{"the schema"},
		Releases: []ledger.Spending{{Mechanism: "threshold", Purpose: "categories", Column: "c", L2: 1, Sigma: 10, Rho: rho / 2, Delta: 1e-9, Threshold: 60}},
	}
	if err := store.Commit(ctx, r.ID, c); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, store *ledger.Store, dataset string) []*Statement {
	t.Helper()
	list, err := Read(context.Background(), store, dataset, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestStatementSaysWhatTheLedgerHolds(t *testing.T) {
	store := open(t)
	s := read(t, store, "a")[0]
	a, err := store.Account(context.Background(), "a")
	if err != nil {
		t.Fatal(err)
	}
	if s.Schema != "patina.budget/1" || s.Dataset != "a" || s.Unit != ledger.UnitRecord || s.By != "opener" || s.Ledger.Entries != 10 || len(s.Ledger.Head) != 64 {
		t.Errorf("the head of the statement is %+v", s)
	}
	if s.Total.Rho != a.Spent.Rho || s.Total.Delta != a.Spent.Delta || s.Total.Epsilon != a.SpentEpsilon() || s.Total.Mu != a.Spent.Rho.Mu() {
		t.Errorf("the total %+v is not the account's %+v", s.Total, a.Spent)
	}
	if s.Total.Runs != 3 || s.Total.Uncommitted != 1 || s.Total.Releases != 2 {
		t.Errorf("the total has %d runs, %d uncommitted and %d releases, want 3, 1, 2", s.Total.Runs, s.Total.Uncommitted, s.Total.Releases)
	}
	if s.Total.BasicEpsilon < 3 || s.Total.BasicEpsilon > 3.001 || s.Total.ZCDPEpsilon < s.Total.Epsilon {
		t.Errorf("by other accountings the total is %+v", s.Total)
	}
	if len(s.Raises) != 1 || s.Raises[0].Epsilon != 9 || s.Raises[0].Reason != "why" || s.Raises[0].By != "who" || s.Raises[0].Window != "lifetime" {
		t.Errorf("the raises are %+v", s.Raises)
	}
	if len(s.Caps) != 2 || s.Caps[0].Epsilon != 9 || s.Caps[0].Start != nil || s.Caps[1].Window != "month" || s.Caps[1].End == nil || s.Caps[1].SpentRho != a.Spent.Rho {
		t.Errorf("the caps are %+v", s.Caps)
	}
}

func TestRunsAreInOrder(t *testing.T) {
	s := read(t, open(t), "a")[0]
	for i, r := range s.Runs {
		if committed := i != 1; r.Committed != committed || (r.Artefact != nil) != committed {
			t.Errorf("run %d: committed is %v", i, r.Committed)
		}
		if i > 0 && !(r.After > s.Runs[i-1].After) {
			t.Errorf("run %d: ε after it is %g, not above %g before it", i, float64(r.After), float64(s.Runs[i-1].After))
		}
	}
	if last := s.Runs[2]; last.After != s.Total.Epsilon || last.RunID != "id" || last.By != "job" || last.MaxRecords != 1 {
		t.Errorf("the last run is %+v, the total ε %g", last, float64(s.Total.Epsilon))
	}
	r := s.Runs[0].Artefact.Releases[0]
	if r.Sigma != 10 || math.Abs(r.Error-19.6) > 0.01 || r.Column != "c" || r.Threshold != 60 || r.Delta != 1e-9 {
		t.Errorf("the release is %+v", r)
	}
	if public := s.Runs[0].Artefact.Public; len(public) != 1 || public[0] != "the schema" {
		t.Errorf("public input is %q", public)
	}
}

func TestAllAccounts(t *testing.T) {
	store := open(t)
	list := read(t, store, "")
	if len(list) != 2 || list[0].Dataset != "a" || list[1].Dataset != "b" || len(list[1].Runs) != 1 {
		t.Fatalf("got %d statements", len(list))
	}
	if list[0].Ledger != list[1].Ledger {
		t.Error("two statements of one ledger are of different places in it")
	}
	if _, err := Read(context.Background(), store, "c", time.Now()); !errors.Is(err, ledger.ErrNoAccount) {
		t.Errorf("an account that is not there: got %v, want ErrNoAccount", err)
	}
}

// TestDifferentMoments: an account and entries that do not belong together make no statement, whichever is older.
func TestDifferentMoments(t *testing.T) {
	store := open(t)
	ctx := context.Background()
	before, err := store.Account(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := store.Entries(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Of(before, entries, time.Now()); err != nil {
		t.Fatal(err)
	}
	spend(t, store, "a", 0.01, true)
	after, err := store.Account(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Of(after, entries, time.Now()); !errors.Is(err, errMoved) {
		t.Errorf("a newer account: got %v", err)
	}
	if entries, err = store.Entries(ctx, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := Of(before, entries, time.Now()); !errors.Is(err, errMoved) {
		t.Errorf("newer entries: got %v", err)
	}
	if _, err := Of(after, entries, time.Now()); err != nil {
		t.Error(err)
	}
}

// TestNothingSpent: an account without a run is a statement of zeros, and valid JSON.
func TestNothingSpent(t *testing.T) {
	s, err := Of(ledger.Account{Dataset: "d", Epsilon: 1, Delta: 1e-6}, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if s.Total.Epsilon != 0 || s.Total.ZCDPEpsilon != 0 || s.Total.Accuracy != 0.5 {
		t.Errorf("the total is %+v", s.Total)
	}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `"raises":[],"runs":[]`) {
		t.Errorf("nothing is not written as an empty list: %s", text)
	}
}
