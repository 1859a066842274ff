// Package verify recomputes what a profile claims, from the profile alone and, where one is at hand, from the ledger that paid
// for it. It trusts nothing that it can compute.
//
//  1. [Profile] reads the file, encodes it again and compares the bytes, so that there is no room in it for anything else; then
//     recomputes every release's cost from its σ and sensitivity, what thresholds cost, the totals, and the guarantee.
//  2. [Report.Receipt] looks for the run in a ledger: the reservation, what it set aside, and the digest that it was
//     committed with.
//
// What it shows is that the file says one thing throughout and that the ledger knows it. That the noise was drawn is up to the program
// that made the profile: a file cannot show it.
package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
)

// A Check is one thing that was looked at.
type Check struct {
	Name   string `json:"check"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// Schema names the form of a [Report]'s JSON.
const Schema = "patina.verify/1"

// A Report is what was found. It is OK if all of its checks are.
type Report struct {
	Schema  string `json:"schema"` // Schema
	Digest  string `json:"digest"` // of the file, sha256:…
	Dataset string `json:"dataset"`
	Run     string `json:"run"` // the reservation's ID

	// The totals, recomputed from the releases.
	SpentRho     account.Rho     `json:"spent_rho"`
	SpentDelta   account.Delta   `json:"spent_delta"`   // of thresholds
	SpentEpsilon account.Epsilon `json:"spent_epsilon"` // at the δ that was stated
	Checks       []Check         `json:"checks"`
}

// OK reports whether nothing was found wrong.
func (r *Report) OK() bool {
	for _, c := range r.Checks {
		if !c.OK {
			return false
		}
	}
	return true
}

// Failed returns the details of the checks that failed, one sentence each.
func (r *Report) Failed() []string {
	var out []string
	for _, c := range r.Checks {
		if !c.OK {
			out = append(out, c.Name+": "+c.Detail)
		}
	}
	return out
}

func (r *Report) add(name string, wrong error, detail string, args ...any) {
	c := Check{Name: name, OK: wrong == nil, Detail: fmt.Sprintf(detail, args...)}
	if wrong != nil {
		c.Detail = wrong.Error()
	}
	r.Checks = append(r.Checks, c)
}

// Profile checks the bytes of a profile by themselves. It fails with profile.ErrInvalid where they are none.
func Profile(data []byte) (*profile.Profile, *Report, error) {
	p, err := profile.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, nil, err
	}
	m := &p.Manifest
	r := &Report{Schema: Schema, Digest: profile.Digest(data), Dataset: m.Dataset, Run: m.Run}
	r.add("canonical", canonical(p, data), "encoded again the file is the same, byte for byte: it holds what it says and nothing else")
	for _, release := range m.Releases {
		r.SpentRho += account.RhoOf(account.Sigma(release.Sigma), release.L2)
		r.SpentDelta += account.Delta(release.Delta)
	}
	r.SpentEpsilon = account.EpsilonAt(r.SpentRho.Mu(), account.Delta(m.Privacy.Delta)-r.SpentDelta)
	r.add("releases", releases(m), "the ρ of %d releases are L2²/(2σ²), and their thresholds cost no more than the δ they state", len(m.Releases))
	r.add("measurements", measurements(p), "every measurement has the σ of the release that paid for it")
	r.add("totals", totals(m, r), "ρ = %.6g and threshold δ = %.3g, recomputed from the releases, are within the ρ = %.6g and δ = %.3g reserved",
		float64(r.SpentRho), float64(r.SpentDelta), m.Privacy.Rho, m.Privacy.ThresholdDelta)
	r.add("guarantee", guarantee(&m.Privacy), "what was reserved is (ε = %g, δ = %g)-differentially private; what was spent, (ε = %.4g, δ = %g)",
		m.Privacy.Epsilon, m.Privacy.Delta, float64(r.SpentEpsilon), m.Privacy.Delta)
	return p, r, nil
}

func canonical(p *profile.Profile, data []byte) error {
	var again bytes.Buffer
	if err := profile.Write(&again, p); err != nil {
		return err
	}
	if !bytes.Equal(again.Bytes(), data) {
		return errors.New("the file is not as this version writes it: another version made it, or it was changed")
	}
	return nil
}

// tolerance is the relative error of sums that are added up in another order, and of costs that are rounded up.
const tolerance = 1e-9

func releases(m *profile.Manifest) error {
	for _, r := range m.Releases {
		if rho := account.RhoOf(account.Sigma(r.Sigma), r.L2); !near(float64(rho), r.Rho) {
			return fmt.Errorf("release %d costs ρ = %.6g, and states %.6g", r.ID, float64(rho), r.Rho)
		}
		cells, records, err := sensitivity(m, r)
		if err != nil {
			return err
		}
		if r.Mechanism == "threshold" {
			shift := account.ThresholdShift(account.Sigma(r.Sigma), int64(records))
			cost := account.ThresholdDelta(account.Sigma(r.Sigma), float64(records), records*cells, r.Threshold-float64(shift))
			if float64(cost) > r.Delta*(1+tolerance) {
				return fmt.Errorf("release %d has a threshold of %.4g records, which costs δ = %.3g, and states %.3g", r.ID, r.Threshold, float64(cost), r.Delta)
			}
		}
	}
	return nil
}

// sensitivity returns how many cells a record changes and how many records of a unit count in a release, from its L2 sensitivity,
// which is the number of records times the root of the number of cells.
func sensitivity(m *profile.Manifest, r profile.Release) (cells, records int, err error) {
	records = max(1, m.Privacy.MaxRecords)
	if r.Purpose == profile.UnitPurpose {
		records = 1
	}
	square := r.L2 / float64(records)
	square *= square
	cells = int(math.Round(square))
	if cells < 1 || !near(square, float64(cells)) {
		return 0, 0, fmt.Errorf("release %d has an L2 sensitivity of %g, which is none of a unit of %d records", r.ID, r.L2, records)
	}
	return cells, records, nil
}

func measurements(p *profile.Profile) error {
	for i, m := range p.Measurements {
		if m.Release < 1 || m.Release > len(p.Manifest.Releases) || p.Manifest.Releases[m.Release-1].Sigma != m.Sigma {
			return fmt.Errorf("measurement %d states a σ that is not its release's", i)
		}
	}
	return nil
}

func totals(m *profile.Manifest, r *Report) error {
	switch {
	case !near(float64(r.SpentRho), m.Privacy.SpentRho), !near(float64(r.SpentDelta), m.Privacy.SpentDelta):
		return fmt.Errorf("the releases cost ρ = %.6g and threshold δ = %.3g, and the profile states %.6g and %.3g",
			float64(r.SpentRho), float64(r.SpentDelta), m.Privacy.SpentRho, m.Privacy.SpentDelta)
	case float64(r.SpentRho) > m.Privacy.Rho*(1+tolerance), float64(r.SpentDelta) > m.Privacy.ThresholdDelta*(1+tolerance):
		return errors.New("the releases cost more than was reserved")
	}
	return nil
}

func guarantee(s *profile.Privacy) error {
	delta := account.DeltaAt(account.Rho(s.Rho).Mu(), account.Epsilon(s.Epsilon))
	if total := float64(delta) + s.ThresholdDelta; total > s.Delta*(1+tolerance) {
		return fmt.Errorf("a reservation of ρ = %.6g and threshold δ = %.3g is δ = %.3g at ε = %g, and the profile states %.3g",
			s.Rho, s.ThresholdDelta, total, s.Epsilon, s.Delta)
	}
	return nil
}

func near(x, y float64) bool { return math.Abs(x-y) <= tolerance*math.Abs(y) }

// Receipt adds what a ledger says of the run. The store's own errors are returned as they are.
func (r *Report) Receipt(ctx context.Context, store *ledger.Store, p *profile.Profile) error {
	entries, err := store.Entries(ctx, r.Dataset)
	if errors.Is(err, ledger.ErrNoAccount) {
		r.add("receipt", fmt.Errorf("the ledger has no account %s", r.Dataset), "")
		return nil
	}
	if err != nil {
		return err
	}
	var reserved *ledger.Reservation
	var committed *ledger.Commitment
	for _, e := range entries {
		if res, ok := e.Reservation(); ok && res.ID == r.Run {
			reserved = &res
		}
		if of, c, ok := e.Commitment(); ok && of == r.Run {
			committed = &c
		}
	}
	r.add("receipt", r.receipt(reserved, committed, &p.Manifest.Privacy), "reservation %s of account %s is in the ledger, committed with the digest of this file", r.Run, r.Dataset)
	return nil
}

func (r *Report) receipt(reserved *ledger.Reservation, c *ledger.Commitment, s *profile.Privacy) error {
	switch {
	case reserved == nil:
		return fmt.Errorf("the ledger has no reservation %s for account %s", r.Run, r.Dataset)
	case c == nil:
		return fmt.Errorf("reservation %s was never committed: this file was not published by the run", r.Run)
	case "sha256:"+strings.TrimPrefix(c.Digest, "sha256:") != r.Digest:
		return fmt.Errorf("reservation %s was committed for another file, sha256:%.12s…", r.Run, c.Digest)
	case float64(reserved.Ask.Amount.Rho) != s.Rho, float64(reserved.Ask.Amount.Delta) != s.ThresholdDelta,
		float64(reserved.Ask.Epsilon) != s.Epsilon, float64(reserved.Ask.Delta) != s.Delta:
		return fmt.Errorf("reservation %s set another budget aside than the profile states", r.Run)
	case reserved.Ask.Unit != s.Unit:
		return fmt.Errorf("reservation %s protects %s, and the profile states %s", r.Run, reserved.Ask.Unit, s.Unit)
	}
	return nil
}
