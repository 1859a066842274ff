package record

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	"github.com/apache/arrow/go/v17/parquet/schema"
	pq "github.com/parquet-go/parquet-go"
)

// nestedSchema has structs, lists and maps in each other.
var nestedSchema = arrow.NewSchema([]arrow.Field{
	{Name: "id", Type: arrow.PrimitiveTypes.Int64},
	{Name: "user", Nullable: true, Type: arrow.StructOf(
		arrow.Field{Name: "name", Type: arrow.BinaryTypes.String, Nullable: true},
		arrow.Field{Name: "a.b", Nullable: true, Type: arrow.StructOf(arrow.Field{Name: "city", Type: arrow.BinaryTypes.String})},
	)},
	{Name: "tags", Nullable: true, Type: arrow.ListOf(arrow.BinaryTypes.String)},
	{Name: "items", Nullable: true, Type: arrow.ListOf(arrow.StructOf(
		arrow.Field{Name: "price", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
		arrow.Field{Name: "codes", Type: arrow.ListOf(arrow.PrimitiveTypes.Int32), Nullable: true},
	))},
	{Name: "props", Type: arrow.MapOf(arrow.BinaryTypes.String, arrow.PrimitiveTypes.Int64), Nullable: true},
}, nil)

const nestedRows = `[
{"id": 1, "user": {"name": "Ann", "a.b": {"city": "Bern"}}, "tags": ["x", null, "z", "w"], "items": [{"price": 1.5, "codes": [7, 8]}, {"price": null, "codes": []}], "props": [{"key": "k", "value": 5}]},
{"id": 2, "user": null, "tags": null, "items": null, "props": null},
{"id": 3, "user": {"name": null, "a.b": null}, "tags": [], "items": [], "props": []},
{"id": 4, "user": {"name": "Bo", "a.b": null}, "tags": ["q"], "items": [null, {"price": 2.5, "codes": null}], "props": [{"key": "a", "value": null}, {"key": "b", "value": 9}]}
]`

// nestedCells are what nestedRows are read as, with two elements of each list.
var nestedCells = []struct {
	name string
	typ  Type
	rows string // cells, with spaces between
}{
	{"id", "int64", "number:1 number:2 number:3 number:4"},
	{"user", StructType, "absent null absent absent"},
	{"user.name", "string", `"Ann" absent null "Bo"`},
	{`user.a\.b`, StructType, "absent absent null null"},
	{`user.a\.b.city`, "string", `"Bern" absent absent absent`},
	{"tags[]", ListType, "number:4 null number:0 number:1"},
	{"tags[0]", "string", `"x" absent absent "q"`},
	{"tags[1]", "string", "null absent absent absent"},
	{"items[]", ListType, "number:2 null number:0 number:2"},
	{"items[0]", StructType, "absent absent absent null"},
	{"items[0].price", "double", "number:1.5 absent absent absent"},
	{"items[0].codes[]", ListType, "number:2 absent absent absent"},
	{"items[0].codes[0]", "int32", "number:7 absent absent absent"},
	{"items[1]", StructType, "absent absent absent absent"},
	{"items[1].price", "double", "null absent absent number:2.5"},
	{"items[1].codes[]", ListType, "number:0 absent absent null"},
	{"items[1].codes[0]", "int32", "absent absent absent absent"},
	{"props[]", MapType, "number:1 null number:0 number:2"},
	{"props[0].key", "string", `"k" absent absent "a"`},
	{"props[0].value", "int64", "number:5 absent absent null"},
	{"props[1].key", "string", `absent absent absent "b"`},
	{"props[1].value", "int64", "absent absent absent number:9"},
}

// nestedParquet writes nestedRows with the Arrow library, again and again.
func nestedParquet(t testing.TB, times int, options ...parquet.WriterProperty) []byte {
	t.Helper()
	rec, _, err := array.RecordFromJSON(memory.NewGoAllocator(), nestedSchema, strings.NewReader(nestedRows))
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Release()
	var buf bytes.Buffer
	w, err := pqarrow.NewFileWriter(nestedSchema, &buf, parquet.NewWriterProperties(options...), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	for range times {
		if err := w.WriteBuffered(rec); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// checkNested checks a source of nestedRows, over and over.
func checkNested(t *testing.T, s *Source, times int) {
	t.Helper()
	got := readAll(t, s, nil)
	columns := s.Schema().Columns
	for i, want := range nestedCells {
		if i >= len(columns) || columns[i].Name != want.name || columns[i].Type != want.typ {
			t.Fatalf("column %d is %+v, want %s of type %s", i, columns[min(i, len(columns)-1)], want.name, want.typ)
		}
		var cells []string
		for _, c := range got.cells[i] {
			cells = append(cells, show(c))
		}
		if all := strings.Repeat(want.rows+" ", times); strings.Join(cells, " ")+" " != all {
			t.Errorf("%s is\n%.300s, want\n%.300s", want.name, strings.Join(cells, " "), all)
		}
	}
	if len(columns) != len(nestedCells) {
		t.Errorf("%d columns, want %d", len(columns), len(nestedCells))
	}
}

func TestReadNestedParquet(t *testing.T) {
	for name, options := range map[string][]parquet.WriterProperty{
		"plain":       {parquet.WithDictionaryDefault(false)},
		"zstd":        {parquet.WithCompression(compress.Codecs.Zstd)},
		"pages v2":    {parquet.WithDataPageVersion(parquet.DataPageV2), parquet.WithCompression(compress.Codecs.Snappy)},
		"small pages": {parquet.WithDataPageSize(64), parquet.WithBatchSize(8)},
		"row groups":  {parquet.WithMaxRowGroupLength(10)},
	} {
		t.Run(name, func(t *testing.T) {
			path := writeFile(t, "a.parquet", string(nestedParquet(t, 50, options...)))
			checkNested(t, mustOpen(t, Options{BatchRows: 7, MaxElements: 2}, path), 50)
		})
	}
}

// Some of the columns, in another order, are the same.
func TestReadNestedParquetPartly(t *testing.T) {
	path := writeFile(t, "a.parquet", string(nestedParquet(t, 1)))
	s := mustOpen(t, Options{MaxElements: 2}, path)
	got := readAll(t, s, []string{"items[1].price", "user", "tags[1]", "items[]", "tags[]"})
	equalRows(t, got.rows(), []string{
		"null absent null number:2 number:4", "absent null absent null null", "absent absent absent number:0 number:0", "number:2.5 absent absent number:2 number:1",
	})
}

// What is written of a nested table is read as the same table, by us and by another implementation.
func TestNestedParquetRoundTrip(t *testing.T) {
	in := mustOpen(t, Options{MaxElements: 2}, writeFile(t, "in.parquet", string(nestedParquet(t, 2))))
	tb := readAll(t, in, nil)
	out := filepath.Join(t.TempDir(), "out.parquet")
	// The list of four elements has columns for two, so its third and fourth repeat those: that is no round trip.
	writeTable(t, out, in.Schema(), &Batch{Rows: len(tb.shapes), Cells: tb.cells})
	again := mustOpen(t, Options{MaxElements: 2}, out)
	checkNested(t, again, 2)
	if !slices.Equal(again.Schema().Columns, in.Schema().Columns) {
		t.Errorf("the schema has become %v", again.Schema().Columns)
	}

	type item struct {
		Price *float64 `parquet:"price,optional"`
		Codes []*int32 `parquet:"codes,optional,list"`
	}
	type row struct {
		ID   int64            `parquet:"id"`
		Tags []*string        `parquet:"tags,optional,list"`
		Item []*item          `parquet:"items,optional,list"`
		Prop map[string]int64 `parquet:"props,optional"`
	}
	rows, err := pq.ReadFile[row](out)
	if err != nil {
		t.Fatal(err)
	}
	first := rows[0]
	if len(rows) != 8 || first.ID != 1 || len(first.Tags) != 4 || *first.Tags[0] != "x" || first.Tags[1] != nil || *first.Tags[2] != "x" ||
		len(first.Item) != 2 || *first.Item[0].Price != 1.5 || len(first.Item[0].Codes) != 2 || *first.Item[0].Codes[1] != 7 || first.Prop["k"] != 5 {
		t.Errorf("another implementation reads %+v", first)
	}
}

// What another implementation writes is read: lists of both notations, required structs, maps.
func TestReadNestedParquetGo(t *testing.T) {
	type point struct {
		X int32 `parquet:"x"`
		Y int32 `parquet:"y"`
	}
	type row struct {
		At    point            `parquet:"at"`
		Old   []string         `parquet:"old"`
		New   []int64          `parquet:"new,list"`
		Shape []point          `parquet:"shape"`
		Count map[string]int32 `parquet:"count"`
		Maybe *point           `parquet:"maybe,optional"`
	}
	rows := []row{
		{At: point{1, 2}, Old: []string{"a", "b"}, New: []int64{9}, Shape: []point{{3, 4}}, Count: map[string]int32{"k": 6}, Maybe: &point{7, 8}},
		{},
	}
	for _, version := range []int{1, 2} {
		var buf bytes.Buffer
		if err := pq.Write(&buf, rows, pq.DataPageVersion(version)); err != nil {
			t.Fatal(err)
		}
		s := mustOpen(t, Options{MaxElements: 1}, writeFile(t, "a.parquet", buf.String()))
		want := "at.x at.y old[] old[0] new[] new[0] shape[] shape[0].x shape[0].y count[] count[0].key count[0].value maybe maybe.x maybe.y"
		if got := strings.Join(s.Schema().Names(), " "); got != want {
			t.Fatalf("columns are %s, want %s", got, want)
		}
		equalRows(t, readAll(t, s, nil).rows(), []string{
			`number:1 number:2 number:2 "a" number:1 number:9 number:1 number:3 number:4 number:1 "k" number:6 absent number:7 number:8`,
			`number:0 number:0 number:0 absent number:0 absent number:0 absent absent number:0 absent absent null absent absent`,
		})
	}
}

// legacyLists writes a file with lists as old writers have them, each of the integers 1 and 2.
func legacyLists(t *testing.T) []byte {
	t.Helper()
	leaf := func(name string, r parquet.Repetition) schema.Node { return schema.NewInt32Node(name, r, -1) }
	group := func(name string, r parquet.Repetition, c schema.ConvertedType, fields ...schema.Node) schema.Node {
		n, err := schema.NewGroupNodeConverted(name, r, fields, c, -1)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	opt, rep, req := parquet.Repetitions.Optional, parquet.Repetitions.Repeated, parquet.Repetitions.Required
	list, none := schema.ConvertedTypes.List, schema.ConvertedTypes.None
	root := group("schema", rep, none,
		group("two", opt, list, leaf("x", rep)),
		group("array", opt, list, group("array", rep, none, leaf("x", req))),
		group("named", opt, list, group("named_tuple", rep, none, leaf("x", req))),
		group("pair", opt, list, group("list", rep, none, leaf("x", req), leaf("y", req))),
		group("bag", opt, list, group("bag", rep, none, leaf("x", opt))),
		group("map", opt, schema.ConvertedTypes.MapKeyValue, group("map", rep, none, leaf("key", opt), leaf("value", req))),
	).(*schema.GroupNode)
	var buf bytes.Buffer
	w := file.NewParquetWriter(&buf, root)
	g := w.AppendRowGroup()
	for range 8 {
		chunk, err := g.NextColumn()
		if err != nil {
			t.Fatal(err)
		}
		max := chunk.Descr().MaxDefinitionLevel()
		if _, err := chunk.(*file.Int32ColumnChunkWriter).WriteBatch([]int32{1, 2}, []int16{max, max, 0, 1}, []int16{0, 1, 0, 0}); err != nil {
			t.Fatal(err)
		}
		if err := chunk.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := g.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestReadLegacyLists(t *testing.T) {
	s := mustOpen(t, Options{MaxElements: 2}, writeFile(t, "a.parquet", string(legacyLists(t))))
	want := "two[] two[0] two[1] array[] array[0].x array[1].x named[] named[0].x named[1].x " +
		"pair[] pair[0].x pair[0].y pair[1].x pair[1].y bag[] bag[0] bag[1] map[] map[0].key map[0].value map[1].key map[1].value"
	if got := strings.Join(s.Schema().Names(), " "); got != want {
		t.Fatalf("columns are %s, want %s", got, want)
	}
	list, pair := "number:2 number:1 number:2 ", "number:2 number:1 number:1 number:2 number:2 "
	lists := func(one, two string) string { return strings.TrimSpace(one + one + one + two + one + two) }
	equalRows(t, readAll(t, s, nil).rows(), []string{
		lists(list, pair), lists("null absent absent ", "null absent absent absent absent "), lists("number:0 absent absent ", "number:0 absent absent absent absent "),
	})
}

// Rows whose columns were drawn one by one become what could have been.
func TestWriteParquetReconciles(t *testing.T) {
	in := Schema{Format: Parquet, Columns: []Column{
		{Name: "user", Type: StructType, Nullable: true}, {Name: "user.name", Type: "string", Nullable: true},
		{Name: "tags[]", Type: ListType}, {Name: "tags[0]", Type: "string", Nullable: true}, {Name: "tags[1]", Type: "string"},
		{Name: "n", Type: "int32"}, {Name: `a\.b`, Type: "date32", Nullable: true}, {Name: "m[]", Type: ListType, Nullable: true},
	}}
	absent, null := Cell{}, Cell{Tag: Null}
	word := func(s string) Cell { return Cell{Text, s} }
	number := func(s string) Cell { return Cell{Number, s} }
	path := filepath.Join(t.TempDir(), "a.parquet")
	rows := [][]Cell{
		{null, word("dropped"), number("3"), word("a"), word("b"), absent, word("2024-01-02"), number("2")},
		{absent, word("kept"), number("2.0"), absent, word("b"), number("5"), null, null},
		{absent, absent, null, word("dropped"), absent, null, word("no date"), absent},
		{word("odd"), word("kept"), number("2"), absent, absent, number("1e9"), absent, number("x")},
		{absent, null, number("-1"), absent, absent, number("7"), absent, number("0")},
	}
	b := &Batch{Rows: len(rows), Cells: make([][]Cell, len(in.Columns))}
	for _, row := range rows {
		for i, c := range row {
			b.Cells[i] = append(b.Cells[i], c)
		}
	}
	writeTable(t, path, in, b)
	s := mustOpen(t, Options{}, path)
	want := `user user.name tags[] tags[0] tags[1] tags[2] n a\.b m`
	if got := strings.Join(s.Schema().Names(), " "); got != want {
		t.Fatalf("columns are %s, want %s", got, want)
	}
	equalRows(t, readAll(t, s, nil).rows(), []string{
		`null absent number:3 "a" "b" "a" number:0 "2024-01-02" number:2`,
		`absent "kept" number:2 "b" "b" absent number:5 null null`,
		`absent null number:0 absent absent absent number:5 null null`,
		`absent "kept" number:2 null null absent number:5 null null`,
		`absent null number:0 absent absent absent number:7 null number:0`,
	})
}

func TestCreateParquetRefusesTangles(t *testing.T) {
	for name, columns := range map[string][]Column{
		"another column":   {{Name: "a", Type: "string"}, {Name: "a.b", Type: "string"}},
		"ends in []":       {{Name: "a", Type: ListType}},
		"lacks":            {{Name: "a", Type: StructType}},
		"elements of":      {{Name: "a[99999999]", Type: "string"}},
		"deep":             {{Name: strings.Repeat("a.", 50) + "b", Type: "string"}},
		"parse path":       {{Name: "a[", Type: "string"}},
		"unknown type":     {{Name: "a[0].b", Type: "list<int64>"}},
		"column \"a[0]\"":  {{Name: "a", Type: "string"}, {Name: "a[0]", Type: "string"}},
		"column \"a[0].\"": {{Name: "a[0]", Type: "string"}, {Name: "a[0].", Type: "string"}},
	} {
		_, err := Create(filepath.Join(t.TempDir(), "a.parquet"), Schema{Format: Parquet, Columns: columns}, WriteOptions{})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v: error is %v, want one with %q", columns, err, name)
		}
	}
}

// A long list costs no more than its length, and one that is drawn too long is cut.
func TestParquetLongLists(t *testing.T) {
	type row struct {
		N []int32 `parquet:"n"`
	}
	var buf bytes.Buffer
	if err := pq.Write(&buf, []row{{N: make([]int32, 100_000)}, {N: []int32{5}}}); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, Options{MaxElements: 1, BatchRows: 10}, writeFile(t, "a.parquet", buf.String()))
	tb := readAll(t, s, nil)
	equalRows(t, tb.rows(), []string{"number:100000 number:0", "number:1 number:5"})
	out := filepath.Join(t.TempDir(), "b.parquet")
	writeTable(t, out, s.Schema(), &Batch{Rows: 2, Cells: tb.cells})
	equalRows(t, readAll(t, mustOpen(t, Options{MaxElements: 1}, out), nil).rows(), []string{fmt.Sprintf("number:%d number:0", maxListLength), "number:1 number:5"})
}

// TestDamagedNestedParquet flips bytes and cuts files short: every outcome but a panic, a hang and a wrong number of rows
// is fine.
func TestDamagedNestedParquet(t *testing.T) {
	for name, options := range map[string][]parquet.WriterProperty{
		"version 1": {parquet.WithDictionaryDefault(false)},
		"version 2": {parquet.WithDataPageVersion(parquet.DataPageV2)},
	} {
		t.Run(name, func(t *testing.T) {
			const times = 4
			good := nestedParquet(t, times, options...)
			path := filepath.Join(t.TempDir(), "a.parquet")
			try := func(data []byte) {
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				s, err := Open([]string{path}, Options{BatchRows: 5})
				if err != nil {
					return
				}
				if got, err := readTable(s, nil); err == nil && len(got.shapes) != 4*times {
					t.Errorf("a damaged file was read with %d rows", len(got.shapes))
				}
			}
			for at := 0; at < len(good); at++ {
				bad := bytes.Clone(good)
				bad[at] ^= []byte{0x01, 0xff, 0x10}[at%3]
				try(bad)
				if at%5 == 0 {
					try(good[:at])
				}
			}
		})
	}
}
