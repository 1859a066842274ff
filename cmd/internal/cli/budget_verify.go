package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp/ledger"
)

func newBudgetVerifyCommand(g *globals, streams Streams) *cobra.Command {
	opts := &accountOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Recompute the ledger's chain of hashes",
		Long: `Reads every entry, recomputes its hash from the one before it, and has the database examine its own structure. A changed,
missing or reordered entry is found (exit code 12). Who can write the ledger can also write it anew from the start: note the last entry's
hash somewhere else, and compare.

JSON: ledger, entries, head, last.`,
		Example: example("patina budget verify --ledger patina-demo/ledger.db"),
		Args:    between(0, 0, "no argument"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runBudgetVerify(cmd.Context(), opts, streams)
		},
	}
	opts.ledger.register(cmd.Flags())
	return cmd
}

// A verified is a ledger that was found to be whole.
type verified struct {
	Ledger  string `json:"ledger"`
	Entries int    `json:"entries"`
	Head    string `json:"head"` // the last entry's hash; "" for an empty ledger
	Last    string `json:"last"` // its time, RFC 3339
}

func runBudgetVerify(ctx context.Context, opts *accountOptions, streams Streams) error {
	store, err := opts.ledger.open(ctx, streams)
	if err != nil {
		return opts.hint(err)
	}
	defer store.Close()
	if err := store.Verify(ctx); err != nil {
		return opts.hint(err)
	}
	entries, err := store.Entries(ctx, "")
	if err != nil {
		return opts.hint(err)
	}
	v := whole(opts.ledger.shown(streams), entries)
	return opts.printer(streams).print(v, func(s *screen) {
		s.verdict("%s is whole: each of its %s follows from the one before", v.Ledger, plural(v.Entries, "entry", "entries"))
		if v.Entries > 0 {
			s.fact("head", "%s", v.Head)
			s.fact("of", "%s", v.Last)
			s.line("%s", s.style.faint("note the head where who writes the ledger cannot: it covers every entry so far"))
		}
	})
}

func whole(location string, entries []ledger.Entry) verified {
	v := verified{Ledger: location, Entries: len(entries)}
	if len(entries) > 0 {
		last := entries[len(entries)-1]
		v.Head, v.Last = last.Hash, last.Time.Format("2006-01-02T15:04:05Z07:00")
	}
	return v
}
