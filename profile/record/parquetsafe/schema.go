package parquetsafe

import (
	"errors"
	"fmt"
)

// Repetition types, by their codes in parquet.thrift.
const (
	required = 0
	optional = 1
	repeated = 2
)

var errSchema = errors.New("the footer is damaged: the schema does not add up")

// leaves checks that the schema is a tree no deeper than maxNesting below its root, and returns its leaves.
func leaves(schema []element, maxNesting int) ([]Column, error) {
	if len(schema) == 0 || schema[0].children < 1 {
		return nil, errors.New("the schema has no columns")
	}
	w := schemaWalk{rest: schema[1:], maxNesting: maxNesting}
	if err := w.children(schema[0].children, Column{}, 0); err != nil {
		return nil, err
	}
	if len(w.rest) > 0 {
		return nil, errSchema
	}
	return w.columns, nil
}

// A schemaWalk reads the elements of a schema, which are in the order of a depth-first walk.
type schemaWalk struct {
	rest       []element
	maxNesting int
	columns    []Column
}

// children reads n elements in a group with the given name and levels, and what is in them.
func (w *schemaWalk) children(n int32, group Column, depth int) error {
	for range n {
		if len(w.rest) == 0 {
			return errSchema
		}
		e := w.rest[0]
		w.rest = w.rest[1:]
		if err := w.element(e, group, depth); err != nil {
			return err
		}
	}
	return nil
}

func (w *schemaWalk) element(e element, group Column, depth int) error {
	c := group
	c.Name = joinNames(group.Name, e.name)
	switch e.repetition {
	case required:
	case repeated:
		c.MaxRep++
		c.MaxDef++
	case optional:
		c.MaxDef++
	default:
		return fmt.Errorf("column %q: unknown repetition", c.Name)
	}
	if w.maxNesting == 0 && (e.children > 0 || e.repetition == repeated) {
		return fmt.Errorf("column %q: nested types are not supported here", c.Name)
	}
	if e.children > 0 {
		if depth >= w.maxNesting {
			return fmt.Errorf("column %q: it is nested more than %d deep: leave it out of the file", c.Name, w.maxNesting)
		}
		return w.children(e.children, c, depth+1)
	}
	if e.physical < boolean || e.physical > fixed {
		return fmt.Errorf("column %q: unknown physical type", c.Name)
	}
	if e.physical == fixed && (e.typeLength < 1 || e.typeLength > 1<<20) {
		return fmt.Errorf("column %q: a fixed length of %d bytes is not supported", c.Name, e.typeLength)
	}
	c.physical, c.typeLength = e.physical, e.typeLength
	w.columns = append(w.columns, c)
	return nil
}

// joinNames names an element in a group. What is kept of the group's name is bounded: a schema that shares
// long names among many leaves would else take memory with their product.
func joinNames(group, name string) string {
	const most = 256
	switch {
	case group == "":
		return name
	case len(group) > most:
		group = group[:most] + "…"
	}
	return group + "." + name
}
