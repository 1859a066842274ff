package fidelity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// ErrMismatch is wrapped by errors that say that two tables, or a target, give nothing to compare.
var ErrMismatch = errors.New("nothing to compare")

// ErrUnknownColumn is wrapped by errors about a column that is asked for and not in both tables.
var ErrUnknownColumn = errors.New("no such column in both tables")

// maxPaths bounds the columns that are looked at in JSON lines, the commonest first.
const maxPaths = 500

// columnsOf returns the names of a table's columns: of JSON lines, the paths that its records have, in the order in which they
// first occur.
func columnsOf(ctx context.Context, src *record.Source) ([]string, error) {
	if src.Schema().Format != record.JSONL {
		return src.Schema().Names(), nil
	}
	count := map[string]int{}
	var names []string
	err := src.Paths(ctx, func(paths []string) error {
		for _, p := range paths {
			if count[p] == 0 {
				names = append(names, strings.Clone(p))
			}
			count[p]++
		}
		return nil
	})
	if err != nil || len(names) <= maxPaths {
		return names, err
	}
	common := slices.Clone(names)
	slices.SortStableFunc(common, func(a, b string) int { return cmp.Compare(count[b], count[a]) })
	rare := map[string]bool{}
	for _, n := range common[maxPaths:] {
		rare[n] = true
	}
	return slices.DeleteFunc(names, func(n string) bool { return rare[n] }), nil
}

// overlap splits the columns of two tables into those that both have, in the order of the first, and the others.
func overlap(a, b []string) (shared, onlyA, onlyB []string) {
	in := func(list []string) map[string]bool {
		m := map[string]bool{}
		for _, n := range list {
			m[n] = true
		}
		return m
	}
	inA, inB := in(a), in(b)
	onlyA, onlyB = []string{}, []string{}
	for _, n := range a {
		if inB[n] {
			shared = append(shared, n)
		} else {
			onlyA = append(onlyA, n)
		}
	}
	for _, n := range b {
		if !inA[n] {
			onlyB = append(onlyB, n)
		}
	}
	return shared, onlyA, onlyB
}

// rawRows are rows as their file has them, column by column.
type rawRows struct {
	cells  [][]record.Cell
	shapes []int16
	seen   int // rows of the source, of which these are a sample
}

// readRows reads the named columns of at most limit rows: all of them, or else a uniform sample (Vitter 1985, Algorithm R).
func readRows(ctx context.Context, src *record.Source, names []string, limit int, rng *rand.Rand) (*rawRows, error) {
	r := &rawRows{cells: make([][]record.Cell, len(names))}
	err := src.Read(ctx, names, func(b *record.Batch) error {
		for row := range b.Rows {
			r.seen++
			at := r.seen - 1
			if at >= limit {
				if at = rng.IntN(r.seen); at >= limit {
					continue
				}
			}
			r.set(at, b, row)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// set puts a row of a batch at a place; texts are cloned because those of a batch share memory.
func (r *rawRows) set(at int, b *record.Batch, row int) {
	var shape int16
	if b.Shapes != nil {
		shape = b.Shapes[row]
	}
	if at == len(r.shapes) {
		r.shapes = append(r.shapes, 0)
		for c := range r.cells {
			r.cells[c] = append(r.cells[c], record.Cell{})
		}
	}
	r.shapes[at] = shape
	for c := range r.cells {
		cell := b.Cells[c][row]
		r.cells[c][at] = record.Cell{Tag: cell.Tag, Text: strings.Clone(cell.Text)}
	}
}

// untyped takes from cells what CSV cannot tell, so that a CSV file can be held against one of another format: absent and null are
// empty, and numbers and booleans are texts.
func (r *rawRows) untyped() {
	for _, column := range r.cells {
		for i, c := range column {
			column[i] = record.Cell{Tag: record.Text, Text: c.Text}
		}
	}
}

// readPair reads both tables as far as they share columns.
func readPair(ctx context.Context, real, synthetic *record.Source, opts Options, rng *rand.Rand) (*inputs, error) {
	in := &inputs{}
	realNames, err := columnsOf(ctx, real)
	if err != nil {
		return nil, fmt.Errorf("read the real table: %w", err)
	}
	synthNames, err := columnsOf(ctx, synthetic)
	if err != nil {
		return nil, fmt.Errorf("read the synthetic table: %w", err)
	}
	in.names, in.onlyReal, in.onlySynthetic = overlap(realNames, synthNames)
	if len(in.names) == 0 {
		return nil, fmt.Errorf("the two tables have no column in common: %w", ErrMismatch)
	}
	if in.real, err = readRows(ctx, real, in.names, opts.MaxRows, rng); err != nil {
		return nil, fmt.Errorf("read the real table: %w", err)
	}
	if in.synthetic, err = readRows(ctx, synthetic, in.names, opts.MaxRows, rng); err != nil {
		return nil, fmt.Errorf("read the synthetic table: %w", err)
	}
	formats := []record.Format{real.Schema().Format, synthetic.Schema().Format}
	if formats[0] != formats[1] && slices.Contains(formats, record.CSV) {
		in.real.untyped()
		in.synthetic.untyped()
		in.untyped = true
	}
	return in, nil
}

// inputs are both tables as read.
type inputs struct {
	names                   []string
	onlyReal, onlySynthetic []string
	real, synthetic         *rawRows
	untyped                 bool
}
