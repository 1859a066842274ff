package cli

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/synth"
)

type sampleOptions struct {
	*globals
	profile string
	output  string
	rows    rowsFlag
	seed    uint64
	seeded  bool
	mess    messFlag
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

JSON: file, rows, seed, profile, privacy_cost.`,
		Example: example("patina sample patina-demo/profile.parquet -n 1000 -o synthetic.csv --seed 7",
			"patina sample patina-demo/profile.parquet -o synthetic.parquet"),
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
	flags.StringVarP(&opts.output, "output", "o", "", "the file to write: .parquet, .csv, .tsv, .jsonl or .ndjson")
	flags.Uint64Var(&opts.seed, "seed", 0, "for the same records again (default: a random one, which is printed)")
	flags.Var(&opts.mess, "mess", "keep: cells and rows as messy as the input's; file: the CSV file too")
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
}

func runSample(ctx context.Context, opts *sampleOptions, streams Streams) error {
	if err := distinctOutput(opts.output, opts.profile, new(ledgerFlag).location(streams)); err != nil {
		return err
	}
	p, err := profile.ReadFile(opts.profile)
	if err != nil {
		return err
	}
	r := sampled{File: opts.output, Rows: int64(opts.rows), Seed: opts.seed, Profile: opts.profile}
	if r.Rows == 0 {
		r.Rows = synth.Rows(p)
	}
	if !opts.seeded {
		r.Seed = randomSeed()
	}
	progress := newProgress(opts.globals, streams)
	defer progress.stop()
	err = sample(ctx, p, r, opts, func(done float64) { progress.report("sampling", done) })
	progress.stop()
	if err != nil {
		return err
	}
	return opts.printer(streams).print(r, func(s *screen) {
		s.verdict("wrote %s: %s synthetic rows, %s", r.File, thousands(float64(r.Rows)), plural(len(p.Manifest.Columns), "column"))
		s.gap()
		s.fact("seed", "%d (the same profile, -n and --seed %d give the same file)", r.Seed, r.Seed)
		s.fact("privacy", "cost: 0 (post-processing of %s)", r.Profile)
	})
}

// sample writes the records to r.File, all of them or nothing.
func sample(ctx context.Context, p *profile.Profile, r sampled, opts *sampleOptions, progress func(float64)) error {
	asInput := opts.mess.asInput
	w, err := record.Create(r.File, synth.Schema(p), record.WriteOptions{Force: opts.force, AsInput: asInput})
	if err != nil {
		return err
	}
	defer w.Abort()
	if err := synth.Generate(ctx, p, synth.Options{Rows: r.Rows, Seed: r.Seed, AsInput: asInput, Progress: progress}, w); err != nil {
		return fmt.Errorf("sample %s: %w", r.Profile, err)
	}
	return w.Commit()
}

// randomSeed draws a seed short enough to type.
func randomSeed() uint64 {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return uint64(binary.LittleEndian.Uint32(b[:]))
}
