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
//	           | column "is" [ "not" ] "missing"
//	column     = name [ ".form" ], where the name is a word, or any text in backquotes
//	comparison = "=" | "!=" | "<" | "<=" | ">" | ">="
//	value      = a text in double quotes, with \ before " and \, or a number, true or false as they are
//
// A word is of letters, digits and any of _ . [ ]. It says ".form" at its end of a column's form.
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
	Values []string // one, several for In, none for Missing
	At     int      // where it starts in the text, in bytes
	Text   string   // the whole condition's
}

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
