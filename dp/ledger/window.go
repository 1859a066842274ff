package ledger

import (
	"fmt"
	"slices"
	"time"

	"github.com/patina-data/patina/dp/account"
)

// A Window is the span of time that a cap holds for. Windows are calendar spans in UTC: a day begins at midnight, a week
// (ISO 8601) on Monday, a month on its first. "" is the account's whole life.
//
// A window paces spending; it does not protect a person who stays in the data. Whoever is there for a year is exposed to
// the sum of twelve months, which only the cap of the whole life bounds.
type Window string

// The windows a cap can hold for.
const (
	Lifetime    Window = ""
	WindowDay   Window = "day"
	WindowWeek  Window = "week"
	WindowMonth Window = "month"
)

// spans are all windows but the whole life, the shortest first.
var spans = []Window{WindowDay, WindowWeek, WindowMonth}

// Check reports whether w is a window this package knows.
func (w Window) Check() error {
	if w == Lifetime || slices.Contains(spans, w) {
		return nil
	}
	return fmt.Errorf("window %.40q: use day, week or month, or nothing for the account's whole life", string(w))
}

// String names the window in a sentence.
func (w Window) String() string {
	if w == Lifetime {
		return "lifetime"
	}
	return string(w)
}

// Bounds returns the window that t is in: from start on, until just before end. The whole life has neither.
func (w Window) Bounds(t time.Time) (start, end time.Time) {
	year, month, day := t.UTC().Date()
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	switch w {
	case WindowDay:
		return midnight, midnight.AddDate(0, 0, 1)
	case WindowWeek:
		sinceMonday := (int(midnight.Weekday()) + 6) % 7
		start = midnight.AddDate(0, 0, -sinceMonday)
		return start, start.AddDate(0, 0, 7)
	case WindowMonth:
		start = time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
		return start, start.AddDate(0, 1, 0)
	}
	return time.Time{}, time.Time{}
}

// A Cap is the most that may be spent in a window: everything spent in it, taken together, is (Epsilon, Delta)-DP.
type Cap struct {
	Window  Window
	Epsilon account.Epsilon
	Delta   account.Delta // where a Cap is asked for, 0 stands for the δ of the cap it replaces, or of the account's lifetime
}

func (c Cap) check() error {
	if err := c.Window.Check(); err != nil {
		return err
	}
	if err := c.Epsilon.Check(); err != nil {
		return fmt.Errorf("the %s cap: %w", c.Window, err)
	}
	if err := c.Delta.CheckPositive(); err != nil {
		return fmt.Errorf("the %s cap: %w", c.Window, err)
	}
	return nil
}

// within refuses a window's cap that the lifetime's makes meaningless.
func (c Cap) within(life Cap) error {
	if c.Epsilon > life.Epsilon || c.Delta > life.Delta {
		return fmt.Errorf("the %s cap (ε = %g, δ = %g) is above the lifetime's (ε = %g, δ = %g): lower it, or raise the lifetime's first",
			c.Window, float64(c.Epsilon), float64(c.Delta), float64(life.Epsilon), float64(life.Delta))
	}
	return nil
}

// A WindowState is a window's cap, and what has been spent in the window that is running.
type WindowState struct {
	Cap
	Start, End time.Time // UTC; a reservation made at End is in the next window
	Spent      Amount    // all reservations of this window
}

// checkCaps checks the caps an account is opened with: valid, each within the lifetime's, no window twice.
func checkCaps(life Cap, caps []Cap) error {
	if err := life.check(); err != nil {
		return err
	}
	seen := map[Window]bool{Lifetime: true}
	for _, c := range caps {
		if err := c.check(); err != nil {
			return err
		}
		if seen[c.Window] {
			return fmt.Errorf("the %s cap is given twice", c.Window)
		}
		seen[c.Window] = true
		if err := c.within(life); err != nil {
			return err
		}
	}
	return nil
}

// sortCaps returns the caps with the shortest window first, each with a δ: its own, or the lifetime's.
func sortCaps(life Cap, caps []Cap) []Cap {
	var out []Cap
	for _, c := range caps {
		if c.Delta == 0 {
			c.Delta = life.Delta
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b Cap) int { return slices.Index(spans, a.Window) - slices.Index(spans, b.Window) })
	return out
}
