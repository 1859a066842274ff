package synth

import (
	"math/bits"
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
)

// cut cuts the column's bins at some edges. Values are taken to lie evenly in a bin, so each part has its width's share of the
// weight, of the parts in which there are numbers or times that the form writes.
func (c *column) cut(edges []mess.Edge) {
	if len(edges) == 0 {
		return
	}
	slices.SortFunc(edges, mess.Edge.Compare)
	edges = slices.Compact(edges)
	var total uint64
	for _, w := range c.cells {
		total += uint64(w.weight)
	}
	finer := max(0, 60-bits.Len64(total)) // bits: parts have shares of small weights too
	var out []writable
	for _, w := range c.cells {
		w.weight <<= finer
		out = append(out, c.cutOne(w, edges)...)
	}
	c.cells = out
}

// cutOne returns the parts of a cell.
func (c *column) cutOne(w writable, edges []mess.Edge) []writable {
	if w.value.Class != profile.Bin {
		return []writable{w}
	}
	var parts []writable
	rest := w
	for _, at := range edges {
		if rest.value.Lo.Compare(at) < 0 && at.Compare(rest.value.Hi) < 0 {
			part := rest
			part.value.Hi, rest.value.Lo = at, at
			parts = append(parts, part)
		}
	}
	parts = append(parts, rest)
	if len(parts) == 1 {
		return parts
	}
	fitting := slices.DeleteFunc(slices.Clone(parts), func(p writable) bool {
		return c.codec.Check(p.value.Span()) != nil || p.form != mess.AnyForm && !c.codec.Fits(p.value.Span(), p.form)
	})
	if len(fitting) == 0 {
		return []writable{w}
	}
	width := 0.0
	for _, p := range fitting {
		width += p.value.Hi.Float() - p.value.Lo.Float()
	}
	left := w.weight
	for i := range fitting {
		p := &fitting[i]
		share := (p.value.Hi.Float() - p.value.Lo.Float()) / width
		p.weight = min(left, int64(float64(float64(w.weight)*share)))
		if i == len(fitting)-1 {
			p.weight = left
		}
		left -= p.weight
	}
	return slices.DeleteFunc(fitting, func(p writable) bool { return p.weight == 0 })
}
