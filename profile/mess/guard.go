package mess

import (
	"net/netip"
	"regexp"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// maxLiteral bounds the cells that can be released as they are, in bytes; anything longer is prose.
const maxLiteral = 96

// Releasable reports whether a cell may become a category literal, should enough records share it. What looks like
// personal data never may, however frequent: it is known by its shape only. The answer depends on the cell alone.
// A wrong yes would leak and a wrong no merely loses a label, so the patterns are wide.
func Releasable(c record.Cell) bool {
	_, withheld := WithheldBecause(c)
	return !withheld
}

// WithheldBecause reports whether a cell may not become a category literal, and why, in the words of [Reasons]. The
// reason says nothing of the cell but this, and a report may name it.
func WithheldBecause(c record.Cell) (reason string, withheld bool) {
	switch c.Tag {
	case record.Text, record.Number, record.Bool:
		if len(c.Text) > maxLiteral {
			return becauseLong, true
		}
		reason = personal(c.Text)
		return reason, reason != ""
	}
	return becauseNested, true
}

// Personal reports whether a text looks like personal data, by the patterns of [Releasable].
func Personal(s string) bool { return personal(s) != "" }

// The reasons for which cells are withheld.
const (
	becauseEmail      = "e-mail address"
	becauseHandle     = "user name"
	becauseNetwork    = "network address"
	becauseHardware   = "hardware address"
	becauseUUID       = "unique identifier"
	becausePlace      = "coordinates"
	becausePhone      = "phone number"
	becauseCard       = "card number"
	becauseAccount    = "bank account"
	becauseNational   = "national id"
	becauseRecord     = "number of a record"
	becauseLongNumber = "long number"
	becausePerson     = "person name"
	becauseLong       = "long text"
	becauseNested     = "nested value"
	minRecordDigits   = 5

	maxPersonInBracket = 40
)

// Reasons returns the vocabulary of [WithheldBecause].
func Reasons() []string {
	return []string{
		becauseEmail, becauseHandle, becauseNetwork, becauseHardware, becauseUUID, becausePlace, becausePhone, becauseCard, becauseAccount, becauseNational,
		becauseRecord, becauseLongNumber, becausePerson, becauseLong, becauseNested,
	}
}

// ReleasableKey reports whether a parsed value may become an atom. Whole numbers of seven digits or more may name a
// person and stay within bins, unless they are round, a repeated digit, or a date.
func ReleasableKey(v Value) bool {
	whole := strings.TrimPrefix(v.Key, "-")
	return len(whole) < minPhone || !isDigits(whole) || impersonal(whole)
}

var (
	emailLike = regexp.MustCompile(`[^\s@]+@[^\s@]+\.[^\s@]{2,}`)
	hardware  = regexp.MustCompile(`(?i)\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b`)
	uuidLike  = regexp.MustCompile(`(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}`)
	location  = regexp.MustCompile(`\d\.\d{4,}\s*[,;/ ]\s*-?\d{1,3}\.\d{4}`)
)

// personal says what personal data a text holds, "" when none: an e-mail, network or hardware address, coordinates, a phone
// number, a card, an account or another number that may name a person, or a name.
func personal(s string) string {
	s = asciiDigits(s)
	n := countMarks(s)
	switch {
	case n.at > 0 && emailLike.MatchString(s), n.words > 0 && holdsSpelledEmail(s):
		return becauseEmail
	case n.at > 0 && holdsHandle(s):
		return becauseHandle
	case (n.digits >= 4 && n.dots >= 3 || n.colons >= 2) && holdsAddress(s):
		return becauseNetwork
	case n.colons >= 5 || n.digits >= 4 && n.dashes >= 4:
		if hardware.MatchString(s) {
			return becauseHardware
		}
		if uuidLike.MatchString(s) {
			return becauseUUID
		}
	}
	if n.digits >= minRecordDigits {
		if reason := personalNumber(s, n.digits); reason != "" {
			return reason
		}
	}
	if n.digits == 0 && holdsPerson(s) {
		return becausePerson
	}
	return ""
}

// marks counts the characters that decide which patterns are tried.
type marks struct{ digits, dots, colons, dashes, at, words int }

func countMarks(s string) (n marks) {
	for i := range len(s) {
		switch c := s[i]; c {
		case '.':
			n.dots++
		case ':':
			n.colons++
		case '-':
			n.dashes++
		case '@':
			n.at++
		case 't', 'T': // of at
			if i > 0 && s[i-1]|0x20 == 'a' {
				n.words++
			}
		default:
			if isDigit(c) {
				n.digits++
			}
		}
	}
	return n
}

// holdsAddress reports whether one of the words is an IP address, maybe with a port.
func holdsAddress(s string) bool {
	words := strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(" \t\n\r,;=()[]<>{}\"'|/@?&", c) })
	for _, w := range words {
		w = strings.TrimRight(w, ".:")
		if strings.Count(w, ":") == 1 {
			w, _, _ = strings.Cut(w, ":")
		}
		if _, err := netip.ParseAddr(w); err == nil {
			return true
		}
	}
	return false
}
