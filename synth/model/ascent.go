package model

// memory is how many steps the curvature is estimated from. More were measured to save no iterations.
const memory = 8

// A history of steps estimates the curvature of a concave function: limited-memory BFGS (Nocedal & Wright 2006, §7.2).
type history struct {
	steps   [][]float64 // s = x₊ − x, oldest first
	changes [][]float64 // y = g − g₊
	product []float64   // s·y > 0
	alpha   [memory]float64
}

// add takes in a step, in vectors that it keeps, and returns two that it has no more use for, or new ones.
func (h *history) add(s, y []float64) (freeS, freeY []float64) {
	r := dot(s, y)
	if !(r > 0) { // concavity says otherwise only where rounding does
		return s, y
	}
	if len(h.steps) < memory {
		freeS, freeY = make([]float64, len(s)), make([]float64, len(s))
	} else {
		freeS, freeY = h.steps[0], h.changes[0]
		h.steps, h.changes, h.product = h.steps[1:], h.changes[1:], h.product[1:]
	}
	h.steps, h.changes, h.product = append(h.steps, s), append(h.changes, y), append(h.product, r)
	return freeS, freeY
}

// direct turns a gradient into the direction of the next step (algorithm 7.4), given the diagonal of the negative
// Hessian up to a factor, which the last step tells.
func (h *history) direct(g, diagonal []float64) {
	last := len(h.steps) - 1
	for j := last; j >= 0; j-- {
		h.alpha[j] = dot(h.steps[j], g) / h.product[j]
		axpy(g, -h.alpha[j], h.changes[j])
	}
	factor := 0.5
	if last >= 0 {
		norm := 0.0
		for i, y := range h.changes[last] {
			norm += y * y / diagonal[i]
		}
		factor = h.product[last] / norm
	}
	for i, d := range diagonal {
		g[i] *= factor / d
	}
	for j := range h.steps {
		axpy(g, h.alpha[j]-dot(h.changes[j], g)/h.product[j], h.steps[j])
	}
}
