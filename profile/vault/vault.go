// Package vault is everything that sees real rows on their way to a profile. It runs where the data lives.
//
//  1. bound, raw: of each unit of privacy at most so many rows are chosen; these are read into dictionaries of distinct cells. The
//     schema is public, everything else is not.
//  2. encode: each distinct cell is read by its column's codec; histograms over what was read are exact and sealed.
//  3. release: release.go, the only file that calls a mechanism, charges the run and draws noise. What a column's domain
//     is (its categories, atoms, bins, forms) is found that way too, and every decision in between is a function of
//     released values and public inputs.
//  4. model: the released marginals are fitted; this costs nothing.
//  5. [Profile] stages the artefact, commits its digest to the ledger, and renames it into place, in that order.
//
// The package guards against mistakes, not against whoever operates it: who can run it can read the data anyway.
package vault

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"unicode/utf8"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/profile/vault/internal/encode"
	"github.com/patina-data/patina/profile/vault/internal/failpoint"
	"github.com/patina-data/patina/profile/vault/internal/raw"
	"github.com/patina-data/patina/profile/vault/internal/spill"
	"github.com/patina-data/patina/synth/fit"
)

// Options says what to profile, at what price, and where to put it. Epsilon and Delta have no defaults.
type Options struct {
	Epsilon account.Epsilon
	Delta   account.Delta
	Output  string    // path of the profile
	Force   bool      // replace an existing Output
	Purpose string    // for the ledger's report
	Unit    spec.Unit // of privacy; the zero Unit is the record
	Key     string    // what makes the run the same as another, as Spec.RunKey has it; "": it is like no other
	RunID   string    // as declared by the user, for the ledger's report
	By      string    // who or which job, for the ledger's report

	// Memory is how many bytes of memory the run may use, about; what it does not suffice for goes into an encrypted temporary file. 0
	// is for a quarter of the machine's.
	Memory int64

	// Held is told, now and then, how many bytes of memory hold what was read; nil is allowed. That depends on the data.
	Held func(bytes int64)

	// Reserved is told when the budget has been set aside, which is for good; nil is allowed.
	Reserved func(ledger.Reservation)

	// Progress is told about the phases, with a share done in [0, 1]; nil is allowed. It never learns a count.
	Progress func(phase string, done float64)
}

// Errors that the caller can tell apart with errors.Is.
var (
	// ErrMismatch: the data does not match the spec.
	ErrMismatch = errors.New("the data does not match the spec")
	// ErrTooSmall: the released row count does not stand out from its noise.
	ErrTooSmall = errors.New("too few rows to profile at this budget")
)

// Profile reads the source, profiles it under the ledger's account, and publishes the profile at opts.Output. The order is
// what makes a crash safe:
//
//  1. check the output path, the spec against the schema, the budget, and the account, which cost nothing;
//  2. load the rows, so that unreadable data costs nothing either;
//  3. reserve the budget in the ledger, durably;
//  4. count, charge, draw, fit;
//  5. stage the artefact, under a name that names the reservation, and fsync it;
//  6. commit its digest to the ledger;
//  7. rename it.
//
// A failure from step 3 on leaves the reservation spent and no artefact; one of step 7, which the ledger knows by then,
// leaves the artefact under its staged name and says so. Of a run with a key [Resume] finishes what steps 6 and 7 did not. JSON paths,
// which decide what is loaded, are released between steps 3 and 4.
func Profile(ctx context.Context, sp *spec.Spec, src *record.Source, ledger *dp.Ledger, opts Options) (p *profile.Profile, err error) {
	defer func() {
		if recover() != nil { // a panic's text can hold sizes of what the vault holds
			p, err = nil, errors.New("vault: internal error (what was reserved stays spent)")
		}
	}()
	if err := checkOutput(opts.Output, opts.Force); err != nil {
		return nil, err
	}
	b, err := newBuild(sp, src.Schema(), opts)
	if err != nil {
		return nil, err
	}
	b.src = src
	defer b.store.Close()
	defer b.store.Watch(ctx)()
	request := dp.Request{
		Epsilon: opts.Epsilon, Delta: opts.Delta, Run: filepath.Base(opts.Output), Purpose: opts.Purpose,
		Unit: opts.Unit.Name(), MaxRecords: b.rule.Unit().Records(),
		Key: opts.Key, RunID: opts.RunID, Spec: sp.Digest(), By: opts.By,
	}
	if err := b.checkNoise(request); err != nil {
		return nil, err
	}
	if err := ledger.Check(ctx, request); err != nil {
		return nil, err
	}
	if err := b.load(ctx); err != nil {
		return nil, err
	}
	failpoint.Here("loaded")
	run, err := ledger.Reserve(ctx, request)
	if err != nil {
		return nil, err
	}
	if opts.Reserved != nil {
		opts.Reserved(run.Reservation())
	}
	failpoint.Here("reserved")
	if p, err = b.measure(ctx, run, ledger.Dataset()); err == nil {
		failpoint.Here("measured")
		err = publish(ctx, run, p, opts)
	}
	if err != nil {
		return nil, fmt.Errorf("%w (reservation %s stays spent: ε = %g, δ = %g)", err, run.Reservation().ID, float64(opts.Epsilon), float64(opts.Delta))
	}
	return p, nil
}

// build is one profile in the making.
type build struct {
	spec    *spec.Spec
	src     *record.Source
	opts    Options
	schema  record.Schema
	columns []record.Column     // of the input; for JSON lines known once their paths are
	paths   *encode.PathCounter // where the columns are to be found among the keys
	rule    bound.Rule          // what a unit is
	chosen  *bound.Choice       // the rows that are used
	inOrder dp.Noisy            // JSON records with their keys in the columns' order, and others
	table   *raw.Table
	store   *spill.Store // what grows with the rows
	limits  raw.Limits
}

func newBuild(sp *spec.Spec, schema record.Schema, opts Options) (*build, error) {
	b := &build{spec: sp, opts: opts, schema: schema, limits: raw.DefaultLimits(), rule: bound.Rule{
		Columns: opts.Unit.Columns, Most: opts.Unit.MaxRecords, DropKeyless: opts.Unit.Missing == spec.DropMissing,
	}}
	b.store = newStore(opts.Memory, opts.Held)
	if opts.Progress == nil {
		b.opts.Progress = func(string, float64) {}
	}
	if b.schema.Format != record.JSONL {
		if err := sp.Match(b.schema.Names()); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMismatch, err)
		}
		b.columns = b.schema.Columns
	} else {
		for _, c := range sp.Columns {
			b.columns = append(b.columns, record.Column{Name: c.Name, Type: record.JSONType, Nullable: true})
		}
		if _, err := record.NewNesting(columnNames(b.columns)); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrMismatch, err)
		}
	}
	if err := b.checkUnit(); err != nil {
		return nil, err
	}
	if err := b.checkNames(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMismatch, err)
	}
	if b.needKeys() {
		b.paths = &encode.PathCounter{Limits: encode.DefaultLimits()}
		if n := sp.Source.MaxKeys; n > 0 {
			b.paths.Limits = []int{n}
		}
	}
	return b, nil
}

// checkNames refuses column names that a profile cannot carry, or that should not be published, and more of them than it holds.
func (b *build) checkNames() error {
	if n := len(b.columns); n > profile.MaxColumns {
		return fmt.Errorf("%d columns: a profile holds at most %d; leave some out", n, profile.MaxColumns)
	}
	for i, c := range b.columns {
		switch {
		case !utf8.ValidString(c.Name):
			return fmt.Errorf("the name of column %d is not UTF-8: declare the files' encoding", i+1)
		case profile.Reserved(c.Name):
			return fmt.Errorf("column %q has the name of an attribute that the profile needs: rename it", c.Name)
		case b.schema.Format == record.CSV && !b.schema.Dialect.Header && !b.schema.Dialect.NoHeader && mess.Personal(c.Name):
			return fmt.Errorf("the name of column %d looks like personal data, and names are published: give --no-header and --columns, "+
				"or --header if these are the names", i+1)
		}
	}
	return nil
}

// needKeys reports whether the columns are still to be found among the keys of JSON records.
func (b *build) needKeys() bool { return b.schema.Format == record.JSONL && len(b.columns) == 0 }

// load reads the columns that are known, or counts the paths that could become columns. It is not a release: nothing of
// it leaves the process.
func (b *build) load(ctx context.Context) error {
	if b.rule.Keyed() {
		b.opts.Progress("choosing records", 0)
	}
	var err error
	if b.chosen, err = bound.Choose(ctx, b.src, b.rule, dp.NewKey(), func(done float64) { b.opts.Progress("choosing records", done) }); err != nil {
		return err
	}
	if b.needKeys() {
		return b.loadPaths(ctx)
	}
	return b.loadColumns(ctx)
}

func (b *build) loadColumns(ctx context.Context) error {
	b.opts.Progress("reading", 0)
	var err error
	b.table, err = raw.Load(ctx, b.src, columnNames(b.columns), b.chosen, b.store, b.limits, func(done float64) { b.opts.Progress("reading", done) })
	return err
}

// minRows is how many σ the released row count must stand above zero: below it every marginal would be noise.
const minRows = 5

// measure spends the run and returns the profile.
func (b *build) measure(ctx context.Context, run *dp.Run, dataset string) (*profile.Profile, error) {
	x := exits{run: run, unit: b.chosen.Unit()}
	pl := newPlan(run.Reserved(), b)
	units, err := b.countUnits(x, pl)
	if err != nil {
		return nil, err
	}
	if b.paths != nil {
		if err := b.findPaths(ctx, x, pl); err != nil {
			return nil, err
		}
	}
	rows, err := x.rows(b.table, pl.rows)
	if err != nil {
		return nil, err
	}
	n, sigma := rows.Values[0], float64(rows.Event.Sigma)
	if n < minRows*sigma {
		return nil, fmt.Errorf("%w: the noisy row count is %.0f ± %.0f", ErrTooSmall, n, 1.96*sigma)
	}
	p := &profile.Profile{Manifest: profile.Manifest{
		Version: profile.FormatVersion, Dataset: dataset, Run: run.Reservation().ID,
		Rows: n, RowSigma: sigma, Format: b.schema.Format, Dialect: b.schema.Dialect,
	}}
	if units != nil {
		units.addTo(p)
	}
	if b.schema.Format != record.Parquet {
		if err := b.measureShapes(p, x, pl); err != nil {
			return nil, err
		}
	}
	if b.paths != nil {
		if err := b.measureMembers(p, x, pl); err != nil {
			return nil, err
		}
	}
	b.opts.Progress("finding kinds", 0)
	if err := b.measureCopies(p, x, pl); err != nil {
		return nil, err
	}
	if err := b.table.Err(); err != nil {
		return nil, err
	}
	jobs, err := b.jobs(p, x, &pl)
	if err != nil {
		return nil, err
	}
	if err := b.measureColumns(ctx, jobs); err != nil {
		return nil, err
	}
	if err := b.correlate(ctx, p, x, pl, jobs); err != nil {
		return nil, err
	}
	if err := b.table.Err(); err != nil {
		return nil, err
	}
	b.opts.Progress("fitting", 0)
	fitted, err := fit.Tables(ctx, p)
	if err != nil {
		return nil, err
	}
	p.Tables, p.Manifest.Gap = fitted.Tables, fitted.Gap
	b.state(p, run)
	return p, nil
}

// addTo puts a measured column's part into the profile.
func (j *columnJob) addTo(p *profile.Profile) {
	p.Manifest.Columns = append(p.Manifest.Columns, profile.Column{
		Column: j.column, Kind: string(j.codec.Kind()), DayFirst: j.dayFirst, Origin: j.origin, Masked: !j.codec.Literal(),
	})
	value, form := j.attributes()
	p.Attributes = append(p.Attributes, value, form)
	if len(j.text) > 0 {
		p.Attributes = append(p.Attributes, profile.Attribute{Name: profile.TextName(j.name), Column: j.name, Role: profile.RoleText, Codes: j.text})
	}
	for _, a := range j.asides {
		p.Attributes, p.Measurements = append(p.Attributes, a.attribute), append(p.Measurements, a.measurement)
	}
	p.Measurements = append(p.Measurements, j.measurements...)
}

// state writes the privacy statement and lists every release.
func (b *build) state(p *profile.Profile, run *dp.Run) {
	reserved, spent := run.Reserved(), run.Spent()
	p.Manifest.Privacy = profile.Privacy{
		Unit: b.opts.Unit.Name(), UnitColumns: b.rule.Columns, MaxRecords: b.rule.Most, KeylessDropped: b.rule.DropKeyless,
		Neighbours: "add or remove one unit",
		Epsilon:    float64(b.opts.Epsilon), Delta: float64(b.opts.Delta),
		Rho: float64(reserved.Rho), ThresholdDelta: float64(reserved.Delta),
		SpentRho: float64(spent.Rho), SpentDelta: float64(spent.Delta),
	}
	for _, e := range run.Events() {
		p.Manifest.Releases = append(p.Manifest.Releases, profile.Release{
			ID: e.ID, Mechanism: e.Mechanism, Purpose: e.Purpose, Column: e.Column,
			L2: e.Sensitivity.L2(), Sigma: float64(e.Sigma), Rho: float64(e.Rho), Delta: float64(e.Delta), Threshold: e.Threshold,
		})
	}
}
