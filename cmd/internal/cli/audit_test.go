package cli

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/patina-data/patina/eval/audit"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/testdata"
)

// audited attacks the demo's table with the real pipeline at a budget, or with one that was tampered with, under a claim.
func audited(t *testing.T, run budget, claim audit.Claim, tamper func(made *audit.Artefacts, seen *record.Source)) *audit.Report {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "contracts.csv")
	if err := os.WriteFile(file, testdata.Contracts, 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := record.Open([]string{file}, record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	made := &throwaway{dir: dir, spec: &spec.Spec{Version: spec.Version}, budget: run, progress: func(string, float64) {}}
	pipeline := func(ctx context.Context, src *record.Source) (*audit.Artefacts, error) {
		a, err := made.pipeline(ctx, src)
		if err == nil && tamper != nil {
			tamper(a, src)
		}
		return a, err
	}
	r, err := audit.Run(context.Background(), src, pipeline, audit.Options{Claim: claim, Seed: 1, Canaries: 400})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// honest is the budget of a run that claims what it has.
var (
	honest  = budget{epsilon: 2, delta: 1e-6}
	claimed = audit.Claim{Epsilon: 2, Delta: 1e-6, Mu: 0.44}
)

// TestAuditOfTheRealPipeline: it keeps its claim, and the noise is what it says. To prove more than twice the claim takes 399 right guesses of
// all 400, of which 59 % are right at μ = 0.44 (below 1e-50), or more than all of the 40 surest. The noise alarms with 1e-8 on
// either side, and the scan twice.
func TestAuditOfTheRealPipeline(t *testing.T) {
	r := audited(t, honest, claimed, nil)
	if r.Epsilon > 2*claimed.Epsilon {
		t.Errorf("attacks prove ε ≥ %.2f of a claim of %g", r.Epsilon, claimed.Epsilon)
	}
	if r.Noise.Counts < 1000 || r.Noise.P < 1e-8 || len(r.Warnings) > 0 {
		t.Errorf("the noise is %+v", r.Noise)
	}
	if len(r.Scan.Leaks) > 0 || r.Scan.P < 1e-8 || r.Scan.Texts < 50 || r.Scan.Bytes < 100_000 {
		t.Errorf("the scan: %+v", r.Scan)
	}
}

// TestAuditFindsPlantedLeaks: each way to break the claim is found, and by what should find it.
func TestAuditFindsPlantedLeaks(t *testing.T) {
	for _, c := range []struct {
		name   string
		run    budget
		tamper func(made *audit.Artefacts, seen *record.Source)
		found  string
		more   func(r *audit.Report) bool
	}{
		{
			// With hardly any noise all guesses are right but for those of one or two canaries whose cells do not tell them apart. Below 0.6 are 15
			// wrong ones of 400.
			"a thousandfold budget", budget{epsilon: 2000, delta: 1e-6}, nil, "the attack proves ε ≥",
			func(r *audit.Report) bool { return r.Epsilon > 0.6*r.Most },
		},
		{
			"half of the noise that is stated", honest, func(made *audit.Artefacts, _ *record.Source) {
				for i := range made.Profile.Measurements {
					made.Profile.Measurements[i].Sigma *= 2
				}
			}, "the noise in the profile is 0.", func(r *audit.Report) bool { return r.Noise.Low > 0.4 && r.Noise.High < 0.6 },
		},
		{
			"real records among synthetic ones", honest, func(made *audit.Artefacts, seen *record.Source) { made.Synthetic = seen }, "a canary's text is in the synthetic records",
			func(r *audit.Report) bool { return r.SingledOut[1].Low > 0 && len(r.Scan.Leaks) > 100 },
		},
		{
			"a cell in the manifest, encoded", honest, func(made *audit.Artefacts, seen *record.Source) {
				made.Profile.Manifest.Dataset = base64.StdEncoding.EncodeToString([]byte("cell: " + longestText(t, seen)))
			}, "a canary's text is in the profile's manifest", nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := audited(t, c.run, claimed, c.tamper)
			if !strings.Contains(strings.Join(r.Findings, "\n"), c.found) || c.more != nil && !c.more(r) {
				t.Errorf("found %q, want %q; ε ≥ %.2f of at most %.2f, noise %+v, scan %d leaks, singled out %+v", r.Findings, c.found, r.Epsilon, r.Most, r.Noise, len(r.Scan.Leaks), r.SingledOut)
			}
		})
	}
}

// TestAuditFindsUnboundedUnits: where all records of a person count though 24 are said to, guesses about people prove more than is claimed for them; where 24
// count, they do not. A canary is 48 records in the same cells, which noise for one record hides with μ = 48·0.23 if it is alone there: 1 or 2 of 100 guesses are wrong, and 85 right ones
// are enough. Noise for 24 records leaves 55 %: that 85 are right is below 1e-9.
func TestAuditFindsUnboundedUnits(t *testing.T) {
	file := filepath.Join(t.TempDir(), "visits.csv")
	var b strings.Builder
	b.WriteString("who,ward,days,age,town\n")
	for i := range 3000 {
		for k := range 1 + i%6 {
			fmt.Fprintf(&b, "P%05d,%s,%d,%d,%s\n", i, []string{"north", "south", "east"}[(i+k)%3], (i*k)%20, i*7%80, []string{"Ulm", "Bonn", "Jena", "Köln", "Kiel", "Trier"}[i%6])
		}
	}
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	src, err := record.Open([]string{file}, record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	people := spec.Unit{Columns: []string{"who"}, MaxRecords: 24}
	for _, c := range []struct {
		name string
		unit spec.Unit
		kept bool
	}{{"bounded", people, true}, {"unbounded", spec.Unit{}, false}} {
		run := &throwaway{dir: t.TempDir(), spec: &spec.Spec{Version: spec.Version, Unit: c.unit}, budget: budget{epsilon: 1, delta: 1e-6}, progress: func(string, float64) {}}
		r, err := audit.Run(context.Background(), src, run.pipeline, audit.Options{
			Claim: audit.Claim{Epsilon: 1, Delta: 1e-6, Mu: 0.23}, Unit: audit.Unit{Columns: people.Columns, MaxRecords: people.MaxRecords}, Seed: 1, Canaries: 100,
		})
		if err != nil {
			t.Fatal(err)
		}
		if kept := r.Epsilon <= 1; kept != c.kept {
			t.Errorf("%s: attacks prove ε ≥ %.2f of at most %.2f, %+v", c.name, r.Epsilon, r.Most, r.Attacks)
		}
		if c.kept && (r.Noise.P < 1e-8 || len(r.Warnings) > 0) {
			t.Errorf("%s: the noise is %+v", c.name, r.Noise)
		}
	}
}

// longestText returns the longest text of the first rows, which are canaries'.
func longestText(t *testing.T, src *record.Source) (text string) {
	t.Helper()
	first := true
	err := src.Read(context.Background(), []string{"Contractor Name"}, func(b *record.Batch) error {
		for _, cell := range b.Cells[0][:min(b.Rows, 100)] {
			if first && len(cell.Text) > len(text) {
				text = cell.Text
			}
		}
		first = false
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}
