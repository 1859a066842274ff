package synth

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// styles says how the values of a column are written when they are written cleanly.
type styles struct {
	col     *column
	form    *profile.Attribute
	popular []uint64 // [form code] weight in the column
	best    map[profile.Code]string
}

func newStyles(c *column, form *profile.Attribute, popular []uint64) *styles {
	return &styles{col: c, form: form, popular: popular, best: map[profile.Code]string{}}
}

// A cleaned is how a cell is written cleanly.
type cleaned struct {
	regular bool   // as it is
	form    string // otherwise: the form
}

// clean decides on a value that is written in a form. A missing value is clean as the format's own null, a category as it is, a
// value of the kind in the style that most of its column are in, of those that can write it; a text when it is undamaged. What
// the kind cannot read is never clean.
func (s *styles) clean(v profile.Code, form string) cleaned {
	switch v.Class {
	case profile.Absent, profile.Null:
		return cleaned{regular: true}
	case profile.Missing:
		return cleaned{regular: v.Label == "" && v.Tag == record.Text && s.col.format == record.CSV}
	case profile.OtherMissing:
		return cleaned{}
	case profile.Literal:
		return cleaned{regular: form == ""}
	case profile.Other:
		return cleaned{regular: s.col.texts() && !damaged(form), form: form}
	}
	best, ok := s.best[v]
	if !ok {
		best = s.choose(v)
		s.best[v] = best
	}
	return cleaned{regular: best == mess.AnyForm || styleOf(form) == styleOf(best), form: best}
}

// choose returns the form of most weight in the style of most weight, of those that the value can be written in; AnyForm when
// there is none.
func (s *styles) choose(v profile.Code) string {
	weights := map[string]uint64{}
	best := mess.AnyForm
	var fits []int
	for k, f := range s.form.Codes {
		if f.Class == profile.Form && s.popular[k] > 0 && s.col.codec.Own(f.Label) && profile.Fits(s.col.codec, s.col.words, v, f) {
			fits = append(fits, k)
			weights[styleOf(f.Label)] += s.popular[k]
		}
	}
	var most, heaviest uint64
	for _, k := range fits {
		label := s.form.Codes[k].Label
		style := weights[styleOf(label)]
		if style > most || style == most && styleOf(label) == styleOf(best) && s.popular[k] > heaviest {
			best, most, heaviest = label, style, s.popular[k]
		}
	}
	return best
}

// styleOf returns a form without the number of its decimals, of the zeros among them and of the digits that a round number shows:
// whoever writes 1.5 may write 1.25, and whoever writes 1234 may write 1200.
func styleOf(form string) string {
	for i := range len(form) - 1 {
		if form[i] != 'd' || form[i+1] < '0' || form[i+1] > '9' {
			continue
		}
		rest := strings.TrimLeft(form[i+1:], "0123456789")
		for _, mark := range []string{"z", "r"} {
			if after, ok := strings.CutPrefix(rest, mark); ok {
				rest = strings.TrimLeft(after, "0123456789")
			}
		}
		return form[:i+1] + rest
	}
	return form
}

// texts reports whether the column's kind reads nothing: all its cells are text.
func (c *column) texts() bool {
	switch c.codec.Kind() {
	case mess.Category, mess.TextKind, mess.ID:
		return true
	}
	return false
}

// damaged reports whether texts of a mask show damage, or more than one line.
func damaged(mask string) bool {
	if coarse, ok := strings.CutPrefix(mask, "~"); ok && strings.Contains(coarse, "n") {
		return true
	}
	body := strings.ReplaceAll(mask, `\\`, "")
	return mess.DamageOf(mask) != "" || strings.Contains(body, `\n`) || strings.Contains(body, `\r`)
}

// cleanPen prepares a value that is not regular to be written cleanly.
func (c *column) cleanPen(how cleaned, v profile.Code, vary bool) pen {
	switch v.Class {
	case profile.Missing, profile.OtherMissing:
		if c.format == record.CSV {
			return pen{cell: record.Cell{Tag: record.Text}}
		}
		return pen{cell: record.Cell{Tag: record.Null}}
	case profile.Literal:
		return pen{cell: record.Cell{Tag: v.Tag, Text: v.Label}}
	case profile.Other:
		return pen{write: tidied(c.textWriter(how.form, vary))}
	}
	return c.newPen(v, native(c.column, v, how.form), vary)
}

// tidied writes texts without damage.
func tidied(write mess.Writer) mess.Writer {
	spare := mess.NewFiller("Aa+")
	return func(b []byte, r *mess.Rand) ([]byte, record.Tag) {
		start := len(b)
		b, tag := write(b, r)
		if tag != record.Text {
			return b, tag
		}
		text := tidy(string(b[start:]))
		if mess.Missing(record.Cell{Tag: record.Text, Text: text}) {
			return spare(b[:start], r)
		}
		return append(b[:start], text...), tag
	}
}

// tidy joins the words of a text by single spaces, without characters that cannot be seen.
func tidy(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError || !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text)), " ")
}
