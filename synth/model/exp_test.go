package model

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestExpSum(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 100000 {
		shift := 1000 * (rng.Float64() - 0.5)
		x := shift - 720*rng.Float64()*rng.Float64()
		row := []float64{x, shift, math.Inf(-1)}
		sum := expSum(row, shift)
		want := math.Exp(x - shift)
		if x-shift <= expLeast {
			want = 0
		}
		if math.Abs(row[0]-want) > 0x1p-51*want || row[1] != 1 || row[2] != 0 || sum != row[0]+1 {
			t.Fatalf("e^%g is %g, want %g", x-shift, row[0], want)
		}
	}
}

func TestLogarithm(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 100000 {
		x := math.Exp(1400 * (rng.Float64() - 0.5) * rng.Float64())
		if got, want := logarithm(x), math.Log(x); math.Abs(got-want) > 0x1p-51*math.Abs(want)+0x1p-53 {
			t.Fatalf("ln %g is %.17g, want %.17g", x, got, want)
		}
	}
	if logarithm(1) != 0 {
		t.Error("ln 1 is not 0")
	}
}

func TestNormalise(t *testing.T) {
	inf := math.Inf(-1)
	row := []float64{1000, 1000 + math.Log(3), inf}
	if sum, log := normalise(row); math.Abs(sum-4.0/3) > 1e-12 || math.Abs(log-1000-math.Log(4)) > 1e-12 || row[2] != 0 {
		t.Errorf("got %g, %g, %v", sum, log, row)
	}
	row = []float64{inf, inf}
	if sum, log := normalise(row); sum != 0 || log != inf || row[0] != 0 || row[1] != 0 {
		t.Errorf("an impossible row: %g, %g, %v", sum, log, row)
	}
}
