package audit

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// scores returns how much the counts of the marginals' cells speak for each canary's being in the data, as a log-likelihood ratio: the attacker
// knows every record but the canaries. A canary with c records that count raises each of its cells by c; of the cells' surplus r over what
// is known, with A the canaries' cells and W the inverse variances,
//
//	x = (4·1 + c²AᵀWA)⁻¹ cAᵀW(r − cA½)
//
// is the best linear estimate of which canaries are in, less ½, when each is with probability ½; divided by its variance it
// is the exact log-likelihood ratio of a canary that is alone in its cells.
func scores(marginals []*marginal, values func(m *marginal, at int) (x, variance float64), canaries, counted int) []float64 {
	c := float64(counted)
	h := mat.NewSymDense(canaries, nil)
	g := mat.NewVecDense(canaries, nil)
	for _, m := range marginals {
		in := make([][]int, len(m.exact)) // [cell] canaries
		for i, at := range m.of {
			if at >= 0 {
				in[at] = append(in[at], i)
			}
		}
		for at, list := range in {
			if len(list) == 0 {
				continue
			}
			x, variance := values(m, at)
			w := 1 / variance
			r := w * c * (x - m.exact[at] - c*float64(len(list))/2)
			for k, i := range list {
				g.SetVec(i, g.AtVec(i)+r)
				for _, j := range list[k:] {
					h.SetSym(i, j, h.At(i, j)+c*c*w)
				}
			}
		}
	}
	for i := range canaries {
		h.SetSym(i, i, h.At(i, i)+4) // 1/Var of a fair coin
	}
	var chol mat.Cholesky
	if !chol.Factorize(h) { // 4·1 plus something positive semidefinite: rounding alone
		return make([]float64, canaries)
	}
	var x mat.VecDense
	var inverse mat.SymDense
	if chol.SolveVecTo(&x, g) != nil || chol.InverseTo(&inverse) != nil {
		return make([]float64, canaries)
	}
	out := make([]float64, canaries)
	for i := range out {
		out[i] = x.AtVec(i) / inverse.At(i, i)
	}
	return out
}

// An Attack is guesses about which canaries were in the data.
type Attack struct {
	Sees   string  `json:"sees"` // the profile, or synthetic records alone
	Bounds []Bound `json:"bounds"`
}

// guessShares are how many of the canaries are guessed about: all of them, which shows a gross leak, and the tenth the attacker is surest of, which shows
// more where there is noise.
var guessShares = []float64{1, 0.1}

// guesses returns how many guesses each of these is.
func guesses(canaries int) (list []int) {
	for _, share := range guessShares {
		list = append(list, max(1, int(share*float64(canaries))))
	}
	return list
}

// parting returns where scores part in two kinds: half way between the mean of those above it and of those below (Ridler & Calvard 1978). It is near 0
// where the pipeline counts as it should, and elsewhere where it counts a canary twice.
func parting(scores []float64) float64 {
	sum := 0.0
	for _, s := range scores {
		sum += s
	}
	at := sum / float64(len(scores))
	for range 50 { // steps are enough for any scores; that guesses are best is no condition of anything
		var means [2]float64
		var n [2]float64
		for _, s := range scores {
			side := 0
			if s > at {
				side = 1
			}
			means[side] += s
			n[side]++
		}
		if n[0] == 0 || n[1] == 0 {
			return at
		}
		at = (means[0]/n[0] + means[1]/n[1]) / 2
	}
	return at
}

// attack guesses by scores: above their parting that a canary is in, the furthest from it first.
func attack(sees string, scores []float64, in []bool, claim Claim, wrong float64) Attack {
	part := parting(scores)
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch x, y := math.Abs(scores[a]-part), math.Abs(scores[b]-part); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	out := Attack{Sees: sees}
	for _, r := range guesses(len(scores)) {
		b := Bound{Canaries: len(scores), Guesses: r}
		for _, i := range order[:r] {
			if (scores[i] > part) == in[i] {
				b.Right++
			}
		}
		b.Epsilon = leastEpsilon(b.Canaries, b.Guesses, b.Right, claim.Delta, wrong)
		out.Bounds = append(out.Bounds, b)
	}
	return out
}

// best is the largest ε that any of the guesses proves.
func (a Attack) best() (out Bound) {
	for i, b := range a.Bounds {
		if i == 0 || b.Epsilon > out.Epsilon {
			out = b
		}
	}
	return out
}

// A Noise says whether counts of the profile differ from the exact ones by as much as it states.
type Noise struct {
	Counts int `json:"counts"` // of cells whose exact counts are known here
	// Ratio is the root mean square of (count − exact) / σ: 1 if the noise is what the profile says.
	Ratio float64 `json:"ratio"`
	Low   float64 `json:"low"` // 95 % interval of the noise's σ over the stated one
	High  float64 `json:"high"`
	// P is the probability of noise so small if it is what the profile says.
	P float64 `json:"p"`
	// Above is the probability of differences so large.
	Above float64 `json:"above"`
}

// measureNoise compares the counts of complete marginals with exact ones. The sum of n squares of standard normal draws is χ² with n degrees of freedom. Where
// the pipeline counts otherwise than is known here the ratio is larger, never smaller.
func measureNoise(marginals []*marginal, in []bool, counted int) Noise {
	n, sum := 0, 0.0
	for _, m := range marginals {
		if !m.complete {
			continue
		}
		with := slices.Clone(m.exact)
		for i, at := range m.of {
			if at >= 0 && in[i] {
				with[at] += float64(counted)
			}
		}
		for at, x := range m.values {
			z := (x - with[at]) / m.sigma
			sum += z * z
			n++
		}
	}
	if n == 0 {
		return Noise{P: 1, Above: 1}
	}
	chi := distuv.ChiSquared{K: float64(n)}
	return Noise{
		Counts: n, Ratio: math.Sqrt(sum / float64(n)),
		Low: math.Sqrt(sum / chi.Quantile(0.975)), High: math.Sqrt(sum / chi.Quantile(0.025)), P: chi.CDF(sum), Above: chi.Survival(sum),
	}
}
