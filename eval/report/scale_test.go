package report

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestTicks(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	seconds := func(d time.Duration) float64 { return Seconds(at.Add(d)) }
	for name, test := range map[string]struct {
		axis Axis
		span scale
		want string
	}{
		"up to eight":   {Axis{}, scale{0, 8}, "0 2 4 6 8"},
		"a third":       {Axis{}, scale{0, 0.3}, "0 0.1 0.2 0.3"},
		"tiny":          {Axis{}, scale{0, 3e-12}, "0 1e-12 2e-12 3e-12"},
		"large":         {Axis{}, scale{0, 81_000}, "0 5e+04 1e+05"},
		"below zero":    {Axis{Unit: Percent}, scale{-0.07, 0.33}, "-10 % 0 % 10 % 20 % 30 % 40 %"},
		"one number":    {Axis{}, scale{5, 5}, "0 2 4 6"},
		"nothing":       {Axis{}, scale{0, 0}, "0 0.5 1"},
		"years":         {Axis{Unit: Date}, scale{seconds(0), seconds(2000 * 24 * time.Hour)}, "Mar 2026 Nov 2028 Aug 2031"},
		"weeks":         {Axis{Unit: Date}, scale{seconds(0), seconds(20 * 24 * time.Hour)}, "1 Mar 2026 11 Mar 2026 21 Mar 2026"},
		"hours":         {Axis{Unit: Date}, scale{seconds(0), seconds(2 * time.Hour)}, "1 Mar 09:30 1 Mar 10:30 1 Mar 11:30"},
		"seconds":       {Axis{Unit: Date}, scale{seconds(0), seconds(20 * time.Second)}, "09:30:00 09:30:10 09:30:20"},
		"one moment":    {Axis{Unit: Date}, scale{seconds(0), seconds(0)}, "1 Mar 2026"},
		"other numbers": {Axis{}, scale{3, 4}, "3 3.5 4"},
	} {
		s, list := test.axis.ticks(test.span)
		var labels []string
		for _, k := range list {
			labels = append(labels, k.Label)
			if k.At < s.lo-1e-9 || k.At > s.hi+1e-9 {
				t.Errorf("%s: tick %g is off the scale %v", name, k.At, s)
			}
		}
		if got := strings.Join(labels, " "); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
		if test.axis.Unit != Date && (s.lo > test.span.lo || s.hi < test.span.hi) {
			t.Errorf("%s: the scale %v does not hold %v", name, s, test.span)
		}
	}
}

// TestStepsStay: a balance stays until it changes, so its line has no slope.
func TestStepsStay(t *testing.T) {
	s := Series{Steps: true, Points: []Point{{X: 0, Y: 0}, {X: 1, Y: 10}, {X: 2, Y: 5}}}
	got := strings.Fields(s.corners(scale{0, 2}, scale{0, 10}))
	if want := []string{"0,220", "500,220", "500,0", "1000,0", "1000,110"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	s.Steps = false
	if got := len(strings.Fields(s.corners(scale{0, 2}, scale{0, 10}))); got != 3 {
		t.Errorf("a line of 3 points has %d corners", got)
	}
}

func TestShades(t *testing.T) {
	for _, test := range []struct {
		x, top float64
		want   string
	}{{0, 1, "h0"}, {1, 1, "h8"}, {2, 1, "h8"}, {-1, 1, "h8"}, {0.5, 1, "h4"}, {math.NaN(), 1, "none"}, {0, 0, "none"}} {
		if got := shade(test.x, test.top); got != test.want {
			t.Errorf("shade(%g, %g) = %s, want %s", test.x, test.top, got, test.want)
		}
	}
}

func TestAnchors(t *testing.T) {
	list := parts([]Section{{Title: "What was spent"}, {Title: "Was, what: SPENT?"}, {Title: "what was spent"}, {Title: "…"}})
	var ids []string
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	if want := []string{"what-was-spent", "was-what-spent", "what-was-spent-3", "-4"}; !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
}

func TestMark(t *testing.T) {
	for text, want := range map[string]string{
		"a `b<c` d": "a <code>b&lt;c</code> d",
		"a ` b":     "a ` b",
		"<i>":       "&lt;i&gt;",
		"``":        "<code></code>",
	} {
		if got := string(mark(text)); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
