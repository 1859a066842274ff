package fidelity

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// What has a code of its own, found in the real table exactly.
const (
	maxWords      = 200   // categories that others may be variants of
	wordShare     = 0.001 // of the rows, at least
	maxValues     = 40    // categories or single values; the rarer ones are pooled
	valueShare    = 0.005
	atomShare     = 0.02 // of numbers that are frequent by themselves, so that quantiles do not split them
	maxDiscrete   = 20   // distinct numbers, of which each is a code
	bins          = 10   // quantile bins of the other numbers
	maxSpellings  = 20
	spellingShare = 0.0005
	maxForms      = 30
	formShare     = 0.002
)

// pooled is the label of what is too rare for one of its own.
const pooled = "‹any other›"

// An attribute is a discrete variable of a record, as a function of one cell.
type attribute struct {
	labels []string
	codes  []int32 // [distinct cell]
	miss   []bool  // [code] it stands for missing values
}

// newAttribute codes each distinct cell by the label that of gives it; labels are numbered as they come.
func newAttribute(n int, of func(i int) string) attribute {
	a := attribute{codes: make([]int32, n)}
	index := map[string]int32{}
	for i := range n {
		l := of(i)
		k, ok := index[l]
		if !ok {
			k = int32(len(a.labels))
			index[l] = k
			a.labels = append(a.labels, l)
		}
		a.codes[i] = k
	}
	return a
}

// encode finds the column's attributes.
func (c *column) encode() {
	n := len(c.cells)
	spell := c.spellings()
	presentOr := func(of func(d *mess.Description) string) attribute {
		return newAttribute(n, func(i int) string {
			if d := &c.cells[i]; !d.Missing {
				return of(d)
			}
			return "missing"
		})
	}
	c.spelling = newAttribute(n, func(i int) string {
		if d := &c.cells[i]; d.Missing {
			return spell(d)
		}
		return "present"
	})
	c.miss = presentOr(func(*mess.Description) string { return "present" })
	c.shape = presentOr(c.ladder(func(d *mess.Description) []string { return mess.Shapes(d.Cell) }))
	c.form = presentOr(c.ladder(formsOf))
	c.damage = presentOr(func(d *mess.Description) string {
		if f := formsOf(d); len(f) > 0 {
			return string(mess.DamageOf(f[0]))
		}
		return ""
	})
	c.encodeValues(spell)
}

// formsOf returns how a present cell is written, finest first.
func formsOf(d *mess.Description) []string {
	if d.Variant.Word != "" {
		return d.Variant.Forms
	}
	return d.Forms
}

// spellings returns the label of a missing cell.
func (c *column) spellings() func(d *mess.Description) string {
	count := newRanking()
	for i := range c.cells {
		if d := &c.cells[i]; d.Missing {
			count.add(spelled(d.Cell), c.real[i])
		}
	}
	known := set(count.top(maxSpellings, c.atLeast(spellingShare)))
	return func(d *mess.Description) string {
		if l := spelled(d.Cell); known[l] {
			return l
		}
		return "missing, otherwise spelled"
	}
}

func spelled(c record.Cell) string {
	switch c.Tag {
	case record.Absent:
		return "missing: absent"
	case record.Null:
		return "missing: null"
	}
	return "missing: " + strconv.Quote(c.Text)
}

// ladder returns a label for a cell that is described by a ladder of descriptors, finest first: the first that is frequent enough
// among the cells that no finer one describes.
func (c *column) ladder(of func(d *mess.Description) []string) func(d *mess.Description) string {
	rungs := make([][]string, len(c.cells))
	deepest := 0
	for i := range c.cells {
		if d := &c.cells[i]; !d.Missing {
			rungs[i] = of(d)
			deepest = max(deepest, len(rungs[i]))
		}
	}
	known, done := map[string]bool{}, make([]bool, len(c.cells))
	for k := range deepest {
		count := newRanking()
		for i, r := range rungs {
			if !done[i] && k < len(r) {
				count.add(r[k], c.real[i])
			}
		}
		for _, l := range count.top(maxForms, c.atLeast(formShare)) {
			known[l] = true
		}
		for i, r := range rungs {
			done[i] = done[i] || k < len(r) && known[r[k]]
		}
	}
	return func(d *mess.Description) string {
		for _, l := range of(d) {
			if known[l] {
				return l
			}
		}
		return pooled
	}
}

// encodeValues codes what cells say: spelled nulls, single values and quantile bins of an ordered kind, categories.
func (c *column) encodeValues(spell func(d *mess.Description) string) {
	count := newRanking()
	for i := range c.cells {
		if d := &c.cells[i]; !d.Missing {
			count.add(c.says(d), c.real[i])
		}
	}
	least := c.atLeast(valueShare)
	if c.ordered() {
		least = c.atLeast(atomShare)
		if len(count.n) <= maxDiscrete {
			least = 1
		}
	}
	known := set(count.top(maxValues, least))
	cuts := c.quantileCuts(known)
	c.value = newAttribute(len(c.cells), func(i int) string {
		d := &c.cells[i]
		switch {
		case d.Missing:
			return spell(d)
		case known[c.says(d)]:
			return c.says(d)
		case d.Typed && len(cuts) > 0:
			return c.interval(cuts, d.Value.Pos)
		}
		return pooled
	})
	c.value.miss = make([]bool, len(c.value.labels))
	for i := range c.cells {
		if c.cells[i].Missing {
			c.value.miss[c.value.codes[i]] = true
		}
	}
}

// says is what a present cell says, as far as that is compared: of texts that a profile makes up, that they are there.
func (c *column) says(d *mess.Description) string {
	if c.made && !d.Typed {
		return pooled
	}
	return word(d)
}

// word is what a present cell says, as a label.
func word(d *mess.Description) string {
	switch {
	case d.Typed && d.Value.Key == "":
		return pooled
	case d.Typed:
		return d.Value.Key
	case d.Variant.Word != "":
		return d.Variant.Word
	}
	return d.Cell.Text
}

// quantileCuts returns the lower edges of all bins but the first, over the ordered values that are not codes of their own.
func (c *column) quantileCuts(known map[string]bool) []float64 {
	if !c.ordered() {
		return nil
	}
	var values []weighted
	total := 0
	for i := range c.cells {
		if d := &c.cells[i]; d.Typed && c.real[i] > 0 && !known[word(d)] {
			values = append(values, weighted{d.Value.Pos, c.real[i]})
			total += c.real[i]
		}
	}
	slices.SortFunc(values, func(a, b weighted) int { return cmp.Compare(a.at, b.at) })
	var cuts []float64
	sum, next := 0, 1
	for _, v := range values {
		if sum*bins >= next*total {
			cuts = append(cuts, v.at)
			for sum*bins >= next*total {
				next++
			}
		}
		sum += v.n
	}
	return slices.Compact(cuts)
}

// A weighted value is one that so many rows have.
type weighted struct {
	at float64
	n  int
}

// interval writes the bin that a value is in.
func (c *column) interval(cuts []float64, at float64) string {
	i, _ := slices.BinarySearchFunc(cuts, at, func(cut, at float64) int {
		if cut <= at {
			return -1
		}
		return 1
	})
	switch i {
	case 0:
		return "below " + c.position(cuts[0])
	case len(cuts):
		return "from " + c.position(cuts[i-1])
	}
	return fmt.Sprintf("%s to %s", c.position(cuts[i-1]), c.position(cuts[i]))
}

// position writes a place on the kind's axis.
func (c *column) position(at float64) string { return axisText(c.kind, at) }

func axisText(k mess.Kind, at float64) string {
	if k == mess.Date || k == mess.Timestamp {
		return profile.FormatSeconds(int64(at))
	}
	return strconv.FormatFloat(at, 'g', 6, 64)
}

// A ranking counts labels.
type ranking struct{ n map[string]int }

func newRanking() ranking { return ranking{map[string]int{}} }

func (r ranking) add(label string, n int) {
	if n > 0 {
		r.n[label] += n
	}
}

// top returns the most frequent labels, most first, that are there at least so often.
func (r ranking) top(most, least int) []string {
	var list []string
	for l, n := range r.n {
		if n >= least {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(r.n[b], r.n[a]), cmp.Compare(a, b)) })
	return list[:min(len(list), most)]
}

func set(list []string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, l := range list {
		m[l] = true
	}
	return m
}
