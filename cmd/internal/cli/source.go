package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
)

// sourceFlags say how the data files are written, over what a spec says.
type sourceFlags struct {
	format    formatFlag
	delimiter string
	encoding  string
	quote     string
	quoting   quotingFlag
	skipLines int
	header    bool
	noHeader  bool
	columns   string
}

func (f *sourceFlags) register(flags *pflag.FlagSet) {
	flags.Var(&f.format, "format", "csv, parquet or jsonl (default: by the files' extensions)")
	flags.StringVar(&f.delimiter, "delimiter", "", `CSV delimiter, such as ";" or tab (default: read off the header line)`)
	flags.StringVar(&f.encoding, "encoding", "", "CSV encoding, such as latin-1, windows-1252, macintosh, utf-16le, shift_jis or gbk (default: the byte order mark's, or utf-8)")
	flags.StringVar(&f.quote, "quote", "", `CSV quote: '"' or none (default: '"')`)
	flags.Var(&f.quoting, "quoting", "which CSV fields are quoted, for samples: minimal, all or non-numeric (default: read off the header line)")
	flags.IntVar(&f.skipLines, "skip-lines", 0, "CSV lines before the header that are no part of the table")
	flags.BoolVar(&f.header, "header", false, "the first CSV line holds the names, even if it looks like a record")
	flags.BoolVar(&f.noHeader, "no-header", false, "the first CSV line is data; needs --columns")
	flags.StringVar(&f.columns, "columns", "", "column names of CSV without a header: a,b,c, or a number N for c1 to cN")
}

// formatFlag is the value of --format; "" until given.
type formatFlag record.Format

func (f *formatFlag) Type() string   { return "FORMAT" }
func (f *formatFlag) String() string { return string(*f) }
func (f *formatFlag) Set(s string) error {
	switch record.Format(s) {
	case record.CSV, record.Parquet, record.JSONL:
		*f = formatFlag(s)
		return nil
	}
	return errors.New("want csv, parquet or jsonl")
}

// quotingFlag is the value of --quoting; "" until given.
type quotingFlag record.Quoting

func (f *quotingFlag) Type() string   { return "WHICH" }
func (f *quotingFlag) String() string { return string(*f) }
func (f *quotingFlag) Set(s string) error {
	if s == "" || !record.Quoting(s).Known() {
		return errors.New("want minimal, all or non-numeric")
	}
	*f = quotingFlag(s)
	return nil
}

// options lays the flags over the spec.
func (f *sourceFlags) options(sp *spec.Spec) (record.Options, error) {
	opts := record.Options{Format: sp.Source.Format, Dialect: sp.Dialect(), MaxElements: sp.Source.MaxElements}
	if f.format != "" {
		opts.Format = record.Format(f.format)
	}
	override(&opts.Dialect.Delimiter, f.delimiter)
	override(&opts.Dialect.Encoding, f.encoding)
	override(&opts.Dialect.Quote, f.quote)
	if f.quoting != "" {
		opts.Dialect.Quoting = record.Quoting(f.quoting)
	}
	if f.skipLines < 0 || f.skipLines > record.MaxSkipLines {
		return opts, usagef("--skip-lines %d: want 0 to %d", f.skipLines, record.MaxSkipLines)
	}
	if f.skipLines > 0 {
		opts.Dialect.SkipLines = f.skipLines
	}
	opts.Dialect.Header = opts.Dialect.Header || f.header
	opts.Dialect.NoHeader = opts.Dialect.NoHeader || f.noHeader
	if opts.Dialect.Header && opts.Dialect.NoHeader {
		return opts, usagef("the files cannot have a header line and none: give --header or --no-header")
	}
	if f.columns == "" {
		return opts, nil
	}
	if !opts.Dialect.NoHeader {
		return opts, usagef("--columns names the columns of a file without a header line: add --no-header")
	}
	var err error
	opts.Dialect.Columns, err = columnNames(f.columns)
	return opts, err
}

func override(value *string, flag string) {
	if flag != "" {
		*value = flag
	}
}

// maxNumbered bounds --columns N.
const maxNumbered = 10_000

// columnNames reads the value of --columns.
func columnNames(list string) ([]string, error) {
	n, err := strconv.Atoi(list)
	if err != nil {
		return strings.Split(list, ","), nil
	}
	if n < 1 || n > maxNumbered {
		return nil, usagef("--columns %d: want names, or a number from 1 to %d", n, maxNumbered)
	}
	names := make([]string, n)
	for i := range names {
		names[i] = "c" + strconv.Itoa(i+1)
	}
	return names, nil
}

// openSource opens the data files. What makes them no table is a *tableError; files that are not there or cannot be
// opened are not.
func openSource(paths []string, flags *sourceFlags, sp *spec.Spec) (*record.Source, error) {
	opts, err := flags.options(sp)
	if err != nil {
		return nil, err
	}
	if slices.Equal(paths, []string{record.Stdin}) {
		opts.Stdin = os.Stdin
	} else if err := reachable(paths); err != nil {
		return nil, err
	}
	src, err := record.Open(paths, opts)
	if err != nil {
		if errors.Is(err, fs.ErrPermission) {
			return nil, err
		}
		return nil, &tableError{err}
	}
	for i, c := range src.Schema().Columns {
		if !utf8.ValidString(c.Name) {
			err := &tableError{fmt.Errorf("open %s: the name of column %d is not UTF-8", src.Shown(0), i+1)}
			return nil, hint(err, "say how the file is encoded, for instance with --encoding windows-1252")
		}
	}
	return src, nil
}

// reachable checks that every path names a file or directory, or matches one.
func reachable(paths []string) error {
	for _, p := range paths {
		_, err := os.Stat(p)
		if err == nil {
			continue
		}
		if matches, globErr := filepath.Glob(p); globErr == nil && len(matches) > 0 {
			continue
		}
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("open data: there is no file %s", p)
		}
		return fmt.Errorf("open data: %w", err)
	}
	return nil
}

// specPath returns where the spec is: the flag's, or the environment's; "" for none.
func specPath(flag string, streams Streams) string {
	if flag != "" {
		return flag
	}
	return streams.Getenv("PATINA_SPEC")
}

// readSpec reads the spec at path; "" is the spec that declares nothing.
func readSpec(path string) (*spec.Spec, error) {
	if path == "" {
		return &spec.Spec{Version: spec.Version}, nil
	}
	sp, err := spec.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return sp, nil
}

// datasetName returns the name of the ledger account: the flag's, the spec's, or one made of the data's own name.
func datasetName(flag string, sp *spec.Spec, paths []string, src *record.Source) string {
	switch {
	case flag != "":
		return flag
	case sp.Dataset != "":
		return sp.Dataset
	}
	name := paths[0]
	if name == record.Stdin {
		return ""
	}
	if _, err := os.Stat(name); err != nil { // a pattern
		name = src.Files()[0]
	}
	return spec.DatasetName(name)
}

// distinctOutput refuses an output that is one of the files the command needs, which --force would destroy.
func distinctOutput(output string, inputs ...string) error {
	out, err := os.Stat(output)
	if err != nil {
		return nil
	}
	for _, in := range inputs {
		if info, err := os.Stat(in); err == nil && os.SameFile(out, info) {
			return usagef("the output %s is %s, which the command needs: give another name", output, in)
		}
	}
	return nil
}
