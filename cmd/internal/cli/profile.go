package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault"
)

type profileOptions struct {
	*globals
	data    []string
	output  string
	spec    string
	dataset string
	purpose string
	force   bool
	budget  budget
	unit    unitFlags
	batch   batchFlags
	ledger  ledgerFlag
	source  sourceFlags
	memory  memoryFlag
}

func newProfileCommand(g *globals, streams Streams) *cobra.Command {
	opts := &profileOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "profile DATA… -o PROFILE --epsilon E --delta D",
		Short: "Measure data under differential privacy and write its profile",
		Long: `Reads the data (files, directories, patterns in quotes), reserves the budget in the ledger, measures with noise and writes
the profile. This is the one command that sees real records and the one that spends budget. The budget is reserved
before anything is measured and stays spent if the run fails after that.

With --run-id the run can be started again, by a scheduler for instance: the same dataset, spec and ID give the same profile. What an
attempt that died had measured is published as it is, and nothing is paid for twice; what the data holds by then makes no difference.
--result-file says how it ended.

JSON: already_made, profile, digest, attacker_accuracy, summary (as inspect --json) and account (as budget show --json).`,
		Example: example(
			"patina profile patina-demo/contracts.csv --epsilon 1 --delta 1e-6 --ledger patina-demo/ledger.db -o contracts.parquet",
			"patina profile patina-demo/contracts.csv -s patina-demo/patina.yaml --ledger patina-demo/ledger.db -o again.parquet",
			"patina profile patina-demo/contracts.csv -s patina-demo/patina.yaml --ledger patina-demo/ledger.db -o day.parquet --run-id 2026-11-24 --result-file day.json"),
		Args: between(1, -1, "the data: files, directories or patterns"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.data = args
			if err := requireOutput(cmd, opts.output, "profile.parquet"); err != nil {
				return err
			}
			if err := opts.batch.check(cmd.Flags().Changed("run-id"), streams); err != nil {
				return err
			}
			return runProfile(cmd.Context(), opts, streams)
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&opts.output, "output", "o", "", "the profile to write")
	flags.StringVarP(&opts.spec, "spec", "s", "", "the spec, as patina init drafts it (default: $PATINA_SPEC, or none)")
	flags.StringVar(&opts.dataset, "dataset", "", "the ledger account (default: the spec's dataset, or the data's name)")
	flags.StringVar(&opts.purpose, "purpose", "", "what the run is for, one line for the ledger")
	flags.BoolVar(&opts.force, "force", false, "replace an existing profile")
	opts.budget.register(flags, "this run")
	opts.unit.register(flags)
	opts.batch.register(flags)
	opts.ledger.register(flags)
	opts.source.register(flags)
	opts.memory.register(flags)
	return cmd
}

func runProfile(ctx context.Context, opts *profileOptions, streams Streams) error {
	opts.spec = specPath(opts.spec, streams)
	sp, err := readSpec(opts.spec)
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
	src, err := openSource(opts.data, &opts.source, sp)
	if err != nil {
		return err
	}
	if err := distinctOutput(opts.output, append(src.Files(), opts.spec, opts.ledger.location(streams))...); err != nil {
		return err
	}
	dataset := datasetName(opts.dataset, sp, opts.data, src)
	if dataset == "" {
		return usagef("standard input has no name: say with --dataset which account pays")
	}
	opts.result.RunID, opts.result.Dataset = opts.batch.runID, dataset
	suspectUnit(opts.logger(streams), sp, src.Schema())
	store, err := opts.ledger.open(ctx, streams)
	if err != nil {
		return opts.ledger.hint(err, dataset, b)
	}
	defer store.Close()
	job, err := opts.job(sp, b, dataset)
	if err != nil {
		return err
	}
	result, err := opts.run(ctx, store, dataset, job, sp, src, streams)
	if err != nil {
		return opts.ledger.hint(err, dataset, b)
	}
	return opts.printer(streams).print(result, func(s *screen) { result.write(s, opts.ledger.word()) })
}

// job is the run as the library takes it.
func (o *profileOptions) job(sp *spec.Spec, b budget, dataset string) (vault.Options, error) {
	job := vault.Options{
		Epsilon: b.epsilon, Delta: b.delta, Output: o.output, Force: o.force, Purpose: o.purpose, Unit: sp.Unit, RunID: o.batch.runID, By: o.batch.by,
		Memory: o.memory.apply(), Held: collectFor,
	}
	if o.batch.runID == "" {
		return job, nil
	}
	src, err := o.source.options(sp)
	if err != nil {
		return job, err
	}
	job.Key = stated(sp, b, src, dataset).RunKey(dataset, src.Dialect.Columns, o.batch.runID)
	return job, nil
}

// run makes the profile, unless an earlier run of the same key has made it.
func (o *profileOptions) run(ctx context.Context, store *ledger.Store, dataset string, job vault.Options, sp *spec.Spec, src *record.Source, streams Streams) (*profiled, error) {
	unlock, err := lockJob(ctx, store, dataset, job)
	if err != nil {
		return nil, err
	}
	defer unlock()
	done, err := o.resume(ctx, store, dataset, job, streams)
	if err != nil {
		return nil, err
	}
	if done {
		return o.made(ctx, store)
	}
	progress := newProgress(o.globals, streams, src.Size())
	defer progress.stop()
	job.Progress = progress.report
	job.Reserved = func(res ledger.Reservation) {
		o.result.reserved(res)
		progress.report("reserved", 0)
	}
	p, err := vault.Profile(ctx, sp, src, dp.NewLedger(store, dataset), job)
	progress.stop()
	if err != nil {
		return nil, err
	}
	result, err := profileResult(ctx, p, store, o.output)
	if err != nil {
		return nil, err
	}
	o.result.Output, o.result.Digest = o.output, result.Digest
	result.MaxKeys = vault.PathLimit(p)
	return result, nil
}

// A profiled is the result of a run.
type profiled struct {
	AlreadyMade      bool            `json:"already_made"` // by an earlier run of the same key; nothing was spent
	Profile          string          `json:"profile"`      // path
	Digest           string          `json:"digest"`       // of the file
	AttackerAccuracy float64         `json:"attacker_accuracy"`
	Summary          profile.Summary `json:"summary"`
	Account          accountView     `json:"account"`
	MaxKeys          int             `json:"max_keys,omitempty"` // JSON lines whose paths were learnt: counted in one record, at most
}

func profileResult(ctx context.Context, p *profile.Profile, store *ledger.Store, path string) (*profiled, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read back the profile: %w", err)
	}
	a, err := store.Account(ctx, p.Manifest.Dataset)
	if err != nil {
		return nil, err
	}
	return &profiled{
		Profile: path, Digest: profile.Digest(data), AttackerAccuracy: attackerAccuracy(p.Manifest.Privacy),
		Summary: profile.Summarize(p), Account: view(a, account.Delta(p.Manifest.Privacy.Delta)),
	}, nil
}

// attackerAccuracy is how often the best attacker is right about one unit, from even odds: the Gaussian part's, and
// at most δ more for the thresholds.
func attackerAccuracy(p profile.Privacy) float64 {
	return min(1, account.Rho(p.Rho).Mu().Accuracy()+p.ThresholdDelta)
}

// write prints the result; ledgerWord is the --ledger that later commands need.
func (r *profiled) write(s *screen, ledgerWord string) {
	what := "wrote " + r.Profile
	if r.AlreadyMade {
		what = r.Profile + " was already made by an earlier run of this ID, and cost nothing now"
	}
	s.verdict("%s: %s under (ε = %s, δ = %s)-differential privacy", what, plural(len(r.Summary.Columns), "column"),
		number(r.Summary.Privacy.Epsilon), number(r.Summary.Privacy.Delta))
	s.gap()
	if r.AlreadyMade {
		s.fact("made", "by reservation %s, digest %s", r.Summary.Run, r.Digest)
	}
	s.privacy(r.Summary)
	s.fact("rows", "%s", count(r.Summary.Rows))
	s.units(r.Summary.Units)
	s.pairs(r.Summary)
	if r.MaxKeys > 0 {
		s.fact("keys", "%d found; at most %d of a record were counted (source.max_keys in a spec)", len(r.Summary.Columns), r.MaxKeys)
	}
	s.gap()
	s.columns(r.Summary.Columns)
	s.warnings(r.Summary.Warnings)
	s.gap()
	s.fact("account", "%s: %s", r.Account.Dataset, r.Account)
	path := shellWord(r.Profile)
	s.next("patina inspect "+path,
		"patina sample "+path+" -o "+shellWord(beside(r.Profile, "synthetic", r.Summary.Format)),
		"patina budget show "+r.Account.Dataset+ledgerWord)
}

// beside names a new file next to path, with the extension of the format.
func beside(path, name string, format record.Format) string {
	free := filepath.Join(filepath.Dir(path), name+"."+string(format))
	for n := 2; exists(free); n++ {
		free = filepath.Join(filepath.Dir(path), name+"-"+strconv.Itoa(n)+"."+string(format))
	}
	return free
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// privacy writes what was spent.
func (s *screen) privacy(sum profile.Summary) {
	p := sum.Privacy
	s.fact("spent", "ε = %s, δ = %s (ρ = %s zCDP) for the unit %q: %s", number(p.Epsilon), number(p.Delta), number(p.Rho), p.Unit, shown(p.Neighbours))
	rho := account.Rho(p.Rho)
	s.fact("spent on", "%s", spentOn(sum.Spent))
	s.fact("method", "Gaussian DP, μ = %s, tight, plus the thresholds' δ; by zCDP's own conversion the same noise is ε = %s",
		number(float64(rho.Mu())), number(float64(account.ZCDPEpsilon(rho, account.Delta(p.Delta-p.ThresholdDelta)))))
	what := "one record"
	if len(p.UnitColumns) > 0 {
		what = "the records of one " + shown(p.Unit)
	}
	s.fact("meaning", "whoever knows everything but %s guesses right whether the data holds that at most %.1f %% of the time (a coin: 50 %%)",
		what, 100*attackerAccuracy(p))
}

// spentOn writes what a run's budget went into, in the terms of plan.
func spentOn(spent []profile.Spending) string {
	var parts []string
	for _, p := range spent {
		parts = append(parts, fmt.Sprintf("%s %.0f %%", p.On, 100*p.Share))
	}
	return strings.Join(parts, "; ")
}

// pairs writes how exactly columns are known together, in the terms of plan.
func (s *screen) pairs(sum profile.Summary) {
	if len(sum.Together) == 0 {
		s.fact("together", "no columns were measured together: nothing between them stood out of the noise, or the spec has alone: true")
		return
	}
	sigmas := make([]float64, len(sum.Together))
	for i, t := range sum.Together {
		sigmas[i] = t.Sigma
	}
	slices.Sort(sigmas)
	s.fact("together", "%s measured; the share of a cell to about ± %s", plural(len(sigmas), "set of columns", "sets of columns"),
		twoDigits(1.96*sigmas[len(sigmas)/2]/max(1, sum.Rows.Value)))
}

// units writes what is known of the units of privacy, where they have several records.
func (s *screen) units(u *profile.UnitSummary) {
	if u == nil {
		return
	}
	kept := "each counted as a unit of its own"
	if u.Dropped {
		kept = "left out"
	}
	s.fact("units", "%s by %s, at most %s of each used; %s have more, so that %s of their records were not used",
		count(u.Units), shown(strings.Join(u.Columns, ", ")), plural(u.MaxRecords, "record"), share(u.Above), share(u.Unused))
	if u.Keyless.Value > 0 {
		s.fact("", "%s records without one, %s", count(u.Keyless), kept)
	}
}

// maxColumns is how many columns a screen has room for.
const maxColumns = 24

// columns writes one line a column.
func (s *screen) columns(columns []profile.ColumnSummary) {
	t := &table{
		header: []string{"column", "kind", "missing", "found", "one share ±"},
		right:  []bool{false, false, true, false, true},
	}
	for _, c := range columns[:min(len(columns), maxColumns)] {
		t.add(shown(c.Name), c.Kind+" ("+string(c.Origin)+")", share(c.Missing), found(c), halfWidth(c.PlusMinus))
	}
	s.table(t)
	if n := len(columns) - maxColumns; n > 0 {
		s.line("… and %s more: patina inspect, or --json", plural(n, "column"))
	}
}

// found says what was found in a column.
func found(c profile.ColumnSummary) string {
	var parts []string
	part := func(n int, thing string) {
		if n > 0 {
			parts = append(parts, plural(n, thing))
		}
	}
	part(len(c.Spellings), "null")
	part(len(named(c.Values, profile.Other)), "value")
	part(len(c.Bins), "bin")
	part(len(named(c.Forms, profile.OtherForm)), "form")
	if len(parts) == 0 {
		return "nothing that stands out"
	}
	return strings.Join(parts, ", ")
}
