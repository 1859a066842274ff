package mess

import (
	"slices"
	"strconv"
	"strings"
)

// urlGrammar reads addresses of pages. The generalisation is scheme and host, "https://example.org", if the host looks
// public; the form is what follows, part by part: `h/a/9{4}.html?2#a` is a word, a number of four digits with an extension,
// two parameters and a fragment. `a` is of letters and dashes, `m` of anything, `h` the host, `h:9{4}` with a port.
type urlGrammar struct{}

const (
	maxURLParts  = 8
	maxURLParams = 9
)

// schemes come before a host. A bare www. is one too.
var urlSchemes = []string{"https://", "http://", "ftp://", "www."}

// extensions of files are public; others are part of the name.
var extensions = []string{".html", ".htm", ".php", ".aspx", ".asp", ".jsp", ".pdf", ".jpg", ".jpeg", ".png", ".gif", ".svg", ".js", ".css", ".json", ".xml", ".txt", ".csv", ".zip", ".mp4", ".mp3", ".ico"}

func (urlGrammar) read(s string) (key, form string, ok bool) {
	i := slices.IndexFunc(urlSchemes, func(p string) bool { return strings.HasPrefix(s, p) })
	if i < 0 {
		return "", "", false
	}
	scheme := urlSchemes[i]
	end := strings.IndexAny(s[len(scheme):], "/?#") // from the scheme's end
	if end < 0 {
		end = len(s) - len(scheme)
	}
	host, rest := s[len(scheme):len(scheme)+end], s[len(scheme)+end:]
	form = "h"
	if at := strings.IndexByte(host, ':'); at >= 0 {
		port, ok := portForm(host[at:])
		if !ok {
			return "", "", false
		}
		host, form = host[:at], form+port
	}
	if !isDomain(host) {
		return "", "", false
	}
	tail, ok := urlTail(rest)
	if isPublicDomain(host) {
		key = scheme + host
	}
	return key, form + tail, ok
}

// urlTail describes what follows the host.
func urlTail(s string) (string, bool) {
	s, fragment, hasFragment := strings.Cut(s, "#")
	path, query, hasQuery := strings.Cut(s, "?")
	var b strings.Builder
	for i, part := range strings.Split(path, "/") {
		if i > maxURLParts || !isURLText(part) {
			return "", false
		}
		if i > 0 {
			b.WriteString("/" + partForm(part))
		}
	}
	if hasQuery {
		n := strings.Count(query, "&") + 1
		if n > maxURLParams || !isURLText(query) || query == "" {
			return "", false
		}
		b.WriteString("?" + strconv.Itoa(n))
	}
	if hasFragment {
		b.WriteString("#a")
	}
	return b.String(), isURLText(fragment) && (!hasFragment || fragment != "")
}

// isURLText reports whether there are only characters that stand in a URL, as they are or escaped.
func isURLText(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`<>"{}|\^[]`+"`", c) >= 0 {
			return false
		}
	}
	return true
}

// partForm describes a part of a path.
func partForm(s string) string {
	for _, ext := range extensions {
		if name, ok := strings.CutSuffix(s, ext); ok && name != "" {
			return partForm(name) + ext
		}
	}
	switch {
	case s == "":
		return ""
	case isDigits(s) && len(s) <= 9:
		return "9{" + strconv.Itoa(len(s)) + "}"
	}
	return slugForm(s)
}

// slugForm describes words of small letters, with dashes or underscores between them, maybe with a number after the last dash.
func slugForm(s string) string {
	number := ""
	if at := strings.LastIndexByte(s, '-'); at > 0 && isDigits(s[at+1:]) && len(s)-at <= 10 {
		s, number = s[:at], "-9{"+strconv.Itoa(len(s)-at-1)+"}"
	}
	if wordCase(strings.NewReplacer("-", "", "_", "").Replace(s)) != lowerCase {
		return tokenForm(number, s)
	}
	switch {
	case number != "":
		return "a" + number
	case !strings.ContainsAny(s, "-_"):
		return "a"
	case !strings.Contains(s, "-"):
		return "a_a"
	}
	return "a-a"
}

// Bounds on the random tokens in paths, such as hashes and short links.
const (
	minURLToken  = 6
	maxURLToken  = 64
	tokenClasses = "hHbBmX" // as masks have them
)

// tokenForm describes what is no slug: one run of letters and digits mixed, or of letters in both cases, or anything.
func tokenForm(number, s string) string {
	if number == "" && len(s) >= minURLToken && len(s) <= maxURLToken && isAlphanumerics(s) {
		if t := tokenise(s); len(t) == 1 && strings.Contains(tokenClasses, t[0].class) {
			return t[0].class + "{" + strconv.Itoa(t[0].n) + "}"
		}
	}
	return "m"
}

// isAlphanumerics reports whether a text is of ASCII letters and digits.
func isAlphanumerics(s string) bool {
	for i := range len(s) {
		if !isAlphanumeric(s[i]) {
			return false
		}
	}
	return true
}

func (urlGrammar) plain(string) string { return "h/" }

func (urlGrammar) likely(s string) bool {
	_, _, ok := urlGrammar{}.read(s)
	return ok
}

func (urlGrammar) write(key, form string, r *Rand) string {
	host := key
	if key == "" {
		host = urlSchemes[0] + Word(r) + pick(reserved, r)
	}
	rest, ok := strings.CutPrefix(form, "h")
	if !ok {
		return ""
	}
	var b strings.Builder
	b.WriteString(host)
	for rest != "" && b.Len() < maxOpen {
		rest = writeURLPart(&b, rest, r)
	}
	return b.String()
}

// writeURLPart writes what the first mark of the form stands for, and returns the rest.
func writeURLPart(b *strings.Builder, form string, r *Rand) (rest string) {
	mark, rest := form[:1], form[1:]
	n, after, counted := cutCount(rest)
	switch {
	case mark == "9" && counted:
		b.WriteString(strconv.Itoa(1 + r.Int(9)))
		b.WriteString(randomDigits(min(n, 9)-1, r))
		return after
	case mark == "?":
		return writeQuery(b, rest, r)
	case mark == "a":
		b.WriteString(Word(r))
		if strings.HasPrefix(rest, "-") && r.Int(2) == 0 { // of one word or more
			b.WriteString("-" + Word(r))
		}
	case counted && strings.Contains(tokenClasses, mark):
		b.WriteString(Fill(mark+"{"+strconv.Itoa(min(n, maxURLToken))+"}", r).Text)
		return after
	case mark == "m":
		b.WriteString(drawPart(r))
	case mark == ".":
		end := strings.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		b.WriteString("." + rest[:end])
		return rest[end:]
	default:
		b.WriteString(mark)
	}
	return rest
}

// writeQuery writes as many parameters as the form says.
func writeQuery(b *strings.Builder, form string, r *Rand) (rest string) {
	b.WriteByte('?')
	if form == "" || !isDigit(form[0]) {
		return form
	}
	for i := range int(form[0] - '0') {
		if i > 0 {
			b.WriteByte('&')
		}
		b.WriteString(Word(r) + "=" + Word(r))
	}
	return form[1:]
}

// drawPart makes up a part of a path that is neither of small letters and dashes, nor a number, nor a token.
func drawPart(r *Rand) string {
	word := Word(r)
	switch r.Int(4) {
	case 0:
		return inCase(word, titleCase)
	case 1:
		return word + strconv.Itoa(1+r.Int(999))
	case 2:
		return word + "." + Word(r)
	}
	return inCase(word, titleCase) + "_" + inCase(Word(r), titleCase)
}
