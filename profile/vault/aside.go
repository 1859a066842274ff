package vault

import (
	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/vault/internal/encode"
)

// An aside is what is measured of a column beside its values and forms. The model says nothing of it.
type aside struct {
	attribute   profile.Attribute
	measurement profile.Measurement
}

// measureAsides makes the releases that are about columns of some kinds, which the columns pay for together. Which columns
// those are follows from their kinds.
func measureAsides(jobs []*columnJob, x exits, pl *plan) error {
	kinds := make([]mess.Kind, len(jobs))
	var guarded []*columnJob
	for i, j := range jobs {
		kinds[i] = j.codec.Kind()
		if j.openLiterals() {
			guarded = append(guarded, j)
		}
	}
	if of := profile.PersonColumns(kinds); of != nil {
		people := make([]*columnJob, len(of))
		for i, at := range of {
			people[i] = jobs[at]
		}
		if err := measureAgreements(people, x, pl); err != nil {
			return err
		}
	}
	if len(guarded) == 0 {
		return nil
	}
	return measureWithheld(guarded, x, pl)
}

// measureAgreements releases how often each column on persons agrees with the first.
func measureAgreements(people []*columnJob, x exits, pl *plan) error {
	cells := encoded(people)
	n, err := x.agreements(cells[0], cells[1:], pl.takeColumns(shareAgreement))
	if err != nil {
		return err
	}
	for i, j := range people[1:] {
		labels := []string{profile.Agree, profile.Differ}
		j.addAside(profile.AgreementName(j.name), profile.RoleAgreement, profile.Agreement, labels, profile.Schema, n, n.Values[2*i:2*i+2])
	}
	return nil
}

// minWithheld is how many σ a reason's count must be to be kept: of a thousand reasons and columns without a cell, one is
// kept by chance in one of thirty runs.
const minWithheld = 4

// measureWithheld releases how many cells of each column may not become a category, by reason, and keeps what stands out of the
// noise.
func measureWithheld(guarded []*columnJob, x exits, pl *plan) error {
	n, err := x.withheld(encoded(guarded), pl.takeColumns(shareWithheld))
	if err != nil {
		return err
	}
	reasons := mess.Reasons()
	for i, j := range guarded {
		var labels []string
		var values []float64
		for k, v := range n.Values[i*len(reasons) : (i+1)*len(reasons)] {
			if v >= minWithheld*float64(n.Event.Sigma) {
				labels, values = append(labels, reasons[k]), append(values, v)
			}
		}
		if labels != nil {
			j.addAside(profile.WithheldName(j.name), profile.RoleWithheld, profile.Withheld, labels, profile.Learnt, n, values)
		}
	}
	return nil
}

// encoded returns the cells of columns.
func encoded(jobs []*columnJob) []*encode.Column {
	cells := make([]*encode.Column, len(jobs))
	for i, j := range jobs {
		cells[i] = j.cells
	}
	return cells
}

// addAside adds an attribute with a code for each label, and values that are part of a release.
func (j *columnJob) addAside(name string, role profile.Role, class profile.Class, labels []string, origin profile.Origin, n dp.Noisy, values []float64) {
	a := aside{
		attribute:   profile.Attribute{Name: name, Column: j.name, Role: role},
		measurement: profile.Measurement{Release: n.Event.ID, Attributes: []string{name}, Values: values, Sigma: float64(n.Event.Sigma)},
	}
	for i, label := range labels {
		a.attribute.Codes = append(a.attribute.Codes, profile.Code{Class: class, Label: label, Origin: origin})
		a.measurement.Cells = append(a.measurement.Cells, []int32{int32(i)})
	}
	j.asides = append(j.asides, a)
}

// openLiterals reports whether cells of the column may become categories that nobody declared.
func (j *columnJob) openLiterals() bool { return j.codec.Literal() && j.declared == nil }
