package vault

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// What is released about JSON records before their columns: which paths they have, in which order, and how many of
// them have others.

// loadPaths counts the paths that could become columns.
func (b *build) loadPaths(ctx context.Context) error {
	b.opts.Progress("reading keys", 0)
	b.paths.Unit = b.chosen.Unit()
	read, size := 0, max(1, b.src.Size())
	err := b.src.Paths(ctx, func(paths []string) error {
		if read%(1<<14) == 0 {
			b.opts.Progress("reading keys", min(1, float64(b.src.Done())/float64(size)))
		}
		if b.chosen.Uses(read) {
			b.paths.Add(paths)
		}
		read++
		return nil
	})
	if err != nil {
		return err
	}
	return b.chosen.Check(read)
}

// maxPaths bounds the columns that are found; the rarest are left to the other keys.
const maxPaths = 2000

// findPaths releases the paths of JSON records, loads the columns they name, and puts them in the order of the records.
func (b *build) findPaths(ctx context.Context, x exits, pl plan) error {
	limit, err := b.pathLimit(x, pl)
	if err != nil {
		return err
	}
	selected, err := x.paths(b.paths, limit, pl.paths, pl.delta)
	if err != nil {
		return err
	}
	if len(selected) == 0 {
		return fmt.Errorf("%w: no key stands out; declare the keys as columns in the spec", ErrTooSmall)
	}
	slices.SortFunc(selected, func(a, b dp.Selected) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Key, b.Key))
	})
	for _, s := range selected[:min(len(selected), maxPaths)] {
		b.columns = append(b.columns, record.Column{Name: s.Key, Type: record.JSONType, Nullable: true})
	}
	if err := b.loadColumns(ctx); err != nil {
		return err
	}
	return b.arrange(x, pl, limit)
}

// coverage is the share of the records of which all paths are to be counted.
const coverage = 0.95

// fallbackLimit is the limit where no width of records stands out from its noise; it is one of encode.DefaultLimits.
const fallbackLimit = 32

// pathLimit returns how many paths of a record are counted at most: the declared number, or the least of those on offer
// that covers most records.
func (b *build) pathLimit(x exits, pl plan) (int, error) {
	limits := b.paths.Limits
	if len(limits) == 1 {
		return limits[0], nil
	}
	widths, err := x.widths(b.paths, pl.widths)
	if err != nil {
		return 0, err
	}
	total := 0.0
	for _, n := range widths.Values {
		total += aboveNoise(n, float64(widths.Event.Sigma))
	}
	if total == 0 {
		return fallbackLimit, nil
	}
	covered := 0.0
	for i, n := range widths.Values {
		if covered += aboveNoise(n, float64(widths.Event.Sigma)); covered >= coverage*total {
			return limits[i], nil
		}
	}
	return limits[len(limits)-1], nil
}

// aboveNoise returns a count, or 0 where noise of standard deviation sigma explains it.
func aboveNoise(n, sigma float64) float64 {
	if n < 3*sigma {
		return 0
	}
	return n
}

// measureMembers makes attributes of the row of how many records have other keys, which it releases, and how many another
// order.
func (b *build) measureMembers(p *profile.Profile, x exits, pl plan) error {
	others, err := x.others(b.table, profile.OthersLows(), pl.others)
	if err != nil {
		return err
	}
	addRow(p, profile.RowOthers, profile.Others, profile.OthersLabels(), others)
	addRow(p, profile.RowOrder, profile.Order, []string{profile.OrderKept, profile.OrderChanged}, b.inOrder)
	return nil
}

// addRow adds an attribute of the row with its marginal.
func addRow(p *profile.Profile, name string, class profile.Class, labels []string, n dp.Noisy) {
	attr := profile.Attribute{Name: name, Role: profile.RoleRow}
	m := profile.Measurement{Release: n.Event.ID, Attributes: []string{name}, Values: n.Values, Sigma: float64(n.Event.Sigma)}
	for i, label := range labels {
		attr.Codes = append(attr.Codes, profile.Code{Class: class, Label: label, Origin: profile.Schema})
		m.Cells = append(m.Cells, []int32{int32(i)})
	}
	p.Attributes = append(p.Attributes, attr)
	p.Measurements = append(p.Measurements, m)
}

// PathLimit returns how many paths of a JSON record were counted at most to find the columns; 0 where they were not found.
func PathLimit(p *profile.Profile) int {
	for _, r := range p.Manifest.Releases {
		if r.Purpose == "json paths" {
			of := r.L2 / float64(max(1, p.Manifest.Privacy.MaxRecords)) // what one record of a unit does
			return int(math.Round(of * of))
		}
	}
	return 0
}

// isLength reports whether a column of JSON records is the length of an array, which is a whole number.
func isLength(name string) bool {
	p, err := record.ParsePath(name)
	return err == nil && p[len(p)-1].Index == record.Length
}

func columnNames(columns []record.Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}
