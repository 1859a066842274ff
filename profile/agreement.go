package profile

import (
	"math"
	"slices"

	"github.com/patina-data/patina/profile/mess"
)

// The labels of class Agreement.
const (
	Agree  = "agree"
	Differ = "differ"
)

// AgreementName returns the name of the attribute that says how often a column's cells are about the same person as those
// of the column that [PersonColumns] names first.
func AgreementName(column string) string { return column + agreementSuffix }

// PersonColumns returns which columns of a table, given their kinds, say who a record is about, by name, address or user
// name: first the one that the others are held against, a name if there is any. It returns nil when there are fewer than two.
func PersonColumns(kinds []mess.Kind) []int {
	var of []int
	for i, k := range kinds {
		if k == mess.Name || k == mess.Email || k == mess.UserName {
			of = append(of, i)
		}
	}
	if len(of) < 2 {
		return nil
	}
	if at := slices.IndexFunc(of, func(i int) bool { return kinds[i] == mess.Name }); at > 0 {
		anchor := of[at]
		of = slices.Insert(slices.Delete(of, at, at+1), 0, anchor)
	}
	return of
}

// minAgreement is how many σ the records of which both cells could be read must be, for a share of them to mean anything.
const minAgreement = 7

// AgreementOf returns how many records have a cell in the column that agrees with the anchor's, and how many one that does
// not, from the measurement of [AgreementName]. They are whole numbers, so that they are the same on every machine. ok is
// false when it was not measured, or is no more than noise.
func AgreementOf(p *Profile, column string) (agree, differ int64, ok bool) {
	m, a := p.alone(AgreementName(column))
	if m == nil {
		return 0, 0, false
	}
	for i, cell := range m.Cells {
		n := whole(m.Values[i], maxCopied)
		if a.Codes[cell[0]].Label == Agree {
			agree = n
		} else {
			differ = n
		}
	}
	return agree, differ, agree+differ >= minAgreement*(whole(m.Sigma, maxCopiedNoise)+1)
}

// alone returns the measurement of one attribute, and the attribute; nil when there is none.
func (p *Profile) alone(attribute string) (*Measurement, *Attribute) {
	for i := range p.Measurements {
		if m := &p.Measurements[i]; len(m.Attributes) == 1 && m.Attributes[0] == attribute {
			return m, p.Attribute(attribute)
		}
	}
	return nil, nil
}

// addAgreements says how often the columns on persons agree with the first of them.
func (z *summarizer) addAgreements(columns []ColumnSummary) {
	kinds := make([]mess.Kind, len(columns))
	for i, c := range columns {
		kinds[i] = mess.Kind(c.Kind)
	}
	of := PersonColumns(kinds)
	for _, i := range of {
		if share := z.agreement(columns[i].Name); share != nil {
			columns[i].Agrees, columns[i].AgreesWith = share, columns[of[0]].Name
		}
	}
}

// agreement returns the share of the records with both cells that agree, or nil.
func (z *summarizer) agreement(column string) *Approx {
	agree, differ, ok := AgreementOf(z.p, column)
	if !ok {
		return nil
	}
	m, _ := z.p.alone(AgreementName(column))
	a, d := float64(agree), float64(differ)
	// The noise of a/(a + d), to first order.
	sd := m.Sigma * math.Hypot(a, d) / ((a + d) * (a + d))
	return &Approx{a / (a + d), z95 * sd}
}
