package where

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token is a piece of a condition.
type token struct {
	class class
	text  string // without quotes; words as they are written
	form  bool   // .form or ~form comes after the name, and is not in the text
	at    int    // bytes from the start
}

type class uint8

const (
	end    class = iota
	word         // country, 12.5, and
	text         // "DE"
	column       // `postal code`
	mark         // = != < <= > >= ( ) ,
)

// marks are the marks, longer ones first.
var marks = []string{"!=", "<=", ">=", "<>", "==", "=", "<", ">", "(", ")", ","}

// lex cuts a condition into tokens, of which the last is an end.
func lex(s string) ([]token, error) {
	var tokens []token
	for at := 0; ; {
		for at < len(s) && strings.IndexByte(" \t\r\n", s[at]) >= 0 {
			at++
		}
		if at == len(s) {
			return append(tokens, token{class: end, at: at}), nil
		}
		t, size, err := next(s, at)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		at += size
	}
}

// next reads the token that starts at a place, and says how long it is.
func next(s string, at int) (token, int, error) {
	rest := s[at:]
	switch rest[0] {
	case '"':
		return quoted(s, at)
	case '`':
		return backquoted(s, at)
	}
	for _, m := range marks {
		if strings.HasPrefix(rest, m) {
			return token{class: mark, text: plain(m), at: at}, len(m), nil
		}
	}
	size := 0
	for size < len(rest) {
		r, n := utf8.DecodeRuneInString(rest[size:])
		if !inWord(r) && !signAt(rest, size) && !(startsNumber(rest) && (r == '-' || r == ':' || r == '+')) {
			break
		}
		size += n
	}
	if size == 0 {
		return token{}, 0, &Error{s, at, "unexpected character: put texts in double quotes and names with such characters in backquotes"}
	}
	if name, ok := strings.CutSuffix(rest[:size], ".form"); ok {
		return token{word, name, true, at}, size, nil
	}
	form := formAfter(rest[size:])
	return token{word, rest[:size], form > 0, at}, size + form, nil
}

// formAfter returns the length of the suffix that comes after a name and says that its form is meant; 0 for none.
func formAfter(rest string) int {
	for _, suffix := range []string{".form", "~form"} {
		if after, ok := strings.CutPrefix(rest, suffix); ok {
			if r, _ := utf8.DecodeRuneInString(after); after == "" || !inWord(r) {
				return len(suffix)
			}
		}
	}
	return 0
}

// plain gives a mark's usual form.
func plain(m string) string {
	switch m {
	case "<>":
		return "!="
	case "==":
		return "="
	}
	return m
}

// inWord reports whether a character is part of names and numbers.
func inWord(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("_.[]", r))
}

// signAt reports whether a word begins with a sign, and that is at this place of it.
func signAt(word string, at int) bool { return at == 0 && (word[0] == '-' || word[0] == '+') }

// startsNumber reports whether a word begins as numbers, dates and times do: in these, as in 1e-5, signs and colons follow.
func startsNumber(word string) bool {
	digits := strings.TrimLeft(word, "+-")
	return len(word)-len(digits) <= 1 && digits != "" && '0' <= digits[0] && digits[0] <= '9'
}

// backquoted reads a column's name in backquotes, in which two stand for one.
func backquoted(s string, at int) (token, int, error) {
	var b strings.Builder
	for i := at + 1; i < len(s); i++ {
		if s[i] == '`' {
			if i+1 == len(s) || s[i+1] != '`' {
				form := formAfter(s[i+1:])
				return token{column, b.String(), form > 0, at}, i + 1 + form - at, nil
			}
			i++
		}
		b.WriteByte(s[i])
	}
	return token{}, 0, &Error{s, at, "the column's name has no closing backquote"}
}

// quoted reads a text in double quotes.
func quoted(s string, at int) (token, int, error) {
	var b strings.Builder
	for i := at + 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return token{class: text, text: b.String(), at: at}, i + 1 - at, nil
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
		}
		b.WriteByte(s[i])
	}
	return token{}, 0, &Error{s, at, "the text has no closing quote"}
}
