package profile

import (
	"strconv"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/schema"
)

// The two keys of the file's key-value metadata, in their order.
const (
	keyVersion  = "patina.version"
	keyManifest = "patina.manifest"
)

// A column is one column of the file: its place in the schema, and how its cells get into and out of rows.
type column interface {
	node() schema.Node
	sheet() sheet
	cursor(file.ColumnChunkReader) (cursor, error)
}

// columns are the columns of format version 1, in their order. The table is flat, with MaxArity slots of attribute,
// code and label in place of lists: every tool reads it, SQL can group by a slot, and the preflight can check that
// each page holds what it claims.
var columns = func() []column {
	cs := []column{
		textColumn("section", required, func(r *row) *opt[text] { return &r.section }),
		spec[int32]{"item", required, schema.NewInt32Node, func(r *row) *opt[int32] { return &r.item }},
		spec[float64]{"value", optional, schema.NewFloat64Node, func(r *row) *opt[float64] { return &r.value }},
		spec[float64]{"sigma", optional, schema.NewFloat64Node, func(r *row) *opt[float64] { return &r.sigma }},
		spec[int32]{"release", optional, schema.NewInt32Node, func(r *row) *opt[int32] { return &r.release }},
		spec[int64]{"weight", optional, schema.NewInt64Node, func(r *row) *opt[int64] { return &r.weight }},
		textColumn("class", optional, func(r *row) *opt[text] { return &r.class }),
		textColumn("role", optional, func(r *row) *opt[text] { return &r.role }),
		textColumn("column", optional, func(r *row) *opt[text] { return &r.column }),
		textColumn("tag", optional, func(r *row) *opt[text] { return &r.tag }),
		spec[text]{"label_bytes", optional, schema.NewByteArrayNode, func(r *row) *opt[text] { return &r.labelBytes }},
		textColumn("origin", optional, func(r *row) *opt[text] { return &r.origin }),
		textColumn("lo", optional, func(r *row) *opt[text] { return &r.lo }),
		textColumn("hi", optional, func(r *row) *opt[text] { return &r.hi }),
		spec[int32]{"group", optional, schema.NewInt32Node, func(r *row) *opt[int32] { return &r.group }},
	}
	for i := range MaxArity {
		slot := "_" + strconv.Itoa(i+1)
		cs = append(cs,
			textColumn("attribute"+slot, optional, func(r *row) *opt[text] { return &r.attributes[i] }),
			spec[int32]{"code" + slot, optional, schema.NewInt32Node, func(r *row) *opt[int32] { return &r.codes[i] }},
			textColumn("label"+slot, optional, func(r *row) *opt[text] { return &r.labels[i] }),
		)
	}
	return cs
}()

var (
	required = parquet.Repetitions.Required
	optional = parquet.Repetitions.Optional
)

// A spec is a column whose values are Ts.
type spec[T any] struct {
	name  string
	rep   parquet.Repetition
	leaf  func(name string, rep parquet.Repetition, fieldID int32) *schema.PrimitiveNode
	field func(*row) *opt[T]
}

func (s spec[T]) node() schema.Node { return s.leaf(s.name, s.rep, -1) }

func textColumn(name string, rep parquet.Repetition, field func(*row) *opt[text]) spec[text] {
	return spec[text]{name, rep, newStringNode, field}
}

func newStringNode(name string, rep parquet.Repetition, fieldID int32) *schema.PrimitiveNode {
	return schema.MustPrimitive(schema.NewPrimitiveNodeLogical(name, rep, schema.StringLogicalType{}, parquet.Types.ByteArray, -1, fieldID))
}

// fileSchema returns the Parquet schema of the columns.
func fileSchema() *schema.GroupNode {
	fields := make(schema.FieldList, len(columns))
	for i, c := range columns {
		fields[i] = c.node()
	}
	return schema.MustGroup(schema.NewGroupNode("schema", parquet.Repetitions.Required, fields, -1))
}
