package mess

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/record"
)

// ballot is the public list that every record votes on once per column when a column's kind is not declared: first the
// vote of a missing cell, then the kinds that parse, in the order in which they are tried, then those of text.
var ballot = []Kind{
	"missing", Boolean, Integer, Decimal, Date, Timestamp, Time, Email, IP, URL, UserAgent, Card, IBAN, NationalID, Geo, Phone, PostalCode, Address, City, Name, UserName,
	Category, TextKind, ID,
}

// Ballot returns the list of votes.
func Ballot() []Kind { return append([]Kind(nil), ballot...) }

// Vote returns the index in [Ballot] of the most specific kind that the cell looks like. It depends on the cell alone.
func Vote(c record.Cell) int { return slices.Index(ballot, look(c)) }

func look(c record.Cell) Kind {
	if Missing(c) {
		return ballot[0]
	}
	for _, codec := range codecs {
		if digit := strings.Trim(c.Text, " "); codec.Kind() == Boolean && (digit == "0" || digit == "1") {
			continue // a number before it is a truth value
		}
		if open, ok := codec.(openCodec); ok {
			if open.likely(c) {
				return codec.Kind()
			}
			continue
		}
		if _, _, ok := codec.Parse(c); ok {
			return codec.Kind()
		}
	}
	switch {
	case c.Tag == record.JSON || isProse(c.Text):
		return TextKind
	case isIdentifier(c.Text):
		return ID
	}
	return Category
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
	of := func(kinds ...Kind) (sum float64) {
		for _, k := range kinds {
			sum += votes[slices.Index(ballot, k)]
		}
		return sum
	}
	texts := of(Category, TextKind, ID) + of(openKinds...)
	best, kind := texts, Category
	for _, k := range []struct {
		votes float64
		kind  Kind
	}{{of(Boolean), Boolean}, {of(Integer, Decimal), Integer}, {of(Date, Timestamp), Date}, {of(Time), Time}} {
		if k.votes > best && k.votes > 3*sigma {
			best, kind = k.votes, k.kind
		}
	}
	// A minority changes the kind when it is more than noise: decimals among integers, times among dates.
	minority := max(3*sigma, 0.002*best)
	switch {
	case kind == Integer && of(Decimal) > minority:
		return Decimal
	case kind == Date && of(Timestamp) > minority:
		return Timestamp
	case kind != Category || texts < 6*sigma:
		return kind
	}
	for _, k := range append([]Kind{TextKind, ID}, openKinds...) {
		if of(k) > 0.6*texts {
			return k
		}
	}
	return Category
}

// openKinds are the open kinds in the ballot's order.
var openKinds = slices.DeleteFunc(Ballot(), func(k Kind) bool {
	return !slices.ContainsFunc(codecs, func(c Codec) bool { return c.Kind() == k && c.Open() })
})
