package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/patina-data/patina/eval/report/reporttest"
	"github.com/patina-data/patina/testdata"
)

// TestPages makes every page that is made of profiles, checks what it is made of, and opens it in a browser.
func TestPages(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	table := at("contracts.csv")
	lines := strings.SplitAfter(string(testdata.Contracts), "\n")
	for name, text := range map[string]string{"contracts.csv": string(testdata.Contracts), "gold.csv": strings.Join(lines[:60], ""), "half.csv": lines[0] + strings.Join(lines[len(lines)/2:], "")} {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ok := func(args ...string) {
		t.Helper()
		var out, errs bytes.Buffer
		streams := Streams{Out: &out, Err: &errs, Getenv: func(string) string { return "" }}
		if code := run(context.Background(), append(args, "--quiet"), streams); code != 0 {
			t.Fatalf("patina %s: exit %d: %s", strings.Join(args, " "), code, errs.String())
		}
	}
	ledger := at("ledger.db")
	ok("budget", "init", "d", "--epsilon", "50", "--delta", "1e-4", "--ledger", ledger)
	for name, data := range map[string]string{"p.parquet": table, "q.parquet": at("half.csv")} {
		ok("profile", data, "-o", at(name), "--epsilon", "4", "--delta", "1e-6", "--dataset", "d", "--ledger", ledger)
	}
	ok("sample", at("p.parquet"), "-o", at("s.csv"), "--seed", "1")
	for name, c := range map[string]struct {
		args []string
		want []string
	}{
		"inspect": {[]string{"inspect", at("p.parquet")}, []string{"Type of Contract", "How missing values are spelled", "Pairs of columns"}},
		"gap":     {[]string{"gap", "--gold", at("gold.csv"), at("p.parquet")}, []string{"the gold set lacks", "Covered"}},
		"audit": {
			[]string{"audit", table, "--epsilon", "2", "--delta", "1e-6", "--canaries", "200"},
			[]string{"NOT PRIVATE", "Who was in the data?", "What this does not show", "guessing Type of Contract"},
		},
		"drift": {[]string{"drift", at("p.parquet"), at("q.parquet"), at("p.parquet")}, []string{"The largest change", "What moved"}},
		"private": {
			[]string{
				"eval", "fidelity", "--real", table, "--synth", at("s.csv"), "--profile", at("p.parquet"), "--private-epsilon", "1", "--private-delta", "1e-6",
				"--dataset", "d", "--ledger", ledger,
			},
			[]string{"may leave the vault", "Pairs of columns"},
		},
	} {
		ok(append(c.args, "--html", at(name+".html"))...)
		page, err := os.ReadFile(at(name + ".html"))
		if err != nil {
			t.Fatal(err)
		}
		reporttest.Check(t, page)
		for _, want := range c.want {
			if !bytes.Contains(page, []byte(want)) {
				t.Errorf("the page of %s does not say %q", name, want)
			}
		}
		t.Run(name, func(t *testing.T) { reporttest.Browse(t, name, page) })
	}
}
