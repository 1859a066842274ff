// Package cli is the command line of patina: thin commands around the library.
//
//  1. [Main] catches interrupts as the cancellation of a context, and a panic as an internal error.
//  2. newRootCommand builds the tree of commands, one file each: newXCommand declares flags, runX(ctx, opts, streams)
//     calls the library and prints.
//  3. Results go to standard output, as one screen of text or as JSON; progress, log lines and errors to standard error.
//  4. [exitCode] turns the error into one of the frozen exit codes.
//
// Nothing here is private: what a command prints of a profile left the vault with noise, and no error quotes a cell.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
)

// Main runs the command line and returns the exit code.
func Main(args []string, streams Streams) int {
	ctx, stop := withSignals(context.Background())
	defer stop()
	return run(ctx, args, streams)
}

// run is Main under a context of the caller's.
func run(ctx context.Context, args []string, streams Streams) (code int) {
	defer func() {
		if recover() != nil { // the value may quote data
			reportError(streams, fmt.Errorf("internal error at %s: please report it with the version you run", panicked()))
			code = exitError
		}
	}()
	root := newRootCommand(streams)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	code = exitCode(ctx, err)
	if code == exitInterrupt || code == exitTerminate {
		err = fmt.Errorf("interrupted: %w", err)
	}
	reportError(streams, err)
	return code
}

// panicked returns the place in the program that panicked. It is for use in a deferred function.
func panicked() string {
	pc := make([]uintptr, 64)
	frames := runtime.CallersFrames(pc[:runtime.Callers(0, pc)])
	after := false
	for {
		f, more := frames.Next()
		if after && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", f.File[strings.LastIndexByte(f.File, '/')+1:], f.Line)
		}
		after = after || f.Function == "runtime.gopanic"
		if !more {
			return "an unknown place"
		}
	}
}

// reportError prints an error, and what to do about it, on standard error.
func reportError(streams Streams, err error) {
	fmt.Fprintf(streams.Err, "%s %v\n", streams.style(streams.ErrTerminal).bad("patina:"), err)
	var h *hintError
	if errors.As(err, &h) {
		fmt.Fprintf(streams.Err, "hint: %s\n", h.hint)
	}
}

// globals are the flags that all commands have.
type globals struct {
	json      bool
	quiet     bool
	logFormat logFormat
}

func newRootCommand(streams Streams) *cobra.Command {
	g := &globals{logFormat: logText}
	root := &cobra.Command{
		Use:   "patina",
		Short: "Differentially private profiles of messy tables, and synthetic tables made from them",
		Long: `patina measures a table under differential privacy, the mess in it included (null spellings, date layouts, number
formats, masks), and writes what it found as a profile. Synthetic tables are sampled from the profile alone.`,
		Example: `  patina demo
  patina budget init contracts --epsilon 8 --delta 1e-5
  patina profile patina-demo/contracts.csv --epsilon 1 --delta 1e-6 -o contracts.parquet
  patina sample contracts.parquet -o synthetic.csv`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return hint(usageError{err}, "%s --help", cmd.CommandPath())
	})
	root.CompletionOptions.HiddenDefaultCmd = true
	flags := root.PersistentFlags()
	flags.BoolVar(&g.json, "json", false, "print the result as JSON on standard output")
	flags.BoolVarP(&g.quiet, "quiet", "q", false, "print nothing but errors, and the result if --json asks for it")
	flags.Var(&g.logFormat, "log-format", "format of log lines: text or json")
	root.AddCommand(
		newDemoCommand(g, streams),
		newInitCommand(g, streams),
		newProfileCommand(g, streams),
		newInspectCommand(g, streams),
		newSampleCommand(g, streams),
		newBudgetCommand(g, streams),
	)
	return root
}

// printer returns where a command prints its result.
func (g *globals) printer(streams Streams) printer {
	return printer{globals: g, out: streams.Out, style: streams.style(streams.OutTerminal)}
}

// logger returns the logger of standard error.
func (g *globals) logger(streams Streams) *slog.Logger {
	w := streams.Err
	if g.quiet {
		w = io.Discard
	}
	if g.logFormat == logJSON {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}

// A printer prints a command's result: a screen of text, or JSON.
type printer struct {
	*globals
	out   io.Writer
	style style
}

// print prints value as JSON if that is asked for, else what text writes, unless nothing is to be printed.
func (p printer) print(value any, text func(w *screen)) error {
	if p.json {
		enc := json.NewEncoder(p.out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(value); err != nil {
			return fmt.Errorf("print the result as JSON: %w", err)
		}
		return nil
	}
	if p.quiet {
		return nil
	}
	s := &screen{style: p.style}
	text(s)
	if _, err := io.WriteString(p.out, s.String()); err != nil {
		return fmt.Errorf("print the result: %w", err)
	}
	return nil
}
