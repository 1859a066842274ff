package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault"
)

type planOptions struct {
	*globals
	data    []string
	spec    string
	earlier string
	rows    rowsFlag
	dataset string
	budget  budget
	unit    unitFlags
	ledger  ledgerFlag
	source  sourceFlags
}

func newPlanCommand(g *globals, streams Streams) *cobra.Command {
	opts := &planOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "plan [DATA…] --epsilon E --delta D (--rows N | --profile EARLIER)",
		Short: "Say what a run would measure, what it would cost, and how exact it would be",
		Long: `Says what patina profile would measure with a budget and how exact each column and each slice in focus would come out. It
reads no row: columns are those of the files' header or schema, or of the spec where no data is given; how many rows there
are is your guess, or an earlier profile's noisy count. A run measures what it finds, so that its own figures differ from
these as its data differ from the guess: patina profile prints them.

JSON: outline (schema patina.plan/1: rows, unit, max_records, epsilon, delta, rho, steps, columns, together, slices), account (as budget show
--json lists them, after the run; left out where there is none).`,
		Example: example(
			"patina plan patina-demo/contracts.csv --rows 6000 --epsilon 1 --delta 1e-6",
			"patina plan patina-demo/contracts.csv -s patina-demo/patina.yaml --profile patina-demo/profile.parquet --epsilon 0.5 --delta 1e-6"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.data = args
			return runPlan(cmd.Context(), opts, streams)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&opts.spec, "spec", "s", "", "the spec, as patina init drafts it (default: $PATINA_SPEC, or none)")
	flags.StringVar(&opts.earlier, "profile", "", "an earlier profile of the table: its noisy row count and what was found in its columns are taken for what will be")
	flags.Var(&opts.rows, "rows", "how many rows the table has, as far as you know without looking")
	flags.StringVar(&opts.dataset, "dataset", "", "the ledger account (default: the spec's dataset, or the data's name)")
	opts.budget.register(flags, "the run")
	opts.unit.register(flags)
	opts.ledger.register(flags)
	opts.source.register(flags)
	return cmd
}

// A planned is the result of plan.
type planned struct {
	Outline *vault.Outline `json:"outline"`
	Account *accountView   `json:"account,omitempty"`
	fits    error          // what the account says to the run
}

func runPlan(ctx context.Context, opts *planOptions, streams Streams) error {
	sp, err := readSpec(specPath(opts.spec, streams))
	if err != nil {
		return err
	}
	b, err := opts.budget.require(sp)
	if err != nil {
		return err
	}
	if sp.Unit, err = opts.unit.unit(sp); err != nil {
		return err
	}
	guess, err := opts.guess()
	if err != nil {
		return err
	}
	schema, dataset, err := opts.schema(sp, guess)
	if err != nil {
		return err
	}
	outline, err := vault.Plan(sp, schema, vault.Options{Epsilon: b.epsilon, Delta: b.delta, Unit: sp.Unit}, guess)
	if err != nil {
		return err
	}
	result := &planned{Outline: outline}
	if err := opts.ask(ctx, result, dataset, sp, b, streams); err != nil {
		return err
	}
	return opts.printer(streams).print(result, func(s *screen) { result.write(s, opts) })
}

// guess returns what the plan takes for what only a run can measure.
func (o *planOptions) guess() (g vault.Guess, err error) {
	if o.earlier != "" {
		if g.Earlier, err = profile.ReadFile(o.earlier); err != nil {
			return g, err
		}
		g.Rows = g.Earlier.Manifest.Rows
	}
	if o.rows > 0 {
		g.Rows = float64(o.rows)
	}
	if g.Rows < 1 {
		return g, hint(usagef("how exact a run will be depends on how many rows there are, and plan reads none"),
			"add --rows N with your guess, or --profile EARLIER for the noisy count of an earlier run")
	}
	return g, nil
}

// schema returns the columns of the data, or where none is given those that the spec or the earlier profile names.
func (o *planOptions) schema(sp *spec.Spec, g vault.Guess) (record.Schema, string, error) {
	if len(o.data) > 0 {
		src, err := openSource(o.data, &o.source, sp)
		if err != nil {
			return record.Schema{}, "", err
		}
		return src.Schema(), datasetName(o.dataset, sp, o.data, src), nil
	}
	dataset := o.dataset
	if dataset == "" {
		dataset = sp.Dataset
	}
	if g.Earlier != nil {
		m := g.Earlier.Manifest
		schema := record.Schema{Format: m.Format, Dialect: m.Dialect}
		for _, c := range m.Columns {
			schema.Columns = append(schema.Columns, c.Column)
		}
		if dataset == "" {
			dataset = m.Dataset
		}
		return schema, dataset, nil
	}
	if len(sp.Columns) == 0 {
		return record.Schema{}, "", hint(usagef("plan does not know the columns"), "name the data, of which only the header is read, a spec with columns, or an earlier profile")
	}
	schema := record.Schema{Format: sp.Source.Format}
	if schema.Format == "" {
		schema.Format = record.CSV
	}
	schema.Dialect.Header = true
	for _, c := range sp.Columns {
		schema.Columns = append(schema.Columns, record.Column{Name: c.Name, Type: record.StringType, Nullable: true})
	}
	return schema, dataset, nil
}

// ask finds out what the account would say, and what it would have left. That there is no ledger is no error.
func (o *planOptions) ask(ctx context.Context, p *planned, dataset string, sp *spec.Spec, b budget, streams Streams) error {
	if dataset == "" {
		return nil
	}
	store, err := o.ledger.open(ctx, streams)
	if errors.Is(err, ledger.ErrMissing) {
		return nil
	}
	if err != nil {
		return err
	}
	defer store.Close()
	a, err := store.Account(ctx, dataset)
	if errors.Is(err, ledger.ErrNoAccount) {
		return nil
	}
	if err != nil {
		return err
	}
	request := dp.Request{Epsilon: b.epsilon, Delta: b.delta, Unit: sp.Unit.Name(), MaxRecords: p.Outline.MaxRecords}
	if err := dp.NewLedger(store, dataset).Check(ctx, request); err != nil {
		var refused *ledger.RefusedError
		if !errors.As(err, &refused) {
			return err
		}
		p.fits = err
	} else if amount, err := request.Budget(); err == nil {
		a.Spent.Rho += amount.Rho
		a.Spent.Delta += amount.Delta
		a.Runs++
	}
	v := view(a, b.delta)
	p.Account = &v
	return nil
}

// maxPlanned is how many columns a screen has room for.
const maxPlanned = 24

func (p *planned) write(s *screen, opts *planOptions) {
	o := p.Outline
	best, worst := 1.0, 0.0
	for _, c := range o.Columns {
		best, worst = min(best, c.PlusMinus), max(worst, c.PlusMinus)
	}
	unresolved := 0
	for _, slice := range o.Slices {
		if !slice.Resolved {
			unresolved++
		}
	}
	s.verdict("a run of (ε = %s, δ = %s) over %s rows would know %s, a share to ± %s at best and ± %s at worst", number(o.Epsilon), number(o.Delta),
		thousands(o.Rows), plural(len(o.Columns), "column"), twoDigits(best), twoDigits(worst))
	s.gap()
	s.fact("unit", "%s%s", shown(o.Unit), atMostRecords(o.MaxRecords))
	s.fact("costs", "ρ = %s zCDP: %s", number(o.Rho), plannedSteps(o.Steps))
	if o.Together == nil {
		s.fact("together", "columns would not be set against each other: with so few rows there is nothing to see but noise")
	} else {
		s.fact("together", "values in up to %d groups; the share of a cell of a pair to about ± %s", o.Together.Groups, twoDigits(o.Together.PlusMinus))
	}
	if unresolved > 0 {
		s.fact("too small", "%s of the slices in focus cannot be resolved at this budget", plural(unresolved, "slice"))
	}
	s.gap()
	t := &table{header: []string{"column", "kind", "one share ±", "values found from"}, right: []bool{false, false, true, true}}
	for _, c := range o.Columns[:min(len(o.Columns), maxPlanned)] {
		kind, from := c.Kind, "–"
		if kind == "" {
			kind = "to be learnt"
		} else {
			kind += " (" + string(c.Origin) + ")"
		}
		if c.Smallest > 0 {
			from = twoDigits(c.Smallest)
		}
		t.add(shown(c.Name), kind, twoDigits(c.PlusMinus), from)
	}
	s.table(t)
	if n := len(o.Columns) - maxPlanned; n > 0 {
		s.line("… and %s more: --json", plural(n, "column"))
	}
	if len(o.Slices) > 0 {
		s.gap()
		t := &table{header: []string{"slice in focus", "cells", "one share ±", "resolved"}, right: []bool{false, true, true, false}}
		for _, slice := range o.Slices {
			verdict := "yes"
			if !slice.Resolved {
				verdict = "no: an average cell drowns in noise"
			}
			t.add(shown(strings.Join(slice.Columns, " × ")), fmt.Sprint(slice.Cells), twoDigits(slice.PlusMinus), verdict)
		}
		s.table(t)
	}
	s.gap()
	p.writeAccount(s)
	if len(opts.data) > 0 && p.fits == nil {
		s.next("patina profile " + shellWord(opts.data[0]) + datasetWord(opts.dataset) + " --epsilon " + exact(o.Epsilon) + " --delta " + exact(o.Delta) + opts.ledger.word() + " -o profile.parquet")
	}
}

func (p *planned) writeAccount(s *screen) {
	switch {
	case p.Account == nil:
		s.fact("account", "none is open: patina budget init")
	case p.fits != nil:
		s.fact("account", "%s", p.fits)
	default:
		s.fact("account", "%s afterwards: %s", p.Account.Dataset, p.Account)
	}
}

func plannedSteps(steps []vault.PlannedStep) string {
	var parts []string
	for _, step := range steps {
		parts = append(parts, fmt.Sprintf("%s %.0f %%", step.On, 100*step.Share))
	}
	return strings.Join(parts, "; ")
}

func atMostRecords(n int) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf(", of which at most %s are used", plural(n, "record"))
}

// twoDigits writes a share with two digits.
func twoDigits(x float64) string { return fmt.Sprintf("%.2g %%", 100*x) }

// datasetWord returns the --dataset that a command needs to mean the same account, with a space before it; "" if it needs none.
func datasetWord(dataset string) string {
	if dataset == "" {
		return ""
	}
	return " --dataset " + shellWord(dataset)
}
