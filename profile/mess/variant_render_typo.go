package mess

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// drawLetter draws the position of a letter that satisfies the condition, or −1. First letters are seldom mistyped
// (Yannakoudakis & Fawthrop 1983), so one is drawn again.
func drawLetter(s []rune, is func(rune) bool, r *Rand) int {
	var at []int
	for i, c := range s {
		if isLetter(c) && is(lowerRune(c)) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return -1
	}
	i := at[r.Int(len(at))]
	if i == 0 || !isLetter(s[i-1]) {
		i = at[r.Int(len(at))]
	}
	return i
}

func anyLetter(rune) bool { return true }

// likeCase writes a letter in the case of another.
func likeCase(c, as rune) rune {
	if classify(as) == upper {
		return unicode.ToUpper(c)
	}
	return c
}

// otherLetter draws a letter of the script that a letter is of.
func otherLetter(c rune, r *Rand) rune {
	if s := scriptOf(c); s != nil && s != latin {
		return likeCase(s.letters[r.Int(len(s.letters))], c)
	}
	return likeCase('a'+rune(r.Int(26)), c)
}

func replaced(s []rune, at int, c rune) string {
	out := slices.Clone(s)
	out[at] = c
	return string(out)
}

func makeSub(s string, r *Rand) (string, bool) {
	t := []rune(s)
	at := drawLetter(t, anyLetter, r)
	if at < 0 {
		return "", false
	}
	return replaced(t, at, otherLetter(t[at], r)), true
}

// makeX writes an x for a letter, and sometimes for another.
func makeX(s string, r *Rand) (string, bool) {
	t := []rune(s)
	at := drawLetter(t, func(c rune) bool { return c != 'x' }, r)
	if at < 0 {
		return "", false
	}
	t[at] = likeCase('x', t[at])
	if at = drawLetter(t, func(c rune) bool { return c != 'x' }, r); at >= 0 && r.Int(4) == 0 {
		t[at] = likeCase('x', t[at])
	}
	return string(t), true
}

func makeKey(s string, r *Rand) (string, bool) {
	t := []rune(s)
	at := drawLetter(t, func(c rune) bool { _, _, ok := keyPlace(c); return ok }, r)
	if at < 0 {
		return "", false
	}
	var near []rune
	for c := 'a'; c <= 'z'; c++ {
		if beside(lowerRune(t[at]), c) {
			near = append(near, c)
		}
	}
	return replaced(t, at, likeCase(near[r.Int(len(near))], t[at])), true
}

// makeOCR misreads a pair of letters or one character.
func makeOCR(s string, r *Rand) (string, bool) {
	if p := scanPairs[r.Int(len(scanPairs))]; r.Int(2) == 0 {
		for _, q := range [...][2]string{p, {p[1], p[0]}} {
			if n := strings.Count(s, q[0]); n > 0 {
				at := nth(s, q[0], r.Int(n))
				return s[:at] + q[1] + s[at+len(q[0]):], true
			}
		}
	}
	t := []rune(s)
	var at []int
	for i, c := range t {
		if strings.ContainsRune(scans, lowerRune(c)) && c != ' ' && besideLetter(t, i) {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return "", false
	}
	i := at[r.Int(len(at))]
	var alike []rune
	for _, c := range scans {
		if scannedAlike(lowerRune(t[i]), c) && !slices.Contains(alike, c) {
			alike = append(alike, c)
		}
	}
	return replaced(t, i, likeCase(alike[r.Int(len(alike))], t[i])), true
}

// nth returns where the n-th occurrence of sub in s is, from 0.
func nth(s, sub string, n int) int {
	at := 0
	for ; ; n-- {
		at += strings.Index(s[at:], sub)
		if n == 0 {
			return at
		}
		at += len(sub)
	}
}

func makeSwap(s string, r *Rand) (string, bool) {
	t := []rune(s)
	at := drawLetter(t, anyLetter, r)
	if at < 0 || at+1 >= len(t) || lowerRune(t[at]) == lowerRune(t[at+1]) {
		return s, at >= 0 // there may be another to swap
	}
	a, b := t[at], t[at+1]
	if classify(a) == upper && classify(b) == lower { // the shift key keeps its place
		a, b = lowerRune(a), unicode.ToUpper(b)
	}
	t[at], t[at+1] = b, a
	return string(t), true
}

func makeDrop(s string, r *Rand) (string, bool) {
	t := []rune(s)
	at := drawLetter(t, anyLetter, r)
	if at < 0 {
		return "", false
	}
	return string(slices.Delete(t, at, at+1)), true
}

func makeDoubled(s string, r *Rand) (string, bool) {
	t := []rune(s)
	at := drawLetter(t, anyLetter, r)
	if at < 0 {
		return "", false
	}
	c := t[at]
	if classify(c) == upper && at+1 < len(t) && classify(t[at+1]) == lower {
		c = lowerRune(c)
	}
	return string(slices.Insert(t, at+1, c)), true
}

// makeAdd adds a letter behind another, mostly one whose key is beside its.
func makeAdd(s string, r *Rand) (string, bool) {
	t := []rune(s)
	at := drawLetter(t, anyLetter, r)
	if at < 0 {
		return "", false
	}
	c := otherLetter(t[at], r)
	for range 8 {
		if beside(lowerRune(t[at]), lowerRune(c)) {
			break
		}
		c = otherLetter(t[at], r)
	}
	if at+1 < len(t) && classify(t[at+1]) == lower {
		c = lowerRune(c)
	}
	return string(slices.Insert(t, at+1, c)), true
}

// makeTwo makes two typos.
func makeTwo(s string, r *Rand) (string, bool) {
	shares, _ := openShares(AnyVariant + layerNames[layerTypo])
	shares[opTwo] = 0
	ok := maxEdits(countLetters([]rune(s))) > 1
	for range 2 {
		if ok {
			s, ok = specs[drawOp(&shares, r)[0]].make(s, r)
		}
	}
	return s, ok
}

// makeAbbr shortens one part or all that have a usual short form, else one of five letters or more.
func makeAbbr(s string, r *Rand) (string, bool) {
	p := splitSpaces(s)
	var usual, long []int
	for i, part := range p.parts {
		switch {
		case longForms[strings.ToLower(part)] != nil:
			usual = append(usual, i)
		case utf8.RuneCountInString(part) >= 5 && !strings.ContainsFunc(part, func(c rune) bool { return !isLetter(c) }):
			long = append(long, i)
		}
	}
	dot := []string{"", "."}[r.Int(2)]
	switch {
	case len(usual) > 0:
		if r.Int(2) == 0 {
			usual = usual[:1]
		}
		for _, i := range usual {
			short := longForms[strings.ToLower(p.parts[i])]
			p.parts[i] = matchCase(short[r.Int(len(short))], p.parts[i]) + dot
		}
	case len(long) > 0:
		i := long[r.Int(len(long))]
		letters := []rune(p.parts[i])
		p.parts[i] = string(letters[:1+r.Int(min(4, len(letters)-2))]) + "."
	default:
		return "", false
	}
	return p.join(), true
}

// makeLong spells out the parts that are usual short forms.
func makeLong(s string, r *Rand) (string, bool) {
	p := splitSpaces(s)
	found := false
	for i, part := range p.parts {
		short := strings.TrimSuffix(strings.ToLower(part), ".")
		if !shortForms[short] {
			continue
		}
		var list []string
		for word, shorts := range longForms {
			if slices.Contains(shorts, short) {
				list = append(list, word)
			}
		}
		slices.Sort(list) // maps have no order
		p.parts[i] = matchCase(list[r.Int(len(list))], part)
		found = true
	}
	return p.join(), found
}

// matchCase writes a lower-case word in the case of another: upper, title, or as it is.
func matchCase(word, as string) string {
	switch letters := []rune(as); caseOp(letters) {
	case opUpper:
		if len(letters) == 1 || strings.HasSuffix(as, ".") && len(letters) == 2 {
			out, _ := makeTitle(word, nil)
			return out
		}
		return strings.ToUpper(word)
	case opTitle, opSentence:
		out, _ := makeTitle(word, nil)
		return out
	}
	return word
}

// join puts a text together again.
func (p split) join() string {
	var b strings.Builder
	for i, part := range p.parts {
		b.WriteString(p.gaps[i])
		b.WriteString(part)
	}
	b.WriteString(p.gaps[len(p.gaps)-1])
	return b.String()
}

func makeInitials(s string, r *Rand) (string, bool) {
	p := splitSpaces(s)
	letters := firsts(p.parts)
	if len(p.parts) < minInitials {
		return "", false
	}
	if r.Int(4) > 0 {
		return letters, true
	}
	var b strings.Builder
	for _, c := range letters {
		b.WriteRune(c)
		b.WriteByte('.')
	}
	return b.String(), true
}

func makeCut(s string, r *Rand) (string, bool) {
	t := []rune(s)
	if len(t) < minCut+minLost {
		return "", false
	}
	return string(t[:minCut+r.Int(len(t)-minCut-minLost+1)]), true
}
