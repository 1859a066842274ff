// Package fidelity measures how near a synthetic table is to the real one. It reads real rows, so that what it finds is NOT PRIVATE: it is
// for those who may see the data.
//
//  1. Both tables are read, or a uniform sample of each. Columns that only one has are left out, and named.
//  2. Each column gets a kind, the profile's or an elected one, and becomes discrete attributes: what its cells say and how they are
//     written. Categories and bins are found in the real table exactly.
//  3. Four samples of equal size are drawn: a random half of the real rows as the reference, synthetic rows, the other real half (the
//     floor), and that half with each column permuted by itself (the independent control).
//  4. Every measure is taken on the last three against the first. So a synthetic table as good as real data scores about like the floor,
//     and one that has lost how columns go together scores like the control.
//  5. The [Report] is printed, written as JSON (JSON.md), or made a page by [Report.Page].
//
// Nothing here measures privacy, neither do the shares of copied records and rare strings.
package fidelity

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// Schema names the form of a report as JSON. Fields may be added to it; what is there keeps its name and meaning.
const Schema = "patina.fidelity/1"

// Warning is what a reader of a report must know before anything else.
const Warning = "NOT PRIVATE: measured on real rows without noise. Treat it like the data."

// DefaultMaxRows is how many rows of a table are looked at when [Options] does not say.
const DefaultMaxRows = 200_000

// minRows is how many rows each sample must have.
const minRows = 20

// Options say what to measure.
type Options struct {
	MaxRows   int              // of each table; a larger one is sampled uniformly. 0 means DefaultMaxRows
	Seed      uint64           // of samples and controls: the same seed gives the same report
	Target    string           // a column to be predicted; "" for none
	Subgroups []string         // columns by which records are grouped; nil chooses some
	Profile   *profile.Profile // whose kinds the columns have; nil elects kinds by the real cells

	// Progress is called with what is being done next and the part that is done, from 0 to 1; nil for no calls.
	Progress func(phase string, done float64)
}

// A Report is what was measured.
type Report struct {
	Schema        string        `json:"schema"`
	NotPrivate    bool          `json:"not_private"` // always true
	Warning       string        `json:"warning"`
	Seed          uint64        `json:"seed"`
	Real          Table         `json:"real"`
	Synthetic     Table         `json:"synthetic"`
	Compared      int           `json:"compared"` // rows of each of the samples
	Untyped       bool          `json:"untyped"`  // one table is CSV and the other is not: types, null and absent are not told apart
	LeftOut       LeftOut       `json:"left_out"`
	Columns       []Column      `json:"columns"`
	Marginals     []Marginal    `json:"marginals"`
	Associations  Associations  `json:"associations"`
	Forms         Together      `json:"forms_together"`
	Missing       Together      `json:"missing_together"`
	MissingMatrix MissingMatrix `json:"missing_matrix"`
	MissingRates  []MissingRate `json:"missing_rates"`
	Records       Records       `json:"records"`
	Copied        Score         `json:"copied"` // share of the records that are exactly like one of the reference half
	Subgroups     []Subgroup    `json:"subgroups"`
	Classifier    *Classifier   `json:"classifier"` // null when there are too few rows
	Target        *Target       `json:"target"`     // null unless asked for
}

// A Table is one of the two.
type Table struct {
	Rows int `json:"rows"` // of the table
	Read int `json:"read"` // of which a uniform sample was looked at
}

// LeftOut are columns that only one of the tables has.
type LeftOut struct {
	Real      []string `json:"real"`
	Synthetic []string `json:"synthetic"`
}

// A Column is what was measured of one column.
type Column struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind"`
	MadeUp  bool     `json:"made_up"` // the profile makes its texts up by design: what they say is not compared, how they are written is
	Value   Score    `json:"value"`   // TVD of its values
	Mess    Mess     `json:"mess"`
	Texts   Texts    `json:"texts"`
	Numeric *Numeric `json:"numeric,omitempty"`
	Bars    []Share  `json:"bars"` // its most frequent values
}

// A Share is how many of the records have a value.
type Share struct {
	Label     string  `json:"label"`
	Real      float64 `json:"real"`
	Synthetic float64 `json:"synthetic"`
}

// Compare reads both tables and measures the synthetic one. It fails with [ErrMismatch] when they have nothing in common or too few rows, and
// with [ErrUnknownColumn] when a column that was asked for is not in both.
func Compare(ctx context.Context, real, synthetic *record.Source, opts Options) (*Report, error) {
	if opts.MaxRows == 0 {
		opts.MaxRows = DefaultMaxRows
	}
	if opts.MaxRows < 0 {
		return nil, fmt.Errorf("compare tables: %d rows", opts.MaxRows)
	}
	m := &measuring{ctx: ctx, opts: opts}
	rng := rand.New(rand.NewPCG(opts.Seed, 0))
	m.phase("reading", 0)
	in, err := readPair(ctx, real, synthetic, opts, rng)
	if err != nil {
		return nil, err
	}
	if m.suite, err = m.prepare(in, rng); err != nil {
		return nil, err
	}
	r := &Report{
		Schema: Schema, NotPrivate: true, Warning: Warning, Seed: opts.Seed, Untyped: in.untyped,
		Real:      Table{in.real.seen, len(in.real.shapes)},
		Synthetic: Table{in.synthetic.seen, len(in.synthetic.shapes)},
		Compared:  m.suite.reference.rows,
		LeftOut:   LeftOut{in.onlyReal, in.onlySynthetic},
	}
	if err := m.measure(r, [2][]int16{in.real.shapes, in.synthetic.shapes}); err != nil {
		return nil, err
	}
	return r, nil
}

// A measuring is a report in the making.
type measuring struct {
	ctx   context.Context
	opts  Options
	suite *suite
}

func (m *measuring) phase(name string, done float64) {
	if m.opts.Progress != nil {
		m.opts.Progress(name, done)
	}
}

// prepare describes the cells and draws the samples.
func (m *measuring) prepare(in *inputs, rng *rand.Rand) (*suite, error) {
	rows, made := len(in.real.shapes), len(in.synthetic.shapes)
	if min(rows/2, made) < minRows {
		return nil, fmt.Errorf("the real table has %d rows and the synthetic one %d, want %d and %d at least: %w",
			rows, made, 2*minRows, minRows, ErrMismatch)
	}
	var columns []*column
	for i, name := range in.names {
		if err := m.ctx.Err(); err != nil {
			return nil, err
		}
		m.phase("describing cells", 0.5*float64(i)/float64(len(in.names)))
		c, err := newColumn(name, [2][]record.Cell{in.real.cells[i], in.synthetic.cells[i]}, m.opts.Profile)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", name, err)
		}
		in.real.cells[i], in.synthetic.cells[i] = nil, nil // the column has the distinct ones
		columns = append(columns, c)
	}
	return newSuite(columns, rows, made, rng), nil
}

// measure fills the report, what can be refused first.
func (m *measuring) measure(r *Report, shapes [2][]int16) (err error) {
	s := m.suite
	steps := []struct {
		name string
		do   func() error
	}{
		{"predicting the target", func() error {
			if m.opts.Target != "" {
				r.Target, err = s.target(m.ctx, m.opts.Target)
			}
			return err
		}},
		{"subgroups", func() error { r.Subgroups, err = s.subgroups(m.opts.Subgroups); return err }},
		{"columns", func() error { r.Columns = s.measureColumns(); return nil }},
		{"marginals", func() error { r.Marginals = s.marginals(); return nil }},
		{"associations", func() error { r.Associations = *s.associations(); return nil }},
		{"mess", func() error {
			r.Forms, r.Missing, r.MissingRates = s.formsTogether(), s.missingTogether(), s.missingRates()
			r.MissingMatrix = s.missingMatrix()
			r.Records, r.Copied = s.records(shapes), s.copied()
			return nil
		}},
		{"classifier", func() error { r.Classifier, err = s.classifier(m.ctx); return err }},
	}
	for i, step := range steps {
		if err := m.ctx.Err(); err != nil {
			return err
		}
		m.phase(step.name, 0.5+0.5*float64(i)/float64(len(steps)))
		if err := step.do(); err != nil {
			return err
		}
	}
	return nil
}

// measureColumns measures each column by itself.
func (s *suite) measureColumns() []Column {
	values, sc := s.tables(func(c *column) *attribute { return &c.value }), &scratch{}
	messes := s.mess()
	list := []Column{}
	for at, c := range s.columns {
		list = append(list, Column{
			Name: c.name, Kind: string(c.kind), MadeUp: c.made, Mess: messes[at], Texts: s.texts(at), Numeric: s.numeric(at),
			Value: values.distance(sc, []int{at}).Score,
			Bars:  values.bars(at, c.value.labels),
		})
	}
	return list
}

// maxBars is how many values of a column are listed.
const maxBars = 12

// bars lists the most frequent values of either sample.
func (t *tables) bars(at int, labels []string) []Share {
	shares := func(t *table) []float64 {
		list := make([]float64, len(labels))
		for _, c := range t.columns[at] {
			list[c] += 1 / float64(t.rows)
		}
		return list
	}
	real, synthetic := shares(t.reference), shares(t.candidates[0])
	count := newRanking()
	index := map[string]int{}
	for i, l := range labels {
		index[l] = i
		count.add(l, int(1e9*max(real[i], synthetic[i])))
	}
	list := []Share{}
	for _, l := range count.top(maxBars, 1) {
		list = append(list, Share{l, real[index[l]], synthetic[index[l]]})
	}
	return list
}

// MadeUp names the columns whose texts the profile makes up.
func (r *Report) MadeUp() []string {
	var names []string
	for _, c := range r.Columns {
		if c.MadeUp {
			names = append(names, c.Name)
		}
	}
	return names
}
