// Package cli is the command line of patina: thin commands around the library.
//
//  1. [Main] catches interrupts as the cancellation of a context, and a panic as an internal error.
//  2. newRootCommand builds the tree of commands, one file each: newXCommand declares flags, runX(ctx, opts, streams)
//     calls the library and prints.
//  3. Results go to standard output, as one screen of text or as JSON; progress, log lines and errors to standard error.
//  4. [exitCode] turns the error into one of the frozen exit codes; with --result-file it is written down as a result.
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
func run(ctx context.Context, args []string, streams Streams) int {
	g := newGlobals()
	g.result.Started = timestamp()
	err := execute(ctx, g, args, streams)
	code := exitCode(ctx, err)
	if code == exitInterrupt || code == exitTerminate {
		err = fmt.Errorf("interrupted: %w", err)
	}
	if err != nil {
		g.report(streams, code, err)
	}
	if g.resultFile == "" {
		g.resultFile = resultPath(args)
	}
	if g.resultFile == "" {
		return code
	}
	g.result.end(code, err)
	if err := g.result.write(g.resultFile); err != nil {
		g.report(streams, exitError, err)
		code = max(code, exitError)
	}
	return code
}

// execute runs the command; a panic is an error of it.
func execute(ctx context.Context, g *globals, args []string, streams Streams) (err error) {
	defer func() {
		if recover() != nil { // the value may quote data
			err = fmt.Errorf("internal error at %s: please report it with the version you run", panicked())
		}
	}()
	root := rootCommand(g, streams)
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	g.result.Command = spoken(cmd)
	return err
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

// report prints an error, and what to do about it, on standard error.
func (g *globals) report(streams Streams, code int, err error) {
	var h *hintError
	hinted := errors.As(err, &h)
	if g.logFormat == logJSON {
		attributes := []any{"exit_code", code}
		if hinted {
			attributes = append(attributes, "hint", h.hint)
		}
		g.loggerTo(streams.Err).Error(err.Error(), attributes...)
		return
	}
	fmt.Fprintf(streams.Err, "%s %v\n", streams.style(streams.ErrTerminal).bad("patina:"), err)
	if hinted {
		fmt.Fprintf(streams.Err, "hint: %s\n", h.hint)
	}
}

// globals are the flags that all commands have, and what becomes of the command.
type globals struct {
	json       bool
	quiet      bool
	logFormat  logFormat
	logLevel   logLevel
	resultFile string
	result     result
}

func newGlobals() *globals { return &globals{logFormat: logText} }

// newRootCommand builds the tree of commands.
func newRootCommand(streams Streams) *cobra.Command { return rootCommand(newGlobals(), streams) }

func rootCommand(g *globals, streams Streams) *cobra.Command {
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
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			g.result.Command = spoken(cmd)
			if g.resultFile == "" {
				return nil
			}
			if err := replaceable(g.resultFile); err != nil {
				return usageError{err}
			}
			return nil
		},
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
	flags.Var(&g.logFormat, "log-format", "format of log lines and errors on standard error: text or json")
	flags.Var(&g.logLevel, "log-level", "which log lines: debug, info, warn or error")
	flags.StringVar(&g.resultFile, "result-file", "", "a JSON file that says how the command ended, also when it failed; replaced by the next result")
	root.AddCommand(
		newDemoCommand(g, streams),
		newInitCommand(g, streams),
		newPlanCommand(g, streams),
		newProfileCommand(g, streams),
		newInspectCommand(g, streams),
		newSampleCommand(g, streams),
		newGapCommand(g, streams),
		newDriftCommand(g, streams),
		newVerifyCommand(g, streams),
		newBudgetCommand(g, streams),
		newEvalCommand(g, streams),
		newAuditCommand(g, streams),
	)
	return root
}

// printer returns where a command prints its result.
func (g *globals) printer(streams Streams) printer {
	return printer{globals: g, out: streams.Out, style: streams.style(streams.OutTerminal)}
}

// logger returns the logger of standard error. Its lines say which run they are about, as far as that is known by now.
func (g *globals) logger(streams Streams) *slog.Logger {
	if g.quiet {
		return g.loggerTo(io.Discard)
	}
	return g.loggerTo(streams.Err)
}

func (g *globals) loggerTo(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.Level(g.logLevel)}
	var log *slog.Logger
	if g.logFormat == logJSON {
		log = slog.New(slog.NewJSONHandler(w, options))
	} else {
		log = slog.New(slog.NewTextHandler(w, options))
	}
	for _, a := range [][2]string{{"run_id", g.result.RunID}, {"dataset", g.result.Dataset}, {"reservation", g.result.Reservation}} {
		if a[1] != "" {
			log = log.With(a[0], a[1])
		}
	}
	return log
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
