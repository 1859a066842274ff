package mess

import (
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

// The affixes in order, to draw from.
var (
	currencyList = slices.Sorted(maps.Keys(currencies))
	suffixList   = slices.Sorted(maps.Keys(suffixes))
)

// randomAffix draws one of a list, or none.
func randomAffix(rng *rand.Rand, from []string) affix {
	if rng.IntN(3) > 0 {
		return affix{}
	}
	return affix{from[rng.IntN(len(from))], []gap{noGap, space, noBreak}[rng.IntN(3)]}
}

// randomForm makes up a form of at most so many decimals, sound or not.
func randomForm(rng *rand.Rand, decimals int) numberForm {
	f := numberForm{tag: record.Text, lead: rng.IntN(4) * rng.IntN(2), trail: rng.IntN(4) * rng.IntN(2), decimals: rng.IntN(decimals + 1)}
	f.zeros = rng.IntN(f.decimals + 1)
	if f.zeros == f.decimals {
		f.round = uint8(rng.IntN(maxRound+1) * rng.IntN(2))
	}
	f.sign = signStyle(rng.IntN(14))
	if f.sign > bracketedIn {
		f.sign = minusFirst
	}
	f.prefix, f.suffix = randomAffix(rng, currencyList), randomAffix(rng, suffixList)
	f.whole = []wholeStyle{0, 0, 0, omitted, barePoint}[rng.IntN(5)]
	if rng.IntN(2) == 0 {
		f.group = separators[rng.IntN(len(separators))].s
	}
	f.comma = f.group == '.' || rng.IntN(3) == 0
	if rng.IntN(4) == 0 {
		f.group, f.whole, f.prefix, f.suffix, f.round = 0, 0, affix{}, affix{}, 0
		f.exponent = exponent{"eE"[rng.IntN(2)], "\x00+-"[rng.IntN(3)], byte(1 + rng.IntN(maxExponentWidth))}
	}
	if rng.IntN(12) == 0 {
		f = numberForm{tag: record.Text, lead: f.lead, notation: notation{width: uint8(2 + rng.IntN(18))}}
	}
	return f
}

// soundForm makes up a form in another than plain notation that some number has.
func soundForm(rng *rand.Rand, decimals int) numberForm {
	for {
		if f := randomForm(rng, decimals); f.isSound() && !f.isPlain() {
			return f
		}
	}
}

func TestNumberFormsReadTheirOwnSpelling(t *testing.T) {
	_, rng := seeded(60)
	seen := map[string]numberForm{}
	for range 30000 {
		f := randomForm(rng, maxDecimals)
		s := f.String()
		got, ok := parseNumberForm(s)
		if f.isSound() && (!ok || got != f) || ok && got.String() != s {
			t.Fatalf("%q reads as %+v (%v), want %#v", s, got, ok, f)
		}
		if !f.isSound() {
			continue
		}
		if was, known := seen[s]; known && was != f {
			t.Fatalf("%q stands for %#v and %#v", s, was, f)
		}
		seen[s] = f
		if len(s) > maxNumberForm {
			t.Fatalf("%q has %d bytes", s, len(s))
		}
	}
	if len(seen) < 5000 {
		t.Fatalf("only %d sound forms", len(seen))
	}
}

// A form that is damaged is refused, or is the spelling of what it reads as.
func TestDamagedNumberForms(t *testing.T) {
	_, rng := seeded(61)
	marks := []string{"", "d", "z", "g", "c", "o", "p", "e", "E", "0", "1", "9", "+", "-", "(", ")", "$", "€", "_", "~", "\"", ",", ".", "'", "’", "\xff", "#", "*"}
	for range 30000 {
		s := soundForm(rng, maxDecimals).String()
		at := rng.IntN(len(s))
		s = s[:at] + marks[rng.IntN(len(marks))] + s[at+rng.IntN(2):]
		if f, ok := parseNumberForm(s); ok && f.String() != s {
			t.Fatalf("%q reads as %+v, which is %q", s, f, f)
		}
	}
	for _, s := range []string{
		"d0g", "d0g;", "d0gg,", "d0g,c", "d2g.c", "d0g.", "d4gs", "d0g_", "d3c", "d0c", "d0o", "d1p", "d0pg,", "d1og,", `d0p"%"`, "d1e", "d1e0", "d1e4", "d1e+", "d1e+22", "$d1e1", `d1e1"km"`,
		`d0"`, `d0""`, `d0"kk"`, `d0"km`, `d0_km`, `d0km`, `d0"km""km"`, `d0__"km"`, `d0_~"km"`, "$$d0", "$__d0", "-d0", "-$d0", "+-d0", "+$-d0", "($-d0)", "(d0", "d0)", "(-d0)", "((d0))", "(d0)-", "+d0-", `d0"km"-`, "d0--",
		"#+d0", "#d0g,", "#(d0)", `#d0"%"`, "usdd0", "USDd", "USD", "d", "d0z1", "d1z0", "d21c", "d1cz1", "(", "+", "$", `"%"d0`, "___(" + strings.Repeat("_", 99) + "d0)",
	} {
		if f, ok := parseNumberForm(s); ok {
			t.Errorf("%q reads as %+v", s, f)
		}
	}
}

// randomNotation writes a number in a form, or says that the form does not write it.
func randomNotation(rng *rand.Rand, f numberForm) (cell record.Cell, key string, ok bool) {
	v, _, _ := numberCodec{Decimal}.Parse(text(strings.TrimSpace(randomNumber(rng, Decimal))))
	key = v.Key
	if have, want := keyDecimals(key), f.decimals-f.zeros; f.exponent.mark == 0 && have > want { // nearly all keys would not fit
		key = strings.TrimSuffix(key[:len(key)-have+want], ".")
		if n := strings.TrimRight(key, "0"); want > 0 && n != key {
			key = n + strings.Repeat("1", len(key)-len(n))
		}
	}
	if f.round > 0 && len(key) > 3 { // nor would be round
		key = key[:2+rng.IntN(len(key)-3)] + strings.Repeat("0", 1+rng.IntN(3))
	}
	if (numberCodec{Decimal}).Check(Span{Key: key}) != nil || !f.fitsAtom(key) {
		return record.Cell{}, "", false
	}
	b := appendBlanks(f.appendAtom(appendBlanks(nil, f.lead), key), f.trail)
	return text(string(b)), key, true
}

func TestNumberNotationRoundTrip(t *testing.T) {
	r, rng := seeded(62)
	done := 0
	for range 40000 {
		f := soundForm(rng, 6)
		cell, key, ok := randomNotation(rng, f)
		if !ok {
			continue
		}
		done++
		for _, kind := range []Kind{Integer, Decimal} {
			c := numberCodec{kind}
			v, form, ok := c.Parse(cell)
			if ok != c.writes(&f) {
				t.Fatalf("%s: %q in %q parses: %v", kind, cell.Text, f, ok)
			}
			if !ok {
				continue
			}
			plain, _, _ := c.Parse(text(key))
			if v != plain || form != f.String() || !c.Own(form) || !c.Fits(Span{Key: key}, form) {
				t.Fatalf("%s: %q, %s in %q, parses to %v in %q", kind, cell.Text, key, f, v, form)
			}
			if got := c.Render(Span{Key: key}, form, r); got != cell {
				t.Fatalf("%s: %s in %q renders as %q", kind, key, form, got.Text)
			}
		}
	}
	if done < 5000 {
		t.Fatalf("only %d numbers", done)
	}
}

// notationByCounting goes through the multiples of 10^−decimals in the interval and asks of each whether the form
// writes it.
func notationByCounting(t *testing.T, c numberCodec, s Span, f numberForm, decimals int) bool {
	count := func(e Edge) int64 { // ⌈e·10^decimals⌉
		q := new(big.Rat).Quo(e.rat(t), Edge{1, int8(-decimals)}.rat(t))
		return -new(big.Int).Div(q.Num().Neg(q.Num()), q.Denom()).Int64()
	}
	for n := count(s.Lo); n < count(s.Hi); n++ {
		key := string(appendPointed(nil, fmt.Appendf(nil, "%d", max(n, -n)), decimals))
		if decimals > 0 {
			key = strings.TrimSuffix(strings.TrimRight(key, "0"), ".")
		}
		if n < 0 {
			key = "-" + key
		}
		if c.writes(&f) && f.fitsAtom(key) {
			return true
		}
	}
	return false
}

func TestNotationFitsAgreesWithCounting(t *testing.T) {
	r, rng := seeded(63)
	edge := func(scale int) Edge {
		near := []int64{0, 1, 10, 100, 999, 1000, 1001, 9999, 10000, 999999, 1000000, 1000001}[rng.IntN(12)]
		if scale < 0 {
			near = []int64{0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 1001, 1100}[rng.IntN(12)]
		}
		m := near + int64(rng.IntN(41)-20)*int64(rng.IntN(2))
		if rng.IntN(2) == 0 {
			m = -m
		}
		return edgeOf(m, scale)
	}
	fitted := 0
	for tried := 0; tried < 1500; {
		scale := []int{0, -3}[rng.IntN(2)]
		s := Span{Lo: edge(scale), Hi: edge(scale)}
		f := soundForm(rng, 3)
		if scale == 0 { // whole numbers only are counted
			f.zeros = f.decimals
		}
		decimals := -scale
		if f.exponent.mark != 0 {
			f.decimals, f.zeros, f.comma = 0, 0, false
			if decimals++; scale == 0 {
				f.exponent.sign, decimals = 0, 0
			}
		}
		if !f.isSound() || s.Lo.Compare(s.Hi) >= 0 || s.Hi.Float()-s.Lo.Float() > 2100 {
			continue
		}
		for _, kind := range []Kind{Integer, Decimal} {
			c := numberCodec{kind}
			if c.Check(s) != nil {
				continue
			}
			tried++
			got := c.Fits(s, f.String())
			if want := notationByCounting(t, c, s, f, decimals); got != want {
				t.Fatalf("%s: %v fits %s: %v, want %v", kind, s, f, got, want)
			}
			if got {
				fitted++
			}
			checkRender(t, c, s, f.String(), r)
		}
	}
	if fitted < 200 {
		t.Fatalf("only %d fit", fitted)
	}
}

// The draws from a bin of any width and place stay within it, and in the form.
func TestNotationsRenderWithinTheirBin(t *testing.T) {
	r, rng := seeded(64)
	fitted := 0
	for range 8000 {
		kind := []Kind{Integer, Decimal}[rng.IntN(2)]
		c := codec(t, kind)
		res := rng.IntN(21)
		roots := c.Axis().Roots(res)
		at := rng.IntN(len(roots))
		s := roots[at]
		if rng.IntN(4) == 0 {
			s.Hi = roots[at+rng.IntN(len(roots)-at)].Hi
		}
		for range rng.IntN(10) {
			children := c.Axis().Split(s, []int{10, 100}[rng.IntN(2)], res)
			if children == nil {
				break
			}
			s = children[rng.IntN(len(children))]
		}
		f := soundForm(rng, []int{0, 2, maxDecimals}[rng.IntN(3)])
		if c.Fits(s, f.String()) {
			fitted++
		}
		checkRender(t, c, s, f.String(), r)
	}
	if fitted < 1000 {
		t.Fatalf("only %d fit", fitted)
	}
}

// A number fits a form's bins wherever it is: what is read is never a structural zero.
func TestWhatIsReadFitsItsBins(t *testing.T) {
	_, rng := seeded(65)
	done := 0
	for range 40000 {
		f := soundForm(rng, 4)
		_, key, ok := randomNotation(rng, f)
		if !ok {
			continue
		}
		c := codec(t, Decimal)
		if f.width > 0 {
			c = codec(t, Integer)
		}
		v, _, _ := c.Parse(text(key))
		spans := c.Axis().Roots(4)
		for range 6 {
			at := slices.IndexFunc(spans, func(s Span) bool { return s.holds(t, rat(t, key)) })
			if at < 0 || !c.Fits(spans[at], f.String()) {
				t.Fatalf("%s in %q has position %v, in %v", key, f, v.Pos, spans[max(at, 0)])
			}
			done++
			if spans = c.Axis().Split(spans[at], 10, 4); spans == nil {
				break
			}
		}
	}
	if done < 10000 {
		t.Fatalf("only %d bins", done)
	}
}
