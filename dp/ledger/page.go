package ledger

import (
	"time"

	"github.com/patina-data/patina/dp/account"
)

// A page is what the book knows of one account.
type page struct {
	dataset    string
	epsilon    account.Epsilon
	delta      account.Delta
	unit       string
	caps       []Cap // of windows, the shortest first
	opened     time.Time
	spent      Amount
	basic      account.Guarantee
	runs, open int
	spends     []spend // with caps or without: a window may be given its cap at any time
}

// A spend is a reservation as windows see it.
type spend struct {
	at time.Time
	Amount
}

func newPage(o Opening, opened time.Time) *page {
	return &page{dataset: o.Dataset, epsilon: o.Epsilon, delta: o.Delta, unit: o.Unit, caps: o.Windows, opened: opened}
}

func (p *page) lifetime() Cap { return Cap{Epsilon: p.epsilon, Delta: p.delta} }

// account returns the account as of a time.
func (p *page) account(at time.Time) Account {
	a := Account{
		Dataset: p.dataset, Epsilon: p.epsilon, Delta: p.delta, Unit: p.unit, Opened: p.opened,
		Spent: p.spent, Basic: p.basic, Runs: p.runs, Open: p.open,
	}
	for _, c := range p.caps {
		w := WindowState{Cap: c}
		w.Start, w.End = c.Window.Bounds(at)
		w.Spent = p.spentBetween(w.Start, w.End)
		a.Windows = append(a.Windows, w)
	}
	return a
}

func (p *page) spentBetween(start, end time.Time) Amount {
	var sum Amount
	for _, s := range p.spends {
		if !s.at.Before(start) && s.at.Before(end) {
			sum = sum.plus(s.Amount)
		}
	}
	return sum
}

// reserve takes in a reservation. It does not ask whether the amount fits: what is in the ledger was spent, and a
// total above the cap has the right consequence, that nothing more fits.
func (p *page) reserve(r Reservation) {
	p.unit = r.Ask.Unit
	p.spent = p.spent.plus(r.Ask.Amount)
	p.basic = p.basic.Plus(account.Guarantee{Epsilon: r.Ask.Epsilon, Delta: r.Ask.Delta})
	p.spends = append(p.spends, spend{at: r.Time, Amount: r.Ask.Amount})
	p.runs++
	p.open++
}

// protects reports whether a run that protects unit may spend from the account.
func (p *page) protects(unit string) bool { return p.unit == "" || p.unit == unit }

// capOf returns the cap of a window, and whether there is one.
func (p *page) capOf(w Window) (Cap, bool) {
	if w == Lifetime {
		return p.lifetime(), true
	}
	for _, c := range p.caps {
		if c.Window == w {
			return c, true
		}
	}
	return Cap{}, false
}

// setCap puts c in the place of its window's cap.
func (p *page) setCap(c Cap) {
	if c.Window == Lifetime {
		p.epsilon, p.delta = c.Epsilon, c.Delta
		return
	}
	others := []Cap{c}
	for _, o := range p.caps {
		if o.Window != c.Window {
			others = append(others, o)
		}
	}
	p.caps = sortCaps(p.lifetime(), others)
}
