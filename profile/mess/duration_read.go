package mess

import "strings"

// parseDurationForm inverts String: it takes no other spelling.
func parseDurationForm(form string) (f durationForm, ok bool) {
	lead, body, trail, ok := cutBlanks(form)
	if !ok || len(body) > maxDurationText {
		return f, false
	}
	switch body {
	case "h:mm:ss":
		return durationForm{lead: lead, trail: trail, clock: true, bare: true}, true
	case "hh:mm:ss":
		return durationForm{lead: lead, trail: trail, clock: true}, true
	}
	p := componentReader{amount: func(s string) (int64, bool, string, bool) {
		s, ok := strings.CutPrefix(s, "N")
		s, tenths := strings.CutPrefix(s, ".n")
		return 2, tenths, s, ok
	}}
	_, ok = p.read(body)
	f = p.form
	f.lead, f.trail = lead, trail
	return f, ok && f.String() == form
}

// readComponents reads amounts of units and returns their seconds.
func readComponents(s string) (sec int64, f durationForm, ok bool) {
	tenth := int64(0)
	p := componentReader{amount: func(s string) (int64, bool, string, bool) {
		digits, rest := cutDigits(s)
		if len(digits) < 1 || len(digits) > maxAmount || len(digits) > 1 && digits[0] == '0' {
			return 0, false, s, false
		}
		if len(rest) > 2 && rest[0] == '.' && rest[1] >= '1' && rest[1] <= '9' {
			tenth = int64(rest[1] - '0')
			return int64(small(digits)), true, rest[2:], true
		}
		return int64(small(digits)), false, rest, true
	}}
	if sec, ok = p.read(s); !ok {
		return 0, f, false
	}
	f = p.form
	if f.tenths {
		sec += tenth * f.unitSeconds(0) / 10
	}
	set, unit := f.durations(secondsSpan(sec, sec+1)) // amounts that are zero or carry are not written
	return sec, f, set.size() == 1 && sec%unit == 0 && string(f.write(nil, sec)) == s
}

// A componentReader reads amounts and units, in texts and in descriptors.
type componentReader struct {
	form   durationForm
	amount func(s string) (n int64, tenths bool, rest string, ok bool)
}

func (p *componentReader) read(s string) (sec int64, ok bool) {
	s, p.form.iso = strings.CutPrefix(s, "P")
	for first := true; s != ""; first = false {
		if len(p.form.units) == maxDurationUnits {
			return 0, false
		}
		if p.form.iso {
			s = strings.TrimPrefix(s, "T")
		} else if !first {
			s, p.form.apart = strings.CutPrefix(s, " ")
		}
		n, tenths, rest, ok := p.amount(s)
		if !ok {
			return 0, false
		}
		p.form.tenths = tenths
		if s, ok = p.unit(rest); !ok {
			return 0, false
		}
		sec += n * p.form.unitSeconds(len(p.form.units)-1)
	}
	return sec, p.form.isSound()
}

// unit reads a unit.
func (p *componentReader) unit(s string) (rest string, ok bool) {
	if p.form.iso {
		if s == "" {
			return s, false
		}
		at, ok := isoUnits[s[0]]
		p.form.units += string([]byte{at})
		return s[1:], ok
	}
	s, p.form.gap = strings.CutPrefix(s, " ")
	word, rest := cutLetters(s)
	spelling, ok := unitSpellings[word]
	if !ok {
		if n := strings.IndexByte(word, 'N'); n > 0 { // of a descriptor without spaces
			word, rest = word[:n], s[n:]
			spelling, ok = unitSpellings[word]
		}
	}
	p.form.units += string([]byte{spelling})
	return rest, ok
}
