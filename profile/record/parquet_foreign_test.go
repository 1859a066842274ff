package record

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
	pq "github.com/parquet-go/parquet-go"
)

// foreignSchema has a column of each storage that encodings differ by.
var foreignSchema = arrow.NewSchema([]arrow.Field{
	{Name: "i", Type: arrow.PrimitiveTypes.Int64},
	{Name: "n", Type: arrow.PrimitiveTypes.Int32, Nullable: true},
	{Name: "s", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "b", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	{Name: "f", Type: arrow.PrimitiveTypes.Float64},
}, nil)

// foreignRow returns the cells of row i.
func foreignRow(i int) []Cell {
	row := []Cell{{Number, strconv.Itoa(i * 1000)}, {Tag: Null}, {Tag: Null}, {Tag: Null}, {Number, strconv.FormatFloat(float64(i)/4, 'f', -1, 64)}}
	if i%3 != 0 {
		row[1] = Cell{Number, strconv.Itoa(i % 17)}
	}
	if i%5 != 0 {
		row[2] = Cell{Text, fmt.Sprintf("value %d", i%97)}
	}
	if i%7 != 0 {
		row[3] = Cell{Bool, strconv.FormatBool(i%2 == 0)}
	}
	return row
}

// foreignParquet writes rows with the Arrow library itself.
func foreignParquet(t testing.TB, rows int, options ...parquet.WriterProperty) []byte {
	t.Helper()
	b := array.NewRecordBuilder(memory.NewGoAllocator(), foreignSchema)
	defer b.Release()
	for i := range rows {
		for c, cell := range foreignRow(i) {
			if cell.Tag == Null {
				b.Field(c).AppendNull()
			} else if err := b.Field(c).AppendValueFromString(cell.Text); err != nil {
				t.Fatal(err)
			}
		}
	}
	rec := b.NewRecord()
	defer rec.Release()
	var buf bytes.Buffer
	w, err := pqarrow.NewFileWriter(foreignSchema, &buf, parquet.NewWriterProperties(options...), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(rec); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func checkForeign(t *testing.T, got table, rows int) {
	t.Helper()
	if len(got.shapes) != rows {
		t.Fatalf("read %d rows, want %d", len(got.shapes), rows)
	}
	for i := range rows {
		for c, want := range foreignRow(i) {
			if got.cells[c][i] != want {
				t.Fatalf("row %d, column %d: %v, want %v", i, c, got.cells[c][i], want)
			}
		}
	}
}

func TestReadForeignParquet(t *testing.T) {
	for name, options := range map[string][]parquet.WriterProperty{
		"plain":       {parquet.WithDictionaryDefault(false)},
		"snappy":      {parquet.WithCompression(compress.Codecs.Snappy)},
		"gzip":        {parquet.WithCompression(compress.Codecs.Gzip)},
		"brotli":      {parquet.WithCompression(compress.Codecs.Brotli)},
		"zstd":        {parquet.WithCompression(compress.Codecs.Zstd), parquet.WithDictionaryDefault(false)},
		"pages v2":    {parquet.WithDataPageVersion(parquet.DataPageV2), parquet.WithCompression(compress.Codecs.Snappy)},
		"small pages": {parquet.WithDataPageSize(256), parquet.WithBatchSize(32)},
		"row groups":  {parquet.WithMaxRowGroupLength(100)},
		"delta": {parquet.WithDictionaryDefault(false), parquet.WithEncodingFor("i", parquet.Encodings.DeltaBinaryPacked),
			parquet.WithEncodingFor("n", parquet.Encodings.DeltaBinaryPacked), parquet.WithEncodingFor("s", parquet.Encodings.DeltaByteArray)},
		"delta length": {parquet.WithDictionaryDefault(false), parquet.WithEncodingFor("s", parquet.Encodings.DeltaLengthByteArray)},
		"rle":          {parquet.WithEncodingFor("b", parquet.Encodings.RLE), parquet.WithDataPageVersion(parquet.DataPageV2)},
	} {
		t.Run(name, func(t *testing.T) {
			const rows = 1000
			path := writeFile(t, "a.parquet", string(foreignParquet(t, rows, options...)))
			checkForeign(t, readAll(t, mustOpen(t, Options{BatchRows: 300}, path), nil), rows)
		})
	}
}

func TestReadParquetGo(t *testing.T) {
	type row struct {
		ID   int64     `parquet:"id,delta"`
		Name string    `parquet:"name,delta,snappy"`
		Kind string    `parquet:"kind,dict,zstd"`
		When time.Time `parquet:"when,timestamp(microsecond)"`
		UUID [16]byte  `parquet:"uuid,uuid"`
		Enum string    `parquet:"enum,enum"`
		JSON string    `parquet:"json,json"`
		Opt  *int32    `parquet:"opt,optional"`
	}
	seven := int32(7)
	var rows []row
	for i := range 500 {
		r := row{ID: int64(i * i), Name: fmt.Sprintf("name %d", i), Kind: "k", When: time.UnixMicro(1), UUID: [16]byte{1}, Enum: "E", JSON: "{}"}
		if i%2 == 0 {
			r.Opt = &seven
		}
		rows = append(rows, r)
	}
	var buf bytes.Buffer
	if err := pq.Write(&buf, rows); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, Options{}, writeFile(t, "a.parquet", buf.String()))
	var types []string
	for _, c := range s.Schema().Columns {
		types = append(types, string(c.Type))
	}
	if got, want := strings.Join(types, " "), "int64 string string timestamp[us, tz=UTC] fixed_size_binary[16] string string int32"; got != want {
		t.Errorf("types are %s, want %s", got, want)
	}
	got := readAll(t, s, []string{"opt", "name", "id", "when", "uuid", "json"})
	for i := range rows {
		want := []Cell{{Number, "7"}, {Text, rows[i].Name}, {Number, strconv.Itoa(i * i)}, {Text, "1970-01-01T00:00:00.000001Z"}, {Text, "\x01" + strings.Repeat("\x00", 15)}, {Text, "{}"}}
		if i%2 != 0 {
			want[0] = Cell{Tag: Null}
		}
		for c := range want {
			if got.cells[c][i] != want[c] {
				t.Fatalf("row %d, column %d: %v, want %v", i, c, got.cells[c][i], want[c])
			}
		}
	}
}

func TestParquetGoReadsOurs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.parquet")
	schema := Schema{Columns: []Column{{Name: "i", Type: "int64"}, {Name: "f", Type: "double"}, {Name: "s", Type: "string"}, {Name: "b", Type: "bool"},
		{Name: "d", Type: "date32"}, {Name: "t", Type: "timestamp[us]"}, {Name: "n", Type: "decimal(10, 2)"}}}
	writeTable(t, path, schema, &Batch{Rows: 2, Cells: [][]Cell{
		{{Number, "-5"}, {Tag: Null}}, {{Number, "2.5"}, {Number, "NaN"}}, {{Text, "Zoë"}, {Text, ""}}, {{Bool, "true"}, {Tag: Absent}},
		{{Text, "1970-01-02"}, {Tag: Null}}, {{Text, "1970-01-01T00:00:01.000000"}, {Tag: Null}}, {{Number, "-0.01"}, {Tag: Null}},
	}})
	type row struct {
		I *int64   `parquet:"i,optional"`
		F *float64 `parquet:"f,optional"`
		S *string  `parquet:"s,optional"`
		B *bool    `parquet:"b,optional"`
		D *int32   `parquet:"d,optional,date"`
		T *int64   `parquet:"t,optional"`
		N *[5]byte `parquet:"n,optional"`
	}
	rows, err := pq.ReadFile[row](path)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 {
		t.Fatalf("%d rows", len(rows))
	}
	a, b := rows[0], rows[1]
	if *a.I != -5 || *a.F != 2.5 || *a.S != "Zoë" || !*a.B || *a.D != 1 || *a.T != 1e6 || *a.N != [5]byte{0xff, 0xff, 0xff, 0xff, 0xff} {
		t.Errorf("first row is %+v", a)
	}
	if b.I != nil || !math.IsNaN(*b.F) || *b.S != "" || b.B != nil || b.D != nil || b.T != nil || b.N != nil {
		t.Errorf("second row is %+v", b)
	}
}

func TestParquetRefusesUnsupported(t *testing.T) {
	type split struct {
		F float64 `parquet:"f,split"`
	}
	type lz4 struct {
		S string `parquet:"s,lz4"`
	}
	var a, b bytes.Buffer
	if err := pq.Write(&a, []split{{1}, {2}}); err != nil {
		t.Fatal(err)
	}
	if err := pq.Write(&b, []lz4{{"x"}}); err != nil {
		t.Fatal(err)
	}
	path := writeFile(t, "a.parquet", a.String())
	_, err := readTable(mustOpen(t, Options{}, path), nil)
	wantError(t, err, path, `"f"`, "BYTE_STREAM_SPLIT is not supported")
	path = writeFile(t, "b.parquet", b.String())
	_, err = Open([]string{path}, Options{})
	wantError(t, err, path, `"s"`, "LZ4_RAW is not supported")
}

func TestParquetDurationOfArrow(t *testing.T) {
	// Parquet has no durations; Arrow implementations store integers and say so in the schema they embed.
	path := filepath.Join(t.TempDir(), "a.parquet")
	writeTable(t, path, Schema{Columns: []Column{{Name: "x", Type: "duration[ns]"}}}, column(Cell{Number, "5"}))
	rows, err := pq.ReadFile[struct {
		X *int64 `parquet:"x,optional"`
	}](path)
	if err != nil || *rows[0].X != 5 {
		t.Errorf("stored as %v, %v", rows, err)
	}
}

// TestDamagedParquet flips each byte near the ends of files and cuts them short: every outcome but a
// panic, a hang and a wrong number of rows is fine.
func TestDamagedParquet(t *testing.T) {
	for name, options := range map[string][]parquet.WriterProperty{
		"uncompressed": nil,
		"zstd":         {parquet.WithCompression(compress.Codecs.Zstd)},
		"snappy v2":    {parquet.WithCompression(compress.Codecs.Snappy), parquet.WithDataPageVersion(parquet.DataPageV2)},
		"delta": {parquet.WithDictionaryDefault(false), parquet.WithEncodingFor("i", parquet.Encodings.DeltaBinaryPacked),
			parquet.WithEncodingFor("s", parquet.Encodings.DeltaByteArray)},
	} {
		t.Run(name, func(t *testing.T) {
			const rows = 120
			good := foreignParquet(t, rows, options...)
			path := filepath.Join(t.TempDir(), "a.parquet")
			try := func(data []byte) {
				if err := os.WriteFile(path, data, 0o600); err != nil {
					t.Fatal(err)
				}
				s, err := Open([]string{path}, Options{BatchRows: 50})
				var got table
				if err == nil {
					got, err = readTable(s, nil)
				}
				if err == nil && len(got.cells) > 0 && len(got.shapes) != rows {
					t.Errorf("read %d rows of %d without an error", len(got.shapes), rows)
				}
				if err != nil && !strings.Contains(err.Error(), path) {
					t.Errorf("error %q does not name the file", err)
				}
			}
			for i := range good {
				if i >= 2000 && i < len(good)-2000 {
					continue
				}
				bad := bytes.Clone(good)
				bad[i] ^= [...]byte{0xff, 1, 2, 4, 8, 16, 32, 64, 128}[i%9]
				try(bad)
			}
			for n := 0; n < len(good); n += 1 + len(good)/100 {
				try(good[:n])
			}
		})
	}
}
