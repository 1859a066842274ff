package synth

import (
	"math"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// couples is a profile of addresses, names and user names. One address in ten says nothing of a person; the others and the user
// names agree with the names as often as given, with σ = 1.
func couples(addresses, logins float64) *profile.Profile {
	p := &profile.Profile{}
	p.Manifest.Format = record.CSV
	for _, c := range []struct {
		kind    string
		forms   []string
		weights []int64
		agree   float64
	}{
		{"email", []string{"first.last@d", "word@d"}, []int64{9, 1}, addresses},
		{"name", []string{"First_Last", "LAST,_FIRST"}, []int64{1, 1}, 0},
		{"user_name", []string{"flast9{2}"}, []int64{1}, logins},
	} {
		p.Manifest.Columns = append(p.Manifest.Columns, profile.Column{Column: record.Column{Name: c.kind, Type: record.StringType}, Kind: c.kind})
		form := profile.Attribute{Name: profile.FormName(c.kind), Column: c.kind, Role: profile.RoleForm}
		table := profile.Table{Attributes: []string{c.kind, form.Name}, Weights: c.weights}
		for i, f := range c.forms {
			form.Codes = append(form.Codes, profile.Code{Class: profile.Form, Label: f})
			table.Cells = append(table.Cells, []int32{0, int32(i)})
		}
		p.Attributes = append(p.Attributes,
			profile.Attribute{Name: c.kind, Column: c.kind, Role: profile.RoleValue, Codes: []profile.Code{{Class: profile.Generated}}}, form)
		p.Tables = append(p.Tables, table)
		if c.agree > 0 {
			name := profile.AgreementName(c.kind)
			p.Attributes = append(p.Attributes, profile.Attribute{Name: name, Column: c.kind, Role: profile.RoleAgreement, Codes: []profile.Code{
				{Class: profile.Agreement, Label: profile.Agree}, {Class: profile.Agreement, Label: profile.Differ},
			}})
			p.Measurements = append(p.Measurements, profile.Measurement{
				Attributes: []string{name}, Cells: [][]int32{{0}, {1}}, Values: []float64{1000 * c.agree, 1000 * (1 - c.agree)}, Sigma: 1,
			})
		}
	}
	return p
}

// agreeing returns the share of a block's rows in which a column agrees with the names.
func agreeing(b *record.Batch, column int) float64 {
	agree := 0
	for i := range b.Rows {
		if mess.Agrees(mess.Name, b.Cells[1][i], []mess.Kind{mess.Email, mess.Name, mess.UserName}[column], b.Cells[column][i]) {
			agree++
		}
	}
	return float64(agree) / float64(b.Rows)
}

// TestPeopleAgree: columns on persons agree with the first in as many rows as was measured, though some forms say nothing of a person
// and some persons have a name in common by chance. The pilot and the block are off by √(2·0.25/4096) = 1.1 %; five times that is
// exceeded with a probability below 1e-6.
func TestPeopleAgree(t *testing.T) {
	for _, tt := range []struct{ addresses, logins float64 }{{0.7, 0.3}, {0.2, 0.999}} {
		s, err := newSampler(couples(tt.addresses, tt.logins), 10_000, 3, Options{})
		if err != nil {
			t.Fatal(err)
		}
		b := s.block(1)
		for column, want := range map[int]float64{0: tt.addresses, 2: tt.logins} {
			if got := agreeing(b, column); math.Abs(got-want) > 0.055 {
				t.Errorf("column %d agrees with the names in %.3f of the rows, want %g", column, got, want)
			}
		}
	}
}

// TestPeopleWithoutAgreement: without a measurement, and with one that is no more than noise, nobody is shared.
func TestPeopleWithoutAgreement(t *testing.T) {
	none, noise := couples(0, 0), couples(0.7, 0)
	noise.Measurements[0].Values = []float64{4, 3}
	for what, p := range map[string]*profile.Profile{"no measurement": none, "noise": noise} {
		s, err := newSampler(p, 1000, 3, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s.people != nil {
			t.Errorf("%s: rows have persons", what)
		}
	}
}

func TestPilotShare(t *testing.T) {
	for _, tt := range []struct {
		pilot        pilot
		agree, total uint64
		want         uint64
	}{
		{pilot{100, 90, 10}, 1, 2, 500},
		{pilot{100, 90, 10}, 1, 20, 0},
		{pilot{100, 90, 10}, 19, 20, 1000},
		{pilot{100, 10, 10}, 1, 2, 1000},
		{pilot{}, 1, 2, 0},
	} {
		if got := tt.pilot.share(tt.agree, tt.total, 1000); got != tt.want {
			t.Errorf("%+v shares %d of 1000 rows for %d of %d, want %d", tt.pilot, got, tt.agree, tt.total, tt.want)
		}
	}
}
