package mess

import "strings"

// dateTexts are the descriptors of the plainest forms, and dateFormNamed inverts them: looked up, not made.
var dateTexts, dateFormNamed = func() (texts map[dateFields]string, named map[string]dateFields) {
	texts, named = map[dateFields]string{}, map[string]dateFields{}
	for f := range dateShapes {
		for n := abbreviated; n < namings; n++ {
			if f.name != numbered {
				f.name = n
			}
			texts[f] = string(f.describe(nil))
			named[texts[f]] = f
		}
	}
	return texts, named
}()

func (f dateFields) appendText(b []byte) []byte {
	if text, ok := dateTexts[f]; ok {
		return append(b, text...)
	}
	return append(b, f.describe(nil)...)
}

// describe appends the form's descriptor.
func (f dateFields) describe(b []byte) []byte {
	if f.weekday != numbered {
		b = append(f.appendApart(append(b, weekdayMarks[f.weekday]...)), ' ')
	}
	return f.assemble(b, func(b []byte, field byte) []byte {
		switch {
		case field == 'M' && f.name != numbered:
			return append(append(b, monthMarks[f.name]...), languages[f.lang].mark...)
		case field == 'D' && f.ordinal:
			return append(b, "Dth"...)
		case field == 'D' && f.pad == spaced:
			return append(b, " D"...)
		case field == 'Y' && !f.short:
			return append(b, "YYYY"...)
		case field == 'Q':
			return append(b, "Qq"...)
		case field == 'W':
			return append(b, "Www"...)
		case field == 'Y' || f.pad != bare:
			b = append(b, field)
		}
		return append(b, field)
	})
}

// dateTokens are how descriptors write a field, each before its prefixes.
var dateTokens = []struct {
	text  string
	field byte
	set   func(*dateFields)
}{
	{"YYYY", 'Y', func(*dateFields) {}}, {"YY", 'Y', func(f *dateFields) { f.short = true }},
	{"Month", 'M', named(inFull)}, {"MONTH", 'M', named(inFullUpper)}, {"month", 'M', named(inFullLower)},
	{"Mon", 'M', named(abbreviated)}, {"MON", 'M', named(abbreviatedUpper)}, {"mon", 'M', named(abbreviatedLower)},
	{"MM", 'M', func(*dateFields) {}}, {"M", 'M', func(f *dateFields) { f.pad = bare }},
	{"Dth", 'D', func(f *dateFields) { f.ordinal = true }}, {"DD", 'D', func(*dateFields) {}}, {"D", 'D', func(f *dateFields) { f.pad = bare }},
	{" D", 'D', func(f *dateFields) { f.pad = spaced }},
	{"Qq", 'Q', func(*dateFields) {}}, {"Www", 'W', func(*dateFields) {}},
}

func named(n naming) func(*dateFields) { return func(f *dateFields) { f.name = n } }

// cutDateForm reads a descriptor that a form starts with, the longest, in no other spelling.
func cutDateForm(s string) (f dateFields, rest string, ok bool) {
	if rest, ok = strings.CutPrefix(s, dateLayout); ok {
		return isoDate, rest, true
	}
	if f, ok = dateFormNamed[s]; ok {
		return f, "", true
	}
	if at := strings.IndexByte(s, ' '); at > 0 { // before a clock; no longer form starts with one that has no spaces
		if f, ok = dateFormNamed[s[:at]]; ok {
			return f, s[at:], true
		}
	}
	rest = f.cutWeekdayMark(s)
	var letters []byte
	for len(letters) < 3 {
		next := rest
		if len(letters) > 0 {
			sep, after := cutSeparation(rest)
			if f.point && strings.HasPrefix(rest, ". ") {
				sep, after = cutSeparation(rest[1:])
			}
			if len(letters) == 2 && sep != f.sep {
				break
			}
			f.sep, next = sep, after
		}
		letter, after, found := f.cutToken(next)
		if !found {
			break
		}
		letters, rest = append(letters, letter), after
	}
	for o, text := range orders {
		if f.order = order(o); text != string(letters) || !f.isSound() {
			continue
		}
		return f, rest, string(f.describe(nil)) == s[:len(s)-len(rest)]
	}
	return f, s, false
}

func (f *dateFields) cutWeekdayMark(s string) (rest string) {
	for n := abbreviated; n < namings; n++ {
		if rest, ok := strings.CutPrefix(s, weekdayMarks[n]); ok && rest != "" && (rest[0] == ' ' || rest[0] == ',') {
			f.weekday, f.apart = n, rest[0] == ','
			return strings.TrimPrefix(strings.TrimPrefix(rest, ","), " ")
		}
	}
	return s
}

// cutToken reads one field with what belongs to it.
func (f *dateFields) cutToken(s string) (field byte, rest string, ok bool) {
	for _, t := range dateTokens {
		if rest, ok = strings.CutPrefix(s, t.text); !ok {
			continue
		}
		t.set(f)
		switch {
		case t.field == 'M' && f.name != numbered:
			for lang, l := range languages[1:] {
				if after, ok := strings.CutPrefix(rest, l.mark); ok {
					f.lang, rest = language(lang+1), after
				}
			}
			rest, f.dotted = strings.CutPrefix(rest, ".")
		case t.field == 'D':
			f.point = strings.HasPrefix(rest, ". ")
			if f.comma = strings.HasPrefix(rest, ", YYYY"); f.comma {
				rest = rest[1:]
			}
		}
		return t.field, rest, true
	}
	return 0, s, false
}

// cutSeparation cuts a separator off the front of a text or form; 0 when there is none.
func cutSeparation(s string) (sep byte, rest string) {
	if rest, ok := strings.CutPrefix(s, " de "); ok {
		return 'd', rest
	}
	if s != "" {
		switch s[0] {
		case '-', '/', '.', ' ':
			return s[0], s[1:]
		}
	}
	return 0, s
}
