package mess

import (
	"fmt"
	"strconv"
	"strings"
)

// userAgentGrammar reads what browsers and programs call themselves. The generalisation is the family and the system it runs
// on, "Chrome on Windows"; the form says which make the text is of: `browser` as in Mozilla/5.0 (…) and more,
// `bot` one that is compatible and says where to read about it, `tool` a program's name and version.
type userAgentGrammar struct{}

// agents are the families, by a mark in their text, the first that is found; and how one writes itself after the system.
// V stands for a version.
var agents = []struct{ mark, family, write string }{
	{"Edg/", "Edge", "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/V.0.0.0 Safari/537.36 Edg/V.0.0.0"},
	{"OPR/", "Opera", "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/V.0.0.0 Safari/537.36 OPR/V.0.0.0"},
	{"SamsungBrowser/", "Samsung", "AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/V.0 Chrome/V.0.0.0 Mobile Safari/537.36"},
	{"Firefox/", "Firefox", "Gecko/20100101 Firefox/V.0"},
	{"CriOS/", "Chrome", ""},
	{"Chrome/", "Chrome", "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/V.0.0.0 Safari/537.36"},
	{"MSIE ", "Internet Explorer", ""},
	{"Trident/", "Internet Explorer", "Trident/7.0 like Gecko"},
	{"Safari/", "Safari", "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/V.0 Safari/605.1.15"},
}

// systems are the same for what a browser runs on.
var systems = []struct{ mark, family, write string }{
	{"Windows", "Windows", "Windows NT 10.0; Win64; x64"},
	{"Android", "Android", "Linux; Android V; K"},
	{"iPhone", "iOS", "iPhone; CPU iPhone OS V_0 like Mac OS X"},
	{"iPad", "iOS", ""},
	{"Macintosh", "macOS", "Macintosh; Intel Mac OS X 10_15_7"},
	{"CrOS", "Chrome OS", "X11; CrOS x86_64 V.0.0"},
	{"Linux", "Linux", "X11; Linux x86_64"},
}

// bots and tools are programs with a public name.
var (
	agentBots  = []string{"Googlebot", "bingbot", "YandexBot", "Baiduspider", "AhrefsBot", "SemrushBot", "DotBot", "MJ12bot", "Applebot", "Slurp"}
	agentTools = []string{"curl", "Wget", "python-requests", "Python-urllib", "Go-http-client", "okhttp", "Java", "PostmanRuntime", "axios", "node-fetch", "libwww-perl", "Apache-HttpClient", "Dalvik", "Opera"}
)

const (
	formBrowser = "browser"
	formBot     = "bot"
	formTool    = "tool"
	mozilla     = "Mozilla/"
)

func (userAgentGrammar) read(s string) (key, form string, ok bool) {
	if !strings.Contains(s[:min(len(s), 24)], "/") {
		return "", "", false
	}
	for _, bot := range agentBots {
		if strings.Contains(s, bot) && strings.Contains(s, "/") {
			return bot, formBot, true
		}
	}
	if !strings.HasPrefix(s, mozilla) {
		for _, tool := range agentTools {
			if version, ok := strings.CutPrefix(s, tool+"/"); ok && version != "" && isDigit(version[0]) {
				return tool, formTool, true
			}
		}
		return "", "", false
	}
	browser, system := "", ""
	for i := len(agents) - 1; i >= 0; i-- {
		if strings.Contains(s, agents[i].mark) {
			browser = agents[i].family
		}
	}
	for i := len(systems) - 1; i >= 0; i-- {
		if strings.Contains(s, systems[i].mark) {
			system = systems[i].family
		}
	}
	if browser != "" && system != "" {
		key = browser + " on " + system
	}
	return key, formBrowser, isPrintable(s) && strings.Contains(s, "(")
}

// isPrintable reports whether there are only printable ASCII characters.
func isPrintable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func (userAgentGrammar) plain(key string) string {
	switch {
	case key == "" || strings.Contains(key, " on "):
		return formBrowser
	case strings.Contains(strings.Join(agentBots, " "), key):
		return formBot
	}
	return formTool
}

func (userAgentGrammar) likely(s string) bool {
	_, _, ok := userAgentGrammar{}.read(s)
	return ok
}

func (userAgentGrammar) write(key, form string, r *Rand) string {
	version := strconv.Itoa(80 + r.Int(60))
	switch form {
	case formBot:
		if key == "" {
			key = pick(agentBots, r)
		}
		return fmt.Sprintf("Mozilla/5.0 (compatible; %s/%d.%d; +https://example.org/bot)", key, 1+r.Int(7), r.Int(10))
	case formTool:
		if key == "" {
			key = pick(agentTools, r)
		}
		return fmt.Sprintf("%s/%d.%d.%d", key, 1+r.Int(8), r.Int(80), r.Int(10))
	case formBrowser:
		browser, system, _ := strings.Cut(key, " on ")
		for key == "" && (browser == "" || agentWrites(browser) == "") {
			browser = pick(agents, r).family
		}
		if key == "" {
			system = pick(systems, r).family
		}
		text := fmt.Sprintf("Mozilla/5.0 (%s) %s", systemWrites(system), agentWrites(browser))
		return strings.NewReplacer("Version", "Version", "Android V", "Android "+strconv.Itoa(8+r.Int(8)), "V", version).Replace(text)
	}
	return ""
}

// agentWrites returns how a browser writes itself, "" for none that is known.
func agentWrites(family string) string {
	for _, a := range agents {
		if a.family == family && a.write != "" {
			return a.write
		}
	}
	return ""
}

// systemWrites returns how a system is written.
func systemWrites(family string) string {
	for _, s := range systems {
		if s.family == family && s.write != "" {
			return s.write
		}
	}
	return ""
}
