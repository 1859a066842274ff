package eval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/patina-data/patina/profile"
)

// DriftSchema names the form of a [Drift]'s JSON, and TimelineSchema that of a [Timeline]'s; see JSON.md.
const (
	DriftSchema    = "patina.drift/1"
	TimelineSchema = "patina.drift.timeline/1"
)

// DriftOptions say what counts as a change.
type DriftOptions struct {
	Margin float64 // distance, a share of the records, below which nothing is taken to have changed; 0 is DefaultMargin
	FDR    float64 // false discovery rate of all changes together; 0 is DefaultFDR
}

// DefaultMargin is the distance that is taken for none.
const DefaultMargin = 0.03

func (o DriftOptions) checked() (DriftOptions, error) {
	if o.Margin == 0 {
		o.Margin = DefaultMargin
	}
	if o.FDR == 0 {
		o.FDR = DefaultFDR
	}
	if !(o.Margin > 0 && o.Margin < 1) {
		return o, fmt.Errorf("margin %g: want a share of the records, above 0 and below 1", o.Margin)
	}
	if !(o.FDR > 0 && o.FDR < 1) {
		return o, fmt.Errorf("false discovery rate %g: want more than 0 and less than 1", o.FDR)
	}
	return o, nil
}

// A Drift is what changed from one profile to another.
type Drift struct {
	Schema  string   `json:"schema"`
	From    Source   `json:"from"`
	To      Source   `json:"to"`
	Margin  float64  `json:"margin"`
	FDR     float64  `json:"fdr"`
	Verdict Verdict  `json:"verdict"` // changed if anything is, unchanged if everything is
	Added   []string `json:"added"`   // columns
	Removed []string `json:"removed"`
	Kinds   []Retype `json:"kinds"` // columns whose kind is another one
	// Attributes are the columns' values, forms and what else was counted by itself; Pairs how two attributes of
	// different columns go together, apart from what each does by itself. Both are in order of falling distance, changed ones first.
	Attributes []Change `json:"attributes"`
	Pairs      []Change `json:"pairs"`
	Warnings   []string `json:"warnings,omitempty"`
	Unmatched  int      `json:"unmatched"` // pairs of attributes that one profile measured and the other did not, or not in comparable cells
}

// A Retype is a column that is of another kind.
type Retype struct {
	Column string `json:"column"`
	From   string `json:"from"`
	To     string `json:"to"`
}

// A Change is one attribute, or a pair of them, in two profiles.
type Change struct {
	Columns []string     `json:"columns"`
	Role    profile.Role `json:"role"`  // of an attribute
	Forms   []bool       `json:"forms"` // of each column: how it is written, rather than what it says
	Verdict Verdict      `json:"verdict"`

	// Distance is the total variation between the two distributions, ½Σ|pⱼ − qⱼ| over cells that both profiles tell apart: the part
	// of the records that would have to be something else, from 0 to 1. What noise adds to it has been taken out. Upper is above
	// it in 95 cases of 100, and Noise what noise and chance alone would stay below. Of forms, shares are of the cells that are written.
	Distance float64 `json:"distance"`
	Upper    float64 `json:"upper"`
	Noise    float64 `json:"noise"`
	P        float64 `json:"p"`     // the probability of a difference like this if nothing changed, at most
	Cells    int     `json:"cells"` // that were compared
	// Hidden is the share of the records that may have moved within cells that both profiles divide, but not alike. It is not in Distance;
	// with more of it than the margin nothing is called unchanged.
	Hidden float64 `json:"hidden"`

	Missing *Shift `json:"missing,omitempty"` // of values: the share of the records without one
	Median  *Shift `json:"median,omitempty"`  // of values on an axis: where half of them are below; seconds since 1970 of dates
	Moved   []Move `json:"moved"`             // cells that moved by more than noise and chance, the largest first
}

// A Shift is a number in both profiles.
type Shift struct {
	From Estimate `json:"from"`
	To   Estimate `json:"to"`
}

// A Move is a cell whose share changed. ± is the noise in the profile.
type Move struct {
	Label string        `json:"label"`
	Class profile.Class `json:"class,omitempty"` // of the profile's codes; "" for several together
	From  Estimate      `json:"from"`
	To    Estimate      `json:"to"`
	// Unseen is "from" or "to" if that profile's share is only known to have been below its threshold, which it is then; else "".
	Unseen string `json:"unseen,omitempty"`
}

// ErrNothingShared is for profiles, or records, that have no column in common.
var ErrNothingShared = errors.New("they have no column in common")

// CompareProfiles says what changed from one profile to another.
//
// Each attribute is tested for change as contrast.test has it, and all tests together are held to the false discovery rate: where
// nothing changed at all, the probability that anything is called changed is at most that. Unchanged is what is shown to be nearer
// than the margin, each at 95 %, even if it differs by more than noise. Profiles of the same records are held to the same tests,
// which then are more careful than they need to be. What changed within a cell is not seen.
func CompareProfiles(from, to *profile.Profile, o DriftOptions) (*Drift, error) {
	o, err := o.checked()
	if err != nil {
		return nil, err
	}
	d := &Drift{
		Schema: DriftSchema, From: sourceOf(from), To: sourceOf(to), Margin: o.Margin, FDR: o.FDR,
		Added: []string{}, Removed: []string{}, Kinds: []Retype{}, Attributes: []Change{}, Pairs: []Change{},
	}
	c := comparison{sides: [2]*profile.Profile{from, to}, bases: map[string]alignment{}, sums: [2]profile.Summary{profile.Summarize(from), profile.Summarize(to)}}
	c.columns(d)
	if a, b := from.Manifest.Privacy, to.Manifest.Privacy; a.Unit != b.Unit || a.MaxRecords != b.MaxRecords {
		d.Warnings = append(d.Warnings, "the profiles protect different units, or used a different number of their records: those with many records weigh differently in each")
	}
	if len(c.shared) == 0 {
		return nil, fmt.Errorf("compare profiles of %q and %q: %w", from.Manifest.Dataset, to.Manifest.Dataset, ErrNothingShared)
	}
	if err := c.attributes(); err != nil {
		return nil, err
	}
	d.Unmatched = c.pairs()
	d.judge(c.found, o)
	return d, nil
}

func sourceOf(p *profile.Profile) Source {
	m := p.Manifest
	return Source{
		Dataset: m.Dataset, Run: m.Run, Rows: Estimate{m.Rows, z95 * m.RowSigma}, Epsilon: m.Privacy.Epsilon, Delta: m.Privacy.Delta,
	}
}

// A comparison is two profiles on their way to a [Drift].
type comparison struct {
	sides  [2]*profile.Profile
	shared []string             // columns
	bases  map[string]alignment // [attribute]
	sums   [2]profile.Summary
	found  []found
}

// A found is a change with its test.
type found struct {
	change Change
	tested tested
	pair   bool
}

// columns notes which columns are in both profiles, and what became of the others.
func (c *comparison) columns(d *Drift) {
	kinds := [2]map[string]string{{}, {}}
	for side, p := range c.sides {
		for _, col := range p.Manifest.Columns {
			kinds[side][col.Name] = col.Kind
		}
	}
	for _, col := range c.sides[0].Manifest.Columns {
		kind, ok := kinds[1][col.Name]
		switch {
		case !ok:
			d.Removed = append(d.Removed, col.Name)
			continue
		case kind != col.Kind:
			d.Kinds = append(d.Kinds, Retype{col.Name, col.Kind, kind})
		}
		c.shared = append(c.shared, col.Name)
	}
	for _, col := range c.sides[1].Manifest.Columns {
		if _, ok := kinds[0][col.Name]; !ok {
			d.Added = append(d.Added, col.Name)
		}
	}
}

// attributes tests what was measured of each attribute by itself.
func (c *comparison) attributes() error {
	for _, a := range c.sides[0].Attributes {
		b := c.sides[1].Attribute(a.Name)
		if b == nil || b.Role != a.Role || b.Column != a.Column {
			continue
		}
		switch a.Role {
		case profile.RoleRow, profile.RoleValue, profile.RoleForm, profile.RoleAgreement:
		default:
			continue
		}
		if err := c.attribute(&a, b); err != nil {
			return err
		}
	}
	return nil
}

// domainOf returns an attribute with its column.
func domainOf(p *profile.Profile, a *profile.Attribute) (d domain, err error) {
	d.Attribute = a
	if a.Role == profile.RoleForm {
		d.values = p.Attribute(a.Column)
	}
	for _, col := range p.Manifest.Columns {
		if col.Name == a.Column && a.Role != profile.RoleRow {
			d.column = col
			d.codec, err = col.Codec()
		}
	}
	return d, err
}

func (c *comparison) attribute(a, b *profile.Attribute) error {
	da, err := domainOf(c.sides[0], a)
	if err != nil {
		return err
	}
	db, err := domainOf(c.sides[1], b)
	if err != nil {
		return err
	}
	al := align(da, db)
	c.bases[a.Name] = al
	x, ok := c.contrast(al, da, db)
	if !ok || len(x.labels) < 2 && len(x.unseen) == 0 {
		return nil
	}
	f := found{tested: x.test(), change: Change{Columns: []string{}, Role: a.Role, Forms: []bool{}}}
	if a.Role == profile.RoleRow {
		f.change.Columns = append(f.change.Columns, a.Name)
	} else {
		f.change.Columns = append(f.change.Columns, a.Column)
	}
	f.change.Forms = append(f.change.Forms, a.Role == profile.RoleForm)
	if a.Role == profile.RoleValue {
		f.change.Missing = c.missingShift(a.Column)
		f.change.Median = medianShift(c.sides, da, db)
	}
	c.found = append(c.found, f)
	return nil
}

// contrast gathers what both profiles counted of an attribute.
func (c *comparison) contrast(al alignment, a, b domain) (*contrast, bool) {
	x := &contrast{labels: al.labels, chanced: a.Role != profile.RoleAgreement && a.Name != profile.RowCopies && a.Name != profile.RowUnits}
	for cell := range al.labels {
		lo, ok := al.order(cell, a)
		if !ok {
			lo = math.NaN()
		}
		x.order = append(x.order, lo)
		x.classes = append(x.classes, al.class(cell, a, b))
	}
	for side, p := range c.sides {
		n, ok := count(p, a.Name)
		if !ok {
			return nil, false
		}
		x.fill(side, p, n, al.of[side])
	}
	x.unseen = append(c.unseen(0, al, a, b), c.unseen(1, al, b, a)...)
	x.hidden = c.hidden(al, a.Name)
	if a.Role == profile.RoleForm {
		return x, x.written(al, a, b)
	}
	return x, true
}

// hidden is the share of the records that may have moved within cells that each side divides in its own way, so that no comparison
// sees it: of each such cell what is not in its largest code, on the side where that is less.
func (c *comparison) hidden(al alignment, name string) (sum float64) {
	var counts [2]counted
	for side, p := range c.sides {
		n, ok := count(p, name)
		if !ok {
			return 0
		}
		counts[side] = n
	}
	for _, codes := range al.codes {
		least := 1.0
		for side, p := range c.sides {
			cell, largest := 0.0, 0.0
			for _, i := range codes[side] {
				v := counts[side].values[i]
				if v > clear*math.Sqrt(counts[side].variance[i]) {
					cell, largest = cell+v, max(largest, v)
				}
			}
			least = min(least, (cell-largest)/rows(p))
		}
		sum += max(0, least)
	}
	return sum
}

// written makes shares of the records into shares of the cells that are written: how many are not is a matter of the values. ok is
// false where hardly any are. Nothing is done where unwritten cells cannot be told from others.
func (x *contrast) written(al alignment, a, b domain) (ok bool) {
	none := slices.IndexFunc(al.codes, func(codes [2][]int32) bool {
		return len(codes[0]) == 1 && len(codes[1]) == 1 && a.Codes[codes[0][0]].Class == profile.NoForm && b.Codes[codes[1][0]].Class == profile.NoForm
	})
	if none < 0 {
		return true
	}
	for side := range x.share {
		part, noise := 1-x.share[side][none], x.total[side]+x.noise[side][none]
		if part < 2*clear*math.Sqrt(noise) {
			return false
		}
		for cell := range x.labels {
			x.share[side][cell] /= part
			x.noise[side][cell] /= part * part
		}
		x.size[side] *= part
		x.total[side] = noise / (part * part)
		x.share[side] = slices.Delete(x.share[side], none, none+1)
		x.noise[side] = slices.Delete(x.noise[side], none, none+1)
		for i := range x.unseen {
			if u := &x.unseen[i]; u.side == side {
				u.share /= part
				u.variance /= part * part
			} else {
				u.bound /= part
				u.slack /= part * part
			}
		}
	}
	x.labels, x.order = slices.Delete(slices.Clone(x.labels), none, none+1), slices.Delete(x.order, none, none+1)
	x.classes = slices.Delete(x.classes, none, none+1)
	return true
}

// fill turns counts into shares of the cells.
func (x *contrast) fill(side int, p *profile.Profile, n counted, cell []int) {
	total := rows(p)
	x.share[side], x.noise[side] = make([]float64, len(x.labels)), make([]float64, len(x.labels))
	for code, v := range n.values {
		x.share[side][cell[code]] += v / total
		x.noise[side][cell[code]] += n.variance[code] / (total * total)
	}
	x.size[side] = total / cluster(p)
	x.total[side] = p.Manifest.RowSigma * p.Manifest.RowSigma / (total * total)
}

// cluster is by how much chance is larger than if records were drawn one by one. Records of a unit come and go together: the variance
// of a share grows by Σs²/Σs over units of s records, at most (Kish 1965, §8.2), where s is what was used of them.
func cluster(p *profile.Profile) float64 {
	most := int64(max(1, p.Manifest.Privacy.MaxRecords))
	sizes, keyless, _ := profile.UnitSizes(p)
	records, squares := keyless, keyless
	for _, u := range sizes {
		s := float64(min(u.Most, most))
		records += s * u.Units
		squares += s * s * u.Units
	}
	if records <= 0 {
		return float64(most)
	}
	return max(1, squares/records)
}

// unseen lists the codes of one side that the other side looked for and did not find.
func (c *comparison) unseen(side int, al alignment, has, lacks domain) (out []unseen) {
	n, ok := count(c.sides[side], has.Name)
	limit, looked := cutOf(c.sides[1-side], lacks.Attribute)
	if !ok || !looked || has.column.Kind != lacks.column.Kind {
		return nil
	}
	total, other := rows(c.sides[side]), rows(c.sides[1-side])
	known := newMatcher(lacks)
	for i, code := range has.Codes {
		if code.Origin != profile.Learnt || code.Class == profile.Bin {
			continue
		}
		// A single value that the other side looked for and did not find is in one of its intervals.
		if _, same := known.exact[identity(code)]; same || code.Class != profile.Atom && !onlyOthers(lacks, al.codes[al.of[side][i]][1-side]) {
			continue
		}
		out = append(out, unseen{
			label: code.Readable(has.column.Kind), class: code.Class, side: side, share: n.values[i] / total, variance: n.variance[i] / (total * total),
			bound: limit.threshold / other, slack: limit.sigma * limit.sigma / (other * other),
		})
	}
	return out
}

// onlyOthers reports whether codes are those of whatever has none of its own.
func onlyOthers(d domain, codes []int32) bool {
	for _, i := range codes {
		switch d.Codes[i].Class {
		case profile.Other, profile.OtherMissing, profile.OtherForm, profile.OtherShape:
		default:
			return false
		}
	}
	return true
}

// judge decides what changed, all tests together.
func (d *Drift) judge(all []found, o DriftOptions) {
	p := make([]float64, len(all))
	for i, f := range all {
		p[i] = f.tested.p
	}
	differs := rejected(p, o.FDR)
	for i, f := range all {
		c := f.change
		c.Distance, c.Upper, c.Noise, c.P, c.Cells = f.tested.distance, f.tested.upper, f.tested.band, f.tested.p, len(f.tested.cells)
		c.Hidden = f.tested.hidden
		c.Verdict = CantTell
		switch {
		case c.Upper <= o.Margin && f.tested.farthest() <= o.Margin && c.Hidden <= o.Margin:
			c.Verdict = Unchanged
		case differs[i]:
			c.Verdict = Changed
		}
		c.Moved = []Move{}
		if differs[i] {
			c.Moved = f.tested.moves()
		}
		if f.pair {
			d.Pairs = append(d.Pairs, c)
		} else {
			d.Attributes = append(d.Attributes, c)
		}
	}
	d.Verdict = Unchanged
	if len(d.Added)+len(d.Removed)+len(d.Kinds) > 0 {
		d.Verdict = Changed
	}
	for _, list := range [][]Change{d.Attributes, d.Pairs} {
		slices.SortStableFunc(list, func(a, b Change) int {
			return cmp.Or(cmp.Compare(weightOf[a.Verdict], weightOf[b.Verdict]), cmp.Compare(b.Distance, a.Distance))
		})
		for _, c := range list {
			if weightOf[c.Verdict] < weightOf[d.Verdict] {
				d.Verdict = c.Verdict
			}
		}
	}
}

// weightOf orders verdicts: one change is a change, one doubt is a doubt.
var weightOf = map[Verdict]int{Changed: 0, CantTell: 1, Unchanged: 2}

// farthest is the least that codes which one side alone found must have moved, at 95 %.
func (t *tested) farthest() (most float64) {
	for _, u := range t.unseen {
		most = max(most, (u.share-u.bound)*(1-z90/max(u.z, z90)))
	}
	return most
}

// moves lists the cells that moved, at 5 % among all of the attribute (Bonferroni), or else the one that did most.
func (t *tested) moves() []Move {
	n := float64(len(t.cells) + len(t.unseen))
	var out []Move
	seen := map[string]bool{}
	for _, u := range t.unseen {
		if upperTail(u.z)*n > DefaultFDR {
			continue
		}
		m := Move{Label: u.label, Class: u.class, From: Estimate{u.share, z95 * math.Sqrt(u.variance)}, To: Estimate{u.bound, z95 * math.Sqrt(u.slack)}, Unseen: "to"}
		if u.side == 1 {
			m.From, m.To, m.Unseen = m.To, m.From, "from"
		}
		seen[u.label] = true
		out = append(out, m)
	}
	var most *testedCell
	for i := range t.cells {
		c := &t.cells[i]
		if most == nil || math.Abs(c.z) > math.Abs(most.z) {
			most = c
		}
		if 2*upperTail(math.Abs(c.z))*n <= DefaultFDR && !seen[c.label] {
			out = append(out, c.move())
		}
	}
	if len(out) == 0 && most != nil {
		out = append(out, most.move())
	}
	size := func(m Move) float64 { return math.Abs(m.To.Value - m.From.Value) }
	slices.SortStableFunc(out, func(a, b Move) int { return cmp.Compare(size(b), size(a)) })
	return out
}

func (c *testedCell) move() Move {
	return Move{Label: c.label, Class: c.class, From: Estimate{c.share[0], z95 * c.sd[0]}, To: Estimate{c.share[1], z95 * c.sd[1]}}
}

// A Timeline is a row of profiles, each compared with the one before and with the first.
type Timeline struct {
	Schema    string   `json:"schema"`
	Profiles  []Source `json:"profiles"`
	Steps     []*Drift `json:"steps"`      // from each to the next
	FromFirst []*Drift `json:"from_first"` // from the first to each but it and the second
}

// CompareTimeline compares two profiles or more, in the order given.
func CompareTimeline(ctx context.Context, all []*profile.Profile, o DriftOptions) (*Timeline, error) {
	if len(all) < 2 {
		return nil, errors.New("compare profiles: want two at least")
	}
	t := &Timeline{Schema: TimelineSchema, Steps: []*Drift{}, FromFirst: []*Drift{}}
	for i, p := range all {
		t.Profiles = append(t.Profiles, sourceOf(p))
		if i == 0 {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		step, err := CompareProfiles(all[i-1], p, o)
		if err != nil {
			return nil, err
		}
		t.Steps = append(t.Steps, step)
		if i == 1 {
			continue
		}
		whole, err := CompareProfiles(all[0], p, o)
		if err != nil {
			return nil, err
		}
		t.FromFirst = append(t.FromFirst, whole)
	}
	return t, nil
}
