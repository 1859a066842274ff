package mess

import (
	"fmt"
	"strings"
)

// ibanGrammar reads international bank account numbers (ISO 13616). The generalisation is the country and whether the check
// digits are right, "DE valid"; the form says how the number is grouped: `AA99` in one piece, `AA99_AA99` in
// groups of four, `AA99-AA99`, and in lower case `aa99`.
type ibanGrammar struct{}

// ibanShapes says what follows the check digits by country, from the IBAN registry: n digits, a letters, c either.
var ibanShapes = map[string]string{
	"AD": "8n12c", "AE": "19n", "AT": "16n", "BE": "12n", "BG": "4a6n8c", "BR": "23n1a1c", "CH": "5n12c", "CY": "8n16c", "CZ": "20n", "DE": "18n", "DK": "14n",
	"EE": "16n", "ES": "20n", "FI": "14n", "FR": "10n11c2n", "GB": "4a14n", "GR": "7n16c", "HR": "17n", "HU": "24n", "IE": "4a14n", "IL": "19n", "IS": "22n",
	"IT": "1a10n12c", "LI": "5n12c", "LT": "16n", "LU": "3n13c", "LV": "4a13c", "MC": "10n11c2n", "MT": "4a5n18c", "NL": "4a10n", "NO": "11n", "PL": "24n",
	"PT": "21n", "RO": "4a16c", "RS": "18n", "SA": "2n18c", "SE": "20n", "SI": "15n", "SK": "20n", "SM": "1a10n12c", "TR": "6n16c", "UA": "6n19c",
}

// ibanBodies are the shapes with one character for each of the number's, and ibanCountries their countries in order.
var ibanBodies, ibanCountries = func() (map[string]string, []string) {
	bodies, countries := map[string]string{}, []string{}
	for country, shape := range ibanShapes {
		var b strings.Builder
		for shape != "" {
			n, kind := 0, ""
			fmt.Sscanf(shape, "%d%1s", &n, &kind)
			b.WriteString(strings.Repeat(kind, n))
			shape = shape[strings.Index(shape, kind)+1:]
		}
		bodies[country] = b.String()
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if c := string([]rune{a, b}); bodies[c] != "" {
				countries = append(countries, c)
			}
		}
	}
	return bodies, countries
}()

func (ibanGrammar) read(s string) (key, form string, ok bool) {
	if len(s) < minIBAN || len(s) > maxIBAN+maxIBAN/4 || isDigit(s[0]) || !isDigit(s[2]) || !isDigit(s[3]) {
		return "", "", false
	}
	form = "AA99"
	if s[0] >= 'a' {
		form = "aa99"
	}
	compact := s
	if sep := s[4:5]; sep == " " || sep == "-" {
		if compact = strings.ReplaceAll(s, sep, ""); inFours(compact, sep) != s {
			return "", "", false
		}
		form += string(maskByte(sep[0])) + form
	}
	account := strings.ToUpper(compact)
	if account != compact && strings.ToLower(compact) != compact || !ibanFits(account) {
		return "", "", false
	}
	key = account[:2] + validity(mod97([]byte(account[4:]), []byte(account[:4])) == 1)
	return key, form, true
}

// ibanFits reports whether a number is of its country's shape.
func ibanFits(account string) bool {
	body := ibanBodies[account[:2]]
	if len(account) != 4+len(body) || body == "" {
		return false
	}
	for i := range len(body) {
		c := account[4+i]
		if !isAlphanumeric(c) || c >= 'a' || body[i] == 'n' && !isDigit(c) || body[i] == 'a' && isDigit(c) {
			return false
		}
	}
	return true
}

// inFours parts groups of four.
func inFours(s, sep string) string {
	var b strings.Builder
	for i := range len(s) {
		if i > 0 && i%4 == 0 {
			b.WriteString(sep)
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func (ibanGrammar) plain(string) string { return "AA99" }

func (ibanGrammar) likely(s string) bool {
	_, _, ok := ibanGrammar{}.read(s)
	return ok
}

func (ibanGrammar) write(key, form string, r *Rand) string {
	country, right := cutValidity(key)
	if key == "" {
		country, right = pick(ibanCountries, r), true
	}
	body := []byte(ibanBodies[country])
	for i, kind := range body {
		switch from := r.Int(36); {
		case kind == 'n':
			body[i] = byte('0' + from%10)
		case kind == 'a':
			body[i] = byte('A' + from%26)
		default:
			body[i] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[from]
		}
	}
	if len(body) == 0 {
		return ""
	}
	check := 98 - mod97(body, []byte(country+"00"))
	if !right {
		check = (check + 1 + r.Int(96)) % 97 // 2 to 98 are the right ones, and two that are 97 apart are both
	}
	account := fmt.Sprintf("%s%02d%s", country, check, body)
	if strings.HasPrefix(form, "aa99") {
		account = strings.ToLower(account)
	}
	if len(form) > 4 {
		account = inFours(account, strings.ReplaceAll(form[4:5], "_", " "))
	}
	return account
}
