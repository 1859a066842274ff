package ledger

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp/account"
)

func TestRaise(t *testing.T) { onEach(t, raise) }

func raise(t *testing.T) {
	ctx := t.Context()
	path, s := newLedger(t)
	mustReserve(t, s, askFor(t, 1, 1e-6))
	spent := mustAccount(t, s, "sales").Spent
	raise := Raise{Dataset: "sales", Cap: Cap{Epsilon: 2}, Reason: "a second year was agreed", By: "data protection officer"}
	a, err := s.Raise(ctx, raise)
	if err != nil {
		t.Fatal(err)
	}
	if a.Epsilon != 2 || a.Delta != 1e-6 || a.Spent != spent || a.Runs != 1 {
		t.Errorf("after the raise the account is %+v", a)
	}
	if a, err = s.Raise(ctx, Raise{Dataset: "sales", Cap: Cap{Epsilon: 2, Delta: 2e-6}, Reason: "r", By: "b"}); err != nil || a.Delta != 2e-6 {
		t.Errorf("raising δ alone: %+v, %v", a, err)
	}
	a, err = s.Raise(ctx, Raise{Dataset: "sales", Cap: Cap{Window: WindowMonth, Epsilon: 1.5}, Reason: "r", By: "b"})
	if err != nil || len(a.Windows) != 1 || a.Windows[0].Epsilon != 1.5 || a.Windows[0].Delta != 2e-6 || a.Windows[0].Spent != spent {
		t.Errorf("a window's first cap: %+v, %v", a, err)
	}
	if got := mustAccount(t, mustOpen(t, path), "sales"); !same(got, a) {
		t.Errorf("the account reads back as %+v, want %+v", got, a)
	}
	entries, err := s.Entries(ctx, "sales")
	if err != nil || len(entries) != 5 {
		t.Fatalf("%d entries, %v, want 5", len(entries), err)
	}
	raise.Cap.Delta = 1e-6
	if got, ok := entries[2].Raise(); !ok || got != raise {
		t.Errorf("the raise reads back as %+v, want %+v", got, raise)
	}
	if _, ok := entries[2].Opening(); ok {
		t.Error("a raise reads as an opening")
	}
	mustReserve(t, s, askFor(t, 0.1, 1e-7))
}

func TestBadRaises(t *testing.T) { onEach(t, badRaises) }

func badRaises(t *testing.T) {
	_, s := newLedger(t)
	for name, r := range map[string]Raise{
		"no reason":          {Cap: Cap{Epsilon: 2}, By: "b"},
		"nobody":             {Cap: Cap{Epsilon: 2}, Reason: "r"},
		"reason of two":      {Cap: Cap{Epsilon: 2}, Reason: "r\nr", By: "b"},
		"by with an escape":  {Cap: Cap{Epsilon: 2}, Reason: "r", By: "\x1b[2J"},
		"lower":              {Cap: Cap{Epsilon: 0.9}, Reason: "r", By: "b"},
		"the same":           {Cap: Cap{Epsilon: 1}, Reason: "r", By: "b"},
		"δ lower":            {Cap: Cap{Epsilon: 2, Delta: 1e-7}, Reason: "r", By: "b"},
		"ε = 0":              {Reason: "r", By: "b"},
		"ε < 0":              {Cap: Cap{Epsilon: -10}, Reason: "r", By: "b"},
		"ε NaN":              {Cap: Cap{Epsilon: account.Epsilon(math.NaN())}, Reason: "r", By: "b"},
		"ε Inf":              {Cap: Cap{Epsilon: account.Epsilon(math.Inf(1))}, Reason: "r", By: "b"},
		"δ < 0":              {Cap: Cap{Epsilon: 2, Delta: -1e-6}, Reason: "r", By: "b"},
		"δ NaN":              {Cap: Cap{Epsilon: 2, Delta: account.Delta(math.NaN())}, Reason: "r", By: "b"},
		"δ = 1":              {Cap: Cap{Epsilon: 2, Delta: 1}, Reason: "r", By: "b"},
		"window unknown":     {Cap: Cap{Window: "year", Epsilon: 2}, Reason: "r", By: "b"},
		"window above life":  {Cap: Cap{Window: WindowDay, Epsilon: 2}, Reason: "r", By: "b"},
		"window above δ":     {Cap: Cap{Window: WindowDay, Epsilon: 0.5, Delta: 1e-5}, Reason: "r", By: "b"},
		"another's account":  {Dataset: "sale", Cap: Cap{Epsilon: 2}, Reason: "r", By: "b"},
		"no dataset at all":  {Dataset: "../x", Cap: Cap{Epsilon: 2}, Reason: "r", By: "b"},
		"reason without end": {Cap: Cap{Epsilon: 2}, Reason: strings.Repeat("r", maxText+1), By: "b"},
	} {
		if r.Dataset == "" {
			r.Dataset = "sales"
		}
		if _, err := s.Raise(t.Context(), r); err == nil {
			t.Errorf("%s: raised", name)
		}
	}
	if _, err := s.Raise(t.Context(), Raise{Dataset: "sale", Cap: Cap{Epsilon: 2}, Reason: "r", By: "b"}); !errors.Is(err, ErrNoAccount) {
		t.Errorf("raising what there is not = %v, want ErrNoAccount", err)
	}
	if entries, err := s.Entries(t.Context(), ""); err != nil || len(entries) != 1 {
		t.Errorf("the refused raises left %d entries, %v", len(entries), err)
	}
}
