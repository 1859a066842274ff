package cli

import (
	"errors"
	"log/slog"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/profile/spec"
)

// logFormat is the value of --log-format.
type logFormat string

const (
	logText logFormat = "text"
	logJSON logFormat = "json"
)

func (f *logFormat) String() string { return string(*f) }
func (f *logFormat) Type() string   { return "FORMAT" }
func (f *logFormat) Set(s string) error {
	if s != string(logText) && s != string(logJSON) {
		return errors.New("want text or json")
	}
	*f = logFormat(s)
	return nil
}

// logLevel is the value of --log-level: the least that is logged.
type logLevel slog.Level

func (l *logLevel) Type() string   { return "LEVEL" }
func (l *logLevel) String() string { return strings.ToLower(slog.Level(*l).String()) }
func (l *logLevel) Set(s string) error {
	switch s {
	case "debug", "info", "warn", "error":
		return (*slog.Level)(l).UnmarshalText([]byte(s))
	}
	return errors.New("want debug, info, warn or error")
}

// budget is a stated (ε, δ). Both are zero until given; there are no defaults.
type budget struct {
	epsilon account.Epsilon
	delta   account.Delta
}

func (b *budget) register(flags *pflag.FlagSet, what string) {
	flags.Var((*epsilonFlag)(&b.epsilon), "epsilon", "ε of "+what+": a number > 0")
	flags.Var((*deltaFlag)(&b.delta), "delta", "δ of "+what+": a number between 0 and 1, well below 1/rows")
}

// require returns the budget, with what is not given by a flag taken from the spec.
func (b budget) require(sp *spec.Spec) (budget, error) {
	if b.epsilon == 0 {
		b.epsilon = account.Epsilon(sp.Privacy.Epsilon)
	}
	if b.delta == 0 {
		b.delta = account.Delta(sp.Privacy.Delta)
	}
	if b.delta > 0 && b.delta < dp.MinDelta {
		return b, usagef("--delta %s is below %s, which the noise cannot honour", exact(b.delta), exact(dp.MinDelta))
	}
	if b.epsilon == 0 || b.delta == 0 {
		err := usagef("no budget given: say how much privacy this may cost; patina has no default")
		return b, hint(err, "add --epsilon 1 --delta 1e-6, or a privacy section to the spec; a smaller ε protects more, and δ should be well below 1/rows")
	}
	return b, nil
}

type epsilonFlag account.Epsilon

func (f *epsilonFlag) Type() string { return "E" }
func (f *epsilonFlag) String() string {
	if *f == 0 {
		return ""
	}
	return exact(*f)
}

func (f *epsilonFlag) Set(s string) error {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || account.Epsilon(x).Check() != nil {
		return errors.New("want a finite number > 0, such as 1")
	}
	*f = epsilonFlag(x)
	return nil
}

type deltaFlag account.Delta

func (f *deltaFlag) Type() string { return "D" }
func (f *deltaFlag) String() string {
	if *f == 0 {
		return ""
	}
	return exact(*f)
}

func (f *deltaFlag) Set(s string) error {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || account.Delta(x).CheckPositive() != nil {
		return errors.New("want a number between 0 and 1, such as 1e-6")
	}
	*f = deltaFlag(x)
	return nil
}

// rowsFlag is a number of rows to sample; 0 until given.
type rowsFlag int64

func (f *rowsFlag) Type() string { return "N" }
func (f *rowsFlag) String() string {
	if *f == 0 {
		return ""
	}
	return strconv.FormatInt(int64(*f), 10)
}

func (f *rowsFlag) Set(s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return errors.New("want a whole number of rows, at least 1")
	}
	*f = rowsFlag(n)
	return nil
}

// noCommand refuses arguments of a command that only has subcommands.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := usagef("unknown command %q for %s", args[0], cmd.CommandPath())
	cmd.SuggestionsMinimumDistance = 2 // letters
	if like := cmd.SuggestionsFor(args[0]); len(like) > 0 {
		return hint(err, "%s %s", cmd.CommandPath(), like[0])
	}
	return hint(err, "%s --help", cmd.CommandPath())
}

// between returns a check that a command has at least least and at most most arguments (−1: any number), called what.
func between(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		var err error
		switch {
		case len(args) < least:
			err = usagef("%s needs %s", spoken(cmd), what)
		case most >= 0 && len(args) > most:
			err = usagef("%s takes %s, and got %s", spoken(cmd), what, plural(len(args), "argument"))
		default:
			return nil
		}
		return hint(err, "%s --help", cmd.CommandPath())
	}
}

// spoken names a command without the program.
func spoken(cmd *cobra.Command) string {
	return strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
}

// requireOutput checks that -o was given.
func requireOutput(cmd *cobra.Command, path, example string) error {
	if path != "" {
		return nil
	}
	return hint(usagef("%s needs an output", spoken(cmd)), "add -o %s", example)
}

// example makes an Example of lines.
func example(lines ...string) string { return "  " + strings.Join(lines, "\n  ") }
