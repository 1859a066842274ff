package synth

import (
	"context"
	"math"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// manyKinds is a profile of integer columns, of which each has 100 values, with the given copies of each range.
func manyKinds(columns int, rows float64, counts ...float64) *profile.Profile {
	p := &profile.Profile{Manifest: profile.Manifest{Format: record.CSV, Rows: rows, RowSigma: 1}}
	copies := profile.Attribute{Name: profile.RowCopies, Role: profile.RoleRow}
	m := profile.Measurement{Attributes: []string{profile.RowCopies}, Sigma: 1, Values: counts}
	for i, r := range profile.CopyRanges()[:len(counts)] {
		copies.Codes = append(copies.Codes, profile.Code{Class: profile.CopyCount, Label: r.Label})
		m.Cells = append(m.Cells, []int32{int32(i)})
	}
	if len(counts) > 0 {
		p.Attributes, p.Measurements = []profile.Attribute{copies}, []profile.Measurement{m}
	}
	for i := range columns {
		name := string(rune('a' + i))
		form := profile.FormName(name)
		p.Manifest.Columns = append(p.Manifest.Columns, profile.Column{
			Column: record.Column{Name: name, Type: record.StringType}, Kind: string(mess.Integer),
		})
		p.Attributes = append(p.Attributes,
			profile.Attribute{Name: name, Column: name, Role: profile.RoleValue, Codes: []profile.Code{{Class: profile.Bin, Hi: profile.Edge{M: 1, E: 2}}}},
			profile.Attribute{Name: form, Column: name, Role: profile.RoleForm, Codes: []profile.Code{{Class: profile.NoForm}, {Class: profile.Form, Label: "d0"}}})
		p.Tables = append(p.Tables, profile.Table{Attributes: []string{name, form}, Cells: [][]int32{{0, 1}}, Weights: []int64{1 << 20}})
	}
	return p
}

// A collector counts rows.
type collector struct {
	times map[string]int
	rows  int
}

func (c *collector) Write(b *record.Batch) error {
	for i := range b.Rows {
		c.times[rowKey(b, i)]++
		c.rows++
	}
	return nil
}
func (c *collector) Commit() error { return nil }
func (c *collector) Abort()        {}

func collect(t *testing.T, p *profile.Profile, n int64) (share float64, sizes map[int]int) {
	t.Helper()
	c := &collector{times: map[string]int{}}
	if err := Generate(context.Background(), p, Options{Rows: n, Seed: 11}, c); err != nil {
		t.Fatal(err)
	}
	sizes = map[int]int{}
	for _, times := range c.times {
		sizes[times]++
	}
	return 1 - float64(len(c.times))/float64(c.rows), sizes
}

// TestCopiesHaveTheirShare: tables of any number of rows repeat as much as was learnt. The seeds are fixed; two of
// ten billion kinds of rows coincide with a probability of 0.05, which the tolerance covers.
func TestCopiesHaveTheirShare(t *testing.T) {
	p := manyKinds(5, 10_000, 7000, 500, 0, 0, 0, 0, 10) // 500 pairs, 10 records 200 times each
	for _, n := range []int64{100, 1000, 10_000, 30_000} {
		share, sizes := collect(t, p, n)
		if math.Abs(share-0.249) > 0.01+1/float64(n) {
			t.Errorf("%d rows: a share of %.4f repeats, want 0.249", n, share)
		}
		if n >= 10_000 && (sizes[2] < int(n)/20-5 || sizes[2] > int(n)/20+5 || sizes[200] != int(n)/1000) {
			t.Errorf("%d rows: groups of the sizes %v", n, sizes)
		}
	}
}

// TestNoCopiesOfWhatRepeatsAnyway: rows that few values are possible for repeat by themselves.
func TestNoCopiesOfWhatRepeatsAnyway(t *testing.T) {
	for _, p := range []*profile.Profile{
		manyKinds(1, 10_000, 0, 0, 0, 0, 0, 0, 100),
		manyKinds(5, 10_000, 10_000, 0, 0, 0, 0, 0, 0),
		manyKinds(5, 10_000),
	} {
		s, err := newSampler(p, 10_000, 3, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s.copies != nil {
			t.Errorf("copies are made in groups %v", s.copies.groups)
		}
	}
}

// TestNaturalBeyondThePilot: what a pilot extrapolates is near what all rows have, for uniform kinds of rows, where d is
// K(1 − e^(−n/K)) instead of the nK/(n + K) that is taken. The two differ by a tenth of n at most.
func TestNaturalBeyondThePilot(t *testing.T) {
	for columns := range 3 {
		const n = 60_000
		kinds := math.Pow(100, float64(columns+1))
		s, err := newSampler(manyKinds(columns+1, n), n, 5, Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := n - kinds*(1-math.Exp(-n/kinds))
		if got := float64(s.natural()); math.Abs(got-want) > n/10 {
			t.Errorf("%g kinds: %.0f of %d rows repeat, want about %.0f", kinds, got, n, want)
		}
	}
}

// TestCopiesKeepGroups: every source is its own, groups have their size, and no slot is left out.
func TestCopiesKeepGroups(t *testing.T) {
	learnt := []profile.Copies{{Size: 1, Groups: 50}, {Size: 2, Groups: 10}, {Size: 30, Groups: 1}}
	never := func() uint64 { return 0 }
	for _, n := range []uint64{1, 2, 7, 100, 5000} {
		c := newCopies(learnt, 0, n, never, 9)
		times := map[uint64]uint64{}
		for row := range n {
			source := c.of(row)
			if source >= n {
				t.Fatalf("n = %d: row %d is made of %d", n, row, source)
			}
			times[source]++
		}
		repeats := n - uint64(len(times))
		if want := n * 39 / 100; repeats > want || repeats+2 < want {
			t.Errorf("n = %d: %d rows repeat, want %d", n, repeats, want)
		}
	}
	if newCopies(learnt, 40, 100, never, 9) != nil {
		t.Error("copies are made of what is within the noise")
	}
}
