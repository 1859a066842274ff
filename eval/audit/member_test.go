package audit

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestScoresAlone: a canary that is alone in its cells has the log-likelihood ratio of normal counts, Σ (c·r − c²/2)/σ².
func TestScoresAlone(t *testing.T) {
	for _, counted := range []int{1, 4} {
		one := &marginal{sigma: 2, values: []float64{13, 7}, exact: []float64{10, 8}, of: []int{0, 1}}
		two := &marginal{sigma: 3, values: []float64{5, 1}, exact: []float64{2, 2}, of: []int{0, -1}}
		got := scores([]*marginal{one, two}, noisy, 2, counted)
		c := float64(counted)
		for i, want := range []float64{(c*3-c*c/2)/4 + (c*3-c*c/2)/9, (-c - c*c/2) / 4} {
			if math.Abs(got[i]-want) > 1e-9 {
				t.Errorf("%d records: canary %d has the score %g, want %g", counted, i, got[i], want)
			}
		}
	}
}

func noisy(m *marginal, at int) (float64, float64) {
	return m.values[at], m.sigma * m.sigma
}

// crowd makes canaries that share cells, and counts with noise, or hardly any. Every canary is in one cell of each of so many marginals.
func crowd(canaries, marginals, cells int, sigma float64) ([]*marginal, []bool) {
	rng := rand.New(rand.NewPCG(1, 2))
	in := make([]bool, canaries)
	for i := range in {
		in[i] = rng.IntN(2) == 1
	}
	var list []*marginal
	for range marginals {
		m := &marginal{sigma: sigma, complete: true, values: make([]float64, cells), exact: make([]float64, cells)}
		for at := range cells {
			m.exact[at] = float64(rng.IntN(1000))
			m.values[at] = m.exact[at] + sigma*rng.NormFloat64()
		}
		for i := range canaries {
			at := rng.IntN(cells)
			m.of = append(m.of, at)
			if in[i] {
				m.values[at]++
			}
		}
		list = append(list, m)
	}
	return list, in
}

// TestAttackFindsALeak: counts without noise give every canary away though many share each cell, and what is proved is the most that
// can be; noise as large as is claimed proves less than the claim. The draws are fixed by a seed.
func TestAttackFindsALeak(t *testing.T) {
	const canaries = 300
	claim := Claim{Epsilon: 2, Delta: 1e-6}
	list, in := crowd(canaries, 20, 40, 0.01)
	leak := attack("profile", scores(list, noisy, canaries, 1), in, claim, wrong()).best()
	if most := leastEpsilon(canaries, canaries, canaries, claim.Delta, wrong()); leak.Epsilon != most || leak.Right != canaries || most < 4 {
		t.Errorf("without noise %d of %d guesses are right, which proves ε ≥ %g; want %g", leak.Right, leak.Guesses, leak.Epsilon, most)
	}
	sigma := math.Sqrt(20) / 0.44 // 20 marginals of μ = 0.44 together, which is (2, 1e-6)-DP
	list, in = crowd(canaries, 20, 40, sigma)
	if fair := attack("profile", scores(list, noisy, canaries, 1), in, claim, wrong()).best(); fair.Epsilon > 1 {
		t.Errorf("with noise ε ≥ %g is proved", fair.Epsilon)
	}
}

// TestAttackAbstains: the surest guesses are those furthest from where scores part, wherever that is, and seven of ten prove nothing.
func TestAttackAbstains(t *testing.T) {
	scores := []float64{9.1, 8, 9.2, 21, 8.9, 9.3, 8.8, 9.1, 8.7, 8.95}
	in := []bool{false, false, false, true, true, false, true, false, true, false}
	a := attack("x", scores, in, Claim{}, 0.05)
	if b := a.Bounds[1]; b.Guesses != 1 || b.Right != 1 {
		t.Errorf("the surest guess: %+v", b)
	}
	if b := a.Bounds[0]; b.Guesses != 10 || b.Right != 7 || b.Epsilon != 0 {
		t.Errorf("all guesses: %+v", b)
	}
}

func TestParting(t *testing.T) {
	for _, c := range []struct {
		scores []float64
		want   float64
	}{{[]float64{-3, -1, 1, 3}, 0}, {[]float64{10, 12, 30}, 20.5}, {[]float64{4, 4, 4}, 4}, {[]float64{7}, 7}} {
		if got := parting(c.scores); got != c.want {
			t.Errorf("%v part at %g, want %g", c.scores, got, c.want)
		}
	}
}

// TestMeasureNoise: noise as stated has the ratio 1, and noise a tenth too small or too large is found to be. The draws are fixed by a seed.
func TestMeasureNoise(t *testing.T) {
	list, in := crowd(50, 40, 200, 30)
	n := measureNoise(list, in, 1)
	if n.Counts != 8000 || n.Low > 1 || n.High < 1 || n.P < 0.001 || n.Above < 0.001 {
		t.Errorf("noise as stated: %+v", n)
	}
	for _, m := range list {
		m.sigma /= 0.9
	}
	if n := measureNoise(list, in, 1); n.P > falseNoise || math.Abs(n.Ratio-0.9) > 0.03 {
		t.Errorf("noise a tenth too small: %+v", n)
	}
	for _, m := range list {
		m.sigma *= 0.8
	}
	if n := measureNoise(list, in, 1); n.Above > falseNoise || math.Abs(n.Ratio-0.9/0.8) > 0.03 {
		t.Errorf("counts that differ by more than noise: %+v", n)
	}
	list[0].complete = false
	if n := measureNoise(list[:1], in, 1); n.Counts != 0 || n.P != 1 {
		t.Errorf("counts that a threshold has cut off: %+v", n)
	}
}
