package profile

import (
	"errors"
	"slices"

	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// readCode reads the cells of a domain row that make up a code.
func readCode(r *row) (Code, error) {
	class, isClass := oneOf(r.class.v, classes...)
	origin, isOrigin := oneOf(r.origin.v, Declared, Schema, Learnt, Rest)
	if !isClass || !isOrigin {
		return Code{}, errors.New("unknown class or origin")
	}
	isBin := class == Bin
	if r.labelBytes.ok != class.carriesLabel() || r.tag.ok != class.carriesTag() || r.lo.ok != isBin || r.hi.ok != isBin {
		return Code{}, errNulls
	}
	c := Code{Class: class, Label: string(r.labelBytes.v), Origin: origin}
	if r.tag.ok {
		name, ok := oneOf(r.tag.v, tagNames...)
		if !ok {
			return c, errors.New("unknown tag")
		}
		c.Tag = record.Tag(slices.Index(tagNames, name))
	}
	if !isBin {
		return c, nil
	}
	var err error
	if c.Lo, err = readEdge(r.lo.v); err != nil {
		return c, err
	}
	c.Hi, err = readEdge(r.hi.v)
	return c, err
}

// tagNames are the names of the tags, by tag.
var tagNames = func() (names []string) {
	for t := record.Absent; t <= record.JSON; t++ {
		names = append(names, t.String())
	}
	return names
}()

// oneOf returns the value that the text spells. It copies nothing: the text may be of any size.
func oneOf[T ~string](t text, values ...T) (v T, ok bool) {
	for _, v := range values {
		if string(v) == string(t) {
			return v, true
		}
	}
	return v, false
}

// maxEdgeText bounds an edge's text: 19 digits, 30 zeros, a sign and a point fit.
const maxEdgeText = 64

// readEdge reads an edge, which must be written in the one canonical way.
func readEdge(t text) (Edge, error) {
	if len(t) > maxEdgeText {
		return Edge{}, errors.New("edge is not written canonically")
	}
	e, err := mess.ParseEdge(string(t))
	if err == nil && e.String() != string(t) {
		err = errors.New("edge is not written canonically")
	}
	return e, err
}
