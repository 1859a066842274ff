package audit

import (
	"context"
	crand "crypto/rand"
	"encoding/binary"
	"hash/fnv"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// A Unit says what the pipeline protects: the zero Unit is one record.
type Unit struct {
	Columns     []string // whose cells are a record's key
	MaxRecords  int      // of one key that count
	DropKeyless bool     // records without a key do not count; otherwise each is a unit
}

// keyed reports whether a unit is the records that share a key.
func (u Unit) keyed() bool { return len(u.Columns) > 0 }

// counted is how many records of one unit count.
func (u Unit) counted() int {
	if u.keyed() {
		return u.MaxRecords
	}
	return 1
}

// excess is how many times the records that count a canary with a key has: what is beyond must make no difference.
const excess = 2

// A design is which records are in the data that is attacked.
type design struct {
	names []string // columns
	unit  Unit
	rows  int
	of    []uint64 // [row] its unit, where units have keys: 0 is none, and spare one that has as many records as count already

	seed uint64
	hold float64 // the share of the units that are held out

	canaries [][]record.Cell // [canary][column]
	own      [][]bool        // [canary][column] the cell is made up, and in no other record
	in       []bool          // [canary] as its coin fell
}

// spare stands for records of a unit beyond those that count.
const spare = math.MaxUint64

// left reports whether a row is left out because the attacker would not know whether it counts: which records of a unit do is chosen at random. So
// no unit but the canaries has more than count.
func (d *design) left(row int) bool {
	return d.unit.keyed() && (d.of[row] == spare || d.of[row] == 0 && d.unit.DropKeyless)
}

// draw is a number in [0, 1) for a row's unit.
func (d *design) draw(row int) float64 {
	id := uint64(row)
	if d.unit.keyed() && d.of[row] != 0 {
		id = d.of[row]
	}
	return rand.New(rand.NewPCG(id, d.seed)).Float64()
}

// held reports whether a row's unit is held out of the data, as one of the control group.
func (d *design) held(row int) bool { return !d.left(row) && d.draw(row) < d.hold }

// target reports whether a row that is in the data is one of those that are held against the control group, which have the same number
// in expectation.
func (d *design) target(row int) bool {
	x := d.draw(row)
	return x >= d.hold && x < 2*d.hold
}

// sampleRows bounds the rows that canaries are made of.
const sampleRows = 20_000

// newDesign reads the source once: how many rows it has, whose they are, and a sample.
func newDesign(ctx context.Context, src *record.Source, names []string, opts Options) (*design, error) {
	d := &design{names: names, unit: opts.Unit, seed: opts.Seed}
	size := map[uint64]int{}
	rng := rand.New(rand.NewPCG(opts.Seed, 1))
	keys := make([]int, len(d.unit.Columns))
	for i, c := range d.unit.Columns {
		keys[i] = slices.Index(names, c)
	}
	var rows [][]record.Cell
	err := src.Read(ctx, names, func(b *record.Batch) error {
		for i := range b.Rows {
			if d.unit.keyed() {
				id := unitHash(b, keys, i)
				if size[id]++; id != 0 && size[id] > d.unit.counted() {
					id = spare
				}
				d.of = append(d.of, id)
			}
			if at := d.rows; at < sampleRows {
				rows = append(rows, rowOf(b, i))
			} else if at = rng.IntN(at + 1); at < sampleRows { // Vitter 1985, Algorithm R
				rows[at] = rowOf(b, i)
			}
			d.rows++
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if d.rows > 0 {
		d.hold = min(maxHeld, float64(maxControl)/float64(d.rows))
		d.makeCanaries(rows, opts.canaries(d.rows), rng)
	}
	return d, nil
}

// What is held out as a control group: a fifth of the units, and not much more than so many records.
const (
	maxHeld    = 0.2
	maxControl = 20_000
)

// rowOf copies a row of a batch, whose texts share memory.
func rowOf(b *record.Batch, row int) []record.Cell {
	out := make([]record.Cell, len(b.Cells))
	for c := range out {
		cell := b.Cells[c][row]
		out[c] = record.Cell{Tag: cell.Tag, Text: strings.Clone(cell.Text)}
	}
	return out
}

// unitHash returns a hash of a row's key; 0 if it has none.
func unitHash(b *record.Batch, keys []int, row int) uint64 {
	h := fnv.New64a()
	for _, k := range keys {
		cell := b.Cells[k][row]
		if cell.Tag == record.Absent || mess.Missing(cell) {
			return 0
		}
		io.WriteString(h, strings.TrimSpace(cell.Text)+"\x00")
	}
	return min(max(1, h.Sum64()), spare-1)
}

// makeCanaries makes records that nobody has: of each column a cell that occurs, taken without regard to the others, or a text that is made
// up, always where nearly every record has one of its own; and tosses a coin for each.
func (d *design) makeCanaries(rows [][]record.Cell, n int, rng *rand.Rand) {
	columns := make([]cellPool, len(d.names))
	for c, name := range d.names {
		columns[c] = newCellPool(rows, c)
		columns[c].unique = columns[c].unique || slices.Contains(d.unit.Columns, name)
	}
	coins := make([]byte, n)
	crand.Read(coins) // never fails
	for i := range n {
		cells, own := make([]record.Cell, len(columns)), make([]bool, len(columns))
		for c := range columns {
			cells[c], own[c] = columns[c].draw(rng, slices.Contains(d.unit.Columns, d.names[c]))
		}
		d.canaries, d.own = append(d.canaries, cells), append(d.own, own)
		d.in = append(d.in, coins[i]&1 == 1)
	}
}

// added are the canaries whose coins say so, as records.
func (d *design) added() record.Added {
	a := record.Added{Columns: d.names}
	for i, cells := range d.canaries {
		if !d.in[i] {
			continue
		}
		copies := 1
		if d.unit.keyed() {
			copies = excess * d.unit.counted()
		}
		for range copies {
			a.Rows = append(a.Rows, cells)
		}
	}
	return a
}

// A cellPool is what canaries have in a column.
type cellPool struct {
	all    []record.Cell // distinct
	common []record.Cell // those that a domain may well have
	unique bool          // nearly every record has a text of its own
}

// What makes a cell common, and a column one of texts of their own.
const (
	commonShare  = 0.005
	fewestCommon = 5
	ownLetters   = 6 // letters and digits of a text that can be told from chance
)

func newCellPool(rows [][]record.Cell, column int) cellPool {
	count := map[record.Cell]int{}
	for _, r := range rows {
		count[r[column]]++
	}
	var p cellPool
	texts, own := 0, 0
	for _, r := range rows {
		cell := r[column]
		if count[cell] == 0 {
			continue
		}
		p.all = append(p.all, cell)
		if float64(count[cell]) >= commonShare*float64(len(rows)) {
			p.common = append(p.common, cell)
		}
		if personal(cell) {
			texts++
			own += count[cell]
		}
		count[cell] = 0
	}
	if len(p.common) < fewestCommon {
		p.common = p.all
	}
	// Of the cells that are texts at all, more than half are distinct, and they are no small part of the column.
	p.unique = own > 0 && 2*texts > own && 10*own > len(rows)
	return p
}

// personal reports whether a cell could be one record's own text.
func personal(cell record.Cell) bool {
	letters, others := 0, 0
	for _, r := range cell.Text {
		if unicode.IsLetter(r) {
			letters++
		} else if unicode.IsDigit(r) {
			others++
		}
	}
	return cell.Tag == record.Text && letters >= 3 && letters+others >= ownLetters
}

// draw returns a cell, and whether it is made up. A key is always made up, so that no canary is part of somebody.
func (p *cellPool) draw(rng *rand.Rand, key bool) (cell record.Cell, own bool) {
	cell = p.all[rng.IntN(len(p.all))]
	switch {
	case key && cell.Tag == record.Number:
		return record.Cell{Tag: record.Number, Text: "9" + scramble("00000000000000", rng)}, false
	case key:
		return record.Cell{Tag: record.Text, Text: scramble("aaaaaaaa00000000", rng)}, false
	case personal(cell) && (p.unique || rng.IntN(rareTexts) == 0):
		cell.Text = scramble(cell.Text, rng)
		return cell, true
	case !p.unique && rng.IntN(4) > 0:
		cell = p.common[rng.IntN(len(p.common))]
	}
	return cell, false
}

// rareTexts: one of so many texts is made up in a column whose texts many records share. What one record alone has must not come out
// of there either.
const rareTexts = 5

// scramble puts random letters and digits in the places of a text's own, in the same case. Other scripts become Latin: a canary
// should be a text that nobody has, and of known probability.
func scramble(text string, rng *rand.Rand) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsDigit(r):
			return '0' + rune(rng.IntN(10))
		case unicode.IsUpper(r):
			return 'A' + rune(rng.IntN(26))
		case unicode.IsLetter(r):
			return 'a' + rune(rng.IntN(26))
		}
		return r
	}, text)
}

// seedOf makes a seed of a name, so that parts of an audit draw apart.
func seedOf(seed uint64, part string) *rand.Rand {
	var b [8]byte
	copy(b[:], part)
	return rand.New(rand.NewPCG(seed, binary.LittleEndian.Uint64(b[:])))
}
