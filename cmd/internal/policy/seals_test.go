package policy

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"testing"
)

// sealer is the one package that may state what a record can do to a histogram, bounder the one that may state how many
// records a unit has.
const (
	sealer  = "profile/vault/internal/encode"
	bounder = "profile/vault/internal/bound"
)

// statements are the functions of package dp that make sensitivities, and who may call them.
var statements = map[string]string{"Seal": sealer, "SealKeyed": sealer, "UpTo": bounder, "OneRecord": bounder}

// checkSeals finds sensitivities that are stated elsewhere.
func checkSeals(r *repo) (violations []string) {
	stated := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(r.goes)) {
		f := r.goes[name]
		if f.test {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok || statements[s.Sel.Name] == "" {
				return true
			}
			if pkg, ok := s.X.(*ast.Ident); !ok || f.names[pkg.Name] != module+"/dp" {
				return true
			}
			if may := statements[s.Sel.Name]; f.dir == may {
				stated[s.Sel.Name] = true
			} else {
				violations = append(violations, fmt.Sprintf("%s states a sensitivity with dp.%s: only %s may", r.at(s.Pos()), s.Sel.Name, may))
			}
			return true
		})
	}
	for name, may := range statements {
		if !stated[name] {
			violations = append(violations, fmt.Sprintf("%s does not call dp.%s", may, name))
		}
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
var c = budget.Seal(nil, budget.UpTo(1).Bound(1))
`))
	mustFind(t, found, "vault.go:3 states a sensitivity with dp.Seal")
	mustFind(t, found, "vault.go:3 states a sensitivity with dp.UpTo")
	mustFind(t, found, sealer+" does not call dp.SealKeyed")
}
