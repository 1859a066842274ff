package mess

import (
	"strings"
	"unicode/utf8"
)

// writtenWithAccents are names of the public lists as those who bear them write them.
var writtenWithAccents = strings.Fields(`Álvarez Díaz Fernández García Gómez González Gutiérrez Hernández Jiménez Lefèbvre López Martínez Pérez Ramírez Rodríguez
	Sánchez Vásquez Suárez Núñez Muñoz Peña Chloé Zoë André José Jesús María Sofía Mónica Inés Andrés Tomás Renée Désirée Noël Joël Anaïs Loïc Thérèse Jürgen
	Günther Jörg Björn Mátyás Öztürk Kovács Horváth Dvořák Novák Černý Müller Schröder Köhler Krüger Böhm Lindström Sjöberg`)

// putAccents are what is put over a letter in a name that nobody writes with one.
var putAccents = map[byte]string{'a': "áäàâ", 'e': "éèëê", 'i': "íïî", 'o': "óöô", 'u': "üúû", 'n': "ñ", 'c': "ç"}

// accented writes a name with an accent: as it is usual, or on one of its letters past the first. It depends on the name alone,
// so that somebody is written alike in all columns.
func accented(s string) string {
	for _, usual := range writtenWithAccents {
		bare := withoutAccents(usual)
		at := strings.Index(strings.ToLower(s), strings.ToLower(bare))
		if at < 0 || at > 0 && isASCIILetter(s[at-1]) || at+len(bare) < len(s) && isASCIILetter(s[at+len(bare)]) {
			continue // Jose is not in Joseph
		}
		was := s[at : at+len(bare)]
		return s[:at] + inCaseOf(usual, was) + s[at+len(bare):]
	}
	sum := 0
	var places []int
	for i := range len(s) {
		sum += int(s[i])
		if i > 0 && isASCIILetter(s[i-1]) && putAccents[s[i]|0x20] != "" && isASCIILetter(s[i]) {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return s
	}
	at := places[sum%len(places)]
	over := []rune(putAccents[s[at]|0x20])
	return s[:at] + inCaseOf(string(over[sum%len(over)]), s[at:at+1]) + s[at+1:]
}

// inCaseOf writes a word in the case of another.
func inCaseOf(s, like string) string {
	switch like {
	case strings.ToUpper(like):
		return strings.ToUpper(s)
	case strings.ToLower(like):
		return strings.ToLower(s)
	}
	return s
}

func isASCIILetter(c byte) bool { return c < utf8.RuneSelf && isAlphanumeric(c) && !isDigit(c) }
