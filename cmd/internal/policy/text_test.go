package policy

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// A textRule is a pattern that no text file may have.
type textRule struct {
	pattern *regexp.Regexp
	why     string
	only    []string // extensions; nil for all
}

var textRules = []textRule{{
	// The folders in which people and tools keep their checkouts; a URL's path does not follow a space or a quote.
	pattern: regexp.MustCompile("(?:^|[\\s\"'`(=:,])(?:file://)?/(?:home|root|Users|work|mnt|tmp/[a-z_]+[.][A-Za-z0-9]+)/\\w"),
	why:     "an absolute path of one machine",
}, {
	pattern: regexp.MustCompile(`(?i)\b(?:proxy|sum)\.golang\.` + `org\b|\bGOPROXY=h|\bregistry\.npmjs\.|\bpypi\.` + `org/simple|//[a-z0-9.-]*artifactory`),
	why:     "the host of a package registry, which is the reader's to choose",
}, {
	pattern: regexp.MustCompile(`\b(?:TO` + `DO|FIX` + `ME|XX` + `X)\b(?:[^(]|$|\([^)]*\)(?:[^:]|$|:\s*\S{0,9}$))`),
	why:     "a note without who and why, as in NOTE(who or what): why it is left",
	only:    []string{".go", ".md", ".yaml", ".yml", ".txtar", ""},
}, {
	pattern: regexp.MustCompile(`^(?:<{7}|>{7}|={7})(?: |$)`),
	why:     "the mark of an unresolved merge",
}}

// checkText holds every line of every text file against the rules. Files that are not UTF-8 or hold a zero are data.
func checkText(r *repo) (violations []string) {
	files := 0
	for _, name := range slices.Sorted(maps.Keys(r.files)) {
		text := r.files[name]
		if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
			continue
		}
		files++
		n := 0
		for line := range strings.Lines(string(text)) {
			n++
			for _, rule := range textRules {
				if rule.only != nil && !slices.Contains(rule.only, path.Ext(name)) {
					continue
				}
				if rule.pattern.MatchString(strings.TrimRight(line, "\r\n")) {
					violations = append(violations, fmt.Sprintf("%s:%d: %s", name, n, rule.why))
				}
			}
		}
	}
	if files == 0 {
		violations = append(violations, "there is no text file")
	}
	return violations
}

func TestTexts(t *testing.T) {
	report(t, checkText(repository(t)))
}

func TestTextsCanFail(t *testing.T) {
	for _, bad := range []string{
		`x := "/ho` + `me/ann/data.csv"`,
		"see (/ro" + "ot/go/pkg)",
		"cd /wo" + "rk/main",
		"GOPROXY" + "=https://example.com",
		"// TO" + "DO: later",
		"// TO" + "DO",
		"// FIX" + "ME(ann)",
		"// FIX" + "ME(ann): soon",
		"<<<<<" + "<< HEAD",
	} {
		if len(checkText(fake(t, "-- a.md --\n"+bad+"\n"))) == 0 {
			t.Errorf("accepted: %s", bad)
		}
	}
	for _, good := range []string{
		"https://example.com/home/page",
		"data/wo" + "rk/part.csv",
		"// TO" + "DO(parquet-go): remove the copy when rows can be borrowed",
		"a mask of XX" + "XX",
	} {
		if found := checkText(fake(t, "-- a.md --\n"+good+"\n")); len(found) > 0 {
			t.Errorf("refused: %s (%q)", good, found)
		}
	}
	mustFind(t, checkText(fake(t, "")), "there is no text file")
}
