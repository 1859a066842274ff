package profile

import "strings"

// A Spending is what a group of releases of a run cost together.
type Spending struct {
	On       string  `json:"on"`       // what for: one of the groups
	Releases int     `json:"releases"` // how many there were
	Rho      float64 `json:"rho"`      // zCDP, together
	Share    float64 `json:"share"`    // of what the run reserved
	Delta    float64 `json:"delta"`    // of thresholds, together
}

// The groups that releases are reported in, in the order in which a run makes them.
const (
	OnRows     = "rows"              // how many, their shapes, copies, units and keys
	OnKinds    = "kinds"             // what the columns are, and what is withheld of them
	OnValues   = "frequent values"   // categories, single values and null spellings
	OnForms    = "forms"             // how values are written
	OnBins     = "bins"              // where numbers and times lie
	OnTexts    = "texts"             // how texts are put together
	OnColumns  = "columns, finally"  // the counts of each column's values and forms
	OnTogether = "columns, together" // which go together, and their joint counts
)

// SpendingGroups returns the groups in their order.
func SpendingGroups() []string {
	return []string{OnRows, OnKinds, OnValues, OnForms, OnBins, OnTexts, OnColumns, OnTogether}
}

// groupOf says what a release of a purpose is reported under. Purposes that it does not know are about rows.
func groupOf(purpose string) string {
	switch purpose {
	case "column kinds", "columns that agree", "cells withheld":
		return OnKinds
	case "frequent values":
		return OnValues
	case "bin tree":
		return OnBins
	case "text pieces", "text grammar":
		return OnTexts
	case "value marginal", "form marginal", "value and form pairs":
		return OnColumns
	case "misfits", "joint marginal":
		return OnTogether
	}
	if strings.HasPrefix(purpose, "forms, ") {
		return OnForms
	}
	return OnRows
}

// SpentOn adds up a run's releases by what they were for.
func SpentOn(m *Manifest) []Spending {
	var out []Spending
	for _, on := range SpendingGroups() {
		s := Spending{On: on}
		for _, r := range m.Releases {
			if groupOf(r.Purpose) == on {
				s.Releases++
				s.Rho += r.Rho
				s.Delta += r.Delta
			}
		}
		if s.Share = s.Rho / m.Privacy.Rho; s.Releases > 0 {
			out = append(out, s)
		}
	}
	return out
}
