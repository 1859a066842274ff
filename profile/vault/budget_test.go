package vault

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault/internal/encode"
)

// wants returns every combination of what a run can need outside its columns.
func wants() map[string]*build {
	builds := map[string]*build{}
	for _, format := range []record.Format{record.CSV, record.Parquet, record.JSONL} {
		for _, declared := range []bool{true, false} {
			for _, keys := range []bool{true, false} {
				b := &build{spec: &spec.Spec{}, schema: record.Schema{Format: format}, columns: []record.Column{{Name: "a", Type: "string"}}}
				if declared {
					b.spec.Columns = []spec.Column{{Name: "a", Kind: mess.Category}}
				}
				if keys {
					b.paths, b.columns = &encode.PathCounter{Unit: dp.OneRecord(), Limits: []int{3}}, nil
				}
				builds[fmt.Sprintf("%s, declared %t, keys %t", format, declared, keys)] = b
			}
		}
	}
	return builds
}

// TestPlanFitsTheReservation: whatever is needed, the shares sum to no more than the reservation, and below the cap of
// what can be spent with use to no less either.
func TestPlanFitsTheReservation(t *testing.T) {
	for name, b := range wants() {
		for _, reserved := range []ledger.Amount{{Rho: 1e-7, Delta: 1e-13}, {Rho: 0.3, Delta: 1e-6}, {Rho: 7.7, Delta: 0.1}, {Rho: 1e9, Delta: 0.2}} {
			p := newPlan(reserved, b)
			rho := p.rows + p.shapes + p.copies + p.kinds + p.widths + p.paths + p.follows + p.orders + p.others + p.columns
			if rho > reserved.Rho || p.columns <= 0 {
				t.Errorf("%s: ρ = %g of %g is planned for, %g of it for the columns", name, float64(rho), float64(reserved.Rho), float64(p.columns))
			}
			if reserved.Rho < 1 && rho < reserved.Rho*(1-1e-8) {
				t.Errorf("%s: only ρ = %g of %g is planned for", name, float64(rho), float64(reserved.Rho))
			}
			if delta := 2*p.delta + p.columnDelta; delta > reserved.Delta || delta < reserved.Delta*(1-1e-8) {
				t.Errorf("%s: δ = %g of %g is planned for", name, float64(delta), float64(reserved.Delta))
			}
			for what, rho := range map[string]account.Rho{"rows": p.rows, "shapes": p.shapes, "copies": p.copies, "kinds": p.kinds, "widths": p.widths, "paths": p.paths, "follows": p.follows, "orders": p.orders, "others": p.others} {
				if rho < 0 || rho > maxRho {
					t.Errorf("%s: ρ = %g for the %s", name, float64(rho), what)
				}
			}
		}
	}
}

// TestPlanPaysForWhatIsNeeded: no share is set aside for a release that is not made, and none is missing.
func TestPlanPaysForWhatIsNeeded(t *testing.T) {
	for name, b := range wants() {
		p := newPlan(ledger.Amount{Rho: 0.5, Delta: 1e-6}, b)
		for what, c := range map[string]struct {
			rho  account.Rho
			need bool
		}{
			"rows": {p.rows, true}, "copies": {p.copies, true}, "shapes": {p.shapes, b.schema.Format != record.Parquet},
			"widths": {p.widths, b.paths != nil}, "paths": {p.paths, b.paths != nil}, "follows": {p.follows, b.paths != nil},
			"orders": {p.orders, b.paths != nil}, "others": {p.others, b.paths != nil},
			"kinds": {p.kinds, b.paths != nil || len(b.spec.Columns) == 0},
		} {
			if (c.rho > 0) != c.need {
				t.Errorf("%s: ρ = %g for the %s", name, float64(c.rho), what)
			}
		}
	}
}

// A path is the most that a column of one sort takes before its last measurement, release by release.
type path struct {
	name       string
	thresholds int // of the releases, which come first but for bins
	take       func(p *purse) []account.Rho
}

// paths are the dearest ones of each sort: which share selecting values has decides what is left for a grammar.
func paths() []path {
	selecting := func(p *purse, shares ...float64) (taken []account.Rho) {
		for _, share := range shares {
			taken = append(taken, p.takeForValues(share))
		}
		for range maxRungs {
			taken = append(taken, p.take(shareForm))
		}
		return taken
	}
	texts := func(shares ...float64) func(p *purse) []account.Rho {
		return func(p *purse) []account.Rho {
			taken := append(selecting(p, shares...), p.take(sharePieces))
			return append(taken, p.take(p.grammarShare()))
		}
	}
	return []path{
		{"an axis", 1 + maxRungs, func(p *purse) []account.Rho {
			taken := selecting(p, shareAtoms)
			for _, share := range shareLevels {
				taken = append(taken, p.take(share))
			}
			return taken
		}},
		{"text", 2 + maxRungs, texts(shareNulls)},
		{"an open kind", 2 + maxRungs, texts(shareAtoms)},
		{"categories", 2 + maxRungs, texts(shareValues)},
		{"declared categories", 2 + maxRungs, func(p *purse) []account.Rho {
			return append(texts(shareAtoms)(p), p.take(shareUnwritten))
		}},
		{"an open kind after categories", 3 + maxRungs, texts(shareValues, shareNulls)},
	}
}

// TestPurseHoldsEveryStep: whatever a column turns out to be, its releases fit, and a good part is left for the last ones.
func TestPurseHoldsEveryStep(t *testing.T) {
	for _, whole := range []account.Rho{1e-9, 0.01, 1, 1e6} {
		for _, path := range paths() {
			p := purse{whole: whole, left: whole}
			sum := account.Rho(0)
			taken := path.take(&p)
			for i, rho := range taken {
				sum += rho
				if rho <= 0 || rho > maxRho || p.left < 0 {
					t.Fatalf("%s, ρ = %g: step %d takes %g and leaves %g", path.name, float64(whole), i, float64(rho), float64(p.left))
				}
			}
			if got := float64(sum + p.left); math.Abs(got/float64(whole)-1) > 1e-12 {
				t.Errorf("%s, ρ = %g: what was taken and what is left sum to %g", path.name, float64(whole), got)
			}
			if p.left < whole/4 {
				t.Errorf("%s, ρ = %g: only %g is left for the final marginals", path.name, float64(whole), float64(p.left))
			}
			if path.thresholds > thresholdsPerColumn || path.thresholds > len(taken) {
				t.Errorf("%s: %d thresholds, %d are planned for", path.name, path.thresholds, thresholdsPerColumn)
			}
		}
	}
}

// TestPurseIsNeverOverdrawn: shares that sum to more than the whole take no more than there is.
func TestPurseIsNeverOverdrawn(t *testing.T) {
	p := purse{whole: 0.3, left: 0.3}
	if a, b, c := p.take(0.7), p.take(0.7), p.take(0.7); a+b > 0.3 || c != 0 || p.left != 0 {
		t.Errorf("of ρ = 0.3, %g, %g and %g were taken, %g is left", float64(a), float64(b), float64(c), float64(p.left))
	}
}

func TestAtMost(t *testing.T) {
	for _, rho := range []account.Rho{1e-12, 0.49, 0.5, 0.51, 1e12} {
		got := atMost(rho)
		if got > rho || account.SigmaFor(got, 1) < 1 {
			t.Errorf("of ρ = %g, %g is spent at σ = %g", float64(rho), float64(got), float64(account.SigmaFor(got, 1)))
		}
		if rho <= 0.5 && got != rho {
			t.Errorf("of ρ = %g only %g is spent", float64(rho), float64(got))
		}
	}
}

// TestManyColumnsFit charges a run for everything that one column, and that ten thousand, can cost. The sum is rounded up
// at each of a hundred thousand charges, and must fit all the same.
func TestManyColumnsFit(t *testing.T) {
	for _, n := range []int{1, 10_000} {
		b := newBench(t, "t.csv", []byte("a\n1\n"))
		run, err := dp.NewLedger(b.store, "d").Reserve(t.Context(), dp.Request{Epsilon: 4, Delta: 1e-6, Run: "test"})
		if err != nil {
			t.Fatal(err)
		}
		none, nothing := dp.Seal(nil, dp.UpTo(1).Bound(1)), dp.SealKeyed(nil, dp.UpTo(1).Bound(1))
		release := func(rho account.Rho, delta account.Delta) {
			t.Helper()
			var err error
			if delta > 0 {
				_, _, err = run.Threshold(dp.Charge{Purpose: "test", Rho: rho, Delta: delta}, nothing)
			} else {
				_, err = run.Gaussian(dp.Charge{Purpose: "test", Rho: rho}, none)
			}
			if err != nil {
				t.Fatalf("%d columns: %v", n, err)
			}
		}
		p := newPlan(run.Reserved(), wants()["csv, declared false, keys true"])
		for _, rho := range []account.Rho{p.rows, p.kinds, p.widths, p.follows, p.orders, p.others} {
			release(rho, 0)
		}
		for _, rho := range []account.Rho{p.shapes, p.paths} {
			release(rho, p.delta)
		}
		release(p.copies, 0)
		dearest := paths()[len(paths())-1]
		for range n {
			purse := p.purse(n)
			for i, rho := range dearest.take(&purse) {
				if i < dearest.thresholds {
					release(rho, purse.delta)
				} else {
					release(rho, 0)
				}
			}
			release(atMost(purse.left*(1-shareFormIn)), 0)
			release(atMost(purse.left*shareFormIn), 0)
		}
		reserved, spent := run.Reserved(), run.Spent()
		if n > 1 && spent.Rho < reserved.Rho*(1-1e-6) || spent.Delta < reserved.Delta*(1-1e-6) {
			t.Errorf("%d columns spend %v of %v", n, spent, reserved)
		}
	}
}

// TestNoiseIsNeverBelowOneRecord: with more budget than one column can use, every release keeps σ ≥ Δ₂, and what cannot
// be spent is left.
func TestNoiseIsNeverBelowOneRecord(t *testing.T) {
	b := newBench(t, "numbers.csv", numbersCSV(500))
	b.opts.Epsilon = 99
	p := b.mustProfile(t, &spec.Spec{Version: 1})
	for _, r := range p.Manifest.Releases {
		if r.Sigma < r.L2 {
			t.Errorf("release %d (%s) has σ = %g at a sensitivity of %g", r.ID, r.Purpose, r.Sigma, r.L2)
		}
	}
	if s := p.Manifest.Privacy; s.SpentRho >= s.Rho/2 {
		t.Errorf("ρ = %g of %g was spent: the test does not reach the cap", s.SpentRho, s.Rho)
	}
}

// TestAlone: of columns that go together nothing but their own is measured where the spec says so, and they have all of the budget.
func TestAlone(t *testing.T) {
	var data strings.Builder
	data.WriteString("a,b\n")
	for i := range 4000 {
		fmt.Fprintf(&data, "%c,%c\n", 'p'+i%5, 'q'+i%5)
	}
	together := newBench(t, "d.csv", []byte(data.String())).mustProfile(t, &spec.Spec{Version: 1})
	alone := newBench(t, "d.csv", []byte(data.String())).mustProfile(t, &spec.Spec{Version: 1, Alone: true})
	if a, b := profile.Summarize(together), profile.Summarize(alone); len(a.Together) == 0 || len(b.Together) > 0 || b.Columns[0].PlusMinus >= a.Columns[0].PlusMinus {
		t.Errorf("%d sets together, ± %g; %d alone, ± %g", len(a.Together), a.Columns[0].PlusMinus, len(b.Together), b.Columns[0].PlusMinus)
	}
}
