package mess

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// ipGrammar reads network addresses. The generalisation is "v4 public", "v4 private", which is any that is not routed, or
// "v6"; the form says what is written after the address: `v4`, `v4:9{4}` a port of four digits, `v4/24` a network, `V6`
// one in capitals, `[v6]:9{3}`.
type ipGrammar struct{}

const (
	publicV4  = "v4 public"
	privateV4 = "v4 private"
	anyV6     = "v6"
)

func (ipGrammar) read(s string) (key, form string, ok bool) {
	if len(s) < 2 || len(s) > 50 || !strings.ContainsAny(s[:min(6, len(s))], ".:") {
		return "", "", false
	}
	host, before, after := s, "", ""
	if inner, rest, found := strings.Cut(s, "]"); found && s[0] == '[' {
		if host, before, after = inner[1:], "[", "]"; rest != "" {
			port, ok := portForm(rest)
			if !ok {
				return "", "", false
			}
			after += port
		}
	} else if at := strings.IndexByte(s, '/'); at >= 0 {
		host, after = s[:at], s[at:]
	} else if at := strings.IndexByte(s, ':'); at >= 0 && strings.IndexByte(s, '.') < at && strings.Count(s, ".") == 3 {
		if after, ok = portForm(s[at:]); !ok {
			return "", "", false
		}
		host = s[:at]
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || addr.Zone() != "" || before != "" && addr.Is4() {
		return "", "", false
	}
	key, version, ok := describeAddr(addr, host)
	if bits, found := strings.CutPrefix(after, "/"); found {
		n, err := strconv.Atoi(bits)
		ok = ok && err == nil && strconv.Itoa(n) == bits && n <= addr.BitLen() && n >= 0
	}
	return key, before + version + after, ok
}

// portForm describes a colon and a port.
func portForm(s string) (string, bool) {
	port := s[1:]
	n, err := strconv.ParseUint(port, 10, 16)
	if s[0] != ':' || err != nil || strconv.FormatUint(n, 10) != port {
		return "", false
	}
	return ":9{" + strconv.Itoa(len(port)) + "}", true
}

// describeAddr returns the generalisation of an address and how it is written, one of the two ways of v6.
func describeAddr(a netip.Addr, text string) (key, form string, ok bool) {
	switch canonical := a.String(); {
	case slices.Contains(specialV4, text):
		return text, "v4", true
	case a.Is4() && (a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified() || a.IsMulticast()):
		return privateV4, "v4", true
	case a.Is4():
		return publicV4, "v4", true
	case canonical == text:
		return anyV6, "v6", true
	case strings.ToUpper(canonical) == text:
		return anyV6, "V6", true
	case strings.ToLower(text) == text:
		return anyV6, "v6long", a.StringExpanded() == text
	}
	return "", "", false
}

func (ipGrammar) plain(key string) string {
	if key == anyV6 {
		return "v6"
	}
	return "v4"
}

func (ipGrammar) likely(s string) bool {
	_, _, ok := ipGrammar{}.read(s)
	return ok && s != "::"
}

func (ipGrammar) write(key, form string, r *Rand) string {
	open, body := "", form
	if rest, ok := strings.CutPrefix(form, "["); ok {
		open, body = "[", rest
	}
	version, rest := body, ""
	if at := strings.IndexAny(body, "]:/"); at >= 0 {
		version, rest = body[:at], body[at:]
	}
	addr := drawAddr(key, version, r)
	text := addr.String()
	switch version {
	case "V6":
		text = strings.ToUpper(text)
	case "v6long":
		text = addr.StringExpanded()
	}
	if at := strings.Index(rest, ":9"); at >= 0 {
		n, _, _ := cutCount(rest[at+2:])
		lo := int(pow10[max(1, min(n, 5))-1])
		rest = rest[:at+1] + strconv.Itoa(lo+r.Int(min(9*lo, 65536-lo)))
	}
	return open + text + rest
}

// specialV4 are addresses that stand for themselves: the host itself, any, and all.
var specialV4 = []string{"127.0.0.1", "0.0.0.0", "255.255.255.255"}

// drawAddr draws an address that one can meet.
func drawAddr(key, version string, r *Rand) netip.Addr {
	if slices.Contains(specialV4, key) {
		return netip.MustParseAddr(key)
	}
	b := [4]byte{byte(1 + r.Int(223)), byte(r.Int(256)), byte(r.Int(256)), byte(1 + r.Int(254))}
	if version != "v4" {
		a := netip.MustParseAddr(fmt.Sprintf("2001:db8:%x:%x::%x", r.Int(1<<16), r.Int(1<<16), 1+r.Int(1<<16-1)))
		if r.Int(2) == 0 {
			a = netip.MustParseAddr(fmt.Sprintf("2001:db8::%x:%x:%x:%x", 1+r.Int(1<<16-1), r.Int(1<<16), r.Int(1<<16), r.Int(1<<16)))
		}
		return a
	}
	if key == privateV4 || key == "" && r.Int(3) == 0 {
		switch r.Int(3) {
		case 0:
			b[0] = 10
		case 1:
			b[0], b[1] = 172, byte(16+r.Int(16))
		default:
			b[0], b[1] = 192, 168
		}
	}
	return netip.AddrFrom4(b)
}
