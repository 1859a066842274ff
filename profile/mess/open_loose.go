package mess

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A loose grammar is one that writes in so many forms that most are rare: it has coarser ones too, each of which stands for
// many. Where no text but one of a fine form can be written, a fine form that a coarser one stands for is drawn first.
type looseGrammar interface {
	// loosen returns the forms that stand for a fine one, the finest first.
	loosen(form string) []string

	// tighten returns one of the fine forms that a form stands for; a fine one stands for itself.
	tighten(form string, r *Rand) string
}

// loosen returns the forms that stand for a form of the codec's Parse, the finest first, without itself.
func (c openCodec) loosen(form string) []string {
	g, ok := c.grammar.(looseGrammar)
	if !ok {
		return nil
	}
	tag, body := cutTag(form)
	lead, body, trail, _ := cutBlanks(body)
	var ladder []string
	for _, loose := range g.loosen(body) {
		loose = tagMark(tag) + blankMarks[:lead] + loose + blankMarks[:trail]
		if loose != form && !slices.Contains(ladder, loose) {
			ladder = append(ladder, loose)
		}
	}
	return ladder
}

// tighten draws a fine form that a form stands for.
func (c openCodec) tighten(form string, r *Rand) string {
	if g, ok := c.grammar.(looseGrammar); ok {
		return g.tighten(form, r)
	}
	return form
}

// looseNumber is the mark of a number of any length.
const looseNumber = "9+"

// loosenNumbers forgets how long numbers are: 9{4} is 9+. It is asked for every cell, and goes through the form by hand.
func loosenNumbers(form string) string {
	var b []byte
	rest := form
	for {
		before, after, ok := strings.Cut(rest, "9{")
		if !ok {
			break
		}
		n := 0
		for n < len(after) && isDigit(after[n]) {
			n++
		}
		if n > 0 && n < len(after) && after[n] == '}' {
			b, rest = append(append(b, before...), looseNumber...), after[n+1:]
		} else {
			b, rest = append(append(b, before...), "9{"...), after
		}
	}
	if b == nil {
		return form
	}
	return string(append(b, rest...))
}

// tightenNumbers draws how long numbers are: of up to four digits, mostly of two or three.
func tightenNumbers(form string, r *Rand) string {
	for strings.Contains(form, looseNumber) {
		n := pick([]int{1, 2, 2, 3, 3, 4}, r)
		form = strings.Replace(form, looseNumber, "9{"+strconv.Itoa(n)+"}", 1)
	}
	return form
}

// E-mail addresses and user names have numbers at their ends.

func (emailGrammar) loosen(form string) []string            { return []string{loosenNumbers(form)} }
func (emailGrammar) tighten(form string, r *Rand) string    { return tightenNumbers(form, r) }
func (userNameGrammar) loosen(form string) []string         { return []string{loosenNumbers(form)} }
func (userNameGrammar) tighten(form string, r *Rand) string { return tightenNumbers(form, r) }

var versionNumber = regexp.MustCompile(`9(\{\d+\})?`)

// loosen forgets how long the numbers of a version are.
func (versionGrammar) loosen(form string) []string {
	return []string{versionNumber.ReplaceAllString(form, looseNumber)}
}

// tighten draws how long they are: mostly of one digit.
func (versionGrammar) tighten(form string, r *Rand) string {
	for strings.Contains(form, looseNumber) {
		number := pick([]string{"9", "9", "9{2}", "9{3}"}, r)
		form = strings.Replace(form, looseNumber, number, 1)
	}
	return form
}
