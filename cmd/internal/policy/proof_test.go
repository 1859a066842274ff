package policy

import (
	"fmt"
	"go/ast"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const proof = "dp/PRIVACY.md"

// declared returns what the source declares: functions, types, constants and variables as pkg.Name, methods and
// fields as pkg.Type.Name, and the names of tests alone.
func (r *repo) declared() map[string]bool {
	names := map[string]bool{}
	for _, f := range r.goes {
		pkg := strings.TrimSuffix(f.syntax.Name.Name, "_test")
		for _, d := range f.syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				switch {
				case f.test && d.Recv == nil && testName.MatchString(name):
					names[name] = true
				case d.Recv == nil:
					names[pkg+"."+name] = true
				default:
					names[pkg+"."+receiver(d)+"."+name] = true
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					declare(names, pkg, s)
				}
			}
		}
	}
	return names
}

func declare(names map[string]bool, pkg string, s ast.Spec) {
	switch s := s.(type) {
	case *ast.TypeSpec:
		names[pkg+"."+s.Name.Name] = true
		var fields *ast.FieldList
		switch t := s.Type.(type) {
		case *ast.StructType:
			fields = t.Fields
		case *ast.InterfaceType:
			fields = t.Methods
		default:
			return
		}
		for _, f := range fields.List {
			for _, n := range f.Names {
				names[pkg+"."+s.Name.Name+"."+n.Name] = true
			}
		}
	case *ast.ValueSpec:
		for _, n := range s.Names {
			names[pkg+"."+n.Name] = true
		}
	}
}

func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if generic, ok := t.(*ast.IndexExpr); ok {
		t = generic.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

var (
	testName  = regexp.MustCompile(`^(?:Test|Fuzz|Benchmark)[A-Z]\w*$`)
	qualified = regexp.MustCompile(`^[a-z]\w*(?:\.\w+){1,2}$`)
	filePath  = regexp.MustCompile(`^[\w.-]+(?:/[\w.-]+)+$`)
	quoted    = regexp.MustCompile("`([^`\n]+)`")
	claimed   = regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w*`)
)

// checkProof looks up what the proof quotes: `pkg.Name`, `TestName` and `path/to/file`.
func checkProof(r *repo, name string) (violations []string) {
	known := r.declared()
	tests, code := 0, 0
	for _, m := range quoted.FindAllStringSubmatch(string(r.files[name]), -1) {
		switch q := strings.TrimSuffix(m[1], "()"); {
		case testName.MatchString(q):
			tests++
			if !known[q] {
				violations = append(violations, fmt.Sprintf("%s speaks of the test %s, which is not there", name, q))
			}
		case filePath.MatchString(q):
			if !r.has(q) {
				violations = append(violations, fmt.Sprintf("%s speaks of %s, which is not there", name, q))
			}
		case qualified.MatchString(q):
			code++
			if !known[q] {
				violations = append(violations, fmt.Sprintf("%s speaks of %s, which the source does not declare", name, q))
			}
		}
	}
	if tests < 10 || code < 10 {
		violations = append(violations, fmt.Sprintf("%s names %d tests and %d parts of the source: a step of a proof points at both", name, tests, code))
	}
	return violations
}

// has reports whether the path is a file or a folder.
func (r *repo) has(path string) bool {
	if _, ok := r.files[path]; ok {
		return true
	}
	for f := range r.files {
		if strings.HasPrefix(f, path+"/") {
			return true
		}
	}
	return false
}

// checkClaims looks up the tests that claim blocks in dp and the vault name.
func checkClaims(r *repo) (violations []string) {
	known := r.declared()
	claims := 0
	for _, file := range slices.Sorted(maps.Keys(r.goes)) {
		f := r.goes[file]
		if f.test || !matches("dp/...", f.dir) && !matches("profile/vault/...", f.dir) {
			continue
		}
		for _, group := range f.syntax.Comments {
			_, tests, ok := strings.Cut(group.Text(), "\nTests: ")
			if !ok {
				continue
			}
			for _, name := range claimed.FindAllString(tests, -1) {
				claims++
				if !known[name] {
					violations = append(violations, fmt.Sprintf("%s claims to be tested by %s, which is not there", r.at(group.Pos()), name))
				}
			}
		}
	}
	if claims == 0 {
		violations = append(violations, "no claim names a test")
	}
	return violations
}

func TestProof(t *testing.T) {
	report(t, checkProof(repository(t), proof))
}

// TestAnswers: what the budget's page calls evidence is held to the same.
func TestAnswers(t *testing.T) {
	report(t, checkProof(repository(t), "cmd/internal/cli/budget_nist.go"))
}

func TestClaims(t *testing.T) {
	report(t, checkClaims(repository(t)))
}

func TestProofCanFail(t *testing.T) {
	r := fake(t, `
-- dp/dp.go --
package dp
// Noise hides.
//
// Guarantee: some.
// Tests: TestHere, TestGone.
func (r *Run) Noise() {}
type Run struct { field int }
-- dp/dp_test.go --
package dp
func TestHere() {}
-- dp/PRIVACY.md --
`+"`dp.Run` `dp.Run.Noise` `dp.Run.field` `TestHere` `dp/dp.go` `dp.Missing` `TestGone` `dp/gone.go` `ε = 1`\n")
	found := checkProof(r, proof)
	mustFind(t, found, "speaks of dp.Missing")
	mustFind(t, found, "the test TestGone")
	mustFind(t, found, "speaks of dp/gone.go")
	mustFind(t, found, "names 2 tests and 4 parts")
	if len(found) != 4 {
		t.Errorf("%d violations, want 4: %q", len(found), found)
	}
	mustFind(t, checkClaims(r), "claims to be tested by TestGone")
	mustFind(t, checkClaims(fake(t, "-- dp/dp.go --\npackage dp\n")), "no claim names a test")
}
