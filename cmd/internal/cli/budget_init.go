package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
)

type budgetInitOptions struct {
	*globals
	dataset string
	budget  budget
	window  windowFlags
	unit    string
	by      string
	ledger  ledgerFlag
}

func newBudgetInitCommand(g *globals, streams Streams) *cobra.Command {
	opts := &budgetInitOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "init NAME --epsilon E --delta D",
		Short: "Open a dataset's account, and the ledger if there is none",
		Long: `Opens the account of a dataset with a cap (ε, δ) on all runs together, for ever. Creates the ledger if there is none. An
account is opened once; its cap can be raised, on record, and never lowered.

A window has a cap of its own, for each day, week or month (calendar, UTC). It paces spending. It does not protect somebody who stays in the
data: the account's cap does. --unit says what the account protects, a record or everything with the same value in
some columns; without it, the first run says so, and later runs have to agree.

JSON: an account, as budget show --json lists them.`,
		Example: example("patina budget init contracts --epsilon 8 --delta 1e-5",
			"patina budget init visits --epsilon 20 --delta 1e-5 --window month --window-epsilon 2 --unit record"),
		Args: between(1, 1, "the dataset's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.dataset = args[0]
			return runBudgetInit(cmd.Context(), opts, streams)
		},
	}
	opts.budget.register(cmd.Flags(), "the cap on all runs together")
	opts.window.register(cmd.Flags())
	cmd.Flags().StringVar(&opts.unit, "unit", "", "what is protected: record, or the columns that name somebody, as in customer_id")
	cmd.Flags().StringVar(&opts.by, "by", "", "who opens it, for the record")
	opts.ledger.register(cmd.Flags())
	return cmd
}

func runBudgetInit(ctx context.Context, opts *budgetInitOptions, streams Streams) error {
	if opts.budget.epsilon == 0 || opts.budget.delta == 0 {
		return hint(usagef("no cap given: say how much privacy all runs together may ever cost; patina has no default"),
			"add --epsilon 8 --delta 1e-5, if that is what you can answer for")
	}
	o := ledger.Opening{Dataset: opts.dataset, Epsilon: opts.budget.epsilon, Delta: opts.budget.delta, Unit: opts.unit, By: opts.by}
	if c, given, err := opts.window.cap(); err != nil {
		return err
	} else if given {
		o.Windows = []ledger.Cap{c}
	}
	path := opts.ledger.location(streams)
	a, err := openAccount(ctx, path, o)
	if err != nil {
		return opts.ledger.hint(err, opts.dataset, opts.budget)
	}
	v := view(a, 0)
	return opts.printer(streams).print(v, func(s *screen) {
		s.verdict("opened account %s in %s: cap %s", v.Dataset, opts.ledger.shown(streams), capWords(a))
		s.next("patina profile DATA --dataset " + v.Dataset + " --epsilon " + exact(oneDigit(v.NextEpsilon/4)) + " --delta " + number(v.NextDelta) +
			opts.ledger.word() + " -o profile.parquet")
	})
}

// openAccount opens an account, in a new ledger if there is none.
func openAccount(ctx context.Context, path string, o ledger.Opening) (ledger.Account, error) {
	if _, err := account.RhoFor(o.Epsilon, o.Delta); err != nil {
		return ledger.Account{}, usageError{err}
	}
	store, err := ledger.Create(ctx, path)
	if err != nil {
		return ledger.Account{}, err
	}
	defer store.Close()
	return store.OpenAccountWith(ctx, o)
}
