package mess

import (
	"strconv"
	"strings"
)

// nationalIDGrammar reads numbers that states give to people. The generalisation is the scheme and whether its check passes,
// "US-SSN valid"; the form is the layout, with `9` for digits, `A` for letters: `999-99-9999`.
type nationalIDGrammar struct{}

// An idScheme is one country's number. Its characters without separators are drawn by the first layout, and
// valid says whether they hold together. A layout of digits alone is read only where they do.
type idScheme struct {
	name    string
	layouts []string
	draw    func(b []byte, r *Rand) // makes random characters a valid number
	valid   func(s string) bool
}

// idSchemes are in the order in which they are tried.
var idSchemes = []idScheme{
	{name: "US-SSN", layouts: []string{"999-99-9999", "999 99 9999"}, draw: drawSSN, valid: isSSN},
	{name: "CA-SIN", layouts: []string{"999-999-999", "999 999 999"}, draw: drawLuhn, valid: luhn},
	{name: "BR-CPF", layouts: []string{"999.999.999-99", "99999999999"}, draw: drawCPF, valid: isCPF},
	{name: "PL-PESEL", layouts: []string{"99999999999"}, draw: drawPESEL, valid: isPESEL},
	{name: "ES-DNI", layouts: []string{"99999999A", "99999999-A"}, draw: drawDNI, valid: isDNI},
	{name: "ES-NIE", layouts: []string{"A9999999A", "A-9999999-A"}, draw: drawNIE, valid: isNIE},
	{name: "FI-HETU", layouts: []string{"999999-999A", "999999A999A"}, draw: drawHETU, valid: isHETU},
	{name: "SE-PNR", layouts: []string{"999999-9999"}, draw: drawPNR, valid: isPNR},
	{name: "CH-AHV", layouts: []string{"999.9999.9999.99"}, draw: drawAHV, valid: isAHV},
	{name: "FR-NIR", layouts: []string{"9 99 99 99 999 999 99", "999999999999999"}, draw: drawNIR, valid: isNIR},
	{name: "CL-RUT", layouts: []string{"99.999.999-9", "99.999.999-A"}, draw: drawRUT, valid: isRUT},
	{name: "GB-NINO", layouts: []string{"AA 99 99 99 A", "AA999999A"}, draw: drawNINO, valid: isNINO},
	{name: "IN-AADHAAR", layouts: []string{"9999 9999 9999", "9999-9999-9999"}, draw: drawAadhaar, valid: verhoeff},
	{name: "CN-RIC", layouts: []string{"999999999999999999", "99999999999999999A"}, draw: drawRIC, valid: isRIC},
}

const (
	minNationalID = 9
	maxNationalID = 21 // bytes
)

func (nationalIDGrammar) read(s string) (key, form string, ok bool) {
	if len(s) < minNationalID || len(s) > maxNationalID {
		return "", "", false
	}
	layout, small := layoutOf(s)
	if small {
		return "", "", false
	}
	for i := range idSchemes {
		for _, l := range idSchemes[i].layouts {
			if l != layout {
				continue
			}
			right := idSchemes[i].valid(withoutSeparators(s))
			if right || !isDigits(s) && idSchemes[i].owns(layout) {
				return idSchemes[i].name + validity(right), strings.ReplaceAll(layout, " ", "_"), true
			}
		}
	}
	return "", "", false
}

// owns reports whether numbers that do not pass the check are the scheme's by their layout, which no others have.
func (s *idScheme) owns(layout string) bool { return s.layouts[0] == layout && s.name != "SE-PNR" }

// withoutSeparators keeps letters and digits.
func withoutSeparators(s string) string {
	b := make([]byte, 0, maxNationalID)
	for i := range len(s) {
		if isAlphanumeric(s[i]) {
			b = append(b, s[i])
		}
	}
	return string(b)
}

func (nationalIDGrammar) plain(key string) string {
	name, _ := cutValidity(key)
	for _, s := range idSchemes {
		if s.name == name {
			return strings.ReplaceAll(s.layouts[0], " ", "_")
		}
	}
	return idSchemes[0].layouts[0]
}

// likely is true of valid numbers with separators or letters, and of social security numbers as everybody writes them.
func (nationalIDGrammar) likely(s string) bool {
	key, _, ok := nationalIDGrammar{}.read(s)
	_, right := cutValidity(key)
	return ok && (right && !isDigits(s) || strings.HasPrefix(key, idSchemes[0].name))
}

func (nationalIDGrammar) write(key, form string, r *Rand) string {
	name, right := cutValidity(key)
	layout := strings.ReplaceAll(form, "_", " ")
	var of []*idScheme
	for i := range idSchemes {
		for _, l := range idSchemes[i].layouts {
			if l == layout && (key == "" || idSchemes[i].name == name) {
				of = append(of, &idSchemes[i])
			}
		}
	}
	if len(of) == 0 {
		return ""
	}
	scheme := pick(of, r)
	b := []byte(withoutSeparators(layout))
	for i, c := range b {
		if b[i] = byte('0' + r.Int(10)); c == 'A' {
			b[i] = byte('A' + r.Int(26))
		}
	}
	if scheme.draw(b, r); !right && key != "" {
		spoil(b, r)
	}
	out := []byte(layout)
	for i, at := 0, 0; i < len(out) && at < len(b); i++ {
		if isAlphanumeric(out[i]) {
			out[i] = b[at]
			at++
		}
	}
	return string(out)
}

// spoil changes a character within its class, and the area of a number that has no check character to one that is not given.
func spoil(b []byte, r *Rand) {
	if len(b) == 9 && isDigits(string(b)) && isSSN(string(b)) {
		copy(b, pick([]string{"000", "666", "9"}, r))
	}
	at := len(b) - 1
	if len(b) == 9 && b[0] >= 'A' && b[1] >= 'A' {
		b[0] = 'D' // of none of the prefixes
		return
	}
	if isDigit(b[at]) {
		b[at] = '0' + (b[at]-'0'+1+byte(r.Int(9)))%10
		return
	}
	b[at] = 'A' + (b[at]-'A'+1+byte(r.Int(25)))%26
}

// put writes a number with leading zeros over b.
func put(b []byte, n int) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
}

// longNumber reads digits, at most 18 of them.
func longNumber(s string) int {
	n, _ := strconv.Atoi(s) // digits, as its layout says
	return n
}

// weighted sums the digits times the weights.
func weighted(s string, weights ...int) (sum int) {
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return sum
}

// drawDate writes a day of the 20th century as fields of two digits: order says which of year, month and day is where.
func drawDate(b []byte, order string, r *Rand) {
	for i, field := range order {
		n := 1 + r.Int(28)
		switch field {
		case 'y':
			n = 30 + r.Int(70)
		case 'm':
			n = 1 + r.Int(12)
		}
		put(b[2*i:2*i+2], n)
	}
}
