package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"testing"

	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/vault"
)

// The codes are a contract: this table may grow, and nothing in it may change.
func TestExitCodes(t *testing.T) {
	cancelled := func(cause error) context.Context {
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(cause)
		return ctx
	}
	live := context.Background()
	tests := []struct {
		name string
		ctx  context.Context
		err  error
		want int
	}{
		{"none", live, nil, 0},
		{"any", live, errors.New("x"), 1},
		{"no file", live, fs.ErrNotExist, 1},
		{"no ledger", live, ledger.ErrMissing, 10},
		{"no account", live, ledger.ErrNoAccount, 10},
		{"busy", live, ledger.ErrBusy, 11},
		{"damaged", live, ledger.ErrDamaged, 12},
		{"refused", live, &ledger.RefusedError{}, 20},
		{"account exists", live, ledger.ErrExists, 1},
		{"no profile", live, profile.ErrInvalid, 21},
		{"mismatch", live, vault.ErrMismatch, 22},
		{"too small", live, vault.ErrTooSmall, 22},
		{"no table", live, &tableError{errors.New("x")}, 22},
		{"usage", live, usagef("x"), 64},
		{"interrupted", cancelled(signalError{syscall.SIGINT}), context.Canceled, 130},
		{"terminated", cancelled(signalError{syscall.SIGTERM}), context.Canceled, 143},
		{"cancelled by a caller", cancelled(nil), context.Canceled, 130},
		{"failed after an interrupt", cancelled(signalError{syscall.SIGINT}), ledger.ErrBusy, 11},
		{"failed by an interrupt", cancelled(signalError{syscall.SIGTERM}), errors.New("interrupted (9)"), 143},
		{"cancelled within", live, context.Canceled, 1},
	}
	for _, tt := range tests {
		for depth, err := 0, tt.err; depth < 3; depth++ {
			if got := exitCode(tt.ctx, err); got != tt.want {
				t.Errorf("%s, wrapped %d times: exit code %d, want %d", tt.name, depth, got, tt.want)
			}
			if err == nil {
				break
			}
			err = hint(fmt.Errorf("wrapped: %w", err), "do it")
		}
	}
}
