package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// readers are the command lines that read a profile. BAD is the one that they must refuse; good.parquet is one that they take, gold.csv a table.
var readers = []string{
	"inspect BAD",
	"inspect BAD --model --json",
	"inspect BAD --html out.html",
	"sample BAD -o out.csv",
	"sample BAD -o out.parquet -n 10 --refit --mess file",
	"verify BAD --json",
	"gap --gold gold.csv BAD --html out.html",
	"gap --gold gold.csv BAD --fill 10 -o out.csv",
	"drift BAD good.parquet --html out.html",
	"drift good.parquet BAD",
	"plan --profile BAD --epsilon 1 --delta 1e-6",
	"plan gold.csv --profile BAD --epsilon 1 --delta 1e-6",
	"eval fidelity --real gold.csv --synth gold.csv --profile BAD --html out.html",
	"eval fidelity --real gold.csv --synth gold.csv --profile BAD --private-epsilon 1 --private-delta 1e-6 --dataset d --ledger l.db",
}

// The most that a refusal may take: of the processor on an idle machine, and of memory, counted as all that was ever allocated.
const (
	refusalTime   = time.Second
	refusalMemory = 300 << 20
)

// TestBadProfilesAreRefused: every command refuses every vector, soon, with the exit code for it, with words that name the file, and
// without leaving anything.
func TestBadProfilesAreRefused(t *testing.T) {
	vectors, err := filepath.Glob("../../../profile/testdata/reject/*.parquet")
	if err != nil || len(vectors) < 60 {
		t.Fatalf("%d vectors, %v", len(vectors), err)
	}
	for i, v := range vectors {
		if vectors[i], err = filepath.Abs(v); err != nil {
			t.Fatal(err)
		}
	}
	good, err := os.ReadFile("../../../profile/testdata/golden-v1.parquet")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("good.parquet", good, 0o600); err != nil {
		t.Fatal(err)
	}
	writeTable(t, "gold.csv", 50)
	mustPatina(t, "budget", "init", "d", "--epsilon", "10", "--delta", "1e-3", "--ledger", "l.db")
	mustPatina(t, "inspect", "good.parquet")
	for _, v := range vectors {
		for _, line := range readers {
			refuses(t, v, line)
		}
	}
	left, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range left {
		if strings.HasPrefix(f.Name(), "out") || strings.HasPrefix(f.Name(), ".") {
			t.Errorf("%s is left", f.Name())
		}
	}
}

// refuses runs a command on a vector. A machine that is busy gets three tries to be in time.
func refuses(t *testing.T, vector, line string) {
	t.Helper()
	name := filepath.Base(vector)
	var before, after runtime.MemStats
	took := time.Duration(0)
	for try := 0; try < 3 && (try == 0 || took > refusalTime); try++ {
		runtime.ReadMemStats(&before)
		start := time.Now()
		code, out, stderr := patina(t, strings.Fields(strings.ReplaceAll(line, "BAD", vector))...)
		took = time.Since(start)
		runtime.ReadMemStats(&after)
		if code != exitInvalid || out != "" || !strings.Contains(stderr, name) {
			t.Errorf("%s with %s: exit code %d, %q, %q", line, name, code, out, stderr)
		}
	}
	if used := after.TotalAlloc - before.TotalAlloc; took > refusalTime || used > refusalMemory {
		t.Errorf("%s with %s takes %v and %d MB", line, name, took, used>>20)
	}
}
