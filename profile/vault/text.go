package vault

import (
	"cmp"
	"slices"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
)

const (
	// maxPieces bounds the vocabulary of a column's grammar: the steps to be measured grow with its square.
	maxPieces = 32

	// minTexts is how many σ of a step's count the texts without an exact form must be, for a grammar of them to be worth
	// its price.
	minTexts = 8

	// minStep is how many σ a step's count must be to be kept: of the several thousand that are measured, most are zero, and
	// about one in 160 of those is kept by chance.
	minStep = 2.5
)

// findGrammar measures how the column's texts are put together, where enough of them have no exact form: first
// the frequent pieces, then the steps over them.
func (j *columnJob) findGrammar() error {
	share := j.purse.grammarShare()
	sigma := j.exits.sigma(account.Rho(share)*j.purse.whole, mess.MaxSteps)
	if !j.holdsText() || j.vague < minTexts*float64(sigma) {
		return nil
	}
	coder := profile.NewCoder(j.value, j.form)
	pieces, err := j.exits.pieces(j.name, j.cells, coder, j.form, j.purse.take(sharePieces), j.purse.delta)
	if err != nil || len(pieces) == 0 {
		return err
	}
	slices.SortFunc(pieces, func(a, b dp.Selected) int {
		return cmp.Or(cmp.Compare(b.Value, a.Value), cmp.Compare(a.Key, b.Key))
	})
	var vocabulary []string
	for _, p := range pieces[:min(len(pieces), maxPieces)] {
		vocabulary = append(vocabulary, p.Key)
	}
	syntax := mess.NewSyntax(vocabulary)
	steps, err := j.exits.grammar(j.name, j.cells, coder, j.form, syntax, j.purse.take(share))
	if err != nil {
		return err
	}
	j.keepSteps(syntax.Labels(), steps)
	return nil
}

// holdsText reports whether cells of the column that are none of its codes are text that can be made up.
func (j *columnJob) holdsText() bool {
	return j.column.Type.Textual() && j.codec.Axis() == nil && j.codec.Kind() != mess.Boolean
}

// keepSteps keeps the steps whose counts stand out of their noise.
func (j *columnJob) keepSteps(labels []string, n dp.Noisy) {
	m := profile.Measurement{Release: n.Event.ID, Attributes: []string{profile.TextName(j.name)}, Sigma: float64(n.Event.Sigma)}
	for i, label := range labels {
		if n.Values[i] < minStep*m.Sigma {
			continue
		}
		m.Cells = append(m.Cells, []int32{int32(len(j.text))})
		m.Values = append(m.Values, n.Values[i])
		j.text = append(j.text, profile.Code{Class: profile.Step, Label: label, Origin: profile.Learnt})
	}
	if len(m.Cells) > 0 {
		j.measurements = append(j.measurements, m)
	}
}
