package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
)

// guideBlock returns the one fenced block of a language in the batch guide.
func guideBlock(t *testing.T, language string) (text, guide string) {
	t.Helper()
	data, err := os.ReadFile("../../patina/README.md")
	if err != nil {
		t.Fatal(err)
	}
	guide = string(data)
	_, after, ok := strings.Cut(guide, "\n```"+language+"\n")
	text, _, closed := strings.Cut(after, "\n```")
	if !ok || !closed {
		t.Fatalf("the guide has no %s block", language)
	}
	return text, guide
}

// hasFlags checks that every word that begins with a dash is a flag of the command, and that there are some.
func hasFlags(t *testing.T, words []string) {
	t.Helper()
	root := newRootCommand(Streams{Getenv: func(string) string { return "" }})
	cmd, _, err := root.Find(words[:1])
	if err != nil || cmd == root {
		t.Fatalf("%s is no command", words[0])
	}
	flags := 0
	for _, w := range words {
		if !strings.HasPrefix(w, "-") {
			continue
		}
		flags++
		name, _, _ := strings.Cut(strings.TrimLeft(w, "-"), "=")
		if !known(cmd, name) {
			t.Errorf("%s has no flag %s", cmd.Name(), w)
		}
	}
	if flags < 5 {
		t.Errorf("%q has %d flags, want some", words, flags)
	}
}

func known(cmd *cobra.Command, name string) bool {
	if len(name) == 1 {
		return cmd.Flags().ShorthandLookup(name) != nil
	}
	return cmd.Flags().Lookup(name) != nil || cmd.InheritedFlags().Lookup(name) != nil
}

func TestGuideCronJob(t *testing.T) {
	text, _ := guideBlock(t, "yaml")
	var job struct {
		Kind string
		Spec struct {
			JobTemplate struct {
				Spec struct {
					PodFailurePolicy struct {
						Rules []struct {
							OnExitCodes struct{ Values []int } `yaml:"onExitCodes"`
						}
					} `yaml:"podFailurePolicy"`
					Template struct {
						Spec struct {
							RestartPolicy string `yaml:"restartPolicy"`
							Containers    []struct {
								Args []string
								Env  []struct{ Name string }
							}
						}
					}
				}
			} `yaml:"jobTemplate"`
		}
	}
	if err := yaml.Unmarshal([]byte(text), &job); err != nil {
		t.Fatal(err)
	}
	spec := job.Spec.JobTemplate.Spec
	if job.Kind != "CronJob" || len(spec.Template.Spec.Containers) != 1 || spec.Template.Spec.RestartPolicy != "Never" {
		t.Fatalf("the job is %+v", job)
	}
	container := spec.Template.Spec.Containers[0]
	hasFlags(t, container.Args)
	env := map[string]bool{}
	for _, e := range container.Env {
		env[e.Name] = true
	}
	for _, used := range regexp.MustCompile(`\$\((\w+)\)`).FindAllStringSubmatch(strings.Join(container.Args, " "), -1) {
		if !env[used[1]] {
			t.Errorf("the variable %s is not set", used[1])
		}
	}
	if got, want := fmt.Sprint(spec.PodFailurePolicy.Rules[0].OnExitCodes.Values), fmt.Sprint(hopeless); got != want {
		t.Errorf("the job gives up at %s, want %s", got, want)
	}
}

// hopeless are the exit codes after which trying again changes nothing.
var hopeless = []int{exitNoLedger, exitDamaged, exitRefused, exitInvalid, exitMismatch, exitUsage}

func TestGuideDAG(t *testing.T) {
	text, _ := guideBlock(t, "python")
	_, call, _ := strings.Cut(text, "subprocess.run([")
	call, _, ok := strings.Cut(call, "])")
	if !ok {
		t.Fatal("the DAG runs nothing")
	}
	var words []string
	for _, m := range regexp.MustCompile(`"([^"]*)"`).FindAllStringSubmatch(call, -1) {
		words = append(words, m[1])
	}
	if words[0] != "patina" {
		t.Fatalf("the DAG runs %q", words)
	}
	hasFlags(t, words[1:])
	if want := strings.Trim(strings.ReplaceAll(fmt.Sprint(hopeless), " ", ", "), "[]"); !strings.Contains(text, "("+want+")") {
		t.Errorf("the DAG does not give up at %s", want)
	}
}

func TestGuideCommand(t *testing.T) {
	text, _ := guideBlock(t, "sh")
	line, _, _ := strings.Cut(strings.ReplaceAll(text, "\\\n", ""), "\n")
	list := words(line)
	if list[0] != "patina" {
		t.Fatalf("the first command is %q", list)
	}
	hasFlags(t, list[1:])
}

// The guide's result has every field of the real one and no other; each is explained, and so is each exit code.
func TestGuideResult(t *testing.T) {
	text, guide := guideBlock(t, "json")
	var shown, real map[string]any
	if err := json.Unmarshal([]byte(text), &shown); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(result{})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &real); err != nil {
		t.Fatal(err)
	}
	for field := range real {
		if _, ok := shown[field]; !ok || !strings.Contains(guide, "`"+field+"`") {
			t.Errorf("the guide does not show and explain the field %s", field)
		}
	}
	if len(shown) != len(real) || !reflect.DeepEqual(keys(shown["spent"]), keys(real["spent"])) {
		t.Errorf("the guide shows %v, the result has %v", shown, real)
	}
	for _, code := range append([]int{exitOK, exitError, exitBusy, exitInterrupt, exitTerminate}, hopeless...) {
		if !strings.Contains(guide, fmt.Sprintf("\n| %d | ", code)) {
			t.Errorf("the guide does not explain exit code %d", code)
		}
	}
	for _, status := range []string{statusOK, statusAlready, statusFailed, statusInterrupted} {
		if !strings.Contains(guide, "`"+status+"`") {
			t.Errorf("the guide does not explain status %s", status)
		}
	}
}

func keys(object any) map[string]bool {
	set := map[string]bool{}
	for k := range object.(map[string]any) {
		set[k] = true
	}
	return set
}
