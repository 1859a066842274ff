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

// A walk goes through the cells of the big table in order, a block of its last two axes at a time: the blocks' inner
// loops are where the time goes.
type walk struct {
	outer []axis // all but the last two
	rows  axis   // the last but one
	run   axis   // the last
	row   int    // the position on rows, and
	col   int    // on run, where the walk starts
	at    [32]int
	off   int // the cell of the small table that the block starts at, with row; tables have at most 31 axes (maxTable)
}

// from starts a walk at a cell of the big table.
func (p plan) from(cell int) walk {
	k := len(p.axes) - 1
	w := walk{run: p.axes[k], rows: axis{1, 0}}
	w.col, cell = cell%w.run.n, cell/w.run.n
	if k > 0 {
		w.rows, w.outer = p.axes[k-1], p.axes[:k-1]
	}
	w.row, cell = cell%w.rows.n, cell/w.rows.n
	w.off = w.row * w.rows.step
	for i := len(w.outer) - 1; i >= 0; i-- {
		x := w.outer[i]
		w.at[i], cell = cell%x.n, cell/x.n
		w.off += w.at[i] * x.step
	}
	return w
}

// next goes on to the next block.
func (w *walk) next() {
	w.off -= w.rows.n * w.rows.step
	w.row = 0
	for i := len(w.outer) - 1; i >= 0; i-- {
		x := w.outer[i]
		w.off += x.step
		if w.at[i]++; w.at[i] < x.n {
			return
		}
		w.off -= x.n * x.step
		w.at[i] = 0
	}
}

// add adds small, repeated along what it lacks, to the cells of big from cell lo on, which dst holds.
func (p plan) add(dst []float64, lo int, small []float64) {
	for w := p.from(lo); len(dst) > 0; w.next() {
		for ; w.row < w.rows.n && len(dst) > 0; w.row++ {
			n, off := min(w.run.n-w.col, len(dst)), w.off+w.col*w.run.step
			run := dst[:n]
			switch w.run.step {
			case 0:
				v := small[off]
				for i := range run {
					run[i] += v
				}
			case 1:
				for i, v := range small[off:][:len(run)] {
					run[i] += v
				}
			default:
				for i := range run {
					run[i] += small[off]
					off += w.run.step
				}
			}
			dst = dst[n:]
			w.col = 0
			w.off += w.rows.step
		}
	}
}

// sum adds the cells of big from cell lo on, which src holds, up into those of small.
func (p plan) sum(small, src []float64, lo int) {
	for w := p.from(lo); len(src) > 0; w.next() {
		for ; w.row < w.rows.n && len(src) > 0; w.row++ {
			n, off := min(w.run.n-w.col, len(src)), w.off+w.col*w.run.step
			run := src[:n]
			switch w.run.step {
			case 0:
				small[off] += total(run)
			case 1:
				to := small[off:][:len(run)]
				for i, v := range run {
					to[i] += v
				}
			default:
				for _, v := range run {
					small[off] += v
					off += w.run.step
				}
			}
			src = src[n:]
			w.col = 0
			w.off += w.rows.step
		}
	}
}

// cells lists, for the first n cells of big, the cells of small that they map to.
func (p plan) cells(n int) []int32 {
	out := make([]int32, 0, n)
	for w := p.from(0); len(out) < n; w.next() {
		for ; w.row < w.rows.n; w.row++ {
			for i := range w.run.n {
				out = append(out, int32(w.off+i*w.run.step))
			}
			w.off += w.rows.step
		}
	}
	return out
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
