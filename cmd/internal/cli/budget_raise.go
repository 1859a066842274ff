package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp/ledger"
)

type budgetRaiseOptions struct {
	accountOptions
	budget budget
	window windowFlags
	reason string
	by     string
}

func newBudgetRaiseCommand(g *globals, streams Streams) *cobra.Command {
	opts := &budgetRaiseOptions{accountOptions: accountOptions{globals: g}}
	cmd := &cobra.Command{
		Use:   "raise NAME --epsilon E --reason WHY --by WHO",
		Short: "Raise a cap, on record",
		Long: `Raises an account's cap, or that of a window (--window and --window-epsilon), or gives a window its first. The people in the
data were promised the smaller cap: who decided and why is in the ledger for ever, and in every report. A cap is never lowered.

JSON: an account, as budget show --json lists them.`,
		Example: example(`patina budget raise contracts --ledger patina-demo/ledger.db --epsilon 10 --reason 'second survey wave' --by 'A. Officer'`,
			`patina budget raise contracts --ledger patina-demo/ledger.db --window week --window-epsilon 3 --reason 'pace it' --by 'A. Officer'`),
		Args: between(1, 1, "the dataset's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.take(args)
			return runBudgetRaise(cmd.Context(), opts, streams)
		},
	}
	opts.budget.register(cmd.Flags(), "the new cap on all runs together")
	opts.window.register(cmd.Flags())
	cmd.Flags().StringVar(&opts.reason, "reason", "", "why")
	cmd.Flags().StringVar(&opts.by, "by", "", "who decided")
	opts.ledger.register(cmd.Flags())
	return cmd
}

// raise returns what the flags ask for.
func (o *budgetRaiseOptions) raise() (ledger.Raise, error) {
	if o.reason == "" || o.by == "" {
		return ledger.Raise{}, usagef("a raised cap is on record for ever: say why with --reason, and who decided with --by")
	}
	c, given, err := o.window.cap()
	switch {
	case err != nil:
		return ledger.Raise{}, err
	case given && o.budget != (budget{}):
		return ledger.Raise{}, usagef("--window-epsilon and --epsilon raise different caps: raise one at a time")
	case !given && o.budget.epsilon == 0:
		return ledger.Raise{}, usagef("no cap given: --epsilon for the account's, --window and --window-epsilon for a window's")
	case !given:
		c = ledger.Cap{Epsilon: o.budget.epsilon, Delta: o.budget.delta}
	}
	return ledger.Raise{Dataset: o.dataset, Cap: c, Reason: o.reason, By: o.by}, nil
}

func runBudgetRaise(ctx context.Context, opts *budgetRaiseOptions, streams Streams) error {
	raise, err := opts.raise()
	if err != nil {
		return err
	}
	store, err := opts.ledger.open(ctx, streams)
	if err != nil {
		return opts.hint(err)
	}
	defer store.Close()
	a, err := store.Raise(ctx, raise)
	if err != nil {
		return opts.hint(err)
	}
	return opts.printer(streams).print(view(a, 0), func(s *screen) {
		s.verdict("raised the %s cap of %s: it is now %s", raise.Cap.Window, a.Dataset, capWords(a))
		s.fact("record", "by %s: %s", shown(raise.By), shown(raise.Reason))
		s.next("patina budget show " + a.Dataset + opts.ledger.word())
	})
}
