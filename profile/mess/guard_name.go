package mess

import (
	"regexp"
	"strings"
)

var (
	// spelledEmail is an address that hides its @ from programs. After a plain " at " only a spelled dot, or a domain of the
	// usual kind, makes it one.
	spelledEmail = regexp.MustCompile(`(?i)[a-z0-9._%+-]+\s?[\[({<]\s?(at|@)\s?[\])}>]\s?[a-z0-9-]+|[a-z0-9._%+-]+\s(at|@)\s[a-z0-9-]+((\s?[\[({<]\s?|\s)(dot|\.)(\s?[\])}>]\s?|\s)|\.(com|org|net|edu|gov|io|co|uk|de|fr|info|biz)\b)`)
	handleLike   = regexp.MustCompile(`(^|[\s(,;:/"'])@[A-Za-z_][A-Za-z0-9_.]{2,}`)

	// recordLike is a number behind the name of what it is a number of.
	recordLike = regexp.MustCompile(`(?i)\b(passport|mrn|medical record|patient|ssn|social security|nhs|nin|driver'?s? licen[cs]e|licen[cs]e|member|policy|acct|account|insurance|tax|employee|student|customer|client)\b[^a-z0-9]{0,3}((no|nr|num|number|id)\b)?[^a-z0-9]{0,3}[a-z]{0,3}[- ]?\d{5,}`)

	// documentLike is a passport's or a record's number by itself: one to three letters and seven digits or eight.
	documentLike = regexp.MustCompile(`^[A-Za-z]{1,3}[- ]?(\d{7,8})[A-Za-z]?$`)
)

// holdsSpelledEmail reports whether a text holds an e-mail address in words.
func holdsSpelledEmail(s string) bool {
	if !strings.ContainsAny(s, "[({<") && !strings.Contains(s, " at ") && !strings.Contains(s, " AT ") && !strings.Contains(s, " At ") {
		return false
	}
	return spelledEmail.MatchString(s)
}

// holdsHandle reports whether a text holds a user name with an @ in front, or an address with spaces around the @.
func holdsHandle(s string) bool { return handleLike.MatchString(s) || spelledEmail.MatchString(s) }

// personalNumber says which number that may name a person a text holds, "" when none. The first that fits names it; whether
// one does is not up to the order.
func personalNumber(s string, digits int) string {
	whole := strings.TrimSpace(s)
	long := digits >= minPhone && holdsLongNumber(s)
	switch {
	case digits >= minPhone && location.MatchString(s):
		return becausePlace
	case digits >= minIBANDigits && (holdsIBAN(s) || ibanGrammar{}.likely(whole)):
		return becauseAccount
	case isNationalID(whole):
		return becauseNational
	case long && digits >= minCard && cardGrammar{}.likely(whole):
		return becauseCard
	case long && phoneGrammar{}.likely(whole):
		return becausePhone
	case holdsLetters(s) && recordLike.MatchString(s), isDocument(whole):
		return becauseRecord
	case long:
		return becauseLongNumber
	}
	return ""
}

// holdsLetters reports whether there are as many ASCII letters as the shortest name of a record has.
func holdsLetters(s string) bool {
	n := 0
	for i := range len(s) {
		if isAlphanumeric(s[i]) && !isDigit(s[i]) {
			n++
		}
	}
	return n >= 3
}

// isNationalID reports whether a text is a national number that passes its check, with letters or separators, or looks like
// a social security number.
func isNationalID(s string) bool {
	key, form, ok := nationalIDGrammar{}.read(s)
	return ok && (key == idSchemes[0].name+valid || key == idSchemes[0].name+invalid || strings.HasSuffix(key, valid) && form != strings.Repeat("9", len(form)))
}

// isDocument reports whether a text is the number of a document, and not a date with a letter before it.
func isDocument(s string) bool {
	m := documentLike.FindStringSubmatch(s)
	return m != nil && !impersonal(m[1])
}

// holdsPerson reports whether a text is the name of a person, or has one behind a colon or in brackets.
func holdsPerson(s string) bool {
	s = strings.TrimSpace(s)
	if !strings.Contains(s, " ") {
		return false
	}
	if _, after, ok := strings.Cut(s, ": "); ok {
		s = after
	}
	if before, inside, ok := strings.Cut(s, " ("); ok && len(inside) <= maxPersonInBracket {
		return isPersonName(before) || isPersonName(strings.TrimSuffix(inside, ")"))
	}
	return isPersonName(s)
}
