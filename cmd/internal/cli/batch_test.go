package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault"
)

func readResult(t *testing.T, path string) result {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r result
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil {
		t.Fatal(err)
	}
	if r.Schema != resultSchema || r.Version == "" || r.Started == "" || r.Finished < r.Started {
		t.Errorf("the result is %+v", r)
	}
	return r
}

// Two processes with the same run ID, or with the same output and none, do not both run.
func TestTheSameRunTwiceAtOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	writeTable(t, "data.csv", 1000)
	mustPatina(t, "budget", "init", "data", "--epsilon", "8", "--delta", "1e-5")
	store, err := ledger.Open(t.Context(), defaultLedger)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	path, err := filepath.Abs("p.parquet")
	if err != nil {
		t.Fatal(err)
	}
	unlock, err := lockJob(t.Context(), store, "data", vault.Options{Output: path})
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"profile", "data.csv", "--epsilon", "1", "--delta", "1e-6", "-o", "p.parquet", "--result-file", "r.json"}
	code, _, stderr := patina(t, args...)
	if r := readResult(t, "r.json"); code != exitBusy || r.ExitCode != exitBusy || r.Reservation != "" || !strings.Contains(stderr, "hint: the same run is under way") {
		t.Errorf("exit %d, %+v: %s", code, r, stderr)
	}
	mustPatina(t, append(args, "--run-id", "other")...) // is another run
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	mustPatina(t, append(args, "--force")...)
}

// A run that a signal stops says so in its result, with what it had reserved; one that is started again goes on.
func TestResultOfATerminatedRun(t *testing.T) {
	t.Chdir(t.TempDir())
	writeTable(t, "data.csv", 3000)
	mustPatina(t, "budget", "init", "data", "--epsilon", "8", "--delta", "1e-5")
	args := []string{"profile", "data.csv", "--epsilon", "1", "--delta", "1e-6", "-o", "p.parquet", "--run-id", "x", "--result-file", "r.json"}
	stderr := &tripwire{phase: "measuring", signal: syscall.SIGTERM}
	code := Main(args, Streams{Out: io.Discard, Err: stderr, Getenv: func(string) string { return "" }})
	r := readResult(t, "r.json")
	if code != exitTerminate || r.ExitCode != code || r.Status != statusInterrupted || r.Spent.Epsilon != 1 || r.Spent.Delta != 1e-6 || !(r.Spent.Rho > 0) {
		t.Errorf("exit %d, %+v", code, r)
	}
	if r.Reservation == "" || !strings.Contains(r.Error, "reservation "+r.Reservation+" stays spent") || r.Digest != "" || r.Output != "" {
		t.Errorf("the result is %+v", r)
	}
	code, _, again := patina(t, args...)
	after := readResult(t, "r.json")
	if code != exitOK || after.Status != statusOK || after.Reservation == r.Reservation || !strings.Contains(again, r.Reservation+") stays spent, and this one is paid for anew") {
		t.Errorf("exit %d, %+v: %s", code, after, again)
	}
}

func TestResultOfAPanic(t *testing.T) {
	t.Chdir(t.TempDir())
	code := Main([]string{"budget", "init", "d", "--epsilon", "1", "--delta", "1e-6", "--result-file", "r.json"},
		Streams{Out: panicker{}, Err: io.Discard, Getenv: func(string) string { return "" }})
	if r := readResult(t, "r.json"); code != exitError || r.ExitCode != exitError || r.Command != "budget init" || !strings.HasPrefix(r.Error, "internal error at ") || strings.Contains(r.Error, "4711") {
		t.Errorf("exit %d, %+v", code, r)
	}
}

// A result that cannot be written is an error of its own.
func TestResultThatCannotBeWritten(t *testing.T) {
	t.Chdir(t.TempDir())
	writeTable(t, "data.csv", 10)
	code, _, stderr := patina(t, "init", "data.csv", "--result-file", "nowhere/r.json")
	if code != exitError || !strings.Contains(stderr, "nowhere") {
		t.Errorf("exit %d: %s", code, stderr)
	}
	if code, _, stderr := patina(t, "--frobnicate", "--result-file", "data.csv"); code != exitUsage || !strings.Contains(stderr, "not the result") {
		t.Errorf("exit %d: %s", code, stderr)
	}
}

func TestReplaceable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.json")
	if err := replaceable(path); err != nil {
		t.Errorf("nothing is there: %v", err)
	}
	for text, want := range map[string]bool{
		"{\n  \"schema\": \"patina.result/1\",\n": true, "{\n  \"schema\": \"patina.result/27\"\n}": true,
		"": false, "x": false, "{}": false, "{\n  \"schema\": \"patina.budget/1\"\n}": false, "{\n  \"schema\": \"patina.result/": false,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := replaceable(path) == nil; got != want {
			t.Errorf("%q can be replaced: %v, want %v", text, got, want)
		}
	}
	if replaceable(filepath.Dir(path)) == nil {
		t.Error("a directory can be replaced")
	}
}

// The key of a run holds all that says what the run is, and nothing else.
func TestJobKey(t *testing.T) {
	key := func(change func(o *profileOptions, sp *spec.Spec, b *budget)) string {
		o := &profileOptions{globals: newGlobals(), output: "p.parquet"}
		o.batch.runID = "x"
		sp, b := &spec.Spec{Version: spec.Version}, budget{epsilon: 1, delta: 1e-6}
		change(o, sp, &b)
		var err error
		if sp.Unit, err = o.unit.unit(sp); err != nil {
			t.Fatal(err)
		}
		job, err := o.job(sp, b, "d")
		if err != nil {
			t.Fatal(err)
		}
		return job.Key
	}
	base := key(func(*profileOptions, *spec.Spec, *budget) {})
	if len(base) != 64 {
		t.Fatalf("the key is %q", base)
	}
	for name, change := range map[string]func(*profileOptions, *spec.Spec, *budget){
		"data":        func(o *profileOptions, _ *spec.Spec, _ *budget) { o.data = []string{"other.csv"} },
		"output":      func(o *profileOptions, _ *spec.Spec, _ *budget) { o.output, o.force = "q.parquet", true },
		"purpose":     func(o *profileOptions, _ *spec.Spec, _ *budget) { o.purpose, o.batch.by = "fun", "me" },
		"spec's ε":    func(_ *profileOptions, sp *spec.Spec, _ *budget) { sp.Privacy = spec.Privacy{Epsilon: 3, Delta: 0.1} },
		"spec's name": func(_ *profileOptions, sp *spec.Spec, _ *budget) { sp.Dataset = "other" },
	} {
		if key(change) != base {
			t.Errorf("the key depends on the %s, which the flags override or which is no part of a run", name)
		}
	}
	seen := map[string]string{base: "nothing"}
	for name, change := range map[string]func(*profileOptions, *spec.Spec, *budget){
		"run ID":    func(o *profileOptions, _ *spec.Spec, _ *budget) { o.batch.runID = "y" },
		"ε":         func(_ *profileOptions, _ *spec.Spec, b *budget) { b.epsilon = 2 },
		"δ":         func(_ *profileOptions, _ *spec.Spec, b *budget) { b.delta = 1e-7 },
		"delimiter": func(o *profileOptions, _ *spec.Spec, _ *budget) { o.source.delimiter = ";" },
		"format":    func(o *profileOptions, _ *spec.Spec, _ *budget) { o.source.format = formatFlag(record.CSV) },
		"names":     func(o *profileOptions, _ *spec.Spec, _ *budget) { o.source.noHeader, o.source.columns = true, "a,b" },
		"names too": func(o *profileOptions, _ *spec.Spec, _ *budget) { o.source.noHeader, o.source.columns = true, "ab" },
		"kind":      func(_ *profileOptions, sp *spec.Spec, _ *budget) { sp.Columns = []spec.Column{{Name: "a", Kind: "id"}} },
		"focus":     func(_ *profileOptions, sp *spec.Spec, _ *budget) { sp.Focus = []spec.Focus{{"a"}} },
		"unit":      func(o *profileOptions, _ *spec.Spec, _ *budget) { o.unit.columns, o.unit.most = "a", 2 },
		"records": func(_ *profileOptions, sp *spec.Spec, _ *budget) {
			sp.Unit = spec.Unit{Columns: []string{"a"}, MaxRecords: 3}
		},
		"max keys": func(_ *profileOptions, sp *spec.Spec, _ *budget) { sp.Source.MaxKeys = 7 },
	} {
		k := key(change)
		if other, ok := seen[k]; ok {
			t.Errorf("%s and %s have one key", name, other)
		}
		seen[k] = name
	}
	var none profileOptions
	if job, err := none.job(&spec.Spec{}, budget{account.Epsilon(1), 1e-6}, "d"); err != nil || job.Key != "" {
		t.Errorf("without an ID the key is %q (%v)", job.Key, err)
	}
}

// TestAnotherBudgetIsAnotherRun: the key of a run holds what may be spent and whom it protects.
func TestAnotherBudgetIsAnotherRun(t *testing.T) {
	keys := map[string]string{}
	add := func(what string, b budget, unit spec.Unit, dataset, id string) {
		sp := &spec.Spec{Version: 1, Unit: unit}
		key := stated(sp, b, record.Options{}, dataset).RunKey(dataset, nil, id)
		if other, ok := keys[key]; ok {
			t.Errorf("%s has the key of %s", what, other)
		}
		keys[key] = what
	}
	add("a run", budget{1, 1e-6}, spec.Unit{}, "d", "1")
	add("another ε", budget{2, 1e-6}, spec.Unit{}, "d", "1")
	add("another δ", budget{1, 1e-7}, spec.Unit{}, "d", "1")
	add("another unit", budget{1, 1e-6}, spec.Unit{Columns: []string{"who"}, MaxRecords: 1}, "d", "1")
	add("another cap", budget{1, 1e-6}, spec.Unit{Columns: []string{"who"}, MaxRecords: 2}, "d", "1")
	add("another dataset", budget{1, 1e-6}, spec.Unit{}, "e", "1")
	add("another ID", budget{1, 1e-6}, spec.Unit{}, "d", "2")
}
