package cli

import (
	"bytes"
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp/statement"
)

type budgetReportOptions struct {
	accountOptions
	output  string
	parquet string
	force   bool
}

func newBudgetReportCommand(g *globals, streams Streams) *cobra.Command {
	opts := &budgetReportOptions{accountOptions: accountOptions{globals: g}}
	cmd := &cobra.Command{
		Use:   "report NAME -o FILE",
		Short: "Write what an account has spent, on what, and how to check it",
		Long: `Writes a page (one HTML file, no script, nothing from elsewhere; it prints) about an account: the guarantee in a sentence,
what is left of each cap, every run with every release, σ and 95 % error, what was public input, what is not protected, how to recompute the total
without patina, and the questions of NIST SP 800-226 one by one. --parquet writes the releases as a table: Parquet, CSV or JSON lines, as its
extension says. Everything is from the ledger; nothing is spent.

JSON (schema patina.budget/1): schema, made, dataset, unit, opened, by, caps, total, raises, runs, ledger.`,
		Example: example("patina budget report contracts --ledger patina-demo/ledger.db -o budget.html",
			"patina budget report contracts --ledger patina-demo/ledger.db --parquet releases.parquet --json"),
		Args: between(1, 1, "the dataset's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.take(args)
			if opts.output == "" && opts.parquet == "" && !opts.json {
				return requireOutput(cmd, "", "budget.html, --parquet releases.parquet or --json")
			}
			return runBudgetReport(cmd.Context(), opts, streams)
		},
	}
	cmd.Flags().StringVarP(&opts.output, "output", "o", "", "the page to write")
	cmd.Flags().StringVar(&opts.parquet, "parquet", "", "the table of releases to write")
	cmd.Flags().BoolVar(&opts.force, "force", false, "replace existing files")
	opts.ledger.register(cmd.Flags())
	return cmd
}

func runBudgetReport(ctx context.Context, opts *budgetReportOptions, streams Streams) error {
	for _, path := range []string{opts.output, opts.parquet} {
		if err := distinctOutput(path, opts.ledger.location(streams)); err != nil {
			return err
		}
	}
	list, err := opts.statements(ctx, streams)
	if err != nil {
		return err
	}
	st := list[0]
	if err := opts.writeFiles(st); err != nil {
		return err
	}
	v := view(st.Account, nextDelta(st))
	return opts.printer(streams).print(st, func(s *screen) {
		for _, path := range []string{opts.output, opts.parquet} {
			if path != "" {
				s.verdict("wrote %s: %s in %s of %s", path, plural(st.Total.Releases, "release"), plural(st.Total.Runs, "run"), st.Dataset)
			}
		}
		s.fact("account", "%s", v)
		s.next("patina budget verify" + opts.ledger.word())
	})
}

func (o *budgetReportOptions) writeFiles(st *statement.Statement) error {
	if o.output != "" {
		var page bytes.Buffer
		if err := budgetPage(st).Write(&page); err != nil {
			return err
		}
		if err := writeFile(o.output, page.Bytes(), o.force); err != nil {
			return err
		}
	}
	if o.parquet != "" {
		return releaseSheet(st).write(o.parquet, o.force)
	}
	return nil
}

// releaseSheet is a row for each release, with its run's.
func releaseSheet(st *statement.Statement) *sheet {
	t := newSheet("dataset:string", "run_id:string", "run:string", "by:string", "granted:"+momentType, "sha256:string",
		"number:int64", "mechanism:string", "purpose:string", "column:string", "sensitivity:double", "sigma:double", "error:double",
		"rho:double", "delta:double", "threshold:double")
	full := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	for _, r := range st.Runs {
		if !r.Committed {
			continue
		}
		for i, c := range r.Artefact.Releases {
			t.add(st.Dataset, r.ID, r.Name, r.By, momentCell(r.Time), r.Artefact.Digest, strconv.Itoa(i+1), c.Mechanism, c.Purpose, c.Column,
				full(c.Sensitivity), full(c.Sigma), full(c.Error), full(float64(c.Rho)), full(float64(c.Delta)), full(c.Threshold))
		}
	}
	return t
}
