package mess

import (
	"strconv"
	"strings"
)

// A local part is what stands before the @ of an e-mail address, and a user name is of the same make. Its form says
// what each word is to a person, in the word's own case: `first`, `last`, `f`, `flast`, `firstl`, `firstlast`, `word`
// for anything else, `wOrd` for one in mixed case; digits are `9{n}`; `.`, `-` and `+` stand for themselves, `\_` for _.

const (
	maxLocal      = 64 // bytes, RFC 5321
	maxLocalParts = 9  // of an address: words, separators, digits
	maxDigits     = 9  // in a row
)

// The roles of a word, in their order of preference.
const (
	roleFirst     = "first"
	roleLast      = "last"
	roleInitial   = "f"
	roleFlast     = "flast"
	roleFirstL    = "firstl"
	roleFirstLast = "firstlast"
	roleWord      = "word"
)

var roles = []string{roleFirstLast, roleFirstL, roleFirst, roleFlast, roleLast, roleInitial, roleWord} // longest first where one starts another

// mixedWord is the form of a word in mixed case, whatever it is to a person.
const mixedWord = "wOrd"

// isLocalSeparator reports whether a character stands between the words of a local part.
func isLocalSeparator(c byte) bool { return c == '.' || c == '_' || c == '-' || c == '+' }

// localForm describes a local part; people counts its words that are parts of names.
func localForm(s string, maxParts int) (form string, people int, ok bool) {
	if s == "" || len(s) > maxLocal {
		return "", 0, false
	}
	b := make([]byte, 0, 48)
	for at, parts := 0, 0; at < len(s); parts++ {
		end := at + 1
		switch c := s[at]; {
		case parts == maxParts:
			return "", 0, false
		case isDigit(c):
			for end < len(s) && isDigit(s[end]) {
				end++
			}
			if end-at > maxDigits {
				return "", 0, false
			}
			b = append(append(append(b, "9{"...), byte('0'+end-at)), '}')
		case c == '_':
			b = append(b, `\_`...)
		case isLocalSeparator(c):
			b = append(b, c)
		case !isAlphanumeric(c):
			return "", 0, false
		default:
			for end < len(s) && isAlphanumeric(s[end]) && !isDigit(s[end]) {
				end++
			}
			role := wordRole(s[at:end])
			if !strings.EqualFold(role, roleWord) && len(role) > 1 {
				people++
			}
			b = append(b, role...)
		}
		at = end
	}
	return string(b), people, true
}

// wordRole says what a word is to a person, in the word's case.
func wordRole(w string) string {
	c := wordCase(w)
	if c == otherCase {
		return mixedWord
	}
	if c == titleCase && strings.ToLower(w[1:]) != w[1:] {
		return mixedWord
	}
	if len(w) == 1 && c == upperCase {
		return "F"
	}
	return inCase(roleOf(strings.ToLower(w)), c)
}

// roleOf says what a lower-case word is to a person.
func roleOf(w string) string {
	n := names()
	switch {
	case len(w) == 1:
		return roleInitial
	case n.isGiven[w]:
		return roleFirst
	case n.isFamily[w]:
		return roleLast
	case n.isFamily[w[1:]]:
		return roleFlast
	case n.isGiven[w[:len(w)-1]]:
		return roleFirstL
	}
	for i := 3; i+3 <= len(w) && len(w) <= 24; i++ {
		if n.isGiven[w[:i]] && n.isFamily[w[i:]] {
			return roleFirstLast
		}
	}
	return roleWord
}

// writeLocal makes up a local part of the form, about the person.
func writeLocal(form string, id *Identity, r *Rand) string {
	var b strings.Builder
	digits, word := id.Digits, id.Word
	for form != "" && b.Len() <= maxLocal {
		if n, rest, ok := cutCount(strings.TrimPrefix(form, "9")); ok && form[0] == '9' {
			for n = min(n, maxDigits); len(digits) < n; {
				digits += strconv.Itoa(r.Int(10))
			}
			b.WriteString(digits[:n])
			form, digits = rest, digits[n:]
			continue
		}
		if role, rest, ok := cutRole(form); ok {
			switch {
			case role == mixedWord:
				b.WriteString(id.Given + id.Family)
			case strings.EqualFold(role, roleWord):
				b.WriteString(inCase(word, wordCase(role)))
				word = string(appendLetters(nil, "a", nil, 3, r)) // further words are short, for the whole to stay so
			default:
				b.WriteString(inCase(id.word(strings.ToLower(role)), wordCase(role)))
			}
			form = rest
			continue
		}
		form = strings.TrimPrefix(form, `\`)
		if form != "" {
			b.WriteByte(form[0])
			form = form[1:]
		}
	}
	return b.String()
}

// cutRole cuts a role in one of its cases off a form.
func cutRole(form string) (role, rest string, ok bool) {
	if rest, ok := strings.CutPrefix(form, mixedWord); ok {
		return mixedWord, rest, true
	}
	for _, role := range roles {
		if len(form) >= len(role) && strings.EqualFold(form[:len(role)], role) {
			return form[:len(role)], form[len(role):], true
		}
	}
	return "", form, false
}

// word returns what a role of a name stands for.
func (id *Identity) word(role string) string {
	switch role {
	case roleFirst:
		return id.Given
	case roleLast:
		return id.Family
	case roleInitial:
		return id.Given[:1]
	case roleFlast:
		return id.Given[:1] + id.Family
	case roleFirstL:
		return id.Given + id.Family[:1]
	}
	return id.Given + id.Family
}
