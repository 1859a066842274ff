package synth

import (
	"errors"
	"fmt"
	"math"
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
		return test.Fail(noColumn(p, test.Column))
	}
	codec, err := p.Manifest.Columns[i].Codec()
	if err != nil {
		return err
	}
	value, form := p.Attribute(test.Column), p.Attribute(profile.FormName(test.Column))
	if value == nil || form == nil {
		return errNoModel
	}
	b := &bound{Test: test}
	t.bound[testKey{test.Text, test.At}] = b
	switch {
	case test.Form:
		t.bindForms(b, form.Codes)
	case test.Op == where.Missing:
		t.bindMissing(b, value.Codes)
	case test.Op.Ordered() && codec.Axis() == nil:
		return test.Fail(fmt.Sprintf("column %q is of kind %s, whose values are in no order: want = or in", test.Column, codec.Kind()))
	default:
		return t.bindValues(b, codec, value.Codes, form.Codes)
	}
	return nil
}

// bindForms looks forms up. They are compared by their names; the usual one is whatever cells are clean in.
func (t *tests) bindForms(b *bound, forms []profile.Code) {
	for _, v := range b.Values {
		b.values = append(b.values, target{key: v.Text})
		isIt := func(f profile.Code) bool { return f.Class == profile.Form && f.Label == v.Text }
		if usual := !v.Quoted; !usual && v.Text != "" && !slices.ContainsFunc(forms, isIt) {
			t.warn(b.Test, "form", v.Text)
		}
	}
}

// bindMissing looks the spelling of a missing cell up.
func (t *tests) bindMissing(b *bound, codes []profile.Code) {
	for _, v := range b.Values {
		if !slices.ContainsFunc(codes, func(c profile.Code) bool { return spells(v, c) }) {
			t.warn(b.Test, "missing cell", v.Text)
		}
	}
}

// spells reports whether a code of a missing cell is spelled so.
func spells(v where.Value, c profile.Code) bool {
	switch {
	case v.Quoted:
		return c.Class == profile.Missing && c.Label == v.Text
	case v.Text == where.Null:
		return c.Class == profile.Null
	}
	return c.Class == profile.Absent
}

// bindValues reads values as the column's kind does and notes where its bins are to be cut.
func (t *tests) bindValues(b *bound, codec mess.Codec, codes, forms []profile.Code) error {
	for _, given := range b.Values {
		spelling := where.Value{Text: given.Text, Quoted: true}
		if slices.ContainsFunc(codes, func(c profile.Code) bool { return spells(spelling, c) }) {
			return b.Fail(fmt.Sprintf("cells of column %q that say %q are missing: ask whether it is missing %q", b.Column, given.Text, given.Text))
		}
		v := newTarget(codec, given.Text)
		if b.Op.Ordered() && !v.onAxis {
			return b.Fail(fmt.Sprintf("the value is no %s that column %q can be compared with", codec.Kind(), b.Column))
		}
		if codec.Kind() == mess.Decimal && v.onAxis && !b.Op.Ordered() {
			v.after = afterDecimal(v.from, forms)
		}
		b.values = append(b.values, v)
		t.cuts[b.Column] = append(t.cuts[b.Column], v.cuts(b.Op)...)
		if !b.Op.Ordered() && !slices.ContainsFunc(codes, func(c profile.Code) bool { return v.is(c) || v.within(c) }) {
			t.warn(b.Test, "value", given.Text)
		}
	}
	return nil
}

// warn notes that nothing is known to be as a test says.
func (t *tests) warn(test where.Test, what, text string) {
	t.warnings = append(t.warnings, fmt.Sprintf("%s %q of column %q is not in the profile: no record is known to have it", what, text, test.Column))
}

// noColumn says which columns there are instead of one, first those that may be meant.
func noColumn(p *profile.Profile, name string) string {
	for _, c := range p.Manifest.Columns {
		if strings.EqualFold(c.Name, name) || c.Name == name+".form" || c.Name == name+"~form" {
			return fmt.Sprintf("the profile has no column %q: `%s`, in backquotes, is one", name, c.Name)
		}
	}
	return fmt.Sprintf("the profile has no column %q: it has %s", name, someColumns(p))
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
	v.from, v.after, v.onAxis = around(at, step(codec.Kind(), cell))
	return v
}

// step returns how far from a value the next one of its kind is, 0 for as near as can be told. A date that times are compared with
// is the whole day.
func step(kind mess.Kind, cell record.Cell) int64 {
	switch kind {
	case mess.Decimal:
		return 0
	case mess.Date:
		return daySpan
	case mess.Timestamp:
		if dates, err := mess.ForKind(mess.Date); err == nil {
			if _, _, ok := dates.Parse(cell); ok {
				return daySpan
			}
		}
	}
	return 1
}

// position returns where on its axis a value is, to as many digits as edges have.
func position(v mess.Value, number bool) (mess.Edge, error) {
	if number {
		at, err := mess.ParseEdge(v.Key)
		for at.M >= maxDigits || at.M <= -maxDigits { // bins were cut by fewer digits
			at.M, at.E = at.M/10, at.E+1
		}
		return canonical(at), err
	}
	return mess.ParseEdge(strconv.FormatInt(int64(math.Floor(v.Pos)), 10))
}

// Edges have at most maxDigits digits, and decimals at most maxScale after the point.
const (
	maxDigits = 1_000_000_000_000_000
	maxScale  = 20
	daySpan   = 86400 // seconds
)

// around returns the least value that is at least the edge, and the least that is greater, where values are a step apart; false
// beyond what edges hold.
func around(at mess.Edge, step int64) (from, after mess.Edge, ok bool) {
	switch {
	case step == 0:
		return at, nextDecimal(at), true
	case at.E > 0 && (at.E > 15 || len(at.String()) > 15):
		return from, after, false
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

// afterDecimal returns the least decimal that is greater than another among those with as many digits after the point as the
// column's most precise form, or the other, has.
func afterDecimal(e mess.Edge, forms []profile.Code) mess.Edge {
	digits := int(max(0, -e.E))
	for _, f := range forms {
		if d, ok := mess.NumberDecimals(f.Label); ok && f.Class == profile.Form {
			digits = max(digits, d)
		}
	}
	m, left := e.M, digits+int(e.E)
	for ; left > 0; left-- {
		if m >= maxDigits/10 || m <= -maxDigits/10 {
			return nextDecimal(e)
		}
		m *= 10
	}
	return canonical(mess.Edge{M: m + 1, E: int8(-digits)})
}

// is reports whether a code is the value itself.
func (v target) is(c profile.Code) bool {
	return c.Class == profile.Literal && c.Label == v.key || c.Class == profile.Atom && c.Label == v.key
}

// within reports whether a code is a bin that has the value.
func (v target) within(c profile.Code) bool {
	return v.onAxis && c.Class == profile.Bin && c.Lo.Compare(v.from) <= 0 && v.from.Compare(c.Hi) < 0
}

// cuts returns where the test cuts bins.
func (v target) cuts(op where.Op) []mess.Edge {
	switch {
	case !v.onAxis:
		return nil
	case op == where.Less || op == where.GreaterEqual:
		return []mess.Edge{v.from}
	case op == where.Greater || op == where.LessEqual:
		return []mess.Edge{v.after}
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
	case b.Op == where.Missing && len(b.Values) == 1:
		return missing && spells(b.Values[0], w.value)
	case b.Op == where.Missing:
		return missing
	case missing:
		return false
	case b.Op.Ordered():
		return b.compare(c, w.value)
	}
	equal := false
	for i, v := range b.values {
		switch {
		case b.Form && !b.Values[i].Quoted:
			equal = equal || w.regular
		case b.Form:
			equal = equal || w.form == v.key
		default:
			equal = equal || v.is(w.value) || v.within(w.value) && w.value.Hi.Compare(v.after) <= 0
		}
	}
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
