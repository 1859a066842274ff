package audit

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// TestRate compares Wilson's interval with published values (Newcombe 1998, Table I, method 3).
func TestRate(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}} {
		if r := newRate(c.k, c.n); math.Abs(r.Low-c.low) > 1e-4 || math.Abs(r.High-c.high) > 1e-4 {
			t.Errorf("%d of %d: %.4f to %.4f, want %g to %g", c.k, c.n, r.Low, r.High, c.low, c.high)
		}
	}
	if r := newRate(0, 0); r.Low != 0 || r.High != 1 {
		t.Errorf("no attack: %+v", r)
	}
}

func TestRisk(t *testing.T) {
	r := Risk{Training: newRate(60, 100), Control: newRate(50, 100)}
	if r.weigh(); math.Abs(r.Residual-0.2) > 1e-12 || r.Low > 0 || r.High < 0.2 || r.surplus() < 1.4 || r.surplus() > 1.5 {
		t.Errorf("%+v, surplus %g", r, r.surplus())
	}
	r = Risk{Training: newRate(5, 5), Control: newRate(5, 5)}
	if r.weigh(); r.Residual != 0 || r.Low != -1 || r.High != 1 || r.surplus() != 0 {
		t.Errorf("where everybody is guessed: %+v", r)
	}
	r = Risk{Training: newRate(0, 0), Control: newRate(0, 0)}
	if r.weigh(); r.Low != -1 || r.High != 1 || r.surplus() != 0 {
		t.Errorf("without attacks: %+v", r)
	}
}

// populations are records of three numbers and a text that are all different.
func population(n int, rng *rand.Rand) (rows [][]field) {
	for range n {
		row := []field{{class: text, text: rng.Int32N(5)}}
		for range 3 {
			row = append(row, field{class: ordered, at: rng.NormFloat64()})
		}
		rows = append(rows, row)
	}
	return rows
}

// TestAttacksOnPeople: synthetic records that are copies of those in the data are found to give them away, and ones that have nothing to do with them
// are not. The draws are fixed by a seed.
func TestAttacksOnPeople(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	g := groups{population(300, rng), population(300, rng)}
	p := &people{names: []string{"a", "b", "c", "d"}}
	columns := []int{0, 1, 2, 3}
	for _, c := range []struct {
		name      string
		synthetic [][]field
		leaks     bool
	}{{"copies", g.training, true}, {"others", population(300, rng), false}} {
		several, err := multivariate(context.Background(), c.synthetic, columns, rng)
		if err != nil {
			t.Fatal(err)
		}
		risks, err := inference(context.Background(), p, c.synthetic, columns, g)
		if err != nil {
			t.Fatal(err)
		}
		risks = append(risks, singleOut("one", univariate(c.synthetic, columns, rng), g), singleOut("several", several, g))
		for _, r := range risks {
			if found := r.surplus() > 5 && r.Low > 0; found != c.leaks {
				t.Errorf("%s: %s %s: %+v, surplus %.1f", c.name, r.Attack, r.Column, r, r.surplus())
			}
		}
	}
}

func TestPredicates(t *testing.T) {
	low, high := field{class: ordered, at: 1}, field{class: ordered, at: 5}
	for _, c := range []struct {
		q    predicate
		row  field
		want bool
	}{
		{predicate{0, low, 0}, low, true}, {predicate{0, low, 0}, high, false}, {predicate{0, low, 1}, high, true}, {predicate{0, low, -1}, high, false},
		{predicate{0, high, -1}, low, true}, {predicate{0, low, 1}, field{}, false}, {predicate{0, field{}, 0}, field{}, true},
		{predicate{0, field{class: text, text: 3}, 0}, field{class: text, text: 3}, true}, {predicate{0, field{class: text}, 0}, field{}, false},
	} {
		if got := c.q.holds([]field{c.row}); got != c.want {
			t.Errorf("%+v holds of %+v: %v", c.q, c.row, got)
		}
	}
	rows := [][]field{{low}, {high}, {high}}
	for at, want := range map[float64]bool{1: true, 5: false, 2: false} {
		if got := singles(rows, []predicate{{0, field{class: ordered, at: at}, 0}}); got != want {
			t.Errorf("%g singles out: %v", at, got)
		}
	}
}
