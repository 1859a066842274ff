package mess

import (
	"errors"

	"github.com/patina-data/patina/profile/record"
)

// textCodec is for kinds whose cells are text through and through: a category's frequent cells are released as
// literals, everything else is known by its shape only.
type textCodec struct {
	kind    Kind
	literal bool
}

func (c textCodec) Kind() Kind    { return c.kind }
func (c textCodec) Axis() Axis    { return nil }
func (c textCodec) Literal() bool { return c.literal }
func (textCodec) Open() bool      { return false }

// Parse recognises nothing: the cell is text.
func (textCodec) Parse(record.Cell) (Value, string, bool) { return Value{}, "", false }

// Own is false: all forms are masks.
func (textCodec) Own(string) bool { return false }

// Check refuses every span: there are no parsed values.
func (textCodec) Check(Span) error { return errors.New("the kind has neither atoms nor intervals") }

// Fits is false: there are no parsed values.
func (textCodec) Fits(Span, string) bool { return false }

// Render is never reached, because nothing parses; it makes up text of the shape all the same.
func (textCodec) Render(_ Span, form string, r *Rand) record.Cell { return Fill(form, r) }

// compile reads the mask once.
func (textCodec) compile(_ Span, form string) Writer { return NewFiller(form) }
