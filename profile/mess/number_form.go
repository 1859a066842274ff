package mess

import (
	"strconv"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// A numberForm is how a number is written. In plain notation it is `d<k>` for k digits after the point, `z<n>` when the
// last n of them are zeros, `_` for each space before or after, and `#` in front when the cell is a number of its file's own
// type; FORMS.md has the marks of other notations.
type numberForm struct {
	tag         record.Tag // Text or Number
	lead, trail int        // spaces, 0 to maxBlanks
	decimals    int        // 0 to maxDecimals; of the mantissa, with an exponent
	zeros       int        // 0 to decimals: how many of them are zeros at the end
	round       uint8      // 0 or 1 to maxRound: significant digits of a whole number from 100 that ends in zero; the last stands for more
	notation
}

// A notation is what sets a number apart from plain notation, which is its zero value.
type notation struct {
	sign           signStyle
	prefix, suffix affix
	whole          wholeStyle
	group          separator // between groups of three digits
	comma          bool      // the decimal mark is a comma
	width          uint8     // digits of a whole number with zeros before it; 0 for none
	exponent       exponent
}

// A signStyle says where a number's sign stands. All but the first are of one sign only.
type signStyle uint8

const (
	minusFirst  signStyle = iota // -$5, and $5
	plusFirst                    // +$5
	minusInside                  // $-5
	plusInside                   // $+5
	minusLast                    // 5-
	bracketed                    // ($5)
	bracketedIn                  // $(5)
)

// writes reports whether the style writes numbers of a sign. Zero counts as positive.
func (s signStyle) writes(negative bool) bool {
	switch s {
	case minusFirst:
		return true
	case plusFirst, plusInside:
		return !negative
	}
	return negative
}

// writes reports whether the form writes numbers of a sign.
func (f *numberForm) writes(negative bool) bool {
	return f.sign.writes(negative) && !(negative && f.width > 0)
}

// A wholeStyle says how a number shows the part before the point.
type wholeStyle byte

const (
	omitted   wholeStyle = 'o' // .5
	barePoint wholeStyle = 'p' // 5.
)

// plainForms are the descriptors of text without spaces, which nearly all numbers have: looked up, not made.
var plainForms = func() (t [maxDecimals + 1][maxDecimals + 1][maxRound + 1]string) {
	for d := range t {
		for z := range d + 1 {
			for r := range t[d][z] {
				t[d][z][r] = string(numberForm{decimals: d, zeros: z, round: uint8(r)}.append(nil))
			}
		}
	}
	return t
}()

func (f *numberForm) isPlain() bool { return f.notation == notation{} }

func (f numberForm) String() string {
	if f.lead+f.trail > 0 || f.tag == record.Number || !f.isPlain() {
		return string(f.append(make([]byte, 0, 24)))
	}
	return plainForms[f.decimals][f.zeros][f.round]
}

func (f numberForm) append(b []byte) []byte {
	b = append(b, tagMark(f.tag)...)
	b = append(b, blankMarks[:f.lead]...)
	open, inner, closing := f.sign.marks()
	b = append(b, open...)
	b = append(append(append(b, f.prefix.text...), f.prefix.gap.mark()...), inner...)
	b = append(b, 'd')
	b = strconv.AppendInt(b, int64(f.decimals), 10)
	if f.zeros > 0 {
		b = strconv.AppendInt(append(b, 'z'), int64(f.zeros), 10)
	}
	if f.round > 0 {
		b = append(b, 'r', '0'+f.round)
	}
	b = f.appendDigits(b)
	if f.suffix.text != "" {
		b = append(append(append(append(b, f.suffix.gap.mark()...), '"'), f.suffix.text...), '"')
	}
	b = append(b, closing...)
	return append(b, blankMarks[:f.trail]...)
}

// appendDigits writes the marks of how the digits are written.
func (f numberForm) appendDigits(b []byte) []byte {
	if f.width > 0 {
		b = strconv.AppendUint(append(b, 'w'), uint64(f.width), 10)
	}
	if f.whole != 0 {
		b = append(b, byte(f.whole))
	}
	if f.group != 0 {
		b = append(append(b, 'g'), f.group.mark()...)
	}
	if f.comma && f.group != '.' {
		b = append(b, 'c')
	}
	if e := f.exponent; e.mark != 0 {
		b = append(b, e.mark)
		if e.sign != 0 {
			b = append(b, e.sign)
		}
		b = append(b, '0'+e.width)
	}
	return b
}

// marks returns what a sign style adds to a form, and to a negative or a plus-signed number: before the prefix, after it,
// and at the end.
func (s signStyle) marks() (open, inner, closing string) {
	switch s {
	case plusFirst:
		return "+", "", ""
	case minusInside:
		return "", "-", ""
	case plusInside:
		return "", "+", ""
	case minusLast:
		return "", "", "-"
	case bracketed:
		return "(", "", ")"
	case bracketedIn:
		return "", "(", ")"
	}
	return "", "", ""
}

// isSound reports whether the parts of a form go together.
func (f *numberForm) isSound() bool {
	inside := f.sign == minusInside || f.sign == plusInside || f.sign == bracketedIn
	switch {
	case f.round > 0 && (f.zeros < f.decimals || f.exponent.mark != 0 || f.whole == omitted):
		return false
	case f.isPlain():
		return true
	case f.width > 0:
		return f.notation == notation{width: f.width} && f.tag == record.Text && f.decimals == 0 && f.round == 0 && f.width >= 2 && f.width <= maxWhole
	case f.tag != record.Text,
		inside && f.prefix.text == "",
		f.sign == minusLast && f.suffix.text != "",
		f.comma && f.decimals == 0,
		f.whole == omitted && (f.decimals == 0 || currencies[f.prefix.text+"."]), // Rs.5 is five rupees
		f.whole != 0 && f.group != 0,
		f.whole == barePoint && (f.decimals > 0 || f.suffix.text != "" || f.sign == minusLast):
		return false
	case f.exponent.mark != 0:
		return (f.sign == minusFirst || f.sign == plusFirst) && f.prefix.text == "" && f.suffix.text == "" && f.whole == 0 && f.group == 0
	case f.group == ',':
		return !f.comma
	case f.group == '.':
		return f.comma // without, 1.234 is a number with decimals
	case f.group.isSpace():
		return f.decimals <= 3 // 555 123.4567 is a phone number
	case f.comma && f.group == 0:
		return f.decimals != 3 // 1,234 has thousands
	}
	return true
}

// window returns how many digits before the point the form writes, at least and at most; a whole part of zero has none.
// Without decimals, what is written like a phone number is not read as a number once it has as many digits.
func (f *numberForm) window() (least, most int) {
	least, most = 0, maxWhole
	switch {
	case f.group != 0:
		least = 4
	case f.round > 0:
		least = minRound
	case f.width > 0:
		most = int(f.width) - 1
	}
	if f.whole == omitted {
		most = 0
	}
	plus := f.sign == plusFirst || f.sign == plusInside
	if f.decimals == 0 && f.exponent.mark == 0 && (f.group.isSpace() || plus && f.group == 0) {
		most = minPhone - 1
	}
	return least, most
}

// blankMarks are the marks of as many spaces as a parsed value may have on a side.
const blankMarks = "___"

// cutBlanks cuts the marks of spaces off either end of a form; ok is false when there are more than maxBlanks.
func cutBlanks(form string) (lead int, body string, trail int, ok bool) {
	core := strings.TrimLeft(form, "_")
	body = strings.TrimRight(core, "_")
	lead, trail = len(form)-len(core), len(core)-len(body)
	return lead, body, trail, lead <= maxBlanks && trail <= maxBlanks
}

// NumberDecimals returns the digits after the point that numbers of a form may have, or ok = false for other forms.
func NumberDecimals(form string) (n int, ok bool) {
	f, ok := parseNumberForm(form)
	if f.exponent.sign == '-' {
		return maxDecimals, ok
	}
	return f.decimals, ok
}
