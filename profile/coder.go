package profile

import (
	"slices"
	"strings"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A Coder encodes described cells over a column's released domains. Encoding is row-wise: a code depends on the cell
// and on the domains, and on no other record.
type Coder struct {
	value, form []Code
	keys        map[key]int32 // literals, spelled nulls and atoms
	forms       map[string]int32
	lows        []float64 // lower edges of the bins, in order
	bins        []int32   // their codes
	class       map[Class]int32
	formClass   map[Class]int32
}

type key struct {
	class Class
	tag   record.Tag
	label string
}

// NoCode is what a domain without a place for a cell encodes it as.
const NoCode int32 = -1

// NewCoder returns the coder of a value domain and a form domain; form may be empty.
func NewCoder(value, form []Code) *Coder {
	c := &Coder{
		value: value, form: form,
		keys: map[key]int32{}, forms: map[string]int32{}, class: map[Class]int32{}, formClass: map[Class]int32{},
	}
	for i, code := range value {
		switch code.Class {
		case Literal, Missing:
			c.keys[key{code.Class, code.Tag, code.Label}] = int32(i)
		case Atom:
			c.keys[key{Atom, 0, code.Label}] = int32(i)
		case Bin:
			c.bins = append(c.bins, int32(i))
		default:
			c.class[code.Class] = int32(i)
		}
	}
	slices.SortFunc(c.bins, func(a, b int32) int { return value[a].Lo.Compare(value[b].Lo) })
	for _, b := range c.bins {
		c.lows = append(c.lows, value[b].Lo.Float())
	}
	for i, code := range form {
		if code.Class == Form {
			c.forms[code.Label] = int32(i)
		} else {
			c.formClass[code.Class] = int32(i)
		}
	}
	return c
}

// Value returns the code of what the cell says, or NoCode when the domain has no place for it.
func (c *Coder) Value(d mess.Description) int32 {
	if i := c.Known(d); i != NoCode {
		return i
	}
	return c.Rest(d)
}

// Known returns the code that stands for just what the cell says, a spelled null, an atom or a literal, or NoCode when there is none.
func (c *Coder) Known(d mess.Description) int32 {
	k := key{Literal, d.Cell.Tag, d.Cell.Text}
	switch {
	case d.Missing:
		k.class = Missing
	case d.Typed:
		k = key{Atom, 0, d.Value.Key}
	}
	if i, ok := c.keys[k]; ok {
		return i
	}
	return NoCode
}

// Rest returns the code of a cell that is not [Coder.Known]. It does not depend on the cell's text or key beyond what the other fields of
// the description tell of them.
func (c *Coder) Rest(d mess.Description) int32 {
	switch {
	case d.Missing && d.Cell.Tag == record.Absent:
		return lookup(c.class, Absent)
	case d.Missing && d.Cell.Tag == record.Null:
		return lookup(c.class, Null)
	case d.Missing:
		return lookup(c.class, OtherMissing)
	case d.Typed:
		if c.Binned() {
			return c.Bin(d.Value.Pos)
		}
		if i, ok := c.class[Generated]; ok {
			return i
		}
	default:
		if i, ok := c.keys[key{Literal, record.Text, d.Variant.Word}]; ok && c.variant(d) != NoCode {
			return i
		}
	}
	return lookup(c.class, Other)
}

// Binned reports whether the domain has bins.
func (c *Coder) Binned() bool { return len(c.bins) > 0 }

// Bin returns the code of the bin that holds a position. The outer ones take what is beyond them.
func (c *Coder) Bin(pos float64) int32 { return c.bins[max(0, mess.Locate(c.lows, pos))] }

// variant returns the form in which the cell is a variant of a literal, or NoCode when none that it has is in the domain: the
// cell is then any other value.
func (c *Coder) variant(d mess.Description) int32 { return c.first(d.Variant.Forms) }

// first returns the code of the first form of a ladder that is in the domain, or NoCode.
func (c *Coder) first(ladder []string) int32 {
	for _, f := range ladder {
		if i, ok := c.forms[f]; ok {
			return i
		}
	}
	return NoCode
}

// Form returns the code of how the cell is written, given the code of its value.
func (c *Coder) Form(d mess.Description, value int32) int32 {
	return c.FormOf(d, value, c.Known(d) != NoCode)
}

// FormOf is [Coder.Form] of a cell of which it is told whether it is [Coder.Known]; the rest of the description says how it is written.
func (c *Coder) FormOf(d mess.Description, value int32, known bool) int32 {
	if value >= 0 && !Written(c.value[value].Class) {
		if c.value[value].Class == Literal && !known {
			return c.variant(d)
		}
		return lookup(c.formClass, NoForm)
	}
	if i := c.first(d.Forms); i != NoCode {
		return i
	}
	return lookup(c.formClass, OtherForm)
}

// IsAtom reports whether the cell is a parsed value with a code of its own.
func (c *Coder) IsAtom(d mess.Description) bool {
	_, ok := c.keys[key{Atom, 0, d.Value.Key}]
	return d.Typed && ok
}

// Written reports whether the cell's value has a form under the domain; a cell without a place in it has.
func (c *Coder) Written(d mess.Description) bool {
	return c.IsWritten(c.Value(d))
}

// IsWritten reports whether a value has a form, by its code; NoCode has.
func (c *Coder) IsWritten(value int32) bool { return value < 0 || Written(c.value[value].Class) }

func lookup(m map[Class]int32, c Class) int32 {
	if i, ok := m[c]; ok {
		return i
	}
	return NoCode
}

// Written reports whether all values of the class have a form: missing values and literals are written as they are, but
// for literals' variants.
func Written(c Class) bool { return c == Atom || c == Bin || c == Generated || c == Other }

// Span returns the values a code stands for on its kind's axis.
func (c Code) Span() mess.Span {
	if c.Class == Atom {
		return mess.Span{Key: c.Label}
	}
	return mess.Span{Lo: c.Lo, Hi: c.Hi}
}

// Words returns the vocabulary of a value domain: its literals that are text. Cells that are coded over the domain are
// described by it.
func Words(value []Code) *mess.Vocabulary {
	var words []string
	for _, c := range value {
		if c.Class == Literal && c.Tag == record.Text {
			words = append(words, c.Label)
		}
	}
	if words == nil {
		return nil
	}
	return mess.NewVocabulary(words)
}

// IsVariant reports whether the code is a form in which literals are written when they are not written as they are.
func (c Code) IsVariant() bool { return c.Class == Form && mess.IsVariant(c.Label) }

// Fits reports whether a value code and a form code can occur in one record: the structural zeros of a column. words are
// those of the value's domain.
func Fits(codec mess.Codec, words *mess.Vocabulary, value, form Code) bool {
	switch {
	case form.IsVariant():
		return value.Class == Literal && value.Tag == record.Text && words.Fits(value.Label, form.Label)
	case !Written(value.Class):
		return form.Class == NoForm
	case form.Class == NoForm:
		return false
	case form.Class == OtherForm:
		return true
	case value.Class == Other:
		return !codec.Own(form.Label)
	}
	return codec.Fits(value.Span(), form.Label)
}

// FormName returns the name of a column's form attribute.
func FormName(column string) string { return column + formSuffix }

// ViewName returns the name of an attribute's view.
func ViewName(attribute string) string { return attribute + viewSuffix }

// Reserved reports whether a column's name is one that attributes have: a row attribute's, or one of those
// that are named after their column.
func Reserved(column string) bool {
	return column == RowShape || column == RowCopies || column == RowUnits || column == RowOthers || column == RowOrder ||
		slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(column, s) })
}

// TextName returns the name of the attribute of a column's texts.
func TextName(column string) string { return column + textSuffix }

const (
	formSuffix      = "~form"
	viewSuffix      = "~view"
	textSuffix      = "~text"
	agreementSuffix = "~agreement"
	withheldSuffix  = "~withheld"
)

var suffixes = []string{formSuffix, viewSuffix, textSuffix, agreementSuffix, withheldSuffix}

// RowShape is the name of the attribute that says how many fields a record has.
const RowShape = "~row"
