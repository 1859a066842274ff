package mess

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/patina-data/patina/profile/record"
)

// minShared is how many letters two cells about one person must share in a row.
const minShared = 3

// Agrees reports whether two cells of one record look as if they were about the same person: whether a word of three
// letters or more of one, a name in an e-mail address for instance, is part of the other. It is about the kinds that
// [Identity] has names for, name, e-mail and user name, and false of others. It depends on the two cells alone.
func Agrees(kind Kind, cell record.Cell, otherKind Kind, other record.Cell) bool {
	a, b := personWords(kind, cell), personWords(otherKind, other)
	return sharesWord(a, b) || sharesWord(b, a)
}

// sharesWord reports whether one of the words is part of the others, written in one.
func sharesWord(words, others []string) bool {
	all := strings.Join(others, "")
	for _, w := range words {
		if len(w) >= minShared && strings.Contains(all, w) {
			return true
		}
	}
	return false
}

// personWords returns the words of a cell that may be names, without accents and in lower case.
func personWords(kind Kind, cell record.Cell) []string {
	text := cell.Text
	if cell.Tag != record.Text || len(text) > maxOpen || Missing(cell) {
		return nil
	}
	switch kind {
	case Email:
		local, _, _, ok := cutAt(strings.TrimSpace(text))
		if !ok {
			return nil
		}
		text = local
	case Name, UserName:
	default:
		return nil
	}
	return strings.FieldsFunc(strings.ToLower(withoutAccents(text)), func(c rune) bool { return !unicode.IsLetter(c) })
}

// withoutAccents leaves the letters under the accents.
func withoutAccents(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.Mn, c) {
			return -1
		}
		return c
	}, norm.NFD.String(s))
}
