package mess

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

var dataFlag = flag.String("data", "", "files or directories to check with TestRoundTripOf: a path or a pattern")

// A trip checks for cells that what is written as they are reads as they do: in every kind that parses the cell, and as a text of
// every mask of its ladder. What it checks depends on descriptors alone, so each is checked once.
type trip struct {
	r     *Rand
	cells int
	done  map[string]bool
	read  map[Kind]int   // cells that the kind parses
	fails map[string]int // descriptors that do not come back, never cells; how many different values
}

func newTrip() *trip {
	r, _ := seeded(70)
	return &trip{r: r, done: map[string]bool{}, read: map[Kind]int{}, fails: map[string]int{}}
}

func (t *trip) fail(format string, args ...any) { t.fails[fmt.Sprintf(format, args...)]++ }

// first reports whether something was not checked before.
func (t *trip) first(parts ...string) bool {
	key := strings.Join(parts, "\xff")
	seen := t.done[key]
	t.done[key] = true
	return !seen
}

func (t *trip) cell(c record.Cell) {
	t.cells++
	if Missing(c) || !t.first(c.Tag.String(), c.Text) {
		return
	}
	for _, k := range codecs {
		d := Describe(k, c)
		if d.Typed {
			t.read[k.Kind()]++
			t.typed(k, d)
		}
	}
	for _, mask := range Shapes(c) {
		if len(c.Text) <= maxCoarse && t.first("mask", mask) { // longer ones are filled with shorter ones
			t.mask(mask)
		}
	}
}

// typed checks one value in one form of a kind, and the generalisation that it belongs to.
func (t *trip) typed(k Codec, d Description) {
	form := d.Forms[0]
	if !t.first(string(k.Kind()), d.Value.Key, form) {
		return
	}
	span := Span{Key: d.Value.Key}
	if err := k.Check(span); err != nil {
		t.fail("%s: a value in %s does not pass its own check: %v", k.Kind(), form, err)
		return
	}
	if !k.Own(form) || !k.Fits(span, form) {
		t.fail("%s: %s does not fit its value", k.Kind(), form)
		return
	}
	for range 4 {
		got := Describe(k, k.Render(span, form, t.r))
		switch {
		case !got.Typed:
			t.fail("%s: %s is rendered as no value", k.Kind(), form)
		case got.Value.Key != d.Value.Key && span.Key != "":
			t.fail("%s: %s is rendered as another value", k.Kind(), form)
		case got.Forms[0] != form:
			t.fail("%s: %s is rendered as %s", k.Kind(), form, got.Forms[0])
		}
	}
}

func (t *trip) mask(mask string) {
	for range 4 {
		c := Fill(mask, t.r)
		if Missing(c) {
			t.fail("mask %s is filled with a missing value", mask)
		} else if got := Shapes(c); !slices.Contains(got, mask) {
			t.fail("mask %s is filled as %q", mask, got)
		}
	}
}

// variants checks texts that are variants of a vocabulary's words.
func (t *trip) variants(v *Vocabulary, text string) {
	m, ok := v.Match(text)
	if !ok {
		return
	}
	for _, form := range m.Forms {
		if !t.first("variant", m.Word, form) {
			continue
		}
		made, ok := v.Render(m.Word, form, t.r)
		if !ok {
			continue // what cannot be made is no form of the word: see Fits
		}
		if again, ok := v.Match(made); !ok || again.Word != m.Word || !slices.Contains(again.Forms, form) {
			t.fail("variant %s is rendered as one of %q", form, again.Forms)
		}
	}
}

// report fails the test with the descriptors that did not come back.
func (t *trip) report(tb testing.TB, what string) {
	tb.Helper()
	tb.Logf("%s: %d cells, %d descriptors", what, t.cells, len(t.done))
	for _, f := range slices.SortedFunc(maps.Keys(t.fails), func(a, b string) int { return cmp.Or(t.fails[b]-t.fails[a], cmp.Compare(a, b)) }) {
		tb.Errorf("%s: %d times: %s", what, t.fails[f], f)
	}
}

// TestRoundTripOf checks the cells of any files: go test ./profile/mess -run TestRoundTripOf -data 'GLOB'. It prints descriptors
// and never cells; descriptors may tell more of the data than a profile would.
func TestRoundTripOf(t *testing.T) {
	if *dataFlag == "" {
		t.Skip("needs -data PATTERN")
	}
	for _, name := range dataFiles(t, *dataFlag) {
		trip := newTrip()
		if err := trip.file(name); err != nil {
			t.Logf("%s: not read: %v", name, err)
			continue
		}
		trip.report(t, name)
	}
}

// dataFiles lists the files that a pattern matches, and those in the directories that it does.
func dataFiles(t *testing.T, pattern string) []string {
	t.Helper()
	matches, err := filepath.Glob(pattern)
	if err != nil || len(matches) == 0 {
		t.Fatalf("-data %s matches nothing (%v)", pattern, err)
	}
	var files []string
	for _, m := range matches {
		err := filepath.WalkDir(m, func(path string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// file checks a table column by column, JSON value by value, or any other file line by line.
func (t *trip) file(name string) error {
	if ext := filepath.Ext(name); ext == ".json" || ext == ".jsonl" {
		return t.documents(name)
	}
	src, err := record.Open([]string{name}, record.Options{})
	if err != nil {
		return t.lines(name)
	}
	var names []string
	for _, c := range src.Schema().Columns {
		names = append(names, c.Name)
	}
	counts := make([]map[string]int, len(names))
	for i := range counts {
		counts[i] = map[string]int{}
	}
	err = src.Read(context.Background(), names, func(b *record.Batch) error {
		for i, cells := range b.Cells {
			for _, c := range cells {
				t.cell(c)
				if c.Tag == record.Text && !Missing(c) && len(c.Text) <= maxVariantText {
					counts[i][strings.Clone(c.Text)]++
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, texts := range counts {
		t.column(texts)
	}
	return nil
}

// frequent is how often a text occurs that stands for a released category.
const frequent = 10

func (t *trip) column(texts map[string]int) {
	var words []string
	for _, s := range slices.Sorted(maps.Keys(texts)) {
		if texts[s] >= frequent {
			words = append(words, s)
		}
	}
	v := NewVocabulary(words)
	for _, s := range slices.Sorted(maps.Keys(texts)) {
		t.variants(v, s)
	}
}

// documents checks the values of a JSON file: of one document, or one after the other.
func (t *trip) documents(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for dec := json.NewDecoder(f); ; {
		var doc json.RawMessage
		if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		t.document(doc)
	}
}

// document checks a JSON value and those within it.
func (t *trip) document(doc json.RawMessage) {
	var (
		object map[string]json.RawMessage
		array  []json.RawMessage
		s      string
		on     bool
		n      json.Number
	)
	switch {
	case string(doc) == "null":
	case json.Unmarshal(doc, &object) == nil:
		t.cell(record.Cell{Tag: record.JSON, Text: string(doc)})
		for _, key := range slices.Sorted(maps.Keys(object)) {
			t.document(object[key])
		}
	case json.Unmarshal(doc, &array) == nil:
		t.cell(record.Cell{Tag: record.JSON, Text: string(doc)})
		for _, v := range array {
			t.document(v)
		}
	case json.Unmarshal(doc, &s) == nil:
		t.cell(text(s))
	case json.Unmarshal(doc, &on) == nil:
		t.cell(record.Cell{Tag: record.Bool, Text: string(doc)})
	case json.Unmarshal(doc, &n) == nil:
		t.cell(number(string(n)))
	}
}

func (t *trip) lines(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, 1<<24)
	for scan.Scan() {
		t.cell(text(scan.Text()))
	}
	return scan.Err()
}

// TestRoundTripOfSample checks made-up cells of every kind: testdata/cells.txt has them as Go strings without their quotes, below the
// kind that reads them. Typed are cells of the types of a file; words are followed by their variants.
func TestRoundTripOfSample(t *testing.T) {
	f, err := os.Open("testdata/cells.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	trip := newTrip()
	section, words := "", []string{}
	n := map[string]int{}
	for scan := bufio.NewScanner(f); scan.Scan(); {
		line := scan.Text()
		if head, ok := strings.CutPrefix(line, "== "); ok {
			section, words = head, nil
			continue
		}
		s, err := strconv.Unquote(`"` + line + `"`)
		if err != nil {
			t.Fatalf("section %s: %q: %v", section, line, err)
		}
		n[section]++
		trip.sample(t, section, s, &words)
	}
	for _, k := range Kinds() {
		if c := codec(t, k); (c.Axis() != nil || c.Open() || k == Boolean) && n[string(k)] < 6 {
			t.Errorf("%s: only %d cells", k, n[string(k)])
		}
	}
	if trip.cells < 300 {
		t.Errorf("only %d cells", trip.cells)
	}
	trip.report(t, "the sample")
}

// sample checks a cell of the sample, which must be what its section says.
func (t *trip) sample(tb testing.TB, section, s string, words *[]string) {
	tb.Helper()
	c := text(s)
	switch section {
	case "number", "boolean of the file", "json":
		c.Tag = map[string]record.Tag{"number": record.Number, "boolean of the file": record.Bool, "json": record.JSON}[section]
	case "text", "missing":
		if Missing(c) != (section == "missing") {
			tb.Errorf("%s: %q is not", section, s)
		}
	case "variants":
		if *words == nil {
			*words = []string{s}
			return
		}
		v := NewVocabulary(*words)
		if _, ok := v.Match(s); !ok {
			tb.Errorf("%q is no variant of %q", s, *words)
		}
		t.variants(v, s)
	default:
		if _, _, ok := codec(tb, Kind(section)).Parse(c); !ok {
			tb.Errorf("%s: %q is not read", section, s)
		}
	}
	t.cell(c)
}
