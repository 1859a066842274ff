package fidelity

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %g, want %g ± %g", what, got, want, within)
	}
}

func TestTVD(t *testing.T) {
	coded := func(columns ...[]int32) *table {
		out := &table{rows: len(columns[0]), columns: columns}
		for range columns {
			out.sizes = append(out.sizes, 3)
		}
		return out
	}
	real := coded([]int32{0, 0, 1, 1}, []int32{0, 0, 1, 1})
	for _, w := range []struct {
		name     string
		other    *table
		one, two float64
	}{
		{"the same", real, 0, 0},
		{"each row twice", coded([]int32{0, 0, 1, 1, 0, 0, 1, 1}, []int32{0, 0, 1, 1, 0, 0, 1, 1}), 0, 0},
		{"independent", coded([]int32{0, 0, 1, 1}, []int32{0, 1, 0, 1}), 0, 0.5},
		{"nothing in common", coded([]int32{2}, []int32{2}), 1, 1},
	} {
		sc := &scratch{}
		near(t, w.name+", one way", sc.tvd(real, w.other, []int{0}), w.one, 1e-12)
		near(t, w.name+", two ways", sc.tvd(real, w.other, []int{0, 1}), w.two, 1e-12)
		tvd, floor := sc.tvdAndFloor(real, w.other, []int{0, 1})
		near(t, w.name+", with its floor", tvd, w.two, 1e-12)
		if !(floor > 0 && floor <= 1) {
			t.Errorf("%s: floor %g", w.name, floor)
		}
		if slices.ContainsFunc(sc.diff, func(x float64) bool { return x != 0 }) {
			t.Errorf("%s: the scratch is not empty after use", w.name)
		}
	}
}

// TestFloorFormula: the mean TVD of two samples of one distribution is what the formula of subgroups says. 400 repeats leave a standard
// error below 1 % of it; seeds are fixed.
func TestFloorFormula(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	draw := func(n int) *table {
		codes := make([]int32, n)
		for i := range codes {
			codes[i] = int32(min(rng.ExpFloat64()*3, 11))
		}
		return &table{rows: n, columns: [][]int32{codes}, sizes: []int{12}}
	}
	var tvd, floor float64
	sc := &scratch{}
	for range 400 {
		d, f := sc.tvdAndFloor(draw(300), draw(120), []int{0})
		tvd += d / 400
		floor += f / 400
	}
	near(t, "the floor over the mean distance", floor/tvd, 1, 0.06)
}

func TestDistributions(t *testing.T) {
	a := []float64{0, 1, 2, 3}
	for _, w := range []struct {
		name   string
		b      []float64
		ks, w1 float64
	}{
		{"the same", a, 0, 0},
		{"moved by one", []float64{1, 2, 3, 4}, 0.25, 1},
		{"far off", []float64{10}, 1, 8.5},
		{"in other numbers", []float64{0, 0, 1, 1, 2, 2, 3, 3}, 0, 0},
		{"ties", []float64{1.5, 1.5}, 0.5, 1},
	} {
		near(t, "KS, "+w.name, ks(a, w.b), w.ks, 1e-12)
		near(t, "KS the other way, "+w.name, ks(w.b, a), w.ks, 1e-12)
		near(t, "Wasserstein, "+w.name, wasserstein(a, w.b), w.w1, 1e-12)
		near(t, "Wasserstein the other way, "+w.name, wasserstein(w.b, a), w.w1, 1e-12)
	}
	for share, want := range map[float64]float64{0.001: 0, 0.25: 0, 0.26: 1, 0.5: 1, 0.999: 3, 1: 3} {
		near(t, "a quantile", quantile(a, share), want, 0)
	}
}

func TestDependence(t *testing.T) {
	nan := math.NaN()
	near(t, "r of a line", pearson([]float64{1, 2, 3, nan}, []float64{2, 4, 6, 1}), 1, 1e-12)
	near(t, "r of a falling line", pearson([]float64{1, 2, 3}, []float64{3, 2, 1}), -1, 1e-12)
	near(t, "r of a constant", pearson([]float64{1, 2, 3}, []float64{5, 5, 5}), 0, 0)
	near(t, "r of huge numbers", pearson([]float64{1e150, -1e150, 0}, []float64{1e150, -1e150, 0}), 1, 1e-12)
	if got := ranks([]float64{30, 10, nan, 10, 20}); !slices.EqualFunc(got, []float64{3, 0.5, nan, 0.5, 2}, func(a, b float64) bool {
		return a == b || math.IsNaN(a) && math.IsNaN(b)
	}) {
		t.Errorf("ranks %v", got)
	}
	rng := rand.New(rand.NewPCG(2, 2))
	var a, b []int32
	var v []float64
	for range 5000 {
		a, b, v = append(a, rng.Int32N(6)), append(b, rng.Int32N(4)), append(v, rng.Float64())
	}
	near(t, "V of a column with itself", cramersV(a, a, 6, 6), 1, 1e-9)
	near(t, "V of independent columns", cramersV(a, b, 6, 4), 0, 0.04)
	near(t, "V of a constant", cramersV(a, make([]int32, len(a)), 6, 1), 0, 0)
	near(t, "η of independent columns", correlationRatio(v, a, 6), 0, 0.05)
	for i := range v {
		v[i] = float64(a[i])
	}
	near(t, "η of a function", correlationRatio(v, a, 6), 1, 1e-9)
	near(t, "η of nothing", correlationRatio([]float64{nan, nan}, []int32{0, 1}, 2), 0, 0)
}

func TestAUC(t *testing.T) {
	for _, w := range []struct {
		name     string
		scores   []float64
		positive []bool
		want     float64
		ok       bool
	}{
		{"all right", []float64{1, 2, 3, 4}, []bool{false, false, true, true}, 1, true},
		{"all wrong", []float64{4, 3, 2, 1}, []bool{false, false, true, true}, 0, true},
		{"ties", []float64{1, 1, 1, 1}, []bool{false, true, false, true}, 0.5, true},
		{"three of four", []float64{1, 3, 2, 4}, []bool{false, false, true, true}, 0.75, true},
		{"one class", []float64{1, 2}, []bool{true, true}, 0.5, false},
	} {
		got, ok := auc(w.scores, func(i int) bool { return w.positive[i] })
		if got != w.want || ok != w.ok {
			t.Errorf("%s: %g, %v", w.name, got, ok)
		}
	}
	near(t, "the error of a perfect area", aucError(1, 50, 50), 0, 1e-12)
	near(t, "the error of a coin's area", aucError(0.5, 100, 100), 1.96*math.Sqrt(201.0/120000), 0.002)
}

// TestSoftmax: the fit finds the coefficients that labels were drawn by, up to sampling and the prior; fixed seed.
func TestSoftmax(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	x := newDesign(2)
	var y []int32
	for range 8000 {
		a, b := rng.NormFloat64(), rng.NormFloat64()
		x.add(0, a)
		x.add(1, b)
		x.endRow()
		label := int32(0)
		if rng.Float64() < 1/(1+math.Exp(-(0.5+1.5*a-1*b))) {
			label = 1
		}
		y = append(y, label)
	}
	m, err := fitSoftmax(context.Background(), x, y, 2)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1.5, -1, 0.5} {
		near(t, "a weight", m.weights[i], want, 0.12)
	}
	three := make([]int32, len(y))
	for i := range three {
		three[i] = int32(i % 3)
	}
	if m, err = fitSoftmax(context.Background(), x, three, 3); err != nil {
		t.Fatal(err)
	}
	for _, p := range m.predict(x)[:10] {
		near(t, "a probability", p[0], 1.0/3, 0.1)
		near(t, "all probabilities", p[0]+p[1]+p[2], 1, 1e-12)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := fitSoftmax(ctx, x, y, 2); err == nil {
		t.Error("a fit that was cancelled ended well")
	}
}

// TestGradient holds the gradient against differences of the loss.
func TestGradient(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	x := newDesign(5)
	var y []int32
	for range 50 {
		for f := range 5 {
			if rng.IntN(2) == 0 {
				x.add(f, rng.NormFloat64())
			}
		}
		x.endRow()
		y = append(y, rng.Int32N(3))
	}
	m := &softmax{classes: 3, width: 5}
	w := make([]float64, 2*6)
	for i := range w {
		w[i] = rng.NormFloat64()
	}
	o := &objective{m: m, x: x, y: y, p: make([]float64, 3), gradient: make([]float64, len(w))}
	o.at(w)
	gradient := slices.Clone(o.gradient)
	const h = 1e-6
	for i := range w {
		up, down := slices.Clone(w), slices.Clone(w)
		up[i] += h
		down[i] -= h
		o.at(up)
		high := o.loss
		o.at(down)
		near(t, "a slope", gradient[i], (high-o.loss)/(2*h), 1e-6)
	}
}

func TestSkill(t *testing.T) {
	truth := []int32{0, 0, 1, 1}
	s := skill([][]float64{{0.9, 0.1}, {0.6, 0.4}, {0.7, 0.3}, {0.2, 0.8}}, truth, 2)
	near(t, "accuracy", s.Accuracy, 0.75, 0)
	near(t, "AUC", s.AUC, 0.75, 0)
	near(t, "log-loss", s.LogLoss, -(math.Log(0.9)+math.Log(0.6)+math.Log(0.3)+math.Log(0.8))/4, 1e-12)
	c := skill(constant([]int32{0, 0, 0, 1}, 2, 4), truth, 2)
	near(t, "accuracy of shares", c.Accuracy, 0.5, 0)
	near(t, "AUC of shares", c.AUC, 0.5, 0)
}

func TestChooseSets(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, w := range []struct{ n, k, most, sets, of int }{
		{5, 1, math.MaxInt, 5, 5}, {5, 2, 100, 10, 10}, {5, 3, 4, 4, 10}, {2, 3, 10, 0, 0}, {1, 2, 10, 0, 0}, {0, 2, 10, 0, 0},
	} {
		sets, of := chooseSets(w.n, w.k, w.most, rng)
		if len(sets) != w.sets || of != w.of {
			t.Errorf("%d sets of %d, want %d of %d", len(sets), of, w.sets, w.of)
		}
		seen := map[[3]int]bool{}
		for _, s := range sets {
			var key [3]int
			copy(key[:], s)
			if !slices.IsSorted(s) || len(slices.Compact(slices.Clone(s))) != w.k || seen[key] {
				t.Errorf("set %v", s)
			}
			seen[key] = true
		}
	}
}

func TestOverlap(t *testing.T) {
	shared, a, b := overlap([]string{"x", "y", "z"}, []string{"z", "w", "x"})
	if !slices.Equal(shared, []string{"x", "z"}) || !slices.Equal(a, []string{"y"}) || !slices.Equal(b, []string{"w"}) {
		t.Errorf("%v, %v, %v", shared, a, b)
	}
}
