// Package where is the language of conditions on records.
//
//  1. [Parse] reads the text of a condition, and says with a caret where it cannot.
//  2. The result is a tree of [Or], [And] and [Not] over [Test]s, each of one column.
//  3. [Parts] takes a condition apart into disjoint conjunctions: whoever can sample those can sample the condition.
//
// The grammar, in which words may be in any case:
//
//	condition  = term { "or" term }
//	term       = factor { "and" factor }
//	factor     = "not" factor | "(" condition ")" | test
//	test       = column comparison value
//	           | column [ "not" ] "in" "(" value { "," value } ")"
//	           | column "is" [ "not" ] "missing" [ text | "null" | "absent" ]
//	column     = name [ ".form" | "~form" ]
//	name       = word | "`" any text, with "``" for a backquote "`"
//	comparison = "=" | "!=" | "<" | "<=" | ">" | ">="
//	value      = text | number | date | time | "true" | "false"
//	text       = '"' any text, with \ before " and \ '"'
//
// A word is of letters, digits and any of _ . [ ], and so the paths of nested records are words. Dates and times are as in
// 2024-01-31, 12:30 and 2024-01-31T12:30:00; other layouts are texts in quotes. With ".form" or "~form" after its name a test is
// about how the column's cells are written: a form is a text, as [FORMS.md] describes it, or 0, which is the usual one.
//
// [FORMS.md]: https://github.com/patina-data/patina/blob/main/profile/mess/FORMS.md
package where

import "strings"

// An Expr is a condition: [Or], [And], [Not] or [Test].
type Expr interface{ isExpr() }

// Or holds where any of its conditions does.
type Or []Expr

// And holds where all its conditions do.
type And []Expr

// Not holds where its condition does not.
type Not struct{ X Expr }

// A Test is a condition on one column, or on the form in which its cells are written.
type Test struct {
	Column string
	Form   bool // about the form, not the value
	Op     Op
	Values []Value // one, several for In and NotIn; at most one for Missing: the spelling
	At     int     // where it starts in the text, in bytes
	Text   string  // the whole condition's
}

// A Value is what a column is compared with.
type Value struct {
	Text   string
	Quoted bool // or a word: a number, a date, true, false, null, absent
}

// The values that are words with a meaning of their own.
const (
	UsualForm = "0"      // of a form: the one that a clean sample has the value in
	Null      = "null"   // of a missing cell: JSON's or Parquet's null
	Absent    = "absent" // of a missing cell: the field is not there
)

// An Op is what a test does.
type Op string

// The operations. A missing value fulfils none but Missing; so [Not] of a comparison is not the opposite comparison.
const (
	Equal        Op = "="
	Unequal      Op = "!="
	Less         Op = "<"
	LessEqual    Op = "<="
	Greater      Op = ">"
	GreaterEqual Op = ">="
	In           Op = "in"
	NotIn        Op = "not in"
	Missing      Op = "is missing"
)

// Ordered reports whether the operation needs values that are in an order.
func (o Op) Ordered() bool {
	return o == Less || o == LessEqual || o == Greater || o == GreaterEqual
}

func (Or) isExpr()   {}
func (And) isExpr()  {}
func (Not) isExpr()  {}
func (Test) isExpr() {}

// Tests calls f with every test of a condition, in the order of the text.
func Tests(e Expr, f func(Test)) {
	switch e := e.(type) {
	case Or:
		for _, x := range e {
			Tests(x, f)
		}
	case And:
		for _, x := range e {
			Tests(x, f)
		}
	case Not:
		Tests(e.X, f)
	case Test:
		f(e)
	}
}

// Column returns the column that all tests of a condition are about, if it is only one.
func Column(e Expr) (name string, ok bool) {
	first := true
	Tests(e, func(t Test) {
		if first {
			name, ok, first = t.Column, true, false
		}
		ok = ok && t.Column == name
	})
	return name, ok
}

// An Error is a condition that cannot be read, or not be put to a table.
type Error struct {
	Text string // the condition
	At   int    // where it went wrong, in bytes
	What string
}

// Error shows the place with a caret below it.
func (e *Error) Error() string {
	flat := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, e.Text)
	before := len([]rune(flat[:min(e.At, len(flat))]))
	return e.What + "\n  " + flat + "\n  " + strings.Repeat(" ", before) + "^"
}

// Fail returns an error that points at the test.
func (e Test) Fail(what string) error { return &Error{Text: e.Text, At: e.At, What: what} }
