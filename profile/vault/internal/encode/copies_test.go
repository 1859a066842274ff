package encode

import (
	"math"
	"slices"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/raw"
)

// tableOf makes a table of two columns of the rows, each as often as said; a row "" has no cells.
func tableOf(rows map[string]int) *raw.Table {
	t := &raw.Table{Unit: dp.OneRecord(), Columns: make([]raw.Column, 2)}
	for c := range t.Columns {
		t.Columns[c].Cells = []record.Cell{{}}
	}
	for text, times := range rows {
		code := uint32(0)
		if text != "" {
			for c := range t.Columns {
				t.Columns[c].Cells = append(t.Columns[c].Cells, record.Cell{Tag: record.Text, Text: text})
			}
			code = uint32(len(t.Columns[0].Cells) - 1)
		}
		for range times {
			t.Columns[0].Codes = append(t.Columns[0].Codes, code)
			t.Columns[1].Codes = append(t.Columns[1].Codes, 0)
			t.Rows++
		}
	}
	return t
}

func TestCopies(t *testing.T) {
	rows := map[string]int{"": 30, "a": 1, "b": 1, "c": 2, "d": 3, "e": 4, "f": 5, "g": 8, "h": 9, "i": 16, "j": 17, "k": 400}
	counts := Copies(tableOf(rows))
	if got, want := newOpener(t).counts(t, counts), []int64{2, 1, 1, 1, 2, 2, 2}; !slices.Equal(got, want) {
		t.Errorf("counted %v, want %v", got, want)
	}
	s := counts.Sensitivity()
	if s.L2() != math.Sqrt2 || s.Linf() != 1 || s.L0() != 2 {
		t.Errorf("the sensitivity is %g in L2, %d in L∞, %d in L0", s.L2(), s.Linf(), s.L0())
	}
	if got := newOpener(t).counts(t, Copies(&raw.Table{Unit: dp.OneRecord()})); slices.Max(got) != 0 || len(got) != len(profile.CopyRanges()) {
		t.Errorf("counted %v in no rows", got)
	}
}

// TestCopiesSeeEveryColumn: rows that differ in one column are distinct, and equal codes in other columns are no equal rows.
func TestCopiesSeeEveryColumn(t *testing.T) {
	table := tableOf(map[string]int{"a": 2, "b": 2})
	table.Columns[1].Cells = append(table.Columns[1].Cells, record.Cell{Tag: record.Text})
	table.Columns[1].Codes = []uint32{0, 1, 0, 1}
	if got, want := newOpener(t).counts(t, Copies(table)), []int64{4, 0, 0, 0, 0, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("counted %v, want %v", got, want)
	}
}

// TestOneMoreCopy adds one more record to every number of copies there can be: it changes two counts by one, or one, or none,
// never more than the sensitivity says.
func TestOneMoreCopy(t *testing.T) {
	o := newOpener(t)
	for _, text := range []string{"", "a", "b"} {
		for n := range 20 {
			rows := map[string]int{"": 3, "a": 4, "b": n}
			before := o.counts(t, Copies(tableOf(rows)))
			rows[text]++
			counts := Copies(tableOf(rows))
			square := int64(0)
			for i, after := range o.counts(t, counts) {
				square += (after - before[i]) * (after - before[i])
			}
			if most := counts.Sensitivity().L2(); math.Sqrt(float64(square)) > most*(1+1e-12) || text == "" && square > 0 {
				t.Errorf("one more %q beside %d of b changes the counts by √%d", text, n, square)
			}
		}
	}
}
