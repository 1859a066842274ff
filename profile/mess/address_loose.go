package mess

import "strings"

// The coarser forms of addresses say `Type` for a type of street and `Unit` for a unit, each in its case, and forget how long
// numbers are but the first: `9{3}_Name_Type,_Unit_9+`. The coarsest forget that too, and have `Name+` for two or more
// words and `Dir` for a direction.

const (
	looseType  = "Type"
	looseUnit  = "Unit"
	looseDir   = "Dir"
	looseNames = "Name+"
)

// What is drawn for them.
var (
	drawnTypes = strings.Fields("Street Avenue Road Lane Drive Court Way Place St Ave Rd Ln Dr Ct Pl Blvd")
	drawnDots  = strings.Fields("St Ave Rd Ln Dr Ct Pl Blvd") // with a full stop
	drawnUnits = strings.Fields("Apt Suite Unit Ste Floor")
	drawnDirs  = strings.Fields("N S E W North South East West")
)

// loosen forgets which type, which unit and how long a number, and then which direction and how many words.
func (addressGrammar) loosen(form string) []string {
	first, rest, _ := strings.Cut(form, "_")
	words := append([]string{first}, strings.Split(loosenNumbers(rest), "_")...)
	var finer, coarser []string
	for i, w := range words {
		bare := strings.TrimRight(w, `\.,`)
		end := w[len(bare):]
		lower := strings.ToLower(bare)
		switch {
		case i == 0 || wordCase(bare) == otherCase || strings.EqualFold(bare, "box"):
		case streetDirections[lower] && wordCase(bare) != lowerCase:
			finer, coarser = append(finer, w), append(coarser, looseDir+end)
			continue
		case streetTypes[lower]:
			w = inCase(looseType, wordCase(bare)) + end
		case unitWords[lower]:
			w = inCase(looseUnit, wordCase(bare)) + end
		}
		finer = append(finer, w)
		if last := len(coarser) - 1; last >= 0 && w == "Name" && strings.HasPrefix(coarser[last], w) {
			coarser[last] = looseNames
			continue
		}
		coarser = append(coarser, w)
	}
	return []string{strings.Join(finer, "_"), loosenNumbers(strings.Join(coarser, "_"))}
}

// tighten draws types, units, directions, words and numbers.
func (addressGrammar) tighten(form string, r *Rand) string {
	words := strings.Split(tightenNumbers(form, r), "_")
	for i, w := range words {
		bare := strings.TrimRight(w, `\.,`)
		end := w[len(bare):]
		drawn := ""
		switch {
		case bare == looseNames:
			words[i] = strings.Repeat("Name_", 1+r.Int(2)) + "Name" + end
			continue
		case bare == looseDir:
			words[i] = pick(drawnDirs, r) + end
			continue
		case strings.EqualFold(bare, looseType) && strings.HasPrefix(end, `\.`):
			drawn = pick(drawnDots, r)
		case strings.EqualFold(bare, looseType):
			drawn = pick(drawnTypes, r)
		case strings.EqualFold(bare, looseUnit):
			drawn = pick(drawnUnits, r)
		default:
			continue
		}
		words[i] = inCase(drawn, wordCase(bare)) + end
	}
	return strings.Join(words, "_")
}
