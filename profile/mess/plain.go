package mess

import "strings"

// A Damage is what is wrong with a cell whatever it says.
type Damage string

// What forms tell of damage.
const (
	InvalidBytes      Damage = "invalid bytes"
	ControlCharacters Damage = "control characters" // or invisible ones
	EncodingDamage    Damage = "encoding damage"
	StraySpaces       Damage = "stray spaces" // before, after, doubled, or of an unusual sort
)

// variantDamage says which ways of variants are damage.
var variantDamage = map[string]Damage{
	"latin1": InvalidBytes, "invisible": ControlCharacters,
	"html": EncodingDamage, "mojibake": EncodingDamage, "mojibake2": EncodingDamage, "fffd": EncodingDamage, "wide": EncodingDamage, "nfd": EncodingDamage, "~code": EncodingDamage,
	"_x": StraySpaces, "x_": StraySpaces, "_x_": StraySpaces, "x__x": StraySpaces, "nbsp": StraySpaces, "tab": StraySpaces, "space": StraySpaces, "~space": StraySpaces,
}

// DamageOf returns what a form tells of damage, the first in the order of the constants, or "".
func DamageOf(form string) Damage {
	if IsVariant(form) {
		for way := range strings.SplitSeq(form[1:], "=") {
			if d := variantDamage[way]; d != "" {
				return d
			}
		}
		return ""
	}
	tag, body := cutTag(form)
	switch {
	case tagMark(tag) == "@":
		return "" // spaces and escapes are part of JSON's own notation
	case strings.HasPrefix(body, "~"):
		if strings.Contains(body, "x") {
			return InvalidBytes
		}
		return ""
	}
	return maskDamage(body)
}

// maskDamage reads a form character by character. A quoted unit has no damage.
func maskDamage(body string) Damage {
	var control, spaces bool
	for i := 0; i < len(body); i++ {
		edge := i == 0 || i == len(body)-1
		switch {
		case body[i] == '\\' && i+1 < len(body):
			i++
			switch body[i] {
			case 'x':
				return InvalidBytes
			case 'c', 'z':
				control = true
			case 's', 't':
				spaces = true
			}
		case body[i] == '_' && (edge || body[i-1] == '_' && (i < 2 || body[i-2] != '\\')):
			spaces = true
		}
	}
	switch {
	case control:
		return ControlCharacters
	case spaces:
		return StraySpaces
	}
	return ""
}

// styles takes out of layouts of dates and clocks what goes by the value: zeros in front, seconds that are zero, names of months,
// of which May is short anyway, and the order of day and month between slashes and dashes, which a cell alone does not tell.
var styles = strings.NewReplacer("Month", "Mon", "MONTH", "MON", "month", "mon", "DD/MM/", "M/D/", "D/M/", "M/D/", "DD-MM-", "M-D-", "D-M-", "M-D-", "MM", "M", "DD", "D",
	"hh:mm:00", "h:mm:ss", "hh:mm", "h:mm", "h:mm:00", "h:mm:ss", "hh:00:00", "h:mm:ss", "hh:30:00", "h:mm:ss", "h:00:00", "h:mm:ss", "h:30:00", "h:mm:ss",
	"hh:00", "h:mm", "hh:30", "h:mm", "h:00", "h:mm", "h:30", "h:mm", "00:00:00", "h:mm:ss", "00:00", "h:mm", "0:00:00", "h:mm:ss", "0:00", "h:mm",
	"12:00:00", "h:mm:ss", "12:00", "h:mm")

// Style returns what a form of a kind's typed cells has in common with those in which the same person would write other values: how many
// decimals, round numbers, groups of thousands where there are none, zeros in front and whole minutes do not count.
func Style(kind Kind, form string) string {
	switch kind {
	case Date, Timestamp, Time:
		return styles.Replace(form)
	case Integer, Decimal:
		return numberStyle(form)
	case Boolean:
		return form
	}
	return ""
}

// numberStyle takes the counts of digits and the mark of groups out of a number's form.
func numberStyle(form string) string {
	before, after, ok := strings.Cut(form, "d")
	for !ok || after == "" || !isDigit(after[0]) { // a currency may have a d in it
		if !ok {
			return form
		}
		var more string
		more, after, ok = strings.Cut(after, "d")
		before += "d" + more
	}
	after = strings.TrimLeft(after, "0123456789")
	for _, mark := range []string{"z", "r", "w"} {
		if rest, ok := strings.CutPrefix(after, mark); ok {
			after = strings.TrimLeft(rest, "0123456789")
		}
	}
	if len(after) > 1 && after[0] == 'g' {
		after = after[1:]
		if strings.HasPrefix(after, "’") {
			after = strings.TrimPrefix(after, "’")
		} else {
			after = after[1:]
		}
	}
	return before + "d" + after
}
