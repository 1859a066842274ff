package eval

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/synth"
	"github.com/patina-data/patina/synth/fit"
)

// production is a profile of two columns that a model was fitted to. Pet 0 is missing.
func production(t *testing.T, m *maker) *profile.Profile {
	t.Helper()
	p := m.profile(m.draw())
	p.Manifest.Format = record.CSV
	p.Attribute("pet").Codes[0] = profile.Code{Class: profile.Missing, Tag: record.Text, Label: "N/A", Origin: profile.Learnt}
	for _, name := range []string{"pet", "home"} {
		p.Attributes = append(p.Attributes, profile.Attribute{
			Name: profile.FormName(name), Column: name, Role: profile.RoleForm, Codes: []profile.Code{{Class: profile.NoForm}, {Class: profile.OtherForm}},
		})
	}
	r, err := fit.Tables(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	p.Tables = r.Tables
	return p
}

// gold opens rows of "pet,home" as a gold set.
func gold(t *testing.T, rows ...string) *record.Source {
	t.Helper()
	return csv(t, "pet,home\n"+strings.Join(rows, "\n")+"\n")
}

func csv(t *testing.T, text string) *record.Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), "gold.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := record.Open([]string{path}, record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// sampled draws rows from a joint distribution.
func sampled(rng *rand.Rand, n int, joint [][]float64) (rows []string) {
	m := &maker{rng: rng, n: n, joint: joint}
	for i, row := range m.draw() {
		for j, count := range row {
			pet := fmt.Sprintf("pet %d", i)
			if i == 0 {
				pet = "N/A"
			}
			for range int(count) {
				rows = append(rows, fmt.Sprintf("%s,home %d", pet, j))
			}
		}
	}
	return rows
}

func gapOf(t *testing.T, p *profile.Profile, src *record.Source) *Gap {
	t.Helper()
	g, err := FindGap(context.Background(), p, src, GapOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func without(rows []string, part string) (out []string) {
	for _, r := range rows {
		if !strings.Contains(r, part) {
			out = append(out, r)
		}
	}
	return out
}

// TestNoGap: gold sets drawn from production itself have a finding with a probability of 5 % at most. Of 200 sets with exactly
// that, more than 30 would be seen with a probability below 1e-6; the seed is fixed.
func TestNoGap(t *testing.T) {
	m := &maker{rng: rand.New(rand.NewPCG(21, 22)), n: 5000, sigma: 10, joint: uneven(8, 5)}
	p := production(t, m)
	alarms := 0
	for range 200 {
		if g := gapOf(t, p, gold(t, sampled(m.rng, 150, m.joint)...)); len(g.Findings)+len(g.Reversed) > 0 {
			alarms++
		}
	}
	if alarms > 30 {
		t.Errorf("%d of 200 gold sets drawn from production were said to lack something", alarms)
	}
	t.Logf("%d of 200", alarms)
}

// TestMissingSlices: what is not in the gold set is found, by what it is, and what follows from it is not listed again.
func TestMissingSlices(t *testing.T) {
	m := &maker{rng: rand.New(rand.NewPCG(23, 24)), n: 20_000, sigma: 10, joint: uneven(8, 5)}
	p := production(t, m)
	all := sampled(m.rng, 1000, m.joint)
	for _, c := range []struct {
		without string
		what    string
		parts   int
	}{
		{"N/A", "missing", 1}, {"pet 2", "category", 1}, {"pet 1,home 1", "slice", 2},
	} {
		g := gapOf(t, p, gold(t, without(all, c.without)...))
		if len(g.Findings) != 1 || g.Findings[0].What != c.what || len(g.Findings[0].Parts) != c.parts || g.Findings[0].Rows != 0 {
			t.Errorf("without %q: findings %+v", c.without, g.Findings)
			continue
		}
		if f := g.Findings[0]; math.Abs(f.Lost-f.Share.Value) > 1e-9 || f.Low != 0 {
			t.Errorf("without %q: %+v", c.without, f)
		}
	}
}

// TestCoverage: it is 1 of a large set, never falls when rows are added, and rises when the gap is filled.
func TestCoverage(t *testing.T) {
	m := &maker{rng: rand.New(rand.NewPCG(25, 26)), n: 20_000, sigma: 10, joint: uneven(8, 5)}
	p := production(t, m)
	rows := sampled(m.rng, 400, m.joint)
	m.rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	last := 0.0
	for _, n := range []int{1, 3, 10, 40, 150, 400} {
		c := gapOf(t, p, gold(t, rows[:n]...)).Coverage
		if c.Value < last || c.PlusMinus < 0 || c.Value > 1 {
			t.Errorf("%d rows cover %+v, fewer covered %g", n, c, last)
		}
		last = c.Value
	}
	if last < 0.99 {
		t.Errorf("400 rows of production cover %g of it", last)
	}
	few := without(rows[:150], "N/A")
	g := gapOf(t, p, gold(t, few...))
	text := fill(t, g, p, 60)
	filled := gapOf(t, p, csv(t, strings.TrimSpace(text)+"\n"+strings.Join(few, "\n")+"\n"))
	if filled.Coverage.Value < g.Coverage.Value+0.05 || len(filled.Findings) > 0 {
		t.Errorf("filled, coverage went from %+v to %+v, with findings %+v", g.Coverage, filled.Coverage, filled.Findings)
	}
	if again := fill(t, g, p, 60); again != text {
		t.Error("the same seed filled otherwise")
	}
}

// fill returns a CSV of records of what a gold set lacks.
func fill(t *testing.T, g *Gap, p *profile.Profile, n int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "extra.csv")
	w, err := record.Create(path, synth.Schema(p), record.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if written, err := g.Fill(context.Background(), p, FillOptions{Rows: n, Seed: 1}, w); err != nil || written != n {
		t.Fatalf("wrote %d, %v", written, err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReversed: a gold set whose columns go together the other way round has everything, and is still told apart.
func TestReversed(t *testing.T) {
	m := &maker{rng: rand.New(rand.NewPCG(27, 28)), n: 20_000, sigma: 10, joint: [][]float64{{0.35, 0.15}, {0.15, 0.35}}}
	p := production(t, m)
	g := gapOf(t, p, gold(t, sampled(m.rng, 400, [][]float64{{0.15, 0.35}, {0.35, 0.15}})...))
	if len(g.Reversed) != 1 || g.Reversed[0].Production <= 0 || g.Reversed[0].Gold.Value >= 0 {
		t.Errorf("reversed %+v", g.Reversed)
	}
	if g := gapOf(t, p, gold(t, sampled(m.rng, 400, m.joint)...)); len(g.Reversed) != 0 {
		t.Errorf("a sample of production is reversed: %+v", g.Reversed)
	}
}

// TestNoiseIsNoFinding: categories that nothing has, and of which noise alone shows some, are not missed, but for a probability of
// 5 %. Of 200 profiles with exactly that, more than 30 would be seen with a probability below 1e-6; the seed is fixed.
func TestNoiseIsNoFinding(t *testing.T) {
	m := &maker{rng: rand.New(rand.NewPCG(29, 30)), n: 400, sigma: 40, joint: [][]float64{{0.5, 0.5}, {0, 0}, {0, 0}}}
	alarms := 0
	for range 200 {
		if g := gapOf(t, production(t, m), gold(t, sampled(m.rng, 300, m.joint)...)); len(g.Findings) > 0 {
			alarms++
		}
	}
	if alarms > 30 {
		t.Errorf("noise was missed in %d of 200 gold sets", alarms)
	}
	t.Logf("%d of 200", alarms)
}

func TestGoldSetsThatDoNotFit(t *testing.T) {
	m := &maker{rng: rand.New(rand.NewPCG(31, 32)), n: 1000, sigma: 3, joint: uneven(3, 3)}
	p := production(t, m)
	if _, err := FindGap(context.Background(), p, csv(t, "a,b\n1,2\n"), GapOptions{}); !errors.Is(err, ErrNothingShared) {
		t.Errorf("other columns: %v", err)
	}
	if _, err := FindGap(context.Background(), p, csv(t, "pet,home\n"), GapOptions{}); !errors.Is(err, ErrNoRows) {
		t.Errorf("no rows: %v", err)
	}
	g := gapOf(t, p, csv(t, "pet,street\npet 1,x\n"))
	if len(g.Gold.Shared) != 1 || len(g.Gold.Lacking) != 1 || len(g.Gold.Extra) != 1 || g.Together != (Estimate{1, 0}) {
		t.Errorf("gold %+v, together %+v", g.Gold, g.Together)
	}
	for _, o := range []GapOptions{{MinShare: -1}, {MinShare: 0.6}, {Examples: -1}, {FDR: 1}} {
		if _, err := FindGap(context.Background(), p, csv(t, "pet,home\npet 1,home 1\n"), o); err == nil {
			t.Errorf("accepted %+v", o)
		}
	}
}

// TestShareOut gives out all rows, most where most is lost.
func TestShareOut(t *testing.T) {
	got := shareOut([]want{{lost: 0.5}, {lost: 0.3}, {lost: 0.2}}, 7)
	if fmt.Sprint(got) != "[4 2 1]" {
		t.Errorf("got %v", got)
	}
	if got := shareOut([]want{{}}, 7); got[0] != 0 {
		t.Errorf("got %v of nothing lost", got)
	}
}

// TestNamesAlike: a column is found by another spelling of its name where that can mean nothing else.
func TestNamesAlike(t *testing.T) {
	columns := func(names ...string) (out []profile.Column) {
		for _, n := range names {
			out = append(out, profile.Column{Column: record.Column{Name: n}})
		}
		return out
	}
	for _, c := range []struct {
		profile []profile.Column
		gold    []string
		want    string
	}{
		{columns("beer_name", "id"), []string{"Beer-Name", "ID", "x"}, "map[beer_name:Beer-Name id:ID]"},
		{columns("a", "A"), []string{"a"}, "map[a:a]"},
		{columns("a_b", "ab"), []string{"A B"}, "map[]"},
		{columns("ab"), []string{"a-b", "a_b"}, "map[]"},
		{columns("--", "naïve"), []string{"__", "NAÏVE"}, "map[naïve:NAÏVE]"},
	} {
		if got := fmt.Sprint(matchNames(c.profile, c.gold)); got != c.want {
			t.Errorf("%v: %s, want %s", c.gold, got, c.want)
		}
	}
}
