package profile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/apache/arrow/go/v17/parquet"
	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/apache/arrow/go/v17/parquet/metadata"
	"github.com/apache/arrow/go/v17/parquet/schema"

	"github.com/patina-data/patina/profile/record/parquetsafe"
)

// ReadFile reads and validates the profile in a file. Errors name the path; a file that is not a usable profile is
// ErrInvalid, a file that cannot be read is not.
func ReadFile(path string) (*Profile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read profile: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read profile: %w", err)
	}
	if info.IsDir() {
		return nil, fmt.Errorf("read profile %s: %w", path, refusef("it is a directory"))
	}
	p, err := read(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("read profile %s: %w", path, err)
	}
	return p, nil
}

// Read reads and validates a profile of size bytes. Whatever the bytes are, it returns in bounded time and memory
// with a valid profile or an error; the error is ErrInvalid unless r failed.
func Read(r io.ReaderAt, size int64) (*Profile, error) {
	p, err := read(r, size)
	if err != nil {
		return nil, fmt.Errorf("read profile: %w", err)
	}
	return p, nil
}

func read(r io.ReaderAt, size int64) (*Profile, error) {
	if size > MaxFileBytes {
		return nil, refusef("the file is larger than %d bytes", MaxFileBytes)
	}
	data := make([]byte, max(size, 0))
	// A reader may report io.EOF along with the last byte.
	if n, err := r.ReadAt(data, 0); n < len(data) {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	if err := preflight(data); err != nil {
		return nil, err
	}
	p, err := decode(data)
	if err != nil {
		return nil, err
	}
	return p, p.Validate()
}

// preflight checks the structure of the Parquet file before Arrow, which trusts it, allocates by it.
func preflight(data []byte) error {
	limits := parquetsafe.Limits{
		MaxFooter: MaxFooterBytes, MaxPage: maxPageBytes, MaxRows: MaxRows,
		MaxTotal: min(maxPlainBytes, plainBase+plainRatio*int64(len(data))),
	}
	if err := parquetsafe.Check(bytes.NewReader(data), int64(len(data)), limits); err != nil {
		return refusef("not a sound Parquet file: %w", err)
	}
	return nil
}

// decode reads a Parquet file that passed the preflight. The profile is well-formed, but not yet validated.
func decode(data []byte) (p *Profile, err error) {
	guarded := parquetsafe.Guard(func() error {
		p, err = decodeFile(data)
		return nil
	})
	if guarded != nil {
		return nil, refusef("damaged Parquet file: %w", guarded)
	}
	return p, err
}

func decodeFile(data []byte) (*Profile, error) {
	props := parquet.NewReaderProperties(memory.NewGoAllocator())
	f, err := file.NewParquetReader(bytes.NewReader(data), file.WithReadProps(props))
	if err != nil {
		return nil, refusef("read footer: %w", err)
	}
	manifest, err := readManifest(f.MetaData().KeyValueMetadata())
	if err != nil {
		return nil, err
	}
	if !f.MetaData().Schema.Equals(schema.NewSchema(fileSchema())) {
		return nil, refusef("the columns are not those of format version %d", FormatVersion)
	}
	a := newAssembler(manifest)
	for i := range f.NumRowGroups() {
		if err := readGroup(f.RowGroup(i), a); err != nil {
			return nil, refusef("row group %d: %w", i, err)
		}
	}
	return a.finish(), nil
}

// readManifest checks the version before anything else, so that a newer file is refused for being newer.
func readManifest(meta metadata.KeyValueMetadata) (Manifest, error) {
	version := meta.FindValue(keyVersion)
	if version == nil {
		return Manifest{}, refusef("not a profile: the file has no %s", keyVersion)
	}
	if *version != strconv.Itoa(FormatVersion) {
		return Manifest{}, refusef("unknown format version: this program reads version %d; use one that matches the file", FormatVersion)
	}
	manifest := meta.FindValue(keyManifest)
	if manifest == nil || meta.Len() != 2 {
		return Manifest{}, refusef("the file's metadata must be %s and %s, nothing else", keyVersion, keyManifest)
	}
	m, err := decodeManifest([]byte(*manifest))
	if err != nil {
		return Manifest{}, err
	}
	if err := m.check(); err != nil {
		return Manifest{}, refusef("%w", err)
	}
	return m, nil
}

func readGroup(rg *file.RowGroupReader, a *assembler) error {
	cursors := make([]cursor, len(columns))
	for i, c := range columns {
		chunk, err := rg.Column(i)
		if err != nil {
			return err
		}
		if cursors[i], err = c.cursor(chunk); err != nil {
			return err
		}
	}
	var r row
	for range rg.NumRows() {
		for _, c := range cursors {
			if err := c.read(&r); err != nil {
				return err
			}
		}
		if err := a.add(&r); err != nil {
			return err
		}
	}
	for _, c := range cursors {
		if err := c.end(); err != nil {
			return err
		}
	}
	return nil
}
