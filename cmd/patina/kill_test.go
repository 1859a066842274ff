package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
)

// kills is how many times TestKill kills a run. The checks of a change take 2000 (.ci/run); about three hours of two processors are
//
//	go test ./cmd/patina -run TestKill -kills 100000 -timeout 24h
var kills = flag.Int("kills", 200, "how many runs TestKill kills")

// The failpoints at which half of the kills happen; the others happen at any time.
var (
	firstSteps  = []string{"loaded", "reserved", "measured", "writing", "written", "staged", "committed", "published"}
	resumeSteps = []string{"resuming", "recommitted"} // of a run that finds a staged profile
	steps       = slices.Concat(firstSteps, resumeSteps)
)

// TestKill kills the program, as kill -9 does, at every step of a run and at random times, and runs it again, until the run has
// ended. Whatever is killed when:
//
//   - what the ledger says was spent never gets less, and the ledger verifies;
//   - whatever was drawn and written anywhere has its reservation;
//   - no profile is at its output without its digest in the ledger;
//   - no run ID has two commits, and no reservation either;
//   - the last attempt ends well, with the one profile that was committed, and a further one gives the same and spends nothing.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program a few thousand times")
	}
	program := buildFailing(t)
	var killed atomic.Int64
	var atSteps sync.Map // step → *atomic.Int64
	for _, s := range steps {
		atSteps.Store(s, new(atomic.Int64))
	}
	var group sync.WaitGroup
	for worker := range 2 {
		group.Go(func() {
			rng := rand.New(rand.NewPCG(7, uint64(worker)))
			for round := 0; int(killed.Load()) < *kills && !t.Failed(); round++ {
				k := newVictim(t, program, rng)
				for range 10 { // runs on one ledger
					k.round(&killed, &atSteps)
				}
			}
		})
	}
	group.Wait()
	for _, s := range steps {
		n, _ := atSteps.Load(s)
		if count := n.(*atomic.Int64).Load(); count == 0 && *kills >= 1000 {
			t.Errorf("no run was killed at %s: the step is not passed any more", s)
		}
	}
	t.Logf("%d kills", killed.Load())
}

// TestManyAtOnce starts the same run many times at once. One makes the profile, and the others find it made or being made.
func TestManyAtOnce(t *testing.T) {
	k := newVictim(t, buildFailing(t), rand.New(rand.NewPCG(7, 7)))
	args := []string{"profile", "data.csv", "--epsilon", "4", "--delta", "1e-6", "-o", "out-1.parquet", "--run-id", "run-1", "--quiet"}
	var group sync.WaitGroup
	var made atomic.Int64
	for range 12 {
		group.Go(func() {
			out, err := k.command(args...).CombinedOutput()
			var exit *exec.ExitError
			if err == nil {
				made.Add(1)
			} else if !errors.As(err, &exit) || exit.ExitCode() != 11 {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	group.Wait()
	if made.Load() == 0 {
		t.Error("nobody made the profile")
	}
	if state := k.check("run-1", "out-1.parquet", true); k.reservations != 1 {
		t.Errorf("%d runs were paid for: %s", k.reservations, state)
	}
}

// buildFailing builds the program with its failpoints.
func buildFailing(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "patina")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-tags", "failpoint", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// A victim is a ledger and a table, on which runs are killed.
type victim struct {
	*testing.T
	program, dir string
	rng          *rand.Rand
	runs         int
	usual        time.Duration // how long a run takes that is let be
	spent        ledger.Amount // when last looked at
	reservations int           // likewise
}

func newVictim(t *testing.T, program string, rng *rand.Rand) *victim {
	k := &victim{T: t, program: program, dir: t.TempDir(), rng: rng, usual: 50 * time.Millisecond}
	var table strings.Builder
	table.WriteString("n,colour\n")
	for i := range 150 {
		fmt.Fprintf(&table, "%d,%s\n", i%7, []string{"red", "green"}[i%2])
	}
	if err := os.WriteFile(k.path("data.csv"), []byte(table.String()), 0o600); err != nil {
		t.Error(err)
	}
	if out, err := k.command("budget", "init", "data", "--epsilon", "10000", "--delta", "1e-2").CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	return k
}

func (k *victim) path(name string) string { return filepath.Join(k.dir, name) }

func (k *victim) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(k.Context(), k.program, args...)
	cmd.Dir = k.dir
	cmd.Env = append(os.Environ(), "PATINA_LEDGER=", "PATINA_SPEC=")
	return cmd
}

// round kills up to six attempts at one run and then lets it end. One round in five has no run ID.
func (k *victim) round(killed *atomic.Int64, atSteps *sync.Map) {
	k.runs++
	name := fmt.Sprintf("out-%d.parquet", k.runs)
	id := fmt.Sprintf("run-%d", k.runs)
	if k.runs%5 == 0 {
		id = ""
	}
	args := []string{"profile", "data.csv", "--epsilon", "4", "--delta", "1e-6", "-o", name, "--quiet"}
	if id != "" {
		args = append(args, "--run-id", id)
	}
	for range 1 + k.rng.IntN(6) {
		step, was := k.attempt(name, args)
		if was {
			killed.Add(1)
			if n, ok := atSteps.Load(step); ok {
				n.(*atomic.Int64).Add(1)
			}
		}
		k.check(id, name, false)
	}
	if out, err := k.command(args...).CombinedOutput(); err != nil && !(id == "" && exists(k.path(name))) {
		k.Errorf("%s %q: the run does not end after its kills: %v: %s", name, id, err, out)
	}
	before := k.check(id, name, true)
	if id == "" || k.rng.IntN(4) > 0 {
		return
	}
	if out, err := k.command(args...).CombinedOutput(); err != nil {
		k.Errorf("%s: again: %v: %s", name, err, out)
	}
	if after := k.check(id, name, true); after != before {
		k.Errorf("%s: the same run again changed what was spent, or the profile: %s, then %s", name, before, after)
	}
}

// attempt starts a run and kills it at a step or at a random time. It reports whether the run was alive until then.
func (k *victim) attempt(name string, args []string) (step string, killed bool) {
	cmd := k.command(args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	after := time.Duration(0)
	if k.rng.IntN(2) == 0 {
		list := firstSteps
		if staged, err := filepath.Glob(k.path("." + name + ".staged-*")); err == nil && len(staged) > 0 {
			list = resumeSteps
		}
		step = list[k.rng.IntN(len(list))]
		cmd.Env = append(cmd.Env, "PATINA_FAILPOINT="+step)
	} else {
		after = time.Duration(k.rng.Int64N(int64(k.usual)))
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		k.Error(err)
		return step, false
	}
	if after > 0 {
		timer := time.AfterFunc(after, func() { cmd.Process.Kill() })
		defer timer.Stop()
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		killed = exit.Sys().(syscall.WaitStatus).Signaled()
	}
	if !killed {
		k.usual = time.Since(start)
	}
	if err != nil && !killed && !strings.Contains(out.String(), "the file exists") { // a run without an ID that ended before
		k.Errorf("%v: neither killed nor well: %v: %s", args, err, out.String())
	}
	return step, killed
}

// check holds the files against the ledger, and returns what was spent and the run's digest. Ended says that the run has.
func (k *victim) check(id, name string, ended bool) string {
	store, err := ledger.Open(k.Context(), k.path("patina-ledger.db"))
	if err != nil {
		k.Errorf("after a kill: %v", err)
		return ""
	}
	defer store.Close()
	account, err := store.Account(k.Context(), "data")
	entries, listErr := store.Entries(k.Context(), "data")
	if ended {
		listErr = errors.Join(listErr, store.Verify(k.Context()))
	}
	if err = errors.Join(err, listErr); err != nil {
		k.Errorf("after a kill: %v", err)
		return ""
	}
	if account.Spent.Rho < k.spent.Rho || account.Spent.Delta < k.spent.Delta {
		k.Errorf("spent budget was lost: %v, then %v", k.spent, account.Spent)
	}
	k.spent, k.reservations = account.Spent, account.Runs
	ids, committed, digests := map[string]string{}, map[string]bool{}, map[string]bool{} // run ID by reservation; reservations; of artefacts
	commits := 0
	for _, e := range entries {
		if res, ok := e.Reservation(); ok {
			ids[res.ID] = res.Ask.RunID
		}
		if res, c, ok := e.Commitment(); ok {
			if committed[res] || digests[c.Digest] {
				k.Errorf("reservation %s or its profile was committed twice", res)
			}
			committed[res], digests[c.Digest] = true, true
			if ids[res] == id && id != "" {
				commits++
			}
		}
	}
	if commits > 1 || ended && id != "" && commits != 1 {
		k.Errorf("run %q has %d commits", id, commits)
	}
	return fmt.Sprint(account.Spent, account.Runs) + " " + k.checkFiles(id, name, ids, digests, ended)
}

// checkFiles looks for artefacts that the ledger does not know, and for remains of the run, and returns the digest of the one at the output.
func (k *victim) checkFiles(runID, name string, ids map[string]string, digests map[string]bool, ended bool) (digest string) {
	files, err := os.ReadDir(k.dir)
	if err != nil {
		k.Error(err)
		return ""
	}
	for _, f := range files {
		_, id, staged := strings.Cut(f.Name(), ".staged-")
		if _, known := ids[strings.TrimSuffix(id, ".part")]; staged && !known {
			k.Errorf("%s was drawn without a reservation", f.Name())
		}
		// What a run without an ID had committed is kept for people, who are told of it.
		if staged && ended && strings.HasPrefix(f.Name(), "."+name) && (runID != "" || !digests[k.digest(f.Name())]) {
			k.Errorf("%s is left of a run that ended", f.Name())
		}
		if strings.HasPrefix(f.Name(), "out-") && !digests[k.digest(f.Name())] {
			k.Errorf("%s is there without a commit", f.Name())
		}
	}
	if !exists(k.path(name)) {
		if ended {
			k.Errorf("%s is not there after its run has ended", name)
		}
		return ""
	}
	return k.digest(name)
}

// digest is that of a file as the ledger has it.
func (k *victim) digest(name string) string {
	data, err := os.ReadFile(k.path(name))
	if err != nil {
		k.Error(err)
		return ""
	}
	return strings.TrimPrefix(profile.Digest(data), "sha256:")
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
