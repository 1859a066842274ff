package ledger

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/patina-data/patina/dp/account"
)

// digestA is a well-formed digest of nothing in particular.
var digestA = strings.Repeat("a1", 32)

// newLedger returns the location of a fresh ledger in which "sales" has ε = 1 at δ = 1e-6, and the ledger, open.
func newLedger(t *testing.T) (string, *Store) {
	t.Helper()
	path := location(t)
	s, err := Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if _, err := s.OpenAccount(t.Context(), "sales", 1, 1e-6); err != nil {
		t.Fatal(err)
	}
	return path, s
}

func mustOpen(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func mustReserve(t *testing.T, s *Store, ask Ask) Reservation {
	t.Helper()
	r, err := s.Reserve(t.Context(), ask)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mustAccount(t *testing.T, s *Store, dataset string) Account {
	t.Helper()
	a, err := s.Account(t.Context(), dataset)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// askFor is an ask on "sales" for (eps, delta), a quarter of δ for thresholds.
func askFor(t *testing.T, eps account.Epsilon, delta account.Delta) Ask {
	t.Helper()
	thresholds := delta / 4
	rho, err := account.RhoFor(eps, delta-thresholds)
	if err != nil {
		t.Fatal(err)
	}
	return Ask{
		Dataset: "sales", Run: "monthly", Purpose: "profile", Epsilon: eps, Delta: delta,
		Amount: Amount{Rho: rho, Delta: thresholds},
	}
}

// same compares what holds slices.
func same(a, b any) bool { return reflect.DeepEqual(a, b) }

// raw opens the database behind a ledger's back.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func TestLifeOfALedger(t *testing.T) { onEach(t, lifeOfALedger) }

func lifeOfALedger(t *testing.T) {
	ctx := t.Context()
	path, s := newLedger(t)
	ask := askFor(t, 0.3, 1e-7)
	first := mustReserve(t, s, ask)
	second := mustReserve(t, s, ask)
	spent := Amount{Rho: ask.Amount.Rho / 2}
	if err := s.Commit(ctx, first.ID, Commitment{Digest: digestA, Path: "out/profile.parquet", Spent: spent}); err != nil {
		t.Fatal(err)
	}
	before := mustAccount(t, s, "sales")
	if before.Runs != 2 || before.Open != 1 {
		t.Errorf("%d runs, %d open, want 2 and 1", before.Runs, before.Open)
	}
	if before.Basic.Epsilon < 0.6 || before.Basic.Epsilon > 0.6+1e-12 || before.Basic.Delta < 2e-7 || before.Basic.Delta > 2e-7+1e-18 {
		t.Errorf("by basic composition two runs of (0.3, 1e-7) are %+v", before.Basic)
	}
	// Commitments refund nothing.
	if want := ask.Amount.plus(ask.Amount); before.Spent != want {
		t.Errorf("spent %v, want %v", before.Spent, want)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	s = mustOpen(t, path)
	if after := mustAccount(t, s, "sales"); !same(after, before) {
		t.Errorf("after reopening the account is %+v, want %+v", after, before)
	}
	if err := s.Verify(ctx); err != nil {
		t.Error(err)
	}
	entries, err := s.Entries(ctx, "sales")
	if err != nil || len(entries) != 4 {
		t.Fatalf("%d entries, %v, want 4", len(entries), err)
	}
	if r, ok := entries[1].Reservation(); !ok || r != first {
		t.Errorf("entry 2 reads back as %+v, want %+v", r, first)
	}
	if r, ok := entries[2].Reservation(); !ok || r != second {
		t.Errorf("entry 3 reads back as %+v, want %+v", r, second)
	}
	id, c, ok := entries[3].Commitment()
	if !ok || id != first.ID || !same(c, Commitment{Digest: digestA, Path: "out/profile.parquet", Spent: spent}) {
		t.Errorf("entry 4 reads back as %q, %+v, %v", id, c, ok)
	}
	if _, ok := entries[3].Reservation(); ok {
		t.Error("a commit reads as a reservation")
	}
	if _, _, ok := entries[1].Commitment(); ok {
		t.Error("a reservation reads as a commit")
	}
}

func TestCreateOpensWhatIsThere(t *testing.T) { onEach(t, createOpensWhatIsThere) }

func createOpensWhatIsThere(t *testing.T) {
	path, s := newLedger(t)
	again, err := Create(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if got, want := mustAccount(t, again, "sales"), mustAccount(t, s, "sales"); !same(got, want) {
		t.Errorf("created again, the account is %+v, want %+v", got, want)
	}
	if onPostgres(t) {
		return
	}
	leftovers, err := filepath.Glob(path + ".new-*")
	if err != nil || len(leftovers) > 0 {
		t.Errorf("creating left %v behind, %v", leftovers, err)
	}
}

func TestURLs(t *testing.T) {
	folder := t.TempDir()
	for _, location := range []string{
		filepath.Join(folder, "plain.db"),
		"sqlite://" + filepath.Join(folder, "url.db"),
		"sqlite://" + folder + "/spa%20ce.db",
		filepath.Join(folder, "100% odd?name#1&x=y.db"),
	} {
		s, err := Create(t.Context(), location)
		if err != nil {
			t.Errorf("Create(%q): %v", location, err)
			continue
		}
		s.Close()
	}
	for _, name := range []string{"plain.db", "url.db", "spa ce.db", "100% odd?name#1&x=y.db"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestBadURLs(t *testing.T) {
	for _, tc := range []struct{ location, want string }{
		{"", "no ledger was named"},
		{"postgres://mallory:s3cret%@host/db", "cannot be read"},
		{"postgres://mallory:s3cret@host:port/db", "cannot be read"},
		{"postgres://mallory:s3cret@host/db?search_path=a,public", "one schema"},
		{"postgres://mallory:s3cret@host/db?search_path=a%22;DROP", "one schema"},
		{"postgres://mallory:s3cret@127.0.0.1:1/db", "ledger postgres://127.0.0.1:1/db: the server cannot be reached"},
		{"postgresql://mallory:s3cret@127.0.0.1:1/db?connect_timeout=1", "ledger postgresql://127.0.0.1:1/db: the server cannot be reached"},
		{"mysql://mallory:s3cret@host/db", "unknown scheme"},
		{"sqlite://relative.db", "sqlite:///absolute/path"},
		{"sqlite:///a.db?mode=memory", "without parameters"},
		{"sqlite:///%zz", "sqlite:///absolute/path"},
	} {
		for name, do := range map[string]func(context.Context, string) (*Store, error){"Create": Create, "Open": Open} {
			_, err := do(t.Context(), tc.location)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s(%q) = %v, want %q", name, tc.location, err, tc.want)
			}
			if err != nil && (strings.Contains(err.Error(), "s3cret") || strings.Contains(err.Error(), "mallory")) {
				t.Errorf("%s(%q) gives the password away: %v", name, tc.location, err)
			}
		}
	}
}

func TestOpenMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.db")
	if _, err := Open(t.Context(), path); !errors.Is(err, ErrMissing) {
		t.Errorf("Open of nothing = %v, want ErrMissing", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("Open created the file")
	}
	if _, err := Open(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("Open of a folder = %v", err)
	}
	if _, err := Create(t.Context(), filepath.Join(t.TempDir(), "no", "such", "folder.db")); err == nil {
		t.Error("Create in a folder that does not exist succeeded")
	}
}

func TestDatasetNames(t *testing.T) { onEach(t, datasetNames) }

func datasetNames(t *testing.T) {
	_, s := newLedger(t)
	for _, name := range []string{"a", "Sales_2025.q1-eu", "0", "_x", strings.Repeat("n", 128)} {
		if _, err := s.OpenAccount(t.Context(), name, 1, 1e-6); err != nil {
			t.Errorf("OpenAccount(%q): %v", name, err)
		}
	}
	for _, name := range []string{
		"", " ", "a b", "a/b", `a\b`, ".", "..", ".hidden", "a..b", "-flag", "naïve", "a\x00", "a\n", strings.Repeat("n", 129), "\xff",
	} {
		if _, err := s.OpenAccount(t.Context(), name, 1, 1e-6); err == nil || !strings.Contains(err.Error(), "dataset name") {
			t.Errorf("OpenAccount(%q) = %v, want the rule for names", name, err)
		}
		if _, err := s.Account(t.Context(), name); err == nil {
			t.Errorf("Account(%q) has no error", name)
		}
	}
}

func TestUnknownDataset(t *testing.T) { onEach(t, unknownDataset) }

func unknownDataset(t *testing.T) {
	ctx := t.Context()
	_, s := newLedger(t)
	ask := askFor(t, 0.1, 1e-7)
	ask.Dataset = "sale"
	_, accountErr := s.Account(ctx, "sale")
	_, entriesErr := s.Entries(ctx, "sale")
	_, reserveErr := s.Reserve(ctx, ask)
	for name, err := range map[string]error{
		"Account": accountErr, "Entries": entriesErr, "Reserve": reserveErr, "Check": s.Check(ctx, ask),
	} {
		if !errors.Is(err, ErrNoAccount) || !strings.Contains(err.Error(), `"sale"`) {
			t.Errorf("%s of a dataset without an account = %v", name, err)
		}
	}
}

func TestAccountsAreSortedAndSeparate(t *testing.T) { onEach(t, accountsAreSortedAndSeparate) }

func accountsAreSortedAndSeparate(t *testing.T) {
	ctx := t.Context()
	_, s := newLedger(t)
	if _, err := s.OpenAccount(ctx, "claims", 2, 1e-5); err != nil {
		t.Fatal(err)
	}
	mustReserve(t, s, askFor(t, 0.1, 1e-7))
	all, err := s.Accounts(ctx)
	if err != nil || len(all) != 2 || all[0].Dataset != "claims" || all[1].Dataset != "sales" {
		t.Fatalf("Accounts = %+v, %v", all, err)
	}
	if all[0].Runs != 0 || all[0].Spent != (Amount{}) || all[1].Runs != 1 {
		t.Errorf("a reservation on sales left %+v", all)
	}
	entries, err := s.Entries(ctx, "")
	if err != nil || len(entries) != 3 {
		t.Errorf("%d entries in all, %v, want 3", len(entries), err)
	}
}

func TestStoresSeeEachOther(t *testing.T) { onEach(t, storesSeeEachOther) }

func storesSeeEachOther(t *testing.T) {
	path, s := newLedger(t)
	other := mustOpen(t, path)
	mustReserve(t, other, askFor(t, 0.1, 1e-7))
	if a := mustAccount(t, s, "sales"); a.Runs != 1 {
		t.Errorf("a run reserved through another store is not seen: %+v", a)
	}
	mustReserve(t, s, askFor(t, 0.1, 1e-7))
	if a := mustAccount(t, other, "sales"); a.Runs != 2 {
		t.Errorf("a run reserved through the first store is not seen: %+v", a)
	}
}

// A file copied between commits is a whole ledger, without the log beside it.
func TestCopyOfTheFileIsWhole(t *testing.T) {
	path, s := newLedger(t)
	mustReserve(t, s, askFor(t, 0.1, 1e-7))
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(copied, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := mustAccount(t, mustOpen(t, copied), "sales"), mustAccount(t, s, "sales"); !same(got, want) {
		t.Errorf("the copy says %+v, want %+v", got, want)
	}
}

// openImpatiently opens the ledger so that a lock is given up on after a twentieth of a second.
func openImpatiently(t *testing.T, path string) *Store {
	t.Helper()
	f, err := newSQLite(path)
	if err != nil {
		t.Fatal(err)
	}
	f.busy = 50 * time.Millisecond
	s, err := open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestBusy(t *testing.T) {
	ctx := t.Context()
	path, _ := newLedger(t)
	s := openImpatiently(t, path)
	db := raw(t, path)
	if _, err := db.Exec("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reserve(ctx, askFor(t, 0.1, 1e-7)); !errors.Is(err, ErrBusy) {
		t.Errorf("Reserve while locked = %v, want ErrBusy", err)
	}
	if _, err := s.OpenAccount(ctx, "other", 1, 1e-6); !errors.Is(err, ErrBusy) {
		t.Errorf("OpenAccount while locked = %v, want ErrBusy", err)
	}
	if a := mustAccount(t, s, "sales"); a.Runs != 0 {
		t.Errorf("reading while locked: %+v", a)
	}
	if _, err := db.Exec("ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	mustReserve(t, s, askFor(t, 0.1, 1e-7))
}

func TestCancelledContext(t *testing.T) { onEach(t, cancelledContext) }

func cancelledContext(t *testing.T) {
	_, s := newLedger(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Reserve(ctx, askFor(t, 0.1, 1e-7)); !errors.Is(err, context.Canceled) {
		t.Errorf("Reserve with a cancelled context = %v", err)
	}
	if a := mustAccount(t, s, "sales"); a.Runs != 0 {
		t.Errorf("a cancelled reservation was made: %+v", a)
	}
}

func TestUseAfterClose(t *testing.T) { onEach(t, useAfterClose) }

func useAfterClose(t *testing.T) {
	_, s := newLedger(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reserve(t.Context(), askFor(t, 0.1, 1e-7)); err == nil {
		t.Error("a closed ledger took a reservation")
	}
}
