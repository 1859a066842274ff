package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/dp/statement"
)

func newBudgetShowCommand(g *globals, streams Streams) *cobra.Command {
	opts := &accountOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "show [NAME]",
		Short: "Show what accounts have spent and have left",
		Long: `Shows one account or all of them: the caps, what was spent (as zCDP ρ, and as ε at the cap's δ), what one more run may
cost, how many more of the last run's size fit, and when the account is used up if spending goes on as it has on average. A run that left no
profile has spent its budget all the same.

JSON: ledger, accounts; an account has dataset, epsilon, delta, spent_rho, spent_delta, spent_epsilon, left_rho,
next_epsilon, next_delta, runs, uncommitted, opened, and where there are any unit, windows, runs_left, exhausted. A window has window, epsilon,
delta, start, end, spent_rho, spent_delta, spent_epsilon.`,
		Example: example("patina budget show --ledger patina-demo/ledger.db", "patina budget show contracts --ledger patina-demo/ledger.db --json"),
		Args:    between(0, 1, "at most one dataset"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.take(args)
			return runBudgetShow(cmd.Context(), opts, streams)
		},
	}
	opts.ledger.register(cmd.Flags())
	return cmd
}

// A budgetList is the result of budget show.
type budgetList struct {
	Ledger   string        `json:"ledger"`
	Accounts []accountView `json:"accounts"`

	statements []*statement.Statement
	word       string // the --ledger that later commands need
}

func runBudgetShow(ctx context.Context, opts *accountOptions, streams Streams) error {
	statements, err := opts.statements(ctx, streams)
	if err != nil {
		return err
	}
	list := budgetList{Ledger: opts.ledger.shown(streams), Accounts: []accountView{}, statements: statements, word: opts.ledger.word()}
	for _, s := range statements {
		list.Accounts = append(list.Accounts, viewOf(s))
	}
	return opts.printer(streams).print(list, list.write)
}

// viewOf prepares an account and its prospects for printing.
func viewOf(s *statement.Statement) accountView {
	a := s.Account
	v := view(a, nextDelta(s))
	v.Unit = a.Unit
	if len(s.Caps) > 1 {
		v.Windows = s.Caps[1:]
	}
	if n := len(s.Runs); n > 0 {
		left := a.RunsLeft(size(s.Runs[n-1]))
		v.RunsLeft = &left
	}
	if at, ok := usedUp(s); ok {
		v.Exhausted = at.Format("2006-01-02T15:04:05Z07:00")
	}
	return v
}

// size is what a run took from the account.
func size(r statement.Run) ledger.Amount { return ledger.Amount{Rho: r.Rho, Delta: r.Threshold} }

func (l budgetList) write(s *screen) {
	switch len(l.Accounts) {
	case 0:
		s.verdict("%s has no account yet", l.Ledger)
		s.next("patina budget init NAME --epsilon E --delta D" + l.word)
	case 1:
		l.writeOne(s, l.Accounts[0], l.statements[0])
	default:
		l.writeAll(s)
	}
}

func (l budgetList) writeAll(s *screen) {
	s.verdict("%s holds %s", l.Ledger, plural(len(l.Accounts), "account"))
	s.gap()
	t := &table{
		header: []string{"dataset", "cap ε", "cap δ", "spent ε", "spent ρ", "left ρ", "next run ≤ ε", "at δ", "runs", "without profile"},
		right:  []bool{false, true, true, true, true, true, true, true, true, true},
	}
	for _, a := range l.Accounts {
		next := "none"
		if a.NextEpsilon > 0 {
			next = roundedDown(a.NextEpsilon)
		}
		t.add(a.Dataset, number(a.Epsilon), number(a.Delta), number(a.SpentEpsilon), number(a.SpentRho), number(a.LeftRho),
			next, number(a.NextDelta), number(float64(a.Runs)), number(float64(a.Uncommitted)))
	}
	s.table(t)
	s.line("%s", s.style.faint("spent ε is at the cap's δ; ε of runs do not add up, their ρ do"))
	s.next("patina budget show " + l.Accounts[0].Dataset + l.word)
}

func (l budgetList) writeOne(s *screen, v accountView, of *statement.Statement) {
	s.verdict("%s: %s", v.Dataset, v)
	s.gap()
	t := &table{header: []string{"cap on", "from", "until", "cap ε", "cap δ", "spent ε", "spent ρ"}, right: []bool{false, false, false, true, true, true, true}}
	for _, c := range of.Caps {
		from, until := date(of.Opened), ""
		if c.Start != nil {
			from, until = date(*c.Start), date(*c.End)
		}
		t.add(c.Window, from, until, number(float64(c.Epsilon)), number(float64(c.Delta)), number(float64(c.SpentEpsilon)), number(float64(c.SpentRho)))
	}
	s.table(t)
	s.line("%s", s.style.faint("spent ε is at the cap's δ; ε of runs do not add up, their ρ do"))
	s.gap()
	s.fact("unit", "%s", unitWords(v.Unit))
	if n := len(of.Runs); n > 0 {
		last := of.Runs[n-1]
		s.fact("last run", "%s: ε = %s, δ = %s; the account holds %s more of its size", stamp(last.Time),
			number(float64(last.Epsilon)), number(float64(last.Delta)), number(float64(*v.RunsLeft)))
		s.fact("spending", "%s  ε after each run; █ is the cap", sparkline(of.Runs, float64(v.Epsilon)))
	}
	if v.Uncommitted > 0 {
		s.fact("lost", "%s left no profile, and stays spent", plural(v.Uncommitted, "run"))
	}
	if at, ok := usedUp(of); ok {
		s.fact("rate", "used up about %s, if spending goes on as it has since %s", date(at), stamp(of.Opened))
	}
	s.next("patina budget report "+v.Dataset+" -o "+shellWord(v.Dataset+"-budget.html")+l.word, "patina budget log "+v.Dataset+l.word)
}

// unitWords says what an account protects.
func unitWords(unit string) string {
	switch unit {
	case "":
		return "not said yet: the first run says what the account protects"
	case ledger.UnitRecord:
		return "one record; somebody with several of them is protected less"
	}
	return fmt.Sprintf("all records with the same %s", shown(unit))
}

// maxSpark is how many runs a sparkline shows, the newest.
const maxSpark = 40

// sparkline draws what had been spent after each run, against the cap.
func sparkline(runs []statement.Run, top float64) string {
	bars := []rune("▁▂▃▄▅▆▇█")
	var b strings.Builder
	for _, r := range runs[max(0, len(runs)-maxSpark):] {
		part := min(1, max(0, float64(r.After)/top))
		b.WriteRune(bars[int(part*float64(len(bars)-1)+0.5)])
	}
	return b.String()
}

// usedUp returns when the account is used up at its average rate. The first day's rate says nothing.
func usedUp(st *statement.Statement) (time.Time, bool) {
	if st.Made.Sub(st.Opened) < 24*time.Hour {
		return time.Time{}, false
	}
	return st.Account.Exhausted(st.Made)
}
