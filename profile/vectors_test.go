package profile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/parquet/file"

	"github.com/patina-data/patina/profile/record"
)

// rejects are files in testdata/reject that every reader of profiles must refuse. They are for other implementations too, and for tests of
// what reads profiles: go test ./profile -run TestRejectVectors -update writes them.
func rejects(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for name, lie := range wrongProfiles {
		p := sample()
		lie(p)
		out[name] = encodedAs(t, name, p, rows(p))
	}
	for name, v := range wrongRows {
		out[name] = tampered(t, v.row, v.lie)
	}
	for name, edit := range wrongManifests {
		manifest, err := encodeManifest(&sample().Manifest)
		if err != nil {
			t.Fatal(err)
		}
		version, text := edit(string(manifest))
		data, err := encode(version, []byte(text), rows(sample()))
		if err != nil {
			t.Fatal(err)
		}
		out[name] = data
	}
	for name, damage := range wrongFiles {
		out[name] = damage(t, write(t, sample()))
	}
	for name, n := range map[string]int{"bomb": 2000, "bomb-within-limits": 550} {
		out[name] = encodedAs(t, name, sample(), labelBomb(n))
	}
	return out
}

// encodedAs encodes rows under the manifest of p, which need not be valid.
func encodedAs(t *testing.T, name string, p *Profile, rows iter.Seq[*row]) []byte {
	t.Helper()
	manifest, err := encodeManifest(&p.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	data, err := encode("1", manifest, rows)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return data
}

var wrongProfiles = map[string]func(p *Profile){
	"no-dataset":              func(p *Profile) { p.Manifest.Dataset = "" },
	"row-sigma-zero":          func(p *Profile) { p.Manifest.RowSigma = 0 },
	"column-twice":            func(p *Profile) { p.Manifest.Columns[1].Name = "age" },
	"releases-none":           func(p *Profile) { p.Manifest.Releases = nil },
	"release-ids-from-zero":   func(p *Profile) { p.Manifest.Releases[0].ID = 0 },
	"release-sigma-negative":  func(p *Profile) { p.Manifest.Releases[0].Sigma = -10 },
	"release-rho-understated": func(p *Profile) { p.Manifest.Releases[0].Rho /= 2 },
	"release-mechanism":       func(p *Profile) { p.Manifest.Releases[0].Mechanism = "laplace" },
	"threshold-without-delta": func(p *Profile) { p.Manifest.Releases[1].Delta = 0 },
	"epsilon-zero":            func(p *Profile) { p.Manifest.Privacy.Epsilon = 0 },
	"delta-one":               func(p *Profile) { p.Manifest.Privacy.Delta = 1 },
	"total-rho-understated":   func(p *Profile) { p.Manifest.Privacy.SpentRho = 0.02 },
	"total-rho-overspent":     func(p *Profile) { p.Manifest.Privacy.Rho = 0.024 },
	"total-delta-overspent":   func(p *Profile) { p.Manifest.Privacy.ThresholdDelta = 5e-8 },
	"attribute-of-no-column":  func(p *Profile) { p.Attributes[3].Column = "x" },
	"code-twice":              func(p *Profile) { p.Attributes[3].Codes[1].Class = Absent },
	"bins-overlap":            func(p *Profile) { p.Attributes[3].Codes[9].Lo = Edge{M: 9, E: 0} },
	"bins-out-of-order":       func(p *Profile) { c := p.Attributes[3].Codes; c[7], c[8] = c[8], c[7] },
	"view-of-itself":          func(p *Profile) { p.Attributes[11].Groups = []int32{0} },
	"view-of-a-later-column":  func(p *Profile) { p.Attributes[7], p.Attributes[11] = p.Attributes[11], p.Attributes[7] },
	"group-out-of-range":      func(p *Profile) { p.Attributes[7].Groups[0] = 1 },
	"group-without-members": func(p *Profile) {
		p.Attributes[11].Codes = append(p.Attributes[11].Codes, Code{Class: Group, Label: "nobody", Origin: Learnt})
	},
	"literal-of-a-masked-column": func(p *Profile) {
		p.Attributes[7].Codes = []Code{{Class: Literal, Tag: record.Text, Label: "1", Origin: Learnt}}
		p.Attributes[7].Groups = []int32{0}
	},
	"reason-that-is-a-cell":          func(p *Profile) { p.Attributes[10].Codes[0].Label = "ann@example.com" },
	"measurement-of-no-release":      func(p *Profile) { p.Measurements[0].Release = 0 },
	"measurement-of-a-later-release": func(p *Profile) { p.Measurements[0].Release = 3 },
	"measurement-of-smaller-sigma":   func(p *Profile) { p.Measurements[0].Sigma = 1 },
	"measurement-nan":                func(p *Profile) { p.Measurements[0].Values[0] = math.NaN() },
	"measurement-infinite":           func(p *Profile) { p.Measurements[0].Values[0] = math.Inf(-1) },
	"measurement-cell-twice":         func(p *Profile) { p.Measurements[0].Cells[0][0] = 7 },
	"measurement-attribute-twice":    func(p *Profile) { p.Measurements[1].Attributes[1] = "age" },
	"table-weight-zero":              func(p *Profile) { p.Tables[0].Weights[0] = 0 },
	"table-weights-overflow":         func(p *Profile) { p.Tables[0].Weights = []int64{1<<62 - 1, 1<<62 - 1, 1<<62 - 1} },
	"table-cell-twice":               func(p *Profile) { p.Tables[0].Cells[1] = []int32{0, 0} },
}

var wrongRows = map[string]struct {
	row int
	lie func(r *row)
}{
	"section-unknown":           {rowShape, func(r *row) { r.section.v = text("x") }},
	"section-again":             {rowWeight + 1, func(r *row) { r.section.v = text("domain") }},
	"item-negative":             {rowShape, func(r *row) { r.item.v = -1 }},
	"item-huge":                 {rowAge, func(r *row) { r.item.v = math.MaxInt32 }},
	"code-skipped":              {rowAge + 1, func(r *row) { r.codes[0].v++ }},
	"code-out-of-range":         {rowCell, func(r *row) { r.codes[0].v = 8 }},
	"code-negative":             {rowCell, func(r *row) { r.codes[0].v = math.MinInt32 }},
	"clique-over-no-attribute":  {rowCell, func(r *row) { r.attributes[0].v = text("x") }},
	"clique-over-a-huge-name":   {rowCell, func(r *row) { r.attributes[0].v = make(text, MaxText+1) }},
	"clique-with-a-gap":         {rowCell3, func(r *row) { r.attributes[0] = opt[text]{} }},
	"clique-changes-midway":     {rowCell + 1, func(r *row) { r.attributes[0].v = text("age") }},
	"label-differs-from-bytes":  {rowLatin, func(r *row) { r.labels[0].v = text("Bonn") }},
	"edge-not-canonical":        {rowBin, func(r *row) { r.lo.v = text("-0.50") }},
	"edge-too-long":             {rowBin, func(r *row) { r.lo.v = bytes.Repeat(text("1"), 1<<20) }},
	"sigma-nan":                 {rowCell3 + 1, func(r *row) { r.sigma.v = math.NaN() }},
	"value-missing":             {rowCell, func(r *row) { r.value.ok = false }},
	"weight-negative":           {rowWeight, func(r *row) { r.weight.v = -1 }},
	"weight-in-a-measurement":   {rowCell, func(r *row) { r.weight = some(int64(1)) }},
	"label-of-a-row-is-a-stray": {rowCell3, func(r *row) { r.labels[7] = some(text("x")) }},
}

var wrongManifests = map[string]func(manifest string) (version, text string){
	"version-2":                func(m string) (string, string) { return "2", m },
	"version-1.0":              func(m string) (string, string) { return "1.0", m },
	"version-empty":            func(m string) (string, string) { return "", m },
	"version-inside-differs":   func(m string) (string, string) { return "1", strings.Replace(m, `"version":1`, `"version":2`, 1) },
	"manifest-unknown-member":  func(m string) (string, string) { return "1", strings.Replace(m, `"rows"`, `"note":"x","rows"`, 1) },
	"manifest-member-twice":    func(m string) (string, string) { return "1", strings.Replace(m, `"rows"`, `"dataset":"x","rows"`, 1) },
	"manifest-rows-overflow":   func(m string) (string, string) { return "1", strings.Replace(m, `"rows":1003.5`, `"rows":1e999`, 1) },
	"manifest-rows-nan":        func(m string) (string, string) { return "1", strings.Replace(m, `"rows":1003.5`, `"rows":NaN`, 1) },
	"manifest-nested-too-deep": func(m string) (string, string) { return "1", strings.Repeat("[", 1<<14) },
	"manifest-text-after":      func(m string) (string, string) { return "1", m + "{}" },
	"manifest-empty":           func(string) (string, string) { return "1", "" },
}

// wrongFiles damage the bytes of a sound file.
var wrongFiles = map[string]func(t *testing.T, data []byte) []byte{
	"file-empty":               func(*testing.T, []byte) []byte { return nil },
	"file-text":                func(*testing.T, []byte) []byte { return []byte("age,sex\n1,F\n") },
	"file-cut-in-half":         func(_ *testing.T, d []byte) []byte { return d[:len(d)/2] },
	"file-cut-by-a-byte":       func(_ *testing.T, d []byte) []byte { return d[:len(d)-1] },
	"file-with-more-after":     func(_ *testing.T, d []byte) []byte { return append(d, "more"...) },
	"file-with-a-byte-before":  func(_ *testing.T, d []byte) []byte { return append([]byte{0}, d...) },
	"file-encrypted":           func(_ *testing.T, d []byte) []byte { return append(d[:len(d)-4], "PARE"...) },
	"footer-length-zero":       func(_ *testing.T, d []byte) []byte { return footerLength(d, 0) },
	"footer-length-huge":       func(_ *testing.T, d []byte) []byte { return footerLength(d, math.MaxUint32) },
	"footer-length-past-start": func(_ *testing.T, d []byte) []byte { return footerLength(d, uint32(len(d))) },
	"footer-rows-negative":     func(t *testing.T, d []byte) []byte { return footerRows(t, d, -1) },
	"footer-rows-huge":         func(t *testing.T, d []byte) []byte { return footerRows(t, d, math.MaxInt64) },
	"page-bent":                bentPage,
	"page-size-huge":           func(t *testing.T, d []byte) []byte { return pageSize(t, d, math.MaxInt32) },
	"page-size-negative":       func(t *testing.T, d []byte) []byte { return pageSize(t, d, -1) },
	"pages-swapped":            swappedPages,
}

// footerLength states another length of the footer.
func footerLength(data []byte, n uint32) []byte {
	binary.LittleEndian.PutUint32(data[len(data)-8:], n)
	return data
}

// footerStart is where the footer begins.
func footerStart(data []byte) int {
	return len(data) - 8 - int(binary.LittleEndian.Uint32(data[len(data)-8:]))
}

// footerRows states another number of rows: every one in the footer, the file's and its group's. A number is a zigzag varint of one byte there,
// and longer here, so the footer grows.
func footerRows(t *testing.T, data []byte, n int64) []byte {
	t.Helper()
	from := footerStart(data)
	i := bytes.Index(data[from:], []byte{0x16, sampleRows * 2}) // field of type i64, the number of rows
	if i < 0 {
		t.Fatal("the number of rows is not in the footer")
	}
	return spliced(data, from+i+1, binary.AppendVarint(nil, n))
}

// spliced returns data with the byte at i replaced, and the footer's length corrected.
func spliced(data []byte, i int, by []byte) []byte {
	length := binary.LittleEndian.Uint32(data[len(data)-8:]) + uint32(len(by)) - 1
	return footerLength(bytes.Join([][]byte{data[:i], by, data[i+1:]}, nil), length)
}

// chunks returns where the column chunks of the only row group begin and end.
func chunks(t *testing.T, data []byte) (spans [][2]int) {
	t.Helper()
	f, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(columns) {
		c, err := f.MetaData().RowGroup(0).ColumnChunk(i)
		if err != nil {
			t.Fatal(err)
		}
		spans = append(spans, [2]int{int(c.DataPageOffset()), int(c.DataPageOffset() + c.TotalCompressedSize())})
	}
	return spans
}

// bentPage flips a bit in the middle of a page.
func bentPage(t *testing.T, data []byte) []byte {
	s := chunks(t, data)[2]
	data[(s[0]+s[1])/2] ^= 4
	return data
}

// pageSize states another size of the first page, once decompressed; the header's first bytes are the page's type and that size.
func pageSize(t *testing.T, data []byte, n int32) []byte {
	t.Helper()
	at := chunks(t, data)[0][0]
	if data[at] != 0x15 || data[at+2] != 0x15 {
		t.Fatalf("the page header begins with % x", data[at:at+4])
	}
	_, old := binary.Varint(data[at+3:])
	size := binary.AppendVarint(nil, int64(n))
	copy(data[at+3:], size[:min(old, len(size))]) // of the bytes that there are
	return data
}

// swappedPages exchanges the pages of two columns of one type and one length.
func swappedPages(t *testing.T, data []byte) []byte {
	t.Helper()
	spans := chunks(t, data)
	for i, a := range spans {
		for j, b := range spans[:i] {
			x, y := data[a[0]:a[1]], data[b[0]:b[1]]
			if columns[i].node().Type() == columns[j].node().Type() && len(x) == len(y) && !bytes.Equal(x, y) {
				z := bytes.Clone(x)
				copy(x, y)
				copy(y, z)
				return data
			}
		}
	}
	t.Fatal("no two columns have pages of one length")
	return nil
}

// labelBomb yields n rows of eight labels of the greatest length, of which a file has very little.
func labelBomb(n int) iter.Seq[*row] {
	return func(yield func(*row) bool) {
		r := newRow(sectionDomain, 0)
		for i := range r.labels {
			r.labels[i] = some(make(text, MaxText))
		}
		for range n {
			if !yield(r) {
				return
			}
		}
	}
}

// TestRejectVectors: the files are there as they are made here, and are refused.
func TestRejectVectors(t *testing.T) {
	dir := filepath.Join("testdata", "reject")
	vectors := rejects(t)
	if len(vectors) < 60 {
		t.Errorf("%d vectors", len(vectors))
	}
	if *update {
		if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o777)); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range vectors {
		path := filepath.Join(dir, name+".parquet")
		if *update {
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if there, err := os.ReadFile(path); err != nil || !bytes.Equal(there, data) {
			t.Errorf("%s is not what the test makes (%v): -update writes it", path, err)
		}
		if _, err := damaged(t, data); !errors.Is(err, ErrInvalid) {
			t.Errorf("%s is read: %v", name, err)
		}
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != len(vectors) {
		t.Errorf("%d files for %d vectors: %v", len(files), len(vectors), err)
	}
}
