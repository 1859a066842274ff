package vault

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patina-data/patina/profile"
)

// publicInputs says in sentences what of the profile was public input and not measured. It depends on the profile alone, so that it is
// the same when a commit is made up for later.
func publicInputs(p *profile.Profile) []string {
	sentences := []string{"the names of the columns, and how the files are written: the files' schema or the spec"}
	kinds := map[profile.Origin][]string{}
	for _, c := range p.Manifest.Columns {
		kinds[c.Origin] = append(kinds[c.Origin], c.Name)
	}
	var categories []string
	for _, a := range p.Attributes {
		if slices.ContainsFunc(a.Codes, func(c profile.Code) bool { return c.Class == profile.Literal && c.Origin == profile.Declared }) {
			categories = append(categories, a.Column)
		}
	}
	for _, of := range []struct {
		what, where string
		columns     []string
	}{
		{"kinds", "the files' schema", kinds[profile.Schema]},
		{"kinds", "the spec", kinds[profile.Declared]},
		{"categories", "the spec", categories},
		{"key of a unit, and the limit on its records", "the spec or the command line", p.Manifest.Privacy.UnitColumns},
	} {
		if len(of.columns) > 0 {
			sentences = append(sentences, shorten(fmt.Sprintf("the %s (%s): ", of.what, of.where)+strings.Join(of.columns, ", ")))
		}
	}
	return sentences
}

// maxSentence bounds a sentence about public inputs, in bytes: a ledger entry is no place for a thousand names.
const maxSentence = 1000

func shorten(s string) string {
	if len(s) <= maxSentence {
		return s
	}
	return strings.ToValidUTF8(s[:maxSentence], "") + "…"
}
