// Package record streams tables between files and memory, and knows nothing of privacy.
//
//  1. [Open] expands paths, globs and directories into files of one format and reads their schemas:
//     a CSV header line, a Parquet footer. No row is read.
//  2. [Source.Read] streams the rows as columnar batches of cells, as written: a cell keeps its bytes.
//  3. [Create] writes batches as Parquet, CSV or JSON lines, to a temporary name that is renamed only
//     when everything is on disk.
package record

import (
	"strconv"
	"strings"
)

// Tag says what a cell is in its file's own terms, before any column kind interprets it.
type Tag uint8

// The tags. CSV knows Absent (the row was short) and Text only; Parquet has Null and the rest by
// physical type; JSON lines has them all.
const (
	Absent Tag = iota // the field is not there: a short CSV row, a missing JSON key
	Null              // JSON null, a Parquet null
	Text              // a string; every CSV cell
	Number            // a JSON number, a Parquet integer, float or decimal
	Bool              // a JSON or Parquet boolean
	JSON              // a nested JSON value as its text
)

// String returns the tag's name as the formats document it.
func (t Tag) String() string {
	switch t {
	case Absent:
		return "absent"
	case Null:
		return "null"
	case Text:
		return "text"
	case Number:
		return "number"
	case Bool:
		return "bool"
	case JSON:
		return "json"
	}
	return "tag(" + strconv.Itoa(int(t)) + ")"
}

// A Cell is one field of one record as its file holds it. Text holds the bytes of the cell, which need
// not be valid UTF-8; numbers, dates and times of typed files are written canonically: integers and
// floats in the shortest plain decimal notation (never an exponent), dates as 2006-01-02, timestamps as
// 2006-01-02T15:04:05[.fraction]. Text is empty for Absent and Null.
type Cell struct {
	Tag  Tag
	Text string
}

// Row shapes: how a row's field count compares with the header. Zero is a regular row, a negative shape
// −k a row that is k fields short, a positive one a row with k fields too many. Those below −MaxShape name
// what a row is instead.
const (
	// MaxShape bounds a shape in both directions; larger deviations are reported as the bound.
	MaxShape = 1000
	// Malformed is the shape of a line that could not be parsed at all (a broken JSON line);
	// all its cells are Absent.
	Malformed int16 = -32768
	// Blank is the shape of a CSV line with nothing on it; all its cells are Absent.
	Blank int16 = -32767
	// HeaderAgain is the shape of a CSV row that repeats the header line; all its cells are Absent.
	HeaderAgain int16 = -32766
	// Unclosed is the shape of a CSV row in which a quote opens and the file ends: what the field holds may have been
	// rows. It can only be a file's last. Its cells are as read.
	Unclosed int16 = -32765
)

// A Batch is a run of rows, column by column. Texts of one batch may share memory: clone what you keep
// for long.
type Batch struct {
	Rows   int
	Cells  [][]Cell   // [column][row], every column Rows long
	Shapes []int16    // [row]; nil when every row is regular
	Extra  [][]string // [row] the fields beyond the last column, for writers only; nil leaves them empty
}

// Format names a file format.
type Format string

// The formats.
const (
	CSV     Format = "csv"
	Parquet Format = "parquet"
	JSONL   Format = "jsonl"
)

// A Type is a column's physical type in Arrow's notation: "string", "int64", "double", "bool",
// "date32", "timestamp[us]", "timestamp[us, tz=UTC]", "decimal(10, 2)", "binary", … CSV columns are
// "string"; JSON lines columns are "json", because each cell brings its own type. Columns that say how something nested
// is there are "struct", "list" and "map".
type Type string

// JSONType is the physical type of every JSON lines column.
const JSONType Type = "json"

// StringType is the physical type of every CSV column.
const StringType Type = "string"

// A Column is a name and a physical type: the public part of a table. The names of Parquet columns are the texts of paths
// (see [Path]), of flat files too.
type Column struct {
	Name     string `json:"name"`
	Type     Type   `json:"type"`
	Nullable bool   `json:"nullable,omitempty"`
}

// A Dialect says how a CSV file is written. The zero value means: read it off the header line and the
// byte order mark, which are public; rows are never sniffed.
type Dialect struct {
	Delimiter string   `json:"delimiter,omitempty" yaml:"delimiter"`   // one character; "" reads it off the header line
	Encoding  string   `json:"encoding,omitempty" yaml:"encoding"`     // utf-8, latin-1, windows-1252, shift_jis, …
	Quote     string   `json:"quote,omitempty" yaml:"quote"`           // `"` or "none"
	Quoting   Quoting  `json:"quoting,omitempty" yaml:"quoting"`       // which fields are quoted; "" reads it off the header line
	SkipLines int      `json:"skip_lines,omitempty" yaml:"skip_lines"` // lines before the header that are no part of the table
	Header    bool     `json:"-" yaml:"header"`                        // the first line is a header, even if it looks like a record
	NoHeader  bool     `json:"no_header,omitempty" yaml:"no_header"`   // the first line is data; Columns is required
	Columns   []string `json:"-" yaml:"-"`                             // the names when there is no header
	BOM       bool     `json:"bom,omitempty" yaml:"-"`                 // the file starts with a byte order mark
	CRLF      bool     `json:"crlf,omitempty" yaml:"-"`                // the header line ends in CR LF
	CR        bool     `json:"cr,omitempty" yaml:"-"`                  // the header line ends in CR alone
}

// MaxSkipLines bounds [Dialect.SkipLines].
const MaxSkipLines = 1000

// Quoting says which fields of a CSV file are quoted. Reading does not depend on it.
type Quoting string

// The ways of quoting.
const (
	QuoteMinimal    Quoting = "minimal"     // fields that need it
	QuoteAll        Quoting = "all"         // every field
	QuoteNonNumeric Quoting = "non-numeric" // every field but numbers
)

// Known reports whether it is one of them, or left open.
func (q Quoting) Known() bool {
	return q == "" || q == QuoteMinimal || q == QuoteAll || q == QuoteNonNumeric
}

// A Schema is what is public about a dataset before any row is read.
type Schema struct {
	Format  Format
	Columns []Column // nil for JSON lines, whose keys are data
	Dialect Dialect  // of CSV files, resolved
}

// Names returns the column names in order.
func (s Schema) Names() []string {
	names := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		names[i] = c.Name
	}
	return names
}

// Textual reports whether the type holds any text or bytes.
func (t Type) Textual() bool {
	return t.Is(string(StringType), "large_string", string(JSONType), "binary", "large_binary", "fixed_size_binary")
}

// Is reports whether the type's Arrow name is one of names, ignoring parameters in brackets.
func (t Type) Is(names ...string) bool {
	base, _, _ := strings.Cut(string(t), "[")
	base, _, _ = strings.Cut(base, "(")
	for _, n := range names {
		if base == n {
			return true
		}
	}
	return false
}
