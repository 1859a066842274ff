package verify

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

const (
	epsilon account.Epsilon = 2
	delta   account.Delta   = 1e-6
)

// honest is a small profile of a unit with up to three records, as a run would make it.
func honest(t *testing.T) *profile.Profile {
	t.Helper()
	thresholds := delta / 4
	rho, err := account.RhoFor(epsilon, delta-thresholds)
	if err != nil {
		t.Fatal(err)
	}
	release := func(id int, mechanism, purpose string, share account.Rho, l2 float64) profile.Release {
		return profile.Release{ID: id, Mechanism: mechanism, Purpose: purpose, L2: l2, Rho: float64(rho * share), Sigma: float64(account.SigmaFor(rho*share, l2))}
	}
	p := &profile.Profile{Manifest: profile.Manifest{
		Version: profile.FormatVersion, Dataset: "d", Run: "1-abc", Rows: 100, Format: record.CSV,
		Columns: []profile.Column{{Column: record.Column{Name: "a", Type: record.StringType}, Kind: "category", Origin: profile.Learnt}},
		Privacy: profile.Privacy{
			Unit: "who", UnitColumns: []string{"who"}, MaxRecords: 3, Neighbours: "add or remove one unit",
			Epsilon: float64(epsilon), Delta: float64(delta), Rho: float64(rho), ThresholdDelta: float64(thresholds),
		},
		Releases: []profile.Release{
			release(1, "gaussian", profile.UnitPurpose, 0.1, 1), release(2, "gaussian", "row count", 0.2, 3), release(3, "threshold", "frequent values", 0.3, 6),
		},
	}}
	m := &p.Manifest
	m.RowSigma = m.Releases[1].Sigma
	r := &m.Releases[2]
	r.Delta = float64(thresholds / 2)
	r.Threshold = 3 + account.Threshold(account.Sigma(r.Sigma), 3, 12, account.Delta(r.Delta))
	for _, r := range m.Releases {
		m.Privacy.SpentRho += r.Rho
		m.Privacy.SpentDelta += r.Delta
	}
	p.Attributes = []profile.Attribute{
		{Name: "a", Column: "a", Role: profile.RoleValue, Codes: []profile.Code{{Class: profile.Literal, Tag: record.Text, Label: "x", Origin: profile.Learnt}}},
		{Name: "a~form", Column: "a", Role: profile.RoleForm, Codes: []profile.Code{{Class: profile.NoForm, Origin: profile.Schema}}},
	}
	p.Measurements = []profile.Measurement{{Release: 3, Attributes: []string{"a"}, Cells: [][]int32{{0}}, Values: []float64{90}, Sigma: r.Sigma}}
	return p
}

func encoded(t *testing.T, p *profile.Profile) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := profile.Write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHonest(t *testing.T) {
	p := honest(t)
	_, r, err := Profile(encoded(t, p))
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() {
		t.Errorf("an honest profile fails: %v", r.Failed())
	}
	if r.SpentEpsilon >= epsilon || r.SpentEpsilon < 1 {
		t.Errorf("six tenths of the ρ of ε = %g are ε = %g", float64(epsilon), float64(r.SpentEpsilon))
	}
}

// TestLies: a profile whose numbers do not follow from each other is found out, by the check that it is for. What package profile
// refuses to write is refused there.
func TestLies(t *testing.T) {
	for _, c := range []struct {
		name  string
		lie   func(p *profile.Profile)
		check string
	}{
		{"ε below what was reserved", func(p *profile.Profile) { p.Manifest.Privacy.Epsilon = 1.99 }, "guarantee"},
		{"δ below what was reserved", func(p *profile.Profile) { p.Manifest.Privacy.Delta = 0.9e-6 }, "guarantee"},
		{"ρ above what (ε, δ) buys", func(p *profile.Profile) { p.Manifest.Privacy.Rho *= 1.01 }, "guarantee"},
		{"thresholds that cost more", func(p *profile.Profile) { p.Manifest.Privacy.ThresholdDelta *= 2 }, "guarantee"},
		{"threshold too low", func(p *profile.Profile) { p.Manifest.Releases[2].Threshold *= 0.9 }, "releases"},
		{"threshold of one record of a unit", func(p *profile.Profile) {
			r := &p.Manifest.Releases[2]
			r.Threshold = 1 + account.Threshold(account.Sigma(r.Sigma), 1, 4, account.Delta(r.Delta))
		}, "releases"},
		{"sensitivity of no unit", func(p *profile.Profile) {
			r := &p.Manifest.Releases[1]
			r.L2, r.Sigma = 1, r.Sigma/3
			p.Manifest.RowSigma = r.Sigma
		}, "releases"},
		{"more records of a unit", func(p *profile.Profile) { p.Manifest.Privacy.MaxRecords = 4 }, "releases"},
	} {
		p := honest(t)
		c.lie(p)
		var b bytes.Buffer
		if err := profile.Write(&b, p); err != nil {
			continue // found out already
		}
		_, r, err := Profile(b.Bytes())
		if err != nil {
			continue
		}
		if failed := strings.Join(r.Failed(), "; "); !strings.Contains(failed, c.check+": ") {
			t.Errorf("%s: the failed checks are %q, want %s", c.name, failed, c.check)
		}
	}
}

func TestReceipt(t *testing.T) {
	ctx := context.Background()
	store, err := ledger.Create(ctx, filepath.Join(t.TempDir(), "l.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.OpenAccount(ctx, "d", 50, 1e-4); err != nil {
		t.Fatal(err)
	}
	p := honest(t)
	s := &p.Manifest.Privacy
	ask := ledger.Ask{Dataset: "d", Unit: "who", MaxRecords: 3, Epsilon: epsilon, Delta: delta, Amount: ledger.Amount{Rho: account.Rho(s.Rho), Delta: account.Delta(s.ThresholdDelta)}}
	receipt := func(p *profile.Profile) string {
		_, r, err := Profile(encoded(t, p))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Receipt(ctx, store, p); err != nil {
			t.Fatal(err)
		}
		return strings.Join(r.Failed(), "; ")
	}
	if got := receipt(p); !strings.Contains(got, "no reservation 1-abc") {
		t.Errorf("before it was reserved: %q", got)
	}
	res, err := store.Reserve(ctx, ask)
	if err != nil {
		t.Fatal(err)
	}
	p.Manifest.Run = res.ID
	if got := receipt(p); !strings.Contains(got, "never committed") {
		t.Errorf("before it was committed: %q", got)
	}
	digest := strings.TrimPrefix(profile.Digest(encoded(t, p)), "sha256:")
	if err := store.Commit(ctx, res.ID, ledger.Commitment{Digest: digest, Path: "p.parquet"}); err != nil {
		t.Fatal(err)
	}
	if got := receipt(p); got != "" {
		t.Errorf("committed: %q", got)
	}
	p.Measurements[0].Values[0]++
	if got := receipt(p); !strings.Contains(got, "committed for another file") {
		t.Errorf("another count: %q", got)
	}
	p.Manifest.Dataset = "other"
	if got := receipt(p); !strings.Contains(got, "no account other") {
		t.Errorf("another account: %q", got)
	}
}
