package mess

import (
	"html"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// windows are the characters of Windows-1252 at 0x80 to 0x9f; those that it leaves open are the controls of Latin-1.
var windows = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}

func fromWindows(b byte) rune {
	if b >= 0x80 && b < 0xa0 {
		return windows[b-0x80]
	}
	return rune(b)
}

// toWindows encodes a text, or reports that it has characters that Windows-1252 lacks.
func toWindows(s string) ([]byte, bool) {
	b := make([]byte, 0, len(s))
next:
	for _, c := range s {
		if c < 0x80 || c >= 0xa0 && c <= 0xff {
			b = append(b, byte(c))
			continue
		}
		for i, w := range windows {
			if w == c || rune(0x80+i) == c {
				b = append(b, byte(0x80+i))
				continue next
			}
		}
		return nil, false
	}
	return b, true
}

// misread reads bytes of UTF-8 as Windows-1252.
func misread(s string) string {
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(fromWindows(s[i]))
	}
	return b.String()
}

// reread undoes [misread] and reports whether that made characters beyond ASCII.
func reread(s string) (string, bool) {
	b, ok := toWindows(s)
	if !ok || !utf8.Valid(b) || len(b) == len(s) {
		return s, false
	}
	return string(b), utf8.RuneCount(b) < len(b)
}

// invisibles are characters that nobody sees: zero-width ones, a byte order mark, a soft hyphen.
const invisibles = "\u200b\u200c\u200d\u2060\ufeff\u00ad"

func isInvisible(c rune) bool { return c >= 0x80 && strings.ContainsRune(invisibles, c) }

// repair undoes the damage of an encoding that shows in a text by itself.
func repair(text string) (op, string) {
	ascii, entity := true, false
	for i := range len(text) {
		ascii = ascii && text[i] < 0x80
		entity = entity || text[i] == '&'
	}
	if entity {
		if s := html.UnescapeString(text); s != text {
			return opHTML, s
		}
	}
	switch {
	case ascii:
		return opNone, text
	case !utf8.ValidString(text):
		return opLatin1, readBytes(text)
	}
	if once, ok := reread(text); ok {
		if twice, ok := reread(once); ok {
			return opMojibake2, twice
		}
		return opMojibake, once
	}
	if s := narrow(text); s != text {
		return opWide, s
	}
	if strings.ContainsFunc(text, isInvisible) {
		return opInvisible, dropInvisible(text)
	}
	if s := norm.NFC.String(text); s != text {
		return opNFD, s
	}
	return opNone, text
}

// readBytes reads the bytes that are not UTF-8 as Windows-1252.
func readBytes(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		if c == utf8.RuneError && size == 1 {
			c = fromWindows(text[i])
		}
		b.WriteRune(c)
		i += size
	}
	return b.String()
}

// narrow writes full-width characters in their usual width.
func narrow(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 0xff01 && c <= 0xff5e:
			return c - 0xff01 + '!'
		case c == 0x3000:
			return ' '
		}
		return c
	}, text)
}

func dropInvisible(text string) string {
	return strings.Map(func(c rune) rune {
		if isInvisible(c) {
			return -1
		}
		return c
	}, text)
}

// matchBlank matches a text in which characters beyond ASCII were lost, to question marks or U+FFFD.
func (v *Vocabulary) matchBlank(text string) (match, bool) {
	if len(v.blanks) == 0 || !strings.ContainsAny(text, "?\ufffd") {
		return match{}, false
	}
	for _, i := range v.blanks[strings.ReplaceAll(text, "\ufffd", "?")] {
		return match{i, ops{opBlank}}, true
	}
	return match{}, false
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func makeLatin1(s string, _ *Rand) (string, bool) {
	b, ok := toWindows(s)
	return string(b), ok && !isASCII(s)
}

func makeMojibake(s string, _ *Rand) (string, bool) { return misread(s), !isASCII(s) }

func makeMojibake2(s string, _ *Rand) (string, bool) { return misread(misread(s)), !isASCII(s) }

func makeHTML(s string, _ *Rand) (string, bool) {
	out := html.EscapeString(s)
	if out == s {
		var b strings.Builder
		for _, c := range s {
			if name, ok := entities[c]; ok {
				b.WriteString(name)
			} else {
				b.WriteRune(c)
			}
		}
		out = b.String()
	}
	return out, out != s
}

// entities are how HTML spells the accented letters that are met most.
var entities = map[rune]string{
	'à': "&agrave;", 'á': "&aacute;", 'â': "&acirc;", 'ã': "&atilde;", 'ä': "&auml;", 'å': "&aring;", 'ç': "&ccedil;",
	'è': "&egrave;", 'é': "&eacute;", 'ê': "&ecirc;", 'í': "&iacute;", 'ñ': "&ntilde;", 'ó': "&oacute;", 'ô': "&ocirc;",
	'ö': "&ouml;", 'ø': "&oslash;", 'ú': "&uacute;", 'ü': "&uuml;", 'ß': "&szlig;", 'Ä': "&Auml;", 'Ö': "&Ouml;", 'Ü': "&Uuml;",
	'É': "&Eacute;", '–': "&ndash;", '’': "&rsquo;", '“': "&ldquo;", '”': "&rdquo;", '®': "&reg;", '™': "&trade;", '€': "&euro;",
}

func makeBlank(s string, r *Rand) (string, bool) {
	if r.Int(2) == 0 {
		return blank(s), !isASCII(s)
	}
	return strings.Map(func(c rune) rune {
		if c >= utf8.RuneSelf {
			return utf8.RuneError
		}
		return c
	}, s), !isASCII(s)
}

func makeWide(s string, _ *Rand) (string, bool) {
	out := strings.Map(func(c rune) rune {
		switch {
		case c > ' ' && c <= '~':
			return c - '!' + 0xff01
		case c == ' ':
			return 0x3000
		}
		return c
	}, s)
	return out, out != s
}

func makeInvisible(s string, r *Rand) (string, bool) {
	switch r.Int(3) {
	case 0:
		return "\ufeff" + s, true
	case 1:
		return s + "\u200b", true
	}
	at := runeStart(s, r)
	return s[:at] + "\u200b" + s[at:], true
}

// runeStart draws the start of one of a text's characters.
func runeStart(s string, r *Rand) int {
	at := r.Int(len(s))
	for !utf8.RuneStart(s[at]) {
		at--
	}
	return at
}

func makeNFD(s string, _ *Rand) (string, bool) {
	out := norm.NFD.String(s)
	return out, out != s
}
