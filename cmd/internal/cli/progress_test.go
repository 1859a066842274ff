package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestProgressLines: without a terminal there is a line for each phase, and one every half a minute of it with what can be told.
func TestProgressLines(t *testing.T) {
	var errs bytes.Buffer
	g := &globals{logFormat: logText}
	p := newProgress(g, Streams{Err: &errs, Out: &errs, Getenv: func(string) string { return "" }}, 500e6)
	now := time.Unix(1000, 0)
	p.now = func() time.Time { return now }
	p.report("reading", 0)
	for i := range 70 {
		now = now.Add(time.Second)
		p.report("reading", float64(i+1)/100)
	}
	p.report("measuring", 0)
	now = now.Add(31 * time.Second)
	p.report("measuring", 0)
	lines := strings.Split(strings.TrimSpace(errs.String()), "\n")
	want := []string{"msg=reading", `done=30% speed="5 MB/s" left=1m10s`, `done=60% speed="5 MB/s" left=40s`, "msg=measuring", "msg=measuring done=0%"}
	if len(lines) != len(want) {
		t.Fatalf("%d lines: %s", len(lines), errs.String())
	}
	for i := range want {
		if !strings.Contains(lines[i], want[i]) || strings.Contains(lines[i], "5 MB/s") && strings.Contains(lines[i], "measuring") {
			t.Errorf("line %d is %s, want %s", i+1, lines[i], want[i])
		}
	}
}
