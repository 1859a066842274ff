package account

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// The files read here were written by testdata/tables.py with arithmetic of 60 to 420 digits.

// readTable returns the rows of a file of testdata.
func readTable(t *testing.T, name string) [][]float64 {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) < 50 {
		t.Fatalf("%s has %d lines, want the full table", name, len(lines))
	}
	rows := make([][]float64, len(lines)-1)
	for i, line := range lines[1:] {
		for _, cell := range line {
			x, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			rows[i] = append(rows[i], x)
		}
	}
	return rows
}

// A cost must lie within [truth, truth·(1 + tolerance)], an allowance within [truth·(1 − tolerance), truth]. The
// reference itself is a rounded float64, which shows at the tight end: one ulp.
const (
	tolerance = 1e-9
	ulp       = 0x1p-52
)

func isCost(got, truth float64) bool {
	return got >= truth*(1-ulp) && got <= truth*(1+tolerance)
}

func isAllowance(got, truth float64) bool {
	return got <= truth*(1+ulp) && got >= truth*(1-tolerance)
}

func TestDeltaAtTable(t *testing.T) {
	for _, row := range readTable(t, "delta.csv") {
		mu, eps, want := row[0], row[1], row[2]
		if got := float64(DeltaAt(Mu(mu), Epsilon(eps))); !isCost(got, want) {
			t.Errorf("DeltaAt(%g, %g) = %.17g, want %.17g: off by a relative %.2g", mu, eps, got, want, got/want-1)
		}
	}
}

// The formulas' own error, before rounding up, must be far below the slack that covers it.
func TestFormulaErrorIsBelowSlack(t *testing.T) {
	worst := 0.0
	for _, row := range readTable(t, "delta.csv") {
		mu, eps, want := row[0], row[1], row[2]
		worst = max(worst, math.Abs(hockeyStick(mu, math.FMA(-mu/2, mu, eps)/mu)/want-1))
	}
	for _, row := range readTable(t, "threshold.csv") {
		sigma, linf, keys, threshold, want := row[0], row[1], row[2], row[3], row[4]
		got := -math.Expm1(keys * math.Log1p(-upper((threshold-linf)/sigma)))
		worst = max(worst, math.Abs(got/want-1))
	}
	t.Logf("worst relative error %.2g", worst)
	if worst > slack/10 {
		t.Errorf("a formula is off by a relative %.2g, want at most %.2g", worst, slack/10)
	}
}

func TestInversesTable(t *testing.T) {
	inverted := 0
	for _, row := range readTable(t, "delta.csv") {
		mu, eps, delta := row[0], row[1], row[2]
		if eps < 1e-3 || delta < 1e-16 || delta > 0.2 {
			continue // near δ = 1 one ulp of δ is much of ε
		}
		inverted++
		// What ε costs depends on δ as steeply as ε/δ·dδ/dε, so the reference's last digit shows.
		if got := float64(EpsilonAt(Mu(mu), Delta(delta))); !isCost(got, eps*(1-1e-13)) {
			t.Errorf("EpsilonAt(%g, %g) = %.17g, want %g: off by a relative %.2g", mu, delta, got, eps, got/eps-1)
		}
		got, err := MuFor(Epsilon(eps), Delta(delta))
		if err != nil || !isAllowance(float64(got), mu) {
			t.Errorf("MuFor(%g, %g) = %.17g, %v, want %g: off by a relative %.2g", eps, delta, float64(got), err, mu, float64(got)/mu-1)
		}
	}
	if inverted < 80 {
		t.Errorf("only %d rows were inverted", inverted)
	}
}

func TestZCDPEpsilonTable(t *testing.T) {
	for _, row := range readTable(t, "zcdp.csv") {
		rho, delta, want := row[0], row[1], row[2]
		got := float64(ZCDPEpsilon(Rho(rho), Delta(delta)))
		// Where ρ is worth less than δ the truth is a clipped 0, and rounding up may leave a trace.
		if !isCost(got, want) && (want != 0 || got > 1e-12) {
			t.Errorf("ZCDPEpsilon(%g, %g) = %.17g, want %.17g: off by a relative %.2g", rho, delta, got, want, got/want-1)
		}
	}
}

func TestThresholdTable(t *testing.T) {
	for _, row := range readTable(t, "threshold.csv") {
		sigma, linf, keys, threshold, want := Sigma(row[0]), row[1], int(row[2]), row[3], row[4]
		got := ThresholdDelta(sigma, linf, keys, threshold)
		if !isCost(float64(got), want) && got != 1 {
			t.Errorf("ThresholdDelta(%g, %g, %d, %g) = %.17g, want %.17g: off by a relative %.2g",
				sigma, linf, keys, threshold, float64(got), want, float64(got)/want-1)
		}
		if want > 0.2 {
			continue
		}
		// T is rounded up, by less than a billionth of a σ.
		back := Threshold(sigma, linf, keys, Delta(want))
		if off := (back - threshold) / float64(sigma); off < -1e-12 || off > 1e-9 {
			t.Errorf("Threshold(%g, %g, %d, %g) = %.17g, want %.17g", sigma, linf, keys, want, back, threshold)
		}
	}
}

func TestGroupTable(t *testing.T) {
	for _, row := range readTable(t, "group.csv") {
		mu, delta, k, want := Mu(row[0]), Delta(row[1]), int(row[2]), row[3]
		group, got := Group(mu, delta, k)
		if !isCost(float64(got), want) && got != 1 || !isCost(float64(group), float64(k)*float64(mu)) {
			t.Errorf("Group(%g, %g, %d) = %.17g, %.17g, want δ = %.17g: off by a relative %.2g", mu, delta, k, group, got, want, float64(got)/want-1)
		}
	}
}

func TestPowerTable(t *testing.T) {
	for _, row := range readTable(t, "power.csv") {
		mu, delta, alpha, want := Mu(row[0]), Delta(row[1]), row[2], row[3]
		if got := Power(mu, delta, alpha); !isCost(got, want) && got != 1 {
			t.Errorf("Power(%g, %g, %g) = %.17g, want %.17g: off by a relative %.2g", mu, delta, alpha, got, want, got/want-1)
		}
	}
}

func TestOddsFactorTable(t *testing.T) {
	for _, row := range readTable(t, "odds.csv") {
		mu, delta, failing, want := Mu(row[0]), Delta(row[1]), Delta(row[2]), row[3]
		if got := float64(OddsFactor(mu, delta, failing)); !isCost(got, want) && want >= 1e-3 {
			t.Errorf("OddsFactor(%g, %g, %g) = %.17g, want %.17g: off by a relative %.2g", mu, delta, failing, got, want, got/want-1)
		}
	}
}
