package policy

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// directions says what of ours each package may import. "*" is everything, and every package must have a line.
const directions = `
cmd/patina: cmd/internal/cli
cmd/internal/cli: *
cmd/internal/mutants:
cmd/internal/policy:

# Inside the vault.
profile/vault: dp dp/account dp/ledger profile profile/mess profile/record profile/spec synth/fit synth/model
profile/vault: profile/vault/internal/bound profile/vault/internal/choose profile/vault/internal/encode profile/vault/internal/failpoint profile/vault/internal/raw profile/vault/internal/spill
profile/vault/internal/bound: dp profile profile/mess profile/record
profile/vault/internal/choose: dp/account
profile/vault/internal/crew:
profile/vault/internal/encode: dp profile profile/mess profile/record profile/vault/internal/bound profile/vault/internal/crew profile/vault/internal/raw profile/vault/internal/spill
profile/vault/internal/failpoint:
profile/vault/internal/raw: dp profile/record profile/vault/internal/bound profile/vault/internal/crew profile/vault/internal/spill
profile/vault/internal/spill: dp

# The capability to spend.
dp: dp/account dp/ledger dp/internal/noise
dp/ledger: dp/account
dp/statement: dp/account dp/ledger
dp/account:
dp/internal/noise:

# The artefact.
profile: profile/mess profile/record profile/record/parquetsafe
profile/spec: profile/mess profile/record
profile/verify: dp/account dp/ledger profile profile/record
profile/mess: profile/record
profile/record: profile/record/parquetsafe
profile/record/parquetsafe:

# Outside of the vault.
synth: profile profile/mess profile/record synth/fit synth/model synth/where
synth/fit: profile profile/mess profile/record synth/model
synth/model:
synth/where:
eval: profile profile/mess profile/record synth
eval/audit: eval/report profile profile/mess profile/record
eval/fidelity: eval/report profile profile/mess profile/record
eval/report:
eval/report/reporttest:

testdata:
`

// reach says who may get to a package at all, directly or through others: "a/... only: b/..." lets only packages
// in b/... reach those in a/..., "a/... never: b/..." lets no package in a/... reach those in b/.... Paths with a dot
// in their first part, and those of the standard library, are looked for among direct imports.
const reach = `
# What sees rows is run by the command line and by nobody else: not by what works on profiles.
profile/vault/... only: cmd/... profile/vault/...
dp/... only: cmd/... profile/vault/... profile/verify/... dp/...
dp/statement only: cmd/...

# What helps tests is in no program.
eval/report/reporttest only:

# One door to the noise.
github.com/google/differential-privacy/go/v3/... only: dp/internal/noise

# One door to a database server.
github.com/jackc/pgx/v5/... only: dp/ledger
modernc.org/sqlite/... only: dp/ledger

# Randomness that hides something is cryptographic, and comes from the library behind that door.
dp/... never: math/rand math/rand/v2 crypto/rand
profile/vault/... never: math/rand math/rand/v2 crypto/rand

# Nothing calls home.
dp/... never: net net/http os/exec
dp/account/... never: os
profile/vault/... never: net net/http os/exec
synth/... never: net net/http os/exec
eval never: net net/http os/exec
eval/audit never: net net/http os os/exec
eval/fidelity never: net net/http os os/exec
eval/report never: net net/http os os/exec
profile/mess/... never: net net/http os os/exec io
`

// A graph holds what each of our packages imports: ours by their path from the root, others by their import path.
type graph map[string]map[string]bool

// imports returns the import graph of the files that are not tests, or of the tests.
func (r *repo) imports(tests bool) graph {
	g := graph{}
	for _, f := range r.goes {
		if g[f.dir] == nil {
			g[f.dir] = map[string]bool{}
		}
		if f.test != tests {
			continue
		}
		for _, p := range f.imports {
			if own, ok := strings.CutPrefix(p, module+"/"); ok {
				p = own
			}
			if p != f.dir { // an external test imports its package
				g[f.dir][p] = true
			}
		}
	}
	return g
}

// from returns every package that the imports of pkg lead to through our packages, with one way there.
func (g graph) from(pkg string) map[string]string {
	way := map[string]string{}
	var visit func(p, trail string)
	visit = func(p, trail string) {
		for _, q := range slices.Sorted(maps.Keys(g[p])) {
			if _, seen := way[q]; !seen {
				way[q] = trail + " → " + q
				visit(q, way[q])
			}
		}
	}
	visit(pkg, pkg)
	return way
}

// matches reports whether pkg is the pattern, or under it when the pattern ends in "/...".
func matches(pattern, pkg string) bool {
	base, tree := strings.CutSuffix(pattern, "/...")
	return pkg == base || tree && strings.HasPrefix(pkg, base+"/")
}

func matchesAny(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, pkg) })
}

// rules splits a text of "left: right right" lines.
func rules(text string) [][2]string {
	var out [][2]string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		if left, right, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			out = append(out, [2]string{left, right})
		}
	}
	return out
}

// checkDirections holds the direct imports among our packages against a text like directions. Tests may also use
// what is in extra.
func checkDirections(g graph, text string, extra ...string) (violations []string) {
	allowed := map[string][]string{}
	for _, r := range rules(text) {
		allowed[r[0]] = append(allowed[r[0]], strings.Fields(r[1])...)
		if g[r[0]] == nil {
			violations = append(violations, fmt.Sprintf("the directions have a line for %s, which is no package", r[0]))
		}
	}
	for _, pkg := range slices.Sorted(maps.Keys(g)) {
		can, known := allowed[pkg]
		if !known {
			violations = append(violations, fmt.Sprintf("package %s has no line in the directions: say what it may import", pkg))
			continue
		}
		for _, to := range slices.Sorted(maps.Keys(g[pkg])) {
			if g[to] != nil && !slices.Contains(can, to) && !slices.Contains(can, "*") && !slices.Contains(extra, to) {
				violations = append(violations, fmt.Sprintf("%s imports %s, which the directions do not allow", pkg, to))
			}
		}
	}
	return violations
}

// checkReach holds the import graph against a text like reach.
func checkReach(g graph, text string) (violations []string) {
	var dirs []string
	found := map[string]bool{} // packages of others that are imported
	for pkg, to := range g {
		dirs = append(dirs, pkg)
		for p := range to {
			found[p] = true
		}
	}
	slices.Sort(dirs)
	for _, r := range rules(text) {
		subject, how, _ := strings.Cut(r[0], " ")
		others := strings.Fields(r[1])
		used := false
		for _, pkg := range dirs {
			way := g.from(pkg)
			for _, to := range slices.Sorted(maps.Keys(way)) {
				own := g[to] != nil
				direct := own || g[pkg][to] // of other people's packages, direct imports count
				switch how {
				case "only":
					if direct && matches(subject, to) && !matchesAny(others, pkg) {
						violations = append(violations, fmt.Sprintf("%s reaches %s: %s", pkg, to, way[to]))
					}
				case "never":
					if direct && matches(subject, pkg) && matchesAny(others, to) {
						violations = append(violations, fmt.Sprintf("%s must not reach %s: %s", pkg, to, way[to]))
					}
				}
			}
			used = used || matches(subject, pkg)
		}
		for p := range found {
			used = used || how == "only" && matches(subject, p)
		}
		if !used || how != "only" && how != "never" {
			violations = append(violations, fmt.Sprintf("the rule %q is about no package", r[0]))
		}
	}
	return violations
}

func TestDirections(t *testing.T) {
	report(t, checkDirections(repository(t).imports(false), directions))
}

// TestDirectionsOfTests: tests are held to the same directions, but for the public tables, and for the tests of the
// whole program.
func TestDirectionsOfTests(t *testing.T) {
	report(t, checkDirections(repository(t).imports(true), directions+"cmd/patina: *\neval: synth/fit\nprofile/vault/internal/encode: dp/account dp/ledger\neval/report: eval/report/reporttest\neval/fidelity: eval/report/reporttest\n", "testdata"))
}

func TestReach(t *testing.T) {
	report(t, checkReach(repository(t).imports(false), reach))
}

// TestImportsAreNamed: a dot import hides where a name is from, and the rules below go by names.
func TestImportsAreNamed(t *testing.T) {
	report(t, checkDotImports(repository(t)))
	mustFind(t, checkDotImports(fake(t, "-- dp/a.go --\npackage dp\nimport . \"fmt\"\n")), "dp/a.go imports fmt as .")
}

func checkDotImports(r *repo) (violations []string) {
	for _, name := range slices.Sorted(maps.Keys(r.goes)) {
		if p, ok := r.goes[name].names["."]; ok {
			violations = append(violations, fmt.Sprintf("%s imports %s as .", name, p))
		}
	}
	return violations
}

func TestDirectionsCanFail(t *testing.T) {
	g := fake(t, `
-- dp/dp.go --
package dp
import _ "github.com/patina-data/patina/profile/vault"
-- profile/vault/vault.go --
package vault
-- extra/extra.go --
package extra
`).imports(false)
	found := checkDirections(g, "dp:\nprofile/vault: dp\ngone: dp\n")
	mustFind(t, found, "dp imports profile/vault")
	mustFind(t, found, "package extra has no line")
	mustFind(t, found, "gone, which is no package")
}

func TestReachCanFail(t *testing.T) {
	g := fake(t, `
-- synth/synth.go --
package synth
import helper "github.com/patina-data/patina/profile"
-- profile/profile.go --
package profile
import "github.com/patina-data/patina/profile/vault/internal/raw"
-- profile/vault/internal/raw/raw.go --
package raw
import (
	r "math/rand/v2"
	"example.com/noise/v3/deep"
)
`).imports(false)
	found := checkReach(g, strings.Join([]string{
		"profile/vault/... only: cmd/... profile/vault/...",
		"profile/vault/... never: math/rand/v2",
		"example.com/noise/v3/... only: dp",
		"nowhere/... never: fmt",
		"synth/... sometimes: fmt",
	}, "\n"))
	mustFind(t, found, "synth reaches profile/vault/internal/raw: synth → profile → "+path.Join("profile/vault/internal", "raw"))
	mustFind(t, found, "profile/vault/internal/raw must not reach math/rand/v2")
	mustFind(t, found, "profile/vault/internal/raw reaches example.com/noise/v3/deep")
	mustFind(t, found, `"nowhere/... never" is about no package`)
	mustFind(t, found, `"synth/... sometimes" is about no package`)
}
