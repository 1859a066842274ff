package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault"
)

// batchFlags make a run a job that a scheduler can start twice.
type batchFlags struct {
	runID string
	by    string
}

func (f *batchFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.runID, "run-id", "", "what this run is called, such as the date of its batch: the same run again gives the same profile and costs nothing")
	flags.StringVar(&f.by, "by", "", "who or which job runs this, one line for the ledger (default: $USER)")
}

// check returns who runs this, and refuses an ID that says nothing.
func (f *batchFlags) check(changed bool, streams Streams) error {
	if changed && strings.TrimSpace(f.runID) == "" {
		return hint(usagef("--run-id is empty, so the run would be paid for each time it is started"), "is the variable set that it is taken from?")
	}
	if f.by == "" {
		f.by = streams.Getenv("USER")
	}
	return nil
}

// stated is the spec with everything that flags say over it: what the run is, whoever says it.
func stated(sp *spec.Spec, b budget, src record.Options, dataset string) *spec.Spec {
	s := *sp
	s.Dataset = dataset
	s.Privacy = spec.Privacy{Epsilon: float64(b.epsilon), Delta: float64(b.delta)}
	d := src.Dialect
	s.Source = spec.Source{
		Format: src.Format, Delimiter: d.Delimiter, Encoding: d.Encoding, Quote: d.Quote, Quoting: string(d.Quoting), SkipLines: d.SkipLines,
		Header: d.Header, NoHeader: d.NoHeader, MaxKeys: sp.Source.MaxKeys, MaxElements: src.MaxElements,
	}
	return &s
}

// lockJob keeps two processes from the same run, or from two runs into one file.
func lockJob(ctx context.Context, store *ledger.Store, dataset string, opts vault.Options) (unlock func() error, err error) {
	key := opts.Key
	if key == "" {
		path, err := filepath.Abs(opts.Output)
		if err != nil {
			return nil, fmt.Errorf("find the output: %w", err)
		}
		key = dataset + "\x00" + path
	}
	unlock, err = store.Lock(ctx, key)
	if errors.Is(err, ledger.ErrRunning) {
		return nil, hint(err, "the same run is under way in another process: wait for its result")
	}
	return unlock, err
}

// resume finishes or finds what an earlier run of the same key left. It returns true if the profile is made, and nothing is left to pay for.
func (o *profileOptions) resume(ctx context.Context, store *ledger.Store, dataset string, opts vault.Options, streams Streams) (bool, error) {
	if opts.Key == "" {
		stranded, err := vault.Stranded(ctx, store, dataset, opts.Output)
		for _, f := range stranded {
			o.logger(streams).Warn(fmt.Sprintf("%s is a profile that was paid for and never got its name: mv %s NAME.parquet gives it one", f, shellWord(f)))
		}
		return false, err
	}
	earlier, err := vault.Resume(ctx, store, dataset, opts)
	if earlier == nil {
		return false, err
	}
	if err != nil {
		o.result.Reservation = earlier.Reservation.ID
		return false, err
	}
	if earlier.Digest == "" {
		o.logger(streams).Warn(fmt.Sprintf("an earlier attempt at this run ended before its profile was whole; what it reserved (%s) stays spent, and this one is paid for anew",
			earlier.Reservation.ID))
		return false, nil
	}
	o.result.Reservation, o.result.Digest, o.result.Output = earlier.Reservation.ID, earlier.Digest, opts.Output
	o.result.Status = statusAlready
	if earlier.Finished {
		o.logger(streams).Info("published what an earlier attempt had made")
	}
	return true, nil
}

// made is the result of a run that was made before, read from the profile that it left.
func (o *profileOptions) made(ctx context.Context, store *ledger.Store) (*profiled, error) {
	p, err := profile.ReadFile(o.output)
	if err != nil {
		return nil, err
	}
	result, err := profileResult(ctx, p, store, o.output)
	if err != nil {
		return nil, err
	}
	result.AlreadyMade = true
	return result, nil
}
