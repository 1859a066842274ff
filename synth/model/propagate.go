package model

import (
	"math"
	"sync"
	"sync/atomic"
)

// A network is a junction forest with the regions that its potentials are made of. Belief propagation on it is that of
// Shafer and Shenoy up the tree, in logarithms, and of Hugin down: on the way up a node's table becomes the
// distribution of its attributes given the separator, row by row, which no contradiction between parts of the tree
// can make underflow; on the way down each row is multiplied by its probability.
type network struct {
	*known
	d       Domain
	nodes   []*node
	levels  []int
	workers int
	feeds   [][]feed // per node: what its potential is the sum of
	tasks   [][]part // per level
	outer   []int    // regions that lie in no other
	reads   int      // cells that summing up the outer regions goes through
}

// A feed is a table over some attributes of a node.
type feed struct {
	plan  plan
	table []float64
}

// A part is some rows of a node's table.
type part struct{ node, from, to int }

// partCells is about how many cells of a table are worked on at once: few enough to stay in a core's cache.
const partCells = 8 << 10

// aloneCells is how many cells one worker goes through before a second would have started.
const aloneCells = 16 << 10

func newNetwork(d Domain, k *known, workers int) *network {
	n := &network{known: k, d: d, workers: workers}
	n.nodes, n.levels = d.junction(k.cliques())
	n.feeds = make([][]feed, len(n.nodes))
	for node, regions := range n.house() {
		n.fold(node, n.nodes[node].attrs, regions)
	}
	for i, r := range k.regions {
		if r.within < 0 {
			n.feeds[r.node] = append(n.feeds[r.node], feed{r.up, r.table})
			n.outer = append(n.outer, i)
			n.reads += d.cells(n.nodes[r.node].attrs)
		}
	}
	for _, c := range n.nodes {
		c.table = make([]float64, c.rows*c.width)
		c.message, c.scale = make([]float64, c.rows), make([]float64, c.rows)
		if c.parent >= 0 {
			n.feeds[c.parent] = append(n.feeds[c.parent], feed{c.toSep, c.message})
		}
	}
	first := 0
	for _, end := range n.levels {
		var parts []part
		for i := first; i < end; i++ {
			c := n.nodes[i]
			step := max(1, partCells/c.width)
			for from := 0; from < c.rows; from += step {
				parts = append(parts, part{i, from, min(from+step, c.rows)})
			}
		}
		n.tasks = append(n.tasks, parts)
		first = end
	}
	return n
}

// calibrate turns potentials, the logarithms of factors given per measured cell, into the probabilities of all tables
// of nodes and regions, and returns the logarithm of the normalising constant: −∞ when nothing is possible.
func (n *network) calibrate(potential []float64) (logZ float64) {
	n.each(len(n.outer), len(n.value), func(i int) { n.gather(n.outer[i], potential) })
	for level := len(n.tasks) - 1; level >= 0; level-- {
		tasks := n.tasks[level]
		n.each(len(tasks), n.size(level), func(i int) { n.rise(tasks[i]) })
	}
	for i := range n.nodes[:n.levels[0]] {
		logZ += n.settle(n.nodes[i])
	}
	if math.IsInf(logZ, -1) {
		return logZ
	}
	for level, tasks := range n.tasks {
		first := 0
		if level > 0 {
			first = n.levels[level-1]
			n.each(n.levels[level]-first, n.size(level-1), func(i int) { n.descend(n.nodes[first+i]) })
		}
		n.each(len(tasks), n.size(level), func(i int) { n.spread(tasks[i]) })
	}
	n.each(len(n.outer), n.reads, func(i int) { n.scatter(n.outer[i], nil) })
	return logZ
}

// size is the cells of the tables of a level.
func (n *network) size(level int) (cells int) {
	for _, p := range n.tasks[level] {
		cells += (p.to - p.from) * n.nodes[p.node].width
	}
	return cells
}

// gather sums the potentials of a region and of those in it.
func (n *network) gather(i int, potential []float64) {
	r := n.regions[i]
	clear(r.table)
	for k, c := range r.cells {
		r.table[c] = potential[r.from+k]
	}
	for _, c := range r.zeros {
		r.table[c] = math.Inf(-1)
	}
	for _, j := range r.inner {
		n.gather(j, potential)
		n.regions[j].up.add(r.table, 0, n.regions[j].table)
	}
}

// rise sums the potentials of some rows of a node, normalises each, and writes the rows' messages.
func (n *network) rise(p part) {
	c := n.nodes[p.node]
	t := c.table[p.from*c.width : p.to*c.width]
	clear(t)
	for _, f := range n.feeds[p.node] {
		f.plan.add(t, p.from*c.width, f.table)
	}
	for r := p.from; r < p.to; r++ {
		c.scale[r], c.message[r] = normalise(t[:c.width])
		t = t[c.width:]
	}
}

// settle turns the messages of a root's rows into what the rows are multiplied with, and returns the logarithm of
// their sum.
func (n *network) settle(c *node) (log float64) {
	_, log = normalise(c.message)
	sum := total(c.message)
	for r, s := range c.scale {
		if s > 0 {
			c.scale[r] = c.message[r] / sum / s
		}
	}
	return log
}

// descend does so for another node, whose rows' probabilities its parent knows.
func (n *network) descend(c *node) {
	parent := n.nodes[c.parent]
	clear(c.message)
	c.toSep.sum(c.message, parent.table, 0)
	for r, s := range c.scale {
		if s > 0 {
			c.scale[r] = c.message[r] / s
		}
	}
}

func (n *network) spread(p part) {
	c := n.nodes[p.node]
	t := c.table[p.from*c.width:]
	for r := p.from; r < p.to; r++ {
		s := c.scale[r]
		row := t[:c.width]
		for i := range row {
			row[i] *= s
		}
		t = t[c.width:]
	}
}

// scatter sums the probabilities of a region, and of those in it, from those of what holds it.
func (n *network) scatter(i int, from []float64) {
	r := n.regions[i]
	if from == nil {
		from = n.nodes[r.node].table
	}
	clear(r.table)
	r.up.sum(r.table, from, 0)
	for _, j := range r.inner {
		n.scatter(j, r.table)
	}
}

// each does n tasks, of so many cells in all, on as many workers as that is worth. The tasks write to different
// places, so that the result is the same whoever does which.
func (n *network) each(tasks, cells int, do func(i int)) {
	workers := min(n.workers, tasks)
	if cells < aloneCells {
		workers = 1
	}
	parallel(workers, tasks, do)
}

// parallel hands a panic over to whoever called it, who can recover from it; in a goroutine of its own nobody could.
func parallel(workers, tasks int, do func(i int)) {
	if workers <= 1 {
		for i := range tasks {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var panicked atomic.Pointer[any]
	var wait sync.WaitGroup
	for range workers {
		wait.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					panicked.Store(&v)
				}
			}()
			for i := int(next.Add(1)) - 1; i < tasks && panicked.Load() == nil; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
	if v := panicked.Load(); v != nil {
		panic(*v)
	}
}
