package fit

import (
	"context"
	"fmt"
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/synth/model"
)

// Bounds on the model across columns: cells of all its tables, and sweeps of the fit.
const (
	MaxCells  = 1 << 19
	MaxSweeps = 300
)

// A variable is a view, as far as it is known from its column alone.
type variable struct {
	view  *profile.Attribute
	of    *profile.Attribute // that it is a view of
	sigma float64            // of a group's count
	own   profile.Table      // its column's, by what was measured before columns were set against each other
}

// across fits the model over the columns' views, and turns it into tables of integer weights.
func (g *gathered) across(ctx context.Context) ([]profile.Table, float64, error) {
	if len(g.joint) == 0 {
		return nil, 0, nil
	}
	vars, err := g.variables()
	if err != nil {
		return nil, 0, err
	}
	at := map[string]int{}
	var domain model.Domain
	for i, v := range vars {
		at[v.view.Name] = i
		domain = append(domain, len(v.view.Codes))
	}
	measured, zeros := known(vars)
	for _, m := range g.joint {
		x := model.Measurement{Cells: m.Cells, Values: m.Values, Sigma: m.Sigma}
		for _, name := range m.Attributes {
			x.Attrs = append(x.Attrs, at[name])
		}
		if !slices.IsSorted(x.Attrs) {
			return nil, 0, fmt.Errorf("fit the model: release %d does not have the columns in their order", m.Release)
		}
		measured = append(measured, x)
	}
	fitted, err := model.Fit(ctx, domain, g.p.Manifest.Rows, measured, zeros, model.Options{MaxCells: MaxCells, MaxIterations: MaxSweeps, Tolerance: profile.MaxGap})
	if err != nil {
		return nil, 0, fmt.Errorf("fit the model: %w", err)
	}
	var tables []profile.Table
	for _, c := range fitted.Cliques() {
		if t := table(c, vars, g.p.Manifest.Rows); len(t.Cells) > 0 {
			tables = append(tables, t)
		}
	}
	_, gap := fitted.Convergence()
	return tables, gap, nil
}

// variables lists the views.
func (g *gathered) variables() ([]variable, error) {
	first := slices.MinFunc(g.joint, func(a, b profile.Measurement) int { return a.Release - b.Release }).Release
	var vars []variable
	for _, c := range g.p.Manifest.Columns {
		var t profile.Table
		for _, name := range []string{c.Name, profile.FormName(c.Name)} {
			view := g.attributes[profile.ViewName(name)]
			if view == nil {
				continue
			}
			if t.Cells == nil {
				var err error
				if t, err = g.column(c, first); err != nil {
					return nil, err
				}
			}
			sigma := lastSigma(c.Name, name, g.until(c.Name, first))
			vars = append(vars, variable{view: view, of: g.attributes[name], sigma: sigma, own: t})
		}
	}
	return vars, nil
}

// lastSigma returns the noise in the widest measurement of a column's values, or of its forms if these are meant and it has one:
// the last one of each.
func lastSigma(column, attribute string, own []profile.Measurement) float64 {
	sigma := 0.0
	for _, m := range own {
		if len(m.Attributes) == 1 && (m.Attributes[0] == column || m.Attributes[0] == attribute) {
			sigma = m.Sigma
		}
	}
	return sigma
}

// known says what the columns' own measurements say of the variables: their counts, those of a column's values and forms
// together, and which of these there cannot be.
func known(vars []variable) (measured []model.Measurement, zeros []model.Zeros) {
	for i := range vars {
		v := &vars[i]
		measured = append(measured, model.Measurement{Attrs: []int{i}, Values: counts(v), Sigma: v.sigma})
		if i == 0 || vars[i-1].of.Column != v.of.Column {
			continue
		}
		together := model.Measurement{Attrs: []int{i - 1, i}, Values: counts(&vars[i-1], v), Sigma: v.sigma}
		z := model.Zeros{Attrs: together.Attrs}
		forms := len(v.view.Codes)
		for cell, n := range together.Values {
			if n == 0 {
				z.Cells = append(z.Cells, []int32{int32(cell / forms), int32(cell % forms)})
			}
		}
		if measured = append(measured, together); len(z.Cells) > 0 {
			zeros = append(zeros, z)
		}
	}
	return measured, zeros
}

// counts returns the records in the groups of some variables of one column, the last variable's running fastest.
func counts(vars ...*variable) []float64 {
	cells := 1
	for _, v := range vars {
		cells *= len(v.view.Codes)
	}
	out := make([]float64, cells)
	for i, cell := range vars[0].own.Cells {
		at := 0
		for _, v := range vars {
			code := cell[slices.Index(vars[0].own.Attributes, v.of.Name)]
			at = at*len(v.view.Codes) + int(v.of.Groups[code])
		}
		out[at] += float64(vars[0].own.Weights[i]) / model.Unit
	}
	return out
}

// table turns a table of the model into integer weights.
func table(c model.Clique, vars []variable, rows float64) profile.Table {
	var t profile.Table
	for _, a := range c.Attrs {
		t.Attributes = append(t.Attributes, vars[a].view.Name)
	}
	for i, p := range c.Prob {
		w := weight(p * rows)
		if w <= 0 {
			continue
		}
		cell := make([]int32, len(c.Attrs))
		for k, left := len(c.Attrs)-1, i; k >= 0; k-- {
			n := len(vars[c.Attrs[k]].view.Codes)
			cell[k], left = int32(left%n), left/n
		}
		t.Cells, t.Weights = append(t.Cells, cell), append(t.Weights, w)
	}
	return t
}
