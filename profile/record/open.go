package record

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"
)

// DefaultBatchRows is the number of rows of a batch when [Options] does not say.
const DefaultBatchRows = 8192

// DefaultMaxElements is how many elements of an array have columns when [Options] does not say.
const DefaultMaxElements = 3

// Options say how to open a dataset.
type Options struct {
	Format    Format  // "" goes by the files' extensions
	Dialect   Dialect // of CSV files; the zero value is read off the header line
	BatchRows int     // rows per batch at most; 0 means DefaultBatchRows

	// Stdin is read to its end where the path is [Stdin], alone. Its format must be given, and cannot be Parquet.
	Stdin io.Reader

	// MaxElements is how many elements of an array have columns of their own; 0 means DefaultMaxElements.
	MaxElements int
}

// A Source is a dataset that is open for reading: files of one format with the same columns. It holds no
// file open between calls and may be read many times, also at once.
type Source struct {
	schema    Schema
	files     []string
	parts     []part
	batchRows int

	spooled    int64      // bytes of standard input
	partitions [][]string // [file] the names of its directories that say what its rows hold

	maxElements int
	done        *atomic.Int64 // bytes of the files that the last reading has gone through

	dropped func(row int) bool // rows that [Source.Edited] leaves out; nil leaves out none
}

// A part is one file of a dataset, opened as far as its schema.
type part interface {
	// read streams the wanted columns, named as in the schema, into b.
	read(want []string, b *batcher) error
}

// A pathPart is a part of JSON lines.
type pathPart interface {
	// paths calls emit for each record; stopped tells an error of emit or ctx from one of reading.
	paths(ctx context.Context, finder *pathFinder, emit func([]string) error) (stopped bool, err error)
}

// Open expands paths (files, globs, directories) and reads what is public about each file: a CSV header
// line, a Parquet footer, nothing of JSON lines. All files must have the same columns in the same order.
func Open(paths []string, opts Options) (*Source, error) {
	if opts.BatchRows < 0 {
		return nil, fmt.Errorf("open data: %d rows per batch", opts.BatchRows)
	}
	if opts.BatchRows == 0 {
		opts.BatchRows = DefaultBatchRows
	}
	if opts.MaxElements < 0 {
		return nil, fmt.Errorf("open data: %d elements of an array", opts.MaxElements)
	}
	if opts.MaxElements == 0 {
		opts.MaxElements = DefaultMaxElements
	}
	if slices.Equal(paths, []string{Stdin}) {
		s := &Source{batchRows: opts.BatchRows, maxElements: opts.MaxElements, done: new(atomic.Int64)}
		return s, s.openStdin(opts)
	}
	files, format, err := expand(paths, opts.Format)
	if err != nil {
		return nil, err
	}
	s := &Source{files: files, batchRows: opts.BatchRows, maxElements: opts.MaxElements, done: new(atomic.Int64)}
	for i, file := range files {
		s.partitions = append(s.partitions, partitionOf(file, paths))
		p, schema, err := openPart(file, format, opts)
		if err == nil {
			p, schema, err = partition(p, schema, s.partitions[i])
		}
		if err != nil {
			return nil, s.fault("open", i, err)
		}
		if len(s.parts) == 0 {
			s.schema = schema
		} else if err := s.join(i, schema); err != nil {
			return nil, err
		}
		s.parts = append(s.parts, p)
	}
	return s, nil
}

func openPart(file string, format Format, opts Options) (part, Schema, error) {
	switch format {
	case CSV:
		return openCSV(file, openerOf(file), opts.Dialect)
	case Parquet:
		return openParquet(file, opts.MaxElements)
	default:
		return openJSONL(file, openerOf(file))
	}
}

// join checks that one more file has the columns of the first. A column is nullable if it is in any file.
func (s *Source) join(file int, schema Schema) error {
	if diff := compareColumns(s.schema.Columns, schema.Columns); diff != "" {
		return fmt.Errorf("open data: %s and %s differ: %s; give files with the same columns", s.Shown(0), s.Shown(file), diff)
	}
	for i, c := range schema.Columns {
		s.schema.Columns[i].Nullable = s.schema.Columns[i].Nullable || c.Nullable
	}
	return nil
}

// Shown is the path of a file, by its index in Files, for messages: values in the names of partitions are left out.
func (s *Source) Shown(file int) string { return shown(s.files[file], s.partitions[file]) }

// fault says at which file something failed.
func (s *Source) fault(what string, file int, err error) error {
	return fmt.Errorf("%s %s: %w", what, s.Shown(file), withoutPath(err, s.partitions[file]))
}

// compareColumns describes how b differs from a in names, types and order; "" when it does not.
func compareColumns(a, b []Column) string {
	inA, inB := positions(a), positions(b)
	if !slices.ContainsFunc(b, func(c Column) bool { _, ok := inA[c.Name]; return ok }) {
		return "the second has none of the first's columns: does it have a header line?"
	}
	var diffs []string
	for i, c := range a {
		switch j, ok := inB[c.Name]; {
		case !ok:
			diffs = append(diffs, fmt.Sprintf("the second has no column %q", c.Name))
		case b[j].Type != c.Type:
			diffs = append(diffs, fmt.Sprintf("column %q is %s in the first and %s in the second", c.Name, c.Type, b[j].Type))
		case j != i && len(a) == len(b):
			diffs = append(diffs, fmt.Sprintf("column %q is number %d in the first and %d in the second", c.Name, i+1, j+1))
		}
	}
	for _, c := range b {
		if _, ok := inA[c.Name]; !ok {
			diffs = append(diffs, fmt.Sprintf("the first has no column %q", c.Name))
		}
	}
	const most = 5
	if len(diffs) > most {
		diffs = append(diffs[:most], fmt.Sprintf("and %d more differences", len(diffs)-most))
	}
	return strings.Join(diffs, "; ")
}

// positions returns where each column is, by its name.
func positions(columns []Column) map[string]int {
	at := make(map[string]int, len(columns))
	for i, c := range columns {
		at[c.Name] = i
	}
	return at
}

// Schema returns what is public about the dataset. Columns is nil for JSON lines; Dialect is the first
// file's.
func (s *Source) Schema() Schema {
	schema := s.schema
	schema.Columns = slices.Clone(schema.Columns)
	return schema
}

// Files returns the files of the dataset in the order they are read.
func (s *Source) Files() []string { return slices.Clone(s.files) }

// Size returns how many bytes the files have together, as far as that can be seen.
func (s *Source) Size() (bytes int64) {
	if s.spooled > 0 {
		return s.spooled
	}
	for _, f := range s.files {
		if info, err := os.Stat(f); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// Done returns how many bytes of the files the reading that began last has gone through, about.
func (s *Source) Done() int64 { return s.done.Load() }

// Read streams the rows of the named columns, in that order, as batches. For CSV and Parquet nil means
// all columns; JSON lines need the paths to look for (see [Path]). A batch may be reused once emit has returned, but
// its texts stay valid. Read stops at the first error of emit, which it returns as it is, and when ctx
// is done, with ctx.Err().
func (s *Source) Read(ctx context.Context, columns []string, emit func(*Batch) error) error {
	want, err := s.project(columns)
	if err != nil {
		return err
	}
	b := newBatcher(ctx, len(want), s.batchRows, s.without(emit))
	b.done = s.done
	s.done.Store(0)
	for i, p := range s.parts {
		err := p.read(want, b)
		if err == nil {
			err = b.flush()
		}
		if b.stopped != nil {
			return b.stopped
		}
		if err != nil {
			return s.fault("read", i, err)
		}
	}
	return ctx.Err()
}

// project resolves and checks the columns asked for.
func (s *Source) project(columns []string) ([]string, error) {
	names := s.schema.Names()
	if columns == nil {
		if s.schema.Format == JSONL {
			return nil, errors.New("read JSON lines: name the paths to read")
		}
		return names, nil
	}
	known, asked := positions(s.schema.Columns), map[string]bool{}
	for _, c := range columns {
		if _, ok := known[c]; !ok && s.schema.Format != JSONL {
			return nil, fmt.Errorf("read %s: there is no column %q", s.Shown(0), c)
		}
		if asked[c] {
			return nil, fmt.Errorf("read %s: column %q is asked for twice", s.Shown(0), c)
		}
		asked[c] = true
	}
	return columns, nil
}

// Paths calls emit with the paths of each record of a JSON lines dataset: those of the columns that it would fill. They
// come in the record's order, without duplicates; a malformed line has none. Elements of an array from Options.MaxElements
// on have none either. The slice is reused. Errors are those of Read.
func (s *Source) Paths(ctx context.Context, emit func(paths []string) error) error {
	if s.schema.Format != JSONL {
		return fmt.Errorf("read paths: %s is not JSON lines", s.files[0])
	}
	finder := &pathFinder{elements: s.maxElements, done: s.done}
	s.done.Store(0)
	emit = s.withoutPaths(emit)
	for i, p := range s.parts {
		if err := ctx.Err(); err != nil {
			return err
		}
		stopped, err := p.(pathPart).paths(ctx, finder, emit)
		if stopped {
			return err
		}
		if err != nil {
			return s.fault("read", i, err)
		}
	}
	return nil
}
