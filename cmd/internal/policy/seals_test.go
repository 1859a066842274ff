package policy

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"testing"
)

// sealer is the one package that may state what a record can do to a histogram.
const sealer = "profile/vault/internal/encode"

// checkSeals finds sensitivities that are stated elsewhere.
func checkSeals(r *repo) (violations []string) {
	sealed := 0
	for _, name := range slices.Sorted(maps.Keys(r.goes)) {
		f := r.goes[name]
		if f.test {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok || s.Sel.Name != "Seal" && s.Sel.Name != "SealKeyed" && s.Sel.Name != "Bound" {
				return true
			}
			if pkg, ok := s.X.(*ast.Ident); !ok || f.names[pkg.Name] != module+"/dp" {
				return true
			}
			if f.dir == sealer {
				sealed++
			} else {
				violations = append(violations, fmt.Sprintf("%s states a sensitivity with dp.%s: only %s may", r.at(s.Pos()), s.Sel.Name, sealer))
			}
			return true
		})
	}
	if sealed == 0 {
		violations = append(violations, sealer+" seals nothing")
	}
	return violations
}

func TestSensitivitiesHaveOneSource(t *testing.T) {
	report(t, checkSeals(repository(t)))
}

func TestSensitivitiesCanFail(t *testing.T) {
	found := checkSeals(fake(t, `
-- profile/vault/vault.go --
package vault
import budget "github.com/patina-data/patina/dp"
var c = budget.Seal(nil, budget.Bound(1, 1))
`))
	mustFind(t, found, "vault.go:3 states a sensitivity with dp.Seal")
	mustFind(t, found, "vault.go:3 states a sensitivity with dp.Bound")
	mustFind(t, found, sealer+" seals nothing")
}
