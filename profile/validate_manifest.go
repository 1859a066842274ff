package profile

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// tolerance is the relative error allowed where the manifest repeats a sum or a formula: room for the order of
// floating-point additions, far below anything that matters to privacy.
const tolerance = 1e-9

// The mechanisms a release may name.
const (
	mechanismGaussian  = "gaussian"
	mechanismThreshold = "threshold"
)

// check checks the manifest by itself: the reader does so before it reads a row.
func (m *Manifest) check() error {
	if m.Version != FormatVersion {
		return fmt.Errorf("version %d: this program knows version %d", m.Version, FormatVersion)
	}
	for what, s := range map[string]string{"dataset": m.Dataset, "run": m.Run} {
		if err := checkName(s); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	if !finite(m.Rows) || !positive(m.RowSigma) {
		return errors.New("rows must be finite and row_sigma positive")
	}
	if !finite(m.Gap) || m.Gap < 0 {
		return errors.New("gap must be finite and not negative")
	}
	switch m.Format {
	case record.CSV, record.Parquet, record.JSONL:
	default:
		return errors.New("unknown input format")
	}
	if d := m.Dialect; !d.Quoting.Known() || d.SkipLines < 0 || d.SkipLines > record.MaxSkipLines || d.CR && d.CRLF {
		return errors.New("dialect: unknown quoting, lines to skip or line ends")
	}
	for _, s := range []string{m.Dialect.Delimiter, m.Dialect.Encoding, m.Dialect.Quote} {
		if err := checkText(s); err != nil {
			return fmt.Errorf("dialect: %w", err)
		}
	}
	if err := m.checkColumns(); err != nil {
		return err
	}
	if err := m.checkReleases(); err != nil {
		return err
	}
	return m.checkPrivacy()
}

func (m *Manifest) checkColumns() error {
	if n := len(m.Columns); n > MaxColumns {
		return fmt.Errorf("%d columns: at most %d", n, MaxColumns)
	}
	seen := make(map[string]bool, len(m.Columns))
	for i, c := range m.Columns {
		if err := checkName(c.Name); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
		if seen[c.Name] {
			return fmt.Errorf("column %q is listed twice", c.Name)
		}
		seen[c.Name] = true
		if errors.Join(checkName(string(c.Type)), checkName(c.Kind)) != nil {
			return fmt.Errorf("column %q: type and kind must be names", c.Name)
		}
		if !c.Origin.known() {
			return fmt.Errorf("column %q: unknown origin", c.Name)
		}
		if k := mess.Kind(c.Kind); c.DayFirst && k != mess.Date && k != mess.Timestamp {
			return fmt.Errorf("column %q: only dates and timestamps have the day first", c.Name)
		}
	}
	return nil
}

func (o Origin) known() bool { return o == Declared || o == Schema || o == Learnt }

func (m *Manifest) checkReleases() error {
	if len(m.Releases) == 0 {
		return errors.New("no releases: nothing accounts for the row count")
	}
	columns := m.kinds()
	for i, r := range m.Releases {
		if r.ID != i+1 {
			return fmt.Errorf("release %d has the ID %d: IDs count from 1", i+1, r.ID)
		}
		if err := r.check(); err != nil {
			return fmt.Errorf("release %d: %w", r.ID, err)
		}
		if _, ok := columns[r.Column]; !ok && r.Column != "" {
			return fmt.Errorf("release %d is about a column that is not listed", r.ID)
		}
	}
	return nil
}

func (r *Release) check() error {
	if err := checkName(r.Purpose); err != nil {
		return fmt.Errorf("purpose: %w", err)
	}
	if !positive(r.L2) || !positive(r.Sigma) || !positive(r.Rho) {
		return errors.New("l2, sigma and rho must be positive")
	}
	// ρ = Δ₂²/(2σ²): Bun and Steinke 2016, Proposition 1.6.
	ratio := r.L2 / r.Sigma
	if !agrees(r.Rho, ratio*ratio/2) {
		return errors.New("rho is not l2²/(2·sigma²)")
	}
	switch r.Mechanism {
	case mechanismGaussian:
		if r.Delta != 0 || r.Threshold != 0 {
			return errors.New("a gaussian release has no delta and no threshold")
		}
	case mechanismThreshold:
		if !positive(r.Delta) || r.Delta >= 1 || !positive(r.Threshold) {
			return errors.New("a threshold release needs a delta in (0, 1) and a positive threshold")
		}
	default:
		return errors.New("unknown mechanism")
	}
	return nil
}

func (m *Manifest) checkPrivacy() error {
	s := &m.Privacy
	for what, text := range map[string]string{"unit": s.Unit, "neighbours": s.Neighbours} {
		if err := checkName(text); err != nil {
			return fmt.Errorf("privacy: %s: %w", what, err)
		}
	}
	if err := s.checkUnit(); err != nil {
		return fmt.Errorf("privacy: %w", err)
	}
	if !positive(s.Epsilon) || !positive(s.Rho) {
		return errors.New("privacy: epsilon and rho must be positive")
	}
	if !positive(s.Delta) || s.Delta >= 1 || !(s.ThresholdDelta >= 0) || s.ThresholdDelta >= s.Delta {
		return errors.New("privacy: delta must be in (0, 1) and threshold_delta in [0, delta)")
	}
	var rho, delta float64
	for _, r := range m.Releases {
		rho += r.Rho
		delta += r.Delta
	}
	if !agrees(s.SpentRho, rho) || !agrees(s.SpentDelta, delta) {
		return errors.New("privacy: spent_rho and spent_delta must be the sums over the releases")
	}
	if rho > s.Rho*(1+tolerance) || delta > s.ThresholdDelta*(1+tolerance) {
		return errors.New("privacy: the releases spent more than was reserved")
	}
	return nil
}

// checkUnit checks that the unit is the record, or named by its columns.
func (s *Privacy) checkUnit() error {
	if len(s.UnitColumns) == 0 {
		if s.Unit != RecordUnit || s.MaxRecords != 0 || s.KeylessDropped {
			return errors.New("a unit that is not the record has columns")
		}
		return nil
	}
	if s.Unit != strings.Join(s.UnitColumns, ", ") || s.MaxRecords < 1 {
		return errors.New("the unit is not named by its columns, or has no limit of records")
	}
	for i, name := range s.UnitColumns {
		if err := checkName(name); err != nil || slices.Contains(s.UnitColumns[:i], name) {
			return errors.New("the unit's columns are not names, or one is repeated")
		}
	}
	return nil
}

// RecordUnit is the name of the unit of privacy that is the record itself.
const RecordUnit = "record"

// agrees reports whether got equals want up to the tolerance; NaN agrees with nothing.
func agrees(got, want float64) bool { return math.Abs(got-want) <= tolerance*math.Abs(want) }
