package vault

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
)

// table of n records whose two columns agree with a given probability, in sixteenths.
func agreeing(n, sixteenths int) []byte {
	var b strings.Builder
	b.WriteString("a,b\n")
	for i := range n {
		x := i * 7 % 4
		y := x
		if i*11%16 >= sixteenths {
			y = (x + 1 + i/16%3) % 4
		}
		fmt.Fprintf(&b, "%c,%c\n", "wxyz"[x], "wxyz"[y])
	}
	return []byte(b.String())
}

func openBytes(t *testing.T, name string, data []byte) *record.Source {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := record.Open([]string{path}, record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// TestDistances: against the data itself every distance is about 0, and against records of the same marginals whose columns go together
// otherwise, pairs are off by what is known, and single columns are not. The noise of a distance is stated as its ±: 3.5 times it,
// 6.9 σ, is exceeded with a probability below 1e-11.
func TestDistances(t *testing.T) {
	b := newBench(t, "real.csv", agreeing(16_000, 16))
	p := b.mustProfile(t, &spec.Spec{Version: 1})
	for _, c := range []struct {
		sixteenths int
		pair       float64
	}{{16, 0}, {12, 0.25}, {4, 0.75}} {
		synthetic := openBytes(t, "s.csv", agreeing(8_000, c.sixteenths))
		before := b.account(t)
		d, err := MeasureDistance(context.Background(), b.src, synthetic, dp.NewLedger(b.store, "d"), DistanceRequest{Epsilon: 4, Delta: 1e-6, Profile: p})
		if err != nil {
			t.Fatal(err)
		}
		if after := b.account(t); after.Runs != before.Runs+1 || after.Open != before.Open || after.Spent.Rho <= before.Spent.Rho {
			t.Errorf("the account went from %v to %v", before, after)
		}
		if len(d.Columns) < 2 || len(d.Pairs) < 1 {
			t.Fatalf("distances of %d attributes and %d pairs", len(d.Columns), len(d.Pairs))
		}
		for _, one := range d.Columns {
			if one.TV.Value > 3.5*one.TV.PlusMinus+0.002 {
				t.Errorf("%d sixteenths: %v is off by %.4f ± %.4f", c.sixteenths, one.Attributes, one.TV.Value, one.TV.PlusMinus)
			}
		}
		for _, pair := range d.Pairs {
			if fmt.Sprint(pair.Attributes) == "[a b]" && math.Abs(pair.TV.Value-c.pair) > 3.5*pair.TV.PlusMinus+0.002 {
				t.Errorf("%d sixteenths: %v are off by %.4f ± %.4f, want %.2f", c.sixteenths, pair.Attributes, pair.TV.Value, pair.TV.PlusMinus, c.pair)
			}
		}
		if d.Schema != DistanceSchema || d.Privacy.SpentRho > d.Privacy.Rho || d.Synthetic != 8000 {
			t.Errorf("the result says %+v of %d synthetic records", d.Privacy, d.Synthetic)
		}
	}
}

// TestDistancesOfUnits: noise grows with the records of a unit.
func TestDistancesOfUnits(t *testing.T) {
	b := newBench(t, "t.csv", customers())
	p := b.mustProfile(t, &spec.Spec{Version: 1})
	at := func(unit spec.Unit, account string) float64 {
		if _, err := b.store.OpenAccount(context.Background(), account, 100, 1e-4); err != nil {
			t.Fatal(err)
		}
		d, err := MeasureDistance(context.Background(), b.src, b.src, dp.NewLedger(b.store, account), DistanceRequest{Epsilon: 4, Delta: 1e-6, Profile: p, Unit: unit})
		if err != nil {
			t.Fatal(err)
		}
		return d.Columns[0].TV.PlusMinus * d.Rows.Value
	}
	ratio := at(spec.Unit{Columns: []string{"customer"}, MaxRecords: 5}, "five") / at(spec.Unit{}, "one")
	if math.Abs(ratio-5) > 0.01 {
		t.Errorf("noise grows by %.3f for 5 records of a unit", ratio)
	}
}

func TestBadDistances(t *testing.T) {
	b := newBench(t, "real.csv", agreeing(2000, 16))
	p := b.mustProfile(t, &spec.Spec{Version: 1})
	ask := DistanceRequest{Epsilon: 1, Delta: 1e-6, Profile: p}
	before := b.account(t)
	for name, c := range map[string]struct {
		synthetic string
		change    func(*DistanceRequest)
		want      error
		text      string
	}{
		"other columns": {"c,d\n1,2\n", func(*DistanceRequest) {}, ErrMismatch, "no column of the profile in common"},
		"no records":    {"a,b\n", func(*DistanceRequest) {}, ErrMismatch, "no synthetic records"},
		"unknown unit":  {"a,b\nw,w\n", func(r *DistanceRequest) { r.Unit = spec.Unit{Columns: []string{"who"}, MaxRecords: 2} }, ErrMismatch, `"who"`},
		"no budget":     {"a,b\nw,w\n", func(r *DistanceRequest) { r.Epsilon = 0 }, nil, "ε"},
		"too little":    {"a,b\nw,w\n", func(r *DistanceRequest) { r.Epsilon, r.Delta = 1e-9, 1e-11 }, nil, "too little"},
	} {
		req := ask
		c.change(&req)
		_, err := MeasureDistance(context.Background(), b.src, openBytes(t, "s.csv", []byte(c.synthetic)), dp.NewLedger(b.store, "d"), req)
		if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %v with %q", name, err, c.want, c.text)
		}
	}
	if after := b.account(t); after.Spent != before.Spent {
		t.Error("a refused measurement spent budget")
	}
}

// TestDistanceRowsAreNoisy: over 20 comparisons no row count is the true one; each is within a millionth of it with a probability below 1e-5,
// so that one is by chance with 2e-4 at most, and three with 1e-11.
func TestDistanceRowsAreNoisy(t *testing.T) {
	b := newBench(t, "real.csv", agreeing(2000, 16))
	p := b.mustProfile(t, &spec.Spec{Version: 1})
	exact := 0
	for range 20 {
		d, err := MeasureDistance(context.Background(), b.src, b.src, dp.NewLedger(b.store, "d"), DistanceRequest{Epsilon: 0.5, Delta: 1e-7, Profile: p})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(d.Rows.Value-2000) < 0.002 {
			exact++
		}
	}
	if exact > 2 {
		t.Errorf("%d of 20 row counts are exact", exact)
	}
}

// TestDistancesOfPart: what was counted while the run was called off, or after rows were lost, is of some of the rows and nobody's to see.
func TestDistancesOfPart(t *testing.T) {
	b := newBench(t, "real.csv", agreeing(2_000, 16))
	p := b.mustProfile(t, &spec.Spec{Version: 1})
	c, err := newComparison(b.src, openBytes(t, "s.csv", agreeing(500, 16)), DistanceRequest{Epsilon: 4, Delta: 1e-6, Profile: p})
	if err != nil {
		t.Fatal(err)
	}
	c.store = newStore(0, nil)
	if err := c.load(t.Context()); err != nil {
		t.Fatal(err)
	}
	run, err := dp.NewLedger(b.store, "d").Reserve(t.Context(), dp.Request{Epsilon: 4, Delta: 1e-6, Run: "x"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer c.store.Watch(ctx)()
	cancel()
	for c.store.Err() == nil {
		time.Sleep(time.Millisecond)
	}
	if d, err := c.measure(run, "d"); !errors.Is(err, context.Canceled) || d != nil {
		t.Errorf("got %+v, %v", d, err)
	}
}

// TestStoppedRunsPublishNothing calls a run off in every phase, in which it may count some of the rows only.
func TestStoppedRunsPublishNothing(t *testing.T) {
	for _, phase := range []string{"reading", "finding kinds", "measuring", "setting columns against each other", "fitting"} {
		b := newBench(t, "real.csv", agreeing(20_000, 12))
		ctx, cancel := context.WithCancel(context.Background())
		seen := false
		b.opts.Progress = func(p string, _ float64) {
			if p == phase {
				seen = true
				cancel()
			}
		}
		p, err := b.profile(ctx, &spec.Spec{Version: 1})
		cancel()
		if _, gone := os.Stat(b.opts.Output); !seen || p != nil || !errors.Is(err, context.Canceled) || gone == nil {
			t.Errorf("called off while %s: a profile: %t, on disk: %t, %v", phase, p != nil, gone == nil, err)
		}
	}
}
