package vault

import (
	"fmt"
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault/internal/encode"
	"github.com/patina-data/patina/profile/vault/internal/raw"
)

// What is released about the table as a whole: the shapes of its records, the kinds of its columns.

// measureShapes releases how many fields rows have, as an attribute of the row.
func (b *build) measureShapes(p *profile.Profile, x exits, pl plan) error {
	selected, event, err := x.shapes(b.table, pl.shapes, pl.delta)
	if err != nil {
		return err
	}
	attr := profile.Attribute{Name: profile.RowShape, Role: profile.RoleRow, Codes: []profile.Code{
		{Class: profile.OtherShape, Origin: profile.Schema},
		{Class: profile.Shape, Label: "0", Origin: profile.Schema},
	}}
	m := profile.Measurement{Release: event.ID, Attributes: []string{attr.Name}, Sigma: float64(event.Sigma)}
	for _, s := range selected {
		at := int32(1)
		if s.Key != "0" {
			at = int32(len(attr.Codes))
			attr.Codes = append(attr.Codes, profile.Code{Class: profile.Shape, Label: s.Key, Origin: profile.Learnt})
		}
		m.Cells, m.Values = append(m.Cells, []int32{at}), append(m.Values, s.Value)
	}
	p.Attributes = append(p.Attributes, attr)
	if len(m.Cells) > 0 {
		p.Measurements = append(p.Measurements, m)
	}
	return nil
}

// kindOf returns a column's kind when the spec or the physical schema says it.
func (b *build) kindOf(c record.Column) (mess.Kind, profile.Origin) {
	if d := b.spec.Column(c.Name); d != nil && d.Kind != "" {
		return d.Kind, profile.Declared
	}
	if k, ok := spec.KindOf(c.Type); ok {
		return k, profile.Schema
	}
	if b.schema.Format == record.JSONL && isLength(c.Name) {
		return mess.Integer, profile.Schema
	}
	return "", profile.Learnt
}

// undeclared reports whether some column's kind is still to be learnt.
func (b *build) undeclared() bool {
	return slices.ContainsFunc(b.columns, func(c record.Column) bool {
		_, origin := b.kindOf(c)
		return origin == profile.Learnt
	})
}

// jobs decides each column's kind, by a released vote where nothing else says it, and sets up its measurement.
func (b *build) jobs(p *profile.Profile, x exits, pl *plan) ([]*columnJob, error) {
	pl.setAside(len(b.columns), p.Manifest.Rows)
	kinds := make([]mess.Kind, len(b.columns))
	dayFirst := make([]bool, len(b.columns))
	origins := make([]profile.Origin, len(b.columns))
	var open []int
	for i, c := range b.columns {
		if kinds[i], origins[i] = b.kindOf(c); origins[i] == profile.Learnt {
			open = append(open, i)
		}
	}
	if err := b.vote(x, *pl, open, kinds, dayFirst); err != nil {
		return nil, err
	}
	for i, c := range b.columns {
		if b.isKey(c.Name) {
			kinds[i], origins[i] = keyKind(kinds[i]), profile.Declared
		}
	}
	jobs := make([]*columnJob, len(b.columns))
	for i, c := range b.columns {
		j := &columnJob{
			column: c, name: c.Name, format: b.schema.Format, origin: origins[i], exits: x,
			rows: p.Manifest.Rows, rowSigma: p.Manifest.RowSigma, weight: b.spec.Weight(c.Name),
		}
		var err error
		if j.codec, err = mess.ForKind(kinds[i]); err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		if origins[i] == profile.Learnt && keepLiterals[kinds[i]] > 0 {
			j.suspect = j.codec
			if j.codec, err = mess.ForKind(mess.Category); err != nil {
				return nil, err
			}
		}
		if d := b.spec.Column(c.Name); d != nil {
			if j.declared = d.Values; b.isKey(c.Name) {
				j.declared = nil
			}
			if d.DayFirst != nil {
				dayFirst[i] = *d.DayFirst
			}
		}
		if dayFirst[i] && (kinds[i] == mess.Date || kinds[i] == mess.Timestamp) {
			j.dayFirst, j.codec = true, mess.DayFirst(j.codec)
		}
		j.raw = &b.table.Columns[i]
		j.cells = encode.New(j.codec, j.raw)
		jobs[i] = j
	}
	if err := measureAsides(jobs, x, pl); err != nil {
		return nil, err
	}
	for _, j := range jobs {
		j.purse = pl.purse(len(jobs))
	}
	return jobs, nil
}

// vote releases what the cells of the open columns look like and elects their kinds, and the order of their dates.
func (b *build) vote(x exits, pl plan, open []int, kinds []mess.Kind, dayFirst []bool) error {
	if len(open) == 0 {
		return nil
	}
	columns := make([]*raw.Column, len(open))
	for i, at := range open {
		columns[i] = &b.table.Columns[at]
	}
	votes, err := x.kinds(columns, pl.kinds)
	if err != nil {
		return err
	}
	options := len(mess.Ballot())
	for i, at := range open {
		cast, sigma := votes.Values[i*options:(i+1)*options], float64(votes.Event.Sigma)
		kinds[at], dayFirst[at] = mess.Elect(cast, sigma), mess.ElectDayFirst(cast, sigma)
	}
	return nil
}
