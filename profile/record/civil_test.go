package record

import (
	"math"
	"testing"
	"time"
)

func TestCivilAgreesWithTime(t *testing.T) {
	// Every day of eight centuries, then steps of a prime through every year that time can print.
	check := func(days int64) {
		want := time.Unix(days*secondsPerDay, 0).UTC()
		y, m, d := civilFromDays(days)
		if y != int64(want.Year()) || m != int64(want.Month()) || d != int64(want.Day()) {
			t.Fatalf("day %d is %d-%d-%d, want %s", days, y, m, d, want)
		}
		if got := daysFromCivil(y, m, d); got != days {
			t.Fatalf("%d-%d-%d is day %d, want %d", y, m, d, got, days)
		}
	}
	for days := int64(-150000); days < 150000; days++ {
		check(days)
	}
	for days := int64(math.MinInt32); days < math.MaxInt32; days += 99991 {
		check(days)
	}
}

func TestTimestampExtremes(t *testing.T) {
	for _, per := range []int64{1, 1e3, 1e6, 1e9} {
		for _, v := range []int64{math.MinInt64, math.MinInt64 + 1, -1, 0, 1, math.MaxInt64 - 1, math.MaxInt64, per*secondsPerDay - 1, -per * secondsPerDay} {
			if per == 1 && (v < -1e15 || v > 1e15) {
				continue // years of more than twelve digits, which no format stores
			}
			s := string(appendTimestamp(nil, v, per))
			if got, ok := parseTimestamp(s, per); !ok || got != v {
				t.Errorf("%d units of 1/%d s are written %s and read %d, %v", v, per, s, got, ok)
			}
		}
	}
}

func TestInt96(t *testing.T) {
	// The Julian day 2440589 is 1970-01-02.
	v := []byte{0x01, 0, 0, 0, 0, 0, 0, 0, 0x8d, 0x3d, 0x25, 0}
	if got := string(appendInt96(nil, v)); got != "1970-01-02T00:00:00.000000001" {
		t.Errorf("got %s", got)
	}
}

func TestClockOutOfRange(t *testing.T) {
	for v, want := range map[int64]string{-1: "-00:00:01", 90000: "25:00:00", 360000: "100:00:00"} {
		if got := string(appendClock(nil, v, 1)); got != want {
			t.Errorf("%d s are written %s, want %s", v, got, want)
		}
	}
}
