package mess

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// numberCodec reads integers and decimals in plain notation: an optional minus, digits without a leading zero, and for
// decimals a point and digits. Its forms are [numberForm].
type numberCodec struct{ kind Kind }

func (c numberCodec) Kind() Kind    { return c.kind }
func (c numberCodec) Axis() Axis    { return numberAxis{integer: c.kind == Integer} }
func (c numberCodec) Literal() bool { return true }

// Limits of what is read as a number; longer digit strings are identifiers and stay text.
const (
	maxWhole    = 19 // digits before the point
	maxDecimals = 20 // digits after it
)

// maxPos keeps the largest numbers, which float64 rounds up to 10^19, on the axis.
var maxPos = math.Nextafter(1e19, 0)

// Parse reads a number.
func (c numberCodec) Parse(cell record.Cell) (Value, string, bool) {
	if cell.Tag != record.Text && cell.Tag != record.Number {
		return Value{}, "", false
	}
	text := cell.Text
	if cell.Tag == record.Number {
		text = plain(text)
	}
	lead, core, trail, ok := blanks(text)
	if !ok {
		return Value{}, "", false
	}
	whole, frac, point := strings.Cut(strings.TrimPrefix(core, "-"), ".")
	if !isDigits(whole) || len(whole) > maxWhole || len(whole) > 1 && whole[0] == '0' ||
		point && (c.kind == Integer || !isDigits(frac) || len(frac) > maxDecimals) {
		return Value{}, "", false
	}
	short := strings.TrimRight(frac, "0")
	key := core[:len(core)-len(frac)+len(short)] // a part of the cell: nothing is copied
	if short == "" {
		key = strings.TrimSuffix(key, ".")
	}
	if key == "-0" {
		return Value{}, "", false // −0 is no value of its own
	}
	pos, err := strconv.ParseFloat(key, 64)
	if err != nil {
		return Value{}, "", false
	}
	pos = max(-maxPos, min(pos, maxPos))
	f := numberForm{tag: cell.Tag, lead: lead, trail: trail, decimals: len(frac), zeros: len(frac) - len(short)}
	return Value{Key: key, Pos: pos}, f.String(), true
}

// plain writes a number of a typed file, where notation is not part of the value, without exponent, and rounded to
// maxDecimals: floats have as many digits after the point as they are small.
func plain(s string) string {
	at := strings.IndexByte(s, '.')
	if s != "-0" && !strings.ContainsAny(s, "eE") && (at < 0 || len(s)-at-1 <= maxDecimals) {
		return s
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return s
	}
	s = strconv.FormatFloat(x+0, 'f', -1, 64) // −0 + 0 is 0
	if at = strings.IndexByte(s, '.'); at >= 0 && len(s)-at-1 > maxDecimals {
		s = strings.TrimRight(strconv.FormatFloat(x, 'f', maxDecimals, 64), "0")
		s = strings.TrimSuffix(s, ".")
	}
	if s == "-0" {
		return "0"
	}
	return s
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// maxBlanks bounds the spaces on either side of a parsed value.
const maxBlanks = 3

// blanks counts the spaces at either end of s and returns what is between; ok is false when there are more than
// maxBlanks, or nothing between.
func blanks(s string) (lead int, core string, trail int, ok bool) {
	core = strings.TrimLeft(s, " ")
	lead = len(s) - len(core)
	body := strings.TrimRight(core, " ")
	trail = len(core) - len(body)
	return lead, body, trail, body != "" && lead <= maxBlanks && trail <= maxBlanks
}

// Own reports whether the form is a number's.
func (c numberCodec) Own(form string) bool {
	f, ok := parseNumberForm(form)
	return ok && (c.kind == Decimal || f.decimals == 0)
}

// Check reports an atom that is not the key of a number of the kind, or an interval that is not one of its axis'.
func (c numberCodec) Check(s Span) error {
	if s.Key != "" {
		v, _, ok := c.Parse(record.Cell{Tag: record.Text, Text: s.Key})
		if !ok || v.Key != s.Key {
			return errors.New("the atom is not the canonical text of a number of its kind")
		}
		return nil
	}
	finest := numberAxis{integer: c.kind == Integer}.finest(maxDecimals)
	return checkInterval(s, Edge{-1, maxDecade}, Edge{1, maxDecade}, finest)
}

// Fits reports whether the span holds a number that the form writes.
func (c numberCodec) Fits(s Span, form string) bool {
	f, ok := parseNumberForm(form)
	return ok && c.fits(s, f)
}

func (c numberCodec) fits(s Span, f numberForm) bool {
	if c.kind == Integer && f.decimals > 0 {
		return false
	}
	if s.Key != "" {
		return keyDecimals(s.Key) == f.decimals-f.zeros
	}
	l, _ := s.numbers(f)
	return l.size() > 0
}

// Render writes a number of the span.
func (c numberCodec) Render(s Span, form string, r *Rand) record.Cell {
	f, ok := parseNumberForm(form)
	if !ok || !c.fits(s, f) {
		f = c.canonical(s, f.tag)
	}
	b := make([]byte, 0, 32)
	b = appendBlanks(b, f.lead)
	if s.Key != "" {
		b = appendKey(b, s.Key, f.decimals)
	} else {
		b = s.appendNumber(b, f, r)
	}
	return record.Cell{Tag: f.tag, Text: string(appendBlanks(b, f.trail))}
}

func appendBlanks(b []byte, n int) []byte {
	for range n {
		b = append(b, ' ')
	}
	return b
}

// appendKey writes an atom with that many decimals or more.
func appendKey(b []byte, key string, decimals int) []byte {
	b = append(b, key...)
	has := keyDecimals(key)
	if has == 0 && decimals > 0 {
		b = append(b, '.')
	}
	return appendZeros(b, decimals-has)
}

// keyDecimals returns how many decimals an atom's key has.
func keyDecimals(key string) int {
	if at := strings.IndexByte(key, '.'); at >= 0 {
		return len(key) - at - 1
	}
	return 0
}

// canonical is the plainest form that fits the span: an atom's own decimals, one decimal more than a bin's edges.
func (c numberCodec) canonical(s Span, tag record.Tag) numberForm {
	f := numberForm{tag: record.Text}
	if tag == record.Number {
		f.tag = tag
	}
	switch {
	case c.kind == Integer:
	case s.Key != "":
		f.decimals = keyDecimals(s.Key)
	default:
		f.decimals = min(maxDecimals, max(0, -int(s.Lo.E), -int(s.Hi.E))+1)
	}
	return f
}
