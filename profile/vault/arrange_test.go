package vault

import (
	"slices"
	"testing"
)

func TestSortedPrecedence(t *testing.T) {
	for name, c := range map[string]struct {
		after [][]int
		want  []int
	}{
		"a chain":                {[][]int{1: {2}, 2: {0}, 0: nil}, []int{1, 2, 0}},
		"nothing known":          {make([][]int, 3), []int{0, 1, 2}},
		"an optional one":        {[][]int{0: {1, 2}, 2: {1}, 1: nil}, []int{0, 2, 1}},
		"two alternatives":       {[][]int{0: {1, 3}, 1: {2}, 2: {5}, 3: {4}, 4: {5}, 5: nil}, []int{0, 1, 2, 3, 4, 5}},
		"one before the last":    {[][]int{0: {1}, 1: {2}, 3: {2}, 2: nil}, []int{0, 1, 3, 2}},
		"the start is not first": {[][]int{2: {0}, 0: {1}, 3: {1}, 1: nil}, []int{2, 0, 3, 1}},
	} {
		g := precedence{after: c.after, before: make([]int, len(c.after))}
		for _, bs := range c.after {
			for _, b := range bs {
				g.before[b]++
			}
		}
		if got := g.sorted(); !slices.Equal(got, c.want) {
			t.Errorf("%s: sorted as %v, want %v", name, got, c.want)
		}
	}
}
