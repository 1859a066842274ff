package model

import "math"

// A Cell is one cell of a fitted pair table.
type Cell struct {
	A, B   int
	Weight int64 // > 0
}

// Unit is the weight of one record in a fitted table: weights are integers so that sampling them is exact.
const Unit = 1 << 16

// pairRounds bounds the scaling; it stops earlier once the second marginal moves by less than pairDrift of its mass.
const (
	pairRounds = 200
	pairDrift  = 1e-6
)

// Pairs are noisy measurements of some cells of a table. The zero Pairs measured nothing.
type Pairs struct {
	values map[[2]int]noisy
}

// A noisy count has a standard deviation.
type noisy struct{ value, sigma float64 }

// Add adds a measurement of cells, pairs of codes that were not measured before, with standard deviation sigma each.
func (p *Pairs) Add(cells [][]int32, values []float64, sigma float64) {
	if p.values == nil {
		p.values = make(map[[2]int]noisy, len(cells))
	}
	for i, c := range cells {
		p.values[[2]int{int(c[0]), int(c[1])}] = noisy{values[i], sigma}
	}
}

// shrink returns what a cell is taken for before the marginals are met: between the measured count and the one expected
// of independent attributes, the nearer to the first the more the expected count stands above the noise.
func (p Pairs) shrink(a, b int, expected float64) float64 {
	n, ok := p.values[[2]int{a, b}]
	if !ok {
		return expected
	}
	trust := expected * expected / (float64(expected*expected) + float64(n.sigma*n.sigma))
	return float64(trust*max(n.value, 0)) + float64((1-trust)*expected) // rounded, so that no machine fuses them: see exp.go
}

// Pair returns the table over two attributes with the given marginals that is nearest, in relative entropy, to what was
// measured of its cells, or to independence where nothing was, and in which cells that are not allowed are zero: iterative proportional fitting (Deming & Stephan 1940; Csiszár 1975, Thm 3.2). Where noise makes the
// two marginals contradict each other under the zeros, the first wins and the second is met as nearly as scaling gets.
// A code of a with no allowed partner of positive mass is spread over all its allowed partners.
func Pair(a, b []float64, measured Pairs, allowed func(a, b int) bool) []Cell {
	table := make([][]float64, len(a))
	for i := range a {
		table[i] = make([]float64, len(b))
		if a[i] > 0 {
			seed(table[i], a[i], b, measured, i, allowed)
		}
	}
	for range pairRounds {
		scaleRows(table, a)
		if scaleColumns(table, b) < pairDrift {
			break
		}
	}
	scaleRows(table, a)
	var cells []Cell
	for i, row := range table {
		for j, v := range row {
			if w := int64(math.Round(v * Unit)); w > 0 {
				cells = append(cells, Cell{A: i, B: j, Weight: w})
			}
		}
	}
	return cells
}

// seed starts row i, of mass a: with what was measured of it, and with ones over all that is allowed where that is nothing.
func seed(row []float64, a float64, b []float64, measured Pairs, i int, allowed func(a, b int) bool) {
	mass := 0.0
	for j := range row {
		if allowed(i, j) {
			mass += b[j]
		}
	}
	any := false
	for j := range row {
		if b[j] > 0 && allowed(i, j) {
			row[j] = measured.shrink(i, j, a*b[j]/mass)
			any = any || row[j] > 0
		}
	}
	for j := range row {
		if !any && allowed(i, j) {
			row[j] = 1
		}
	}
}

func scaleRows(table [][]float64, a []float64) {
	for i, row := range table {
		sum := 0.0
		for _, v := range row {
			sum += v
		}
		if sum <= 0 {
			continue
		}
		for j := range row {
			row[j] *= a[i] / sum
		}
	}
}

// scaleColumns scales to the second marginal and returns how far it was off, as a share of its mass.
func scaleColumns(table [][]float64, b []float64) float64 {
	sums := make([]float64, len(b))
	for _, row := range table {
		for j, v := range row {
			sums[j] += v
		}
	}
	var off, mass float64
	for j, s := range sums {
		off += math.Abs(s - b[j])
		mass += b[j]
		if s <= 0 || b[j] <= 0 {
			continue
		}
		for _, row := range table {
			row[j] *= b[j] / s
		}
	}
	if mass == 0 {
		return 0
	}
	return off / mass
}
