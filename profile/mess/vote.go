package mess

import (
	"strings"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/record"
)

// ballot is the public list that every record votes on once per column when a column's kind is not declared. The first
// entry is the vote of a missing cell.
var ballot = []Kind{"missing", Boolean, Integer, Decimal, Date, Timestamp, Category, TextKind, ID}

// Ballot returns the list of votes.
func Ballot() []Kind { return append([]Kind(nil), ballot...) }

// Vote returns the index in [Ballot] of the most specific kind that the cell looks like. It depends on the cell alone.
func Vote(c record.Cell) int {
	if Missing(c) {
		return 0
	}
	for i := 1; i <= 5; i++ {
		codec := codecs[i-1]
		if ballot[i] == Boolean && (c.Text == "0" || c.Text == "1") {
			continue // a digit is a number before it is a truth value
		}
		if _, _, ok := codec.Parse(c); ok {
			return i
		}
	}
	switch {
	case c.Tag == record.JSON || isProse(c.Text):
		return 7
	case isIdentifier(c.Text):
		return 8
	}
	return 6
}

// isProse reports whether a text is longer than names and labels are.
func isProse(s string) bool {
	return len(s) > maxLiteral || strings.Count(strings.TrimSpace(s), " ") >= 7 || utf8.RuneCountInString(s) > 60
}

// isIdentifier reports whether a text is one token with many digits, neither a date nor an amount, or a long mix of
// digits and letters.
func isIdentifier(s string) bool {
	s = strings.TrimSpace(s)
	digits, letters := 0, 0
	for _, c := range s {
		switch classify(c) {
		case digit:
			digits++
		case lower, upper:
			letters++
		default:
			if c == ' ' {
				return false
			}
		}
	}
	return digits >= minPhone && (letters > 0 || holdsLongNumber(s)) || digits >= 3 && letters >= 3 && digits+letters >= 10
}

// Elect decides a column's kind from noisy votes, in the order of [Ballot], with standard deviation sigma each. Only
// released numbers enter, so it is post-processing. Few or no votes elect a category, the kind that assumes least.
func Elect(votes []float64, sigma float64) Kind {
	numbers := votes[2] + votes[3]
	times := votes[4] + votes[5]
	texts := votes[6] + votes[7] + votes[8]
	best, kind := texts, Category
	for _, k := range []struct {
		votes float64
		kind  Kind
	}{{votes[1], Boolean}, {numbers, Integer}, {times, Date}} {
		if k.votes > best && k.votes > 3*sigma {
			best, kind = k.votes, k.kind
		}
	}
	// A minority changes the kind when it is more than noise: decimals among integers, times among dates.
	switch {
	case kind == Integer && votes[3] > max(3*sigma, 0.002*numbers):
		return Decimal
	case kind == Date && votes[5] > max(3*sigma, 0.002*times):
		return Timestamp
	case kind != Category || texts < 6*sigma:
		return kind
	case votes[7] > 0.6*texts:
		return TextKind
	case votes[8] > 0.6*texts:
		return ID
	}
	return Category
}
