package vault

import (
	"fmt"
	"math"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
)

// A Guess is what a plan takes for what only a run can measure.
type Guess struct {
	Rows    float64          // records that will be used
	Earlier *profile.Profile // of the same table, whose columns and domains are taken; nil if there is none
}

// OutlineSchema names the form of an [Outline]'s JSON.
const OutlineSchema = "patina.plan/1"

// An Outline is what a run would measure, what it would cost, and how exact it would be. It is made of the spec, the schema and a guess;
// no row has a part in it. What a run does differs from it as far as its data differ from the guess: it measures
// what it finds.
type Outline struct {
	Schema     string           `json:"schema"` // OutlineSchema
	Rows       float64          `json:"rows"`   // the guess
	Unit       string           `json:"unit"`
	MaxRecords int              `json:"max_records"`
	Epsilon    float64          `json:"epsilon"`
	Delta      float64          `json:"delta"`
	Rho        float64          `json:"rho"` // zCDP that would be reserved
	Steps      []PlannedStep    `json:"steps"`
	Columns    []PlannedColumn  `json:"columns"`
	Together   *PlannedTogether `json:"together,omitempty"` // nil where columns are not set against each other
	Slices     []PlannedSlice   `json:"slices"`             // in focus, of several columns
}

// A PlannedStep is what a group of releases would cost, in the groups of [profile.Spending].
type PlannedStep struct {
	On    string  `json:"on"`
	Rho   float64 `json:"rho"`
	Share float64 `json:"share"` // of what the run reserves
}

// A PlannedColumn is how exact a column's shares would be.
type PlannedColumn struct {
	Name   string         `json:"name"`
	Kind   string         `json:"kind"` // "" when it is to be learnt
	Origin profile.Origin `json:"origin"`
	// PlusMinus is half the width of the 95 % interval of one share, of the records, from the column's final counts.
	PlusMinus float64 `json:"plus_minus"`
	// Smallest is the share from which a value is found, with even odds; 0 where its values are declared or made up.
	Smallest float64 `json:"smallest,omitempty"`
	cells    int
	explored float64 // part of the column's budget that goes into finding out what is there
}

// PlannedTogether is how columns would be set against each other.
type PlannedTogether struct {
	Groups    int     `json:"groups"`     // that a column's values are seen in, at most
	PlusMinus float64 `json:"plus_minus"` // half the width of the 95 % interval of the share of a cell of a pair
}

// A PlannedSlice is how exactly columns in focus would be known together.
type PlannedSlice struct {
	Columns   []string `json:"columns"`
	Cells     int      `json:"cells"`      // in which they are seen together
	PlusMinus float64  `json:"plus_minus"` // half the width of the 95 % interval of the share of a cell
	// Resolved is whether a cell of average share stands out from its noise: PlusMinus is below it.
	Resolved bool `json:"resolved"`
}

// Plan outlines a run over a table of the schema. opts.Output and what is about the job are not looked at.
func Plan(sp *spec.Spec, schema record.Schema, opts Options, g Guess) (*Outline, error) {
	b, err := newBuild(sp, schema, opts)
	if err != nil {
		return nil, err
	}
	if err := b.guessColumns(g.Earlier); err != nil {
		return nil, err
	}
	request := dp.Request{Epsilon: opts.Epsilon, Delta: opts.Delta}
	if err := b.checkNoise(request); err != nil {
		return nil, err
	}
	reserved, err := request.Budget()
	if err != nil {
		return nil, err
	}
	pl := newPlan(reserved, b)
	o := &outliner{build: b, guess: g, x: exits{unit: b.rule.Unit()}, steps: map[string]account.Rho{}, Outline: Outline{
		Schema: OutlineSchema,
		Rows:   g.Rows, Unit: opts.Unit.Name(), MaxRecords: b.rule.Unit().Records(),
		Epsilon: float64(opts.Epsilon), Delta: float64(opts.Delta), Rho: float64(reserved.Rho), Slices: []PlannedSlice{},
	}}
	o.steps[profile.OnRows] = pl.units + pl.rows + pl.shapes + pl.copies + pl.widths + pl.paths + pl.follows + pl.orders + pl.others
	o.steps[profile.OnKinds] = pl.kinds
	pl.setAside(len(b.columns), g.Rows)
	o.together(pl)
	o.columns(&pl)
	for _, on := range profile.SpendingGroups() {
		if rho := o.steps[on]; rho > 0 {
			o.Steps = append(o.Steps, PlannedStep{On: on, Rho: float64(rho), Share: float64(rho / reserved.Rho)})
		}
	}
	return &o.Outline, nil
}

// guessColumns takes the columns of JSON lines from an earlier profile, where they are not declared.
func (b *build) guessColumns(earlier *profile.Profile) error {
	if earlier != nil && len(b.columns) == 0 {
		for _, c := range earlier.Manifest.Columns {
			b.columns = append(b.columns, c.Column)
		}
	}
	if len(b.columns) == 0 {
		return fmt.Errorf("%w: which columns JSON lines have is data: declare them in the spec, or give the profile of an earlier run", ErrMismatch)
	}
	return nil
}

// An outliner makes an outline.
type outliner struct {
	*build
	Outline
	guess Guess
	x     exits
	steps map[string]account.Rho
}

// Cells of columns of which nothing is known.
const (
	guessedCategories = 12
	guessedBins       = 48
)

// column says what can be known of a column before it is measured: its kind, how many cells its values have, and which part of its
// budget goes into finding them.
func (o *outliner) column(c record.Column) PlannedColumn {
	kind, origin := o.kindOf(c)
	earlier := (*profile.Attribute)(nil)
	if o.guess.Earlier != nil {
		for _, old := range o.guess.Earlier.Manifest.Columns {
			if old.Name == c.Name {
				earlier = o.guess.Earlier.Attribute(c.Name)
				if kind == "" {
					kind = mess.Kind(old.Kind)
				}
			}
		}
	}
	if o.isKey(c.Name) {
		kind, origin = keyKind(kind), profile.Declared
	}
	p := PlannedColumn{Name: c.Name, Kind: string(kind), Origin: origin, cells: guessedCategories, explored: shareValues + shareForm}
	codec, err := mess.ForKind(kind)
	declared := o.spec.Column(c.Name)
	switch {
	case declared != nil && declared.Values != nil:
		p.cells, p.explored = len(declared.Values)+1, shareNulls+shareUnwritten
	case kind == mess.Boolean:
		p.cells, p.explored = 3, shareAtoms+shareForm
	case err == nil && codec.Axis() != nil:
		p.cells, p.explored = guessedBins, shareAtoms+shareForm
		for _, share := range shareLevels {
			p.explored += share
		}
	case err == nil && !codec.Literal():
		p.cells, p.explored = 2, shareNulls+2*shareForm+sharePieces+shareGrammar
	}
	if earlier != nil {
		p.cells = 1
		for _, code := range earlier.Codes {
			if !profile.IsMissing(code.Class) {
				p.cells++
			}
		}
	}
	return p
}

// columns shares the columns' budget out as a run would.
func (o *outliner) columns(pl *plan) {
	n := len(o.build.columns)
	jobs := make([]*columnJob, n)
	explored := 0.0
	for i, c := range o.build.columns {
		p := o.column(c)
		o.Columns = append(o.Columns, p)
		explored += p.explored / float64(n)
		jobs[i] = &columnJob{weight: o.spec.Weight(c.Name), value: make([]profile.Code, p.cells-1)}
		for k := range jobs[i].value {
			jobs[i].value[k].Class = profile.Atom
		}
	}
	purse := pl.purse(n)
	left := pl.columns * account.Rho(1-explored)
	for i, share := range shareOut(jobs) {
		p := &o.Columns[i]
		rho := atMost(left * account.Rho(share*(1-shareFormIn)))
		p.PlusMinus = o.plusMinus(o.x.sigma(rho, 1))
		o.steps[profile.OnColumns] += left * account.Rho(share)
		o.explore(p, purse)
	}
}

// explore adds what finding out what is in a column costs, and from which share its values are found.
func (o *outliner) explore(p *PlannedColumn, purse purse) {
	take := func(on string, share float64) account.Rho {
		rho := atMost(account.Rho(share) * purse.whole)
		o.steps[on] += rho
		return rho
	}
	codec, err := mess.ForKind(mess.Kind(p.Kind))
	declared := o.spec.Column(p.Name)
	switch {
	case declared != nil && declared.Values != nil:
		take(profile.OnValues, shareNulls)
		take(profile.OnForms, shareUnwritten)
	case err == nil && (codec.Axis() != nil || p.Kind == string(mess.Boolean)):
		rho := take(profile.OnValues, shareAtoms)
		take(profile.OnForms, shareForm)
		if codec.Axis() != nil {
			for _, share := range shareLevels {
				take(profile.OnBins, share)
			}
		}
		p.Smallest = o.smallest(rho, purse.delta)
	case err == nil && !codec.Literal():
		take(profile.OnValues, shareNulls)
		take(profile.OnForms, 2*shareForm)
		take(profile.OnTexts, sharePieces+shareGrammar)
	default:
		p.Smallest = o.smallest(take(profile.OnValues, shareValues), purse.delta)
		take(profile.OnForms, shareForm)
	}
}

// together says how exact pairs of columns would be, and the slices in focus.
func (o *outliner) together(pl plan) {
	n := len(o.build.columns)
	if pl.joint == 0 {
		for _, f := range o.spec.Focus {
			if len(f) > 1 {
				o.Slices = append(o.Slices, PlannedSlice{Columns: f, Cells: 1, PlusMinus: 1})
			}
		}
		return
	}
	o.steps[profile.OnTogether] = pl.joint
	typical := typicalSigma(pl.joint, n, o.x.unit)
	k := resolution(o.guess.Rows, typical)
	o.Together = &PlannedTogether{Groups: k, PlusMinus: o.plusMinus(account.Sigma(typical))}
	emphasis := math.Cbrt(spec.Emphasis) // σ goes by 1/√ρ, and ρ by weight^(2/3)
	for _, f := range o.spec.Focus {
		if len(f) < 2 {
			continue
		}
		s := PlannedSlice{Columns: f, Cells: 1}
		for _, name := range f {
			for _, c := range o.build.columns {
				if c.Name == name {
					s.Cells *= min(k, o.column(c).cells)
				}
			}
		}
		sigma := typical / emphasis
		if len(f) > 2 { // in the round of triples
			sigma *= math.Sqrt(rounds[0].measure / rounds[len(rounds)-1].measure / 4)
		}
		s.PlusMinus = o.plusMinus(account.Sigma(sigma))
		s.Resolved = s.PlusMinus < 1/float64(s.Cells)
		o.Slices = append(o.Slices, s)
	}
}

// plusMinus is half the width of the 95 % interval of a share.
func (o *outliner) plusMinus(sigma account.Sigma) float64 {
	return min(1, 1.96*float64(sigma)/max(1, o.guess.Rows))
}

// smallest is the share of the records whose count is at the threshold.
func (o *outliner) smallest(rho account.Rho, delta account.Delta) float64 {
	bound := o.x.unit.Bound(1)
	sigma := sigmaFor(rho, bound)
	t := float64(account.ThresholdShift(sigma, bound.Linf())) + account.Threshold(sigma, float64(bound.Linf()), bound.L0(), delta)
	return min(1, t/max(1, o.guess.Rows))
}
