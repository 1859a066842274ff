package verify

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"

	"github.com/patina-data/patina/profile"
)

// TestNoRoom: bytes that say the same in another way are not what a run wrote, and could carry something out. They are refused, or
// found not to be canonical.
func TestNoRoom(t *testing.T) {
	data := encoded(t, honest(t))
	if again := rewritten(t, data, nil); !bytes.Equal(again, data) {
		t.Fatal("a file that is rewritten as it was is another one: the test shows nothing")
	}
	cases := map[string][]byte{
		"more metadata":          rewritten(t, data, []string{"note", "x"}),
		"metadata once more":     rewritten(t, data, []string{"patina.version", "1"}),
		"something after":        append(bytes.Clone(data), data[len(data)-8:]...),
		"bytes before the pages": inserted(data, 4, []byte("room")),
		"bytes after the pages":  inserted(data, footer(data), []byte("room")),
		"footer with more in it": footerEnd(data, []byte{0x05, 0xc8, 0x01, 0x02}), // field 100, an i32, 1
		"footer of a longer way": lengthened(data),
		"another author":         bytes.Replace(data, []byte("\x06patina"), []byte("\x06Patina"), 1),
	}
	for name, option := range map[string]parquet.WriterProperty{
		"another codec":      parquet.WithCompression(compress.Codecs.Snappy),
		"no compression":     parquet.WithCompression(compress.Codecs.Uncompressed),
		"dictionary":         parquet.WithDictionaryDefault(true),
		"statistics":         parquet.WithStats(true),
		"pages of version 2": parquet.WithDataPageVersion(parquet.DataPageV2),
		"another encoding":   parquet.WithEncodingFor("section", parquet.Encodings.DeltaByteArray),
		"a longer author":    parquet.WithCreatedBy("patina with more to say"),
		"another version":    parquet.WithVersion(parquet.V1_0),
	} {
		cases[name] = rewritten(t, data, nil, option)
	}
	for name, changed := range cases {
		if bytes.Equal(changed, data) {
			t.Errorf("%s: the file has not changed", name)
		}
		_, r, err := Profile(changed)
		switch {
		case err != nil && !errors.Is(err, profile.ErrInvalid):
			t.Errorf("%s: %v", name, err)
		case err == nil && !strings.Contains(strings.Join(r.Failed(), "; "), "canonical: "):
			t.Errorf("%s: a changed file passes: %v", name, r.Checks)
		}
	}
}

// footer is where the footer of a Parquet file begins.
func footer(data []byte) int {
	return len(data) - 8 - int(binary.LittleEndian.Uint32(data[len(data)-8:]))
}

// inserted returns data with more bytes at a place.
func inserted(data []byte, at int, more []byte) []byte {
	return bytes.Join([][]byte{data[:at], more, data[at:]}, nil)
}

// footerEnd returns data with more fields at the end of the footer, before the byte that ends it.
func footerEnd(data, fields []byte) []byte {
	return grown(inserted(data, len(data)-9, fields), len(fields))
}

// lengthened returns data with the first number of the footer, the version, written in two bytes in place of one.
func lengthened(data []byte) []byte {
	at := footer(data) + 1
	changed := inserted(data, at+1, []byte{0})
	changed[at] |= 0x80
	return grown(changed, 1)
}

// grown corrects the length of a footer that has n bytes more.
func grown(data []byte, n int) []byte {
	at := data[len(data)-8:]
	binary.LittleEndian.PutUint32(at, binary.LittleEndian.Uint32(at)+uint32(n))
	return data
}

// rewritten returns a Parquet file of the same cells, written with other properties and more metadata, keys and values in turn.
func rewritten(t *testing.T, data []byte, more []string, options ...parquet.WriterProperty) []byte {
	t.Helper()
	r, err := file.NewParquetReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	meta := metadata.NewKeyValueMetadata()
	kv := r.MetaData().KeyValueMetadata()
	for i := range kv {
		more = append(more, kv[i].Key, *kv[i].Value)
	}
	more = append(more[len(more)-2*len(kv):], more[:len(more)-2*len(kv)]...)
	for i := 0; i < len(more); i += 2 {
		if err := meta.Append(more[i], more[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	// As profile.Write has them, but for the options.
	props := parquet.NewWriterProperties(append([]parquet.WriterProperty{
		parquet.WithCompression(compress.Codecs.Zstd), parquet.WithDictionaryDefault(false), parquet.WithStats(false), parquet.WithBatchSize(64),
		parquet.WithCreatedBy("patina"),
	}, options...)...)
	var out bytes.Buffer
	w := file.NewParquetWriter(&out, r.MetaData().Schema.Root(), file.WithWriterProps(props), file.WithWriteMetadata(meta))
	group, to := r.RowGroup(0), w.AppendRowGroup()
	for i := range group.NumColumns() {
		column, err := group.Column(i)
		if err != nil {
			t.Fatal(err)
		}
		sink, err := to.NextColumn()
		if err != nil {
			t.Fatal(err)
		}
		copyColumn(t, column, sink, group.NumRows())
		if err := sink.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(to.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// copyColumn copies n rows.
func copyColumn(t *testing.T, from file.ColumnChunkReader, to file.ColumnChunkWriter, n int64) {
	t.Helper()
	levels := make([]int16, n)
	var err error
	switch r := from.(type) {
	case *file.ByteArrayColumnChunkReader:
		values := make([]parquet.ByteArray, n)
		_, k, _ := r.ReadBatch(n, values, levels, nil)
		_, err = to.(*file.ByteArrayColumnChunkWriter).WriteBatch(values[:k], levels, nil)
	case *file.Int32ColumnChunkReader:
		values := make([]int32, n)
		_, k, _ := r.ReadBatch(n, values, levels, nil)
		_, err = to.(*file.Int32ColumnChunkWriter).WriteBatch(values[:k], levels, nil)
	case *file.Int64ColumnChunkReader:
		values := make([]int64, n)
		_, k, _ := r.ReadBatch(n, values, levels, nil)
		_, err = to.(*file.Int64ColumnChunkWriter).WriteBatch(values[:k], levels, nil)
	case *file.Float64ColumnChunkReader:
		values := make([]float64, n)
		_, k, _ := r.ReadBatch(n, values, levels, nil)
		_, err = to.(*file.Float64ColumnChunkWriter).WriteBatch(values[:k], levels, nil)
	default:
		t.Fatalf("a column of type %T", from)
	}
	if err != nil {
		t.Fatal(err)
	}
}
