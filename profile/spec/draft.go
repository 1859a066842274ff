package spec

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// Draft writes a first spec of a dataset for people to edit. It knows the schema only: what it says of a column is
// implied by the physical type or guessed from the name, and said to be.
func Draft(w io.Writer, schema record.Schema, dataset string) error {
	d := &drafter{w: bufio.NewWriter(w), schema: schema}
	d.head(dataset)
	d.unit()
	d.source()
	if schema.Format == record.JSONL {
		d.keys()
	} else {
		d.columns()
	}
	if err := d.w.Flush(); err != nil {
		return fmt.Errorf("write the spec: %w", err)
	}
	return nil
}

// A drafter writes one spec. Errors stick to the writer.
type drafter struct {
	w      *bufio.Writer
	schema record.Schema
}

func (d *drafter) printf(format string, args ...any) { fmt.Fprintf(d.w, format, args...) }

func (d *drafter) head(dataset string) {
	d.printf(`# What patina may take as known about this dataset. Everything in this file counts as public: it was drafted from the
# schema and the column names, without reading a row, and what you add is not protected. Do not copy rare values here.
# Values may be the environment's: ${NAME}, or ${NAME:-default}; $$ is one $. Editors know the keys by: patina init --schema
version: %d

# The ledger account that pays: patina budget init %s --epsilon E --delta D
dataset: %s

# What one run may cost; --epsilon and --delta override it. There is no default.
# privacy:
#   epsilon: 1
#   delta: 1e-6 # well below 1/rows
`, Version, dataset, quoted(dataset))
}

// unit suggests whose records to protect together, if a column's name says so. It is a suggestion only: what a unit is decides what
// the whole guarantee means, and how many records one has is for people to know.
func (d *drafter) unit() {
	var units []string
	for _, c := range d.schema.Columns {
		if _, implied := KindOf(c.Type); (!implied || c.Type.Is("int32", "int64", "uint32", "uint64")) && LooksLikeUnit(c.Name) {
			units = append(units, oneLine(c.Name))
		}
	}
	d.printf("\n# What is protected: one record, unless a unit says whose records belong together. Then somebody's records are hidden all at once.\n")
	example := "customer_id"
	if len(units) > 0 {
		example = units[0]
		d.printf("# By their names these columns tell whose a record is: %s. If somebody can have several records, take the # away:\n", strings.Join(units, ", "))
	}
	d.printf(`# unit:
#   columns: [%s]
#   max_records: 8 # of one unit, chosen at random if there are more: more of them keep more of the data, and take more noise
#   missing: own # records without it are a unit each; drop leaves them out
`, quoted(example))
}

func (d *drafter) source() {
	if d.schema.Format != record.CSV {
		return
	}
	dialect := d.schema.Dialect
	d.printf("\n# How the files are written, read off the first line's delimiter, quotes and byte order mark.\nsource:\n  format: csv\n")
	if dialect.Delimiter != "" {
		d.printf("  delimiter: %s\n", quotedAlways(dialect.Delimiter))
	}
	if dialect.Encoding != "" {
		d.printf("  encoding: %s\n", quoted(dialect.Encoding))
	}
	if dialect.Quote != "" && dialect.Quote != `"` {
		d.printf("  quote: %s\n", quoted(dialect.Quote))
	}
	if dialect.Quoting != "" {
		d.printf("  quoting: %s\n", dialect.Quoting)
	}
	if dialect.SkipLines > 0 {
		d.printf("  skip_lines: %d # before the header\n", dialect.SkipLines)
	}
	if dialect.NoHeader {
		d.printf("  no_header: true # the columns below name the fields, in order\n")
	}
}

// keys drafts the columns of JSON lines, which are unknown: which keys records have is data.
func (d *drafter) keys() {
	d.printf(`
# JSON lines have no schema: which keys occur is data, so no line was read. Without a columns section the keys are found
# under differential privacy, at a cost; rare keys are then missed. Declare the keys that are public, like this:
#
# columns:
#   - name: status
#     kind: category
#   - name: created_at
#     kind: timestamp
#   - name: user.email # a member of a nested object
#     kind: text # masked: literals of this column are never released
#   - name: tags[] # an array's length; its elements are tags[0], tags[1], …
#     kind: integer
#
# A dot, bracket or backslash in a key itself has a backslash before it.
# kind is one of %s; leave it out to have it learnt.
# source:
#   max_keys: 32 # how many paths of one record are counted at most, if that is known; else it is learnt
#   max_elements: %d # how many elements of an array are looked at
`, kindList(), record.DefaultMaxElements)
}

func (d *drafter) columns() {
	if len(d.schema.Columns) == 0 {
		return
	}
	d.printf(`
# A kind that is not declared is learnt by a vote of the records, which takes part of the budget. Declare every kind and
# the vote is not taken: all of the budget goes into the counts. Kinds: %s.
# A column's categories, if they are public, can be declared too (values: [yes, no]); finding them is then not paid for.
# Where a date or timestamp is declared and 03/04/2024 is in April, say so (day_first: true).
columns:
`, kindList())
	for i, c := range d.schema.Columns {
		if !utf8.ValidString(c.Name) {
			d.printf("  # column %d: its name is not UTF-8 and cannot be declared; give the encoding\n", i+1)
			continue
		}
		d.column(c)
	}
}

func (d *drafter) column(c record.Column) {
	d.printf("  - name: %s\n", quoted(c.Name))
	kind, implied := KindOf(c.Type)
	switch guess := guessKind(c); {
	case guess.release:
		d.printf("    kind: %s # the name looks like %s: frequent values are released\n", guess.kind, guess.like)
	case guess.kind != "":
		d.printf("    kind: %s # the name looks like %s: literals of this column will never be released\n", guess.kind, guess.like)
	case implied:
		d.printf("    kind: %s # its physical type is %s\n", kind, oneLine(string(c.Type)))
	default:
		d.printf("    # kind: category # or another of the list above; learnt under differential privacy until you declare it\n")
	}
}

// DatasetName makes a ledger's dataset name of a file's or directory's name: its base without the extension, with
// anything but letters, digits, '.', '_' and '-' replaced.
func DatasetName(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs // "." has a name too
	}
	name := record.Bare(filepath.Base(path))
	if ext := filepath.Ext(name); ext != name {
		name = strings.TrimSuffix(name, ext)
	}
	name = notInName.ReplaceAllString(name, "-")
	name = strings.Trim(dots.ReplaceAllString(name, "."), ".-")
	if name == "" {
		return "dataset"
	}
	return name[:min(len(name), maxDatasetName)]
}

var (
	notInName = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
	dots      = regexp.MustCompile(`\.{2,}`)
)

// maxDatasetName is the ledger's limit, in bytes.
const maxDatasetName = 128

func kindList() string {
	var names []string
	for _, k := range mess.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// plain matches texts that YAML reads as themselves without quotes, but for the words below.
var plain = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$`)

// yamlWords are plain texts that YAML readers take for something else.
var yamlWords = words("true false yes no on off null y n nan inf")

// quoted writes a text as a YAML scalar, with quotes if it needs them.
func quoted(s string) string {
	s = escaped(s)
	if plain.MatchString(s) && !yamlWords[strings.ToLower(s)] {
		return s
	}
	return quotedAlways(s)
}

// quotedAlways writes a text as a double-quoted YAML scalar. JSON's strings are those of YAML.
func quotedAlways(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		panic("spec: a string cannot be written as JSON")
	}
	return strings.TrimRight(b.String(), "\n")
}

// oneLine keeps a text that ends up in a comment from ending it.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, s)
}
