package main

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/patina-data/patina/profile/record"
)

// readTable returns the cells of a file, column by column.
func readTable(t testing.TB, path string) [][]record.Cell {
	t.Helper()
	src, err := record.Open([]string{path}, record.Options{})
	if err != nil {
		t.Fatal(err)
	}
	cells := make([][]record.Cell, len(src.Schema().Columns))
	err = src.Read(context.Background(), nil, func(b *record.Batch) error {
		for c := range cells {
			cells[c] = append(cells[c], b.Cells[c][:b.Rows]...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return cells
}

// maxDistinct is how many distinct cells a column may have for each to count by itself.
const maxDistinct = 100

// A coder turns the cells of a column into codes that can be counted. Of a column of few distinct cells, each is a code. Of others, the numbers are
// cut at the deciles of the real column where most of it is numbers, those of the other cells that are a hundredth of it or more are a code each, and
// the rest is code 0.
type coder struct {
	codes map[record.Cell]int32
	cuts  []float64 // the least of each bin but the first; nil where numbers are cells like others
}

func newCoders(cells [][]record.Cell) (coders []coder) {
	for _, column := range cells {
		coders = append(coders, newCoder(column))
	}
	return coders
}

func newCoder(cells []record.Cell) coder {
	count := map[record.Cell]int{}
	var numbers []float64
	for _, c := range cells {
		count[c]++
		if v, ok := number(c); ok {
			numbers = append(numbers, v)
		}
	}
	c := coder{codes: map[record.Cell]int32{}}
	few := len(count) <= maxDistinct
	if !few && 2*len(numbers) > len(cells) {
		slices.Sort(numbers)
		for i := 1; i < 10; i++ {
			c.cuts = append(c.cuts, numbers[len(numbers)*i/10])
		}
		c.cuts = slices.Compact(c.cuts)
	}
	for cell, n := range count {
		if _, cut := c.bin(cell); !cut && (few || 100*n >= len(cells)) {
			c.codes[cell] = int32(len(c.codes) + 1)
		}
	}
	return c
}

// number reads a cell as a finite number.
func number(c record.Cell) (float64, bool) {
	v, err := strconv.ParseFloat(c.Text, 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// bin returns the bin that a cell is in, if numbers are cut and it is one.
func (c coder) bin(cell record.Cell) (bin int, ok bool) {
	if c.cuts == nil {
		return 0, false
	}
	v, ok := number(cell)
	bin, _ = slices.BinarySearchFunc(c.cuts, v, func(cut, v float64) int {
		if cut <= v {
			return -1
		}
		return 1
	})
	return bin, ok
}

func (c coder) code(cell record.Cell) int32 {
	if bin, ok := c.bin(cell); ok {
		return int32(1 + len(c.codes) + bin)
	}
	return c.codes[cell]
}

// size is how many codes there are.
func (c coder) size() int { return 2 + len(c.codes) + len(c.cuts) }

// A coded table has its columns' codes and how many there may be of each.
type coded struct {
	columns [][]int32
	sizes   []int
}

func code(coders []coder, cells [][]record.Cell) (t coded) {
	for i, c := range coders {
		column := make([]int32, len(cells[i]))
		for k, cell := range cells[i] {
			column[k] = c.code(cell)
		}
		t.columns, t.sizes = append(t.columns, column), append(t.sizes, c.size())
	}
	return t
}

func (t coded) rows() int { return len(t.columns[0]) }

// pick returns the table of the given rows.
func (t coded) pick(rows []int) coded {
	out := coded{sizes: t.sizes}
	for _, column := range t.columns {
		picked := make([]int32, len(rows))
		for i, r := range rows {
			picked[i] = column[r]
		}
		out.columns = append(out.columns, picked)
	}
	return out
}

// half returns one of the table's halves, 0 or 1, at random but always the same.
func (t coded) half(which int) coded {
	rows := rand.New(rand.NewPCG(2, 2)).Perm(t.rows())
	middle := len(rows) / 2
	if which == 0 {
		return t.pick(rows[:middle])
	}
	return t.pick(rows[middle:])
}

// redrawn returns as many rows, each drawn from all.
func (t coded) redrawn(rng *rand.Rand) coded {
	rows := make([]int, t.rows())
	for i := range rows {
		rows[i] = rng.IntN(len(rows))
	}
	return t.pick(rows)
}

// shuffled returns the table with the cells of each column in an order of its own.
func (t coded) shuffled(rng *rand.Rand) coded {
	out := coded{sizes: t.sizes}
	for i := range t.columns {
		one := coded{columns: t.columns[i : i+1], sizes: t.sizes[i : i+1]}
		out.columns = append(out.columns, one.pick(rng.Perm(t.rows())).columns[0])
	}
	return out
}

// distances returns the mean total variation distance of two tables over all sets of one, two and three columns; NaN where there are none.
func (t coded) distances(u coded) (mean [3]float64) {
	largest := 1
	sizes := slices.SortedFunc(slices.Values(t.sizes), func(a, b int) int { return cmp.Compare(b, a) })
	for _, s := range sizes[:min(3, len(sizes))] {
		largest *= s
	}
	diff := make([]float64, largest)
	var sets [3]float64
	var visit func(columns []int)
	visit = func(columns []int) {
		first := 0
		if k := len(columns); k > 0 {
			first = columns[k-1] + 1
			mean[k-1] += t.distance(u, columns, diff)
			sets[k-1]++
		}
		for c := first; c < len(t.columns) && len(columns) < 3; c++ {
			visit(append(columns, c))
		}
	}
	visit(make([]int, 0, 3))
	for i := range mean {
		mean[i] /= sets[i]
	}
	return mean
}

// distance is the total variation distance of two tables' marginals over some columns. What it adds up in, diff, is zero before and after.
func (t coded) distance(u coded, columns []int, diff []float64) (tvd float64) {
	t.count(columns, func(at int) { diff[at] += 1 / float64(t.rows()) })
	u.count(columns, func(at int) { diff[at] -= 1 / float64(u.rows()) })
	take := func(at int) {
		tvd += math.Abs(diff[at]) / 2
		diff[at] = 0
	}
	t.count(columns, take)
	u.count(columns, take)
	return tvd
}

// count calls do with the cell of the marginal that each row is in.
func (t coded) count(columns []int, do func(at int)) {
	for r := range t.rows() {
		at := 0
		for _, c := range columns {
			at = at*t.sizes[c] + int(t.columns[c][r])
		}
		do(at)
	}
}

func TestDistances(t *testing.T) {
	texts := func(cells ...string) (column []record.Cell) {
		for _, c := range cells {
			column = append(column, record.Cell{Tag: record.Text, Text: c})
		}
		return column
	}
	real := [][]record.Cell{texts("a", "a", "b", "b"), texts("0", "0", "1", "1"), texts("x", "y", "x", "y")}
	for _, w := range []struct {
		name      string
		synthetic [][]record.Cell
		want      [3]float64
	}{
		{"the same", real, [3]float64{}},
		{"each row twice", [][]record.Cell{
			append(real[0], real[0]...), append(real[1], real[1]...), append(real[2], real[2]...),
		}, [3]float64{}},
		// Of three pairs one had been equal and is independent now: ½ of its mass moves.
		{"independent", [][]record.Cell{
			texts("a", "a", "b", "b", "a", "a", "b", "b"), texts("0", "0", "0", "0", "1", "1", "1", "1"), texts("x", "y", "x", "y", "x", "y", "x", "y"),
		}, [3]float64{0, 0.5 / 3, 0.5}},
		{"nothing in common", [][]record.Cell{texts("c"), texts("2"), texts("z")}, [3]float64{1, 1, 1}},
	} {
		t.Run(w.name, func(t *testing.T) {
			coders := newCoders(real)
			got := code(coders, real).distances(code(coders, w.synthetic))
			for i, d := range got {
				if math.Abs(d-w.want[i]) > 1e-12 {
					t.Errorf("distance of %d columns is %g, want %g", i+1, d, w.want[i])
				}
			}
		})
	}
}

func TestCoder(t *testing.T) {
	var numbers []record.Cell
	for i := range 1000 {
		numbers = append(numbers, record.Cell{Tag: record.Text, Text: strconv.Itoa(i)})
	}
	missing := record.Cell{Tag: record.Text}
	for range 100 {
		numbers = append(numbers, missing)
	}
	c := newCoder(numbers)
	count := map[int32]int{}
	for _, cell := range numbers {
		count[c.code(cell)]++
	}
	if len(count) != 11 || count[c.code(missing)] != 100 {
		t.Errorf("%d codes, %d cells that are coded like missing ones: want ten bins and the missing", len(count), count[c.code(missing)])
	}
	for bin, cell := range []string{"-5", "100", "200.5", "300", "400", "5e2", "650", "700", "800", "1e9"} {
		if got := int(c.code(record.Cell{Tag: record.Text, Text: cell})) - 2; got != bin {
			t.Errorf("%s is in bin %d, want %d", cell, got, bin)
		}
	}
	if got := c.code(record.Cell{Tag: record.Text, Text: "rare"}); got != 0 {
		t.Errorf("a cell that the column has not is code %d, want 0", got)
	}
}
