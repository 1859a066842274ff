package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/verify"
)

type verifyOptions struct {
	*globals
	path   string
	ledger ledgerFlag
}

func newVerifyCommand(g *globals, streams Streams) *cobra.Command {
	opts := &verifyOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "verify PROFILE [--ledger LEDGER]",
		Short: "Recompute what a profile claims, and look for its receipt in the ledger",
		Long: `Reads a profile, encodes it again and compares the bytes; recomputes every release's cost from its σ and sensitivity, the
totals, and the guarantee (ε, δ) that follows; and, where a ledger is given, looks for the run's reservation and the digest that
it was committed with. Exit code 21 if anything is wrong. Needs no data, and without --ledger no ledger.

JSON (schema patina.verify/1): digest, dataset, run, spent_rho, spent_delta, spent_epsilon, checks (check, ok, detail).`,
		Example: example("patina verify patina-demo/profile.parquet", "patina verify patina-demo/profile.parquet --ledger patina-demo/ledger.db --json"),
		Args:    between(1, 1, "a profile"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.path = args[0]
			return runVerify(cmd.Context(), opts, streams)
		},
	}
	opts.ledger.register(cmd.Flags())
	return cmd
}

// errUnverified is for a profile that is one, and does not say the truth.
var errUnverified = errors.New("the profile is refused")

func runVerify(ctx context.Context, opts *verifyOptions, streams Streams) error {
	data, err := readProfile(opts.path)
	if err != nil {
		return err
	}
	p, report, err := verify.Profile(data)
	if err != nil {
		return fmt.Errorf("%s: %w", opts.path, err)
	}
	withLedger := opts.ledger.given(streams)
	if withLedger {
		store, err := ledger.Open(ctx, opts.ledger.location(streams))
		if err != nil {
			return err
		}
		defer store.Close()
		if err := report.Receipt(ctx, store, p); err != nil {
			return err
		}
	}
	err = opts.printer(streams).print(report, func(s *screen) { writeVerified(s, report, opts, withLedger) })
	if err == nil && !report.OK() {
		err = fmt.Errorf("%w: %s: %s", errUnverified, opts.path, strings.Join(report.Failed(), "; "))
	}
	return err
}

// readProfile reads a profile's bytes, and no more than one may have.
func readProfile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read profile: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > profile.MaxFileBytes {
		return nil, fmt.Errorf("%w: %s is no regular file of at most %d bytes", errUnverified, path, profile.MaxFileBytes)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read profile: %w", err)
	}
	return data, nil
}

func writeVerified(s *screen, r *verify.Report, opts *verifyOptions, withLedger bool) {
	verdict := "is what it claims to be"
	if !r.OK() {
		verdict = "is not what it claims to be"
	}
	s.verdict("%s %s: ε = %.4g spent by run %s of %s", opts.path, verdict, float64(r.SpentEpsilon), r.Run, shown(r.Dataset))
	s.gap()
	for _, c := range r.Checks {
		mark := "ok  "
		if !c.OK {
			mark = "BAD "
		}
		s.line("%s %s  %s", mark, pad(c.Name, 12), c.Detail)
	}
	s.line("%s", s.style.faint(r.Digest))
	if !withLedger {
		s.next("patina verify " + shellWord(opts.path) + " --ledger LEDGER")
	}
}
