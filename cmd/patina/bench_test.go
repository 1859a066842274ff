//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What BenchmarkAccuracy looks at.
var (
	benchReal     = flag.String("real", "", "table that BenchmarkAccuracy profiles and compares with; it must be public")
	benchSpec     = flag.String("spec", "", "spec of that table; none has everything learnt")
	benchEpsilons = flag.String("epsilons", "0.1,1,10", "budgets to profile it with, with commas between them")
	benchDelta    = flag.String("delta", "1e-9", "δ of each of them")
)

func init() { programs["measure"] = measure }

// A usage is what a run of a program took.
type usage struct {
	Wall, CPU float64 // seconds
	Peak      float64 // MB resident
}

// measure is the program `measure PROGRAM ARGS…`, which runs another and prints its [usage]. It stands between that and the
// benchmark because the peak of a process counts the memory of the one that started it, and that of measure is small.
func measure() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stderr = os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		fmt.Fprintf(os.Stderr, "run %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
	u := usage{Wall: time.Since(start).Seconds(), CPU: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()}
	unit := 1e3 // kilobytes, but for Darwin's bytes
	if runtime.GOOS == "darwin" {
		unit = 1e6
	}
	u.Peak = float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / unit
	if err := json.NewEncoder(os.Stdout).Encode(u); err != nil {
		os.Exit(1)
	}
}

// run runs patina and returns what it took.
func run(b *testing.B, args ...string) (u usage) {
	b.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command("measure", append([]string{"patina"}, args...)...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		b.Fatalf("patina %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	if err := json.Unmarshal(out, &u); err != nil {
		b.Fatal(err)
	}
	return u
}

// A trip is a table's way through a profile to a synthetic table, and what it took.
type trip struct{ profile, sample usage }

// travel profiles a file and samples as many rows as it has, to a file.
func travel(b *testing.B, file string, rows int, synthetic string, flags ...string) (t trip) {
	b.Helper()
	dir := b.TempDir()
	ledger, prof := filepath.Join(dir, "ledger.db"), filepath.Join(dir, "profile.parquet")
	run(b, "budget", "init", "bench", "--epsilon", "1000", "--delta", "1e-3", "--ledger", ledger)
	t.profile = run(b, append([]string{"profile", file, "-o", prof, "--dataset", "bench", "--ledger", ledger, "--quiet"}, flags...)...)
	t.sample = run(b, "sample", prof, "-n", strconv.Itoa(rows), "-o", synthetic, "--force", "--quiet")
	return t
}

// A tally sums up figures over the runs of a benchmark.
type tally struct {
	units        []string
	sum, squares map[string]float64
	runs         float64
}

// add takes in a figure of the current run.
func (t *tally) add(unit string, v float64) {
	if t.sum == nil {
		t.sum, t.squares = map[string]float64{}, map[string]float64{}
	}
	if _, known := t.sum[unit]; !known {
		t.units = append(t.units, unit)
	}
	t.sum[unit] += v
	t.squares[unit] += v * v
}

func (t *tally) addTrip(p trip) {
	t.add("profile-s", p.profile.Wall)
	t.add("profile-CPU-s", p.profile.CPU)
	t.add("profile-MB", p.profile.Peak)
	t.add("sample-s", p.sample.Wall)
	t.add("sample-CPU-s", p.sample.CPU)
	t.add("sample-MB", p.sample.Peak)
	t.runs++
}

// report reports the means, and not the time of an iteration, most of which is the evaluation's.
func (t *tally) report(b *testing.B) {
	b.ReportMetric(0, "ns/op")
	for _, unit := range t.units {
		b.ReportMetric(t.sum[unit]/t.runs, unit)
	}
}

// deviation is the standard deviation of a figure over the runs; 0 of a single one.
func (t *tally) deviation(unit string) float64 {
	mean := t.sum[unit] / t.runs
	return math.Sqrt(max(0, t.squares[unit]-t.runs*mean*mean) / max(1, t.runs-1))
}

var tvdUnits = [...]string{"tvd1", "tvd2", "tvd3"}

// BenchmarkAccuracy reports how far the marginals of synthetic tables are from those of a public table, -real: the mean total
// variation distance over all sets of one, two and three columns, ½Σ|p − q|, in [0, 1], lower is better (see [coder] for the cells). sd3 is the
// standard deviation of tvd3 over the runs, of which -benchtime 5x makes five. Beside them are what no release is part of: a sample from the table
// of the same size, the table's halves against each other, and the table with each column shuffled, as if columns had nothing to do with each other.
func BenchmarkAccuracy(b *testing.B) {
	if *benchReal == "" {
		b.Skip("no -real FILE to profile")
	}
	cells := readTable(b, *benchReal)
	coders := newCoders(cells)
	real := code(coders, cells)
	flags := []string{"--delta", *benchDelta}
	if *benchSpec != "" {
		flags = append(flags, "--spec", *benchSpec)
	}
	for _, epsilon := range strings.Split(*benchEpsilons, ",") {
		b.Run("ε="+epsilon, func(b *testing.B) {
			synthetic := filepath.Join(b.TempDir(), "synthetic.csv")
			var t tally
			for b.Loop() {
				taken := travel(b, *benchReal, real.rows(), synthetic, append(flags, "--epsilon", epsilon)...)
				for i, d := range real.distances(code(coders, readTable(b, synthetic))) {
					t.add(tvdUnits[i], d)
				}
				t.addTrip(taken)
			}
			t.report(b)
			b.ReportMetric(t.deviation("tvd3"), "sd3")
		})
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, w := range []struct {
		name  string
		x, to coded
	}{{"sample", real, real.redrawn(rng)}, {"halves", real.half(0), real.half(1)}, {"shuffled", real, real.shuffled(rng)}} {
		b.Run(w.name, func(b *testing.B) {
			for b.Loop() {
				for i, d := range w.x.distances(w.to) {
					b.ReportMetric(d, tvdUnits[i])
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkGrowth reports what patina takes to profile a made-up table of many rows or columns, and to sample as many rows of it. -short leaves
// out those that take more than a minute.
func BenchmarkGrowth(b *testing.B) {
	for _, size := range []struct {
		rows, columns int
		long          bool
	}{
		{5_000, 15, false}, {50_000, 15, false}, {500_000, 15, false}, {5_000_000, 15, true},
		{20_000, 15, false}, {20_000, 60, false}, {20_000, 240, true}, {20_000, 500, true},
	} {
		b.Run(fmt.Sprintf("%dx%d", size.rows, size.columns), func(b *testing.B) {
			if size.long && testing.Short() {
				b.Skip("it takes more than a minute")
			}
			dir := b.TempDir()
			file := filepath.Join(dir, "table.csv")
			if err := writeGrown(file, size.rows, size.columns); err != nil {
				b.Fatal(err)
			}
			var t tally
			for b.Loop() {
				t.addTrip(travel(b, file, size.rows, filepath.Join(dir, "synthetic.csv"), "--epsilon", "4", "--delta", "1e-6"))
			}
			t.report(b)
		})
	}
}

// BenchmarkHelp reports how long the program takes to say what it can do: nothing else it does is faster.
func BenchmarkHelp(b *testing.B) {
	for b.Loop() {
		if err := exec.Command("patina", "--help").Run(); err != nil {
			b.Fatal(err)
		}
	}
}
