package model

import "fmt"

// Tables that share attributes overlap: what is added to the potentials of one over these attributes and taken off those of another changes no
// probability, and so only the ridge of the dual, which is flat where there are many records. To climb along that is slow, and needless: how to
// share a sum out over overlapping tables so that the dual is largest has a closed form. The ascent goes in such directions only.

// A gauge is a set of attributes that several wholly measured regions have, and how their cells lie over it.
type gauge struct {
	size    int
	members []member
	scale   []float64 // [cell over the attributes] 1/Σ 1/stiffness
	mean    []float64 // scratch
}

// A member is a region of a gauge.
type member struct {
	from, to  int
	over      []int32   // [cell measured] over the gauge's attributes
	stiffness []float64 // Σ τσ² of the region's cells, 0 where none is possible
	pull      []float64 // scratch
}

// gauges returns those of a model: over each attribute, and over the attributes of each region that lies in others.
func (m *Model) gauges(tau float64) (all []gauge) {
	seen := map[string]bool{}
	add := func(attrs []int) {
		key := fmt.Sprint(attrs)
		if seen[key] {
			return
		}
		seen[key] = true
		g := gauge{size: m.d.cells(attrs)}
		for _, r := range m.net.regions {
			if len(r.cells) > 0 && len(r.cells)+len(r.zeros) == len(r.table) && holds(r.attrs, attrs) {
				g.members = append(g.members, m.newMember(r, attrs, g.size, tau))
			}
		}
		if len(g.members) > 1 {
			all = append(all, g.scaled())
		}
	}
	for _, r := range m.net.regions {
		if len(r.attrs) > 1 {
			add(r.attrs)
		}
	}
	for a := range m.d {
		add([]int{a})
	}
	return all
}

func (m *Model) newMember(r *region, attrs []int, size int, tau float64) member {
	k := member{from: r.from, to: r.to, over: make([]int32, len(r.cells)), stiffness: make([]float64, size), pull: make([]float64, size)}
	for i, c := range r.cells {
		at, rest := int32(0), c
		weight := int32(1)
		for j := len(r.attrs) - 1; j >= 0; j-- {
			code := rest % int32(m.d[r.attrs[j]])
			rest /= int32(m.d[r.attrs[j]])
			if holds(attrs, r.attrs[j:j+1]) {
				at += code * weight
				weight *= int32(m.d[r.attrs[j]])
			}
		}
		k.over[i] = at
		k.stiffness[at] += float64(tau * m.net.variance[r.from+i])
	}
	return k
}

func (g gauge) scaled() gauge {
	g.scale, g.mean = make([]float64, g.size), make([]float64, g.size)
	for x := range g.scale {
		for _, k := range g.members {
			if k.stiffness[x] > 0 {
				g.scale[x] += 1 / k.stiffness[x]
			}
		}
		if g.scale[x] > 0 {
			g.scale[x] = 1 / g.scale[x]
		}
	}
	return g
}

// share shares sums out over the members: it maximises Σ value·v − ½ τσ²v² over all v with the same sums. A nil value is zero, which leaves of a
// direction what does not only shift.
func (g *gauge) share(v, value, variance []float64, tau float64) {
	clear(g.mean)
	for i := range g.members {
		k := &g.members[i]
		clear(k.pull)
		for j, x := range k.over {
			at := k.from + j
			k.pull[x] -= float64(tau * variance[at] * v[at])
			if value != nil {
				k.pull[x] += value[at]
			}
		}
		for x, s := range k.stiffness {
			if s > 0 {
				g.mean[x] += k.pull[x] / s
			}
		}
	}
	for i := range g.members {
		k := &g.members[i]
		for j, x := range k.over {
			v[k.from+j] += (k.pull[x] - float64(g.mean[x]*g.scale[x])) / k.stiffness[x]
		}
	}
}

// gaugeRounds is how often the gauges are gone through, one after the other: what one of them shares out moves the next a little.
const gaugeRounds = 2

// share shares sums out over all overlapping tables.
func (f *fit) share(v, value []float64) {
	for range gaugeRounds {
		for i := range f.gauge {
			f.gauge[i].share(v, value, f.net.variance, f.tau)
		}
	}
}
