package mess

import (
	"strings"
	"unicode/utf8"
)

// Vary changes a made-up text so that it is likely to have another shape: shorter, longer, in another case, or with a
// character more. It is for texts whose shape was too rare to be released: what is known of them is only that they are
// not like the others.
func Vary(text string, r *Rand) string {
	at := r.Int(len(text) + 1)
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	switch r.Int(6) {
	case 0:
		return text[:at]
	case 1:
		return text + " " + text[:at]
	case 2:
		return strings.ToUpper(text)
	case 3:
		return text[:at] + string(",.-/&'("[r.Int(7)]) + text[at:]
	case 4:
		return text[:at] + string("0123456789"[r.Int(10)]) + text[at:]
	}
	return text[:at] + " " + Word(r) + text[at:]
}
