package mess

import (
	"strconv"
	"strings"

	"github.com/patina-data/patina/profile/record"
)

// versionGrammar reads versions: up to five numbers with points between them, maybe after a `v`, maybe with a stage such as
// `-rc.1` after them; a number alone is none. The value is the version without the `v`; the form is the version with `9` for a number of one digit,
// `9{2}` for one of two, and so on.
type versionGrammar struct{}

// Bounds on what is read.
const (
	maxVersion      = 32 // bytes
	maxVersionParts = 5  // numbers
	maxVersionPart  = 8  // digits of a number: some are dates
)

// versionStages are what may follow the numbers, in lower case.
var versionStages = set(`alpha beta rc dev pre preview snapshot final a b c p post build patch sp`)

func (versionGrammar) read(s string) (key, form string, ok bool) {
	if len(s) > maxVersion {
		return "", "", false
	}
	body := strings.TrimLeft(s, "vV")
	if len(s)-len(body) > 1 {
		return "", "", false
	}
	parts, stage := cutVersion(body)
	if parts == 0 || !isVersionStage(stage) || isDigits(s) {
		return "", "", false
	}
	if key = body; personal(body) != "" {
		key = ""
	}
	return key, versionForm(s), true
}

// cutVersion counts the numbers with points between them that a text starts with, 0 when they are too many or too long, and
// returns what follows.
func cutVersion(s string) (parts int, rest string) {
	for parts < maxVersionParts {
		var digits string
		digits, s = cutDigits(s)
		if digits == "" || len(digits) > maxVersionPart {
			return 0, s
		}
		parts++
		if len(s) < 2 || s[0] != '.' || !isDigit(s[1]) {
			return parts, s
		}
		s = s[1:]
	}
	return 0, s
}

// isVersionStage reads what follows the numbers: nothing, or a stage that may be numbered.
func isVersionStage(s string) bool {
	if s == "" {
		return true
	}
	if strings.IndexByte("-.+", s[0]) >= 0 {
		s = s[1:]
	}
	end := 0
	for end < len(s) && classify(rune(s[end])) != other && !isDigit(s[end]) {
		end++
	}
	word, number := s[:end], s[end:]
	if number != "" && strings.IndexByte("-.", number[0]) >= 0 {
		number = number[1:]
		if number == "" {
			return false
		}
	}
	return versionStages[strings.ToLower(word)] && (number == "" || isDigits(number) && len(number) <= maxVersionPart)
}

// versionForm puts how long they are in place of the numbers.
func versionForm(s string) string {
	b := make([]byte, 0, 2*len(s))
	for s != "" {
		digits, rest := cutDigits(s)
		switch {
		case digits == "":
			b, rest = append(b, s[0]), s[1:]
		case len(digits) == 1:
			b = append(b, '9')
		default:
			b = append(strconv.AppendInt(append(b, "9{"...), int64(len(digits)), 10), '}')
		}
		s = rest
	}
	return string(b)
}

func (versionGrammar) plain(key string) string {
	switch {
	case key == "":
		return "9.9.9"
	case isDigits(key):
		return "v" + versionForm(key)
	}
	return versionForm(key)
}

// likely leaves out what may be a number, a date or a number of a record.
func (versionGrammar) likely(s string) bool {
	key, _, ok := versionGrammar{}.read(s)
	parts, stage := cutVersion(key)
	switch {
	case !ok || parts < 2:
		return false
	case len(key) < len(s) || len(stage) > 2:
		return true
	}
	fields := strings.Split(strings.TrimSuffix(key, stage), ".")
	return parts >= 3 && len(fields[0]) <= 2 && (len(fields[1]) <= 2 || parts > 3) && !isShortDate(fields)
}

// isShortDate reports whether numbers may be day, month and year of two digits.
func isShortDate(fields []string) bool {
	if len(fields) != 3 || len(fields[2]) != 2 {
		return false
	}
	d, _ := strconv.Atoi(fields[0])
	m, _ := strconv.Atoi(fields[1])
	return isDay(2000, m, d)
}

func (versionGrammar) write(key, form string, r *Rand) string {
	if key != "" {
		return form[:len(form)-len(strings.TrimLeft(form, "vV"))] + key
	}
	var b []byte
	for form != "" && len(b) <= maxVersion {
		run, rest, ok := cutRun(form, record.Text)
		if !ok || run.class != "9" || run.n == 0 {
			b, form = append(b, form[0]), form[1:]
			continue
		}
		b = append(b, wholeOfDigits(min(run.n, maxVersionPart+1), r)...)
		form = rest
	}
	return string(b)
}

// wholeOfDigits draws a number of n digits, which does not start with zero if it has more than one.
func wholeOfDigits(n int, r *Rand) string {
	if n < 2 {
		return randomDigits(n, r)
	}
	return strconv.Itoa(1+r.Int(9)) + randomDigits(n-1, r)
}
