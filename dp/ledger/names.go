package ledger

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds free text in an entry, in bytes.
const maxText = 4096

var datasetName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)

// checkDataset accepts names that are safe in a file name, a flag, a URL and a log line.
func checkDataset(name string) error {
	if !datasetName.MatchString(name) || strings.Contains(name, "..") {
		return fmt.Errorf("dataset name %.40q: use 1 to 128 letters, digits, '.', '_' or '-', "+
			"starting with a letter, digit or '_', and no '..'", name)
	}
	return nil
}

// checkText accepts what can be printed on one line and comes back unchanged from JSON.
func checkText(what, text string) error {
	switch {
	case len(text) > maxText:
		return fmt.Errorf("the %s is %d bytes long, the ledger takes %d", what, len(text), maxText)
	case !utf8.ValidString(text):
		return fmt.Errorf("the %s is not valid UTF-8", what)
	case strings.ContainsFunc(text, unicode.IsControl):
		return fmt.Errorf("the %s holds a control character, such as a line break", what)
	}
	return nil
}
