package ledger

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/patina-data/patina/dp/account"
)

// at makes the store's clock stand still at a time.
func at(t *testing.T, s *Store, stamp string) {
	t.Helper()
	fixed, err := time.Parse(timeLayout, stamp)
	if err != nil {
		t.Fatal(err)
	}
	s.clock = func() time.Time { return fixed }
}

func TestBounds(t *testing.T) {
	for _, tc := range []struct {
		window         Window
		at, start, end string
	}{
		{WindowDay, "2024-02-29T23:59:59Z", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
		{WindowDay, "2024-03-01T00:00:00Z", "2024-03-01T00:00:00Z", "2024-03-02T00:00:00Z"},
		{WindowDay, "2024-03-01T00:30:00+02:00", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
		{WindowWeek, "2024-12-30T00:00:00Z", "2024-12-30T00:00:00Z", "2025-01-06T00:00:00Z"}, // a Monday: week 1 of 2025
		{WindowWeek, "2024-12-29T23:59:59Z", "2024-12-23T00:00:00Z", "2024-12-30T00:00:00Z"}, // a Sunday
		{WindowWeek, "2025-01-01T12:00:00Z", "2024-12-30T00:00:00Z", "2025-01-06T00:00:00Z"},
		{WindowMonth, "2024-02-29T12:00:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"},
		{WindowMonth, "2024-12-31T23:59:59Z", "2024-12-01T00:00:00Z", "2025-01-01T00:00:00Z"},
	} {
		moment, err := time.Parse(timeLayout, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		start, end := tc.window.Bounds(moment)
		if start.Format(timeLayout) != tc.start || end.Format(timeLayout) != tc.end {
			t.Errorf("the %s of %s is %s to %s, want %s to %s", tc.window, tc.at, start, end, tc.start, tc.end)
		}
	}
	if start, end := Lifetime.Bounds(time.Now()); !start.IsZero() || !end.IsZero() {
		t.Errorf("a lifetime has the bounds %s and %s", start, end)
	}
}

// paced opens the account "paced" with ε = 1 for life, 0.5 a month and 0.3 a day, on 15 January 2025.
func paced(t *testing.T) *Store {
	t.Helper()
	s, err := Create(t.Context(), location(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	at(t, s, "2025-01-15T10:00:00Z")
	_, err = s.OpenAccountWith(t.Context(), Opening{
		Dataset: "paced", Epsilon: 1, Delta: 1e-6,
		Windows: []Cap{{Window: WindowMonth, Epsilon: 0.5}, {Window: WindowDay, Epsilon: 0.3, Delta: 5e-7}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func pacedAsk(t *testing.T, eps account.Epsilon) Ask {
	t.Helper()
	ask := askFor(t, eps, 1e-7)
	ask.Dataset = "paced"
	return ask
}

func TestWindowsHoldAndPass(t *testing.T) { onEach(t, windowsHoldAndPass) }

func windowsHoldAndPass(t *testing.T) {
	s := paced(t)
	refusedBy := func(eps account.Epsilon, want string) {
		t.Helper()
		_, err := s.Reserve(t.Context(), pacedAsk(t, eps))
		var refused *RefusedError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), want) {
			t.Errorf("Reserve of ε = %g = %v, want a refusal with %q", eps, err, want)
		}
	}
	mustReserve(t, s, pacedAsk(t, 0.2))
	refusedBy(0.28, "or wait until 2025-01-16T00:00:00Z, when the next day begins")
	if a := mustAccount(t, s, "paced"); len(a.Windows) != 2 || a.Windows[0].Window != WindowDay || a.Windows[0].Spent != a.Spent ||
		a.Windows[1].Delta != 1e-6 || a.Windows[0].Delta != 5e-7 {
		t.Errorf("the windows are %+v", a.Windows)
	}
	refusedBy(0.4, "ask for at most")
	at(t, s, "2025-01-16T00:00:00Z")
	if a := mustAccount(t, s, "paced"); a.Windows[0].Spent != (Amount{}) || a.Windows[1].Spent != a.Spent || a.Spent == (Amount{}) {
		t.Errorf("on the next day the account is %+v", a)
	}
	mustReserve(t, s, pacedAsk(t, 0.25))
	at(t, s, "2025-01-20T00:00:00Z")
	mustReserve(t, s, pacedAsk(t, 0.2))
	at(t, s, "2025-01-25T00:00:00Z")
	mustReserve(t, s, pacedAsk(t, 0.28))
	at(t, s, "2025-01-31T23:59:59Z")
	refusedBy(0.29, "the next month begins")
	at(t, s, "2025-02-01T00:00:00Z")
	mustReserve(t, s, pacedAsk(t, 0.29))
	// No window is as wide as the life: month after month it runs out.
	taken := 0
	for month := range 24 {
		at(t, s, time.Date(2025, time.March+time.Month(month), 1, 0, 0, 0, 0, time.UTC).Format(timeLayout))
		if _, err := s.Reserve(t.Context(), pacedAsk(t, 0.29)); err == nil {
			taken++
		}
	}
	a := mustAccount(t, s, "paced")
	if taken < 3 || taken > 10 || a.SpentEpsilon() > a.Epsilon {
		t.Errorf("%d further months were granted, and ε = %g was spent of %g", taken, a.SpentEpsilon(), a.Epsilon)
	}
	if a.Windows[1].SpentEpsilon() != 0 {
		t.Errorf("in a month without runs ε = %g was spent", a.Windows[1].SpentEpsilon())
	}
}

func TestGrantsIsGrantedAndTight(t *testing.T) { onEach(t, grantsIsGrantedAndTight) }

func grantsIsGrantedAndTight(t *testing.T) {
	s := paced(t)
	for _, stamp := range []string{"2025-01-15T10:00:00Z", "2025-01-16T10:00:00Z", "2025-01-17T10:00:00Z", "2025-02-03T10:00:00Z"} {
		at(t, s, stamp)
		a := mustAccount(t, s, "paced")
		most := a.Grants(1e-7, 2.5e-8)
		if most == 0 || most > 0.35 {
			t.Fatalf("%s: the account grants ε = %g", stamp, most)
		}
		if a.Fits(pacedAsk(t, most*1.0001).Amount) {
			t.Errorf("%s: more than the granted ε = %g fits", stamp, most)
		}
		mustReserve(t, s, pacedAsk(t, most))
	}
	a := mustAccount(t, s, "paced")
	for _, tc := range []struct{ delta, thresholds account.Delta }{
		{0, 0}, {1e-7, 1e-7}, {1e-7, 2e-7}, {1e-7, -1e-8}, {account.Delta(math.NaN()), 0}, {1e-7, account.Delta(math.NaN())}, {1, 0}, {1e-4, 1e-5},
	} {
		if got := a.Grants(tc.delta, tc.thresholds); got != 0 {
			t.Errorf("Grants(%g, %g) = %g, want 0", tc.delta, tc.thresholds, got)
		}
	}
}

func TestOpeningWith(t *testing.T) { onEach(t, openingWith) }

func openingWith(t *testing.T) {
	path, s := newLedger(t)
	o := Opening{
		Dataset: "claims", Epsilon: 2, Delta: 1e-5, Unit: "customer_id", By: "risk team",
		Windows: []Cap{{Window: WindowMonth, Epsilon: 0.5, Delta: 1e-6}, {Window: WindowWeek, Epsilon: 0.2, Delta: 1e-5}},
	}
	a, err := s.OpenAccountWith(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if got := mustAccount(t, mustOpen(t, path), "claims"); !same(got, a) || a.Unit != "customer_id" || a.Windows[0].Window != WindowWeek {
		t.Errorf("the account reads back as %+v, want %+v", got, a)
	}
	entries, err := s.Entries(t.Context(), "claims")
	if err != nil {
		t.Fatal(err)
	}
	o.Windows[0], o.Windows[1] = o.Windows[1], o.Windows[0]
	if got, ok := entries[0].Opening(); !ok || !same(got, o) {
		t.Errorf("the opening reads back as %+v, want %+v", got, o)
	}
	if _, ok := entries[0].Raise(); ok {
		t.Error("an opening reads as a raise")
	}
}

func TestBadOpenings(t *testing.T) {
	_, s := newLedger(t)
	nan, inf := account.Epsilon(math.NaN()), account.Epsilon(math.Inf(1))
	for name, spoil := range map[string]func(*Opening){
		"window unknown":       func(o *Opening) { o.Windows = []Cap{{Window: "year", Epsilon: 0.1}} },
		"lifetime as a window": func(o *Opening) { o.Windows = []Cap{{Epsilon: 0.1}} },
		"window twice":         func(o *Opening) { o.Windows = []Cap{{WindowDay, 0.1, 0}, {WindowDay, 0.2, 0}} },
		"window ε 0":           func(o *Opening) { o.Windows = []Cap{{WindowDay, 0, 0}} },
		"window ε < 0":         func(o *Opening) { o.Windows = []Cap{{WindowDay, -10, 0}} },
		"window ε NaN":         func(o *Opening) { o.Windows = []Cap{{WindowDay, nan, 0}} },
		"window ε Inf":         func(o *Opening) { o.Windows = []Cap{{WindowDay, inf, 0}} },
		"window δ < 0":         func(o *Opening) { o.Windows = []Cap{{WindowDay, 0.1, -1e-9}} },
		"window δ NaN":         func(o *Opening) { o.Windows = []Cap{{WindowDay, 0.1, account.Delta(nan)}} },
		"window above":         func(o *Opening) { o.Windows = []Cap{{WindowDay, 1.1, 0}} },
		"window δ above":       func(o *Opening) { o.Windows = []Cap{{WindowDay, 0.1, 1e-5}} },
		"ε < 0":                func(o *Opening) { o.Epsilon = -10 },
		"δ = 0":                func(o *Opening) { o.Delta = 0 },
		"unit two lines":       func(o *Opening) { o.Unit = "a\nb" },
		"unit blank":           func(o *Opening) { o.Unit = " " },
		"by two lines":         func(o *Opening) { o.By = "a\nb" },
	} {
		o := Opening{Dataset: "bad", Epsilon: 1, Delta: 1e-6}
		spoil(&o)
		if _, err := s.OpenAccountWith(t.Context(), o); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
	if _, err := s.Account(t.Context(), "bad"); !errors.Is(err, ErrNoAccount) {
		t.Errorf("a refused account is there: %v", err)
	}
}

func TestClock(t *testing.T) { onEach(t, clock) }

func clock(t *testing.T) {
	s := paced(t)
	mustReserve(t, s, pacedAsk(t, 0.01))
	// A little behind is what clocks of several machines are: the entry is stamped with the last one's time.
	at(t, s, "2025-01-15T09:50:00Z")
	if r := mustReserve(t, s, pacedAsk(t, 0.01)); r.Time.Format(timeLayout) != "2025-01-15T10:00:00Z" {
		t.Errorf("the entry is stamped %s, before the one before it", r.Time)
	}
	at(t, s, "2025-01-15T09:49:59Z")
	r := mustAccount(t, s, "paced")
	_, raise := s.Raise(t.Context(), Raise{Dataset: "paced", Cap: Cap{Epsilon: 2}, Reason: "r", By: "b"})
	_, reserve := s.Reserve(t.Context(), pacedAsk(t, 0.01))
	_, open := s.OpenAccount(t.Context(), "other", 1, 1e-6)
	for name, err := range map[string]error{
		"Raise": raise, "Reserve": reserve, "Check": s.Check(t.Context(), pacedAsk(t, 0.01)), "OpenAccount": open,
	} {
		if err == nil || !strings.Contains(err.Error(), "the clock of this machine (2025-01-15T09:49:59Z) is before the ledger's last entry (2025-01-15T10:00:00Z)") {
			t.Errorf("%s with a clock behind = %v", name, err)
		}
	}
	if after := mustAccount(t, s, "paced"); !same(after, r) {
		t.Errorf("a clock behind changed the account to %+v", after)
	}
	// Yesterday's window is over, whatever the clock says.
	at(t, s, "2025-01-14T10:00:00Z")
	if a := mustAccount(t, s, "paced"); a.Windows[0].Spent == (Amount{}) {
		t.Errorf("setting the clock back emptied the day: %+v", a.Windows[0])
	}
}

// What was spent is spent, and the artefact made of it should not be lost to a clock.
func TestCommitWithAClockBehind(t *testing.T) { onEach(t, commitWithAClockBehind) }

func commitWithAClockBehind(t *testing.T) {
	s := paced(t)
	r := mustReserve(t, s, pacedAsk(t, 0.01))
	at(t, s, "2024-01-01T00:00:00Z")
	if err := s.Commit(t.Context(), r.ID, Commitment{Digest: digestA}); err != nil {
		t.Fatal(err)
	}
	entries, err := s.Entries(t.Context(), "paced")
	if err != nil || entries[2].Time != r.Time {
		t.Errorf("the commit is stamped %v, %v, want the reservation's time %v", entries[2].Time, err, r.Time)
	}
}
