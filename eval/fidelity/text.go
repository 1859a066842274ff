package fidelity

import (
	"strconv"
	"unicode/utf8"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// Texts is what is seen of the cells of a column as texts.
type Texts struct {
	// Distinct present cells as a share of the present cells: 1 for a key. Real is the reference half's.
	DistinctReal float64 `json:"distinct_real"`
	Distinct     Score   `json:"distinct"`
	// Length is the Kolmogorov–Smirnov statistic of the lengths of present cells, in characters; 0 to 1, smaller is nearer.
	Length Score `json:"length_ks"`
	// MeanLength of present cells, in characters.
	MeanLengthReal      float64 `json:"mean_length_real"`
	MeanLengthSynthetic float64 `json:"mean_length_synthetic"`
	// Rare is nil for columns of numbers, dates and the like, whose values coincide by themselves.
	Rare *Rare `json:"rare,omitempty"`
}

// Rare are the distinct strings of five characters or more that a sample has at most three times: how many there are, and the share that
// the reference half has too, at most three times. The floor is that share of real strings that are none of the reference's records.
// This proves nothing about privacy, whichever way it goes: what a synthetic table gives away is not seen in what it repeats.
type Rare struct {
	Strings int   `json:"strings"` // of the synthetic sample
	Shared  Score `json:"shared"`
}

// maxLength is where longer cells are counted, in characters.
const maxLength = 1 << 16

// rareAtMost is how often a rare string occurs, and rareLength how long it is at least.
const (
	rareAtMost = 3
	rareLength = 5
)

// texts measures the column at a place.
func (s *suite) texts(at int) Texts {
	c := s.columns[at]
	lengths := make([]float64, len(c.cells))
	for i := range c.cells {
		lengths[i] = float64(min(maxLength, utf8.RuneCountInString(c.cells[i].Cell.Text)))
	}
	ref := s.reference.counts(c, at)
	var t Texts
	t.DistinctReal = distinct(ref)
	t.Distinct = s.score(func(x *sample) float64 { return distinct(x.counts(c, at)) })
	real := expand(ref, lengths)
	t.MeanLengthReal, t.MeanLengthSynthetic = mean(real), mean(expand(s.synthetic.counts(c, at), lengths))
	if len(real) > 0 {
		t.Length = s.score(func(x *sample) float64 {
			if list := expand(x.counts(c, at), lengths); len(list) > 0 {
				return ks(real, list)
			}
			return 1
		})
	}
	if c.texts() {
		t.Rare = s.rare(at, ref)
	}
	return t
}

// texts reports whether the column's cells are texts that do not coincide by themselves.
func (c *column) texts() bool {
	return c.kind == mess.Category || c.kind == mess.TextKind || c.kind == mess.ID || c.codec.Open()
}

// counts returns how often each distinct present cell occurs in a sample.
func (s *sample) counts(c *column, at int) []int {
	n := make([]int, len(c.cells))
	for r := range s.rows {
		if i := s.cell(c, at, r); !c.cells[i].Missing {
			n[i]++
		}
	}
	return n
}

func distinct(counts []int) float64 {
	n, all := 0, 0
	for _, k := range counts {
		all += k
		if k > 0 {
			n++
		}
	}
	return float64(n) / float64(max(1, all))
}

// expand returns the values of counted cells, sorted, each as often as it occurs.
func expand(counts []int, values []float64) []float64 {
	most := 0.0
	for i, n := range counts {
		if n > 0 {
			most = max(most, values[i])
		}
	}
	at := make([]int, int(most)+1) // lengths are whole numbers
	all := 0
	for i, n := range counts {
		if n > 0 {
			at[int(values[i])] += n
			all += n
		}
	}
	out := make([]float64, 0, all)
	for v, n := range at {
		for range n {
			out = append(out, float64(v))
		}
	}
	return out
}

func mean(list []float64) float64 {
	sum := 0.0
	for _, v := range list {
		sum += v / float64(len(list))
	}
	return sum
}

func (s *suite) rare(at int, ref []int) *Rare {
	c := s.columns[at]
	worth := make([]bool, len(c.cells))
	for i := range c.cells {
		cell := c.cells[i].Cell
		_, err := strconv.ParseFloat(cell.Text, 64)
		worth[i] = cell.Tag == record.Text && err != nil && utf8.RuneCountInString(cell.Text) >= rareLength
	}
	shared := func(x *sample) (share float64, rare int) {
		both := 0
		for i, n := range x.counts(c, at) {
			if n == 0 || n > rareAtMost || !worth[i] {
				continue
			}
			rare++
			if ref[i] > 0 && ref[i] <= rareAtMost {
				both++
			}
		}
		return float64(both) / float64(max(1, rare)), rare
	}
	r := &Rare{Shared: s.score(func(x *sample) float64 { v, _ := shared(x); return v })}
	_, r.Strings = shared(s.synthetic)
	return r
}

// copied is the share of a sample's records that are exactly like one of the reference half. Like rare strings, it proves nothing
// about privacy.
func (s *suite) copied() Score {
	ref := set(s.fingerprints(s.reference))
	return s.score(func(x *sample) float64 {
		n := 0
		for _, f := range s.fingerprints(x) {
			if ref[f] {
				n++
			}
		}
		return float64(n) / float64(x.rows)
	})
}
