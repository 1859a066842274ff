package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault"
	"github.com/patina-data/patina/synth"
	"github.com/patina-data/patina/testdata"
)

type demoOptions struct {
	*globals
	dir   string
	force bool
}

func newDemoCommand(g *globals, streams Streams) *cobra.Command {
	opts := &demoOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Profile and resample a small public table that comes with patina",
		Long: `Writes a messy public table (US federal IT contracts), drafts a spec, opens a ledger, profiles the table, samples synthetic
records, and prints real and synthetic side by side. Everything lands in one directory, to try the other commands on.

JSON: directory, summary (as inspect --json), account (as budget show --json), comparison.`,
		Example: example("patina demo", "patina demo --dir try-patina"),
		Args:    between(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDemo(cmd.Context(), opts, streams)
		},
	}
	cmd.Flags().StringVar(&opts.dir, "dir", "patina-demo", "the directory to write")
	cmd.Flags().BoolVar(&opts.force, "force", false, "start over in the directory of a former demo")
	return cmd
}

// What the demo spends and samples. The cap leaves room to play.
const (
	demoDataset = "contracts"
	demoSeed    = 1
)

var (
	demoBudget = budget{epsilon: 2, delta: 1e-6}
	demoCap    = budget{epsilon: 8, delta: 1e-5}
)

// The files of a demo.
const (
	demoData    = "contracts.csv"
	demoSpec    = "patina.yaml"
	demoLedger  = "ledger.db"
	demoProfile = "profile.parquet"
	demoParquet = "synthetic.parquet"
	demoCSV     = "synthetic.csv"
)

// A demonstrated is the result of a demo.
type demonstrated struct {
	Directory  string          `json:"directory"`
	Summary    profile.Summary `json:"summary"`
	Account    accountView     `json:"account"`
	Comparison []compared      `json:"comparison"`
}

func runDemo(ctx context.Context, opts *demoOptions, streams Streams) error {
	if err := prepareDemo(opts.dir, opts.force); err != nil {
		return err
	}
	progress := newProgress(opts.globals, streams, 0)
	defer progress.stop()
	d := &demo{dir: opts.dir, progress: progress.report}
	r, err := d.run(ctx)
	progress.stop()
	if err != nil {
		return err
	}
	return opts.printer(streams).print(r, r.write)
}

// prepareDemo makes the directory, or empties it of a former demo if that is asked for.
func prepareDemo(dir string, force bool) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return fmt.Errorf("create the demo's directory: %w", err)
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the demo's directory: %w", err)
	}
	if len(entries) == 0 {
		return nil
	}
	if data, err := os.ReadFile(filepath.Join(dir, demoData)); err != nil || !bytes.Equal(data, testdata.Contracts) {
		return hint(fmt.Errorf("%s is not empty, and no former demo", dir), "patina demo --dir ANOTHER")
	}
	if !force {
		return hint(fmt.Errorf("%s holds a former demo", dir), "patina demo --force starts over in it; --dir ANOTHER leaves it alone")
	}
	for _, name := range []string{demoLedger, demoLedger + "-wal", demoLedger + "-shm"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the former demo's ledger: %w", err)
		}
	}
	return nil
}

// A demo runs the steps that a person would type.
type demo struct {
	dir      string
	progress func(phase string, done float64)
}

func (d *demo) path(name string) string { return filepath.Join(d.dir, name) }

func (d *demo) run(ctx context.Context) (*demonstrated, error) {
	src, sp, err := d.inputs()
	if err != nil {
		return nil, err
	}
	p, account, err := d.profile(ctx, sp, src)
	if err != nil {
		return nil, err
	}
	for _, file := range []string{demoParquet, demoCSV} {
		r := sampled{File: d.path(file), Rows: synth.Rows(p), Seed: demoSeed, Profile: d.path(demoProfile)}
		if err := sample(ctx, p, r, r.File, true, synth.Options{Rows: r.Rows, Seed: r.Seed, Progress: func(done float64) { d.progress("sampling", done) }}); err != nil {
			return nil, err
		}
	}
	synthetic, err := record.Open([]string{d.path(demoCSV)}, record.Options{})
	if err != nil {
		return nil, err
	}
	summary := profile.Summarize(p)
	comparison, err := compare(ctx, p, summary, src, synthetic)
	if err != nil {
		return nil, err
	}
	return &demonstrated{Directory: d.dir, Summary: summary, Account: view(account, demoBudget.delta), Comparison: comparison}, nil
}

// inputs writes the table and the spec.
func (d *demo) inputs() (*record.Source, *spec.Spec, error) {
	if err := writeFile(d.path(demoData), testdata.Contracts, true); err != nil {
		return nil, nil, err
	}
	src, err := record.Open([]string{d.path(demoData)}, record.Options{})
	if err != nil {
		return nil, nil, err
	}
	privacy := fmt.Sprintf("\n# Added by the demo: what one run may cost.\nprivacy:\n  epsilon: %s\n  delta: %s\n",
		exact(demoBudget.epsilon), exact(demoBudget.delta))
	if err := writeDraft(d.path(demoSpec), src.Schema(), demoDataset, privacy, true); err != nil {
		return nil, nil, err
	}
	sp, err := spec.ReadFile(d.path(demoSpec))
	return src, sp, err
}

// profile opens the account and spends from it.
func (d *demo) profile(ctx context.Context, sp *spec.Spec, src *record.Source) (*profile.Profile, ledger.Account, error) {
	path := d.path(demoLedger)
	if _, err := openAccount(ctx, path, ledger.Opening{Dataset: demoDataset, Epsilon: demoCap.epsilon, Delta: demoCap.delta}); err != nil {
		return nil, ledger.Account{}, err
	}
	store, err := ledger.Open(ctx, path)
	if err != nil {
		return nil, ledger.Account{}, err
	}
	defer store.Close()
	b, err := budget{}.require(sp)
	if err != nil {
		return nil, ledger.Account{}, err
	}
	p, err := vault.Profile(ctx, sp, src, dp.NewLedger(store, demoDataset), vault.Options{
		Epsilon: b.epsilon, Delta: b.delta, Output: d.path(demoProfile), Force: true, Purpose: "demo", Progress: d.progress,
	})
	if err != nil {
		return nil, ledger.Account{}, err
	}
	account, err := store.Account(ctx, demoDataset)
	return p, account, err
}

func (r *demonstrated) write(s *screen) {
	s.verdict("wrote %s: a public table, its spec, a ledger, a profile, and synthetic records as Parquet and CSV", r.Directory+string(filepath.Separator))
	s.gap()
	s.privacy(r.Summary)
	s.fact("account", "%s: %s", r.Account.Dataset, r.Account)
	s.fact("rows", "%s", count(r.Summary.Rows))
	s.gap()
	s.line("%s", s.style.strong("a demo comparison on public data; with your own data this table would not be private"))
	writeComparison(s, r.Comparison)
	in := func(name string) string { return shellWord(filepath.Join(r.Directory, name)) }
	s.next("patina inspect "+in(demoProfile),
		"patina inspect "+in(demoProfile)+" --column 'Type of Contract'",
		"patina sample "+in(demoProfile)+" -n 1000 -o "+in("more.csv")+" --seed 7",
		"patina profile "+in(demoData)+" -s "+in(demoSpec)+" --ledger "+in(demoLedger)+" -o "+in("again.parquet"),
		"patina budget show --ledger "+in(demoLedger))
}
