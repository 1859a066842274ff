package vault

import (
	"fmt"
	"math"
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// An interval of the tree is cut when its count stands splitAbove σ above nothing, and stays apart from its
// neighbours when it stands keepAbove σ above nothing.
const (
	splitAbove = 10
	keepAbove  = 3
	wideAbove  = 400 // then it is cut in a hundred rather than ten
)

// maxBins bounds a column's bins.
const maxBins = 1024

// findBins grows an order-preserving tree over the axis: the public roots, then the children of every interval whose
// released count is large. Intervals that do not stand out are joined with their neighbours.
func (j *columnJob) findBins() error {
	axis := j.codec.Axis()
	if axis == nil {
		return nil
	}
	roots := axis.Roots(j.decimals)
	leaves := j.aroundAtoms(axis, roots)
	if _, significant := j.unresolved(false); significant {
		var err error
		if leaves, err = j.growTree(axis, roots); err != nil {
			return err
		}
	}
	for _, l := range clip(leaves, typeRange(j.column.Type)) {
		origin := profile.Learnt
		if l.weak && l.root {
			origin = profile.Rest
		}
		j.value = append(j.value, profile.Code{Class: profile.Bin, Lo: l.span.Lo, Hi: l.span.Hi, Origin: origin})
	}
	return nil
}

// aroundAtoms returns the axis in up to three intervals, for a column whose values are hardly any but atoms: the one
// that the atoms span, because what else there is will be near them, and those on either side.
func (j *columnJob) aroundAtoms(axis mess.Axis, roots []mess.Span) []leaf {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, c := range j.value {
		if v, _, ok := j.codec.Parse(record.Cell{Tag: record.Text, Text: c.Label}); ok && c.Class == profile.Atom {
			lo, hi = min(lo, v.Pos), max(hi, v.Pos)
		}
	}
	cuts := []mess.Edge{roots[0].Lo, roots[len(roots)-1].Hi}
	if lo <= hi {
		cuts = []mess.Edge{cuts[0], j.childOf(axis, roots, lo).Lo, j.childOf(axis, roots, hi).Hi, cuts[1]}
	}
	if at := slices.IndexFunc(cuts, func(e mess.Edge) bool { return e.M >= 0 }); at > 0 && cuts[at].M > 0 {
		cuts = slices.Insert(cuts, at, mess.Edge{}) // never across zero
	}
	var leaves []leaf
	for i := range len(cuts) - 1 {
		if cuts[i].Compare(cuts[i+1]) < 0 {
			leaves = append(leaves, leaf{span: mess.Span{Lo: cuts[i], Hi: cuts[i+1]}, weak: true, root: true, group: i})
		}
	}
	return leaves
}

// childOf returns the part of a root that holds pos.
func (j *columnJob) childOf(axis mess.Axis, roots []mess.Span, pos float64) mess.Span {
	root := holding(roots, pos)
	if parts := axis.Split(root, 10, j.decimals); parts != nil {
		return holding(parts, pos)
	}
	return root
}

// holding returns the span that holds pos, of contiguous ones that together do.
func holding(spans []mess.Span, pos float64) mess.Span {
	lows := make([]float64, len(spans))
	for i, s := range spans {
		lows[i] = s.Lo.Float()
	}
	return spans[max(0, mess.Locate(lows, pos))]
}

// A leaf is an interval of the tree, in the end one that is not cut further.
type leaf struct {
	span  mess.Span
	weak  bool // nothing in it stands out from the noise
	root  bool // it was not cut from an interval in which something does
	group int  // leaves of different groups are never joined
}

// plant returns the roots of the tree: one group below zero, one from there on.
func plant(roots []mess.Span) []leaf {
	leaves := make([]leaf, len(roots))
	for i, s := range roots {
		leaves[i] = leaf{span: s, root: true}
		if s.Lo.M >= 0 {
			leaves[i].group = 1
		}
	}
	return leaves
}

// growTree releases the tree level by level and returns its leaves in order, weak siblings joined.
func (j *columnJob) growTree(axis mess.Axis, roots []mess.Span) ([]leaf, error) {
	coder := profile.NewCoder(j.value, nil)
	pending, groups := plant(roots), 2
	var leaves []leaf
	for level := 0; level < len(shareLevels) && len(pending) > 0; level++ {
		spans := make([]mess.Span, len(pending))
		for i, l := range pending {
			spans[i] = l.span
		}
		counts, err := j.exits.grid(j.name, j.cells, coder, spans, j.purse.take(shareLevels[level]))
		if err != nil {
			return nil, err
		}
		var next []leaf
		for i, l := range pending {
			z := counts.Values[i] / float64(counts.Event.Sigma)
			var children []mess.Span
			if level+1 < len(shareLevels) {
				children = j.children(axis, l.span, z)
			}
			if others := len(leaves) + len(next) + len(pending) - i - 1; others+len(children) > maxBins {
				children = nil
			}
			if children == nil {
				l.weak = z < keepAbove
				leaves = append(leaves, l)
				continue
			}
			for _, c := range children {
				next = append(next, leaf{span: c, group: groups})
			}
			groups++
		}
		pending = next
	}
	return j.cutNearStrong(axis, joinWeak(leaves)), nil
}

// cutNearStrong cuts from weak leaves the part next to a strong one: what little a weak leaf holds is most likely there,
// and the final marginal will tell.
func (j *columnJob) cutNearStrong(axis mess.Axis, leaves []leaf) []leaf {
	strong := func(i int) bool { return i >= 0 && i < len(leaves) && !leaves[i].weak }
	var out []leaf
	for i, l := range leaves {
		var parts []mess.Span
		if l.weak && (strong(i-1) || strong(i+1)) {
			parts = axis.Split(l.span, 10, j.decimals)
		}
		if others := len(out) + len(leaves) - i - 1; len(parts) < 3 || others+3 > maxBins {
			out = append(out, l)
			continue
		}
		first, last := l, l
		if strong(i - 1) {
			first.span = parts[0]
			out = append(out, first)
			l.span.Lo = parts[0].Hi
		}
		if strong(i + 1) {
			last.span = parts[len(parts)-1]
			l.span.Hi = last.span.Lo
			out = append(out, l, last)
			continue
		}
		out = append(out, l)
	}
	return out
}

// children cuts an interval whose count stands z σ above nothing, or returns nil.
func (j *columnJob) children(axis mess.Axis, s mess.Span, z float64) []mess.Span {
	switch {
	case z > wideAbove:
		return axis.Split(s, 100, j.decimals)
	case z > splitAbove:
		return axis.Split(s, 10, j.decimals)
	}
	return nil
}

// joinWeak puts leaves in order and joins weak neighbours of one group: what their parent held is known to be there,
// if not where in it.
func joinWeak(leaves []leaf) []leaf {
	slices.SortFunc(leaves, func(a, b leaf) int { return a.span.Lo.Compare(b.span.Lo) })
	var out []leaf
	for _, l := range leaves {
		if n := len(out); l.weak && n > 0 && out[n-1].weak && l.group == out[n-1].group {
			out[n-1].span.Hi = l.span.Hi
			continue
		}
		out = append(out, l)
	}
	return out
}

// typeRange returns the interval of the numbers that a physical type holds, which is public, or the zero Span where the
// axis is narrower, or the type does not say.
func typeRange(t record.Type) mess.Span {
	edge := func(m int64) mess.Edge { return mess.Edge{M: m} } // powers of two have no trailing zeros
	for _, bits := range []int{8, 16, 32} {
		if t.Is(fmt.Sprintf("int%d", bits)) {
			return mess.Span{Lo: edge(-1 << (bits - 1)), Hi: edge(1 << (bits - 1))}
		}
		if t.Is(fmt.Sprintf("uint%d", bits)) {
			return mess.Span{Hi: edge(1 << bits)}
		}
	}
	switch { // edges have 15 digits: these are the widest that do
	case t.Is("int64", "duration"):
		return mess.Span{Lo: mess.Edge{M: -922337203685477, E: 4}, Hi: mess.Edge{M: 922337203685477, E: 4}}
	case t.Is("uint64"):
		return mess.Span{Hi: mess.Edge{M: 1, E: 19}}
	case t == record.ListType || t == record.MapType:
		return mess.Span{Hi: edge(1 << 31)}
	}
	return mess.Span{}
}

// clip cuts the leaves to the range.
func clip(leaves []leaf, within mess.Span) []leaf {
	if within == (mess.Span{}) {
		return leaves
	}
	var out []leaf
	for _, l := range leaves {
		if l.span.Hi.Compare(within.Lo) <= 0 || l.span.Lo.Compare(within.Hi) >= 0 {
			continue
		}
		if l.span.Lo.Compare(within.Lo) < 0 {
			l.span.Lo = within.Lo
		}
		if l.span.Hi.Compare(within.Hi) > 0 {
			l.span.Hi = within.Hi
		}
		out = append(out, l)
	}
	return out
}
