package profile

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"

	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/compress"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"

	"github.com/patina-data/patina/profile/record/parquetsafe"
)

// The writer's constants. Changing them changes the bytes of a file, never its meaning.
const (
	groupRows  = 1 << 17
	pageBytes  = 1 << 20
	writeBatch = 64 // values between checks of the page size
)

// Write validates the profile and writes it as one Parquet file, specified in FORMAT.md. The same profile gives the
// same bytes. An invalid profile, or one past the format's limits, is ErrInvalid, and then nothing is written.
func Write(w io.Writer, p *Profile) error {
	if err := p.Validate(); err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	manifest, err := encodeManifest(&p.Manifest)
	if err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	data, err := encode(strconv.Itoa(p.Manifest.Version), manifest, rows(p))
	if err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	if err := preflight(data); err != nil {
		return fmt.Errorf("write profile: the encoded file would be refused: %w", err)
	}
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	return nil
}

// Digest returns "sha256:" and the lower-case hexadecimal SHA-256 of a file's bytes.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// encode lays the rows out as a Parquet file. It checks sizes, not meaning.
func encode(version string, manifest []byte, rows iter.Seq[*row]) ([]byte, error) {
	buf := &boundedBuffer{}
	err := parquetsafe.Guard(func() error { return encodeTo(buf, version, manifest, rows) })
	if buf.full {
		return nil, refusef("the file is larger than %d bytes", MaxFileBytes)
	}
	return buf.Bytes(), err
}

func encodeTo(w io.Writer, version string, manifest []byte, rows iter.Seq[*row]) error {
	meta := metadata.NewKeyValueMetadata()
	if err := errors.Join(meta.Append(keyVersion, version), meta.Append(keyManifest, string(manifest))); err != nil {
		return fmt.Errorf("encode manifest: %w", err)
	}
	fw := file.NewParquetWriter(w, fileSchema(), file.WithWriterProps(writerProperties()), file.WithWriteMetadata(meta))
	sheets := make([]sheet, len(columns))
	for i, c := range columns {
		sheets[i] = c.sheet()
	}
	pending := 0
	for r := range rows {
		for _, s := range sheets {
			s.add(r)
		}
		if pending++; pending == groupRows {
			if err := flush(fw, sheets); err != nil {
				return err
			}
			pending = 0
		}
	}
	if pending > 0 {
		if err := flush(fw, sheets); err != nil {
			return err
		}
	}
	// Close drops the footer's error, so the footer is written first.
	if err := fw.FlushWithFooter(); err != nil {
		return fmt.Errorf("encode footer: %w", err)
	}
	return fw.Close()
}

// flush writes the sheets as one row group.
func flush(fw *file.Writer, sheets []sheet) error {
	rg := fw.AppendRowGroup()
	for _, s := range sheets {
		if err := s.flush(rg); err != nil {
			return err
		}
	}
	if err := rg.Close(); err != nil {
		return fmt.Errorf("encode row group: %w", err)
	}
	return nil
}

// writerProperties are zstd, whose checksums catch flipped bits (Parquet pages have none here), plain encoding, and
// nothing that depends on the host or the day.
func writerProperties() *parquet.WriterProperties {
	return parquet.NewWriterProperties(
		parquet.WithCompression(compress.Codecs.Zstd),
		parquet.WithDictionaryDefault(false),
		parquet.WithStats(false),
		parquet.WithDataPageVersion(parquet.DataPageV1),
		parquet.WithDataPageSize(pageBytes),
		parquet.WithBatchSize(writeBatch),
		parquet.WithCreatedBy("patina"),
	)
}

// A boundedBuffer takes up to MaxFileBytes.
type boundedBuffer struct {
	bytes.Buffer
	full bool
}

func (b *boundedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > MaxFileBytes {
		b.full = true
		return 0, errors.New("file size limit reached")
	}
	return b.Buffer.Write(p)
}
