package mess

import "strings"

// userNameGrammar reads user names, with the @ of handles or without: `\@first\_last`, `flast9{2}`. There is nothing to
// release of them.
type userNameGrammar struct{}

const (
	minUserName = 3
	maxUserName = 40 // bytes without the @

	maxUserParts = 5 // words, separators, digits
)

func (userNameGrammar) read(s string) (key, form string, ok bool) {
	name, isHandle := strings.CutPrefix(s, "@")
	if len(name) < minUserName || len(name) > maxUserName || !isAlphanumeric(name[0]) || name[len(name)-1] == '+' || name[len(name)-1] == '.' {
		return "", "", false
	}
	if c := name[len(name)-1]; isDigits(name) || !isAlphanumeric(c) {
		return "", "", false
	}
	form, _, ok = localForm(name, maxUserParts)
	if isHandle {
		form = `\@` + form
	}
	return "", form, ok
}

func (userNameGrammar) plain(string) string { return "flast9{2}" }

// likely is true of handles, and of a name with a digit or more after it.
func (userNameGrammar) likely(s string) bool {
	name, isHandle := strings.CutPrefix(s, "@")
	if !isHandle && (name == "" || !isDigit(name[len(name)-1]) || !isAlphanumeric(name[0])) {
		return false
	}
	if len(name) < minUserName || len(name) > maxUserName || !isHandle && strings.IndexByte(name, '-') >= 0 {
		return false // Jan-20 is a month
	}
	_, people, ok := localForm(name, maxUserParts)
	return ok && (isHandle || people > 0)
}

func (userNameGrammar) write(_, form string, r *Rand) string {
	rest, isHandle := strings.CutPrefix(form, `\@`)
	name := writeLocal(rest, r.identity(), r)
	if isHandle {
		name = "@" + name
	}
	return name
}
