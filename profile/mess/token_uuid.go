package mess

import "unicode/utf8"

// uuidSize is how long a UUID is, in bytes.
const uuidSize = 36

// uuidGroups are the lengths of a UUID's groups.
var uuidGroups = [...]int{8, 4, 4, 4, 12}

// uuidClass returns the class of the groups of a UUID that the text starts with. A UUID needs one for all of them: a group
// that happens to have digits only would have another, and so nearly every UUID.
func uuidClass(s string) (class string, ok bool) {
	if len(s) < uuidSize || s[8] != '-' {
		return "", false
	}
	lower, upper := false, false
	for i := range uuidSize {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return "", false
			}
		case c >= 'a' && c <= 'f':
			lower = true
		case c >= 'A' && c <= 'F':
			upper = true
		case !isDigit(c):
			return "", false
		}
	}
	if c, _ := utf8.DecodeRuneInString(s[uuidSize:]); len(s) > uuidSize && classify(c) != other {
		return "", false
	}
	switch {
	case lower == upper:
		return "", false
	case upper:
		return "H", true
	}
	return "h", true
}

// appendUUID appends a UUID's groups and the dashes between them.
func appendUUID(tokens []token, class string) []token {
	for i, n := range uuidGroups {
		if i > 0 {
			tokens = append(tokens, token{n: 1, lit: "-"})
		}
		tokens = append(tokens, token{class: class, n: n})
	}
	return tokens
}
