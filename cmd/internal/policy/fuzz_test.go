package policy

import (
	"fmt"
	"go/ast"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fuzzed lists what reads bytes of strangers, by package, and the target that fuzzes it. What has a target need not be exported; what is
// exported and called Parse or Read of something must be listed, or be among the readers of our own.
const fuzzed = `
dp/ledger FuzzEntries: the entries of a ledger that somebody else can write

profile FuzzRead: Read ReadFile, a profile
profile/spec FuzzParse: Parse ParseIn ReadFile, a spec
synth/where FuzzParse: Parse, a condition
synth FuzzGenerate: a profile that validates, when it is sampled

profile/mess FuzzDescribeRender: cells, in every kind, and back
profile/mess FuzzRender: spans and forms of a profile
profile/mess FuzzParseEdge: ParseEdge
profile/mess FuzzPlain: cells without their mess
profile/mess FuzzOpen: cells and forms of the kinds that are made up
profile/mess FuzzFill: masks
profile/mess FuzzGrammar: texts, and the steps of a profile
profile/mess FuzzMatch: variants of words
profile/mess FuzzReleasable: the guard

profile/record FuzzReadCSV: Source.Read, CSV in every encoding, packed or not
profile/record FuzzCSVScanner: records of CSV
profile/record FuzzReadJSONL: JSON lines
profile/record FuzzMembers: members of an object
profile/record FuzzFlatten: nested objects
profile/record FuzzReadParquet: Parquet
profile/record/parquetsafe FuzzCheck: ReadFooter, Parquet as far as the library trusts it
profile/record FuzzReconcile: schemas of several files
profile/record FuzzParsePath: ParsePath
profile/record FuzzPathText: paths as columns' names
profile/record FuzzWriteNested: tables of columns of any names
profile/record FuzzBreakJSON: lines that are damaged on purpose
`

// ownReaders read what this program has made itself, or hand on what others have read.
var ownReaders = []string{"dp/statement.Read"}

var (
	fuzzedLine  = regexp.MustCompile(`^(\S+) (Fuzz\w+): (.+)$`)
	readerNames = regexp.MustCompile(`^(Parse|Read)([A-Z]\w*)?$`)
)

func checkFuzzed(r *repo, listed string, own []string) (violations []string) {
	covered := map[string]bool{} // targets, and readers as package.Name
	for line := range strings.Lines(listed) {
		m := fuzzedLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			if strings.TrimSpace(line) != "" {
				violations = append(violations, "cannot read the line "+line)
			}
			continue
		}
		covered[m[1]+" "+m[2]] = true
		for _, word := range strings.Fields(strings.ReplaceAll(m[3], ",", " ")) {
			covered[m[1]+"."+word] = true
		}
	}
	there := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(r.goes)) {
		f := r.goes[name]
		for _, d := range f.syntax.Decls {
			fn, ok := d.(*ast.FuncDecl)
			switch {
			case !ok || fn.Recv != nil:
			case f.test && strings.HasPrefix(fn.Name.Name, "Fuzz"):
				there[f.dir+" "+fn.Name.Name] = true
			case !f.test && readerNames.MatchString(fn.Name.Name) && !strings.HasPrefix(f.dir, "cmd/"):
				if at := f.dir + "." + fn.Name.Name; !covered[at] && !slices.Contains(own, at) {
					violations = append(violations, fmt.Sprintf("%s is fuzzed by nothing that is listed", at))
				}
			}
		}
	}
	for target := range there {
		if !covered[target] {
			violations = append(violations, target+" is not listed")
		}
		pkg, name, _ := strings.Cut(target, " ")
		if corpus := path.Join(pkg, "testdata/fuzz", name) + "/"; !slices.ContainsFunc(slices.Collect(maps.Keys(r.files)), func(f string) bool { return strings.HasPrefix(f, corpus) }) {
			violations = append(violations, corpus+" is empty: "+name+" has no corpus")
		}
	}
	for name := range r.files {
		if pkg, rest, ok := strings.Cut(name, "/testdata/fuzz/"); ok && !there[pkg+" "+path.Dir(rest)] {
			violations = append(violations, name+" is for a target that is not there")
		}
	}
	for target := range covered {
		if strings.Contains(target, " ") && !there[target] {
			violations = append(violations, target+" is listed and is not there")
		}
	}
	return violations
}

// TestFuzzed: whatever reads a stranger's bytes has a fuzz target with a corpus.
func TestFuzzed(t *testing.T) {
	report(t, checkFuzzed(repository(t), fuzzed, ownReaders))
}

func TestFuzzedCanFail(t *testing.T) {
	found := checkFuzzed(fake(t, `
-- a/a.go --
package a
func Parse(s string) {}
func ReadFile(s string) {}
func Ready() {}
-- a/a_test.go --
package a
func FuzzParse(f *testing.F) {}
func FuzzOther(f *testing.F) {}
-- a/testdata/fuzz/FuzzOther/x --
1
-- a/testdata/fuzz/FuzzGone/x --
1
`), "a FuzzParse: Parse\na FuzzNew: x\n", nil)
	mustFind(t, found, "a.ReadFile is fuzzed by nothing")
	mustFind(t, found, "a FuzzOther is not listed")
	mustFind(t, found, "FuzzParse has no corpus")
	mustFind(t, found, "FuzzGone/x is for a target that is not there")
	mustFind(t, found, "a FuzzNew is listed and is not there")
	if len(found) != 5 {
		t.Errorf("%q", found)
	}
}
