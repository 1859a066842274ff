package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestExamples runs what the help texts and the README tell people to type: each command's example in a directory of
// its own, beside a demo; the README from its first line to its last, starting with nothing.
func TestExamples(t *testing.T) {
	demo := filepath.Join(t.TempDir(), "patina-demo")
	mustPatina(t, "demo", "--dir", demo)
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("README", func(t *testing.T) {
		t.Chdir(t.TempDir())
		runLines(t, codeBlocks(string(readme)))
	})
	for _, cmd := range allCommands(newRootCommand(Streams{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}})) {
		t.Run(cmd.CommandPath(), func(t *testing.T) {
			if cmd.Example == "" || cmd.Short == "" {
				t.Fatal("no example or no description")
			}
			t.Chdir(t.TempDir())
			if !strings.Contains(cmd.Example, "patina demo") {
				if err := os.CopyFS("patina-demo", os.DirFS(demo)); err != nil {
					t.Fatal(err)
				}
			}
			if cmd.Name() == "show" || cmd.Name() == "budget" {
				mustPatina(t, "budget", "init", "other", "--epsilon", "1", "--delta", "1e-6")
			}
			runLines(t, cmd.Example)
		})
	}
}

// allCommands lists a command and everything below it, but for what cobra adds.
func allCommands(cmd *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{cmd}
	for _, sub := range cmd.Commands() {
		if sub.Name() != "help" && sub.Name() != "completion" {
			list = append(list, allCommands(sub)...)
		}
	}
	return list
}

// codeBlocks returns what is inside the fenced blocks of a Markdown text.
func codeBlocks(text string) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "\n```") {
		if i%2 == 1 {
			b.WriteString(part + "\n")
		}
	}
	return b.String()
}

// runLines runs each line that is a patina command.
func runLines(t *testing.T, text string) {
	t.Helper()
	ran := 0
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), "  #")
		if args, ok := strings.CutPrefix(line, "patina "); ok {
			mustPatina(t, words(args)...)
			ran++
		}
	}
	if ran == 0 {
		t.Error("there is no line to run")
	}
}

// words splits a command line at blanks outside single quotes, as a shell does.
func words(line string) []string {
	var list []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			list = append(list, part)
		} else {
			list = append(list, strings.Fields(part)...)
		}
	}
	return list
}
