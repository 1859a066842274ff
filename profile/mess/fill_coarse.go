package mess

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCoarse bounds the length that a coarse mask is filled to, in characters; fewer than twice as many are written.
const maxCoarse = 1 << 13

// A coarse is a coarse mask: a length and classes of characters.
type coarse struct {
	n       int    // characters, at least
	letters []byte // classes that words are made of, 'u' for the script's letters
	gaps    []byte // classes between words
	all     []byte // both
	script  *script
}

func compileCoarse(mask string) *coarse {
	classes := strings.TrimLeft(mask, "0123456789")
	n, _ := strconv.Atoi(mask[:len(mask)-len(classes)]) // past int's range it is the largest int
	c := &coarse{n: min(max(n, 1), maxCoarse)}
	c.letters, c.gaps, c.script = coarseClasses(classes)
	if len(c.letters)+len(c.gaps) == 0 {
		c.letters = []byte{'a'}
	}
	c.all = slices.Concat(c.letters, c.gaps)
	return c
}

// coarse makes up text of a mask's length, of the classes it names and no others, each at least once.
func (f *filler) coarse(m *coarse) {
	plan := f.plan(m, max(m.n+f.r.Int(m.n), len(m.all)))
	spell, foreign := newSpeller(nil, f.r), newSpeller(m.script, f.r)
	for _, c := range plan {
		switch c {
		case 'a':
			f.b = append(f.b, byte(spell.next(false, f.r)))
		case 'A':
			f.b = append(f.b, byte(unicode.ToUpper(spell.next(false, f.r))))
		case 'u':
			f.b = utf8.AppendRune(f.b, foreign.next(true, f.r))
		case 'd':
			f.b = append(f.b, byte('0'+f.r.Int(10)))
		case 's':
			f.b = append(f.b, ' ')
		case 'n':
			f.b = append(f.b, '\n')
		case 'x':
			f.b = append(f.b, 0x92)
		default:
			f.b = append(f.b, ",.-/&("[f.r.Int(6)])
		}
	}
}

// coarseClasses sorts the classes of a coarse mask into those that words are made of, 'u' for a script's letters, and those
// between words. Each is taken once.
func coarseClasses(classes string) (letters, gaps []byte, script *script) {
	for _, c := range classes {
		switch {
		case strings.ContainsRune("aAd", c) && !strings.ContainsRune(string(letters), c):
			letters = append(letters, byte(c))
		case strings.ContainsRune("spnx", c) && !strings.ContainsRune(string(gaps), c):
			gaps = append(gaps, byte(c))
		case script == nil && markedScript(c) != nil:
			script = markedScript(c)
			letters = append(letters, 'u')
		}
	}
	return letters, gaps, script
}

// plan lays out n characters: words of one class each, single characters between them, then every class that has not
// come up in place of one that has come up more than once.
func (f *filler) plan(m *coarse, n int) []byte {
	plan, letters, gaps := make([]byte, 0, n), m.letters, m.gaps
	for len(plan) < n {
		if len(letters) > 0 {
			c := letters[f.r.Int(len(letters))]
			for i := min(wordLength(f.r), n-len(plan)); i > 0; i-- {
				plan = append(plan, c)
			}
		}
		if len(gaps) > 0 && len(plan) < n {
			plan = append(plan, f.gap(gaps))
		}
	}
	var count [128]int
	for _, c := range plan {
		count[c]++
	}
	for _, c := range m.all {
		for at := f.r.Int(n); count[c] == 0; at = (at + 1) % n {
			if was := plan[at]; count[was] > 1 {
				plan[at] = c
				count[was]--
				count[c]++
			}
		}
	}
	return plan
}

// gap draws what stands between two words: mostly a space, where there are spaces.
func (f *filler) gap(gaps []byte) byte {
	if gaps[0] == 's' && f.r.Int(4) > 0 {
		return 's'
	}
	return gaps[f.r.Int(len(gaps))]
}
