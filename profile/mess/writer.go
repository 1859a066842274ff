package mess

import "github.com/patina-data/patina/profile/record"

// A Writer makes up cells of one kind of content: it appends the text of one to b, and returns it with the cell's tag. It
// may be used by several goroutines at once.
type Writer func(b []byte, r *Rand) ([]byte, record.Tag)

// A compiler is a codec that reads spans and forms once for many cells.
type compiler interface {
	// compile returns a writer of what Render renders, draw for draw.
	compile(s Span, form string) Writer
}

// NewWriter returns a writer of the cells that the codec renders for a span and a form.
func NewWriter(c Codec, s Span, form string) Writer {
	if c, ok := c.(compiler); ok {
		return c.compile(s, form)
	}
	if s.Key != "" && c.Axis() == nil && !c.Open() { // a truth value is written in one way
		return constant(c.Render(s, form, nil))
	}
	return func(b []byte, r *Rand) ([]byte, record.Tag) {
		cell := c.Render(s, form, r)
		return append(b, cell.Text...), cell.Tag
	}
}

// constant writes the same cell every time.
func constant(cell record.Cell) Writer {
	return func(b []byte, _ *Rand) ([]byte, record.Tag) { return append(b, cell.Text...), cell.Tag }
}

// cell writes a single cell.
func (w Writer) cell(r *Rand) record.Cell {
	var room [64]byte
	b, tag := w(room[:0], r)
	return record.Cell{Tag: tag, Text: string(b)}
}
