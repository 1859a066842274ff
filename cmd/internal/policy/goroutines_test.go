package policy

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
	"testing"
)

// goroutines says which files may start one, and what becomes of a panic there. Where nobody recovers from it the process
// ends and prints what it held.
var goroutines = map[string]string{
	"profile/record/parquet_read.go":        "each call is under parquetsafe.Guard, which recovers",
	"profile/vault/internal/spill/spill.go": "runs when a context ends, and keeps an error",
	"profile/vault/internal/crew/crew.go":   "handed over without its text",
	"synth/model/propagate.go":              "handed over",
	"synth/synth.go":                        "an error of the block; writers see synthetic rows only",
	"cmd/internal/cli/signals.go":           "it waits for signals and sees no data",
}

// checkGoroutines finds goroutines that are started elsewhere: by a go statement, or by a method Go, as those of sync.WaitGroup and
// errgroup.Group.
func checkGoroutines(r *repo) (violations []string) {
	used := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(r.goes)) {
		f := r.goes[name]
		if f.test {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			starts := false
			switch n := n.(type) {
			case *ast.GoStmt:
				starts = true
			case *ast.CallExpr:
				s, ok := n.Fun.(*ast.SelectorExpr)
				starts = ok && (s.Sel.Name == "Go" || s.Sel.Name == "TryGo" || s.Sel.Name == "AfterFunc")
			}
			if starts && goroutines[name] == "" {
				violations = append(violations, fmt.Sprintf("%s starts a goroutine in which a panic could tell what it holds: only %v may",
					r.at(n.Pos()), slices.Sorted(maps.Keys(goroutines))))
			}
			used[name] = used[name] || starts
			return true
		})
	}
	for _, name := range slices.Sorted(maps.Keys(goroutines)) {
		if !used[name] {
			violations = append(violations, name+" starts no goroutine: strike it from the list")
		}
	}
	return violations
}

func TestGoroutines(t *testing.T) {
	report(t, checkGoroutines(repository(t)))
}

func TestGoroutinesCanFail(t *testing.T) {
	found := checkGoroutines(fake(t, `
-- profile/vault/vault.go --
package vault
func a() {
	go func() {}()
	g.Go(nil)
}
-- profile/vault/internal/crew/crew.go --
package crew
func Each() { wait.Go(nil) }
`))
	mustFind(t, found, "vault.go:3 starts a goroutine")
	mustFind(t, found, "vault.go:4 starts a goroutine")
	mustFind(t, found, "synth/synth.go starts no goroutine")
	for _, v := range found {
		if strings.Contains(v, "crew.go starts no") {
			t.Error("the goroutine in crew.go was not seen")
		}
	}
}
