package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A tripwire is a standard error that interrupts the process when a phase begins, and waits for that to be noticed.
type tripwire struct {
	bytes.Buffer
	phase  string
	signal syscall.Signal
	once   sync.Once
}

func (w *tripwire) Write(p []byte) (int, error) {
	if w.phase != "" && strings.Contains(string(p), "msg="+w.phase) {
		w.once.Do(func() {
			if err := syscall.Kill(os.Getpid(), w.signal); err != nil {
				panic(err)
			}
			time.Sleep(300 * time.Millisecond)
		})
	}
	return w.Buffer.Write(p)
}

// patina runs a command line in the working directory.
func patina(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = Main(args, Streams{Out: &stdout, Err: &stderr, Getenv: func(string) string { return "" }})
	return code, stdout.String(), stderr.String()
}

func mustPatina(t *testing.T, args ...string) string {
	t.Helper()
	code, out, stderr := patina(t, args...)
	if code != exitOK {
		t.Fatalf("patina %s: exit %d\n%s", strings.Join(args, " "), code, stderr)
	}
	return out
}

// writeTable writes a small CSV file to the working directory.
func writeTable(t *testing.T, name string, rows int) {
	t.Helper()
	var b strings.Builder
	b.WriteString("n,colour\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d,%s\n", i%50, []string{"red", "green"}[i%2])
	}
	if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestInterrupt(t *testing.T) {
	tests := []struct {
		name, phase string
		signal      syscall.Signal
		args        []string
		want        int
		spent       bool // the reservation was made before the interrupt
	}{
		{"profile while reading", "reading", syscall.SIGINT,
			[]string{"profile", "data.csv", "--epsilon", "1", "--delta", "1e-6", "-o", "out.parquet"}, exitInterrupt, false},
		{"profile while measuring", "measuring", syscall.SIGINT,
			[]string{"profile", "data.csv", "--epsilon", "1", "--delta", "1e-6", "-o", "out.parquet"}, exitInterrupt, true},
		{"profile terminated", "measuring", syscall.SIGTERM,
			[]string{"profile", "data.csv", "--epsilon", "1", "--delta", "1e-6", "-o", "out.parquet"}, exitTerminate, true},
		{"sample", "sampling", syscall.SIGINT, []string{"sample", "p.parquet", "-n", "200000", "-o", "out.csv"}, exitInterrupt, false},
		{"sample terminated", "sampling", syscall.SIGTERM, []string{"sample", "p.parquet", "-n", "200000", "-o", "out.parquet"}, exitTerminate, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			writeTable(t, "data.csv", 3000)
			mustPatina(t, "budget", "init", "data", "--epsilon", "8", "--delta", "1e-5")
			mustPatina(t, "profile", "data.csv", "--epsilon", "2", "--delta", "1e-6", "-o", "p.parquet")
			before := files(t)
			stderr := &tripwire{phase: tt.phase, signal: tt.signal}
			code := Main(tt.args, Streams{Out: &bytes.Buffer{}, Err: stderr, Getenv: func(string) string { return "" }})
			if code != tt.want {
				t.Errorf("exit code %d, want %d", code, tt.want)
			}
			if !strings.Contains(stderr.String(), "patina: interrupted: ") || strings.Contains(stderr.String(), "stays spent") != tt.spent {
				t.Errorf("it says %s, want whether a reservation stays spent: %v", stderr.String(), tt.spent)
			}
			if after := files(t); after != before {
				t.Errorf("files were %s and are %s", before, after)
			}
			show := mustPatina(t, "budget", "show", "--json")
			if got := strings.Contains(show, `"uncommitted": 1`); got != tt.spent {
				t.Errorf("a run without a profile: %v, want %v", got, tt.spent)
			}
		})
	}
}

// files lists the working directory, temporary files included. SQLite's own come and go.
func files(t *testing.T) string {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), filepath.Base(defaultLedger)+"-") {
			names = append(names, e.Name())
		}
	}
	return strings.Join(names, " ")
}

// A panicker panics with data where a command prints.
type panicker struct{}

func (panicker) Write([]byte) (int, error) { panic("the cell 4711") }

func TestPanicIsAnErrorWithoutData(t *testing.T) {
	t.Chdir(t.TempDir())
	var stderr bytes.Buffer
	code := Main([]string{"budget", "init", "d", "--epsilon", "1", "--delta", "1e-6"},
		Streams{Out: panicker{}, Err: &stderr, Getenv: func(string) string { return "" }})
	got := stderr.String()
	if code != exitError || strings.Contains(got, "4711") || strings.Contains(got, "goroutine") {
		t.Errorf("exit %d: %s", code, got)
	}
	if !strings.HasPrefix(got, "patina: internal error at interrupt_test.go:") {
		t.Errorf("it says %q, not where it happened", got)
	}
}
