package vault

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/encode"
	"github.com/patina-data/patina/profile/vault/internal/raw"
	"github.com/patina-data/patina/synth/fit"
	"github.com/patina-data/patina/synth/model"
)

// columnJob measures one column. It sees the raw column only through [encode.Column]'s sealed histograms, and decides
// on released values only.
type columnJob struct {
	column   record.Column
	name     string // of the column, and of its value attribute
	format   record.Format
	codec    mess.Codec
	dayFirst bool           // the codec reads ambiguous dates so
	origin   profile.Origin // of the kind
	suspect  mess.Codec     // what a learnt category turns out to be when few of its cells can be released; else nil
	declared []string       // categories from the spec; nil when they are to be found
	raw      *raw.Column
	cells    *encode.Column
	exits    exits
	purse    purse
	rows     float64 // released row count
	rowSigma float64
	weight   float64 // how much the column matters, 1 by default

	value, form  []profile.Code
	words        *mess.Vocabulary // of the value domain
	allowed      [][]bool         // [value][form], once the forms are known
	measurements []profile.Measurement
	table        profile.Table  // fitted over (value, form)
	decimals     int            // worth resolving, from the released forms
	vague        float64        // rows whose text has no exact form, from released values
	text         []profile.Code // the steps of the column's grammar
	asides       []aside
}

// explore takes the column through the releases that say what is in it: frequent values, forms, bins, how its texts are
// put together.
func (j *columnJob) explore(ctx context.Context) error {
	if err := steps(ctx, j.findValues, j.findForms, j.findBins, j.findGrammar); err != nil {
		return err
	}
	j.cells.Bind(profile.NewCoder(j.value, j.form))
	j.cells.Release()
	return nil
}

// settle releases the final marginals and fits them.
func (j *columnJob) settle(ctx context.Context) error { return steps(ctx, j.measure, j.fit) }

func steps(ctx context.Context, steps ...func() error) error {
	for _, step := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// publicCodes are the codes a column has whatever its data: the nulls that its format and type can hold, the declared
// categories, the truth values, and the catch-all.
func (j *columnJob) publicCodes() []profile.Code {
	var codes []profile.Code
	add := func(origin profile.Origin, c profile.Code) {
		c.Origin = origin
		codes = append(codes, c)
	}
	if j.format != record.Parquet || j.column.MaybeAbsent() {
		add(profile.Schema, profile.Code{Class: profile.Absent})
	}
	if j.format == record.JSONL || j.format == record.Parquet && j.column.Nullable {
		add(profile.Schema, profile.Code{Class: profile.Null})
	}
	switch {
	case j.column.Type.Textual():
		add(profile.Schema, profile.Code{Class: profile.Missing, Tag: record.Text})
		add(profile.Schema, profile.Code{Class: profile.OtherMissing})
		for _, n := range mess.CommonNulls() {
			add(profile.Schema, profile.Code{Class: profile.Missing, Tag: record.Text, Label: n})
		}
	case j.column.Type.Is("float16", "float", "double"):
		add(profile.Schema, profile.Code{Class: profile.Missing, Tag: record.Number, Label: "NaN"})
	}
	for _, v := range j.declared {
		for _, tag := range j.tags(v) {
			add(profile.Declared, profile.Code{Class: profile.Literal, Tag: tag, Label: v})
		}
	}
	if j.codec.Kind() == mess.Boolean {
		add(profile.Schema, profile.Code{Class: profile.Atom, Label: "true"})
		add(profile.Schema, profile.Code{Class: profile.Atom, Label: "false"})
	}
	if j.codec.Open() {
		add(profile.Schema, profile.Code{Class: profile.Generated})
	}
	add(profile.Schema, profile.Code{Class: profile.Other})
	return codes
}

// tags returns as what a declared category can stand in a cell: JSON has 1 and "1", and both may be meant.
func (j *columnJob) tags(value string) []record.Tag {
	var tags []record.Tag
	isJSON := j.column.Type == record.JSONType
	if isJSON || j.column.Type.Textual() || j.column.Type.Is("date32", "date64", "timestamp", "time32", "time64") {
		tags = append(tags, record.Text)
	}
	isBool := value == "true" || value == "false"
	if isJSON && isBool || j.column.Type.Is("bool") {
		tags = append(tags, record.Bool)
	}
	if _, err := strconv.ParseFloat(value, 64); isJSON && err == nil || tags == nil {
		tags = append(tags, record.Number)
	}
	return tags
}

// findValues selects null spellings, atoms and categories.
func (j *columnJob) findValues() error {
	j.value = j.publicCodes()
	w := encode.Which{Atoms: j.codec.Axis() != nil || j.codec.Open(), Literals: j.openLiterals()}
	share := shareNulls
	switch {
	case w.Atoms:
		share = shareAtoms
	case w.Literals && j.codec.Kind() != mess.Boolean:
		share = shareValues
	}
	selected, event, err := j.exits.values(j.name, j.cells, w, j.purse.takeForValues(share), j.purse.delta)
	if err != nil {
		return err
	}
	was := j.codec
	j.adopt(j.withhold(selected), event)
	if j.codec != was && j.codec.Open() {
		err = j.readAnew()
	}
	j.words = profile.Words(j.value)
	j.cells.Settle(j.value, j.words)
	return err
}

// readAnew reads the column's cells as its kind does, once that is known not to be a category, and selects atoms.
func (j *columnJob) readAnew() error {
	j.cells.Forget()
	j.cells = encode.New(j.codec, j.raw)
	j.value = append(j.value, profile.Code{Class: profile.Generated, Origin: profile.Schema})
	selected, event, err := j.exits.values(j.name, j.cells, encode.Which{Atoms: true}, j.purse.takeForValues(shareNulls), j.purse.delta)
	if err != nil {
		return err
	}
	j.adopt(selected, event)
	return nil
}

// adopt makes codes of the selected cells, the most frequent first, and keeps what was measured of them.
func (j *columnJob) adopt(selected []dp.Selected, event dp.Event) {
	slices.SortStableFunc(selected, func(a, b dp.Selected) int { return cmp.Compare(b.Value, a.Value) }) // words are in order of frequency
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
}

// The share of a column's present cells that its released literals must hold for it to stay a category although most of
// its cells look like identifiers, or like prose.
var keepLiterals = map[mess.Kind]float64{mess.ID: 0.5, mess.TextKind: 0.1, mess.City: 0.3, mess.PostalCode: 0.3}

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

// unwritten estimates how many rows have a form, and says whether that is more than noise. Where categories are declared, nothing
// so far says how many cells they are.
func (j *columnJob) unwritten() (rows float64, significant bool, err error) {
	if j.declared == nil {
		rows, significant = j.unresolved(true)
		return rows, significant, nil
	}
	n, err := j.exits.formMarginal(j.name, j.cells, profile.NewCoder(j.value, j.form), len(j.form), j.purse.take(shareUnwritten))
	if err != nil {
		return 0, false, err
	}
	for i, c := range j.form {
		if c.Class != profile.NoForm {
			rows += n.Values[i]
		}
	}
	return rows, rows > 3*float64(n.Event.Sigma), nil
}

// maxForms bounds a column's forms; the rarest are left to the catch-all.
const maxForms = 48

// findForms walks the ladder of descriptors from the finest rung, as long as what has no form yet is more than noise.
func (j *columnJob) findForms() error {
	j.form = []profile.Code{
		{Class: profile.NoForm, Origin: profile.Schema},
		{Class: profile.OtherForm, Origin: profile.Schema},
	}
	left, significant, err := j.unwritten()
	if err != nil {
		return err
	}
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
			if mess.DetailOf(s.Key) == mess.Vague {
				j.vague += s.Value
			}
			j.form = append(j.form, profile.Code{Class: profile.Form, Label: s.Key, Origin: profile.Learnt})
			if d, ok := mess.NumberDecimals(s.Key); ok {
				j.decimals = max(j.decimals, d)
			}
		}
		sigma := float64(j.exits.sigma(rho, 1))
		significant = left > max(3*sigma*math.Sqrt(float64(1+len(selected))), 3*j.rowSigma)
	}
	j.vague += max(0, left)
	return nil
}

// measure releases the final marginals with all that is left.
func (j *columnJob) measure() error {
	coder := profile.NewCoder(j.value, j.form)
	formShare := account.Rho(0)
	if len(j.form) > 2 {
		formShare = shareFormIn
	}
	if slices.ContainsFunc(j.form, profile.Code.IsVariant) {
		j.splitLiterals()
	}
	values, err := j.exits.valueMarginal(j.name, j.cells, coder, len(j.value), atMost(j.purse.left*(1-formShare)))
	if err != nil {
		return err
	}
	j.record(j.name, values)
	if formShare == 0 {
		return nil
	}
	rho := j.purse.left * formShare
	if cells := j.written(); cells != nil {
		pairs, err := j.exits.pairs(j.name, j.cells, coder, cells, atMost(rho*sharePairs))
		if err != nil {
			return err
		}
		rho -= rho * sharePairs
		j.measurements = append(j.measurements, profile.Measurement{
			Release: pairs.Event.ID, Attributes: []string{j.name, profile.FormName(j.name)}, Cells: cells,
			Values: pairs.Values, Sigma: float64(pairs.Event.Sigma),
		})
	}
	forms, err := j.exits.formMarginal(j.name, j.cells, coder, len(j.form), atMost(rho))
	if err != nil {
		return err
	}
	j.record(profile.FormName(j.name), forms)
	return nil
}

// again measures the column's values once more, and fits.
func (j *columnJob) again(rho account.Rho) error {
	values, err := j.exits.valueMarginal(j.name, j.cells, profile.NewCoder(j.value, j.form), len(j.value), atMost(rho))
	if err != nil {
		return err
	}
	j.record(j.name, values)
	return j.fit()
}

// splitLiterals says of the literals' frequencies that selected them what they are once literals have variants: those of the
// cells that are written as they are.
func (j *columnJob) splitLiterals() {
	const noForm = 0
	var out []profile.Measurement
	for _, m := range j.measurements {
		if m.Attributes[0] != j.name {
			out = append(out, m)
			continue
		}
		exact, rest := m, m
		exact.Attributes = []string{j.name, profile.FormName(j.name)}
		exact.Cells, exact.Values, rest.Cells, rest.Values = nil, nil, nil, nil
		for i, c := range m.Cells {
			if j.value[c[0]].Class == profile.Literal {
				exact.Cells = append(exact.Cells, []int32{c[0], noForm})
				exact.Values = append(exact.Values, m.Values[i])
			} else {
				rest.Cells = append(rest.Cells, c)
				rest.Values = append(rest.Values, m.Values[i])
			}
		}
		for _, m := range []profile.Measurement{exact, rest} {
			if len(m.Cells) > 0 {
				out = append(out, m)
			}
		}
	}
	j.measurements = out
}

// fits reports whether a value and a form, by their codes, can occur in one record.
func (j *columnJob) fits(value, form int) bool {
	if j.allowed == nil {
		j.allowed = make([][]bool, len(j.value))
		for v := range j.value {
			j.allowed[v] = make([]bool, len(j.form))
			for f := range j.form {
				j.allowed[v][f] = profile.Fits(j.codec, j.words, j.value[v], j.form[f])
			}
		}
	}
	return j.allowed[value][form]
}

// maxPairs bounds the cells of a column's value and form pairs.
const maxPairs = 1 << 15

// written returns the pairs of a value and a form that can occur, where they are worth measuring: the kind writes its
// values in several forms, or literals have variants.
func (j *columnJob) written() [][]int32 {
	own, variants := 0, 0
	for _, f := range j.form {
		switch {
		case f.IsVariant():
			variants++
		case f.Class == profile.Form && j.codec.Own(f.Label):
			own++
		}
	}
	if own < 2 && variants == 0 {
		return nil
	}
	var cells [][]int32
	for v, value := range j.value {
		parsed := value.Class == profile.Atom || value.Class == profile.Bin || value.Class == profile.Generated
		for f, form := range j.form {
			if (parsed || form.IsVariant()) && form.Class == profile.Form && j.fits(v, f) {
				cells = append(cells, []int32{int32(v), int32(f)})
			}
		}
	}
	if len(cells) > maxPairs {
		return nil
	}
	return cells
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
func (j *columnJob) fit() error {
	value, form := j.attributes()
	j.table = fit.Column(j.codec, &value, &form, j.rows, j.measurements)
	return nil
}

// attributes returns the column's value and form.
func (j *columnJob) attributes() (value, form profile.Attribute) {
	return profile.Attribute{Name: j.name, Column: j.name, Role: profile.RoleValue, Codes: j.value},
		profile.Attribute{Name: profile.FormName(j.name), Column: j.name, Role: profile.RoleForm, Codes: j.form}
}

// fittedMarginals returns how many records each value code and each form code has by the fitted table.
func (j *columnJob) fittedMarginals() (value, form []float64) {
	value, form = make([]float64, len(j.value)), make([]float64, len(j.form))
	for i, cell := range j.table.Cells {
		records := float64(j.table.Weights[i]) / model.Unit
		value[cell[0]] += records
		form[cell[1]] += records
	}
	return value, form
}

// finalSigma returns the noise in the widest measurement of the column's values, or of its forms where they have one.
func (j *columnJob) finalSigma(form bool) float64 {
	sigma := 0.0
	for _, m := range j.measurements {
		if len(m.Attributes) == 1 && (m.Attributes[0] == j.name || form) {
			sigma = m.Sigma // the last one of each is the final marginal
		}
	}
	return sigma
}
