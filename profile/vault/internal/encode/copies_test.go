package encode

import (
	"math"
	"slices"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/raw"
	"github.com/patina-data/patina/profile/vault/internal/spill"
)

// tableOf makes a table of the rows, each as often as said; an empty cell is absent.
func tableOf(limits raw.Limits, rows map[[2]string]int) *raw.Table {
	store := spill.New(1<<20, "")
	t := &raw.Table{Unit: dp.OneRecord(), Columns: make([]raw.Column, 2)}
	builders := []*raw.Builder{raw.NewBuilder(t.Unit, store, limits), raw.NewBuilder(t.Unit, store, limits)}
	for texts, times := range rows {
		for range times {
			for c, b := range builders {
				cell := record.Cell{}
				if texts[c] != "" {
					cell = record.Cell{Tag: record.Text, Text: texts[c]}
				}
				b.Add([]record.Cell{cell})
			}
			t.Rows++
		}
	}
	for c, b := range builders {
		t.Columns[c] = *b.Column()
	}
	return t
}

func TestCopies(t *testing.T) {
	rows := map[[2]string]int{
		{}: 30, {"a"}: 1, {"b"}: 1, {"c"}: 2, {"d"}: 3, {"e"}: 4, {"f"}: 5, {"g"}: 8, {"h"}: 9, {"i"}: 16, {"j"}: 17, {"k"}: 400,
	}
	var s dp.Sensitivity
	for _, limits := range []raw.Limits{raw.DefaultLimits(), plain} {
		counts := Copies(tableOf(limits, rows))
		if got, want := newOpener(t).counts(t, counts), []int64{2, 1, 1, 1, 2, 2, 2}; !slices.Equal(got, want) {
			t.Errorf("held as %+v: counted %v, want %v", limits, got, want)
		}
		s = counts.Sensitivity()
	}
	if s.L2() != math.Sqrt2 || s.Linf() != 1 || s.L0() != 2 {
		t.Errorf("the sensitivity is %g in L2, %d in L∞, %d in L0", s.L2(), s.Linf(), s.L0())
	}
	if got := newOpener(t).counts(t, Copies(&raw.Table{Unit: dp.OneRecord()})); slices.Max(got) != 0 || len(got) != len(profile.CopyRanges()) {
		t.Errorf("counted %v in no rows", got)
	}
}

// TestCopiesSeeEveryColumn: rows that differ in one column are distinct, and equal codes in other columns are no equal rows.
func TestCopiesSeeEveryColumn(t *testing.T) {
	for _, limits := range []raw.Limits{raw.DefaultLimits(), plain} {
		table := tableOf(limits, map[[2]string]int{{"a"}: 1, {"a", "x"}: 1, {"b"}: 1, {"b", "x"}: 1, {"x", "b"}: 1, {"", "a"}: 1})
		if got, want := newOpener(t).counts(t, Copies(table)), []int64{6, 0, 0, 0, 0, 0, 0}; !slices.Equal(got, want) {
			t.Errorf("held as %+v: counted %v, want %v", limits, got, want)
		}
	}
}

// TestOneMoreCopy adds one more record to every number of copies there can be: it changes two counts by one, or one, or none,
// never more than the sensitivity says.
func TestOneMoreCopy(t *testing.T) {
	o := newOpener(t)
	for _, text := range []string{"", "a", "b"} {
		for n := range 20 {
			rows := map[[2]string]int{{}: 3, {"a"}: 4, {"b"}: n}
			before := o.counts(t, Copies(tableOf(raw.DefaultLimits(), rows)))
			rows[[2]string{text}]++
			counts := Copies(tableOf(plain, rows))
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
