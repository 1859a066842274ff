// Package spec reads patina.yaml, the public statement of what a dataset is: how its files are written, what its
// columns are, what may be spent. What a spec declares is public input; nothing in it is learnt from rows.
//
//  1. [Parse] reads and validates a spec: unknown keys and wrong values are errors with line and column, and ${NAME} in a value is the
//     environment's.
//  2. [Spec.Match] holds it against a schema.
//  3. [Draft] writes a first spec from a schema, for people to edit.
//  4. [Schema] is the same in the words of JSON Schema, for editors.
package spec

import (
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// Version is the spec version this package reads.
const Version = 1

// A Spec is a parsed patina.yaml. The zero Spec declares nothing and is valid for every dataset.
type Spec struct {
	Version int      `yaml:"version"`
	Dataset string   `yaml:"dataset"` // the ledger account
	Privacy Privacy  `yaml:"privacy"`
	Unit    Unit     `yaml:"unit"` // of privacy
	Source  Source   `yaml:"source"`
	Columns []Column `yaml:"columns"`
	Focus   []Focus  `yaml:"focus"` // what to be most exact about
	Alone   bool     `yaml:"alone"` // each column is measured by itself, and nothing of how they go together
}

// Privacy is the budget of one run; the command line overrides it.
type Privacy struct {
	Epsilon float64 `yaml:"epsilon"`
	Delta   float64 `yaml:"delta"`
}

// Source says how the files are written.
type Source struct {
	Format    record.Format `yaml:"format"`
	Delimiter string        `yaml:"delimiter"`
	Encoding  string        `yaml:"encoding"`
	Quote     string        `yaml:"quote"`
	Quoting   string        `yaml:"quoting"`    // which fields are quoted: minimal, all or non-numeric
	SkipLines int           `yaml:"skip_lines"` // lines before the header that are no part of the table
	Header    bool          `yaml:"header"`     // the first line holds the names, even if it looks like a record
	NoHeader  bool          `yaml:"no_header"`  // the columns section then names the columns
	MaxKeys   int           `yaml:"max_keys"`   // JSON lines: paths of one record that are counted, at most; 0 to learn how many

	MaxElements int `yaml:"max_elements"` // elements of an array that have columns; 0 for the default
}

// A Column is what is declared about one column.
type Column struct {
	Name     string    `yaml:"name"`
	Kind     mess.Kind `yaml:"kind"`      // "" to learn it
	DayFirst *bool     `yaml:"day_first"` // of dates and timestamps: 03/04/2024 is in April; nil to learn it with the kind, or else false
	Values   []string  `yaml:"values"`    // the categories, if they are public
}

// Column returns what is declared about the column, or nil.
func (s *Spec) Column(name string) *Column {
	for i := range s.Columns {
		if s.Columns[i].Name == name {
			return &s.Columns[i]
		}
	}
	return nil
}

// Dialect returns the CSV dialect that the spec declares.
func (s *Spec) Dialect() record.Dialect {
	d := record.Dialect{
		Delimiter: s.Source.Delimiter, Encoding: s.Source.Encoding, Quote: s.Source.Quote,
		Quoting: record.Quoting(s.Source.Quoting), SkipLines: s.Source.SkipLines, Header: s.Source.Header, NoHeader: s.Source.NoHeader,
	}
	if d.NoHeader {
		for _, c := range s.Columns {
			d.Columns = append(d.Columns, c.Name)
		}
	}
	return d
}

// ReadFile parses the spec at path, with the environment of this process.
func ReadFile(path string) (*Spec, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the spec: %w", err)
	}
	s, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// maxSpec bounds a spec, in bytes.
const maxSpec = 16 << 20

// Parse reads a spec, with the environment of this process. Errors give line and column.
func Parse(data []byte) (*Spec, error) { return ParseIn(data, os.LookupEnv) }

// ParseIn reads a spec whose variables, ${NAME} and ${NAME:-default} in values, are looked up with env.
func ParseIn(data []byte, env func(name string) (value string, set bool)) (*Spec, error) {
	if len(data) > maxSpec {
		return nil, fmt.Errorf("the spec is larger than %d bytes", maxSpec)
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, fault(err)
	}
	docs := slices.DeleteFunc(file.Docs, func(d *ast.DocumentNode) bool { return d.Body == nil })
	if len(docs) == 0 {
		return nil, errors.New("the spec is empty: it needs at least `version: 1`")
	}
	if len(docs) > 1 {
		return nil, positionOf(docs[1].Body).wrap(errors.New("a spec is one document: nothing may follow `---`"))
	}
	r := &reader{env: env, at: map[string]position{}}
	body, err := r.read(docs[0].Body, reflect.TypeFor[Spec](), "")
	if err != nil {
		return nil, err
	}
	var s Spec
	if err := yaml.NodeToValue(body, &s, yaml.DisallowUnknownField()); err != nil {
		return nil, fault(err)
	}
	if err := s.validate(); err != nil {
		return nil, r.located(err)
	}
	return &s, nil
}

func (s *Spec) validate() error {
	if s.Version != Version {
		return invalidf("version", "version is %d: this build reads version %d (write `version: %d`)", s.Version, Version, Version)
	}
	if s.Privacy != (Privacy{}) {
		if e := s.Privacy.Epsilon; !(e > 0) || math.IsInf(e, 0) {
			return invalidf("privacy.epsilon", "privacy.epsilon is %g: it must be a positive number", e)
		}
		if d := s.Privacy.Delta; !(d > 0 && d < 1) {
			return invalidf("privacy.delta", "privacy.delta is %g: it must be between 0 and 1", d)
		}
	}
	if err := s.Source.validate(); err != nil {
		return err
	}
	if err := s.Unit.Validate(); err != nil {
		return &invalid{"unit", err}
	}
	if err := s.validateFocus(); err != nil {
		return err
	}
	return s.validateColumns()
}

func (s *Source) validate() error {
	if f := s.Format; f != "" && f != record.CSV && f != record.Parquet && f != record.JSONL {
		return invalidf("source.format", "source.format is %q: want csv, parquet or jsonl", f)
	}
	if k := s.MaxKeys; k < 0 || k > 4096 {
		return invalidf("source.max_keys", "source.max_keys is %d: want 1 to 4096", k)
	}
	if q := s.Quoting; !record.Quoting(q).Known() {
		return invalidf("source.quoting", "source.quoting is %q: want minimal, all or non-numeric", q)
	}
	if n := s.SkipLines; n < 0 || n > record.MaxSkipLines {
		return invalidf("source.skip_lines", "source.skip_lines is %d: want 0 to %d", n, record.MaxSkipLines)
	}
	if n := s.MaxElements; n < 0 || n > 64 {
		return invalidf("source.max_elements", "source.max_elements is %d: want 1 to 64", n)
	}
	return nil
}

func (s *Spec) validateColumns() error {
	seen := map[string]int{}
	for i := range s.Columns {
		c, at := &s.Columns[i], fmt.Sprintf("columns[%d]", i)
		if c.Name == "" {
			return invalidf(at, "%s has no name", at)
		}
		if first, ok := seen[c.Name]; ok {
			return invalidf(at, "%s: column %q is declared twice, first in columns[%d]", at, c.Name, first)
		}
		seen[c.Name] = i
		if err := c.validate(at); err != nil {
			return err
		}
	}
	return nil
}

// validate checks a column, which is declared at that path, and gives one with values its kind.
func (c *Column) validate(at string) error {
	if c.Kind != "" {
		if _, err := mess.ForKind(c.Kind); err != nil {
			return invalidf(at+".kind", "column %q: %w", c.Name, err)
		}
	}
	if c.DayFirst != nil && c.Kind != "" && c.Kind != mess.Date && c.Kind != mess.Timestamp {
		return invalidf(at+".day_first", "column %q: day_first can be declared for kinds date and timestamp, not %s", c.Name, c.Kind)
	}
	if c.Values == nil {
		return nil
	}
	switch {
	case c.DayFirst != nil:
		return invalidf(at+".day_first", "column %q: declare either values or day_first", c.Name)
	case c.Kind == "":
		c.Kind = mess.Category
	case c.Kind != mess.Category:
		return invalidf(at+".values", "column %q: values can be declared for kind category, not %s", c.Name, c.Kind)
	}
	return c.validateValues(at + ".values")
}

func (c *Column) validateValues(at string) error {
	if len(c.Values) == 0 {
		return invalidf(at, "column %q: values is empty: list the categories or leave it out", c.Name)
	}
	seen := make(map[string]bool, len(c.Values))
	for n, v := range c.Values {
		at := fmt.Sprintf("%s[%d]", at, n)
		if seen[v] {
			return invalidf(at, "column %q: value %q is declared twice", c.Name, v)
		}
		seen[v] = true
		if mess.Missing(record.Cell{Tag: record.Text, Text: v}) {
			return invalidf(at, "column %q: value %q is a null spelling, and counted as such: leave it out", c.Name, v)
		}
	}
	return nil
}

// Match reports the columns that the spec names and the schema lacks.
func (s *Spec) Match(names []string) error {
	var unknown []string
	for _, c := range s.Columns {
		if !slices.Contains(names, c.Name) {
			unknown = append(unknown, fmt.Sprintf("%q", c.Name))
		}
	}
	for _, f := range s.Focus {
		for _, name := range f {
			if quoted := fmt.Sprintf("%q", name); !slices.Contains(names, name) && !slices.Contains(unknown, quoted) {
				unknown = append(unknown, quoted)
			}
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	have := names
	if len(have) > 20 {
		have = append(slices.Clone(have[:20]), "…")
	}
	return fmt.Errorf("the spec names %s, which the data lacks; it has %s", strings.Join(unknown, ", "), strings.Join(have, ", "))
}

// KindOf returns the kind that a physical type implies, if it implies one. Strings and JSON values do not.
func KindOf(t record.Type) (mess.Kind, bool) {
	switch {
	case t.Is("bool"):
		return mess.Boolean, true
	case t.Is("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "duration"):
		return mess.Integer, true
	case t.Is("float16", "float", "double", "decimal", "decimal128", "decimal256"):
		return mess.Decimal, true
	case t.Is("date32", "date64"):
		return mess.Date, true
	case t.Is("timestamp"):
		return mess.Timestamp, true
	case t.Is("binary", "large_binary", "fixed_size_binary"):
		return mess.TextKind, true
	case t.Is("time32", "time64"):
		return mess.Time, true
	case t.Is("null", string(record.StructType)): // cells without values
		return mess.Category, true
	case t.Is(string(record.ListType), string(record.MapType)): // lengths
		return mess.Integer, true
	}
	return "", false
}
