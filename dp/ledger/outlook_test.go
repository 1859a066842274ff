package ledger

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/patina-data/patina/dp/account"
)

func TestRunsLeft(t *testing.T) {
	onEach(t, func(t *testing.T) {
		_, s := newLedger(t)
		for range 3 {
			mustReserve(t, s, slice)
		}
		said, taken := mustAccount(t, s, "sales").RunsLeft(slice.Amount), 0
		for {
			_, err := s.Reserve(t.Context(), slice)
			var refused *RefusedError
			if errors.As(err, &refused) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			taken++
		}
		if said != taken || mustAccount(t, s, "sales").RunsLeft(slice.Amount) != 0 {
			t.Errorf("%d runs were left, and %d were granted", said, taken)
		}
	})
}

func TestRunsLeftOf(t *testing.T) {
	day := WindowState{Cap: Cap{Window: WindowDay, Epsilon: 0.1, Delta: 1e-6}}
	a := Account{Epsilon: 1, Delta: 1e-6}
	for name, tc := range map[string]struct {
		a      Account
		amount Amount
		want   int
	}{
		"nothing":            {a, Amount{}, 0},
		"ρ < 0":              {a, Amount{Rho: -10}, 0},
		"ρ NaN":              {a, Amount{Rho: account.Rho(math.NaN())}, 0},
		"too much":           {a, Amount{Rho: 10}, 0},
		"countless":          {a, Amount{Rho: 1e-12}, maxRunsLeft},
		"δ runs out":         {a, Amount{Rho: 1e-6, Delta: 3e-7}, 3},
		"no window is wide":  {Account{Epsilon: 1, Delta: 1e-6, Windows: []WindowState{day}}, Amount{Rho: 0.005}, 0},
		"a window now spent": {Account{Epsilon: 1, Delta: 1e-6, Windows: []WindowState{{Cap: day.Cap, Spent: Amount{Rho: 1}}}}, Amount{Rho: 1e-12}, maxRunsLeft},
	} {
		if got := tc.a.RunsLeft(tc.amount); got != tc.want {
			t.Errorf("%s: %d runs are left, want %d", name, got, tc.want)
		}
	}
}

func TestExhausted(t *testing.T) {
	opened := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	whole, err := account.RhoFor(1, 1e-6)
	if err != nil {
		t.Fatal(err)
	}
	day := 24 * time.Hour
	account := func(spent Amount) Account {
		return Account{Epsilon: 1, Delta: 1e-6, Opened: opened, Spent: spent}
	}
	for _, tc := range []struct {
		name  string
		spent Amount
		after time.Duration
		want  time.Duration // since it was opened; 0: nothing tells
	}{
		{"a quarter in ten days", Amount{Rho: whole / 4}, 10 * day, 40 * day},
		{"δ of thresholds in proportion", Amount{Rho: whole / 1e6, Delta: 2.5e-7}, 10 * day, 40 * day},
		{"nothing spent", Amount{}, 10 * day, 0},
		{"no time passed", Amount{Rho: whole / 4}, 0, 0},
		{"a clock behind", Amount{Rho: whole / 4}, -day, 0},
		{"in a thousand years", Amount{Rho: whole / 36500}, 10 * day, 0},
		{"all spent", Amount{Rho: whole * 2}, 10 * day, 10 * day},
	} {
		at, ok := account(tc.spent).Exhausted(opened.Add(tc.after))
		if ok != (tc.want != 0) || ok && at.Sub(opened.Add(tc.want)).Abs() > day/10 {
			t.Errorf("%s: exhausted %v, %v, want after %v", tc.name, at, ok, tc.want)
		}
	}
}
