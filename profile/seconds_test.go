package profile

import (
	"math"
	"testing"
)

func TestFormatSeconds(t *testing.T) {
	for sec, want := range map[int64]string{
		0:                "1970-01-01",
		1:                "1970-01-01T00:00:01",
		-1:               "1969-12-31T23:59:59",
		951782400:        "2000-02-29",
		-62135596800:     "0001-01-01",
		253402300800:     "10000-01-01",
		math.MaxInt64:    "9223372036854775807",
		math.MinInt64:    "-9223372036854775808",
		-62167219200 - 1: "-62167219201",
	} {
		if got := FormatSeconds(sec); got != want {
			t.Errorf("FormatSeconds(%d) = %q, want %q", sec, got, want)
		}
	}
}
