package mess

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/record"
)

// Fill makes up a cell of the given shape. Everything in it is drawn: nothing but the mask is known of the cells
// it stands for. A mask it cannot read is filled with a plain word. Whatever the mask, the cell is well formed for its
// tag, of at most 64 KiB, and not missing if the mask leaves a choice.
func Fill(mask string, r *Rand) record.Cell { return NewFiller(mask).cell(r) }

// NewFiller returns a writer of the cells that [Fill] makes up, draw for draw. It reads the mask once for all of them.
func NewFiller(mask string) Writer {
	tag, body := cutTag(mask)
	if tag == record.Bool {
		return func(b []byte, r *Rand) ([]byte, record.Tag) {
			return append(b, []string{"true", "false"}[r.Int(2)]...), tag
		}
	}
	if l, ok := cutImpossible(body); ok && tag == record.Text {
		return l.impossibleWriter()
	}
	m := compileMask(body, tag)
	versioned := isUUIDVersion(mask)
	return func(b []byte, r *Rand) ([]byte, record.Tag) {
		f := filler{b: b, start: len(b), tag: tag, r: r}
		for range 64 { // a made-up word can be "na" or "nil"
			f.b = f.b[:f.start]
			f.fill(m)
			if versioned {
				f.giveVariant()
			}
			if text := bytes.TrimSpace(f.b[f.start:]); tag != record.Text || len(text) > maxNull || !missing(string(text)) {
				break
			}
		}
		return f.wellFormed(), tag
	}
}

// wellFormed returns what was written, or in its place something that is of the tag.
func (f *filler) wellFormed() []byte {
	b, text := f.b[:f.start], f.b[f.start:]
	switch {
	case f.tag == record.Number && !isPlainNumber(string(text)):
		return strconv.AppendInt(b, int64(f.r.Int(10)), 10)
	case f.tag == record.JSON && !json.Valid(text):
		return append(b, "{}"...)
	}
	return f.b
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
	b     []byte
	start int // of the cell in b
	tag   record.Tag
	r     *Rand
}

// A mask is a compiled mask, without its tag: a coarse one, or steps. Without either it stands for a plain word.
type mask struct {
	coarse *coarse
	steps  []maskStep
}

func compileMask(text string, tag record.Tag) mask {
	switch {
	case text == "" || text == AnyForm:
		return mask{}
	case text[0] == '~':
		return mask{coarse: compileCoarse(text[1:])}
	}
	return mask{steps: maskSteps(text, tag)}
}

func (f *filler) fill(m mask) {
	switch {
	case m.coarse != nil:
		f.coarse(m.coarse)
	case m.steps == nil:
		f.b = append(f.b, Word(f.r)...)
	}
	for i := 0; i < len(m.steps) && len(f.b)-f.start < maxFill; i++ {
		f.step(&m.steps[i], len(m.steps) == 1)
	}
}

// A maskStep is a run of an exact or loose mask, or a character that stands for itself or is escaped.
type maskStep struct {
	run     maskRun // of class "" for a character
	char    string
	escaped bool
}

// maxSteps bounds a mask's steps: each writes a character or more.
const maxSteps = maxFill

func maskSteps(mask string, tag record.Tag) (steps []maskStep) {
	for mask != "" && len(steps) < maxSteps {
		if run, rest, ok := cutRun(mask, tag); ok {
			steps = append(steps, maskStep{run: run})
			mask = rest
			continue
		}
		escaped := mask[0] == '\\' && len(mask) > 1
		if escaped {
			mask = mask[1:]
		}
		_, size := utf8.DecodeRuneInString(mask)
		steps = append(steps, maskStep{char: mask[:size], escaped: escaped})
		mask = mask[size:]
	}
	return steps
}

// step fills a step; alone when the mask has no other.
func (f *filler) step(s *maskStep, alone bool) {
	if s.run.class != "" {
		f.run(s.run, alone)
		return
	}
	f.literal(s.char, s.escaped)
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
