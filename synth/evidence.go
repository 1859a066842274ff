package synth

import (
	"fmt"
	"math"
	"slices"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/synth/where"
)

// Evidence says how much a profile knows of the records that fulfil a condition.
type Evidence struct {
	Share   profile.Approx `json:"share"`   // of the records that were profiled
	Records profile.Approx `json:"records"` // as a number

	// Floor is what the number cannot be told from 0 below: 1.96 standard deviations of the least noise that any count of it has.
	Floor    float64  `json:"floor"`
	Warnings []string `json:"warnings,omitempty"`
}

// A TooRareError is a condition that too few records fulfil to be told from none.
type TooRareError struct{ Evidence }

func (e *TooRareError) Error() string {
	return fmt.Sprintf("about %.1f records of the profiled table fulfil the condition, and below %.1f they cannot be told from none: ask for more records, or use a profile with a larger ε", e.Records.Value, e.Floor)
}

// z95 is the 97.5 % quantile of the normal distribution, and fewFloors the number of floors below which records are few.
const (
	z95       = 1.959963984540054
	fewFloors = 5
)

// Weigh returns the evidence for the options' condition, whose share is the model's. The ± is that of the noise in the counts of
// the single columns it is about, as if their errors were independent, and never less than the noise of one such count; how
// the model errs in what columns say of each other is not in it. Without a condition all records fulfil it.
func Weigh(p *profile.Profile, opts Options) (Evidence, error) {
	s, w, err := newModel(p, Options{Where: opts.Where, Boost: opts.Boost, AsInput: opts.AsInput})
	if err != nil {
		return Evidence{}, err
	}
	e := Evidence{Warnings: w.tests.warnings}
	if opts.Where == nil {
		e.Share.Value, e.Records.Value = 1, p.Manifest.Rows
		return e, nil
	}
	n := newNoise(p)
	variance := 0.0
	for _, part := range w.wanted {
		share := s.plan.clone().reweigh(combine(s.present(w), s.conditions(w, part)))
		e.Share.Value += share
		relative := 0.0
		for _, c := range n.columns(s, w, part) {
			if has := c.share * n.rows; has > 0 {
				relative += c.variance / (has * has)
			}
		}
		variance += share * n.rows * share * n.rows * relative
	}
	where.Tests(opts.Where, func(t where.Test) { e.Floor = max(e.Floor, z95*n.least(attributeOf(t))) })
	e.Records = profile.Approx{Value: e.Share.Value * n.rows, PlusMinus: max(e.Floor, z95*math.Sqrt(variance))}
	e.Share.PlusMinus = e.Records.PlusMinus / n.rows
	if !(e.Share.Value > 0) || e.Records.Value < e.Floor {
		return e, &TooRareError{e}
	}
	if e.Records.Value < fewFloors*e.Floor {
		e.Warnings = append(e.Warnings, fmt.Sprintf("only about %.0f ± %.0f records fulfil the condition: what the sample shows of them is mostly noise", e.Records.Value, e.Records.PlusMinus))
	}
	return e, nil
}

// attributeOf returns the attribute that a test is about.
func attributeOf(t where.Test) string {
	if t.Form {
		return profile.FormName(t.Column)
	}
	return t.Column
}

// noise is how well each code of a value or a form was counted.
type noise struct {
	rows   float64
	weight map[string][]float64 // [attribute][code] 1/σ², summed over its own measurements, or over the joint ones it is in when it has none
}

func newNoise(p *profile.Profile) *noise {
	n := &noise{rows: max(1, p.Manifest.Rows), weight: map[string][]float64{}}
	for _, a := range p.Attributes {
		n.weight[a.Name] = make([]float64, len(a.Codes))
	}
	own := map[string]bool{}
	for _, m := range p.Measurements {
		own[m.Attributes[0]] = own[m.Attributes[0]] || len(m.Attributes) == 1
	}
	for _, m := range p.Measurements {
		for k, name := range m.Attributes {
			if len(m.Attributes) == 1 || !own[name] {
				n.add(name, k, &m)
			}
		}
	}
	for name, weights := range n.weight {
		if p.Manifest.RowSigma > 0 && slices.Max(append(slices.Clone(weights), 0)) == 0 { // never counted: what is known is no better than the number of records
			for i := range n.weight[name] {
				n.weight[name][i] = 1 / (p.Manifest.RowSigma * p.Manifest.RowSigma)
			}
		}
	}
	return n
}

// add takes in how well a measurement counts the codes of its k-th attribute: each is the sum of its cells.
func (n *noise) add(name string, k int, m *profile.Measurement) {
	cells := make([]float64, len(n.weight[name]))
	for _, c := range m.Cells {
		cells[c[k]]++
	}
	for code, many := range cells {
		if many > 0 && m.Sigma > 0 {
			n.weight[name][code] += 1 / (many * m.Sigma * m.Sigma)
		}
	}
}

// least returns the standard deviation of an attribute's best counted code, in records; 0 when none was.
func (n *noise) least(attribute string) float64 {
	best := 0.0
	for _, w := range n.weight[attribute] {
		best = max(best, w)
	}
	if best == 0 {
		return 0
	}
	return 1 / math.Sqrt(best)
}

// A kept says the share of a column's weight that a condition keeps, and the variance of its count.
type kept struct{ share, variance float64 }

// columns returns, for each column that a conjunction is about, what its conditions keep of it. The codes that are left out are
// summed instead where they are fewer.
func (n *noise) columns(s *sampler, w *wish, part where.Part) []kept {
	var out []kept
	for i := range s.columns {
		col := &s.columns[i]
		var about where.Part
		form := false
		for _, l := range part {
			if name, _ := where.Column(l.X); name == col.column.Name {
				about = append(about, l)
				where.Tests(l.X, func(t where.Test) { form = form || t.Form })
			}
		}
		if about != nil {
			out = append(out, n.column(s, w, col, about, form))
		}
	}
	return out
}

func (n *noise) column(s *sampler, w *wish, col *column, about where.Part, form bool) kept {
	attribute := col.column.Name
	if form {
		attribute = profile.FormName(attribute)
	}
	f := s.conditions(w, about)[col.table]
	var in, all float64
	var inside, outside []int32
	for c, cell := range col.cells {
		code := cell.code
		if form {
			code = cell.written
		}
		all += float64(cell.weight)
		in += f[c] * float64(cell.weight)
		if f[c] > 0 && !slices.Contains(inside, code) {
			inside = append(inside, code)
		} else if f[c] == 0 && !slices.Contains(outside, code) {
			outside = append(outside, code)
		}
	}
	return kept{in / all, min(n.variance(attribute, inside), n.variance(attribute, outside))}
}

// variance returns that of the sum of some codes' counts, in records²; at least that of one.
func (n *noise) variance(attribute string, codes []int32) float64 {
	sum := 0.0
	for _, c := range codes {
		if w := n.weight[attribute][c]; w > 0 {
			sum += 1 / w
		}
	}
	return max(sum, n.least(attribute)*n.least(attribute))
}
