package mess

import (
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// A Detail says how much of a text its form leaves open.
type Detail int

// The details, finest first.
const (
	Exact Detail = iota // the letters only; so too the forms of cells that are no text
	Loose               // how long words are
	Vague               // which words there are
)

// DetailOf returns how much of a text the mask leaves open.
func DetailOf(mask string) Detail {
	if tag, _ := cutTag(mask); tag != record.Text {
		return Exact
	}
	if _, ok := cutImpossible(mask); ok {
		return Exact
	}
	if mask == AnyForm || strings.HasPrefix(mask, "~") {
		return Vague
	}
	detail := Exact
	for i := 0; i < len(mask); i++ {
		switch {
		case mask[i] == '\\':
			i++
		case mask[i] == '+' && strings.HasPrefix(mask[i+1:], "{"):
			return Vague
		case mask[i] == '+':
			detail = Loose
		}
	}
	return detail
}
