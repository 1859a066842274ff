package mess

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/patina-data/patina/profile/record"
)

// Bounds on what is compared, in bytes. Longer words are known exactly or not at all; a text may be longer than its
// word because entities and damaged encodings take more bytes.
const (
	maxVariantWord = 128
	maxVariantText = 512
)

// maxOps is how many ways of being changed a variant combines.
const maxOps = 2

// A Vocabulary holds the released words of a column and recognises texts that are none of them but one written in
// another way or mistyped. It is read-only once it is made. The nil Vocabulary has no words.
type Vocabulary struct {
	exact   map[string]int32 // index into entries, or −1 for a word that has no variants
	entries []entry          // in the order of the words

	skeletons map[string][]int32 // by skeleton: same letters and digits
	loose     map[string][]int32 // by loose key: same but for case and spacing
	blanks    map[string][]int32 // by the word with a question mark for each character beyond ASCII
	initials  map[string][]int32 // by the first letters of its parts
	sorted    []int32            // by loose key, for truncations
	typos     typoIndex
}

// An entry is a word and what it is compared by.
type entry struct {
	word    string
	plain   string // composed (NFC)
	split   split  // of plain
	loose   string // loose key
	cased   []rune // the loose key before it lost its case, character by character
	lowered []rune // the loose key
	letters int    // of scripts with an alphabet
}

// NewVocabulary indexes words, the most frequent first: where a text is as near to two, it is a variant of the first.
// Of a word that is there twice the second counts for nothing.
func NewVocabulary(words []string) *Vocabulary {
	v := &Vocabulary{
		exact: make(map[string]int32, len(words)), skeletons: map[string][]int32{}, loose: map[string][]int32{},
		blanks: map[string][]int32{}, initials: map[string][]int32{},
	}
	for _, w := range words {
		if _, ok := v.exact[w]; ok {
			continue
		}
		v.exact[w] = -1
		if w != "" && len(w) <= maxVariantWord && utf8.ValidString(w) {
			v.add(w)
		}
	}
	v.sorted = make([]int32, len(v.entries))
	for i := range v.sorted {
		v.sorted[i] = int32(i)
	}
	slices.SortStableFunc(v.sorted, func(a, b int32) int { return strings.Compare(v.entries[a].loose, v.entries[b].loose) })
	v.typos = newTypoIndex(v.entries)
	return v
}

func (v *Vocabulary) add(w string) {
	i := int32(len(v.entries))
	e := entry{word: w, plain: norm.NFC.String(w)}
	e.split = splitSpaces(e.plain)
	e.cased = []rune(strings.Join(e.split.parts, " "))
	e.lowered = lowerRunes(e.cased)
	e.loose = string(e.lowered)
	e.letters = countLetters(e.lowered)
	v.entries = append(v.entries, e)
	v.exact[w] = i
	key := string(appendSkeleton(nil, e.plain))
	v.skeletons[key] = append(v.skeletons[key], i)
	v.loose[e.loose] = append(v.loose[e.loose], i)
	if b := blank(e.plain); b != e.plain {
		v.blanks[b] = append(v.blanks[b], i)
	}
	if len(e.split.parts) > 0 {
		key = initialsOf(e.split.parts)
		v.initials[key] = append(v.initials[key], i)
	}
}

// A Variant says what a text is a variant of, and in which way.
type Variant struct {
	Word  string
	Forms []string // finest first; shared, not to be changed
}

// Match recognises a text that is a variant of one of the words. A word itself is no variant, nor is a text that says there
// is no value. The answer depends on the text and the words alone; its time is bounded whatever the text.
func (v *Vocabulary) Match(text string) (Variant, bool) {
	if v == nil || len(v.entries) == 0 || len(text) > maxVariantText || text == "" {
		return Variant{}, false
	}
	if _, ok := v.exact[text]; ok || missing(text) {
		return Variant{}, false
	}
	damage, repaired := repair(text)
	if damage != opNone {
		if m, ok := v.matchRepaired(repaired, damage); ok {
			return v.variant(m), true
		}
	}
	if !utf8.ValidString(text) {
		return Variant{}, false
	}
	m, ok := v.matchPlain(text, maxOps)
	if !ok {
		return Variant{}, false
	}
	return v.variant(m), true
}

// A match is a word and the ways its text differs, outermost first.
type match struct {
	word int32
	ops  ops
}

func (v *Vocabulary) variant(m match) Variant {
	return Variant{Word: v.entries[m.word].word, Forms: m.ops.ladder()}
}

// matchRepaired matches a text after its damage was undone: it may be a word now.
func (v *Vocabulary) matchRepaired(text string, damage op) (match, bool) {
	if i, ok := v.exact[text]; ok {
		return match{i, ops{damage}}, i >= 0
	}
	if !utf8.ValidString(text) {
		return match{}, false
	}
	m, ok := v.matchPlain(text, maxOps-1)
	if !ok {
		return match{}, false
	}
	return match{m.word, ops{damage, m.ops[0]}}, true
}

// matchPlain matches valid UTF-8 by what is cheapest to explain first: the same letters, lost characters, typos,
// abbreviations, a cut. It uses at most room ways.
func (v *Vocabulary) matchPlain(text string, room int) (match, bool) {
	var buf [maxVariantText + 16]byte
	text = norm.NFC.String(text)
	if m, ok := v.best(v.skeletons[string(appendSkeleton(buf[:0], text))], room, func(e *entry) (ops, bool) { return relate(e, text) }); ok {
		return m, true
	}
	if m, ok := v.matchBlank(text); ok {
		return m, true
	}
	if len(text) > maxVariantWord+16 { // all that follows has about the word's length, or less
		return match{}, false
	}
	t := newLoose(text)
	if m, ok := v.matchTypo(&t, room); ok {
		return m, true
	}
	if m, ok := v.matchShort(&t, room); ok {
		return m, true
	}
	return v.matchCut(&t, room)
}

// best returns the candidate with the fewest ways, the first of them.
func (v *Vocabulary) best(candidates []int32, room int, explain func(e *entry) (ops, bool)) (match, bool) {
	found, least := match{}, room+1
	for _, i := range candidates[:min(len(candidates), maxCandidates)] {
		if o, ok := explain(&v.entries[i]); ok && o.len() > 0 && o.len() < least {
			found, least = match{i, o}, o.len()
		}
	}
	return found, least <= room
}

// maxCandidates bounds how many words that share a key are compared: the most frequent ones.
const maxCandidates = 256

// Describe reads one cell as its column's kind does, and by the words.
func (v *Vocabulary) Describe(codec Codec, c record.Cell) Description {
	d := Describe(codec, c)
	v.Resolve(&d)
	return d
}

// Resolve completes the description of a cell by the words: what it is a variant of, if anything.
func (v *Vocabulary) Resolve(d *Description) {
	d.Variant = Variant{}
	if !d.Missing && !d.Typed && d.Cell.Tag == record.Text {
		d.Variant, _ = v.Match(d.Cell.Text)
	}
}

// Empty reports whether no text can be a variant of its words; nil is empty.
func (v *Vocabulary) Empty() bool { return v == nil || len(v.entries) == 0 }
