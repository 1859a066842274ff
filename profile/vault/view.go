package vault

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// A view is a coarse partition of an attribute's codes, in which a column is set against others: a table over two
// attributes with a thousand codes each would be noise. It is made from released counts only.
type view struct {
	groups []int32   // [code] the group it belongs to
	counts []float64 // [group] fitted records
	labels []string  // [group]
}

// A partition collects codes into groups.
type partition struct {
	view
	codes  []profile.Code
	kind   string
	fitted []float64 // [code] records
	least  float64   // records a group of its own should hold
	rare   []int     // codes without a group so far
}

// viewValues partitions a column's value codes into about k groups, none of them much below least records: spelled nulls
// and frequent categories stand for themselves, the others are taken together; what lies on an axis is cut into
// intervals of like weight, around its heavy atoms, and so are categories that are numerals.
func (j *columnJob) viewValues(fitted []float64, k int, least float64) view {
	p := newPartition(j.value, string(j.codec.Kind()), fitted, least)
	var missing, literals, rest, ordered []int
	for i, c := range j.value {
		switch {
		case profile.IsMissing(c.Class):
			missing = append(missing, i)
		case c.Class == profile.Literal:
			literals = append(literals, i)
		case c.Class == profile.Atom || c.Class == profile.Bin:
			ordered = append(ordered, i)
		default:
			rest = append(rest, i)
		}
	}
	if j.numerals(literals) {
		literals, ordered = nil, append(ordered, literals...)
	}
	p.frequent(missing, k, "other missing")
	p.frequent(literals, k, "other categories")
	p.frequent(rest, k, "other values")
	if j.codec.Axis() != nil {
		k = min(k, maxIntervals)
	}
	p.intervals(ordered, k, j.position)
	p.group(fmt.Sprintf("<rest: %d>", len(p.rare)), p.rare...)
	return p.view
}

// numerals reports whether categories are all numbers: ages, years and grades lie on an axis whatever their kind.
func (j *columnJob) numerals(codes []int) bool {
	return !slices.ContainsFunc(codes, func(code int) bool {
		_, err := strconv.ParseFloat(j.value[code].Label, 64)
		return err != nil
	})
}

// position returns where a value code lies on the kind's axis, or a numeral among the others.
func (j *columnJob) position(code int) float64 {
	c := j.value[code]
	if c.Class == profile.Bin {
		return c.Lo.Float()
	}
	if c.Class == profile.Literal {
		x, _ := strconv.ParseFloat(c.Label, 64)
		return x
	}
	v, _, _ := j.codec.Parse(record.Cell{Tag: record.Text, Text: c.Label})
	return v.Pos
}

// viewForms partitions a column's form codes: frequent ones stand for themselves.
func (j *columnJob) viewForms(fitted []float64, k int, least float64) view {
	p := newPartition(j.form, string(j.codec.Kind()), fitted, least)
	var none, forms []int
	for i, c := range j.form {
		if c.Class == profile.NoForm {
			none = append(none, i)
		} else {
			forms = append(forms, i)
		}
	}
	p.frequent(none, k, "")
	p.frequent(forms, k, "other forms")
	p.group(fmt.Sprintf("<rest: %d>", len(p.rare)), p.rare...)
	return p.view
}

func newPartition(codes []profile.Code, kind string, fitted []float64, least float64) *partition {
	return &partition{view: view{groups: make([]int32, len(codes))}, codes: codes, kind: kind, fitted: fitted, least: least}
}

// group puts codes into a new group.
func (p *partition) group(label string, codes ...int) {
	if len(codes) == 0 {
		return
	}
	sum := 0.0
	for _, c := range codes {
		p.groups[c] = int32(len(p.counts))
		sum += p.fitted[c]
	}
	if len(codes) == 1 {
		label = p.codes[codes[0]].Readable(p.kind)
	}
	for slices.Contains(p.labels, label) {
		label += "′" // two codes may read alike
	}
	p.counts, p.labels = append(p.counts, sum), append(p.labels, label)
}

// frequent gives each of the k most frequent codes that hold enough records a group of its own, and the others one, if
// they hold enough together.
func (p *partition) frequent(codes []int, k int, others string) {
	slices.SortStableFunc(codes, func(a, b int) int { return cmp.Compare(p.fitted[b], p.fitted[a]) })
	n := 0
	for n < min(len(codes), k) && p.fitted[codes[n]] >= p.least {
		p.group("", codes[n])
		n++
	}
	left := 0.0
	for _, c := range codes[n:] {
		left += p.fitted[c]
	}
	if left < p.least {
		p.rare = append(p.rare, codes[n:]...)
		return
	}
	p.group(fmt.Sprintf("<%s: %d>", others, len(codes)-n), codes[n:]...)
}

// intervals cuts codes that lie on an axis into groups of neighbours, of like weight, around codes that are heavy.
func (p *partition) intervals(codes []int, k int, position func(code int) float64) {
	slices.SortStableFunc(codes, func(a, b int) int { return cmp.Compare(position(a), position(b)) })
	total := 0.0
	for _, c := range codes {
		total += p.fitted[c]
	}
	target := max(total/float64(k), p.least)
	var open []int
	sum := 0.0
	closeGroup := func() {
		p.group(p.between(open), open...)
		open, sum = nil, 0
	}
	for _, c := range codes {
		if p.fitted[c] >= target && p.codes[c].Class != profile.Bin {
			p.group("", c) // what is around it goes on
			continue
		}
		if sum+p.fitted[c]/2 > target {
			closeGroup()
		}
		open, sum = append(open, c), sum+p.fitted[c]
	}
	if len(open) > 0 {
		closeGroup()
	}
}

// between describes a run of neighbours on an axis.
func (p *partition) between(codes []int) string {
	if len(codes) == 0 {
		return ""
	}
	first, last := p.codes[codes[0]].Readable(p.kind), p.codes[codes[len(codes)-1]].Readable(p.kind)
	return first + " … " + last
}

// resolution returns about how many groups a view should have where the count of a cell of a pair has noise sigma: so
// many that the noise of a table with as many cells squared stays a small part of the n records.
func resolution(n, sigma float64) int {
	const part = 0.5
	return int(min(maxResolution, math.Sqrt(part*max(n, 0)/sigma)))
}

// maxIntervals bounds the intervals of an axis: neighbours are alike, and room in the model is better had for more columns. At 100,
// the pairs of a table of sizes and prices were a fifth further off.
const maxIntervals = 40

// A view with fewer groups than minResolution shows nothing worth the budget.
const (
	minResolution = 6
	maxResolution = 100
)
