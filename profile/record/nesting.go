package record

import (
	"fmt"
	"slices"
)

// A Nesting is the tree that the paths of columns make, for reading nested data into columns and building it from them.
type Nesting struct {
	root *node
}

// A node is a place in a record: the root is the record, which is an object.
type node struct {
	cell   int // column of the value itself: a scalar, null, an empty object; noColumn when there is none
	length int // column of the array's length, or noColumn

	keys     []string // of members, in the order of the columns
	members  []*node
	byKey    map[string]int
	next     int       // the member expected next: records of a file are mostly alike
	elements []element // in order of index

	// What reading the last record that has it left: which one it was, and the part of its order that is of the node.
	visit    uint64
	from, to int
}

// An element is a place in an array.
type element struct {
	index int
	*node
}

const noColumn = -1

// maxSteps bounds the depth of a nesting.
const maxSteps = 64

func newNode() *node { return &node{cell: noColumn, length: noColumn} }

// NewNesting returns the nesting of columns that are named by paths.
func NewNesting(columns []string) (*Nesting, error) {
	t := &Nesting{root: newNode()}
	for i, name := range columns {
		p, err := ParsePath(name)
		if err != nil {
			return nil, fmt.Errorf("column %d: %w", i+1, err)
		}
		if len(p) > maxSteps {
			return nil, fmt.Errorf("column %d is nested %d levels deep: at most %d", i+1, len(p), maxSteps)
		}
		t.add(p, i)
	}
	return t, nil
}

// flat returns the nesting of columns that are named by keys.
func flat(columns []string) *Nesting {
	t := &Nesting{root: newNode()}
	for i, name := range columns {
		t.add(Path{{Key: name, Index: Member}}, i)
	}
	return t
}

func (t *Nesting) add(p Path, column int) {
	n := t.root
	for _, s := range p {
		switch s.Index {
		case Member:
			n = n.member(s.Key)
		case Length:
			n.length = column
			return
		default:
			n = n.element(s.Index)
		}
	}
	n.cell = column
}

// member returns the node of a key, which it adds if need be.
func (n *node) member(key string) *node {
	if i, ok := n.byKey[key]; ok {
		return n.members[i]
	}
	if n.byKey == nil {
		n.byKey = map[string]int{}
	}
	m := newNode()
	n.byKey[key] = len(n.keys)
	n.keys, n.members = append(n.keys, key), append(n.members, m)
	return m
}

// element returns the node of an index, which it adds if need be.
func (n *node) element(index int) *node {
	i, ok := slices.BinarySearchFunc(n.elements, index, func(e element, index int) int { return e.index - index })
	if !ok {
		n.elements = slices.Insert(n.elements, i, element{index, newNode()})
	}
	return n.elements[i].node
}

// find returns the member of a key, or nil.
func (n *node) find(key []byte) *node {
	i := n.next
	if i >= len(n.keys) || n.keys[i] != string(key) {
		var ok bool
		if i, ok = n.byKey[string(key)]; !ok {
			return nil
		}
	}
	n.next = i + 1
	return n.members[i]
}

// isArray reports whether columns say what is in an array here.
func (n *node) isArray() bool { return n.length != noColumn || len(n.elements) > 0 }
