package eval

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A maker makes profiles of two categorical columns, pet and home, of n records each drawn with some probabilities, with noise of a
// given σ: what the vault would make of such a table, without one.
type maker struct {
	rng   *rand.Rand
	n     int
	sigma float64
	joint [][]float64 // [pet][home] probability
}

// draw draws the exact counts of a table.
func (m *maker) draw() [][]float64 {
	counts := make([][]float64, len(m.joint))
	for i := range counts {
		counts[i] = make([]float64, len(m.joint[i]))
	}
	for range m.n {
		u := m.rng.Float64()
	find:
		for i, row := range m.joint {
			for j, p := range row {
				if u -= p; u < 0 {
					counts[i][j]++
					break find
				}
			}
		}
	}
	return counts
}

// profile measures counts with noise.
func (m *maker) profile(counts [][]float64) *profile.Profile {
	p := &profile.Profile{Manifest: profile.Manifest{Dataset: "pets", Run: "r", Rows: float64(m.n) + m.sigma*m.rng.NormFloat64(), RowSigma: m.sigma}}
	names, sizes := []string{"pet", "home"}, []int{len(counts), len(counts[0])}
	sums := [][]float64{make([]float64, sizes[0]), make([]float64, sizes[1])}
	var joint profile.Measurement
	for i, row := range counts {
		for j, n := range row {
			sums[0][i] += n
			sums[1][j] += n
			joint.Cells = append(joint.Cells, []int32{int32(i), int32(j)})
			joint.Values = append(joint.Values, n+m.sigma*m.rng.NormFloat64())
		}
	}
	for id := 1; id <= 2; id++ { // each by itself, then both together
		p.Manifest.Releases = append(p.Manifest.Releases, profile.Release{ID: id, Mechanism: "gaussian", Purpose: "counts", L2: 1, Sigma: m.sigma})
	}
	for k, name := range names {
		p.Manifest.Columns = append(p.Manifest.Columns, profile.Column{Column: record.Column{Name: name, Type: record.StringType}, Kind: "category"})
		value := profile.Attribute{Name: name, Column: name, Role: profile.RoleValue}
		view := profile.Attribute{Name: profile.ViewName(name), Column: name, Role: profile.RoleView}
		own := profile.Measurement{Release: 1, Attributes: []string{name}, Sigma: m.sigma}
		for i := range sizes[k] {
			c := profile.Code{Class: profile.Literal, Tag: record.Text, Label: fmt.Sprintf("%s %d", name, i), Origin: profile.Learnt}
			value.Codes, value.Groups = append(value.Codes, c), append(value.Groups, int32(i))
			view.Codes = append(view.Codes, profile.Code{Class: profile.Group, Label: c.Label, Origin: profile.Learnt})
			own.Cells, own.Values = append(own.Cells, []int32{int32(i)}), append(own.Values, sums[k][i]+m.sigma*m.rng.NormFloat64())
		}
		p.Attributes = append(p.Attributes, value, view)
		p.Measurements = append(p.Measurements, own)
		joint.Attributes = append(joint.Attributes, view.Name)
	}
	joint.Release, joint.Sigma = 2, m.sigma
	p.Measurements = append(p.Measurements, joint)
	return p
}

// uneven returns probabilities of a table of two attributes that depend on each other, with small cells among them.
func uneven(rows, columns int) [][]float64 {
	out, sum := make([][]float64, rows), 0.0
	for i := range out {
		out[i] = make([]float64, columns)
		for j := range out[i] {
			out[i][j] = 1 / float64((1+i)*(1+j)) * (1 + float64((i+j)%3))
			sum += out[i][j]
		}
	}
	for i := range out {
		for j := range out[i] {
			out[i][j] /= sum
		}
	}
	return out
}

func compared(t *testing.T, a, b *profile.Profile) *Drift {
	t.Helper()
	d, err := CompareProfiles(a, b, DriftOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func anyDiffers(d *Drift) bool {
	for _, list := range [][]Change{d.Attributes, d.Pairs} {
		for _, c := range list {
			if c.Verdict == Changed || len(c.Moved) > 0 { // moves are listed of what differs by more than noise, however little
				return true
			}
		}
	}
	return false
}

// TestFalseAlarms: where nothing changed, two profiles differ with a probability of 5 % at most, whether noise or chance is the
// larger and whether or not the records are the same. Of 300 trials with exactly that probability, more than 39 would be seen with
// a probability below 1e-7; the seeds are fixed, so the test does not flake.
func TestFalseAlarms(t *testing.T) {
	const trials, most = 300, 39
	for _, c := range []struct {
		name  string
		n     int
		sigma float64
		again bool // the same records
	}{
		{"noise", 2000, 30, false}, {"chance", 20_000, 3, false}, {"few", 300, 5, false}, {"same records", 3000, 10, true},
	} {
		m := &maker{rng: rand.New(rand.NewPCG(1, 2)), n: c.n, sigma: c.sigma, joint: uneven(12, 7)}
		alarms := 0
		for range trials {
			first := m.draw()
			second := first
			if !c.again {
				second = m.draw()
			}
			if anyDiffers(compared(t, m.profile(first), m.profile(second))) {
				alarms++
			}
		}
		t.Logf("%s: %d of %d", c.name, alarms, trials)
		if alarms > most {
			t.Errorf("%s: %d of %d comparisons of the same distribution found a difference, want at most %d", c.name, alarms, trials, most)
		}
	}
}

// TestPower: five points of 20,000 records that move from one category to another are found at the noise of ε = 1, which of the
// two it was is said, and so is what goes with it.
func TestPower(t *testing.T) {
	before := &maker{rng: rand.New(rand.NewPCG(3, 4)), n: 20_000, sigma: 60, joint: uneven(12, 7)}
	after := *before
	after.joint = uneven(12, 7)
	for j := range after.joint[0] { // of pet 0, a part as large as 5 % of all becomes pet 3, in every home alike
		total := 0.0
		for _, p := range before.joint[0] {
			total += p
		}
		after.joint[0][j] -= 0.05 * before.joint[0][j] / total
		after.joint[3][j] += 0.05 * before.joint[0][j] / total
	}
	for range 50 {
		d := compared(t, before.profile(before.draw()), after.profile(after.draw()))
		var pet *Change
		for i := range d.Attributes {
			if d.Attributes[i].String() == "pet" {
				pet = &d.Attributes[i]
			}
		}
		if pet == nil || pet.Verdict != Changed || len(pet.Moved) < 2 {
			t.Fatalf("pet is %+v, want changed", pet)
		}
		for _, m := range pet.Moved[:2] {
			if m.Label != "pet 0" && m.Label != "pet 3" {
				t.Errorf("moved %+v", m)
			}
		}
		if math.Abs(pet.Distance-0.05) > 0.03 || pet.Upper < 0.05 {
			t.Errorf("distance %.3f, at most %.3f, want about 0.05", pet.Distance, pet.Upper)
		}
	}
}

// TestDependenceReversed: columns that go together the other way round, each as it was by itself, are a change of the pair alone.
func TestDependenceReversed(t *testing.T) {
	m := &maker{rng: rand.New(rand.NewPCG(5, 6)), n: 5000, sigma: 10, joint: [][]float64{{0.4, 0.1}, {0.1, 0.4}}}
	reversed := *m
	reversed.joint = [][]float64{{0.1, 0.4}, {0.4, 0.1}}
	d := compared(t, m.profile(m.draw()), reversed.profile(reversed.draw()))
	for _, c := range d.Attributes {
		if c.Verdict == Changed {
			t.Errorf("%v changed by itself", c)
		}
	}
	if len(d.Pairs) != 1 || d.Pairs[0].Verdict != Changed || math.Abs(d.Pairs[0].Distance-0.6) > 0.05 {
		t.Errorf("pairs %+v, want a distance of 0.6", d.Pairs)
	}
}

// TestMarginalChangeIsNotThePairs: where one column changed and what goes with it did not, the pair is not called changed.
func TestMarginalChangeIsNotThePairs(t *testing.T) {
	m := &maker{rng: rand.New(rand.NewPCG(7, 8)), n: 20_000, sigma: 10, joint: [][]float64{{0.4, 0.1}, {0.1, 0.4}}}
	more := *m
	more.joint = [][]float64{{0.56, 0.14}, {0.06, 0.24}}
	for range 20 {
		d := compared(t, m.profile(m.draw()), more.profile(more.draw()))
		if d.Attributes[0].Verdict != Changed || d.Pairs[0].Verdict == Changed {
			t.Fatalf("attributes %+v and pairs %+v", d.Attributes, d.Pairs)
		}
	}
}

// TestUpperBound: the bound holds in at least 95 % of cases; of 400 with exactly that probability fewer than 355 would be seen with
// one below 1e-6. What is shown to be near is called unchanged.
func TestUpperBound(t *testing.T) {
	for _, moved := range []float64{0, 0.01, 0.05} {
		m := &maker{rng: rand.New(rand.NewPCG(9, 10)), n: 10_000, sigma: 15, joint: uneven(9, 2)}
		other := *m
		other.joint = uneven(9, 2)
		for j := range other.joint[0] {
			other.joint[0][j] -= moved / 2
			for i := 1; i < 9; i++ {
				other.joint[i][j] += moved / 16
			}
		}
		held, near := 0, 0
		for range 400 {
			d := compared(t, m.profile(m.draw()), other.profile(other.draw()))
			for _, c := range d.Attributes {
				if c.String() == "pet" && c.Upper >= moved {
					held++
				}
				if c.String() == "pet" && c.Verdict == Unchanged {
					near++
				}
			}
		}
		if held < 355 {
			t.Errorf("moved %g: the bound held in %d of 400", moved, held)
		}
		if moved == 0 && near < 200 || moved > DefaultMargin && near > 40 {
			t.Errorf("moved %g: called unchanged in %d of 400", moved, near)
		}
	}
}

// TestAlign aligns bins on the edges that both have, and what only one side tells apart with what the other has for it.
func TestAlign(t *testing.T) {
	bin := func(lo, hi int64) profile.Code {
		edge := func(x int64) mess.Edge {
			e, err := mess.ParseEdge(fmt.Sprint(x))
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		return profile.Code{Class: profile.Bin, Lo: edge(lo), Hi: edge(hi), Origin: profile.Learnt}
	}
	atom := func(s string) profile.Code { return profile.Code{Class: profile.Atom, Label: s} }
	missing := func(s string) profile.Code { return profile.Code{Class: profile.Missing, Tag: record.Text, Label: s} }
	domainOf := func(codes ...profile.Code) domain {
		codec, err := mess.ForKind(mess.Integer)
		if err != nil {
			t.Fatal(err)
		}
		x := &profile.Attribute{Name: "x", Column: "x", Role: profile.RoleValue, Codes: codes}
		return domain{Attribute: x, column: profile.Column{Kind: "integer"}, codec: codec}
	}
	other, null := profile.Code{Class: profile.Other}, profile.Code{Class: profile.OtherMissing}
	a := domainOf(other, null, missing("NA"), atom("7"), bin(0, 10), bin(10, 20), bin(20, 30))
	b := domainOf(null, other, bin(0, 10), bin(10, 25), bin(25, 100), atom("7"), atom("50"))
	al := align(a, b)
	same := func(side int, codes ...int) bool {
		for _, c := range codes {
			if al.of[side][c] != al.of[side][codes[0]] {
				return false
			}
		}
		return true
	}
	if len(al.labels) != 5 {
		t.Errorf("cells %q, want other, missing, 7, and two intervals", al.labels)
	}
	if !same(0, 1, 2) || !same(0, 5, 6) || same(0, 4, 5) || !same(1, 3, 4, 6) || al.of[0][3] != al.of[1][5] {
		t.Errorf("codes are in cells %v", al.of)
	}
	if got := al.labels[al.of[0][5]]; got != "[10, 30)" {
		t.Errorf("the joined bins are called %q", got)
	}
}

// TestKindsThatDiffer is a finding of its own, and so are columns that came and went.
func TestKindsThatDiffer(t *testing.T) {
	m := &maker{rng: rand.New(rand.NewPCG(11, 12)), n: 1000, sigma: 3, joint: uneven(3, 3)}
	a, b := m.profile(m.draw()), m.profile(m.draw())
	b.Manifest.Columns[0].Kind = "text"
	b.Manifest.Columns[1].Name = "house"
	d := compared(t, a, b)
	if d.Verdict != Changed || len(d.Kinds) != 1 || len(d.Added) != 1 || len(d.Removed) != 1 {
		t.Errorf("drift %+v", d)
	}
	b.Manifest.Columns[0].Name = "animal"
	if _, err := CompareProfiles(a, b, DriftOptions{}); !errors.Is(err, ErrNothingShared) {
		t.Errorf("got %v", err)
	}
}

func TestDriftOptions(t *testing.T) {
	for _, o := range []DriftOptions{{Margin: -1}, {Margin: 1}, {Margin: math.NaN()}, {FDR: 2}, {FDR: -0.1}} {
		if _, err := CompareProfiles(&profile.Profile{}, &profile.Profile{}, o); err == nil {
			t.Errorf("accepted %+v", o)
		}
	}
}

func TestTimeline(t *testing.T) {
	m := &maker{rng: rand.New(rand.NewPCG(13, 14)), n: 1000, sigma: 3, joint: uneven(3, 3)}
	a, b, c := m.profile(m.draw()), m.profile(m.draw()), m.profile(m.draw())
	line, err := CompareTimeline(context.Background(), []*profile.Profile{a, b, c}, DriftOptions{})
	if err != nil || len(line.Profiles) != 3 || len(line.Steps) != 2 || len(line.FromFirst) != 1 {
		t.Errorf("timeline %+v, %v", line, err)
	}
	if _, err := CompareTimeline(context.Background(), []*profile.Profile{a}, DriftOptions{}); err == nil {
		t.Error("one profile was compared")
	}
}

// TestRejected holds the procedure against the example of Benjamini & Hochberg 1995, §4.1: fifteen p-values, of which the four
// smallest are rejected at 5 %.
func TestRejected(t *testing.T) {
	p := []float64{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1}
	n := 0
	for i, r := range rejected(p, 0.05) {
		if r && i > 3 {
			t.Errorf("rejected %g", p[i])
		}
		if r {
			n++
		}
	}
	if n != 4 {
		t.Errorf("rejected %d, want 4", n)
	}
}

// TestTails holds the distributions against values that are known in closed form or from tables.
func TestTails(t *testing.T) {
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-6*max(1e-6, want)+1e-12 {
			t.Errorf("%s is %g, want %g", name, got, want)
		}
	}
	near("χ²(2) tail", chiSquaredTail(3, 2), math.Exp(-1.5))
	near("binomial", binomialTail(0, 10, 0.1), math.Pow(0.9, 10))
	near("binomial", binomialTail(1, 3, 0.5), 0.5)
	near("binomial", binomialTail(3, 3, 0.5), 1)
	near("unfold", unfold(folded(1.3)), 1.3)
	near("unfold of little", unfold(0.1), 0)
	if lo, hi := wilson(0, 200); lo != 0 || math.Abs(hi-0.01885) > 1e-4 {
		t.Errorf("0 of 200 is [%g, %g]", lo, hi)
	}
}
