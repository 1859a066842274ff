package where

import "errors"

// A Literal is a condition on one column that is to hold, or not to hold.
type Literal struct {
	X    Expr // all about one column
	Want bool
}

// A Part is a conjunction: the records for which all of it is as wanted.
type Part []Literal

// maxParts bounds into how many parts conditions are taken apart: each costs a pass over the tables, and memory for them.
const maxParts = 64

// errTooManyParts is for a condition that is not worth its cost.
var errTooManyParts = errors.New("the condition mixes columns in too many ways: split it into several runs, or use fewer or across columns")

// Parts returns disjoint conjunctions, no record in two of them, that together are where the condition holds, and others that
// are where it does not. It decides one column's condition after the other, each time for both answers (Shannon's expansion).
func Parts(e Expr) (yes, no []Part, err error) {
	err = split(e, nil, &yes, &no)
	return yes, no, err
}

func split(e Expr, known Part, yes, no *[]Part) error {
	if len(*yes)+len(*no) >= maxParts {
		return errTooManyParts
	}
	if c, ok := e.(constant); ok {
		part := append(Part(nil), known...)
		if c {
			*yes = append(*yes, part)
		} else {
			*no = append(*no, part)
		}
		return nil
	}
	pick := first(e)
	for _, answer := range []bool{true, false} {
		if err := split(assume(e, &pick, answer), append(known[:len(known):len(known)], Literal{pick.expr, answer}), yes, no); err != nil {
			return err
		}
	}
	return nil
}

// A constant is what is left of a condition that is decided.
type constant bool

func (constant) isExpr() {}

// A choice is a largest condition on one column, and the place of its first test in the text, which tells it apart.
type choice struct {
	expr Expr
	at   int
}

// first returns the first condition on one column.
func first(e Expr) choice {
	if _, ok := Column(e); ok {
		return choice{e, start(e)}
	}
	switch e := e.(type) {
	case Or:
		return first(e[0])
	case And:
		return first(e[0])
	case Not:
		return first(e.X)
	}
	panic("where: a condition without tests")
}

func start(e Expr) int {
	at := -1
	Tests(e, func(t Test) {
		if at < 0 {
			at = t.At
		}
	})
	return at
}

// assume returns what is left of a condition when a part of it is known.
func assume(e Expr, known *choice, answer bool) Expr {
	if _, ok := Column(e); ok {
		if start(e) == known.at {
			return constant(answer)
		}
		return e
	}
	switch e := e.(type) {
	case Or:
		return fold(e, known, answer, true)
	case And:
		return fold(e, known, answer, false)
	case Not:
		return opposite(assume(e.X, known, answer))
	}
	return e
}

// opposite returns the negation.
func opposite(e Expr) Expr {
	if c, ok := e.(constant); ok {
		return !c
	}
	return Not{e}
}

// fold assumes in all of an Or or an And, which one part that is ruling decides.
func fold(parts []Expr, known *choice, answer, ruling bool) Expr {
	var left []Expr
	for _, x := range parts {
		x = assume(x, known, answer)
		if c, ok := x.(constant); !ok {
			left = append(left, x)
		} else if bool(c) == ruling {
			return constant(ruling)
		}
	}
	switch {
	case len(left) == 0:
		return constant(!ruling)
	case len(left) == 1:
		return left[0]
	case ruling:
		return Or(left)
	}
	return And(left)
}
