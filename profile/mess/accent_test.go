package mess

import (
	"strings"
	"testing"
)

// TestAccented: names get the accent that they are written with, others one that leaves the letters under it.
func TestAccented(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"Maria Garcia", "Maria García"},
		{"GARCIA, JOE", "GARCÍA, JOE"},
		{"garcia", "garcía"},
		{"Alvarez", "Álvarez"},
		{"X", "X"},
	} {
		if got := accented(tt.name); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.name, got, tt.want)
		}
	}
	for _, name := range append(names().given, names().family...) {
		got := accented(name)
		if withoutAccents(got) != name || got == name && strings.ContainsAny(name[1:], "aeiounc") {
			t.Errorf("%q: %q", name, got)
		}
	}
}
