package model

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// sampled measures cliques of rows that were drawn from a random tree of attributes with strong dependence.
func sampled(seed uint64, d Domain, parent []int, cliques [][]int, n int, sigma float64) []Measurement {
	rng := rand.New(rand.NewPCG(seed, 1))
	given := make([][][]float64, len(d))
	for a, codes := range d {
		rows := 1
		if parent[a] >= 0 {
			rows = d[parent[a]]
		}
		for range rows {
			given[a] = append(given[a], randomDistribution(rng, codes))
		}
	}
	ms := make([]Measurement, len(cliques))
	for i, c := range cliques {
		ms[i] = Measurement{Attrs: c, Values: make([]float64, d.cells(c)), Sigma: sigma}
		for k := range ms[i].Values {
			ms[i].Values[k] = math.Round(sigma * rng.NormFloat64())
		}
	}
	row, cell := make([]int32, len(d)), make([]int32, len(d))
	for range n {
		for a := range d {
			p := given[a][0]
			if parent[a] >= 0 {
				p = given[a][row[parent[a]]]
			}
			row[a] = draw(rng, p)
		}
		for i, c := range cliques {
			for k, a := range c {
				cell[k] = row[a]
			}
			at, _ := d.index(c, cell[:len(c)])
			ms[i].Values[at]++
		}
	}
	return ms
}

func randomDistribution(rng *rand.Rand, codes int) []float64 {
	p, sum := make([]float64, codes), 0.0
	for i := range p {
		p[i] = math.Exp(2 * rng.NormFloat64())
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

func draw(rng *rand.Rand, p []float64) int32 {
	u := rng.Float64()
	for i, v := range p {
		if u -= v; u < 0 {
			return int32(i)
		}
	}
	return int32(len(p) - 1)
}

// randomTree returns sizes around size, a random parent of each attribute but the first, and the cliques of single
// attributes, of the tree's edges, and of extra pairs that keep the junction tree below a cap.
func randomTree(seed uint64, attributes, size, extra, maxCells int) (d Domain, parent []int, cliques [][]int) {
	rng := rand.New(rand.NewPCG(seed, 2))
	for a := range attributes {
		d = append(d, size-size/10+rng.IntN(size/5+1))
		parent = append(parent, rng.IntN(a+1)-1)
		cliques = append(cliques, []int{a})
		if a > 0 {
			parent[a] = max(parent[a], 0)
			cliques = append(cliques, []int{parent[a], a})
		}
	}
	for tries := 0; extra > 0 && tries < 10000; tries++ {
		a, b := rng.IntN(attributes), rng.IntN(attributes)
		if a >= b {
			continue
		}
		more := append(cliques[:len(cliques):len(cliques)], []int{a, b})
		if cells, _, _ := TreeCells(d, more); cells <= maxCells {
			cliques = more
			extra--
		}
	}
	return d, parent, cliques
}

func benchmarkFit(b *testing.B, d Domain, n float64, ms []Measurement, o Options) {
	var m *Model
	for b.Loop() {
		m = mustFit(b, d, n, ms, nil, o)
	}
	iterations, gap := m.Convergence()
	cells, _, _ := TreeCells(d, m.net.cliques())
	b.ReportMetric(float64(iterations), "iterations")
	b.ReportMetric(gap, "gap")
	b.ReportMetric(float64(cells), "cells")
}

func BenchmarkFit(b *testing.B) {
	for _, w := range []struct {
		name                    string
		attributes, size, extra int
		maxCells, rows          int
		sigma                   float64
	}{
		{"15", 15, 30, 10, 1 << 18, 10000, 10},
		{"15large", 15, 30, 10, 1 << 20, 10000, 10},
		{"15clear", 15, 30, 10, 1 << 18, 300000, 30},
		{"60", 60, 20, 20, 1 << 18, 10000, 20},
		{"120", 120, 20, 40, 1 << 18, 10000, 30},
	} {
		b.Run(w.name, func(b *testing.B) {
			d, parent, cliques := randomTree(1, w.attributes, w.size, w.extra, w.maxCells)
			ms := sampled(1, d, parent, cliques, w.rows, w.sigma)
			cold := mustFit(b, d, float64(w.rows), ms, nil, Options{})
			b.Run("cold", func(b *testing.B) { benchmarkFit(b, d, float64(w.rows), ms, Options{}) })
			b.Run("warm", func(b *testing.B) {
				before := mustFit(b, d, float64(w.rows), ms[:len(ms)-1], nil, Options{})
				benchmarkFit(b, d, float64(w.rows), ms, Options{Warm: before})
			})
			b.Run("pairs", func(b *testing.B) {
				for b.Loop() {
					if err := cold.Pairs(b.Context(), func(int, int, []float64) {}); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkStep measures what a fit does some dozen times: it calibrates the tree, and evaluates the gradient, which includes that.
func BenchmarkStep(b *testing.B) {
	for _, w := range []struct{ attributes, size, extra, maxCells int }{{15, 30, 10, 1 << 18}, {15, 30, 10, 1 << 20}, {60, 20, 20, 1 << 18}} {
		d, parent, cliques := randomTree(1, w.attributes, w.size, w.extra, w.maxCells)
		f := newFit(mustFit(b, d, 10000, sampled(1, d, parent, cliques, 10000, 10), nil, Options{MaxIterations: 1}))
		cells, _, _ := TreeCells(d, f.net.cliques())
		for _, step := range []struct {
			name string
			do   func([]float64) float64
		}{{"calibrate", f.net.calibrate}, {"gradient", f.evaluate}} {
			b.Run(fmt.Sprintf("%s/attributes=%d/cells=%d", step.name, w.attributes, cells), func(b *testing.B) {
				for b.Loop() {
					step.do(f.potential)
				}
				reportCells(b, cells)
			})
		}
	}
}

// reportCells reports how many cells of tables an iteration's work amounts to in a second.
func reportCells(b *testing.B, cells int) {
	b.ReportMetric(float64(b.N)*float64(cells)/b.Elapsed().Seconds()/1e6, "Mcells/s")
}

// BenchmarkFactor measures the two operations on tables that everything else is made of: adding a small one to a large one, which in
// logarithms is their product, and summing the large one up, over one axis of three kept.
func BenchmarkFactor(b *testing.B) {
	d := Domain{100, 100, 100}
	big := make([]float64, d.cells([]int{0, 1, 2}))
	for _, keep := range [][]int{{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}} {
		p, small := d.planOf([]int{0, 1, 2}, keep), make([]float64, d.cells(keep))
		b.Run(fmt.Sprint("product/keep=", keep), func(b *testing.B) {
			for b.Loop() {
				p.add(big, 0, small)
			}
			reportCells(b, len(big))
		})
		b.Run(fmt.Sprint("sum/keep=", keep), func(b *testing.B) {
			for b.Loop() {
				p.sum(small, big, 0)
			}
			reportCells(b, len(big))
		})
	}
}

func BenchmarkFitTriples(b *testing.B) {
	d, parent, _ := randomTree(3, 15, 16, 0, 0)
	for a := range d {
		d[a] = 16
	}
	rng := rand.New(rand.NewPCG(3, 3))
	var cliques [][]int
	for len(cliques) < 20 {
		more := append(cliques[:len(cliques):len(cliques)], nil)
		for len(more[len(cliques)]) < 3 {
			more[len(cliques)] = randomAttrs(rng, 15, 3)
		}
		if cells, _, _ := TreeCells(d, more); cells <= 1<<21 {
			cliques = more
		}
	}
	benchmarkFit(b, d, 10000, sampled(3, d, parent, cliques, 10000, 10), Options{})
}

func BenchmarkTreeCells(b *testing.B) {
	for _, attributes := range []int{15, 60, 120} {
		b.Run(fmt.Sprint(attributes), func(b *testing.B) {
			d, _, cliques := randomTree(1, attributes, 20, attributes/3, 1<<20)
			for b.Loop() {
				TreeCells(d, cliques)
			}
		})
	}
}

func BenchmarkExp(b *testing.B) {
	row, x := make([]float64, 1000), make([]float64, 1000)
	for i := range x {
		x[i] = -float64(i) / 50
	}
	for b.Loop() {
		copy(row, x)
		expSum(row, 0)
	}
}
