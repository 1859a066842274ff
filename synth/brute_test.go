package synth

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A spoken condition is written in the language and, beside it, in Go.
type spoken struct {
	text  string
	holds func(facts) bool
}

// sayings are conditions on one column of orders.
var sayings = []spoken{
	{`country = "de"`, isGerman},
	{`country != "fr"`, isGerman},
	{`country in ("fr", "de")`, func(f facts) bool { return f.country != "N/A" }},
	{`country not in ("de")`, func(f facts) bool { return f.country == "fr" }},
	{`country is missing`, func(f facts) bool { return f.country == "N/A" }},
	{`country is missing "N/A"`, func(f facts) bool { return f.country == "N/A" }},
	{`country is missing null`, func(facts) bool { return false }},
	{`country is not missing`, func(f facts) bool { return f.country != "N/A" }},
	{`country~form = 0`, func(f facts) bool { return f.country == "de" || f.country == "fr" }},
	{`country~form != 0`, func(f facts) bool { return f.country == "DE" }},
	{`country.form != "=upper"`, func(f facts) bool { return f.country == "de" || f.country == "fr" }},
	{`country.form in ("=upper")`, func(f facts) bool { return f.country == "DE" }},
	{`amount >= 10`, func(f facts) bool { return f.large }},
	{`amount < 10`, func(f facts) bool { return !f.large }},
	{`amount > 9`, func(f facts) bool { return f.large }},
	{`amount <= 9.5`, func(f facts) bool { return !f.large }},
	{`amount is missing`, func(facts) bool { return false }},
	{`amount~form != 0`, func(f facts) bool { return f.spaced }},
	{`amount.form = "d0"`, func(f facts) bool { return !f.spaced }},
}

// speak makes up a condition of about so many parts.
func speak(r *rand.Rand, depth int) spoken {
	if depth == 0 {
		return sayings[r.IntN(len(sayings))]
	}
	a, b := speak(r, depth-1), speak(r, r.IntN(depth))
	switch r.IntN(3) {
	case 0:
		return spoken{"not (" + a.text + ")", func(f facts) bool { return !a.holds(f) }}
	case 1:
		return spoken{"(" + a.text + ") and (" + b.text + ")", func(f facts) bool { return a.holds(f) && b.holds(f) }}
	}
	return spoken{"(" + a.text + ") or " + b.text, func(f facts) bool { return a.holds(f) || b.holds(f) }}
}

// TestSharesByBruteForce compares the share of made-up conditions with the sum over the whole distribution.
func TestSharesByBruteForce(t *testing.T) {
	p, r := orders(), rand.New(rand.NewPCG(1, 2))
	all := slices.Clone(sayings)
	for range 400 {
		all = append(all, speak(r, 1+r.IntN(3)))
	}
	for _, c := range all {
		want := 0.0
		for f, share := range truth() {
			want += share * one(c.holds(f))
		}
		e, err := Weigh(p, Options{Where: condition(t, c.text)})
		if rare := (*TooRareError)(nil); errors.As(err, &rare) {
			e, err = rare.Evidence, nil
		}
		if err != nil || math.Abs(e.Share.Value-want) > 1e-9 {
			t.Errorf("%s has a share of %g, %v; want %g", c.text, e.Share.Value, err, want)
		}
	}
}

// TestWeightsByBruteForce: under made-up odds, every record's weight is what the odds and the distribution make it.
func TestWeightsByBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 40 {
		a, b := speak(r, 1), speak(r, 2)
		x, y := math.Exp(4*r.Float64()-2), math.Exp(4*r.Float64()-2)
		odds := func(f facts) float64 { return (1 + (x-1)*one(a.holds(f))) * (1 + (y-1)*one(b.holds(f))) }
		_, mean := conditioned(odds)
		opts := Options{Boost: []Boost{{condition(t, a.text), x}, {condition(t, b.text), y}}, Rows: 300}
		for _, row := range wished(t, orders(), opts) {
			if f := factsOf(t, row); math.Abs(number(t, row[2].Text)-mean/odds(f)) > 1e-7*mean/odds(f) {
				t.Fatalf("%s: %g, %s: %g: %+v weighs %s, want %g", a.text, x, b.text, y, f, row[2].Text, mean/odds(f))
			}
		}
	}
}

// TestSingleDecimals: of decimals, a value's share is that of the numbers as precise as the column's forms that are it.
func TestSingleDecimals(t *testing.T) {
	forms := []profile.Code{{Class: profile.NoForm}, {Class: profile.Form, Label: "d1"}, {Class: profile.Form, Label: "d2"}}
	codec, err := mess.ForKind(mess.Decimal)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"0.3": "0.31", "0.31": "0.32", "-0.3": "-0.29", "0": "0.01", "1e3": "1000.01", "0.125": "0.126"} {
		value, _, _ := codec.Parse(record.Cell{Tag: record.Text, Text: text})
		at, err := position(value, true)
		if err != nil {
			t.Fatal(err)
		}
		if after := afterDecimal(at, forms); after.String() != want {
			t.Errorf("after %s comes %s, want %s", text, after, want)
		}
	}
}
