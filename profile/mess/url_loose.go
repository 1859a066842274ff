package mess

import (
	"strconv"
	"strings"
)

// The coarser forms of URLs forget what the parts of a path are, but how many and with which extension, and how many parameters
// there are: `h/*/*.html?+`. The coarsest is `h/+`, of any path.
const (
	loosePart  = "*"
	looseQuery = "?+"
	loosePath  = "h/+"
)

func (urlGrammar) loosen(form string) []string {
	path, tail := form, ""
	if at := strings.IndexAny(form, "?#"); at >= 0 {
		path, tail = form[:at], form[at:]
	}
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if i == 0 || p == "" {
			continue
		}
		ext := ""
		if at := strings.IndexByte(p, '.'); at >= 0 {
			ext = p[at:]
		}
		parts[i] = loosePart + ext
	}
	if strings.HasPrefix(tail, "?") {
		tail = looseQuery + tail[2:]
	}
	loose := strings.Join(parts, "/") + tail
	if !strings.Contains(loose, loosePart) {
		return []string{loose}
	}
	return []string{loose, loosePath}
}

// tighten draws a path, its parts and parameters.
func (urlGrammar) tighten(form string, r *Rand) string {
	if form == loosePath {
		form = "h" + strings.Repeat("/"+loosePart, 1+r.Int(4))
		switch r.Int(4) {
		case 0:
			form += pick(extensions[:4], r)
		case 1:
			form += looseQuery
		}
	}
	for strings.Contains(form, "/"+loosePart) {
		part := pick([]string{"a", "a", "a", "a-a", "9{4}", "m"}, r)
		form = strings.Replace(form, "/"+loosePart, "/"+part, 1)
	}
	return strings.Replace(form, looseQuery, "?"+strconv.Itoa(1+r.Int(3)), 1)
}
