package ledger

import (
	"fmt"
	"strings"
	"testing"
)

// On a full disk nothing is half written: what was refused was not spent, and when there is room again the ledger goes on.
func TestDiskFull(t *testing.T) {
	ctx := t.Context()
	path, s := newLedger(t)
	limitPages := func(pages int) int {
		t.Helper()
		var now int
		if err := s.db.QueryRowContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", pages)).Scan(&now); err != nil {
			t.Fatal(err)
		}
		return now
	}
	limitPages(1) // SQLite takes as many as there are
	granted := 0
	ask := askFor(t, 0.001, 1e-9)
	ask.Purpose = strings.Repeat("p", 1000)
	var err error
	for err == nil && granted < 100 {
		if _, err = s.Reserve(ctx, ask); err == nil {
			granted++
		}
	}
	if err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Fatalf("after %d reservations: %v, want the disk to be full", granted, err)
	}
	for range 3 {
		if _, err := s.Reserve(ctx, ask); err == nil {
			t.Error("a full disk took a reservation")
		}
	}
	for _, store := range []*Store{s, mustOpen(t, path)} {
		if a := mustAccount(t, store, "sales"); a.Runs != granted {
			t.Errorf("%d runs are on record, %d were granted", a.Runs, granted)
		}
		if err := store.Verify(ctx); err != nil {
			t.Error(err)
		}
	}
	limitPages(1000)
	mustReserve(t, s, ask)
	if a := mustAccount(t, mustOpen(t, path), "sales"); a.Runs != granted+1 {
		t.Errorf("with room again there are %d runs, want %d", a.Runs, granted+1)
	}
}
