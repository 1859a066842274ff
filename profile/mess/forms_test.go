package mess

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

// codeSpan is what stands between backticks.
var codeSpan = regexp.MustCompile("`([^`]*)`")

// unquote reads the escapes of a Go string.
func unquote(t *testing.T, s string) string {
	t.Helper()
	out, err := strconv.Unquote(`"` + s + `"`)
	if err != nil {
		t.Fatalf("%q: %v", s, err)
	}
	return out
}

// The examples of FORMS.md hold: the rows of a table are checked by its header.
func TestFormsDocument(t *testing.T) {
	doc, err := os.ReadFile("FORMS.md")
	if err != nil {
		t.Fatal(err)
	}
	tags := map[string]record.Tag{"text": record.Text, "number": record.Number, "json": record.JSON}
	header, checked := "", 0
	for line := range strings.Lines(string(doc)) {
		fields := strings.Split(strings.TrimSpace(line), "|")
		if len(fields) < 4 {
			header = ""
			continue
		}
		first := strings.TrimSpace(fields[1])
		var spans []string
		for _, m := range codeSpan.FindAllStringSubmatch(line, -1) {
			spans = append(spans, m[1])
		}
		tag, isText := tags[header]
		switch {
		case header == "":
			header = first
		case strings.HasPrefix(first, "---"):
		case header == "kind":
			v, form, ok := codec(t, Kind(first)).Parse(text(spans[0]))
			if !ok || v.Key != spans[1] || form != spans[2] {
				t.Errorf("%s: %q is %q in %q", first, spans[0], v.Key, form)
			}
			checked++
		case header == "typed":
			d := Describe(codec(t, Kind(first)), text(spans[0]))
			if !d.Typed || !slices.Equal(d.Forms[1:], spans[1:]) {
				t.Errorf("%s: %q has the forms %q", first, spans[0], d.Forms)
			}
			checked++
		case header == "word":
			m, _ := NewVocabulary([]string{spans[0]}).Match(unquote(t, spans[1]))
			if m.Word != spans[0] || !slices.Equal(m.Forms, spans[2:]) {
				t.Errorf("%q is of %q with the forms %q", spans[1], m.Word, m.Forms)
			}
			checked++
		case header == "pieces of":
			var got []string
			for _, p := range cutPieces(spans[0]) {
				got = append(got, p.text())
			}
			if !slices.Equal(got, spans[1:]) {
				t.Errorf("%q has pieces %q", spans[0], got)
			}
			checked++
		case header == "step":
			if !ValidStep(spans[0]) {
				t.Errorf("%q is no step", spans[0])
			}
			checked++
		case isText:
			if got := Shapes(record.Cell{Tag: tag, Text: spans[0]}); !slices.Equal(got, spans[1:]) {
				t.Errorf("%s: %q has masks %q", header, spans[0], got)
			}
			checked++
		}
	}
	if checked < 60 {
		t.Errorf("only %d examples", checked)
	}
}
