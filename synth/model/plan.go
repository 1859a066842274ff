package model

// A table is dense and row-major: the last axis varies fastest. Its axes are attributes in an order of its own.

// A plan says how the cells of a table map to those of a smaller one over some of its attributes: for each axis of the
// first, how far a step moves in the second. Axes that move alike are one.
type plan struct{ axes []axis }

type axis struct{ n, step int }

// planOf maps the table over big to that over small, whose attributes are among big's.
func (d Domain) planOf(big, small []int) plan {
	step := make(map[int]int, len(small))
	for i, n := len(small)-1, 1; i >= 0; i-- {
		step[small[i]] = n
		n *= d[small[i]]
	}
	p := plan{axes: make([]axis, 0, len(big))}
	for _, a := range big {
		x := axis{d[a], step[a]}
		if x.n == 1 {
			continue
		}
		if k := len(p.axes) - 1; k >= 0 && p.axes[k].step == x.n*x.step {
			p.axes[k] = axis{p.axes[k].n * x.n, x.step}
			continue
		}
		p.axes = append(p.axes, x)
	}
	if len(p.axes) == 0 {
		p.axes = append(p.axes, axis{1, 0})
	}
	return p
}

// A walk goes through the cells of the big table in order, a run of the last axis at a time.
type walk struct {
	axes []axis
	at   [32]int // the position on each axis; tables have at most 31 (maxTable)
	off  int     // the cell of the small table
}

// from starts a walk at a cell of the big table.
func (p plan) from(cell int) walk {
	w := walk{axes: p.axes}
	for k := len(p.axes) - 1; k >= 0; k-- {
		x := p.axes[k]
		w.at[k] = cell % x.n
		w.off += w.at[k] * x.step
		cell /= x.n
	}
	return w
}

// run returns how many cells, at most limit, lie on the last axis from here, and the cell of the small table that the
// first maps to; the walk moves past them.
func (w *walk) run(limit int) (n, off int) {
	k := len(w.axes) - 1
	off = w.off
	n = min(w.axes[k].n-w.at[k], limit)
	w.at[k] += n
	w.off += n * w.axes[k].step
	for ; k > 0 && w.at[k] == w.axes[k].n; k-- {
		w.off += w.axes[k-1].step - w.axes[k].n*w.axes[k].step
		w.at[k] = 0
		w.at[k-1]++
	}
	return n, off
}

// last is the step of the last axis.
func (p plan) last() int { return p.axes[len(p.axes)-1].step }

// add adds small, repeated along what it lacks, to the cells of big from cell lo on, which dst holds.
func (p plan) add(dst []float64, lo int, small []float64) {
	step := p.last()
	for w := p.from(lo); len(dst) > 0; {
		n, off := w.run(len(dst))
		run := dst[:n]
		dst = dst[n:]
		switch step {
		case 0:
			v := small[off]
			for i := range run {
				run[i] += v
			}
		case 1:
			for i, v := range small[off : off+n] {
				run[i] += v
			}
		default:
			for i := range run {
				run[i] += small[off]
				off += step
			}
		}
	}
}

// sum adds the cells of big from cell lo on, which src holds, up into those of small.
func (p plan) sum(small, src []float64, lo int) {
	step := p.last()
	for w := p.from(lo); len(src) > 0; {
		n, off := w.run(len(src))
		run := src[:n]
		src = src[n:]
		switch step {
		case 0:
			small[off] += total(run)
		case 1:
			to := small[off : off+n]
			for i, v := range run[:len(to)] {
				to[i] += v
			}
		default:
			for _, v := range run {
				small[off] += v
				off += step
			}
		}
	}
}

// total adds up in four strands, which a processor does side by side; the order is part of the result.
func total(x []float64) float64 {
	var a, b, c, d float64
	for ; len(x) >= 4; x = x[4:] {
		a += x[0]
		b += x[1]
		c += x[2]
		d += x[3]
	}
	for _, v := range x {
		a += v
	}
	return (a + b) + (c + d)
}
