package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	pq "github.com/parquet-go/parquet-go"
)

// A cage is a folder with data in which every cell is a canary, but for a column of colours, and with what runs make of them.
type cage struct {
	*testing.T
	*canaries
	program, dir string
	inputs       map[string]bool   // the files that may hold canaries, because we put them there
	seen         map[string]string // the other files, as they were when last looked at
}

// TestNoCellIsQuoted runs all that sees rows, and what comes after it, on data whose 10,000 cells, JSON keys and broken lines are unique: when it
// works, when it fails in every way we could think of, when it panics with a cell in its words, and when it is killed. Nothing that a run
// prints or leaves behind holds any of them.
//
// What may be said of names: a column's name, anywhere, unless the line of names looks like a record; a file's name on
// standard output and error and in a result file, as part of the path that the caller gave, but in no profile, ledger, table or page.
func TestNoCellIsQuoted(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the program two hundred times")
	}
	program := buildFailing(t)
	levels := []string{"debug", "info", "warn", "error"}
	for name, format := range map[string]func(i int) string{
		"json": func(int) string { return "--log-format json --log-level debug" },
		"text": func(i int) string { return "--log-format text --log-level " + levels[i%len(levels)] },
	} {
		t.Run(name, func(t *testing.T) {
			c := newCage(t, program)
			for i, s := range slices.Concat(soundRuns, failingRuns, endedRuns, laterRuns) {
				s.args = strings.ReplaceAll(s.args, "-o x.", fmt.Sprintf("-o x%d.", i))
				c.try(s, format(i))
			}
			c.named()
		})
	}
}

// A trial is a run of the program. Its words are separated by spaces; {…} stands for what a field is asked to put there.
type trial struct {
	args  string
	exits int           // its exit code; anySignal if the process is killed, anyExit if it does not matter
	env   string        // more of the environment
	stop  time.Duration // when it is interrupted; 0 for never
	open  string        // a file, or - for standard output, that is documented to hold cells: the measures of real rows without noise
}

const (
	anySignal = -1
	anyExit   = -2
)

const budget = " --epsilon 20 --delta 1e-6 --ledger ledger.db"

// soundRuns work. They leave profiles and samples for those after them.
var soundRuns = []trial{
	{args: "budget init d --epsilon 1e6 --delta 1e-2 --ledger ledger.db"},
	{args: "budget init poor --epsilon 0.5 --delta 1e-5 --ledger ledger.db"},
	{args: "init data.csv -o draft.yaml"},
	{args: "init data.jsonl -o draft2.yaml"},
	{args: "init data.parquet -o draft3.yaml"},
	{args: "plan data.csv --rows 2000 --dataset d" + budget},
	{args: "profile data.csv -o csv.parquet --dataset d --run-id one --result-file one.json" + budget},
	{args: "profile data.csv -o csv.parquet --dataset d --run-id one --result-file again.json" + budget},
	{args: "profile data.jsonl -o jsonl.parquet --dataset d" + budget},
	{args: "profile data.parquet -o typed.parquet --dataset d" + budget},
	{args: "profile ragged.csv -o ragged.parquet --dataset d --skip-lines 1" + budget},
	{args: "profile headless.csv -o headless.parquet --dataset d --columns 5 --no-header --unit c1 --max-records 2 --result-file h.json" + budget, exits: anyExit},
	{args: "plan data.csv --profile csv.parquet --dataset d" + budget},
	{args: "sample csv.parquet -o csv-synthetic.csv -n 300"},
	{args: "sample jsonl.parquet -o jsonl-synthetic.jsonl -n 300"},
	{args: "sample typed.parquet -o typed-synthetic.parquet -n 300"},
	{args: "sample ragged.parquet -o ragged-synthetic.csv -n 300 --mess file"},
	{args: "eval fidelity --real data.csv --synth csv-synthetic.csv --profile csv.parquet --html fidelity.html", open: "fidelity.html"},
	{args: "eval fidelity --real data.parquet --synth typed-synthetic.parquet --json", open: "-"},
	{args: "eval fidelity --real data.csv --synth csv-synthetic.csv --profile csv.parquet --private-epsilon 2 --private-delta 1e-6 --dataset d --html private.html --ledger ledger.db"},
	{args: "eval fidelity --real data.csv --synth csv-synthetic.csv --profile csv.parquet --private-epsilon 2 --private-delta 1e-6 --dataset d --json --ledger ledger.db"},
}

// failingRuns find their data, spec, ledger or output broken.
var failingRuns = []trial{
	{args: "profile twice.csv -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile headless.csv -o x.parquet --dataset d" + budget, exits: 22},
	{args: "init headless.csv -o -", exits: 22},
	{args: "plan headless.csv --rows 2000 --dataset d" + budget, exits: 22},
	{args: "profile open-quote.csv -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile data.csv twice.csv -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile data.csv --encoding utf-16le -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile data.csv --encoding shift_jis --delimiter ; -o x.parquet --dataset d" + budget, exits: anyExit},
	{args: "profile data.csv --format jsonl -o x.parquet --dataset d" + budget, exits: anyExit},
	{args: "profile data.csv --format parquet -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile data.jsonl --format csv -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile cut.csv.gz -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile cut.parquet -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile bent.parquet -o x.parquet --dataset d" + budget, exits: 1},
	{args: "eval fidelity --real bent.parquet --synth typed-synthetic.parquet", exits: 1},
	{args: "eval fidelity --real data.csv --synth cut.csv.gz", exits: 22},
	{args: "eval fidelity --real twice.csv --synth twice.csv", exits: 22},
	{args: "profile array.json -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile loop.csv -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile folder.csv -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile few.csv -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile data.csv -s other.yaml -o x.parquet --dataset d" + budget, exits: 22},
	{args: "profile data.csv -s broken.yaml -o x.parquet --dataset d" + budget, exits: 1},
	{args: "profile data.csv -s wrong-kind.yaml -o wrong.parquet --dataset d" + budget},
	{args: "profile data.csv -s data.csv -o x.parquet --dataset d" + budget, exits: 1},
	{args: "profile data.csv -s data.jsonl -o x.parquet --dataset d" + budget, exits: 1},
	{args: "profile data.csv -s array.json -o x.parquet --dataset d" + budget, exits: 1},
	{args: "profile data.csv -s pairs.yaml -o x.parquet --dataset d" + budget, exits: 1},
	{args: "profile data.csv -o x.parquet --dataset poor" + budget, exits: 20},
	{args: "profile data.csv -o x.parquet --dataset nobody" + budget, exits: 10},
	{args: "profile data.csv -o x.parquet --dataset d --epsilon 1 --delta 1e-6 --ledger missing.db", exits: 10},
	{args: "profile data.csv -o x.parquet --dataset d --epsilon 1 --delta 1e-6 --ledger damaged.db", exits: 12},
	{args: "profile data.csv -o x.parquet --dataset d --epsilon 1 --delta 1e-6 --ledger data.csv", exits: 12},
	{args: "profile data.csv -o nowhere/x.parquet --dataset d" + budget, exits: anyExit},
	{args: "profile data.csv -o csv.parquet --dataset d" + budget, exits: 1},
	{args: "eval fidelity --real data.csv --synth csv-synthetic.csv --profile csv.parquet --private-epsilon 2 --private-delta 1e-6 --dataset poor --ledger ledger.db", exits: 20},
	{args: "eval fidelity --real data.csv --synth csv-synthetic.csv --profile data.parquet", exits: 21},
	{args: "eval fidelity --real data.csv --synth csv-synthetic.csv --target nothing", exits: 64},
	{args: "inspect data.csv", exits: 21},
	{args: "sample data.parquet -o x.csv", exits: 21},
	{args: "verify data.parquet", exits: 21},
	{args: "gap --gold data.csv csv.parquet --html gap.html"},
}

// endedRuns are ended at each step by kill -9, by the signal at which Go prints its stacks and by a panic that says a cell, and some time
// on the way by an interrupt.
var endedRuns = func() (out []trial) {
	const args = "profile data.csv --dataset d --log-level debug --result-file ended.json" + budget
	for i, step := range firstSteps {
		for j, how := range []string{"", "quit", "{cell}"} {
			t := trial{args: fmt.Sprintf("%s -o ended-%d-%d.parquet", args, i, j), exits: []int{anySignal, 2, 1}[j]}
			t.env = "PATINA_FAILPOINT=" + step + " PATINA_FAILPOINT_HOW=" + how
			out = append(out, t)
		}
	}
	for i := range 6 {
		out = append(out, trial{args: fmt.Sprintf("%s -o stopped-%d.parquet", args, i), exits: anyExit, stop: time.Duration(30+60*i) * time.Millisecond})
	}
	return out
}()

// laterRuns look at profiles and the ledger when all of that has happened.
var laterRuns = []trial{
	{args: "budget show d --ledger ledger.db"},
	{args: "budget show d --json --ledger ledger.db"},
	{args: "budget log d --ledger ledger.db"},
	{args: "budget report d -o report.html --parquet releases.parquet --ledger ledger.db"},
	{args: "budget report d --json --ledger ledger.db"},
	{args: "budget export d -o entries.json --ledger ledger.db"},
	{args: "budget export -o entries.parquet --ledger ledger.db"},
	{args: "budget simulate d --epsilon 1 --delta 1e-6 --runs 3 --ledger ledger.db"},
	{args: "budget verify --ledger ledger.db"},
	{args: "verify csv.parquet --ledger ledger.db --json"},
	{args: "inspect csv.parquet --html inspect.html"},
	{args: "inspect csv.parquet --model"},
	{args: "inspect jsonl.parquet --json"},
	{args: "inspect typed.parquet --json"},
	{args: "inspect ragged.parquet --json"},
	{args: "drift csv.parquet wrong.parquet --html drift.html", exits: anyExit},
}

// try runs a trial and looks for canaries in whatever it says and leaves.
func (c *cage) try(s trial, format string) {
	c.Helper()
	args := strings.Fields(s.args + " " + format)
	cmd := exec.CommandContext(c.Context(), c.program, args...)
	cmd.Dir = c.dir
	env := strings.Fields(strings.ReplaceAll(s.env, "{cell}", c.all[0]))
	cmd.Env = append(append(os.Environ(), "PATINA_LEDGER=", "PATINA_SPEC=", "TMPDIR="+c.dir, "HOME="+c.dir), env...)
	var out, messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &messages
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	if s.stop > 0 {
		timer := time.AfterFunc(s.stop, func() { cmd.Process.Signal(os.Interrupt) })
		defer timer.Stop()
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); s.exits != anyExit && got != s.exits {
		c.Errorf("patina %s %s: ended with %d, want %d: %s", s.args, s.env, got, s.exits, &messages)
	}
	if s.open != "-" {
		messages.Write(out.Bytes())
	}
	c.inputs[s.open] = true
	c.search("patina "+s.args+" "+s.env, messages.Bytes())
}

// search looks for canaries in what was printed and in every file that was not there before. What was looked at is removed from
// those that are looked at again, unless a run may write it again.
func (c *cage) search(after string, printed []byte) {
	c.Helper()
	if hit := c.find(printed); hit != "" {
		c.Errorf("%s: quotes %s", after, hit)
	}
	for _, name := range c.files() {
		if c.inputs[name] || c.seen[name] == c.state(name) {
			continue
		}
		c.seen[name] = c.state(name)
		if hit := c.find(c.read(name)); hit != "" {
			c.Errorf("%s: leaves %s, which holds %s", after, name, hit)
		}
	}
}

// read returns the bytes of a file, which another run may have removed.
func (c *cage) read(name string) []byte {
	data, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.Fatal(err)
	}
	return data
}

// files returns the names of all files under the folder.
func (c *cage) files() (names []string) {
	err := filepath.WalkDir(c.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			names = append(names, strings.TrimPrefix(path, c.dir+string(filepath.Separator)))
		}
		return err
	})
	if err != nil {
		c.Fatal(err)
	}
	return names
}

// state tells a file from what it was before.
func (c *cage) state(name string) string {
	info, err := os.Stat(filepath.Join(c.dir, name))
	if err != nil {
		c.Fatal(err)
	}
	return fmt.Sprint(info.Size(), info.ModTime())
}

// newCage writes the data, and ledgers that are none.
func newCage(t *testing.T, program string) *cage {
	c := &cage{T: t, canaries: newCanaries(), program: program, dir: t.TempDir(), inputs: map[string]bool{}, seen: map[string]string{}}
	table := "note,mail,number,letter,colour\n" + c.rows(1500)
	objects := c.objects(800)
	typed := c.typed(500)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	fmt.Fprint(w, table)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	bent := bytes.Clone(typed)
	for i := len(bent) / 4; i < len(bent)/2; i += 7 {
		bent[i] ^= 0xff
	}
	for name, data := range map[string]string{
		"data.csv": table, "data.jsonl": objects, "data.parquet": string(typed),
		"headless.csv":   c.rows(150),
		"ragged.csv":     c.text() + " made by " + c.text() + "\nnote,mail,number,letter,colour\n" + c.ragged(200),
		"twice.csv":      "note,note\n" + c.text() + "," + c.text() + "\n",
		"open-quote.csv": "note,colour\n\"" + c.text() + ",green\n" + c.text() + "\"x,\"green\n",
		"few.csv":        "note,colour\n" + c.text() + ",green\n",
		"array.json":     `["` + c.text() + `", {"` + c.text() + `": 1}]`,
		"cut.csv.gz":     packed.String()[:packed.Len()/2],
		"cut.parquet":    string(typed[:len(typed)/2]),
		"bent.parquet":   string(bent),
		"damaged.db":     "SQLite format 3\x00" + c.text(),
	} {
		c.write(name, data)
		c.inputs[name] = true
	}
	c.write("other.yaml", "version: 1\ncolumns:\n  - name: absent\n")
	c.write("broken.yaml", "version: 1\ncolumns: [\n")
	c.write("pairs.yaml", "version: 1\ncolumns:\n  "+strings.ReplaceAll(c.rows(3), ",", ": "))
	c.inputs["pairs.yaml"] = true
	c.write("wrong-kind.yaml", "version: 1\ncolumns:\n  - name: note\n    kind: date\n  - name: number\n    kind: boolean\n")
	if err := errors.Join(os.Symlink("loop.csv", filepath.Join(c.dir, "loop.csv")), os.Mkdir(filepath.Join(c.dir, "folder.csv"), 0o700)); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *cage) write(name, data string) {
	c.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(data), 0o600); err != nil {
		c.Fatal(err)
	}
}

func colour(i int) string { return []string{"green", "red"}[i%2] }

// rows are lines of CSV with four canaries and a colour: a word, an address, a number, and a quoted text of two lines.
func (c *cage) rows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s,%s@mail.example,%s,\"Dear %s,\nhello\",%s\n", c.text(), c.text(), c.number(), strings.ToUpper(c.text()), colour(i))
	}
	return b.String()
}

// ragged are lines with cells too many, cells too few, quotes in the wrong place, broken UTF-8 and a second header.
func (c *cage) ragged(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%s,%s@mail.example,%s,x,%s\n", c.text(), c.text(), c.number(), colour(i))
		fmt.Fprintf(&b, "%s,a,1,x,%s,%s\n%s\n", c.text(), colour(i), c.text(), c.text())
		fmt.Fprintf(&b, "%s\"%s,a,1,%s\xff,%s\n", c.text(), c.text(), c.text(), colour(i))
	}
	return b.String() + "note,mail,number,letter,colour\n"
}

// objects are lines of JSON with canaries as keys, texts and numbers, on three levels, and lines that are no objects.
func (c *cage) objects(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"colour":%q,%q:%q,"inner":{"note":%q,%q:%s},"list":[%q,{"n":%s}]}`+"\n",
			colour(i), c.text(), c.text(), c.text(), c.text(), c.number(), c.text(), c.number())
		if i%4 == 0 {
			fmt.Fprintf(&b, "%s\n{\"note\": %s}\n{\"%s\": 1,\n", c.text(), c.text(), c.text())
		}
	}
	return b.String()
}

// typed is a Parquet file, which repeats cells in its statistics and one more canary in its own metadata.
func (c *cage) typed(n int) []byte {
	type record struct {
		Note   string `parquet:"note,dict"`
		Bytes  []byte `parquet:"bytes"`
		Number int64  `parquet:"number"`
		Colour string `parquet:"colour"`
	}
	var out bytes.Buffer
	w := pq.NewGenericWriter[record](&out, pq.KeyValueMetadata("author", c.text()), pq.CreatedBy(c.text(), "1", "1"), pq.Compression(&pq.Snappy))
	rows := make([]record, n)
	for i := range rows {
		number, err := strconv.ParseInt(c.number(), 10, 64)
		if err != nil {
			c.Fatal(err)
		}
		rows[i] = record{c.text(), []byte(c.text()), number, colour(i)}
	}
	if _, err := w.Write(rows); err != nil {
		c.Fatal(err)
	}
	if err := w.Close(); err != nil {
		c.Fatal(err)
	}
	return out.Bytes()
}

// named holds the program to what it may say of names: it runs on data whose columns and files are named by canaries.
func (c *cage) named() {
	c.Helper()
	column, file, folder := c.text(), c.text(), c.text()
	if err := os.Mkdir(filepath.Join(c.dir, folder), 0o700); err != nil {
		c.Fatal(err)
	}
	data := folder + "/" + file + ".csv"
	c.write(data, column+",colour\n"+strings.Repeat("1,green\n2,red\n", 300))
	c.inputs[data] = true
	c.forget(column, file, folder)
	c.try(trial{args: "profile " + data + " -o named.parquet --dataset d --result-file named.json" + budget}, "")
	if p := pages(c.read("named.parquet")); !bytes.Contains(p, []byte(column)) {
		c.Errorf("the profile does not name the column: it was not read, or nothing would be found in it")
	}
	names := newCanaries()
	for _, name := range []string{file, folder} {
		names.add(name)
	}
	c.try(trial{args: "sample named.parquet -o named-synthetic.csv -n 10"}, "")
	c.try(trial{args: "inspect named.parquet --html named.html"}, "")
	c.try(trial{args: "budget report d --force -o report.html --parquet releases.parquet --ledger ledger.db"}, "")
	for _, name := range []string{"named.parquet", "named-synthetic.csv", "named.html", "report.html", "releases.parquet", "ledger.db"} {
		if hit := names.find(c.read(name)); hit != "" {
			c.Errorf("%s holds a file's name, %s", name, hit)
		}
	}
}
