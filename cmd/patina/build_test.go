package main

import (
	"bytes"
	"debug/elf"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

var builds = flag.Bool("builds", false, "build the program as it is released, twice")

// maxProgram bounds the released program, in bytes.
const maxProgram = 60 << 20

// TestBuildIsReproducible builds the released program here and from a copy of the source in another folder: the bytes are the same, and
// name neither folder. With an empty GOCACHE nothing is shared between the two but Go itself; .ci/run lets them share what others wrote.
func TestBuildIsReproducible(t *testing.T) {
	if !*builds {
		t.Skip("builds with -builds")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "another place", "of the source")
	copySource(t, root, elsewhere)
	here, there := build(t, root), build(t, elsewhere)
	if !bytes.Equal(here, there) {
		t.Errorf("%d bytes built here and %d built elsewhere are not the same", len(here), len(there))
	}
	for _, dir := range []string{root, elsewhere, os.Getenv("HOME") + "/"} {
		if len(dir) > 1 && bytes.Contains(here, []byte(dir)) {
			t.Errorf("the program holds the path %s", dir)
		}
	}
	if len(here) > maxProgram {
		t.Errorf("the program has %d bytes, more than %d", len(here), maxProgram)
	}
	if runtime.GOOS == "linux" {
		checkStatic(t, here)
	}
}

// build runs the release's build in a checkout and returns the program.
func build(t *testing.T, root string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "patina")
	if text, err := exec.CommandContext(t.Context(), filepath.Join(root, ".ci", "build"), out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// copySource copies a checkout without its history.
func copySource(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		switch {
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case !d.Type().IsRegular():
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, data, 0o755)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// checkStatic checks that the program needs no other file to run.
func checkStatic(t *testing.T, program []byte) {
	t.Helper()
	f, err := elf.NewFile(bytes.NewReader(program))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the program asks for a dynamic loader")
		}
	}
	if libraries, err := f.ImportedLibraries(); err == nil && len(libraries) > 0 {
		t.Errorf("the program needs %v", libraries)
	}
}
