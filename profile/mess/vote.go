package mess

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/record"
)

// ballot is the public list that every record votes on once per column when a column's kind is not declared: first the
// vote of a missing cell, then the kinds that parse, in the order in which they are tried, then those of text, then
// those of which more is counted: numbers with zeros before them, dates and timestamps with day and month in an order
// that their values show.
var ballot = []Kind{
	"missing", Boolean, Integer, Decimal, Date, Timestamp, Time, Duration,
	Email, IP, URL, UserAgent, Version, Card, IBAN, NationalID, Geo, Phone, PostalCode, Address, City, Name, UserName,
	Category, TextKind, ID,
	padded, dateDayFirst, dateMonthFirst, timestampDayFirst, timestampMonthFirst,
}

// padded is the vote of whole numbers with zeros before them, as codes have, but for those that look like postal codes.
const padded Kind = "integer, padded"

// The votes of dates such as 31/01/2024 and 01/31/2024.
const (
	dateDayFirst        Kind = "date, day first"
	dateMonthFirst      Kind = "date, month first"
	timestampDayFirst   Kind = "timestamp, day first"
	timestampMonthFirst Kind = "timestamp, month first"
)

// Ballot returns the list of votes.
func Ballot() []Kind { return append([]Kind(nil), ballot...) }

// Vote returns the index in [Ballot] of the most specific kind that the cell looks like. It depends on the cell alone.
func Vote(c record.Cell) int { return slices.Index(ballot, look(c)) }

// firstOpen is the index of the kind of e-mail addresses, after the kinds of numbers and times.
var firstOpen = slices.IndexFunc(codecs, func(c Codec) bool { return c.Kind() == Email })

func look(c record.Cell) Kind {
	if Missing(c) {
		return ballot[0]
	}
	tried := codecs
	if strings.IndexByte(c.Text, '@') >= 0 {
		tried = codecs[firstOpen:] // none before them reads an @
	}
	digits := strings.Trim(c.Text, " ")
	for _, codec := range tried {
		switch {
		case codec.Kind() == Boolean && (digits == "0" || digits == "1"):
			continue // a number before it is a truth value
		case codec.Kind() == Integer && c.Tag == record.Text && isPadded(digits):
			return lookAtPadded(c)
		case codec.Kind() == Integer && isTimespan(digits):
			return Duration
		}
		if open, ok := codec.(openCodec); ok {
			if open.likely(c) {
				return codec.Kind()
			}
			continue
		}
		if v, form, ok := codec.Parse(c); ok {
			return withOrder(codec.Kind(), v, form)
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

// lookAtPadded is the vote of a whole number with zeros before it.
func lookAtPadded(c record.Cell) Kind {
	for _, codec := range codecs {
		if open, ok := codec.(openCodec); ok && open.likely(c) {
			return open.kind
		}
	}
	if isIdentifier(c.Text) {
		return ID
	}
	return padded
}

// isTimespan reports whether a text is an amount of a unit of time that is written out, as in 5 min: of a single letter it
// may be anything.
func isTimespan(s string) bool {
	if last := len(s) - 1; last < 3 || !isDigit(s[0]) || isDigit(s[last]) || isDigit(s[last-1]) {
		return false
	}
	_, f, ok := readComponents(s)
	return ok && len(durationUnits[f.units[0]].text) > len("h")
}

// withOrder returns the vote of a kind, for a date with its order if that shows.
func withOrder(k Kind, v Value, form string) Kind {
	if k != Date && k != Timestamp {
		return k
	}
	l, ok := parseLayout(form)
	if c, _ := keyDate(v.Key); !ok || !l.date.ambiguous() || c.day <= 12 {
		return k
	}
	switch {
	case k == Date && l.date.order == dayFirst:
		return dateDayFirst
	case k == Date:
		return dateMonthFirst
	case l.date.order == dayFirst:
		return timestampDayFirst
	}
	return timestampMonthFirst
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

// A tally is noisy votes in the order of [Ballot], with standard deviation sigma each.
type tally struct {
	votes []float64
	sigma float64
}

// of returns the sum of some votes, and three standard deviations of its noise.
func (t tally) of(kinds ...Kind) (sum, noise float64) {
	for _, k := range kinds {
		sum += t.votes[slices.Index(ballot, k)]
	}
	return sum, 3 * t.sigma * math.Sqrt(float64(len(kinds)))
}

// Elect decides a column's kind from noisy votes, in the order of [Ballot], with standard deviation sigma each. Only
// released numbers enter, so it is post-processing. Few or no votes elect a category, the kind that assumes least.
func Elect(votes []float64, sigma float64) Kind {
	t := tally{votes, sigma}
	texts, _ := t.of(append([]Kind{Category, TextKind, ID, padded}, openKinds...)...)
	best, kind := texts, Category
	for _, group := range [][]Kind{
		{Boolean}, {Integer, Decimal}, {Time}, {Duration},
		{Date, dateDayFirst, dateMonthFirst, Timestamp, timestampDayFirst, timestampMonthFirst},
	} {
		if sum, noise := t.of(group...); sum > best && sum > noise {
			best, kind = sum, group[0]
		}
	}
	// A minority changes the kind when it is more than noise: decimals among integers, times among dates, clocks beyond a day
	// among times of day.
	const minority = 0.002
	decimals, noise := t.of(Decimal)
	times, timesNoise := t.of(Timestamp, timestampDayFirst, timestampMonthFirst)
	codes, codesNoise := t.of(padded, PostalCode)
	postal, _ := t.of(PostalCode)
	spans, spansNoise := t.of(Duration)
	switch {
	case kind == Integer && codes > max(codesNoise, codeShare*best) && postal > codes/2:
		return PostalCode
	case kind == Integer && codes > max(codesNoise, codeShare*best):
		return Category
	case kind == Integer && decimals > max(noise, minority*best):
		return Decimal
	case kind == Date && times > max(timesNoise, minority*best):
		return Timestamp
	case kind == Time && spans > max(spansNoise, codeShare*best):
		return Duration
	case kind != Category || texts < 6*sigma:
		return kind
	}
	for _, k := range append([]Kind{TextKind, ID}, openKinds...) {
		if n, _ := t.of(k); n > 0.6*texts {
			return k
		}
	}
	return Category
}

// codeShare is the share of numbers with zeros before them that makes all of them codes, postal ones for instance: amounts
// are not written so.
const codeShare = 0.01

// openKinds are the open kinds in the ballot's order.
var openKinds = slices.DeleteFunc(Ballot(), func(k Kind) bool {
	return !slices.ContainsFunc(codecs, func(c Codec) bool { return c.Kind() == k && c.Open() })
})

// ElectDayFirst decides from the same votes whether a column of dates has the day first: more of its dates show that order
// than the other. Where none shows it the month is first, as in [Codec]s that are not told.
func ElectDayFirst(votes []float64, sigma float64) bool {
	t := tally{votes, sigma}
	days, noise := t.of(dateDayFirst, timestampDayFirst)
	months, _ := t.of(dateMonthFirst, timestampMonthFirst)
	return days > months && days > noise
}
