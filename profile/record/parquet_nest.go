package record

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// Nested Parquet is read as columns named by a [Path], all of them implied by the schema and so public:
//
//   - a field of a struct has a column of its own: user.address.city;
//   - a list has a column for its length, tags[], and columns for its first elements, tags[0] and on; a map is a list of
//     structs of a key and a value;
//   - a struct that can be null has a column that says no more than that: its cells are Null or Absent.
//
// What is not there because something around it is null, empty or too short is Absent; what is null itself is Null.
// The types of columns that hold no values are StructType, ListType and MapType.
const (
	StructType Type = "struct" // whether a struct is null
	ListType   Type = "list"   // the length of a list
	MapType    Type = "map"    // the length of a map, in entries
)

// MaybeAbsent reports whether cells of a column of Parquet can be Absent: those in something that can be null or empty,
// as far as its path tells, and those that say that a struct is there.
func (c Column) MaybeAbsent() bool {
	path, err := ParsePath(c.Name)
	return c.Type == StructType || err == nil && (len(path) > 2 || len(path) == 2 && path[1].Index != Length)
}

// maxNesting bounds how many groups stand around a column of Parquet, a list's two included.
const maxNesting = 16

// Bounds on the columns that a schema is flattened to.
const (
	maxFlattened  = 1 << 15
	maxPathLength = 1 << 10 // bytes of a column's name
)

// A flattened is a column as it is found in a Parquet file.
type flattened struct {
	Column
	dt   arrow.DataType // of values; nil for what a group is
	leaf int            // index of the file's column that tells it; of a group, of the first column in it
	at   []int          // which element of each list around it
	def  int            // definition level from which on it is there and not null
}

// A schemaFlattener walks a Parquet schema.
type schemaFlattener struct {
	elements int              // of a list, that have columns
	leaves   []arrow.DataType // of the file's columns
	next     int              // leaf
	columns  []flattened
}

// A place is where a walk is: a path, and what is known there of the levels.
type place struct {
	path     Path
	at       []int
	def      int
	nullable bool
}

// flatten returns the columns that a schema with leaves of these types is read as, with so many elements of each list.
func flatten(s *schema.Schema, leaves []arrow.DataType, elements int) ([]flattened, error) {
	f := schemaFlattener{elements: elements, leaves: leaves}
	root := s.Root()
	for i := range root.NumFields() {
		if err := f.field(root.Field(i), place{}); err != nil {
			return nil, err
		}
	}
	return f.columns, nil
}

// field adds the columns of a field of a struct, or of the record.
func (f *schemaFlattener) field(n schema.Node, in place) error {
	in.path = append(in.path[:len(in.path):len(in.path)], Step{Key: n.Name(), Index: Member})
	if n.RepetitionType() == parquet.Repetitions.Repeated { // a list without a group of its own
		in.nullable = false
		return f.list(func(p place) error { return f.content(n, p) }, ListType, in)
	}
	return f.value(n, in)
}

// value adds the columns of what may be null.
func (f *schemaFlattener) value(n schema.Node, in place) error {
	if in.nullable = n.RepetitionType() == parquet.Repetitions.Optional; in.nullable {
		in.def++
	}
	inner, element, typ := listOf(n)
	if inner == nil {
		return f.content(n, in)
	}
	return f.list(func(p place) error {
		if element == inner { // required, whatever it is
			p.nullable = false
			return f.content(inner, p)
		}
		return f.value(element, p)
	}, typ, in)
}

// content adds the columns of a node whose repetition has been seen to.
func (f *schemaFlattener) content(n schema.Node, in place) error {
	group, ok := n.(*schema.GroupNode)
	if !ok {
		leaf := f.next
		f.next++
		return f.add(f.leaves[leaf], "", leaf, in)
	}
	if in.nullable {
		if err := f.add(nil, StructType, f.next, in); err != nil {
			return err
		}
	}
	for i := range group.NumFields() {
		if err := f.field(group.Field(i), in); err != nil {
			return err
		}
	}
	return nil
}

// list adds the columns of a list and of its first elements: one element less for each list around it, but one.
func (f *schemaFlattener) list(element func(place) error, typ Type, in place) error {
	length := in
	length.path = append(in.path[:len(in.path):len(in.path)], Step{Index: Length})
	first := f.next
	if err := f.add(nil, typ, first, length); err != nil {
		return err
	}
	for i := range max(1, f.elements-len(in.at)) {
		p := in
		p.path = append(in.path[:len(in.path):len(in.path)], Step{Index: i})
		p.at = append(in.at[:len(in.at):len(in.at)], i)
		p.def++
		f.next = first
		if err := element(p); err != nil {
			return err
		}
	}
	return nil
}

func (f *schemaFlattener) add(dt arrow.DataType, typ Type, leaf int, in place) error {
	name := in.path.String()
	if len(f.columns) == maxFlattened || len(name) > maxPathLength {
		return fmt.Errorf("column %.100q: the schema makes more than %d columns, or longer names than %d bytes: leave some of it out", name, maxFlattened, maxPathLength)
	}
	if dt != nil {
		var ok bool
		if typ, ok = typeName(dt); !ok {
			return fmt.Errorf("column %q: type %s is not supported yet: leave it out of the file", name, dt.Name())
		}
	}
	f.columns = append(f.columns, flattened{
		Column: Column{Name: name, Type: typ, Nullable: in.nullable}, dt: dt, leaf: leaf, at: in.at, def: in.def,
	})
	return nil
}

// listOf returns the repeated node in a list or a map and the node of its elements, which may be the same, or nil for
// what is neither. The rules are those of the format for files of all ages
// (https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#backward-compatibility-rules).
func listOf(n schema.Node) (inner, element schema.Node, typ Type) {
	group, ok := n.(*schema.GroupNode)
	if !ok || group.NumFields() != 1 || group.Field(0).RepetitionType() != parquet.Repetitions.Repeated {
		return nil, nil, ""
	}
	inner = group.Field(0)
	switch group.ConvertedType() {
	case schema.ConvertedTypes.Map, schema.ConvertedTypes.MapKeyValue:
		return inner, inner, MapType
	case schema.ConvertedTypes.List:
	default:
		return nil, nil, ""
	}
	middle, ok := inner.(*schema.GroupNode)
	if !ok || middle.NumFields() != 1 || middle.Name() == "array" || middle.Name() == n.Name()+"_tuple" ||
		middle.Field(0).RepetitionType() == parquet.Repetitions.Repeated {
		return inner, inner, ListType
	}
	return inner, middle.Field(0), ListType
}
