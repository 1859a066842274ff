package mess

import (
	"unicode"
	"unicode/utf8"
)

// Pseudo-words: pronounceable, of any length, made of public letter statistics only. They are made to be told from real
// words and names at a glance, and to be none of them by chance: those of three letters or more have a rare one.

const (
	consonants = "bcdfghklmnprstvwlnrst" // common ones twice
	vowels     = "aeioueaio"
	rare       = "jqxz"
)

// A speller spells lower-case letters of one script. ASCII's are consonants and vowels in turn, with a few doubled.
type speller struct {
	script *script
	vowel  bool
}

func newSpeller(s *script, r *Rand) speller { return speller{script: s, vowel: r.Int(3) == 0} }

// next returns the next letter. Latin's are ASCII unless accented.
func (s *speller) next(accented bool, r *Rand) rune {
	if s.script != nil && (s.script != latin || accented) {
		return s.script.letters[r.Int(len(s.script.letters))]
	}
	from := consonants
	if s.vowel {
		from = vowels
	}
	c := from[r.Int(len(from))]
	if r.Int(8) > 0 {
		s.vowel = !s.vowel
	}
	return rune(c)
}

// appendLetters writes a word of n letters of a class of case.
func appendLetters(b []byte, class string, script *script, n int, r *Rand) []byte {
	spell := newSpeller(script, r)
	accent := -1 // of an accented word's letters, this one is
	if script == latin {
		accent = r.Int(n)
	}
	odd := -1 // this letter is a rare one
	if script == nil && n >= 3 {
		odd = r.Int(n)
	}
	first, second := caps(class, n, r)
	for i := range n {
		c := spell.next(i == accent || script == latin && r.Int(6) == 0, r)
		if i == odd {
			c = rune(rare[r.Int(len(rare))])
		}
		if i == first || i == second || class == "A" {
			c = unicode.ToUpper(c)
		}
		b = utf8.AppendRune(b, c)
	}
	return b
}

// caps returns which letters of a word are upper-case in title and in mixed case, or −1. Mixed is McTavish or iPhone.
func caps(class string, n int, r *Rand) (first, second int) {
	switch {
	case class == "Aa":
		return 0, -1
	case class == "X" && n >= 3 && r.Int(2) == 0:
		return 0, 2 + r.Int(n-2)
	case class == "X" && n >= 2:
		return 1 + r.Int(n-1), -1
	}
	return -1, -1
}

// wordLengths is the usual spread of word lengths in running English text: wordLengths[i] of 100 words have i+1 letters.
var wordLengths = [...]int{3, 10, 16, 17, 15, 12, 10, 7, 4, 3, 2, 1}

func wordLength(r *Rand) int {
	at := r.Int(100)
	for i, share := range wordLengths {
		if at -= share; at < 0 {
			return i + 1
		}
	}
	return len(wordLengths)
}

// Word makes up a lower-case word.
func Word(r *Rand) string { return string(appendLetters(nil, "a", nil, 2+r.Int(7), r)) }
