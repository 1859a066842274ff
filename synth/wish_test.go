package synth

import (
	"context"
	"errors"
	"math"
	"strconv"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/synth/where"
)

// orders is a profile of two columns that go together: a country, missing or spelled in capitals at times, and an amount in bins
// of ten, which is larger in DE. The columns' views are their values and forms.
func orders() *profile.Profile {
	p := &profile.Profile{Manifest: profile.Manifest{Format: record.CSV, Rows: 10_000, RowSigma: 1}}
	literal := func(s string) profile.Code { return profile.Code{Class: profile.Literal, Tag: record.Text, Label: s} }
	values := map[string][]profile.Code{
		"country": {literal("de"), literal("fr"), {Class: profile.Missing, Tag: record.Text, Label: "N/A"}},
		"amount":  {{Class: profile.Bin, Lo: wholeEdge(0), Hi: wholeEdge(10)}, {Class: profile.Bin, Lo: wholeEdge(10), Hi: wholeEdge(20)}},
	}
	forms := map[string][]profile.Code{
		"country": {{Class: profile.NoForm}, {Class: profile.Form, Label: "=upper"}},
		"amount":  {{Class: profile.Form, Label: "d0"}, {Class: profile.Form, Label: "_d0"}},
	}
	own := map[string][][]int32{
		"country": {{0, 0}, {0, 1}, {1, 0}, {2, 0}},
		"amount":  {{0, 0}, {0, 1}, {1, 0}, {1, 1}},
	}
	weights := map[string][]int64{"country": {400, 100, 300, 200}, "amount": {360, 90, 440, 110}}
	for _, name := range []string{"country", "amount"} {
		p.Manifest.Columns = append(p.Manifest.Columns, profile.Column{
			Column: record.Column{Name: name, Type: record.StringType}, Kind: map[string]string{"country": "category", "amount": "integer"}[name],
		})
		view := profile.Attribute{Name: profile.ViewName(name), Column: name, Role: profile.RoleView}
		value := profile.Attribute{Name: name, Column: name, Role: profile.RoleValue, Codes: values[name]}
		for i := range values[name] {
			value.Groups = append(value.Groups, int32(i))
			view.Codes = append(view.Codes, profile.Code{Class: profile.Group, Label: strconv.Itoa(i)})
		}
		p.Attributes = append(p.Attributes, value, profile.Attribute{
			Name: profile.FormName(name), Column: name, Role: profile.RoleForm, Codes: forms[name],
		}, view)
		p.Tables = append(p.Tables, profile.Table{Attributes: []string{name, profile.FormName(name)}, Cells: own[name], Weights: weights[name]})
		m := profile.Measurement{Attributes: []string{name}, Sigma: 20}
		for i := range values[name] {
			m.Cells, m.Values = append(m.Cells, []int32{int32(i)}), append(m.Values, 0)
		}
		p.Measurements = append(p.Measurements, m)
	}
	p.Tables = append(p.Tables, profile.Table{
		Attributes: []string{profile.ViewName("country"), profile.ViewName("amount")},
		Cells:      [][]int32{{0, 0}, {0, 1}, {1, 0}, {1, 1}, {2, 0}, {2, 1}},
		Weights:    []int64{100, 400, 250, 50, 100, 100},
	})
	return p
}

// kept holds all records of a sample.
type keptRows struct{ rows [][]record.Cell }

func (k *keptRows) Write(b *record.Batch) error {
	for i := range b.Rows {
		var row []record.Cell
		for _, cells := range b.Cells {
			row = append(row, cells[i])
		}
		k.rows = append(k.rows, row)
	}
	return nil
}
func (k *keptRows) Commit() error { return nil }
func (k *keptRows) Abort()        {}

func wished(t *testing.T, p *profile.Profile, opts Options) [][]record.Cell {
	t.Helper()
	k := &keptRows{}
	opts.Seed = 5
	if err := Generate(context.Background(), p, opts, k); err != nil {
		t.Fatal(err)
	}
	return k.rows
}

func condition(t *testing.T, s string) where.Expr {
	t.Helper()
	e, err := where.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// facts are what a record says, for comparing distributions.
type facts struct {
	country string // as it is written
	large   bool   // amounts from 10
	spaced  bool
}

func factsOf(t *testing.T, row []record.Cell) facts {
	t.Helper()
	f := facts{country: row[0].Text, spaced: row[1].Text[0] == ' '}
	n, err := strconv.Atoi(map[bool]string{false: row[1].Text, true: row[1].Text[1:]}[f.spaced])
	if err != nil {
		t.Fatal(err)
	}
	f.large = n >= 10
	return f
}

// truth is the distribution that the profile stands for, written out.
func truth() map[facts]float64 {
	out := map[facts]float64{}
	joint := map[string][2]float64{"de": {0.1, 0.4}, "fr": {0.25, 0.05}, "N/A": {0.1, 0.1}}
	for country, amounts := range joint {
		for large, share := range amounts {
			for spaced, part := range []float64{0.8, 0.2} {
				f := facts{country, large == 1, spaced == 1}
				if country == "de" {
					upper := f
					upper.country = "DE"
					out[upper] += share * part * 0.2
					out[f] += share * part * 0.8
				} else {
					out[f] += share * part
				}
			}
		}
	}
	return out
}

// conditioned returns the truth times odds, scaled to 1, and the sum before.
func conditioned(odds func(facts) float64) (map[facts]float64, float64) {
	out, sum := map[facts]float64{}, 0.0
	for f, share := range truth() {
		if by := odds(f); by > 0 {
			out[f] = share * by
			sum += out[f]
		}
	}
	for f := range out {
		out[f] /= sum
	}
	return out, sum
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func byCountry(shares map[facts]float64) map[string]float64 {
	out := map[string]float64{}
	for f, share := range shares {
		out[f.country] += share
	}
	return out
}

func isGerman(f facts) bool { return f.country == "de" || f.country == "DE" }

// TestWishesAreExact compares samples under every wish with the definition of what they should be. Within a table dealing rounds
// counts, so the country's shares are right to a few in 20 000; how cells of two tables meet is random, so the shares of whole
// records have at most the binomial standard deviation, of which 6 are exceeded with probability 2e-9. The seed is fixed.
func TestWishesAreExact(t *testing.T) {
	const n = 20_000
	for name, c := range map[string]struct {
		opts Options
		odds func(facts) float64
	}{
		"nothing":   {Options{}, func(facts) float64 { return 1 }},
		"value":     {Options{Where: condition(t, `country = "de"`)}, func(f facts) float64 { return one(isGerman(f)) }},
		"missing":   {Options{Where: condition(t, `country is missing`)}, func(f facts) float64 { return one(f.country == "N/A") }},
		"unequal":   {Options{Where: condition(t, `country != "de"`)}, func(f facts) float64 { return one(f.country == "fr") }},
		"not":       {Options{Where: condition(t, `not country = "de"`)}, func(f facts) float64 { return one(!isGerman(f)) }},
		"form":      {Options{Where: condition(t, `country.form = "=upper"`)}, func(f facts) float64 { return one(f.country == "DE") }},
		"and":       {Options{Where: condition(t, `country in ("de", "fr") and amount >= 10 and amount.form = "_d0"`)}, func(f facts) float64 { return one(f.country != "N/A" && f.large && f.spaced) }},
		"or":        {Options{Where: condition(t, `country = "fr" or amount >= 10`)}, func(f facts) float64 { return one(f.country == "fr" || f.large) }},
		"not and":   {Options{Where: condition(t, `not (country = "fr" and amount >= 10)`)}, func(f facts) float64 { return one(!(f.country == "fr" && f.large)) }},
		"boost":     {Options{Boost: []Boost{{condition(t, `country = "fr"`), 5}}}, func(f facts) float64 { return 1 + 4*one(f.country == "fr") }},
		"boost and": {Options{Boost: []Boost{{condition(t, `country = "fr" and amount >= 10`), 8}}}, func(f facts) float64 { return 1 + 7*one(f.country == "fr" && f.large) }},
		"boost where": {Options{Where: condition(t, `amount >= 10`), Boost: []Boost{{condition(t, `country = "fr"`), 0.5}}}, func(f facts) float64 {
			return one(f.large) * (1 - 0.5*one(f.country == "fr"))
		}},
		"balance": {Options{Balance: []string{"country"}}, func(f facts) float64 {
			return map[string]float64{"de": 0.8, "DE": 0.8, "fr": 4. / 3, "N/A": 1}[f.country]
		}},
		"mess": {Options{MessFactor: 3, Weights: true}, func(f facts) float64 {
			return (1 + 2*one(f.spaced)) * (1 + 2*one(f.country == "DE" || f.country == "N/A"))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			want, sum := conditioned(c.odds)
			got, weighted := map[facts]float64{}, map[facts]float64{}
			opts := c.opts
			opts.Rows = n
			total := 0.0
			for _, row := range wished(t, orders(), opts) {
				f := factsOf(t, row)
				got[f] += 1. / n
				if opts.weighted() {
					w := number(t, row[2].Text)
					weighted[f] += w / n
					total += w / n
				}
			}
			for f := range truth() {
				if math.Abs(got[f]-want[f]) > 6*math.Sqrt(want[f]/n) {
					t.Errorf("%+v has a share of %.5f, want %.5f", f, got[f], want[f])
				}
			}
			for country, share := range byCountry(want) {
				if math.Abs(byCountry(got)[country]-share) > 12./n {
					t.Errorf("%s has a share of %.5f, want %.5f", country, byCountry(got)[country], share)
				}
			}
			if c.opts.Where != nil && c.opts.Boost == nil {
				e, err := Weigh(orders(), c.opts)
				if err != nil || math.Abs(e.Share.Value-sum) > 1e-9 || !(e.Share.PlusMinus > 0) {
					t.Errorf("the evidence is %+v, %v, want a share of %g", e, err, sum)
				}
			}
			if !opts.weighted() {
				return
			}
			base, _ := conditioned(func(f facts) float64 { return one(c.opts.Where == nil || f.large) })
			for f, share := range base {
				if math.Abs(weighted[f]-share) > 6*math.Sqrt(3*share/n) { // weights are at most 3
					t.Errorf("%+v has a weighted share of %.5f, want %.5f", f, weighted[f], share)
				}
			}
			if math.Abs(total-1) > 0.002 {
				t.Errorf("the mean weight is %g, want 1", total)
			}
		})
	}
}

// TestBinsAreCut: a bin that a number cuts has its part's share, and no value beyond the number.
func TestBinsAreCut(t *testing.T) {
	for text, c := range map[string]struct {
		share  float64
		lo, hi int
	}{
		"amount > 12":                  {0.55 * 0.7, 13, 19},
		"amount >= 12":                 {0.55 * 0.8, 12, 19},
		"amount < 3.5":                 {0.45 * 0.4, 0, 3},
		"amount <= 3 and not amount<2": {0.45 * 0.2, 2, 3},
		"amount = 14":                  {0.55 * 0.1, 14, 14},
		"amount in (4, 5) ":            {0.45 * 0.2, 4, 5},
	} {
		opts := Options{Where: condition(t, text), Rows: 500}
		e, err := Weigh(orders(), opts)
		if err != nil || math.Abs(e.Share.Value-c.share) > 1e-9 {
			t.Errorf("%s: %+v, %v; want a share of %g", text, e, err, c.share)
		}
		for _, row := range wished(t, orders(), opts) {
			n, err := strconv.Atoi(map[bool]string{false: row[1].Text, true: row[1].Text[1:]}[row[1].Text[0] == ' '])
			if err != nil || n < c.lo || n > c.hi {
				t.Fatalf("%s: a value is %d", text, n)
			}
		}
	}
}

// TestAroundNumbers: the values next to a bound are those of the kind.
func TestAroundNumbers(t *testing.T) {
	for _, c := range []struct {
		kind              mess.Kind
		text, from, after string
	}{
		{mess.Integer, "12", "12", "13"},
		{mess.Integer, "12.5", "13", "13"},
		{mess.Integer, "-12.5", "-12", "-12"},
		{mess.Integer, "1,200", "1200", "1201"},
		{mess.Decimal, "1000", "1000", "1000.00000000001"},
		{mess.Decimal, "0", "0", "0.00000000000000000001"},
		{mess.Decimal, "-0.4166666567325598", "-0.416666656732559", "-0.416666656732558"},
		{mess.Date, "1970-01-02", "86400", "172800"},
		{mess.Timestamp, "1970-01-02 00:00:01", "86401", "86402"},
		{mess.Timestamp, "1970-01-02", "86400", "172800"}, // the whole day
		{mess.Time, "00:01", "60", "61"},
	} {
		codec, err := mess.ForKind(c.kind)
		if err != nil {
			t.Fatal(err)
		}
		v := newTarget(codec, c.text)
		if !v.onAxis || v.from.String() != c.from || v.after.String() != c.after {
			t.Errorf("%s %s is around %s, %s, want %s, %s", c.kind, c.text, v.from, v.after, c.from, c.after)
		}
	}
	integer, _ := mess.ForKind(mess.Integer)
	for _, text := range []string{"", "x", "9999999999999999", "1e300", "NaN"} {
		if newTarget(integer, text).onAxis {
			t.Errorf("%q is on the axis", text)
		}
	}
}

// TestClean: no mess is left, and what is clean keeps its shares.
func TestClean(t *testing.T) {
	const n = 10_000
	count := map[string]int{}
	for _, row := range wished(t, orders(), Options{Clean: true, Rows: n}) {
		count[row[0].Text]++
		if _, err := strconv.Atoi(row[1].Text); err != nil {
			t.Fatalf("%q is not clean", row[1].Text)
		}
	}
	for text, want := range map[string]int{"de": n / 2, "fr": n * 3 / 10, "": n / 5} {
		if got := count[text]; got < want-5 || got > want+5 {
			t.Errorf("%q is in %d rows, want %d", text, got, want)
		}
	}
	for _, row := range wished(t, testProfile(), Options{Clean: true, Rows: 2000}) {
		if _, err := strconv.Atoi(row[0].Text); err != nil && row[0].Text != "" {
			t.Errorf("%q is no number", row[0].Text)
		}
	}
}

func TestStyles(t *testing.T) {
	for form, want := range map[string]string{
		"d0": "d", "d2z1": "d", "d0r2": "d", "d2z2r3": "d", "$d2z1g,": "$dg,", "_d0": "_d", "d0w3": "dw3", `d1_"kg"`: `d_"kg"`, "DD/MM/YYYY": "DD/MM/YYYY", "": "",
	} {
		if got := styleOf(form); got != want {
			t.Errorf("the style of %s is %s, want %s", form, got, want)
		}
	}
}

func TestDamagedMasks(t *testing.T) {
	for mask, want := range map[string]bool{
		"Aa+_9{4}": false, "_Aa+": true, "Aa+_": true, "Aa+__a+": true, `Aa+\_\_`: false, `a{2}\n`: true, `a\\n{2}`: false, "~16aAds": false, "~16aAx": true, "*": false,
	} {
		if damaged(mask) != want {
			t.Errorf("damaged(%q) is %t", mask, !want)
		}
	}
	if got := tidy(" a\u00a0 b\x00\u200b\xffc\n"); got != "a bc" {
		t.Errorf("tidied it is %q", got)
	}
}

// TestWishesRefused: what cannot be wished for says where and why.
func TestWishesRefused(t *testing.T) {
	for text, opts := range map[string]Options{
		"no column":    {Where: condition(t, `land = "de"`)},
		"no order":     {Where: condition(t, `country > "de"`)},
		"no number":    {Where: condition(t, `amount > "many"`)},
		"missing":      {Where: condition(t, `country = "N/A"`)},
		"upper":        {Where: condition(t, `COUNTRY = "de"`)},
		"no boost":     {Boost: []Boost{{condition(t, `country = "de"`), 0}}},
		"much mess":    {MessFactor: MaxFactor + 1},
		"no balance":   {Balance: []string{"land"}},
		"no category":  {Balance: []string{"amount"}},
		"not a number": {MessFactor: math.NaN()},
	} {
		if err := Generate(context.Background(), orders(), opts, &keptRows{}); err == nil {
			t.Errorf("%s: accepted", text)
		}
	}
	var rare *TooRareError
	if _, err := Weigh(orders(), Options{Where: condition(t, `country = "se"`)}); !errors.As(err, &rare) || len(rare.Warnings) != 1 {
		t.Errorf("an unknown value gives %v", err)
	}
	if _, err := Weigh(orders(), Options{Where: condition(t, `country is missing and amount = 3 and amount.form="_d0"`)}); !errors.As(err, &rare) {
		t.Errorf("40 records in noise of ±39 give %v", err)
	}
}
