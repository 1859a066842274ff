package vault

import (
	"fmt"
	"slices"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
)

// checkUnit checks the unit of privacy against the schema. Whether JSON records have its columns is data.
func (b *build) checkUnit() error {
	if err := b.opts.Unit.Validate(); err != nil {
		return fmt.Errorf("%w: %w", ErrMismatch, err)
	}
	for _, name := range b.rule.Columns {
		known := slices.ContainsFunc(b.columns, func(c record.Column) bool { return c.Name == name })
		if b.schema.Format != record.JSONL && !known {
			return fmt.Errorf("%w: the unit's column %q is none of the data's: %s", ErrMismatch, name, columnNames(b.columns))
		}
		if i := slices.IndexFunc(b.columns, func(c record.Column) bool { return c.Name == name }); i >= 0 && !canBeKey(b.columns[i].Type) {
			return fmt.Errorf("%w: the unit's column %q has the type %s: keys are texts or numbers", ErrMismatch, name, b.columns[i].Type)
		}
		if _, err := record.ParsePath(name); b.schema.Format == record.JSONL && err != nil {
			return fmt.Errorf("%w: the unit's column: %w", ErrMismatch, err)
		}
	}
	return nil
}

// canBeKey reports whether made-up keys can be written in a column of the type.
func canBeKey(t record.Type) bool {
	kind, implied := spec.KindOf(t)
	return !implied || kind == mess.Integer || kind == mess.Decimal || kind == mess.TextKind
}

// unitCounts is how many units have how many records.
type unitCounts struct{ dp.Noisy }

// minUnits is how many σ the units with a key must be: below it the key is more likely misspelt, and every record its own unit.
const minUnits = 5

// countUnits releases how many records units have; nil when the unit is the record. That no unit has a key fails.
func (b *build) countUnits(x exits, pl plan) (*unitCounts, error) {
	if !b.rule.Keyed() {
		return nil, nil
	}
	n, err := x.units(b.chosen, pl.units)
	if err != nil {
		return nil, err
	}
	if slices.Max(n.Values[1:]) < minUnits*float64(n.Event.Sigma) {
		return nil, fmt.Errorf("%w: no units with the key %s stand out from the noise: is that the name of the column?", ErrTooSmall, b.opts.Unit.Name())
	}
	return &unitCounts{n}, nil
}

// addTo adds the counts to a profile, as an attribute of the row.
func (n *unitCounts) addTo(p *profile.Profile) {
	var labels []string
	for _, r := range profile.UnitRanges() {
		labels = append(labels, r.Label)
	}
	addRow(p, profile.RowUnits, profile.UnitSize, labels, n.Noisy)
}

// isKey reports whether a column is part of the unit's key.
func (b *build) isKey(name string) bool { return slices.Contains(b.rule.Columns, name) }

// keyKind returns the kind that a column of the unit's key is read as, whatever else it could be: one whose values are made up, so
// that no key is ever a category, a single value or the edge of a bin.
func keyKind(kind mess.Kind) mess.Kind {
	if codec, err := mess.ForKind(kind); err == nil && codec.Open() && !codec.Literal() {
		return kind
	}
	return mess.ID
}
