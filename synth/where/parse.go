package where

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds on a condition: bytes, and parentheses and negations within each other.
const (
	maxText  = 1 << 16
	maxDepth = 100
)

// Parse reads a condition. Its errors are of type [*Error].
func Parse(s string) (Expr, error) {
	if len(s) > maxText || !utf8.ValidString(s) {
		return nil, &Error{"", 0, "the condition is longer than " + strconv.Itoa(maxText) + " bytes, or not UTF-8"}
	}
	tokens, err := lex(s)
	if err != nil {
		return nil, err
	}
	p := &parser{text: s, tokens: tokens}
	e, err := p.condition(0)
	if err != nil {
		return nil, err
	}
	if p.tokens[0].class != end {
		return nil, p.fail("want and, or, or the end of the condition")
	}
	return e, nil
}

// A parser descends recursively: a method for each rule of the grammar.
type parser struct {
	text   string
	tokens []token // those left, at least the end
}

func (p *parser) fail(what string) error { return &Error{p.text, p.tokens[0].at, what} }

// take returns the next token; the end stays.
func (p *parser) take() token {
	t := p.tokens[0]
	if t.class != end {
		p.tokens = p.tokens[1:]
	}
	return t
}

// accept takes the next token if it is the keyword or mark.
func (p *parser) accept(s string) bool {
	t := p.tokens[0]
	if t.class == mark && t.text == s || t.class == word && !t.form && strings.EqualFold(t.text, s) {
		p.take()
		return true
	}
	return false
}

func (p *parser) condition(depth int) (Expr, error) {
	var all Or
	for {
		e, err := p.term(depth)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
		if !p.accept("or") {
			break
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

func (p *parser) term(depth int) (Expr, error) {
	var all And
	for {
		e, err := p.factor(depth)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
		if !p.accept("and") {
			break
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

func (p *parser) factor(depth int) (Expr, error) {
	if depth > maxDepth {
		return nil, p.fail("the condition is nested too deeply")
	}
	if p.accept("not") {
		e, err := p.factor(depth + 1)
		if err != nil {
			return nil, err
		}
		return Not{e}, nil
	}
	if p.accept("(") {
		e, err := p.condition(depth + 1)
		if err != nil {
			return nil, err
		}
		if !p.accept(")") {
			return nil, p.fail("want a closing parenthesis")
		}
		return e, nil
	}
	return p.test()
}

func (p *parser) test() (Expr, error) {
	t := Test{At: p.tokens[0].at, Text: p.text}
	name := p.tokens[0]
	if name.class != word && name.class != column || name.text == "" {
		return nil, p.fail("want a column: a word, or any name in backquotes")
	}
	p.take()
	t.Column, t.Form = name.text, name.form
	switch {
	case p.accept("is"):
		return p.missing(t)
	case p.accept("not"):
		if !p.accept("in") {
			return nil, p.fail("want in after not")
		}
		t.Op = NotIn
		return p.list(t)
	case p.accept("in"):
		t.Op = In
		return p.list(t)
	}
	if op := p.tokens[0]; op.class == mark && op.text != "(" && op.text != ")" && op.text != "," {
		p.take()
		t.Op = Op(op.text)
		return p.value(t)
	}
	return nil, p.fail("want =, !=, <, <=, >, >=, in, not in, is missing or is not missing; names with signs or spaces are in backquotes")
}

// missing reads what follows "is".
func (p *parser) missing(t Test) (Expr, error) {
	not := p.accept("not")
	if t.Op = Missing; !p.accept("missing") {
		return nil, p.fail("want missing")
	}
	if t.Form {
		return nil, t.Fail("a form is not missing: ask whether the value is")
	}
	if spelling := p.tokens[0]; spelling.class == text || p.accept(Null) || p.accept(Absent) {
		if spelling.class == text {
			p.take()
		} else {
			spelling.text = strings.ToLower(spelling.text)
		}
		t.Values = []Value{{spelling.text, spelling.class == text}}
	}
	if not {
		return Not{t}, nil
	}
	return t, nil
}

// value reads the value of a comparison.
func (p *parser) value(t Test) (Expr, error) {
	if t.Form && t.Op.Ordered() {
		return nil, t.Fail("forms are in no order: want = or !=")
	}
	v := p.tokens[0]
	switch {
	case v.class == word && strings.EqualFold(v.text, "missing"):
		return nil, p.fail("want a value: missing cells are asked for with is missing, one spelling of them with is missing \"N/A\"")
	case t.Form && v.class != text && v.text != UsualForm:
		return nil, p.fail("want a form: a text in double quotes, or 0 for the usual one")
	case v.class != text && (v.class != word || v.form || !bare(v.text)):
		return nil, p.fail("want a value: a text in double quotes, a number, a date such as 2024-01-31, a time, true or false")
	}
	p.take()
	t.Values = append(t.Values, Value{v.text, v.class == text})
	return t, nil
}

// bare reports whether a word is a value without quotes.
func bare(s string) bool {
	if s == "true" || s == "false" || timelike.MatchString(s) {
		return true
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && strings.ContainsAny(s, "0123456789") && !strings.ContainsAny(s, "xX_")
}

// timelike are dates, times of day and both. Whether there is such a day is for the column's kind to say.
var timelike = regexp.MustCompile(`^(\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?|\d+:\d\d(:\d\d)?)$`)

// list reads the values of "in".
func (p *parser) list(t Test) (Expr, error) {
	if !p.accept("(") {
		return nil, p.fail("want a list of values in parentheses")
	}
	for {
		e, err := p.value(t)
		if err != nil {
			return nil, err
		}
		t = e.(Test)
		if p.accept(")") {
			return t, nil
		}
		if !p.accept(",") {
			return nil, p.fail("want a comma or a closing parenthesis")
		}
	}
}
