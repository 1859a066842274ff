package ledger

import (
	"errors"
	"math"
	"testing"

	"github.com/patina-data/patina/dp/account"
)

func TestOpenAccount(t *testing.T) { onEach(t, openAccount) }

func openAccount(t *testing.T) {
	ctx := t.Context()
	_, s := newLedger(t)
	a, err := s.OpenAccount(ctx, "claims", 2, 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	if got := mustAccount(t, s, "claims"); !same(got, a) {
		t.Errorf("the account reads back as %+v, want %+v", got, a)
	}
	if a.Epsilon != 2 || a.Delta != 1e-5 || a.Runs != 0 || a.SpentEpsilon() != 0 || a.Opened.IsZero() {
		t.Errorf("a new account is %+v", a)
	}
	for _, eps := range []account.Epsilon{2, 3} {
		if _, err := s.OpenAccount(ctx, "claims", eps, 1e-5); !errors.Is(err, ErrExists) {
			t.Errorf("opening it again with ε = %g: %v, want ErrExists", eps, err)
		}
	}
	for _, tc := range []struct {
		eps   account.Epsilon
		delta account.Delta
	}{
		{0, 1e-6}, {-1, 1e-6}, {account.Epsilon(math.NaN()), 1e-6}, {account.Epsilon(math.Inf(1)), 1e-6},
		{1, 0}, {1, 1}, {1, -1e-6}, {1, account.Delta(math.NaN())}, {1, account.Delta(math.Inf(1))},
	} {
		if _, err := s.OpenAccount(ctx, "bad", tc.eps, tc.delta); err == nil {
			t.Errorf("OpenAccount with ε = %g, δ = %g succeeded", tc.eps, tc.delta)
		}
	}
	if _, err := s.Account(ctx, "bad"); !errors.Is(err, ErrNoAccount) {
		t.Errorf("a refused account is there: %v", err)
	}
}

func TestFits(t *testing.T) {
	whole, err := account.RhoFor(1, 1e-6)
	if err != nil {
		t.Fatal(err)
	}
	beside, err := account.RhoFor(1, 1e-6-4e-7)
	if err != nil {
		t.Fatal(err)
	}
	fresh := Account{Epsilon: 1, Delta: 1e-6}
	spent := Account{Epsilon: 1, Delta: 1e-6, Spent: Amount{Rho: whole / 2, Delta: 0}}
	thresholds := Account{Epsilon: 1, Delta: 1e-6, Spent: Amount{Rho: beside / 4, Delta: 3e-7}}
	for _, tc := range []struct {
		name string
		a    Account
		ask  Amount
		want bool
	}{
		{"all of it", fresh, Amount{Rho: whole}, true},
		{"a hair more", fresh, Amount{Rho: whole * (1 + 1e-8)}, false},
		{"all of it, and a threshold", fresh, Amount{Rho: whole, Delta: 1e-9}, false},
		{"with thresholds", fresh, Amount{Rho: beside, Delta: 4e-7}, true},
		{"with thresholds, a hair more", fresh, Amount{Rho: beside * (1 + 1e-8), Delta: 4e-7}, false},
		{"thresholds take all of δ", fresh, Amount{Rho: 1e-9, Delta: 1e-6}, false},
		{"thresholds take more than δ", fresh, Amount{Rho: 1e-9, Delta: 0.5}, false},
		{"the second half", spent, Amount{Rho: whole / 2}, true},
		{"more than the second half", spent, Amount{Rho: whole * 0.5001}, false},
		{"on top of thresholds", thresholds, Amount{Rho: beside * 3 / 4, Delta: 1e-7}, true},
		{"too much on top of thresholds", thresholds, Amount{Rho: beside * 3 / 4, Delta: 1.1e-7}, false},
		{"nothing", fresh, Amount{}, false},
		{"ρ < 0", spent, Amount{Rho: -whole / 4}, false},
		{"ρ is NaN", fresh, Amount{Rho: account.Rho(math.NaN())}, false},
		{"ρ = +Inf", fresh, Amount{Rho: account.Rho(math.Inf(1))}, false},
		{"δ < 0", thresholds, Amount{Rho: 1e-9, Delta: -1e-7}, false},
		{"δ is NaN", fresh, Amount{Rho: 1e-9, Delta: account.Delta(math.NaN())}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.a.Fits(tc.ask); got != tc.want {
				t.Errorf("Fits(%v) = %v, want %v", tc.ask, got, tc.want)
			}
		})
	}
}

// Whatever the account and however it was spent: what fits keeps the whole within (ε, δ), as the definition says
// it, and what is left fits, and after it nothing does.
func TestFitsAgainstTheDefinition(t *testing.T) {
	for _, eps := range []account.Epsilon{0.01, 1, 8} {
		for _, delta := range []account.Delta{1e-10, 1e-6, 1e-4} {
			a := Account{Dataset: "sales", Epsilon: eps, Delta: delta}
			for _, share := range []float64{0.5, 0.3, 0.7, 0.99, 1} {
				left := a.Left()
				ask := Amount{Rho: left.Rho * account.Rho(share) * 0.8, Delta: left.Delta * account.Delta(share) * 0.001}
				if !a.Fits(ask) {
					t.Errorf("ε = %g, δ = %g: %v of %v left does not fit", eps, delta, ask, left)
					continue
				}
				a.Spent = a.Spent.plus(ask)
				noise := account.DeltaAt(a.Spent.Rho.Mu(), eps)
				if noise+a.Spent.Delta > delta {
					t.Errorf("ε = %g: spent δ = %g + %g of %g", eps, noise, a.Spent.Delta, delta)
				}
				if got := a.SpentEpsilon(); got > eps || got < 0 {
					t.Errorf("spent ε = %g of %g", got, eps)
				}
			}
			last := Amount{Rho: a.Left().Rho}
			if !a.Fits(last) {
				t.Errorf("ε = %g, δ = %g: what is left, %v, does not fit", eps, delta, last)
			}
			a.Spent = a.Spent.plus(last)
			if rest := a.Left().Rho; rest > a.Spent.Rho*1e-12 {
				t.Errorf("ε = %g, δ = %g: after spending what was left, ρ = %g is left", eps, delta, rest)
			}
		}
	}
}

// A cap cut into equal shares is spent to the last one, rounding or not.
func TestEqualSharesFit(t *testing.T) {
	for _, n := range []int{1, 3, 10, 365} {
		a := Account{Epsilon: 1, Delta: 1e-6}
		rho, err := account.RhoFor(1, 0.75e-6)
		if err != nil {
			t.Fatal(err)
		}
		share := Amount{Rho: rho / account.Rho(n), Delta: 0.25e-6 / account.Delta(n)}
		for i := range n {
			if !a.Fits(share) {
				t.Fatalf("share %d of %d does not fit", i+1, n)
			}
			a.Spent = a.Spent.plus(share)
		}
		if a.Fits(share) {
			t.Errorf("%d shares fit where %d should", n+1, n)
		}
	}
}

func TestSpentEpsilon(t *testing.T) {
	half, err := account.RhoFor(0.5, 1e-6)
	if err != nil {
		t.Fatal(err)
	}
	a := Account{Epsilon: 1, Delta: 1e-6, Spent: Amount{Rho: half}}
	if got := float64(a.SpentEpsilon()); math.Abs(got-0.5) > 1e-8 {
		t.Errorf("SpentEpsilon = %g, want 0.5", got)
	}
	a.Spent.Delta = 1e-6
	if got := float64(a.SpentEpsilon()); !math.IsInf(got, 1) {
		t.Errorf("SpentEpsilon with all of δ in thresholds = %g, want +Inf", got)
	}
	if left := a.Left(); left != (Amount{}) {
		t.Errorf("Left with all of δ in thresholds = %v, want nothing", left)
	}
}

func TestSumUp(t *testing.T) {
	for _, tc := range []struct{ x, y float64 }{{1, 1e-30}, {0.1, 0.2}, {1e-300, 1e-300}} {
		if got := sumUp(tc.x, tc.y); got <= tc.x || got <= tc.y || got < tc.x+tc.y {
			t.Errorf("sumUp(%g, %g) = %g", tc.x, tc.y, got)
		}
	}
	if sumUp(0.5, 0) != 0.5 || sumUp(0, 0.5) != 0.5 || sumUp(0.0, 0) != 0 {
		t.Error("adding nothing changes the sum")
	}
}
