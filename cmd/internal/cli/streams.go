package cli

import (
	"io"
	"os"

	"github.com/mattn/go-isatty"
)

// Streams are a process' surroundings, so that tests can bring their own.
type Streams struct {
	Out, Err    io.Writer
	OutTerminal bool // Out is a terminal
	ErrTerminal bool // Err is a terminal
	Getenv      func(string) string
}

// OSStreams returns the streams of this process.
func OSStreams() Streams {
	return Streams{
		Out: os.Stdout, Err: os.Stderr,
		OutTerminal: isatty.IsTerminal(os.Stdout.Fd()), ErrTerminal: isatty.IsTerminal(os.Stderr.Fd()),
		Getenv: os.Getenv,
	}
}

// style returns how to write on a stream. NO_COLOR (no-color.org) and TERM=dumb turn styles off.
func (s Streams) style(terminal bool) style {
	return style{on: terminal && s.Getenv("NO_COLOR") == "" && s.Getenv("TERM") != "dumb"}
}

// A style marks text on a terminal that can show it.
type style struct{ on bool }

func (s style) mark(code, text string) string {
	if !s.on || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) strong(text string) string { return s.mark("1", text) }
func (s style) faint(text string) string  { return s.mark("2", text) }
func (s style) bad(text string) string    { return s.mark("31", text) }
