package vault

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/encode"
	"github.com/patina-data/patina/synth/model"
)

// columnJob measures one column. It sees the raw column only through [encode.Column]'s sealed histograms, and decides
// on released values only.
type columnJob struct {
	column   record.Column
	name     string // of the column, and of its value attribute
	format   record.Format
	codec    mess.Codec
	origin   profile.Origin // of the kind
	suspect  mess.Codec     // what a learnt category turns out to be when few of its cells can be released; else nil
	declared []string       // categories from the spec; nil when they are to be found
	cells    *encode.Column
	exits    exits
	purse    purse
	rows     float64 // released row count
	rowSigma float64

	value, form  []profile.Code
	measurements []profile.Measurement
	decimals     int            // worth resolving, from the released forms
	weak         map[int32]bool // bins that stand for nothing in particular
}

// run takes the column through its releases: frequent values, forms, bins, marginals.
func (j *columnJob) run(ctx context.Context) error {
	for _, step := range []func() error{j.findValues, j.findForms, j.findBins, j.measure} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// publicCodes are the codes a column has whatever its data: the unspelled nulls, the declared categories, the
// truth values, and the catch-alls.
func (j *columnJob) publicCodes() []profile.Code {
	var codes []profile.Code
	if j.format != record.Parquet {
		codes = append(codes, profile.Code{Class: profile.Absent})
	}
	if j.format != record.CSV {
		codes = append(codes, profile.Code{Class: profile.Null})
	}
	codes = append(codes, profile.Code{Class: profile.Missing, Tag: record.Text}, profile.Code{Class: profile.OtherMissing})
	if j.column.Type.Is("string", "large_string", "json") {
		for _, n := range mess.CommonNulls() {
			codes = append(codes, profile.Code{Class: profile.Missing, Tag: record.Text, Label: n})
		}
	}
	for i := range codes {
		codes[i].Origin = profile.Schema
	}
	for _, v := range j.declared {
		codes = append(codes, profile.Code{Class: profile.Literal, Tag: record.Text, Label: v, Origin: profile.Declared})
	}
	if j.codec.Kind() == mess.Boolean {
		for _, v := range []string{"true", "false"} {
			codes = append(codes, profile.Code{Class: profile.Atom, Label: v, Origin: profile.Schema})
		}
	}
	return append(codes, profile.Code{Class: profile.Other, Origin: profile.Schema})
}

// findValues selects null spellings, atoms and categories.
func (j *columnJob) findValues() error {
	j.value = j.publicCodes()
	w := encode.Which{Atoms: j.codec.Axis() != nil, Literals: j.codec.Literal() && j.declared == nil}
	share := shareNulls
	switch {
	case w.Atoms:
		share = shareAtoms
	case w.Literals && j.codec.Kind() != mess.Boolean:
		share = shareValues
	}
	selected, event, err := j.exits.values(j.name, j.cells, w, j.purse.take(share), j.purse.delta)
	if err != nil {
		return err
	}
	selected = j.withhold(selected)
	m := profile.Measurement{Release: event.ID, Sigma: float64(event.Sigma)}
	for _, s := range selected {
		code := encode.DecodeKey(s.Key)
		at := slices.IndexFunc(j.value, func(c profile.Code) bool {
			return c.Class == code.Class && c.Tag == code.Tag && c.Label == code.Label
		})
		if at < 0 {
			at = len(j.value)
			j.value = append(j.value, code)
		}
		m.Cells = append(m.Cells, []int32{int32(at)})
		m.Values = append(m.Values, s.Value)
	}
	if len(m.Cells) > 0 {
		m.Attributes = []string{j.name}
		j.measurements = append(j.measurements, m)
	}
	return nil
}

// The share of a column's present cells that its released literals must hold for it to stay a category although most of
// its cells look like identifiers, or like prose.
var keepLiterals = map[mess.Kind]float64{mess.ID: 0.5, mess.TextKind: 0.1}

// withhold turns a learnt category whose cells look like identifiers or prose into that kind, and drops the literals,
// unless they hold so much of the column that it is a category after all. Only released values enter.
func (j *columnJob) withhold(selected []dp.Selected) []dp.Selected {
	if j.suspect == nil {
		return selected
	}
	present, held := j.rows, 0.0
	isLiteral := func(s dp.Selected) bool { return encode.DecodeKey(s.Key).Class == profile.Literal }
	for _, s := range selected {
		if isLiteral(s) {
			held += s.Value
		} else {
			present -= s.Value
		}
	}
	if held >= keepLiterals[j.suspect.Kind()]*present {
		return selected
	}
	j.codec = j.suspect
	return slices.DeleteFunc(selected, isLiteral)
}

// unresolved estimates, from released values only, how many rows none of the codes found so far stands for, and says
// whether that is more than noise.
func (j *columnJob) unresolved(written bool) (rows float64, significant bool) {
	rows = j.rows
	variance := j.rowSigma * j.rowSigma
	for _, m := range j.measurements {
		for i, c := range m.Cells {
			if written && profile.Written(j.value[c[0]].Class) {
				continue // an atom is a value that still needs a form
			}
			rows -= m.Values[i]
			variance += m.Sigma * m.Sigma
		}
	}
	return rows, rows > 3*math.Sqrt(variance)
}

// maxForms bounds a column's forms; the rarest are left to the catch-all.
const maxForms = 48

// findForms walks the ladder of descriptors from the finest rung, as long as what has no form yet is more than noise.
func (j *columnJob) findForms() error {
	j.form = []profile.Code{
		{Class: profile.NoForm, Origin: profile.Schema},
		{Class: profile.OtherForm, Origin: profile.Schema},
	}
	left, significant := j.unresolved(true)
	released := map[string]bool{}
	coder := profile.NewCoder(j.value, nil)
	for rung := 0; rung < maxRungs && significant; rung++ {
		rho := j.purse.take(shareForm)
		selected, err := j.exits.forms(j.name, j.cells, coder, released, rung, rho, j.purse.delta)
		if err != nil {
			return err
		}
		slices.SortFunc(selected, func(a, b dp.Selected) int {
			return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Key, b.Key))
		})
		for _, s := range selected[:min(len(selected), maxForms-len(released))] {
			released[s.Key] = true
			left -= s.Value
			j.form = append(j.form, profile.Code{Class: profile.Form, Label: s.Key, Origin: profile.Learnt})
			if d, ok := mess.NumberDecimals(s.Key); ok {
				j.decimals = max(j.decimals, d)
			}
		}
		sigma := float64(account.SigmaFor(rho, 1))
		significant = left > max(3*sigma*math.Sqrt(float64(1+len(selected))), 3*j.rowSigma)
	}
	return nil
}

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
	leaves := []leaf{{span: mess.Span{Lo: roots[0].Lo, Hi: roots[len(roots)-1].Hi}, weak: true}}
	if _, significant := j.unresolved(false); significant {
		var err error
		if leaves, err = j.growTree(axis, roots); err != nil {
			return err
		}
	}
	for _, l := range leaves {
		if l.weak && l.parent == (mess.Span{}) {
			j.weak[int32(len(j.value))] = true
		}
		j.value = append(j.value, profile.Code{
			Class: profile.Bin, Lo: profile.Edge(l.span.Lo), Hi: profile.Edge(l.span.Hi), Origin: profile.Learnt,
		})
	}
	return nil
}

// A leaf is an interval that is not cut further; weak ones hold nothing that stands out from the noise.
type leaf struct {
	span   mess.Span
	weak   bool
	parent mess.Span // the interval it was cut from; the zero Span for a root
}

// growTree releases the tree level by level and returns its leaves in order, weak siblings joined.
func (j *columnJob) growTree(axis mess.Axis, pending []mess.Span) ([]leaf, error) {
	coder := profile.NewCoder(j.value, nil)
	var leaves []leaf
	parents := make([]mess.Span, len(pending))
	for level := 0; level < len(shareLevels) && len(pending) > 0; level++ {
		counts, err := j.exits.grid(j.name, j.cells, coder, pending, j.purse.take(shareLevels[level]))
		if err != nil {
			return nil, err
		}
		sigma := float64(counts.Event.Sigma)
		var next, nextParents []mess.Span
		for i, s := range pending {
			var children []mess.Span
			if level+1 < len(shareLevels) && len(leaves)+len(next) < maxBins {
				children = j.children(axis, s, counts.Values[i]/sigma)
			}
			if children == nil {
				leaves = append(leaves, leaf{span: s, weak: counts.Values[i] < keepAbove*sigma, parent: parents[i]})
			}
			next = append(next, children...)
			nextParents = append(nextParents, slices.Repeat([]mess.Span{s}, len(children))...)
		}
		pending, parents = next, nextParents
	}
	return joinWeak(leaves), nil
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

// joinWeak puts leaves in order and joins weak neighbours with the same parent: what the parent held is known to be
// there, if not where in it.
func joinWeak(leaves []leaf) []leaf {
	slices.SortFunc(leaves, func(a, b leaf) int { return cmp.Compare(a.span.Lo.Float(), b.span.Lo.Float()) })
	var out []leaf
	for _, l := range leaves {
		if n := len(out); l.weak && n > 0 && out[n-1].weak && l.parent == out[n-1].parent {
			out[n-1].span.Hi = l.span.Hi
			continue
		}
		out = append(out, l)
	}
	return out
}

// measure releases the final marginals with all that is left.
func (j *columnJob) measure() error {
	coder := profile.NewCoder(j.value, j.form)
	formShare := account.Rho(0)
	if len(j.form) > 2 {
		formShare = shareFormIn
	}
	values, err := j.exits.valueMarginal(j.name, j.cells, coder, len(j.value), atMost(j.purse.left*(1-formShare)))
	if err != nil {
		return err
	}
	j.record(j.name, values)
	if formShare == 0 {
		return nil
	}
	forms, err := j.exits.formMarginal(j.name, j.cells, coder, len(j.form), atMost(j.purse.left*formShare))
	if err != nil {
		return err
	}
	j.record(profile.FormName(j.name), forms)
	return nil
}

// record keeps a full marginal as a measurement.
func (j *columnJob) record(attribute string, n dp.Noisy) {
	m := profile.Measurement{
		Release: n.Event.ID, Attributes: []string{attribute}, Values: n.Values, Sigma: float64(n.Event.Sigma),
	}
	for i := range n.Values {
		m.Cells = append(m.Cells, []int32{int32(i)})
	}
	j.measurements = append(j.measurements, m)
}

// fit turns the measurements into the table of (value, form): post-processing.
func (j *columnJob) fit() profile.Table {
	value := model.NewEstimate(len(j.value))
	form := model.NewEstimate(len(j.form))
	for _, m := range j.measurements {
		e := value
		if m.Attributes[0] != j.name {
			e = form
		}
		for i, c := range m.Cells {
			e.Add(int(c[0]), m.Values[i], m.Sigma)
		}
	}
	for i, c := range j.value {
		// There is no evidence for these but the measurement itself; there are many common nulls.
		switch {
		case c.Class == profile.Missing && c.Origin == profile.Schema && c.Label != "":
			value.Doubt(i, 3.5)
		case c.Origin == profile.Schema || j.weak[int32(i)]:
			value.Doubt(i, 2.5)
		}
	}
	form.Doubt(1, 2.5)
	joint := model.Pair(value.Fit(j.rows), form.Fit(j.rows), func(v, f int) bool {
		return profile.Fits(j.codec, j.value[v], j.form[f])
	})
	t := profile.Table{Attributes: []string{j.name, profile.FormName(j.name)}}
	for _, c := range joint {
		t.Cells = append(t.Cells, []int32{int32(c.A), int32(c.B)})
		t.Weights = append(t.Weights, c.Weight)
	}
	return t
}
