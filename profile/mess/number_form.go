package mess

import (
	"strconv"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// A numberForm is how a number is written: `d<k>` for k digits after the point, `z<n>` when the last n of them are zeros, `_` for each space before or after, and `#` in front when the cell is a number of its file's own type.
type numberForm struct {
	tag         record.Tag // Text or Number
	lead, trail int        // spaces, 0 to maxBlanks
	decimals    int        // 0 to maxDecimals
	zeros       int        // 0 to decimals: how many of them are zeros at the end
}

// plainForms are the descriptors of text without spaces, which nearly all numbers have: looked up, not made.
var plainForms = func() (t [maxDecimals + 1][maxDecimals + 1]string) {
	for d := range t {
		for z := range d + 1 {
			t[d][z] = string(numberForm{decimals: d, zeros: z}.append(nil))
		}
	}
	return t
}()

func (f numberForm) String() string {
	if f.lead+f.trail > 0 || f.tag == record.Number {
		return string(f.append(make([]byte, 0, 12)))
	}
	return plainForms[f.decimals][f.zeros]
}

func (f numberForm) append(b []byte) []byte {
	b = append(b, tagMark(f.tag)...)
	b = append(b, blankMarks[:f.lead]...)
	b = append(b, 'd')
	b = strconv.AppendInt(b, int64(f.decimals), 10)
	if f.zeros > 0 {
		b = strconv.AppendInt(append(b, 'z'), int64(f.zeros), 10)
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
	decimals, zeros, some := strings.Cut(body[1:], "z")
	f.decimals, ok = formCount(decimals)
	if ok && some {
		f.zeros, ok = formCount(zeros)
		ok = ok && f.zeros > 0 && f.zeros <= f.decimals
	}
	f.lead, f.trail = lead, trail
	return f, ok
}

// formCount reads a number from 0 to maxDecimals, without leading zeros.
func formCount(s string) (n int, ok bool) {
	if !isDigits(s) || len(s) > 2 || len(s) == 2 && s[0] == '0' {
		return 0, false
	}
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n, n <= maxDecimals
}

// NumberDecimals returns the digits after the point that a number form writes, or ok = false for other forms.
func NumberDecimals(form string) (n int, ok bool) {
	f, ok := parseNumberForm(form)
	return f.decimals, ok
}
