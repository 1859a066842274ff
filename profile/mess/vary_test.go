package mess

import (
	"testing"
	"unicode/utf8"
)

// A varied text stays UTF-8, grows by little, and mostly gets another shape.
func TestVary(t *testing.T) {
	r, rng := seeded(60)
	other, tried := 0, 0
	for range 3000 {
		s := randomText(rng)
		got := Vary(s, r)
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Fatalf("%q becomes %q, which is not UTF-8", s, got)
		}
		if len(got) > 3*len(s)+16 {
			t.Fatalf("%q becomes %q, %d bytes", s, got, len(got))
		}
		if s != "" {
			tried++
			if Shapes(text(s))[0] != Shapes(text(got))[0] {
				other++
			}
		}
	}
	if other*2 < tried {
		t.Errorf("only %d of %d texts got another shape", other, tried)
	}
}
