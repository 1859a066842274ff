//go:build replay

package dp

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// This file is in no program: the tag is that of a test, which runs the vault twice, on neighbouring data, with the same noisy values. The first run
// records what it releases, without noise; the second is given the same values, whatever its own counts are. Then every release and every
// decision in between must be the same, and the counts behind them must differ by no more than was stated.

// A Taped is one release of a run.
type Taped struct {
	Event    Event
	Exact    []int64          // of the Gaussian mechanism
	Hist     map[string]int64 // of a threshold: counts less the event's shift, where they are above it
	Values   []float64
	Selected []Selected
}

// A Tape is the releases of a run in their order.
type Tape []Taped

var tape struct {
	sync.Mutex
	source Tape // to be played back; nil while a run is recorded
	out    Tape
	err    error
}

// Record runs a function and returns what it released, without noise.
func Record(run func() error) (Tape, error) { return play(nil, run) }

// Playback runs a function whose releases have the values of a tape, and returns what it released. It fails when a release is not the one on the
// tape.
func Playback(t Tape, run func() error) (Tape, error) { return play(t, run) }

func play(source Tape, run func() error) (Tape, error) {
	tape.source, tape.out, tape.err = source, nil, nil
	if err := run(); err != nil {
		if tape.err != nil {
			err = tape.err
		}
		return tape.out, err
	}
	if tape.err == nil && source != nil && len(tape.out) != len(source) {
		tape.err = fmt.Errorf("%d releases, and %d on the tape", len(tape.out), len(source))
	}
	return tape.out, tape.err
}

// next returns what the tape has for the release at hand, if it is played back. size is the length of the vector, −1 for a histogram.
func next(e Event, size int) (Taped, bool, error) {
	if tape.source == nil {
		return Taped{}, false, nil
	}
	i := len(tape.out)
	if i >= len(tape.source) {
		return Taped{}, false, fmt.Errorf("release %d, %s of %q, is beyond the tape", i+1, e.Purpose, e.Column)
	}
	t := tape.source[i]
	if t.Event != e || size >= 0 && len(t.Exact) != size {
		return Taped{}, false, fmt.Errorf("release %d is %+v over %d counts, and %+v over %d on the tape", i+1, e, size, t.Event, len(t.Exact))
	}
	return t, true, nil
}

func draw(e Event, exact []int64) ([]float64, error) {
	tape.Lock()
	defer tape.Unlock()
	t, played, err := next(e, len(exact))
	if err != nil {
		tape.err = err
		return nil, err
	}
	values := t.Values
	if !played {
		values = make([]float64, len(exact))
		for i, x := range exact {
			values[i] = float64(x)
		}
	}
	tape.out = append(tape.out, Taped{Event: e, Exact: slices.Clone(exact), Values: values})
	return slices.Clone(values), nil
}

func sift(e Event, exact map[string]int64) ([]Selected, error) {
	tape.Lock()
	defer tape.Unlock()
	t, played, err := next(e, -1)
	if err != nil {
		tape.err = err
		return nil, err
	}
	selected := t.Selected
	shifted := map[string]int64{} // what noise is added to, and the sensitivity is of
	for key, x := range exact {
		if x > e.shift() {
			shifted[key] = x - e.shift()
		}
	}
	if !played {
		for key, x := range exact {
			if float64(x) >= e.Threshold {
				selected = append(selected, Selected{Key: key, Value: float64(x)})
			}
		}
		slices.SortFunc(selected, func(a, b Selected) int { return strings.Compare(a.Key, b.Key) })
	}
	tape.out = append(tape.out, Taped{Event: e, Hist: shifted, Selected: selected})
	return slices.Clone(selected), nil
}

func newKey() Key { return Key{7} }
