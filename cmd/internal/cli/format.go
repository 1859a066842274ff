package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/patina-data/patina/profile"
)

// decimals returns how many digits after the point show two digits of x, at most most.
func decimals(x float64, most int) int {
	if !(x > 0) || math.IsInf(x, 0) {
		return 0
	}
	return min(max(0, 1-int(math.Floor(math.Log10(x)))), most)
}

// share writes a share of the records in per cent, with as many digits as its ± deserves.
func share(a profile.Approx) string {
	d := decimals(100*a.PlusMinus, 3)
	return fmt.Sprintf("%.*f ± %s", d, 100*a.Value, halfWidth(a.PlusMinus))
}

// halfWidth writes half the width of an interval of shares in per cent.
func halfWidth(x float64) string {
	return fmt.Sprintf("%.*f %%", decimals(100*x, 3), 100*x)
}

// count writes a noisy count of records.
func count(a profile.Approx) string {
	return thousands(a.Value) + " ± " + thousands(math.Ceil(a.PlusMinus))
}

// thousands writes a number rounded to an integer, in groups of three digits.
func thousands(x float64) string {
	text := strconv.FormatFloat(math.Round(math.Abs(x)), 'f', 0, 64)
	var b strings.Builder
	if math.Round(x) < 0 {
		b.WriteByte('-')
	}
	for i, c := range text {
		if i > 0 && (len(text)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// plural writes a number of things; things is their plural where an s does not make it.
func plural(n int, thing string, things ...string) string {
	if n != 1 {
		thing = append(things, thing+"s")[0]
	}
	return strconv.Itoa(n) + " " + thing
}

// number writes ε, δ or ρ with at most four digits, the way they are typed.
func number[T ~float64](x T) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(float64(x), 'e', 3, 64), 64)
	if err != nil {
		return exact(x)
	}
	return exact(rounded)
}

// exact writes a number so that typing it gives the same number, small ones as 1e-6.
func exact[T ~float64](x T) string {
	if 0 < x && x < 1e-3 {
		return strings.Replace(strconv.FormatFloat(float64(x), 'e', -1, 64), "e-0", "e-", 1)
	}
	return strconv.FormatFloat(float64(x), 'g', -1, 64)
}

// shown writes a label so that it can be read and cannot do anything to a terminal.
func shown(label string) string {
	unprintable := strings.ContainsFunc(label, func(r rune) bool { return !unicode.IsPrint(r) })
	if unprintable || !utf8.ValidString(label) || strings.TrimSpace(label) != label || strings.Contains(label, "  ") {
		return strconv.Quote(label)
	}
	return label
}

// shellWord quotes a word for a POSIX shell, if it needs it.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-/:=+,@%", r))
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
