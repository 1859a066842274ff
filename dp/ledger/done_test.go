package ledger

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var keyA = strings.Repeat("0f", 32)

func TestRunsWithAKeyAreDoneOnce(t *testing.T) { onEach(t, runsWithAKeyAreDoneOnce) }

func runsWithAKeyAreDoneOnce(t *testing.T) {
	ctx := t.Context()
	path, s := newLedger(t)
	if _, _, found, err := s.Find(ctx, "sales", keyA); found || err != nil {
		t.Errorf("Find before the run = %v, %v", found, err)
	}
	ask := askFor(t, 0.1, 1e-8)
	ask.Key, ask.RunID, ask.Spec, ask.By = keyA, "2025-03-01", digestA, "cron job 7"
	crashed := mustReserve(t, s, ask)
	if r, c, found, err := s.Find(ctx, "sales", keyA); r != crashed || c != nil || !found || err != nil {
		t.Errorf("Find of an open run = %+v, %v, %v, %v", r, c, found, err)
	}
	// A run that never committed left nothing to use: it may be made again, and costs again.
	r := mustReserve(t, s, ask)
	if got, _, _, err := s.Find(ctx, "sales", keyA); got != r || err != nil {
		t.Errorf("Find = %+v, %v, want the newest, %+v", got, err, r)
	}
	want := Commitment{Digest: digestA, Path: "out.parquet", Spent: ask.Amount, Public: []string{"column names, from the header"}}
	if err := s.Commit(ctx, r.ID, want); err != nil {
		t.Fatal(err)
	}
	before := mustAccount(t, s, "sales")
	for name, err := range map[string]error{
		"Check": s.Check(ctx, ask), "Reserve": func() error { _, err := s.Reserve(ctx, ask); return err }(),
		"Reserve through another store": func() error { _, err := mustOpen(t, path).Reserve(ctx, ask); return err }(),
	} {
		var done *DoneError
		if !errors.As(err, &done) || done.Reservation != r || !same(done.Commitment, want) {
			t.Errorf("%s of a run that was done = %+v", name, err)
		}
	}
	if after := mustAccount(t, s, "sales"); !same(after, before) {
		t.Errorf("asking for it again left %+v, want %+v", after, before)
	}
	if got, c, found, err := s.Find(ctx, "sales", keyA); got != r || !same(*c, want) || !found || err != nil {
		t.Errorf("Find of a run that was done = %+v, %+v, %v, %v", got, c, found, err)
	}
	other := ask
	other.Key = strings.Repeat("f0", 32)
	mustReserve(t, s, other)
}

// The same key means nothing in another account.
func TestKeysBelongToTheirAccount(t *testing.T) { onEach(t, keysBelongToTheirAccount) }

func keysBelongToTheirAccount(t *testing.T) {
	ctx := t.Context()
	_, s := newLedger(t)
	if _, err := s.OpenAccount(ctx, "claims", 1, 1e-6); err != nil {
		t.Fatal(err)
	}
	ask := askFor(t, 0.1, 1e-8)
	ask.Key = keyA
	r := mustReserve(t, s, ask)
	if err := s.Commit(ctx, r.ID, Commitment{Digest: digestA}); err != nil {
		t.Fatal(err)
	}
	ask.Dataset = "claims"
	mustReserve(t, s, ask)
	if _, _, _, err := s.Find(ctx, "claim", keyA); !errors.Is(err, ErrNoAccount) {
		t.Errorf("Find without an account = %v", err)
	}
	if _, _, _, err := s.Find(ctx, "claims", ""); err == nil {
		t.Error("Find without a key has no error")
	}
}

func TestUnits(t *testing.T) { onEach(t, units) }

func units(t *testing.T) {
	ctx := t.Context()
	path, s := newLedger(t)
	person := askFor(t, 0.1, 1e-8)
	person.Unit, person.MaxRecords = "customer_id", 8
	if a := mustAccount(t, s, "sales"); a.Unit != "" {
		t.Errorf("before its first run the account protects %q", a.Unit)
	}
	r := mustReserve(t, s, person)
	if r.Ask.Unit != "customer_id" || r.Ask.MaxRecords != 8 {
		t.Errorf("the reservation is %+v", r)
	}
	s = mustOpen(t, path)
	if a := mustAccount(t, s, "sales"); a.Unit != "customer_id" {
		t.Errorf("after its first run the account protects %q", a.Unit)
	}
	before := mustAccount(t, s, "sales")
	for _, unit := range []string{"", UnitRecord, "customer_id,branch"} {
		ask := askFor(t, 0.1, 1e-8)
		ask.Unit = unit
		_, err := s.Reserve(ctx, ask)
		var refused *RefusedError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), `the account protects all records of a "customer_id"`) ||
			!strings.Contains(err.Error(), "open another account") || refused.MaxEpsilon() != 0 {
			t.Errorf("Reserve for unit %q = %v", unit, err)
		}
		if err := s.Check(ctx, ask); !errors.As(err, &refused) {
			t.Errorf("Check for unit %q = %v", unit, err)
		}
	}
	if after := mustAccount(t, s, "sales"); !same(after, before) {
		t.Errorf("refused units left %+v, want %+v", after, before)
	}
	person.MaxRecords = 3 // another bound is another sensitivity, not another unit
	mustReserve(t, s, person)
}

func TestReleasesAreKept(t *testing.T) { onEach(t, releasesAreKept) }

func releasesAreKept(t *testing.T) {
	ctx := t.Context()
	_, s := newLedger(t)
	r := mustReserve(t, s, askFor(t, 0.1, 1e-7))
	releases := []Spending{
		{Mechanism: "gaussian", Purpose: "row count", L2: 1, Sigma: 40, Rho: 0.0001},
		{Mechanism: "threshold", Purpose: "frequent values", Column: "town", L2: 1, Sigma: 50, Rho: 0.0001, Delta: 1e-8, Threshold: 300},
	}
	c := Commitment{Digest: digestA, Spent: Amount{Rho: sumUp(releases[0].Rho, releases[1].Rho), Delta: 1e-8}, Releases: releases, Public: []string{"a", "b\nc"}}
	for name, spoil := range map[string]func(*Commitment){
		"less than spent": func(c *Commitment) { c.Releases = c.Releases[:1] },
		"ρ < 0":           func(c *Commitment) { c.Releases[0].Rho = -1 },
		"no noise":        func(c *Commitment) { c.Releases[0].Sigma = 0 },
		"δ < 0":           func(c *Commitment) { c.Releases[1].Delta = -1e-8 },
		"odd threshold":   func(c *Commitment) { c.Releases[0].Threshold = 1 },
	} {
		bad := c
		bad.Releases = append([]Spending(nil), releases...)
		spoil(&bad)
		if err := s.Commit(ctx, r.ID, bad); err == nil {
			t.Errorf("%s: committed", name)
		}
	}
	if err := s.Commit(ctx, r.ID, c); err != nil {
		t.Fatal(err)
	}
	entries, err := s.Entries(ctx, "sales")
	if err != nil {
		t.Fatal(err)
	}
	c.Public = []string{"a", "b\uFFFDc"}
	if _, got, ok := entries[2].Commitment(); !ok || !same(got, c) {
		t.Errorf("the commitment reads back as %+v, want %+v", got, c)
	}
}

func TestPrintable(t *testing.T) {
	long := printable(strings.Repeat("é", maxText))
	if checkText("text", long) != nil || !strings.HasSuffix(long, "é…") {
		t.Errorf("cut to %d bytes: %v", len(long), checkText("text", long))
	}
	if got := printable("a\nb\xffc"); got != "a\uFFFDb\uFFFDc" {
		t.Errorf("printable = %q", got)
	}
}

func TestLock(t *testing.T) { onEach(t, lock) }

func lock(t *testing.T) {
	ctx := t.Context()
	path, s := newLedger(t)
	other := mustOpen(t, path)
	unlock, err := s.Lock(ctx, "nightly")
	if err != nil {
		t.Fatal(err)
	}
	for _, again := range []*Store{s, other} {
		if _, err := again.Lock(ctx, "nightly"); !errors.Is(err, ErrRunning) {
			t.Errorf("Lock of what is locked = %v, want ErrRunning", err)
		}
	}
	free, err := other.Lock(ctx, "weekly")
	if err != nil {
		t.Fatalf("another job is locked too: %v", err)
	}
	mustReserve(t, s, askFor(t, 0.1, 1e-7)) // jobs keep nobody from spending
	for _, release := range []func() error{unlock, free} {
		if err := release(); err != nil {
			t.Error(err)
		}
	}
	unlock, err = other.Lock(ctx, "nightly")
	if err != nil {
		t.Fatalf("Lock of what was unlocked = %v", err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
	if left, err := filepath.Glob(strings.ReplaceAll(path, "?", "") + ".lock-*"); err != nil || len(left) > 0 {
		t.Errorf("locking left %v behind, %v", left, err)
	}
	if _, err := s.Lock(ctx, ""); err == nil {
		t.Error("a job without a name was locked")
	}
}

// A file left behind by a process that was killed locks nothing.
func TestLockFileLeftBehind(t *testing.T) {
	path, s := newLedger(t)
	unlock, err := s.Lock(t.Context(), "nightly")
	if err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(path + ".lock-*")
	if err != nil || len(names) != 1 {
		t.Fatalf("%v, %v", names, err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(names[0], nil, 0o600); err != nil {
		t.Fatal(err)
	}
	unlock, err = s.Lock(t.Context(), "nightly")
	if err != nil {
		t.Fatal(err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
}
