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
			return append(tokens, token{end, "", at}), nil
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
		name, _, closed := strings.Cut(rest[1:], "`")
		if !closed {
			return token{}, 0, &Error{s, at, "the column's name has no closing backquote"}
		}
		return token{column, name, at}, len(name) + 2, nil
	}
	for _, m := range marks {
		if strings.HasPrefix(rest, m) {
			return token{mark, plain(m), at}, len(m), nil
		}
	}
	size := 0
	for size < len(rest) {
		r, n := utf8.DecodeRuneInString(rest[size:])
		if !inWord(r) && (size > 0 || r != '-' && r != '+') && !exponentSign(rest[:size], r) {
			break
		}
		size += n
	}
	if size == 0 {
		return token{}, 0, &Error{s, at, "unexpected character: put texts in double quotes and names with such characters in backquotes"}
	}
	return token{word, rest[:size], at}, size, nil
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

// exponentSign reports whether a character is the sign in 1e-5.
func exponentSign(before string, r rune) bool {
	n := len(before)
	return (r == '-' || r == '+') && n > 1 && (before[n-1] == 'e' || before[n-1] == 'E') && strings.Trim(before[:n-1], "+-0123456789.") == ""
}

// quoted reads a text in double quotes.
func quoted(s string, at int) (token, int, error) {
	var b strings.Builder
	for i := at + 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return token{text, b.String(), at}, i + 1 - at, nil
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
		}
		b.WriteByte(s[i])
	}
	return token{}, 0, &Error{s, at, "the text has no closing quote"}
}
