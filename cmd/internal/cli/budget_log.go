package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp/ledger"
)

func newBudgetLogCommand(g *globals, streams Streams) *cobra.Command {
	opts := &accountOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "log [NAME]",
		Short: "List the ledger's entries",
		Long: `Lists what was ever entered for an account, or for all: opened, raised, reserved, committed. An entry is never changed or
taken away; each has the hash of the one before it in its own.

JSON: schema, ledger, entries; an entry has seq, time, kind, dataset, payload, prev, hash. The payload is the JSON text that was hashed.`,
		Example: example("patina budget log --ledger patina-demo/ledger.db", "patina budget log contracts --ledger patina-demo/ledger.db --json"),
		Args:    between(0, 1, "at most one dataset"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.take(args)
			return runBudgetLog(cmd.Context(), opts, streams)
		},
	}
	opts.ledger.register(cmd.Flags())
	return cmd
}

// entriesSchema names the JSON document of entries, and its version.
const entriesSchema = "patina.ledger/1"

// A budgetLog is the ledger's entries.
type budgetLog struct {
	Schema  string         `json:"schema"`
	Ledger  string         `json:"ledger"`
	Entries []ledger.Entry `json:"entries"`
}

// readLog reads the entries of an account, or of all.
func readLog(ctx context.Context, opts *accountOptions, streams Streams) (budgetLog, error) {
	store, err := opts.ledger.open(ctx, streams)
	if err != nil {
		return budgetLog{}, opts.hint(err)
	}
	defer store.Close()
	entries, err := store.Entries(ctx, opts.dataset)
	if err != nil {
		return budgetLog{}, opts.hint(err)
	}
	return budgetLog{entriesSchema, opts.ledger.shown(streams), append([]ledger.Entry{}, entries...)}, nil
}

func runBudgetLog(ctx context.Context, opts *accountOptions, streams Streams) error {
	log, err := readLog(ctx, opts, streams)
	if err != nil {
		return err
	}
	return opts.printer(streams).print(log, func(s *screen) {
		s.verdict("%s of %s", plural(len(log.Entries), "entry", "entries"), log.Ledger)
		s.gap()
		t := &table{header: []string{"", "time (UTC)", "dataset", "entry", "what", "by", "hash"}, right: []bool{true}}
		for _, e := range log.Entries {
			what, by := told(e)
			t.add(fmt.Sprint(e.Seq), stamp(e.Time), e.Dataset, string(e.Kind), what, shown(by), e.Hash[:min(12, len(e.Hash))])
		}
		s.table(t)
	})
}

// told writes what an entry records, and who did it.
func told(e ledger.Entry) (what, by string) {
	if o, ok := e.Opening(); ok {
		return fmt.Sprintf("cap ε = %s, δ = %s", number(o.Epsilon), number(o.Delta)) + and(len(o.Windows), "window"), o.By
	}
	if r, ok := e.Raise(); ok {
		return fmt.Sprintf("%s cap ε = %s: %s", r.Cap.Window, number(r.Cap.Epsilon), shown(r.Reason)), r.By
	}
	if r, ok := e.Reservation(); ok {
		return fmt.Sprintf("ε = %s, δ = %s: %s", number(r.Ask.Epsilon), number(r.Ask.Delta), shown(r.Ask.Run)), r.Ask.By
	}
	if id, c, ok := e.Commitment(); ok {
		return fmt.Sprintf("of %s: sha256:%.12s… %s", id, c.Digest, shown(c.Path)), ""
	}
	return "", ""
}

// and adds a number of things to a text, if there are any.
func and(n int, thing string) string {
	if n == 0 {
		return ""
	}
	return " and " + plural(n, thing)
}
