package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
)

type budgetSimulateOptions struct {
	accountOptions
	budget budget
	runs   rowsFlag
}

func newBudgetSimulateCommand(g *globals, streams Streams) *cobra.Command {
	opts := &budgetSimulateOptions{accountOptions: accountOptions{globals: g}}
	cmd := &cobra.Command{
		Use:   "simulate NAME --epsilon E --delta D",
		Short: "Say how many runs of a size would fit; spends nothing",
		Long: `Says what an account would make of runs of a size: how many fit now, in each window, and in its whole life, and what
everything would come to after --runs of them. Nothing is reserved.

JSON: dataset, epsilon, delta, rho, threshold_delta, runs, fit, epsilon_after, now, caps; a cap has window, now, fresh: how many runs fit in what is
left of it now, and in one that nothing was spent in.`,
		Example: example("patina budget simulate contracts --ledger patina-demo/ledger.db --epsilon 1 --delta 1e-6",
			"patina budget simulate contracts --ledger patina-demo/ledger.db --epsilon 0.5 --delta 1e-6 --runs 12"),
		Args: between(1, 1, "the dataset's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.take(args)
			return runBudgetSimulate(cmd.Context(), opts, streams)
		},
	}
	opts.budget.register(cmd.Flags(), "one run")
	cmd.Flags().Var(&opts.runs, "runs", "how many such runs (default 1)")
	opts.ledger.register(cmd.Flags())
	return cmd
}

// A simulated is what an account would make of runs of a size.
type simulated struct {
	Dataset   string         `json:"dataset"`
	Epsilon   float64        `json:"epsilon"`
	Delta     float64        `json:"delta"`
	Rho       float64        `json:"rho"` // of one run
	Threshold float64        `json:"threshold_delta"`
	Runs      int            `json:"runs"`          // asked about
	Fit       bool           `json:"fit"`           // all of them, in the account's life
	After     float64        `json:"epsilon_after"` // of everything, after as many of them as fit, at the account's δ
	Now       int            `json:"now"`           // how many fit today
	Caps      []simulatedCap `json:"caps"`          // the lifetime's first
}

// A simulatedCap is how many runs fit under one cap.
type simulatedCap struct {
	Window string `json:"window"`
	Now    int    `json:"now"`
	Fresh  int    `json:"fresh"`
}

func runBudgetSimulate(ctx context.Context, opts *budgetSimulateOptions, streams Streams) error {
	if opts.budget.epsilon == 0 || opts.budget.delta == 0 {
		return hint(usagef("no budget given: say what one run would cost"), "add --epsilon 1 --delta 1e-6")
	}
	one, err := dp.Request{Epsilon: opts.budget.epsilon, Delta: opts.budget.delta}.Budget()
	if err != nil {
		return usageError{err}
	}
	store, err := opts.ledger.open(ctx, streams)
	if err != nil {
		return opts.hint(err)
	}
	defer store.Close()
	a, err := store.Account(ctx, opts.dataset)
	if err != nil {
		return opts.hint(err)
	}
	v := simulate(a, one, max(1, int(opts.runs)))
	v.Epsilon, v.Delta = float64(opts.budget.epsilon), float64(opts.budget.delta)
	return opts.printer(streams).print(v, func(s *screen) { v.write(s, opts.ledger.word()) })
}

// simulate asks each cap, by itself, how many runs of a size it holds.
func simulate(a ledger.Account, one ledger.Amount, runs int) simulated {
	v := simulated{Dataset: a.Dataset, Rho: float64(one.Rho), Threshold: float64(one.Delta), Runs: runs}
	for i, c := range caps(a) {
		alone := ledger.Account{Epsilon: c.Epsilon, Delta: c.Delta}
		fresh := alone.RunsLeft(one)
		alone.Spent = c.Spent
		now := alone.RunsLeft(one)
		v.Caps = append(v.Caps, simulatedCap{c.Window.String(), now, fresh})
		if i == 0 || now < v.Now {
			v.Now = now
		}
	}
	v.Fit = v.possible() >= runs
	times := float64(min(runs, v.possible()))
	after := a
	after.Spent.Rho += one.Rho * account.Rho(times)
	after.Spent.Delta += one.Delta * account.Delta(times)
	v.After = float64(after.SpentEpsilon())
	return v
}

// possible is how many runs there can be at all: those the lifetime holds, but none where a window holds not one.
func (v simulated) possible() int {
	for _, c := range v.Caps[1:] {
		if c.Fresh == 0 {
			return 0
		}
	}
	return v.Caps[0].Now
}

func (v simulated) write(s *screen, word string) {
	what := plural(v.Runs, "run") + " of ε = " + number(v.Epsilon) + ", δ = " + number(v.Delta)
	switch {
	case !v.Fit:
		s.verdict("%s: no room for %s; %d would fit. Nothing was spent", v.Dataset, what, v.possible())
	case v.Now < v.Runs:
		s.verdict("%s: room for %s, but only %d now; the rest has to wait for the next window. Nothing was spent", v.Dataset, what, v.Now)
	default:
		s.verdict("%s: room for %s. Nothing was spent", v.Dataset, what)
	}
	s.gap()
	t := &table{header: []string{"cap on", "runs that fit now", "in a fresh one"}, right: []bool{false, true, true}}
	for _, c := range v.Caps {
		t.add(c.Window, strconv.Itoa(c.Now), strconv.Itoa(c.Fresh))
	}
	s.table(t)
	s.fact("after", "ε = %s of everything spent, with %s", number(v.After), plural(min(v.Runs, v.possible()), "such run"))
	s.next("patina budget show " + v.Dataset + word)
}
