//go:build !replay

package dp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patina-data/patina/dp/internal/noise"
)

// draw adds noise to counts that an event was charged for.
func draw(e Event, exact []int64) ([]float64, error) {
	values := make([]float64, len(exact))
	for i, x := range exact {
		var err error
		if values[i], err = noise.AddGaussian(x, float64(e.Sigma)); err != nil {
			return nil, fmt.Errorf("dp: %s: %w", e.Purpose, err)
		}
	}
	return values, nil
}

// sift adds noise to the counts of a histogram that an event was charged for, each less the event's shift, and returns those
// keys whose noisy counts reach the threshold, sorted.
func sift(e Event, exact map[string]int64) ([]Selected, error) {
	shift := e.shift()
	var out []Selected
	for key, x := range exact {
		if x <= shift {
			continue
		}
		v, err := noise.AddGaussian(x-shift, float64(e.Sigma))
		if err != nil {
			return nil, fmt.Errorf("dp: %s: %w", e.Purpose, err)
		}
		if v += float64(shift); v >= e.Threshold {
			out = append(out, Selected{Key: key, Value: v})
		}
	}
	slices.SortFunc(out, func(a, b Selected) int { return strings.Compare(a.Key, b.Key) })
	return out, nil
}

// newKey draws a key.
func newKey() Key { return noise.Key() }
