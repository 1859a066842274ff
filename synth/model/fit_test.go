package model

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// objective is F by its definition, of a distribution over all cells.
func objective(j joint, n, tau float64, k *known) float64 {
	f := 0.0
	for _, r := range k.regions {
		marginal := j.marginal(r.attrs)
		for i, c := range r.cells {
			e := n*marginal[c] - k.value[r.from+i]
			f += e * e / k.variance[r.from+i] / 2
		}
	}
	for _, p := range j.p {
		if p > 0 {
			f += tau * n * p * math.Log(p)
		}
	}
	return f
}

// descend minimises F by mirror descent over all cells: slow, and nothing like the code that it checks.
func descend(j joint, n, tau float64, k *known, steps int) joint {
	rate, f := 1e-3/n, objective(j, n, tau, k)
	for range steps {
		slope := make([]float64, len(j.p))
		for x, p := range j.p {
			if p > 0 {
				slope[x] = tau * n * (math.Log(p) + 1)
			}
		}
		for _, r := range k.regions {
			marginal := j.marginal(r.attrs)
			for i, c := range r.cells {
				e := n * (n*marginal[c] - k.value[r.from+i]) / k.variance[r.from+i]
				for x := range slope {
					if j.d.project(x, r.attrs) == int(c) {
						slope[x] += e
					}
				}
			}
		}
		least := slices.Min(slope)
		for rate *= 2; ; rate /= 2 {
			next, sum := joint{j.d, make([]float64, len(j.p))}, 0.0
			for x, p := range j.p {
				next.p[x] = p * math.Exp(-rate*(slope[x]-least))
				sum += next.p[x]
			}
			for x := range next.p {
				next.p[x] /= sum
			}
			if g := objective(next, n, tau, k); g <= f {
				j, f = next, g
				break
			}
			if rate < 1e-30 {
				return j
			}
		}
	}
	return j
}

// TestOptimum compares with mirror descent over all cells, and the stated gap with how far F is above what that finds.
func TestOptimum(t *testing.T) {
	for seed := range uint64(25) {
		d, n, ms, zeros := randomProblem(rand.New(rand.NewPCG(seed, 7)))
		if d.cells(d.all()) > 400 {
			continue
		}
		m := mustFit(t, d, n, ms, zeros, Options{Tolerance: 1e-12, MaxIterations: 3000})
		k := m.net.known
		tau := newFit(m).tau
		if len(k.value) == 0 {
			continue
		}
		if _, gap := m.Convergence(); gap > 1e-9 {
			t.Errorf("seed %d: the gap is %g", seed, gap)
		}
		start := enumerate(m)
		for x, p := range start.p {
			if p > 0 { // what is impossible must stay so: the start has the support only
				start.p[x] = 1
			}
		}
		sum := total(start.p)
		for x := range start.p {
			start.p[x] /= sum
		}
		want := descend(start, n, tau, k, 400)
		best := objective(want, n, tau, k)
		got := objective(enumerate(m), n, tau, k)
		if got > best+1e-6*float64(len(k.value)) {
			t.Errorf("seed %d: F is %.9g, mirror descent finds %.9g", seed, got, best)
		}
		rough := mustFit(t, d, n, ms, zeros, Options{Tolerance: 0.5})
		if _, gap := rough.Convergence(); objective(enumerate(rough), n, tau, k)-got > (gap+1e-6)*float64(len(k.value))/2 {
			t.Errorf("seed %d: F is further above its minimum than the gap of %g says", seed, gap)
		}
	}
}

// TestGradient checks the optimality condition itself: log p is a sum of (y − n·p)/(τσ²) over the cells measured.
func TestGradient(t *testing.T) {
	for seed := range uint64(40) {
		d, n, ms, zeros := randomProblem(rand.New(rand.NewPCG(seed, 8)))
		m := mustFit(t, d, n, ms, zeros, Options{Tolerance: 1e-14, MaxIterations: 5000})
		j, tau := enumerate(m), newFit(m).tau
		offset, far := math.NaN(), 0.0
		for x, p := range j.p {
			if p < 1e-12 {
				continue
			}
			log := math.Log(p)
			for _, r := range m.net.regions {
				marginal := j.marginal(r.attrs)
				if i, ok := slices.BinarySearch(r.cells, int32(d.project(x, r.attrs))); ok {
					log -= (m.net.value[r.from+i] - n*marginal[r.cells[i]]) / (tau * m.net.variance[r.from+i])
				}
			}
			if math.IsNaN(offset) {
				offset = log
			}
			far = max(far, math.Abs(log-offset))
		}
		if far > 1e-3 {
			t.Errorf("seed %d: log p is %g off the sum of residuals", seed, far)
		}
	}
}

// TestTruth fits noisy marginals of rows drawn from a tree: what comes out must be nearer to the truth than what was
// measured, whose mean square error is σ². The draws are fixed, so that it fails for no chance; 0.56 was seen.
func TestTruth(t *testing.T) {
	const rows, sigma = 10000, 20
	d, parent, cliques := randomTree(5, 60, 10, 10, 1<<16)
	ms := sampled(5, d, parent, cliques, rows, sigma)
	m := mustFit(t, d, rows, ms, nil, Options{})
	exact := sampled(5, d, parent, cliques, rows, 0)
	sum, cells := 0.0, 0
	for _, e := range exact {
		got, err := m.Marginal(e.Attrs)
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range e.Values {
			sum += (got[i] - v) * (got[i] - v)
		}
		cells += len(got)
	}
	if share := sum / float64(cells) / (sigma * sigma); share > 0.6 {
		t.Errorf("the mean square error is %.2f σ², want below 0.6", share)
	}
}

func TestIndependence(t *testing.T) {
	d := Domain{3, 1, 2, 4}
	ms := []Measurement{
		{Attrs: []int{0}, Values: []float64{500, 300, 200}, Sigma: 1e-3},
		{Attrs: []int{2}, Values: []float64{900, 100}, Sigma: 1e-3},
	}
	m := mustFit(t, d, 1000, ms, nil, Options{Tolerance: 1e-6})
	got, err := m.Marginal([]int{0, 1, 2, 3})
	if err != nil {
		t.Fatal(err)
	}
	var want []float64
	for _, a := range ms[0].Values {
		for _, b := range ms[1].Values {
			for range 4 { // nothing is known of attribute 3
				want = append(want, a*b/1000/4)
			}
		}
	}
	near(t, "joint counts", got, want, 0.01)
}

func TestConflicts(t *testing.T) {
	d := Domain{2, 2}
	ms := []Measurement{
		{Attrs: []int{0}, Values: []float64{600, 400}, Sigma: 1},
		{Attrs: []int{0}, Values: []float64{500, 500}, Sigma: 2}, // weighs a quarter
		{Attrs: []int{1}, Cells: [][]int32{{1}}, Values: []float64{-30}, Sigma: 1},
	}
	m := mustFit(t, d, 1000, ms, nil, Options{Tolerance: 1e-9})
	got, _ := m.Marginal([]int{0})
	near(t, "weighted mean", got, []float64{580, 420}, 1)
	if got, _ = m.Marginal([]int{1}); !(got[1] >= 0 && got[1] < 1e-3) {
		t.Errorf("a count of %g where −30 was measured", got[1])
	}
}

func TestZeros(t *testing.T) {
	d := Domain{3, 3, 2}
	zeros := []Zeros{{Attrs: []int{0, 1}, Cells: [][]int32{{0, 1}, {0, 2}, {1, 0}}}}
	ms := []Measurement{
		{Attrs: []int{0, 1}, Values: []float64{100, 40, -5, 30, 200, 50, 80, 20, 500}, Sigma: 10},
		{Attrs: []int{1, 2}, Values: []float64{90, 100, 110, 120, 300, 250}, Sigma: 10},
		{Attrs: []int{0}, Values: []float64{100, 250, 600}, Sigma: 10},
	}
	m := mustFit(t, d, 950, ms, zeros, Options{})
	for _, attrs := range [][]int{{0, 1}, {0, 1, 2}} {
		got, err := m.Marginal(attrs)
		if err != nil {
			t.Fatal(err)
		}
		width := len(got) / 9
		for _, c := range []int{1, 2, 3} {
			if s := total(got[c*width : (c+1)*width]); s != 0 {
				t.Errorf("%v: impossible cell %d has %g records", attrs, c, s)
			}
		}
		if math.Abs(total(got)-950) > 1e-9 {
			t.Errorf("%v sums to %g", attrs, total(got))
		}
	}
	all := []Zeros{{Attrs: []int{2}, Cells: [][]int32{{0}}}, {Attrs: []int{1, 2}, Cells: [][]int32{{0, 1}, {1, 1}, {2, 1}}}}
	if _, err := Fit(t.Context(), d, 10, ms, all, Options{}); !errors.Is(err, errImpossible) {
		t.Errorf("zeros everywhere: %v", err)
	}
}

// TestWarm: the optimum is unique, so that where the ascent starts must not show, only how long it takes.
func TestWarm(t *testing.T) {
	d, parent, cliques := randomTree(2, 12, 8, 4, 1<<14)
	ms := sampled(2, d, parent, cliques, 5000, 10)
	o := Options{Tolerance: 1e-8, MaxIterations: 2000}
	before := mustFit(t, d, 5000, ms[:len(ms)-2], nil, o)
	cold := mustFit(t, d, 5000, ms, nil, o)
	o.Warm = before
	warm := mustFit(t, d, 5000, ms, nil, o)
	for _, c := range cliques {
		x, _ := cold.Marginal(c)
		y, _ := warm.Marginal(c)
		near(t, fmt.Sprint(c), y, x, 0.05)
	}
	o.Warm = cold
	again := mustFit(t, d, 5000, ms, nil, o)
	if n, _ := again.Convergence(); n != 1 {
		t.Errorf("%d iterations from the optimum", n)
	}
	other := mustFit(t, Domain{2, 5}, 10, []Measurement{{Attrs: []int{0}, Values: []float64{4, 6}, Sigma: 1}}, nil, Options{Warm: cold})
	if got, _ := other.Marginal([]int{0}); math.Abs(total(got)-10) > 1e-9 {
		t.Errorf("a model of another domain: %v", got)
	}
}

// TestSame holds the result, to the bit, against the number of workers and against one computed before: a model must
// come out the same on every machine.
func TestSame(t *testing.T) {
	d, _, cliques := randomTree(4, 20, 12, 8, 1<<16)
	rng := rand.New(rand.NewPCG(4, 4))
	var ms []Measurement
	for _, c := range cliques {
		m := Measurement{Attrs: c, Sigma: 7}
		for range d.cells(c) {
			m.Values = append(m.Values, math.Floor(100*rng.Float64()*rng.Float64()))
		}
		ms = append(ms, m)
	}
	var sums []uint64
	for _, workers := range []int{1, 2, 7} {
		m := mustFit(t, d, 3000, ms, nil, Options{Workers: workers, MaxIterations: 20})
		h := fnv.New64a()
		for _, c := range m.Cliques() {
			for _, p := range c.Prob {
				fmt.Fprintf(h, "%x ", p)
			}
		}
		sums = append(sums, h.Sum64())
	}
	const want = 0x50216615814a3d8
	if sums[0] != sums[1] || sums[0] != sums[2] {
		t.Errorf("the result depends on the number of workers: %x", sums)
	}
	if sums[0] != want {
		t.Errorf("the result is %#x, and was %#x", sums[0], uint64(want))
	}
}

func TestFitRefuses(t *testing.T) {
	d := Domain{2, 3, 400}
	one := func(m Measurement) []Measurement { return []Measurement{m} }
	ok := Measurement{Attrs: []int{0}, Values: []float64{1, 2}, Sigma: 1}
	for _, c := range []struct {
		name  string
		d     Domain
		total float64
		ms    []Measurement
		zeros []Zeros
		o     Options
		want  string
	}{
		{name: "no attributes", d: Domain{}, want: "no attributes"},
		{name: "no codes", d: Domain{2, 0}, want: "attribute 1 has 0 codes"},
		{name: "total", d: d, total: math.NaN(), want: "total"},
		{name: "empty clique", d: d, ms: one(Measurement{Sigma: 1}), want: "measurement 0: it has no attributes"},
		{name: "outside", d: d, ms: one(Measurement{Attrs: []int{3}, Sigma: 1}), want: "not in the domain"},
		{name: "order", d: d, ms: one(Measurement{Attrs: []int{1, 0}, Sigma: 1}), want: "increasing order"},
		{name: "sigma", d: d, ms: []Measurement{ok, {Attrs: []int{0}, Values: []float64{1, 2}}}, want: "measurement 1: σ"},
		{name: "NaN sigma", d: d, ms: one(Measurement{Attrs: []int{0}, Values: []float64{1, 2}, Sigma: math.NaN()}), want: "σ"},
		{name: "values", d: d, ms: one(Measurement{Attrs: []int{1}, Values: []float64{1, 2}, Sigma: 1}), want: "2 values for 3 cells"},
		{name: "infinite", d: d, ms: one(Measurement{Attrs: []int{0}, Values: []float64{1, math.Inf(1)}, Sigma: 1}), want: "value 1"},
		{name: "cell", d: d, ms: one(Measurement{Attrs: []int{0}, Cells: [][]int32{{2}}, Values: []float64{1}, Sigma: 1}), want: "code 2"},
		{name: "cell length", d: d, ms: one(Measurement{Attrs: []int{0}, Cells: [][]int32{{0, 1}}, Values: []float64{1}, Sigma: 1}), want: "2 codes for 1"},
		{name: "zero", d: d, zeros: []Zeros{{Attrs: []int{0, 1}, Cells: [][]int32{{0, -1}}}}, want: "zeros 0: code -1"},
		{name: "large measurement", d: d, ms: one(Measurement{Attrs: []int{0, 1, 2}, Cells: [][]int32{}, Sigma: 1}), o: Options{MaxCells: 1000}, want: "raise MaxCells"},
		{name: "large tree", d: Domain{20, 20, 20, 20}, ms: []Measurement{
			{Attrs: []int{0, 1}, Cells: [][]int32{}, Sigma: 1}, {Attrs: []int{1, 2}, Cells: [][]int32{}, Sigma: 1},
			{Attrs: []int{2, 3}, Cells: [][]int32{}, Sigma: 1}, {Attrs: []int{0, 3}, Cells: [][]int32{}, Sigma: 1},
		}, o: Options{MaxCells: 10000}, want: "junction tree has more than 10000 cells"},
		{name: "options", d: d, o: Options{Tolerance: math.NaN()}, want: "an option"},
	} {
		if _, err := Fit(t.Context(), c.d, c.total, c.ms, c.zeros, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", c.name, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Fit(ctx, d, 10, one(ok), nil, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestExtremes: the largest and smallest numbers that are let in must neither hang nor come out as anything but counts.
func TestExtremes(t *testing.T) {
	d := Domain{2, 3}
	for _, sigma := range []float64{1e-18, 1, 1e18} {
		for _, v := range []float64{-1e18, 0, 1e18} {
			for _, n := range []float64{-1e300, 0, 1, 1e18} {
				ms := []Measurement{
					{Attrs: []int{0, 1}, Values: []float64{v, 5, -v, 0, 7, v}, Sigma: sigma},
					{Attrs: []int{1}, Values: []float64{v, v, 1}, Sigma: 1},
				}
				m := mustFit(t, d, n, ms, nil, Options{})
				got, err := m.Marginal([]int{0, 1})
				if err != nil {
					t.Fatal(err)
				}
				if n = max(n, 1); !(math.Abs(total(got)/n-1) < 1e-9) || slices.Min(got) < 0 {
					t.Errorf("σ %g, values %g, total %g: got %v", sigma, v, n, got)
				}
			}
		}
	}
}
