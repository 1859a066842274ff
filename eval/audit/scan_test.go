package audit

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

const canaryText = "Qvxzkt.Wmpoiur@Jhzqwbn.co.uk 5718024396"

// TestScanFindsEveryWay plants a canary's text in every way that it is looked for.
func TestScanFindsEveryWay(t *testing.T) {
	bare := "qvxzktwmpoiurjhzqwbncouk5718024396"
	reversed := []rune(canaryText)
	slices.Reverse(reversed)
	for name, text := range map[string]string{
		"exact": canaryText, "other case": strings.ToUpper(canaryText), "inside": "<" + canaryText + ">", "bare": bare,
		"with other separators": strings.ReplaceAll(canaryText, ".", " / "), "reversed": string(reversed), "first half": bare[:17], "second half": bare[17:],
		"Base64": base64.StdEncoding.EncodeToString([]byte(canaryText)), "Base64 with more": base64.StdEncoding.EncodeToString([]byte(canaryText + " etc.")),
		"Base64 after one byte": base64.StdEncoding.EncodeToString([]byte("x" + canaryText)), "after two": base64.URLEncoding.EncodeToString([]byte("xy" + canaryText)),
		"hex": hex.EncodeToString([]byte(canaryText)), "upper hex": strings.ToUpper(hex.EncodeToString([]byte(canaryText))),
	} {
		h := newHaystack(needlesOf(0, canaryText))
		h.search(0, strings.Repeat("of no interest ", 10)+text+" either")
		if s := h.judge([]bool{true}, []string{"here"}); !s.leaked() || len(s.Leaks) == 0 || s.Leaks[0].Where != "here" {
			t.Errorf("%s: not found: %+v", name, s)
		}
		if s := h.judge([]bool{false}, []string{"here"}); s.leaked() {
			t.Errorf("%s: of a canary that was left out: %+v", name, s)
		}
	}
	h := newHaystack(needlesOf(0, canaryText))
	h.search(0, "qvxzk mpoiur 571802 somebody else's 0000000000")
	if s := h.judge([]bool{true}, []string{"here"}); s.leaked() {
		t.Errorf("other texts: %+v", s)
	}
}

// TestScanKnowsChance: short parts of texts turn up by chance, of canaries in the data as often as of others. When they turn up of those in the data alone it is a
// leak.
func TestScanKnowsChance(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var needles []needle
	var texts []string
	in := make([]bool, 200)
	for i := range in {
		in[i] = i%2 == 0
		texts = append(texts, scramble("000-000", rng))
		needles = append(needles, needlesOf(i, texts[i])...)
	}
	fair, leak := newHaystack(needles), newHaystack(needles)
	for i, text := range texts {
		if i < 40 {
			fair.search(0, text)
		}
		if in[i] && i < 120 {
			leak.search(0, text)
		}
	}
	if s := fair.judge(in, []string{"here"}); s.leaked() || s.Included < 20 || s.Excluded < 20 {
		t.Errorf("as many of both: %+v", s)
	}
	if s := leak.judge(in, []string{"here"}); !s.leaked() || s.Included < 60 {
		t.Errorf("of those in the data alone: %+v", s)
	}
}

func TestBitsOf(t *testing.T) {
	for text, want := range map[string]float64{"": 0, "--": 0, "0": 3.3219, "aA": 9.4009, "a-0": 8.0224} {
		if got := bitsOf(text); got < want-1e-3 || got > want+1e-3 {
			t.Errorf("%q has %g bits, want %g", text, got, want)
		}
	}
}
