package vault

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
)

// persons makes a table of names, e-mail addresses that agree with them in seven rows of ten, and notes, of which one in five
// holds one frequent address.
func persons(rows int) (csv string, agree, held int) {
	given := []string{"Mary", "James", "Linda", "Robert", "Susan", "Thomas", "Karen"}
	family := []string{"Smith", "Johnson", "Garcia", "Miller", "Wilson", "Lopez", "Walker", "Young", "King", "Hill", "Scott"}
	var b strings.Builder
	b.WriteString("notes,name,email\n")
	for i := range rows {
		who := given[i%len(given)] + " " + family[i%len(family)]
		other := i
		if i%10 >= 7 {
			other = i + 3 // neither the given name nor the family name
		}
		mail := strings.ToLower(given[other%len(given)] + "." + family[other%len(family)] + "@example.org")
		if mess.Agrees(mess.Name, record.Cell{Tag: record.Text, Text: who}, mess.Email, record.Cell{Tag: record.Text, Text: mail}) {
			agree++
		}
		note := "paid"
		if i%5 == 0 {
			note = "see sales@acme.example"
			held++
		}
		fmt.Fprintf(&b, "%s,%s,%s\n", note, who, mail)
	}
	return b.String(), agree, held
}

// TestAsides: how often addresses agree with names, and how many notes hold an address, are what they are up to noise: 6σ is
// exceeded with a probability of 2e-9 each.
func TestAsides(t *testing.T) {
	const rows = 3000
	csv, agree, held := persons(rows)
	b := newBench(t, "persons.csv", []byte(csv))
	p := b.mustProfile(t, &spec.Spec{Version: 1, Columns: []spec.Column{{Name: "notes", Kind: mess.Category}, {Name: "name", Kind: mess.Name}, {Name: "email", Kind: mess.Email}}})
	check := func(attribute, label string, want int) {
		t.Helper()
		for _, m := range p.Measurements {
			if m.Attributes[0] != attribute {
				continue
			}
			for i, c := range m.Cells {
				if p.Attribute(attribute).Codes[c[0]].Label == label {
					if math.Abs(m.Values[i]-float64(want)) > 6*m.Sigma || 6*m.Sigma > rows/10 {
						t.Errorf("%s of %s is %g, want %d ± %g", label, attribute, m.Values[i], want, 6*m.Sigma)
					}
					return
				}
			}
		}
		t.Errorf("there is no %s of %s", label, attribute)
	}
	if agree != rows*7/10 {
		t.Fatalf("%d of %d rows of the data agree", agree, rows)
	}
	check(profile.AgreementName("email"), profile.Agree, agree)
	check(profile.AgreementName("email"), profile.Differ, rows-agree)
	check(profile.WithheldName("notes"), "e-mail address", held)
	for _, a := range p.Attributes {
		for _, c := range a.Codes {
			if strings.Contains(c.Label, "sales") || strings.Contains(c.Label, "acme") {
				t.Errorf("attribute %s has the cell that was withheld", a.Name)
			}
		}
		if a.Role == profile.RoleAgreement && a.Column != "email" || a.Role == profile.RoleWithheld && a.Column != "notes" {
			t.Errorf("there is an attribute %s", a.Name)
		}
	}
}

// TestAsidesAreForSomeKinds: a table of numbers pays for neither agreements nor what is withheld of columns with declared values.
func TestAsidesAreForSomeKinds(t *testing.T) {
	b := newBench(t, "t.csv", []byte("name,colour\n"+strings.Repeat("Mary Smith,red\n", 500)))
	p := b.mustProfile(t, &spec.Spec{Version: 1, Columns: []spec.Column{{Name: "name", Kind: mess.Name}, {Name: "colour", Kind: mess.Category, Values: []string{"red"}}}})
	for _, r := range p.Manifest.Releases {
		if r.Purpose == "columns that agree" || r.Purpose == "cells withheld" {
			t.Errorf("there is a release %q", r.Purpose)
		}
	}
}

// TestAsidesArePaidForByTheColumns: what is taken of the columns' ρ is taken off it, and beyond the cap is not spent.
func TestAsidesArePaidForByTheColumns(t *testing.T) {
	for _, columns := range []account.Rho{1e-7, 0.3, 1e6} {
		p := plan{columns: columns}
		rho := p.takeColumns(shareWithheld)
		if rho <= 0 || rho > maxRho || p.columns+rho > columns || p.columns < columns*(1-2*shareWithheld) {
			t.Errorf("of ρ = %g, %g is taken and %g left", float64(columns), float64(rho), float64(p.columns))
		}
	}
}
