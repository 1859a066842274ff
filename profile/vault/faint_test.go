package vault

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/testdata"
)

// TestTooLittleBudgetCostsNothing: a budget that some release could not be drawn with is refused before it is reserved, with what
// there is to do about it.
func TestTooLittleBudgetCostsNothing(t *testing.T) {
	for name, data := range map[string][]byte{"t.csv": testdata.Contracts, "t.jsonl": []byte("{\"a\":1}\n")} {
		b := newBench(t, name, data)
		b.opts.Epsilon = 1e-6
		_, err := b.profile(t.Context(), &spec.Spec{Version: 1})
		if err == nil || !strings.Contains(err.Error(), "give a larger ε") {
			t.Errorf("%s: got %v, want that ε is too little", name, err)
		}
		b.nothingLeft(t)
		if a := b.account(t); a.Runs != 0 {
			t.Errorf("%s: budget was reserved", name)
		}
	}
}

// TestFaintestIsTheMost: no release of a run has more noise than was foreseen, but for those across columns, and for what they left
// over.
func TestFaintestIsTheMost(t *testing.T) {
	keys := []byte(strings.Repeat("{\"a\":1,\"b\":[1,2],\"c\":{\"d\":\"Ann Miller\",\"e\":\"ann@example.com\"}}\n", 3000))
	for name, data := range map[string][]byte{"contracts.csv": testdata.Contracts, "titles.csv": titlesCSV(4000), "t.jsonl": keys} {
		b := newBench(t, name, data)
		p := b.mustProfile(t, &spec.Spec{Version: 1})
		request := dp.Request{Epsilon: b.opts.Epsilon, Delta: b.opts.Delta}
		budget, err := request.Budget()
		if err != nil {
			t.Fatal(err)
		}
		build, err := newBuild(&spec.Spec{Version: 1}, b.src.Schema(), b.opts)
		if err != nil {
			t.Fatal(err)
		}
		most := newPlan(budget, build).faintest(len(p.Manifest.Columns), PathLimit(p))
		seen := map[string]bool{}
		for _, r := range p.Manifest.Releases {
			again := seen[r.Purpose+r.Column]
			seen[r.Purpose+r.Column] = true
			if !again && r.Purpose != "misfits" && r.Purpose != "joint marginal" && r.Sigma > float64(most)*(1+1e-9) {
				t.Errorf("%s: release %d (%s) has σ = %g, foreseen is at most %g", name, r.ID, r.Purpose, r.Sigma, float64(most))
			}
		}
	}
}

// TestColumnsPassWithTheFaintestNoise: with the least budget that is not refused, no release of a column is, however many rows there
// are to make it worthwhile. It cannot fail by chance: what is released decides on which releases follow, none of which may fail.
func TestColumnsPassWithTheFaintestNoise(t *testing.T) {
	for name, j := range map[string]*columnJob{"texts": titlesJob(t, 1000), "numbers": integerJob(t, []pile{{5, 4000}, {123, 600}, {-7000, 600}})} {
		foreseen := purse{whole: 1e-9}.faintest(dp.OneRecord())
		j.rows, j.purse.delta = 1e10, 1e-9
		j.purse.whole = 1e-9 * account.Rho(math.Pow(float64(foreseen/dp.MaxSigma), 2)*(1+1e-9))
		j.purse.left = j.purse.whole
		if err := j.alone(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		worst := slices.MaxFunc(j.exits.run.Events(), func(a, b dp.Event) int { return int(a.Sigma - b.Sigma) })
		if worst.Sigma < dp.MaxSigma/4 {
			t.Errorf("%s: σ = %g at most, the test is nowhere near the limit", name, float64(worst.Sigma))
		}
	}
}

// TestJointLeavesOutWhatIsTooFaint: with next to no budget for it nothing fails across columns; with a little something is released.
func TestJointLeavesOutWhatIsTooFaint(t *testing.T) {
	for _, c := range []struct {
		rho      account.Rho
		releases bool
	}{{1e-14, false}, {3e-12, false}, {1e-10, true}, {1e-9, true}} {
		var jobs []*columnJob
		for _, name := range []string{"m", "n"} {
			j := integerJob(t, []pile{{5, 4000}, {123, 3600}})
			j.name, j.rows, j.rowSigma = name, 1e11, 1
			if err := j.alone(t.Context()); err != nil {
				t.Fatal(err)
			}
			jobs = append(jobs, j)
		}
		x := newLens(t, bound.Rule{}).exits
		b := &build{spec: &spec.Spec{Version: 1}, opts: Options{Progress: func(string, float64) {}}}
		p := &profile.Profile{Manifest: profile.Manifest{Rows: 1e11}}
		if err := b.correlate(t.Context(), p, x, plan{joint: c.rho}, jobs); err != nil {
			t.Errorf("ρ = %g: %v", float64(c.rho), err)
		}
		if n := len(x.run.Events()); (n > 0) != c.releases {
			t.Errorf("ρ = %g: %d releases across columns, want some: %t", float64(c.rho), n, c.releases)
		}
	}
}
