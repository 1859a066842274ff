package profile

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	pq "github.com/parquet-go/parquet-go"

	"github.com/patina-data/patina/profile/record"
)

// refused checks that err is ErrInvalid and gives the reason.
func refused(t *testing.T, what string, err error, reason string) {
	t.Helper()
	if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), reason) {
		t.Errorf("%s: %v, want ErrInvalid with %q", what, err, reason)
	}
}

func TestInvalidProfiles(t *testing.T) {
	for _, tt := range []struct {
		name   string
		mutate func(p *Profile)
		reason string
	}{
		{"version 0", func(p *Profile) { p.Manifest.Version = 0 }, "version 0"},
		{"version 2", func(p *Profile) { p.Manifest.Version = 2 }, "version 2"},
		{"no dataset", func(p *Profile) { p.Manifest.Dataset = "" }, "dataset: empty"},
		{"no run", func(p *Profile) { p.Manifest.Run = "" }, "run: empty"},
		{"dataset not UTF-8", func(p *Profile) { p.Manifest.Dataset = "\xff" }, "not UTF-8"},
		{"rows NaN", func(p *Profile) { p.Manifest.Rows = math.NaN() }, "rows"},
		{"row sigma 0", func(p *Profile) { p.Manifest.RowSigma = 0 }, "row_sigma"},
		{"unknown format", func(p *Profile) { p.Manifest.Format = "xls" }, "input format"},
		{"unknown quoting", func(p *Profile) { p.Manifest.Dialect.Quoting = "some" }, "dialect"},
		{"lines to skip", func(p *Profile) { p.Manifest.Dialect.SkipLines = -1 }, "dialect"},
		{"two line ends", func(p *Profile) { p.Manifest.Dialect.CR = true }, "dialect"},
		{"dialect not UTF-8", func(p *Profile) { p.Manifest.Dialect.Quote = "\xff" }, "dialect"},

		{"column without name", func(p *Profile) { p.Manifest.Columns[1].Name = "" }, "column 2: empty"},
		{"column name too long", func(p *Profile) { p.Manifest.Columns[1].Name = strings.Repeat("a", MaxText+1) }, "at most"},
		{"column twice", func(p *Profile) { p.Manifest.Columns[1].Name = "age" }, "listed twice"},
		{"column without kind", func(p *Profile) { p.Manifest.Columns[0].Kind = "" }, "type and kind"},
		{"column of unknown origin", func(p *Profile) { p.Manifest.Columns[0].Origin = "guessed" }, "unknown origin"},
		{"day first in a column without dates", func(p *Profile) { p.Manifest.Columns[0].DayFirst = true }, "only dates and timestamps"},
		{"too many columns", func(p *Profile) { p.Manifest.Columns = make([]Column, MaxColumns+1) }, "columns: at most"},

		{"no releases", func(p *Profile) { p.Manifest.Releases = nil }, "no releases"},
		{"release IDs from 0", func(p *Profile) { p.Manifest.Releases[0].ID = 0 }, "has the ID 0"},
		{"release ID twice", func(p *Profile) { p.Manifest.Releases[1].ID = 1 }, "has the ID 1"},
		{"release of no purpose", func(p *Profile) { p.Manifest.Releases[0].Purpose = "" }, "purpose"},
		{"release of unknown column", func(p *Profile) { p.Manifest.Releases[1].Column = "x" }, "not listed"},
		{"negative sigma", func(p *Profile) { p.Manifest.Releases[0].Sigma = -10 }, "must be positive"},
		{"infinite l2", func(p *Profile) { p.Manifest.Releases[0].L2 = math.Inf(1) }, "must be positive"},
		{"rho NaN", func(p *Profile) { p.Manifest.Releases[0].Rho = math.NaN() }, "must be positive"},
		{"rho understated", func(p *Profile) { p.Manifest.Releases[0].Rho *= 1 - 1e-8 }, "rho is not"},
		{"unknown mechanism", func(p *Profile) { p.Manifest.Releases[0].Mechanism = "laplace" }, "unknown mechanism"},
		{"gaussian with delta", func(p *Profile) { p.Manifest.Releases[0].Delta = 1e-9 }, "no delta"},
		{"threshold without delta", func(p *Profile) { p.Manifest.Releases[1].Delta = 0 }, "threshold release"},
		{"threshold NaN", func(p *Profile) { p.Manifest.Releases[1].Threshold = math.NaN() }, "threshold release"},

		{"no unit", func(p *Profile) { p.Manifest.Privacy.Unit = "" }, "unit"},
		{"epsilon 0", func(p *Profile) { p.Manifest.Privacy.Epsilon = 0 }, "epsilon"},
		{"delta 1", func(p *Profile) { p.Manifest.Privacy.Delta = 1 }, "delta must"},
		{"threshold delta NaN", func(p *Profile) { p.Manifest.Privacy.ThresholdDelta = math.NaN() }, "threshold_delta"},
		{"threshold delta is all", func(p *Profile) { p.Manifest.Privacy.ThresholdDelta = 1e-6 }, "threshold_delta"},
		{"spent rho understated", func(p *Profile) { p.Manifest.Privacy.SpentRho = 0.02 }, "sums over"},
		{"spent delta NaN", func(p *Profile) { p.Manifest.Privacy.SpentDelta = math.NaN() }, "sums over"},
		{"rho overspent", func(p *Profile) { p.Manifest.Privacy.Rho = 0.024 }, "more than was reserved"},
		{"delta overspent", func(p *Profile) { p.Manifest.Privacy.ThresholdDelta = 5e-8 }, "more than was reserved"},

		{"attribute without name", func(p *Profile) { p.Attributes[3].Name = "" }, "attribute 3: empty"},
		{"attribute name not UTF-8", func(p *Profile) { p.Attributes[3].Name = "\xff" }, "not UTF-8"},
		{"attribute twice", func(p *Profile) { p.Attributes[4].Name = "age" }, "listed twice"},
		{"attribute of unknown column", func(p *Profile) { p.Attributes[3].Column = "x" }, "not listed"},
		{"row attribute with column", func(p *Profile) { p.Attributes[0].Column = "age" }, "no column"},
		{"unknown role", func(p *Profile) { p.Attributes[3].Role = "key" }, "unknown role"},
		{"form before value", func(p *Profile) { p.Attributes[3], p.Attributes[4] = p.Attributes[4], p.Attributes[3] }, "out of order"},
		{"two values of a column", func(p *Profile) { p.Attributes[5].Column = "age" }, "out of order"},
		{"attribute without codes", func(p *Profile) { p.Attributes[7].Codes = nil }, "no codes"},
		{"too many attributes", func(p *Profile) { p.Attributes = make([]Attribute, MaxAttributes+1) }, "attributes: at most"},
		{"too many codes", func(p *Profile) { p.Attributes[0].Codes = make([]Code, MaxCodes+1) }, "codes: at most"},
		{"too many rows", func(p *Profile) { p.Measurements[0].Cells = make([][]int32, MaxRows) }, "cells: at most"},
		{"too much text", func(p *Profile) {
			c := Code{Class: Literal, Tag: record.Text, Label: strings.Repeat("x", MaxText), Origin: Learnt}
			p.Attributes[6].Codes = slices.Repeat([]Code{c}, MaxDomainText/MaxText)
		}, "names and labels"},
		{"too many measurements", func(p *Profile) { p.Measurements = make([]Measurement, MaxItems+1) }, "or tables: at most"},

		{"form in a value", func(p *Profile) { p.Attributes[3].Codes[0].Class = NoForm }, "attribute's role"},
		{"unknown class", func(p *Profile) { p.Attributes[3].Codes[0].Class = "maybe" }, "attribute's role"},
		{"rest that is no bin", func(p *Profile) { p.Attributes[6].Codes[0].Origin = Rest }, "unknown origin"},
		{"gap below 0", func(p *Profile) { p.Manifest.Gap = -1 }, "gap must be"},
		{"gap infinite", func(p *Profile) { p.Manifest.Gap = math.Inf(1) }, "gap must be"},
		{"code of unknown origin", func(p *Profile) { p.Attributes[3].Codes[0].Origin = "" }, "unknown origin"},
		{"absent twice", func(p *Profile) { p.Attributes[3].Codes[1].Class = Absent }, "duplicate"},
		{"literal twice", func(p *Profile) { p.Attributes[6].Codes[3].Tag = record.Text }, "duplicate"},
		{"literal without tag", func(p *Profile) { p.Attributes[6].Codes[0].Tag = 0 }, "tag does not fit"},
		{"literal tagged null", func(p *Profile) { p.Attributes[6].Codes[0].Tag = record.Null }, "tag does not fit"},
		{"literal with unknown tag", func(p *Profile) { p.Attributes[6].Codes[0].Tag = 99 }, "tag does not fit"},
		{"atom with tag", func(p *Profile) { p.Attributes[3].Codes[6].Tag = record.Text }, "tag does not fit"},
		{"atom without label", func(p *Profile) { p.Attributes[3].Codes[6].Label = "" }, "label does not fit"},
		{"absent with label", func(p *Profile) { p.Attributes[3].Codes[0].Label = "x" }, "label does not fit"},
		{"label too long", func(p *Profile) { p.Attributes[6].Codes[0].Label = strings.Repeat("x", MaxText+1) }, "label of"},
		{"shape not canonical", func(p *Profile) { p.Attributes[0].Codes[0].Label = "+1" }, "row shape"},
		{"others not an interval", func(p *Profile) { p.Attributes[1].Codes[1].Label = "1" }, "other members"},
		{"order unknown", func(p *Profile) { p.Attributes[2].Codes[1].Label = "Kept" }, "not an order"},
		{"shape out of range", func(p *Profile) { p.Attributes[0].Codes[0].Label = "1001" }, "row shape"},
		{"shape of no name", func(p *Profile) { p.Attributes[0].Codes[0].Label = "-32764" }, "row shape"},
		{"copies of no range", func(p *Profile) { p.Attributes[0].Codes[5].Label = "5" }, "range of copies"},
		{"copies without label", func(p *Profile) { p.Attributes[0].Codes[5].Label = "" }, "range of copies"},
		{"literal with an edge", func(p *Profile) { p.Attributes[6].Codes[0].Hi = Edge{M: 1, E: 0} }, "only bins"},
		{"bin empty", func(p *Profile) { p.Attributes[3].Codes[8].Hi = Edge{} }, "bin is empty"},
		{"bin edge not canonical", func(p *Profile) { p.Attributes[3].Codes[8].Hi = Edge{M: 10, E: 0} }, "not canonical"},
		{"bin edge out of range", func(p *Profile) { p.Attributes[3].Codes[9].Hi = Edge{M: 1, E: 31} }, "not canonical"},
		{"zero edge with exponent", func(p *Profile) { p.Attributes[3].Codes[8].Lo = Edge{M: 0, E: 1} }, "not canonical"},
		{"bins overlap", func(p *Profile) { p.Attributes[3].Codes[9].Lo = Edge{M: 9, E: 0} }, "overlap"},
		{"bins out of order", func(p *Profile) { c := p.Attributes[3].Codes; c[7], c[8] = c[8], c[7] }, "overlap"},
		{"literal of a masked column", func(p *Profile) {
			p.Attributes[7].Codes = []Code{{Class: Literal, Tag: record.Text, Label: "1", Origin: Learnt}}
		}, "masked"},
		{"value made up of a kind that has none", func(p *Profile) { p.Attributes[6].Codes[7].Class = Generated }, "not made up"},
		{"groups without a view", func(p *Profile) { p.Attributes[6].Groups = make([]int32, 8) }, "groups and no view"},
		{"view without groups", func(p *Profile) { p.Attributes[7].Groups = nil }, "groups and no view"},
		{"view of nothing", func(p *Profile) { p.Attributes[11].Name, p.Attributes[7].Groups = "fax~view", nil }, "view of nothing"},
		{"view of another column", func(p *Profile) {
			p.Attributes[7].Name, p.Attributes[11].Name = "age~x", "age~x~view"
			p.Attributes[11].Column = "städt"
		}, "out of order"},
		{"view of a row attribute", func(p *Profile) {
			p.Attributes[0].Groups = make([]int32, 4)
			p.Attributes[7].Groups, p.Attributes[11].Name = nil, "~row~view"
		}, "cannot have that view"},
		{"group out of range", func(p *Profile) { p.Attributes[7].Groups[0] = 1 }, "no such group"},
		{"group negative", func(p *Profile) { p.Attributes[7].Groups[0] = -1 }, "no such group"},
		{"fewer groups than codes", func(p *Profile) { p.Attributes[7].Groups = []int32{} }, "differ in number"},
		{"group without members", func(p *Profile) {
			p.Attributes[11].Codes = append(p.Attributes[11].Codes, Code{Class: Group, Label: "nobody", Origin: Learnt})
		}, "no members"},
		{"group without label", func(p *Profile) { p.Attributes[11].Codes[0].Label = "" }, "label does not fit"},

		{"label that is no step", func(p *Profile) { p.Attributes[8].Codes[0].Label = "@1~Köln" }, "not a step"},
		{"step in a form", func(p *Profile) { p.Attributes[4].Codes[1].Class = Step }, "attribute's role"},
		{"form in a text", func(p *Profile) { p.Attributes[8].Codes[1].Class = Form }, "attribute's role"},
		{"text before value", func(p *Profile) { p.Attributes[7], p.Attributes[8] = p.Attributes[8], p.Attributes[7] }, "out of order"},
		{"steps measured with another attribute", func(p *Profile) {
			p.Measurements[2].Attributes, p.Measurements[2].Cells = []string{"phone~text", "phone"}, [][]int32{{0, 0}, {1, 0}}
		}, "stands alone"},
		{"table of steps", func(p *Profile) { p.Tables[1].Attributes[0] = "phone~text" }, "stands alone"},
		{"agreement before text", func(p *Profile) { p.Attributes[8], p.Attributes[9] = p.Attributes[9], p.Attributes[8] }, "out of order"},
		{"withheld before agreement", func(p *Profile) { p.Attributes[9], p.Attributes[10] = p.Attributes[10], p.Attributes[9] }, "out of order"},
		{"agreement of another name", func(p *Profile) { p.Attributes[9].Codes[0].Label = "perhaps" }, "not an agreement"},
		{"reason that is none", func(p *Profile) { p.Attributes[10].Codes[0].Label = "ann@example.com" }, "not a reason"},
		{"reason in an agreement", func(p *Profile) { p.Attributes[9].Codes[0] = p.Attributes[10].Codes[0] }, "attribute's role"},
		{"agreement measured with another attribute", func(p *Profile) {
			p.Measurements[3].Attributes, p.Measurements[3].Cells = []string{"phone~agreement", "phone"}, [][]int32{{0, 0}, {1, 0}}
		}, "stands alone"},
		{"table of agreements", func(p *Profile) { p.Tables[1].Attributes[0] = "phone~agreement" }, "stands alone"},
		{"table of what was withheld", func(p *Profile) { p.Tables[1].Attributes[0] = "phone~withheld" }, "stands alone"},

		{"measurement of release 0", func(p *Profile) { p.Measurements[0].Release = 0 }, "no release 0"},
		{"measurement of a later release", func(p *Profile) { p.Measurements[0].Release = 3 }, "no release 3"},
		{"measurement with smaller sigma", func(p *Profile) { p.Measurements[0].Sigma = 1 }, "not its release's"},
		{"value NaN", func(p *Profile) { p.Measurements[0].Values[0] = math.NaN() }, "not finite"},
		{"value infinite", func(p *Profile) { p.Measurements[0].Values[0] = math.Inf(-1) }, "not finite"},
		{"fewer values than cells", func(p *Profile) { p.Measurements[0].Values = p.Measurements[0].Values[:1] }, "differ in number"},
		{"measurement without cells", func(p *Profile) { p.Measurements[0].Cells, p.Measurements[0].Values = nil, nil }, "no cells"},
		{"measurement without attributes", func(p *Profile) { p.Measurements[0].Attributes = nil }, "0 attributes"},
		{"measurement of nine attributes", func(p *Profile) { p.Measurements[0].Attributes = make([]string, 9) }, "9 attributes"},
		{"measurement of unknown attribute", func(p *Profile) { p.Measurements[0].Attributes[0] = "x" }, "no attribute"},
		{"attribute twice in a measurement", func(p *Profile) { p.Measurements[1].Attributes[1] = "age" }, "there twice"},
		{"cell too short", func(p *Profile) { p.Measurements[1].Cells[0] = []int32{0} }, "1 codes for 3"},
		{"code out of range", func(p *Profile) { p.Measurements[1].Cells[0][1] = 8 }, "no code 8"},
		{"code negative", func(p *Profile) { p.Measurements[1].Cells[0][1] = -1 }, "no code -1"},
		{"cell twice", func(p *Profile) { p.Measurements[0].Cells[0][0] = 7 }, "there twice"},

		{"weight 0", func(p *Profile) { p.Tables[0].Weights[0] = 0 }, "weights"},
		{"weight negative", func(p *Profile) { p.Tables[0].Weights[0] = math.MinInt64 }, "weights"},
		{"weights too heavy", func(p *Profile) { p.Tables[1].Weights[0]++ }, "2^62"},
		{"weights overflow", func(p *Profile) { p.Tables[0].Weights = []int64{1<<62 - 1, 1<<62 - 1, 1<<62 - 1} }, "2^62"},
		{"fewer weights than cells", func(p *Profile) { p.Tables[0].Weights = nil }, "differ in number"},
		{"table cell twice", func(p *Profile) { p.Tables[0].Cells[1] = []int32{0, 0} }, "there twice"},
		{"table without cells", func(p *Profile) { p.Tables[1] = Table{Attributes: []string{"phone"}} }, "no cells"},
	} {
		p := sample()
		tt.mutate(p)
		refused(t, tt.name, p.Validate(), tt.reason)
		var buf bytes.Buffer
		refused(t, tt.name+": write", Write(&buf, p), tt.reason)
		if buf.Len() > 0 {
			t.Errorf("%s: %d bytes were written", tt.name, buf.Len())
		}
	}
}

func TestSampleUsesEveryClass(t *testing.T) {
	seen := map[Class]bool{}
	for _, a := range sample().Attributes {
		for _, c := range a.Codes {
			seen[c.Class] = true
		}
	}
	if len(seen) != len(roleOf) {
		t.Errorf("the sample has %d classes of %d", len(seen), len(roleOf))
	}
}

// tampered encodes the sample with its i-th row changed.
func tampered(t *testing.T, i int, mutate func(*row)) []byte {
	t.Helper()
	p := sample()
	manifest, err := encodeManifest(&p.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	data, err := encode("1", manifest, func(yield func(*row) bool) {
		for r := range rows(p) {
			c := *r
			if n == i {
				mutate(&c)
			}
			n++
			if !yield(&c) {
				return
			}
		}
	})
	if err != nil || i >= n {
		t.Fatal(err, n)
	}
	return data
}

// Rows of the sample by number.
const (
	rowShape   = 0
	rowAge     = 12 // the first of 12 codes
	rowBin     = 19 // the bin from −0.5 to 0
	rowLatin   = 33 // the category that is not UTF-8
	rowView    = 47 // the only code of a view, after steps, an agreement and a reason
	rowCell    = 48 // the first of 3 measured cells
	rowCell3   = 51 // the first cell of three attributes
	rowWeight  = 58 // the first of 3 weights
	sampleRows = 62
)

func TestTamperedRows(t *testing.T) {
	if n := len(expectedRows(sample())); n != sampleRows {
		t.Fatalf("the sample has %d rows, and the numbers above are for %d", n, sampleRows)
	}
	if _, err := readBytes(tampered(t, 0, func(*row) {})); err != nil {
		t.Fatalf("the sample itself is refused: %v", err)
	}
	null := opt[text]{}
	for _, tt := range []struct {
		name   string
		row    int
		mutate func(*row)
		reason string
	}{
		{"unknown section", rowShape, func(r *row) { r.section.v = text("x") }, "out of order"},
		{"section too early", rowAge, func(r *row) { r.section.v = text("model") }, "another section"},
		{"section again", rowWeight + 1, func(r *row) { r.section.v = text("domain") }, "out of order"},
		{"attribute skipped", rowAge, func(r *row) { r.item.v++ }, "out of order"},
		{"first attribute not 0", rowShape, func(r *row) { r.item.v = -1 }, "out of order"},
		{"attribute renamed midway", rowAge + 1, func(r *row) { r.attributes[0].v = text("x") }, "changes"},
		{"code skipped", rowAge + 1, func(r *row) { r.codes[0].v++ }, "out of order"},
		{"two attributes in the domain", rowAge, func(r *row) {
			r.attributes[1], r.codes[1], r.labels[1] = r.attributes[0], r.codes[0], r.labels[0]
		}, "one attribute"},
		{"no class", rowAge, func(r *row) { r.class = null }, "null"},
		{"unknown class", rowAge, func(r *row) { r.class.v = text("x") }, "unknown class"},
		{"unknown origin", rowAge, func(r *row) { r.origin.v = text("x") }, "origin"},
		{"unknown role", rowAge, func(r *row) { r.role.v = text("x") }, "unknown role"},
		{"no column", rowAge, func(r *row) { r.column = null }, "null"},
		{"column of a row attribute", rowShape, func(r *row) { r.column = some(text("age")) }, "null"},
		{"unknown tag", rowLatin, func(r *row) { r.tag.v = text("x") }, "unknown tag"},
		{"no tag", rowLatin, func(r *row) { r.tag = null }, "null"},
		{"no label bytes", rowLatin, func(r *row) { r.labelBytes = null }, "null"},
		{"label bytes without a label", rowAge, func(r *row) { r.labelBytes = some(text("x")) }, "null"},
		{"label differs from its bytes", rowLatin, func(r *row) { r.labels[0].v = text("Bonn") }, "label differs"},
		{"label of a bin differs", rowBin, func(r *row) { r.labels[0].v = text("[-0.5, 1)") }, "label differs"},
		{"edge not canonical", rowBin, func(r *row) { r.lo.v = text("-0.50") }, "canonical"},
		{"edge too long", rowBin, func(r *row) { r.lo.v = bytes.Repeat(text("1"), 1000) }, "canonical"},
		{"edge no number", rowBin, func(r *row) { r.hi.v = text("Inf") }, "decimal"},
		{"no edge", rowBin, func(r *row) { r.hi = null }, "null"},
		{"edge of a category", rowLatin, func(r *row) { r.hi = some(text("1")) }, "null"},
		{"group without a view", rowAge, func(r *row) { r.group = some(int32(0)) }, "null"},
		{"group of a view", rowView, func(r *row) { r.group = some(int32(0)) }, "groups and no view"},
		{"group in a measurement", rowCell, func(r *row) { r.group = some(int32(0)) }, "null"},
		{"value in the domain", rowAge, func(r *row) { r.value = some(1.0) }, "null"},
		{"weight in a measurement", rowCell, func(r *row) { r.weight = some(int64(1)) }, "null"},
		{"no value", rowCell, func(r *row) { r.value.ok = false }, "null"},
		{"class in a measurement", rowCell, func(r *row) { r.class = some(text("atom")) }, "null"},
		{"measured label differs", rowCell, func(r *row) { r.labels[0].v = text("Bonn") }, "label differs"},
		{"measured code out of range", rowCell, func(r *row) { r.codes[0].v = 8 }, "out of range"},
		{"measured code negative", rowCell, func(r *row) { r.codes[0].v = math.MinInt32 }, "out of range"},
		{"unknown attribute", rowCell, func(r *row) { r.attributes[0].v = text("x") }, "unknown"},
		{"attribute with a huge name", rowCell, func(r *row) { r.attributes[0].v = make(text, MaxText+1) }, "unknown"},
		{"no attribute", rowCell, func(r *row) {
			r.attributes[0], r.codes[0], r.labels[0] = null, opt[int32]{}, null
		}, "unknown"},
		{"slots with a gap", rowCell3, func(r *row) { r.attributes[0] = null }, "null"},
		{"slot without code", rowCell3, func(r *row) { r.codes[2].ok = false }, "null"},
		{"slot without attribute", rowCell3, func(r *row) { r.labels[7] = some(text("x")) }, "null"},
		{"fewer attributes midway", rowCell3 + 1, func(r *row) {
			r.attributes[2], r.codes[2], r.labels[2] = null, opt[int32]{}, null
		}, "changes its attributes"},
		{"attribute changes midway", rowCell + 1, func(r *row) { r.attributes[0].v = text("age") }, "changes its attributes"},
		{"measurement skipped", rowCell, func(r *row) { r.item.v++ }, "out of order"},
		{"sigma changes midway", rowCell + 1, func(r *row) { r.sigma.v++ }, "changes its release or sigma"},
		{"sigma NaN", rowCell3 + 1, func(r *row) { r.sigma.v = math.NaN() }, "changes its release or sigma"},
		{"release changes midway", rowCell + 1, func(r *row) { r.release.v++ }, "changes its release or sigma"},
		{"value NaN", rowCell, func(r *row) { r.value.v = math.NaN() }, "not finite"},
		{"weight negative", rowWeight, func(r *row) { r.weight.v = -1 }, "weights"},
		{"cell twice", rowWeight + 1, func(r *row) {
			r.codes, r.labels = [8]opt[int32]{some(int32(8)), some(int32(2))}, [8]opt[text]{r.labels[0], some(text("_d0"))}
		}, "there twice"},
	} {
		_, err := readBytes(tampered(t, tt.row, tt.mutate))
		refused(t, tt.name, err, tt.reason)
	}
}

func TestTamperedManifests(t *testing.T) {
	p := sample()
	good, err := encodeManifest(&p.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(from, to string) string {
		if !bytes.Contains(good, []byte(from)) {
			t.Fatalf("the manifest has no %s", from)
		}
		return strings.Replace(string(good), from, to, 1)
	}
	for _, tt := range []struct{ name, version, manifest, reason string }{
		{"version 2", "2", string(good), "unknown format version"},
		{"version 1.0", "1.0", string(good), "unknown format version"},
		{"no JSON", "1", "x", "manifest"},
		{"empty", "1", "", "manifest"},
		{"null", "1", "null", "version 0"},
		{"list", "1", "[]", "manifest"},
		{"unknown member", "1", edit(`"rows"`, `"note":"x","rows"`), "unknown field"},
		{"member twice", "1", edit(`"rows"`, `"dataset":"x","rows"`), "repeated"},
		{"member in capitals", "1", edit(`"rows"`, `"Rows"`), "lower case"},
		{"member with a look-alike", "1", edit(`"rows"`, "\"row\u017f\""), "lower case"},
		{"text after", "1", string(good) + "{}", "after the object"},
		{"NaN", "1", edit(`"rows":1003.5`, `"rows":NaN`), "manifest"},
		{"overflow", "1", edit(`"rows":1003.5`, `"rows":1e999`), "manifest"},
		{"text for a number", "1", edit(`"rows":1003.5`, `"rows":"many"`), "manifest"},
		{"nested too deep", "1", strings.Repeat("[", 1<<20), "nested too deep"},
		{"too large", "1", edit(`"rows"`, strings.Repeat(" ", MaxManifestBytes)+`"rows"`), "larger than"},
		{"inner version", "1", edit(`"version":1`, `"version":2`), "version 2"},
	} {
		data, err := encode(tt.version, []byte(tt.manifest), rows(p))
		if err != nil {
			t.Fatal(err)
		}
		_, err = readBytes(data)
		refused(t, tt.name, err, tt.reason)
	}
}

func TestManifestThatIsNotUTF8(t *testing.T) {
	_, err := decodeManifest([]byte("{\"dataset\":\"\xff\"}"))
	refused(t, "not UTF-8", err, "UTF-8")
}

func TestForeignFiles(t *testing.T) {
	p := sample()
	manifest, err := encodeManifest(&p.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	type foreign struct {
		Section string `parquet:"section"`
	}
	parquetFile := func(options ...pq.WriterOption) []byte {
		var buf bytes.Buffer
		w := pq.NewGenericWriter[foreign](&buf, options...)
		if _, err := w.Write([]foreign{{"domain"}}); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return buf.Bytes()
	}
	version, body := pq.KeyValueMetadata(keyVersion, "1"), pq.KeyValueMetadata(keyManifest, string(manifest))
	for _, tt := range []struct {
		name   string
		data   []byte
		reason string
	}{
		{"empty file", nil, "Parquet"},
		{"text", []byte("age,sex\n1,F\n"), "Parquet"},
		{"zeros", make([]byte, 1000), "Parquet"},
		{"plain Parquet", parquetFile(), "not a profile"},
		{"no manifest", parquetFile(version), "nothing else"},
		{"more metadata", parquetFile(version, body, pq.KeyValueMetadata("note", "x")), "nothing else"},
		{"other columns", parquetFile(version, body), "columns are not those"},
	} {
		_, err := readBytes(tt.data)
		refused(t, tt.name, err, tt.reason)
	}
}

// damaged reads the bytes and checks that this takes no time and either fails as ErrInvalid or gives a valid profile.
func damaged(t *testing.T, data []byte) (p *Profile, err error) {
	t.Helper()
	start := time.Now()
	p, err = readBytes(data)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("a damaged file took %v", took)
	}
	switch {
	case err != nil && !errors.Is(err, ErrInvalid):
		t.Errorf("a damaged file is not ErrInvalid: %v", err)
	case err == nil && p.Validate() != nil:
		t.Errorf("an invalid profile was read")
	}
	return p, err
}

func TestDamagedFiles(t *testing.T) {
	data := write(t, sample())
	for n := range len(data) {
		if _, err := damaged(t, data[:n]); err == nil {
			t.Errorf("a file cut to %d of %d bytes is read", n, len(data))
		}
	}
	for i := range data {
		flipped := bytes.Clone(data)
		flipped[i] ^= []byte{1, 2, 0x10, 0x80, 0xff}[i%5]
		if _, err := damaged(t, flipped); t.Failed() {
			t.Fatalf("byte %d flipped: %v", i, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	var buf bytes.Buffer
	if err := Write(&buf, sample()); err != nil {
		f.Fatal(err)
	}
	f.Add(buf.Bytes())
	f.Add(buf.Bytes()[:buf.Len()/2])
	f.Add([]byte("PAR1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := damaged(t, data)
		if err != nil {
			return
		}
		// What is read can be written, and reads the same.
		if again, err := readBytes(write(t, p)); err != nil || !reflect.DeepEqual(again, p) {
			t.Errorf("a profile that was read does not survive being written: %v", err)
		}
	})
}
