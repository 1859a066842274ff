package record

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// bzipped is "a,b\n1,x\n2,y\n" as bzip2 -9 packs it.
const bzipped = "425a6839314159265359bcc728450000045980001000043000300000602000310c0823419a8e0422178bb9229c28485e63942280"

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zstded(t *testing.T, text string) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return w.EncodeAll([]byte(text), nil)
}

// rowsOf reads every cell of a file, rows with a line break between them.
func rowsOf(t *testing.T, path string, columns []string) (string, error) {
	t.Helper()
	src, err := Open([]string{path}, Options{})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = src.Read(context.Background(), columns, func(batch *Batch) error {
		for row := range batch.Rows {
			for _, cells := range batch.Cells {
				b.WriteString(cells[row].Text + ";")
			}
			b.WriteString("\n")
		}
		return nil
	})
	return b.String(), err
}

func TestCompressedFiles(t *testing.T) {
	bz, err := hex.DecodeString(bzipped)
	if err != nil {
		t.Fatal(err)
	}
	const text, lines = "a,b\n1,x\n2,y\n", "{\"a\":1,\"b\":\"x\"}\n{\"a\":2,\"b\":\"y\"}\n"
	for name, data := range map[string][]byte{
		"t.csv.gz": gzipped(t, text), "t.csv.zst": zstded(t, text), "t.csv.bz2": bz, "packed.csv": gzipped(t, text), "t.tsv.gz": gzipped(t, strings.ReplaceAll(text, ",", "\t")),
		"members.csv.gz": append(gzipped(t, "a,b\n1,x\n"), gzipped(t, "2,y\n")...), "t.jsonl.zst": zstded(t, lines), "T.JSONL.GZ": gzipped(t, lines),
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := rowsOf(t, path, []string{"a", "b"})
		if err != nil || got != "1;x;\n2;y;\n" {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestBrokenCompression(t *testing.T) {
	long := strings.Repeat("1,some text\n", 100_000)
	for name, data := range map[string][]byte{
		"cut.csv.gz": gzipped(t, "a,b\n"+long)[:300], "cut.csv.zst": zstded(t, "a,b\n"+long)[:60], "head.csv.gz": {0x1f, 0x8b, 0, 0},
		"head.csv.bz2": []byte("BZh91AY&SY\x00\x00"),
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := rowsOf(t, path, []string{"a", "b"}); err == nil || !strings.Contains(err.Error(), "unpack ") || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// What only begins like one of them is text.
	path := filepath.Join(t.TempDir(), "text.csv")
	if err := os.WriteFile(path, []byte("BZh,b\n1,x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := rowsOf(t, path, nil); err != nil || got != "1;x;\n" {
		t.Errorf("%q, %v", got, err)
	}
}
