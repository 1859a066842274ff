// Package synth samples synthetic records from a profile. It runs anywhere: it sees the profile and nothing else, so
// whatever it makes is post-processing and costs no privacy.
//
//  1. [Generate] takes the fitted tables of a profile, integer weights over codes.
//  2. For each table a secret-free permutation of the rows, keyed by the seed, deals every cell its share of the rows,
//     exact to one row: sampling adds no noise of its own to a marginal.
//  3. Codes are rendered as cells by the column's codec, and written block by block.
//
// All arithmetic on the way from weights to cells is on integers, so a seed gives the same bytes on every machine and
// for every number of processors.
package synth

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/synth/where"
)

// Options says what to sample.
type Options struct {
	Rows int64  // how many; 0 samples the profile's noisy row count
	Seed uint64 // equal seeds give equal records

	// AsInput makes lines that are no records too, where the input had them: blank ones, the header line again, a quote
	// that is open at the end. The writer must be able to hold them, which only CSV can.
	AsInput bool

	// Clean makes no mess: missing values are the format's own null, values of a kind and categories are written in one way, what
	// a kind cannot read is left out, and so are damaged texts, copies, and rows and keys out of shape.
	Clean bool

	// MessFactor multiplies the odds of every cell and row that Clean would change; 0 is 1.
	MessFactor float64

	// Where is what all records fulfil; nil is anything. Of rows with fields missing, those that lack one it is about are left out.
	Where where.Expr

	// Within is what all records have: for attributes of columns, values or forms, the codes of which they have one. Unlike Where it
	// can name whatever a profile tells apart. [Weigh] does not look at it.
	Within map[string][]int32

	// Boost makes records that fulfil conditions likelier, and Balance makes the categories of columns equally likely.
	Boost   []Boost
	Balance []string

	// Weights adds [WeightColumn], which Boost and Balance always add. Rows are then all of the same number of fields.
	Weights bool

	// Progress is told the share of rows written; nil is allowed.
	Progress func(done float64)
}

// MaxRows bounds one call.
const MaxRows = 1 << 40

// blockRows is how many rows are rendered at a time. The bytes depend on it, so it never changes.
const blockRows = 4096

// Schema returns the schema of the synthetic table: the input's columns, order and physical types, then the weight if one is
// added.
func (o Options) Schema(p *profile.Profile) record.Schema {
	s := Schema(p)
	if o.weighted() {
		t := record.StringType
		switch p.Manifest.Format {
		case record.Parquet:
			t = "float64"
		case record.JSONL:
			t = record.JSONType
		}
		s.Columns = append(s.Columns, record.Column{Name: WeightColumn, Type: t})
	}
	return s
}

// weighted reports whether a weight is added.
func (o Options) weighted() bool { return o.Weights || len(o.Boost) > 0 || len(o.Balance) > 0 }

// Schema returns the schema of the profiled table: its columns, order and physical types.
func Schema(p *profile.Profile) record.Schema {
	s := record.Schema{Format: p.Manifest.Format, Dialect: p.Manifest.Dialect}
	for _, c := range p.Manifest.Columns {
		s.Columns = append(s.Columns, c.Column)
	}
	return s
}

// Rows returns how many rows [Generate] samples by default: the noisy row count, at least 1.
func Rows(p *profile.Profile) int64 { return max(1, int64(p.Manifest.Rows+0.5)) }

// Generate writes sampled records to w, in blocks, with memory bounded in the number of rows. It does not
// commit w.
func Generate(ctx context.Context, p *profile.Profile, opts Options, w record.Writer) error {
	n := opts.Rows
	switch {
	case n == 0:
		n = Rows(p)
	case n < 0 || n > MaxRows:
		return fmt.Errorf("sample %d rows: want 1 to %d", n, int64(MaxRows))
	}
	s, err := newSampler(p, uint64(n), opts.Seed, opts)
	if err != nil {
		return err
	}
	return s.write(ctx, w, opts.Progress)
}

// write renders blocks in parallel and writes them in order.
func (s *sampler) write(ctx context.Context, w record.Writer, progress func(float64)) error {
	g, ctx := errgroup.WithContext(ctx)
	blocks := (s.rows + blockRows - 1) / blockRows
	queue := make(chan chan rendered, runtime.GOMAXPROCS(0))
	g.Go(func() error { // deals blocks to renderers, as many at a time as the queue holds
		defer close(queue)
		for b := range blocks {
			done := make(chan rendered, 1)
			select {
			case queue <- done:
			case <-ctx.Done():
				return ctx.Err()
			}
			go func() { done <- s.render(b) }()
		}
		return nil
	})
	g.Go(func() error {
		var written uint64
		for done := range queue {
			if err := ctx.Err(); err != nil {
				return err
			}
			block := <-done
			if block.err != nil {
				return block.err
			}
			if err := w.Write(block.batch); err != nil {
				return err
			}
			if written += uint64(block.batch.Rows); progress != nil {
				progress(float64(written) / float64(s.rows))
			}
		}
		return nil
	})
	return g.Wait()
}

// rendered is a block, or why there is none.
type rendered struct {
	batch *record.Batch
	err   error
}

// render renders a block in a goroutine of its own, where a panic, a bug of ours that a caller could not recover from,
// becomes an error.
func (s *sampler) render(b uint64) (out rendered) {
	defer func() {
		if recover() != nil {
			out = rendered{err: fmt.Errorf("synth: internal error in block %d", b)}
		}
	}()
	return rendered{batch: s.block(b)}
}

// errNoModel is for a profile whose fitted tables do not cover its columns.
var errNoModel = errors.New("the profile has no fitted table")
