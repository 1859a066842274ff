package policy

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// The folders and files of the root. A new noun is a design decision, so it is made here as well.
var (
	rootFolders = []string{".ci", "cmd", "dp", "eval", "profile", "synth", "testdata"}
	rootFiles   = []string{".gitignore", "CONTRIBUTING.md", "KNOWN_ISSUES.md", "LICENSE", "README.md", "SECURITY.md", "go.mod", "go.sum"}
	rootNeeded  = []string{".ci/build", ".ci/fuzz", ".ci/run", ".gitignore", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md", "go.mod", "dp/PRIVACY.md", "profile/FORMAT.md", "testdata/README.md"}
)

// maxFile bounds a file, in bytes: the checkout is read by people.
const maxFile = 2 << 20

func checkLayout(files map[string][]byte) (violations []string) {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		top, _, nested := strings.Cut(name, "/")
		switch {
		case nested && !slices.Contains(rootFolders, top):
			violations = append(violations, fmt.Sprintf("%s: the root has no folder %s", name, top))
		case !nested && !slices.Contains(rootFiles, top):
			violations = append(violations, fmt.Sprintf("%s: the root has no such file", name))
		}
		if len(files[name]) > maxFile {
			violations = append(violations, fmt.Sprintf("%s is larger than %d bytes", name, maxFile))
		}
		if ext := path.Ext(name); slices.Contains([]string{".exe", ".so", ".a", ".o", ".zip", ".gz", ".db", ".orig", ".rej", ".swp"}, ext) {
			violations = append(violations, fmt.Sprintf("%s is not a source", name))
		}
	}
	for _, name := range rootNeeded {
		if _, ok := files[name]; !ok {
			violations = append(violations, fmt.Sprintf("%s is missing", name))
		}
	}
	return violations
}

func TestLayout(t *testing.T) {
	report(t, checkLayout(repository(t).files))
}

func TestLayoutCanFail(t *testing.T) {
	found := checkLayout(map[string][]byte{
		"utils/a.go": nil, "notes.md": nil, "cmd/patina/patina.exe": nil, "dp/big.csv": make([]byte, maxFile+1),
	})
	mustFind(t, found, "no folder utils")
	mustFind(t, found, "notes.md: the root has no such file")
	mustFind(t, found, "patina.exe is not a source")
	mustFind(t, found, "dp/big.csv is larger")
	mustFind(t, found, "go.mod is missing")
}

// TestIgnored checks the reading of .gitignore that the rules rest on.
func TestIgnored(t *testing.T) {
	root, err := findRoot()
	if err != nil {
		t.Fatal(err)
	}
	skip, err := ignored(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"patina": true, "cmd/patina": false, "patina-demo": true, "a/b/ledger.db": true, "dp/dp.go": false, "x/cpu.prof": true,
	} {
		if skip(name) != want {
			t.Errorf("%s is ignored: %v, want %v", name, !want, want)
		}
	}
}
