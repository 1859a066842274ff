package mess

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// numberCodec reads integers and decimals. In plain notation they are an optional minus, digits without a leading zero, and
// for decimals a point and digits; text may also have a currency or unit, groups of thousands, a decimal comma, a power of
// ten. Its forms are [numberForm].
type numberCodec struct{ kind Kind }

func (c numberCodec) Kind() Kind    { return c.kind }
func (c numberCodec) Axis() Axis    { return numberAxis{integer: c.kind == Integer} }
func (c numberCodec) Literal() bool { return true }
func (numberCodec) Open() bool      { return false }

// Limits of what is read as a number; longer digit strings are identifiers and stay text.
const (
	maxWhole    = 19 // digits before the point
	maxDecimals = 20 // digits after it
)

// maxPos keeps the largest numbers, which float64 rounds up to 10^19, on the axis.
var maxPos = math.Nextafter(1e19, 0)

// Parse reads a number: in plain notation, or, of text, in any other.
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
	f := numberForm{tag: cell.Tag, lead: lead, trail: trail}
	key, ok := f.readPlain(core)
	if !ok && cell.Tag == record.Text {
		if key, ok = f.readPadded(core); !ok {
			key, ok = f.readText(core)
		}
	}
	if !ok || !c.writes(&f) {
		return Value{}, "", false
	}
	pos, err := strconv.ParseFloat(key, 64)
	if err != nil {
		return Value{}, "", false
	}
	return Value{Key: key, Pos: max(-maxPos, min(pos, maxPos))}, f.String(), true
}

// readPlain reads plain notation, which nearly all numbers are in; the key is a part of the text, so nothing is copied.
func (f *numberForm) readPlain(s string) (key string, ok bool) {
	whole, frac, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !isDigits(whole) || len(whole) > maxWhole || len(whole) > 1 && whole[0] == '0' ||
		point && (!isDigits(frac) || len(frac) > maxDecimals) {
		return "", false
	}
	short := strings.TrimRight(frac, "0")
	key = s[:len(s)-len(frac)+len(short)]
	if short == "" {
		key = strings.TrimSuffix(key, ".")
		f.round = roundness(whole)
	}
	f.decimals, f.zeros = len(frac), len(frac)-len(short)
	return key, key != "-0" // −0 is no value of its own
}

// readPadded reads a whole number with zeros before it, of which at most maxWhole digits are read.
func (f *numberForm) readPadded(s string) (key string, ok bool) {
	if !isPadded(s) || len(s) > maxWhole {
		return "", false
	}
	f.decimals, f.zeros, f.round, f.width = 0, 0, 0, uint8(len(s))
	if key = strings.TrimLeft(s, "0"); key == "" {
		key = "0"
	}
	return key, true
}

// isPadded reports whether a text is a whole number with zeros before it.
func isPadded(s string) bool { return len(s) > 1 && s[0] == '0' && isDigits(s) }

// readText reads any other notation.
func (f *numberForm) readText(s string) (key string, ok bool) {
	read, n, ok := readNumber(s)
	if !ok {
		return "", false
	}
	read.tag, read.lead, read.trail = f.tag, f.lead, f.trail
	*f = read
	return n.key()
}

// writes reports whether a form is one of the kind: integers have neither a point nor a negative power of ten, and
// only they have zeros before them.
func (c numberCodec) writes(f *numberForm) bool {
	if c.kind == Decimal {
		return f.width == 0
	}
	return f.decimals == 0 && f.whole != barePoint && f.exponent.sign != '-'
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
	return ok && c.writes(&f)
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
	if !ok || !c.writes(&f) {
		return false
	}
	if s.Key != "" {
		return f.fitsAtom(s.Key)
	}
	numbers := s.drawables(&f)
	return !numbers.empty()
}

// Render writes a number of the span.
func (c numberCodec) Render(s Span, form string, r *Rand) record.Cell {
	return c.compile(s, form).cell(r)
}

// compile finds out once which numbers of the span the form writes.
func (c numberCodec) compile(s Span, form string) Writer {
	f, ok := parseNumberForm(form)
	ok = ok && c.writes(&f)
	var numbers drawables
	if s.Key != "" {
		if !ok || !f.fitsAtom(s.Key) {
			f = c.canonical(s, f.tag)
		}
	} else {
		if ok {
			numbers = s.drawables(&f)
		}
		if !ok || numbers.empty() {
			f, numbers = c.plainest(s, f.tag)
		}
	}
	if s.Key != "" {
		text := appendBlanks(f.appendAtom(appendBlanks(nil, f.lead), s.Key), f.trail)
		return constant(record.Cell{Tag: f.tag, Text: string(text)})
	}
	return func(b []byte, r *Rand) ([]byte, record.Tag) {
		b = f.appendDrawn(appendBlanks(b, f.lead), &numbers, r)
		return appendBlanks(b, f.trail), f.tag
	}
}

func appendBlanks(b []byte, n int) []byte {
	for range n {
		b = append(b, ' ')
	}
	return b
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

// plainest is the canonical form of an interval, or one of its round numbers' when it has no other.
func (c numberCodec) plainest(s Span, tag record.Tag) (numberForm, drawables) {
	f := c.canonical(s, tag)
	numbers := s.drawables(&f)
	for f.round = maxRound; numbers.empty() && f.round > 0 && f.decimals == 0; f.round-- {
		numbers = s.drawables(&f)
		if !numbers.empty() {
			return f, numbers
		}
	}
	f.round = 0
	return f, numbers
}
