package policy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// module is the import path of the repository's root.
const module = "github.com/patina-data/patina"

// A repo is the files that a rule looks at: those of the checkout, or a few made up in memory.
type repo struct {
	files map[string][]byte // by slash-separated path from the root
	fset  *token.FileSet
	goes  map[string]*goFile // the Go files among them
}

// A goFile is a parsed Go file.
type goFile struct {
	path    string
	dir     string // the package's path from the root
	test    bool
	syntax  *ast.File
	imports []string
	names   map[string]string // import path by the name it has in the file
}

// newRepo parses the Go files.
func newRepo(files map[string][]byte) (*repo, error) {
	r := &repo{files: files, fset: token.NewFileSet(), goes: map[string]*goFile{}}
	for name, text := range files {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		syntax, err := parser.ParseFile(r.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		f := &goFile{
			path: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"),
			syntax: syntax, names: map[string]string{},
		}
		for _, spec := range syntax.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, fmt.Errorf("%s: import path: %w", name, err)
			}
			local := path.Base(p)
			if spec.Name != nil {
				local = spec.Name.Name
			}
			f.imports = append(f.imports, p)
			f.names[local] = p
		}
		r.goes[name] = f
	}
	return r, nil
}

// at returns a position as file and line.
func (r *repo) at(p token.Pos) string {
	where := r.fset.Position(p)
	return fmt.Sprintf("%s:%d", where.Filename, where.Line)
}

// fake makes a repository of files written as "-- path --" followed by their lines.
func fake(t *testing.T, text string) *repo {
	t.Helper()
	files := map[string][]byte{}
	name := ""
	for line := range strings.Lines(strings.TrimLeft(text, "\n")) {
		if rest, ok := strings.CutPrefix(line, "-- "); ok {
			name = strings.TrimSuffix(strings.TrimSpace(rest), " --")
			continue
		}
		files[name] = append(files[name], line...)
	}
	r, err := newRepo(files)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// checkout reads the repository that the test runs in, once.
var checkout = sync.OnceValues(func() (*repo, error) {
	root, err := findRoot()
	if err != nil {
		return nil, err
	}
	skip, err := ignored(root)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == root {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		switch {
		case d.IsDir() && (rel == ".git" || skip(rel)):
			return fs.SkipDir
		case d.IsDir() || rel == ".git" || skip(rel):
			return nil
		}
		files[rel], err = os.ReadFile(name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the checkout: %w", err)
	}
	return newRepo(files)
})

func repository(t *testing.T) *repo {
	t.Helper()
	r, err := checkout()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if filepath.Dir(dir) == dir {
			return "", fmt.Errorf("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// ignored reads .gitignore. Only names and rooted paths are understood, with the wildcards of [path.Match].
func ignored(root string) (func(rel string) bool, error) {
	text, err := os.ReadFile(filepath.Join(root, ".gitignore"))
	if err != nil {
		return nil, err
	}
	var patterns []string
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(strings.TrimSpace(line), "/")
		if line == "" || line[0] == '#' {
			continue
		}
		if _, err := path.Match(line, ""); err != nil || line[0] == '!' || strings.Contains(line, "**") {
			return nil, fmt.Errorf(".gitignore: pattern %q is more than this test understands", line)
		}
		patterns = append(patterns, line)
	}
	return func(rel string) bool {
		for _, p := range patterns {
			name := path.Base(rel)
			if rooted, ok := strings.CutPrefix(p, "/"); ok {
				p, name = rooted, rel
			}
			if ok, err := path.Match(p, name); ok && err == nil {
				return true
			}
		}
		return false
	}, nil
}

// report fails the test with each violation.
func report(t *testing.T, violations []string) {
	t.Helper()
	for _, v := range violations {
		t.Error(v)
	}
}

// mustFind fails the test unless some violation says want.
func mustFind(t *testing.T, violations []string, want string) {
	t.Helper()
	for _, v := range violations {
		if strings.Contains(v, want) {
			return
		}
	}
	t.Errorf("the rule found %q, want a violation with %q", violations, want)
}
