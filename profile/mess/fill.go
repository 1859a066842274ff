package mess

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/record"
)

// Fill makes up a cell of the given shape. Everything in it is drawn: nothing but the mask is known of the cells
// it stands for. A mask it cannot read is filled with a plain word. Whatever the mask, the cell is well formed for its
// tag, of at most 64 KiB, and not missing if the mask leaves a choice.
func Fill(mask string, r *Rand) record.Cell {
	tag, body := cutTag(mask)
	if tag == record.Bool {
		return record.Cell{Tag: tag, Text: []string{"true", "false"}[r.Int(2)]}
	}
	cell := record.Cell{Tag: tag}
	if l, ok := cutImpossible(body); ok && tag == record.Text {
		cell.Text = l.writeImpossible(r)
		return cell
	}
	for range 64 { // a made-up word can be "na" or "nil"
		f := filler{b: make([]byte, 0, 2*len(mask[:min(len(mask), maxMask)])), tag: tag, r: r}
		f.fill(body)
		cell.Text = withVariant(mask, string(f.b), r)
		if tag != record.Text || len(cell.Text) > maxNull || !Missing(cell) {
			break
		}
	}
	switch {
	case tag == record.Number && !isPlainNumber(cell.Text):
		cell.Text = strconv.Itoa(r.Int(10))
	case tag == record.JSON && !json.Valid([]byte(cell.Text)):
		cell.Text = "{}"
	}
	return cell
}

// isPlainNumber reports whether s is a JSON number without an exponent.
func isPlainNumber(s string) bool {
	whole, frac, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	return isDigits(whole) && (len(whole) == 1 || whole[0] != '0') && (!point || isDigits(frac))
}

// Bounds on what a mask that came from outside can ask for.
const (
	maxRun  = 1 << 12 // characters of a run, words of a phrase
	maxFill = 1 << 14 // bytes, and one run more
)

// A filler writes one cell.
type filler struct {
	b   []byte
	tag record.Tag
	r   *Rand
}

func (f *filler) fill(mask string) {
	switch {
	case mask == "" || mask == AnyForm:
		f.b = append(f.b, Word(f.r)...)
	case mask[0] == '~':
		f.coarse(mask[1:])
	default:
		f.tokens(mask)
	}
}

// tokens fills an exact or loose mask.
func (f *filler) tokens(mask string) {
	for mask != "" && len(f.b) < maxFill {
		if run, rest, ok := cutRun(mask, f.tag); ok {
			alone := len(f.b) == 0 && rest == ""
			f.run(run, alone)
			mask = rest
			continue
		}
		escaped := mask[0] == '\\' && len(mask) > 1
		if escaped {
			mask = mask[1:]
		}
		_, size := utf8.DecodeRuneInString(mask)
		f.literal(mask[:size], escaped)
		mask = mask[size:]
	}
}

// literal writes a character that stands for itself, or the one that an escape stands for.
func (f *filler) literal(s string, escaped bool) {
	switch {
	case escaped:
		f.b = append(f.b, unescape(s, f.r)...)
	case s == "_":
		f.b = append(f.b, ' ')
	default:
		f.b = append(f.b, s...)
	}
}

// unescape inverts [literal] as far as the mask knows.
func unescape(s string, r *Rand) string {
	switch s {
	case "x":
		return string([]byte{byte(0x80 + r.Int(0x40))}) // a continuation byte without a start
	case "n":
		return "\n"
	case "r":
		return "\r"
	case "t":
		return "\t"
	case "s":
		return "\u00a0"
	case "z":
		return "\u200b"
	case "c":
		return "\x01"
	case "u":
		return []string{"→", "★", "™", "✓"}[r.Int(4)]
	}
	return s
}
