package mess

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/record"
)

// A maskRun is a run as a mask spells it: a script's mark, a class, and how long it is.
type maskRun struct {
	script *script
	class  string
	n      int // characters; 0 for a word of any length
	words  int // of a phrase, at least; 0 when it is no phrase
}

// cutRun reads the run that the mask starts with; ok is false when it starts with none. In JSON's masks letters stand
// for themselves, but for the a+ of strings.
func cutRun(mask string, tag record.Tag) (t maskRun, rest string, ok bool) {
	if tag == record.JSON && mask[0] != '9' && !strings.HasPrefix(mask, "a+") {
		return t, mask, false
	}
	rest = mask
	if c, size := utf8.DecodeRuneInString(mask); size > 1 {
		if t.script = markedScript(c); t.script == nil {
			return t, mask, false
		}
		rest = mask[size:]
	}
	switch {
	case strings.HasPrefix(rest, "Aa"):
		t.class = "Aa"
	case rest != "" && strings.IndexByte("90aAXhHbBm", rest[0]) >= 0:
		t.class = rest[:1]
	default:
		return t, mask, false
	}
	return t.cutLength(rest[len(t.class):])
}

// cutLength reads `{n}`, `+`, `+{n}` or nothing.
func (t maskRun) cutLength(s string) (maskRun, string, bool) {
	short, plus := strings.CutPrefix(s, "+")
	n, rest, ok := cutCount(short)
	switch {
	case ok && plus:
		t.words = n
	case ok:
		t.n = n
	case plus:
		return t, short, true
	default:
		t.n = 1
		return t, s, true
	}
	return t, rest, true
}

// maxCount bounds `{n}`, in bytes.
const maxCount = 22

// cutCount reads `{n}`.
func cutCount(s string) (n int, rest string, ok bool) {
	if !strings.HasPrefix(s, "{") {
		return 0, s, false
	}
	end := strings.IndexByte(s[:min(len(s), maxCount)], '}')
	if end < 0 {
		return 0, s, false
	}
	n, err := strconv.Atoi(s[1:end])
	return min(n, maxRun), s[end+1:], err == nil && n > 0
}

// run writes a run; alone when nothing else is in the cell.
func (f *filler) run(t maskRun, alone bool) {
	switch {
	case t.words > 0:
		f.phrase(t)
	case t.n > 0:
		f.class(t, alone)
	default:
		t.n = max(wordLength(f.r), shortest(t.class))
		f.class(t, alone)
	}
}

// shortest returns how many letters a class of case needs to be told from the others.
func shortest(class string) int {
	if class == "Aa" || class == "X" {
		return 2
	}
	return 1
}

// phrase writes t.words to twice as many words, with single spaces between them. As many as would not be described
// exactly any more are kept few and short.
func (f *filler) phrase(t maskRun) {
	words, longest := t.words+f.r.Int(t.words), maxRun
	if words > maxScan/16 {
		words, longest = t.words, max(shortest(t.class), maxScan/t.words-1)
	}
	for i := range words {
		w := t
		w.n = min(max(wordLength(f.r), shortest(t.class)), longest)
		if t.class == "a" && i == 0 {
			w.class, w.n = "Aa", max(w.n, 2) // sentences start upper
		}
		if i > 0 {
			f.b = append(f.b, ' ')
		}
		if t.script == latin && i > 0 && f.r.Int(3) > 0 {
			w.script = nil // not every word has an accent
		}
		f.class(w, false)
	}
}

// class writes t.n characters of a class. A number does not start with 0, in JSON and where that is a class of its own.
func (f *filler) class(t maskRun, alone bool) {
	switch t.class {
	case "9":
		f.digits(t.n, t.n > 1 && (alone || f.tag != record.Text))
	case "0":
		f.b = append(f.b, '0')
		f.digits(t.n-1, false)
	case "a", "A", "Aa", "X":
		f.b = appendLetters(f.b, t.class, t.script, t.n, f.r)
	default:
		f.mixed(t.class, t.n)
	}
}

func (f *filler) digits(n int, noZero bool) {
	for i := range n {
		if i == 0 && noZero {
			f.b = append(f.b, byte('1'+f.r.Int(9)))
			continue
		}
		f.b = append(f.b, byte('0'+f.r.Int(10)))
	}
}

const (
	lowerHex  = "0123456789abcdef"
	alphanums = "0123456789abcdefghijklmnopqrstuvwxyz"
)

// mixed writes letters and digits that are of the class: drawn until they are, or else made to be.
func (f *filler) mixed(class string, n int) {
	from := alphanums
	if class == "h" || class == "H" {
		from = lowerHex
	}
	start := len(f.b)
	var buf [8]token
	for range 8 {
		f.b = f.b[:start]
		for range n {
			f.b = append(f.b, f.inCase(class, from[f.r.Int(len(from))]))
		}
		if t := appendWord(buf[:0], string(f.b[start:])); len(t) == 1 && t[0].class == class {
			return
		}
	}
	if n < 3 {
		return // no text has such a run
	}
	// A letter, a digit, anything, a letter; past f, and in both cases, where the class says so.
	letters := alphanums[16:]
	if from == lowerHex {
		letters = lowerHex[10:]
	}
	first, last := letters[f.r.Int(len(letters))], letters[f.r.Int(len(letters))]
	f.b[start+1] = byte('0' + f.r.Int(10))
	if class == "m" {
		f.b[start], f.b[start+n-1] = first-'a'+'A', last
		return
	}
	f.b[start], f.b[start+n-1] = f.inCase(class, first), f.inCase(class, last)
}

// inCase puts a letter in the case that a mixed run has.
func (f *filler) inCase(class string, c byte) byte {
	if c >= 'a' && (class == "H" || class == "B" || class == "m" && f.r.Int(2) == 0) {
		c -= 'a' - 'A'
	}
	return c
}
