package vault

import (
	"context"
	"fmt"
	"math"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
)

// measureColumns finds out what is in each column, then measures each with a share of what all of them have left.
func (b *build) measureColumns(ctx context.Context, jobs []*columnJob) error {
	each := func(from float64, step func(*columnJob) error) error {
		for i, j := range jobs {
			b.opts.Progress("measuring", from+float64(i)/float64(2*len(jobs)))
			if err := step(j); err != nil {
				return fmt.Errorf("measure column %q: %w", j.name, err)
			}
			if err := b.table.Err(); err != nil {
				return err
			}
		}
		return nil
	}
	if err := each(0, func(j *columnJob) error { return j.explore(ctx) }); err != nil {
		return err
	}
	poolPurses(jobs)
	if err := each(0.5, func(j *columnJob) error { return j.settle(ctx) }); err != nil {
		return err
	}
	b.opts.Progress("measuring", 1)
	return nil
}

// poolPurses shares what the columns have left out anew, by what is in them.
func poolPurses(jobs []*columnJob) {
	all := account.Rho(0)
	for _, j := range jobs {
		all += j.purse.left
	}
	for i, share := range shareOut(jobs) {
		jobs[i].purse.left = all * spare * account.Rho(share)
	}
}

// evenly is the part of the columns' budget that all have alike, so that a column of few categories does not get nothing.
const evenly = 0.25

// shareOut returns the columns' shares of a budget: by cells^(2/3), which minimises the total L1 noise Σ cells·σ for a given
// Σ 1/σ², but for a part that they have alike. Cells are of released domains. Null spellings are not counted: of most
// nothing is there, and fitting takes their noise away.
func shareOut(jobs []*columnJob) []float64 {
	shares, total := make([]float64, len(jobs)), 0.0
	for i, j := range jobs {
		cells := 1
		for _, c := range j.value {
			if !profile.IsMissing(c.Class) {
				cells++
			}
		}
		shares[i] = math.Cbrt(float64(cells) * float64(cells) * j.weight * j.weight)
		total += shares[i]
	}
	for i := range shares {
		shares[i] = evenly/float64(len(jobs)) + (1-evenly)*shares[i]/total
	}
	return shares
}
