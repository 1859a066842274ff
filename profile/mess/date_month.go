package mess

import (
	"strings"
	"time"
)

// A naming is how a month is written: as a number, or as an English name, in three letters or in full.
type naming uint8

const (
	numbered naming = iota
	abbreviated
	abbreviatedUpper
	abbreviatedLower
	inFull
	inFullUpper
	inFullLower
	namings // how many there are
)

// full reports whether names are written in full.
func (n naming) full() bool { return n >= inFull }

// may is the month whose name is its own abbreviation, and counts as that.
const may = 5

// monthMarks are what stands for a month's name in a form.
var monthMarks = [namings]string{"MM", "Mon", "MON", "mon", "Month", "MONTH", "month"}

// monthNames are the names of January and on.
var monthNames = func() (t [namings][12]string) {
	for i := range 12 {
		name := time.Month(i + 1).String()
		t[inFull][i], t[inFullUpper][i], t[inFullLower][i] = name, strings.ToUpper(name), strings.ToLower(name)
		for n := abbreviated; n < inFull; n++ {
			t[n][i] = t[n+inFull-abbreviated][i][:3]
		}
	}
	return t
}()

// A monthWord is what a name says, and how.
type monthWord struct {
	month int
	name  naming
}

// monthWords inverts monthNames.
var monthWords = func() map[string]monthWord {
	m := map[string]monthWord{}
	for n := namings - 1; n > numbered; n-- { // abbreviations last: May is one
		for i, name := range monthNames[n] {
			m[name] = monthWord{i + 1, n}
		}
	}
	return m
}()

// cutMonth reads a month's name.
func cutMonth(s string) (w monthWord, rest string, ok bool) {
	n := 0
	for n < len(s) && (s[n]|0x20) >= 'a' && (s[n]|0x20) <= 'z' {
		n++
	}
	w, ok = monthWords[s[:n]]
	return w, s[n:], ok
}
