//go:build unix

package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func init() {
	parts["create"] = func(path string) error { return asNobody(path, Create) }
	parts["reserve"] = func(path string) error {
		return asNobody(path, func(ctx context.Context, path string) (*Store, error) {
			s, err := Open(ctx, path)
			if err != nil {
				return nil, err
			}
			_, err = s.Reserve(ctx, slice)
			return s, err
		})
	}
}

// asNobody gives up root's rights, to which permissions do not apply, and tries.
func asNobody(path string, try func(context.Context, string) (*Store, error)) error {
	if os.Getuid() == 0 {
		if err := syscall.Setuid(65534); err != nil {
			return err
		}
	}
	s, err := try(context.Background(), path)
	if err == nil {
		return errors.Join(s.Close(), errors.New("it worked"))
	}
	if errors.Is(err, ErrDamaged) || errors.Is(err, ErrMissing) || errors.Is(err, ErrBusy) {
		return fmt.Errorf("misleading: %w", err)
	}
	return err
}

func TestFileMode(t *testing.T) {
	path, s := newLedger(t)
	mustReserve(t, s, slice)
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 2 {
		t.Fatalf("files %v, %v, want the ledger and its log", files, err)
	}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("%s has mode %o, want 600", filepath.Base(file), mode)
		}
	}
}

func TestPermissions(t *testing.T) {
	for _, tc := range []struct {
		name, part   string
		folder, file os.FileMode
		want         string
	}{
		{"create in a read-only folder", "create", 0o555, 0, "permission denied"},
		{"read-only file", "reserve", 0o777, 0o444, "no write access"},
		{"read-only folder", "reserve", 0o555, 0o666, "no write access"},
		{"unreadable file", "reserve", 0o777, 0o000, "no write access"},
		{"unreadable folder", "reserve", 0o000, 0o666, "permission denied"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			folder, err := os.MkdirTemp("", "ledger-perm-") // t.TempDir lies in a folder that is closed to others
			if err != nil {
				t.Fatal(err)
			}
			defer os.RemoveAll(folder)
			path := filepath.Join(folder, "ledger.db")
			if tc.part != "create" {
				bytes, _ := fullLedger(t)
				if err := os.WriteFile(path, bytes, 0o600); err != nil {
					t.Fatal(err)
				}
				if err := os.Chmod(path, tc.file); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Chmod(folder, tc.folder); err != nil {
				t.Fatal(err)
			}
			defer os.Chmod(folder, 0o700)
			out, err := child(t, tc.part, path).CombinedOutput()
			if err == nil || !strings.Contains(string(out), tc.want) || !strings.Contains(string(out), path) {
				t.Errorf("%v: %s, want %q", err, out, tc.want)
			}
			if strings.Contains(string(out), "misleading") {
				t.Errorf("%s", out)
			}
		})
	}
}

func TestPipeIsNotALedger(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no pipes here: %v", err)
	}
	if _, err := Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("Open of a pipe = %v", err)
	}
}
