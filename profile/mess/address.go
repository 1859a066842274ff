package mess

import (
	"strconv"
	"strings"
)

// addressGrammar reads the street line of an address: a number, a name and the type of the street, in the order of the
// language. There is nothing to release of it. The form has the number's digits, a word each for directions and the
// name, the type of the street as it is written, and what comes after: `9{3}_N_Name_St.`, `9{2}_NAME_NAME_AVE,_Apt_9{1}`,
// `Namestraße_9{2}`, `P\.O\._Box_9{3}`.
type addressGrammar struct{}

// streetTypes are what streets end in where the number is first.
var streetTypes = wordSet(`street st road rd avenue ave av boulevard blvd lane ln drive dr court ct way place pl terrace ter trail trl parkway pkwy
	highway hwy square sq circle cir alley crescent cres close grove loop plaza walk row path pike turnpike freeway expressway quay mews`)

// streetStarts are what streets start with where the number is last, or first.
var streetStarts = wordSet(`rue avenue boulevard place via viale piazza corso calle avenida plaza paseo rua travessa praca chemin allee`)

// streetEnds are parts of words that streets end in where the number is last.
var streetEnds = []string{"straße", "strasse", "str.", "gasse", "platz", "weg", "allee", "straat", "laan", "gatan", "vägen"}

var (
	streetDirections = wordSet(`n s e w ne nw se sw north south east west northeast northwest southeast southwest`)
	unitWords        = wordSet(`apt apartment suite ste unit floor fl room rm box lot # bldg building`)
	numberMarks      = []string{"P.O. Box ", "PO Box ", "P.O. BOX ", "PO BOX "}
)

// wordSet makes a set of lower-case words.
func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

const (
	maxAddress      = 80 // bytes
	maxAddressWords = 9
)

func (addressGrammar) read(s string) (key, form string, ok bool) {
	if len(s) < 5 || len(s) > maxAddress || !strings.Contains(s, " ") || !strings.ContainsAny(s, "0123456789") || strings.Contains(s, "  ") {
		return "", "", false
	}
	for _, mark := range numberMarks {
		if n, ok := strings.CutPrefix(s, mark); ok {
			return "", escapeForm(mark) + "9{" + strconv.Itoa(len(n)) + "}", isDigits(n) && len(n) <= 6
		}
	}
	words := strings.Split(s, " ")
	if len(words) > maxAddressWords {
		return "", "", false
	}
	var b strings.Builder
	typed, after := false, false
	for i, w := range words {
		if i > 0 {
			b.WriteByte('_')
		}
		bare := strings.ToLower(strings.TrimRight(w, ".,"))
		number, isNumber := houseForm(w)
		switch {
		case isNumber:
			b.WriteString(number)
			after = after || i > 0
		case streetTypes[bare] && i > 0, streetStarts[bare], unitWords[bare] && typed, streetDirections[bare]:
			b.WriteString(escapeForm(w))
			typed = typed || !streetDirections[bare] && !unitWords[bare]
		default:
			mark, ends := nameForm(w)
			if mark == "" {
				return "", "", false
			}
			b.WriteString(mark)
			typed = typed || ends
		}
	}
	_, first := houseForm(words[0])
	return "", b.String(), typed && (first || after)
}

// houseForm describes a number of a house, of which 12, 12a, 12-14 and #12 are.
func houseForm(s string) (form string, ok bool) {
	body := strings.TrimSuffix(s, ",")
	hash := strings.HasPrefix(body, "#")
	body = strings.TrimPrefix(body, "#")
	digits := strings.TrimRight(body, "abcdefABCDEF")
	suffix := body[len(digits):]
	if !isDigits(digits) || len(digits) > 6 || len(suffix) > 1 {
		return "", false
	}
	form = "9{" + strconv.Itoa(len(digits)) + "}"
	if hash {
		form = `\#` + form
	}
	switch {
	case suffix == "":
	case suffix >= "a":
		form += "a"
	default:
		form += "A"
	}
	return form + s[len(strings.TrimSuffix(s, ",")):], true
}

// nameForm describes a word of a street's name; ends is true when it ends in a type of street.
func nameForm(w string) (form string, ends bool) {
	word := strings.TrimRight(w, ",")
	comma := w[len(word):]
	for _, end := range streetEnds {
		if stem, ok := strings.CutSuffix(word, end); ok && wordCase(stem) == titleCase {
			return "Name" + escapeForm(end) + comma, true
		}
	}
	if len(comma) > 1 {
		return "", false
	}
	switch wordCase(word) {
	case lowerCase:
		return "name" + comma, false
	case upperCase:
		return "NAME" + comma, false
	case titleCase:
		return "Name" + comma, false
	}
	if n := len(word); n > 2 && isDigit(word[0]) && strings.Contains(" st nd rd th ", " "+strings.ToLower(word[n-2:])+" ") && isDigits(word[:n-2]) {
		switch wordCase(word[n-2:]) {
		case lowerCase:
			return "nth" + comma, false
		case upperCase:
			return "NTH" + comma, false
		}
	}
	return "", false
}

// escapeForm writes a text that stands for itself in a form, as masks do.
func escapeForm(s string) string {
	var b strings.Builder
	for _, c := range s {
		if c < 0x80 {
			b.WriteString(literal(c, 1))
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

func (addressGrammar) plain(string) string { return "9{3}_Name_St" }

func (addressGrammar) likely(s string) bool {
	_, form, ok := addressGrammar{}.read(s)
	return ok && strings.Count(s, " ") >= 1 && (strings.Contains(form, "Name") || strings.Contains(form, "NAME") || strings.Contains(form, "nth") || strings.Contains(form, "Box"))
}

func (addressGrammar) write(_, form string, r *Rand) string {
	id := r.identity()
	names := []string{id.Street}
	var b strings.Builder
	house := id.House
	for form != "" && b.Len() < maxAddress+maxMask {
		n, rest, counted := cutCount(strings.TrimPrefix(form, "9"))
		if counted && form[0] == '9' {
			if len(house) != n {
				house = strconv.Itoa(1+r.Int(9)) + randomDigits(min(n, 6)-1, r)
			}
			b.WriteString(house)
			if house, form = "", rest; strings.HasPrefix(rest, "a") || strings.HasPrefix(rest, "A") {
				b.WriteByte(rest[0] + byte(r.Int(6)))
				form = rest[1:]
			}
			continue
		}
		if word, rest, ok := cutNameMark(form); ok {
			name := pick(commonStreets, r)
			if len(names) > 0 {
				name, names = names[0], nil
			}
			if strings.EqualFold(word, "nth") {
				name = pick([]string{"4th", "5th", "12th", "23rd", "42nd", "21st"}, r)
			}
			b.WriteString(caseOf(name, word))
			form = rest
			continue
		}
		b.WriteString(unescapeForm(form[:1], &form))
	}
	return b.String()
}

// caseOf writes a name as a mark is written.
func caseOf(name, mark string) string {
	switch wordCase(mark) {
	case upperCase:
		return strings.ToUpper(name)
	case lowerCase:
		return strings.ToLower(name)
	}
	return name
}

// cutNameMark cuts the mark of a name or an ordinal off a form.
func cutNameMark(form string) (mark, rest string, ok bool) {
	for _, m := range []string{"Name", "NAME", "name", "nth", "NTH"} {
		if rest, ok := strings.CutPrefix(form, m); ok {
			return m, rest, true
		}
	}
	return "", form, false
}

// unescapeForm cuts a character that stands for itself off a form.
func unescapeForm(first string, form *string) string {
	*form = (*form)[1:]
	switch {
	case first == "_":
		return " "
	case first == `\` && *form != "":
		first, *form = (*form)[:1], (*form)[1:]
	}
	return first
}

// commonStreets are names that streets have in many towns.
var commonStreets = strings.Fields(`Oak Maple Cedar Pine Elm Walnut Chestnut Spruce Willow Birch Lincoln Jefferson Madison Franklin Adams Monroe Main Church School
	Mill Center Union Liberty Spring Sunset Highland Forest Ridge Valley Meadow Hillside Riverside Lakeview Garden Orchard Railroad Station Market`)
