package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/patina-data/patina/synth"
)

// messFlag is the value of --mess: how much of the input's mess a sample has. Without it cells and the number of fields are
// as messy as the input's.
type messFlag struct {
	word    string
	asInput bool    // the file too: its encoding, line ends and quoting, and lines that are no records
	factor  float64 // of the odds of mess; 0 is 1
}

// messWords are the values of --mess that are words; the first is the default.
var messWords = []messFlag{{word: "keep"}, {word: "file", asInput: true}}

func (f *messFlag) Type() string { return "WHAT" }
func (f *messFlag) String() string {
	if f.word == "" {
		return messWords[0].word
	}
	return f.word
}

func (f *messFlag) Set(s string) error {
	for _, w := range messWords {
		if s == w.word {
			*f = w
			return nil
		}
	}
	number, ok := strings.CutSuffix(s, "x")
	factor, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil || !(factor > 0 && factor <= synth.MaxFactor) {
		return fmt.Errorf("want keep, file, or a factor such as 2x or 0.5x, at most %dx", synth.MaxFactor)
	}
	*f = messFlag{word: s, factor: factor}
	return nil
}
