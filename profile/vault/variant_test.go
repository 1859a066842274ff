package vault

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
)

// cities are as frequent as their place in the list says: the first is the rarest.
var cities = []string{"Boston", "Chicago", "Houston", "Phoenix", "Philadelphia", "San Antonio", "San Diego", "Dallas", "Columbus", "Charlotte"}

// mistyped makes a column of cities, of which a share is mistyped: one in ten of Charlotte, one in thirty of the others.
func mistyped(rows int) [][]string {
	rng := rand.New(rand.NewPCG(1, 2))
	r := &mess.Rand{Source: rng}
	v := mess.NewVocabulary(cities)
	out := make([][]string, rows)
	for i := range out {
		word := cities[int(math.Sqrt(rng.Float64())*float64(len(cities)))]
		rate := 30
		if word == "Charlotte" {
			rate = 10
		}
		out[i] = []string{word}
		if rng.IntN(rate) > 0 {
			continue
		}
		// of the ways with so many outcomes that no single misspelling is frequent: one that is, is a category
		form := []string{"=add", "=sub", "=key"}[rng.IntN(3)]
		if text, ok := v.Render(word, form, r); ok {
			out[i][0] = text
		}
	}
	return out
}

// TestTyposAreVariants: a column with a twentieth of typos gives a profile in which they are variants of its categories, each with
// its own share of them, and in which no misspelling is a label. A literal's variants are the sum of a few noisy pairs: they are
// off by at most 6σ√forms records, with probability 2e-9 each, and by what the model smooths, 1 % at most.
func TestTyposAreVariants(t *testing.T) {
	rows := mistyped(20_000)
	var csv strings.Builder
	csv.WriteString("city\n")
	for _, r := range rows {
		fmt.Fprintf(&csv, "%q\n", r[0])
	}
	b := newBench(t, "cities.csv", []byte(csv.String()))
	p := b.mustProfile(t, &spec.Spec{Version: 1})
	value, form := p.Attribute("city"), p.Attribute(profile.FormName("city"))
	for _, c := range value.Codes {
		if c.Class == profile.Literal && !strings.Contains(strings.Join(cities, "|"), c.Label) {
			t.Errorf("a label is none of the cities: %d bytes", len(c.Label))
		}
	}
	exact := variantShares(value.Codes, form.Codes, func(add func(v, f int32, weight float64)) {
		coder, words := profile.NewCoder(value.Codes, form.Codes), profile.Words(value.Codes)
		for _, r := range rows {
			d := words.Describe(codecOf(t, mess.Category), record.Cell{Tag: record.Text, Text: r[0]})
			v := coder.Value(d)
			add(v, coder.Form(d, v), 1)
		}
	})
	fitted := variantShares(value.Codes, form.Codes, func(add func(v, f int32, weight float64)) {
		for _, table := range p.Tables {
			for i, c := range table.Cells {
				if table.Attributes[0] == "city" {
					add(c[0], c[1], float64(table.Weights[i]))
				}
			}
		}
	})
	if exact["Charlotte"] < 0.08 || exact["Dallas"] > 0.05 {
		t.Fatalf("the data has shares of variants %v", exact)
	}
	sigma := 0.0
	for _, m := range p.Measurements {
		if len(m.Attributes) == 2 {
			sigma = max(sigma, m.Sigma)
		}
	}
	records := map[string]float64{}
	for _, r := range rows {
		records[r[0]]++
	}
	for _, city := range cities {
		got, want := fitted[city], exact[city]
		if limit := 0.01 + 6*sigma*math.Sqrt(float64(len(form.Codes)))/records[city]; math.Abs(got-want) > limit {
			t.Errorf("%s has a share of variants of %.4f, want %.4f ± %.4f", city, got, want, limit)
		}
	}
	if got, want := fitted["Charlotte"], exact["Charlotte"]; math.Abs(got-want) > want/2 {
		t.Errorf("the city with most variants has a share of %.4f, want %.4f", got, want)
	}
	if fitted[""] > 0.005 {
		t.Errorf("%.4f of the records have another value", fitted[""])
	}
}

// variantShares returns for each literal the share of its records that are variants, and under "" the share of records with
// any other value.
func variantShares(value, form []profile.Code, each func(add func(v, f int32, weight float64))) map[string]float64 {
	all, variants := map[string]float64{}, map[string]float64{}
	total, other := 0.0, 0.0
	each(func(v, f int32, w float64) {
		total += w
		switch c := value[v]; c.Class {
		case profile.Literal:
			all[c.Label] += w
			if form[f].IsVariant() {
				variants[c.Label] += w
			}
		case profile.Other:
			other += w
		}
	})
	shares := map[string]float64{"": other / total}
	for label, n := range all {
		shares[label] = variants[label] / n
	}
	return shares
}

// TestSplitLiterals: once literals have variants, what selected them counts the cells that are written as they are.
func TestSplitLiterals(t *testing.T) {
	j := &columnJob{name: "c", value: []profile.Code{{Class: profile.Missing}, {Class: profile.Literal, Label: "x"}}}
	j.measurements = []profile.Measurement{{Release: 3, Attributes: []string{"c"}, Cells: [][]int32{{0}, {1}}, Values: []float64{5, 7}, Sigma: 2}}
	j.splitLiterals()
	if got, want := fmt.Sprint(j.measurements), "[{3 [c c~form] [[1 0]] [7] 2} {3 [c] [[0]] [5] 2}]"; got != want {
		t.Errorf("the measurements are %s, want %s", got, want)
	}
}
