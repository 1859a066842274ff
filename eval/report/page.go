// Package report turns findings into a page: one HTML file that people read, print and keep.
//
//  1. A [Page] is a title, a few blocks that say what matters, and sections of blocks.
//  2. A [Block] is a [Verdict], [Text], [List], [Facts], [Table], [Gauges], [Code], [Details], or a plot: [Lines], [Bars], [Heat].
//  3. [Page.Write] renders it. Plots are SVG, with the numbers behind them as a table.
//
// A page holds everything it shows: no script, no font, no picture and no request to anywhere, which its content security
// policy also tells the browser. It is light or dark as the reader prefers, fits a phone, and prints.
//
// The package knows nothing of what it shows. All text is escaped, so names and labels of unknown origin are safe in it.
package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"unicode"
)

// A Page is a report.
type Page struct {
	Title    string
	Subtitle string // what, when and by which program, in one line
	Warning  string // what a reader must know before anything else, such as that the page itself is not private; "" if nothing
	Blocks   []Block
	Sections []Section
	Foot     string // how it was made
}

// A Section is a part of a page, listed in its table of contents.
type Section struct {
	Title  string
	Blocks []Block
}

// A Block is one thing on a page. Its method is not exported: the blocks are those of this package.
type Block interface {
	// view returns the name of the block's template and what it shows.
	view() (name string, data any)
}

var (
	//go:embed page.html
	pageHTML string

	//go:embed style.css
	styleCSS string

	templates = template.Must(template.New("page").Funcs(template.FuncMap{
		"show": func(Block) (template.HTML, error) { return "", nil }, // Write's own, which knows the templates
		"mark": mark,
	}).Parse(pageHTML))
)

// policy is the page's content security policy: nothing is loaded and nothing runs but the page's own style. The empty
// icon keeps browsers from asking a server for one.
func policy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src 'sha256-" +
		base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Write renders the page as one HTML document. It fails when w does, or when a plot's numbers do not fit together.
func (p *Page) Write(w io.Writer) error {
	t, err := templates.Clone()
	if err != nil {
		return fmt.Errorf("render a report: %w", err)
	}
	t.Funcs(template.FuncMap{"show": func(b Block) (template.HTML, error) { return render(t, b) }})
	data := struct {
		*Page
		Policy string
		Style  template.CSS
		Parts  []part
	}{p, policy(styleCSS), template.CSS(styleCSS), parts(p.Sections)}
	if err := t.ExecuteTemplate(w, "page", data); err != nil {
		return fmt.Errorf("render a report: %w", err)
	}
	return nil
}

// render writes one block. What comes back was escaped by its template.
func render(t *template.Template, b Block) (template.HTML, error) {
	if c, ok := b.(interface{ check() error }); ok {
		if err := c.check(); err != nil {
			return "", err
		}
	}
	name, data := b.view()
	var s strings.Builder
	err := t.ExecuteTemplate(&s, name, data)
	return template.HTML(s.String()), err
}

// A part is a section with its anchor.
type part struct {
	Section
	ID string
}

func parts(sections []Section) []part {
	var out []part
	taken := map[string]bool{}
	for i, s := range sections {
		id := slug(s.Title)
		if id == "" || taken[id] {
			id = fmt.Sprintf("%s-%d", id, i+1)
		}
		taken[id] = true
		out = append(out, part{s, id})
	}
	return out
}

// slug writes a title as an anchor that survives being pasted: letters and digits in lower case, hyphens between words.
func slug(title string) string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(words, "-")
}

// mark sets what stands between back quotes as code. A text with an odd number of them is left as it is.
func mark(text string) template.HTML {
	pieces := strings.Split(text, "`")
	if len(pieces)%2 == 0 {
		return template.HTML(template.HTMLEscapeString(text))
	}
	var s strings.Builder
	for i, piece := range pieces {
		escaped := template.HTMLEscapeString(piece)
		if i%2 == 1 {
			escaped = "<code>" + escaped + "</code>"
		}
		s.WriteString(escaped)
	}
	return template.HTML(s.String())
}
