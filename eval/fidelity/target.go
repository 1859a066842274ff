package fidelity

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// A Target says what a model that is trained on synthetic records is worth on real ones (train on synthetic, test on real: Esteban, Hyland &
// Rätsch 2017): a multinomial logistic regression that predicts one column from the values of the others.
type Target struct {
	Column  string   `json:"column"`
	Classes []string `json:"classes"`
	// Cut is the median of an ordered column with more than ten values, whose classes are at most it and above it; nil for others.
	Cut       *string `json:"cut,omitempty"`
	TrainRows int     `json:"train_rows"`
	TestRows  int     `json:"test_rows"` // real ones, of the half that nothing is trained on
	// PlusMinus is the 95 % half-width of an accuracy on so many rows, at most: 0.98/√rows.
	PlusMinus   float64 `json:"accuracy_plus_minus"`
	Real        Skill   `json:"real"`        // trained on the reference half
	Synthetic   Skill   `json:"synthetic"`   // trained on the synthetic sample
	Independent Skill   `json:"independent"` // trained on the reference half with each column permuted by itself
	Permuted    Skill   `json:"permuted"`    // trained on it with the target permuted
	Majority    Skill   `json:"majority"`    // the shares of the classes, whatever the record
}

// Skill is how well a model predicts.
type Skill struct {
	Accuracy float64 `json:"accuracy"` // share of the records whose likeliest class is theirs; greater is better
	AUC      float64 `json:"auc"`      // mean over the classes of one against the others; 0.5 is chance, 1 the best
	LogLoss  float64 `json:"log_loss"` // mean −ln of the probability of the true class; smaller is better
}

const (
	maxClasses = 10
	minClass   = 5  // records of a class
	minTarget  = 20 // records with a class
)

// A target is what of a record is predicted: the class of each distinct cell, −1 for none.
type target struct {
	at      int
	classes []string
	cut     *string
	of      []int32
}

// findTarget finds the classes of a column in the reference half.
func (s *suite) findTarget(name string) (*target, error) {
	t := &target{at: slices.IndexFunc(s.columns, func(c *column) bool { return c.name == name })}
	if t.at < 0 {
		return nil, fmt.Errorf("target %q: %w", name, ErrUnknownColumn)
	}
	c := s.columns[t.at]
	t.of = make([]int32, len(c.cells))
	if list := s.reference.positions(c, t.at); c.numeric() && len(slices.Compact(slices.Clone(list))) > maxClasses {
		t.split(c, quantile(list, 0.5))
	} else {
		t.pool(c, s.reference.table(s.columns[t.at:t.at+1], func(*column) *attribute { return &c.value }))
	}
	seen := map[int32]int{}
	for r := range s.reference.rows {
		if k := t.of[s.reference.cell(c, t.at, r)]; k >= 0 {
			seen[k]++
		}
	}
	if len(seen) < 2 {
		return nil, fmt.Errorf("target %q has %d frequent classes, so that there is nothing to predict; give a column with two or more: %w",
			name, len(seen), ErrMismatch)
	}
	return t, nil
}

// split makes two classes of an ordered column.
func (t *target) split(c *column, median float64) {
	cut := c.position(median)
	t.cut, t.classes = &cut, []string{"at most " + cut, "above " + cut}
	for i := range c.cells {
		switch d := &c.cells[i]; {
		case !d.Typed:
			t.of[i] = -1
		case d.Value.Pos > median:
			t.of[i] = 1
		}
	}
}

// pool makes classes of the most frequent values, and one of the others; missing values have none.
func (t *target) pool(c *column, values *table) {
	count := make([]int, len(c.value.labels))
	for _, v := range values.columns[0] {
		count[v]++
	}
	var codes []int
	for v, n := range count {
		if !c.value.miss[v] && n >= minClass {
			codes = append(codes, v)
		}
	}
	slices.SortStableFunc(codes, func(a, b int) int { return cmp.Compare(count[b], count[a]) })
	class := make([]int32, len(count))
	rest := int32(-1)
	if len(codes) > maxClasses {
		codes, rest = codes[:maxClasses-1], maxClasses-1
	}
	for v := range class {
		if class[v] = rest; c.value.miss[v] || count[v] < minClass {
			class[v] = -1
		}
	}
	for k, v := range codes {
		class[v] = int32(k)
		t.classes = append(t.classes, c.value.labels[v])
	}
	if rest >= 0 {
		t.classes = append(t.classes, pooled)
	}
	for i := range t.of {
		t.of[i] = class[c.value.codes[i]]
	}
}

// target measures what can be predicted.
func (s *suite) target(ctx context.Context, name string) (*Target, error) {
	t, err := s.findTarget(name)
	if err != nil {
		return nil, err
	}
	f := s.featurer(t.at, false, 0, s.rng)
	load := func(x *sample) (*design, []int32) {
		d, y := newDesign(f.width), []int32(nil)
		x = x.first(maxClassified)
		for r := range x.rows {
			if k := t.of[x.cell(s.columns[t.at], t.at, r)]; k >= 0 {
				f.add(d, x, r)
				y = append(y, k)
			}
		}
		return d, y
	}
	test, truth := load(s.floor)
	trainReal, y := load(s.reference)
	if len(truth) < minTarget || len(y) < minTarget {
		return nil, fmt.Errorf("target %q: too few records have a value of it: %w", name, ErrMismatch)
	}
	out := &Target{
		Column: name, Classes: t.classes, Cut: t.cut,
		TrainRows: len(y), TestRows: len(truth), PlusMinus: 0.98 / math.Sqrt(float64(len(truth))),
	}
	trainSynthetic, ySynthetic := load(s.synthetic)
	trainIndependent, yIndependent := load(s.reference.permuted(s.rng))
	shuffled := slices.Clone(y)
	s.rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for _, run := range []struct {
		x    *design
		y    []int32
		into *Skill
	}{
		{trainReal, y, &out.Real}, {trainSynthetic, ySynthetic, &out.Synthetic},
		{trainIndependent, yIndependent, &out.Independent}, {trainReal, shuffled, &out.Permuted},
	} {
		m, err := fitSoftmax(ctx, run.x, run.y, len(t.classes))
		if err != nil {
			return nil, err
		}
		*run.into = skill(m.predict(test), truth, len(t.classes))
	}
	out.Majority = skill(constant(y, len(t.classes), len(truth)), truth, len(t.classes))
	return out, nil
}

// constant predicts the classes' shares for each of n rows.
func constant(y []int32, classes, n int) [][]float64 {
	share := make([]float64, classes)
	for _, k := range y {
		share[k] += 1 / float64(len(y))
	}
	out := make([][]float64, n)
	for i := range out {
		out[i] = share
	}
	return out
}

// skill measures predictions.
func skill(p [][]float64, truth []int32, classes int) (s Skill) {
	n := float64(len(truth))
	for i, k := range truth {
		best := 0
		for c := range p[i] {
			if p[i][c] > p[i][best] {
				best = c
			}
		}
		if best == int(k) {
			s.Accuracy += 1 / n
		}
		s.LogLoss -= math.Log(max(p[i][k], 1e-15)) / n
	}
	areas := 0.0
	scores := make([]float64, len(p))
	for c := range classes {
		for i := range p {
			scores[i] = p[i][c]
		}
		if a, ok := auc(scores, func(i int) bool { return int(truth[i]) == c }); ok {
			s.AUC += a
			areas++
		}
	}
	s.AUC /= max(1, areas)
	return s
}

// A TargetRow is the skill of one model.
type TargetRow struct {
	Name string
	Skill
}

// Rows lists the models: the one that counts second, what is as good as real before it, the controls after it.
func (t *Target) Rows() []TargetRow {
	return []TargetRow{
		{"real records", t.Real}, {"synthetic records", t.Synthetic}, {"independent columns", t.Independent},
		{"permuted target", t.Permuted}, {"shares of classes", t.Majority},
	}
}
