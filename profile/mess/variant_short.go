package mess

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longForms are what is commonly shortened, and how: the first short form is the usual one. Both start with one letter.
var longForms = func() map[string][]string {
	m := map[string][]string{}
	for pair := range strings.SplitSeq(`street st str|avenue ave av|road rd|drive dr|lane ln|court ct|place pl|square sq|boulevard blvd|
highway hwy|parkway pkwy|circle cir|terrace ter|suite ste|apartment apt|building bldg|floor fl|room rm|north n|south s|east e|
west w|northeast ne|northwest nw|southeast se|southwest sw|saint st|mount mt|fort ft|point pt|heights hts|township twp|county co cty|
department dept dpt|university univ uni|college coll|school sch|elementary elem|institute inst|hospital hosp|center ctr|centre ctr|
medical med|memorial mem|community comm|regional reg|general gen gnl|company co|corporation corp|incorporated inc|limited ltd|
international intl int|national natl nat|association assn assoc|brothers bros|manufacturing mfg|services svcs|service svc|
government govt gov|administration admin|management mgmt mgt|manager mgr|director dir|assistant asst|associate assoc|secretary sec|
engineering eng engr|engineer eng|technical tech|technology tech|information info|education ed educ|research res|development dev|
number no nr|and &|junior jr|senior sr|doctor dr|professor prof|captain capt|january jan|february feb|march mar|april apr|august aug|
september sept sep|october oct|november nov|december dec|monday mon|tuesday tue tues|wednesday wed|thursday thu thurs|friday fri|
saturday sat|sunday sun|minimum min|maximum max|average avg|approximately approx|quantity qty|package pkg|pieces pcs|piece pc|
pound lb|ounce oz|hours hrs|hour hr|minutes mins|month mo|years yrs|year yr|avenida av|strasse str|straße str`, "|") {
		words := strings.Fields(pair)
		m[words[0]] = append(m[words[0]], words[1:]...)
	}
	return m
}()

// shortForms are the forms in longForms.
var shortForms = func() map[string]bool {
	m := map[string]bool{}
	for _, list := range longForms {
		for _, s := range list {
			m[s] = true
		}
	}
	return m
}()

// initialsOf returns the first letters of a text's parts, in lower case; & counts as a.
func initialsOf(parts []string) string {
	b := make([]byte, 0, 32)
	for _, p := range parts {
		c, _ := utf8.DecodeRuneInString(p)
		if c == '&' {
			c = 'a'
		}
		b = utf8.AppendRune(b, lowerRune(c))
	}
	return string(b)
}

// lowerParts returns a text's parts without case.
func lowerParts(parts []string) []string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = strings.ToLower(p)
	}
	return out
}

// matchShort matches a text whose words are abbreviated, or spelled out where the word has abbreviations, or that is the
// initials of a word of three parts or more.
func (v *Vocabulary) matchShort(t *loose, room int) (match, bool) {
	if len(t.split.parts) == 1 {
		if m, ok := v.matchInitials(t, room); ok {
			return m, true
		}
	}
	if len(t.split.parts) == 0 {
		return match{}, false
	}
	if !slices.ContainsFunc(t.split.parts, func(p string) bool { return strings.HasSuffix(p, ".") || usual(p) }) {
		return match{}, false
	}
	parts := lowerParts(t.split.parts)
	return v.best(v.initials[initialsOf(parts)], room, func(e *entry) (ops, bool) { return shortOps(e, t, parts) })
}

// usual reports whether a part is commonly shortened, or is a short form.
func usual(part string) bool {
	var buf [16]byte
	if len(part) > len(buf) {
		return false
	}
	for i := range len(part) {
		buf[i] = byte(lowerRune(rune(part[i]))) // of ASCII; no other is looked for with success
	}
	lower := buf[:len(part)]
	return shortForms[string(lower)] || longForms[string(lower)] != nil
}

// shortOps compares a text with a word part by part.
func shortOps(e *entry, t *loose, parts []string) (ops, bool) {
	if len(e.split.parts) != len(parts) || e.letters < minTypoLetters {
		return ops{}, false
	}
	kind, cased := opNone, opNone
	for i, p := range parts {
		word := strings.ToLower(e.split.parts[i])
		how, ok := shorten(word, p)
		if !ok || how != opNone && kind != opNone && how != kind {
			return ops{}, false
		}
		if how != opNone {
			kind = how
		} else if strings.TrimSuffix(e.split.parts[i], ".") != strings.TrimSuffix(t.split.parts[i], ".") {
			cased = caseOp(t.cased)
		}
	}
	if a, b := caseOp(e.cased), caseOp(t.cased); cased == opNone && a != b && (b == opLower || b == opUpper) {
		cased = b
	}
	var o ops
	return o, kind != opNone && o.push(gapOp(e.split.gaps, t.split.gaps)) && o.push(cased) && o.push(kind)
}

// shorten says how a part of a text, without case, comes from the word's part: not at all, shorter, or longer.
func shorten(word, part string) (op, bool) {
	w, p := strings.TrimSuffix(word, "."), strings.TrimSuffix(part, ".")
	switch {
	case w == p:
		return opNone, true
	case slices.Contains(longForms[w], p):
		return opAbbr, true
	case slices.Contains(longForms[p], w):
		return opLong, true
	case p != part && p != "" && strings.HasPrefix(w, p) && !strings.ContainsFunc(w, unicode.IsDigit) && utf8.RuneCountInString(w) > utf8.RuneCountInString(p)+1:
		return opAbbr, true
	}
	return opNone, false
}

// minInitials is how many initials stand for a word: two could be anything.
const minInitials = 3

func (v *Vocabulary) matchInitials(t *loose, room int) (match, bool) {
	letters := strings.ReplaceAll(t.split.parts[0], ".", "")
	n := utf8.RuneCountInString(letters)
	if n < minInitials || n > 8 || strings.ContainsFunc(letters, func(c rune) bool { return !isLetter(c) }) {
		return match{}, false
	}
	return v.best(v.initials[strings.ToLower(letters)], room, func(e *entry) (ops, bool) {
		var o ops
		cased := opNone
		if firsts(e.split.parts) != letters {
			cased = caseOp([]rune(letters))
		}
		return o, len(e.split.parts) == n && o.push(gapOp(e.split.edges(), t.split.edges())) && o.push(cased) && o.push(opInitials)
	})
}

// firsts returns the first characters of parts.
func firsts(parts []string) string {
	var b strings.Builder
	for _, p := range parts {
		c, _ := utf8.DecodeRuneInString(p)
		b.WriteRune(c)
	}
	return b.String()
}

// A cut leaves minCut characters at least, and is of minLost or more: one that is missing is a typo. A start that more than
// maxCutWords words share is the cut of none.
const (
	minCut      = 4
	minLost     = 2
	maxCutWords = 8
)

// matchCut matches the start of a word, which ends within one of its parts: a name of fewer parts is a name of its own.
func (v *Vocabulary) matchCut(t *loose, room int) (match, bool) {
	if countLetters(t.lowered) < minCut || !v.knownButLast(t) {
		return match{}, false
	}
	key := string(t.lowered)
	at, _ := slices.BinarySearchFunc(v.sorted, key, func(i int32, key string) int { return strings.Compare(v.entries[i].loose, key) })
	var found []int32
	for _, i := range v.sorted[at:] {
		if !strings.HasPrefix(v.entries[i].loose, key) {
			break
		}
		if found = append(found, i); len(found) > maxCutWords {
			return match{}, false
		}
	}
	slices.Sort(found)
	return v.best(found, room, func(e *entry) (ops, bool) { return cutOps(e, t) })
}

// knownButLast reports whether all runs of a text are some word's, but for the last.
func (v *Vocabulary) knownButLast(t *loose) bool {
	var buf [maxVariantWord * 2]byte
	runs := appendRuns(make([]bounds, 0, 16), t.lowered)
	return len(runs) > 0 && !slices.ContainsFunc(runs[:len(runs)-1], func(b bounds) bool {
		return !v.typos.known[string(appendString(buf[:0], t.lowered[b.start:b.end]))]
	})
}

func cutOps(e *entry, t *loose) (ops, bool) {
	n := len(t.lowered)
	if len(e.lowered) < n+minLost || !isLetter(e.lowered[n-1]) || !isLetter(e.lowered[n]) || slices.ContainsFunc(e.lowered[n:], isDigitRune) {
		return ops{}, false
	}
	cased := opNone
	if !slices.Equal(e.cased[:n], t.cased) {
		cased = caseOp(t.cased)
	}
	space, ok := t.spaceOp(e)
	var o ops
	return o, ok && o.push(space) && o.push(cased) && o.push(opCut)
}
