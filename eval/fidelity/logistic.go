package fidelity

import (
	"cmp"
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// A design holds sparse rows of features: those of row i are index[start[i]:start[i+1]].
type design struct {
	index []int32
	value []float32
	start []int
	width int // number of features
}

func newDesign(width int) *design { return &design{start: []int{0}, width: width} }

func (d *design) add(index int, value float64) {
	d.index, d.value = append(d.index, int32(index)), append(d.value, float32(value))
}

func (d *design) endRow() { d.start = append(d.start, len(d.index)) }

func (d *design) rows() int { return len(d.start) - 1 }

// A softmax is a multinomial logistic regression: P(class k | x) ∝ exp(w_k·x + b_k), with w_0 = b_0 = 0. Of two classes it is the
// ordinary logistic regression.
type softmax struct {
	classes int
	width   int
	weights []float64 // [class−1][feature, and the intercept last]
}

// maxIterations bounds the fit.
const maxIterations = 100

// fitSoftmax minimises −(1/n) Σ log P(y_i | x_i) + ‖w‖²/2n by L-BFGS (Liu & Nocedal 1989): a normal prior of variance 1 on each weight, none
// on the intercepts. The problem is convex; the iterations end when the gradient is small or there were a hundred.
func fitSoftmax(ctx context.Context, x *design, y []int32, classes int) (*softmax, error) {
	m := &softmax{classes: classes, width: x.width, weights: make([]float64, (classes-1)*(x.width+1))}
	if x.rows() == 0 {
		return m, nil
	}
	o := &objective{m: m, x: x, y: y, p: make([]float64, classes), gradient: make([]float64, len(m.weights))}
	problem := optimize.Problem{
		Func: func(w []float64) float64 { o.at(w); return o.loss },
		Grad: func(g, w []float64) { o.at(w); copy(g, o.gradient) },
		Status: func() (optimize.Status, error) {
			return optimize.NotTerminated, ctx.Err()
		},
	}
	settings := &optimize.Settings{GradientThreshold: 1e-4, MajorIterations: maxIterations}
	result, err := optimize.Minimize(problem, m.weights, settings, &optimize.LBFGS{Store: 10})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if result != nil { // a line search that finds nothing lower ends near the minimum: what it found is the fit
		m.weights = result.X
	} else if err != nil {
		return nil, err
	}
	return m, nil
}

// An objective is the loss and its gradient where they were last asked for.
type objective struct {
	m        *softmax
	x        *design
	y        []int32
	p        []float64
	last     []float64
	loss     float64
	gradient []float64
}

func (o *objective) at(w []float64) {
	if o.last != nil && slices.Equal(o.last, w) {
		return
	}
	o.last = append(o.last[:0], w...)
	clear(o.gradient)
	n, stride := float64(o.x.rows()), o.x.width+1
	loss := 0.0
	for i := range o.x.rows() {
		o.m.probabilities(w, o.x, i, o.p)
		loss -= math.Log(max(o.p[o.y[i]], 1e-300))
		for k := 1; k < o.m.classes; k++ {
			e := o.p[k]
			if int(o.y[i]) == k {
				e--
			}
			g := o.gradient[(k-1)*stride : k*stride]
			for j := o.x.start[i]; j < o.x.start[i+1]; j++ {
				g[o.x.index[j]] += e * float64(o.x.value[j])
			}
			g[stride-1] += e
		}
	}
	for j, v := range w {
		if j%stride != stride-1 {
			loss += v * v / 2
			o.gradient[j] += v
		}
		o.gradient[j] /= n
	}
	o.loss = loss / n
}

// probabilities writes the probability of each class for a row. The greatest exponent is taken off, so that none overflows.
func (m *softmax) probabilities(w []float64, x *design, row int, p []float64) {
	stride, top := m.width+1, 0.0
	p[0] = 0
	for k := 1; k < m.classes; k++ {
		v := w[(k-1)*stride : k*stride]
		z := v[stride-1]
		for j := x.start[row]; j < x.start[row+1]; j++ {
			z += v[x.index[j]] * float64(x.value[j])
		}
		p[k] = z
		top = max(top, z)
	}
	sum := 0.0
	for k := range p {
		p[k] = math.Exp(p[k] - top)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
}

// predict returns each row's probabilities.
func (m *softmax) predict(x *design) [][]float64 {
	out := make([][]float64, x.rows())
	for i := range out {
		out[i] = make([]float64, m.classes)
		m.probabilities(m.weights, x, i, out[i])
	}
	return out
}

// auc is the area under the receiver operating characteristic: the probability that a positive has a higher score than a negative, ties
// half (Mann–Whitney). ok is false when there are not both.
func auc(scores []float64, positive func(i int) bool) (area float64, ok bool) {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(scores[a], scores[b]) })
	var sum, pos float64
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && scores[order[j]] == scores[order[i]] {
			j++
		}
		for _, r := range order[i:j] {
			if positive(r) {
				pos++
				sum += float64(i+j+1) / 2 // mid-ranks from 1
			}
		}
		i = j
	}
	neg := float64(len(scores)) - pos
	if pos == 0 || neg == 0 {
		return 0.5, false
	}
	return (sum - pos*(pos+1)/2) / (pos * neg), true
}

// aucError is the 95 % half-width of an area under the curve (Hanley & McNeil 1982).
func aucError(a, pos, neg float64) float64 {
	q1, q2 := a/(2-a), 2*a*a/(1+a)
	return 1.96 * math.Sqrt(max(0, a*(1-a)+(pos-1)*(q1-a*a)+(neg-1)*(q2-a*a))/(pos*neg))
}
