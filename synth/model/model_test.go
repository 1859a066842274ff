package model

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestFitIsTheProjection checks the optimality conditions of the weighted projection on the simplex: on the support
// (x−v)·w is one constant, off it v·w is no larger than what that constant allows.
func TestFitIsTheProjection(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := 1 + rng.IntN(30)
		e := NewEstimate(n)
		values := make([]float64, n)
		weights := make([]float64, n)
		for i := range n {
			sigma := 0.5 + rng.Float64()*20
			values[i] = rng.NormFloat64()*100 + 20
			weights[i] = 1 / (sigma * sigma)
			e.Add(i, values[i], sigma)
		}
		total := rng.Float64() * 1000
		x := e.Fit(total)
		sum, lambda := 0.0, math.NaN()
		for i := range n {
			sum += x[i]
			if x[i] < 0 {
				t.Fatalf("x[%d] = %g is negative", i, x[i])
			}
			if x[i] > 0 {
				lambda = (values[i] - x[i]) * weights[i]
			}
		}
		if math.Abs(sum-total) > 1e-6*max(1, total) {
			t.Fatalf("sum is %g, want %g", sum, total)
		}
		for i := range n {
			if d := (values[i]-x[i])*weights[i] - lambda; x[i] > 0 && math.Abs(d) > 1e-6 || x[i] == 0 && d > 1e-6 {
				t.Fatalf("code %d: multiplier is off by %g", i, d)
			}
		}
	}
}

func TestEstimateCombines(t *testing.T) {
	e := NewEstimate(2)
	e.Add(0, 100, 10)
	e.Add(0, 130, 20) // inverse-variance mean 106
	e.Add(1, 50, 10)
	x := e.Fit(156)
	if math.Abs(x[0]-106) > 1e-9 || math.Abs(x[1]-50) > 1e-9 {
		t.Errorf("got %v, want [106 50]", x)
	}
}

func TestDoubt(t *testing.T) {
	e := NewEstimate(3)
	e.Add(0, 1000, 10)
	e.Add(1, 24, 10)
	e.Add(2, 26, 10)
	e.Doubt(1, 2.5)
	e.Doubt(2, 2.5)
	x := e.Fit(1026)
	if x[1] != 0 || x[2] == 0 {
		t.Errorf("got %v: want a doubtful code kept from 2.5σ on only", x)
	}
}

func TestDoubtOfEverything(t *testing.T) {
	e := NewEstimate(3)
	for i, v := range []float64{-5, 12, 3} {
		e.Add(i, v, 10)
		e.Doubt(i, 2.5)
	}
	x := e.Fit(100)
	if sum := x[0] + x[1] + x[2]; math.Abs(sum-100) > 1e-9 || x[1] < x[2] || x[2] < x[0] {
		t.Errorf("got %v, want 100 in all, in the order of the measurements", x)
	}
}

func TestFitOfNothing(t *testing.T) {
	for _, total := range []float64{-5, 0, 100} {
		if x := NewEstimate(2).Fit(total); x[0] != 0 || x[1] != 0 {
			t.Errorf("total %g: got %v from no measurement", total, x)
		}
	}
	e := NewEstimate(2)
	e.Add(0, -3, 1)
	e.Add(1, 5, 1)
	if x := e.Fit(-10); x[0] != 0 || x[1] != 0 {
		t.Errorf("got %v for a negative total", x)
	}
}

// TestPair checks the table against its marginals, its zeros, and the product form that largest entropy gives.
func TestPair(t *testing.T) {
	a, b := []float64{100, 200, 300, 50}, []float64{50, 400, 200}
	allowed := func(i, j int) bool { return (i == 3) == (j == 0) }
	cells := Pair(a, b, Pairs{}, allowed)
	rows, columns := make([]float64, 4), make([]float64, 3)
	table := map[[2]int]float64{}
	for _, c := range cells {
		if !allowed(c.A, c.B) {
			t.Errorf("cell (%d, %d) is not allowed", c.A, c.B)
		}
		v := float64(c.Weight) / Unit
		rows[c.A] += v
		columns[c.B] += v
		table[[2]int{c.A, c.B}] = v
	}
	for i := range a {
		if math.Abs(rows[i]-a[i]) > 1e-3 {
			t.Errorf("row %d sums to %g, want %g", i, rows[i], a[i])
		}
	}
	for j := range b {
		if math.Abs(columns[j]-b[j]) > 1e-2 {
			t.Errorf("column %d sums to %g, want %g", j, columns[j], b[j])
		}
	}
	odds := table[[2]int{0, 1}] * table[[2]int{1, 2}] / (table[[2]int{0, 2}] * table[[2]int{1, 1}])
	if math.Abs(odds-1) > 1e-3 {
		t.Errorf("odds ratio is %g, want 1: not of largest entropy", odds)
	}
}

// TestPairFollowsTheMeasurement: what was measured well above its noise shows in the table; what drowns in it does not.
func TestPairFollowsTheMeasurement(t *testing.T) {
	a, b := []float64{1000, 1000}, []float64{1000, 1000}
	cells := [][]int32{{0, 0}, {0, 1}, {1, 0}, {1, 1}}
	all := func(int, int) bool { return true }
	share := func(sigma float64) float64 {
		for _, c := range Pair(a, b, measured(cells, []float64{990, -12, 15, 1004}, sigma), all) {
			if c.A == 0 && c.B == 0 {
				return float64(c.Weight) / Unit / 1000
			}
		}
		return 0
	}
	if got := share(10); got < 0.97 {
		t.Errorf("a clear measurement gives the cell %g of its row, want nearly all", got)
	}
	if got := share(1e5); math.Abs(got-0.5) > 0.01 {
		t.Errorf("a drowned measurement gives the cell %g of its row, want half", got)
	}
}

func TestPairContradiction(t *testing.T) {
	// The second marginal gives the only partner of code 0 no mass: the first still wins.
	cells := Pair([]float64{10, 90}, []float64{0, 100}, Pairs{}, func(i, j int) bool { return i == j })
	got := map[int]int64{}
	for _, c := range cells {
		got[c.A] += c.Weight
	}
	if got[0] != 10*Unit || got[1] != 90*Unit {
		t.Errorf("got %v", got)
	}
	if cells := Pair([]float64{0, 0}, []float64{1, 1}, Pairs{}, func(int, int) bool { return true }); len(cells) != 0 {
		t.Errorf("got %v of an empty marginal", cells)
	}
}

func BenchmarkPair(b *testing.B) {
	x, y := make([]float64, 300), make([]float64, 40)
	for i := range x {
		x[i] = float64(i + 1)
	}
	for j := range y {
		y[j] = 300 * 301 / 2 / 40
	}
	for b.Loop() {
		Pair(x, y, Pairs{}, func(i, j int) bool { return (i+j)%7 > 0 })
	}
}

func measured(cells [][]int32, values []float64, sigma float64) (p Pairs) {
	p.Add(cells, values, sigma)
	return p
}
