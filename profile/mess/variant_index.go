package mess

import (
	"slices"
	"unicode/utf8"
)

// typoPrefix is how many of a run's first characters are indexed.
const typoPrefix = 7

// A typoIndex finds what a mistyped run of letters and digits may stand for, from the runs of all words: by what is left of
// the starts of both when up to two characters are deleted (symmetric deletes on prefixes, as in Garbe's SymSpell). Runs are
// far fewer than words and are mistyped one by one, so that words which share most of their runs cost nothing.
type typoIndex struct {
	known   map[string]bool
	runs    [][]rune           // those that may be mistyped
	edits   []int              // how often, for each
	deletes map[uint64][]int32 // by what is left; a collision costs a comparison
	filter  []uint64           // a bit for each key of deletes, by its hash: most that is looked up is not there
}

// filterBits is how many bits the filter has for each key, at least: so one in sixteen look-ups passes in vain.
const filterBits = 16

func (x *typoIndex) fillFilter() {
	x.filter = make([]uint64, bucket(max(1, len(x.deletes)*filterBits/64))*2)
	for h := range x.deletes {
		word, bit := x.filterAt(h)
		x.filter[word] |= bit
	}
}

func (x *typoIndex) filterAt(h uint64) (word int, bit uint64) {
	h ^= h >> 29
	return int(h >> 6 & uint64(len(x.filter)-1)), 1 << (h & 63)
}

func newTypoIndex(entries []entry) typoIndex {
	x := typoIndex{known: map[string]bool{}, deletes: map[uint64][]int32{}}
	for i := range entries {
		for _, b := range appendRuns(nil, entries[i].lowered) {
			x.add(entries[i].lowered[b.start:b.end])
		}
	}
	x.fillFilter()
	return x
}

func (x *typoIndex) add(run []rune) {
	if x.known[string(run)] {
		return
	}
	x.known[string(run)] = true
	d := maxEdits(countLetters(run))
	if d == 0 {
		return
	}
	i := int32(len(x.runs))
	x.runs, x.edits = append(x.runs, run), append(x.edits, d)
	eachDelete(run, d, func(h uint64) {
		if list := x.deletes[h]; len(list) == 0 || list[len(list)-1] != i {
			x.deletes[h] = append(list, i)
		}
	})
}

// bounds are where a run starts and ends.
type bounds struct{ start, end int }

// appendRuns appends the runs of letters and digits of a text.
func appendRuns(out []bounds, s []rune) []bounds {
	for i := 0; i < len(s); i++ {
		if classify(s[i]) == other {
			continue
		}
		start := i
		for i < len(s) && classify(s[i]) != other {
			i++
		}
		out = append(out, bounds{start, i})
	}
	return out
}

// A fix is what one run of a text may stand for.
type fix struct {
	at    int // of the runs
	run   []rune
	edits int
}

// maxFixes bounds how many there are for a run.
const maxFixes = 32

// appendFixes appends the runs of words that a mistyped run may stand for.
func (x *typoIndex) appendFixes(out []fix, at int, run []rune) []fix {
	most := 1
	if len(run) >= 2*minTypoLetters-2 {
		most = 2
	}
	first := len(out)
	eachDelete(run, most, func(h uint64) {
		if word, bit := x.filterAt(h); x.filter[word]&bit == 0 {
			return
		}
		for _, i := range x.deletes[h] {
			if len(out)-first == maxFixes {
				return
			}
			same := func(f fix) bool { return &f.run[0] == &x.runs[i][0] }
			var e edits
			for d := 1; d <= x.edits[i]; d++ {
				if e.diff(x.runs[i], run, 0, 0, d) {
					if e.n > 0 && !slices.ContainsFunc(out[first:], same) {
						out = append(out, fix{at, x.runs[i], e.n})
					}
					break
				}
			}
		}
	})
	return out
}

// eachDelete calls f with a hash of the start of s with up to d of its characters deleted, in every way.
func eachDelete(s []rune, d int, f func(uint64)) {
	s = s[:min(len(s), typoPrefix)]
	f(hashWithout(s, -1, -1))
	for i := range s {
		f(hashWithout(s, i, -1))
		for j := i + 1; d > 1 && j < len(s); j++ {
			f(hashWithout(s, i, j))
		}
	}
}

// hashWithout hashes s without its characters at i and j (FNV-1a, by character).
func hashWithout(s []rune, i, j int) uint64 {
	h := uint64(14695981039346656037)
	for k, c := range s {
		if k != i && k != j {
			h = (h ^ uint64(c)) * 1099511628211
		}
	}
	return h
}

// eachPhrase calls f with the text after one of its runs was put right, or two. No word has a run that is neither known nor
// can be put right.
func (v *Vocabulary) eachPhrase(t *loose, f func([]byte)) {
	var (
		runBuf [16]bounds
		fixBuf [32]fix
		buf    [2 * maxVariantWord]byte
	)
	runs := appendRuns(runBuf[:0], t.lowered)
	unknown, fixes := 0, fixBuf[:0]
	var strange [maxMistyped]int
	for i, b := range runs {
		if v.typos.known[string(appendString(buf[:0], t.lowered[b.start:b.end]))] {
			continue
		}
		if unknown == maxMistyped {
			return
		}
		strange[unknown] = i
		unknown++
		had := len(fixes)
		if fixes = v.typos.appendFixes(fixes, i, t.lowered[b.start:b.end]); len(fixes) == had {
			return
		}
	}
	for i, b := range runs { // a mistake can make another word's run
		if unknown < maxMistyped && !slices.Contains(strange[:unknown], i) {
			fixes = v.typos.appendFixes(fixes, i, t.lowered[b.start:b.end])
		}
	}
	left := maxPhrases
	for k, a := range fixes {
		if unknown <= 1 && (unknown == 0 || a.at == strange[0]) {
			f(appendFixed(buf[:0], t.lowered, runs, a, fix{at: -1}))
			left--
		}
		for _, b := range fixes[k+1:] {
			if left <= 0 {
				return
			}
			if b.at == a.at || a.edits+b.edits > maxMistyped || !covers(a.at, b.at, strange[:unknown]) {
				continue
			}
			f(appendFixed(buf[:0], t.lowered, runs, a, b))
			left--
		}
	}
}

// covers reports whether a and b include all that must be put right.
func covers(a, b int, strange []int) bool {
	for _, i := range strange {
		if i != a && i != b {
			return false
		}
	}
	return true
}

func appendString(b []byte, s []rune) []byte {
	for _, c := range s {
		b = utf8.AppendRune(b, c)
	}
	return b
}

// appendFixed appends a text with up to two of its runs put right.
func appendFixed(out []byte, s []rune, runs []bounds, a, b fix) []byte {
	if b.at >= 0 && b.at < a.at {
		a, b = b, a
	}
	from := 0
	for _, x := range [...]fix{a, b} {
		if x.at >= 0 {
			out = appendString(out, s[from:runs[x.at].start])
			out = appendString(out, x.run)
			from = runs[x.at].end
		}
	}
	return appendString(out, s[from:])
}
