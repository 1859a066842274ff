package eval

import (
	"cmp"
	"math"
	"slices"

	"github.com/patina-data/patina/profile"
)

// A contrast is one partition of the records in two profiles: the shares of each cell, which are independent and known up to
// noise, and the chance in records.
type contrast struct {
	labels  []string
	classes []profile.Class // of a cell's first code
	order   []float64       // where a cell is on an axis, NaN off it
	share   [2][]float64
	noise   [2][]float64 // variance of the noise of each share
	size    [2]float64   // records
	total   [2]float64   // relative variance of the number of records that counts were divided by
	chanced bool         // cells divide the records: chance is multinomial
	unseen  []unseen
	hidden  float64 // share of the records that may have moved within cells
}

// An unseen cell is one that a profile has a share of and the other had not found above a threshold.
type unseen struct {
	label    string
	class    profile.Class
	side     int // that has it
	share    float64
	variance float64 // of the noise in it
	bound    float64 // the other side's threshold, as a share
	slack    float64 // variance of the noise that the threshold was compared with
}

// A tested contrast is what the test found.
type tested struct {
	p        float64 // of no change
	distance float64 // half the sum of the cells' differences, without what noise adds
	upper    float64 // 95 % bound above it
	band     float64 // distance that noise and chance alone stay below, 95 times in 100
	cells    []testedCell
	unseen   []unseenTest
	hidden   float64 // as the contrast has it
}

type testedCell struct {
	label   string
	class   profile.Class
	share   [2]float64
	sd      [2]float64 // of the noise in each share
	z       float64    // of the difference, in its standard deviations
	order   float64
	variant float64 // variance of the difference
}

type unseenTest struct {
	unseen
	z float64
}

// clear is how many standard deviations of the noise in their difference cells must hold to stand by themselves.
const clear = 4

// test asks whether the two sides are samples of one distribution, and how far apart they are.
//
// Let xⱼ be the difference of cell j's shares, sⱼ² the variance of the noise in it, p the mean of both shares, and m = 1/n₁ + 1/n₂. If nothing changed, x is normal with mean 0 and covariance Σ = diag(s² + m·p) − κ·p·pᵀ, where κ
// is m, for the chance in records, less the relative variances of the two numbers of records. Two statistics look for two kinds of
// change: xᵀΣ⁻¹x, which is χ² distributed, for many small ones, and the largest |xⱼ|/√Σⱼⱼ for a single one. p-values of both are
// combined by Bonferroni's inequality, so that the probability of a false alarm at level α is at most α.
//
// Cells that do not stand clear of the noise are joined first, with their neighbours on an axis and with each other off it. That is
// decided by the mean weighted by precision, which for Gaussian noise is independent of x, so that looking takes nothing from the test.
func (c *contrast) test() tested {
	c = c.joined()
	n := len(c.labels)
	m := 1/c.size[0] + 1/c.size[1]
	kappa := m - c.total[0] - c.total[1]
	if !c.chanced {
		kappa = -c.total[0] - c.total[1]
	}
	var t tested
	var q, px, pp, most float64
	var distance, spread, squares float64
	for j := range n {
		p, noise := c.mean(j), c.noise[0][j]+c.noise[1][j]
		x := c.share[1][j] - c.share[0][j]
		d := noise + m*p
		q += x * x / d
		px += p * x / d
		pp += p * p / d
		variance := d - kappa*p*p
		sd := math.Sqrt(variance)
		most = max(most, math.Abs(x)/sd)
		distance += math.Abs(x) / 2
		spread += sd / 2
		squares += variance
		t.cells = append(t.cells, testedCell{
			label: c.labels[j], class: c.classes[j], share: [2]float64{c.share[0][j], c.share[1][j]},
			sd: [2]float64{math.Sqrt(c.noise[0][j]), math.Sqrt(c.noise[1][j])}, z: x / sd, order: c.order[j], variant: variance,
		})
	}
	q += kappa * px * px / (1 - kappa*pp) // Sherman & Morrison 1950
	least := 2 * upperTail(most)
	for _, u := range c.unseen {
		variance := u.variance + u.slack + m*u.share
		z := (u.share - u.bound) / math.Sqrt(variance)
		t.unseen = append(t.unseen, unseenTest{u, z})
		least = min(least, upperTail(z))
	}
	t.p = min(1, 2*chiSquaredTail(q, float64(n)), 2*float64(n+len(c.unseen))*least)
	t.bound(distance, spread, squares)
	t.hidden = c.hidden
	gone := t.gone()
	t.distance, t.upper = max(t.distance, gone), max(t.upper, gone)
	return t
}

// gone is how much codes that one side alone found must have moved at least, those that moved by more than noise, at 5 % among all
// cells: what they have above the other side's threshold, on the side where that is more. It is part of the distance
// whatever cells the codes lie in.
func (t *tested) gone() float64 {
	var sum [2]float64
	for _, u := range t.unseen {
		if upperTail(u.z)*float64(len(t.cells)+len(t.unseen)) <= DefaultFDR {
			sum[u.side] += u.share - u.bound
		}
	}
	return max(sum[0], sum[1])
}

// bound says how far apart two distributions are, given T = ½Σ|xⱼ|, spread S = ½Σsⱼ and the sum of squares Σsⱼ².
//
// E T is ½Σ sⱼ·h(δⱼ/sⱼ) for true differences δ and h(c) = E|c + Z|. Of all δ with the distance ½Σ|δⱼ| = c·S it is least where each
// |δⱼ| is c·sⱼ, as h is convex: S·h(c). The standard deviation of T is at most ½√Σsⱼ². So S·c with h(c) = (T + 1.64·½√Σsⱼ²)/S is
// above the distance in 95 % of cases at least. It is given as no less than 1.64·½√Σsⱼ², which is as fine as T can tell.
func (t *tested) bound(distance, spread, squares float64) {
	if spread == 0 {
		return
	}
	half := math.Sqrt(squares) / 2
	t.upper = min(1, max(z90*half, spread*unfold((distance+z90*half)/spread)))
	t.band = min(1, spread*foldedMean+z90*half*math.Sqrt(1-2/math.Pi))
	var moved, rest, still float64
	for _, c := range t.cells {
		x, sd := math.Abs(c.share[1]-c.share[0])/2, math.Sqrt(c.variant)/2
		if 2*upperTail(math.Abs(c.z)) < DefaultFDR/float64(len(t.cells)) {
			moved += x
		} else {
			rest += x
			still += foldedMean * sd
		}
	}
	t.distance = min(moved+max(0, rest-still), t.upper)
}

// mean returns a cell's share in both sides together.
func (c *contrast) mean(j int) float64 {
	return (max(0, c.share[0][j]) + max(0, c.share[1][j])) / 2
}

// joined returns the contrast with cells that do not stand clear of the noise joined.
func (c *contrast) joined() *contrast {
	out := &contrast{size: c.size, total: c.total, chanced: c.chanced, unseen: c.unseen, hidden: c.hidden}
	var axis, others []int
	for j := range c.labels {
		if math.IsNaN(c.order[j]) {
			others = append(others, j)
		} else {
			axis = append(axis, j)
		}
	}
	slices.SortStableFunc(axis, func(a, b int) int { return cmp.Compare(c.order[a], c.order[b]) })
	var open, rest []int
	for _, j := range axis {
		if open = append(open, j); c.stands(open) {
			out.add(c, open)
			open = nil
		}
	}
	if open != nil && len(out.labels) > 0 { // what is left at the end goes with its neighbour
		out.into(len(out.labels)-1, c, open)
	} else {
		rest = append(rest, open...)
	}
	for _, j := range others {
		if c.stands([]int{j}) {
			out.add(c, []int{j})
		} else {
			rest = append(rest, j)
		}
	}
	if rest != nil {
		out.add(c, rest)
		if len(rest) > 1 {
			out.labels[len(out.labels)-1], out.classes[len(out.classes)-1] = "<the rest>", ""
		}
	}
	return out
}

// stands reports whether some cells together hold clearly more than their noise: by their mean weighted by precision, or twice as
// clearly in one side alone, where both cannot have the same share.
func (c *contrast) stands(cells []int) bool {
	var share, noise [2]float64
	for _, j := range cells {
		for side := range share {
			share[side] += c.share[side][j]
			noise[side] += c.noise[side][j]
		}
	}
	p := (share[0]*noise[1] + share[1]*noise[0]) / (noise[0] + noise[1])
	least := clear * math.Sqrt(noise[0]+noise[1])
	return p >= least || max(share[0], share[1]) >= 2*least
}

// add appends a cell made of some of another contrast's.
func (c *contrast) add(of *contrast, cells []int) {
	c.labels, c.order = append(c.labels, of.labels[cells[0]]), append(c.order, of.order[cells[0]])
	c.classes = append(c.classes, of.classes[cells[0]])
	for side := range c.share {
		c.share[side], c.noise[side] = append(c.share[side], 0), append(c.noise[side], 0)
	}
	c.into(len(c.labels)-1, of, cells)
	if len(cells) > 1 {
		c.labels[len(c.labels)-1] = joinLabels(of.labels[cells[0]], of.labels[cells[len(cells)-1]])
	}
}

// into adds some of another contrast's cells to a cell.
func (c *contrast) into(at int, of *contrast, cells []int) {
	for _, j := range cells {
		for side := range c.share {
			c.share[side][at] += of.share[side][j]
			c.noise[side][at] += of.noise[side][j]
		}
	}
}
