package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/patina-data/patina/profile"
)

// maxTogether is how many sets of columns a screen has room for beside other things.
const maxTogether = 10

func inspectModel(s *screen, sum profile.Summary, path string) {
	s.verdict("%s: %s measured together, of %s", path, plural(len(sum.Together), "set"), plural(len(sum.Columns), "column"))
	s.together(sum.Together, len(sum.Together))
	s.warnings(sum.Warnings)
}

// warnings writes what a profile is not good for.
func (s *screen) warnings(list []string) {
	if len(list) == 0 {
		return
	}
	s.gap()
	for _, w := range list {
		s.fact("warning", "%s", w)
	}
}

// together writes which columns were measured together, the most dependent first.
func (s *screen) together(list []profile.Association, most int) {
	if len(list) == 0 {
		return
	}
	s.gap()
	t := &table{
		header: []string{"measured together", "together", "by noise", "cells", "σ", "ρ"},
		right:  []bool{false, true, true, true, true, true},
	}
	for _, a := range list[:min(most, len(list))] {
		t.add(parts(a), percent(a.Strength), percent(a.Noise), strconv.Itoa(a.Cells), fmt.Sprintf("%.1f", a.Sigma), number(a.Rho))
	}
	s.table(t)
	if n := len(list) - most; n > 0 {
		s.line("… and %d more: --model", n)
	}
}

// parts names the columns of a set, and which of them by how they are written.
func parts(a profile.Association) string {
	const width = maxCell - 2
	var names []string
	for _, p := range a.Columns {
		suffix := ""
		if p.Form {
			suffix = " (form)"
		}
		names = append(names, clipTo(shown(p.Column), (width-3*len(a.Columns))/len(a.Columns)-len(suffix))+suffix)
	}
	return strings.Join(names, " × ")
}
