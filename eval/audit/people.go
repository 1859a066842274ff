package audit

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A field is what a cell says, as attackers compare it: a missing value, a place on the kind's axis, or a text.
type field struct {
	class fieldClass
	at    float64 // of ordered
	text  int32   // of text, by number
}

type fieldClass uint8

const (
	missing fieldClass = iota
	ordered
	text
)

// A people is records as attackers compare them.
type people struct {
	names  []string
	made   []bool // [column] values are made up: nothing is learnt from them
	codecs []mess.Codec
	texts  []map[string]int32 // [column]
}

func newPeople(p *profile.Profile) (*people, error) {
	out := &people{}
	for _, c := range p.Manifest.Columns {
		codec, err := c.Codec()
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		out.names, out.made = append(out.names, c.Name), append(out.made, c.Masked || !codec.Literal() && codec.Axis() == nil)
		out.codecs, out.texts = append(out.codecs, codec), append(out.texts, map[string]int32{})
	}
	return out, nil
}

// field reads a cell. Texts are the same when they are but for case and the spaces around them.
func (p *people) field(column int, cell record.Cell) field {
	if cell.Tag == record.Absent || cell.Tag == record.Null {
		return field{}
	}
	d := mess.Describe(p.codecs[column], cell)
	switch {
	case d.Missing:
		return field{}
	case d.Typed && p.codecs[column].Axis() != nil:
		return field{class: ordered, at: d.Value.Pos}
	}
	key := strings.ToLower(strings.TrimSpace(cell.Text))
	if d.Typed {
		key = d.Value.Key
	}
	n, ok := p.texts[column][key]
	if !ok {
		n = int32(len(p.texts[column]))
		p.texts[column][strings.Clone(key)] = n
	}
	return field{class: text, text: n}
}

// row reads a row of a batch of the profile's columns.
func (p *people) row(b *record.Batch, row int) []field {
	out := make([]field, len(b.Cells))
	for c, cells := range b.Cells {
		out[c] = p.field(c, cells[row])
	}
	return out
}

// maxSynthetic bounds the synthetic records that attackers look at.
const maxSynthetic = 20_000

// readPeople reads a sample of a table's rows.
func (p *people) read(ctx context.Context, src *record.Source, rng *rand.Rand) (list [][]field, err error) {
	seen := 0
	err = src.Read(ctx, p.names, func(b *record.Batch) error {
		for i := range b.Rows {
			if seen++; seen <= maxSynthetic {
				list = append(list, p.row(b, i))
			} else if at := rng.IntN(seen); at < maxSynthetic {
				list[at] = p.row(b, i)
			}
		}
		return nil
	})
	return list, err
}

// A predicate is a condition on a field.
type predicate struct {
	column int
	of     field
	test   int // −1: at or below, 1: at or above, 0: the same
}

func (q predicate) holds(row []field) bool {
	x := row[q.column]
	if q.test == 0 || x.class != ordered || q.of.class != ordered {
		return q.test == 0 && x == q.of
	}
	return float64(q.test)*(x.at-q.of.at) >= 0
}

// singles reports whether exactly one row fulfils all predicates.
func singles(rows [][]field, all []predicate) bool {
	n := 0
	for _, r := range rows {
		if !slices.ContainsFunc(all, func(q predicate) bool { return !q.holds(r) }) {
			if n++; n > 1 {
				return false
			}
		}
	}
	return n == 1
}

// What an attacker tries who wants to single somebody out.
const (
	maxPredicates = 1000
	conjunction   = 4 // columns
)

// univariate returns conditions on one column that exactly one synthetic record fulfils: a value that occurs once, and being the largest or
// the smallest.
func univariate(synthetic [][]field, columns []int, rng *rand.Rand) (list [][]predicate) {
	for _, c := range columns {
		count := map[field]int{}
		var axis []float64
		for _, r := range synthetic {
			count[r[c]]++
			if r[c].class == ordered {
				axis = append(axis, r[c].at)
			}
		}
		for _, r := range synthetic { // in the records' order: a map has none
			if count[r[c]] == 1 {
				list = append(list, []predicate{{c, r[c], 0}})
			}
		}
		if len(axis) > 1 {
			list = append(list, []predicate{{c, field{class: ordered, at: slices.Min(axis)}, -1}}, []predicate{{c, field{class: ordered, at: slices.Max(axis)}, 1}})
		}
	}
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list[:min(len(list), maxPredicates)]
}

// multivariate returns conditions on several columns of a random synthetic record that no other one fulfils: of an ordered value, to be
// on its side of the median.
func multivariate(ctx context.Context, synthetic [][]field, columns []int, rng *rand.Rand) (list [][]predicate, err error) {
	median := map[int]float64{}
	for _, c := range columns {
		var axis []float64
		for _, r := range synthetic {
			if r[c].class == ordered {
				axis = append(axis, r[c].at)
			}
		}
		if slices.Sort(axis); len(axis) > 0 {
			median[c] = axis[len(axis)/2]
		}
	}
	for range 4 * maxPredicates {
		if len(list) == maxPredicates || len(synthetic) == 0 || ctx.Err() != nil {
			break
		}
		r := synthetic[rng.IntN(len(synthetic))]
		var all []predicate
		for _, i := range rng.Perm(len(columns))[:min(len(columns), conjunction)] {
			q := predicate{column: columns[i], of: r[columns[i]]}
			if q.of.class == ordered {
				if q.test = 1; q.of.at < median[q.column] {
					q.test = -1
				}
			}
			all = append(all, q)
		}
		if len(all) > 1 && singles(synthetic, all) {
			list = append(list, all)
		}
	}
	return list, ctx.Err()
}

// A group is records that an attacker is tried on: those that were in the data, and as many that were not.
type groups struct{ training, control [][]field }

// singleOut measures how often conditions that single a synthetic record out single a real one out.
func singleOut(name string, list [][]predicate, g groups) Risk {
	count := func(rows [][]field) (k int) {
		for _, all := range list {
			if singles(rows, all) {
				k++
			}
		}
		return k
	}
	r := Risk{Attack: name, Training: newRate(count(g.training), len(list)), Control: newRate(count(g.control), len(list))}
	r.weigh()
	return r
}

// What an attacker looks at who wants to learn something about somebody of whom he knows everything else.
const (
	maxInferred  = 1000    // targets of each group
	maxNeighbors = 5000    // synthetic records
	maxSecrets   = 24      // columns
	tolerance    = 1 / 50. // of a column's range between the first and the last hundredth, in which a guess is right
)

// inference guesses each column of each target as the synthetic record has it that is most like the target in the other columns (Gower
// 1971: the mean over columns of the difference relative to the range, and 0 or 1 for texts).
func inference(ctx context.Context, p *people, synthetic [][]field, columns []int, g groups) ([]Risk, error) {
	synthetic = synthetic[:min(len(synthetic), maxNeighbors)]
	if len(synthetic) == 0 || len(columns) < 2 {
		return nil, nil
	}
	width := make([]float64, len(p.names))
	for _, c := range columns {
		width[c] = rangeOf(synthetic, c)
	}
	secrets := columns[:min(len(columns), maxSecrets)]
	rate := func(rows [][]field) (right []int, n int) {
		right = make([]int, len(secrets))
		for _, row := range rows[:min(len(rows), maxInferred)] {
			if ctx.Err() != nil {
				return right, n
			}
			n++
			for s, like := range nearest(row, synthetic, columns, secrets, width) {
				if hit(row[secrets[s]], like[secrets[s]], width[secrets[s]]) {
					right[s]++
				}
			}
		}
		return right, n
	}
	training, n := rate(g.training)
	control, m := rate(g.control)
	var list []Risk
	for s, c := range secrets {
		r := Risk{Attack: "inference", Column: p.names[c], Training: newRate(training[s], n), Control: newRate(control[s], m)}
		r.weigh()
		list = append(list, r)
	}
	return list, ctx.Err()
}

// rangeOf is how far the first and the last hundredth of a column's ordered values are apart; 0 when they are not.
func rangeOf(rows [][]field, column int) float64 {
	var axis []float64
	for _, r := range rows {
		if r[column].class == ordered {
			axis = append(axis, r[column].at)
		}
	}
	if len(axis) == 0 {
		return 0
	}
	slices.Sort(axis)
	return axis[len(axis)*99/100] - axis[len(axis)/100]
}

// apart is the distance of two fields, from 0 to 1.
func apart(a, b field, width float64) float64 {
	switch {
	case a == b:
		return 0
	case a.class != ordered || b.class != ordered || width == 0:
		return 1
	}
	return min(1, math.Abs(a.at-b.at)/width)
}

// hit reports whether a guess is right.
func hit(truth, guess field, width float64) bool {
	return truth == guess || truth.class == ordered && guess.class == ordered && math.Abs(truth.at-guess.at) <= tolerance*width
}

// nearest returns, for each secret, the synthetic record nearest to the row in all other columns.
func nearest(row []field, synthetic [][]field, columns, secrets []int, width []float64) [][]field {
	best := slices.Repeat([]float64{math.Inf(1)}, len(secrets))
	out := make([][]field, len(secrets))
	each := make([]float64, len(columns))
	for _, s := range synthetic {
		sum := 0.0
		for i, c := range columns {
			each[i] = apart(row[c], s[c], width[c])
			sum += each[i]
		}
		for k := range secrets { // secrets are the first columns
			if d := sum - each[k]; d < best[k] {
				best[k], out[k] = d, s
			}
		}
	}
	return out
}
