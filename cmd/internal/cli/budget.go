package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/dp/statement"
)

func newBudgetCommand(g *globals, streams Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "budget",
		Short: "Open, show, check and report the accounts of the privacy ledger",
		Long: `The ledger remembers what has been spent on every dataset. An account has a cap (ε, δ) on everything that will ever be
spent on the dataset, and may have caps for days, weeks and months besides; a run that does not fit is refused. The ledger is a SQLite file, or a
PostgreSQL database that many machines share.`,
		Example: example("patina budget init contracts --epsilon 8 --delta 1e-5", "patina budget show contracts",
			"patina budget report contracts -o budget.html"),
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newBudgetInitCommand(g, streams), newBudgetShowCommand(g, streams), newBudgetLogCommand(g, streams),
		newBudgetSimulateCommand(g, streams), newBudgetRaiseCommand(g, streams), newBudgetVerifyCommand(g, streams),
		newBudgetExportCommand(g, streams), newBudgetReportCommand(g, streams))
	return cmd
}

// accountOptions name an account in a ledger that exists; no dataset stands for all accounts.
type accountOptions struct {
	*globals
	dataset string
	ledger  ledgerFlag
}

// take sets the dataset from the arguments.
func (o *accountOptions) take(args []string) {
	if len(args) > 0 {
		o.dataset = args[0]
	}
}

// hint adds to an error what to type; looking has no budget to suggest.
func (o *accountOptions) hint(err error) error {
	name := o.dataset
	if name == "" {
		name = "NAME"
	}
	if exitCode(context.Background(), err) == exitNoLedger {
		return hint(err, "patina budget init %s --epsilon E --delta D%s", shellWord(name), o.ledger.word())
	}
	return o.ledger.hint(err, name, budget{})
}

// statements reads the account's statement, or all accounts'.
func (o *accountOptions) statements(ctx context.Context, streams Streams) ([]*statement.Statement, error) {
	store, err := o.ledger.open(ctx, streams)
	if err != nil {
		return nil, o.hint(err)
	}
	defer store.Close()
	list, err := statement.Read(ctx, store, o.dataset, time.Now())
	if err != nil {
		return nil, o.hint(err)
	}
	return list, nil
}

// windowFlags are a cap for a window.
type windowFlags struct {
	window string
	budget budget
}

func (f *windowFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.window, "window", "", "a span with a cap of its own: day, week or month, in UTC")
	flags.Var((*epsilonFlag)(&f.budget.epsilon), "window-epsilon", "ε of all runs of one such span together")
	flags.Var((*deltaFlag)(&f.budget.delta), "window-delta", "δ of the same (default: the account's)")
}

// cap returns the cap, and whether one was given.
func (f *windowFlags) cap() (c ledger.Cap, given bool, err error) {
	if f.window == "" && f.budget == (budget{}) {
		return c, false, nil
	}
	w := ledger.Window(f.window)
	if w == ledger.Lifetime || w.Check() != nil {
		return c, false, usagef("--window %.20q: want day, week or month", f.window)
	}
	if f.budget.epsilon == 0 {
		return c, false, usagef("--window %s needs --window-epsilon: how much one %s may cost", w, w)
	}
	return ledger.Cap{Window: w, Epsilon: f.budget.epsilon, Delta: f.budget.delta}, true, nil
}

// caps returns all caps of an account, the lifetime's first.
func caps(a ledger.Account) []ledger.WindowState {
	life := ledger.WindowState{Cap: ledger.Cap{Epsilon: a.Epsilon, Delta: a.Delta}, Start: a.Opened, Spent: a.Spent}
	return append([]ledger.WindowState{life}, a.Windows...)
}

// capWords writes the caps of an account in a line.
func capWords(a ledger.Account) string {
	text := "ε = " + number(float64(a.Epsilon)) + ", δ = " + number(float64(a.Delta))
	for _, w := range a.Windows {
		text += "; of a " + w.Window.String() + " ε = " + number(float64(w.Epsilon)) + ", δ = " + number(float64(w.Delta))
	}
	return text
}

// date writes a day in UTC.
func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// stamp writes a moment in UTC.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

// nextDelta is the δ of a further run if nobody says: that of the last run, or a tenth of the cap's.
func nextDelta(s *statement.Statement) account.Delta {
	if n := len(s.Runs); n > 0 {
		return s.Runs[n-1].Delta
	}
	return s.Account.Delta / 10
}
