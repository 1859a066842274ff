package cli

import (
	"log/slog"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows how far a command is: a bar on a terminal, elsewhere one log line a phase. It is told phases and shares
// of the work, never a count.
type progress struct {
	log   func() *slog.Logger // what is known of the run grows
	bars  *mpb.Progress       // nil when there is no terminal
	bar   *mpb.Bar
	phase string
}

// barSteps is the resolution of a bar.
const barSteps = 1000

func newProgress(g *globals, streams Streams) *progress {
	p := &progress{log: func() *slog.Logger { return g.logger(streams) }}
	if streams.ErrTerminal && !g.quiet && g.logFormat != logJSON && streams.Getenv("TERM") != "dumb" {
		p.bars = mpb.New(mpb.WithOutput(streams.Err), mpb.WithWidth(40), mpb.WithAutoRefresh())
	}
	return p
}

// report is the callback that the library takes.
func (p *progress) report(phase string, done float64) {
	if phase != p.phase {
		p.phase = phase
		p.enter(phase)
	}
	if p.bar != nil {
		p.bar.SetCurrent(int64(done * barSteps))
	}
}

func (p *progress) enter(phase string) {
	if p.bars == nil {
		p.log().Info(phase)
		return
	}
	if p.bar != nil {
		p.bar.Abort(true)
	}
	p.bar = p.bars.AddBar(barSteps, mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(phase, decor.WCSyncSpaceR)),
		mpb.AppendDecorators(decor.Percentage(decor.WC{W: 5}), decor.Elapsed(decor.ET_STYLE_GO, decor.WC{W: 5})))
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
