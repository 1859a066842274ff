package choose

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func everything([][]int) (int, bool) { return 1, true }

// TestBatchTakesWhatPays: strong pairs are measured, pairs that are no better than chance are not, and the price is paid.
func TestBatchTakesWhatPays(t *testing.T) {
	const rho = 0.2
	candidates := []Candidate{
		{Attrs: []int{0, 1}, Cells: 100, Weight: 1, Misfit: 4000, Floor: 300},
		{Attrs: []int{0, 2}, Cells: 100, Weight: 1, Misfit: 310, Floor: 300},
		{Attrs: []int{1, 2}, Cells: 900, Weight: 1, Misfit: 5000, Floor: 500},
		{Attrs: []int{2, 3}, Cells: 100, Weight: 1, Misfit: 290, Floor: 300},
	}
	picks := Batch(candidates, 20, rho, 0.5, 1, everything)
	if len(picks) != 2 || !slices.Equal(picks[0].Attrs, []int{1, 2}) || !slices.Equal(picks[1].Attrs, []int{0, 1}) {
		t.Fatalf("picked %v, want the two pairs that misfit, the worse one first", picks)
	}
	sum := picks[0].Rho + picks[1].Rho
	if math.Abs(float64(sum)-rho) > 1e-12 {
		t.Errorf("the batch costs %g, want %g", sum, rho)
	}
	if ratio, want := float64(picks[0].Rho/picks[1].Rho), math.Pow(9, 2./3); math.Abs(ratio-want) > 1e-9 {
		t.Errorf("nine times the cells cost %g times as much, want %g", ratio, want)
	}
}

// TestBatchBelievesNoNoise: scores that are noise and nothing else lead to no measurement worth a thousandth of the
// records. With σ = 200 around the floor the mean square of 100 gains is within 60 % of σ² but for a chance of 1e-4, and
// what shrinking leaves of a gain is then below 0.6 · 4σ = 480, less than a measurement of 400 cells costs: 1000.
func TestBatchBelievesNoNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		var candidates []Candidate
		for i := range 100 {
			candidates = append(candidates, Candidate{Attrs: []int{i, i + 1}, Cells: 400, Weight: 1, Misfit: 1000 + 200*r.NormFloat64(), Floor: 1000})
		}
		if picks := Batch(candidates, 200, 0.01, 0.5, 1, everything); len(picks) > 0 {
			t.Errorf("%d sets were measured on noise", len(picks))
		}
	}
}

// TestBatchWeighs: what matters more is measured first, and more exactly.
func TestBatchWeighs(t *testing.T) {
	candidates := []Candidate{
		{Attrs: []int{0, 1}, Cells: 100, Weight: 1, Misfit: 4000, Floor: 300},
		{Attrs: []int{0, 2}, Cells: 100, Weight: 8, Misfit: 3000, Floor: 300},
		{Attrs: []int{1, 2}, Cells: 100, Weight: 1, Misfit: 300, Floor: 300},
	}
	picks := Batch(candidates, 20, 0.2, 0.5, 1, everything)
	if len(picks) != 2 || !slices.Equal(picks[0].Attrs, []int{0, 2}) {
		t.Fatalf("picked %v, want the one of weight 8 first", picks)
	}
	if ratio := float64(picks[0].Rho / picks[1].Rho); math.Abs(ratio-4) > 1e-9 {
		t.Errorf("a weight of 8 costs %g times as much, want 8^(2/3) = 4", ratio)
	}
}

func TestBatchKeepsWithinTheModel(t *testing.T) {
	candidates := []Candidate{
		{Attrs: []int{0, 1}, Cells: 10, Weight: 1, Misfit: 5000},
		{Attrs: []int{1, 2}, Cells: 10, Weight: 1, Misfit: 4000},
		{Attrs: []int{0, 2}, Cells: 10, Weight: 1, Misfit: 3000},
	}
	forest := func(picked [][]int) (int, bool) { return 1, len(picked) < 3 }
	if picks := Batch(candidates, 1, 0.1, 0.5, 1, forest); len(picks) != 2 {
		t.Errorf("%d sets were picked where the model holds two", len(picks))
	}
	if picks := Batch(candidates, 1, 10, 0.5, 1, everything); picks[0].Rho > 0.5 {
		t.Errorf("a set costs %g, above the most", picks[0].Rho)
	}
	if picks := Batch(nil, 1, 0.1, 0.5, 1, everything); picks != nil {
		t.Errorf("picked %v of nothing", picks)
	}
}

// TestBatchSavesRoom: a pair that makes the model ten times as large is accepted after one of a third of its gain that does not.
func TestBatchSavesRoom(t *testing.T) {
	candidates := []Candidate{
		{Attrs: []int{0, 1}, Cells: 10, Weight: 1, Misfit: 6000},
		{Attrs: []int{1, 2}, Cells: 10, Weight: 1, Misfit: 2000},
	}
	room := func(picked [][]int) (int, bool) {
		cells := 100
		for _, p := range picked {
			if p[0] == 0 {
				cells *= 10
			}
		}
		return cells, true
	}
	picks := Batch(candidates, 1, 0.1, 0.5, 1, room)
	if len(picks) != 2 || !slices.Equal(picks[0].Attrs, []int{1, 2}) {
		t.Errorf("picked %v, want the one that takes no room first", picks)
	}
}

// TestAffordable: many small candidates are not worth the noise that scoring them together brings.
func TestAffordable(t *testing.T) {
	const rho = 0.005 // σ of one score is 10, of a hundred 100
	if n := Affordable(slices.Repeat([]float64{299}, 100), rho, 1); n < 98 || n > 99 {
		t.Errorf("%d of 100 that reach 299 records are scored, want those whose σ stays below a third", n)
	}
	if n := Affordable([]float64{20, 10, 5}, rho, 1); n != 0 {
		t.Errorf("%d candidates below the noise are scored", n)
	}
	if n := Affordable([]float64{1000, 1000, 5}, rho, 1); n != 2 {
		t.Errorf("%d of three candidates are scored, want the two that can be seen", n)
	}
}

// TestFloor compares with the mean misfit of Poisson counts: within 15 %, between a tenth of a record and a thousand a cell.
func TestFloor(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, m := range []float64{0.1, 0.3, 1, 4, 30, 1000} {
		expected := slices.Repeat([]float64{m}, 200)
		sum := 0.0
		for range 100 {
			for range expected {
				sum += math.Abs(float64(poisson(r, m)) - math.Round(m))
			}
		}
		if got, want := Floor(expected), sum/100; math.Abs(got-want) > 0.15*want+1 {
			t.Errorf("of %g records a cell the floor is %.1f, the mean misfit %.1f", m, got, want)
		}
	}
}

// poisson draws by counting exponential waits.
func poisson(r *rand.Rand, m float64) int {
	n := 0
	for wait := r.ExpFloat64(); wait < m; wait += r.ExpFloat64() {
		n++
	}
	return n
}
