package record

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// An outNode is a field of the Parquet schema that columns make together, and where its cells are. Lists are written in the
// format's present notation, whichever the input had.
type outNode struct {
	name     string
	typ      Type // StructType, ListType, MapType or a leaf's
	nullable bool
	own      int // column; noOwn when it has none

	fields   []*outNode // of a struct
	elements []*outNode // of a list: where the cells of the first are, nil where there are none
	shape    *outNode   // of a list: the element whose columns say what all are like

	logical  arrow.DataType // of a leaf, as the embedded Arrow schema names it
	def, rep int            // definition level of what is there; lists around a leaf, and a list with itself
	leaf     *columnWriter
}

const noOwn = -1

// maxWrittenElements bounds the elements of a list that a schema has columns for.
const maxWrittenElements = 1 << 10

// maxPathSteps bounds the paths of columns that are written: those of any schema that is read are shorter.
const maxPathSteps = 2*maxNesting + 2

// newOutTree returns the tree that the columns of a schema make. Names are paths if the input was Parquet; if not, the table
// is flat and every column nullable.
func newOutTree(s Schema) (*outNode, error) {
	root := &outNode{typ: StructType, own: noOwn}
	for i, c := range s.Columns {
		path, err := Path{{Key: c.Name, Index: Member}}, error(nil)
		if s.Format == Parquet {
			path, err = ParsePath(c.Name)
		} else {
			c.Nullable = true
		}
		if err == nil {
			err = root.insert(path, i, c)
		}
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
	}
	if err := root.finish(); err != nil {
		return nil, err
	}
	root.setLevels(0, 0)
	return root, nil
}

var errTangled = errors.New("the table has another column where this one's path leads")

// insert adds a column to the tree.
func (n *outNode) insert(path Path, column int, c Column) error {
	if len(path) > maxPathSteps {
		return fmt.Errorf("it is nested more than %d deep", maxPathSteps)
	}
	for _, s := range path {
		var err error
		switch s.Index {
		case Member:
			n, err = n.field(s.Key)
		case Length:
			err = n.become(ListType)
		default:
			n, err = n.element(s.Index)
		}
		if err != nil {
			return err
		}
	}
	if n.own != noOwn {
		return errTangled
	}
	n.own, n.nullable = column, c.Nullable
	switch {
	case path[len(path)-1].Index == Length:
		if c.Type == MapType {
			n.typ = MapType
		}
		return nil
	case c.Type == ListType || c.Type == MapType:
		return fmt.Errorf("the path of a column of type %s ends in []", c.Type)
	}
	return n.become(c.Type)
}

// become says what a node is, if it can still be that.
func (n *outNode) become(t Type) error {
	if n.typ == "" || n.typ == MapType && t == ListType {
		if n.typ == "" {
			n.typ = t
		}
		return nil
	}
	if n.typ != t || t != StructType && t != ListType {
		return errTangled
	}
	return nil
}

func (n *outNode) field(name string) (*outNode, error) {
	if err := n.become(StructType); err != nil {
		return nil, err
	}
	name = strings.ToValidUTF8(name, "\ufffd")
	if i := slices.IndexFunc(n.fields, func(f *outNode) bool { return f.name == name }); i >= 0 {
		return n.fields[i], nil
	}
	f := &outNode{name: name, own: noOwn}
	n.fields = append(n.fields, f)
	return f, nil
}

func (n *outNode) element(i int) (*outNode, error) {
	if i >= maxWrittenElements {
		return nil, fmt.Errorf("more than %d elements of a list have columns", maxWrittenElements)
	}
	if err := n.become(ListType); err != nil {
		return nil, err
	}
	for len(n.elements) <= i {
		n.elements = append(n.elements, nil)
	}
	if n.elements[i] == nil {
		n.elements[i] = &outNode{name: "element", own: noOwn}
	}
	return n.elements[i], nil
}

// finish checks what is in the node, and settles what its elements are like. A length without elements is a number.
func (n *outNode) finish() (err error) {
	if at := slices.IndexFunc(n.elements, func(e *outNode) bool { return e != nil }); at >= 0 {
		n.shape = n.elements[at]
		for i, e := range n.elements {
			n.elements[i] = n.shape.align(e)
		}
		return n.shape.finish()
	}
	switch n.typ {
	case StructType:
		if len(n.fields) == 0 {
			return fmt.Errorf("the table lacks the columns of what is in %q", n.name)
		}
		for _, f := range n.fields {
			if err := f.finish(); err != nil {
				return err
			}
		}
		return nil
	case ListType, MapType:
		n.typ = "int32"
	}
	if n.logical, err = parseType(n.typ); err != nil {
		return fmt.Errorf("column %q: %w", n.name, err)
	}
	n.nullable = n.nullable || n.logical.ID() == arrow.NULL
	return nil
}

// align returns an element with its fields in the order of those of n, nil where it has none, or nil if it is not like n.
func (n *outNode) align(e *outNode) *outNode {
	if e == nil || e == n || e.typ != n.typ {
		return e
	}
	fields := make([]*outNode, len(n.fields))
	for i, f := range n.fields {
		if at := slices.IndexFunc(e.fields, func(g *outNode) bool { return g.name == f.name }); at >= 0 {
			fields[i] = f.align(e.fields[at])
		}
	}
	e.fields = fields
	for i := range e.elements {
		if n.shape == nil {
			break
		}
		e.elements[i] = n.shape.align(e.elements[i])
	}
	return e
}

// setLevels numbers the levels below a node whose surroundings are there at level def, in rep lists.
func (n *outNode) setLevels(def, rep int) {
	if n.nullable {
		def++
	}
	if n.shape != nil {
		rep++
		n.shape.setLevels(def+1, rep)
	}
	n.def, n.rep = def, rep
	for _, f := range n.fields {
		f.setLevels(def, rep)
	}
}

// node returns the node of the Parquet schema, and the writers of the leaves in it.
func (n *outNode) node(props *parquet.WriterProperties) (schema.Node, []*columnWriter, error) {
	repetition := parquet.Repetitions.Required
	if n.nullable {
		repetition = parquet.Repetitions.Optional
	}
	switch {
	case n.shape != nil:
		return n.listNode(props, repetition)
	case n.typ == StructType:
		fields, leaves, err := n.fieldNodes(props)
		if err != nil {
			return nil, nil, err
		}
		group, err := schema.NewGroupNode(n.name, repetition, fields, -1)
		return group, leaves, err
	}
	stored := storable(n.logical)
	flat, err := pqarrow.ToParquet(arrow.NewSchema([]arrow.Field{{Name: n.name, Type: stored, Nullable: n.nullable}}, nil), props, pqarrow.DefaultWriterProps())
	if err != nil {
		return nil, nil, err
	}
	n.leaf = newColumnWriter(stored, flat.Column(0).PhysicalType())
	n.leaf.hasDef, n.leaf.hasRep = n.def > 0, n.rep > 0
	return flat.Root().Field(0), []*columnWriter{n.leaf}, nil
}

func (n *outNode) fieldNodes(props *parquet.WriterProperties) (nodes schema.FieldList, leaves []*columnWriter, err error) {
	for _, f := range n.fields {
		node, in, err := f.node(props)
		if err != nil {
			return nil, nil, fmt.Errorf("%q: %w", f.name, err)
		}
		nodes, leaves = append(nodes, node), append(leaves, in...)
	}
	return nodes, leaves, nil
}

func (n *outNode) listNode(props *parquet.WriterProperties, repetition parquet.Repetition) (schema.Node, []*columnWriter, error) {
	if n.isMap() {
		kv, leaves, err := n.shape.fieldNodes(props)
		if err != nil {
			return nil, nil, err
		}
		m, err := schema.MapOf(n.name, kv[0], kv[1], repetition, -1)
		return m, leaves, err
	}
	element, leaves, err := n.shape.node(props)
	if err != nil {
		return nil, nil, err
	}
	list, err := schema.ListOfWithName(n.name, element, repetition, -1)
	return list, leaves, err
}

// isMap reports whether the node can be a map: its entries are there, with a key that is too and a value.
func (n *outNode) isMap() bool {
	e := n.shape
	return n.typ == MapType && e.typ == StructType && !e.nullable && len(e.fields) == 2 && !e.fields[0].nullable
}

// arrowField returns the field of the embedded Arrow schema.
func (n *outNode) arrowField() arrow.Field {
	f := arrow.Field{Name: n.name, Nullable: n.nullable}
	switch {
	case n.shape != nil && n.isMap():
		kv := n.shape.arrowFields()
		m := arrow.MapOf(kv[0].Type, kv[1].Type)
		m.SetItemNullable(kv[1].Nullable)
		f.Type = m
	case n.shape != nil:
		f.Type = arrow.ListOfField(n.shape.arrowField())
	case n.typ == StructType:
		f.Type = arrow.StructOf(n.arrowFields()...)
	default:
		f.Type = n.logical
	}
	return f
}

func (n *outNode) arrowFields() (fields []arrow.Field) {
	for _, f := range n.fields {
		fields = append(fields, f.arrowField())
	}
	return fields
}
