package mess

import (
	"testing"
	"time"
)

func TestDateForms(t *testing.T) {
	for _, tc := range []struct{ cell, key, form string }{ // no key, no date
		{"2024/01/31", "2024-01-31", "YYYY/MM/DD"},
		{"2024.01.31", "2024-01-31", "YYYY.MM.DD"},
		{"20240131", "2024-01-31", "YYYYMMDD"},
		{"2024/1/31", "2024-01-31", "YYYY/M/D"},
		{"2024-1-5", "2024-01-05", "YYYY-M-D"},
		{"2024-11-5", "2024-11-05", "YYYY-M-D"},
		{"2024-1-05", "", ""},
		{"2024.1.5", "", ""},
		{"18991231", "", ""},
		{"19000101", "1900-01-01", "YYYYMMDD"},
		{"20991231", "2099-12-31", "YYYYMMDD"},
		{"21000101", "", ""},
		{"20240231", "", ""},
		{"202401311", "", ""},
		{"31.01.2024", "2024-01-31", "DD.MM.YYYY"},
		{"01.02.2024", "2024-02-01", "DD.MM.YYYY"},
		{"1.2.2024", "2024-02-01", "D.M.YYYY"},
		{"31.1.2024", "2024-01-31", "D.M.YYYY"},
		{"31.12.2024", "2024-12-31", "DD.MM.YYYY"},
		{"01.31.2024", "", ""},
		{"1.02.2024", "", ""},
		{"1.2.24", "", ""},
		{"31.12.24", "", ""},
		{"10.10.10", "", ""},
		{"10.10.10.10", "", ""},
		{"31.12.9999", "9999-12-31", "DD.MM.YYYY"},
		{"31.12.0000", "", ""},
		{"01/31/2024", "2024-01-31", "MM/DD/YYYY"},
		{"1/31/2024", "2024-01-31", "M/D/YYYY"},
		{"03/04/2024", "2024-03-04", "MM/DD/YYYY"},
		{"3/4/2024", "2024-03-04", "M/D/YYYY"},
		{"12/12/2024", "2024-12-12", "MM/DD/YYYY"},
		{"12/13/2024", "2024-12-13", "MM/DD/YYYY"},
		{"13/12/2024", "2024-12-13", "DD/MM/YYYY"},
		{"31/01/2024", "2024-01-31", "DD/MM/YYYY"},
		{"31/1/2024", "2024-01-31", "D/M/YYYY"},
		{"31/02/2024", "", ""},
		{"02/30/2024", "", ""},
		{"13/13/2024", "", ""},
		{"00/10/2024", "", ""},
		{"01/5/2024", "", ""},
		{"001/05/2024", "", ""},
		{"01/05/024", "", ""},
		{"01/05/20245", "", ""},
		{"01/05-2024", "", ""},
		{"31-01-2024", "2024-01-31", "DD-MM-YYYY"},
		{"1-2-2024", "2024-01-02", "M-D-YYYY"},
		{"1/2/24", "2024-01-02", "M/D/YY"},
		{"12/31/68", "2068-12-31", "MM/DD/YY"},
		{"12/31/69", "1969-12-31", "MM/DD/YY"},
		{"12/31/99", "1999-12-31", "MM/DD/YY"},
		{"12/31/00", "2000-12-31", "MM/DD/YY"},
		{"31/1/24", "2024-01-31", "D/M/YY"},
		{"1-2-24", "", ""},
		{"12-31-24", "", ""},
		{"1/2", "", ""},
		{"1/2/3", "", ""},
		{"9-5", "", ""},
		{"1/2/", "", ""},
		{"31 Jan 2024", "2024-01-31", "DD Mon YYYY"},
		{"5 jan 2024", "2024-01-05", "D mon YYYY"},
		{"05 JAN 2024", "2024-01-05", "DD MON YYYY"},
		{"31-Jan-24", "2024-01-31", "DD-Mon-YY"},
		{"01-MAY-69", "1969-05-01", "DD-MON-YY"},
		{"31 January 2024", "2024-01-31", "DD Month YYYY"},
		{"5 may 2024", "2024-05-05", "D mon YYYY"},
		{"January 31, 2024", "2024-01-31", "Month DD, YYYY"},
		{"Jan 31, 2024", "2024-01-31", "Mon DD, YYYY"},
		{"Jan 31 2024", "2024-01-31", "Mon DD YYYY"},
		{"JUNE 1, 2024", "2024-06-01", "MONTH D, YYYY"},
		{"september 01 2024", "2024-09-01", "month DD YYYY"},
		{"Jan 31, 24", "", ""},
		{"Jan-31-2024", "", ""},
		{"Sept 1, 2024", "", ""},
		{"Jan. 1, 2024", "", ""},
		{"jAn 1, 2024", "", ""},
		{"Jan 2024", "", ""},
		{"1st Jan 2024", "", ""},
		{"Jan 31,2024", "", ""},
		{"Jan 32, 2024", "", ""},
		{"31 Jänner 2024", "", ""},
		{"January", "", ""},
		{"Jan ", "", ""},
		{"31 Jan", "", ""},
		{"31/", "", ""},
		{"2024/", "", ""},
		{"2024-01", "", ""},
	} {
		v, form, ok := codec(t, Date).Parse(text(tc.cell))
		if ok != (tc.key != "") || v.Key != tc.key || form != tc.form {
			t.Errorf("%q parses to %q in %q (%v), want %q in %q", tc.cell, v.Key, form, ok, tc.key, tc.form)
		}
	}
}

// takes is what a set is made from, counted one by one.
func (s *daySet) takes(f dateFields, n int64) bool {
	t := time.Unix(n*day, 0).UTC()
	return n >= s.first && n < s.end && f.takes(int(t.Month()), t.Day())
}

func TestDaySetsCountAndFind(t *testing.T) {
	_, rng := seeded(60)
	for i, f := range dateForms {
		set := daySets[i]
		for range 40 {
			lo := set.first + rng.Int64N(set.end-set.first)
			hi := min(set.end, lo+1+rng.Int64N([]int64{3, 40, 900}[rng.IntN(3)]))
			rank := set.rank(lo)
			for n := lo; n < hi; n++ {
				want := set.takes(f, n)
				if got := set.has(n); got != want || set.rank(n) != rank {
					t.Fatalf("%s: day %d: %v, want %v, rank %d, want %d", dateTexts[i], n, got, want, set.rank(n), rank)
				}
				if want {
					if got := set.at(rank); got != n {
						t.Fatalf("%s: the one of rank %d is %d, want %d", dateTexts[i], rank, got, n)
					}
					rank++
				}
			}
		}
		if set.has(set.first-1) || set.has(set.end) {
			t.Errorf("%s: days out of its years", dateTexts[i])
		}
	}
}

// A form without leading zeros is drawn from a bin as often as each of its days: 9 of 31 in a month of two digits.
func TestDrawnDaysAreUniform(t *testing.T) {
	r, _ := seeded(61)
	lo, _ := keySeconds("2024-12-01")
	s, counts := secondsSpan(lo, lo+31*day), map[string]int{}
	const n = 9000
	for range n {
		counts[codec(t, Date).Render(s, "M/D/YYYY", r).Text]++
	}
	if len(counts) != 9 {
		t.Fatalf("%d different days", len(counts))
	}
	for d, got := range counts {
		// Binomial with mean 1000 and standard deviation 29.8: one in 9 leaves ±6 σ with probability below 2e-8.
		if got < 1000-179 || got > 1000+179 {
			t.Errorf("%s was drawn %d times of %d", d, got, n)
		}
	}
}
