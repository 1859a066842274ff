package mess

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameGrammar reads names of people. Of one word the generalisation is "given" or "family" where public lists have it;
// of more there is none. The form has the words' roles, in their case, in the order of the cell: `First_Last`, `LAST,_FIRST_M`,
// `Dr\._First_M\._Last_Jr\.`, `Name` for a single word. `é` in front is for letters with accents.
type nameGrammar struct{}

const (
	keyGiven     = "given"
	keyFamily    = "family"
	maxName      = 64 // bytes
	maxNameWords = 6
)

var (
	namePrefixes = wordSet(`mr mrs ms miss mx dr prof sir dame rev hon`)
	nameSuffixes = wordSet(`jr sr ii iii iv phd md dds dvm esq`)
	particles    = wordSet(`de da di del della der den van von vom zu la le el al bin ben ter dos das du`)
)

// A nameWord is one word of a name as the form has it.
type nameWord struct {
	role  string // "Name" of a word of the name, else how it is written
	comma bool
	text  string // of the name's words: in lower case, without accents
	style int
}

// nameRole marks a word whose role its place says.
const nameRole = "Name"

func (nameGrammar) read(s string) (key, form string, ok bool) {
	words, accents, ok := nameWords(s)
	if !ok {
		return "", "", false
	}
	var of []*nameWord
	comma := -1 // words of the name before it
	for i := range words {
		if words[i].role == nameRole {
			of = append(of, &words[i])
		}
		if words[i].comma {
			if comma >= 0 || len(of) == 0 || i == len(words)-1 {
				return "", "", false
			}
			comma = len(of)
		}
	}
	switch {
	case len(of) == 0 || len(of) == 1 && comma >= 0 || len(of) > 4:
		return "", "", false
	case len(of) == 1 && len(words) == 1:
		key = listed(of[0].text)
		of[0].role = inCase(nameRole, of[0].style)
	default:
		giveRoles(of, comma)
	}
	b := make([]byte, 0, 40)
	if accents {
		b = append(b, "é"...)
	}
	for i, w := range words {
		if i > 0 {
			b = append(b, '_')
		}
		if b = append(b, w.role...); w.comma {
			b = append(b, ',')
		}
	}
	return key, string(b), true
}

// listed says in which of the public lists a name is.
func listed(fold string) string {
	switch n := names(); {
	case n.isGiven[fold]:
		return keyGiven
	case n.isFamily[fold]:
		return keyFamily
	}
	return ""
}

// giveRoles says by their places, and of two by the lists, what the words of a name are. Parts around a dash have the
// role twice.
func giveRoles(of []*nameWord, comma int) {
	familyFirst := len(of) == 2 && comma < 0 && listed(of[0].text) == keyFamily && listed(of[1].text) == keyGiven
	for i, w := range of {
		role := "Middle"
		switch {
		case len(of) == 1, comma > 0 && i < comma, comma <= 0 && (i == len(of)-1) != familyFirst && (i == 0 || i == len(of)-1):
			role = "Last"
		case comma > 0 && i == comma, comma <= 0 && (i == 0 || familyFirst):
			role = "First"
		}
		w.role = inCase(role, w.style)
		if strings.Contains(w.text, "-") {
			w.role += "-" + w.role
		}
	}
}

// nameWords splits a name; ok is false where a word cannot be one of a name.
func nameWords(s string) (words []nameWord, accents, ok bool) {
	if len(s) < 2 || len(s) > maxName || !isNameText(s) {
		return nil, false, false
	}
	for i, w := range strings.Split(s, " ") {
		if i == maxNameWords {
			return nil, false, false
		}
		word := nameWord{}
		w, word.comma = strings.CutSuffix(w, ",")
		bare := strings.ToLower(strings.ReplaceAll(w, ".", ""))
		switch {
		case w == "":
			return nil, false, false
		case namePrefixes[bare] && i == 0, nameSuffixes[bare] && i > 0, particles[w] && i > 0:
			word.role = strings.ReplaceAll(w, ".", `\.`)
		case len(bare) == 1 && w[0] >= 'A' && w[0] <= 'Z' && len(w) <= 2:
			word.role = "M" + strings.ReplaceAll(w[1:], ".", `\.`)
		default:
			if word.text, word.style = foldName(w); word.style == otherCase {
				return nil, false, false
			}
			word.role = nameRole
			if len(word.text) != utf8.RuneCountInString(word.text) {
				word.text, accents = withoutAccents(word.text), true
			}
		}
		words = append(words, word)
	}
	return words, accents, true
}

// isNameText reports whether there are only letters of Latin script and what stands in names between them.
func isNameText(s string) bool {
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		letter := c < 0x80 && isAlphanumeric(byte(c)) && !isDigit(byte(c)) || c >= 0xc0 && c < 0x250 && unicode.IsLetter(c)
		if !letter && (c >= 0x80 || strings.IndexByte(" .,'-", byte(c)) < 0) {
			return false
		}
		i += size
	}
	return true
}

// foldName returns a word in lower case, without apostrophes, and how it is written: title case has a capital first, and at most two
// more, after a dash or an apostrophe, or as in McDonald.
func foldName(w string) (fold string, style int) {
	lowers, uppers, first := 0, 0, true
	for i, c := range w {
		switch {
		case c == '.' || c == ',' || (c == '-' || c == '\'') && (i == 0 || i == len(w)-1):
			return "", otherCase
		case unicode.IsUpper(c):
			uppers++
		case unicode.IsLower(c):
			lowers++
			first = first && i > 0
		}
	}
	fold = strings.ToLower(strings.ReplaceAll(w, "'", ""))
	switch {
	case lowers+uppers < 2 || strings.Count(w, "-") > 1:
		return "", otherCase
	case uppers == 0:
		return fold, lowerCase
	case lowers == 0:
		return fold, upperCase
	case first && uppers <= 3:
		return fold, titleCase
	}
	return "", otherCase
}

func (nameGrammar) plain(key string) string {
	if key != "" {
		return nameRole
	}
	return "First_Last"
}

func (nameGrammar) likely(s string) bool {
	if strings.IndexByte(s, ' ') >= 0 {
		return isPersonName(s)
	}
	key, _, ok := nameGrammar{}.read(s)
	return ok && key != "" && !commonWords()[strings.ToLower(s)]
}

func (nameGrammar) write(key, form string, r *Rand) string {
	id := r.identity()
	form, accents := strings.CutPrefix(form, "é")
	var b strings.Builder
	for i, w := range strings.Split(form, "_") {
		if i == maxNameWords {
			break
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(id.nameWord(key, w, r))
	}
	if accents {
		return accented(b.String())
	}
	return b.String()
}

// nameWord writes one word of a name's form.
func (id *Identity) nameWord(key, mark string, r *Rand) string {
	body, comma := strings.CutSuffix(mark, ",")
	role, twice, hyphen := strings.Cut(body, "-")
	text := ""
	switch strings.ToLower(role) {
	case "first":
		text = id.Given
	case "middle":
		text = id.Middle
	case "last":
		text = id.Family
	case "name":
		if text = id.Given; key == keyFamily {
			text = id.Family
		}
	case "m", `m\.`:
		text, hyphen = id.Middle[:1]+strings.TrimPrefix(role[1:], `\`), false
	default:
		text, hyphen = strings.ReplaceAll(body, `\.`, "."), false
	}
	if style := wordCase(role); style != otherCase && len(role) > 3 {
		text = inCase(text, style)
		if hyphen && twice == role {
			text += "-" + inCase(pick(names().family, r), style)
		}
	}
	if comma {
		text += ","
	}
	return text
}
