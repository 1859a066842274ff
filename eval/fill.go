package eval

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/synth"
)

// FillOptions say what to top a gold set up with.
type FillOptions struct {
	Rows     int64  // how many records, 1 at least
	Seed     uint64 // equal seeds give equal records
	Progress func(done float64)
}

// maxFilled bounds the slices that are sampled: each is a pass over the model. Those that lose the most come first.
const maxFilled = 256

// Fill samples records of the slices that the gold set has too little of, each in proportion to what is lost there, and writes them
// to w, which must have the schema of [synth.Schema]. It does not commit w. Slices that the model cannot make are left out; it is
// [synth.ErrNothing] when there is none that it can.
func (g *Gap) Fill(ctx context.Context, p *profile.Profile, o FillOptions, w record.Writer) (written int64, err error) {
	wants := slices.Clone(g.wants)
	slices.SortStableFunc(wants, func(a, b want) int { return cmp.Compare(b.lost, a.lost) })
	wants = slices.DeleteFunc(wants[:min(len(wants), maxFilled)], func(x want) bool { return !samplable(p, x) })
	for i, n := range shareOut(wants, o.Rows) {
		if n == 0 {
			continue
		}
		err := synth.Generate(ctx, p, synth.Options{Rows: n, Seed: o.Seed + uint64(i), Within: wants[i].within}, w)
		switch {
		case errors.Is(err, synth.ErrNothing):
		case err != nil:
			return written, err
		default:
			written += n
		}
		if o.Progress != nil {
			o.Progress(float64(i+1) / float64(len(wants)))
		}
	}
	if written == 0 {
		return 0, synth.ErrNothing
	}
	return written, nil
}

// samplable reports whether a slice is about columns: the shapes of rows are not asked for.
func samplable(p *profile.Profile, x want) bool {
	for name := range x.within {
		if a := p.Attribute(name); a == nil || a.Role == profile.RoleRow {
			return false
		}
	}
	return x.lost > 0
}

// shareOut divides rows in proportion to what is lost, by largest remainders.
func shareOut(wants []want, total int64) []int64 {
	out := make([]int64, len(wants))
	sum := 0.0
	for _, x := range wants {
		sum += x.lost
	}
	if sum == 0 {
		return out
	}
	left := total
	order := make([]int, len(wants))
	remainder := make([]float64, len(wants))
	for i, x := range wants {
		exact := float64(total) * x.lost / sum
		out[i] = int64(math.Floor(exact))
		remainder[i] = exact - math.Floor(exact)
		left -= out[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(remainder[b], remainder[a]) })
	for _, i := range order {
		if left <= 0 {
			break
		}
		out[i]++
		left--
	}
	return out
}
