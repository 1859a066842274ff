package model

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// subsets calls f with every non-empty set of at most four attributes.
func subsets(d Domain, f func(attrs []int)) {
	for bits := 1; bits < 1<<len(d); bits++ {
		var attrs []int
		for a := range d {
			if bits>>a&1 == 1 {
				attrs = append(attrs, a)
			}
		}
		if len(attrs) <= 4 {
			f(attrs)
		}
	}
}

// TestAgainstEnumeration compares every way to query a model with the sum over all cells of the joint distribution,
// on random cliques.
func TestAgainstEnumeration(t *testing.T) {
	for seed := range uint64(150) {
		d, n, ms, zeros := randomProblem(rand.New(rand.NewPCG(seed, 1)))
		m := mustFit(t, d, n, ms, zeros, Options{MaxIterations: 1 + int(seed%40)})
		truth := enumerate(m)
		subsets(d, func(attrs []int) {
			got, err := m.Marginal(attrs)
			if err != nil {
				t.Fatal(err)
			}
			want := truth.marginal(attrs)
			for i := range want {
				want[i] *= n
			}
			near(t, fmt.Sprintf("seed %d: marginal of %v", seed, attrs), got, want, 1e-9*n)
		})
		checkPairs(t, m, truth, n)
		checkCliques(t, m, truth)
	}
}

func checkPairs(t *testing.T, m *Model, truth joint, n float64) {
	t.Helper()
	got := map[[2]int][]float64{}
	var lock sync.Mutex
	err := m.Pairs(t.Context(), func(a, b int, counts []float64) {
		lock.Lock()
		defer lock.Unlock()
		if got[[2]int{a, b}] != nil {
			t.Errorf("pair %d, %d comes twice", a, b)
		}
		got[[2]int{a, b}] = slices.Clone(counts)
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := len(m.d) * (len(m.d) - 1) / 2; len(got) != want {
		t.Fatalf("%d pairs, want %d", len(got), want)
	}
	for pair, counts := range got {
		if pair[0] >= pair[1] {
			t.Fatalf("pair %v is not in order", pair)
		}
		want := truth.marginal(pair[:])
		for i := range want {
			want[i] *= n
		}
		near(t, fmt.Sprintf("pair %v", pair), counts, want, 1e-9*n)
	}
}

// checkCliques holds the export against its promises, and multiplies it out: the chain rule gives the joint
// distribution back.
func checkCliques(t *testing.T, m *Model, truth joint) {
	t.Helper()
	cliques := m.Cliques()
	product := make([]float64, len(truth.p))
	for x := range product {
		product[x] = 1
	}
	met := newSet(len(m.d))
	for i, c := range cliques {
		if !slices.IsSorted(c.Attrs) || c.Parent >= i || (c.Parent < 0) != (len(c.Separator) == 0) {
			t.Fatalf("clique %d: attributes %v, parent %d, separator %v", i, c.Attrs, c.Parent, c.Separator)
		}
		if shared := setOf(len(m.d), c.Attrs).common(met).list(nil); !slices.Equal(shared, c.Separator) {
			t.Fatalf("clique %d shares %v with earlier ones, and states %v", i, shared, c.Separator)
		}
		met.join(setOf(len(m.d), c.Attrs))
		near(t, fmt.Sprintf("clique %d", i), c.Prob, truth.marginal(c.Attrs), 1e-9)
		if sum := total(c.Prob); math.Abs(sum-1) > 1e-9 {
			t.Fatalf("clique %d sums to %.15g", i, sum)
		}
		given := []float64{1}
		if c.Parent >= 0 {
			if !holds(cliques[c.Parent].Attrs, c.Separator) {
				t.Fatalf("clique %d: its parent lacks some of %v", i, c.Separator)
			}
			given = factor{c.Attrs, c.Prob}.over(m.d, c.Separator).values
			near(t, "separator", factor{cliques[c.Parent].Attrs, cliques[c.Parent].Prob}.over(m.d, c.Separator).values, given, 1e-9)
		}
		for x := range product {
			if product[x] > 0 {
				product[x] *= c.Prob[m.d.project(x, c.Attrs)] / given[m.d.project(x, c.Separator)]
			}
		}
	}
	if got := len(met.list(nil)); got != len(m.d) {
		t.Fatalf("the cliques hold %d attributes of %d", got, len(m.d))
	}
	near(t, "product of the cliques", product, truth.p, 1e-9)
}

func TestMarginalRefuses(t *testing.T) {
	d := Domain{50, 50, 50, 50}
	m := mustFit(t, d, 100, nil, nil, Options{MaxCells: 1000})
	for _, attrs := range [][]int{nil, {}, {-1}, {4}, {1, 1}, {2, 1}, {0, 1}} {
		if _, err := m.Marginal(attrs); err == nil {
			t.Errorf("%v: no error", attrs)
		}
	}
	if _, err := m.Marginal([]int{0, 1}); !errors.Is(err, errLarge) {
		t.Errorf("a table of 2500 cells under a cap of 1000: %v", err)
	}
}

func TestPairsStops(t *testing.T) {
	m := mustFit(t, Domain{2, 2, 2}, 100, nil, nil, Options{Workers: 1})
	ctx, cancel := context.WithCancel(t.Context())
	calls := 0
	err := m.Pairs(ctx, func(int, int, []float64) { calls++; cancel() })
	if !errors.Is(err, context.Canceled) || calls == 3 {
		t.Errorf("after cancelling: %v, %d pairs", err, calls)
	}
}

// TestPanicsReachTheCaller: one in a worker can be recovered from like any other.
func TestPanicsReachTheCaller(t *testing.T) {
	for _, workers := range []int{1, 3} {
		got := func() (got any) {
			defer func() { got = recover() }()
			parallel(workers, 100, func(i int) {
				if i == 7 {
					panic("seven")
				}
			})
			return nil
		}()
		if got != "seven" {
			t.Errorf("%d workers: recovered %v", workers, got)
		}
	}
}
