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
	switch c.Tag {
	case record.Text, record.Number, record.Bool:
		return len(c.Text) <= maxLiteral && !personal(c.Text)
	}
	return false
}

// Personal reports whether a text looks like personal data, by the patterns of [Releasable].
func Personal(s string) bool { return personal(s) }

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

// personal reports whether a text holds an e-mail, network or hardware address, coordinates, a phone number, a card, an
// account or another long number that may name a person.
func personal(s string) bool {
	s = asciiDigits(s)
	digits, dots, colons, at := 0, 0, 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			dots++
		case c == ':':
			colons++
		case c == '@':
			at = true
		}
	}
	switch {
	case at && emailLike.MatchString(s):
		return true
	case (digits >= 4 && dots >= 3 || colons >= 2) && holdsAddress(s):
		return true
	case colons >= 5 || digits >= 4 && strings.Count(s, "-") >= 4:
		if hardware.MatchString(s) || uuidLike.MatchString(s) {
			return true
		}
	}
	return digits >= minPhone && (location.MatchString(s) || holdsLongNumber(s) || digits >= minIBANDigits && holdsIBAN(s))
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
