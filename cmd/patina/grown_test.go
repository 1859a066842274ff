package main

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"
)

// levels is how many levels a made-up column has: what its cells are is drawn from the level.
const levels = 10

// keep is how often a row's level in a column is the one in the column that it depends on.
const keep = 0.7

// writeGrown writes a made-up table as CSV, always the same: its columns, which depend on each other in a random tree, are by turns categories,
// integers, decimals, dates and booleans, of which some are missing or written in another way depending on another column.
func writeGrown(path string, rows, columns int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	rng := rand.New(rand.NewPCG(1, 1))
	parents, level := make([]int, columns), make([]int, columns)
	for c := range columns {
		fmt.Fprintf(w, "%scolumn %d", separator(c), c)
		if c > 0 {
			parents[c] = rng.IntN(c)
		}
	}
	line := []byte("\n")
	for range rows {
		for c, p := range parents {
			if level[c] = rng.IntN(levels); c > 0 && rng.Float64() < keep {
				level[c] = level[p]
			}
			line = append(line, separator(c)...)
			line = grownCell(line, c%5, level[c], level[p], rng)
		}
		line = append(line, '\n')
		if _, err := w.Write(line); err != nil {
			return err
		}
		line = line[:0]
	}
	return w.Flush()
}

func separator(column int) string {
	if column == 0 {
		return ""
	}
	return ","
}

// grownCell appends a cell of one of five kinds, given its level and that of the column which it depends on.
func grownCell(line []byte, kind, level, other int, rng *rand.Rand) []byte {
	switch kind {
	case 0:
		return append(append(line, "region "...), byte('A'+level))
	case 1:
		return strconv.AppendInt(line, int64(level*level*10+rng.IntN(20*level+10)), 10)
	case 2:
		if other == 0 {
			return append(line, "N/A"...)
		}
		return strconv.AppendFloat(line, float64(level)+float64(rng.IntN(100))/100, 'f', 2, 64)
	case 3:
		day := time.Date(2020, 1, 1+level*90+rng.IntN(90), 0, 0, 0, 0, time.UTC)
		if other > 7 {
			return day.AppendFormat(line, "1/2/2006")
		}
		return day.AppendFormat(line, time.DateOnly)
	default:
		if level > 6 {
			return append(line, "yes"...)
		}
		return append(line, "no"...)
	}
}
