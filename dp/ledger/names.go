package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
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

// printable is text as the ledger can keep it on a line: what is no UTF-8 or no character to print becomes U+FFFD, and what
// is too long is cut. It is for text that is recorded when the budget is spent already and an error would waste it.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if len(text) <= maxText {
		return text
	}
	end := maxText - len("…")
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}

// checkUnit accepts the name of what an account protects; "" if nothing has said yet.
func checkUnit(unit string) error {
	if strings.TrimSpace(unit) != unit {
		return errors.New("the unit begins or ends with a space")
	}
	return checkText("unit", unit)
}

// checkHex accepts "" or a SHA-256 digest.
func checkHex(what, digest string) error {
	if digest != "" && !isDigest(digest) {
		return fmt.Errorf("the %s is not 64 lower-case hexadecimal digits of SHA-256", what)
	}
	return nil
}

func isDigest(text string) bool {
	digest, err := hex.DecodeString(text)
	return err == nil && len(digest) == sha256.Size && strings.ToLower(text) == text
}
