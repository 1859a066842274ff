package ledger

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp/account"
)

func TestReserveSpendsTheWholeCap(t *testing.T) { onEach(t, reserveSpendsTheWholeCap) }

func reserveSpendsTheWholeCap(t *testing.T) {
	_, s := newLedger(t)
	mustReserve(t, s, askFor(t, 1, 1e-6))
	_, err := s.Reserve(t.Context(), askFor(t, 0.001, 1e-12))
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("Reserve beyond the cap = %v, want a RefusedError", err)
	}
	if !strings.Contains(err.Error(), "used up") {
		t.Errorf("the refusal does not say that the account is used up: %v", err)
	}
	if refused.MaxEpsilon() != 0 {
		t.Errorf("MaxEpsilon = %g, want 0", refused.MaxEpsilon())
	}
}

func TestCheckReservesNothing(t *testing.T) { onEach(t, checkReservesNothing) }

func checkReservesNothing(t *testing.T) {
	ctx := t.Context()
	_, s := newLedger(t)
	fits, tooMuch := askFor(t, 0.7, 1e-6), askFor(t, 1.1, 1e-6)
	for range 3 {
		if err := s.Check(ctx, fits); err != nil {
			t.Errorf("Check of what fits = %v", err)
		}
	}
	var refused *RefusedError
	if err := s.Check(ctx, tooMuch); !errors.As(err, &refused) {
		t.Errorf("Check of too much = %v, want a RefusedError", err)
	}
	if a := mustAccount(t, s, "sales"); a.Runs != 0 {
		t.Errorf("Check left %+v", a)
	}
	entries, err := s.Entries(ctx, "sales")
	if err != nil || len(entries) != 1 {
		t.Errorf("Check left %d entries, %v", len(entries), err)
	}
}

func TestRefusalSaysWhatWouldFit(t *testing.T) { onEach(t, refusalSaysWhatWouldFit) }

func refusalSaysWhatWouldFit(t *testing.T) {
	_, s := newLedger(t)
	mustReserve(t, s, askFor(t, 0.6, 4e-7))
	_, err := s.Reserve(t.Context(), askFor(t, 0.9, 4e-7))
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("Reserve = %v, want a RefusedError", err)
	}
	if refused.Dataset != "sales" || refused.Asked.Epsilon != 0.9 || refused.Account.Runs != 1 {
		t.Errorf("the refusal holds %+v", refused)
	}
	for _, want := range []string{
		`dataset "sales"`, "asked for ε = 0.9 at δ = 4e-07", "spent ε = ", " of 1 at δ = 1e-06", "left ε = ", "ρ = ",
		"ask for at most ε = ", "costs nothing",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the refusal lacks %q: %v", want, err)
		}
	}
	// The advice is good, and not much better advice could be given.
	most := refused.MaxEpsilon()
	if err := s.Check(t.Context(), askFor(t, most*1.001, 4e-7)); err == nil {
		t.Errorf("more than MaxEpsilon = %g fits", most)
	}
	mustReserve(t, s, askFor(t, most*(1-1e-9), 4e-7))
}

func TestRefusalOverDelta(t *testing.T) { onEach(t, refusalOverDelta) }

func refusalOverDelta(t *testing.T) {
	_, s := newLedger(t)
	_, err := s.Reserve(t.Context(), askFor(t, 0.1, 1e-4))
	if err == nil || !strings.Contains(err.Error(), "smaller δ") {
		t.Errorf("asking for more δ than there is: %v, want the advice to ask for less", err)
	}
}

func TestBadAsks(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	_, s := newLedger(t)
	for name, spoil := range map[string]func(*Ask){
		"dataset":           func(a *Ask) { a.Dataset = "../sales" },
		"run not UTF-8":     func(a *Ask) { a.Run = "\xff" },
		"run with newline":  func(a *Ask) { a.Run = "a\nb" },
		"run with escape":   func(a *Ask) { a.Run = "\x1b[2J" },
		"purpose too long":  func(a *Ask) { a.Purpose = strings.Repeat("x", maxText+1) },
		"ε = 0":             func(a *Ask) { a.Epsilon = 0 },
		"ε < 0":             func(a *Ask) { a.Epsilon = -1 },
		"ε NaN":             func(a *Ask) { a.Epsilon = account.Epsilon(nan) },
		"ε +Inf":            func(a *Ask) { a.Epsilon = account.Epsilon(inf) },
		"δ = 0":             func(a *Ask) { a.Delta = 0 },
		"δ = 1":             func(a *Ask) { a.Delta = 1 },
		"δ NaN":             func(a *Ask) { a.Delta = account.Delta(nan) },
		"ρ = 0":             func(a *Ask) { a.Amount.Rho = 0 },
		"ρ < 0":             func(a *Ask) { a.Amount.Rho = -0.01 },
		"ρ NaN":             func(a *Ask) { a.Amount.Rho = account.Rho(nan) },
		"ρ +Inf":            func(a *Ask) { a.Amount.Rho = account.Rho(inf) },
		"threshold δ < 0":   func(a *Ask) { a.Amount.Delta = -1e-9 },
		"threshold δ NaN":   func(a *Ask) { a.Amount.Delta = account.Delta(nan) },
		"threshold δ = 1":   func(a *Ask) { a.Amount.Delta = 1 },
		"threshold δ = Inf": func(a *Ask) { a.Amount.Delta = account.Delta(inf) },
		"key too short":     func(a *Ask) { a.Key = digestA[2:] },
		"key upper-case":    func(a *Ask) { a.Key = strings.ToUpper(digestA) },
		"spec no digest":    func(a *Ask) { a.Spec = "patina.yaml" },
		"run's ID 2 lines":  func(a *Ask) { a.RunID = "a\nb" },
		"by not UTF-8":      func(a *Ask) { a.By = "\xff" },
		"unit of 2 lines":   func(a *Ask) { a.Unit = "a\nb" },
		"unit with a space": func(a *Ask) { a.Unit = "customer " },
		"max records < 0":   func(a *Ask) { a.MaxRecords = -1 },
	} {
		t.Run(name, func(t *testing.T) {
			ask := askFor(t, 0.1, 1e-7)
			spoil(&ask)
			if err := s.Check(t.Context(), ask); err == nil {
				t.Error("Check has no error")
			}
			_, err := s.Reserve(t.Context(), ask)
			var refused *RefusedError
			if err == nil || errors.As(err, &refused) {
				t.Errorf("Reserve = %v, want it to call the ask malformed", err)
			}
		})
	}
	if a := mustAccount(t, s, "sales"); a.Runs != 0 {
		t.Errorf("malformed asks left %+v", a)
	}
}

// Free text comes back as it went in, whatever JSON does to it on the way.
func TestOddTextSurvives(t *testing.T) { onEach(t, oddTextSurvives) }

func oddTextSurvives(t *testing.T) {
	path, s := newLedger(t)
	ask := askFor(t, 0.1, 1e-7)
	ask.Run, ask.Purpose = `"quotes" & <tags> \ π 🦊 `+"\u2028\ufffd", ""
	want := mustReserve(t, s, ask)
	entries, err := mustOpen(t, path).Entries(t.Context(), "sales")
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := entries[1].Reservation(); !ok || got != want {
		t.Errorf("read back %+v, want %+v", got, want)
	}
}

func TestReservationIDs(t *testing.T) { onEach(t, reservationIDs) }

func reservationIDs(t *testing.T) {
	_, s := newLedger(t)
	first, second := mustReserve(t, s, askFor(t, 0.1, 1e-7)), mustReserve(t, s, askFor(t, 0.1, 1e-7))
	if first.ID == second.ID || first.Seq != 2 || second.Seq != 3 {
		t.Errorf("two reservations are %q, %d and %q, %d", first.ID, first.Seq, second.ID, second.Seq)
	}
	if want := "2-" + first.Hash[:12]; first.ID != want {
		t.Errorf("ID = %q, want %q", first.ID, want)
	}
}

func TestThreeDigits(t *testing.T) {
	for _, tc := range []struct {
		x        float64
		up, down string
	}{
		{0, "0", "0"}, {1, "1", "1"}, {0.3, "0.3", "0.3"}, {1e-6, "1e-06", "1e-06"}, {0.12345, "0.124", "0.123"},
		{0.9999, "1", "0.99"}, {1.0001, "1.01", "1"}, {2.999, "3", "2.99"}, {12.34, "12.4", "12.3"},
		{4.0001e-7, "4.01e-07", "4e-07"}, {math.Inf(1), "+Inf", "+Inf"},
	} {
		if up, down := roundUp(tc.x), roundDown(tc.x); up != tc.up || down != tc.down {
			t.Errorf("%g is rounded to %s and %s, want %s and %s", tc.x, up, down, tc.up, tc.down)
		}
	}
}
