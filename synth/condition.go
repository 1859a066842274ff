package synth

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/synth/where"
)

// tests are the tests of some conditions, bound to a profile's columns.
type tests struct {
	bound    map[testKey]*bound
	cuts     map[string][]mess.Edge // [column] where bins are cut so that no test holds for part of one only
	warnings []string
}

// A testKey tells a test apart: the text it is from, and where in it.
type testKey struct {
	text string
	at   int
}

// A bound test can be put to the cells of its column's table.
type bound struct {
	where.Test
	values []target
}

// A target is a value of a test on its kind's axis, where it has one: what is at least from and less than after is equal to it.
type target struct {
	key         string // canonical text
	onAxis      bool
	from, after mess.Edge
}

// bind looks the tests of a condition up in a profile.
func (t *tests) bind(p *profile.Profile, e where.Expr) (err error) {
	where.Tests(e, func(test where.Test) {
		if err == nil {
			err = t.add(p, test)
		}
	})
	return err
}

func (t *tests) add(p *profile.Profile, test where.Test) error {
	i := slices.IndexFunc(p.Manifest.Columns, func(c profile.Column) bool { return c.Name == test.Column })
	if i < 0 {
		return test.Fail(fmt.Sprintf("the profile has no column %q: it has %s", test.Column, someColumns(p)))
	}
	codec, err := p.Manifest.Columns[i].Codec()
	if err != nil {
		return err
	}
	b := &bound{Test: test}
	t.bound[testKey{test.Text, test.At}] = b
	value, form := p.Attribute(test.Column), p.Attribute(profile.FormName(test.Column))
	if value == nil || form == nil {
		return errNoModel
	}
	if test.Op.Ordered() && codec.Axis() == nil {
		return test.Fail(fmt.Sprintf("column %q is of kind %s, whose values are in no order: want = or in", test.Column, codec.Kind()))
	}
	for _, text := range test.Values {
		v := target{key: text}
		if !test.Form {
			v = newTarget(codec, text)
		}
		if test.Op.Ordered() && !v.onAxis {
			return test.Fail(fmt.Sprintf("the value is no %s that column %q can be compared with", codec.Kind(), test.Column))
		}
		b.values = append(b.values, v)
		known := slices.ContainsFunc(form.Codes, func(f profile.Code) bool { return f.Class == profile.Form && f.Label == text })
		if !test.Form {
			known = test.Op.Ordered() || slices.ContainsFunc(value.Codes, func(c profile.Code) bool { return v.is(c) || v.within(c) })
			t.cuts[test.Column] = append(t.cuts[test.Column], v.cuts(codec, test.Op)...)
		}
		if !known {
			what := "value"
			if test.Form {
				what = "form"
			}
			t.warnings = append(t.warnings, fmt.Sprintf("%s %q of column %q is not in the profile: no record is known to have it", what, text, test.Column))
		}
	}
	return nil
}

// someColumns lists the first columns.
func someColumns(p *profile.Profile) string {
	const most = 12
	var names []string
	for _, c := range p.Manifest.Columns[:min(most, len(p.Manifest.Columns))] {
		names = append(names, c.Name)
	}
	if len(p.Manifest.Columns) > most {
		names = append(names, "…")
	}
	return strings.Join(names, ", ")
}

// newTarget reads a value as cells of the kind are read.
func newTarget(codec mess.Codec, text string) target {
	v := target{key: text}
	cell := record.Cell{Tag: record.Text, Text: text}
	value, _, ok := codec.Parse(cell)
	if ok && value.Key != "" {
		v.key = value.Key
	}
	if codec.Axis() == nil {
		return v
	}
	number := codec.Kind() == mess.Integer || codec.Kind() == mess.Decimal
	if number { // whole numbers may be compared with others
		decimal, err := mess.ForKind(mess.Decimal)
		if err != nil {
			return v
		}
		value, _, ok = decimal.Parse(cell)
	}
	if !ok {
		return v
	}
	at, err := position(value, number)
	if err != nil {
		return v
	}
	v.from, v.after, v.onAxis = around(at, codec.Kind())
	return v
}

// position returns where on its axis a value is.
func position(v mess.Value, number bool) (mess.Edge, error) {
	if number {
		return mess.ParseEdge(v.Key)
	}
	return mess.ParseEdge(strconv.FormatInt(int64(v.Pos), 10))
}

// Edges have at most maxDigits digits, and decimals at most maxScale after the point.
const (
	maxDigits = 1_000_000_000_000_000
	maxScale  = 20
	daySpan   = 86400 // seconds
)

// around returns the least value of the kind that is at least the edge, and the least that is greater; false beyond what edges
// hold.
func around(at mess.Edge, kind mess.Kind) (from, after mess.Edge, ok bool) {
	if at.M >= maxDigits || at.M <= -maxDigits || at.E > 0 && (at.E > 15 || len(at.String()) > 15) && kind != mess.Decimal {
		return from, after, false
	}
	step := int64(1)
	switch kind {
	case mess.Decimal:
		return at, nextDecimal(at), true
	case mess.Date:
		step = daySpan
	}
	whole, exact := at.M, true
	for e := at.E; e > 0; e-- {
		whole *= 10
	}
	for e := at.E; e < 0; e++ {
		exact = exact && whole%10 == 0
		whole = floorTen(whole)
	}
	from, after = wholeEdge(whole), wholeEdge(whole+step)
	if !exact {
		from, after = wholeEdge(whole+step), wholeEdge(whole+step)
	}
	return from, after, true
}

func floorTen(x int64) int64 {
	if x%10 < 0 {
		return x/10 - 1
	}
	return x / 10
}

// wholeEdge returns the canonical edge of a whole number.
func wholeEdge(x int64) mess.Edge { return canonical(mess.Edge{M: x}) }

func canonical(e mess.Edge) mess.Edge {
	if e.M == 0 {
		return mess.Edge{}
	}
	for e.M%10 == 0 {
		e.M, e.E = e.M/10, e.E+1
	}
	return e
}

// nextDecimal returns the next greater edge of as many digits as edges have.
func nextDecimal(e mess.Edge) mess.Edge {
	if e.M == 0 {
		return mess.Edge{M: 1, E: -maxScale}
	}
	for e.E > -maxScale && e.M < maxDigits/10 && e.M > -maxDigits/10 {
		e.M, e.E = e.M*10, e.E-1
	}
	e.M++
	return canonical(e)
}

// is reports whether a code is the value itself.
func (v target) is(c profile.Code) bool {
	return c.Class == profile.Literal && c.Label == v.key || c.Class == profile.Atom && c.Label == v.key
}

// within reports whether a code is a bin that has the value.
func (v target) within(c profile.Code) bool {
	return v.onAxis && c.Class == profile.Bin && c.Lo.Compare(v.from) <= 0 && v.from.Compare(c.Hi) < 0
}

// cuts returns where the test cuts bins. Of a continuum no share is a single value's.
func (v target) cuts(codec mess.Codec, op where.Op) []mess.Edge {
	switch {
	case !v.onAxis:
		return nil
	case op == where.Less || op == where.GreaterEqual:
		return []mess.Edge{v.from}
	case op == where.Greater || op == where.LessEqual:
		return []mess.Edge{v.after}
	case codec.Kind() == mess.Decimal:
		return nil
	}
	return []mess.Edge{v.from, v.after}
}

// errUnbound is a bug: a test of a condition that was not bound.
var errUnbound = errors.New("synth: a condition was not bound")

// holds puts a condition on one column to a cell of its table.
func (t *tests) holds(c *column, e where.Expr, w *writable) bool {
	switch e := e.(type) {
	case where.Or:
		return slices.ContainsFunc(e, func(x where.Expr) bool { return t.holds(c, x, w) })
	case where.And:
		return !slices.ContainsFunc(e, func(x where.Expr) bool { return !t.holds(c, x, w) })
	case where.Not:
		return !t.holds(c, e.X, w)
	case where.Test:
		if b := t.bound[testKey{e.Text, e.At}]; b != nil {
			return b.holds(c, w)
		}
	}
	panic(errUnbound)
}

func (b *bound) holds(c *column, w *writable) bool {
	missing := profile.IsMissing(w.value.Class)
	switch {
	case b.Op == where.Missing:
		return missing
	case missing, b.Form && w.form == "":
		return false
	case b.Op.Ordered():
		return b.compare(c, w.value)
	}
	equal := slices.ContainsFunc(b.values, func(v target) bool {
		if b.Form {
			return w.form == v.key
		}
		return v.is(w.value) || v.within(w.value) && w.value.Hi.Compare(v.after) <= 0
	})
	return equal == (b.Op == where.Equal || b.Op == where.In)
}

// compare compares a value on the axis with the test's, of which there is one.
func (b *bound) compare(c *column, code profile.Code) bool {
	lo := code.Lo // a bin is on one side, for it was cut
	switch code.Class {
	case profile.Bin:
	case profile.Atom:
		v, _, ok := c.codec.Parse(record.Cell{Tag: record.Text, Text: code.Label})
		number := c.codec.Kind() == mess.Integer || c.codec.Kind() == mess.Decimal
		at, err := position(v, number)
		if !ok || err != nil {
			return false
		}
		lo = at
	default:
		return false
	}
	v := b.values[0]
	switch b.Op {
	case where.Less:
		return lo.Compare(v.from) < 0
	case where.LessEqual:
		return lo.Compare(v.after) < 0
	case where.Greater:
		return lo.Compare(v.after) >= 0
	}
	return lo.Compare(v.from) >= 0
}
