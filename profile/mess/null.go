package mess

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/record"
)

// nulls is the public lexicon of spelled nulls, folded to lower case. Surrounding white space and case are part of
// the spelling but not of the look-up. Abbreviations that are also codes of states or countries are left out, "na" excepted.
var nulls = func() map[string]bool {
	m := map[string]bool{}
	for _, s := range []string{
		// English, and what programs write
		"na", "n/a", "n.a.", "n.a", "n. a.", "n/a.", "n\\a", "n-a", "n_a", "nan", "-nan", "nat", "null", "nul", "nil", "none", "nothing", "void",
		"empty", "blank", "missing", "unknown", "unk", "unkn", "undefined", "undef", "undetermined", "unspecified", "unassigned",
		"unavailable", "unreported", "not available", "not applicable", "not provided", "not reported", "not recorded", "not known",
		"not specified", "not stated", "not set", "not given", "not found", "not entered", "not assigned", "not defined", "not disclosed",
		"no data", "no value", "no answer", "no response", "no info", "no information", "no entry", "no record", "does not apply",
		"tbd", "tba", "tbc", "to be determined", "to be announced", "to be confirmed", "to be defined", "dbnull", "nonetype",
		"<no data>", "\\n", "\\\\n", "\"\"", "''", "\"null\"", "'null'", "pd.na", "pd.nat", "np.nan",
		// spreadsheets and C runtimes
		"#n/a", "#na", "#n/a n/a", "#ref!", "#value!", "#div/0!", "#null!", "#num!", "#name?", "#error!", "#calc!", "#spill!",
		"1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan",
		// dates of nothing
		"0000-00-00", "0000-00-00 00:00:00", "0000-00-00t00:00:00", "00/00/0000", "00.00.0000",
		// other languages
		"unbekannt", "keine", "keine angabe", "keine angaben", "k.a.", "k. a.", "k.a", "entfällt", "nicht angegeben", "nicht bekannt",
		"inconnu", "inconnue", "non renseigné", "non disponible", "non applicable", "sans objet", "aucun", "aucune", "n.d.", "n/d",
		"desconocido", "desconocida", "ninguno", "ninguna", "no aplica", "no disponible", "sin datos", "sin dato", "s/d", "ns/nc",
		"desconhecido", "nenhum", "não informado", "nao informado", "não se aplica", "não disponível", "sem dados",
		"sconosciuto", "nessuno", "non disponibile", "onbekend", "geen", "n.v.t.", "nvt", "okänd", "saknas", "ukjent", "ukendt",
		"brak", "brak danych", "nieznany", "neznámý", "bilinmiyor", "yok", "нет", "нет данных", "не указано", "неизвестно", "н/д",
		"不明", "なし", "無し", "該当なし", "未知", "未定", "暂无", "空", "없음", "알수없음",
	} {
		m[s] = true
		for _, brackets := range []string{"<>", "()", "[]", "{}"} {
			m[brackets[:1]+s+brackets[1:]] = true
		}
	}
	return m
}()

// fillers are the characters that say nothing when they are all there is of a cell, as in "--" or "????".
const fillers = "-–—‐−.?*_~=#·…¿"

// maxNull bounds the cells that can be spelled nulls, in bytes.
const maxNull = 24

// Missing reports whether the cell says that there is no value: absent, null, blank, or spelled from the lexicon.
func Missing(c record.Cell) bool {
	switch c.Tag {
	case record.Absent, record.Null:
		return true
	case record.Text:
		return missing(c.Text)
	case record.Number:
		return c.Text == "NaN"
	}
	return false
}

func missing(s string) bool {
	t := strings.TrimSpace(s)
	if t == "" {
		return true
	}
	if len(t) > maxNull {
		return false
	}
	if c := t[0]; c < 0x80 && nullLengths[c]&(1<<len(t)) == 0 {
		return isFiller(t)
	}
	return isSpelledNull(t) || isFiller(t)
}

// isSpelledNull looks a short text up in the lexicon. Most are ASCII, which is folded without an allocation.
func isSpelledNull(s string) bool {
	var folded [maxNull]byte
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return nulls[strings.ToLower(s)]
		}
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		folded[i] = c
	}
	return nulls[string(folded[:len(s)])]
}

// nullLengths has, for an ASCII character, the lengths in bytes of the spelled nulls that start with it, as bits: most
// cells need no further look-up.
var nullLengths = func() (t [0x80]uint32) {
	for s := range nulls {
		if c := s[0]; c < 0x80 && len(s) <= maxNull {
			t[c] |= 1 << len(s)
			t[unicode.ToUpper(rune(c))] |= 1 << len(s)
		}
	}
	return t
}()

// isFiller reports whether s is one filler over and over.
func isFiller(s string) bool {
	c, size := utf8.DecodeRuneInString(s)
	return strings.ContainsRune(fillers, c) && strings.Count(s, s[:size])*size == len(s)
}

// spellings are what a missing cell is rendered as when its spelling was too rare to be released.
var spellings = []string{"NA", "N/A", "null", "None", "-", "?", "unknown", " "}

// OtherMissing makes up a spelled null.
func OtherMissing(r *Rand) record.Cell {
	return record.Cell{Tag: record.Text, Text: spellings[r.Int(len(spellings))]}
}
