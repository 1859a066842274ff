package synth

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// units gives records to made-up units of privacy, customers say, of which as many have one record, two, and so on as the
// profile says. All records of a unit have one key, which is made up of the unit's number and the seed. A permutation takes
// a record to a slot; slots are cut into groups, and a group is a unit. The records of a unit are so spread over the whole
// table, and have nothing in common but the key.
//
// It is read-only after it is made.
type units struct {
	perm   permutation
	groups []unitGroups // in order, side by side from slot 0
	count  uint64       // units in all
	key    uint64
}

// unitGroups are units with the same number of records.
type unitGroups struct {
	first, end uint64 // slots, a whole number of units
	size       uint64 // records of each
	before     uint64 // units in the groups before
}

// newUnits returns nil when the unit is the record, or nothing is known of the sizes. The model says which records have no key,
// whatever their slots, and keyed is the share of the others: units are made larger for it.
func newUnits(p *profile.Profile, keyed float64, n, seed uint64) *units {
	sizes, _, _ := profile.UnitSizes(p)
	var records, total float64
	for _, s := range sizes {
		total += s.Units
		for _, k := range sizesIn(s.UnitRange) {
			records += float64(s.Units / float64(len(sizesIn(s.UnitRange))) * k)
		}
	}
	if total == 0 || keyed == 0 {
		return nil
	}
	u := &units{perm: newPermutation(n, derive(seed, 7)), key: derive(seed, 8)}
	scale := keyed * float64(n) / records
	var owed float64 // part of a unit
	for _, s := range sizes {
		each := sizesIn(s.UnitRange)
		for _, k := range each {
			wanted := s.Units / float64(len(each)) * scale
			slots := k / keyed
			least := math.Floor(slots)
			part := float64(wanted * (slots - least)) // float64 keeps processors from fusing it with what follows
			owed = u.add(wanted-part+owed, uint64(least))
			owed = u.add(part+owed, uint64(least)+1)
		}
	}
	if left := n - u.end(); left > 0 {
		u.add(float64(left), 1)
	}
	return u
}

// keyed returns the share of the records that the model gives a key, in the columns of which it has fewest.
func (s *sampler) keyed(p *profile.Profile) float64 {
	share := 1.0
	for i := range s.columns {
		var with, all int64
		for _, w := range s.columns[i].cells {
			if all += w.weight; !profile.IsMissing(w.value.Class) {
				with += w.weight
			}
		}
		if slices.Contains(p.Manifest.Privacy.UnitColumns, s.columns[i].column.Name) && all > 0 {
			share = min(share, float64(with)/float64(all))
		}
	}
	return share
}

// maxSpread is how many numbers of records stand for a range of them.
const maxSpread = 8

// sizesIn returns numbers of records that stand for a range, evenly.
func sizesIn(r profile.UnitRange) []float64 {
	if r.Most == math.MaxInt64 {
		return []float64{float64(r.Least)}
	}
	n := min(r.Most-r.Least+1, maxSpread)
	out := make([]float64, n)
	for i := range out {
		out[i] = math.Floor(float64(r.Least) + (float64(i)+0.5)*float64(r.Most-r.Least+1)/float64(n))
	}
	return out
}

func (u *units) end() uint64 {
	if len(u.groups) == 0 {
		return 0
	}
	return u.groups[len(u.groups)-1].end
}

// add appends as many units as there are slots for, and returns the part of a unit that is owed.
func (u *units) add(wanted float64, size uint64) (owed float64) {
	whole := math.Floor(wanted + 0.5)
	first := u.end()
	if n := min(uint64(max(0, whole)), (u.perm.n-first)/size); n > 0 {
		u.groups = append(u.groups, unitGroups{first: first, end: first + n*size, size: size, before: u.count})
		u.count += n
	}
	return wanted - whole
}

// of returns the number of a record's unit.
func (u *units) of(source uint64) uint64 {
	slot := u.perm.at(source)
	g := u.groups[sort.Search(len(u.groups), func(i int) bool { return slot < u.groups[i].end })]
	return g.before + (slot-g.first)/g.size
}

// A keyColumn is a column of the unit's key.
type keyColumn struct {
	*column
	codes  []int32  // [choice] cells of the column's table that hold a key
	shares []uint64 // [choice] their weights, added up
}

// newKeyColumn returns nil when the column is no part of the key, or nothing of it is known but what is missing.
func (u *units) newKeyColumn(p *profile.Profile, c *column) *keyColumn {
	if u == nil || !slices.Contains(p.Manifest.Privacy.UnitColumns, c.column.Name) {
		return nil
	}
	k := &keyColumn{column: c}
	var total uint64
	for i, w := range c.cells {
		if !profile.IsMissing(w.value.Class) {
			total += uint64(w.weight)
			k.codes, k.shares = append(k.codes, int32(i)), append(k.shares, total)
		}
	}
	if total == 0 {
		return nil
	}
	return k
}

// keys writes the cells of a column of the key: what is missing as it was dealt, everything else as the key of the record's unit.
func (u *units) keys(k *keyColumn, sources []uint64, dealt []int32, key uint64) []record.Cell {
	codes, of, who := slices.Clone(dealt), slices.Clone(sources), make([]uint64, len(sources))
	for i, code := range dealt {
		if profile.IsMissing(k.cells[code].value.Class) {
			continue
		}
		who[i] = u.of(sources[i]) + 1
		of[i] = derive(u.key, who[i]) // unlike any source, but for chance
		codes[i] = k.choose(of[i])
	}
	cells := make([]record.Cell, len(sources))
	k.render(cells, codes, of, key, nil)
	for i := range cells {
		if who[i] > 0 {
			k.finish(u, &cells[i], codes[i], who[i]-1)
		}
	}
	return cells
}

// choose returns the code that a unit's key is written as.
func (k *keyColumn) choose(draw uint64) int32 {
	at := mulDiv(k.shares[len(k.shares)-1], draw>>1, 1<<63)
	return k.codes[sort.Search(len(k.shares)-1, func(i int) bool { return at < k.shares[i] })]
}

// finish makes a key differ from other units' keys, as far as its digits can: where the form leaves digits open, the longest run of
// them is the unit's number, permuted. A number is its unit's, counted from 1.
func (k *keyColumn) finish(u *units, cell *record.Cell, code int32, unit uint64) {
	if cell.Tag == record.Number || !k.column.column.Type.Textual() {
		among := min(u.count, largest(k.column.column.Type))
		*cell = record.Cell{Tag: record.Number, Text: strconv.FormatUint(1+permuted(unit%among, among, u.key), 10)}
		return
	}
	if form := k.cells[code].form; strings.ContainsAny(form, "hHbBm") && strings.Contains(form, "{") {
		return // digits among letters are no number
	}
	from, to := longestDigits(cell.Text)
	first, among := uint64(0), pow10(to-from)
	if from == 0 && to == len(cell.Text) && to > 0 { // a number, which does not begin with 0
		first, among = among/10, among-among/10
	}
	if among < u.count { // there are not as many
		return
	}
	text := strconv.FormatUint(first+permuted(unit, among, derive(u.key, uint64(code))), 10)
	cell.Text = cell.Text[:from] + strings.Repeat("0", to-from-len(text)) + text + cell.Text[to:]
}

func permuted(i, n, key uint64) uint64 {
	p := newPermutation(n, key)
	return p.at(i)
}

// longestDigits returns where the longest run of digits is; at most 18 of them.
func longestDigits(text string) (from, to int) {
	for i := 0; i < len(text); i++ {
		end := i
		for end < len(text) && end-i < 18 && '0' <= text[end] && text[end] <= '9' {
			end++
		}
		if end-i > to-from {
			from, to = i, end
		}
		i = max(i, end-1)
	}
	return from, to
}

func pow10(digits int) uint64 {
	n := uint64(1)
	for range digits {
		n *= 10
	}
	return n
}

// largest returns the largest whole number that a type can hold, at most 2⁵³.
func largest(t record.Type) uint64 {
	switch {
	case t.Is("int8"):
		return math.MaxInt8
	case t.Is("uint8"):
		return math.MaxUint8
	case t.Is("int16"):
		return math.MaxInt16
	case t.Is("uint16"):
		return math.MaxUint16
	case t.Is("int32"):
		return math.MaxInt32
	case t.Is("uint32"):
		return math.MaxUint32
	}
	return 1 << 53
}
