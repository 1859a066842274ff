package cli

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"reflect"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/synth"
	"github.com/patina-data/patina/synth/fit"
)

type sampleOptions struct {
	*globals
	profile string
	output  string
	format  formatFlag
	rows    rowsFlag
	seed    uint64
	seeded  bool
	mess    messFlag
	wish    wishFlags
	refit   bool
	force   bool
}

func newSampleCommand(g *globals, streams Streams) *cobra.Command {
	opts := &sampleOptions{globals: g}
	cmd := &cobra.Command{
		Use:   "sample PROFILE -o FILE",
		Short: "Sample synthetic records from a profile",
		Long: `Samples records from a profile and writes them as Parquet, CSV or JSON lines, by the extension of FILE. Costs no privacy:
it reads the profile and nothing else. The same profile, -n and --seed give the same file on every machine.

CSV is written in UTF-8, with the delimiter and line ends of a CSV input. With --mess file it is written as the input was: in its
encoding and quoting, with blank lines, repeated header lines and an open quote at the end where the input had them.

With --clean it has no mess: missing values are empty, dates and numbers are written in their column's most usual way, and what is
no value of its column is left out. With --mess 2x each of what --clean would change is twice as likely, with --mess 0.5x half.

--where takes a condition that all records fulfil: tests of columns with and, or, not and parentheses around them.

    country = "DE"    status in ("open", "new")    amount > 1000    day >= 2020-01-31    at < 12:30    ok = true
    phone is missing    phone is not missing    phone is missing "N/A"    phone is missing null    phone is missing absent
    day.form = "DD/MM/YYYY"    device~form != 0    user.address.city = "Paris"    ` + "`day of birth`" + ` > 1990-12-31

Texts are in double quotes, with \ before a quote in them; names of other characters than letters, digits and _ . [ ] in backquotes.
A category's variants in spelling are that category; missing cells fulfil no comparison, so not (a = 1) has them and a != 1 has
not. "is missing" takes one spelling too: a text, JSON's or Parquet's null, or a field that is absent. .form, or ~form, is how a
cell is written: a form as inspect shows it, or 0 for the usual one, which --clean writes. A date that times are compared with is
the whole day. Of a bin that a number cuts, the part on its side is taken, as if values lay evenly in it. Values are checked
before JSON is nested. What fraction of production fulfils the condition is printed, with ± for what is not known of it: noise in
counts and between columns, and where in a bin values are. Conditions of which too few records are known to tell from none are
refused.

--refit makes the model again from the noisy measurements in the profile, as this version of patina would, and says whether that
changed it.

--boost 'CONDITION: 5' multiplies the odds of records that fulfil it, --balance COLUMN makes its categories equally likely. They add
a column _weight, as --weights does with --mess 2x: weighted by it, estimates are those of production. Rows then all have the same
number of fields.

JSON: file, rows, seed, profile, privacy_cost, evidence (share, records, floor, warnings), refit (tables, same, gap).`,
		Example: example("patina sample patina-demo/profile.parquet -n 1000 -o synthetic.csv --seed 7",
			"patina sample patina-demo/profile.parquet -o synthetic.parquet",
			"patina sample patina-demo/profile.parquet -n 1000 -o clean.csv --clean",
			"patina sample patina-demo/profile.parquet -n 1000 -o some.csv --where '`Contractor Name` is not missing'",
			"patina sample patina-demo/profile.parquet -n 1000 -o balanced.csv --balance 'Type of Contract'"),
		Args: between(1, 1, "one profile"),
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.profile = args[0]
			opts.seeded = cmd.Flags().Changed("seed")
			if err := requireOutput(cmd, opts.output, "synthetic.csv"); err != nil {
				return err
			}
			return runSample(cmd.Context(), opts, streams)
		},
	}
	flags := cmd.Flags()
	flags.VarP(&opts.rows, "rows", "n", "how many records (default: the profile's noisy row count)")
	flags.StringVarP(&opts.output, "output", "o", "", "the file to write: .parquet, .csv, .tsv, .jsonl or .ndjson; - for standard output")
	flags.Var(&opts.format, "format", "format of -o -: csv, parquet or jsonl (default: the input's)")
	flags.Uint64Var(&opts.seed, "seed", 0, "for the same records again (default: a random one, which is printed)")
	flags.Var(&opts.mess, "mess", "keep: cells and rows as messy as the input's; file: the CSV file too; 2x: twice the odds of mess")
	opts.wish.register(flags)
	flags.BoolVar(&opts.refit, "refit", false, "fit the model again, to what the profile measured, instead of taking the one in it")
	flags.BoolVar(&opts.force, "force", false, "replace an existing file")
	return cmd
}

// A sampled is the result of sampling.
type sampled struct {
	File        string  `json:"file"`
	Rows        int64   `json:"rows"`
	Seed        uint64  `json:"seed"`
	Profile     string  `json:"profile"`
	PrivacyCost float64 `json:"privacy_cost"` // always 0

	Evidence synth.Evidence `json:"evidence"` // all records' without a condition

	Refit *refitted `json:"refit,omitempty"` // nil when the profile's own model was taken
}

func runSample(ctx context.Context, opts *sampleOptions, streams Streams) error {
	if err := distinctOutput(opts.output, opts.profile, new(ledgerFlag).location(streams)); err != nil {
		return err
	}
	wish, err := opts.wish.options(opts.mess)
	if err != nil {
		return err
	}
	p, err := profile.ReadFile(opts.profile)
	if err != nil {
		return err
	}
	to, err := opts.target(p, streams)
	if err != nil {
		return err
	}
	defer to.clean()
	r := sampled{File: opts.output, Rows: int64(opts.rows), Seed: opts.seed, Profile: opts.profile}
	if r.Rows == 0 {
		r.Rows = synth.Rows(p)
	}
	if !opts.seeded {
		r.Seed = randomSeed()
	}
	collectLess()
	progress := newProgress(opts.globals, streams, 0)
	defer progress.stop()
	if opts.refit {
		progress.report("fitting", 0)
		if r.Refit, err = refit(ctx, p); err != nil {
			return fmt.Errorf("refit %s: %w", r.Profile, err)
		}
	}
	if r.Evidence, err = synth.Weigh(p, wish); err != nil {
		return fmt.Errorf("sample %s: %w", r.Profile, err)
	}
	wish.Rows, wish.Seed = r.Rows, r.Seed
	wish.Progress = func(done float64) { progress.report("sampling", done) }
	err = sample(ctx, p, r, to.path, opts.force, wish)
	progress.stop()
	if err != nil {
		return err
	}
	if err := to.deliver(); err != nil {
		return err
	}
	opts.result.Output = r.File
	return opts.printer(to.streams).print(r, func(s *screen) {
		s.verdict("wrote %s: %s synthetic rows, %s", to.name(), thousands(float64(r.Rows)), plural(len(p.Manifest.Columns), "column"))
		s.gap()
		s.fact("seed", "%d (the same profile, -n and --seed %d give the same file)", r.Seed, r.Seed)
		if r.Refit != nil {
			s.fact("model", "%s", r.Refit)
		}
		if wish.Where != nil {
			e := r.Evidence
			s.fact("share", "%.3g ± %.2g %% of the profiled records fulfil the condition, about %s", 100*e.Share.Value, 100*e.Share.PlusMinus, thousands(e.Records.Value))
		}
		for _, warning := range r.Evidence.Warnings {
			s.fact("warning", "%s", warning)
		}
		s.fact("privacy", "cost: 0 (post-processing of %s)", r.Profile)
	})
}

// sample writes the records to a file, all of them or nothing.
func sample(ctx context.Context, p *profile.Profile, r sampled, path string, force bool, opts synth.Options) error {
	w, err := record.Create(path, opts.Schema(p), record.WriteOptions{Force: force, AsInput: opts.AsInput})
	if err != nil {
		return err
	}
	defer w.Abort()
	if err := synth.Generate(ctx, p, opts, w); err != nil {
		return fmt.Errorf("sample %s: %w", r.Profile, err)
	}
	return w.Commit()
}

// A refitted says how a model that was fitted again compares with the profile's.
type refitted struct {
	Tables int     `json:"tables"`
	Same   bool    `json:"same"` // as those in the profile
	Gap    float64 `json:"gap"`
}

func (r *refitted) String() string {
	if r.Same {
		return plural(r.Tables, "table") + " fitted again, the same as in the profile"
	}
	return plural(r.Tables, "table") + " fitted again, unlike those in the profile"
}

// refit replaces the model of a profile by one that is fitted to its measurements.
func refit(ctx context.Context, p *profile.Profile) (*refitted, error) {
	fitted, err := fit.Tables(ctx, p)
	if err != nil {
		return nil, err
	}
	r := &refitted{Tables: len(fitted.Tables), Same: reflect.DeepEqual(fitted.Tables, p.Tables), Gap: fitted.Gap}
	p.Tables, p.Manifest.Gap = fitted.Tables, fitted.Gap
	return r, nil
}

// randomSeed draws a seed short enough to type.
func randomSeed() uint64 {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return uint64(binary.LittleEndian.Uint32(b[:]))
}
