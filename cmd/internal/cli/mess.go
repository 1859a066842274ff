package cli

import "errors"

// messFlag is the value of --mess: how much of the input's mess a sample has. Cells and the number of fields are always
// as messy as the input's.
type messFlag struct {
	word    string
	asInput bool // the file too: its encoding, line ends and quoting, and lines that are no records
}

// messWords are the values of --mess; the first is the default.
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
	return errors.New("want keep or file")
}
