package spec

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// A position is where in the file something is written; both count from 1.
type position struct{ line, column int }

func positionOf(n ast.Node) position {
	at := n.GetToken()
	if at == nil || at.Position == nil {
		return position{1, 1}
	}
	return position{at.Position.Line, at.Position.Column}
}

func (p position) wrap(err error) error {
	return fmt.Errorf("line %d, column %d: %w", p.line, p.column, err)
}

// An invalid is a value that cannot be right, with the path of what is wrong, such as columns[0].kind.
type invalid struct {
	path string
	err  error
}

func (e *invalid) Error() string { return e.err.Error() }
func (e *invalid) Unwrap() error { return e.err }

func invalidf(path, format string, args ...any) error {
	return &invalid{path, fmt.Errorf(format, args...)}
}

// A reader holds a spec's YAML against the Go types it will be decoded into, while it is still known where everything is
// written: it finds keys that no field has and values of the wrong type, and puts in the environment's values.
type reader struct {
	env func(name string) (string, bool)
	at  map[string]position // of what is written, by its path
}

// located adds to an error of validation where its value is written, or else what it is part of.
func (r *reader) located(err error) error {
	var e *invalid
	if !errors.As(err, &e) {
		return err
	}
	for path := e.path; ; path = path[:max(0, strings.LastIndexAny(path, ".["))] {
		if p, ok := r.at[path]; ok {
			return p.wrap(err)
		}
		if path == "" {
			return err
		}
	}
}

// fault is an error of the YAML library with its position in this package's words.
func fault(err error) error {
	var e yaml.Error
	if !errors.As(err, &e) || e.GetToken() == nil {
		return err
	}
	p := e.GetToken().Position
	return position{p.Line, p.Column}.wrap(errors.New(e.GetMessage()))
}

// read checks a node that will be decoded into a t, and returns the node to decode instead of it.
func (r *reader) read(node ast.Node, t reflect.Type, path string) (ast.Node, error) {
	if _, seen := r.at[path]; !seen {
		r.at[path] = positionOf(node)
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var err error
	switch n := node.(type) {
	case *ast.NullNode, *ast.AliasNode: // nothing; what was read where its anchor is
		return n, nil
	case *ast.AnchorNode:
		n.Value, err = r.read(n.Value, t, path)
		return n, err
	case *ast.TagNode:
		n.Value, err = r.read(n.Value, t, path)
		return n, err
	}
	switch {
	case t.Kind() == reflect.Struct:
		return node, r.readMapping(node, t, path)
	case t.Kind() == reflect.Slice && !(isScalar(node) && t == reflect.TypeFor[Focus]()):
		return node, r.readList(node, t.Elem(), path)
	}
	return r.readScalar(node, t, path)
}

func (r *reader) readMapping(node ast.Node, t reflect.Type, path string) error {
	var pairs []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		return positionOf(node).wrap(fmt.Errorf("%s must hold keys and values: %s", pathOr(path, "a spec"), strings.Join(keysOf(t), ", ")))
	}
	for _, pair := range pairs {
		if _, merge := pair.Key.(*ast.MergeKeyNode); merge {
			continue // what is merged in was read where its anchor is
		}
		key := pair.Key.GetToken().Value
		field, known := fieldOf(t, key)
		if !known {
			return positionOf(pair.Key).wrap(unknownKey(key, t))
		}
		child := key
		if path != "" {
			child = path + "." + key
		}
		var err error
		if pair.Value, err = r.read(pair.Value, field.Type, child); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) readList(node ast.Node, elem reflect.Type, path string) error {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		return positionOf(node).wrap(fmt.Errorf("%s must be a list: write [a, b], or one item a line after `- `", path))
	}
	for i, item := range list.Values {
		var err error
		if list.Values[i], err = r.read(item, elem, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	return nil
}

// isScalar reports whether a node is one value.
func isScalar(node ast.Node) bool {
	_, ok := node.(ast.ScalarNode)
	return ok
}

// readScalar returns a scalar that decodes into a t. Texts are taken as they are written: 007 and 1.10 are no numbers where a text is
// wanted.
func (r *reader) readScalar(node ast.Node, t reflect.Type, path string) (ast.Node, error) {
	if !isScalar(node) {
		return nil, positionOf(node).wrap(fmt.Errorf("%s must be one value, %s", path, wanted(t)))
	}
	text := node.GetToken().Value
	switch n := node.(type) {
	case *ast.StringNode:
		text = n.Value
	case *ast.LiteralNode:
		text = n.Value.Value
	}
	text, variable, err := expand(text, r.env)
	if err != nil {
		return nil, positionOf(node).wrap(fmt.Errorf("%s: %w", path, err))
	}
	made := scalar(text, t, node)
	if made == nil || quotedScalar(node) && !variable && made.Type() != ast.StringType {
		return nil, positionOf(node).wrap(fmt.Errorf("%s must be %s", path, wanted(t)))
	}
	return made, nil
}

// scalar returns a node in another's place whose text is that of a t; nil if it is not.
func scalar(text string, t reflect.Type, place ast.Node) ast.Node {
	base, at := &ast.BaseNode{Path: place.GetPath()}, place.GetToken()
	switch t.Kind() {
	case reflect.String, reflect.Slice:
		return &ast.StringNode{BaseNode: base, Token: at, Value: text}
	case reflect.Bool:
		if lower := strings.ToLower(text); lower == "true" || lower == "false" {
			return &ast.BoolNode{BaseNode: base, Token: at, Value: lower == "true"}
		}
	case reflect.Float64:
		if x, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(x, 0) {
			return &ast.FloatNode{BaseNode: base, Token: at, Value: x}
		}
	default:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return &ast.IntegerNode{BaseNode: base, Token: at, Value: n}
		}
	}
	return nil
}

// quotedScalar reports whether a scalar is a text because it is written as one.
func quotedScalar(node ast.Node) bool {
	switch node.GetToken().Type {
	case token.SingleQuoteType, token.DoubleQuoteType, token.LiteralType, token.FoldedType:
		return true
	}
	return false
}

// wanted says what a scalar of type t must be.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String, reflect.Slice:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Float64:
		return "a number, such as 0.5 or 1e-6"
	}
	return "a whole number"
}

func pathOr(path, otherwise string) string {
	if path == "" {
		return otherwise
	}
	return path
}
