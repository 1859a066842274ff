package vault

import (
	"fmt"
	"slices"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/profile/vault/internal/encode"
	"github.com/patina-data/patina/profile/vault/internal/raw"
)

// edge returns the canonical edge of a whole number.
func edge(t *testing.T, m int64) mess.Edge {
	t.Helper()
	e, err := mess.ParseEdge(fmt.Sprint(m))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func span(t *testing.T, lo, hi int64) mess.Span {
	t.Helper()
	return mess.Span{Lo: edge(t, lo), Hi: edge(t, hi)}
}

func codecOf(t *testing.T, kind mess.Kind) mess.Codec {
	t.Helper()
	codec, err := mess.ForKind(kind)
	if err != nil {
		t.Fatal(err)
	}
	return codec
}

// A pile is a number that many rows hold.
type pile struct {
	value int64
	rows  int
}

// numbers makes a raw column of whole numbers.
func numbers(piles []pile) *raw.Column {
	var cells []record.Cell
	var rows []int
	for _, p := range piles {
		cells, rows = append(cells, record.Cell{Tag: record.Number, Text: fmt.Sprint(p.value)}), append(rows, p.rows)
	}
	return raw.Of(dp.OneRecord(), raw.DefaultLimits(), cells, rows)
}

// integerJob returns the job of a column of integers whose budget is such that the noise has the least σ there is, 1.
func integerJob(t *testing.T, piles []pile) *columnJob {
	t.Helper()
	codec := codecOf(t, mess.Integer)
	rows := 0
	for _, p := range piles {
		rows += p.rows
	}
	const whole account.Rho = 1e4
	return &columnJob{
		column: record.Column{Name: "n", Type: "int64"}, name: "n", codec: codec, cells: encode.New(codec, numbers(piles)),
		exits: newLens(t, bound.Rule{}).exits, purse: purse{whole: whole, left: whole, delta: lensDelta},
		rows: float64(rows), rowSigma: 1,
	}
}

// checkPartition fails unless the leaves stand in order, next to each other, from the first root to the last.
func checkPartition(t *testing.T, leaves []leaf, roots []mess.Span) {
	t.Helper()
	if len(leaves) == 0 {
		t.Fatal("the tree has no leaves")
	}
	if leaves[0].span.Lo != roots[0].Lo || leaves[len(leaves)-1].span.Hi != roots[len(roots)-1].Hi {
		t.Errorf("the leaves reach from %s to %s, the axis from %s to %s",
			leaves[0].span.Lo, leaves[len(leaves)-1].span.Hi, roots[0].Lo, roots[len(roots)-1].Hi)
	}
	for i, l := range leaves {
		if l.span.Lo.Compare(l.span.Hi) >= 0 {
			t.Errorf("leaf %d, from %s to %s, is empty", i, l.span.Lo, l.span.Hi)
		}
		if i > 0 && l.span.Lo != leaves[i-1].span.Hi {
			t.Errorf("leaf %d starts at %s, the one before ends at %s", i, l.span.Lo, leaves[i-1].span.Hi)
		}
	}
}

// leafOf returns the leaf that holds a number.
func leafOf(t *testing.T, leaves []leaf, value int64) leaf {
	t.Helper()
	at := edge(t, value)
	for _, l := range leaves {
		if l.span.Lo.Compare(at) <= 0 && at.Compare(l.span.Hi) < 0 {
			return l
		}
	}
	t.Fatalf("no leaf holds %d", value)
	return leaf{}
}

func TestPlant(t *testing.T) {
	roots := []mess.Span{span(t, -100, -10), span(t, -10, 0), span(t, 0, 10), span(t, 10, 100)}
	leaves := plant(roots)
	for i, group := range []int{0, 0, 1, 1} {
		if want := (leaf{span: roots[i], root: true, group: group}); leaves[i] != want {
			t.Errorf("root %d is %+v, want %+v", i, leaves[i], want)
		}
	}
}

func TestChildren(t *testing.T) {
	axis := codecOf(t, mess.Integer).Axis()
	for _, c := range []struct {
		lo, hi int64
		z      float64
		want   int
	}{
		{100, 200, -50, 0}, {100, 200, 0, 0}, {100, 200, splitAbove, 0},
		{100, 200, splitAbove + 0.1, 10}, {100, 200, wideAbove, 10}, {100, 200, wideAbove + 0.1, 100},
		{7, 8, 1e6, 0}, // nothing is finer
	} {
		j := &columnJob{}
		s := span(t, c.lo, c.hi)
		got := j.children(axis, s, c.z)
		if len(got) != c.want {
			t.Errorf("[%d, %d) at %g σ has %d children, want %d", c.lo, c.hi, c.z, len(got), c.want)
		}
		if len(got) > 0 && (got[0].Lo != s.Lo || got[len(got)-1].Hi != s.Hi) {
			t.Errorf("the children of [%d, %d) reach from %s to %s", c.lo, c.hi, got[0].Lo, got[len(got)-1].Hi)
		}
	}
}

func TestJoinWeak(t *testing.T) {
	l := func(lo, hi int64, weak bool, group int) leaf {
		return leaf{span: span(t, lo, hi), weak: weak, group: group}
	}
	for _, c := range []struct {
		name     string
		in, want []leaf
	}{
		{"nothing", nil, nil},
		{"weak neighbours of a group", []leaf{l(0, 1, true, 5), l(1, 2, true, 5), l(2, 3, true, 5)}, []leaf{l(0, 3, true, 5)}},
		{"never across groups", []leaf{l(0, 1, true, 5), l(1, 2, true, 6)}, []leaf{l(0, 1, true, 5), l(1, 2, true, 6)}},
		{"never across zero", []leaf{l(-1, 0, true, 0), l(0, 1, true, 1)}, []leaf{l(-1, 0, true, 0), l(0, 1, true, 1)}},
		{"strong ones stay apart", []leaf{l(0, 1, false, 5), l(1, 2, false, 5)}, []leaf{l(0, 1, false, 5), l(1, 2, false, 5)}},
		{"a strong one between", []leaf{l(0, 1, true, 5), l(1, 2, false, 5), l(2, 3, true, 5)}, []leaf{l(0, 1, true, 5), l(1, 2, false, 5), l(2, 3, true, 5)}},
		{"another group between", []leaf{l(0, 1, true, 5), l(2, 3, true, 5), l(1, 2, true, 6)}, []leaf{l(0, 1, true, 5), l(1, 2, true, 6), l(2, 3, true, 5)}},
		{"in order", []leaf{l(9, 10, false, 7), l(-3, -2, true, 5), l(-2, 9, true, 5)}, []leaf{l(-3, 9, true, 5), l(9, 10, false, 7)}},
	} {
		if got := joinWeak(slices.Clone(c.in)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// TestTypeRange compares with what the types hold, cut to what edges hold: fifteen digits, and the axis.
func TestTypeRange(t *testing.T) {
	for _, c := range []struct {
		typ    record.Type
		lo, hi string
	}{
		{"int8", "-128", "128"}, {"int16", "-32768", "32768"}, {"int32", "-2147483648", "2147483648"},
		{"uint8", "0", "256"}, {"uint16", "0", "65536"}, {"uint32", "0", "4294967296"}, {"uint64", "0", "10000000000000000000"},
		{"int64", "-9223372036854770000", "9223372036854770000"}, {"duration[ms]", "-9223372036854770000", "9223372036854770000"},
	} {
		s := typeRange(c.typ)
		if s.Lo.String() != c.lo || s.Hi.String() != c.hi {
			t.Errorf("%s holds [%s, %s), want [%s, %s)", c.typ, s.Lo, s.Hi, c.lo, c.hi)
		}
		if !s.Lo.Canonical() || !s.Hi.Canonical() {
			t.Errorf("%s: the edges %+v and %+v are not canonical", c.typ, s.Lo, s.Hi)
		}
	}
	for _, typ := range []record.Type{"double", "float", "string", "json", "date32", "timestamp[us, tz=UTC]", "decimal(10, 2)", "int", ""} {
		if s := typeRange(typ); s != (mess.Span{}) {
			t.Errorf("%s is cut to [%s, %s)", typ, s.Lo, s.Hi)
		}
	}
}

func TestClip(t *testing.T) {
	l := func(lo, hi int64) leaf { return leaf{span: span(t, lo, hi), weak: true, group: 3} }
	for _, c := range []struct {
		name   string
		in     []leaf
		lo, hi int64
		want   []leaf
	}{
		{name: "no range", in: []leaf{l(-9, 9)}, want: []leaf{l(-9, 9)}},
		{name: "cut on both sides", in: []leaf{l(-9, 9)}, lo: -1, hi: 2, want: []leaf{l(-1, 2)}},
		{name: "within", in: []leaf{l(0, 1), l(1, 2)}, lo: -5, hi: 5, want: []leaf{l(0, 1), l(1, 2)}},
		{name: "outside, and touching", in: []leaf{l(-9, -1), l(-1, 0), l(0, 4), l(4, 5), l(5, 9)}, lo: 0, hi: 4, want: []leaf{l(0, 4)}},
		{name: "from zero on", in: []leaf{l(-9, 0), l(0, 300)}, lo: 0, hi: 256, want: []leaf{l(0, 256)}},
	} {
		if got := clip(slices.Clone(c.in), span(t, c.lo, c.hi)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// TestClipEveryType: cut to a type, the axis ends where the type does, without holes.
func TestClipEveryType(t *testing.T) {
	roots := codecOf(t, mess.Integer).Axis().Roots(0)
	for _, typ := range []record.Type{"int8", "int16", "int32", "uint8", "uint16", "uint32", "int64", "uint64", "duration[s]"} {
		within := typeRange(typ)
		checkPartition(t, clip(plant(roots), within), []mess.Span{within})
	}
}

// TestGrowTree grows a tree on a known density: piles, a plain, and a tail far away. Every count it looks for is 20 σ or
// more from the decisions' limits, 3 σ, 10 σ and 400 σ; that an empty interval is cut has a probability of 8e-24 each.
func TestGrowTree(t *testing.T) {
	piles := []pile{{42, 5000}, {-7, 5000}, {-5_000_000, 60}}
	for v := int64(1000); v < 1500; v += 10 {
		piles = append(piles, pile{v, 50})
	}
	j := integerJob(t, piles)
	axis := j.codec.Axis()
	roots := axis.Roots(0)
	leaves, err := j.growTree(axis, roots)
	if err != nil {
		t.Fatal(err)
	}
	checkPartition(t, leaves, roots)
	for _, v := range []int64{42, -7} {
		if l := leafOf(t, leaves, v); l.weak || l.span != span(t, v, v+1) {
			t.Errorf("%d, which many rows hold, is in [%s, %s), weak: %t", v, l.span.Lo, l.span.Hi, l.weak)
		}
	}
	if l := leafOf(t, leaves, -5_000_000); l.weak || l.span.Hi.Float()-l.span.Lo.Float() > 1e6 {
		t.Errorf("the tail is in [%s, %s), weak: %t", l.span.Lo, l.span.Hi, l.weak)
	}
	for v := int64(1000); v < 1500; v += 10 {
		if l := leafOf(t, leaves, v); l.weak || l.span.Hi.Float()-l.span.Lo.Float() > 10 {
			t.Errorf("%d on the plain is in [%s, %s), weak: %t", v, l.span.Lo, l.span.Hi, l.weak)
		}
	}
	for _, v := range []int64{3, 500_000, 1 << 40, -90, -1 << 50} {
		if l := leafOf(t, leaves, v); !l.root {
			t.Errorf("the empty decade of %d was cut", v)
		}
	}
}

// TestTreeIsBounded: what stands out at every level has no more bins than a profile can do with, and the bound is not
// kept by giving up.
func TestTreeIsBounded(t *testing.T) {
	for _, c := range []struct {
		name string
		step int64
		rows int
	}{
		{"a plain", 10, 20},
		{"a comb, whose every tooth stands out next to nothing", 20, 9},
	} {
		var piles []pile
		for v := int64(10_000); v < 100_000; v += c.step {
			piles = append(piles, pile{v, c.rows})
		}
		j := integerJob(t, piles)
		axis := j.codec.Axis()
		leaves, err := j.growTree(axis, axis.Roots(0))
		if err != nil {
			t.Fatal(err)
		}
		checkPartition(t, leaves, axis.Roots(0))
		if len(leaves) > maxBins || len(leaves) < maxBins/4 {
			t.Errorf("%s: the tree has %d leaves, want %d or somewhat less", c.name, len(leaves), maxBins)
		}
	}
}

// TestAroundAtoms: where nothing but atoms was found, the axis is cut around them.
func TestAroundAtoms(t *testing.T) {
	for _, c := range []struct {
		name  string
		atoms []string
		want  []string // edges
	}{
		{"no atoms", nil, []string{"-10000000000000000000", "0", "10000000000000000000"}},
		{"one", []string{"42"}, []string{"-10000000000000000000", "0", "40", "50", "10000000000000000000"}},
		{"in no order", []string{"310", "42", "77"}, []string{"-10000000000000000000", "0", "40", "400", "10000000000000000000"}},
		{"around zero", []string{"-3", "12"}, []string{"-10000000000000000000", "-3", "0", "20", "10000000000000000000"}},
	} {
		codec := codecOf(t, mess.Integer)
		j := &columnJob{codec: codec, value: []profile.Code{
			{Class: profile.Literal, Label: "999999"}, {Class: profile.Missing, Label: "0"}, {Class: profile.Other}, // no atoms
		}}
		for _, a := range c.atoms {
			j.value = append(j.value, profile.Code{Class: profile.Atom, Label: a})
		}
		roots := codec.Axis().Roots(0)
		leaves := j.aroundAtoms(codec.Axis(), roots)
		checkPartition(t, leaves, roots)
		got := []string{leaves[0].span.Lo.String()}
		for _, l := range leaves {
			got = append(got, l.span.Hi.String())
			if !l.weak || !l.root {
				t.Errorf("%s: the leaf up to %s is said to stand out", c.name, l.span.Hi)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: the edges are %q, want %q", c.name, got, c.want)
		}
	}
}

// TestCutNearStrong: weak leaves give up the tenth next to a strong one, and nothing else moves.
func TestCutNearStrong(t *testing.T) {
	l := func(lo, hi int64, weak bool) leaf { return leaf{span: span(t, lo, hi), weak: weak, group: 4} }
	for _, c := range []struct {
		name     string
		in, want []leaf
	}{
		{"nothing", nil, nil},
		{"all weak", []leaf{l(0, 100, true), l(100, 200, true)}, []leaf{l(0, 100, true), l(100, 200, true)}},
		{"all strong", []leaf{l(0, 100, false), l(100, 200, false)}, []leaf{l(0, 100, false), l(100, 200, false)}},
		{"after a strong one", []leaf{l(0, 100, false), l(100, 200, true)}, []leaf{l(0, 100, false), l(100, 110, true), l(110, 200, true)}},
		{"before a strong one", []leaf{l(100, 200, true), l(200, 300, false)}, []leaf{l(100, 190, true), l(190, 200, true), l(200, 300, false)}},
		{"between two", []leaf{l(0, 100, false), l(100, 200, true), l(200, 300, false)},
			[]leaf{l(0, 100, false), l(100, 110, true), l(110, 190, true), l(190, 200, true), l(200, 300, false)}},
		{"too narrow to cut", []leaf{l(0, 1, false), l(1, 2, true), l(2, 3, false)}, []leaf{l(0, 1, false), l(1, 2, true), l(2, 3, false)}},
	} {
		got := (&columnJob{}).cutNearStrong(codecOf(t, mess.Integer).Axis(), slices.Clone(c.in))
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// TestFindBins: bins cover the axis cut to the column's type; a column without anything to resolve has one, which
// stands for nothing in particular.
func TestFindBins(t *testing.T) {
	for _, c := range []struct {
		name   string
		typ    record.Type
		piles  []pile
		lo, hi string
		single bool // one on each side of zero
	}{
		{"spread", "double", []pile{{5, 400}, {600, 400}}, "-10000000000000000000", "10000000000000000000", false},
		{"spread over bytes", "uint8", []pile{{5, 400}, {200, 400}}, "0", "256", false},
		{"nothing to resolve", "double", nil, "-10000000000000000000", "10000000000000000000", true},
		{"nothing in a byte", "int8", nil, "-128", "128", true},
	} {
		j := integerJob(t, c.piles)
		j.column.Type = c.typ
		if err := j.findBins(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		first, last := j.value[0], j.value[len(j.value)-1]
		if first.Lo.String() != c.lo || last.Hi.String() != c.hi {
			t.Errorf("%s: bins reach from %s to %s, want %s to %s", c.name, first.Lo, last.Hi, c.lo, c.hi)
		}
		if c.single && len(j.value) != 2 || !c.single && len(j.value) < 4 {
			t.Errorf("%s: %d bins", c.name, len(j.value))
		}
		for i, code := range j.value {
			if code.Class != profile.Bin || code.Origin != profile.Learnt && code.Origin != profile.Rest || c.single && code.Origin != profile.Rest {
				t.Errorf("%s: code %d is %s, %s", c.name, i, code.Class, code.Origin)
			}
		}
	}
}

// TestNoAxisNoBins: a kind without an order has no bins and pays for none.
func TestNoAxisNoBins(t *testing.T) {
	j := integerJob(t, []pile{{5, 400}})
	j.codec = codecOf(t, mess.Category)
	before := j.purse
	if err := j.findBins(); err != nil || len(j.value) != 0 || j.purse != before {
		t.Errorf("%d bins, purse %+v, error %v", len(j.value), j.purse, err)
	}
}
