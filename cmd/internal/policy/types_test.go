package policy

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strings"
)

// A checker works out the types of our own packages from their source. What comes from elsewhere is an empty
// package, and the errors that follow from that are dropped: types that are ours come out all the same.
type checker struct {
	repo *repo
	done map[string]*types.Package
	info types.Info
}

func newChecker(r *repo) *checker {
	return &checker{repo: r, done: map[string]*types.Package{}, info: types.Info{
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Uses: map[*ast.Ident]types.Object{},
	}}
}

// Import returns a package by import path.
func (c *checker) Import(importPath string) (*types.Package, error) {
	if p := c.done[importPath]; p != nil {
		return p, nil
	}
	dir, own := strings.CutPrefix(importPath, module+"/")
	var files []*ast.File
	for _, name := range slices.Sorted(maps.Keys(c.repo.goes)) {
		if f := c.repo.goes[name]; own && f.dir == dir && !f.test {
			files = append(files, f.syntax)
		}
	}
	if len(files) == 0 {
		p := types.NewPackage(importPath, path.Base(importPath))
		p.MarkComplete()
		c.done[importPath] = p
		return p, nil
	}
	config := types.Config{Importer: c, FakeImportC: true, Error: func(error) {}}
	p, _ := config.Check(importPath, c.repo.fset, files, &c.info) // errors about what is not ours
	c.done[importPath] = p
	return p, nil
}

// A use is a place where a mechanism is named: a call, or a method value that could be called elsewhere.
type use struct {
	file      *goFile
	fn        *ast.FuncDecl
	pos       token.Pos
	mechanism string        // "gaussian" or "threshold"
	call      *ast.CallExpr // nil for a method value
}

// mechanisms finds every use of a mechanism of dp.Run outside of package dp. A selector of that name whose type cannot
// be told counts as one.
func (r *repo) mechanisms() []use {
	c := newChecker(r)
	var uses []use
	for _, name := range slices.Sorted(maps.Keys(r.goes)) {
		f := r.goes[name]
		if f.test || f.dir == "dp" || !slices.Contains(f.imports, module+"/dp") && !strings.HasPrefix(f.dir, "profile/vault") {
			continue
		}
		// Import reports no error: those of the type checker are dropped.
		_, _ = c.Import(module + "/" + f.dir)
		for _, decl := range f.syntax.Decls {
			fn, _ := decl.(*ast.FuncDecl)
			calls := map[ast.Expr]*ast.CallExpr{}
			ast.Inspect(decl, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					calls[ast.Unparen(n.Fun)] = n
				case *ast.SelectorExpr:
					if c.isMechanism(n) {
						uses = append(uses, use{file: f, fn: fn, pos: n.Pos(), mechanism: strings.ToLower(n.Sel.Name), call: calls[n]})
					}
				}
				return true
			})
		}
	}
	return uses
}

// isMechanism reports whether a selector is Gaussian or Threshold of a dp.Run, or may be.
func (c *checker) isMechanism(s *ast.SelectorExpr) bool {
	if s.Sel.Name != "Gaussian" && s.Sel.Name != "Threshold" {
		return false
	}
	if obj := c.info.Uses[s.Sel]; obj != nil {
		method, ok := obj.(*types.Func)
		return ok && method.Signature().Recv() != nil && method.Pkg().Path() == module+"/dp"
	}
	return true
}
