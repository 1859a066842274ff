package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/patina-data/patina/profile/record"
)

// programs are what the test binary is when it is run under their names, by scripts and benchmarks.
var programs = map[string]func(){"patina": main}

func TestMain(m *testing.M) {
	testscript.Main(m, programs)
}

// TestScripts runs the behaviours in testdata/script. Their data are generated with a fixed seed, but the noise is real: what a
// script expects of it fails with a probability below 1e-6 a line.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"gen":      generate,
			"fill":     fill,
			"nest":     nest,
			"visits":   visits,
			"exits":    exits,
			"truncate": truncate,
			"lines":    lines,
			"records":  records,
		},
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATINA_LEDGER", "")
			env.Setenv("PATINA_SPEC", "")
			env.Setenv("CANARY", canary)
			return nil
		},
	})
}

// canary is a cell of one record, which must not be seen outside the data.
const canary = "zqxj-4711-canary"

// generate is the script command `gen FILE ROWS`: a table whose distribution is known. Its columns are
// id (distinct numbers from 100000), status (60 % open, 30 % closed, 10 % "N/A"), amount (two decimals, below 100),
// day (dates of 2024) and note (one canary, else one of five words).
func generate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: gen FILE ROWS")
	}
	rows, err := strconv.Atoi(args[1])
	ts.Check(err)
	format := record.Parquet // typed but for its strings
	schema := record.Schema{Format: format, Columns: []record.Column{
		{Name: "id", Type: "int64"}, {Name: "status", Type: "string"}, {Name: "amount", Type: "decimal(10, 2)"},
		{Name: "day", Type: "date32"}, {Name: "note", Type: "string"},
	}}
	w, err := record.Create(ts.MkAbs(args[0]), schema, record.WriteOptions{Force: true})
	ts.Check(err)
	defer w.Abort()
	ts.Check(w.Write(table(rows)))
	ts.Check(w.Commit())
}

// visits is the script command `visits FILE PATIENTS`: a CSV file in which patient i, P-7 and four digits and 00, has 1 + i mod 6
// records.
func visits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: visits FILE PATIENTS")
	}
	patients, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b strings.Builder
	b.WriteString("patient,ward,days\n")
	for i := range patients {
		for k := range 1 + i%6 {
			fmt.Fprintf(&b, "P-7%04d00,%s,%d\n", i, []string{"north", "south", "east"}[(i+k)%3], (i*k)%20)
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

func table(rows int) *record.Batch {
	rng := rand.New(rand.NewPCG(1, 2))
	b := &record.Batch{Rows: rows, Cells: make([][]record.Cell, 5)}
	for i := range rows {
		status := "open"
		if u := rng.Float64(); u > 0.9 {
			status = "N/A"
		} else if u > 0.6 {
			status = "closed"
		}
		note := []string{"red", "green", "blue", "white", "black"}[rng.IntN(5)]
		if i == rows/2 {
			note = canary
		}
		for c, cell := range []record.Cell{
			{Tag: record.Number, Text: strconv.Itoa(100_000 + i)},
			{Tag: record.Text, Text: status},
			{Tag: record.Number, Text: fmt.Sprintf("%d.%02d", rng.IntN(100), rng.IntN(100))},
			{Tag: record.Text, Text: fmt.Sprintf("2024-%02d-%02d", 1+rng.IntN(12), 1+rng.IntN(28))},
			{Tag: record.Text, Text: note},
		} {
			b.Cells[c] = append(b.Cells[c], cell)
		}
	}
	return b
}

// nest is the script command `nest FILE ROWS`: nested Parquet. Its columns are id (required), user (null in one record of ten)
// with name (ann or bob) and address.city (one of three), and tags (none, one or two of x and y).
func nest(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: nest FILE ROWS")
	}
	rows, err := strconv.Atoi(args[1])
	ts.Check(err)
	schema := record.Schema{Format: record.Parquet, Columns: []record.Column{
		{Name: "id", Type: "int64"}, {Name: "user", Type: record.StructType, Nullable: true}, {Name: "user.name", Type: "string"},
		{Name: "user.address.city", Type: "string", Nullable: true}, {Name: "tags[]", Type: record.ListType}, {Name: "tags[0]", Type: "string"},
	}}
	b := &record.Batch{Rows: rows, Cells: make([][]record.Cell, len(schema.Columns))}
	for i := range rows {
		user := record.Cell{}
		if i%10 == 0 {
			user.Tag = record.Null
		}
		for c, cell := range []record.Cell{
			{Tag: record.Number, Text: strconv.Itoa(i)}, user,
			{Tag: record.Text, Text: []string{"ann", "bob"}[i%2]},
			{Tag: record.Text, Text: []string{"Bern", "Genf", "Chur"}[i%3]},
			{Tag: record.Number, Text: strconv.Itoa(i % 3)},
			{Tag: record.Text, Text: []string{"x", "y"}[i%2]},
		} {
			b.Cells[c] = append(b.Cells[c], cell)
		}
	}
	w, err := record.Create(ts.MkAbs(args[0]), schema, record.WriteOptions{Force: true})
	ts.Check(err)
	defer w.Abort()
	ts.Check(w.Write(b))
	ts.Check(w.Commit())
}

// fill is the script command `fill FILE ROWS CELL…`: a CSV file whose columns c0, c1, … all say the same in every row, but for
// {i}, the row's number, and {i%K}, what is left of it when divided by K. A cell N×CELL makes N such columns.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: fill FILE ROWS CELL…")
	}
	rows, err := strconv.Atoi(args[1])
	ts.Check(err)
	var cells, names []string
	for _, cell := range args[2:] {
		many := 1
		if n, of, ok := strings.Cut(cell, "×"); ok {
			many, err = strconv.Atoi(n)
			ts.Check(err)
			cell = of
		}
		for range many {
			names, cells = append(names, "c"+strconv.Itoa(len(names))), append(cells, cell)
		}
	}
	modulo := regexp.MustCompile(`\{i%(\d+)\}`)
	var b strings.Builder
	b.WriteString(strings.Join(names, ",") + "\n")
	for i := range rows {
		row := strings.ReplaceAll(strings.Join(cells, ","), "{i}", strconv.Itoa(i))
		b.WriteString(modulo.ReplaceAllStringFunc(row, func(m string) string {
			k, _ := strconv.Atoi(modulo.FindStringSubmatch(m)[1])
			return strconv.Itoa(i % max(k, 1))
		}) + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

// exits is the script command `exits CODE PROGRAM ARGS…`: the program must end with that code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("run %s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("%v: exit code %d, want %d", args[1:], got, want)
	}
}

// truncate is the script command `truncate FILE BYTES`: it cuts the file off.
func truncate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: truncate FILE BYTES")
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// lines is the script command `lines FILE N`: the file must have N lines.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: lines FILE N")
	}
	n := 0
	for _, c := range ts.ReadFile(args[0]) {
		if c == '\n' {
			n++
		}
	}
	if strconv.Itoa(n) != args[1] {
		ts.Fatalf("%s has %d lines, want %s", args[0], n, args[1])
	}
}

// records is the script command `records FILE N`: the file must have N records as patina reads them, blank and broken ones
// included, of which made-up tables may have some.
func records(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: records FILE N")
	}
	src, err := record.Open([]string{ts.MkAbs(args[0])}, record.Options{})
	ts.Check(err)
	n := 0
	ts.Check(src.Read(context.Background(), nil, func(b *record.Batch) error {
		n += b.Rows
		return nil
	}))
	if strconv.Itoa(n) != args[1] {
		ts.Fatalf("%s has %d records, want %s", args[0], n, args[1])
	}
}
