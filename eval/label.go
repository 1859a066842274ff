package eval

import (
	"strings"

	"github.com/patina-data/patina/profile"
)

// What intervals without an end begin with.
const (
	below   = "< "
	atLeast = "≥ "
)

// anything is the interval without ends.
const anything = "<any other>"

// rangeLabel writes a bin as [lo, hi), and the first and the last of the axis without the end of it, which no value is at.
func rangeLabel(a *profile.Attribute, code int32, kind string) string {
	c := a.Codes[code]
	text := c.Readable(kind)
	lo, hi := ends(text)
	first, last := true, true
	for _, other := range a.Codes {
		if other.Class == profile.Bin {
			first = first && other.Lo.Compare(c.Lo) >= 0
			last = last && other.Lo.Compare(c.Lo) <= 0
		}
	}
	return fromTo(lo, hi, first && c.Origin == profile.Rest, last && c.Origin == profile.Rest)
}

// fromTo writes an interval that may go on for ever on either side.
func fromTo(lo, hi string, openBelow, openAbove bool) string {
	switch {
	case openBelow && openAbove:
		return anything
	case openBelow:
		return below + hi
	case openAbove:
		return atLeast + lo
	}
	return "[" + lo + ", " + hi + ")"
}

// ends returns the ends of an interval as it is written; an end that it does not have is empty.
func ends(label string) (lo, hi string) {
	if rest, ok := strings.CutPrefix(label, below); ok {
		return "", rest
	}
	if rest, ok := strings.CutPrefix(label, atLeast); ok {
		return rest, ""
	}
	inner, isOpen := strings.CutPrefix(label, "[")
	inner, isClosed := strings.CutSuffix(inner, ")")
	if lo, hi, ok := strings.Cut(inner, ", "); ok && isOpen && isClosed {
		return lo, hi
	}
	return "", ""
}

// joinLabels names what goes from one interval to another.
func joinLabels(from, to string) string {
	if from == to || to == anything {
		return to
	}
	lo, otherHi := ends(from)
	otherLo, hi := ends(to)
	if lo+otherHi == "" || otherLo+hi == "" {
		return from + " … " + to
	}
	return fromTo(lo, hi, lo == "", hi == "")
}
