package mess

import (
	"slices"
	"strings"
)

// emailGrammar reads e-mail addresses. The generalisation is the domain, if it looks like that of a provider or an
// organisation; the form is the local part's, what stands for the @, and how the domain is written: `first.last@d`.
type emailGrammar struct{}

// ats are what stands between local part and domain, as it is and as the form has it, longest first where one holds another.
var ats = []struct{ text, form string }{
	{" [at] ", "<_[at]_>"}, {" (at) ", "<_(at)_>"}, {"[at]", "<[at]>"}, {"(at)", "<(at)>"}, {" at ", "<_at_>"}, {" AT ", "<_AT_>"},
	{" @ ", "<_@_>"}, {" @", "<_@>"}, {"@ ", "<@_>"}, {"@@", "<@@>"}, {"@", "@"},
}

// domainForms are how a domain is written, by the mark in the form: as it is lower case, then with a change.
var domainForms = []struct {
	mark  string
	write func(string) string // from the lower-case domain
	read  func(string) string // to it
}{
	{"d", same, same},
	{"D", strings.ToUpper, strings.ToLower},
	{"Dd", titleWord, strings.ToLower},
	{"d.", func(s string) string { return s + "." }, func(s string) string { return strings.TrimSuffix(s, ".") }},
	{"d,", func(s string) string { return s + "," }, func(s string) string { return strings.TrimSuffix(s, ",") }},
	{"d>", func(s string) string { return s + ">" }, func(s string) string { return strings.TrimSuffix(s, ">") }},
	{"d..d", func(s string) string { return lastDot(s, "..") }, func(s string) string { return strings.Replace(s, "..", ".", 1) }},
	{"d,d", func(s string) string { return lastDot(s, ",") }, func(s string) string { return strings.Replace(s, ",", ".", 1) }},
	{"d_d", func(s string) string { return lastDot(s, " ") }, func(s string) string { return strings.Replace(s, " ", ".", 1) }},
	{"d[dot]d", func(s string) string { return strings.ReplaceAll(s, ".", "[dot]") }, func(s string) string { return strings.ReplaceAll(s, "[dot]", ".") }},
	{"d(dot)d", func(s string) string { return strings.ReplaceAll(s, ".", "(dot)") }, func(s string) string { return strings.ReplaceAll(s, "(dot)", ".") }},
	{"d_dot_d", func(s string) string { return strings.ReplaceAll(s, ".", " dot ") }, func(s string) string { return strings.ReplaceAll(s, " dot ", ".") }},
	{"d_DOT_d", func(s string) string { return strings.ReplaceAll(s, ".", " DOT ") }, func(s string) string { return strings.ReplaceAll(s, " DOT ", ".") }},
	{"dd", func(s string) string { return strings.ReplaceAll(s, ".", "") }, undotted},
}

func same(s string) string      { return s }
func titleWord(s string) string { return inCase(s[:1], upperCase) + s[1:] }

// lastDot writes something else for the last dot.
func lastDot(s, dot string) string {
	at := strings.LastIndexByte(s, '.')
	return s[:max(at, 0)] + dot + s[at+1:]
}

// providers are public domains that everybody has an address at: known where dots or the @ are missing.
var providers = []string{
	"gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "aol.com", "icloud.com", "live.com", "msn.com", "googlemail.com", "web.de", "gmx.de",
	"gmx.net", "t-online.de", "yahoo.co.uk", "hotmail.co.uk", "orange.fr", "mail.ru", "qq.com", "163.com", "example.com", "example.org", "example.net",
}

// undotted puts the dot back in a provider's domain.
func undotted(s string) string {
	i := slices.IndexFunc(providers, func(p string) bool { return strings.ReplaceAll(p, ".", "") == s })
	if i < 0 {
		return ""
	}
	return providers[i]
}

// missingAt is the form of an address in which nothing stands for the @.
const missingAt = "<>"

// mailto comes before addresses in pages, and a bracket where a name was cut off; the form keeps it.
var mailPrefixes = []string{"mailto:", "<"}

func (emailGrammar) read(s string) (key, form string, ok bool) {
	prefix := ""
	for _, p := range mailPrefixes {
		if rest, found := strings.CutPrefix(s, p); found {
			prefix, s = p, rest
		}
	}
	local, at, domain, ok := cutAt(s)
	if !ok {
		return "", "", false
	}
	domain, mark, ok := readDomain(domain)
	if !ok {
		return "", "", false
	}
	localForm, _, ok := localForm(local, maxLocalParts)
	if !ok {
		return "", "", false
	}
	if isPublicDomain(domain) {
		key = domain
	}
	return key, prefix + localForm + at + mark, true
}

// cutAt splits an address at its @, or what stands for it.
func cutAt(s string) (local, form, domain string, ok bool) {
	at := strings.IndexByte(s, '@') >= 0
	for _, a := range ats {
		if at != (strings.IndexByte(a.text, '@') >= 0) {
			continue
		}
		if local, domain, ok := strings.Cut(s, a.text); ok {
			return local, a.form, domain, true
		}
	}
	for _, p := range providers {
		if local, ok := strings.CutSuffix(s, p); ok && !at && local != "" && !isLocalSeparator(local[len(local)-1]) {
			return local, missingAt, p, true
		}
	}
	return "", "", "", false
}

// readDomain finds the domain in how it is written.
func readDomain(s string) (domain, mark string, ok bool) {
	for _, f := range domainForms {
		d := f.read(s)
		if isDomain(d) && (f.mark == "d" || d != s) && f.write(d) == s {
			return d, f.mark, true
		}
	}
	return "", "", false
}

// maxDomain bounds a domain, in bytes: DNS has no longer ones.
const maxDomain = 253

// isDomain reports whether a lower-case text is a domain under a top-level one of letters.
func isDomain(s string) bool {
	top := s[strings.LastIndexByte(s, '.')+1:]
	if len(s) > maxDomain || len(top) < 2 || len(top) == len(s) || wordCase(top) != lowerCase {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if c := label[i]; !isDigit(c) && (c < 'a' || c > 'z') && c != '-' {
				return false
			}
		}
	}
	return true
}

// publicDomains remembers what isPublicDomain said of the first few thousand domains: most addresses are at few.
var publicDomains = memo[bool]{of: lookAtDomain}

// isPublicDomain reports whether a domain may be released when many share it: one that names no person and no number.
func isPublicDomain(s string) bool { return publicDomains.get(s) }

func lookAtDomain(s string) bool {
	if len(s) > maxKey || Personal(s) {
		return false
	}
	digits := 0
	for label := range strings.SplitSeq(s, ".") {
		if namesPerson(label) {
			return false
		}
		for i := range len(label) {
			if isDigit(label[i]) {
				digits++
			}
		}
	}
	return digits < 5
}

// namesPerson reports whether a label is somebody's name: a given name with something after a dash, or both names in one.
func namesPerson(label string) bool {
	if first, rest, ok := strings.Cut(label, "-"); ok {
		return names().isGiven[first] && len(rest) > 1 || names().isFamily[rest]
	}
	return len(label) >= 6 && roleOf(label) == roleFirstLast
}

func (emailGrammar) plain(string) string { return "first.last@d" }

func (emailGrammar) likely(s string) bool {
	if strings.IndexByte(s, '@') < 0 {
		return false
	}
	_, _, ok := emailGrammar{}.read(s)
	return ok
}

func (emailGrammar) write(key, form string, r *Rand) string {
	id := r.identity()
	domain := key
	if key == "" {
		domain = id.Domain
	}
	prefix := ""
	for _, p := range mailPrefixes {
		if rest, ok := strings.CutPrefix(form, p); ok && !strings.HasPrefix(rest, ">") {
			prefix, form = p, rest
		}
	}
	local, at, mark := cutAtForm(form)
	if key == "" && (at == missingAt || mark == "dd") {
		domain = pick(providers, r)
	}
	for _, f := range domainForms {
		if f.mark == mark {
			return prefix + writeLocal(local, id, r) + atText(at) + f.write(domain)
		}
	}
	return ""
}

// cutAtForm splits the form of an address at what stands for its @.
func cutAtForm(form string) (local, at, mark string) {
	if i, j := strings.IndexByte(form, '<'), strings.IndexByte(form, '>'); i >= 0 && j > i {
		return form[:i], form[i : j+1], form[j+1:]
	}
	local, mark, _ = strings.Cut(form, "@")
	return local, "@", mark
}

// atText returns what a form's mark stands for.
func atText(form string) string {
	for _, a := range ats {
		if a.form == form {
			return a.text
		}
	}
	return ""
}
