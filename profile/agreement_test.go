package profile

import (
	"math"
	"slices"
	"testing"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

func TestPersonColumns(t *testing.T) {
	for _, tt := range []struct {
		kinds []mess.Kind
		want  []int
	}{
		{nil, nil},
		{[]mess.Kind{mess.Name, mess.Integer, mess.Category}, nil},
		{[]mess.Kind{mess.Email, mess.Integer, mess.UserName}, []int{0, 2}},
		{[]mess.Kind{mess.Email, mess.UserName, mess.Name, mess.Name}, []int{2, 0, 1, 3}},
		{[]mess.Kind{mess.Name, mess.Email}, []int{0, 1}},
	} {
		if got := PersonColumns(tt.kinds); !slices.Equal(got, tt.want) {
			t.Errorf("of %v the columns %v are about persons, want %v", tt.kinds, got, tt.want)
		}
	}
}

// couple is a profile of a name and an e-mail column whose cells agree as often as given, with σ = 10.
func couple(agree, differ float64) *Profile {
	p := &Profile{Manifest: Manifest{Rows: 1000, RowSigma: 2}}
	for _, kind := range []string{"name", "email"} {
		p.Manifest.Columns = append(p.Manifest.Columns, Column{Column: record.Column{Name: kind, Type: "string"}, Kind: kind})
	}
	p.Attributes = []Attribute{
		{Name: "email", Column: "email", Role: RoleValue, Codes: []Code{{Class: Other}}},
		{Name: AgreementName("email"), Column: "email", Role: RoleAgreement, Codes: []Code{{Class: Agreement, Label: Agree}, {Class: Agreement, Label: Differ}}},
		{Name: WithheldName("email"), Column: "email", Role: RoleWithheld, Codes: []Code{{Class: Withheld, Label: "long text"}, {Class: Withheld, Label: "e-mail address"}}},
	}
	p.Measurements = []Measurement{
		{Attributes: []string{AgreementName("email")}, Cells: [][]int32{{0}, {1}}, Values: []float64{agree, differ}, Sigma: 10},
		{Attributes: []string{WithheldName("email")}, Cells: [][]int32{{0}, {1}}, Values: []float64{50, 80}, Sigma: 10},
	}
	return p
}

func TestAgreementOf(t *testing.T) {
	for _, tt := range []struct {
		agree, differ float64
		ok            bool
	}{{700, 300, true}, {-5, 300, true}, {300, -5, true}, {30, 40, false}, {-1, -1, false}} {
		agree, differ, ok := AgreementOf(couple(tt.agree, tt.differ), "email")
		if ok != tt.ok || float64(agree) != max(0, tt.agree) || float64(differ) != max(0, tt.differ) {
			t.Errorf("%g and %g are %d and %d, %v", tt.agree, tt.differ, agree, differ, ok)
		}
	}
	if _, _, ok := AgreementOf(couple(700, 300), "name"); ok {
		t.Error("there is an agreement of the anchor")
	}
}

func TestSummarizeAsides(t *testing.T) {
	c := Summarize(couple(600, 200)).Columns[1]
	// The variance of a/(a + d) is σ²(d² + a²)/(a + d)⁴.
	want := z95 * 10 * math.Sqrt(600*600+200*200) / (800 * 800)
	if c.Agrees == nil || c.AgreesWith != "name" || !near(c.Agrees.Value, 0.75) || !near(c.Agrees.PlusMinus, want) {
		t.Errorf("the e-mails agree with %q in %v, want 0.75 ± %v with the names", c.AgreesWith, c.Agrees, want)
	}
	if len(c.Withheld) != 2 || c.Withheld[0].Label != "e-mail address" || !near(c.Withheld[0].Share.Value, 0.08) || !near(c.Withheld[0].Share.PlusMinus, z95/100) {
		t.Errorf("withheld is %v", c.Withheld)
	}
	if c := Summarize(couple(10, 20)).Columns[1]; c.Agrees != nil {
		t.Errorf("noise is taken for an agreement of %v", *c.Agrees)
	}
}
