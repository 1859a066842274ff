package mess

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/record"
)

// Masks describe the shape of a text by runs of characters; FORMS.md has the grammar.
//
//	9{4}   four digits                  a{3} A{3} Aa{3} X{3}   letters: lower, upper, title, mixed case
//	h{8} H{8}  hexadecimal letters and digits mixed   b{8} B{8} m{8}  lower, upper, mixed letters and digits
//	\I\N\V-9{4}   capitals that a code starts with stand for themselves
//	a+     letters, length not kept     a+{8}   eight to fifteen words, in that case
//	_      a space, other characters stand for themselves, with \ before one that has a meaning
//	~16aAds  the coarsest: 16 to 31 characters, with lower and upper letters, digits, spaces

// maxMask bounds a descriptor, in bytes; longer masks are left out of the ladder.
const maxMask = 200

// maxScan bounds how much of a cell is described exactly, in bytes.
const maxScan = 4096

// anyNumber is the mask of every number that its column's kind cannot parse.
const anyNumber = "9"

// anyBool is the mask of a boolean of its file's own type.
const anyBool = "true/false"

// Shapes describes a text by a ladder of masks, finest first; equal neighbours are given once. The last rung fits
// every text of about the length.
func Shapes(c record.Cell) []string {
	switch c.Tag {
	case record.Number:
		return numberShapes(c.Text)
	case record.Bool:
		return []string{"!" + anyBool}
	case record.JSON:
		return jsonShapes(c.Text)
	}
	ladder := make([]string, 0, 3)
	if mask, ok := uuidMask(c.Text); ok {
		if versioned, ok := uuidVersion(mask, c.Text); ok {
			ladder = append(ladder, versioned)
		}
		return append(ladder, mask, coarseMask(c.Text))
	}
	if len(c.Text) <= maxScan && c.Text != "" {
		tokens := tokenise(c.Text)
		if isCode(tokens) {
			ladder = appendMask(ladder, codeMask(c.Text, tokens))
		}
		ladder = appendMask(ladder, exactMask(tokens))
		ladder = appendMask(ladder, looseMask(tokens))
	}
	return append(ladder, coarseMask(c.Text))
}

// The masks of UUIDs.
const (
	lowerUUID = "h{8}-h{4}-h{4}-h{4}-h{12}"
	upperUUID = "H{8}-H{4}-H{4}-H{4}-H{12}"
)

// uuidMask returns the mask of a cell that is a UUID and nothing else.
func uuidMask(s string) (string, bool) {
	if len(s) != uuidSize {
		return "", false
	}
	switch class, _ := uuidClass(s); class {
	case "h":
		return lowerUUID, true
	case "H":
		return upperUUID, true
	}
	return "", false
}

// Where a UUID has its version and its variant, and a mask of one its version.
const (
	uuidVersionAt = len("00000000-0000-")
	uuidVariantAt = len("00000000-0000-0000-")
	maskVersionAt = len("h{8}-h{4}-")
)

// uuidVariants are the digits that the variant of RFC 9562 starts with.
const uuidVariants = "89abAB"

// uuidVersion returns the mask of UUIDs of that version, for one that RFC 9562 lays out.
func uuidVersion(mask, s string) (string, bool) {
	if v := s[uuidVersionAt]; v < '1' || v > '8' || strings.IndexByte(uuidVariants, s[uuidVariantAt]) < 0 {
		return "", false
	}
	return withVersion(mask, s[uuidVersionAt:uuidVersionAt+1]), true
}

// withVersion returns the mask of UUIDs of a version, a digit, from the mask of all.
func withVersion(mask, version string) string {
	return mask[:maskVersionAt] + version + mask[maskVersionAt:maskVersionAt+1] + "{3}" + mask[maskVersionAt+len("h{4}"):]
}

// isUUIDVersion reports whether the mask is one of UUIDs of a version.
func isUUIDVersion(mask string) bool {
	if len(mask) <= maskVersionAt || !isDigit(mask[maskVersionAt]) {
		return false
	}
	version := mask[maskVersionAt : maskVersionAt+1]
	return version >= "1" && version <= "8" && (mask == withVersion(lowerUUID, version) || mask == withVersion(upperUUID, version))
}

// giveVariant gives the UUID that was filled from the mask of a version its variant.
func (f *filler) giveVariant() {
	variants := uuidVariants[:4]
	if s := string(f.b[f.start:]); strings.ToUpper(s) == s {
		variants = uuidVariants[:2] + uuidVariants[4:]
	}
	f.b[f.start+uuidVariantAt] = variants[f.r.Int(len(variants))]
}

func appendMask(ladder []string, m string) []string {
	if len(m) > maxMask || len(ladder) > 0 && ladder[len(ladder)-1] == m {
		return ladder
	}
	return append(ladder, m)
}

// numberShapes describes a number of its file's own type that the kind could not parse: by its digits when it is written
// without an exponent.
func numberShapes(s string) []string {
	var ladder []string
	if isPlainNumber(s) {
		ladder = appendMask(ladder, "#"+exactMask(tokenise(s)))
	}
	return append(ladder, "#"+anyNumber)
}

// tagMark is the mark in front of the forms of cells that are not text in their file's own terms.
func tagMark(t record.Tag) string {
	switch t {
	case record.Number:
		return "#"
	case record.Bool:
		return "!"
	case record.JSON:
		return "@"
	}
	return ""
}

// cutTag cuts the tag's mark off a form.
func cutTag(form string) (record.Tag, string) {
	if form != "" {
		switch form[0] {
		case '#':
			return record.Number, form[1:]
		case '!':
			return record.Bool, form[1:]
		case '@':
			return record.JSON, form[1:]
		}
	}
	return record.Text, form
}

// Bounds on codes that start with letters of their own.
const (
	maxPrefix = 4  // letters
	maxCode   = 12 // tokens
)

// codeSeparators stand in codes, as masks have them.
var codeSeparators = []string{"-", `\_`, "/", `\.`, ":", `\#`}

// isCode reports whether a text is a code that starts with up to four capitals, which say what it is a code of, as in INV-2024-0017
// or C536365: digits follow, at once or after separators.
func isCode(tokens []token) bool {
	if len(tokens) < 2 || len(tokens) > maxCode || tokens[0].class != "A" || tokens[0].script != nil || tokens[0].n > maxPrefix {
		return false
	}
	digits := false
	for _, t := range tokens[1:] {
		if t.class == "" && !slices.Contains(codeSeparators, t.lit) {
			return false
		}
		digits = digits || t.class == "9"
	}
	return digits && (tokens[1].class == "9" || tokens[1].class == "")
}

// codeMask keeps the letters that a code starts with.
func codeMask(s string, tokens []token) string {
	b := make([]byte, 0, 48)
	for i := range tokens[0].n {
		b = append(b, '\\', s[i])
	}
	return string(b) + exactMask(tokens[1:])
}

// exactMask keeps the length of every run.
func exactMask(tokens []token) string {
	b := make([]byte, 0, 48)
	for _, t := range tokens {
		b = t.appendExact(b)
		if len(b) > maxMask {
			break
		}
	}
	return string(b)
}

func (t token) appendExact(b []byte) []byte {
	if t.class == "" {
		return append(b, t.lit...)
	}
	b = append(append(append(b, t.script.String()...), t.class...), '{')
	return append(strconv.AppendInt(b, int64(t.n), 10), '}')
}

// minPhrase is how many words in a row the loose mask joins.
const minPhrase = 4

// looseMask forgets how long letter runs are and whether a number starts with zeros, and joins four and more words in
// a row.
func looseMask(tokens []token) string {
	b := make([]byte, 0, 48)
	for i := 0; i < len(tokens) && len(b) <= maxMask; {
		t := tokens[i]
		words, end := phrase(tokens[i:])
		switch {
		case words >= minPhrase:
			class, script := phraseCase(tokens[i : i+end])
			b = append(append(append(b, script.String()...), class...), "+{"...)
			b = append(strconv.AppendInt(b, int64(bucket(words)), 10), '}')
		case words > 0:
			b = append(append(append(b, t.script.String()...), t.class...), '+')
			end = 1
		default:
			if t.class == "0" {
				t.class = "9"
			}
			b = t.appendExact(b)
			end = 1
		}
		i += end
	}
	return string(b)
}

// bucket returns the largest power of two up to n, at least 1.
func bucket(n int) int { return 1 << max(0, bits.Len(uint(n))-1) }

// phrase counts the words at the start of tokens that are separated by single spaces, and the tokens they take.
func phrase(tokens []token) (words, end int) {
	for end < len(tokens) && tokens[end].letters() {
		words++
		end++
		if end+1 < len(tokens) && tokens[end].lit == "_" && tokens[end+1].letters() {
			end++
		} else {
			break
		}
	}
	return words, end
}

// phraseCase is how a run of words is written: all upper, all title, or sentence-like lower; and in which script, the
// first that is not ASCII.
func phraseCase(tokens []token) (class string, script *script) {
	words, uppers, titles := 0, 0, 0
	for _, t := range tokens {
		if !t.letters() {
			continue
		}
		words++
		switch t.class {
		case "A":
			uppers++
		case "Aa":
			titles++
		}
		if script == nil {
			script = t.script
		}
	}
	class = "a"
	switch {
	case uppers*2 > words:
		class = "A"
	case (titles+uppers)*2 > words:
		class = "Aa"
	}
	return class, script.inCase(class)
}

// coarseMask keeps the length to a factor of two, which classes of characters occur, and the script of the first letter
// that is not ASCII.
func coarseMask(s string) string {
	var has [128]bool
	var script *script
	n := 0
	for i := 0; i < len(s); n++ {
		c, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch k := classify(c); {
		case c == utf8.RuneError && size == 1:
			has['x'] = true
		case c == '\n' || c == '\r':
			has['n'] = true
		case c == ' ':
			has['s'] = true
		case k == digit:
			has['d'] = true
		case k == other || k == combining:
			has['p'] = true
		case c >= 0x80:
			if script == nil {
				script = scriptOf(c)
			}
		case k == upper:
			has['A'] = true
		default:
			has['a'] = true
		}
	}
	b := strconv.AppendInt(append(make([]byte, 0, 24), '~'), int64(bucket(n)), 10)
	for _, c := range []byte("aAd") {
		if has[c] {
			b = append(b, c)
		}
	}
	b = append(b, script.String()...)
	for _, c := range []byte("spnx") {
		if has[c] {
			b = append(b, c)
		}
	}
	return string(b)
}
