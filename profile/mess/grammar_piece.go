package mess

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/record"
)

// A piece is a word of a text and what stands between it and the next one. Its text is how it is counted: the class of the
// word as in a mask, or a public word in quotes, or nothing; then what follows, as in a mask but with `*` after a character
// that is there three times or more; and a point where the text ends: `Aa_`, `"https":/`, `9\!*.`.
type piece struct {
	class string // of the word, with the mark of its script; a public word in quotes; "" for none
	n     int    // characters of the word
	gap   string // what follows it
	last  bool   // the text ends here
}

func (p piece) text() string {
	if p.last {
		return p.class + p.gap + endMark
	}
	return p.class + p.gap
}

// Marks of a piece; as characters of a text all of them are escaped.
const (
	endMark    = "."
	manyMark   = "*"
	otherPiece = "~" // the class of a piece outside of the vocabulary
)

// maxGap is how many different characters in a row a piece holds after its word; those beyond them make a piece without
// a word.
const maxGap = 3

// publicWords belong to addresses and markup, and are kept.
var publicWords = []string{"http", "https", "www", "com", "org", "net", "html", "amp", "quot", "lt", "gt", "nbsp", "apos", "br", "RT"}

// cutPieces cuts the first maxScan bytes of a text into pieces.
func cutPieces(s string) []piece {
	if s = scanned(s); s == "" {
		return nil
	}
	var pieces []piece
	var open piece
	var gap gapWriter
	flush := func() {
		open.gap = gap.close()
		pieces = append(pieces, open)
		open = piece{}
	}
	for _, t := range tokenise(s) {
		size := span(s, t.n)
		word := s[:size]
		s = s[size:]
		if t.class == "" {
			if lit := gapLiteral(t, word); !gap.add(lit) {
				flush()
				gap.add(lit)
			}
			continue
		}
		if open.class != "" || gap.kinds > 0 {
			flush()
		}
		open.class, open.n = wordClass(t, word), t.n
	}
	flush()
	pieces[len(pieces)-1].last = true
	return pieces
}

// scanned returns the part of a text that is cut into pieces, in whole characters.
func scanned(s string) string {
	end := min(len(s), maxScan)
	for back := 0; end < len(s) && back < utf8.UTFMax && !utf8.RuneStart(s[end]); back++ {
		end--
	}
	return s[:end]
}

// span returns how many bytes the first n characters of s take.
func span(s string, n int) int {
	at := 0
	for range n {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	return at
}

func wordClass(t token, word string) string {
	switch {
	case slices.Contains(publicWords, word):
		return `"` + word + `"`
	case t.class == "0":
		return "9"
	}
	return t.script.String() + t.class
}

// gapLiteral is a character between words as in a mask, but that emojis are told from other symbols.
func gapLiteral(t token, s string) string {
	if c, _ := utf8.DecodeRuneInString(s); t.lit == `\u` && c >= 0x1f300 && c <= 0x1faff {
		return `\e`
	}
	return t.lit
}

// A gapWriter joins the characters between two words.
type gapWriter struct {
	b     []byte
	lit   string // the last of them
	run   int    // how often it is there
	kinds int
}

// add takes one more character; it reports false where the piece holds no more.
func (g *gapWriter) add(lit string) bool {
	switch {
	case lit == g.lit:
		if g.run++; g.run == 2 {
			g.b = append(g.b, lit...)
		}
		return true
	case g.kinds == maxGap:
		return false
	}
	g.finishRun()
	g.b = append(g.b, lit...)
	g.lit, g.run = lit, 1
	g.kinds++
	return true
}

// finishRun marks a character that is there three times and more: once, with the mark.
func (g *gapWriter) finishRun() {
	if g.run > 2 {
		g.b = append(g.b[:len(g.b)-len(g.lit)], manyMark...)
	}
}

// close returns the gap and empties the writer.
func (g *gapWriter) close() string {
	g.finishRun()
	gap := string(g.b)
	*g = gapWriter{}
	return gap
}

// A gapRun is a character between words.
type gapRun struct {
	char    string
	escaped bool
	many    bool
}

// cutGapRun cuts the first character off a gap; ok is false when it is none of a gap.
func cutGapRun(gap string) (c gapRun, rest string, ok bool) {
	c.escaped = gap[0] == '\\' && len(gap) > 1
	if c.escaped {
		gap = gap[1:]
	}
	char, size := utf8.DecodeRuneInString(gap)
	c.char, rest = gap[:size], gap[size:]
	rest, c.many = strings.CutPrefix(rest, manyMark)
	if c.escaped {
		return c, rest, strings.Contains(meaningful+"xnrtszcue", c.char)
	}
	return c, rest, c.char == "_" || classify(char) == other && literal(char, size) == c.char
}

// parsePiece inverts [piece.text]; ok is false when the text is none of a piece.
func parsePiece(s string) (p piece, ok bool) {
	if p.class, s = cutClass(s); p.class == otherPiece {
		p.last = s == endMark
		return p, p.last || s == ""
	}
	p.gap, p.last = strings.CutSuffix(s, endMark)
	if p.last && strings.HasSuffix(p.gap, `\`) && !strings.HasSuffix(p.gap, `\\`) {
		p.gap, p.last = s, false // a point of the text
	}
	for rest := p.gap; rest != ""; {
		if _, rest, ok = cutGapRun(rest); !ok {
			return p, false
		}
	}
	return p, p.class != "" || p.gap != ""
}

// cutClass cuts the class off a piece.
func cutClass(s string) (class, rest string) {
	if strings.HasPrefix(s, otherPiece) {
		return s[:1], s[1:]
	}
	for _, w := range publicWords {
		if len(s) > len(w)+1 && s[0] == '"' && s[1+len(w)] == '"' && s[1:1+len(w)] == w {
			return s[:len(w)+2], s[len(w)+2:]
		}
	}
	at := 0
	if c, size := utf8.DecodeRuneInString(s); size > 1 && markedScript(c) != nil {
		at = size
	}
	switch {
	case strings.HasPrefix(s[at:], "Aa"):
		at += 2
	case s[at:] != "" && strings.IndexByte("9aAXhHbBm", s[at]) >= 0:
		at++
	default:
		return "", s
	}
	return s[:at], s[at:]
}

// word returns the piece's word as a run of a mask; ok is false when it has none, or a public one.
func (p piece) word() (run maskRun, ok bool) {
	if p.class == "" || p.class == otherPiece || p.class[0] == '"' {
		return run, false
	}
	run, _, ok = cutRun(p.class, record.Text)
	run.n = p.n
	return run, ok
}

// traits are classes of characters as coarse masks name them, and u for any script.
type traits uint16

const traitMarks = "aAduspnx"

func trait(c byte) traits { return 1 << strings.IndexByte(traitMarks, c) }

// traitsOf reads the classes of a coarse mask.
func traitsOf(classes string) (t traits) {
	for _, c := range classes {
		switch {
		case markedScript(c) != nil:
			t |= trait('u')
		case c < utf8.RuneSelf && strings.IndexByte(traitMarks, byte(c)) >= 0:
			t |= trait(byte(c))
		}
	}
	return t
}

// traits returns the classes of characters that any text of the piece has.
func (p piece) traits() (t traits) {
	run, ok := p.word()
	switch {
	case ok && run.script != nil:
		t = trait('u')
	case ok && run.class == "9":
		t = trait('d')
	case ok && run.class == "a":
		t = trait('a')
	case ok && (run.class == "A" || run.class == "Aa"):
		t = trait('A')
	case ok && run.class == "X":
		t = trait('a') | trait('A')
	case ok:
		t = trait('d') | trait('a')
		if run.class == "H" || run.class == "B" {
			t = trait('d') | trait('A')
		}
		if run.class == "m" {
			t |= trait('A')
		}
	case p.class != "" && p.class != otherPiece:
		t = trait('a')
		if unicode.IsUpper(rune(p.class[1])) {
			t = trait('A')
		}
	}
	for gap := p.gap; gap != ""; {
		var c gapRun
		c, gap, _ = cutGapRun(gap)
		t |= c.trait()
	}
	return t
}

func (c gapRun) trait() traits {
	switch {
	case !c.escaped && c.char == "_":
		return trait('s')
	case c.escaped && (c.char == "n" || c.char == "r"):
		return trait('n')
	case c.escaped && c.char == "x":
		return trait('x')
	}
	return trait('p')
}
