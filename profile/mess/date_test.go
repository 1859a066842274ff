package mess

import (
	"cmp"
	"slices"
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
		{"Sept 1, 2024", "2024-09-01", "Mon(ap) D, YYYY"},
		{"Jan. 1, 2024", "2024-01-01", "Mon. D, YYYY"},
		{"05-Jan.-24", "2024-01-05", "DD-Mon.-YY"},
		{"January. 1, 2024", "", ""},
		{"jAn 1, 2024", "", ""},
		{"Jan 2024", "2024-01-01", "Mon YYYY"},
		{"May 2024", "2024-05-01", "Mon YYYY"},
		{"FEBRUARY-2024", "2024-02-01", "MONTH-YYYY"},
		{"Jan-24", "2024-01-01", "Mon-YY"},
		{"Jan 24", "", ""},
		{"Jan/2024", "", ""},
		{"1st Jan 2024", "2024-01-01", "Dth Mon YYYY"},
		{"22nd January 2024", "2024-01-22", "Dth Month YYYY"},
		{"January 3rd, 2024", "2024-01-03", "Month Dth, YYYY"},
		{"January 11th 2024", "2024-01-11", "Month Dth YYYY"},
		{"January 11st 2024", "", ""},
		{"01st Jan 2024", "", ""},
		{"1st/2/2024", "", ""},
		{"Monday, 1 Jan 2024", "2024-01-01", "Day, D Mon YYYY"},
		{"Mon, 01 Jan 2024", "2024-01-01", "Dy, DD Mon YYYY"},
		{"TUE Jan 2 2024", "2024-01-02", "DY Mon D YYYY"},
		{"Mon Jan  1 2024", "2024-01-01", "Dy Mon  D YYYY"},
		{"Fri Jan  12 2024", "", ""},
		{"sunday, december 31, 2023", "2023-12-31", "day, month DD, YYYY"},
		{"Tue 2024-01-02", "2024-01-02", "Dy YYYY-MM-DD"},
		{"Tue, 1/2/2024", "2024-01-02", "Dy, M/D/YYYY"},
		{"Mon 1/2/2024", "", ""},
		{"Tue 1/2/24", "", ""},
		{"Tue,2024-01-02", "", ""},
		{"Mon Jan 2024", "", ""},
		{"Mon", "", ""},
		{"Mon, ", "", ""},
		{"03/Jan/2024", "2024-01-03", "DD/Mon/YYYY"},
		{"3. März 2024", "2024-03-03", "D. Month(de) YYYY"},
		{"13. Dezember 2024", "2024-12-13", "DD. Month(de) YYYY"},
		{"13. August 2024", "2024-08-13", "DD. Month YYYY"},
		{"3 févr. 2024", "2024-02-03", "D mon(fr). YYYY"},
		{"14 JUILLET 2024", "2024-07-14", "DD MONTH(fr) YYYY"},
		{"3 de marzo de 2024", "2024-03-03", "D de month(es) de YYYY"},
		{"enero de 2024", "2024-01-01", "month(es) de YYYY"},
		{"Março de 2024", "2024-03-01", "Month(pt) de YYYY"},
		{"05-ott-24", "2024-10-05", "DD-mon(it)-YY"},
		{"9 mei 2024", "2024-05-09", "D mon(nl) YYYY"},
		{"3 de marzo 2024", "", ""},
		{"2024-01", "2024-01-01", "YYYY-MM"},
		{"2024/12", "2024-12-01", "YYYY/MM"},
		{"2024-1", "", ""},
		{"2024-13", "", ""},
		{"2024.01", "", ""},
		{"1850-01", "", ""},
		{"03/2024", "2024-03-01", "MM/YYYY"},
		{"13/2024", "", ""},
		{"3/2024", "", ""},
		{"2024Q3", "2024-07-01", "YYYYQq"},
		{"2024-Q1", "2024-01-01", "YYYY-Qq"},
		{"Q4 2024", "2024-10-01", "Qq YYYY"},
		{"Q5 2024", "", ""},
		{"Q12024", "", ""},
		{"2024Q", "", ""},
		{"2024-W05", "2024-01-29", "YYYY-Www"},
		{"2020W53", "2020-12-28", "YYYYWww"},
		{"2025-W01", "2024-12-30", "YYYY-Www"},
		{"2024-W53", "", ""},
		{"2024-W00", "", ""},
		{"2024-W5", "", ""},
		{"Jan 31,2024", "", ""},
		{"Jan 32, 2024", "", ""},
		{"31 Jänner 2024", "", ""},
		{"January", "", ""},
		{"Jan ", "", ""},
		{"31 Jan", "", ""},
		{"31/", "", ""},
		{"2024/", "", ""},
	} {
		v, form, ok := codec(t, Date).Parse(text(tc.cell))
		if ok != (tc.key != "") || v.Key != tc.key || form != tc.form {
			t.Errorf("%q parses to %q in %q (%v), want %q in %q", tc.cell, v.Key, form, ok, tc.key, tc.form)
		}
	}
}

// In a column that is known to have the day first, it is read and written so wherever it can be.
func TestDayFirst(t *testing.T) {
	for _, tc := range []struct{ cell, key, form string }{
		{"03/04/2024", "2024-04-03", "DD/MM/YYYY"},
		{"3/4/24", "2024-04-03", "D/M/YY"},
		{"13-04-2024", "2024-04-13", "DD-MM-YYYY"},
		{"04-13-2024", "2024-04-13", "MM-DD-YYYY"},
		{"12/31/2024", "2024-12-31", "MM/DD/YYYY"},
		{"2024-03-04", "2024-03-04", "YYYY-MM-DD"},
		{"March 4, 2024", "2024-03-04", "Month D, YYYY"},
		{"03.04.2024", "2024-04-03", "DD.MM.YYYY"},
	} {
		v, form, ok := DayFirst(codec(t, Date)).Parse(text(tc.cell))
		if !ok || v.Key != tc.key || form != tc.form {
			t.Errorf("%q parses to %q in %q (%v), want %q in %q", tc.cell, v.Key, form, ok, tc.key, tc.form)
		}
	}
	r, rng := seeded(63)
	c := DayFirst(codec(t, Timestamp))
	all := layouts()
	for range 3000 {
		lo := floorDiv(randomSecond(rng), day) * day
		checkRender(t, c, secondsSpan(lo, min(axisEnd, lo+(1+rng.Int64N(40))*day)), all[rng.IntN(len(all))].String(), r)
	}
	if DayFirst(codec(t, Integer)) != codec(t, Integer) || DayFirst(codec(t, Date)) == codec(t, Date) {
		t.Error("only dates have an order")
	}
}

// soundForms are all forms that are read, but for a choice of names and weekdays.
func soundForms() (all []dateFields) {
	_, rng := seeded(64)
	for f := range dateShapes {
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b dateFields) int { return cmp.Compare(a.text(), b.text()) })
	for _, f := range slices.Clone(all) {
		for range 8 {
			f := f
			if f.name != numbered {
				f.name, f.lang, f.dotted = naming(1+rng.IntN(int(namings)-1)), language(rng.IntN(len(languages))), rng.IntN(3) == 0
			}
			if rng.IntN(2) == 0 {
				f.weekday, f.apart = naming(1+rng.IntN(int(namings)-1)), rng.IntN(2) == 0
			}
			if f.isSound() && !slices.Contains(all, f) {
				all = append(all, f)
			}
		}
	}
	return all
}

func (f dateFields) text() string { return string(f.describe(nil)) }

// takes is what a set is made from, counted one by one.
func (s *daySet) takes(f dateFields, first order, n int64) bool {
	t := time.Unix(n*day, 0).UTC()
	if f.order == yearWeek {
		return n >= s.first && n < s.end && t.Weekday() == time.Monday
	}
	return n >= s.first && n < s.end && f.takes(int(t.Month()), t.Day(), first)
}

func TestDaySetsCountAndFind(t *testing.T) {
	_, rng := seeded(60)
	for _, f := range soundForms() {
		first := []order{dayFirst, monthFirst}[rng.IntN(2)]
		set := f.days(first)
		for range 4 {
			lo := set.first + rng.Int64N(set.end-set.first)
			hi := min(set.end, lo+1+rng.Int64N([]int64{3, 40, 900}[rng.IntN(3)]))
			rank := set.rank(lo)
			for n := lo; n < hi; n++ {
				want := set.takes(f, first, n)
				if got := set.has(n); got != want || set.rank(n) != rank {
					t.Fatalf("%s: day %d: %v, want %v, rank %d, want %d", f.text(), n, got, want, set.rank(n), rank)
				}
				if want {
					if got := set.at(rank); got != n {
						t.Fatalf("%s: the one of rank %d is %d, want %d", f.text(), rank, got, n)
					}
					rank++
				}
			}
		}
		if set.has(set.first-1) || set.has(set.end) {
			t.Errorf("%s: days out of its years", f.text())
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
