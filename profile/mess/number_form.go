package mess

import (
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// A numberForm is how a number is written: `d<k>` for k digits after the point, with `z` when the last of them is
// a zero, `_` for each space before or after, and `#` in front when the cell is a number of its file's own type.
type numberForm struct {
	tag         record.Tag // Text or Number
	lead, trail int        // spaces, 0 to maxBlanks
	decimals    int        // 0 to maxDecimals
	zero        bool       // the last decimal is a zero
}

// plainForms are the descriptors of text without spaces, which nearly all numbers have: looked up, not made.
var plainForms = func() (t [maxDecimals + 1][2]string) {
	for d := range t {
		for z := range t[d] {
			t[d][z] = string(numberForm{decimals: d, zero: z == 1}.append(nil))
		}
	}
	return t
}()

func (f numberForm) String() string {
	if f.lead+f.trail > 0 || f.tag == record.Number {
		return string(f.append(make([]byte, 0, 12)))
	}
	if f.zero {
		return plainForms[f.decimals][1]
	}
	return plainForms[f.decimals][0]
}

func (f numberForm) append(b []byte) []byte {
	b = append(b, tagMark(f.tag)...)
	b = append(b, blankMarks[:f.lead]...)
	b = append(b, 'd')
	if f.decimals >= 10 {
		b = append(b, byte('0'+f.decimals/10))
	}
	b = append(b, byte('0'+f.decimals%10))
	if f.zero {
		b = append(b, 'z')
	}
	return append(b, blankMarks[:f.trail]...)
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

// parseNumberForm inverts String: it takes no other spelling. The tag is set even when the rest is not a form.
func parseNumberForm(s string) (f numberForm, ok bool) {
	f.tag, s = cutTag(s)
	lead, body, trail, ok := cutBlanks(s)
	if !ok || f.tag != record.Text && f.tag != record.Number || body == "" || body[0] != 'd' {
		return f, false
	}
	body = body[1:]
	body, f.zero = strings.CutSuffix(body, "z")
	if !isDigits(body) || len(body) > 2 || len(body) == 2 && body[0] == '0' {
		return f, false
	}
	for i := range len(body) {
		f.decimals = f.decimals*10 + int(body[i]-'0')
	}
	f.lead, f.trail = lead, trail
	return f, f.decimals <= maxDecimals && !(f.zero && f.decimals == 0)
}

// NumberDecimals returns the digits after the point that a number form writes, or ok = false for other forms.
func NumberDecimals(form string) (n int, ok bool) {
	f, ok := parseNumberForm(form)
	return f.decimals, ok
}
