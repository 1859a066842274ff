package cli

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile"
)

func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		x               float64
		number, typed   string
		upTo3, oneDigit string
	}{
		{1e-6, "1e-6", "1e-6", "1e-6", "1e-6"},
		{0.5, "0.5", "0.5", "0.5", "0.5"},
		{2, "2", "2", "2", "2"},
		{1.23456, "1.235", "1.23456", "1.23", "1"},
		{0.098006514, "0.09801", "0.098006514", "0.098", "0.09"},
		{0.00023, "2.3e-4", "2.3e-4", "2.3e-4", "2e-4"},
		{9999, "9999", "9999", "9990", "9000"},
		{1234567, "1.235e+06", "1.234567e+06", "1.23e+06", "1e+06"},
	} {
		if got := number(tt.x); got != tt.number {
			t.Errorf("number(%v) = %s, want %s", tt.x, got, tt.number)
		}
		if got := exact(tt.x); got != tt.typed {
			t.Errorf("exact(%v) = %s, want %s", tt.x, got, tt.typed)
		}
		if back, err := strconv.ParseFloat(exact(tt.x), 64); err != nil || back != tt.x {
			t.Errorf("exact(%v) reads back as %v", tt.x, back)
		}
		if got := roundedDown(tt.x); got != tt.upTo3 {
			t.Errorf("roundedDown(%v) = %s, want %s", tt.x, got, tt.upTo3)
		}
		if got := exact(oneDigit(tt.x)); got != tt.oneDigit {
			t.Errorf("oneDigit(%v) = %s, want %s", tt.x, got, tt.oneDigit)
		}
	}
}

func TestShares(t *testing.T) {
	for _, tt := range []struct {
		value, pm float64
		want      string
	}{
		{0.7588, 0.0061, "75.88 ± 0.61 %"},
		{0.7588, 0.034, "75.9 ± 3.4 %"},
		{0.5, 0.25, "50 ± 25 %"},
		{0, 0.0000012, "0.000 ± 0.000 %"},
		{1, 0, "100 ± 0 %"},
		{1, math.Inf(1), "100 ± +Inf %"},
	} {
		if got := share(profile.Approx{Value: tt.value, PlusMinus: tt.pm}); got != tt.want {
			t.Errorf("share(%v ± %v) = %s, want %s", tt.value, tt.pm, got, tt.want)
		}
	}
	if got := count(profile.Approx{Value: -1234567.4, PlusMinus: 44.2}); got != "-1,234,567 ± 45" {
		t.Errorf("count = %s", got)
	}
}

// Labels come from files: they must not reach a terminal as they are.
func TestShown(t *testing.T) {
	for label, want := range map[string]string{
		"plain text": "plain text", "größe 日本": "größe 日本", "": "",
		" x": `" x"`, "a  b": `"a  b"`, "a\nb": `"a\nb"`, "\x1b[31mred": `"\x1b[31mred"`, "\u202eevil": `"\u202eevil"`, "a\xff": `"a\xff"`,
	} {
		if got := shown(label); got != want {
			t.Errorf("shown(%q) = %s, want %s", label, got, want)
		}
	}
}

func TestShellWord(t *testing.T) {
	for word, want := range map[string]string{
		"a/b.csv": "a/b.csv", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$x": "'$x'", "*.csv": "'*.csv'", "größe": "'größe'",
	} {
		if got := shellWord(word); got != want {
			t.Errorf("shellWord(%q) = %s, want %s", word, got, want)
		}
	}
}

func TestTableAligns(t *testing.T) {
	s := &screen{}
	tab := &table{header: []string{"a", "number"}, right: []bool{false, true}}
	tab.add("größe", "1")
	tab.add("日本", "22")
	tab.add(strings.Repeat("x", 100), "333")
	s.table(tab)
	long := strings.Repeat("x", maxCell-1) + "…"
	gap := func(n int) string { return strings.Repeat(" ", n) }
	want := "a" + gap(maxCell-1+2) + "number\n" +
		"größe" + gap(maxCell-5+2+5) + "1\n" +
		"日本" + gap(maxCell-4+2+4) + "22\n" +
		long + "  " + gap(3) + "333\n"
	if s.String() != want {
		t.Errorf("got\n%swant\n%s", s.String(), want)
	}
}

// A terminal gets a bar and bold text, neither log lines nor colours when NO_COLOR is set; a pipe gets log lines.
func TestTerminal(t *testing.T) {
	for _, tt := range []struct {
		name           string
		terminal       bool
		env            map[string]string
		args           []string
		bold, bar, log bool
	}{
		{"terminal", true, nil, nil, true, true, false},
		{"NO_COLOR", true, map[string]string{"NO_COLOR": "1"}, nil, false, true, false},
		{"dumb terminal", true, map[string]string{"TERM": "dumb"}, nil, false, false, true},
		{"pipe", false, nil, nil, false, false, true},
		{"log lines asked for", true, nil, []string{"--log-format", "json"}, true, false, true},
		{"quiet", true, nil, []string{"--quiet"}, false, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			writeTable(t, "data.csv", 2000)
			mustPatina(t, "budget", "init", "data", "--epsilon", "8", "--delta", "1e-5")
			var stdout, stderr bytes.Buffer
			code := Main(append([]string{"profile", "data.csv", "--epsilon", "2", "--delta", "1e-6", "-o", "p.parquet"}, tt.args...), Streams{
				Out: &stdout, Err: &stderr, OutTerminal: tt.terminal, ErrTerminal: tt.terminal, Getenv: func(k string) string { return tt.env[k] },
			})
			if code != exitOK {
				t.Fatalf("exit %d: %s", code, stderr.String())
			}
			if got := strings.Contains(stdout.String(), "\x1b[1m"); got != tt.bold {
				t.Errorf("bold text: %v, want %v", got, tt.bold)
			}
			if got := strings.Contains(stderr.String(), "%"); got != tt.bar {
				t.Errorf("a bar: %v, want %v: %q", got, tt.bar, stderr.String())
			}
			if got := strings.Contains(stderr.String(), "msg=measuring") || strings.Contains(stderr.String(), `"msg":"measuring"`); got != tt.log {
				t.Errorf("log lines: %v, want %v: %q", got, tt.log, stderr.String())
			}
		})
	}
}
