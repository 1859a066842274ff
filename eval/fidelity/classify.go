package fidelity

import "context"

// A Classifier says how well a model tells synthetic records from real ones: a logistic regression on all columns' values, on how they are
// written, and on pairs of values (hashed to 4,096 features), trained on half of the records and tested on the other half.
type Classifier struct {
	Rows  int `json:"rows"`  // of each sample, half to train and half to test
	Pairs int `json:"pairs"` // of columns
	// AUC is the probability that a synthetic record looks more synthetic than a real one does: 0.5 when they cannot be told apart, 1 when
	// always. It sees what the model can express, so a low one is no proof. PlusMinus is the 95 % half-width of any of them near the synthetic
	// one (Hanley & McNeil 1982).
	AUC       Score   `json:"auc"`
	PlusMinus float64 `json:"auc_plus_minus"`
	// PMSE is the mean squared difference of the propensity score from ½ over the records that the model was trained on: 0 to 0.25, smaller is
	// nearer (Snoke, Raab, Nowok, Dibben & Slavković 2018, J. R. Stat. Soc. A 181).
	PMSE Score `json:"pmse"`
	// Ratio is PMSE over its expectation for synthetic records as good as real ones, here measured on the two real halves: 1 is as good as real.
	Ratio float64 `json:"pmse_ratio"`
}

// maxClassified is the records of a sample at most.
const maxClassified = 20_000

// minClassified is how many there must be to train and test on.
const minClassified = 40

// classifier trains three models; nil when there are too few rows.
func (s *suite) classifier(ctx context.Context) (*Classifier, error) {
	ref := s.reference.first(maxClassified)
	if ref.rows < minClassified {
		return nil, nil
	}
	f := s.featurer(-1, true, maxHashed, s.rng)
	c := &Classifier{Rows: ref.rows, Pairs: len(f.pairs)}
	var area, pmse [3]float64
	for k, x := range s.candidates() {
		var err error
		if area[k], pmse[k], err = f.tell(ctx, ref, x.first(maxClassified)); err != nil {
			return nil, err
		}
	}
	c.AUC = Score{area[0], area[1], area[2]}
	c.PMSE = Score{pmse[0], pmse[1], pmse[2]}
	half := float64(ref.rows / 2)
	c.PlusMinus = aucError(max(area[0], 0.5), half, half)
	if pmse[1] > 0 {
		c.Ratio = pmse[0] / pmse[1]
	}
	return c, nil
}

// tell trains a model to tell records of b from those of a, and tests it. Rows are in random order, so every other one is a random half.
func (f *featurer) tell(ctx context.Context, a, b *sample) (area, pmse float64, err error) {
	train, test := newDesign(f.width), newDesign(f.width)
	var trainY, testY []int32
	for label, s := range []*sample{a, b} {
		for r := range s.rows {
			if r%2 == 0 {
				f.add(train, s, r)
				trainY = append(trainY, int32(label))
			} else {
				f.add(test, s, r)
				testY = append(testY, int32(label))
			}
		}
	}
	m, err := fitSoftmax(ctx, train, trainY, 2)
	if err != nil {
		return 0, 0, err
	}
	fitted := m.predict(train)
	for _, p := range fitted {
		pmse += (p[1] - 0.5) * (p[1] - 0.5) / float64(len(fitted))
	}
	scores := make([]float64, test.rows())
	for i, p := range m.predict(test) {
		scores[i] = p[1]
	}
	area, _ = auc(scores, func(i int) bool { return testY[i] == 1 })
	return area, pmse, nil
}
