package policy

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/printer"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite profile/vault/testdata/exits.txt")

// The one file that may call a mechanism, and the list of its calls that a reviewer reads.
const (
	exitsFile = "profile/vault/release.go"
	exitsList = "profile/vault/testdata/exits.txt"
)

// exits lists every call of a mechanism with its reason, and what is wrong with them.
func (r *repo) exits() (list string, violations []string) {
	var b strings.Builder
	for _, u := range r.mechanisms() {
		switch {
		case u.file.path != exitsFile:
			violations = append(violations, fmt.Sprintf("%s uses the %s mechanism: only %s may", r.at(u.pos), u.mechanism, exitsFile))
		case u.call == nil || u.fn == nil:
			violations = append(violations, fmt.Sprintf("%s passes the %s mechanism on instead of calling it in a method", r.at(u.pos), u.mechanism))
		case u.reason() == "":
			violations = append(violations, fmt.Sprintf("%s: exit %s has no reason in a doc comment", r.at(u.pos), u.fn.Name.Name))
		default:
			purpose := r.purpose(u)
			if purpose == "" {
				violations = append(violations, fmt.Sprintf("%s: exit %s charges without a dp.Charge literal that has a Purpose", r.at(u.pos), u.fn.Name.Name))
			}
			fmt.Fprintf(&b, "%s: %s: %s\n\t%s\n\tof %s\n", u.fn.Name.Name, u.mechanism, purpose, u.reason(), r.counts(u))
		}
	}
	return b.String(), violations
}

// reason is the doc comment from "because" on, or its first sentence without the method's name.
func (u use) reason() string {
	doc := strings.Join(strings.Fields(u.fn.Doc.Text()), " ")
	if _, why, ok := strings.Cut(doc, "because "); ok {
		first, _, _ := strings.Cut(why, ". ")
		return "because " + strings.TrimSuffix(first, ".")
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(doc, u.fn.Name.Name+" "), ". ")
	return strings.TrimSuffix(first, ".")
}

// purpose is the source of the Purpose in the call's dp.Charge; of a variable, what it was set to.
func (r *repo) purpose(u use) string {
	if len(u.call.Args) == 0 {
		return ""
	}
	charge, ok := u.call.Args[0].(*ast.CompositeLit)
	if !ok {
		return ""
	}
	for _, e := range charge.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Purpose" {
			return r.source(u.definition(kv.Value))
		}
	}
	return ""
}

// counts is the source of what the call releases.
func (r *repo) counts(u use) string {
	if len(u.call.Args) < 2 {
		return "nothing"
	}
	return r.source(u.definition(u.call.Args[1]))
}

// definition follows a local variable to the expression that it was defined with.
func (u use) definition(e ast.Expr) ast.Expr {
	name, ok := e.(*ast.Ident)
	if !ok {
		return e
	}
	ast.Inspect(u.fn, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == 1 && len(a.Rhs) == 1 {
			if lhs, ok := a.Lhs[0].(*ast.Ident); ok && lhs.Name == name.Name {
				e = a.Rhs[0]
			}
		}
		return true
	})
	return e
}

func (r *repo) source(n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, r.fset, n); err != nil {
		return ""
	}
	return b.String()
}

// TestExits holds the calls of a mechanism against the list that was reviewed. A new exit is a change of that list,
// made with go test ./cmd/internal/policy -run TestExits -update.
func TestExits(t *testing.T) {
	r := repository(t)
	list, violations := r.exits()
	report(t, violations)
	if list == "" {
		t.Fatalf("%s calls no mechanism", exitsFile)
	}
	if *update {
		root, err := findRoot()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(exitsList)), []byte(list), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want := strings.Split(string(r.files[exitsList]), "\n")
	for _, line := range strings.Split(list, "\n") {
		if !slices.Contains(want, line) {
			t.Errorf("%s does not have: %s", exitsList, line)
		}
	}
	if !t.Failed() && list != string(r.files[exitsList]) {
		t.Errorf("%s has exits that are gone, or another order", exitsList)
	}
}

func TestExitsCanFail(t *testing.T) {
	r := fake(t, `
-- dp/dp.go --
package dp
type Charge struct{ Purpose string }
type Event struct{ Threshold float64 }
type Run struct{}
func (*Run) Gaussian(Charge, int) {}
func (*Run) Threshold(Charge, int) {}
-- profile/vault/release.go --
package vault
import "github.com/patina-data/patina/dp"
type exits struct { run *dp.Run }
// good releases what is allowed, because it must. It is short.
func (x exits) good() { x.run.Gaussian(dp.Charge{Purpose: "fine"}, 1) }
// plain releases what is named. It is short.
func (x exits) plain() {
	why := "a" + "b"
	x.run.Threshold(dp.Charge{Purpose: why}, 1)
}
func (x exits) silent() { x.run.Gaussian(dp.Charge{Purpose: "fine"}, 1) }
// value hands it on.
func (x exits) value() func(dp.Charge, int) { return x.run.Threshold }
// vague charges for nothing in particular.
func (x exits) vague(c dp.Charge) { x.run.Gaussian(c, 1) }
-- profile/vault/other.go --
package vault
import "github.com/patina-data/patina/dp"
func (x exits) harmless(e dp.Event) float64 { return e.Threshold }
func (x exits) sneaky() { run := x.run; (run.Gaussian)(dp.Charge{}, 1) }
func unknown() { strange.Threshold() }
-- synth/synth.go --
package synth
import budget "github.com/patina-data/patina/dp"
func spend(r *budget.Run) { r.Gaussian(budget.Charge{}, 1) }
`)
	list, found := r.exits()
	mustFind(t, found, "exit silent has no reason")
	mustFind(t, found, "release.go:13 passes the threshold mechanism on")
	mustFind(t, found, "exit vague charges without a dp.Charge literal")
	mustFind(t, found, "other.go:4 uses the gaussian mechanism")
	mustFind(t, found, "other.go:5 uses the threshold mechanism")
	mustFind(t, found, "synth/synth.go:3 uses the gaussian mechanism")
	if len(found) != 6 {
		t.Errorf("%d violations, want 6: %q", len(found), found)
	}
	want := "good: gaussian: \"fine\"\n\tbecause it must\n\tof 1\n" +
		"plain: threshold: \"a\" + \"b\"\n\treleases what is named\n\tof 1\n"
	if !strings.HasPrefix(list, want) {
		t.Errorf("the list is\n%s\nwant it to begin\n%s", list, want)
	}
}
