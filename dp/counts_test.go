package dp

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// TestSealedPrints prints sealed counts in every way that a debugging session would, also from inside of other
// values, where fmt ignores String methods.
func TestSealedPrints(t *testing.T) {
	const count, key = 918273645, "canary-key"
	c := Seal([]int64{count}, UpTo(1).Bound(1))
	k := SealKeyed(map[string]int64{key: count}, UpTo(1).Bound(1))
	type hidden struct {
		c Counts
		k Keyed
	}
	type open struct {
		C  Counts
		K  Keyed
		PC *Counts
		PK *Keyed
	}
	holders := []any{
		c, k, &c, &k, hidden{c, k}, &hidden{c, k}, open{c, k, &c, &k}, []Counts{c}, map[string]Keyed{"k": k}, []any{c, k, hidden{c, k}},
		fmt.Errorf("wrapped: %v %v", c, hidden{c, k}),
	}
	secrets := []string{key, fmt.Sprint(count), fmt.Sprintf("%x", count), fmt.Sprintf("%X", count), fmt.Sprintf("%o", count)}
	check := func(how, text string) {
		t.Helper()
		for _, s := range secrets {
			if strings.Contains(text, s) {
				t.Errorf("%s shows %s: %s", how, s, text)
			}
		}
	}
	for _, h := range holders {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%o", "%T", "%p", "%g"} {
			check(fmt.Sprintf("%s of %T", verb, h), fmt.Sprintf(verb, h))
		}
		if b, err := json.Marshal(h); err == nil {
			check(fmt.Sprintf("JSON of %T", h), string(b))
		}
		var b strings.Builder
		slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "value", h)
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "value", h)
		check(fmt.Sprintf("slog of %T", h), b.String())
	}
}

// TestSealedPrintsAlike: what sealed counts print as does not depend on what they hold, in whatever way it is written.
func TestSealedPrintsAlike(t *testing.T) {
	one := func(n int64) []any {
		c := Seal([]int64{n}, UpTo(1).Bound(1))
		k := SealKeyed(map[string]int64{string(rune(n)): n}, UpTo(1).Bound(1))
		return []any{c, k, []Counts{c}, map[string]Keyed{"k": k}, fmt.Errorf("wrapped: %v %v", c, k)}
	}
	a, b := one('a'), one('b')
	for i := range a {
		for _, verb := range []string{"%v", "%+v", "%s", "%q", "%d", "%x"} {
			if x, y := fmt.Sprintf(verb, a[i]), fmt.Sprintf(verb, b[i]); x != y {
				t.Errorf("%s of %T tells two apart: %s and %s", verb, a[i], x, y)
			}
		}
	}
}

// TestPrintsWouldShow is the control: the same counts in a plain field are shown.
func TestPrintsWouldShow(t *testing.T) {
	type plain struct{ counts []int64 }
	if s := fmt.Sprintf("%v", plain{[]int64{918273645}}); !strings.Contains(s, "918273645") {
		t.Errorf("printed as %s", s)
	}
}

// TestSealCopies: what is done to the slice or map after sealing does not reach what was sealed.
func TestSealCopies(t *testing.T) {
	counts, hist := []int64{7}, map[string]int64{"a": 7}
	c, k := Seal(counts, UpTo(1).Bound(1)), SealKeyed(hist, UpTo(1).Bound(1))
	counts[0] = 8
	hist["a"], hist["b"] = 8, 9
	if got := c.reveal(); len(got) != 1 || got[0] != 7 {
		t.Errorf("the sealed counts changed with their source: %v", got)
	}
	if got := k.reveal(); len(got) != 1 || got["a"] != 7 {
		t.Errorf("the sealed histogram changed with its source: %v", got)
	}
}
