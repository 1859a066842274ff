package mess

import (
	"strings"
	"unicode/utf8"
)

// A naming is how a month or weekday is written: as a number, or as a name, abbreviated or in full.
type naming uint8

const (
	numbered naming = iota
	abbreviated
	abbreviatedUpper
	abbreviatedLower
	inFull
	inFullUpper
	inFullLower
	namings // how many there are
)

// full reports whether names are written in full.
func (n naming) full() bool { return n >= inFull }

// monthMarks and weekdayMarks are what stands for a name in a form.
var (
	monthMarks   = [namings]string{"MM", "Mon", "MON", "mon", "Month", "MONTH", "month"}
	weekdayMarks = [namings]string{"", "Dy", "DY", "dy", "Day", "DAY", "day"}
)

// A language is an index of languages.
type language uint8

const english language = 0

// languages are the names of months in each, from January, abbreviated and in full, in lower case; "." where the
// language has none of its own. A name is of the first language that has it: the list only grows at its end.
var languages = []struct{ mark, abbreviated, full string }{
	{"", "jan feb mar apr may jun jul aug sep oct nov dec",
		"january february march april may june july august september october november december"},
	{"(ap)", ". . . . . . . . sept . . .", ""},
	{"(de)", "jan feb mär apr mai jun jul aug sep okt nov dez",
		"januar februar märz april mai juni juli august september oktober november dezember"},
	{"(fr)", "janv févr mars avr mai juin juil août sept oct nov déc",
		"janvier février mars avril mai juin juillet août septembre octobre novembre décembre"},
	{"(es)", "ene feb mar abr may jun jul ago sep oct nov dic",
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"},
	{"(pt)", "jan fev mar abr mai jun jul ago set out nov dez",
		"janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"},
	{"(it)", "gen feb mar apr mag giu lug ago set ott nov dic",
		"gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"},
	{"(nl)", "jan feb mrt apr mei jun jul aug sep okt nov dec",
		"januari februari maart april mei juni juli augustus september oktober november december"},
}

// A monthWord is what a name says, and how.
type monthWord struct {
	month int
	name  naming
	lang  language
}

// monthTexts are the names by language, naming and month from 1; monthWords inverts them, and monthSets has the months of
// each naming, as bits, whose name that naming is of.
var monthTexts, monthWords, monthSets = func() (texts [][namings][13]string, words map[string]monthWord, sets [][namings]uint16) {
	texts, words, sets = make([][namings][13]string, len(languages)), map[string]monthWord{}, make([][namings]uint16, len(languages))
	for lang, names := range languages {
		for from, list := range map[naming]string{abbreviated: names.abbreviated, inFull: names.full} {
			for i, word := range strings.Fields(list) {
				if word != "." {
					texts[lang][from][i+1], texts[lang][from+1][i+1], texts[lang][from+2][i+1] = titled(word), strings.ToUpper(word), word
				}
			}
		}
		for n := abbreviated; n < namings; n++ { // abbreviations first: May is one
			for m := 1; m <= 12; m++ {
				word := texts[lang][n][m]
				if _, taken := words[word]; word != "" && !taken {
					words[word] = monthWord{m, n, language(lang)}
					sets[lang][n] |= 1 << m
				}
			}
		}
	}
	return texts, words, sets
}()

// titled returns a word with its first letter in upper case.
func titled(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

// monthName returns a month's name in the form.
func (f dateFields) monthName(m int) string { return monthTexts[f.lang][f.name][m] }

// months returns the months that have the name of the form, as bits 1 to 12.
func (f dateFields) months() uint16 { return monthSets[f.lang][f.name] }

// A weekdayWord is what a weekday's name says, and how.
type weekdayWord struct {
	day  int // from Sunday, 0
	name naming
}

// weekdayNames are the names of Sunday and on, and weekdayWords inverts them.
var weekdayNames, weekdayWords = func() (names [namings][7]string, words map[string]weekdayWord) {
	words = map[string]weekdayWord{}
	for i, word := range strings.Fields("sunday monday tuesday wednesday thursday friday saturday") {
		for from, word := range map[naming]string{abbreviated: word[:3], inFull: word} {
			names[from][i], names[from+1][i], names[from+2][i] = titled(word), strings.ToUpper(word), word
		}
		for n := abbreviated; n < namings; n++ {
			words[names[n][i]] = weekdayWord{i, n}
		}
	}
	return names, words
}()

// cutLetters cuts off the letters that a text starts with, at most as many as a name has.
func cutLetters(s string) (word, rest string) {
	n := 0
	for n < len(s) && n < 16 && ((s[n]|0x20) >= 'a' && (s[n]|0x20) <= 'z' || s[n] >= utf8.RuneSelf) {
		n++
	}
	return s[:n], s[n:]
}
