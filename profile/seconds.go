package profile

import (
	"strconv"
	"time"
)

// maxYear is the last year FormatSeconds writes: the exclusive end of the years with four digits is in it.
const maxYear = 10000

// FormatSeconds writes civil seconds since 1970-01-01T00:00:00 as "2006-01-02" at midnight and as
// "2006-01-02T15:04:05" otherwise. Outside the years 0 to 10000 it writes the plain number of seconds.
func FormatSeconds(sec int64) string {
	first := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	end := time.Date(maxYear+1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	if sec < first || sec >= end {
		return strconv.FormatInt(sec, 10)
	}
	t := time.Unix(sec, 0).UTC()
	if t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 {
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02T15:04:05")
}
