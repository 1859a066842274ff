// Package mess models how values are written: it is the pair of inverse functions between a raw cell and a
// value with a form. It does no I/O and learns nothing: what it says of a cell depends on that cell alone.
//
//  1. [Missing] recognises the ways of writing nothing, from a public lexicon.
//  2. A [Codec], one for each column kind, parses any other cell into a [Value] and a form descriptor, such as
//     `d2z1` for a number with two decimals of which the last is zero.
//  3. A cell its kind cannot parse is text: [Shapes] describes it by a ladder of masks, finest first, such as
//     `Aa{6}_9{4}`, `Aa+_9{4}`, `~8aAds`.
//  4. Once words of a column are released, its [Vocabulary] takes a text that is one of them in another case, spacing or encoding,
//     abbreviated or mistyped for a variant of that word, such as `=upper=drop`, and makes up new variants.
//  5. The codec's Render writes a value in a form again, and [Fill] makes up a text of a given mask. Of open kinds, such as
//     e-mails, the value is a generalisation, and the rest is made up, about one [Identity] in all columns of a row.
//
// Descriptors are the vocabulary that the vault counts and releases; FORMS.md documents the language.
package mess

import (
	"fmt"
	"slices"

	"github.com/patina-data/patina/profile/record"
)

// A Kind names how a column's cells are interpreted.
type Kind string

// The kinds whose values lie on a line, or are texts. Their codecs are registered in [codecs].
const (
	Boolean   Kind = "boolean"
	Integer   Kind = "integer"
	Decimal   Kind = "decimal"
	Date      Kind = "date"
	Timestamp Kind = "timestamp"
	Time      Kind = "time"
	Duration  Kind = "duration"
	Category  Kind = "category"
	TextKind  Kind = "text"
	ID        Kind = "id"
)

// The open kinds: what is personal or has a structure of its own, of which no value is kept but a generalisation.
const (
	Email      Kind = "email"
	IP         Kind = "ip"
	URL        Kind = "url"
	UserAgent  Kind = "user_agent"
	Version    Kind = "version"
	Card       Kind = "card"
	IBAN       Kind = "iban"
	NationalID Kind = "national_id"
	Geo        Kind = "geo"
	Phone      Kind = "phone"
	PostalCode Kind = "postal_code"
	Address    Kind = "address"
	City       Kind = "city"
	Name       Kind = "name"
	UserName   Kind = "user_name"
)

// A Value is what a cell says, apart from how it is written.
type Value struct {
	Key string  // canonical text: equal values have equal keys; at most 41 bytes, which may share the cell's memory
	Pos float64 // position on the kind's axis, rounded to the nearest float64; 0 for kinds without one
}

// A Codec is a column kind's pair of inverse halves.
type Codec interface {
	// Kind returns the kind's name.
	Kind() Kind

	// Parse reads a cell that is not missing. form describes how the cell is written; ok is false when the cell
	// is not of this kind, and is then described by [Shapes].
	Parse(c record.Cell) (v Value, form string, ok bool)

	// Axis returns the ordered line the kind's values lie on, or nil when they are not ordered.
	Axis() Axis

	// Own reports whether the form is one of the kind's own, rather than a mask of text it could not parse.
	Own(form string) bool

	// Check reports a span that the kind cannot hold: an atom that does not parse to itself, an interval that is empty,
	// off the kind's axis or finer than its values, anything of a kind without parsed values. Of a span that passes,
	// Fits and Render take any form. The error does not quote the span.
	Check(s Span) error

	// Fits reports whether some value of the span can be written in the form: the structural zeros of (value, form).
	Fits(s Span, form string) bool

	// Render draws a value of the span that fits the form, and writes it so. A form that does not fit the span, or is
	// [AnyForm], is rendered in the kind's canonical form.
	Render(s Span, form string, r *Rand) record.Cell

	// Literal reports whether the kind may release cells as they are, as categories.
	Literal() bool

	// Open reports whether values that are not atoms are made up, rather than drawn from an interval: [Span]{} is then the
	// span of all values, and a [Value] without a key has nothing to release.
	Open() bool
}

// A Span is a set of values: one value (an atom), or those between two edges.
type Span struct {
	Key    string // the atom's key; "" for an interval, or for all values of an open kind
	Lo, Hi Edge   // Lo ≤ value < Hi, for an interval
}

// AnyForm stands for a form that is not among those released.
const AnyForm = "*"

// AnyFormOf returns AnyForm for cells of a tag, where a file brings types of its own: a JSON number or boolean.
func AnyFormOf(t record.Tag) string { return tagMark(t) + AnyForm }

// codecs is the registry: one line a kind.
var codecs = []Codec{
	booleanCodec{},
	numberCodec{kind: Integer},
	numberCodec{kind: Decimal},
	timeCodec{kind: Date},
	timeCodec{kind: Timestamp},
	timeOfDayCodec{},
	durationCodec{},
	openCodec{kind: Email, grammar: emailGrammar{}},
	openCodec{kind: IP, grammar: ipGrammar{}},
	openCodec{kind: URL, grammar: urlGrammar{}},
	openCodec{kind: UserAgent, grammar: userAgentGrammar{}},
	openCodec{kind: Version, literal: true, grammar: versionGrammar{}},
	openCodec{kind: Card, grammar: cardGrammar{}},
	openCodec{kind: IBAN, grammar: ibanGrammar{}},
	openCodec{kind: NationalID, grammar: nationalIDGrammar{}},
	openCodec{kind: Geo, grammar: geoGrammar{}},
	openCodec{kind: Phone, grammar: phoneGrammar{}},
	openCodec{kind: PostalCode, grammar: postalGrammar{}},
	openCodec{kind: Address, grammar: addressGrammar{}},
	openCodec{kind: City, literal: true, grammar: cityGrammar{}},
	openCodec{kind: Name, grammar: nameGrammar{}},
	openCodec{kind: UserName, grammar: userNameGrammar{}},
	textCodec{kind: Category, literal: true},
	textCodec{kind: TextKind},
	textCodec{kind: ID},
}

// Kinds returns the names of all kinds, in the order of the registry.
func Kinds() []Kind {
	kinds := make([]Kind, len(codecs))
	for i, c := range codecs {
		kinds[i] = c.Kind()
	}
	return kinds
}

// ForKind returns the kind's codec, or an error that lists the kinds.
func ForKind(k Kind) (Codec, error) {
	i := slices.IndexFunc(codecs, func(c Codec) bool { return c.Kind() == k })
	if i < 0 {
		return nil, fmt.Errorf("unknown kind %q: want one of %v", k, Kinds())
	}
	return codecs[i], nil
}
