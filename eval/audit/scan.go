package audit

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"math"
	"slices"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// A needle is a canary's made-up text, or part of it, in one of the ways it could be written.
type needle struct {
	canary int
	way    string
	text   string  // in lower case
	bits   float64 // of chance in it: −log₂ of the probability that a given place holds it by accident
}

// The ways in which a text is looked for.
const (
	wayExact    = "as it is, whatever the case"
	wayBare     = "letters and digits alone"
	wayDigits   = "digits alone"
	wayReversed = "backwards"
	wayHalf     = "half of it"
	wayWord     = "a word of it"
	wayBase64   = "in Base64"
	wayHex      = "in hexadecimal"
)

// leastNeedle is the fewest bytes that are looked for.
const leastNeedle = 6

// bitsOf is how much chance there is in a scrambled text: each of its letters was drawn from 26, each digit from 10.
func bitsOf(text string) (bits float64) {
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			bits += math.Log2(10)
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z':
			bits += math.Log2(26)
		}
	}
	return bits
}

// filter keeps the characters for which keep holds.
func filter(text string, keep func(r rune) bool) string {
	return strings.Map(func(r rune) rune {
		if keep(r) {
			return r
		}
		return -1
	}, text)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
func isPlain(r rune) bool { return isDigit(r) || r >= 'a' && r <= 'z' }

// needlesOf returns the ways in which a canary's text is looked for.
func needlesOf(canary int, text string) (list []needle) {
	lower := strings.ToLower(text)
	add := func(way, text string, bits float64) {
		if len(text) >= leastNeedle && bits > 0 && !slices.ContainsFunc(list, func(n needle) bool { return n.text == text }) {
			list = append(list, needle{canary, way, text, bits})
		}
	}
	plain := func(way, text string) { add(way, text, bitsOf(text)) }
	bare := filter(lower, isPlain)
	plain(wayExact, lower)
	plain(wayBare, bare)
	plain(wayDigits, filter(lower, isDigit))
	backwards := []rune(lower)
	slices.Reverse(backwards)
	plain(wayReversed, string(backwards))
	plain(wayHalf, bare[:len(bare)/2])
	plain(wayHalf, bare[len(bare)/2:])
	for _, word := range strings.FieldsFunc(lower, func(r rune) bool { return !isPlain(r) }) {
		plain(wayWord, word)
	}
	// Three bytes are four characters of Base64, so that a text looks in three ways, by where it begins. The characters at its ends depend on what
	// else is encoded. In lower case half of the chance in a character is left, at least.
	for before, cut := range []int{0, 2, 3} {
		encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat(" ", before) + text))
		add(wayBase64, strings.ToLower(encoded[min(cut, len(encoded)):max(cut, len(encoded)-1)]), bitsOf(text[:max(0, len(text)-2)])/2)
	}
	add(wayHex, hex.EncodeToString([]byte(text)), bitsOf(text))
	return list
}

// prefix is what needles are found by.
type prefix [leastNeedle]byte

// A haystack counts which needles occur in texts.
type haystack struct {
	needles  []needle
	byPrefix map[prefix][]int
	found    map[int]map[int]bool // [needle] in which source
	bytes    float64              // looked at
}

func newHaystack(needles []needle) *haystack {
	h := &haystack{needles: needles, byPrefix: map[prefix][]int{}, found: map[int]map[int]bool{}}
	for i, n := range needles {
		p := prefix([]byte(n.text))
		h.byPrefix[p] = append(h.byPrefix[p], i)
	}
	return h
}

// search looks through a text, in lower case and once more for its letters and digits alone.
func (h *haystack) search(source int, text string) {
	if len(text) < leastNeedle || len(h.needles) == 0 {
		return
	}
	lower := strings.ToLower(text)
	h.searchFor(source, lower)
	if bare := filter(lower, isPlain); len(bare) < len(lower) {
		h.searchFor(source, bare)
	}
}

func (h *haystack) searchFor(source int, text string) {
	h.bytes += float64(len(text))
	for i := 0; i+leastNeedle <= len(text); i++ {
		for _, n := range h.byPrefix[prefix([]byte(text[i:i+leastNeedle]))] {
			if strings.HasPrefix(text[i:], h.needles[n].text) {
				if h.found[n] == nil {
					h.found[n] = map[int]bool{}
				}
				h.found[n][source] = true
			}
		}
	}
}

// searchTable looks through every cell of a table, and its column names.
func (h *haystack) searchTable(ctx context.Context, source int, src *record.Source, names []string) error {
	for _, name := range names {
		h.search(source, name)
	}
	return src.Read(ctx, names, func(b *record.Batch) error {
		for _, cells := range b.Cells {
			last := ""
			for _, cell := range cells[:b.Rows] {
				if cell.Text != last {
					h.search(source, cell.Text)
				}
				last = cell.Text
			}
		}
		return nil
	})
}

// falseLeak is the probability with which each of the two tests of a scan alarms though nothing leaks.
const falseLeak = 1e-8

// A Scan is what was found of the canaries' own texts.
type Scan struct {
	Texts   int    `json:"texts"`   // made-up texts of canaries that were in the data
	Needles int    `json:"needles"` // ways in which they and parts of them were looked for
	Bytes   int64  `json:"bytes"`   // that were looked through
	Leaks   []Leak `json:"leaks"`   // texts too long to be there by chance
	// Canaries of which something was found that may be chance: of those in the data, and of the others.
	Included int `json:"included"`
	Excluded int `json:"excluded"`
	// P is the probability that so many of them were in the data if it is chance: a coin decided.
	P float64 `json:"p"`
}

// A Leak is a canary's text that was found.
type Leak struct {
	Where string `json:"where"`
	Way   string `json:"way"`
	Text  string `json:"text"` // the canary's, as it was looked for; nobody's data
}

// judge tells leaks from chance. The canaries' characters were drawn at random, so that a text of b bits is at a given place with
// probability 2⁻ᵇ, and anywhere with no more than that times the places: what makes this improbable for all needles together is a leak
// wherever it occurs. Shorter ones occur, as often for canaries that were left out.
func (h *haystack) judge(in []bool, sources []string) Scan {
	s := Scan{Needles: len(h.needles), Bytes: int64(h.bytes), Leaks: []Leak{}, P: 1}
	enough := math.Log2(max(1, h.bytes) * max(1, float64(len(h.needles))) / falseLeak)
	var chance = map[int]bool{}
	for i, n := range h.needles {
		where := h.found[i]
		switch {
		case where == nil:
		case n.bits < enough || !in[n.canary]:
			chance[n.canary] = true
		default:
			for at, name := range sources {
				if where[at] {
					s.Leaks = append(s.Leaks, Leak{Where: name, Way: n.way, Text: n.text})
				}
			}
		}
	}
	for canary := range chance {
		if in[canary] {
			s.Included++
		} else {
			s.Excluded++
		}
	}
	if s.Included > 0 {
		s.P = tail(s.Included+s.Excluded, s.Included, 0.5)
	}
	return s
}

// leaked reports whether something of the canaries got out.
func (s Scan) leaked() bool { return len(s.Leaks) > 0 || s.P < falseLeak }

// needles returns what is looked for: all canaries' texts, those that were left out too.
func (d *design) needles() (list []needle, texts int) {
	for i, cells := range d.canaries {
		for c, cell := range cells {
			if !d.own[i][c] {
				continue
			}
			if d.in[i] {
				texts++
			}
			list = append(list, needlesOf(i, cell.Text)...)
		}
	}
	return list, texts
}
