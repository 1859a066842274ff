package mutants

import (
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

var which = flag.String("mutants", "", "which bugs to plant: all, the number of one, or K/N for every N-th from the K-th")

//go:embed testdata/mutants.txt
var listed string

// A mutant is a bug: a piece of a file that is replaced, and the tests that must notice.
type mutant struct {
	name     string
	file     string // from the root
	old, new string
	pkg      string // whose tests notice
	run      string // which of them, as go test -run takes it
}

// parse reads the list. An entry is a line "== NAME", "in FILE", "caught by PACKAGE REGEXP", and the texts between "--- old", "--- new" and
// the next entry, without the line break before these.
func parse(t *testing.T, text string) (out []mutant) {
	t.Helper()
	for _, entry := range strings.Split("\n"+strings.TrimSuffix(text, "\n"), "\n== ")[1:] {
		head, texts, ok := strings.Cut(entry, "\n--- old\n")
		before, after, both := strings.Cut(texts, "\n--- new\n")
		lines := strings.Split(head, "\n")
		if !ok || !both || len(lines) != 3 {
			t.Fatalf("cannot read the entry of %q", lines[0])
		}
		m := mutant{name: lines[0], old: before, new: after}
		m.file = strings.TrimPrefix(lines[1], "in ")
		m.pkg, m.run, _ = strings.Cut(strings.TrimPrefix(lines[2], "caught by "), " ")
		out = append(out, m)
	}
	return out
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// planted returns the file with the bug in it.
func (m mutant) planted(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root(t), m.file))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), m.old); n != 1 {
		t.Fatalf("%s: %s has what the bug replaces %d times", m.name, m.file, n)
	}
	return strings.Replace(string(text), m.old, m.new, 1)
}

// TestMutantsApply: every bug can be planted, and there are enough of them.
func TestMutantsApply(t *testing.T) {
	all := parse(t, listed)
	if len(all) < 25 {
		t.Errorf("%d bugs", len(all))
	}
	names := map[string]bool{}
	for _, m := range all {
		if m.planted(t); names[m.name] || m.old == m.new {
			t.Errorf("%s: listed twice, or no bug", m.name)
		}
		names[m.name] = true
		if _, err := regexp.Compile(m.run); err != nil || m.run == "" {
			t.Errorf("%s: %q names no tests", m.name, m.run)
		}
	}
}

// TestMutants plants bugs and runs the tests that must notice.
func TestMutants(t *testing.T) {
	chosen := choose(t, parse(t, listed), *which)
	if len(chosen) == 0 {
		t.Skip("plants bugs with -mutants all")
	}
	for i, m := range chosen {
		t.Run(m.name, func(t *testing.T) {
			t.Logf("%d of %d: %s: caught by %s", i+1, len(chosen), m.file, m.caught(t))
		})
	}
}

// choose picks the mutants that the flag asks for.
func choose(t *testing.T, all []mutant, which string) []mutant {
	t.Helper()
	switch k, n, part := strings.Cut(which, "/"); {
	case which == "":
		return nil
	case which == "all":
		return all
	case !part:
		i, err := strconv.Atoi(which)
		if err != nil || i < 1 || i > len(all) {
			t.Fatalf("-mutants %s: want all, a number from 1 to %d, or K/N", which, len(all))
		}
		return all[i-1 : i]
	default:
		from, err := strconv.Atoi(k)
		step, err2 := strconv.Atoi(n)
		if err != nil || err2 != nil || from < 1 || step < 1 {
			t.Fatalf("-mutants %s: want K/N", which)
		}
		var out []mutant
		for i := (from - 1) % step; i < len(all); i += step {
			out = append(out, all[i])
		}
		return out
	}
}

var failed = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// caught runs the tests with the bug and returns those that failed. It fails the test where none did, or where the program does not
// compile, which catches nothing.
func (m mutant) caught(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	changed := filepath.Join(dir, "changed.go")
	if err := os.WriteFile(changed, []byte(m.planted(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root(t), m.file): changed}})
	if err != nil {
		t.Fatal(err)
	}
	replaced := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(replaced, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Minute)
	defer stop()
	// Neither vet nor symbols are of use here, and they take time.
	args := []string{"test", "-count=1", "-vet=off", "-ldflags=-s -w", "-overlay", replaced, "-run", m.run}
	if strings.Contains(m.run, "TestReplay") {
		args = append(args, "-tags", "replay")
	}
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+m.pkg)...)
	cmd.Dir = root(t)
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		t.Fatalf("no test of %s that matches %s notices", m.pkg, m.run)
	case strings.Contains(string(out), "[build failed]") || strings.Contains(string(out), "[setup failed]"):
		t.Fatalf("the bug does not compile:\n%s", out)
	}
	names := map[string]bool{}
	var list []string
	for _, f := range failed.FindAllStringSubmatch(string(out), -1) {
		if name, _, _ := strings.Cut(f[1], "/"); !names[name] {
			names[name], list = true, append(list, name)
		}
	}
	if len(list) == 0 && !strings.Contains(string(out), "panic: ") {
		t.Fatalf("the tests ended without naming one that failed:\n%s", out)
	}
	return fmt.Sprint(list)
}
