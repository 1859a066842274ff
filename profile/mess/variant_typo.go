package mess

import "strings"

// maxEdits returns how many edits apart from a word a text may be, by its letters.
func maxEdits(letters int) int {
	switch {
	case letters < minTypoLetters:
		return 0
	case letters < 2*minTypoLetters:
		return 1
	}
	return 2
}

// An editKind is what a typist did to a word.
type editKind uint8

const (
	editSwap editKind = iota
	editSub
	editDrop
	editAdd
)

// An edit is one mistake: at a position of the word, and of the text.
type edit struct {
	kind     editKind
	word, at int
}

// advance returns how many characters of the word and of the text an edit takes.
func (k editKind) advance() (word, text int) {
	switch k {
	case editSwap:
		return 2, 2
	case editSub:
		return 1, 1
	case editDrop:
		return 1, 0
	}
	return 0, 1
}

// edits are up to two, in order.
type edits struct {
	list [2]edit
	n    int
}

// diff finds up to left edits that make t of w, from positions i and j on (optimal string alignment, in which equal starts
// are never edited). It tries at most 4^left ways.
func (x *edits) diff(w, t []rune, i, j, left int) bool {
	for i < len(w) && j < len(t) && w[i] == t[j] {
		i++
		j++
	}
	more := (len(t) - j) - (len(w) - i)
	switch {
	case i == len(w) && j == len(t):
		return true
	case more > left || -more > left || left == 0:
		return false
	}
	for _, k := range [...]editKind{editSwap, editSub, editDrop, editAdd} {
		dw, dt := k.advance()
		if i+dw > len(w) || j+dt > len(t) || k == editSwap && (w[i] != t[j+1] || w[i+1] != t[j]) {
			continue
		}
		x.list[x.n] = edit{k, i, j}
		x.n++
		if x.diff(w, t, i+dw, j+dt, left-1) {
			return true
		}
		x.n--
	}
	return false
}

// maxMistyped is how many runs of a text may be mistyped, and maxPhrases how many texts with some of them put right are
// looked up.
const (
	maxMistyped = 2
	maxPhrases  = 256
)

// matchTypo matches a text with one or two mistakes, or one that scanners make.
func (v *Vocabulary) matchTypo(t *loose, room int) (match, bool) {
	if len(t.lowered) < minTypoLetters-1 || len(t.lowered) > maxVariantWord {
		return match{}, false
	}
	one, two := nearest{room: room}, nearest{room: room}
	v.eachPhrase(t, func(phrase []byte) {
		for _, i := range v.loose[string(phrase)] {
			e := &v.entries[i]
			var x edits
			if x.diff(e.lowered, t.lowered, 0, 0, 1) {
				one.offer(i, e, t, &x)
			} else if maxEdits(e.letters) == 2 && x.diff(e.lowered, t.lowered, 0, 0, 2) {
				two.offer(i, e, t, &x)
			}
		}
	})
	if one.ops > 0 {
		return one.match, true
	}
	if m, ok := v.matchScan(t, room); ok {
		return m, true
	}
	return two.match, two.ops > 0
}

// nearest keeps the match with the fewest ops, the first word of those.
type nearest struct {
	match match
	word  int32
	ops   int // 0 before there is one
	room  int
}

func (n *nearest) offer(i int32, e *entry, t *loose, x *edits) {
	o, ok := typoOps(e, t, x)
	if k := o.len(); ok && k <= n.room && (n.ops == 0 || k < n.ops || k == n.ops && i < n.word) {
		*n = nearest{match{i, o}, i, k, n.room}
	}
}

// typoOps names the edits that made a text of a word, and how it differs otherwise.
func typoOps(e *entry, t *loose, x *edits) (ops, bool) {
	typo, ok := nameEdits(e.lowered, t.lowered, x)
	if !ok || x.n == 0 {
		return ops{}, false
	}
	var o ops
	space, ok := t.spaceOp(e)
	if !ok {
		return ops{}, false
	}
	cased := opNone
	if !sameCase(e.cased, t.cased, x) {
		cased = caseOp(t.cased)
	}
	return o, o.push(space) && o.push(cased) && o.push(typo)
}

// spaceOp is how the text's spaces differ from the word's where letters differ too.
func (t *loose) spaceOp(e *entry) (op, bool) {
	if len(e.split.parts) == len(t.split.parts) {
		return gapOp(e.split.gaps, t.split.gaps), true
	}
	for _, g := range t.split.gaps[1 : len(t.split.gaps)-1] {
		if g != " " {
			return opNone, false
		}
	}
	return gapOp(e.split.edges(), t.split.edges()), true
}

// sameCase reports whether the characters that were not edited are equal with their case.
func sameCase(w, t []rune, x *edits) bool {
	i, j := 0, 0
	for _, e := range x.list[:x.n] {
		for ; i < e.word; i, j = i+1, j+1 {
			if w[i] != t[j] {
				return false
			}
		}
		dw, dt := e.kind.advance()
		i, j = i+dw, j+dt
	}
	for ; i < len(w); i, j = i+1, j+1 {
		if w[i] != t[j] {
			return false
		}
	}
	return true
}

// nameEdits returns the op of one or two edits. Digits are no typos: a text has the word's, but for what a scanner takes for
// a letter inside of a word, or the reverse.
func nameEdits(w, t []rune, x *edits) (op, bool) {
	var names [2]op
	scanned := false
	for i, e := range x.list[:x.n] {
		name, ok := nameEdit(w, t, e)
		if !ok || !roomFor(w, x, i) {
			return opNone, false
		}
		names[i] = name
		scanned = scanned || name == opOCR && besideLetter(w, e.word)
	}
	switch {
	case !sameDigits(w, t) && !(scanned && x.n == 1):
		return opNone, false
	case x.n == 1 || names[0] == opX && names[1] == opX:
		return names[0], true
	}
	return opTwo, true
}

// roomFor reports whether the run of letters that an edit is in is long enough for it, and for the other if that is there
// too: the short parts of a word, as in TX-12 and West Lawn, are as easily another's.
func roomFor(w []rune, x *edits, i int) bool {
	start, end := runAt(w, x.list[i].word)
	if x.list[i].kind != editSub && x.list[i].kind != editDrop { // between two characters
		before := max(0, x.list[i].word-1)
		if x.list[i].kind == editSwap {
			before = x.list[i].word + 1
		}
		if s, e := runAt(w, before); e-s > end-start {
			start, end = s, e
		}
	}
	n := 0
	for _, e := range x.list[:x.n] {
		if e.word >= start && e.word <= end {
			n++
		}
	}
	return n <= maxEdits(end-start)
}

// runAt returns the bounds of the run of letters around a position; a digit among them, as a scanner reads it, is one.
func runAt(w []rune, at int) (start, end int) {
	in := func(i int) bool {
		return i >= 0 && i < len(w) && (w[i] < 0x2e80 && isLetter(w[i]) || isDigitRune(w[i]) && i == at)
	}
	if !in(at) {
		return at, at
	}
	for start, end = at, at+1; in(start - 1); start-- {
	}
	for ; in(end); end++ {
	}
	return start, end
}

func nameEdit(w, t []rune, e edit) (op, bool) {
	switch e.kind {
	case editSwap:
		return opSwap, isLetter(w[e.word]) || isLetter(w[e.word+1])
	case editDrop:
		return opDrop, isLetter(w[e.word])
	case editAdd:
		c := t[e.at]
		if e.at > 0 && t[e.at-1] == c || e.at+1 < len(t) && t[e.at+1] == c {
			return opDoubled, isLetter(c)
		}
		return opAdd, isLetter(c)
	}
	from, to := w[e.word], t[e.at]
	switch {
	case scannedAlike(from, to):
		return opOCR, true
	case !isLetter(from):
		return opNone, false
	case to == 'x':
		return opX, true
	case beside(from, to):
		return opKey, true
	}
	return opSub, true
}

func besideLetter(w []rune, i int) bool {
	return i > 0 && isLetter(w[i-1]) || i+1 < len(w) && isLetter(w[i+1])
}

// sameDigits reports whether two texts have the same digits in the same order.
func sameDigits(a, b []rune) bool {
	i, j := 0, 0
	for {
		for i < len(a) && !isDigitRune(a[i]) {
			i++
		}
		for j < len(b) && !isDigitRune(b[j]) {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		if a[i] != b[j] {
			return false
		}
		i++
		j++
	}
}

// scans are single characters that scanners confuse, two by two.
const scans = "o0 l1 i1 il s5 b8 z2 ce uv gq"

func scannedAlike(a, b rune) bool {
	for p := range strings.SplitSeq(scans, " ") {
		x, y := rune(p[0]), rune(p[1])
		if a == x && b == y || a == y && b == x {
			return true
		}
	}
	return false
}

// scanPairs are two letters that scanners take for one, and the one.
var scanPairs = [...][2]string{{"rn", "m"}, {"cl", "d"}, {"vv", "w"}, {"li", "h"}}

// matchScan matches a text in which two letters became one, or one two.
func (v *Vocabulary) matchScan(t *loose, room int) (match, bool) {
	s := string(t.lowered)
	for _, p := range scanPairs {
		for _, q := range [...][2]string{{p[0], p[1]}, {p[1], p[0]}} {
			for at := 0; ; {
				i := strings.Index(s[at:], q[1])
				if i < 0 {
					break
				}
				at += i
				word := s[:at] + q[0] + s[at+len(q[1]):]
				if m, ok := v.best(v.loose[word], room, func(e *entry) (ops, bool) { return scanOps(e, t) }); ok {
					return m, true
				}
				at += len(q[1])
			}
		}
	}
	return match{}, false
}

// scanOps is for a text that has a word's letters but for a pair that was misread.
func scanOps(e *entry, t *loose) (ops, bool) {
	space, ok := t.spaceOp(e)
	if !ok || e.letters < minTypoLetters {
		return ops{}, false
	}
	cased := opNone
	if a, b := caseOp(e.cased), caseOp(t.cased); a != b {
		cased = b
	}
	var o ops
	return o, o.push(space) && o.push(cased) && o.push(opOCR)
}

// keyboard is the letters of a QWERTY keyboard; each row starts a little further right than the one above.
var keyboard = [...]string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}

// keyPlace returns where a letter's key is: its row, and its column in quarters of a key.
func keyPlace(c rune) (row, column int, ok bool) {
	for i, keys := range keyboard {
		if at := strings.IndexRune(keys, c); at >= 0 {
			return i, 4*at + [...]int{0, 1, 3}[i], true
		}
	}
	return 0, 0, false
}

// beside reports whether two letters' keys touch.
func beside(a, b rune) bool {
	r, c, ok := keyPlace(a)
	s, d, ok2 := keyPlace(b)
	if !ok || !ok2 || a == b {
		return false
	}
	dr, dc := max(r-s, s-r), max(c-d, d-c)
	return dr == 0 && dc == 4 || dr == 1 && dc <= 3
}
