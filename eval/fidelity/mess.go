package fidelity

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// Mess is how near the synthetic sample is in how cells are written: each a TVD of one column's distribution, 0 to 1, smaller is
// nearer. The descriptors are those of package mess.
type Mess struct {
	Nulls  Score `json:"nulls"`  // spellings of missing values; all present cells are one
	Shapes Score `json:"shapes"` // masks of letters, digits and punctuation, of all present cells
	Forms  Score `json:"forms"`  // layouts and formats of parsed values, variants of frequent categories, masks of others
	Damage Score `json:"damage"` // invalid bytes, control characters, damaged encodings, stray spaces
}

// messOf are the attributes behind [Mess], in its order.
var messOf = []func(c *column) *attribute{
	func(c *column) *attribute { return &c.spelling },
	func(c *column) *attribute { return &c.shape },
	func(c *column) *attribute { return &c.form },
	func(c *column) *attribute { return &c.damage },
}

// mess measures every column.
func (s *suite) mess() []Mess {
	list, sc := make([]Mess, len(s.columns)), &scratch{}
	for k, of := range messOf {
		t := s.tables(of)
		for i := range list {
			score := t.distance(sc, []int{i}).Score
			switch k {
			case 0:
				list[i].Nulls = score
			case 1:
				list[i].Shapes = score
			case 2:
				list[i].Forms = score
			case 3:
				list[i].Damage = score
			}
		}
	}
	return list
}

// Together is mess against values: how far pairs of an attribute of how one column is written, and the value of another one, are
// from real. TVD over all pairs of columns, or a sample of them.
type Together struct {
	Pairs int        `json:"pairs"`
	Of    int        `json:"of"`
	Mean  Score      `json:"mean"`
	Worst []SetScore `json:"worst"` // columns: how the first is written, the value of the second
}

// formsTogether measures forms against other columns' values.
func (s *suite) formsTogether() Together {
	return s.against(func(c *column) *attribute { return &c.form })
}

// missingTogether measures which cells are missing against other columns' values.
func (s *suite) missingTogether() Together {
	return s.against(func(c *column) *attribute { return &c.miss })
}

func (s *suite) against(of func(c *column) *attribute) Together {
	values := s.tables(func(c *column) *attribute { return &c.value })
	written := s.tables(of)
	both := &tables{reference: written.reference.join(values.reference), names: append(slices.Clone(written.names), values.names...)}
	for k := range values.candidates {
		both.candidates = append(both.candidates, written.candidates[k].join(values.candidates[k]))
	}
	n := len(s.columns)
	var sets [][]int
	for a := range n {
		if written.reference.sizes[a] < 2 {
			continue
		}
		for b := range n {
			if a != b {
				sets = append(sets, []int{a, n + b})
			}
		}
	}
	out := Together{Of: len(sets), Worst: []SetScore{}}
	if len(sets) > maxPairs {
		s.rng.Shuffle(len(sets), func(i, j int) { sets[i], sets[j] = sets[j], sets[i] })
		sets = sets[:maxPairs]
	}
	var list []SetScore
	sc := &scratch{}
	for _, set := range sets {
		list = append(list, both.distance(sc, set))
	}
	out.Pairs = len(sets)
	out.Mean, out.Worst = meanAndWorst(list)
	return out
}

// A MissingMatrix says how much it depends on other columns' values which cells are missing: bias-corrected Cramér's V of the two, 0 to 1, of
// the reference half and of the synthetic sample.
type MissingMatrix struct {
	Missing   []string    `json:"missing"` // the columns with missing values: the rows
	Others    []string    `json:"others"`  // the columns they are held against
	Real      [][]float64 `json:"real"`
	Synthetic [][]float64 `json:"synthetic"`
}

// maxMatrix bounds the matrix on either side, the columns of the table's first.
const maxMatrix = 40

// missingMatrix measures the columns of which some cells are missing and some are not, in the reference half.
func (s *suite) missingMatrix() MissingMatrix {
	flags, values := s.tables(func(c *column) *attribute { return &c.miss }), s.tables(func(c *column) *attribute { return &c.value })
	m := MissingMatrix{Missing: []string{}, Others: []string{}, Real: [][]float64{}, Synthetic: [][]float64{}}
	others := s.columns[:min(len(s.columns), maxMatrix)]
	for _, c := range others {
		m.Others = append(m.Others, c.name)
	}
	row := func(t, u *table, a int) []float64 {
		out := make([]float64, len(others))
		for b := range others {
			if a != b {
				out[b] = cramersV(t.columns[a], u.columns[b], t.sizes[a], u.sizes[b])
			}
		}
		return out
	}
	for a, c := range s.columns {
		if column := flags.reference.columns[a]; len(m.Missing) < maxMatrix && slices.Min(column) != slices.Max(column) {
			m.Missing = append(m.Missing, c.name)
			m.Real = append(m.Real, row(flags.reference, values.reference, a))
			m.Synthetic = append(m.Synthetic, row(flags.candidates[0], values.candidates[0], a))
		}
	}
	return m
}

// A MissingRate says how often a column is missing where another one has a value: the case in which real and synthetic differ most
// for what it weighs, share · |real − synthetic|, less what chance explains.
type MissingRate struct {
	Column    string  `json:"column"`
	Where     string  `json:"where"`
	Value     string  `json:"value"`
	Share     float64 `json:"share"` // of the reference half's records
	Real      float64 `json:"real"`
	Synthetic float64 `json:"synthetic"`
	PlusMinus float64 `json:"plus_minus"` // 95 % half-width of the difference, if there were none: 1.96·√(p(1−p)(1/n+1/m)), pooled p
}

// missingRates lists conditional rates of missing values, the worst first, one for each pair of columns. What is within four standard
// deviations is left out: there are many cases, of which some differ by chance.
func (s *suite) missingRates() []MissingRate {
	flags, values := s.tables(func(c *column) *attribute { return &c.miss }), s.tables(func(c *column) *attribute { return &c.value })
	list := []MissingRate{}
	for a, c := range s.columns {
		if len(c.miss.labels) < 2 {
			continue
		}
		gone := int32(slices.Index(c.miss.labels, "missing"))
		for b, d := range s.columns {
			if a == b {
				continue
			}
			real := rates(flags.reference.columns[a], gone, values.reference.columns[b], len(d.value.labels))
			synthetic := rates(flags.candidates[0].columns[a], gone, values.candidates[0].columns[b], len(d.value.labels))
			if r, ok := worstRate(real, synthetic, s.reference.rows); ok {
				r.Column, r.Where, r.Value = c.name, d.name, d.value.labels[r.code]
				list = append(list, r.MissingRate)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b MissingRate) int { return cmp.Compare(b.weight(), a.weight()) })
	return list[:min(len(list), worst)]
}

// weight is what sorts the rates; not above 0 for a difference that may be chance.
func (r MissingRate) weight() float64 {
	return r.Share * (math.Abs(r.Real-r.Synthetic) - 4/1.96*r.PlusMinus)
}

// A rate is how many of so many rows are missing.
type rate struct{ gone, n float64 }

func rates(flags []int32, gone int32, codes []int32, size int) []rate {
	list := make([]rate, size)
	for i, c := range codes {
		list[c].n++
		if flags[i] == gone {
			list[c].gone++
		}
	}
	return list
}

// A case has so many rows at least in both samples, for its rate to mean something, and at most this share of the records: nearly all of
// them say no more than the column's null spellings do.
const (
	minRate      = 30
	maxRateShare = 0.9
)

type codedRate struct {
	MissingRate
	code int
}

// newRate compares a case's rates.
func newRate(real, synthetic rate, rows int) MissingRate {
	p := (real.gone + synthetic.gone) / (real.n + synthetic.n)
	return MissingRate{
		Share: real.n / float64(rows), Real: real.gone / real.n, Synthetic: synthetic.gone / synthetic.n,
		PlusMinus: 1.96 * math.Sqrt(p*(1-p)*(1/real.n+1/synthetic.n)),
	}
}

func worstRate(real, synthetic []rate, rows int) (best codedRate, ok bool) {
	for c := range real {
		if real[c].n < minRate || synthetic[c].n < minRate || real[c].n > maxRateShare*float64(rows) {
			continue
		}
		r := codedRate{newRate(real[c], synthetic[c], rows), c}
		if r.weight() > 0 && !ok || r.weight() > best.weight() {
			best, ok = r, true
		}
	}
	return best, ok
}

// Records is what is seen of whole records.
type Records struct {
	// Repeats are the shares of records that are exactly like an earlier one of their sample; Real is that of the reference half.
	RepeatsReal float64 `json:"repeats_real"`
	Repeats     Score   `json:"repeats"`
	// Shapes is the TVD of row shapes: short and long rows, lines that are none.
	Shapes Score `json:"shapes"`
}

// records measures whole records.
func (s *suite) records(shapes [2][]int16) Records {
	shapeTable := func(x *sample) *table {
		t := &table{rows: x.rows, columns: [][]int32{make([]int32, x.rows)}, sizes: []int{1 << 16}}
		for i, r := range x.order[0] {
			t.columns[0][i] = int32(shapes[x.from][r]) - math.MinInt16
		}
		return t
	}
	ref, sc := shapeTable(s.reference), &scratch{}
	return Records{
		RepeatsReal: s.repeats(s.reference),
		Repeats:     s.score(s.repeats),
		Shapes:      s.score(func(x *sample) float64 { return sc.tvd(ref, shapeTable(x), []int{0}) }),
	}
}

// fingerprints returns each record of a sample as the distinct cells it has, four bytes each.
func (s *suite) fingerprints(x *sample) []string {
	out := make([]string, x.rows)
	var b []byte
	for r := range out {
		b = b[:0]
		for at, c := range s.columns {
			b = binary.LittleEndian.AppendUint32(b, x.cell(c, at, r))
		}
		out[r] = string(b)
	}
	return out
}

func (s *suite) repeats(x *sample) float64 {
	seen := map[string]bool{}
	for _, f := range s.fingerprints(x) {
		seen[f] = true
	}
	return 1 - float64(len(seen))/float64(x.rows)
}
