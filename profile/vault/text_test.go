package vault

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
)

// titlesCSV has a column of made-up titles of many shapes, all with a bracket at the end, and one of a few categories.
func titlesCSV(rows int) []byte {
	r := rand.New(rand.NewPCG(5, 5))
	var b bytes.Buffer
	b.WriteString("title,state\n")
	for range rows {
		for range 2 + r.IntN(5) {
			word := strings.Repeat("o", 1+r.IntN(9))
			switch r.IntN(4) {
			case 0:
				word = "B" + word
			case 1:
				word = fmt.Sprintf("%s-%d", word, r.IntN(1e6))
			case 2:
				word = strings.ToUpper(word) + ":"
			}
			b.WriteString(word + " ")
		}
		fmt.Fprintf(&b, "(v%s),%s\n", strings.Repeat("o", 1+r.IntN(3)), []string{"open", "closed"}[r.IntN(2)])
	}
	return b.Bytes()
}

// TestTextHasAGrammar: a column of text has one that knows what nearly all cells end with, at the sensitivity that package mess
// states; a column of categories has none. At ε = 4 in 4,000 rows the end's count is more than 20 σ.
func TestTextHasAGrammar(t *testing.T) {
	p := newBench(t, "titles.csv", titlesCSV(4000)).mustProfile(t, &spec.Spec{Version: 1})
	if p.Attribute(profile.TextName("state")) != nil {
		t.Error("the categories have a grammar")
	}
	a := p.Attribute(profile.TextName("title"))
	if a == nil {
		t.Fatal("the texts have no grammar")
	}
	ends := 0.0
	for _, m := range p.Measurements {
		if m.Attributes[0] != a.Name {
			continue
		}
		if r := p.Manifest.Releases[m.Release-1]; r.L2 != math.Sqrt(mess.MaxSteps) {
			t.Errorf("the steps are released at a sensitivity of %g", r.L2)
		}
		for i, c := range m.Cells {
			if label := a.Codes[c[0]].Label; label[0] == '$' && strings.HasSuffix(label, "~a).") {
				ends += m.Values[i]
			}
		}
	}
	if ends < 1000 {
		t.Errorf("only %.0f texts are known to end in a word in brackets", ends)
	}
}

// TestLittleTextHasNoGrammar: what is too little to be resolved is not paid for.
func TestLittleTextHasNoGrammar(t *testing.T) {
	codec, err := mess.ForKind(mess.TextKind)
	if err != nil {
		t.Fatal(err)
	}
	j := columnJob{column: record.Column{Type: record.StringType}, codec: codec, purse: purse{whole: 0.1, left: 0.1}}
	share := account.Rho(shareGrammar + shareValues - shareNulls)
	j.vague = 0.99 * minTexts * float64(account.SigmaFor(share*j.purse.whole, math.Sqrt(mess.MaxSteps)))
	if err := j.findGrammar(); err != nil || j.purse.left != j.purse.whole { // it has nothing to release through
		t.Errorf("ρ = %g is taken of %g: %v", float64(j.purse.whole-j.purse.left), float64(j.purse.whole), err)
	}
}

func TestHoldsText(t *testing.T) {
	for _, c := range []struct {
		typ  record.Type
		kind mess.Kind
		want bool
	}{
		{"string", mess.TextKind, true}, {"string", mess.Category, true}, {"json", mess.ID, true}, {"string", mess.Integer, false},
		{"string", mess.Boolean, false}, {"int64", mess.Category, false},
	} {
		j := &columnJob{column: record.Column{Type: c.typ}, codec: codecOf(t, c.kind)}
		if got := j.holdsText(); got != c.want {
			t.Errorf("%s as %s: %t, want %t", c.typ, c.kind, got, c.want)
		}
	}
}
