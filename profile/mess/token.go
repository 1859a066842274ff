package mess

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token is a run of the text: a word of letters and digits of one class, or a single other character.
type token struct {
	class  string  // "9", "0", "a", "A", "Aa", "X", "h", "H", "b", "B", "m"; "" for a literal
	n      int     // runes
	script *script // of letters; nil for ASCII
	lit    string  // the escaped character of a literal
}

func (t token) letters() bool {
	switch t.class {
	case "a", "A", "Aa", "X":
		return true
	}
	return false
}

type runeClass uint8

const (
	other runeClass = iota
	lower           // letters without case too
	upper
	digit
	combining // part of the letter before it
)

func classify(c rune) runeClass {
	switch {
	case c >= '0' && c <= '9':
		return digit
	case c >= 'a' && c <= 'z':
		return lower
	case c >= 'A' && c <= 'Z':
		return upper
	case c < 0x80:
		return other
	case unicode.IsUpper(c):
		return upper
	case unicode.IsLetter(c):
		return lower
	case unicode.IsMark(c):
		return combining
	}
	return other
}

// tokenise splits a text into words and single characters.
func tokenise(s string) []token {
	tokens := make([]token, 0, 8)
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		if k := classify(c); k == other || k == combining {
			tokens = append(tokens, token{n: 1, lit: literal(c, size)})
			i += size
			continue
		}
		if class, ok := uuidClass(s[i:]); ok {
			tokens = appendUUID(tokens, class)
			i += uuidSize
			continue
		}
		end := i + size
		for end < len(s) {
			c, size := utf8.DecodeRuneInString(s[end:])
			if classify(c) == other {
				break
			}
			end += size
		}
		tokens = appendWord(tokens, s[i:end])
		i = end
	}
	if t := &tokens[0]; len(tokens) == 1 && t.class == "9" && t.n > 1 && s[0] == '0' {
		t.class = "0"
	}
	return tokens
}

// meaningful are the ASCII characters that have a meaning in a mask; in one they are escaped.
const meaningful = `_{}+~*\#!@.`

// asciiText holds each ASCII character as a string.
const asciiText = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f" +
	` !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_` + "`abcdefghijklmnopqrstuvwxyz{|}~\x7f"

// literal escapes a character that stands for itself in a mask.
func literal(c rune, size int) string {
	switch {
	case c == utf8.RuneError && size == 1:
		return `\x` // a byte that is not UTF-8
	case c == ' ':
		return "_"
	case c == '\n':
		return `\n`
	case c == '\r':
		return `\r`
	case c == '\t':
		return `\t`
	case unicode.IsControl(c):
		return `\c`
	case c < 0x80 && strings.IndexByte(meaningful, byte(c)) >= 0:
		return `\` + asciiText[c:c+1]
	case c < 0x80:
		return asciiText[c : c+1]
	case unicode.Is(unicode.Zs, c):
		return `\s`
	case unicode.Is(unicode.Cf, c):
		return `\z`
	case unicode.IsPunct(c) || c == '\ufffd' || unicode.Is(unicode.Sc, c):
		return string(c)
	}
	return `\u` // any other symbol
}

// appendWord describes a run of letters and digits: as runs of letters and of digits, or as one mixed run when it changes
// between them more than once, as identifiers and hashes do.
func appendWord(tokens []token, s string) []token {
	was, start, last := len(tokens), 0, other
	for i, c := range s {
		k := classify(c)
		if last != other && (k == digit) != (last == digit) {
			tokens = append(tokens, run(s[start:i]))
			start = i
		}
		last = k
	}
	tokens = append(tokens, run(s[start:]))
	if len(tokens)-was < 3 {
		return tokens
	}
	return append(tokens[:was], token{class: mixedClass(s), n: utf8.RuneCountInString(s)})
}

// mixedClass describes a run of digits and letters.
func mixedClass(s string) string {
	hex, lowers, uppers := true, false, false
	for _, c := range s {
		switch classify(c) {
		case lower:
			lowers = true
		case upper:
			uppers = true
		case digit:
			continue
		}
		hex = hex && (c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F')
	}
	switch {
	case lowers && uppers:
		return "m"
	case lowers && hex:
		return "h"
	case lowers:
		return "b"
	case hex:
		return "H"
	}
	return "B"
}

// run describes letters only, or digits only.
func run(s string) token {
	t := token{class: "X"}
	lowers, uppers, first := 0, 0, other
	for i, c := range s {
		k := classify(c)
		if i == 0 {
			first = k
		}
		switch k {
		case lower:
			lowers++
		case upper:
			uppers++
		}
		if t.script == nil && c >= 0x80 {
			t.script = scriptOf(c)
		}
		t.n++
	}
	switch {
	case first == digit:
		t.class = "9"
	case uppers == 0:
		t.class = "a"
	case lowers == 0:
		t.class = "A"
	case first == upper && uppers == 1:
		t.class = "Aa"
	}
	t.script = t.script.inCase(t.class)
	return t
}
