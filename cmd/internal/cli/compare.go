package cli

import (
	"context"
	"fmt"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A compared is one share of real and of synthetic records. Real is exact: it is for data that is public.
type compared struct {
	Column    string  `json:"column"`
	What      string  `json:"what"`
	Real      float64 `json:"real"`
	Synthetic float64 `json:"synthetic"`
	PlusMinus float64 `json:"plus_minus"` // 95 % half-width of the noise in the profile
}

// compare counts what the summary lists first, in real records and in synthetic ones. It reads real records without
// noise: the demo alone may use it.
func compare(ctx context.Context, p *profile.Profile, sum profile.Summary, public, synthetic *record.Source) ([]compared, error) {
	before, err := tally(ctx, p, public)
	if err != nil {
		return nil, err
	}
	after, err := tally(ctx, p, synthetic)
	if err != nil {
		return nil, err
	}
	var list []compared
	for i, c := range sum.Columns {
		a, b := before[i], after[i]
		list = append(list, compared{c.Name, "missing", a.missing(), b.missing(), c.Missing.PlusMinus})
		for _, it := range firstValues(c) {
			list = append(list, compared{c.Name, shown(it.Label), a.share(a.value, it), b.share(b.value, it), it.Share.PlusMinus})
		}
		for _, it := range firstForms(c) {
			what := "written like " + shown(it.Example)
			list = append(list, compared{c.Name, what, a.share(a.form, it), b.share(b.form, it), it.Share.PlusMinus})
		}
	}
	return list, nil
}

// firstValues returns a column's two commonest values, or its commonest interval.
func firstValues(c profile.ColumnSummary) []profile.Item {
	if list := named(c.Values, profile.Other); len(list) > 0 {
		return list[:min(2, len(list))]
	}
	return c.Bins[:min(1, len(c.Bins))]
}

// firstForms returns the two commonest forms of a column that is written in more than one.
func firstForms(c profile.ColumnSummary) []profile.Item {
	list := named(c.Forms, profile.OtherForm)
	if len(list) < 2 {
		return nil
	}
	return list[:2]
}

// A tallied is one column's exact counts over the profile's codes.
type tallied struct {
	rows        int
	codes       []profile.Code // of the value
	coder       *profile.Coder
	codec       mess.Codec
	words       *mess.Vocabulary
	value, form map[int32]int
}

func (t *tallied) share(of map[int32]int, it profile.Item) float64 {
	return float64(of[int32(it.Code)]) / float64(max(1, t.rows))
}

func (t *tallied) missing() float64 {
	n := 0
	for code, count := range t.value {
		if code >= 0 && profile.IsMissing(t.codes[code].Class) {
			n += count
		}
	}
	return float64(n) / float64(max(1, t.rows))
}

func (t *tallied) add(cells []record.Cell) {
	t.rows += len(cells)
	for _, c := range cells {
		d := t.words.Describe(t.codec, c)
		v := t.coder.Value(d)
		t.value[v]++
		t.form[t.coder.Form(d, v)]++
	}
}

// tally counts every column of a source, in the profile's order.
func tally(ctx context.Context, p *profile.Profile, src *record.Source) ([]*tallied, error) {
	var names []string
	var list []*tallied
	for _, c := range p.Manifest.Columns {
		codec, err := c.Codec()
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		value, form := p.Attribute(c.Name), p.Attribute(profile.FormName(c.Name))
		names = append(names, c.Name)
		list = append(list, &tallied{
			codes: value.Codes, codec: codec, coder: profile.NewCoder(value.Codes, form.Codes), words: profile.Words(value.Codes),
			value: map[int32]int{}, form: map[int32]int{},
		})
	}
	err := src.Read(ctx, names, func(b *record.Batch) error {
		for i, t := range list {
			t.add(b.Cells[i])
		}
		return nil
	})
	return list, err
}

// demoColumns are the columns that the demo's screen has room for; --json has them all.
var demoColumns = []string{"Contractor Name", "Type of Contract", "Date of Award", "Total value of Contract", "Unique Project Identifier"}

func writeComparison(s *screen, list []compared) {
	t := &table{header: []string{"column", "share of records that are", "real %", "synthetic %", "±"}, right: []bool{false, false, true, true, true}}
	for _, name := range demoColumns {
		label := name
		for _, c := range list {
			if c.Column == name {
				d := decimals(100*c.PlusMinus, 3)
				t.add(label, c.What, fmt.Sprintf("%.*f", d, 100*c.Real), fmt.Sprintf("%.*f", d, 100*c.Synthetic), halfWidth(c.PlusMinus))
				label = ""
			}
		}
	}
	s.table(t)
	s.line("%s", s.style.faint("± is the noise"))
}
