package profile

import (
	"cmp"
	"slices"
)

// WithheldName returns the name of the attribute that says why cells of a column could not become labels, however
// frequent: the reasons of package mess.
func WithheldName(column string) string { return column + withheldSuffix }

// withheld lists the reasons for which cells of the column were withheld, with their shares of the records.
func (z *summarizer) withheld(c Column) []Item {
	m, a := z.p.alone(WithheldName(c.Name))
	if m == nil {
		return nil
	}
	var list []Item
	for i, cell := range m.Cells {
		code := a.Codes[cell[0]]
		list = append(list, Item{
			Label: code.Readable(c.Kind), Class: code.Class, Origin: code.Origin,
			Share: Approx{m.Values[i] / z.rows, z95 * m.Sigma / z.rows}, Code: int(cell[0]),
		})
	}
	slices.SortStableFunc(list, func(a, b Item) int { return cmp.Compare(b.Share.Value, a.Share.Value) })
	return list
}
