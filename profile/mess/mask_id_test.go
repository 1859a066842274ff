package mess

import (
	"strings"
	"testing"
)

// Identifiers keep what can be seen of how they are made: length, alphabet and prefix, and a UUID its version.
func TestIdentifierMasks(t *testing.T) {
	r, _ := seeded(80)
	for _, tc := range []struct{ cell, mask string }{
		{"d41d8cd98f00b204e9800998ecf8427e", "h{32}"},
		{"DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "H{40}"},
		{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "h{64}"},
		{"507f1f77bcf86cd799439011", "h{24}"},
		{"01ARZ3NDEKTSV4RRFFQ69G5FAV", "B{26}"},
		{"INV-000123", `\I\N\V-9{6}`},
		{"C536365", `\C9{6}`},
		{"INVOICE-000123", "A{7}-9{6}"},
		{"INV 000123", "A{3}_9{6}"},
		{"inv-000123", "a{3}-9{6}"},
		{"R-B", "A{1}-A{1}"},
		{"SKU_12-AB", `\S\K\U\_9{2}-A{2}`},
		{"017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "h{8}-h{4}-7h{3}-h{4}-h{12}"},
		{"919108F7-52D1-4320-9BAC-F847DB4148A8", "H{8}-H{4}-4H{3}-H{4}-H{12}"},
		{"c232ab00-9414-11ec-b3c8-9f6bdeced846", "h{8}-h{4}-1h{3}-h{4}-h{12}"},
		{"c232ab00-9414-91ec-b3c8-9f6bdeced846", "h{8}-h{4}-h{4}-h{4}-h{12}"},
		{"c232ab00-9414-11ec-c3c8-9f6bdeced846", "h{8}-h{4}-h{4}-h{4}-h{12}"},
	} {
		got := Shapes(text(tc.cell))
		if got[0] != tc.mask {
			t.Errorf("%q has the masks %q, want %q", tc.cell, got, tc.mask)
		}
		for _, mask := range got {
			checkFill(t, mask, r)
		}
	}
	variants := map[byte]int{}
	for range 400 {
		variants[Fill("h{8}-h{4}-4h{3}-h{4}-h{12}", r).Text[uuidVariantAt]]++
	}
	for v, n := range variants {
		// Binomial with mean 100 and standard deviation 8.7: one of four leaves ±6 σ with probability below 1e-8.
		if !strings.ContainsRune("89ab", rune(v)) || n < 48 || n > 152 {
			t.Errorf("the variant %c was drawn %d times of 400", v, n)
		}
	}
}
