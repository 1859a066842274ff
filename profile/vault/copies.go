package vault

import (
	"github.com/patina-data/patina/profile"
)

// measureCopies releases how many distinct records occur how often, as an attribute of the row.
func (b *build) measureCopies(p *profile.Profile, x exits, pl plan) error {
	n, err := x.copies(b.table, pl.copies)
	if err != nil {
		return err
	}
	attr := profile.Attribute{Name: profile.RowCopies, Role: profile.RoleRow}
	m := profile.Measurement{
		Release: n.Event.ID, Attributes: []string{attr.Name}, Values: n.Values, Sigma: float64(n.Event.Sigma),
	}
	for i, r := range profile.CopyRanges() {
		attr.Codes = append(attr.Codes, profile.Code{Class: profile.CopyCount, Label: r.Label, Origin: profile.Schema})
		m.Cells = append(m.Cells, []int32{int32(i)})
	}
	p.Attributes = append(p.Attributes, attr)
	p.Measurements = append(p.Measurements, m)
	return nil
}
