package cli

import (
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows how far a command is: a bar on a terminal, elsewhere one log line a phase, and one every half a minute. It is told
// phases and shares of the work, never a count.
type progress struct {
	log   func() *slog.Logger // what is known of the run grows
	bars  *mpb.Progress       // nil when there is no terminal
	bar   *mpb.Bar
	size  int64            // bytes of the files that are read; 0 when unknown
	now   func() time.Time // the clock
	phase string
	began time.Time // of the phase
	said  time.Time // when the last line was logged
}

const (
	barSteps  = 1000             // the resolution of a bar
	quietTime = 30 * time.Second // between two log lines of a phase
)

// newProgress returns the progress of a command that reads files of size bytes in all.
func newProgress(g *globals, streams Streams, size int64) *progress {
	p := &progress{log: func() *slog.Logger { return g.logger(streams) }, size: size, now: time.Now}
	if streams.ErrTerminal && !g.quiet && g.logFormat != logJSON && streams.Getenv("TERM") != "dumb" {
		p.bars = mpb.New(mpb.WithOutput(streams.Err), mpb.WithWidth(40), mpb.WithAutoRefresh())
	}
	return p
}

// report is the callback that the library takes.
func (p *progress) report(phase string, done float64) {
	switch now := p.now(); {
	case phase != p.phase:
		p.phase, p.began, p.said = phase, now, now
		p.enter(phase)
	case p.bars == nil && now.Sub(p.said) >= quietTime:
		p.said = now
		p.log().Info(phase, p.pace(done, now.Sub(p.began))...)
	}
	if p.bar != nil {
		p.bar.SetCurrent(int64(done * barSteps))
	}
}

// pace says how far a phase is after a time, as attributes of a log line.
func (p *progress) pace(done float64, after time.Duration) []any {
	attrs := []any{"done", fmt.Sprintf("%.0f%%", 100*done)}
	if speed := p.speed(done, after); speed != "" {
		attrs = append(attrs, "speed", speed)
	}
	if left, ok := remaining(done, after); ok {
		attrs = append(attrs, "left", left.String())
	}
	return attrs
}

// speed returns how fast files are read; "" where none are.
func (p *progress) speed(done float64, after time.Duration) string {
	if p.size == 0 || done <= 0 || after <= 0 || !readsFiles(p.phase) {
		return ""
	}
	return fmt.Sprintf("%.0f MB/s", done*float64(p.size)/1e6/after.Seconds())
}

// readsFiles reports whether the share of a phase is one of the files' bytes.
func readsFiles(phase string) bool {
	return strings.HasPrefix(phase, "reading") || strings.HasPrefix(phase, "choosing")
}

// remaining returns how long a phase still takes if it goes on as it did; ok is false as long as that cannot be told.
func remaining(done float64, after time.Duration) (left time.Duration, ok bool) {
	if done < 0.01 || done >= 1 {
		return 0, false
	}
	return time.Duration(float64(after) * (1 - done) / done).Round(time.Second), true
}

func (p *progress) enter(phase string) {
	if p.bars == nil {
		p.log().Info(phase)
		return
	}
	if p.bar != nil {
		p.bar.Abort(true)
	}
	began := p.began
	p.bar = p.bars.AddBar(barSteps, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(phase, decor.WCSyncSpaceR)),
		mpb.AppendDecorators(decor.Percentage(decor.WC{W: 5}), decor.Any(func(s decor.Statistics) string {
			done, after := float64(s.Current)/barSteps, time.Since(began)
			text := " " + after.Round(time.Second).String()
			if speed := p.speed(done, after); speed != "" {
				text += ", " + speed
			}
			if left, ok := remaining(done, after); ok {
				text += ", " + left.String() + " left"
			}
			return text
		})))
}

// stop takes the bar off the terminal, before anything else is printed.
func (p *progress) stop() {
	if p.bars == nil {
		return
	}
	if p.bar != nil {
		p.bar.Abort(true)
	}
	p.bars.Wait()
	p.bars = nil
}
