package policy

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"
)

// silent are the packages that must not print: what they hold must not end in a log.
var silent = []string{"dp/...", "profile/vault/..."}

// checkSilent finds what prints in the silent packages. Formatting is allowed: errors are made of it, and
// with the standard streams out of reach it goes nowhere.
func checkSilent(r *repo) (violations []string) {
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(r.goes)) {
		f := r.goes[name]
		i := slices.IndexFunc(silent, func(p string) bool { return matches(p, f.dir) })
		if i < 0 || f.test {
			continue
		}
		seen[silent[i]] = true
		for _, p := range f.imports {
			if p == "log" || strings.HasPrefix(p, "log/") || p == "testing" || p == "expvar" || p == "runtime/debug" {
				violations = append(violations, fmt.Sprintf("%s imports %s", f.path, p))
			}
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if what := f.prints(n); what != "" {
				violations = append(violations, fmt.Sprintf("%s uses %s", r.at(n.Pos()), what))
			}
			return true
		})
	}
	for _, p := range silent {
		if !seen[p] {
			violations = append(violations, fmt.Sprintf("the rule on printing is about no file in %s", p))
		}
	}
	return violations
}

// prints returns what the node prints with, or "".
func (f *goFile) prints(n ast.Node) string {
	switch n := n.(type) {
	case *ast.CallExpr:
		if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "print" || id.Name == "println") {
			return id.Name
		}
	case *ast.SelectorExpr:
		pkg, ok := n.X.(*ast.Ident)
		if !ok {
			return ""
		}
		name := f.names[pkg.Name] + "." + n.Sel.Name
		if strings.HasPrefix(name, "fmt.Print") || name == "os.Stdout" || name == "os.Stderr" {
			return name
		}
	}
	return ""
}

func TestSilentPackages(t *testing.T) {
	report(t, checkSilent(repository(t)))
}

func TestSilentPackagesCanFail(t *testing.T) {
	found := checkSilent(fake(t, `
-- dp/account/a.go --
package account
import (
	say "fmt"
	"log/slog"
	"os"
)
func f() {
	say.Println(1)
	say.Sprint(2)
	os.Stderr.WriteString("3")
	println(4)
	slog.Info("5")
}
`))
	mustFind(t, found, "dp/account/a.go:8 uses fmt.Println")
	mustFind(t, found, "dp/account/a.go:10 uses os.Stderr")
	mustFind(t, found, "dp/account/a.go:11 uses println")
	mustFind(t, found, "imports log/slog")
	mustFind(t, found, "no file in profile/vault/...")
	if len(found) != 5 {
		t.Errorf("%d violations, want 5: %q", len(found), found)
	}
}
