// Package choose decides which sets of attributes a run measures together, and what each may cost. It sees released
// numbers only, so its decisions cost nothing.
//
//  1. [Affordable] leaves out candidates whose score would drown in the noise of scoring so many.
//  2. [Floor] says how far counts are from a model that is right, by chance alone: what a misfit is held against.
//  3. [Batch] takes the candidates whose expected gain pays for their noise, and shares the budget among them.
package choose

import (
	"cmp"
	"math"
	"slices"

	"github.com/patina-data/patina/dp/account"
)

// Affordable returns how many of the candidates are worth scoring, the most promising first: potential, in falling
// order, has the most that each misfit could be, in records; rho pays for all scores together, of which a unit
// of so many records moves each by as many.
func Affordable(potential []float64, rho account.Rho, records int) int {
	n := 0
	for i, p := range potential {
		if p > clear*float64(account.SigmaFor(rho, float64(records)*math.Sqrt(float64(i+1)))) {
			n = i + 1
		}
	}
	return n
}

// clear is how many σ a score must be able to reach to be worth releasing.
const clear = 3

// Floor returns the misfit Σ|count − expected| to expect by chance, in records, where the counts come from the
// distribution that is expected of them: Poisson counts are off by √(2m/π) in the mean, or by m where m rounds to none.
func Floor(expected []float64) float64 {
	sum := 0.0
	for _, m := range expected {
		if m < 0.5 {
			sum += m
		} else {
			sum += math.Sqrt(2 * m / math.Pi)
		}
	}
	return sum
}

// A Candidate is a set of attributes that could be measured.
type Candidate struct {
	Attrs  []int
	Cells  int
	Misfit float64 // released: how far the model is from the counts, records
	Floor  float64 // of it, what chance explains
	Weight float64 // how much its errors count, 1 for most
}

// A Pick is a candidate to measure, at a price.
type Pick struct {
	Attrs []int
	Rho   account.Rho
}

// Room says what a model of some sets of attributes, given in the order in which they were accepted, would be: how many cells its tables
// would have, and whether it can hold them.
type Room func(picked [][]int) (cells int, fits bool)

// Batch returns the candidates to measure with rho in all. sigma is the noise in each misfit, records how many a unit has.
//
// The gain of a candidate is the misfit beyond its floor, shrunk towards nothing by how much of such gains is noise (so
// that the largest of many noisy scores is not believed too much). Its price is the L1 noise of its cells, of which
// fitting removes a part; both count by the candidate's weight. ρ goes by (weight·cells)^(2/3), which minimises the total L1
// noise Σ weight·cells·σ for a given Σ 1/σ².
//
// Room in the model is scarce as well: one pair can multiply its cells and leave none to many others. So that candidate is
// accepted next whose gain is the largest for how many times the model grows by it.
func Batch(candidates []Candidate, sigma float64, rho, most account.Rho, records int, room Room) []Pick {
	b := &batch{candidates: candidates, gains: shrink(candidates, sigma), records: records, room: room}
	for i := range candidates {
		if b.worth([]int{i}, rho, most) > 0 { // else it would not pay with all of rho
			b.open = append(b.open, i)
		}
	}
	slices.SortStableFunc(b.open, func(x, y int) int { return cmp.Compare(b.gains[y], b.gains[x]) })
	best, length := 0.0, 0
	for len(b.chosen) < length+patience && b.accept() {
		if net := b.worth(b.chosen, rho, most); net > best {
			best, length = net, len(b.chosen)
		}
	}
	var out []Pick
	prices := split(candidates, b.chosen[:length], rho, most)
	for k, i := range b.chosen[:length] {
		out = append(out, Pick{candidates[i].Attrs, prices[k]})
	}
	return out
}

// A batch is a choice in the making.
type batch struct {
	candidates []Candidate
	gains      []float64
	records    int // of a unit
	room       Room
	open       []int // candidates that may still be accepted, the largest gain first
	chosen     []int
	picked     [][]int
}

// patience is how many candidates are accepted in vain before no more are: of thousands, those that are left do not pay.
const patience = 64

// maxTrials bounds how many models are looked at for each candidate accepted, times the candidates: looking at one takes
// longer the more there are.
const maxTrials = 4000

// accept accepts one candidate, out of the open ones of largest gain that fit. Those that do not fit now never will. It
// returns false when there is none.
func (b *batch) accept() bool {
	trials := max(1, maxTrials/max(1, len(b.candidates)))
	var kept []int
	next, best := -1, 0.0
	for k, i := range b.open {
		if len(kept) == trials {
			kept = append(kept, b.open[k:]...)
			break
		}
		cells, fits := b.room(append(b.picked, b.candidates[i].Attrs))
		if !fits {
			continue
		}
		if value := b.gains[i] / float64(cells); value > best {
			next, best = len(kept), value
		}
		kept = append(kept, i)
	}
	if b.open = kept; next < 0 {
		return false
	}
	i := kept[next]
	b.open = slices.Delete(kept, next, next+1)
	b.chosen, b.picked = append(b.chosen, i), append(b.picked, b.candidates[i].Attrs)
	return true
}

// shrink returns each candidate's gain, in weighted records: James and Stein's factor, 1 − σ²/mean(gain²), on what exceeds
// the floor.
func shrink(candidates []Candidate, sigma float64) []float64 {
	gains := make([]float64, len(candidates))
	square := 0.0
	for i, c := range candidates {
		gains[i] = c.Misfit - c.Floor
		square += gains[i] * gains[i] / float64(len(candidates))
	}
	trust := 0.0
	if square > 0 {
		trust = max(0, 1-sigma*sigma/square)
	}
	for i, c := range candidates {
		gains[i] *= trust * c.Weight
	}
	return gains
}

// kept is the part of a measurement's noise that is left after fitting, which knows the marginals and that counts are not
// negative.
const kept = 0.3

// weighted returns how many cells a candidate has, by its weight.
func weighted(c Candidate) float64 { return c.Weight * float64(c.Cells) }

// worth returns the gain beyond the noise of measuring the chosen candidates, in weighted records.
func (b *batch) worth(chosen []int, rho, most account.Rho) float64 {
	net := 0.0
	for k, price := range split(b.candidates, chosen, rho, most) {
		i := chosen[k]
		sigma := float64(account.SigmaFor(price, float64(b.records)))
		net += b.gains[i] - kept*weighted(b.candidates[i])*sigma*math.Sqrt(2/math.Pi)
	}
	return net
}

// split shares rho out by (weight·cells)^(2/3), at most most for each.
func split(candidates []Candidate, chosen []int, rho, most account.Rho) []account.Rho {
	weights := make([]float64, len(chosen))
	total := 0.0
	for k, i := range chosen {
		weights[k] = math.Cbrt(weighted(candidates[i]) * weighted(candidates[i]))
		total += weights[k]
	}
	prices := make([]account.Rho, len(chosen))
	for k, w := range weights {
		prices[k] = min(most, rho*account.Rho(w/total))
	}
	return prices
}
