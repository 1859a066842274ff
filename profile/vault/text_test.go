package vault

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault/internal/bound"
	"github.com/patina-data/patina/profile/vault/internal/encode"
	"github.com/patina-data/patina/profile/vault/internal/raw"
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

// titlesJob returns the job of a column of titles with a budget of its own, read as categories that are most likely cities.
func titlesJob(t *testing.T, rows int) *columnJob {
	t.Helper()
	var titles []record.Cell
	for _, line := range strings.Split(strings.TrimSpace(string(titlesCSV(rows))), "\n")[1:] {
		title, _, _ := strings.Cut(line, ",")
		titles = append(titles, record.Cell{Tag: record.Text, Text: title})
	}
	cells := raw.Of(dp.OneRecord(), raw.DefaultLimits(), titles, slices.Repeat([]int{1}, len(titles)))
	category := codecOf(t, mess.Category)
	return &columnJob{
		column: record.Column{Name: "title", Type: record.StringType}, name: "title", format: record.CSV,
		codec: category, suspect: codecOf(t, mess.City), raw: cells, cells: encode.New(category, cells),
		exits: newLens(t, bound.Rule{}).exits, purse: purse{whole: 0.4, left: 0.4, delta: lensDelta},
		rows: float64(rows), rowSigma: 1,
	}
}

// TestLittleTextHasNoGrammar: what is too little to be resolved is not paid for. How much there is to say is set here, as it would
// be released with noise.
func TestLittleTextHasNoGrammar(t *testing.T) {
	for _, sigmas := range []float64{minTexts - 0.1, minTexts + 0.1} {
		j := titlesJob(t, 1000)
		j.value, j.form = j.publicCodes(), []profile.Code{{Class: profile.NoForm}, {Class: profile.OtherForm}}
		j.purse.takeForValues(shareValues)
		j.vague = sigmas * math.Sqrt(mess.MaxSteps/(2*shareGrammar*float64(j.purse.whole)))
		if err := j.findGrammar(); err != nil {
			t.Fatal(err)
		}
		if n := len(j.exits.run.Events()); (n > 0) != (sigmas > minTexts) {
			t.Errorf("with %g σ of texts there are %d releases", sigmas, n)
		}
	}
}

// TestDearestColumn: the column that takes most, text that is read as categories first and then as a kind of its own, makes the
// releases that the plan holds for it, and no others. Its 3,000 texts are more than 6 σ of anything that is decided by.
func TestDearestColumn(t *testing.T) {
	j := titlesJob(t, 3000)
	whole := j.purse
	if err := j.alone(t.Context()); err != nil {
		t.Fatal(err)
	}
	paths := paths()
	dearest := paths[len(paths)-1]
	want := dearest.take(&whole)
	events := j.exits.run.Events()
	if len(events) <= len(want) {
		t.Fatalf("%d releases, the plan has %d and the final ones", len(events), len(want))
	}
	sum := account.Rho(0)
	for i, e := range events {
		sum += e.Rho
		if i < len(want) && (math.Abs(float64(e.Rho-want[i])) > 1e-12 || (e.Delta > 0) != (i < dearest.thresholds)) {
			t.Errorf("release %d (%s) costs ρ = %g and δ = %g, the plan has ρ = %g", e.ID, e.Purpose, float64(e.Rho), float64(e.Delta), float64(want[i]))
		}
	}
	if sum > 0.4*(1+1e-12) || sum < 0.4*(1-1e-9) {
		t.Errorf("the releases cost ρ = %g of 0.4", float64(sum))
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
