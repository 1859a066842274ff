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

// Weigh returns the evidence for the options' condition. Its share is the model's, with each column's part of it as that column was
// measured by itself, which is more exact. The ± holds, as if they were independent, the noise in the columns' own counts, what
// is not known of values within a bin, and how far the model may be off in what columns say of each other; it is never less than
// the noise of one count. Without a condition all records fulfil it.
func Weigh(p *profile.Profile, opts Options) (Evidence, error) {
	s, w, err := newModel(p, Options{Where: opts.Where, Boost: opts.Boost, AsInput: opts.AsInput})
	if err != nil {
		return Evidence{}, err
	}
	e := Evidence{Warnings: w.tests.warnings}
	if off, yes := p.Unconverged(); yes {
		e.Warnings = append(e.Warnings, fmt.Sprintf("the profile's model did not converge: what columns say of each other is off by more than noise, in a cell by %.2g %% of the records", 100*off))
	}
	if opts.Where == nil {
		e.Share.Value, e.Records.Value = 1, p.Manifest.Rows
		return e, nil
	}
	n := newNoise(p)
	variance := 0.0
	for _, part := range w.wanted {
		count, v := n.part(s, w, part)
		e.Records.Value += count
		variance += v
	}
	where.Tests(opts.Where, func(t where.Test) { e.Floor = max(e.Floor, z95*n.least(attributeOf(t))) })
	e.Records.PlusMinus = max(e.Floor, z95*math.Sqrt(variance))
	e.Share = profile.Approx{Value: e.Records.Value / n.rows, PlusMinus: e.Records.PlusMinus / n.rows}
	if !(e.Records.Value > 0) || e.Records.Value < e.Floor {
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

// noise is how well things were counted.
type noise struct {
	rows    float64
	weight  map[string][]float64  // [attribute][code] 1/σ², summed over its own measurements, or over the joint ones it is in when it has none
	pairs   map[[2]string]float64 // [two views] 1/σ² of a cell of both, summed over the measurements of both
	coarser float64               // σ of a cell where columns were set against each other with most noise
	score   float64               // σ of the score by which columns were chosen for that, records in the wrong cell; 0 when none were
}

func newNoise(p *profile.Profile) *noise {
	n := &noise{rows: max(1, p.Manifest.Rows), weight: map[string][]float64{}, pairs: map[[2]string]float64{}}
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
		n.addPairs(p, &m)
	}
	for _, r := range p.Manifest.Releases {
		if r.Purpose == "misfits" {
			n.score = max(n.score, r.Sigma)
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

// addPairs takes in how well a measurement counts pairs of its views, each of which is the sum over the others' codes.
func (n *noise) addPairs(p *profile.Profile, m *profile.Measurement) {
	for i, a := range m.Attributes {
		for _, b := range m.Attributes[:i] {
			if x, y := p.Attribute(a), p.Attribute(b); x.Role == profile.RoleView && y.Role == profile.RoleView {
				others := float64(len(m.Cells)) / float64(len(x.Codes)*len(y.Codes))
				n.pairs[pairOf(a, b)] += 1 / (others * m.Sigma * m.Sigma)
				n.coarser = max(n.coarser, m.Sigma)
			}
		}
	}
}

func pairOf(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// together returns the variance of what the model says of two columns in so many cells of their views. Those that were never set
// against each other were left out because the model was not far enough off for it to stand out of the noise of the measurement,
// or of the score: of a misfit of that size, a quarter is in each of the four parts that two conditions cut the table into.
func (n *noise) together(a, b kept) float64 {
	cells := float64(a.cells * b.cells)
	if w := n.pairs[pairOf(a.view, b.view)]; w > 0 {
		return cells / w
	}
	sigma := max(n.coarser, n.least(a.view), n.least(b.view))
	return max(cells*sigma*sigma, n.score*n.score/16)
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

// part returns about how many records fulfil a conjunction, and the variance of that, in records².
//
// Of two columns, whose own counts are known, the model is off by the same number, up to sign, wherever a record is in or out of
// the condition for each: so the fewest cells of any of these four say how well it is known.
func (n *noise) part(s *sampler, w *wish, part where.Part) (count, variance float64) {
	count = n.rows * s.plan.clone().reweigh(combine(s.present(w), s.conditions(w, part)))
	columns := n.columns(s, w, part)
	relative := 0.0
	for i, c := range columns {
		if alone := s.plan.clone().reweigh(combine(s.conditions(w, c.about))); alone > 0 {
			count *= c.share / alone
		}
		if has := c.share * n.rows; has > 0 {
			relative += c.variance / (has * has)
		}
		for _, d := range columns[:i] {
			variance += n.together(c, d)
		}
	}
	return count, variance + count*count*relative
}

// A kept says what a condition on one column keeps.
type kept struct {
	about    where.Part
	view     string  // that the column was set against others in
	share    float64 // of the column's weight
	variance float64 // of its count, in records²
	cells    int     // of the view that have records that are kept, or that have others, where these are fewer
}

// columns returns, for each column that a conjunction is about, what its conditions keep of it.
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

// column says what conditions keep of a column. The codes that are left out are summed where they are fewer.
func (n *noise) column(s *sampler, w *wish, col *column, about where.Part, form bool) kept {
	attribute := w.p.Attribute(col.column.Name)
	if form {
		attribute = w.p.Attribute(profile.FormName(col.column.Name))
	}
	f := s.conditions(w, about)[col.table]
	in, out := make([]float64, len(attribute.Codes)), make([]float64, len(attribute.Codes))
	k := kept{about: about, view: profile.ViewName(attribute.Name)}
	all, split := 0.0, 0.0
	for c, cell := range col.cells {
		code := cell.code
		if form {
			code = cell.written
		}
		in[code] += f[c] * float64(cell.weight)
		out[code] += (1 - f[c]) * float64(cell.weight)
		all += float64(cell.weight)
		k.share += f[c] * float64(cell.weight)
	}
	k.share /= all
	var inside, outside []int32
	groups := map[int32][2]bool{}
	for code := range int32(len(in)) {
		g := groups[group(attribute, code)]
		if in[code] > 0 {
			inside, g[0] = append(inside, code), true
		}
		if out[code] > 0 {
			outside, g[1] = append(outside, code), true
		}
		groups[group(attribute, code)] = g
		if !form && in[code] > 0 && out[code] > 0 {
			// Values may grow or fall in frequency along a bin: by a slope uniform between the steepest ones, a part f is off by
			// f·(1−f)/√3 of it.
			bent := n.rows * in[code] * out[code] / (in[code] + out[code]) / all
			split += bent * bent / 3
		}
	}
	cells := [2]int{}
	for _, g := range groups {
		for side, any := range g {
			if any {
				cells[side]++
			}
		}
	}
	k.cells = min(cells[0], cells[1])
	k.variance = split + min(n.variance(attribute.Name, inside), n.variance(attribute.Name, outside))
	return k
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
