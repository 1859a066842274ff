package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
)

func newBudgetCommand(g *globals, streams Streams) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "budget",
		Short: "Open and show accounts of the privacy ledger",
		Long: `The ledger remembers what has been spent on every dataset. An account has a cap (ε, δ) on everything that will ever be
spent on the dataset; a run that does not fit is refused.`,
		Example: example("patina budget init contracts --epsilon 8 --delta 1e-5", "patina budget show contracts"),
		Args:    noCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newBudgetInitCommand(g, streams), newBudgetShowCommand(g, streams))
	return cmd
}

type budgetInitOptions struct {
	*globals
	dataset string
	budget  budget
	ledger  ledgerFlag
}

func newBudgetInitCommand(g *globals, streams Streams) *cobra.Command {
	opts := &budgetInitOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "init NAME --epsilon E --delta D",
		Short: "Open a dataset's account, and the ledger if there is none",
		Long: `Opens the account of a dataset with a cap (ε, δ) on all runs together, for ever. Creates the ledger if there is none. An
account is opened once: its cap cannot be changed.

JSON: an account, as budget show --json lists them.`,
		Example: example("patina budget init contracts --epsilon 8 --delta 1e-5"),
		Args:    between(1, 1, "the dataset's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.dataset = args[0]
			return runBudgetInit(cmd.Context(), opts, streams)
		},
	}
	opts.budget.register(cmd.Flags(), "the cap on all runs together")
	opts.ledger.register(cmd.Flags())
	return cmd
}

func runBudgetInit(ctx context.Context, opts *budgetInitOptions, streams Streams) error {
	if opts.budget.epsilon == 0 || opts.budget.delta == 0 {
		return hint(usagef("no cap given: say how much privacy all runs together may ever cost; patina has no default"),
			"add --epsilon 8 --delta 1e-5, if that is what you can answer for")
	}
	path := opts.ledger.location(streams)
	a, err := openAccount(ctx, path, opts.dataset, opts.budget)
	if err != nil {
		return opts.ledger.hint(err, opts.dataset, opts.budget)
	}
	v := view(a, 0)
	return opts.printer(streams).print(v, func(s *screen) {
		s.verdict("opened account %s in %s: cap ε = %s, δ = %s", v.Dataset, ledger.Redact(path), number(v.Epsilon), number(v.Delta))
		s.next("patina profile DATA --dataset " + v.Dataset + " --epsilon " + exact(oneDigit(v.NextEpsilon/4)) + " --delta " + number(v.NextDelta) +
			opts.ledger.word() + " -o profile.parquet")
	})
}

// openAccount opens an account, in a new ledger if there is none.
func openAccount(ctx context.Context, path, dataset string, b budget) (ledger.Account, error) {
	if _, err := account.RhoFor(b.epsilon, b.delta); err != nil {
		return ledger.Account{}, usageError{err}
	}
	store, err := ledger.Create(ctx, path)
	if err != nil {
		return ledger.Account{}, err
	}
	defer store.Close()
	return store.OpenAccount(ctx, dataset, b.epsilon, b.delta)
}

type budgetShowOptions struct {
	*globals
	dataset string
	ledger  ledgerFlag
}

func newBudgetShowCommand(g *globals, streams Streams) *cobra.Command {
	opts := &budgetShowOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "show [NAME]",
		Short: "Show what accounts have spent and have left",
		Long: `Shows one account or all of them: the cap, what was spent (as zCDP ρ, and as ε at the cap's δ), and what one more run may
cost. A run that left no profile has spent its budget all the same.

JSON: ledger, accounts; an account has dataset, epsilon, delta, spent_rho, spent_delta, spent_epsilon, left_rho,
next_epsilon, next_delta, runs, uncommitted, opened.`,
		Example: example("patina budget show --ledger patina-demo/ledger.db", "patina budget show contracts --ledger patina-demo/ledger.db --json"),
		Args:    between(0, 1, "at most one dataset"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				opts.dataset = args[0]
			}
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
}

func runBudgetShow(ctx context.Context, opts *budgetShowOptions, streams Streams) error {
	accounts, err := listAccounts(ctx, opts, streams)
	if err != nil {
		return opts.hint(err)
	}
	list := budgetList{Ledger: ledger.Redact(opts.ledger.location(streams)), Accounts: []accountView{}}
	for _, a := range accounts {
		list.Accounts = append(list.Accounts, view(a, 0))
	}
	return opts.printer(streams).print(list, list.write)
}

// hint adds to an error what to type; showing has no budget to suggest.
func (o *budgetShowOptions) hint(err error) error {
	name := o.dataset
	if name == "" {
		name = "NAME"
	}
	if exitCode(context.Background(), err) == exitNoLedger {
		return hint(err, "patina budget init %s --epsilon E --delta D%s", name, o.ledger.word())
	}
	return o.ledger.hint(err, name, budget{})
}

func listAccounts(ctx context.Context, opts *budgetShowOptions, streams Streams) ([]ledger.Account, error) {
	store, err := opts.ledger.open(ctx, streams)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	if opts.dataset == "" {
		return store.Accounts(ctx)
	}
	a, err := store.Account(ctx, opts.dataset)
	return []ledger.Account{a}, err
}

func (l budgetList) write(s *screen) {
	if len(l.Accounts) == 0 {
		s.verdict("%s has no account yet", l.Ledger)
		s.next("patina budget init NAME --epsilon E --delta D")
		return
	}
	if len(l.Accounts) == 1 {
		s.verdict("%s: %s", l.Accounts[0].Dataset, l.Accounts[0])
	} else {
		s.verdict("%s holds %s", l.Ledger, plural(len(l.Accounts), "account"))
	}
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
}
