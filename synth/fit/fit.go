// Package fit makes the tables that records are sampled from out of what a profile measured. It sees released values only, so
// whoever has the profile can do it again.
//
//  1. [Column] fits a table over a column's values and forms to the column's own measurements.
//  2. [Tables] does so for all columns, fits a model over the columns' views to what was measured across columns, and adds what
//     was measured of rows.
//
// The vault makes a profile's tables with it, and so does whoever samples from fresh ones: equal measurements make equal tables,
// on every machine.
package fit

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/synth/model"
)

// A Result is the fitted tables of a profile, in the order that profiles have them.
type Result struct {
	Tables []profile.Table

	// Gap is how far the model across columns may be from the best fit, as a share of what noise alone leaves of the misfit; more
	// than [profile.MaxGap] when the fit did not converge. It is 0 where nothing was measured across columns.
	Gap float64
}

// Tables fits the tables of a profile, of which those that it has, if any, are not looked at.
func Tables(ctx context.Context, p *profile.Profile) (Result, error) {
	var r Result
	var err error
	g := newGathered(p)
	if r.Tables, r.Gap, err = g.across(ctx); err != nil {
		return Result{}, err
	}
	for i := range p.Attributes {
		if t := g.row(&p.Attributes[i]); len(t.Cells) > 0 {
			r.Tables = append(r.Tables, t)
		}
	}
	for _, c := range p.Manifest.Columns {
		t, err := g.column(c, math.MaxInt)
		if err != nil {
			return Result{}, err
		}
		if len(t.Cells) > 0 {
			r.Tables = append(r.Tables, t)
		}
	}
	return r, nil
}

// gathered is a profile with what was measured of each column, or of each attribute of the row, by itself.
type gathered struct {
	p          *profile.Profile
	attributes map[string]*profile.Attribute
	own        map[string][]profile.Measurement // by the column's name, or the attribute's
	joint      []profile.Measurement            // across columns
}

func newGathered(p *profile.Profile) *gathered {
	g := &gathered{p: p, attributes: map[string]*profile.Attribute{}, own: map[string][]profile.Measurement{}}
	for i := range p.Attributes {
		g.attributes[p.Attributes[i].Name] = &p.Attributes[i]
	}
	for _, m := range p.Measurements {
		switch a := g.attributes[m.Attributes[0]]; {
		case a == nil:
		case a.Role == profile.RoleView:
			g.joint = append(g.joint, m)
		case a.Role == profile.RoleRow:
			g.own[a.Name] = append(g.own[a.Name], m)
		default:
			g.own[a.Column] = append(g.own[a.Column], m)
		}
	}
	return g
}

// column fits the table of one of the profile's columns to its releases before one.
func (g *gathered) column(c profile.Column, before int) (profile.Table, error) {
	codec, err := c.Codec()
	if err != nil {
		return profile.Table{}, fmt.Errorf("fit column %q: %w", c.Name, err)
	}
	value, form := g.attributes[c.Name], g.attributes[profile.FormName(c.Name)]
	if value == nil || form == nil {
		return profile.Table{}, nil
	}
	return Column(codec, value, form, g.p.Manifest.Rows, g.until(c.Name, before)), nil
}

// until returns the measurements of a column that were released before one.
func (g *gathered) until(column string, before int) []profile.Measurement {
	return slices.DeleteFunc(slices.Clone(g.own[column]), func(m profile.Measurement) bool { return m.Release >= before })
}

// row fits the table of an attribute of the row, but for the numbers of copies and of units, which count no rows. Shapes are those that passed
// a threshold; each has what was measured of it.
func (g *gathered) row(a *profile.Attribute) profile.Table {
	t := profile.Table{Attributes: []string{a.Name}}
	if a.Role != profile.RoleRow || a.Name == profile.RowCopies || a.Name == profile.RowUnits {
		return t
	}
	estimate := model.NewEstimate(len(a.Codes))
	total := 0.0
	for _, m := range g.own[a.Name] {
		for i, c := range m.Cells {
			estimate.Add(int(c[0]), m.Values[i], m.Sigma)
			estimate.Doubt(int(c[0]), inDoubt)
			total += m.Values[i]
		}
	}
	if a.Name != profile.RowShape {
		total = g.p.Manifest.Rows
	}
	for i, n := range estimate.Fit(total) {
		if w := weight(n); w > 0 {
			t.Cells, t.Weights = append(t.Cells, []int32{int32(i)}), append(t.Weights, w)
		}
	}
	return t
}

// weight is that of so many records.
func weight(records float64) int64 { return int64(math.Round(records * model.Unit)) }
