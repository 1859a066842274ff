package cli

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/eval"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/vault"
)

// The exit codes. They are frozen: scripts branch on them.
const (
	exitOK        = 0
	exitError     = 1
	exitNoLedger  = 10 // no ledger file, or no account for the dataset
	exitBusy      = 11 // the ledger is locked, or the same job is running; try again
	exitDamaged   = 12 // the ledger is damaged or not a ledger
	exitRefused   = 20 // the account's cap does not hold the budget asked for
	exitInvalid   = 21 // not a profile, damaged, or of an unknown version
	exitMismatch  = 22 // the data cannot be read as a table, does not match the spec, or is too small
	exitUsage     = 64
	exitGate      = 100 // a gate that was asked for failed, or an audit found something
	exitUnsure    = 101 // noise does not allow to say whether it did
	exitInterrupt = 130
	exitTerminate = 143
)

// exitCode returns the code that tells err apart.
func exitCode(ctx context.Context, err error) int {
	var usage usageError
	var refused *ledger.RefusedError
	var table *tableError
	var gate *gateError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return interrupted(ctx)
	case errors.Is(err, ledger.ErrMissing), errors.Is(err, ledger.ErrNoAccount):
		return exitNoLedger
	case errors.Is(err, ledger.ErrBusy), errors.Is(err, ledger.ErrRunning):
		return exitBusy
	case errors.Is(err, ledger.ErrDamaged):
		return exitDamaged
	case errors.As(err, &refused):
		return exitRefused
	case errors.Is(err, profile.ErrInvalid), errors.Is(err, errUnverified):
		return exitInvalid
	case errors.As(err, &gate):
		return gate.code
	case errors.Is(err, vault.ErrMismatch), errors.Is(err, vault.ErrTooSmall), errors.As(err, &table),
		errors.Is(err, eval.ErrNothingShared), errors.Is(err, eval.ErrNoRows):
		return exitMismatch
	case ctx.Err() != nil: // a database that was interrupted says so in its own words
		return interrupted(ctx)
	}
	return exitError
}

// interrupted returns the code of the signal that ended ctx.
func interrupted(ctx context.Context) int {
	if sig := (signalError{}); errors.As(context.Cause(ctx), &sig) && sig.Signal == syscall.SIGTERM {
		return exitTerminate
	}
	return exitInterrupt
}

// A usageError is a command line that cannot be understood.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// A tableError is data that cannot be read as one table.
type tableError struct{ err error }

func (e *tableError) Error() string { return e.err.Error() }
func (e *tableError) Unwrap() error { return e.err }

// A gateError is a result that did not pass what was asked of it. The result has been printed.
type gateError struct {
	code int
	text string
}

func (e *gateError) Error() string { return e.text }

func gatef(code int, format string, args ...any) error {
	return &gateError{code, fmt.Sprintf(format, args...)}
}

// A hintError is an error with a line that says what to type.
type hintError struct {
	err  error
	hint string
}

func (e *hintError) Error() string { return e.err.Error() }
func (e *hintError) Unwrap() error { return e.err }

func hint(err error, format string, args ...any) error {
	return &hintError{err, fmt.Sprintf(format, args...)}
}
